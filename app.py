"""Planboard 小区改造图板: chooses the shell.

No arguments, or one project file: the window. Anything else: the command line.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def check_packages() -> str | None:
    """Say what is wrong if the program's packages do not lie beside this file.

    Their names are generic; a library of the same name elsewhere on the path
    would silently take their place.
    """
    missing = [name for name in ("layers", "gis", "ui") if not (HERE / name / "__init__.py").is_file()]
    if not missing:
        return None
    names = ", ".join(missing)
    return (
        f"程序文件不完整：{HERE} 中缺少 {names}。请重新解压整个程序文件夹。\n"
        f"The program is incomplete: {HERE} has no {names}. Unpack the whole program folder again."
    )


def wants_window(arguments: list[str]) -> bool:
    """Tell whether the arguments ask for the window: none, or one existing or named project file."""
    if not arguments:
        return True
    return len(arguments) == 1 and not arguments[0].startswith("-") and arguments[0].lower().endswith(".gpkg")


def main(arguments: list[str]) -> int:
    """Run the window or the command line and return the exit code."""
    if problem := check_packages():
        sys.stderr.write(problem + "\n")
        return 1
    if sys.path[0] != str(HERE):
        sys.path.insert(0, str(HERE))
    if wants_window(arguments):
        gc.disable()  # nothing that is loaded now is garbage; the window goes on looking for some
        from ui.start import start  # late: the command line needs no Qt

        return start(Path(arguments[0]) if arguments else None)
    from gis.cli.main import main as run_command

    return run_command(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
