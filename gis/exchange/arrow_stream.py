"""Layers as GDAL hands them over by columns (the Arrow C stream), taken without another library.

Bytes go from GDAL's memory into ours column by column; no Python object is made per value. Only the plain
types are taken: for the rest (lists, coded values, curves) `read_columns` says None, and the caller reads
the layer another way. Child process only.

The structures are those of the Arrow C data and stream interfaces, which promise never to change.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.exchange.packed_column import SEPARATOR, PackedColumn
from gis.exchange.packed_shapes import ROWS, PackedShapes
from layers.schema import Value

_CAPSULE: Final = b"arrow_array_stream"
_NUMBERS: Final = {
    b"c": "<i1", b"C": "<u1", b"s": "<i2", b"S": "<u2", b"i": "<i4", b"I": "<u4", b"l": "<i8",
    b"f": "<f4", b"g": "<f8", b"tdD": "<i4",
}  # fmt: skip
_OFFSETS: Final = {b"u": "<i4", b"z": "<i4", b"U": "<i8", b"Z": "<i8"}
_BOOL: Final = b"b"
_DAY: Final = b"tdD"
_SHAPE_TYPES: Final = (1, 2, 3, 4, 5, 6)
"""Points, lines and areas, simple and Multi; curves and collections are read by GDAL's own geometry."""
_BYTES_BEFORE_COUNT: Final = 5


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))), ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))), ("private_data", ctypes.c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))), ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))), ("private_data", ctypes.c_void_p),
]  # fmt: skip
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.c_void_p), ("release", ctypes.c_void_p), ("private_data", ctypes.c_void_p),
]  # fmt: skip


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
    import pyogrio.raw

    with pyogrio.raw.open_arrow(path, layer=layer, datetime_as_string=True, batch_size=ROWS) as (
        meta,
        source,
    ):
        capsule = source.__arrow_c_stream__()
        stream = _stream_in(capsule)
        schema = _Schema()
        if stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)) != 0:
            return None
        try:
            fields = [_field(schema, i) for i in range(schema.n_children)]
        finally:
            schema.release(ctypes.byref(schema))
        geometry = (meta["geometry_name"] or "wkb_geometry").encode("utf-8", "surrogateescape")
        if not _can_be_taken(fields, len(meta["fields"]), geometry):
            return None
        batches = list(_batches(stream, [kind for _, kind, _ in fields]))
        if any(batch is None for batch in batches):
            return None
    pieces = [[batch[i] for batch in batches if batch is not None] for i in range(len(fields))]
    shapes = _shapes(pieces.pop())
    if shapes is None:
        return None
    kept = [(name, kind, piece) for (name, kind, _), piece in zip(fields[:-1], pieces, strict=True)]
    return Columns(
        [k[0] for k in kept], [_column(kind, piece) for _, kind, piece in kept], shapes, meta["crs"]
    )


def _stream_in(capsule: object) -> _Stream:
    pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
    pointer_in.restype, pointer_in.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream: _Stream = ctypes.cast(pointer_in(capsule, _CAPSULE), ctypes.POINTER(_Stream)).contents
    return stream


def _field(schema: _Schema, i: int) -> tuple[bytes, bytes, bool]:
    child = schema.children[i].contents
    return bytes(child.name or b""), bytes(child.format), bool(child.dictionary)


def _can_be_taken(fields: Sequence[tuple[bytes, bytes, bool]], count: int, geometry: bytes) -> bool:
    """Tell whether all fields are of plain types, and the last one is the geometry."""
    if len(fields) != count + 1 or fields[-1][0] != geometry or fields[-1][1] not in (b"z", b"Z"):
        return False
    plain = {*_NUMBERS, _BOOL, _DAY, b"u", b"U"}
    return all(kind in plain and not coded for _, kind, coded in fields[:-1])


def _batches(stream: _Stream, kinds: Sequence[bytes]) -> Iterator[list[_Piece] | None]:
    """Yield every batch, copied; None at the end if it breaks off."""
    while True:
        batch = _Array()
        if stream.get_next(ctypes.byref(stream), ctypes.byref(batch)) != 0:
            yield None
            return
        if not batch.release:
            return
        try:
            if batch.length:
                yield [_piece(batch.children[i].contents, kind) for i, kind in enumerate(kinds)]
        finally:
            batch.release(ctypes.byref(batch))


def _piece(array: _Array, kind: bytes) -> _Piece:
    first, count = int(array.offset), int(array.length)
    valid = _bits(array.buffers[0], first, count) if array.null_count and array.buffers[0] else None
    if kind == _BOOL:
        return _Piece(_bits(array.buffers[1], first, count), None, valid)
    if kind in _NUMBERS:
        return _Piece(_copied(array.buffers[1], _NUMBERS[kind], first + count)[first:], None, valid)
    offsets = _copied(array.buffers[1], _OFFSETS[kind], first + count + 1)[first:].astype(np.int64)
    data = _copied(array.buffers[2], "u1", int(offsets[-1]))[int(offsets[0]) :]
    return _Piece(data, offsets - offsets[0], valid)


def _copied(address: int | None, dtype: str, count: int) -> NDArray[Any]:
    size = np.dtype(dtype).itemsize * count
    if not address or not size:
        return np.zeros(count, dtype=dtype)
    return np.frombuffer(ctypes.string_at(address, size), dtype=dtype)


def _bits(address: int | None, first: int, count: int) -> NDArray[np.bool_]:
    packed = _copied(address, "u1", (first + count + 7) // 8)
    return np.unpackbits(packed, bitorder="little", count=first + count)[first:].astype(bool)


def _missing(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    """Return the positions without a value."""
    if all(piece.valid is None for piece in pieces):
        return ()
    there = [np.ones(_length(p), dtype=bool) if p.valid is None else p.valid for p in pieces]
    return tuple(np.flatnonzero(~np.concatenate(there)).tolist())


def _length(piece: _Piece) -> int:
    return len(piece.data) if piece.offsets is None else len(piece.offsets) - 1


def _column(kind: bytes, pieces: Sequence[_Piece]) -> Sequence[Value]:
    missing = _missing(pieces)
    if kind not in (b"u", b"U"):
        return _number_column(kind, pieces, missing)
    if any((piece.data == ord(SEPARATOR)).any() for piece in pieces):
        return _text_values(pieces, missing)
    joined = b"".join(_separated(piece) for piece in pieces)[:-1]
    return PackedColumn("text", joined, missing, "latin-1") if pieces else []


def _number_column(kind: bytes, pieces: Sequence[_Piece], missing: tuple[int, ...]) -> Sequence[Value]:
    whole: NDArray[Any] = np.concatenate([piece.data for piece in pieces]) if pieces else np.zeros(0)
    if kind == _BOOL:
        values: list[Value] = list(whole.tolist())
        for i in missing:
            values[i] = None
        return values
    if kind == _DAY:
        days = SEPARATOR.join(whole.astype("datetime64[D]").astype(str).tolist())
        return PackedColumn("text", days.encode(), missing)
    if whole.dtype.kind in "iu":
        return PackedColumn("whole", whole.astype("<i8").tobytes(), missing)
    unusable = np.flatnonzero(~np.isfinite(whole)).tolist()
    missing = tuple(sorted({*missing, *unusable})) if unusable else missing
    return PackedColumn("real", whole.astype("<f8").tobytes(), missing)


def _separated(piece: _Piece) -> bytes:
    """Return the bytes of all values, a separator behind each."""
    assert piece.offsets is not None
    lengths = np.diff(piece.offsets)
    out = np.full(len(piece.data) + len(lengths), ord(SEPARATOR), dtype=np.uint8)
    out[np.arange(len(piece.data)) + np.repeat(np.arange(len(lengths)), lengths)] = piece.data
    return out.tobytes()


def _text_values(pieces: Sequence[_Piece], missing: tuple[int, ...]) -> list[Value]:
    values: list[Value] = []
    for piece in pieces:
        assert piece.offsets is not None
        text = piece.data.tobytes().decode("latin-1")
        at = piece.offsets.tolist()
        values += [text[a:b] for a, b in itertools.pairwise(at)]
    for i in missing:
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
