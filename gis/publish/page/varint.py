"""Whole numbers as bytes: seven bits a byte, the highest says that more follow."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return signed numbers as unsigned ones, small staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    signed = values.astype(np.int64)
    return ((signed << 1) ^ (signed >> 63)).astype(np.uint64)


_AT_A_TIME: Final = 1 << 16
"""Numbers turned into bytes at once: what stands beside them meanwhile weighs six times as much."""


def varint(values: NDArray[Any]) -> bytes:
    """Return unsigned numbers, shape (n,), as one byte string.

    Examples
    --------
    >>> varint(np.array([1, 300])).hex()
    '01ac02'
    """
    return b"".join(_varint(values[i : i + _AT_A_TIME]) for i in range(0, len(values), _AT_A_TIME))


def _varint(values: NDArray[Any]) -> bytes:
    left = np.asarray(values, dtype=np.uint64)
    lengths = np.ones(len(left), dtype=np.int64)
    rest = left >> np.uint64(7)
    while rest.any():
        lengths += rest > 0
        rest = rest >> np.uint64(7)
    starts = np.cumsum(lengths) - lengths
    result = np.zeros(int(lengths.sum()), dtype=np.uint8)
    for place in range(int(lengths.max())):
        here = lengths > place
        part = (left[here] >> np.uint64(7 * place)) & np.uint64(0x7F)
        more = np.where(lengths[here] > place + 1, 0x80, 0).astype(np.uint8)
        result[starts[here] + place] = part.astype(np.uint8) | more
    return result.tobytes()
