"""GeoJSON as RFC 7946 wants it: WGS 84, longitude first, outer rings counter-clockwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from gis.crs import transform
from gis.crs_names import WGS84
from gis.exchange.extract import SHIFTED
from gis.exchange.raw import CRS_MEMBER, LAYERS_MEMBER
from gis.exchange.written import Told, Written
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table

_DECIMALS: Final = 9
"""A tenth of a millimetre."""


def write_geojson(
    snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None
) -> Written:
    """Write all layers into one FeatureCollection; if several, the property ``layer`` tells them apart.

    The id of a feature is its uid, so that it is known again when it comes back. Asked for in the system
    of an online map, the file says so in a member of its own: the standard knows WGS 84 only.
    """
    written, told = Written(files=[out]), told or Told()
    degrees = snapshot.crs if snapshot.crs in SHIFTED else WGS84
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection",\n')
        stream.write(f'"name": {json.dumps(snapshot.title, ensure_ascii=False)},\n')
        stream.write(f'"{LAYERS_MEMBER}": {json.dumps([layer.id for layer in layers])},\n')
        stream.write(f'"{CRS_MEMBER}": {json.dumps(degrees)},\n' if degrees != WGS84 else "")
        stream.write('"features": [')
        separator = "\n"
        for layer in layers:
            name = {"layer": layer.id} if len(layers) > 1 else {}
            for part in told.pieces(layer):
                for feature in _features(part, snapshot.crs, degrees, name):
                    stream.write(separator + feature)
                    separator = ",\n"
            written.counts[layer.id] = len(layer.table)
        stream.write("\n]}\n")
    return written


def _features(part: Table, crs: str, degrees: str, name: dict[str, str]) -> Iterator[str]:
    lonlat = transform(np.asarray(part.geometry), crs, degrees)
    lonlat = shapely.transform(lonlat, lambda xy: np.round(xy, _DECIMALS))
    shapes = shapely.to_geojson(shapely.orient_polygons(lonlat, exterior_cw=False))
    for feature, shape in zip(part, shapes, strict=True):
        values = {**name, **{n: v for n, v in feature.attributes.items() if v is not None}}
        yield (
            f'{{"type": "Feature", "id": {json.dumps(feature.uid)}, "geometry": {shape or "null"}, '
            f'"properties": {json.dumps(values, ensure_ascii=False)}}}'
        )
