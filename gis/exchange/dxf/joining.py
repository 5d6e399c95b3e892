"""Outlines that were drawn as single lines: joined where they close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.aims import Aim
from gis.exchange.dxf.labels import building_values
from gis.exchange.dxf.mapping import Target
from gis.exchange.dxf.sorting import GAP_M, MERGED, TEXTS, Placed, Sorting
from layers.kind import Kind

_CHAINS: Final = frozenset({"LINE", "ARC", "LWPOLYLINE", "POLYLINE", "SPLINE", "ELLIPSE", "3DLINE"})
_MOST_LINES: Final = 100_000
_LARGEST_M2: Final = 50_000.0
_ALONG_M: Final = 0.02


class _Wanted(NamedTuple):
    """Where the outlines of one layer of the drawing go."""

    aim: Aim
    target: Target
    kind: Kind


def join_outlines(sorting: Sorting) -> None:
    """Let single lines become the outlines that they draw together, on layers that only areas belong to.

    Lines that make one ring, and nothing else, are an outline. Where outlines share walls, it takes the
    note of a house in one (砼6) to tell it from a courtyard.
    """
    notes = _house_notes(sorting)
    by_name: dict[str, list[int]] = {}
    for row in sorting.open_rows():
        if sorting.types[row] in _CHAINS and sorting.is_chain[row]:
            by_name.setdefault(sorting.names[row], []).append(row)
    for name, rows in by_name.items():
        wanted = _wanted(sorting, name)
        if wanted is not None and len(rows) <= _MOST_LINES:
            _join(sorting, name, rows, wanted, notes)


def _wanted(sorting: Sorting, name: str) -> _Wanted | None:
    """Return what the lines of a layer are to become, or None if its lines belong somewhere as lines."""
    target = sorting.target(name)
    aims = [(aim, sorting.kind(aim.layer)) for aim in target.aims]
    kinds = [(aim, kind) for aim, kind in aims if kind is not None]
    if any("line" in kind.geometry for _, kind in kinds):
        return None
    return next((_Wanted(aim, target, kind) for aim, kind in kinds if "polygon" in kind.geometry), None)


def _house_notes(sorting: Sorting) -> NDArray[np.object_]:
    """Return the places of the notes that tell structure or floors of a house."""
    drawing = sorting.drawing
    words = drawing.sparse("text")
    rows = [
        row
        for row in sorting.open_rows()
        if sorting.types[row] in TEXTS and words[row] and _tells_house(str(words[row]))
    ]
    return drawing.text_places(np.array(rows, dtype=np.intp))


def _tells_house(text: str) -> bool:
    said = building_values(text)
    return said is not None and bool(said.keys() & {"structure", "floors"})


def _join(
    sorting: Sorting, name: str, rows: Sequence[int], wanted: _Wanted, notes: NDArray[np.object_]
) -> None:
    numbers = np.array(rows, dtype=np.intp)
    lines = sorting.drawing.geometry[numbers]
    open_ones = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1)) > GAP_M
    numbers, lines = numbers[open_ones], lines[open_ones]
    if len(lines) < 2:
        return
    lines = _meeting(lines)
    joined, used = _rings(lines)
    rest = np.flatnonzero(~used)
    if wanted.kind.role == "footprint" and len(notes) and len(rest):
        faces = _noted(lines[rest], notes)
        on_faces = _along(lines[rest], faces)
        joined += faces
        used[rest[on_faces]] = True
    free = numbers[used].tolist()
    owners = _owners(lines[used], free, joined)
    for outline, row in zip(joined, owners, strict=True):
        if row is not None:
            values = sorting.values(wanted.aim, wanted.target, wanted.kind)
            sorting.put(Placed(row, wanted.aim.layer, values, shape=outline))
            sorting.remarkable.joined[name] = sorting.remarkable.joined.get(name, 0) + 1
    for row in free:
        if not sorting.fate[row]:
            sorting.fate[row] = MERGED


def _meeting(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return lines whose ends meet exactly where they nearly do."""
    count = len(lines)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    same = np.arange(len(ends))
    first, second = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=GAP_M)
    np.minimum.at(same, first, second)
    same = same[same]
    places = shapely.get_coordinates(ends)[same]
    coordinates, owner = shapely.get_coordinates(lines, return_index=True)
    starts = np.searchsorted(owner, np.arange(count), side="left")
    stops = np.searchsorted(owner, np.arange(count), side="right") - 1
    coordinates[starts], coordinates[stops] = places[:count], places[count:]
    met: NDArray[np.object_] = shapely.linestrings(coordinates, indices=owner)
    return met


def _rings(lines: NDArray[np.object_]) -> tuple[list[Any], NDArray[np.bool_]]:
    """Return the rings that lines make with nothing else at their corners, and which lines those are."""
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))
    rings = [ring for ring in merged if ring.is_ring and shapely.Polygon(ring).area > 0]
    used = np.zeros(len(lines), dtype=bool)
    if rings:
        used[shapely.STRtree(rings).query(lines, predicate="covered_by")[0]] = True
    return [shapely.Polygon(ring) for ring in rings], used


def _noted(lines: NDArray[np.object_], notes: NDArray[np.object_]) -> list[Any]:
    """Return the faces between lines that hold the note of a house."""
    noded = shapely.get_parts(shapely.unary_union(lines))
    faces = shapely.get_parts(shapely.polygonize(noded))
    faces = faces[(shapely.area(faces) > 0) & (shapely.area(faces) <= _LARGEST_M2)]
    if not len(faces):
        return []
    return [faces[i] for i in np.unique(shapely.STRtree(faces).query(notes, predicate="within")[1])]


def _along(lines: NDArray[np.object_], faces: Sequence[Any]) -> NDArray[np.bool_]:
    """Return which lines are nothing but walls of faces."""
    used = np.zeros(len(lines), dtype=bool)
    if faces:
        walls = shapely.buffer(shapely.unary_union(shapely.boundary(list(faces))), _ALONG_M)
        parts = shapely.get_parts(walls)
        used[shapely.STRtree(parts).query(lines, predicate="covered_by")[0]] = True
    return used


def _owners(lines: NDArray[np.object_], rows: list[int], outlines: Sequence[Any]) -> list[int | None]:
    """Return for each outline a row of its own among those of its walls; None if all are taken."""
    if not outlines or not len(lines):
        return [None] * len(outlines)
    walls = shapely.buffer(shapely.boundary(list(outlines)), _ALONG_M)
    taken: set[int] = set()
    owners: list[int | None] = []
    lines_of: dict[int, list[int]] = {}
    for wall, i in zip(*shapely.STRtree(lines).query(walls, predicate="covers"), strict=True):
        lines_of.setdefault(int(wall), []).append(rows[int(i)])
    for number in range(len(outlines)):
        row = next((r for r in sorted(lines_of.get(number, ())) if r not in taken), None)
        owners.append(row)
        if row is not None:
            taken.add(row)
    return owners
