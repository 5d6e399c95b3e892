"""Mending the text of PDFs that Qt writes.

Qt maps a glyph back to the lowest code point that has it. In CJK fonts many
characters share their glyph with a Kangxi radical (U+2F00-2FDF) or a CJK
radical (U+2E80-2EFF), so 小区 is copied as ⼩区 and a search for it fails; the
dash of 1–4 shares its glyph with the figure dash (U+2012). The maps inside the
file are corrected to the ideographs and the usual dash.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QRawFont

from gis.render.fonts import font as map_font

if TYPE_CHECKING:
    import pikepdf

_FIGURE_DASH, _DASH = "\u2012", "\u2013"
_RADICALS = "".join(chr(c) for c in range(0x2E80, 0x2FE0)) + _FIGURE_DASH
_HEX = re.compile(rb"<(2[EFef][0-9A-Fa-f]{2}|2012)>")


def ideographs(text: str) -> str:
    """Return text with radicals replaced by the ideographs of the same glyph."""
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, int]:
    """Map radical to ideograph wherever the drawing font shows both with one glyph."""
    table: dict[int, int] = {}
    for bold in (False, True):
        raw = QRawFont.fromFont(map_font(32, bold))
        han = "".join(chr(c) for c in range(0x4E00, 0xA000)) + _DASH
        by_glyph = dict(zip(reversed(raw.glyphIndexesForString(han)), reversed(han), strict=True))
        for radical, glyph in zip(_RADICALS, raw.glyphIndexesForString(_RADICALS), strict=True):
            if glyph and glyph in by_glyph:
                table.setdefault(ord(radical), ord(by_glyph[glyph]))
    return table


def mend_pdf(path: Path, title: str, width_mm: float, height_mm: float) -> None:
    """Correct a PDF in place: character maps, exact page size, and what it tells about itself.

    Qt rounds pages to whole points, which is a third of a millimetre. Author,
    dates and identifiers are cleared: they tell about a machine, and equal
    sheets should be equal files.
    """
    import pikepdf

    table = {
        f"{radical:04X}".encode(): f"{ideograph:04X}".encode() for radical, ideograph in _table().items()
    }

    def corrected(match: re.Match[bytes]) -> bytes:
        return b"<" + table.get(match.group(1).upper(), match.group(1)) + b">"

    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                stream = item["/ToUnicode"]
                stream.write(_HEX.sub(corrected, stream.read_bytes()))
        _name_fonts(pdf)
        for page in pdf.pages:
            top = float(page.mediabox[3])
            page.mediabox = pikepdf.Array(
                [0, round(top - height_mm / 25.4 * 72, 3), round(width_mm / 25.4 * 72, 3), top]
            )
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        for entry in ("/Info", "/ID"):
            if entry in pdf.trailer:
                del pdf.trailer[entry]
        pdf.docinfo["/Title"] = title
        pdf.docinfo["/Producer"] = "Planboard"
        pdf.save(path, deterministic_id=True)


def _name_fonts(pdf: pikepdf.Pdf) -> None:
    """Name the subsets of fonts after what they hold.

    Qt names them by the order in which it wrote them, which differs from run to run.
    """
    import pikepdf

    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/DescendantFonts" in item:
            inner = item["/DescendantFonts"][0]
            descriptor = inner["/FontDescriptor"]
            digest = hashlib.sha256(descriptor["/FontFile2"].read_bytes()).digest()
            tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
            name = f"/{tag}+{str(descriptor['/FontName']).rpartition('+')[2].lstrip('/')}"
            for where, key in ((item, "/BaseFont"), (inner, "/BaseFont"), (descriptor, "/FontName")):
                where[key] = pikepdf.Name(name)
