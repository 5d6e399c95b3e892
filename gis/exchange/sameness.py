"""When a shape that comes back counts as the one that went out."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

_SAME_M: Final = 0.001
_MOST_CORNERS: Final = 5000


def same_places(old: NDArray[np.object_], new: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which shapes came back as they went out, but for rounding on the way (1 mm).

    The direction of a line means something, the first corner of an area does not.

    Parameters
    ----------
    old, new : array of shapely.Geometry or None, shape (n,)
    """
    none = shapely.is_missing(old) & shapely.is_missing(new)
    old, new = _single(old), _single(new)
    alike = shapely.get_type_id(old) == shapely.get_type_id(new)
    same: NDArray[np.bool_] = alike & shapely.equals_exact(old, new, tolerance=_SAME_M)
    corners = shapely.get_num_coordinates(old)
    areas = (shapely.get_dimensions(old) == 2) & (corners <= _MOST_CORNERS)
    turned = np.flatnonzero(alike & ~same & areas & (corners == shapely.get_num_coordinates(new)))
    if len(turned):
        apart = shapely.hausdorff_distance(shapely.boundary(old[turned]), shapely.boundary(new[turned]))
        same[turned] = apart < _SAME_M
    result: NDArray[np.bool_] = none | same
    return result


def _single(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the only part of each Multi shape with one part: formats differ in which they write."""
    result = shapes.copy()
    alone = (shapely.get_type_id(shapes) > 3) & (shapely.get_num_geometries(shapes) == 1)
    result[alone] = shapely.get_geometry(shapes[alone], 0)
    return result
