"""GPX for hand-held receivers and phones: points as waypoints, lines as tracks; areas do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import numpy as np
import shapely

from gis.crs import transform
from gis.crs_names import WGS84
from gis.exchange.kml_writing import xml_text
from gis.exchange.shapes import parts_of_dimension
from gis.exchange.written import Told, Written, pieces
from gis.i18n import tr
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Planboard" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:pb="urn:planboard:values">\n'
)
_TAG: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""Fields of the user's own layers may have names that no element can have."""
_NO_AREAS: Final = Text(
    "{n} 个面或没有图形的对象无法写入 GPX", "{n} features are areas or have no shape; GPX cannot hold them"
)


def write_gpx(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
    """Write waypoints first, then tracks, as the format wants it; areas are counted in a finding."""
    written, told = Written(files=[out]), told or Told()
    waypoints: list[str] = []
    tracks: list[str] = []
    for layer in layers:
        before = len(waypoints) + len(tracks)
        left_out = 0
        for feature, shape in told.each(layer, _degrees(layer, snapshot.crs)):
            dimension = -1 if shape is None else int(shapely.get_dimensions(shape))
            if dimension == 0:
                waypoints += _waypoints(layer, feature, shape)
            elif dimension == 1:
                tracks.append(_track(layer, feature, shape))
            else:
                left_out += 1
        if left_out:
            words = _NO_AREAS.format(n=left_out)
            written.findings.append(Finding("export.no-areas", words, "warning", layer=layer.id))
        if len(waypoints) + len(tracks) > before:
            written.counts[layer.id] = len(layer.table) - left_out
    body = "".join([*waypoints, *tracks])
    out.write_text(_HEAD + body + "</gpx>\n", encoding="utf-8", newline="\n")
    return written


def _degrees(layer: Layer, crs: str) -> Iterator[tuple[Feature, shapely.Geometry | None]]:
    for part in pieces(layer.table):
        yield from zip(part, transform(np.asarray(part.geometry), crs, WGS84), strict=True)


def _waypoints(layer: Layer, feature: Feature, shape: shapely.Geometry) -> list[str]:
    return [f"<wpt {_at(x, y)}>{_words(layer, feature)}</wpt>\n" for x, y in shapely.get_coordinates(shape)]


def _track(layer: Layer, feature: Feature, shape: shapely.Geometry) -> str:
    segments = "".join(
        "<trkseg>" + "".join(f"<trkpt {_at(x, y)}/>" for x, y in shapely.get_coordinates(part)) + "</trkseg>"
        for part in parts_of_dimension(shape, 1)
    )
    return f"<trk>{_words(layer, feature)}{segments}</trk>\n"


def _words(layer: Layer, feature: Feature) -> str:
    name = xml_text(tr(layer.name_of(feature)))
    kind = xml_text(tr(layer.title))
    values = {"uid": feature.uid, **feature.attributes}
    given = "".join(
        f"<pb:{field}>{xml_text(str(value).lower() if isinstance(value, bool) else value)}</pb:{field}>"
        for field, value in values.items()
        if value is not None and value != "" and _TAG.fullmatch(field)
    )
    return f"<name>{name}</name><type>{kind}</type><extensions>{given}</extensions>"


def _at(x: float, y: float) -> str:
    return f"lat={quoteattr(f'{y:.9f}')} lon={quoteattr(f'{x:.9f}')}"
