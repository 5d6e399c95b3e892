"""Curves as chains of points that stay within a tolerance, and never of endless length."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]
"""Shape (n, 3), drawing units."""

_MOST_STEPS: Final = 2048
_MOST_SPLINE: Final = 20_000
_TURN: Final = 2.0 * math.pi


def arc_points(centre: Points, radius: float, start: float, sweep: float, tolerance: float) -> Points:
    """Return points along a circular arc.

    Parameters
    ----------
    centre : array, shape (3,)
    radius : float
        Above zero.
    start, sweep : float
        Radians; a positive sweep turns left.
    tolerance : float
        Greatest distance between chord and arc, drawing units.
    """
    angle = start + np.linspace(0.0, sweep, _steps(radius, abs(sweep), tolerance) + 1)
    return np.column_stack(
        [
            centre[0] + radius * np.cos(angle),
            centre[1] + radius * np.sin(angle),
            np.full(len(angle), centre[2]),
        ]
    )


def ellipse_points(
    centre: Points, major: Points, minor: Points, start: float, end: float, tolerance: float
) -> Points:
    """Return points along an elliptic arc given by its half axes (shape (3,)) and parameters in radians."""
    sweep = end - start
    if sweep <= 1e-9:
        sweep += _TURN
    size = float(np.linalg.norm(major))
    angle = start + np.linspace(0.0, sweep, _steps(size, abs(sweep), tolerance) + 1)
    points: Points = centre + np.outer(np.cos(angle), major) + np.outer(np.sin(angle), minor)
    return points


def bulge_points(vertices: Points, bulges: NDArray[np.float64], closed: bool, tolerance: float) -> Points:
    """Return a polyline with its bulges as arcs.

    Parameters
    ----------
    vertices : array, shape (n, 3)
    bulges : array, shape (n,)
        Tangent of a quarter of the arc's angle, to the next vertex; 0 is straight.
    closed : bool
        Whether the last vertex joins the first; the result then ends where it starts.
    tolerance : float
    """
    ends = np.roll(vertices, -1, axis=0)
    count = len(vertices) if closed else len(vertices) - 1
    pieces: list[Points] = []
    for i in range(count):
        bulge = float(bulges[i])
        if abs(bulge) < 1e-9 or not math.isfinite(bulge):
            pieces.append(vertices[i : i + 1])
        else:
            pieces.append(_bulge_arc(vertices[i], ends[i], bulge, tolerance)[:-1])
    pieces.append(vertices[:1] if closed else vertices[-1:])
    return np.concatenate(pieces)


def spline_points(curve: Any, tolerance: float) -> Points:
    """Return points along an ezdxf ``BSpline``: halves what strays until all is within the tolerance."""
    knots = np.unique(np.asarray(curve.knots(), dtype=float))
    low, high = knots[0], min(float(curve.max_t), knots[-1])
    grid = np.unique(np.clip(knots, low, high))[:_MOST_SPLINE]
    t = np.unique(np.concatenate([a + (b - a) * np.arange(4) / 4 for a, b in _spans(grid)] + [grid[-1:]]))
    points = _at(curve, t)
    while len(t) < _MOST_SPLINE:
        middle = (t[:-1] + t[1:]) / 2
        true = _at(curve, middle)
        stray = np.linalg.norm(true - (points[:-1] + points[1:]) / 2, axis=1) > tolerance
        if not stray.any():
            break
        order = np.argsort(np.concatenate([t, middle[stray]]), kind="stable")
        points = np.concatenate([points, true[stray]])[order]
        t = np.concatenate([t, middle[stray]])[order]
    return points


def _spans(grid: NDArray[np.float64]) -> list[tuple[float, float]]:
    return list(pairwise(grid.tolist()))


def _at(curve: Any, t: NDArray[np.float64]) -> Points:
    return np.array([tuple(p) for p in curve.points(t.tolist())], dtype=float).reshape(-1, 3)


def _steps(radius: float, sweep: float, tolerance: float) -> int:
    """Return how many chords keep within the tolerance; at least eight to a full turn."""
    ratio = 1.0 - tolerance / radius if radius > tolerance else 0.0
    step = min(2.0 * math.acos(max(-1.0, min(1.0, ratio))), _TURN / 8) or _TURN / _MOST_STEPS
    return max(1, min(math.ceil(sweep / step), _MOST_STEPS))


def _bulge_arc(start: Points, end: Points, bulge: float, tolerance: float) -> Points:
    chord = end - start
    length = math.hypot(chord[0], chord[1])
    if length == 0.0:
        return np.stack([start, end])
    sweep = 4.0 * math.atan(bulge)
    radius = length * (1.0 + bulge * bulge) / (4.0 * abs(bulge))
    # Distance of the centre from the chord, to its left for small positive bulges.
    offset = length * (1.0 - bulge * bulge) / (4.0 * bulge)
    middle = (start + end) / 2
    centre = np.array(
        [middle[0] - chord[1] / length * offset, middle[1] + chord[0] / length * offset, start[2]]
    )
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    points = arc_points(centre, radius, first, sweep, tolerance)
    points[0], points[-1] = start, end
    return points
