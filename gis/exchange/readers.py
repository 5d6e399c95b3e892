"""Which module reads which format. Each is loaded only when a file of it comes. Child process only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.remembered import once_per_file

Reading: TypeAlias = Callable[[Path, str | None, str | None, Sequence[str]], RawTable]
"""File, layer wanted, encoding wanted, names preferred."""


class Reader(NamedTuple):
    """How to read one format, and how to list what such a file offers."""

    read: Reading
    layers: Callable[[Path], list[SourceLayer]]


def _geopackage(path: Path, layer: str | None, _encoding: str | None, preferred: Sequence[str]) -> RawTable:
    from gis.exchange.geopackage import read_geopackage

    return read_geopackage(path, layer, preferred)


def _geopackage_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.geopackage import geopackage_layers

    return geopackage_layers(path)


def _geojson(path: Path, layer: str | None, _encoding: str | None, preferred: Sequence[str]) -> RawTable:
    from gis.exchange.geojson import read_geojson

    return read_geojson(path, layer, preferred)


def _geojson_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.geojson import layers_in

    return layers_in(path)


@once_per_file
def _shapefile_table(path: Path, encoding: str | None) -> RawTable:
    from gis.exchange.shapefile import read_shapefile

    return read_shapefile(path, encoding)


def _shapefile(path: Path, _layer: str | None, encoding: str | None, _preferred: Sequence[str]) -> RawTable:
    return _shapefile_table(path, encoding)


def _shapefile_layers(path: Path) -> list[SourceLayer]:
    table = _shapefile_table(path, None)
    return [SourceLayer(table.layer, "Unknown" if table.shaped else None, table.read, table.crs)]


def _kml(path: Path, layer: str | None, _encoding: str | None, _preferred: Sequence[str]) -> RawTable:
    from gis.exchange.kml import read_kml

    return read_kml(path, layer)


def _kml_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.kml import kml_layers

    return kml_layers(path)


def _kmz(path: Path, layer: str | None, _encoding: str | None, _preferred: Sequence[str]) -> RawTable:
    from gis.exchange.archive import unpacked
    from gis.exchange.kml import read_kml

    with unpacked(path, ends=(".kml",)) as document:
        return read_kml(document, layer, title=path.stem)


def _kmz_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.archive import unpacked
    from gis.exchange.kml import kml_layers

    with unpacked(path, ends=(".kml",)) as document:
        return kml_layers(document, title=path.stem)


def _gpx(path: Path, layer: str | None, _encoding: str | None, _preferred: Sequence[str]) -> RawTable:
    from gis.exchange.gpx import read_gpx

    return read_gpx(path, layer)


def _gpx_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.gpx import gpx_layers

    return gpx_layers(path)


def _vector(format_name: str) -> Reader:
    def read(path: Path, layer: str | None, _encoding: str | None, preferred: Sequence[str]) -> RawTable:
        from gis.exchange.vector import read_vector

        return read_vector(path, format_name, layer, preferred)

    def layers(path: Path) -> list[SourceLayer]:
        from gis.exchange.vector import vector_layers

        return vector_layers(path, format_name)

    return Reader(read, layers)


def _table(format_name: str) -> Reader:
    def read(path: Path, layer: str | None, encoding: str | None, preferred: Sequence[str]) -> RawTable:
        from gis.exchange.tables.reading import read_table_file

        return read_table_file(path, format_name, layer, encoding, preferred)

    def layers(path: Path) -> list[SourceLayer]:
        from gis.exchange.tables.reading import table_layers

        return table_layers(path, format_name)

    return Reader(read, layers)


def _zip(path: Path, layer: str | None, encoding: str | None, preferred: Sequence[str]) -> RawTable:
    """Read the file inside; ``FILE:LAYER`` names a layer of one of several."""
    from gis.exchange.archive import unpacked, what_is_cut
    from gis.exchange.formats import format_of

    file, _, inner = (layer or "").partition(":")
    with unpacked(path, file or None) as document:
        table = READERS[format_of(document)].read(document, inner or None, encoding, preferred)
    cut = what_is_cut(path)
    return replace(table, findings=[*cut, *table.findings]) if cut else table


def _zip_layers(path: Path) -> list[SourceLayer]:
    from gis.exchange.archive import archive_files, unpacked
    from gis.exchange.formats import format_of

    layers: list[SourceLayer] = []
    for name in archive_files(path):
        with unpacked(path, name) as document:
            inside = READERS[format_of(document)].layers(document)
            layers += [_inside(name, layer) for layer in inside]
    return layers


def _inside(file: str, layer: SourceLayer) -> SourceLayer:
    """Return a layer of a file as one of the archive that holds the file."""
    whole = f"{file}:{layer.part_of}" if layer.part_of is not None else None
    return replace(layer, name=f"{file}:{layer.name}", part_of=whole)


READERS: Final[dict[str, Reader]] = {
    "GeoPackage": Reader(_geopackage, _geopackage_layers),
    "GeoJSON": Reader(_geojson, _geojson_layers),
    "Shapefile": Reader(_shapefile, _shapefile_layers),
    "KML": Reader(_kml, _kml_layers),
    "KMZ": Reader(_kmz, _kmz_layers),
    "GPX": Reader(_gpx, _gpx_layers),
    "FlatGeobuf": _vector("FlatGeobuf"),
    "MapInfo": _vector("MapInfo"),
    "GML": _vector("GML"),
    "CSV": _table("CSV"),
    "Excel": _table("Excel"),
    "Excel 97": _table("Excel 97"),
    "Excel XML": _table("Excel XML"),
    "OpenDocument": _table("OpenDocument"),
    "HTML": _table("HTML"),
    "zip": Reader(_zip, _zip_layers),
}
"""Format, as `gis.exchange.formats.format_of` names it, to its reader."""
