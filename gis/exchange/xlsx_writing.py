"""Layers as an Excel workbook: a sheet a layer, words instead of codes, nothing that runs as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from gis.exchange.csv_writing import LONGEST_CELL, rows_of, titles
from gis.exchange.written import Told, Written
from gis.i18n import tr
from layers.errors import CancelledError, Finding
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAB: Final = re.compile(r"[\\/*?:\[\]']")
_MOST_ROWS: Final = 1_048_575
_HEAD_COLOR: Final = "FFEDF1F1"
_LOOKED: Final = 200
"""So many rows say how wide a column is."""
_ROOM, _NARROWEST, _WIDEST, _UID = 2.0, 8.0, 40.0, 14.0
_FOR_PROGRAMS: Final = 2
"""Columns at the end that only programs read: the id, and the shape as text."""
_LATIN: Final = 0x2E7F
_A4: Final = 9
"""As the format numbers its papers."""
_CUT: Final = Text(
    "超过 Excel 的行数，{n} 个对象没有写入", "more than Excel has rows; {n} features were not written"
)


def write_xlsx(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
    """Write one sheet a layer. The ``uid`` travels, so that an edited table updates what is there."""
    from openpyxl import Workbook

    written, told = Written(files=[out]), told or Told()
    book = Workbook(write_only=True)
    book.properties.creator = "Planboard"
    for layer in layers:
        sheet = book.create_sheet(_TAB.sub("-", _UNWRITABLE.sub("", tr(layer.title)))[:31])
        try:
            _write_sheet(sheet, layer, snapshot.crs, told)
        except CancelledError:
            _give_up(book)
            raise
        written.counts[layer.id] = min(len(layer.table), _MOST_ROWS)
        if len(layer.table) > _MOST_ROWS:
            words = _CUT.format(n=len(layer.table) - _MOST_ROWS)
            written.findings.append(Finding("export.cut", words, "warning", layer=layer.id))
    book.save(out)
    return written


def _give_up(book: Any) -> None:
    """Close the sheets, which lie in files of their own until the book is saved, and remove those."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        sheet._writer.cleanup()


def _write_sheet(sheet: Any, layer: Layer, crs: str, told: Told) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    heads = titles(layer, crs)
    count = min(len(layer.table), _MOST_ROWS)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count + 1}"
    _set_paper(sheet, tr(layer.title))
    # On paper nobody reads ids and outlines as text; the long ones would run over onto further pages.
    sheet.print_area = f"A1:{get_column_letter(len(heads) - _FOR_PROGRAMS)}{count + 1}"
    for place, width in enumerate(_widths(layer, heads, crs), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    head = []
    for words in heads:
        cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", words))
        cell.data_type = "s"
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color=_HEAD_COLOR)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        head.append(cell)
    sheet.append(head)
    for row in told.each(layer, islice(rows_of(layer, crs), count)):
        sheet.append([_cell(sheet, value) for value in row])


def _set_paper(sheet: Any, title: str) -> None:
    """Set up the sheet so that it prints on A4: across, all columns on one page, the head on every page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = _fit_to_page()
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.left.text = title.replace("&", "&&")
    sheet.oddFooter.center.text = "&P / &N"


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)


def _widths(layer: Layer, heads: Sequence[str], crs: str) -> list[float]:
    """Return how wide the columns are: as the head and the first rows want it, within reason."""
    widths = [_units(words) + _ROOM for words in heads]
    first = layer.table.where(np.arange(min(len(layer.table), _LOOKED)))
    for row in rows_of(layer.with_table(first), crs):
        widths = [max(width, _units(value)) for width, value in zip(widths, row, strict=True)]
    most = [_WIDEST] * len(layer.fields) + [_WIDEST, _WIDEST, _UID, _UID]
    return [min(max(width + _ROOM, _NARROWEST), limit) for width, limit in zip(widths, most, strict=True)]


def _units(value: Value) -> float:
    """Return how many digits wide a value is; a Chinese character takes two."""
    words = "" if value is None else str(value)
    return float(sum(2 if ord(c) > _LATIN else 1 for c in words[: int(_WIDEST)]))


def _cell(sheet: Any, value: Value) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # a leading equals sign would make it a formula
    return cell
