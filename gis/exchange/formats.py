"""Which format a file is in: by its first bytes, for a name may say anything."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from gis.exchange.archive import ZIP_FAULTS
from gis.exchange.foreign_files import foreign_file
from gis.exchange.page_looks import looks_like_page
from gis.exchange.table_ends import TEXTS, WORKBOOKS
from layers.errors import BadInputError
from layers.text import Text

SHAPEFILE_ENDS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".qpj")
MAPINFO_ENDS: Final = (".tab", ".mif", ".mid", ".dat", ".map", ".id")
_TEXT_TABLE_ENDS: Final = (*TEXTS, ".txt", ".tab", ".dat", *WORKBOOKS)
"""Texts with these names are tables; many systems of offices call theirs a workbook."""
_MAPINFO_SIDES: Final = {".mid": ".mif", ".dat": ".tab", ".map": ".tab", ".id": ".tab"}
_SQLITE: Final = b"SQLite format 3\x00"
_KIND: Final = "mimetype"
_SHEETS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_START: Final = 4096
_BINARY_SHARE: Final = 0.02

READABLE: Final = Text(
    "可导入 DXF 图纸、Shapefile、GeoPackage、GeoJSON、KML、KMZ、GPX、GML、FlatGeobuf、MapInfo、"
    "表格（xlsx、xls、et、ods、csv、txt）和照片。",
    "DXF, Shapefile, GeoPackage, GeoJSON, KML, KMZ, GPX, GML, FlatGeobuf, MapInfo, tables (xlsx, xls, et, "
    "ods, csv, txt) and photos can be imported.",
)
_TO_TABLE: Final = Text(
    "其中的表格请复制到 Excel 或 WPS 表格，存为 xlsx 再导入。",
    "Copy the table in it to a spreadsheet, save that as xlsx, and import it.",
)
_FROM_PDF: Final = Text(
    "图纸请向对方要 DXF，表格请要 Excel；扫描图可转成图片，作为底图添加。",
    "Ask for the drawing as DXF, or the table as Excel; a scan can be added below the plan as a picture.",
)
_OFFICE: Final = {
    "word/document.xml": (Text("是 Word 文档", "it is a Word document"), _TO_TABLE),
    "ppt/presentation.xml": (Text("是 PPT 演示文稿", "it is a presentation"), _TO_TABLE),
    "content.xml": (Text("是 OpenDocument 文档", "it is an OpenDocument document"), _TO_TABLE),
}
"""What else is a zip archive, by a file in it, and the way on."""
_OTHERS: Final = {
    b"%PDF": Text("是 PDF", "it is a PDF"),
    b"AC10": Text("是 DWG 图纸", "it is a DWG drawing"),
    b"  0\nSECTION": Text("是 DXF 图纸", "it is a DXF drawing"),
    b"  0\r\nSECTION": Text("是 DXF 图纸", "it is a DXF drawing"),
    b"\xff\xd8\xff": Text("是照片", "it is a photo"),
    b"\x89PNG": Text("是图片", "it is an image"),
    b"II*\x00": Text("是影像", "it is a raster image"),
    b"PAR1": Text(
        "是 GeoParquet，请在 QGIS 中另存为 GeoPackage", "it is GeoParquet; save it as GeoPackage in QGIS"
    ),
    b"Rar!": Text("是 RAR 压缩包，请先解压", "it is a RAR archive: unpack it first"),
    b"7z\xbc\xaf": Text("是 7z 压缩包，请先解压", "it is a 7z archive: unpack it first"),
}


def format_of(path: Path) -> str:
    """Tell the format by the first bytes; the files of a set by their endings.

    Returns
    -------
    str
        One of the names in `gis.exchange.child.READERS`.

    Raises
    ------
    BadInputError
        If it is none that Planboard reads.
    """
    end = path.suffix.lower()
    if end in SHAPEFILE_ENDS:
        return "Shapefile"
    with path.open("rb") as stream:
        start = stream.read(_START)
    found = _by_magic(path, start) or _by_text(path, start)
    if found is None:
        raise _unknown(path, start)
    return found


def _by_magic(path: Path, start: bytes) -> str | None:
    if start.startswith(_SQLITE):
        return "GeoPackage"
    if start.startswith(b"fgb"):
        return "FlatGeobuf"
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _inside_zip(path)
    if start.startswith(_OLE):
        return "Excel 97"
    return None


def _by_text(path: Path, start: bytes) -> str | None:
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain.startswith((b"{", b"\xff\xfe{", b"\xfe\xff\x00{")):
        return "GeoJSON"
    if any(start.startswith(magic) for magic in _OTHERS):
        return None
    words = _as_words(start)
    if words.lstrip("\ufeff \t\r\n").startswith("<"):
        return _xml_kind(words)
    if looks_like_page(words):
        return "HTML"
    if path.suffix.lower() in MAPINFO_ENDS and _is_mapinfo(path, words):
        return "MapInfo"
    looks_like_text = path.suffix.lower() in _TEXT_TABLE_ENDS and _is_text(start)
    return "CSV" if looks_like_text and words.strip() else None


def _is_mapinfo(path: Path, words: str) -> bool:
    """Tell whether a file is of MapInfo; a text called .dat without its .tab is a list of survey points."""
    start = words.lstrip("\ufeff").lower()
    main = _MAPINFO_SIDES.get(path.suffix.lower())
    if main is None or main == ".mif":
        return main is not None or start.startswith(("!table", "version"))
    beside = any(path.with_suffix(end).exists() for end in (main, main.upper()))
    return beside or path.suffix.lower() != ".dat" or not _is_text(words.encode()[:_START])


def _as_words(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start[: len(start) // 2 * 2].decode("utf-16", "replace")
    return start.decode("utf-8-sig", "replace")


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(byte < 32 and byte not in b"\t\r\n\f\x1a" for byte in start)
    return control <= len(start) * _BINARY_SHARE


def _xml_kind(words: str) -> str | None:
    """Return the format of an XML document by the name of its root or a namespace."""
    lower = words.lower()
    if "<workbook" in lower and "urn:schemas-microsoft-com:office:spreadsheet" in lower:
        return "Excel XML"
    if _SHEETS.decode() in lower:
        return "OpenDocument"
    for sign, name in (("<kml", "KML"), ("<gpx", "GPX"), ("opengis.net/gml", "GML"), (":kml", "KML")):
        if sign in lower:
            return name
    return "HTML" if looks_like_page(words) else None


def _inside_zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:10_000]
            kind = archive.open(_KIND).read(_START) if _KIND in names else b""
    except (*ZIP_FAULTS, OSError, ValueError):
        return "zip"
    if kind.startswith(_SHEETS):
        return "OpenDocument"
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "Excel"
    if path.suffix.lower() == ".kmz":
        return "KMZ"
    office = next((told for name, told in _OFFICE.items() if name in names), None)
    if office is not None:
        raise _refused(path, *office)
    return "zip"


def _unknown(path: Path, start: bytes) -> BadInputError:
    foreign = foreign_file(path)
    if foreign is not None and start.strip():
        return _refused(path, *foreign)
    looks = next((words for magic, words in _OTHERS.items() if start.startswith(magic)), None)
    if looks is None and (b"<osm" in start or start[4:15] == b"\x0a\x09OSMHeader"):
        looks = Text(
            "是 OpenStreetMap 原始数据，请在 QGIS 中另存为 GeoPackage",
            "it is raw OpenStreetMap data; save it as GeoPackage in QGIS",
        )
    if looks is None and start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        looks = Text("是 XML 或 HTML", "it is XML or HTML")
    if looks is None and start[4:8] == b"ftyp":
        looks = Text("是 HEIC 照片或视频", "it is a HEIC photo or a video")
    if looks is None and not start.strip():
        looks = Text("文件是空的", "it is empty")
    if looks is None:
        looks = Text("无法辨认", "it is not recognisable")
    return _refused(path, looks, _FROM_PDF if start.startswith(b"%PDF") else READABLE)


def _refused(path: Path, looks: Text, advice: Text) -> BadInputError:
    words = Text("{file} 不是可导入的文件：{looks}。", "{file} cannot be imported: {looks}.")
    return BadInputError(words.format(file=path.name, looks=looks), advice, code="import.format")
