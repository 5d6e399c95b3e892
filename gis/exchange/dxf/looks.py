"""What a file looks like that is offered as a drawing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gis.exchange.dxf.codepage import BINARY_MARK
from gis.exchange.formats import format_of
from layers.errors import BadInputError
from layers.text import Text

_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s*999[ \t]*\r?\n[^\n]*\n)*\s*0[ \t]*\r?\n\s*SECTION", re.IGNORECASE
)
_LOOKS: Final = 4096
DRAWING_ENDS: Final = (".dxf", ".dwg")
_ENTITY: Final = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n[ \t]*(?:SECTION|[A-Z0-9_]{4,})[ \t]*\r?\n")
_DWG: Final = re.compile(rb"AC(?:1\.[0-9]|2\.[0-9]|10[0-9]{2})")
_OTHERS: Final = {
    b"PK\x03\x04": Text("是压缩包，请先解压", "it is a zip archive: unpack it first"),
    b"Rar!": Text("是压缩包，请先解压", "it is an archive: unpack it first"),
    b"%PDF": Text("是 PDF", "it is a PDF"),
    b"SQLite": Text("是 GeoPackage 或数据库", "it is a GeoPackage or database"),
    b"\xff\xd8\xff": Text("是照片", "it is a photo"),
    b"\x89PNG": Text("是图片", "it is an image"),
    b"<": Text("是 XML 或 HTML", "it is XML or HTML"),
    b"{": Text("是 JSON", "it is JSON"),
}
_ENDINGS: Final = {
    "Excel": ".xlsx",
    "OpenDocument": ".ods",
    "GeoPackage": ".gpkg",
    "GeoJSON": ".geojson",
    "KMZ": ".kmz",
    "FlatGeobuf": ".fgb",
}
_EMPTY: Final = Text("文件是空的", "it is empty")
_UNKNOWN: Final = Text("内容无法辨认", "its content is not recognisable")
_AGAIN: Final = Text(
    "请在 CAD 中另存为“AutoCAD 2010 DXF”后再导入。", "Save it in CAD as “AutoCAD 2010 DXF” and import that."
)


def is_drawing(path: Path) -> bool:
    """Tell whether a file is, or is called, a drawing: DXF by its ending or first bytes, or DWG."""
    if path.suffix.lower() in DRAWING_ENDS:
        return True
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(_LOOKS)
    except OSError:
        return False
    return start.startswith(BINARY_MARK) or bool(_START.match(start) or _DWG.match(start))


def is_dwg(path: Path) -> bool:
    """Tell by its first bytes whether a file is a DWG drawing."""
    try:
        with path.open("rb") as stream:
            return bool(_DWG.match(stream.read(6)))
    except OSError:
        return False


def refuse_others(path: Path, data: bytes) -> None:
    """Refuse what is no DXF at all.

    Raises
    ------
    BadInputError
        That says what it looks like and how to go on.
    """
    start = data[:_LOOKS]
    if start.startswith(BINARY_MARK) or _ENTITY.search(start):
        return
    looks = next((words for magic, words in _OTHERS.items() if start.lstrip().startswith(magic)), _UNKNOWN)
    raise not_a_drawing(path, looks if data.strip() else _EMPTY)


def refuse_misnamed(path: Path) -> None:
    """Refuse a file that is called a drawing and is something else that can be imported.

    Raises
    ------
    BadInputError
        That names its true ending.
    """
    try:
        ending = _ENDINGS.get(format_of(path))
    except BadInputError:
        return
    if ending is not None:
        words = Text("{file} 不是 DXF 图纸，内容是 {e} 文件。", "{file} is no DXF drawing but a file of {e}.")
        advice = Text("把扩展名改为 {e} 再导入。", "Change its ending to {e}, and import it again.")
        raise BadInputError(
            words.format(file=path.name, e=ending), advice.format(e=ending), code="import.format"
        )


def not_a_drawing(path: Path, looks: Text = _UNKNOWN) -> BadInputError:
    """Return the error for a file that nothing can read as a drawing."""
    words = Text("{file} 不是可读取的 DXF 图纸：{looks}。", "{file} is no readable DXF drawing: {looks}.")
    return BadInputError(words.format(file=path.name, looks=looks), _AGAIN, code="import.format")
