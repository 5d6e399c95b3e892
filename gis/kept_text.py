"""Small files the program keeps for its user: written whole or not at all, read within a limit."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

MOST_BYTES: Final = 4_000_000


def keep_text(path: Path, words: str) -> None:
    """Write a text in place of an older one.

    Raises
    ------
    OSError
        If it cannot be written. The older one is as it was then.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(words)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def kept_text(path: Path) -> str:
    """Return a text that was kept.

    Raises
    ------
    OSError
        If there is none, or it is larger than anything that is kept.
    """
    if path.stat().st_size > MOST_BYTES:
        raise OSError(path.name)
    return path.read_text(encoding="utf-8", errors="replace")
