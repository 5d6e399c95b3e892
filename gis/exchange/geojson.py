"""GeoJSON, feature by feature: one that is wrong costs only itself. Runs in the child process only."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import shapely

from gis.crs_names import BD09, GCJ02
from gis.exchange import encoding
from gis.exchange.gdal_reading import Records, cannot_open, plain_value
from gis.exchange.geojson_salvage import CUT_MEMBER, readable_part
from gis.exchange.geopackage import choose_layer
from gis.exchange.raw import CRS_MEMBER, LAYERS_MEMBER, RawTable, SourceLayer
from gis.exchange.remembered import once_per_file
from gis.exchange.table_building import records_of_rows, to_raw
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_EPSG: Final = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)
_WGS84: Final = "EPSG:4326"


def read_geojson(path: Path, wanted: str | None = None, preferred: Sequence[str] = ()) -> RawTable:
    """Read a FeatureCollection, a single Feature or a bare geometry.

    Parameters
    ----------
    path : Path
    wanted, preferred : str, sequence of str
        Which layer of a file that Planboard wrote with several (`choose_layer`).

    Raises
    ------
    BadInputError
        If it is no JSON, or JSON of another kind.
    """
    document, found = _document(path)
    layers = list_geojson_layers(document, path)
    layer = choose_layer(path.name, layers, wanted, preferred)
    numbered = _numbered(document, path, layer.name if len(layers) > 1 else None)
    features = [feature for _, feature in numbered]
    findings: list[Finding] = []
    if found.contradicts:
        words = Text("文件不是 UTF-8，按 {e} 读取", "the file is not UTF-8; read as {e}").format(e=found.name)
        findings.append(Finding("import.encoding", words, "warning", file=path.name))
    records = _records(features, _crs(document, path, findings))
    records = records._replace(numbers=[number for number, _ in numbered])
    if CUT_MEMBER in document:
        records = _with_cut_told(records, len(document["features"]), int(document[CUT_MEMBER]), findings)
    table = to_raw(layer.name, "GeoJSON", records, findings)
    if len(layers) > 1:
        table.columns.pop("layer", None)
    table.ids = [_identity(feature) for feature in features]
    table.encoding, table.encoding_evidence = found.name, found.evidence
    return table


def _with_cut_told(records: Records, whole: int, line: int, findings: list[Finding]) -> Records:
    words = Text(
        "文件在第 {line} 行损坏或被截断，只读到此处",
        "the file is damaged or cut at line {line}; only what stands before came in",
    )
    findings.append(Finding("import.truncated", words.format(line=line), "warning"))
    lost = Text("此记录在文件截断处，不完整，未导入", "this record stands at the cut; left out")
    return records._replace(lost=[Finding("import.record-unreadable", lost, "error", record=whole + 1)])


def layers_in(path: Path) -> list[SourceLayer]:
    """Return the layers of a file: one, unless Planboard wrote several into it."""
    return list_geojson_layers(_document(path)[0], path)


def list_geojson_layers(document: Any, path: Path) -> list[SourceLayer]:
    """Return the layers of a document that is read already."""
    features = _features(document, path)
    told = document.get(LAYERS_MEMBER)
    if isinstance(told, list) and len(told) > 1:
        counts = Counter(_layer_of(feature) for feature in features)
        return [SourceLayer(str(name), "Unknown", counts[str(name)], _WGS84) for name in told]
    name = told[0] if isinstance(told, list) and told and isinstance(told[0], str) else path.stem
    return [SourceLayer(name, "Unknown", len(features), None)]


@once_per_file
def _document(path: Path) -> tuple[Any, encoding.Encoding]:
    text, found = encoding.decode_document(path.read_bytes())
    try:
        return json.loads(text), found
    except (json.JSONDecodeError, RecursionError) as error:
        salvaged = readable_part(text)
        if salvaged is None:
            raise cannot_open(path, _why(error)) from None
        return salvaged, found


def _why(error: json.JSONDecodeError | RecursionError) -> Text:
    if isinstance(error, RecursionError):
        return Text("（内容一层套一层，嵌套太深。）", "(What it holds is nested too deep.)")
    words = Text(
        "（第 {line} 行第 {column} 个字不合 JSON 格式。）", "(Line {line}, column {column} is no JSON.)"
    )
    return words.format(line=error.lineno, column=error.colno)


def _numbered(document: Any, path: Path, layer: str | None) -> list[tuple[int, Any]]:
    features = enumerate(_features(document, path), 1)
    return [(n, feature) for n, feature in features if layer is None or _layer_of(feature) == layer]


def _layer_of(feature: Any) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    name = properties.get("layer") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None


def _features(document: Any, path: Path) -> list[Any]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        features: list[Any] = document["features"]
        return features
    if kind == "Feature":
        return [document]
    if kind in _GEOMETRIES:
        return [{"type": "Feature", "geometry": document, "properties": {}}]
    words = Text("{file} 是 JSON，但不是 GeoJSON。", "{file} is JSON, but no GeoJSON.").format(file=path.name)
    advice = Text(
        "TopoJSON 和 Esri JSON 请先转成 GeoJSON。", "Convert TopoJSON and Esri JSON to GeoJSON first."
    )
    raise BadInputError(words, advice if kind == "Topology" or isinstance(document, dict) else None,
                        code="import.not-geojson")  # fmt: skip


def _records(features: list[Any], crs: str | None) -> Records:
    rows, shapes, damaged = [], [], []
    for feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        given = feature.get("geometry") if isinstance(feature, dict) else feature
        shape = _shape(given)
        rows.append({k: _plain(v) for k, v in properties.items()} if isinstance(properties, dict) else {})
        shapes.append(shape)
        damaged.append(given is not None and shape is None)
    return records_of_rows(rows, shapes, damaged, range(1, len(rows) + 1), crs)


def _shape(geometry: Any) -> shapely.Geometry | None:
    if not isinstance(geometry, dict) or geometry.get("type") not in _GEOMETRIES:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.ShapelyError, ValueError, RecursionError):
        return None


def _crs(document: Any, path: Path, findings: list[Finding]) -> str | None:
    """Return the declared system: WGS 84 unless an old-style ``crs`` member says another."""
    if isinstance(document, dict) and document.get(CRS_MEMBER) in (GCJ02, BD09):
        return str(document[CRS_MEMBER])
    declared = document.get("crs") if isinstance(document, dict) else None
    if not isinstance(declared, dict):
        return _WGS84
    properties = declared.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if "CRS84" in name.upper():
        return _WGS84
    if match := _EPSG.search(name.strip().replace("::", ":")):
        return f"EPSG:{match.group(1)}"
    words = Text("看不懂文件声明的坐标系“{name}”", "the CRS it declares is not understood: “{name}”")
    findings.append(Finding("import.crs-unknown", words.format(name=name[:60]), "warning", file=path.name))
    return None


def _identity(feature: Any) -> str | None:
    value = feature.get("id") if isinstance(feature, dict) else None
    return value if isinstance(value, str) else None


def _plain(value: Any) -> Value:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return plain_value(value)
