"""Snapping: the vertex, crossing, midpoint or edge that the pointer means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.measure import XY
from layers.changes import Key
from layers.layer import Layer
from layers.table import FloatArray, Table
from layers.text import Text

SnapKind = Literal["vertex", "intersection", "midpoint", "perpendicular", "centre", "edge", "extension"]

SNAP_WORDS: Final[dict[SnapKind, Text]] = {
    "vertex": Text("端点", "Vertex"),
    "intersection": Text("交点", "Intersection"),
    "midpoint": Text("中点", "Midpoint"),
    "perpendicular": Text("垂足", "Perpendicular"),
    "centre": Text("中心", "Centre"),
    "edge": Text("边", "Edge"),
    "extension": Text("延长线", "Extension"),
}
_BEYOND: Final = 8.0
"""Edges count for their extension if they end within this multiple of the tolerance."""
_SAME_PLACE_M: Final = 1e-6
_MOST_CROSSING: Final = 64
"""Segments near the pointer beyond this number are not crossed with each other: it would take too long."""


@dataclass(frozen=True)
class Snap:
    """A place the pointer is drawn to.

    Parameters
    ----------
    x, y : float
        Metres in the CRS of the project. For a vertex, exactly its coordinates.
    kind : SnapKind
    layer : str or None
        Id of the layer that the place belongs to (of the nearer segment for a
        crossing); None for the shape being drawn.
    """

    x: float
    y: float
    kind: SnapKind
    layer: str | None


@dataclass(frozen=True)
class _Nearby:
    """Single points, segments x1 y1 x2 y2 and middles of areas around the pointer, with the layer of each.

    `beyond` are the segments a little farther off, whose extensions may pass the pointer.
    """

    x: float
    y: float
    points: FloatArray
    point_layers: list[str | None]
    segments: FloatArray
    segment_layers: list[str | None]
    centres: FloatArray
    centre_layers: list[str | None]
    beyond: FloatArray
    beyond_layers: list[str | None]
    origin: XY | None


def rows_near(table: Table, x: float, y: float, reach_m: float) -> NDArray[np.intp]:
    """Return the rows whose box touches the square of `reach_m` around a point.

    A scan over the boxes of blocks and of what lies in those near: ready at once
    after an edit, where a tree would have to be built again.
    """
    return table.bounds.meeting((x - reach_m, y - reach_m, x + reach_m, y + reach_m))


def snap(
    layers: Iterable[Layer],
    x: float,
    y: float,
    tolerance_m: float,
    *,
    skip: Set[Key] = frozenset(),
    sketch: Collection[XY] = (),
    origin: XY | None = None,
) -> Snap | None:
    """Return where the pointer snaps to, or None if nothing is within `tolerance_m`.

    A vertex goes before a crossing, that before a midpoint, the foot of the
    perpendicular from `origin`, the middle of an area, any place on an edge,
    and the extension of an edge; among equals the nearest, and of these the
    upper layer's.

    Parameters
    ----------
    layers : iterable of Layer
        Those to look at, bottom to top.
    x, y : float
        The pointer, metres.
    tolerance_m : float
    skip : set of Key
        Features that do not count, because they are being moved.
    sketch : collection of (x, y)
        Vertices of the shape being drawn; they count as vertices.
    origin : (x, y), optional
        The last point of what is being drawn. With it perpendiculars and extensions count too.
    """
    nearby = _nearby(layers, x, y, tolerance_m, skip, sketch, origin)
    for kind, candidates in _CANDIDATES.items():
        places, owners = candidates(nearby)
        if len(places) == 0:
            continue
        distances = np.hypot(places[:, 0] - x, places[:, 1] - y)
        # The last of equals lies in the upper layer.
        best = len(distances) - 1 - int(np.argmin(distances[::-1]))
        if distances[best] <= tolerance_m:
            return Snap(float(places[best, 0]), float(places[best, 1]), kind, owners[best])
    return None


_Owners: TypeAlias = list[str | None]
_Found: TypeAlias = tuple[FloatArray, _Owners]


def _vertices(nearby: _Nearby) -> _Found:
    ends = nearby.segments.reshape(-1, 2)
    twice = [layer for layer in nearby.segment_layers for _ in range(2)]
    return np.concatenate([ends, nearby.points]), [*twice, *nearby.point_layers]


def _midpoints(nearby: _Nearby) -> _Found:
    return (nearby.segments[:, :2] + nearby.segments[:, 2:]) / 2.0, nearby.segment_layers


def _edges(nearby: _Nearby) -> _Found:
    start, along = nearby.segments[:, :2], nearby.segments[:, 2:] - nearby.segments[:, :2]
    squared = np.einsum("ij,ij->i", along, along)
    away = np.array([nearby.x, nearby.y]) - start
    share = np.einsum("ij,ij->i", away, along) / np.where(squared > 0, squared, 1.0)
    return start + np.clip(share, 0.0, 1.0)[:, None] * along, nearby.segment_layers


def _intersections(nearby: _Nearby) -> _Found:
    """Cross every segment with every other; ends that merely touch are vertices already."""
    count = len(nearby.segments)
    if not 1 < count <= _MOST_CROSSING:
        return np.empty((0, 2)), []
    first, second = np.triu_indices(count, 1)
    p, r = nearby.segments[first, :2], nearby.segments[first, 2:] - nearby.segments[first, :2]
    q, s = nearby.segments[second, :2], nearby.segments[second, 2:] - nearby.segments[second, :2]
    cross = _cross(r, s)
    safe = np.where(cross != 0, cross, 1.0)
    t, u = _cross(q - p, s) / safe, _cross(q - p, r) / safe
    meet = (cross != 0) & (t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)
    places = (p + t[:, None] * r)[meet]
    return places, [nearby.segment_layers[i] for i in second[meet]]


def _feet(nearby: _Nearby) -> _Found:
    """Return the feet of the perpendiculars from the last point, where they fall on an edge."""
    if nearby.origin is None:
        return np.empty((0, 2)), []
    feet, share = _projected(nearby.segments, nearby.origin)
    away = np.hypot(feet[:, 0] - nearby.origin[0], feet[:, 1] - nearby.origin[1])
    meets = (share >= 0.0) & (share <= 1.0) & (away > _SAME_PLACE_M)
    return feet[meets], [nearby.segment_layers[i] for i in np.flatnonzero(meets)]


def _centres(nearby: _Nearby) -> _Found:
    return nearby.centres, nearby.centre_layers


def _extensions(nearby: _Nearby) -> _Found:
    """Return the nearest places on the straight lines beyond the ends of edges near by."""
    if nearby.origin is None:
        return np.empty((0, 2)), []
    feet, share = _projected(nearby.beyond, (nearby.x, nearby.y))
    outside = (share < 0.0) | (share > 1.0)
    return feet[outside], [nearby.beyond_layers[i] for i in np.flatnonzero(outside)]


def _projected(segments: FloatArray, place: XY) -> tuple[FloatArray, FloatArray]:
    """Return the foot of a place on the straight line of each segment, and its share along the segment."""
    start, along = segments[:, :2], segments[:, 2:] - segments[:, :2]
    squared = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", np.array(place) - start, along) / np.where(squared > 0, squared, 1.0)
    share = np.where(squared > 0, share, 0.0)
    return start + share[:, None] * along, share


_CANDIDATES: Final[dict[SnapKind, Callable[[_Nearby], _Found]]] = {
    "vertex": _vertices,
    "intersection": _intersections,
    "midpoint": _midpoints,
    "perpendicular": _feet,
    "centre": _centres,
    "edge": _edges,
    "extension": _extensions,
}


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


def _nearby(
    layers: Iterable[Layer],
    x: float,
    y: float,
    reach_m: float,
    skip: Set[Key],
    sketch: Collection[XY],
    origin: XY | None,
) -> _Nearby:
    points, point_layers = [np.empty((0, 2))], _Owners()
    segments, segment_layers = [np.empty((0, 4))], _Owners()
    centres, centre_layers = [np.empty((0, 2))], _Owners()
    beyond, beyond_layers = [np.empty((0, 4))], _Owners()
    for layer in layers:
        if not len(layer.table):
            continue
        # One scan over the boxes serves both reaches: it is most of the time in a large layer.
        wide = _rows(layer, x, y, reach_m if origin is None else _BEYOND * reach_m, skip)
        b = layer.table.bounds[wide]
        near = (b[:, 0] <= x + reach_m) & (b[:, 2] >= x - reach_m)
        near &= (b[:, 1] <= y + reach_m) & (b[:, 3] >= y - reach_m)
        geometry = layer.table.geometry[wide[near]]
        middles = _within(_middles(geometry), x, y, reach_m)
        centres.append(middles)
        centre_layers += [layer.id] * len(middles)
        if origin is not None:
            far = _ending_within(_segments(layer.table.geometry[wide]), x, y, _BEYOND * reach_m)
            beyond.append(far)
            beyond_layers += [layer.id] * len(far)
        single = _within(
            shapely.get_coordinates(geometry[shapely.get_dimensions(geometry) == 0]), x, y, reach_m
        )
        edges = _within(_segments(geometry), x, y, reach_m)
        points.append(single)
        point_layers += [layer.id] * len(single)
        segments.append(edges)
        segment_layers += [layer.id] * len(edges)
    own = np.array([*sketch], dtype=float).reshape(-1, 2)
    return _Nearby(
        x,
        y,
        np.concatenate([*points, own]),
        [*point_layers, *([None] * len(own))],
        np.concatenate(segments),
        segment_layers,
        np.concatenate(centres),
        centre_layers,
        np.concatenate(beyond),
        beyond_layers,
        origin,
    )


def _middles(geometry: NDArray[np.object_]) -> FloatArray:
    """Return the middles of areas, shape (n, 2)."""
    areas = geometry[shapely.get_dimensions(geometry) == 2]
    middles: FloatArray = shapely.get_coordinates(shapely.centroid(areas)).reshape(-1, 2)
    return middles


def _ending_within(segments: FloatArray, x: float, y: float, reach_m: float) -> FloatArray:
    """Keep the segments with an end in the square around the pointer."""
    near = np.abs(segments.reshape(-1, 2, 2) - (x, y)).max(axis=2, initial=0.0) <= reach_m
    kept: FloatArray = segments[near.any(axis=1)]
    return kept


def _rows(layer: Layer, x: float, y: float, reach_m: float, skip: Set[Key]) -> NDArray[np.intp]:
    rows = rows_near(layer.table, x, y, reach_m)
    if skip:
        rows = np.array([i for i in rows if (layer.id, layer.table.uids[i]) not in skip], dtype=np.intp)
    return rows


def _segments(geometry: NDArray[np.object_]) -> FloatArray:
    """Return the segments x1 y1 x2 y2 of all lines and rings, shape (n, 4)."""
    parts = shapely.get_parts(geometry)
    dimension = shapely.get_dimensions(parts)
    paths = np.concatenate([parts[dimension == 1], shapely.get_rings(parts[dimension == 2])])
    xy, path = shapely.get_coordinates(paths, return_index=True)
    same_path = path[1:] == path[:-1]
    return np.concatenate([xy[:-1], xy[1:]], axis=1)[same_path] if len(xy) else np.empty((0, 4))


def _within(places: FloatArray, x: float, y: float, reach_m: float) -> FloatArray:
    """Keep the points (n, 2) or segments (n, 4) whose box touches the square around the pointer."""
    xs, ys = places[:, 0::2], places[:, 1::2]
    keep = (xs.min(axis=1) <= x + reach_m) & (xs.max(axis=1) >= x - reach_m)
    keep &= (ys.min(axis=1) <= y + reach_m) & (ys.max(axis=1) >= y - reach_m)
    kept: FloatArray = places[keep]
    return kept
