"""Lengths, headings and areas of what is drawn or measured, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

from layers.text import Text

XY: TypeAlias = tuple[float, float]

MU_M2: Final = 10_000 / 15
"""Square metres of one 亩: fifteen of them make a hectare."""


_COMPASS: Final = (
    Text("北", "north"),
    Text("东北", "north-east"),
    Text("东", "east"),
    Text("东南", "south-east"),
    Text("南", "south"),
    Text("西南", "south-west"),
    Text("西", "west"),
    Text("西北", "north-west"),
)


def segment_length_m(start: XY, end: XY) -> float:
    """Return the distance of two points in metres.

    Examples
    --------
    >>> segment_length_m((0, 0), (3, 4))
    5.0
    """
    return math.hypot(end[0] - start[0], end[1] - start[1])


def heading_deg(start: XY, end: XY) -> float:
    """Return the grid heading of a segment: 0 is grid north, clockwise, below 360.

    A segment without length heads north.

    Examples
    --------
    >>> heading_deg((0, 0), (5, 0))
    90.0
    """
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360.0


def turn_deg(before: XY, corner: XY, after: XY) -> float:
    """Return the angle between two segments that meet in `corner`: 180 goes straight on, 90 is square.

    Examples
    --------
    >>> turn_deg((0, 0), (1, 0), (1, 1))
    90.0
    """
    difference = abs(heading_deg(corner, before) - heading_deg(corner, after)) % 360.0
    return min(difference, 360.0 - difference)


def path_length_m(points: Sequence[XY]) -> float:
    """Return the length along points in metres; 0 for fewer than two.

    Examples
    --------
    >>> path_length_m([(0, 0), (3, 4), (3, 5)])
    6.0
    """
    return sum(segment_length_m(a, b) for a, b in pairwise(points))


def ring_area_m2(points: Sequence[XY]) -> float:
    """Return the area that points enclose, closed from last to first; 0 for fewer than three.

    Examples
    --------
    >>> ring_area_m2([(0, 0), (4, 0), (4, 3), (0, 3)])
    12.0
    """
    if len(points) < 3:
        return 0.0
    # Measured from the first point: at E 616650, N 4077999 the products would lose what matters.
    x0, y0 = points[0]
    moved = [(x - x0, y - y0) for x, y in points]
    pairs = zip(moved, [*moved[1:], moved[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2.0


def constrained(start: XY, end: XY, base_deg: float = 0.0, step_deg: float = 45.0) -> XY:
    """Return the point that lies closest to `end` in the nearest of some directions from `start`.

    Parameters
    ----------
    base_deg : float
        Heading of one of the directions; the others follow at every `step_deg`.

    Examples
    --------
    >>> constrained((0.0, 0.0), (10.0, 1.0))
    (10.0, 0.0)
    """
    if start == end:
        return end
    away = heading_deg(start, end) - base_deg
    angle = math.radians(base_deg + round(away / step_deg) * step_deg)
    east, north = _tidy(math.sin(angle)), _tidy(math.cos(angle))
    along = (end[0] - start[0]) * east + (end[1] - start[1]) * north
    return start[0] + along * east, start[1] + along * north


def sides_of(start: XY, end: XY, turn_deg: float = 0.0) -> XY:
    """Return how far `end` lies to the right and up from `start` on a map turned clockwise.

    Examples
    --------
    >>> sides_of((0.0, 0.0), (3.0, 4.0))
    (3.0, 4.0)
    >>> right, up = sides_of((0.0, 0.0), (3.0, 4.0), 90.0)
    >>> round(right, 9), round(up, 9)
    (4.0, -3.0)
    """
    cos, sin = _tidy(math.cos(math.radians(turn_deg))), _tidy(math.sin(math.radians(turn_deg)))
    east, north = end[0] - start[0], end[1] - start[1]
    return east * cos + north * sin, north * cos - east * sin


def at_sides(start: XY, right_m: float, up_m: float, turn_deg: float = 0.0) -> XY:
    """Return the place so far to the right and up of `start` on a map turned clockwise.

    Examples
    --------
    >>> at_sides((0.0, 0.0), 4.0, -3.0, 90.0)
    (3.0, 4.0)
    """
    cos, sin = _tidy(math.cos(math.radians(turn_deg))), _tidy(math.sin(math.radians(turn_deg)))
    return start[0] + right_m * cos - up_m * sin, start[1] + right_m * sin + up_m * cos


def length_text(length_m: float) -> str:
    """Write a length: centimetres up to 1 km, then kilometres.

    Examples
    --------
    >>> length_text(12.3456), length_text(2500)
    ('12.35 m', '2.500 km')
    """
    return f"{length_m:.2f} m" if length_m < 1000 else f"{length_m / 1000:,.3f} km"


def area_text(area_m2: float) -> Text:
    """Write an area in square metres with 亩 in brackets, from a tenth of a 亩 on.

    Examples
    --------
    >>> area_text(1334).zh
    '1,334.0 m²（2.00 亩）'
    """
    plain = f"{area_m2:,.1f} m²"
    if area_m2 < MU_M2 / 10:
        return Text(plain, plain)
    mu = f"{area_m2 / MU_M2:,.2f}"
    return Text("{area}（{mu} 亩）", "{area} ({mu} mu)").format(area=plain, mu=mu)


def angle_text(angle_deg: float) -> str:
    """Write an angle to a tenth of a degree; 360 is written 0.

    Examples
    --------
    >>> angle_text(359.97)
    '0.0°'
    """
    return f"{round(angle_deg, 1) % 360.0:.1f}°"


def _tidy(part: float) -> float:
    # sin(180°) is 1e-16 in floats, and would move a wall by a nanometre off its axis.
    return 0.0 if abs(part) < 1e-12 else part


def compass_words(bearing_deg: float) -> Text:
    """Return the nearest of eight directions; 0 is grid north, clockwise."""
    return _COMPASS[round(bearing_deg / 45) % 8]
