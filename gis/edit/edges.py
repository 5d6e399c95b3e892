"""Trimming, extending, rounding and redrawing lines and outlines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.edit.construct import arc
from gis.edit.geometries import refused, reshaped, shape_of
from gis.edit.split import piece_between, replaced_by_parts, split
from gis.edit.vertices import FloatArray, Vertex, neighbours_of, with_vertex_replaced
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text

FARTHEST_M: Final = 2000.0
"""Lines are extended no farther than this."""
_NEAR_M: Final = 1e-6


def trim_feature(snapshot: Snapshot, key: Key, cutters: Sequence[Geometry], place: XY) -> ChangeSet:
    """Return the change that removes the piece of a line at a place, up to what crosses it."""
    line = shape_of(snapshot, key)
    gone = trimmed_piece(line, cutters, place)
    rest = [piece for piece in _pieces(line, cutters) if piece is not gone and not piece.equals(gone)]
    joined = shapely.get_parts(shapely.line_merge(shapely.union_all(rest)))
    return replaced_by_parts(snapshot, {key: [_directed(part, line) for part in joined]})


def trimmed_piece(line: Geometry, cutters: Sequence[Geometry], place: XY) -> Geometry:
    """Return the piece of a line that trimming at a place would remove.

    Raises
    ------
    RefusedError
        If it is no line, or nothing crosses it.
    """
    pieces = _pieces(line, cutters)
    if len(pieces) < 2:
        raise refused(
            "trim.nothing",
            "没有别的线与它相交，无从修剪。",
            "Nothing crosses this line, so there is nothing to trim to.",
        )
    return min(pieces, key=lambda piece: piece.distance(shapely.Point(place)))


def extend_feature(snapshot: Snapshot, key: Key, targets: Sequence[Geometry], place: XY) -> ChangeSet:
    """Return the change that extends the end of a line nearest to a place to the first target it meets."""
    return reshaped(snapshot, [key], lambda line: extended(line, targets, place))


def extended(line: Geometry, targets: Sequence[Geometry], place: XY) -> Geometry:
    """Return a line with the end nearest to a place moved on, straight, to the first target.

    Raises
    ------
    RefusedError
        If it is no single line, or no target lies ahead.

    Examples
    --------
    >>> wall = shapely.LineString([(9, -5), (9, 5)])
    >>> extended(shapely.LineString([(0, 0), (4, 0)]), [wall], (4, 0)).wkt
    'LINESTRING (0 0, 9 0)'
    """
    if line.geom_type != "LineString":
        raise refused("extend.line", "只能延伸单条线。", "Only a single line can be extended.")
    xy = np.asarray(line.coords)[:, :2]
    at_start = math.dist(xy[0], place) < math.dist(xy[-1], place)
    path = xy[::-1] if at_start else xy
    ahead = path[-1] - path[-2]
    ray = shapely.linestrings([path[-1], path[-1] + ahead / np.hypot(*ahead) * FARTHEST_M])
    meets = shapely.get_coordinates(shapely.intersection(ray, shapely.union_all(_edges(targets))))
    away = np.hypot(*(meets - path[-1]).T)
    meets, away = meets[away > _NEAR_M], away[away > _NEAR_M]
    if not len(meets):
        raise refused(
            "extend.nothing", "前方没有可以延伸到的线。", "There is nothing ahead to extend the line to."
        )
    longer = np.array([*path[:-1], meets[int(np.argmin(away))]])
    return shapely.linestrings(longer[::-1] if at_start else longer)


def fillet_feature(snapshot: Snapshot, key: Key, vertex: Vertex, radius_m: float) -> ChangeSet:
    """Return the change that rounds one corner with a radius."""
    return reshaped(snapshot, [key], lambda geometry: filleted(geometry, vertex, radius_m))


def filleted(geometry: Geometry, vertex: Vertex, radius_m: float) -> Geometry:
    """Return a line or area with one corner rounded.

    Raises
    ------
    RefusedError
        If there is no corner, or the edges are too short for the radius; says the largest that fits.
    """
    corner = neighbours_of(geometry, vertex)
    if corner is None:
        raise refused("fillet.end", "这里不是转角。", "There is no corner here.")
    before, at, after = corner
    back, on = before - at, after - at
    shorter = float(min(np.hypot(*back), np.hypot(*on)))
    back, on = back / np.hypot(*back), on / np.hypot(*on)
    half = math.acos(float(np.clip(np.dot(back, on), -1.0, 1.0))) / 2
    if not 1e-4 < half < math.pi / 2 - 1e-4:
        raise refused("fillet.straight", "这里是直线，没有转角。", "The line runs straight here.")
    tangent = radius_m / math.tan(half)
    if tangent > shorter + _NEAR_M:
        most = shorter * math.tan(half)
        words = Text("半径太大，这里最大 {m:.2f} m。", "Too large; at most {m:.2f} m fits here.")
        raise RefusedError(words.format(m=most), code="fillet.radius")
    middle = (back + on) / np.hypot(*(back + on))
    centre = at + middle * (radius_m / math.sin(half))
    start, end, through = at + back * tangent, at + on * tangent, centre - middle * radius_m
    curve = arc((start[0], start[1]), (through[0], through[1]), (end[0], end[1]))
    return with_vertex_replaced(geometry, vertex, np.asarray(curve.coords))


def reshape_features(snapshot: Snapshot, keys: Sequence[Key], line: Geometry) -> ChangeSet:
    """Return the change that lets outlines and lines follow a drawn line between where it meets them.

    Raises
    ------
    RefusedError
        If it meets none of them twice.
    """
    changes = reshaped(snapshot, keys, lambda geometry: redrawn(geometry, line))
    if not changes:
        raise refused(
            "reshape.nothing",
            "改形线要与边线相交两次。",
            "The drawn line must meet the outline twice.",
        )
    return changes


@dataclass(frozen=True)
class Redrawing:
    """A path that follows a drawn line between two places of its own.

    Parameters
    ----------
    path : array, shape (n, 2)
        All of it, closed if it was.
    old, new : array, shape (m, 2)
        What was replaced, and by what.
    """

    path: FloatArray
    old: FloatArray
    new: FloatArray


def redrawn(geometry: Geometry, line: Geometry) -> Geometry | None:
    """Return a shape that follows a drawn line between its first and last meeting; None if it does not.

    Of the two areas that an outline then makes, the larger one is meant.

    Examples
    --------
    >>> redrawn(shapely.box(0, 0, 4, 4), shapely.LineString([(2, 5), (2, 2), (5, 2)])).area
    12.0
    """
    made = redrawing(geometry, line)
    if made is None:
        return None
    if geometry.geom_type == "LineString":
        return shapely.linestrings(made.path)
    return shapely.Polygon(made.path, geometry.interiors)


def redrawing(geometry: Geometry, line: Geometry) -> Redrawing | None:
    """Return how the outline or line of a shape follows a drawn line as `redrawn` does; None if not."""
    if geometry.geom_type not in ("Polygon", "LineString"):
        return None
    path = geometry.exterior if geometry.geom_type == "Polygon" else geometry
    met = shapely.get_coordinates(shapely.intersection(path, line))
    if len(met) < 2:
        return None
    along = shapely.line_locate_point(line, shapely.points(met))
    first, last = float(along.min()), float(along.max())
    if last - first < _NEAR_M:
        return None
    made = redrawings(path, _part(line, first, last))
    if geometry.geom_type == "LineString":
        return made[0]
    areas = [shapely.Polygon(m.path) for m in made]
    best = max((i for i, a in enumerate(areas) if a.is_valid), key=lambda i: areas[i].area, default=0)
    return made[best]


def redrawings(path: Geometry, drawn: FloatArray) -> list[Redrawing]:
    """Return how a line, or a ring in either way round, takes a drawn path between its ends."""
    start, end = (float(path.project(shapely.Point(p))) for p in (drawn[0], drawn[-1]))
    if start > end:
        start, end, drawn = end, start, drawn[::-1]
    between = _part(path, start, end)
    if path.geom_type != "LinearRing":
        whole = _joined(_part(path, 0.0, start), drawn, _part(path, end, path.length))
        return [Redrawing(whole, between, drawn)]
    around, back = _joined(_part(path, end, path.length), _part(path, 0.0, start)), drawn[::-1]
    return [
        Redrawing(_joined(between, back), around, back),
        Redrawing(_joined(around, drawn), between, drawn),
    ]


def _part(path: Geometry, start_m: float, end_m: float) -> FloatArray:
    return np.asarray(piece_between(path, start_m, end_m).coords)[:, :2]


def _joined(*paths: FloatArray) -> FloatArray:
    whole = np.concatenate(paths)
    keep = np.ones(len(whole), dtype=bool)
    keep[1:] = np.hypot(*np.diff(whole, axis=0).T) > _NEAR_M
    return whole[keep]


def _pieces(line: Geometry, cutters: Sequence[Geometry]) -> list[Geometry]:
    if shapely.get_dimensions(line) != 1:
        raise refused("trim.line", "只能修剪线。", "Only lines can be trimmed.")
    edges = _edges(cutters)
    return split(line, shapely.union_all(edges)) if edges else [line]


def _edges(shapes: Sequence[Geometry]) -> list[Geometry]:
    """Return lines as they are and the outlines of areas."""
    return [
        shapely.boundary(s) if shapely.get_dimensions(s) == 2 else s
        for s in shapes
        if shapely.get_dimensions(s) > 0
    ]


def _directed(piece: Geometry, line: Geometry) -> Geometry:
    """Return a piece in the direction of the line it came from."""
    part = min(shapely.get_parts(line), key=lambda p: p.distance(piece.interpolate(0.5, normalized=True)))
    start, end = (part.project(shapely.Point(piece.coords[i])) for i in (0, -1))
    return piece if start <= end else shapely.reverse(piece)
