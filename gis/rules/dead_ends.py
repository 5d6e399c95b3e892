"""Roads that lead nowhere 断头路."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.rules.registry import found, is_standing, rule
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.dead-end"
_NEAR_M: Final = 0.6
"""Ends this close meet: surveyed and hand-drawn centre lines rarely touch to the millimetre."""
_EDGE_M: Final = 1.0
"""An end this close to the boundary leads out. Not more: dead ends stop just before walls."""
_GATE_M: Final = 8.0
"""An end this close to a gate leads out."""
_FOR_WALKING: Final = frozenset({"footway"})


class _End(NamedTuple):
    layer: Layer
    feature: Feature
    point: shapely.Point


@rule(CODE, "断头路", "a dead-end road")
def dead_ends(snapshot: Snapshot) -> Iterator[Finding]:
    """Find ends of roads where no other road begins, away from the boundary and the gates.

    Roads to be demolished and footways do not count: a car cannot go on there.
    An end on the middle of another road is a junction.
    """
    ends, lines = _ends(snapshot)
    if not ends:
        return
    points = np.array([end.point for end in ends], dtype=object)
    lonely = _lonely(points, lines) & ~_at_exit(points, snapshot)
    for i in np.flatnonzero(lonely):
        end = ends[int(i)]
        words = Text("{name} 一端不通（E {x:.1f}，N {y:.1f}）", "{name} is a dead end (E {x:.1f}, N {y:.1f})")
        words = words.format(name=end.layer.name_of(end.feature), x=end.point.x, y=end.point.y)
        yield found(CODE, words, end.layer, end.feature, at=end.point)


def _ends(snapshot: Snapshot) -> tuple[list[_End], NDArray[np.object_]]:
    ends: list[_End] = []
    lines: list[shapely.Geometry] = []
    for layer in snapshot.with_role("network-edge"):
        for feature in layer.table:
            if feature.geometry is None or not is_standing(feature):
                continue
            if feature.attributes.get("class") in _FOR_WALKING:
                continue
            for line in shapely.get_parts([feature.geometry]):
                lines.append(line)
                if not line.is_ring:
                    ends += [
                        _End(layer, feature, shapely.Point(line.coords[0])),
                        _End(layer, feature, shapely.Point(line.coords[-1])),
                    ]
    return ends, np.array(lines, dtype=object)


def _lonely(points: NDArray[np.object_], lines: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which ends only one line comes near to: their own."""
    near, _ = shapely.STRtree(lines).query(points, predicate="dwithin", distance=_NEAR_M)
    counts = Counter(near.tolist())
    return np.array([counts[i] <= 1 for i in range(len(points))], dtype=bool)


def _at_exit(points: NDArray[np.object_], snapshot: Snapshot) -> NDArray[np.bool_]:
    out = np.zeros(len(points), dtype=bool)
    sites = [g for layer in snapshot.with_role("boundary") for g in layer.table.geometry if g is not None]
    if sites:
        inner = shapely.union_all(np.array(sites, dtype=object)).buffer(-_EDGE_M)
        out |= ~shapely.covers(inner, points)
    if gates := _gates(snapshot):
        out |= shapely.dwithin(points, shapely.union_all(np.array(gates, dtype=object)), _GATE_M)
    return out


def _gates(snapshot: Snapshot) -> list[shapely.Geometry]:
    gates: list[shapely.Geometry] = []
    for layer in snapshot.with_role("barrier", "facility"):
        types = layer.table.columns.get("type", ())
        pairs = zip(layer.table.geometry, types, strict=False)
        gates += [shape for shape, kind in pairs if shape is not None and "gate" in str(kind)]
    return gates
