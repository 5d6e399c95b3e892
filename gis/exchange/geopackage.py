"""GeoPackages: which layer, and its records. Runs in the child process only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gis.exchange.encoding import decode
from gis.exchange.gdal_reading import list_layers, read_layer, text_bytes
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.table_building import decoded_columns, distinct_names, to_raw, without_places
from layers.errors import BadInputError, Finding, NotFoundError
from layers.text import Text

_OF_QGIS: Final = ("layer_styles", "qgis_projects")


def read_geopackage(path: Path, wanted: str | None, preferred: Sequence[str] = ()) -> RawTable:
    """Read one layer of a GeoPackage.

    Parameters
    ----------
    path : Path
    wanted : str, optional
        The layer's name. Not needed if only one layer has shapes, or one is called like one of `preferred`.
    preferred : sequence of str
        Names to take if several layers have shapes.
    """
    layer = choose_layer(path.name, geopackage_layers(path), wanted, preferred)
    # read as bytes: one value that is not UTF-8, though the format wants it, must not cost the whole layer
    records = read_layer(path, layer.name, by_columns=True, recount=True)
    findings: list[Finding] = []
    decoded = [decode(text_bytes(name), "UTF-8").text for name in records.names]
    records = records._replace(names=distinct_names(decoded, findings))
    records = decoded_columns(records, "UTF-8", [0] * len(decoded), findings)
    table = to_raw(layer.name, "GeoPackage", records, findings)
    return table if layer.geometry is not None else without_places(table)


def geopackage_layers(path: Path) -> list[SourceLayer]:
    """Return the layers and tables of a GeoPackage, but for what QGIS keeps of its own in it."""
    return [layer for layer in list_layers(path) if layer.name not in _OF_QGIS]


def choose_layer(
    file: str, layers: Sequence[SourceLayer], wanted: str | None, preferred: Sequence[str] = ()
) -> SourceLayer:
    """Return the layer to read.

    Raises
    ------
    NotFoundError
        If the wanted one does not exist.
    BadInputError
        If none has shapes, or several have and none is named.
    """
    names = ", ".join(f"{layer.name} ({layer.geometry or '–'}, {layer.features})" for layer in layers[:40])
    there = Text("文件中的图层：{names}", "Layers in the file: {names}").format(names=names or "–")
    if wanted is not None:
        for layer in layers:
            if layer.name == wanted:
                return layer
        words = Text("{file} 中没有图层“{name}”。", "{file} has no layer “{name}”.")
        raise NotFoundError(words.format(file=file, name=wanted), there, code="import.layer-unknown")
    shaped = [layer for layer in layers if layer.geometry is not None] or list(layers[: len(layers) == 1])
    if not shaped:
        words = Text("{file} 中没有带图形的图层。", "{file} has no layer with shapes.")
        raise BadInputError(words.format(file=file), there, code="import.no-shapes")
    named = [layer for layer in shaped if layer.name in preferred]
    if len(shaped) == 1 or len(named) == 1:
        return named[0] if named else shaped[0]
    raise BadInputError(
        Text(
            "{file} 有 {n} 个图层，请指明导入哪一个。", "{file} has {n} layers; say which one to import."
        ).format(file=file, n=len(shaped)),
        Text(
            "{there}。命令行用 --source-layer 名称。", "{there}. On the command line: --source-layer NAME."
        ).format(there=there),
        code="import.which-layer",
    )
