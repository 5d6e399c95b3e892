"""Areas that should touch leave slits, and ends of lines that should meet fall short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from shapely import Geometry

from gis.rules.registry import found, is_standing, rule
from layers.errors import Finding
from layers.feature import Feature
from layers.kind import Role
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

SLIT: Final = "rules.slit"
LOOSE_END: Final = "rules.loose-end"
_TOUCHING_M: Final = 0.001
"""Closer than this is touching: it is a rounding of coordinates."""
_WIDEST_M: Final = 0.10
"""A slit wider than this is a joint or a path, and meant."""
_LEAST_LENGTH_M: Final = 1.0
"""Corners that nearly touch are no slit."""
_SHORT_M: Final = 0.5
_ROLES: Final[tuple[Role, ...]] = ("parking", "footprint", "boundary", "green")
_LINES: Final[tuple[Role, ...]] = ("network-edge", "drain-line", "barrier")


@rule(SLIT, "相邻的车位、建筑或地块之间有缝", "slits between neighbouring bays, buildings or parcels")
def slits(snapshot: Snapshot) -> Iterator[Finding]:
    """Find neighbours of one layer with a slit narrower than a hand's breadth along a metre or more."""
    for layer in snapshot.with_role(*_ROLES):
        features, shapes = _standing(layer)
        if len(shapes) < 2:
            continue
        first, second = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_WIDEST_M)
        pairs = first < second
        first, second = first[pairs], second[pairs]
        away = shapely.distance(shapes[first], shapes[second])
        for a, b, gap in zip(first, second, away, strict=True):
            if gap > _TOUCHING_M and _facing_m(shapes[a], shapes[b]) >= _LEAST_LENGTH_M:
                words = Text(
                    "{a} 与 {b} 之间有 {cm:.1f} 厘米的缝", "a slit of {cm:.1f} cm between {a} and {b}"
                )
                words = words.format(
                    a=layer.name_of(features[a]), b=layer.name_of(features[b]), cm=float(gap) * 100
                )
                nearest = shapely.get_point(shapely.shortest_line(shapes[a], shapes[b]), 0)
                yield found(SLIT, words, layer, features[a], at=nearest)


@rule(LOOSE_END, "线的端点差一点没有接上", "ends of lines that almost meet")
def loose_ends(snapshot: Snapshot) -> Iterator[Finding]:
    """Find ends of lines that stop short of another of their layer by less than half a metre."""
    for layer in snapshot.with_role(*_LINES):
        features, shapes = _standing(layer)
        lines = [i for i, shape in enumerate(shapes) if shape.geom_type == "LineString"]
        if len(shapes) < 2 or not lines:
            continue
        owner = np.repeat(lines, 2)
        ends = np.array([shapely.get_point(shapes[i], n) for i in lines for n in (0, -1)], dtype=object)
        tree = shapely.STRtree(shapes)
        end, other = tree.query(ends, predicate="dwithin", distance=_SHORT_M)
        apart = owner[end] != other
        end, other = end[apart], other[apart]
        away = shapely.distance(ends[end], shapes[other])
        for number in np.unique(end):
            nearest = float(away[end == number].min())
            if nearest > _TOUCHING_M:
                feature = features[owner[number]]
                words = Text(
                    "{name} 的端点差 {cm:.0f} 厘米没有接上", "an end of {name} falls short by {cm:.0f} cm"
                )
                words = words.format(name=layer.name_of(feature), cm=nearest * 100)
                yield found(LOOSE_END, words, layer, feature, at=ends[number])


def _standing(layer: Layer) -> tuple[list[Feature], np.ndarray]:
    features = [
        f for f in layer.table if f.geometry is not None and not f.geometry.is_empty and is_standing(f)
    ]
    shapes = np.empty(len(features), dtype=object)
    shapes[:] = [f.geometry for f in features]
    return features, shapely.make_valid(shapes)


def _facing_m(one: Geometry, other: Geometry) -> float:
    """Return the length of the outline of one area that lies within a slit's width of another."""
    return float(shapely.intersection(shapely.boundary(one), shapely.buffer(other, _WIDEST_M)).length)
