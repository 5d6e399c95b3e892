"""Giving memory back that is not used any more.

Reading and drawing a large plan takes hundreds of megabytes for a moment, in many pieces. The allocator of
Linux keeps what is freed for the next time, piece by piece, and the program would seem to need it all along.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any, Final

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_LARGE: Final = 4 * 2**20
"""Pieces of a picture's size go back at once; smaller ones are asked for so often that it would take time."""
_KEPT: Final = 32 * 2**20


def prepare() -> None:
    """Have large pieces given back as soon as they are free; once, at the start of the program."""
    if (tune := _of_allocator("mallopt")) is not None:
        tune(_MMAP_THRESHOLD, _LARGE)
        tune(_TRIM_THRESHOLD, _KEPT)


def give_back() -> None:
    """Hand freed memory back to the system, where that has to be asked for; some milliseconds."""
    if (trim := _of_allocator("malloc_trim")) is not None:
        trim(0)


@cache
def _of_allocator(name: str) -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)  # other C libraries lack it and keep less
