"""Layers as an Excel workbook: a sheet a layer, words instead of codes, nothing that runs as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from gis.exchange.csv_writing import LONGEST_CELL, PLACES, rows_of, titles
from gis.exchange.written import Written
from gis.i18n import tr
from layers.errors import Finding
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAB: Final = re.compile(r"[\\/*?:\[\]']")
_MOST_ROWS: Final = 1_048_575
_WIDE: Final = ("long_text", "text")
_CUT: Final = Text(
    "超过 Excel 的行数，{n} 个对象没有写入", "more than Excel has rows; {n} features were not written"
)


def write_xlsx(_snapshot: Snapshot, layers: Sequence[Layer], out: Path) -> Written:
    """Write one sheet a layer. The ``uid`` travels, so that an edited table updates what is there."""
    from openpyxl import Workbook

    written = Written(files=[out])
    book = Workbook(write_only=True)
    book.properties.creator = "Planboard"
    for layer in layers:
        sheet = book.create_sheet(_TAB.sub("-", tr(layer.title))[:31])
        _write_sheet(sheet, layer)
        written.counts[layer.id] = min(len(layer.table), _MOST_ROWS)
        if len(layer.table) > _MOST_ROWS:
            words = _CUT.format(n=len(layer.table) - _MOST_ROWS)
            written.findings.append(Finding("export.cut", words, "warning", layer=layer.id))
    book.save(out)
    return written


def _write_sheet(sheet: Any, layer: Layer) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    widths = [24 if f.type in _WIDE else 12 for f in layer.fields] + [14] * len(PLACES)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    head = []
    for words in titles(layer):
        cell = WriteOnlyCell(sheet, words)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for number, row in enumerate(rows_of(layer)):
        if number >= _MOST_ROWS:
            return
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Value) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # a leading equals sign would make it a formula
    return cell
