"""Geometries as whole centimetres from a local origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.publish.content import LINE, NOTHING, POINT, POLYGON, Centimetres, IntArray, Shape, ShapeKind

CENTIMETRES: Final = 100
"""Units per metre: finer than any survey of an estate, coarse enough to pack well."""

# shapely's type numbers: point, line, ring, polygon, multi-point, multi-line, multi-polygon
_KINDS: Final[dict[int, ShapeKind]] = {0: POINT, 1: LINE, 2: LINE, 3: POLYGON, 4: POINT, 5: LINE, 6: POLYGON}
_AT_A_TIME: Final = 4096
"""Parts and rings of so many geometries exist beside them at once: they weigh more than their coordinates."""

_FARTHEST: Final = 2**31 - 1
"""What the page's script can hold: twenty thousand kilometres, farther than anything of an estate."""

_EMPTY: Final = Shape(NOTHING, (), (), np.empty((0, 2), dtype=np.int32))


def quantised(geometries: NDArray[np.object_], origin: tuple[float, float]) -> list[Shape]:
    """Return the shapes of geometries, in whole centimetres from `origin` (metres).

    Vertices that fall on the one before are dropped. A missing, empty or mixed
    geometry becomes a shape of nothing.
    """
    return [
        shape
        for start in range(0, len(geometries), _AT_A_TIME)
        for shape in _quantised(geometries[start : start + _AT_A_TIME], origin)
    ]


def _quantised(geometries: NDArray[np.object_], origin: tuple[float, float]) -> list[Shape]:
    kinds = [_KINDS.get(int(t), NOTHING) for t in shapely.get_type_id(geometries)]
    wanted = geometries.copy()
    wanted[[k == NOTHING for k in kinds]] = None
    parts, owner = shapely.get_parts(wanted, return_index=True)
    paths, part_of = _paths(parts)
    counts, xy = _vertices(paths, origin)
    return _assembled(kinds, owner, part_of, counts, xy)


def _paths(parts: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Split polygons into rings, leave the rest; with the part each path is of."""
    is_area = shapely.get_type_id(parts) == 3
    areas, others = np.flatnonzero(is_area), np.flatnonzero(~is_area)
    rings, ring_of = shapely.get_rings(parts[areas], return_index=True)
    paths = np.concatenate([rings, parts[others]])
    part_of = np.concatenate([areas[ring_of], others]).astype(np.int64)
    order = np.argsort(part_of, kind="stable")
    return paths[order], part_of[order]


def _vertices(paths: NDArray[np.object_], origin: tuple[float, float]) -> tuple[IntArray, NDArray[np.int32]]:
    """Return vertices per path and all vertices, rounded, without repeats and closings."""
    coordinates, path_of = shapely.get_coordinates(paths, return_index=True)
    whole = np.rint((coordinates - np.asarray(origin)) * CENTIMETRES)
    xy = np.clip(whole, -_FARTHEST, _FARTHEST).astype(np.int32)
    if not len(xy):
        return np.zeros(len(paths), dtype=np.int64), xy
    starts = np.r_[True, path_of[1:] != path_of[:-1]]
    repeated = np.r_[False, (xy[1:] == xy[:-1]).all(axis=1)] & ~starts
    xy, path_of, starts = xy[~repeated], path_of[~repeated], starts[~repeated]
    ends = np.r_[starts[1:], True]
    first = np.flatnonzero(starts)[np.cumsum(starts) - 1]
    ring = (shapely.get_type_id(paths) == 2)[path_of]
    closing = ring & ends & ~starts & (xy == xy[first]).all(axis=1)
    xy, path_of = xy[~closing], path_of[~closing]
    return np.bincount(path_of, minlength=len(paths)).astype(np.int64), xy


def _assembled(
    kinds: Sequence[ShapeKind], owner: NDArray[Any], part_of: IntArray, counts: IntArray, xy: Centimetres
) -> list[Shape]:
    rings = np.bincount(part_of, minlength=len(owner)) if len(owner) else np.zeros(0, dtype=np.int64)
    part_ends = np.searchsorted(owner, np.arange(len(kinds)), side="right")
    path_ends = np.r_[0, np.cumsum(rings)]
    vertex_ends = np.r_[0, np.cumsum(counts)].tolist()
    ring_list, count_list = rings.tolist(), counts.tolist()
    part_list, path_list = part_ends.tolist(), path_ends.tolist()
    shapes, part = [], 0
    same: dict[tuple[int, ...], tuple[int, ...]] = {}  # most buildings have one ring of four
    for kind, part_end in zip(kinds, part_list, strict=True):
        first, last = path_list[part], path_list[part_end]
        if kind == NOTHING or vertex_ends[first] == vertex_ends[last]:
            shapes.append(_EMPTY)
        else:
            shapes.append(
                Shape(
                    kind,
                    same.setdefault(inside := tuple(ring_list[part:part_end]), inside),
                    same.setdefault(ends := tuple(count_list[first:last]), ends),
                    xy,
                    vertex_ends[first],
                )
            )
        part = part_end
    return shapes
