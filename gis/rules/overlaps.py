"""Buildings must not stand in one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from gis.rules.registry import found, is_standing, rule
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.buildings-overlap"
_LEAST_M2: Final = 0.5
"""Shared walls drawn twice overlap by a hand's breadth; that is no finding."""


@rule(CODE, "建筑相互重叠", "buildings overlap")
def overlapping_buildings(snapshot: Snapshot) -> Iterator[Finding]:
    """Find pairs of standing buildings that share more than half a square metre."""
    owners = [
        (layer, feature)
        for layer in snapshot.with_role("footprint")
        for feature in layer.table
        if is_standing(feature) and feature.geometry is not None and feature.geometry.area > 0
    ]
    shapes = np.array([feature.geometry for _, feature in owners], dtype=object)
    if len(shapes) < 2:
        return
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.buffer(shapes, 0))
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    shared = shapely.intersection(shapes[first], shapes[second])
    for a, b, ground, area in zip(first, second, shared, shapely.area(shared), strict=True):
        if area > _LEAST_M2:
            (layer, feature), (other_layer, other) = owners[a], owners[b]
            words = Text("{a} 与 {b} 重叠 {m:.1f} 平方米", "{a} and {b} overlap by {m:.1f} m²").format(
                a=layer.name_of(feature), b=other_layer.name_of(other), m=float(area)
            )
            yield found(CODE, words, layer, feature, at=ground)
