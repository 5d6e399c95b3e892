"""Making nearly right angles right."""

from __future__ import annotations

import itertools
import math
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

FloatArray: TypeAlias = NDArray[np.float64]

MOST_TURN_DEG: Final = 20.0
"""An edge farther from both axes is meant to be oblique and stays."""
_SAME_M: Final = 1e-9


def squared(geometry: Geometry) -> Geometry | None:
    """Return a line or area whose edges near the main directions lie exactly in them.

    The main direction is that of the edges, the long ones counting more. None
    for points, and where nothing changes.

    Examples
    --------
    >>> crooked = shapely.Polygon([(0, 0), (10, 0.2), (10, 5), (0, 5)])
    >>> corners = shapely.get_coordinates(squared(crooked))
    >>> bool(abs(np.diff(corners, axis=0).prod(axis=1)).max() < 1)
    True
    """
    if geometry.geom_type == "Polygon":
        angle = _main_angle(_edges(geometry.exterior))
        rings = [_ring(np.asarray(ring.coords)[:, :2], angle) for ring in shapely.get_rings(geometry)]
        made = shapely.Polygon(rings[0], rings[1:])
    elif geometry.geom_type == "LineString" and shapely.get_num_coordinates(geometry) > 2:
        xy = np.asarray(geometry.coords)[:, :2]
        made = shapely.linestrings(_path(xy, _main_angle(np.diff(xy, axis=0))))
    else:
        return None
    return None if made.equals_exact(geometry, _SAME_M) else made


def _edges(ring: Geometry) -> FloatArray:
    difference: FloatArray = np.diff(np.asarray(ring.coords)[:, :2], axis=0)
    return difference


def _main_angle(edges: FloatArray) -> float:
    """Return the direction in radians, modulo a right angle, that edges have on the whole."""
    length = np.hypot(edges[:, 0], edges[:, 1])
    angle = np.arctan2(edges[:, 1], edges[:, 0])
    # four times the angle makes directions a right angle apart the same
    return float(math.atan2((length * np.sin(4 * angle)).sum(), (length * np.cos(4 * angle)).sum())) / 4.0


def _ring(xy: FloatArray, angle: float) -> FloatArray:
    lines = _lines(xy, angle)
    if len(lines) < 3:
        return xy
    while len(lines) > 3 and _parallel(lines[-1], lines[0]):
        lines[0] = _merged(lines.pop(), lines[0])
    corners = [_crossing(lines[i - 1], lines[i]) for i in range(len(lines))]
    return np.array([*corners, corners[0]])


def _path(xy: FloatArray, angle: float) -> FloatArray:
    lines = _lines(xy, angle)
    first, last = _foot(xy[0], lines[0]), _foot(xy[-1], lines[-1])
    corners = [_crossing(a, b) for a, b in itertools.pairwise(lines)]
    return np.array([first, *corners, last])


_Line: TypeAlias = tuple[FloatArray, FloatArray, float]
"""A place on it, its direction, and the length it stands for."""


def _lines(xy: FloatArray, angle: float) -> list[_Line]:
    """Return the straight lines of the edges, turned; neighbours in one direction are one line."""
    lines: list[_Line] = []
    for start, end in itertools.pairwise(xy):
        length = float(np.hypot(*(end - start)))
        if length == 0:
            continue
        line = ((start + end) / 2, _direction(end - start, angle), length)
        if lines and _parallel(lines[-1], line):
            line = _merged(lines.pop(), line)
        lines.append(line)
    return lines


def _direction(edge: FloatArray, angle: float) -> FloatArray:
    heading = math.atan2(edge[1], edge[0])
    nearest = angle + round((heading - angle) / (math.pi / 2)) * math.pi / 2
    if abs(heading - nearest) > math.radians(MOST_TURN_DEG):
        nearest = heading
    return np.array([math.cos(nearest), math.sin(nearest)])


def _parallel(a: _Line, b: _Line) -> bool:
    return bool(abs(a[1][0] * b[1][1] - a[1][1] * b[1][0]) < 1e-6)


def _merged(a: _Line, b: _Line) -> _Line:
    whole = a[2] + b[2]
    return (a[0] * a[2] + b[0] * b[2]) / whole, a[1], whole


def _crossing(a: _Line, b: _Line) -> FloatArray:
    (p, r, _), (q, s, _) = a, b
    cross = r[0] * s[1] - r[1] * s[0]
    share = ((q[0] - p[0]) * s[1] - (q[1] - p[1]) * s[0]) / cross
    place: FloatArray = p + share * r
    return place


def _foot(place: FloatArray, line: _Line) -> FloatArray:
    foot: FloatArray = line[0] + float(np.dot(place - line[0], line[1])) * line[1]
    return foot
