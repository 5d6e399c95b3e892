"""Geometries as flat coordinate arrays, so that nothing loops over vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.render.keeping import kept, worth_keeping
from layers.column import Block, Chosen, Column, Patched, Plain, objects
from layers.packed_shapes import Outlines
from layers.table import Table

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

_AT_ONCE: Final = 8192
"""So many geometries are read at once: reading them holds the interpreter, and the window waits for it."""
_COLLECTION: Final = 7
MIXED: Final = 3
_DIMENSION: Final = (0, 1, 1, 2, 0, 1, 2)
"""Of what has the numbers of shapely's simple types."""
_FEW: Final = 8
"""Less than one row in so many is worked out by itself."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Vertex runs (rings or lines), one after the other.

    Parameters
    ----------
    coords : array, shape (n, 2)
    starts : array of int, shape (k + 1,)
        Run i is ``coords[starts[i]:starts[i + 1]]``.
    row : array of int, shape (k,)
        Row of the table each run belongs to, rising.
    """

    coords: Floats
    starts: Ints
    row: Ints

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.row)

    @property
    def lengths(self) -> Ints:
        """Vertices of each run, shape (k,)."""
        return np.diff(self.starts)

    @property
    def run(self) -> Ints:
        """Number of the run each vertex belongs to, shape (n,)."""
        return np.repeat(np.arange(len(self.row)), self.lengths)

    def of(self, wanted: Mask) -> Runs:
        """Return the runs a mask over runs selects."""
        if wanted.all():
            return self
        lengths = self.lengths
        return Runs(self.coords[np.repeat(wanted, lengths)], starts_of(lengths[wanted]), self.row[wanted])

    def with_coords(self, coords: Floats) -> Runs:
        """Return the same runs in other coordinates."""
        return Runs(coords, self.starts, self.row)

    def of_rows(self, rows: Ints) -> Runs:
        """Return the runs of some rows, which rise; takes as long as those are, not all."""
        first = np.searchsorted(self.row, rows)
        count = np.searchsorted(self.row, rows, side="right") - first
        return self.in_order(np.arange(count.sum()) + np.repeat(first - starts_of(count)[:-1], count))

    def in_order(self, order: Ints) -> Runs:
        """Return the runs in another order."""
        lengths = self.lengths[order]
        starts = starts_of(lengths)
        index = np.arange(starts[-1]) + np.repeat(self.starts[order] - starts[:-1], lengths)
        return Runs(self.coords[index], starts, self.row[order])


NO_RUNS: Final = Runs(np.empty((0, 2)), np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class Shapes:
    """What a geometry column holds, by shape.

    Rings of areas run counter-clockwise outside and clockwise in holes, so
    that a winding fill joins overlapping areas and leaves holes empty.
    """

    areas: Runs
    lines: Runs
    points: Floats
    point_row: Ints


def shapes_of(table: Table) -> Shapes:
    """Return the flat geometry of a table, in metres; worked out once for each version of a small one."""
    if _is_packed(table):
        return _unpacked(table.geometry, np.arange(len(table)))
    return kept(table, "shapes", lambda: flatten(np.asarray(table.geometry)))


def shapes_at(table: Table, rows: Ints) -> Shapes:
    """Return the flat geometry of some rows, numbered as in the table.

    Of a few rows of a table just edited only theirs is worked out; packed outlines are quick to unpack, and
    would be most of the memory of a large plan if they were kept.
    """
    if _is_packed(table):
        return _unpacked(table.geometry, rows)
    if len(rows) * _FEW > len(table) or worth_keeping(table, "shapes"):
        return rows_of(shapes_of(table), rows, len(table))
    flat = flatten(table.geometry[rows])
    return Shapes(
        Runs(flat.areas.coords, flat.areas.starts, rows[flat.areas.row]),
        Runs(flat.lines.coords, flat.lines.starts, rows[flat.lines.row]),
        flat.points,
        rows[flat.point_row],
    )


def dimensions_of(table: Table) -> NDArray[np.int8]:
    """Return 0 for points, 1 for lines, 2 for areas, `MIXED`, -1 for nothing, shape (n,); kept."""

    def of(block: Block) -> NDArray[np.int8]:
        if isinstance(block, Outlines):
            return np.full(len(block), _DIMENSION[block.kind], dtype=np.int8)
        if isinstance(block, Patched):
            found = of(block.base)
            found[list(block.patches)] = of(Plain(objects(block.patches.values())))
            return found
        if isinstance(block, Chosen):
            rest: NDArray[np.int8] = of(block.base)[block.rows]
            return rest
        shapes = block.take(None)
        mixed = shapely.get_type_id(shapes) == _COLLECTION
        return np.where(mixed, MIXED, shapely.get_dimensions(shapes)).astype(np.int8)

    def make() -> NDArray[np.int8]:
        return np.concatenate([np.empty(0, dtype=np.int8), *map(of, table.geometry.blocks)])

    return kept(table, "dimensions", make)


def _is_packed(table: Table) -> bool:
    return len(table.geometry.blocks) > 1


def _unpacked(column: Column, rows: Ints) -> Shapes:
    """Return the flat geometry of some rows, which rise, block by block."""
    parts = [_block_shapes(block, at, rows[place]) for block, at, place in column.parts(rows)]
    return Shapes(
        _all_runs([part.areas for part in parts]),
        _all_runs([part.lines for part in parts]),
        np.concatenate([np.empty((0, 2)), *(part.points for part in parts)]),
        np.concatenate([np.arange(0), *(part.point_row for part in parts)]),
    )


def _block_shapes(block: Block, at: Ints | None, rows: Ints) -> Shapes:
    if not isinstance(block, Outlines):
        flat = flatten(block.take(at))
        return Shapes(
            Runs(flat.areas.coords, flat.areas.starts, rows[flat.areas.row]),
            Runs(flat.lines.coords, flat.lines.starts, rows[flat.lines.row]),
            flat.points,
            rows[flat.point_row],
        )
    ragged = block.ragged(at)
    dimension = _DIMENSION[ragged.kind]
    owner = np.repeat(rows, np.diff(ragged.geometry_runs))
    if dimension == 0:
        return Shapes(NO_RUNS, NO_RUNS, ragged.coords, owner)
    runs = Runs(ragged.coords, ragged.offsets[0], owner)
    if dimension == 1:
        return Shapes(NO_RUNS, runs, np.empty((0, 2)), np.arange(0))
    turned = _turned(runs, (signed_areas(runs) > 0) != ragged.outer)
    return Shapes(turned, NO_RUNS, np.empty((0, 2)), np.arange(0))


def _all_runs(parts: list[Runs]) -> Runs:
    parts = [part for part in parts if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else NO_RUNS
    shift = starts_of(np.array([part.starts[-1] for part in parts]))
    starts = [part.starts[:-1] + first for part, first in zip(parts, shift[:-1].tolist(), strict=True)]
    return Runs(
        np.concatenate([part.coords for part in parts]),
        np.concatenate([*starts, shift[-1:]]),
        np.concatenate([part.row for part in parts]),
    )


def rows_of(shapes: Shapes, rows: Ints, count: int) -> Shapes:
    """Return the geometry of some rows out of that of a table of `count` rows."""
    if len(rows) == count:
        return shapes
    if len(rows) * _FEW < count:
        points = np.flatnonzero(np.isin(shapes.point_row, rows)) if len(shapes.points) else np.arange(0)
        return Shapes(
            shapes.areas.of_rows(rows),
            shapes.lines.of_rows(rows),
            shapes.points[points],
            shapes.point_row[points],
        )
    wanted = np.zeros(count, dtype=bool)
    wanted[rows] = True
    point = wanted[shapes.point_row]
    return Shapes(
        shapes.areas.of(wanted[shapes.areas.row]),
        shapes.lines.of(wanted[shapes.lines.row]),
        shapes.points[point],
        shapes.point_row[point],
    )


def flatten(geometry: NDArray[Any]) -> Shapes:
    """Take geometries apart into runs and points; ``None`` and empty ones vanish."""
    parts, row = _simple_parts(np.asarray(geometry, dtype=object))
    kinds = shapely.get_type_id(parts)
    full = ~shapely.is_empty(parts)
    polygon, line, point = (kinds == 3) & full, ((kinds == 1) | (kinds == 2)) & full, (kinds == 0) & full
    return Shapes(
        _rings(parts[polygon], row[polygon]),
        _runs(parts[line], row[line]),
        shapely.get_coordinates(parts[point]),
        row[point],
    )


def anchors_of(table: Table) -> Floats:
    """Return a place on each feature for a marker or label, shape (n, 2); NaN if it has none.

    Areas: the centroid if it lies inside, else a point on the surface; lines:
    halfway; several parts: on the largest.
    """
    return kept(table, "anchors", lambda: anchors(np.asarray(table.geometry)))


def anchors_at(table: Table, rows: Ints) -> Floats:
    """Return a place on each of some rows, shape (k, 2)."""
    if len(rows) * _FEW > len(table) or worth_keeping(table, "anchors"):
        found: Floats = anchors_of(table)[rows]
        return found
    return anchors(table.geometry[rows])


def anchors_among(table: Table, rows: Ints) -> Floats:
    """Return places by the row numbers of a table, shape (n, 2); those of other rows may be NaN."""
    if len(rows) * _FEW > len(table) or worth_keeping(table, "anchors"):
        return anchors_of(table)
    places = np.full((len(table), 2), np.nan)
    places[rows] = anchors(table.geometry[rows])
    return places


def anchors(geometry: NDArray[Any]) -> Floats:
    """Return a place on each geometry, shape (n, 2); NaN for None and empty."""
    chosen = largest_parts(geometry)
    chosen[shapely.is_empty(chosen)] = None
    kinds = shapely.get_type_id(chosen)
    result = np.full((len(chosen), 2), np.nan)
    line = (kinds == 1) | (kinds == 2)
    place = np.array(shapely.centroid(chosen))
    place[line] = shapely.line_interpolate_point(chosen[line], 0.5, normalized=True)
    area = np.flatnonzero(kinds == 3)
    outside = area[~shapely.contains_xy(chosen[area], shapely.get_x(place[area]), shapely.get_y(place[area]))]
    place[outside] = shapely.point_on_surface(chosen[outside])
    result[:, 0], result[:, 1] = shapely.get_x(place), shapely.get_y(place)
    return result


def largest_parts(geometry: NDArray[Any]) -> NDArray[Any]:
    """Return the largest (longest, first) simple part of each geometry."""
    result = np.array(geometry, dtype=object)
    several = np.flatnonzero(shapely.get_num_geometries(result) > 1)
    for index in several:
        parts = shapely.get_parts(result[index])
        result[index] = parts[np.argmax(shapely.area(parts) + 1e-9 * shapely.length(parts))]
    single = shapely.get_type_id(result) > 3
    result[single] = shapely.get_geometry(result[single], 0)
    return result


def starts_of(lengths: Ints | Mask) -> Ints:
    """Return where runs of these lengths begin, and where the last ends."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _simple_parts(geometry: NDArray[Any]) -> tuple[NDArray[Any], Ints]:
    """Return points, lines and polygons, and the row each comes from."""
    parts, row = geometry, np.arange(len(geometry))
    while (shapely.get_type_id(parts) > 3).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        row = row[inner]
    return parts, row


def _rings(polygons: NDArray[Any], row: Ints) -> Runs:
    """Return the rings of polygons, turned so that outer ones run counter-clockwise, holes clockwise."""
    if not shapely.get_num_interior_rings(polygons).any():
        runs, outer = _runs(polygons, row), np.ones(len(polygons), dtype=bool)
    else:
        rings, owner = shapely.get_rings(polygons, return_index=True)
        runs, outer = _runs(rings, row[owner]), np.append(True, owner[1:] != owner[:-1])
    return _turned(runs, (signed_areas(runs) > 0) != outer)


def signed_areas(runs: Runs) -> Floats:
    """Return the area each closed run encloses; negative if it runs clockwise."""
    if not len(runs):
        return np.empty(0)
    first = runs.starts[:-1]
    x, y = (runs.coords - np.repeat(runs.coords[first], runs.lengths, axis=0)).T
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[runs.starts[1:] - 1] = 0.0
    return np.add.reduceat(cross, first) / 2


def _turned(runs: Runs, wrong: Mask) -> Runs:
    """Return runs with some of them running the other way."""
    if not wrong.any():
        return runs
    index = np.arange(len(runs.coords))
    mirrored = np.repeat(runs.starts[:-1] + runs.starts[1:] - 1, runs.lengths) - index
    return runs.with_coords(runs.coords[np.where(np.repeat(wrong, runs.lengths), mirrored, index)])


def _runs(lines: NDArray[Any], row: Ints) -> Runs:
    starts = starts_of(shapely.get_num_coordinates(lines))
    coords = np.empty((int(starts[-1]), 2))
    for begin in range(0, len(lines), _AT_ONCE):
        end = min(begin + _AT_ONCE, len(lines))
        coords[starts[begin] : starts[end]] = shapely.get_coordinates(lines[begin:end])
    return Runs(coords, starts, row.astype(np.int64))
