"""Dimensions and leaders that follow what they measure, in the same step.

What a dimension measures is known from where it stands: its measured points lie on vertices or edges of
other features. When such a feature is moved or edited, the points go along, and the words are written
anew, unless somebody has written other words than those that were measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from gis.edit.dimensions import measured_words, with_points
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.table import Values
from layers.tree import Tree

FloatArray: TypeAlias = NDArray[np.float64]

_ON_M: Final = 0.002
_ARC_VERTICES: Final = 6
"""So many vertices in a row on one circle are a round part of an outline."""
_BEND_M: Final = 0.002
"""A point this close to an edge lies on it."""
FOLLOWING: Final = frozenset({"dimension", "radius", "area", "leader"})


@dataclass(frozen=True)
class _Moved:
    """What became of the features that an edit changes: shapes before and after, one to one."""

    before: NDArray[np.object_]
    after: NDArray[np.object_]
    tree: shapely.STRtree


def followed(snapshot: Snapshot, changes: ChangeSet) -> ChangeSet:
    """Return an edit together with the dimensions and leaders that follow it.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the edit.

    Notes
    -----
    A dimension that the edit itself changes is not moved again, but its words are written anew. Where a
    corner that it measured is cut off or rounded, it goes to the nearest place of the new outline; parts
    and what features are merged into count as what they were. What is deleted leaves it where it is:
    `forsaken` tells.
    """
    notes = dict(_notes(snapshot))
    if not notes or not changes.features:
        return changes
    moved = _moved(changes)
    extra = list(_rewritten(changes))
    if moved is not None:
        extra += [
            change
            for key, feature in notes.items()
            if key not in changes.features and (change := _follow(key, feature, moved)) is not None
        ]
    return changes.then(ChangeSet.of(extra)) if extra else changes


def forsaken(after: Snapshot, changes: ChangeSet) -> list[Key]:
    """Return the dimensions and leaders that an edit takes the object away from.

    Parameters
    ----------
    after : Snapshot
        The plan after the edit.
    """
    packed = PackedChanges.of(changes.features)
    gone = [c for c in PackedChanges(go=packed.go, others=packed.others).values() if c.after is None]
    shapes = [c.before.geometry for c in gone if c.before is not None and c.before.geometry is not None]
    merged = {uid for feature, _ in _heirs_of_any(packed) for uid in feature.ancestors}
    if not shapes or all(c.key[1] in merged for c in gone):
        return []
    tree = shapely.STRtree(shapes)
    return [
        key
        for key, note in _notes(after)
        if key not in changes.features and note.geometry is not None and _hangs(note, tree, after)
    ]


def _hangs(note: Feature, gone: shapely.STRtree, after: Snapshot) -> bool:
    """Tell whether a dimension has a measured point on what is gone, and on nothing that is left."""
    shape, sort = note.geometry, str(note.attributes.get("type"))
    assert shape is not None, "asked before"
    if sort == "area":
        rows = gone.query(shape, predicate="intersects")
        return any(
            note.attributes.get("text") == measured_words("area", gone.geometries[row]) for row in rows
        )
    points = np.asarray(shape.coords)[:, :2]
    places = [shapely.Point(points[at]) for at in _ends(sort, points)]
    return any(_is_on(place, gone, gone.geometries) and not _is_held(place, after) for place in places)


def _is_held(place: Geometry, plan: Snapshot) -> bool:
    """Tell whether a place lies on something of a plan that can be measured."""
    return any(
        _is_on(place, layer.table.tree, layer.table.geometry)
        for layer in plan.layers.values()
        if layer.kind.role != "annotation" and len(layer.table)
    )


def _is_on(place: Geometry, tree: Tree | shapely.STRtree, shapes: Values) -> bool:
    """Tell whether a place lies on a point, a line or an outline; inside of an area is not on it."""
    near = shapes[tree.query(place, predicate="dwithin", distance=_ON_M)]
    lines = np.where(shapely.get_dimensions(near) == 2, shapely.boundary(near), near)
    return bool(shapely.dwithin(lines, place, _ON_M).any())


def _notes(snapshot: Snapshot) -> Iterable[tuple[Key, Feature]]:
    for layer in snapshot.with_role("annotation"):
        types = layer.table.columns.get("type", ())
        for row, sort in enumerate(types):
            if sort in FOLLOWING:
                yield (layer.id, str(layer.table.uids[row])), layer.table.at(row)


def _rewritten(changes: ChangeSet) -> Iterable[Change]:
    """Yield the dimensions that the edit itself changes, with the words of their new size."""
    for change in PackedChanges.of(changes.features).others.values():
        old, new = change.before, change.after
        if old is None or new is None or new.attributes.get("type") not in FOLLOWING:
            continue
        if old.geometry is new.geometry or old.geometry is None or new.geometry is None:
            continue
        sort = str(new.attributes["type"])
        was, now = measured_words(sort, old.geometry), measured_words(sort, new.geometry)
        if now is not None and now != was and new.attributes.get("text") == was:
            yield Change(change.layer, new, new.with_attributes(text=now))


def _moved(changes: ChangeSet) -> _Moved | None:
    packed = PackedChanges.of(changes.features)
    heirs = _heirs(packed)
    went = (t.get(uid) for t in packed.go.values() for uid in heirs if uid in t)
    old = [*packed.others.values(), *(Change("", feature, None) for feature in went if feature is not None)]
    pairs = [
        (c.before.geometry, after)
        for c in old
        if c.before is not None
        and c.before.geometry is not None
        and c.before.attributes.get("type") not in FOLLOWING
        and (after := _became(c, heirs)) is not None
        and c.before.geometry is not after
    ]
    if not pairs:
        return None
    before, after = (np.array(side, dtype=object) for side in zip(*pairs, strict=True))
    return _Moved(before, after, shapely.STRtree(before))


def _heirs(changes: PackedChanges) -> dict[str, list[Geometry]]:
    """Return the shapes of features that were split off or made of another, by the id of that one."""
    heirs: dict[str, list[Geometry]] = {}
    for feature, known in _heirs_of_any(changes):
        if feature.geometry is not None:
            for uid in set(feature.ancestors).difference(known):
                heirs.setdefault(uid, []).append(feature.geometry)
    return heirs


def _heirs_of_any(changes: PackedChanges) -> Iterator[tuple[Feature, tuple[str, ...]]]:
    """Yield the features after an edit that have ancestors, each with those that it had before."""
    for table in changes.come.values():
        yield from ((feature, ()) for uid in table.ancestors if (feature := table.get(uid)) is not None)
    for change in changes.others.values():
        if change.after is not None and change.after.ancestors:
            yield change.after, change.before.ancestors if change.before is not None else ()


def _became(change: Change, heirs: Mapping[str, list[Geometry]]) -> Geometry | None:
    """Return what became of a feature: its own shape and those of its parts, or what it was merged into."""
    before, own = change.before, change.after
    assert before is not None, "asked before"
    found = heirs.get(before.uid, [])
    if own is not None and own.geometry is not None:
        return shapely.GeometryCollection([own.geometry, *found]) if found else own.geometry
    return found[0] if found else None


def _follow(key: Key, note: Feature, moved: _Moved) -> Change | None:
    shape, sort = note.geometry, str(note.attributes.get("type"))
    if shape is None or shape.is_empty:
        return None
    if sort == "area":
        return _follow_area(key, note, moved)
    points = np.asarray(shape.coords)[:, :2]
    ends = _ends(sort, points)
    places = {at: _carried(points[at], moved) for at in ends}
    if all(place is None for place in places.values()):
        return None
    carried = {at: (float(p[0]), float(p[1])) for at, p in places.items() if p is not None}
    made = with_points(sort, shape, carried, _circle(sort, points, moved))
    words = measured_words(sort, shape)
    values: Mapping[str, str] = {}
    if words is not None and note.attributes.get("text") == words and (now := measured_words(sort, made)):
        values = {"text": now}
    after = note.with_geometry(made).with_attributes(**values)
    return None if after == note else Change(key[0], note, after)


def _ends(sort: str, points: FloatArray) -> tuple[int, ...]:
    """Return the numbers of the points that stand on what is measured."""
    return {"dimension": (0, len(points) - 1), "radius": (1,), "leader": (0,)}[sort]


def _carried(place: FloatArray, moved: _Moved) -> FloatArray | None:
    """Return where an edit takes a place that lies on a vertex or an edge of what it changes."""
    point = shapely.Point(place)
    for row in moved.tree.query(point, predicate="dwithin", distance=_ON_M):
        before, after = _paths(moved.before[row]), _paths(moved.after[row])
        if [len(path) for path in before] != [len(path) for path in after]:
            if any(_on_path(place, path, path) is not None for path in before):
                return _nearest(place, after)
            continue
        for old, new in zip(before, after, strict=True):
            found = _on_path(place, old, new)
            if found is not None:
                return None if np.array_equal(found, place) else found
    return None


def _nearest(place: FloatArray, paths: Sequence[FloatArray]) -> FloatArray | None:
    """Return the place of an outline with other vertices that is nearest; None if it is the same place."""
    lines = shapely.MultiLineString([path for path in paths if len(path) > 1])
    if lines.is_empty:
        return None
    point = shapely.Point(place)
    if shapely.dwithin(lines, point, _ON_M):
        return None
    found: FloatArray = shapely.get_coordinates(shapely.shortest_line(point, lines))[1]
    return _rounded(found)


def _on_path(place: FloatArray, old: FloatArray, new: FloatArray) -> FloatArray | None:
    away = np.hypot(*(old - place).T)
    nearest = int(np.argmin(away))
    if away[nearest] <= _ON_M:
        return _rounded(new[nearest] + (place - old[nearest]))
    if len(old) < 2:
        return None
    start, along = old[:-1], np.diff(old, axis=0)
    squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-18)
    share = np.clip(np.einsum("ij,ij->i", place - start, along) / squared, 0.0, 1.0)
    away = np.hypot(*(start + share[:, None] * along - place).T)
    edge = int(np.argmin(away))
    if away[edge] > _ON_M:
        return None
    return _rounded(new[edge] + share[edge] * (new[edge + 1] - new[edge]))


def _rounded(place: FloatArray) -> FloatArray:
    rounded: FloatArray = np.round(place, 6)
    return rounded


def _circle(sort: str, points: FloatArray, moved: _Moved) -> tuple[float, float] | None:
    """Return the centre of the circle that a radius measures, where an edit takes it."""
    if sort != "radius":
        return None
    rows = moved.tree.query(shapely.Point(points[1]), predicate="dwithin", distance=_ON_M)
    carried = _carried(points[1], moved)
    place = points[1] if carried is None else carried
    for row in rows:
        centre = centre_at(moved.after[row], (float(place[0]), float(place[1])))
        if centre is not None:
            return centre
    return None


def _follow_area(key: Key, note: Feature, moved: _Moved) -> Change | None:
    shape = note.geometry
    assert shape is not None, "asked before"
    for row in moved.tree.query(shape, predicate="intersects"):
        before, after = moved.before[row], moved.after[row]
        if shapely.get_dimensions(before) != 2 or shapely.get_dimensions(after) != 2:
            continue
        if note.attributes.get("text") != measured_words("area", before):
            continue
        made = _shifted_inside(shape, before, after)
        changed = note.with_geometry(made).with_attributes(text=measured_words("area", after))
        return None if changed == note else Change(key[0], note, changed)
    return None


def _shifted_inside(place: Geometry, before: Geometry, after: Geometry) -> Geometry:
    """Return a place in an area where the area goes; it stays if the area only changes around it."""
    if shapely.get_num_coordinates(before) == shapely.get_num_coordinates(after):
        by = shapely.get_coordinates(after) - shapely.get_coordinates(before)
        if np.ptp(by, axis=0).max() < _ON_M:
            return shapely.Point(np.round(shapely.get_coordinates(place)[0] + by[0], 3))
    return place if shapely.contains(after, place) else shapely.point_on_surface(after)


def fitted_centre(shape: Geometry) -> tuple[float, float] | None:
    """Return the centre of the circle that a shape with dense vertices is, or lies on; None if it is none.

    Examples
    --------
    >>> from gis.edit.construct import circle
    >>> [round(c, 6) for c in fitted_centre(circle((3.0, 4.0), 10.0))]
    [3.0, 4.0]
    """
    xy = np.unique(shapely.get_coordinates(shape), axis=0)
    if len(xy) < 6:
        return None
    middle = xy.mean(axis=0)
    x, y = (xy - middle).T
    matrix = np.column_stack([2 * x, 2 * y, np.ones(len(x))])
    (cx, cy, _), *_ = np.linalg.lstsq(matrix, x * x + y * y, rcond=None)
    radii = np.hypot(x - cx, y - cy)
    if not radii.mean() or np.ptp(radii) > max(0.002, 1e-4 * radii.mean()):
        return None
    return float(cx + middle[0]), float(cy + middle[1])


def centre_at(shape: Geometry, place: tuple[float, float]) -> tuple[float, float] | None:
    """Return the centre of the circle that a shape, or its part at a place, lies on; None if straight.

    Examples
    --------
    >>> from gis.edit.construct import circle
    >>> half = shapely.union(circle((0.0, 0.0), 10.0), shapely.box(-10, 0, 10, 30))
    >>> [round(abs(c), 3) for c in centre_at(half, (0.0, -10.0))], centre_at(half, (10.0, 20.0))
    ([0.0, 0.0], None)
    """
    whole = fitted_centre(shape)
    if whole is not None:
        return whole
    for path in _paths(shape):
        edge = _edge_at(path, np.asarray(place))
        if edge is None:
            continue
        closed = bool((path[0] == path[-1]).all())
        ring = path[:-1] if closed else path
        for first in range(edge - _ARC_VERTICES + 2, edge + 1):
            at = np.arange(first, first + _ARC_VERTICES)
            if closed:
                at %= len(ring)
            elif first < 0 or at[-1] >= len(ring):
                continue
            centre = _round_centre(ring[at])
            if centre is not None:
                return centre
    return None


def _round_centre(xy: FloatArray) -> tuple[float, float] | None:
    """Return the centre of the circle that some vertices lie on; None if they are no bend."""
    chord = xy[-1] - xy[0]
    run = float(np.hypot(*chord))
    bulge = np.abs(chord[0] * (xy[:, 1] - xy[0, 1]) - chord[1] * (xy[:, 0] - xy[0, 0])).max()
    if run == 0 or bulge / run < _BEND_M:
        return None
    return fitted_centre(shapely.multipoints(xy))


def _edge_at(path: FloatArray, place: FloatArray) -> int | None:
    """Return which edge of a path a place is on, or None."""
    if len(path) < 2:
        return None
    away = shapely.distance(
        shapely.linestrings(np.stack([path[:-1], path[1:]], axis=1)), shapely.Point(*place)
    )
    edge = int(np.argmin(away))
    return edge if away[edge] <= _ON_M else None


def _paths(shape: Geometry) -> list[FloatArray]:
    rings = [
        ring
        for part in shapely.get_parts(shapely.get_parts(shape))
        for ring in (shapely.get_rings(part) if part.geom_type == "Polygon" else [part])
    ]
    return [shapely.get_coordinates(ring) for ring in rings]
