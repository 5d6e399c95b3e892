"""Where the records of a .shp lie, found in the file itself: for an index that is missing, cut or wrong.

Child process only.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_HEADER: Final = 100
_RECORD: Final = 8
_LEAST: Final = 4
_NOTHING: Final = 0
_MOST_SKIPPED: Final = 100_000
"""So many records may lie in a damaged stretch."""

_MOST_TRIES: Final = 1_000_000
_LONGEST: Final = 1 << 30
_MOST_RECORDS: Final = 20_000_000


class ShpRecords(NamedTuple):
    """What stands in a .shp.

    Parameters
    ----------
    offsets, lengths : array of int, shape (n,)
        Of each record, in bytes; the length without its head of eight. Of a lost one both are 0.
    cut : bool
        Whether the file ends inside a record, or before its own head says.
    """

    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]
    cut: bool

    @property
    def lost(self) -> int:
        """How many records are damaged, between whole ones."""
        return int((self.offsets == 0).sum())

    def padded(self, count: int) -> ShpRecords:
        """Return the same with lost records at the end, up to so many."""
        missing = max(0, count - len(self.offsets))
        return self._replace(
            offsets=np.pad(self.offsets, (0, missing)), lengths=np.pad(self.lengths, (0, missing))
        )


def scan_shp(shp: Path) -> ShpRecords:
    """Find the records of a .shp, one after the other; a damaged stretch is left out up to the next head."""
    data = shp.read_bytes()
    kind = struct.unpack_from("<i", data, 32)[0]
    promised = struct.unpack_from(">i", data, 24)[0] * 2
    offsets: list[int] = []
    lengths: list[int] = []
    at, expected = _HEADER, 1
    while at + _RECORD + _LEAST <= len(data) and len(offsets) < _MOST_RECORDS:
        words = struct.unpack_from(">i", data, at + 4)[0]
        whole = _LEAST <= words * 2 <= _LONGEST
        if whole and at + _RECORD + words * 2 > len(data) and _is_kind(data, at, kind):
            break  # the last one, cut
        if not whole or not _is_kind(data, at, kind):
            found = _next_head(data, at + 2, kind, expected)
            if found is None:
                break
            skipped, at = found
            offsets += [0] * skipped
            lengths += [0] * skipped
            expected += skipped
            continue
        offsets.append(at)
        lengths.append(words * 2)
        at += _RECORD + words * 2
        expected += 1
    cut = at < len(data) or len(data) < promised
    return ShpRecords(np.array(offsets, dtype=np.int64), np.array(lengths, dtype=np.int64), cut)


def write_shx(shp: Path, records: ShpRecords, shx: Path) -> None:
    """Write the index of a .shp; a lost record lies behind its end, so that it counts as unreadable."""
    size = shp.stat().st_size
    lost = records.offsets == 0
    entries = np.empty((len(lost), 2), dtype=">i4")
    entries[:, 0] = np.where(lost, size // 2 + 4, records.offsets // 2)
    entries[:, 1] = np.where(lost, 4, records.lengths // 2)
    with shp.open("rb") as stream:
        head = bytearray(stream.read(_HEADER))
    struct.pack_into(">i", head, 24, (_HEADER + 8 * len(lost)) // 2)
    shx.write_bytes(bytes(head) + entries.tobytes())


def read_shx(shx: Path) -> NDArray[np.int64]:
    """Return what an index says: offsets and lengths in bytes, shape (n, 2), without half an entry."""
    data = shx.read_bytes()[_HEADER:]
    stored = np.frombuffer(data[: len(data) // 8 * 8], dtype=">i4")
    return stored.reshape(-1, 2).astype(np.int64) * 2


def is_lying(shp: Path, index: NDArray[np.int64]) -> bool:
    """Tell whether an index leads to what is no record, or twice to the same; a cut at the end is no lie."""
    ends = index[:, 0] + index[:, 1] + _RECORD
    if len(index) and index[0, 0] == _HEADER and (index[1:, 0] == ends[:-1]).all():
        return False  # one behind the other, as nearly all are: the file need not be looked at
    data = np.memmap(shp, dtype=np.uint8, mode="r")
    inside = (index[:, 0] >= _HEADER) & (index[:, 0] + _RECORD <= len(data))
    at = index[inside, 0]
    said = sum(data[at + 4 + byte].astype(np.int64) << (24 - 8 * byte) for byte in range(4)) * 2
    wrong = (said != index[inside, 1]).any() or len(np.unique(at)) < len(at)
    beyond = (index[:, 0] < _HEADER) | (ends > len(data))
    behind = np.logical_and.accumulate(beyond[::-1])[::-1]
    return bool(wrong or (beyond & ~behind).any())


def _is_kind(data: bytes, at: int, kind: int) -> bool:
    return struct.unpack_from("<i", data, at + _RECORD)[0] in (kind, _NOTHING)


def _next_head(data: bytes, at: int, kind: int, expected: int) -> tuple[int, int] | None:
    """Return how many records are lost and where the next one begins, or None if there is none."""
    sign, tries = struct.pack("<i", kind), 0
    while tries < _MOST_TRIES and (found := data.find(sign, at + _RECORD)) >= 0:
        head = found - _RECORD
        number, words = struct.unpack_from(">ii", data, head)
        fits = _LEAST <= words * 2 <= _LONGEST and head + _RECORD + words * 2 <= len(data)
        if head % 2 == 0 and fits and expected <= number <= expected + _MOST_SKIPPED:
            return number - expected, head
        at = found + 1 - _RECORD
        tries += 1
    return None
