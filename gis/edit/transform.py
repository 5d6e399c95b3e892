"""Moving, turning, scaling, mirroring and copying features."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from shapely import Geometry, affinity

from gis.edit.copies import copy_of
from gis.edit.features import check_geometry, found, layer_of
from gis.edit.geometries import refused, reshaped
from gis.measure import XY
from layers.changes import Change, ChangeSet, Key
from layers.snapshot import Snapshot

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""x' = a x + b y + e, y' = c x + d y + f, as (a, b, c, d, e, f)."""


def shift(dx_m: float, dy_m: float) -> Matrix:
    """Return the matrix that moves by metres east and north."""
    return 1.0, 0.0, 0.0, 1.0, dx_m, dy_m


def rotation(centre: XY, angle_deg: float) -> Matrix:
    """Return the matrix that turns clockwise around a point.

    Examples
    --------
    >>> applied(rotation((0, 0), 90), (0.0, 1.0))
    (1.0, 0.0)
    """
    angle = math.radians(-angle_deg % 360.0)
    sine, cosine = _tidy(math.sin(angle)), _tidy(math.cos(angle))
    return _around(centre, cosine, -sine, sine, cosine)


def scaling(centre: XY, factor: float) -> Matrix:
    """Return the matrix that enlarges around a point.

    Raises
    ------
    RefusedError
        If the factor is zero, negative, or no number.
    """
    if not (math.isfinite(factor) and factor > 0):
        raise refused("scale.factor", "比例须大于零。", "The factor must be greater than zero.")
    return _around(centre, factor, 0.0, 0.0, factor)


def reflection(start: XY, end: XY) -> Matrix:
    """Return the matrix that mirrors at the line through two points.

    Raises
    ------
    RefusedError
        If the two points are one.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    squared = dx * dx + dy * dy
    if squared == 0:
        raise refused("mirror.axis", "镜像轴需要两个不同的点。", "A mirror axis needs two different points.")
    a, b = (dx * dx - dy * dy) / squared, 2 * dx * dy / squared
    return _around(start, a, b, b, -a)


def applied(matrix: Matrix, place: XY) -> XY:
    """Return where a matrix takes a place."""
    a, b, c, d, e, f = matrix
    return a * place[0] + b * place[1] + e, c * place[0] + d * place[1] + f


def transformed(geometry: Geometry, matrix: Matrix) -> Geometry:
    """Return a geometry where a matrix takes it."""
    moved: Geometry = affinity.affine_transform(geometry, matrix)
    return moved


def transform_features(snapshot: Snapshot, keys: Iterable[Key], matrix: Matrix) -> ChangeSet:
    """Return the change that takes features where a matrix says."""
    return reshaped(snapshot, keys, lambda geometry: transformed(geometry, matrix))


def copy_features(
    snapshot: Snapshot, keys: Iterable[Key], matrices: Sequence[Matrix], *, existing: bool = False
) -> ChangeSet:
    """Return the change that adds one copy of the features per matrix.

    Copies are things of their own: see `gis.edit.copies`.

    Parameters
    ----------
    existing : bool
        Whether what exists is traced, so that copies are there as well.
    """
    changes = []
    for key in keys:
        layer, feature = layer_of(snapshot, key[0]), found(snapshot, key)
        if feature.geometry is None:
            continue
        for matrix in matrices:
            made = transformed(feature.geometry, matrix)
            check_geometry(layer, made)
            changes.append(Change(key[0], None, copy_of(layer, feature, made, existing=existing)))
    return ChangeSet.of(changes)


def grid_shifts(rows: int, columns: int, across: XY, up: XY, *, first: bool = False) -> list[Matrix]:
    """Return the shifts of a rectangular array; the place of the original only if `first`.

    Parameters
    ----------
    rows, columns : int
        Counting the original.
    across, up : (x, y)
        From one column and from one row to the next, metres.
    """
    return [
        shift(column * across[0] + row * up[0], column * across[1] + row * up[1])
        for row in range(rows)
        for column in range(columns)
        if first or row or column
    ]


def polar_turns(centre: XY, count: int, sweep_deg: float) -> list[Matrix]:
    """Return the turns of `count` copies around a centre, evenly, without the original.

    Parameters
    ----------
    count : int
        Counting the original, two or more.
    sweep_deg : float
        From the original to the last copy, clockwise; with 360 the last does not fall on the original.

    Examples
    --------
    >>> len(polar_turns((0, 0), 4, 360)), applied(polar_turns((0, 0), 4, 360)[0], (0.0, 1.0))
    (3, (1.0, 0.0))
    """
    whole = abs(abs(sweep_deg) - 360.0) < 1e-9
    step = sweep_deg / (count if whole else count - 1)
    return [rotation(centre, step * i) for i in range(1, count)]


def path_shifts(
    path: Geometry, count: int, *, turning: bool = False, pivot: XY | None = None
) -> list[Matrix]:
    """Return the matrices of `count` copies evenly along a line, from its start to its end.

    Parameters
    ----------
    path : LineString
    count : int
        Two or more.
    turning : bool
        Whether copies turn with the line, as against its first direction.
    pivot : (x, y)
        The place of the original that comes to lie on the line; its start unless given.
    """
    from gis.measure import heading_deg

    step = path.length / (count - 1)
    origin = pivot or (path.coords[0][0], path.coords[0][1])
    start = heading_deg(path.coords[0][:2], _at(path, min(path.length, 0.01)))
    made = []
    for i in range(count):
        place = _at(path, i * step)
        move = shift(place[0] - origin[0], place[1] - origin[1])
        if turning:
            ahead = _at(path, min(i * step + 0.01, path.length))
            behind = _at(path, max(i * step - 0.01, 0.0))
            move = _then(move, rotation(place, heading_deg(behind, ahead) - start))
        made.append(move)
    return made


def _at(path: Geometry, distance_m: float) -> XY:
    place = path.interpolate(distance_m)
    return float(place.x), float(place.y)


def _then(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return g * a + h * c, g * b + h * d, i * a + j * c, i * b + j * d, g * e + h * f + k, i * e + j * f + m


def _around(centre: XY, a: float, b: float, c: float, d: float) -> Matrix:
    x, y = centre
    return a, b, c, d, x - a * x - b * y, y - c * x - d * y


def _tidy(part: float) -> float:
    return 0.0 if abs(part) < 1e-12 else part
