"""Giving memory back that is not used any more.

Reading and drawing a large plan takes hundreds of megabytes for a moment, in many pieces. The allocator of
Linux keeps what is freed for the next time, piece by piece, and the program would seem to need it all along.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any, Final

_MMAP_THRESHOLD, _TRIM_THRESHOLD, _ARENA_MAX = -3, -1, -8
_LARGE: Final = 4 * 2**20
"""Pieces of a picture's size go back at once; smaller ones are asked for so often that it would take time."""
_KEPT: Final = 32 * 2**20


def prepare() -> None:
    """Have large pieces given back as soon as they are free; once, before the program has threads.

    A store for each thread would keep what that thread once needed from all others: with a million polygons
    a tenth of all memory. Small objects of Python do not come from there, so threads hardly wait for it.
    """
    if (tune := _of_allocator("mallopt")) is not None:
        tune(_ARENA_MAX, 1)
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
