"""KML and KMZ for Google Earth and phone maps: a folder a layer, WGS 84, attributes as extended data."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from gis.crs import transform
from gis.crs_names import WGS84
from gis.exchange.kml_styles import KmlStyles
from gis.exchange.written import Told, Written, pieces
from gis.i18n import tr
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot

_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
)
_DECIMALS: Final = 9
_VERTEX: Final = f"%.{_DECIMALS}f,%.{_DECIMALS}f "
_LOOKING: Final = 4.0
"""A quarter of the work is to see which styles there are."""
_DRAPED: Final = "<tessellate>1</tessellate>"
"""Lies on the ground; else long edges cut through hills."""
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML cannot hold."""


def write_kml(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
    """Write all layers; the ``uid`` travels, so that what comes back is known again."""
    written, told = Written(files=[out]), told or Told()
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_HEAD + f"<name>{xml_text(snapshot.title)}</name>\n<open>1</open>\n")
        styles = KmlStyles()
        for layer in layers:
            stream.writelines(styles.of(layer, told.each(layer, layer.table, _LOOKING)))
        for layer in reversed(layers):  # what lies on top stands first, as in the list of layers
            _write_layer(stream, snapshot, layer, styles, told)
        stream.write("</Document>\n</kml>\n")
    written.counts = {layer.id: len(layer.table) for layer in layers}
    return written


def write_kmz(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
    """Write the same, packed."""
    document = out.with_name("doc.kml")
    written = write_kml(snapshot, layers, document, told)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(document, document.name)
    document.unlink()
    written.files = [out]
    return written


def xml_text(value: object) -> str:
    """Return a value as text that XML can hold."""
    return escape(_UNWRITABLE.sub("", str(value)))


def _write_layer(stream: TextIO, snapshot: Snapshot, layer: Layer, styles: KmlStyles, told: Told) -> None:
    titles = {"uid": "uid", **{f.name: tr(f.title) for f in layer.fields}}
    shown = "" if layer.visible else "<visibility>0</visibility>"
    stream.write(f"<Folder><name>{xml_text(tr(layer.title))}</name>{shown}\n")
    for feature, shape in told.each(layer, _degrees(layer, snapshot.crs), _LOOKING / (_LOOKING - 1)):
        values = {"uid": feature.uid, **feature.attributes}
        style = styles.name_of(layer, feature.attributes)
        stream.write(f"<Placemark><name>{xml_text(tr(layer.name_of(feature)))}</name>{shown}")
        stream.write(f"<styleUrl>#{style}</styleUrl>")
        stream.write("<ExtendedData>" + "".join(_data(values, titles)) + "</ExtendedData>")
        stream.write("" if shape is None else _shape(shape))
        stream.write("</Placemark>\n")
    stream.write("</Folder>\n")


def _degrees(layer: Layer, crs: str) -> Iterator[tuple[Feature, shapely.Geometry | None]]:
    """Yield the features of a layer with their shapes in longitude and latitude."""
    for part in pieces(layer.table):
        lonlat = transform(np.asarray(part.geometry), crs, WGS84)
        lonlat = shapely.orient_polygons(shapely.transform(lonlat, lambda xy: np.round(xy, _DECIMALS)))
        yield from zip(part, lonlat, strict=True)


def _data(values: Mapping[str, Value], titles: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        if value is not None and value != "":
            words = str(value).lower() if isinstance(value, bool) else value
            title = f"<displayName>{xml_text(titles.get(name, name))}</displayName>"
            yield f"<Data name={quoteattr(name)}>{title}<value>{xml_text(words)}</value></Data>"


def _shape(shape: shapely.Geometry) -> str:
    if shape.geom_type.startswith(("Multi", "GeometryCollection")):
        return f"<MultiGeometry>{''.join(map(_shape, shape.geoms))}</MultiGeometry>"
    if shape.geom_type == "Polygon":
        holes = "".join(f"<innerBoundaryIs>{_ring(hole)}</innerBoundaryIs>" for hole in shape.interiors)
        return (
            f"<Polygon>{_DRAPED}<outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
        )
    kind = "Point" if shape.geom_type == "Point" else "LineString"
    draped = "" if kind == "Point" else _DRAPED
    return f"<{kind}>{draped}{_coordinates(shape)}</{kind}>"


def _ring(ring: shapely.LinearRing) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: shapely.Geometry) -> str:
    numbers = shapely.get_coordinates(shape).ravel().tolist()
    words = _VERTEX * (len(numbers) // 2) % tuple(numbers)
    return f"<coordinates>{words[:-1]}</coordinates>"
