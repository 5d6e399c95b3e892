"""Geometries packed straight from their blobs: no object is made of what is simple.

Points, lines and areas without Z are flat coordinates behind a few bytes that say so. Where all geometries of
a block are of one such type, their coordinates are joined and packed. Areas with courtyards are taken apart
by shapely and put between the others; a block of anything else is made by shapely as a whole.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.store.blobs import Blob, UnreadableGeometryError, from_blobs
from layers.column import BLOCK, Block, ObjectArray, Plain, Rows, blocks_of
from layers.packed_shapes import Ints, pack_shapes, packed_outlines

_VERTEX: Final = 16
_MOST_ODD: Final = 0.25
_POLYGON: Final = 3


@dataclass(frozen=True)
class _Form:
    """How blobs of one type begin, as this program and GDAL write them: little endian.

    Parameters
    ----------
    kind : int
        Type number, as shapely counts.
    flags : int
        Of the header, which say how long it is.
    body : int
        Where the WKB begins.
    start : bytes
        With which it begins: byte order, type, and that there is one ring.
    least : int
        Vertices that such a geometry has at least; 1 for a point, which does not say how many.
    """

    kind: int
    flags: int
    body: int
    start: bytes
    least: int

    @property
    def first(self) -> int:
        """Where the coordinates begin."""
        return self.body + len(self.start) + (4 if self.least > 1 else 0)


_FORMS: Final = (
    _Form(_POLYGON, 3, 40, struct.pack("<BII", 1, 3, 1), 4),
    _Form(1, 3, 40, struct.pack("<BI", 1, 2), 2),
    _Form(0, 1, 8, struct.pack("<BI", 1, 1), 1),
)


def shape_blocks(
    blobs: Sequence[Blob],
    decode: Callable[[Sequence[Blob]], ObjectArray] = from_blobs,
    *,
    few: bool = False,
) -> list[Block]:
    """Return geometries packed in blocks, just as `layers.column.blocks_of` packs the objects they are.

    Parameters
    ----------
    decode : callable, optional
        Makes objects of blobs that are not simple.
    few : bool
        Whether they are so few that they are better kept as objects.

    Raises
    ------
    UnreadableGeometryError
        If `decode` raises it.
    """
    if few:
        return list(blocks_of(decode(blobs), Plain))
    blocks: list[Block] = []
    for start in range(0, len(blobs), BLOCK):
        some = blobs[start : start + BLOCK]
        block = _packed(some)
        blocks += blocks_of(decode(some), pack_shapes) if block is None else [block]
    return blocks


def _packed(blobs: Sequence[Blob]) -> Block | None:
    """Return geometries of one simple type packed; None if they are not."""
    if set(map(type, blobs)) != {bytes}:
        return None
    known: Sequence[bytes] = blobs  # type: ignore[assignment]
    for form in _FORMS:
        odd = _odd(known, form)
        if not len(odd) or (form.kind == _POLYGON and len(odd) <= _MOST_ODD * len(known)):
            return _of_form(known, form, odd)
    return None


def _odd(blobs: Sequence[bytes], form: _Form) -> Rows:
    """Return the rows that are not of a form."""
    sizes = np.fromiter(map(len, blobs), np.int64, len(blobs))
    if sizes.min() < form.first:
        return np.arange(len(blobs))
    places = np.array([3, *range(form.body, form.first)]) + (_ends(sizes)[:-1, None])
    heads = np.frombuffer(b"".join(blobs), np.uint8)[places]
    start = np.frombuffer(bytes([form.flags]) + form.start, np.uint8)
    counts = np.ones(len(blobs), dtype=np.int64)
    if form.least > 1:
        counts = np.ascontiguousarray(heads[:, len(start) :]).view("<u4")[:, 0].astype(np.int64)
    fit = (heads[:, : len(start)] == start).all(axis=1) & (counts >= form.least)
    return np.flatnonzero(~(fit & (sizes == form.first + _VERTEX * counts)))


def _of_form(blobs: Sequence[bytes], form: _Form, odd: Rows) -> Block | None:
    first = form.first
    parts = [blob[first:] for blob in blobs]
    rings: dict[int, list[int]] = {}
    for row in odd.tolist():
        if (found := _rings_of(blobs[row])) is None:
            return None
        parts[row], rings[row] = found
    lengths = np.fromiter(map(len, parts), np.int64, len(parts)) // _VERTEX
    coords = np.frombuffer(b"".join(parts), "<f8").reshape(-1, 2)
    if form.kind == 0:
        return packed_outlines(0, coords, ())
    runs = _ends(lengths if not rings else _ring_lengths(lengths, rings))
    if form.kind != _POLYGON:
        return packed_outlines(form.kind, coords, (runs,))
    if not (coords[runs[:-1]] == coords[runs[1:] - 1]).all():
        return None
    counts = np.ones(len(blobs), dtype=np.int64)
    for row, found_lengths in rings.items():
        counts[row] = len(found_lengths)
    return packed_outlines(_POLYGON, coords, (runs, _ends(counts)))


def _rings_of(blob: bytes) -> tuple[bytes, list[int]] | None:
    """Return the coordinates of an area and the lengths of its rings; None if it is anything else."""
    try:
        (shape,) = from_blobs([blob])
    except UnreadableGeometryError:
        return None
    simple = shapely.get_type_id(shape) == _POLYGON and shapely.get_coordinate_dimension(shape) == 2
    if not simple or shape.is_empty:
        return None
    rings = shapely.get_rings(shape)
    return shapely.get_coordinates(shape).tobytes(), shapely.get_num_coordinates(rings).tolist()


def _ring_lengths(lengths: Ints, rings: dict[int, list[int]]) -> Ints:
    found: list[int] = []
    for row, length in enumerate(lengths.tolist()):
        found += rings.get(row) or [length]
    return np.array(found, dtype=np.int64)


def _ends(lengths: Ints) -> NDArray[np.int64]:
    """Return where parts of some lengths begin, and where the last ends."""
    ends = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=ends[1:])
    return ends
