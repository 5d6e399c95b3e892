"""Circles and arcs of a plan as CAD has them, and how their vertices come back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from gis.circles import NOTE, circle_of, circle_through, noted_circle
from gis.exchange.dxf.curves import Points
from gis.exchange.dxf.identity import APP
from layers.feature import Feature

_SAME_M: Final = 1e-6
_LEAST, _MOST = 2, 4096
_TURN: Final = 2.0 * math.pi
_NUMBER, _STEPS, _REAL = 1070, 1071, 1040
_TAGS: Final = 2
"""Numbers of a mark that come before those of a circle: its part and its ring."""


@dataclass(frozen=True)
class Round:
    """A circle or an arc with the vertices that stand for it, evenly along it.

    Parameters
    ----------
    x, y, radius : float
        Metres, or drawing units.
    start, sweep : float
        Radians; where the first vertex lies, and how far it is to the last: below zero to the right.
    steps : int
        Edges between the vertices.
    """

    x: float
    y: float
    radius: float
    start: float
    sweep: float
    steps: int

    @property
    def is_whole(self) -> bool:
        """Whether it is a circle."""
        return abs(self.sweep) == _TURN

    def points(self) -> NDArray[np.float64]:
        """Return the vertices, shape (steps + 1, 2); a circle ends exactly where it starts."""
        angle = self.start + self.sweep * np.arange(self.steps + 1) / self.steps
        xy = np.column_stack([self.x + self.radius * np.cos(angle), self.y + self.radius * np.sin(angle)])
        if self.is_whole:
            xy[-1] = xy[0]
        return xy

    def corners(self) -> list[tuple[float, float, float]]:
        """Return an arc as corners with bulges, no segment longer than half a circle.

        CAD has arcs of their own too; FreeCAD refuses a whole drawing for most of those that lie at national
        coordinates, and a polyline can be joined with others.
        """
        count = math.ceil(abs(self.sweep) / math.pi)
        angles = [self.start + self.sweep * i / count for i in range(count + 1)]
        bulge = math.tan(self.sweep / count / 4.0)
        bulges = [*[bulge] * count, 0.0]
        return [
            (self.x + self.radius * math.cos(angle), self.y + self.radius * math.sin(angle), b)
            for angle, b in zip(angles, bulges, strict=True)
        ]

    def tags(self) -> list[tuple[int, Any]]:
        """Return what an entity keeps of it beside its own numbers."""
        turn = 1 if self.sweep > 0 else -1
        return [(_NUMBER, turn), (_STEPS, self.steps), (_REAL, self.start), (_REAL, self.radius)]


def round_of(feature: Feature) -> Round | None:
    """Return the circle or arc that a feature is noted to be, if it gives back every vertex to a micrometre.

    Notes
    -----
    Without a note nothing counts as round: the eight corners of a pavilion lie on a circle too.
    """
    shape = feature.geometry
    if shape is None or noted_circle(feature.attributes.get(NOTE)) is None or circle_of(shape) is None:
        return None
    found = _fitted(shape)
    if found is None or not _LEAST <= found.steps <= _MOST:
        return None
    away = np.abs(found.points() - shapely.get_coordinates(shape)).max()
    return found if away <= _SAME_M else None


def _fitted(shape: Geometry) -> Round | None:
    xy = shapely.get_coordinates(shape)
    third = len(xy) // 3 or 1
    first, second, last = xy[[0, third, min(2 * third, len(xy) - 1)]].tolist()
    centre = circle_through(first, second, last)
    if centre is None:
        return None
    out = xy - centre
    angle = np.unwrap(np.arctan2(out[:, 1], out[:, 0]))
    sweep = float(angle[-1] - angle[0])
    if np.array_equal(xy[0], xy[-1]):
        sweep = math.copysign(_TURN, sweep)
    return Round(*centre, float(np.hypot(*out.T).mean()), float(angle[0]), sweep, len(xy) - 1)


def own_circle(entity: Any) -> Points | None:
    """Return the vertices of a CIRCLE of ours in its plane; None if it is not ours, or was resized.

    Returns
    -------
    array, shape (n, 3)
    """
    kept = _kept(entity)
    if kept is None or not abs(entity.dxf.radius - kept.radius) <= _SAME_M:
        return None
    centre = entity.dxf.center
    return _raised(replace(kept, x=centre[0], y=centre[1]).points(), centre[2])


def own_arc(entity: Any, corners: Points, bulges: NDArray[np.float64]) -> Points | None:
    """Return the vertices of an arc of ours in its plane; None if it is not ours, or another arc by now.

    Parameters
    ----------
    corners : array, shape (2 or 3, 3)
    bulges : array, shape (2 or 3,)

    Returns
    -------
    array, shape (n, 3)
    """
    kept = _kept(entity)
    if kept is None or len(corners) not in (2, 3) or np.ptp(bulges[:-1]) > _SAME_M or not bulges[0]:
        return None
    bulge = float(bulges[0])
    chord = corners[1, :2] - corners[0, :2]
    aside = np.array([-chord[1], chord[0]]) * (1.0 - bulge * bulge) / (4.0 * bulge)
    centre = (corners[0, :2] + corners[1, :2]) / 2.0 + aside
    out = corners[0, :2] - centre
    radius = float(np.hypot(*out))
    if not abs(radius - kept.radius) <= _SAME_M:
        return None
    sweep = 4.0 * math.atan(bulge) * (len(corners) - 1)
    xy = Round(
        float(centre[0]), float(centre[1]), radius, math.atan2(out[1], out[0]), sweep, kept.steps
    ).points()
    xy[0], xy[-1] = corners[0, :2], corners[-1, :2]
    return _raised(xy, float(corners[0, 2]))


def _raised(xy: NDArray[np.float64], z: float) -> Points:
    return np.column_stack([xy, np.full(len(xy), z)])


def _kept(entity: Any) -> Round | None:
    """Return what `Round.tags` wrote, as a circle around nothing."""
    if not entity.has_xdata(APP):
        return None
    tags = entity.get_xdata(APP)
    numbers = [int(t.value) for t in tags if t.code == _NUMBER][_TAGS:]
    steps = [int(t.value) for t in tags if t.code == _STEPS]
    reals = [float(t.value) for t in tags if t.code == _REAL]
    if not (len(numbers) == 1 and len(steps) == 1 and len(reals) == 2 and _LEAST <= steps[0] <= _MOST):
        return None
    return Round(0.0, 0.0, reals[1], reals[0], math.copysign(_TURN, numbers[0]), steps[0])
