"""What was parsed of a file last, so that listing it and reading each of its layers parse it once.

Child process only: it ends with its answer, and what it remembers with it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

_Rest = ParamSpec("_Rest")
_Parsed = TypeVar("_Parsed")
_LAST: Final[dict[object, object]] = {}


def once_per_file(
    parse: Callable[Concatenate[Path, _Rest], _Parsed],
) -> Callable[Concatenate[Path, _Rest], _Parsed]:
    """Let a function that parses a file remember what it found last.

    A file that was written anew meanwhile is parsed anew. Callers share what is returned: none may change it.
    """

    def remembering(path: Path, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Parsed:
        state = path.stat()
        key = (parse, path, state.st_size, state.st_mtime_ns, rest, tuple(named.items()))
        if key not in _LAST:
            _LAST.clear()  # before the next is parsed: two large files at once need the memory of both
            _LAST[key] = parse(path, *rest, **named)
        return _LAST[key]  # type: ignore[return-value]  # the key names the function

    return remembering


def forget() -> None:
    """Let go of what was parsed; the last layer of a file has been read."""
    _LAST.clear()
