"""Dimensions of a plan: the points that CAD measures, and the line that the plan draws through them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.curves import Points
from gis.exchange.dxf.identity import APP
from gis.exchange.dxf.pieces import chain
from layers.feature import Feature
from layers.layer import Layer

ALIGNED, RADIUS = 1, 4
"""What CAD calls the two sorts of dimensions that a plan has."""
_SORTS: Final = {"dimension": ALIGNED, "radius": RADIUS}
_SAME_M: Final = 1e-6
_NUMBER, _PLACE = 1070, 1011
_TAGS: Final = 2
"""Numbers of a mark that come before that of a dimension: its part and its ring."""


class Measure(NamedTuple):
    """A dimension of the plan.

    Parameters
    ----------
    sort : int
        `ALIGNED`: from the measured points out to the line and back, or straight between them;
        `RADIUS`: from the centre through the outline, and on to the words.
    xy : array, shape (2 to 4, 2)
    """

    sort: int
    xy: NDArray[np.float64]

    def length_m(self) -> float:
        """Return what is measured."""
        last = self.xy[-1] if self.sort == ALIGNED else self.xy[1]
        return float(np.hypot(*(last - self.xy[0])))

    def attributes(self) -> dict[str, Any]:
        """Return the points as CAD keeps them."""
        if self.sort == RADIUS:
            return {"dimtype": RADIUS, "defpoint": tuple(self.xy[0]), "defpoint4": tuple(self.xy[1])}
        on = self.xy[-2] if len(self.xy) == 4 else self.xy[-1]
        ends = {"defpoint2": tuple(self.xy[0]), "defpoint3": tuple(self.xy[-1])}
        return {"dimtype": ALIGNED, "defpoint": tuple(on), **ends}

    def tags(self) -> list[tuple[int, Any]]:
        """Return what the entity keeps beside: how many points, and where a radius has its words."""
        beside = [(_PLACE, (*xy, 0.0)) for xy in self.xy[2:].tolist()] if self.sort == RADIUS else []
        return [(_NUMBER, len(self.xy)), *beside]


def measure_of(layer: Layer, feature: Feature) -> Measure | None:
    """Return the dimension that a feature is; None if CAD would draw another line than the plan does."""
    shape = feature.geometry
    sort = _SORTS.get(str(feature.attributes.get("type")))
    if layer.kind.role != "annotation" or sort is None or shape is None or shape.geom_type != "LineString":
        return None
    xy = shapely.get_coordinates(shape)
    if len(xy) not in ((2, 4) if sort == ALIGNED else (2, 3)) or Measure(sort, xy).length_m() <= _SAME_M:
        return None
    if sort == ALIGNED:
        on = xy[-2] if len(xy) == 4 else xy[-1]
        again = _aligned(xy[0], xy[-1], on, len(xy))
        if again.shape != xy.shape or np.abs(again - xy).max() > _SAME_M:
            return None
    return Measure(sort, xy)


def own_line(entity: Any) -> Points | None:
    """Return the line in the plan of a DIMENSION that went out from it; None if it is another's.

    Returns
    -------
    array, shape (n, 3)
    """
    if not entity.has_xdata(APP):
        return None
    tags, dxf = entity.get_xdata(APP), entity.dxf
    numbers = [int(t.value) for t in tags if t.code == _NUMBER][_TAGS:]
    if len(numbers) != 1:
        return None
    if entity.dimtype == RADIUS and dxf.hasattr("defpoint4"):
        beside = [tuple(t.value) for t in tags if t.code == _PLACE][:1]
        return chain([dxf.defpoint, dxf.defpoint4, *beside])
    if entity.dimtype == ALIGNED and dxf.hasattr("defpoint2") and dxf.hasattr("defpoint3"):
        first, second, on = (np.array(tuple(dxf.get(f"defpoint{n}"))[:2]) for n in ("2", "3", ""))
        if np.hypot(*(second - first)) > 0:
            return chain(_aligned(first, second, on, numbers[0]))
    return None


def _aligned(
    first: NDArray[np.float64], second: NDArray[np.float64], on: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Return the line of a dimension between two points that goes through a third.

    Where it has two points and is drawn straight between them, it stays so.
    """
    run = second - first
    left = np.array([-run[1], run[0]]) / np.hypot(*run)
    out = left * float((on - second) @ left)
    if count == 2 and np.hypot(*out) <= _SAME_M:
        return np.stack([first, second])
    return np.stack([first, first + out, second + out, second])
