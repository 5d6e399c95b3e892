"""Geometry as GeoPackage stores it: a short header before ISO WKB.

Header: ``GP``, version, flags, srs id (4 bytes), envelope (0, 32, 48 or 64
bytes by bits 1-3 of the flags). The geometry itself is exact, Z and M included.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress

import apsw
import numpy as np
import shapely
from shapely import Geometry

_AT_ONCE = 4096
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_LITTLE, _BOX, _EMPTY = 0b00001, 0b00010, 0b10000
_BOX_LITTLE, _BOX_BIG = struct.Struct("<4d"), struct.Struct(">4d")

Blob = bytes | None


class UnreadableGeometryError(ValueError):
    """A blob holds no geometry that the program can show, such as a curve."""


def to_blobs(geometries: Sequence[Geometry | None], srs_id: int) -> tuple[list[Blob], np.ndarray]:
    """Encode geometries; also return their bounds, shape (n, 4), NaN if empty.

    A point gets no envelope, as GDAL writes it; None stays None.
    """
    blobs: list[Blob] = []
    bounds = np.empty((len(geometries), 4), dtype="<f8")
    for start in range(0, len(geometries), _AT_ONCE):  # other threads wait while bytes are made
        some = geometries[start : start + _AT_ONCE]
        shapes = np.empty(len(some), dtype=object)
        shapes[:] = some
        bounds[start : start + len(some)] = shapely.bounds(shapes)
        blobs += _encoded(shapes, bounds[start : start + len(some)], srs_id)
    return blobs, bounds


def _encoded(shapes: np.ndarray, bounds: np.ndarray, srs_id: int) -> Iterator[Blob]:
    boxes = bounds[:, [0, 2, 1, 3]].tobytes()
    plain = struct.pack("<2sBBi", b"GP", 0, _LITTLE, srs_id)
    boxed = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _BOX, srs_id)
    empty = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _EMPTY, srs_id)
    point = (shapely.get_type_id(shapes) == 0).tolist()
    nothing = np.isnan(bounds[:, 0]).tolist()
    for i, wkb in enumerate(shapely.to_wkb(shapes, flavor="iso", byte_order=1)):
        if wkb is None:
            yield None
        elif nothing[i]:
            yield empty + wkb
        else:
            yield plain + wkb if point[i] else boxed + boxes[i * 32 : i * 32 + 32] + wkb


def from_blobs(blobs: Sequence[Blob]) -> np.ndarray:
    """Decode blobs into an object array of geometries, shape (n,).

    Raises
    ------
    UnreadableGeometryError
        If one of them is no geometry or of an unknown type.
    """
    try:
        shapes = np.empty(len(blobs), dtype=object)
        for start in range(0, len(blobs), _AT_ONCE):  # other threads wait while shapes are made
            some = blobs[start : start + _AT_ONCE]
            wkb = np.empty(len(some), dtype=object)
            wkb[:] = [None if b is None else b[40:] if b[3] == 3 else b[body(b) :] for b in some]
            shapes[start : start + _AT_ONCE] = shapely.from_wkb(wkb)
    except (shapely.errors.ShapelyError, ValueError, IndexError, TypeError) as error:
        raise UnreadableGeometryError(str(error)) from error
    return shapes


def from_blobs_leniently(blobs: Sequence[Blob]) -> np.ndarray:
    """Decode blobs as `from_blobs`, but give None for one that cannot be read."""
    try:
        return from_blobs(blobs)
    except UnreadableGeometryError:
        shapes = np.empty(len(blobs), dtype=object)
        for i, blob in enumerate(blobs):
            with suppress(UnreadableGeometryError):
                shapes[i] = from_blobs([blob])[0]
        return shapes


def body(blob: bytes) -> int:
    """Return where the WKB begins in a blob."""
    kind = (blob[3] >> 1) & 7
    if blob[:2] != b"GP" or kind > 4:
        raise UnreadableGeometryError("no GeoPackage header")
    return 8 + _ENVELOPE_BYTES[kind]


def add_functions(db: apsw.Connection) -> None:
    """Register the five functions that the triggers of the spatial index call."""
    for name, index in (("ST_MinX", 0), ("ST_MaxX", 1), ("ST_MinY", 2), ("ST_MaxY", 3)):
        db.create_scalar_function(name, _side(index), 1, deterministic=True, flags=apsw.SQLITE_INNOCUOUS)
    db.create_scalar_function("ST_IsEmpty", _is_empty, 1, deterministic=True, flags=apsw.SQLITE_INNOCUOUS)  # type: ignore[arg-type]


def _side(index: int):  # type: ignore[no-untyped-def]
    offset = 8 + 8 * index
    read = struct.Struct("<d").unpack_from

    def side(blob: Blob) -> float | None:
        if isinstance(blob, bytes) and len(blob) > 40 and blob[3] == 3:  # the common case, quick
            return read(blob, offset)[0]  # type: ignore[no-any-return]
        box = _box(blob)
        return None if box is None else box[index]

    return side


def _is_empty(blob: Blob) -> int | None:
    if isinstance(blob, bytes) and len(blob) > 40 and blob[3] == 3:
        return 0
    if not isinstance(blob, bytes) or blob[:2] != b"GP":
        return None
    return int(bool(blob[3] & _EMPTY) or _box(blob) is None)


def _box(blob: Blob) -> tuple[float, float, float, float] | None:
    """Return min x, max x, min y, max y, from the header if it is there."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or blob[3] & _EMPTY:
        return None
    if (blob[3] >> 1) & 7:
        reader = _BOX_LITTLE if blob[3] & _LITTLE else _BOX_BIG
        west, east, south, north = reader.unpack_from(blob, 8)
        return west, east, south, north
    try:
        west, south, east, north = shapely.from_wkb(blob[8:]).bounds
    except (shapely.errors.ShapelyError, ValueError):
        return None
    return None if west != west else (west, east, south, north)
