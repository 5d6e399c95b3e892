"""Opens a project in a window of its own and tells when the map is there; run by `tests.bench.opening`.

Prints two lines: at the first picture of the whole plan, and at the finished one with the project open. Each
has the seconds of processor time used so far and the bytes of memory held.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from pathlib import Path

gc.disable()  # as app.py does
from gis.settings import Settings  # noqa: E402
from ui import start  # noqa: E402


def tell() -> None:
    """Print what this process has used."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(time.process_time(), pages * os.sysconf("SC_PAGE_SIZE"), flush=True)


def main() -> None:
    """Open the project named, and end when its map is finished."""
    app = start.application(Settings())
    window = start.make_window(Settings())
    window.resize(1600, 1000)
    window.show()
    start.keep_what_is_there()
    window.file_actions.open_path(Path(sys.argv[1]))
    pictures, first = window.canvas.pictures, True
    while (frame := pictures.frame) is None or frame.rough or window.canvas.rendering:
        app.processEvents()
        if first and pictures.frame is not None:
            window.canvas.repaint()
            first = False
            tell()
        time.sleep(0.001)
    window.canvas.repaint()
    tell()
    os._exit(0)


if __name__ == "__main__":
    main()
