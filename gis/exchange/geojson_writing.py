"""GeoJSON as RFC 7946 wants it: WGS 84, longitude first, outer rings counter-clockwise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from gis.crs import WGS84, transform
from gis.exchange.raw import LAYERS_MEMBER
from gis.exchange.written import Written
from layers.layer import Layer
from layers.snapshot import Snapshot

_DECIMALS: Final = 9
"""A tenth of a millimetre."""


def write_geojson(snapshot: Snapshot, layers: Sequence[Layer], out: Path) -> Written:
    """Write all layers into one FeatureCollection; if several, the property ``layer`` tells them apart.

    The id of a feature is its uid, so that it is known again when it comes back.
    """
    written = Written(files=[out])
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection",\n')
        stream.write(f'"name": {json.dumps(snapshot.title, ensure_ascii=False)},\n')
        stream.write(f'"{LAYERS_MEMBER}": {json.dumps([layer.id for layer in layers])},\n"features": [')
        separator = "\n"
        for layer in layers:
            for feature in _features(snapshot, layer, tell=len(layers) > 1):
                stream.write(separator + json.dumps(feature, ensure_ascii=False))
                separator = ",\n"
            written.counts[layer.id] = len(layer.table)
        stream.write("\n]}\n")
    return written


def _features(snapshot: Snapshot, layer: Layer, *, tell: bool) -> list[dict[str, Any]]:
    lonlat = transform(np.asarray(layer.table.geometry), snapshot.crs, WGS84)
    lonlat = shapely.transform(lonlat, lambda xy: np.round(xy, _DECIMALS))
    lonlat = shapely.orient_polygons(lonlat, exterior_cw=False)
    name = {"layer": layer.id} if tell else {}
    features = []
    for feature, shape in zip(layer.table, lonlat, strict=True):
        features.append(
            {
                "type": "Feature",
                "id": feature.uid,
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                "properties": {**name, **{n: v for n, v in feature.attributes.items() if v is not None}},
            }
        )
    return features
