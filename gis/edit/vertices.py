"""Moving, inserting and removing single vertices of a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from gis.edit.features import found, set_geometry
from layers.changes import ChangeSet, Key
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text

FloatArray: TypeAlias = NDArray[np.float64]
_Paths: TypeAlias = list[list[FloatArray]]


@dataclass(frozen=True)
class Vertex:
    """The place of a vertex in a geometry: part, ring or line of the part, and number along it.

    The closing vertex of a ring is its vertex 0.
    """

    part: int
    path: int
    index: int


@dataclass(frozen=True)
class VertexTable:
    """All vertices of a geometry, and the edges between them.

    Parameters
    ----------
    vertices : tuple of Vertex
    xy : array, shape (n, 2)
        Where they are, metres.
    edges : array of int, shape (m, 2)
        Numbers of the two vertices of each edge; a new vertex on edge
        ``(i, j)`` is inserted after vertex ``i``.
    """

    vertices: tuple[Vertex, ...]
    xy: FloatArray
    edges: NDArray[np.intp]


def vertex_table(geometry: Geometry) -> VertexTable:
    """Return the vertices and edges of a geometry.

    Examples
    --------
    >>> table = vertex_table(shapely.box(0, 0, 2, 1))
    >>> len(table.vertices), len(table.edges)
    (4, 4)
    """
    vertices: list[Vertex] = []
    places: list[FloatArray] = []
    edges: list[tuple[int, int]] = []
    closed = _closed(geometry)
    for p, part in enumerate(_paths(geometry)):
        for r, path in enumerate(part):
            first, count = len(vertices), len(path)
            vertices += [Vertex(p, r, i) for i in range(count)]
            places.append(path[:, :2])
            edges += [(first + i, first + i + 1) for i in range(count - 1)]
            if closed and count > 1:
                edges.append((first + count - 1, first))
    xy = np.concatenate(places) if places else np.empty((0, 2))
    return VertexTable(tuple(vertices), xy, np.array(edges, dtype=np.intp).reshape(-1, 2))


def with_vertex_moved(geometry: Geometry, vertex: Vertex, x: float, y: float) -> Geometry:
    """Return the geometry with one vertex in another place; its height stays."""
    paths = _paths(geometry)
    paths[vertex.part][vertex.path][vertex.index, :2] = x, y
    return _built(geometry, paths)


def with_vertex_inserted(geometry: Geometry, after: Vertex, x: float, y: float) -> Geometry:
    """Return the geometry with a new vertex after another one; it takes that one's height."""
    paths = _paths(geometry)
    path = paths[after.part][after.path]
    row = path[after.index].copy()
    row[:2] = x, y
    paths[after.part][after.path] = np.insert(path, after.index + 1, row, axis=0)
    return _built(geometry, paths)


def with_vertex_removed(geometry: Geometry, vertex: Vertex) -> Geometry:
    """Return the geometry without one vertex.

    Raises
    ------
    RefusedError
        If too few would be left: a line needs two, an outline three.
    """
    paths = _paths(geometry)
    path = paths[vertex.part][vertex.path]
    least = 3 if _closed(geometry) else 2
    if len(path) <= least:
        raise RefusedError(
            Text("至少要保留 {n} 个顶点。", "At least {n} vertices must remain.").format(n=least),
            Text(
                "要去掉整个对象，请选中后按 Delete。",
                "To remove the whole object, select it and press Delete.",
            ),
            code="geometry.too-few",
        )
    paths[vertex.part][vertex.path] = np.delete(path, vertex.index, axis=0)
    return _built(geometry, paths)


def move_vertex(snapshot: Snapshot, key: Key, vertex: Vertex, x: float, y: float) -> ChangeSet:
    """Return the change that moves one vertex, or raise `RefusedError` if the shape would be invalid."""
    return _reshape(snapshot, key, with_vertex_moved(_shape(snapshot, key), vertex, x, y))


def insert_vertex(snapshot: Snapshot, key: Key, after: Vertex, x: float, y: float) -> ChangeSet:
    """Return the change that inserts a vertex after another one."""
    return _reshape(snapshot, key, with_vertex_inserted(_shape(snapshot, key), after, x, y))


def remove_vertex(snapshot: Snapshot, key: Key, vertex: Vertex) -> ChangeSet:
    """Return the change that removes one vertex, or raise `RefusedError` if too few are left."""
    return _reshape(snapshot, key, with_vertex_removed(_shape(snapshot, key), vertex))


def _reshape(snapshot: Snapshot, key: Key, geometry: Geometry) -> ChangeSet:
    if not shapely.is_valid(geometry):
        raise RefusedError(
            Text(
                "这样边线会自相交，图形保持原样。",
                "The outline would cross itself; the shape stays as it was.",
            ),
            Text("请把顶点移到不与其他边相交的位置。", "Move the vertex to where its edges cross no others."),
            code="geometry.invalid",
        )
    return set_geometry(snapshot, key, geometry)


def _shape(snapshot: Snapshot, key: Key) -> Geometry:
    geometry = found(snapshot, key).geometry
    if geometry is None:
        raise RefusedError(Text("该对象没有图形。", "That object has no shape."), code="geometry.missing")
    return geometry


def _closed(geometry: Geometry) -> bool:
    return geometry.geom_type in ("Polygon", "MultiPolygon", "LinearRing")


def _paths(geometry: Geometry) -> _Paths:
    """Take a geometry apart: parts, their rings or lines, coordinates (n, 2 or 3) without the closing one."""
    paths: _Paths = []
    for part in shapely.get_parts(geometry):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        # the first and last vertex of a ring are one
        coordinates = [shapely.get_coordinates(ring, include_z=bool(geometry.has_z)) for ring in rings]
        paths.append([xy[:-1].copy() if _closed(geometry) else xy.copy() for xy in coordinates])
    return paths


def _built(geometry: Geometry, paths: _Paths) -> Geometry:
    """Put a geometry of the same type together again."""
    parts = [_part(geometry.geom_type.removeprefix("Multi"), part) for part in paths]
    if not geometry.geom_type.startswith("Multi"):
        return parts[0]
    makers: dict[str, Any] = {
        "MultiPoint": shapely.multipoints,
        "MultiLineString": shapely.multilinestrings,
        "MultiPolygon": shapely.multipolygons,
    }
    return makers[geometry.geom_type](parts)


def _part(shape: str, part: list[FloatArray]) -> Geometry:
    if shape == "Polygon":
        return shapely.Polygon(part[0], part[1:])
    makers: dict[str, Any] = {
        "LinearRing": shapely.linearrings,
        "LineString": shapely.linestrings,
        "Point": lambda xy: shapely.points(xy[0]),
    }
    return makers[shape](part[0])


def with_vertex_replaced(geometry: Geometry, vertex: Vertex, places: FloatArray) -> Geometry:
    """Return the geometry with several vertices (n, 2) in the place of one; they take its height."""
    paths = _paths(geometry)
    path = paths[vertex.part][vertex.path]
    rows = np.repeat(path[vertex.index : vertex.index + 1], len(places), axis=0)
    rows[:, :2] = places
    paths[vertex.part][vertex.path] = np.concatenate([path[: vertex.index], rows, path[vertex.index + 1 :]])
    return _built(geometry, paths)


def neighbours_of(geometry: Geometry, vertex: Vertex) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return the places before, at and after a vertex; None at the end of a line and for points."""
    path = _paths(geometry)[vertex.part][vertex.path][:, :2]
    if len(path) < 3 or (not _closed(geometry) and vertex.index in (0, len(path) - 1)):
        return None
    return path[vertex.index - 1], path[vertex.index], path[(vertex.index + 1) % len(path)]


def with_vertices_shifted(
    geometry: Geometry, vertices: Sequence[Vertex], dx_m: float, dy_m: float
) -> Geometry:
    """Return the geometry with several vertices moved by metres east and north."""
    paths = _paths(geometry)
    for vertex in vertices:
        paths[vertex.part][vertex.path][vertex.index, :2] += dx_m, dy_m
    return _built(geometry, paths)


def with_vertices_moved(geometry: Geometry, places: Mapping[Vertex, tuple[float, float]]) -> Geometry:
    """Return the geometry with several vertices in other places."""
    paths = _paths(geometry)
    for vertex, place in places.items():
        paths[vertex.part][vertex.path][vertex.index, :2] = place
    return _built(geometry, paths)


def shift_vertices(
    snapshot: Snapshot, key: Key, vertices: Sequence[Vertex], dx_m: float, dy_m: float
) -> ChangeSet:
    """Return the change that moves several vertices together, or raise `RefusedError` if it cannot be."""
    return _reshape(snapshot, key, with_vertices_shifted(_shape(snapshot, key), vertices, dx_m, dy_m))


def remove_vertices(snapshot: Snapshot, key: Key, vertices: Sequence[Vertex]) -> ChangeSet:
    """Return the change that removes several vertices, or raise `RefusedError` if too few are left."""
    geometry = _shape(snapshot, key)
    for vertex in sorted(vertices, key=lambda v: (v.part, v.path, v.index), reverse=True):
        geometry = with_vertex_removed(geometry, vertex)
    return _reshape(snapshot, key, geometry)
