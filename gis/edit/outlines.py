"""Cutting holes, parallels, and tidying lines and outlines."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely import Geometry

from gis.edit.copies import copy_of
from gis.edit.features import check_geometry, found, layer_of
from gis.edit.geometries import refused, reshaped, shape_of
from gis.edit.line_ends import exchanged
from gis.edit.square import squared
from layers.changes import Change, ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import Text


def cut_hole(snapshot: Snapshot, keys: Iterable[Key], hole: Geometry) -> ChangeSet:
    """Return the change that cuts an area out of the areas it lies in.

    Raises
    ------
    RefusedError
        If it lies wholly inside none of them.
    """

    def cut(geometry: Geometry) -> Geometry | None:
        inside = shapely.get_dimensions(geometry) == 2 and shapely.contains_properly(geometry, hole)
        return shapely.difference(geometry, hole) if inside else None

    changes = reshaped(snapshot, keys, cut)
    if not changes:
        raise refused(
            "hole.outside",
            "洞要完全画在所选的面以内。",
            "A hole must lie wholly inside a selected area.",
            Text("要切掉一角，请用“分割”或“改形”。", "To cut off a corner, split or reshape."),
        )
    return changes


def add_parallel(
    snapshot: Snapshot, keys: Iterable[Key], distance_m: float, *, existing: bool = False
) -> ChangeSet:
    """Return the change that adds a parallel of each line and area; to the left, or outward, if positive.

    Parallels are copies: see `gis.edit.copies`.

    Parameters
    ----------
    existing : bool
        Whether what exists is traced, so that parallels are there as well.
    """
    changes = []
    for key in keys:
        layer, made = layer_of(snapshot, key[0]), parallel(shape_of(snapshot, key), distance_m)
        check_geometry(layer, made)
        changes.append(Change(layer.id, None, copy_of(layer, found(snapshot, key), made, existing=existing)))
    return ChangeSet.of(changes)


def parallel(geometry: Geometry, distance_m: float) -> Geometry:
    """Return the parallel of a line (left if positive) or of an area's outline (outward if positive).

    Raises
    ------
    RefusedError
        If the distance is zero or nothing is left at that distance, or for a point.

    Examples
    --------
    >>> parallel(shapely.LineString([(0, 0), (10, 0)]), 2).wkt
    'LINESTRING (0 2, 10 2)'
    """
    dimension = shapely.get_dimensions(geometry)
    if dimension == 0:
        raise refused("parallel.point", "点没有平行线。", "A point has no parallel.")
    if distance_m == 0:
        raise refused("parallel.zero", "偏移距离不能为零。", "The offset cannot be zero.")
    if dimension == 1:
        made = shapely.offset_curve(geometry, distance_m, join_style="mitre", mitre_limit=5.0)
    else:
        made = shapely.buffer(geometry, distance_m, join_style="mitre", mitre_limit=5.0)
    if made.is_empty:
        raise refused(
            "parallel.gone", "偏移这么远就什么都不剩了。", "At that distance nothing is left of the shape."
        )
    return made


def reverse_features(snapshot: Snapshot, keys: Iterable[Key]) -> ChangeSet:
    """Return the change that turns the direction of lines round; invert levels stay at their places.

    Raises
    ------
    RefusedError
        If there is no line among them.
    """
    changes = _lines_only(snapshot, keys, shapely.reverse)
    return ChangeSet.of(
        Change(c.layer, c.before, c.after.with_attributes(**exchanged(snapshot.layers[c.layer], c.before)))
        for c in changes
        if c.before is not None and c.after is not None
    )


def straighten_features(snapshot: Snapshot, keys: Iterable[Key]) -> ChangeSet:
    """Return the change that makes each line straight from its first to its last point."""
    return _lines_only(snapshot, keys, _straight)


def simplify_features(snapshot: Snapshot, keys: Iterable[Key], tolerance_m: float) -> ChangeSet:
    """Return the change that leaves out vertices; lines and outlines move by less than a tolerance."""
    return reshaped(snapshot, keys, lambda geometry: simplified(geometry, tolerance_m))


def simplified(geometry: Geometry, tolerance_m: float) -> Geometry | None:
    """Return a geometry with fewer vertices; None if none can go."""
    made = shapely.simplify(geometry, tolerance_m, preserve_topology=True)
    fewer = shapely.get_num_coordinates(made) < shapely.get_num_coordinates(geometry)
    return made if fewer else None


def square_features(snapshot: Snapshot, keys: Iterable[Key]) -> ChangeSet:
    """Return the change that makes nearly right angles right.

    Raises
    ------
    RefusedError
        If nothing can be squared, or a squared outline would cross itself.
    """
    changes = reshaped(snapshot, keys, squared)
    if not changes:
        raise refused(
            "square.nothing", "所选对象没有可以摆正的角。", "There is no corner to square in the selection."
        )
    return changes


def _straight(line: Geometry) -> Geometry | None:
    if line.geom_type != "LineString" or shapely.get_num_coordinates(line) <= 2:
        return None
    if line.is_closed:
        raise refused("straighten.closed", "闭合的线不能拉直。", "A closed line cannot be straightened.")
    return shapely.linestrings([line.coords[0], line.coords[-1]])


def _lines_only(snapshot: Snapshot, keys: Iterable[Key], change: object) -> ChangeSet:
    lines = [k for k in keys if (g := found(snapshot, k).geometry) is not None and g.geom_type in _LINES]
    if not lines:
        raise refused("lines.none", "请先选中线对象。", "Select a line first.")
    return reshaped(snapshot, lines, change)  # type: ignore[arg-type]


_LINES = ("LineString", "MultiLineString")
