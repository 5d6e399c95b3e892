"""Circles and arcs that are kept as outlines with dense vertices: the note that says so, and the shape."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.measure import XY

NOTE: Final = "note"
"""The field that says what an outline was drawn as."""
ROUND_M: Final = 0.0015
"""What rounding to millimetres and moving to plan coordinates makes of a radius or a centre."""
_NUMBER: Final = r"-?\d+\.\d{3}"
_WRITTEN: Final = re.compile(rf"R=({_NUMBER}) C=({_NUMBER}),({_NUMBER})")
_LONGEST: Final = 0.6
"""Edges of a circle to its radius; longer ones are those of a polygon, or of a circle that was cut."""
_STRAIGHT: Final = 1e-9


def circle_note(centre: XY, radius_m: float) -> str:
    """Return the words that note what an outline with dense vertices was drawn as."""
    return f"R={radius_m:.3f} C={centre[0]:.3f},{centre[1]:.3f}"


def noted_circle(words: object) -> tuple[XY, float] | None:
    """Return the centre and radius that `circle_note` wrote; None for what somebody else wrote.

    Examples
    --------
    >>> noted_circle("R=6.000 C=1.000,2.500"), noted_circle("R=6")
    (((1.0, 2.5), 6.0), None)
    """
    found = _WRITTEN.fullmatch(str(words or ""))
    if found is None:
        return None
    radius, x, y = map(float, found.groups())
    return (x, y), radius


def circle_through(start: XY, through: XY, end: XY) -> XY | None:
    """Return the centre of the circle through three points; None if they lie on one line."""
    (ax, ay), (bx, by) = ((p[0] - start[0], p[1] - start[1]) for p in (through, end))
    cross = 2 * (ax * by - ay * bx)
    if abs(cross) < _STRAIGHT * max(1.0, ax * ax + ay * ay, bx * bx + by * by):
        return None
    a, b = ax * ax + ay * ay, bx * bx + by * by
    return start[0] + (by * a - ay * b) / cross, start[1] + (ax * b - bx * a) / cross


def circle_of(shape: Geometry) -> tuple[XY, float] | None:
    """Return the centre and radius of the circle that all vertices of a shape lie on; None if there is none.

    Examples
    --------
    >>> circle_of(shapely.Point(0, 0).buffer(5.0))
    ((0.0, 0.0), 5.0)
    >>> circle_of(shapely.box(0, 0, 5, 3)) is None
    True
    """
    if shape.geom_type not in ("LineString", "Polygon") or shapely.get_num_interior_rings(shape):
        return None
    xy = shapely.get_coordinates(shape)
    third = len(xy) // 3
    first, second, last = ((float(x), float(y)) for x, y in (xy[0], xy[third or 1], xy[2 * third or -1]))
    centre = circle_through(first, second, last)
    if centre is None:
        return None
    radii = np.hypot(*(xy - centre).T)
    if np.ptp(radii) > max(ROUND_M, 1e-6 * float(radii.mean())):
        return None
    if shape.geom_type == "Polygon" and np.hypot(*np.diff(xy, axis=0).T).max() > _LONGEST * radii.mean():
        return None
    return (round(centre[0], 6) + 0.0, round(centre[1], 6) + 0.0), round(float(radii.mean()), 6)
