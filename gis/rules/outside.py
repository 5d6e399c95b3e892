"""What the plan changes must lie inside the site boundary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

import numpy as np
import shapely

from gis.rules.registry import found, rule
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.outside-boundary"
_SLACK_M: Final = 0.05
_LEADING_OUT: Final = frozenset({"drain-line", "drain-node"})
"""Drains end in the street; it is only worth a note that they do."""
_CHANGED: Final = frozenset({"renovated", "new", "demolish", "reserved"})


@rule(CODE, "改造内容超出用地红线", "plan work outside the site boundary")
def outside_boundary(snapshot: Snapshot) -> Iterator[Finding]:
    """Find features the plan changes that reach beyond the boundary by more than 5 cm.

    What merely exists outside (streets, neighbours) is no finding. Without a
    boundary there is none either.
    """
    shapes = [g for layer in snapshot.with_role("boundary") for g in layer.table.geometry if g is not None]
    if not shapes:
        return
    site = shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object))).buffer(_SLACK_M)
    shapely.prepare(site)
    for layer in snapshot.layers.values():
        states = layer.table.columns.get("state")
        if states is None or not len(layer.table):
            continue
        outside = ~shapely.covers(site, layer.table.geometry) & ~shapely.is_missing(layer.table.geometry)
        for i in np.flatnonzero(outside):
            if states[i] in _CHANGED:
                words = Text("{name} 超出用地红线", "{name} reaches beyond the site boundary")
                severity: Literal["info", "warning"] = (
                    "info" if layer.kind.role in _LEADING_OUT else "warning"
                )
                feature = layer.table.at(int(i))
                beyond = shapely.difference(shapely.make_valid(feature.geometry), site)
                yield found(CODE, words, layer, feature, severity, at=beyond)
