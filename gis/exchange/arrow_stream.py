"""Layers as GDAL hands them over by columns (an Arrow stream, read by nanoarrow).

No Python object is made per value. Only the plain types are taken: for the rest (lists, coded values,
curves) `read_columns` says None, and the caller reads the layer another way. Child process only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.exchange.packed_column import SEPARATOR, PackedColumn, Positions
from gis.exchange.packed_shapes import ROWS, PackedShapes
from layers.schema import Value

_NUMBERS: Final = {
    "c": "<i1", "C": "<u1", "s": "<i2", "S": "<u2", "i": "<i4", "I": "<u4", "l": "<i8",
    "f": "<f4", "g": "<f8", "tdD": "<i4",
}  # fmt: skip
_TEXTS, _BYTES = ("u", "U"), ("z", "Z")
_OFFSETS: Final = {"u": "<i4", "z": "<i4", "U": "<i8", "Z": "<i8"}
_BOOL: Final = "b"
_DAY: Final = "tdD"
_SHAPE_TYPES: Final = (1, 2, 3, 4, 5, 6)
"""Points, lines and areas, simple and Multi; curves and collections are read by GDAL's own geometry."""
_BYTES_BEFORE_COUNT: Final = 5


class Columns(NamedTuple):
    """A layer by columns.

    Parameters
    ----------
    names : list of bytes
        As stored.
    columns : list of sequence of Value
        Text as Latin-1 stands for its bytes.
    shapes : PackedShapes
        n geometries.
    crs : str or None
    """

    names: list[bytes]
    columns: list[Sequence[Value]]
    shapes: PackedShapes
    crs: str | None


class _Piece(NamedTuple):
    """A column of one batch, copied: its bytes, their offsets for text, and where there is a value."""

    data: NDArray[Any]
    offsets: NDArray[np.int64] | None
    valid: NDArray[np.bool_] | None


def read_columns(path: Path, layer: str) -> Columns | None:
    """Return a layer by columns, or None if it holds what this cannot take, or breaks off.

    Raises
    ------
    DataSourceError, DataLayerError, CRSError, ValueError
        What pyogrio raises if the file cannot be opened.
    """
    import nanoarrow
    import pyogrio.raw

    with pyogrio.raw.open_arrow(path, layer=layer, datetime_as_string=True, batch_size=ROWS) as (
        meta,
        source,
    ):
        stream = nanoarrow.c_array_stream(source)
        fields = list(stream.get_schema().children)
        geometry = meta["geometry_name"] or "wkb_geometry"
        if not _can_be_taken(fields, len(meta["fields"]), geometry):
            return None
        names = [_name(field, told) for field, told in zip(fields[:-1], meta["fields"], strict=True)]
        kinds = [field.format for field in fields]
        try:
            batches = [_pieces(batch, kinds) for batch in stream if len(batch)]
        except RuntimeError:  # GDAL could not go on; the other way tells at which record
            return None
    pieces = [[batch[i] for batch in batches] for i in range(len(kinds))]
    shapes = _shapes(pieces.pop())
    if shapes is None:
        return None
    columns = [_column(kind, own) for kind, own in zip(kinds[:-1], pieces, strict=True)]
    return Columns(names, columns, shapes, meta["crs"])


def _name(field: Any, told: str) -> bytes:
    """Return the name of a field as stored; pyogrio tells as Latin-1 what is not UTF-8."""
    try:
        return str(field.name).encode()
    except UnicodeDecodeError:
        return told.encode("latin-1")


def _can_be_taken(fields: Sequence[Any], count: int, geometry: str) -> bool:
    """Tell whether all fields are of plain types, and the last one is the geometry."""
    if len(fields) != count + 1 or fields[-1].format not in _BYTES or fields[-1].name != geometry:
        return False
    plain = {*_NUMBERS, _BOOL, *_TEXTS}
    return all(field.format in plain and field.dictionary is None for field in fields[:-1])


def _pieces(batch: Any, kinds: Sequence[str]) -> list[_Piece]:
    """Copy the columns of a batch: a view of them does not keep the batch in memory."""
    return [_piece(child, kind) for child, kind in zip(batch.view().children, kinds, strict=True)]


def _piece(array: Any, kind: str) -> _Piece:
    first, end = array.offset, array.offset + len(array)
    valid = _bits(array.buffer(0), first, end) if array.null_count else None
    if kind == _BOOL:
        return _Piece(_bits(array.buffer(1), first, end), None, valid)
    if kind in _NUMBERS:
        return _Piece(np.frombuffer(array.buffer(1), _NUMBERS[kind])[first:end].copy(), None, valid)
    offsets = np.frombuffer(array.buffer(1), _OFFSETS[kind])[first : end + 1].astype(np.int64)
    data = np.frombuffer(array.buffer(2), "u1")[offsets[0] : offsets[-1]].copy()
    return _Piece(data, offsets - offsets[0], valid)


def _bits(buffer: Any, first: int, end: int) -> NDArray[np.bool_]:
    packed = np.frombuffer(buffer, "u1")
    return np.unpackbits(packed, bitorder="little", count=end)[first:].astype(bool)


def _missing(pieces: Sequence[_Piece]) -> Positions:
    """Return the positions without a value."""
    if all(piece.valid is None for piece in pieces):
        return np.zeros(0, dtype=np.int32)
    there = [np.ones(_length(p), dtype=bool) if p.valid is None else p.valid for p in pieces]
    return np.flatnonzero(~np.concatenate(there)).astype(np.int32)


def _length(piece: _Piece) -> int:
    return len(piece.data) if piece.offsets is None else len(piece.offsets) - 1


def _column(kind: str, pieces: Sequence[_Piece]) -> Sequence[Value]:
    missing = _missing(pieces)
    if kind not in _TEXTS:
        return _number_column(kind, pieces, missing)
    if any((piece.data == ord(SEPARATOR)).any() for piece in pieces):
        return _text_values(pieces, missing)
    joined = b"".join(_separated(piece) for piece in pieces)[:-1]
    return PackedColumn("text", joined, missing, "latin-1") if pieces else []


def _number_column(kind: str, pieces: Sequence[_Piece], missing: Positions) -> Sequence[Value]:
    whole: NDArray[Any] = np.concatenate([piece.data for piece in pieces]) if pieces else np.zeros(0)
    if kind == _BOOL:
        values: list[Value] = list(whole.tolist())
        for i in missing.tolist():
            values[i] = None
        return values
    if kind == _DAY:
        days = SEPARATOR.join(whole.astype("datetime64[D]").astype(str).tolist())
        return PackedColumn("text", days.encode(), missing)
    if whole.dtype.kind in "iu":
        return PackedColumn("whole", whole.astype("<i8").tobytes(), missing)
    unusable = np.flatnonzero(~np.isfinite(whole)).astype(np.int32)
    missing = np.union1d(missing, unusable) if len(unusable) else missing
    return PackedColumn("real", whole.astype("<f8").tobytes(), missing)


def _separated(piece: _Piece) -> bytes:
    """Return the bytes of all values, a separator behind each."""
    assert piece.offsets is not None
    lengths = np.diff(piece.offsets)
    out = np.full(len(piece.data) + len(lengths), ord(SEPARATOR), dtype=np.uint8)
    out[np.arange(len(piece.data)) + np.repeat(np.arange(len(lengths)), lengths)] = piece.data
    return out.tobytes()


def _text_values(pieces: Sequence[_Piece], missing: Positions) -> list[Value]:
    values: list[Value] = []
    for piece in pieces:
        assert piece.offsets is not None
        text = piece.data.tobytes().decode("latin-1")
        at = piece.offsets.tolist()
        values += [text[a:b] for a, b in itertools.pairwise(at)]
    for i in missing.tolist():
        values[i] = None
    return values


def _shapes(pieces: Sequence[_Piece]) -> PackedShapes | None:
    """Return the geometries, or None if there is one of a kind that shapely cannot take as it is."""
    lengths: list[NDArray[np.int32]] = []
    for piece in pieces:
        assert piece.offsets is not None
        if not _is_plain(piece):
            return None
        found = np.diff(piece.offsets)
        lengths.append((found if piece.valid is None else np.where(piece.valid, found, -1)).astype(np.int32))
    whole = np.concatenate(lengths) if lengths else np.zeros(0, dtype=np.int32)
    return PackedShapes(whole, [piece.data.tobytes() for piece in pieces], [len(own) for own in lengths])


def _is_plain(piece: _Piece) -> bool:
    """Tell whether all geometries are points, lines and areas; by the type number in their first bytes."""
    assert piece.offsets is not None
    there = np.diff(piece.offsets) >= _BYTES_BEFORE_COUNT
    if piece.valid is not None:
        there &= piece.valid
    start = piece.offsets[:-1][there]
    little = piece.data[start] == 1
    low = np.where(little, piece.data[start + 1], piece.data[start + 4]).astype(np.int64)
    high = np.where(little, piece.data[start + 2], piece.data[start + 3]).astype(np.int64)
    return bool(np.isin((low + 256 * high) % 1000, _SHAPE_TYPES).all())
