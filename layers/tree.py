"""A spatial index over a column of geometries."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.boxes import Boxes
from layers.column import Column

_SMALL: Final = 20_000
"""The index of no more geometries than this is kept; over more, one is made of those near the question."""

Predicate = Literal["intersects", "dwithin", "within"]


class Tree:
    """Answers which geometries a shape meets, as `shapely.STRtree` does.

    Parameters
    ----------
    geometry : Column
    bounds : Boxes
    """

    def __init__(self, geometry: Column, bounds: Boxes) -> None:
        self._geometry = geometry
        self._bounds = bounds

    def query(
        self, shapes: Any, predicate: Predicate = "intersects", distance: float | None = None
    ) -> NDArray[np.intp]:
        """Return the rows that a shape meets; for an array of shapes their number and the row, shape (2, k).

        Parameters
        ----------
        shapes : shapely.Geometry or array of them
        predicate : "intersects", "dwithin" or "within"
        distance : float, optional
            Metres, for "dwithin".
        """
        if len(self._geometry) <= _SMALL:
            return np.asarray(self._whole.query(shapes, predicate=predicate, distance=distance))
        rows = self._near(shapes, distance or 0.0)
        near = shapely.STRtree(self._geometry[rows])
        found = np.asarray(near.query(shapes, predicate=predicate, distance=distance))
        return rows[found] if found.ndim == 1 else np.stack([found[0], rows[found[1]]])

    @cached_property
    def _whole(self) -> shapely.STRtree:
        return shapely.STRtree(np.asarray(self._geometry))

    def _near(self, shapes: Any, reach: float) -> NDArray[np.intp]:
        west, south, east, north = shapely.total_bounds(shapes)
        return self._bounds.meeting((west - reach, south - reach, east + reach, north + reach))
