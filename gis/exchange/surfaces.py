"""Surfaces in space (MultiPatch, TIN, polyhedral surfaces) as what a plan shows of them: their footprint."""

from __future__ import annotations

import struct
from typing import Final

import shapely

_SURFACES: Final = {15: 6, 16: 6, 17: 3}
"""Polyhedral surface and TIN are stored like a MultiPolygon, a triangle like a polygon."""
_RINGS: Final = 3
_MANY: Final = (4, 5, 6, 7)
_OLD_Z: Final = 0x80000000
"""The way to say "with heights" before the standard had one; GDAL still uses it."""
_DEEPEST: Final = 8
_AREA: Final = 2


def footprint(blob: bytes) -> shapely.Geometry | None:
    """Return what WKB with surfaces covers on the ground, or None if there is none in it or it is damaged.

    Faces that stand upright cover nothing.
    """
    data = bytearray(blob)
    try:
        _rename(data, 0, 0)
        whole = shapely.from_wkb(bytes(data))
    except (struct.error, ValueError, shapely.errors.ShapelyError):
        return None
    flat = shapely.force_2d(shapely.get_parts(_polygons(whole)))
    usable = [part for part in shapely.make_valid(flat) if shapely.get_dimensions(part) == _AREA]
    if not usable:
        return None
    covered: shapely.Geometry = shapely.union_all(usable)
    return None if covered.is_empty else covered


def _polygons(shape: shapely.Geometry) -> list[shapely.Geometry]:
    if shape.geom_type in ("GeometryCollection", "MultiPolygon"):
        return [inner for part in shape.geoms for inner in _polygons(part)]
    return [shape] if shape.geom_type == "Polygon" else []


def _rename(data: bytearray, at: int, depth: int) -> int:
    """Give the geometry at a place, and those in it, the type they are stored like; return where it ends."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    order = "<" if data[at : at + 1] == b"\x01" else ">"
    (stored,) = struct.unpack_from(f"{order}I", data, at + 1)
    code, high = stored & ~_OLD_Z, bool(stored & _OLD_Z)
    kind, dimensions = code % 1000, code // 1000
    renamed = _SURFACES.get(kind, kind)
    struct.pack_into(f"{order}I", data, at + 1, stored - kind + renamed)
    kind = renamed
    (count,) = struct.unpack_from(f"{order}I", data, at + 5)
    point_bytes = 8 * (2 + (high or dimensions in (1, 2)) + 2 * (dimensions == 3))
    end = at + 9
    if kind in _MANY:
        for _ in range(count):
            end = _rename(data, end, depth + 1)
    elif kind == _RINGS:
        for _ in range(count):
            (points,) = struct.unpack_from(f"{order}I", data, end)
            end += 4 + points * point_bytes
    else:
        raise ValueError("not a surface")
    if end > len(data):
        raise ValueError("cut")
    return end
