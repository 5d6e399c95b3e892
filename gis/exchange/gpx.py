"""GPX: waypoints, routes and tracks of hand-held receivers and phones. Runs in the child process only."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import shapely

from gis.exchange.geopackage import choose_layer
from gis.exchange.identity import is_uid
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.remembered import once_per_file
from gis.exchange.table_building import records_of_rows, to_raw
from gis.exchange.xml_reading import parse, text_of
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

WGS84: Final = "EPSG:4326"
_KINDS: Final = {"wpt": "waypoint", "rte": "route", "trk": "track"}
_LAYERS: Final = {"waypoint": "waypoints", "route": "routes", "track": "tracks"}
_TYPES: Final = {"waypoints": "Point", "routes": "LineString", "tracks": "MultiLineString"}
_KIND: Final = "gpx"
_POINTS: Final = ("trkpt", "rtept")
_BAD_POINTS: Final = Text(
    "有 {n} 个点的坐标无法读取，已略去", "{n} of its points have unreadable coordinates and were left out"
)
_SHORT: Final = Text(
    "有 {n} 段不足两点，已略去", "{n} of its segments have fewer than two points and were left out"
)
_CUT: Final = Text(
    "此记录在文件截断处，只有前面的点", "this record stands at the cut; it has only the points before it"
)
_LOST: Final = Text(
    "此航点在文件截断处，不完整，未导入", "this waypoint stands at the cut and is incomplete; left out"
)


class _Rows:
    """What has been read so far."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Value]] = []
        self.kinds: list[str] = []
        self.homes: list[str] = []
        self.shapes: list[shapely.Geometry | None] = []
        self.damaged: list[bool] = []
        self.findings: list[Finding] = []
        self.lost: list[Finding] = []
        self.cut: Finding | None = None

    def take(self, _ancestors: list[Element], element: Element) -> None:
        kind = _KINDS[element.tag]
        own = _own_values(element)
        self.rows.append(own if own is not None else {**_attributes(element), _KIND: kind})
        home = text_of(element.find("type")) if own is not None else None
        self.kinds.append(_LAYERS[kind])
        self.homes.append(home or _LAYERS[kind])
        if kind == "waypoint":
            place = _place(element)
            self._put(None if place is None else shapely.Point(place), place is None)
        else:
            self._take_lines(element.findall("trkseg") if kind == "track" else [element])

    def take_open(self, element: Element) -> None:
        if element.tag == "wpt":
            lost = Finding("import.record-unreadable", _LOST, "error", record=len(self.rows) + 1)
            self.lost.append(lost)
            return
        self.take([], element)
        self.findings.append(Finding("import.truncated", _CUT, "warning", record=len(self.rows)))

    def _take_lines(self, segments: list[Element]) -> None:
        lines = []
        given = read = short = 0
        for segment in segments:
            points = [child for child in segment if child.tag in _POINTS]
            places = [place for child in points if (place := _place(child)) is not None]
            given, read = given + len(points), read + len(places)
            if len(places) > 1:
                lines.append(places)
            else:
                short += bool(points)
        for count, words in ((given - read, _BAD_POINTS), (short, _SHORT)):
            if count:
                told = Finding("import.points", words.format(n=count), "warning", record=len(self.rows))
                self.findings.append(told)
        shape = shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)
        self._put(shape if lines else None, not lines and given > 0)

    def _put(self, shape: shapely.Geometry | None, damaged: bool) -> None:
        self.shapes.append(shape)
        self.damaged.append(damaged)


def read_gpx(path: Path, wanted: str | None = None) -> RawTable:
    """Read everything, or only ``waypoints``, ``routes``, ``tracks``, or what Planboard wrote of one layer.

    A column ``gpx`` says what a record was, but for those that Planboard wrote: they have their own values.

    Raises
    ------
    BadInputError
        If the document is harmful.
    NotFoundError
        If there is no such part.
    """
    found, whole = _read(path), path.stem
    offered = [*_layers(found, found.homes, whole), *_layers(found, found.kinds, whole)]
    layer = choose_layer(path.name, offered, wanted or whole).name
    names = enumerate(zip(found.kinds, found.homes, strict=True))
    chosen = [i for i, either in names if layer == whole or layer in either]
    numbers = [i + 1 for i in chosen]
    findings = [found.cut] if found.cut else []
    findings += [f for f in found.findings if f.record in set(numbers)]
    records = records_of_rows(
        [found.rows[i] for i in chosen],
        [found.shapes[i] for i in chosen],
        [found.damaged[i] for i in chosen],
        numbers,
        WGS84,
    )
    return to_raw(layer, "GPX", records._replace(lost=found.lost), findings)


def gpx_layers(path: Path) -> list[SourceLayer]:
    """Return the whole file first, then its parts if there are several."""
    found = _read(path)
    return _layers(found, found.homes, path.stem)


@once_per_file
def _read(path: Path) -> _Rows:
    found = _Rows()
    found.cut = parse(path, frozenset(_KINDS), found.take, found.take_open)
    return found


def _layers(found: _Rows, names: list[str], whole: str) -> list[SourceLayer]:
    """Return the whole and its parts: what Planboard wrote by its layers, else by the kind of element."""
    counts = Counter(names)
    order = dict.fromkeys((*_TYPES, *counts))
    parts = [
        SourceLayer(name, _TYPES.get(name, "Unknown"), counts[name], WGS84, whole)
        for name in order
        if counts[name] and name != whole
    ]
    everything = SourceLayer(whole, "Unknown", len(found.rows), WGS84)
    return [everything, *parts] if len(counts) > 1 else [everything]


def _place(element: Element) -> tuple[float, float] | None:
    try:
        return float(element.get("lon", "")), float(element.get("lat", ""))
    except ValueError:
        return None


def _attributes(element: Element) -> dict[str, Value]:
    row: dict[str, Value] = {}
    for child in element:
        if child.tag in (*_POINTS, "trkseg"):
            continue
        if child.tag == "link":
            row.setdefault("link", child.get("href"))
        leaves = [leaf for leaf in child.iter() if not len(leaf)] if child.tag == "extensions" else [child]
        for leaf in leaves:
            if words := text_of(leaf) if leaf.tag != "link" else None:
                row.setdefault(leaf.tag, words)
    return row


def _own_values(element: Element) -> dict[str, Value] | None:
    """Return the values of an element that Planboard wrote; its name and type only say them again."""
    extensions = element.find("extensions")
    row: dict[str, Value] = {}
    for leaf in extensions if extensions is not None else ():
        if words := text_of(leaf):
            row[leaf.tag] = words
    return row if is_uid(str(row.get("uid", ""))) else None
