"""Geometries from the points that somebody clicked."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import Geometry

from gis.measure import XY, at_sides, sides_of
from layers.errors import RefusedError
from layers.text import Text


def line_through(points: Sequence[XY]) -> Geometry:
    """Return the line through points; a point given twice in a row counts once.

    Raises
    ------
    RefusedError
        If fewer than two are left.
    """
    distinct = _distinct(points)
    if len(distinct) < 2:
        raise RefusedError(
            Text("一条线至少要有两个点。", "A line needs two points at least."), code="geometry.too-few"
        )
    return shapely.linestrings(distinct)


def area_around(points: Sequence[XY]) -> Geometry:
    """Return the area inside points, whose outline may not cross itself.

    Raises
    ------
    RefusedError
        If fewer than three distinct points are given, if they lie on one line,
        or if the outline crosses itself.

    Examples
    --------
    >>> area_around([(0, 0), (2, 0), (2, 2)]).area
    2.0
    """
    distinct = _distinct(points)
    if len(distinct) > 1 and distinct[0] == distinct[-1]:
        distinct.pop()
    if len(distinct) < 3:
        raise RefusedError(
            Text("一个面至少要有三个点。", "An area needs three points at least."), code="geometry.too-few"
        )
    area = shapely.polygons(distinct)
    if _flat(distinct):
        raise RefusedError(
            Text("各点在一条直线上，围不成面。", "The points lie on one line and enclose nothing."),
            code="geometry.flat",
        )
    if not shapely.is_valid(area):
        raise RefusedError(
            Text("边线自相交，不能成面。", "The outline crosses itself, so it encloses no area."),
            Text(
                "按 Backspace 退回交叉的顶点，再继续画。",
                "Take the crossing vertex back with Backspace, then go on.",
            ),
            code="geometry.invalid",
        )
    return area


def rectangle_between(corner: XY, opposite: XY, turn_deg: float = 0.0) -> Geometry:
    """Return the rectangle between two corners with sides as those of a map turned clockwise.

    Raises
    ------
    RefusedError
        If it has no width or no height.
    """
    right, up = sides_of(corner, opposite, turn_deg)
    if abs(right) < 1e-9 or abs(up) < 1e-9:
        raise RefusedError(
            Text("矩形没有宽度或高度。", "The rectangle has no width or no height."), code="geometry.flat"
        )
    if turn_deg:
        return shapely.polygons(rectangle_corners(corner, opposite, turn_deg))
    (x1, y1), (x2, y2) = corner, opposite
    return shapely.box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def rectangle_corners(corner: XY, opposite: XY, turn_deg: float = 0.0) -> list[XY]:
    """Return the four corners of the rectangle between two, in order."""
    right, up = sides_of(corner, opposite, turn_deg)
    return [corner, at_sides(corner, right, 0.0, turn_deg), opposite, at_sides(corner, 0.0, up, turn_deg)]


def _distinct(points: Sequence[XY]) -> list[XY]:
    return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]


def _flat(points: Sequence[XY]) -> bool:
    return bool(shapely.MultiPoint(list(points)).convex_hull.area == 0.0)
