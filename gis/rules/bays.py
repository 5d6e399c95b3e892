"""Parking bays need ground of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from gis.rules.registry import found, is_standing, rule
from layers.errors import Finding
from layers.feature import Feature
from layers.kind import Role
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.bays-overlap"
_LEAST_M2: Final = 0.5
"""Lines between bays are drawn by hand; a hand's breadth is no finding."""


@rule(CODE, "停车位与建筑或其他车位重叠", "parking bays overlap buildings or each other")
def overlapping_bays(snapshot: Snapshot) -> Iterator[Finding]:
    """Find parking that shares more than half a square metre with a building or other parking."""
    bays = _areas(snapshot, "parking")
    if not bays:
        return
    others = [*bays, *_areas(snapshot, "footprint")]
    shapes = shapely.make_valid(np.array([feature.geometry for _, feature in others], dtype=object))
    first, second = shapely.STRtree(shapes).query(shapes[: len(bays)], predicate="intersects")
    pairs = first < second  # parking comes first, so every pair is met once and begins with a bay
    first, second = first[pairs], second[pairs]
    shared = shapely.intersection(shapes[first], shapes[second])
    for a, b, ground, area in zip(first, second, shared, shapely.area(shared), strict=True):
        if area > _LEAST_M2:
            (layer, feature), (other_layer, other) = others[a], others[b]
            words = Text("{a} 与 {b} 重叠 {m:.1f} 平方米", "{a} and {b} overlap by {m:.1f} m²").format(
                a=layer.name_of(feature), b=other_layer.name_of(other), m=float(area)
            )
            yield found(CODE, words, layer, feature, at=ground)


def _areas(snapshot: Snapshot, role: Role) -> list[tuple[Layer, Feature]]:
    return [
        (layer, feature)
        for layer in snapshot.with_role(role)
        for feature in layer.table
        if is_standing(feature) and feature.geometry is not None and feature.geometry.area > 0
    ]
