"""The formats that the export form offers, and what whoever gets the file should know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from gis.exchange.folder_export import FOLDER_FORMATS
from gis.exchange.written import Writer
from layers.text import Text

FOLDER: Final = "folder"
CHANGES: Final = "changes"


class ExportFormat(NamedTuple):
    """An entry of the list of formats.

    Parameters
    ----------
    name : str
    title : Text
    ending : str
        Of the file; empty for a folder.
    note : Text
        What whoever gets it should know.
    writer : callable
        Returns a writer with options, or None for that of the ending.
    """

    name: str
    title: Text
    ending: str
    note: Text
    writer: Callable[[], Writer | None]

    @property
    def is_drawing(self) -> bool:
        """Whether it holds what is drawn and no fields."""
        return self.ending == ".dxf"

    @property
    def has_layers(self) -> bool:
        """Whether layers are chosen for it; a list of changes takes what was compared."""
        return self.name != CHANGES


_NOTES: Final = {
    "gpkg": Text(
        "每个图层一张表，属性完整；QGIS、ArcGIS Pro 可直接打开。",
        "A table a layer with all fields; opens in QGIS and ArcGIS Pro.",
    ),
    "dxf": Text(
        "1:1，单位米；图层、颜色、线型、文字和图块；AutoCAD、中望、浩辰等可打开。",
        "1:1 in metres, with layers, colours, line types, text and blocks; for AutoCAD and the like.",
    ),
    "dxf-gbk": Text(
        "给 AutoCAD 2006 以前的版本和 CASS 旧版；GBK 中没有的字写成转义。",
        "For AutoCAD before 2007 and old CASS; characters that GBK lacks are escaped.",
    ),
    "shp": Text(
        "每个图层一组文件，字段名缩为 10 个字符，附“字段对照表”。",
        "A set of files a layer; field names are cut to ten characters, with a table of the names.",
    ),
    "shp-gbk": Text(
        "给 ArcGIS 10、CASS 等不认 UTF-8 的软件，附“字段对照表”。",
        "For ArcGIS 10, CASS and others that know no UTF-8, with a table of the names.",
    ),
    "geojson": Text("经纬度，用于网页和编程。", "In degrees, for the web and for programs."),
    "kml": Text("带颜色和名称；奥维、Google Earth 可打开。", "With colours and names; for Google Earth."),
    "gpx": Text("只含点和线，用于手持 GPS。", "Points and lines only, for handheld GPS."),
    "xlsx": Text(
        "每个图层一张工作表，用文字代替代码；改后可按 uid 导回。",
        "A sheet a layer, words instead of codes; edited, it can be imported again by uid.",
    ),
    "csv": Text("每个图层一个文件，Excel、WPS 可直接打开。", "A file a layer; opens in Excel and WPS."),
    FOLDER: Text(
        "新建一个文件夹，每种格式一个子文件夹，附说明。",
        "A new folder with a folder a format and a list of contents.",
    ),
    CHANGES: Text(
        "当前对比的变更清单（编号、理由、前后值）；个人信息会遮蔽，不公开的文字不列出。",
        "The list of changes on screen, with reasons; personal data is masked, private notes stay out.",
    ),
}


def export_formats(*, compared: bool) -> list[ExportFormat]:
    """Return the formats; that of changes only while states are compared."""
    entries = [ExportFormat(f.name, f.title, f.ending, _NOTES[f.name], f.writer) for f in FOLDER_FORMATS]
    whole = Text("整个项目，多种格式（文件夹）", "Whole project, several formats (folder)")
    entries.append(ExportFormat(FOLDER, whole, "", _NOTES[FOLDER], lambda: None))
    if compared:
        title = Text("变更表（Excel）", "List of changes (Excel)")
        entries.append(ExportFormat(CHANGES, title, ".xlsx", _NOTES[CHANGES], lambda: None))
    return entries
