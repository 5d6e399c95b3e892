"""How far the process is that opens foreign files: eight bytes in a file beside its answer."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FRACTION: Final = struct.Struct("<d")


def progress_file(out: str) -> Path:
    """Return where the process that writes its answer to `out` says how far it is."""
    return Path(f"{out}.progress")


def teller(path: Path) -> Callable[[float], object]:
    """Return what writes a fraction 0-1 into a file."""
    return lambda fraction: path.write_bytes(_FRACTION.pack(fraction))


def told_fraction(path: Path) -> float | None:
    """Return the fraction 0-1 that a file tells, or None if it tells nothing yet.

    Examples
    --------
    >>> told_fraction(Path("no such file")) is None
    True
    """
    try:
        data = path.read_bytes()
    except OSError:  # it has not said anything, or is just saying it
        return None
    return float(_FRACTION.unpack(data)[0]) if len(data) == _FRACTION.size else None
