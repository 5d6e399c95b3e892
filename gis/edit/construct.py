"""Shapes from a few points and numbers: circles, arcs, rectangles, parking rows, slabs, dimensions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import shapely
from shapely import Geometry

from gis.circles import circle_through
from gis.edit.features import check_geometry, layer_of
from gis.edit.geometries import refused
from gis.edit.shapes import line_through
from gis.measure import XY, length_text, segment_length_m
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature, new_uid
from layers.schema import Value
from layers.snapshot import Snapshot

SAGITTA_M: Final = 0.005
"""How far the chords of a drawn circle may lie inside it."""
FEWEST, MOST = 24, 720
PARALLEL_DEG: Final = 15.0
"""Bays at a flatter angle lie along their line."""
MOST_BAYS: Final = 500
STAIR_WIDTH_M, STAIR_DEPTH_M = 2.8, 1.2


def circle(centre: XY, radius_m: float) -> Geometry:
    """Return a circle as an area whose outline has dense vertices.

    Raises
    ------
    RefusedError
        If it has no radius.

    Examples
    --------
    >>> round(circle((0, 0), 10).area)
    314
    """
    if not radius_m > 0:
        raise refused("circle.radius", "圆的半径须大于零。", "A circle needs a radius.")
    turns = [2 * math.pi * i / _count(radius_m, 2 * math.pi) for i in range(_count(radius_m, 2 * math.pi))]
    return shapely.polygons([_polar(centre, radius_m, turn) for turn in turns])


def centre_of(start: XY, through: XY, end: XY) -> XY:
    """Return the centre of the circle through three points.

    Raises
    ------
    RefusedError
        If they lie on one line.
    """
    centre = circle_through(start, through, end)
    if centre is None:
        raise refused("arc.straight", "三点在一条直线上，不成圆弧。", "Three points on one line make no arc.")
    return centre


def arc(start: XY, through: XY, end: XY) -> Geometry:
    """Return the arc through three points as a line with dense vertices; its ends are exact.

    Examples
    --------
    >>> line = arc((-5.0, 0.0), (0.0, 5.0), (5.0, 0.0))
    >>> round(line.length, 1), line.coords[0], line.coords[-1]
    (15.7, (-5.0, 0.0), (5.0, 0.0))
    """
    centre = centre_of(start, through, end)
    radius = segment_length_m(centre, start)
    first, middle, last = (math.atan2(p[1] - centre[1], p[0] - centre[0]) for p in (start, through, end))
    sweep = (last - first) % (2 * math.pi)
    if (middle - first) % (2 * math.pi) > sweep:
        sweep -= 2 * math.pi
    count = max(2, _count(radius, abs(sweep)))
    inner = [_polar(centre, radius, first + sweep * i / count) for i in range(1, count)]
    return shapely.linestrings([start, *inner, end])


def rectangle_on(start: XY, end: XY, beside: XY) -> Geometry:
    """Return the rectangle with one side from `start` to `end`, as deep as `beside` lies from it.

    Raises
    ------
    RefusedError
        If it has no width or no depth.
    """
    return _on_side(start, end, _offset(start, end, beside))


def parking_row(
    start: XY, towards: XY, side: XY, count: int | None, width_m: float, length_m: float, angle_deg: float
) -> list[Geometry]:
    """Return the bays of a row along a line.

    Parameters
    ----------
    start, towards : (x, y)
        The line at the lane; without `count` as many bays as fit.
    side : (x, y)
        A place on the side of the bays.
    count : int or None
    width_m, length_m : float
        Of one bay.
    angle_deg : float
        Between line and bays: 90 is square to it, 0 along it.

    Raises
    ------
    RefusedError
        If the line has no direction, none fits, or there are absurdly many.

    Examples
    --------
    >>> [round(bay.area, 3) for bay in parking_row((0, 0), (5, 0), (0, 1), None, 2.5, 5.0, 90)]
    [12.5, 12.5]
    """
    run = segment_length_m(start, towards)
    if run == 0:
        raise refused("row.direction", "停车位排列的方向未定。", "The row has no direction.")
    east, north = (towards[0] - start[0]) / run, (towards[1] - start[1]) / run
    hand = 1.0 if _offset(start, towards, side) >= 0 else -1.0
    along_m, turn, deep_m = _bay(width_m, length_m, angle_deg)
    fitting = math.floor(run / along_m + 1e-6) if count is None else count
    if not 1 <= fitting <= MOST_BAYS:
        raise refused(
            "row.count",
            "这条线放不下一个车位，或车位太多。",
            "No bay fits on that line, or far too many do.",
        )
    sine, cosine = math.sin(turn) * hand, math.cos(turn)
    deep = (deep_m * (cosine * east - sine * north), deep_m * (cosine * north + sine * east))
    bays = []
    for i in range(fitting):
        a, b = ((start[0] + s * east, start[1] + s * north) for s in (i * along_m, (i + 1) * along_m))
        bays.append(shapely.polygons([a, b, _plus(b, deep), _plus(a, deep)]))
    return bays


def slab(start: XY, towards: XY, side: XY, length_m: float, depth_m: float, stairwells: int) -> Geometry:
    """Return the outline of a slab building; stairwells stand out on the side of the line.

    Parameters
    ----------
    start, towards : (x, y)
        The wall with the entrances.
    side : (x, y)
        A place on the side of the building.
    length_m, depth_m : float
    stairwells : int
        Evenly along the wall; 0 for a plain rectangle.

    Raises
    ------
    RefusedError
        If it has no length or depth, or the stairwells do not fit.
    """
    run = segment_length_m(start, towards)
    if run == 0 or length_m <= 0 or depth_m <= 0:
        raise refused("slab.size", "建筑没有长度或进深。", "The building has no length or depth.")
    east, north = (towards[0] - start[0]) / run, (towards[1] - start[1]) / run
    hand = 1.0 if _offset(start, towards, side) >= 0 else -1.0
    pitch = length_m / max(stairwells, 1)
    if stairwells and pitch < STAIR_WIDTH_M + 1.0:
        raise refused("slab.stairwells", "楼长放不下这么多单元。", "Too many stairwells for that length.")
    outline: list[XY] = [(0.0, 0.0)]
    for i in range(stairwells):
        a, b = ((i + 0.5) * pitch + s * STAIR_WIDTH_M / 2 for s in (-1, 1))
        outline += [(a, 0.0), (a, -STAIR_DEPTH_M), (b, -STAIR_DEPTH_M), (b, 0.0)]
    outline += [(length_m, 0.0), (length_m, depth_m), (0.0, depth_m)]
    return shapely.polygons(
        [(start[0] + s * east - hand * t * north, start[1] + s * north + hand * t * east) for s, t in outline]
    )


def band(path: Sequence[XY], width_m: float) -> Geometry:
    """Return the area of a road or strip from its centre line and width; corners stay sharp, ends flat.

    Raises
    ------
    RefusedError
        If it has no length or no width.

    Examples
    --------
    >>> band([(0, 0), (10, 0)], 4).area
    40.0
    """
    line = line_through(path)
    if not width_m > 0:
        raise refused("band.width", "宽度须大于零。", "The width must be greater than zero.")
    return shapely.buffer(line, width_m / 2, cap_style="flat", join_style="mitre", mitre_limit=5.0)


def dimension_line(start: XY, end: XY, beside: XY) -> Geometry:
    """Return the line of an aligned dimension: from the measured points out, across, and back.

    Its first and last points are those measured, so that it can be measured again.

    Raises
    ------
    RefusedError
        If the two points are one.
    """
    if start == end:
        raise refused("dimension.zero", "两个测点重合，没有距离。", "The two points are one place.")
    away = _offset(start, end, beside)
    run = segment_length_m(start, end)
    out = (-(end[1] - start[1]) / run * away, (end[0] - start[0]) / run * away)
    return shapely.linestrings([start, _plus(start, out), _plus(end, out), end])


def refresh_dimensions(snapshot: Snapshot, keys: Iterable[Key]) -> ChangeSet:
    """Return the change that writes the present distance into dimensions whose text is another.

    Raises
    ------
    RefusedError
        If there is no dimension among them.
    """
    changes, seen = [], 0
    for key in keys:
        feature = snapshot.feature(key)
        line = feature.geometry if feature is not None else None
        if feature is None or line is None or line.geom_type != "LineString":
            continue
        if feature.attributes.get("type") != "dimension":
            continue
        seen += 1
        words = length_text(segment_length_m(line.coords[0][:2], line.coords[-1][:2]))
        changes.append(Change(key[0], feature, feature.with_attributes(text=words)))
    if not seen:
        raise refused("dimension.none", "所选对象中没有尺寸标注。", "There is no dimension in the selection.")
    return ChangeSet.of(changes)


def add_features(
    snapshot: Snapshot, layer_id: str, shapes: Iterable[Geometry], attributes: Mapping[str, Value]
) -> ChangeSet:
    """Return the change that adds several features alike; fields the layer does not have are left out."""
    layer = layer_of(snapshot, layer_id)
    known = {name: value for name, value in attributes.items() if layer.kind.field(name) is not None}
    values = {**layer.kind.defaults(), **layer.kind.kept(known)}
    changes = []
    for shape in shapes:
        check_geometry(layer, shape)
        changes.append(Change(layer_id, None, Feature(new_uid(), shape, values)))
    return ChangeSet.of(changes)


def _bay(width_m: float, length_m: float, angle_deg: float) -> tuple[float, float, float]:
    """Return what a bay takes along the line, its angle in radians, and its size away from the line."""
    if angle_deg < PARALLEL_DEG:
        return length_m, math.pi / 2, width_m
    turn = math.radians(angle_deg)
    return width_m / math.sin(turn), turn, length_m


def _on_side(start: XY, end: XY, depth_m: float) -> Geometry:
    run = segment_length_m(start, end)
    if run == 0 or depth_m == 0:
        raise refused("geometry.flat", "矩形没有宽度或高度。", "The rectangle has no width or no height.")
    deep = (-(end[1] - start[1]) / run * depth_m, (end[0] - start[0]) / run * depth_m)
    return shapely.polygons([start, end, _plus(end, deep), _plus(start, deep)])


def _offset(start: XY, end: XY, place: XY) -> float:
    """Return how far a place lies left of the line through two points; right is negative."""
    run = segment_length_m(start, end)
    if run == 0:
        return 0.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    return (dx * (place[1] - start[1]) - dy * (place[0] - start[0])) / run


def _count(radius_m: float, sweep: float) -> int:
    step = 2 * math.acos(max(-1.0, 1 - min(SAGITTA_M / radius_m, 1.0))) if radius_m > 0 else 1.0
    whole = min(max(2 * math.pi / max(step, 1e-6), FEWEST), MOST)
    return math.ceil(whole * sweep / (2 * math.pi))


def _polar(centre: XY, radius_m: float, turn: float) -> XY:
    return centre[0] + radius_m * math.cos(turn), centre[1] + radius_m * math.sin(turn)


def _plus(place: XY, by: XY) -> XY:
    return place[0] + by[0], place[1] + by[1]
