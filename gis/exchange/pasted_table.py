"""Cells that were copied in a spreadsheet, as a file to be imported like any other."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from layers.errors import BadInputError
from layers.text import Text

MOST_CHARACTERS: Final = 30_000_000
SHEET: Final = 'application/x-qt-windows-mime;value="XML Spreadsheet"'
"""What Excel and WPS put into the clipboard of Windows besides text: cells with their full values."""

_IS_TABLE: Final = re.compile(r"<table[\s>]", re.IGNORECASE)
_TOO_LONG: Final = Text("剪贴板里的表格太大。", "The table in the clipboard is too large.")
_AS_FILE: Final = Text("请把它存成文件，再用“导入数据”。", "Save it as a file, and import that.")


class PastedTable(NamedTuple):
    """A table from the clipboard.

    Parameters
    ----------
    content : bytes
    end : str
        The ending of a file with it.
    """

    content: bytes
    end: str

    def write(self, folder: Path, name: str) -> Path:
        """Write it as a file of a name, without ending."""
        path = folder / f"{name}{self.end}"
        path.write_bytes(self.content)
        return path


def pasted_table(text: str, html: str, sheet: Callable[[], bytes]) -> PastedTable | None:
    """Return the table in a clipboard, in the form that says most of it, or None if there is none.

    Parameters
    ----------
    text, html : str
        The clipboard as text and as a page.
    sheet : callable
        Returns it as an XML workbook; empty if it has none.

    Raises
    ------
    BadInputError
        If it is too large.
    """
    if not are_cells(text):
        return None
    if max(len(text), len(html)) > MOST_CHARACTERS:
        raise BadInputError(_TOO_LONG, _AS_FILE, code="paste.long")
    workbook = sheet()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in workbook[:4096]:
        return PastedTable(workbook.rstrip(b"\x00"), ".xml")
    if _IS_TABLE.search(html):
        page = html if "charset" in html[:2000].lower() else f'<html><meta charset="utf-8">{html}'
        return PastedTable(_as_utf8(page), ".html")
    return PastedTable(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), ".tsv")


def are_cells(text: str) -> bool:
    r"""Tell whether a text is rows of cells: several lines, and tabs in them.

    Examples
    --------
    >>> are_cells("楼号\t层数\n1\t6\n"), are_cells("POINT (1 2)"), are_cells('{\n\t"type": "Point"\n}')
    (True, False, False)
    """
    lines = [line for line in text[:100_000].splitlines() if line.strip()]
    if len(lines) < 2 or text.lstrip()[:1] in ("{", "["):
        return False
    return sum("\t" in line.strip(" ") for line in lines) * 2 > len(lines)


def _as_utf8(page: str) -> bytes:
    """Return a page in the one encoding that it is in now, whatever it said before."""
    return re.sub(r"(?i)(charset\s*=\s*[\"']?)[\w-]+", r"\1utf-8", page).encode("utf-8", "replace")
