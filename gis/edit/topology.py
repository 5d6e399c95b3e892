"""Shared borders that move together: the vertices that neighbours have in one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.edit.edges import Redrawing, redrawing, redrawings, reshape_features
from gis.edit.features import found, set_geometry
from gis.edit.geometries import refused, shape_of
from gis.edit.vertices import (
    FloatArray,
    Vertex,
    vertex_table,
    with_vertex_inserted,
    with_vertices_moved,
)
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text

SAME_M: Final = 0.0015
"""Vertices this close are one corner: drawings are rounded to the millimetre."""


def shift_shared_vertices(
    snapshot: Snapshot, key: Key, vertices: Sequence[Vertex], by: XY, layers: Collection[str]
) -> ChangeSet:
    """Return the change that moves vertices of a feature, and those of others in the same places, together.

    Parameters
    ----------
    by : (x, y)
        Metres east and north.
    layers : collection of str
        Ids of the layers whose features go along.

    Raises
    ------
    RefusedError
        If one of the shapes would be invalid; names it. None is changed then.
    """
    own = _places(shape_of(snapshot, key), vertices)
    changes = ChangeSet()
    for other, shape in _touching(snapshot, own, layers, key):
        table = vertex_table(shape)
        hits = np.flatnonzero(_hits(table.xy, own)) if other != key else _numbers(shape, vertices)
        moved = {table.vertices[i]: (table.xy[i, 0] + by[0], table.xy[i, 1] + by[1]) for i in hits}
        if moved:
            changes = changes.then(_set(snapshot, other, with_vertices_moved(shape, moved)))
    return changes


def insert_shared_vertex(
    snapshot: Snapshot, key: Key, after: Vertex, x: float, y: float, layers: Collection[str]
) -> ChangeSet:
    """Return the change that inserts a vertex into a feature and into the edges of others that run there."""
    changes = _set(snapshot, key, with_vertex_inserted(shape_of(snapshot, key), after, x, y))
    place = np.array([[x, y]])
    for other, shape in _touching(snapshot, place, layers, key):
        if other == key:
            continue
        table = vertex_table(shape)
        if _hits(table.xy, place).any() or not len(table.edges):
            continue
        edges = shapely.linestrings(table.xy[table.edges])
        away = shapely.distance(edges, shapely.Point(x, y))
        nearest = int(np.argmin(away))
        if away[nearest] <= SAME_M:
            first = table.vertices[int(table.edges[nearest][0])]
            changes = changes.then(_set(snapshot, other, with_vertex_inserted(shape, first, x, y)))
    return changes


def shared_shapes(
    snapshot: Snapshot, key: Key, vertices: Sequence[Vertex], by: XY, layers: Collection[str]
) -> list[Geometry]:
    """Return what the neighbours would look like, for a preview; whether they are valid or not."""
    own = _places(shape_of(snapshot, key), vertices)
    made = []
    for other, shape in _touching(snapshot, own, layers, key):
        if other != key:
            table = vertex_table(shape)
            moved = {
                table.vertices[i]: (table.xy[i, 0] + by[0], table.xy[i, 1] + by[1])
                for i in np.flatnonzero(_hits(table.xy, own))
            }
            if moved:
                made.append(with_vertices_moved(shape, moved))
    return made


def reshape_shared(
    snapshot: Snapshot, keys: Sequence[Key], line: Geometry, layers: Collection[str]
) -> ChangeSet:
    """Return the change that lets shapes follow a drawn line, and with them what runs along the same edge.

    Raises
    ------
    RefusedError
        As `reshape_features` does; if a neighbour has a corner within the edge, which then belongs to it
        only in part; and if one of the shapes would be invalid. None is changed then.
    """
    changes = reshape_features(snapshot, keys, line)
    for key in keys:
        made = redrawing(shape_of(snapshot, key), line)
        if made is None:
            continue
        for other, shape in _touching(snapshot, made.old, layers, key):
            followed = _following(shape, made) if other not in keys else None
            if followed is not None:
                changes = changes.then(_set(snapshot, other, followed))
            elif other not in keys and _runs_along(shape, made.old):
                raise _in_part(snapshot, other)
    return changes


def _following(shape: Geometry, made: Redrawing) -> Geometry | None:
    """Return a shape with the same edge redrawn; None if it does not have all of that edge."""
    if shape.geom_type == "LineString":
        path = _followed_path(shape, made)
        return None if path is None else shapely.linestrings(path)
    if shape.geom_type != "Polygon":
        return None
    rings = [shape.exterior, *shape.interiors]
    paths = [_followed_path(ring, made) for ring in rings]
    if all(path is None for path in paths):
        return None
    outer, *holes = (ring.coords if path is None else path for ring, path in zip(rings, paths, strict=True))
    return shapely.Polygon(outer, holes)


def _followed_path(path: Geometry, made: Redrawing) -> FloatArray | None:
    old = shapely.linestrings(made.old)
    for option in redrawings(path, made.new):
        same = (
            len(option.old) > 1 and shapely.hausdorff_distance(shapely.linestrings(option.old), old) <= SAME_M
        )
        if same:
            return option.path
    return None


def _runs_along(shape: Geometry, edge: FloatArray) -> bool:
    """Tell whether a line or outline shares some of an edge, more than a corner."""
    outline = shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape
    beside = shapely.buffer(shapely.linestrings(edge), SAME_M, cap_style="flat")
    return bool(shapely.length(shapely.intersection(outline, beside)) > 10 * SAME_M)


def _in_part(snapshot: Snapshot, key: Key) -> RefusedError:
    name = snapshot.layers[key[0]].name_of(found(snapshot, key))
    return refused(
        "topology.in-part",
        f"{name.zh}只占这段边界的一部分，不能一起改形；各图形都保持原样。",
        f"Only part of this edge belongs to {name.en}, so it cannot follow; all shapes stay as they were.",
        Text(
            "请在相邻对象的角点之间分段改形，或按 J 关闭公共边界一起移动。",
            "Reshape piece by piece between the corners, or press J to change one shape alone.",
        ),
    )


def _set(snapshot: Snapshot, key: Key, shape: Geometry) -> ChangeSet:
    if not shapely.is_valid(shape):
        layer = snapshot.layers[key[0]]
        name = layer.name_of(found(snapshot, key))
        raise refused(
            "topology.invalid",
            f"{name.zh}的边线会自相交，各图形都保持原样。",
            f"The outline of {name.en} would cross itself; all shapes stay as they were.",
            Text("请移到不与其他边相交的位置。", "Move it to where the edges cross no others."),
        )
    return set_geometry(snapshot, key, shape)


def _touching(
    snapshot: Snapshot, places: FloatArray, layers: Collection[str], key: Key
) -> Iterable[tuple[Key, Geometry]]:
    """Yield the feature itself, and those of the layers with something at one of the places."""
    yield key, shape_of(snapshot, key)
    if not len(places):
        return
    low, high = places.min(axis=0) - SAME_M, places.max(axis=0) + SAME_M
    points = shapely.multipoints(places)
    for name in layers:
        layer = snapshot.layers.get(name)
        if layer is None or not len(layer.table):
            continue
        for row in layer.table.bounds.meeting((*low.tolist(), *high.tolist())).tolist():
            other = (name, str(layer.table.uids[row]))
            shape = layer.table.geometry[row]
            if other != key and shapely.get_dimensions(shape) > 0 and shapely.dwithin(shape, points, SAME_M):
                yield other, shape


def _places(shape: Geometry, vertices: Sequence[Vertex]) -> FloatArray:
    table = vertex_table(shape)
    places: FloatArray = table.xy[_numbers(shape, vertices)]
    return places


def _numbers(shape: Geometry, vertices: Sequence[Vertex]) -> list[int]:
    at = {vertex: i for i, vertex in enumerate(vertex_table(shape).vertices)}
    return [at[vertex] for vertex in vertices if vertex in at]


def _hits(xy: FloatArray, places: FloatArray) -> np.ndarray:
    """Return which vertices lie in one of some places."""
    if not len(places) or not len(xy):
        return np.zeros(len(xy), dtype=bool)
    away = np.abs(xy[:, None, :] - places[None, :, :]).max(axis=2)
    hits: np.ndarray = (away <= SAME_M).any(axis=1)
    return hits
