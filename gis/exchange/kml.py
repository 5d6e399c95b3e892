"""KML and KMZ: placemarks with their folders. Runs in the child process only.

Network links are never followed, pictures never fetched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import shapely

from gis.exchange.geopackage import choose_layer
from gis.exchange.identity import is_uid
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.remembered import once_per_file
from gis.exchange.table_building import records_of_rows, to_raw
from gis.exchange.tables.markup import plain_words
from gis.exchange.xml_reading import parse, text_of
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

WGS84: Final = "EPSG:4326"
FOLDER: Final = "folder"
_WANTED: Final = frozenset(("Placemark", "NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"))
_CONTAINERS: Final = ("Folder", "Document")
_PLAIN: Final = ("name", "description", "address", "phoneNumber")
_TIMES: Final = {"when": "time", "begin": "begin", "end": "end"}
_ECHOES: Final = frozenset(
    {"tessellate", "extrude", "visibility", "altitudeMode", "drawOrder", "icon", "snippet"}
)
"""How things are shown; other programs write it among the values when they hand on a file of ours."""
_GEOMETRIES: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack",
                      "Model", "MultiPoint", "MultiLineString", "MultiPolygon")  # fmt: skip
_LINKS: Final = Text(
    "有 {n} 个网络链接，未访问；所链接的内容没有导入",
    "{n} network links were not followed; what they lead to is not here",
)
_PICTURES: Final = Text("有 {n} 个叠加图片，没有导入", "{n} picture overlays did not come in")
_LOST: Final = Text(
    "此地标在文件截断处，不完整，未导入", "this placemark stands at the cut and is incomplete; left out"
)


@dataclass
class _Placemarks:
    """What has been read so far."""

    rows: list[dict[str, Value]] = field(default_factory=list)
    shapes: list[shapely.Geometry | None] = field(default_factory=list)
    damaged: list[bool] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    cut: Finding | None = None
    lost: list[Finding] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _taken: Counter[str] = field(default_factory=Counter)
    _kept: list[Element] = field(default_factory=list)

    def take(self, ancestors: list[Element], element: Element) -> None:
        if element.tag != "Placemark":
            self.others[element.tag] += 1
            return
        path = "/".join(self._name(e) for e in ancestors if e.tag == "Folder")
        row = _attributes(element)
        if path and not _is_own(row):
            row[FOLDER] = path
        shape, damaged = _shape_of(element)
        self.rows.append(row)
        self.shapes.append(shape)
        self.damaged.append(damaged)
        self.folders.append(path)

    def take_open(self, element: Element) -> None:
        if element.tag == "Placemark":
            number = len(self.rows) + 1
            self.lost.append(Finding("import.record-unreadable", _LOST, "error", record=number))

    def _name(self, folder: Element) -> str:
        """Return the name of a folder; two folders of one name stay two."""
        if id(folder) not in self._names:
            self._kept.append(folder)  # so that its id stays its own
            name = text_of(folder.find("name")) or "–"
            self._taken[name] += 1
            self._names[id(folder)] = name if self._taken[name] == 1 else f"{name} ({self._taken[name]})"
        return self._names[id(folder)]


def read_kml(path: Path, wanted: str | None = None, title: str = "") -> RawTable:
    """Read all placemarks, or those of one folder and its subfolders.

    Parameters
    ----------
    path : Path
    wanted : str, optional
        Path of a folder as `kml_layers` gives it; everything if not given or the first of those.
    title : str
        Name of the whole.

    Raises
    ------
    BadInputError
        If the document is harmful.
    NotFoundError
        If there is no such folder.
    """
    found = _read(path)
    name = title or path.stem
    layer = choose_layer(path.name, _layers(found, name), wanted or name).name
    chosen = [i for i, folder in enumerate(found.folders) if layer == name or _lies_in(folder, layer)]
    records = records_of_rows(
        [found.rows[i] for i in chosen],
        [found.shapes[i] for i in chosen],
        [found.damaged[i] for i in chosen],
        [i + 1 for i in chosen],
        WGS84,
    )
    return to_raw(layer, "KML", records._replace(lost=found.lost), _findings(found, path))


def kml_layers(path: Path, title: str = "") -> list[SourceLayer]:
    """Return the whole document first, then its folders if there are several."""
    return _layers(_read(path), title or path.stem)


@once_per_file
def _read(path: Path) -> _Placemarks:
    found = _Placemarks()
    found.cut = parse(path, _WANTED, found.take, found.take_open)
    return found


def _layers(found: _Placemarks, name: str) -> list[SourceLayer]:
    whole = SourceLayer(name, "Unknown", len(found.rows), WGS84)
    folders = list(dict.fromkeys(path for path in found.folders if path))
    if len(folders) < 2:
        return [whole]
    tops = [path for path in folders if path != name and not any(_is_under(path, other) for other in folders)]
    counts = {path: sum(_lies_in(folder, path) for folder in found.folders) for path in folders}
    parts = (SourceLayer(path, "Unknown", counts[path], WGS84, _above(path, tops, name)) for path in folders
             if path != name)  # fmt: skip
    return [whole, *parts]


def _above(path: str, tops: list[str], whole: str) -> str:
    """Return which of the folders on top, or else the whole document, holds a folder too."""
    return next((top for top in tops if _is_under(path, top)), whole)


def _is_under(path: str, other: str) -> bool:
    return path.startswith(other + "/")


def _lies_in(folder: str, layer: str) -> bool:
    return folder == layer or folder.startswith(layer + "/")


def _findings(found: _Placemarks, path: Path) -> list[Finding]:
    findings = [found.cut] if found.cut else []
    if links := found.others.pop("NetworkLink", 0):
        findings.append(Finding("import.network-link", _LINKS.format(n=links), "warning", file=path.name))
    if pictures := sum(found.others.values()):
        findings.append(Finding("import.overlay", _PICTURES.format(n=pictures), "info", file=path.name))
    return findings


def _attributes(placemark: Element) -> dict[str, Value]:
    row: dict[str, Value] = {}
    for data in placemark.iter("Data"):
        _put(row, data.get("name"), text_of(data.find("value")))
    for data in placemark.iter("SimpleData"):  # so other programs write what they read as Data
        _put(row, data.get("name"), text_of(data))
    if _is_own(row):  # name and folder only say again what the values say
        return {name: value for name, value in row.items() if name not in _ECHOES}
    for name in _PLAIN:
        if words := text_of(placemark.find(name)):
            row.setdefault(name, plain_words(words) if name == "description" else words)
    for sign, name in _TIMES.items():
        for parent in ("TimeStamp", "TimeSpan"):
            if words := text_of(placemark.find(f"{parent}/{sign}")):
                row.setdefault(name, words)
    if placemark.get("id"):
        row["id"] = placemark.get("id")
    return row


def _is_own(row: dict[str, Value]) -> bool:
    """Tell whether a placemark is one that Planboard wrote."""
    return is_uid(str(row.get("uid", "")))


def _put(row: dict[str, Value], name: str | None, value: str | None) -> None:
    if name and value is not None:
        row[name] = value


def _shape_of(placemark: Element) -> tuple[shapely.Geometry | None, bool]:
    """Return the shape, and whether there is one that cannot be read."""
    shapes: list[shapely.Geometry] = []
    damaged = False
    for child in placemark:
        if child.tag in _GEOMETRIES:
            shape, broken = _guarded(child)
            damaged |= broken
            if shape is not None and not shape.is_empty:
                shapes.append(shape)
    if not shapes:
        return None, damaged
    return (shapes[0] if len(shapes) == 1 else _collected(shapes)), False


def _guarded(element: Element) -> tuple[shapely.Geometry | None, bool]:
    try:
        return _shape(element), False
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        return None, True


def _shape(element: Element) -> shapely.Geometry | None:
    if element.tag == "Polygon":
        return _polygon(element)
    if element.tag == "Track":
        return _line([_numbers(words, " ") for words in _texts(element, "coord")])
    if element.tag == "Model":
        place = [float(text_of(element.find(f"Location/{n}")) or "nan") for n in ("longitude", "latitude")]
        return shapely.Point(place)
    if element.tag.startswith("Multi"):
        parts = [p for child in element if child.tag in _GEOMETRIES if (p := _shape(child)) is not None]
        return _collected(parts) if parts else None
    points = _coordinates(element.find("coordinates"))
    return shapely.Point(points[0]) if element.tag == "Point" and points else _line(points)


def _polygon(element: Element) -> shapely.Geometry | None:
    shell = _coordinates(element.find("outerBoundaryIs/LinearRing/coordinates"))
    holes = [_coordinates(c) for c in element.findall("innerBoundaryIs/LinearRing/coordinates")]
    return shapely.Polygon(shell, [hole for hole in holes if hole]) if shell else None


def _line(points: list[tuple[float, float]]) -> shapely.Geometry | None:
    if len(points) == 1:
        return shapely.Point(points[0])
    return shapely.LineString(points) if points else None


def _collected(shapes: list[shapely.Geometry]) -> shapely.Geometry:
    """Return several shapes as one: a Multi if they are of a kind."""
    kinds = {shape.geom_type for shape in shapes}
    makers = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    kind = kinds.pop()
    if not kinds and kind in makers:
        return makers[kind](shapes)
    return shapely.GeometryCollection(shapes)


def _texts(element: Element, name: str) -> list[str]:
    return [words for child in element.findall(name) if (words := text_of(child))]


def _coordinates(element: Element | None) -> list[tuple[float, float]]:
    """Return longitude and latitude of each tuple; blanks around commas are forgiven."""
    words = text_of(element) or ""
    words = ",".join(part.strip() for part in words.split(","))
    return [_numbers(triplet, ",") for triplet in words.split()]


def _numbers(triplet: str, separator: str) -> tuple[float, float]:
    parts = [part for part in triplet.split(separator) if part]
    if len(parts) < 2:
        raise ValueError(triplet)
    return float(parts[0]), float(parts[1])
