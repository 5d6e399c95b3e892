"""A newer drawing of the same things: which of its shapes are features of the plan, and which are gone."""

from __future__ import annotations

import json
from typing import Final

import shapely

from gis.crs import transform
from gis.exchange.dxf.sorting import Placed, Sorting
from gis.exchange.matching import match_shapes
from gis.exchange.record_changes import IMPORTED
from gis.progress import Progress
from layers.changes import Key
from layers.feature import Feature
from layers.text import Text

_FINDING: Final = Text("正在与已有对象比对", "Comparing with what is there")
_SOURCE: Final = "source_layer"
_NAME: Final = "dxf_layer"


def match_known(sorting: Sorting, crs: str, progress: Progress) -> tuple[Key, ...]:
    """Give what is placed the identity of the feature that it is a newer version of.

    Parameters
    ----------
    sorting : Sorting
        Settled.
    crs : str
        Of the drawing.
    progress : Progress

    Returns
    -------
    tuple of Key
        Features that came from layers which this drawing has, and that nothing in it is any more.
    """
    by_layer: dict[str, list[Placed]] = {}
    for placed in sorting.placed:
        by_layer.setdefault(placed.layer, []).append(placed)
    for number, (name, members) in enumerate(by_layer.items()):
        progress.step(0.3 * number / len(by_layer), _FINDING)
        shapes = sorting.shapes(members)
        layer = sorting.snapshot.layers[name]
        in_plan = shapely.force_2d(transform(shapes, crs, sorting.snapshot.crs))
        uids = match_shapes([p.uid for p in members], layer, in_plan)
        for placed, uid in zip(members, uids, strict=True):
            placed.uid = uid
    return _gone(sorting)


def _gone(sorting: Sorting) -> tuple[Key, ...]:
    met = {(placed.layer, placed.uid) for placed in sorting.placed}
    drawn = frozenset(map(str, sorting.names))

    def was_there(name: str, feature: Feature) -> bool:
        went_out = (
            name in sorting.own_layers and feature.geometry is not None and not feature.geometry.is_empty
        )
        return went_out or _drawn_on(feature) in drawn

    return tuple(
        (name, feature.uid)
        for name, layer in sorting.snapshot.layers.items()
        for feature in layer.table
        if (name, feature.uid) not in met and was_there(name, feature)
    )


def _drawn_on(feature: Feature) -> str | None:
    """Return the layer of the drawing that a feature came from, or None if it did not."""
    if source := feature.attributes.get(_SOURCE):
        return str(source)
    kept = feature.attributes.get(IMPORTED)
    if not isinstance(kept, str) or _NAME not in kept:
        return None
    try:
        named = json.loads(kept)[_NAME]
    except (ValueError, LookupError, TypeError):  # what users write themselves
        return None
    return str(named)
