"""Shapes as WKB in few pieces of memory: a hundred thousand geometries without as many Python objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, Final, overload

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.column import Block, Column, blocks_of
from layers.packed_shapes import pack_shapes

ROWS: Final = 2048
"""Geometries of one piece. Only one piece at a time is taken apart."""
_NONE: Final = -1


class PackedShapes(Sequence[bytes | None]):
    """Geometries as WKB, or None.

    Parameters
    ----------
    lengths : array of int, shape (n,)
        Bytes of each geometry; -1 for None.
    pieces : list of bytes
        The geometries of so many rows each, one behind the other.
    rows : list of int
        How many rows a piece holds; ``sum(rows) == n``.
    """

    def __init__(self, lengths: NDArray[np.int32], pieces: list[bytes], rows: list[int]) -> None:
        self.lengths, self.pieces, self.rows = lengths, pieces, rows

    @classmethod
    def of(cls, blobs: Sequence[bytes | None]) -> PackedShapes:
        """Pack geometries.

        Examples
        --------
        >>> list(PackedShapes.of([b"ab", None, b"c"]))
        [b'ab', None, b'c']
        """
        if isinstance(blobs, PackedShapes):
            return blobs
        lengths = np.fromiter((_NONE if b is None else len(b) for b in blobs), np.int32, len(blobs))
        parts = [blobs[at : at + ROWS] for at in range(0, len(blobs), ROWS)]
        pieces = [b"".join(b for b in part if b is not None) for part in parts]
        return cls(lengths, pieces, [len(part) for part in parts])

    @classmethod
    def joined(cls, parts: Sequence[PackedShapes]) -> PackedShapes:
        """Return several as one.

        Examples
        --------
        >>> list(PackedShapes.joined([PackedShapes.of([b"ab"]), PackedShapes.of([None, b"c"])]))
        [b'ab', None, b'c']
        """
        lengths = np.concatenate([part.lengths for part in parts]) if parts else np.zeros(0, np.int32)
        pieces = [piece for part in parts for piece in part.pieces]
        return cls(lengths, pieces, [rows for part in parts for rows in part.rows])

    @classmethod
    def read(cls, stream: BinaryIO, count: int) -> PackedShapes:
        """Read what `write` wrote.

        Raises
        ------
        ValueError
            If it is cut.
        """
        lengths = np.frombuffer(stream.read(4 * count), "<i4").astype(np.int32)
        if len(lengths) != count:
            raise ValueError("the table is cut")
        rows = [min(ROWS, count - at) for at in range(0, count, ROWS)]
        pieces = []
        for at, number in zip(range(0, count, ROWS), rows, strict=True):
            size = int(np.maximum(lengths[at : at + number], 0).sum())
            pieces.append(stream.read(size))
            if len(pieces[-1]) != size:
                raise ValueError("the table is cut")
        return cls(lengths, pieces, rows)

    def write(self, stream: BinaryIO) -> None:
        """Write the lengths, then the geometries."""
        stream.write(self.lengths.astype("<i4").tobytes())
        stream.writelines(self.pieces)

    def blobs(self, number: int) -> NDArray[np.object_]:
        """Return the geometries of one piece."""
        start = sum(self.rows[:number])
        lengths = self.lengths[start : start + self.rows[number]]
        ends = np.cumsum(np.maximum(lengths, 0))
        data, found = self.pieces[number], np.full(len(lengths), None, dtype=object)
        begins = (ends - np.maximum(lengths, 0)).tolist()
        found[:] = [data[a:b] for a, b in zip(begins, ends.tolist(), strict=True)]
        found[lengths < 0] = None
        return found

    def replaced(self, changed: Mapping[int, bytes | None]) -> PackedShapes:
        """Return the same with some geometries exchanged."""
        if not changed:
            return self
        lengths, pieces, start = self.lengths.copy(), list(self.pieces), 0
        for number, rows in enumerate(self.rows):
            here = {i - start: blob for i, blob in changed.items() if start <= i < start + rows}
            if here:
                blobs = self.blobs(number)
                for i, blob in here.items():
                    blobs[i] = blob
                    lengths[start + i] = _NONE if blob is None else len(blob)
                pieces[number] = b"".join(b for b in blobs if b is not None)
            start += rows
        return PackedShapes(lengths, pieces, self.rows)

    def column(self) -> Column:
        """Return the geometries packed in little memory. Each piece is let go once it is read."""
        blocks: list[Block] = []
        for number in range(len(self.rows)):
            blocks += blocks_of(np.asarray(shapely.from_wkb(self.blobs(number))), pack_shapes)
            self.pieces[number] = b""
        return Column(blocks, pack_shapes)

    def unpacked(self) -> NDArray[np.object_]:
        """Return the geometries themselves. Each piece is let go once it is read: the bytes are gone then."""
        shapes = np.full(len(self), None, dtype=object)
        start = 0
        for number, rows in enumerate(self.rows):
            shapes[start : start + rows] = shapely.from_wkb(self.blobs(number))
            self.pieces[number] = b""
            start += rows
        return shapes

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[bytes | None]:
        for number in range(len(self.pieces)):
            yield from self.blobs(number)

    @overload
    def __getitem__(self, index: int) -> bytes | None: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes | None]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes | None] | None:
        return list(self)[index]
