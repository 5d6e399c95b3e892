"""Parcels of ground share it out: none lies over another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from gis.rules.registry import found, is_standing, rule
from layers.errors import Finding
from layers.kind import Role
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

CODE: Final = "rules.parcels-overlap"
_ROLES: Final[tuple[Role, ...]] = ("boundary", "green")
_LEAST_M2: Final = 0.5
"""Borders drawn twice overlap by a hand's breadth; that is no finding."""
_PLANNED: Final = frozenset({"new", "renovated", "reserved"})
_INSIDE: Final = 0.999
"""A bed in a lawn lies in it as a whole, and is meant."""


@rule(CODE, "地块相互重叠", "parcels overlap")
def overlapping_parcels(snapshot: Snapshot) -> Iterator[Finding]:
    """Find parcels of one layer that share more than half a square metre, without one lying in the other.

    What is planned may lie over what exists: it takes its place.
    """
    for layer in snapshot.with_role(*_ROLES):
        yield from _overlaps(layer)


def _overlaps(layer: Layer) -> Iterator[Finding]:
    parcels = [f for f in layer.table if is_standing(f) and f.geometry is not None and f.geometry.area > 0]
    if len(parcels) < 2:
        return
    shapes = shapely.make_valid(np.array([parcel.geometry for parcel in parcels], dtype=object))
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    planned = np.array([parcel.attributes.get("state") in _PLANNED for parcel in parcels])
    pairs = (first < second) & (planned[first] == planned[second])
    first, second = first[pairs], second[pairs]
    shared = shapely.intersection(shapes[first], shapes[second])
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    for a, b, ground, area, least in zip(first, second, shared, shapely.area(shared), smaller, strict=True):
        if _LEAST_M2 < area < _INSIDE * least:
            words = Text("{a} 与 {b} 重叠 {m:.1f} 平方米", "{a} and {b} overlap by {m:.1f} m²").format(
                a=layer.name_of(parcels[a]), b=layer.name_of(parcels[b]), m=float(area)
            )
            yield found(CODE, words, layer, parcels[a], at=ground)
