"""When a shape that comes back counts as the one that went out."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs_names import is_geographic
from gis.exchange.source import Source

_SAME_M: Final = 0.001
_COARSEST_M: Final = 0.02
_FEWEST, _MOST = 1, 9
"""Places after the point that are tried."""
_DIAGONAL: Final = 0.5**0.5
"""Half of the way from corner to corner of a step: what rounding moves a vertex at most."""
_M_PER_DEGREE: Final = 111_320.0
_GRIDDED: Final = "MapInfo"
_MOST_CORNERS: Final = 5000


def same_places(
    old: NDArray[np.object_], new: NDArray[np.object_], within_m: float = _SAME_M
) -> NDArray[np.bool_]:
    """Tell which shapes came back as they went out, but for rounding on the way.

    The direction of a line means something, the first corner of an area does not.

    Parameters
    ----------
    old, new : array of shapely.Geometry or None, shape (n,)
    within_m : float
        How far a vertex may be off: 1 mm, or what the file rounds to (`rounding_m`).
    """
    none = shapely.is_missing(old) & shapely.is_missing(new)
    old, new = _single(old), _single(new)
    alike = shapely.get_type_id(old) == shapely.get_type_id(new)
    same: NDArray[np.bool_] = alike & shapely.equals_exact(old, new, tolerance=within_m)
    corners = shapely.get_num_coordinates(old)
    areas = (shapely.get_dimensions(old) == 2) & (corners <= _MOST_CORNERS)
    turned = np.flatnonzero(alike & ~same & areas & (corners == shapely.get_num_coordinates(new)))
    if len(turned):
        apart = shapely.hausdorff_distance(shapely.boundary(old[turned]), shapely.boundary(new[turned]))
        same[turned] = apart < within_m
    result: NDArray[np.bool_] = none | same
    return result


def rounding_m(source: Source) -> float:
    """Return how far a vertex that nobody moved may be off in a file, metres; 1 mm at least, 2 cm at most.

    Many programs write degrees with seven places (RFC 7946 asks for no more), which is a step of a
    centimetre; others write centimetres. MapInfo keeps whole steps of a grid over its bounds, a centimetre
    too in a system of metres, whatever its numbers look like.
    """
    if source.format == _GRIDDED:
        return _COARSEST_M
    metres = _M_PER_DEGREE if is_geographic(source.crs) else 1.0
    for decimals in range(_FEWEST, _MOST + 1):
        step_m = metres / 10.0**decimals
        if step_m / 2 <= _SAME_M:
            return _SAME_M
        corner_m = _SAME_M + step_m * _DIAGONAL
        if corner_m <= _COARSEST_M and all(
            _is_rounded(b.take(None), decimals) for b in source.geometry.blocks
        ):
            return corner_m
    return _SAME_M


def _is_rounded(shapes: NDArray[np.object_], decimals: int) -> bool:
    coordinates = shapely.get_coordinates(shapes)
    return bool((np.round(coordinates, decimals) == coordinates).all())


def _single(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the only part of each Multi shape with one part: formats differ in which they write."""
    result = shapes.copy()
    alone = (shapely.get_type_id(shapes) > 3) & (shapely.get_num_geometries(shapes) == 1)
    result[alone] = shapely.get_geometry(shapes[alone], 0)
    return result
