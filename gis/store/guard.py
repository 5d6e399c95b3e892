"""Keeps every other library and plain `open` away from a project that is open here.

POSIX file locks belong to the process and the file: when anything in the
process closes a descriptor of the file, all its locks are gone, another program
writes into the middle of our transaction, and the file is malformed. That was
reproduced with plain ``open``, sqlite3, pyogrio and fiona. So the files that
are open are known here, Python-level opening of them is refused by an audit
hook, and code that hands a path to GDAL asks `refuse_if_live` first.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from threading import Lock

from layers.errors import RefusedError
from layers.text import Text

_Identity = tuple[int, int]
_live: Counter[_Identity] = Counter()
_lock = Lock()
_hooked = False
_WATCHED = frozenset({"open", "sqlite3.connect"})


def hold(path: Path) -> _Identity:
    """Mark a file as open and return what `release` wants."""
    global _hooked
    identity = _identity(path)
    if identity is None:
        raise FileNotFoundError(path)
    with _lock:
        _live[identity] += 1
        if not _hooked:
            sys.addaudithook(_on_event)  # cannot be removed, and costs nothing while nothing is open
            _hooked = True
    return identity


def release(identity: _Identity) -> None:
    """Take back one `hold`."""
    with _lock:
        _live[identity] -= 1
        if _live[identity] <= 0:
            del _live[identity]


def is_live(path: object) -> bool:
    """Tell whether a path leads to a project that is open in this process, by any name or link."""
    return bool(_live) and _identity(path) in _live


def refuse_if_live(path: object) -> None:
    """Raise if a file is a project that is open here; ask before giving a path to GDAL.

    Raises
    ------
    RefusedError
        If it is open.
    """
    if is_live(path):
        raise RefusedError(
            Text(
                "“{name}”正作为项目打开，不能同时作为普通文件读写。",
                "“{name}” is open as a project and cannot be read or written as a plain file.",
            ).format(
                name=os.path.basename(os.fsdecode(path))  # type: ignore[arg-type]
            ),
            Text("请先另存一个副本，或先关闭项目。", "Save a copy first, or close the project."),
            code="file.live",
        )


def _identity(path: object) -> _Identity | None:
    if isinstance(path, int) or not isinstance(path, (str, bytes, os.PathLike)):
        return None
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if event in _WATCHED and _live:
        path = arguments[0]
        if event == "sqlite3.connect" and isinstance(path, str) and path.startswith("file:"):
            path = path[5:].split("?")[0]
        refuse_if_live(path)
