"""Sheets as files that open in Excel and WPS: .xlsx and .csv.

Text is text there: nothing that somebody typed into a plan is run as a
formula. What is written passes the masks, unless it is said to stay inside.
A file is written beside its place and renamed when it is whole.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.disk_words import disk_words
from gis.privacy import Masks
from gis.revisions.sheet_masking import sheet_for
from gis.revisions.sheets import Cell, Column, Sheet
from layers.errors import StorageError, UsageError
from layers.text import Language, Text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.worksheet.worksheet import Worksheet

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets take the full-width ones as the plain ones."""
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and so a spreadsheet, cannot hold."""
_LONGEST_CELL: Final = 32_767
_FORMATS: Final = {
    "number": "#,##0.0##",
    "whole": "#,##0",
    "date": "yyyy-mm-dd",
    "text": "General",
    "id": "General",
}
_HEAD_COLOR: Final = "FFEDF1F1"
_LINE_COLOR: Final = "FFDADDE1"
_WARNING_COLOR: Final = "FFB42318"


def write_sheets(
    sheets: Sequence[Sheet], out: Path, language: Language, masks: Masks | None
) -> tuple[Path, ...]:
    """Write sheets to one .xlsx file, or to one .csv file each.

    Parameters
    ----------
    sheets : sequence of Sheet
        At least one. As CSV the first gets the name of `out`, another
        ``OUT_name.csv`` beside it.
    out : Path
        Its ending decides; what is there is replaced.
    language : {"zh", "en"}
        Of the heads and of the words that are the program's own.
    masks : Masks or None
        What all words pass, and where the masked cells are counted. None is for a table that stays
        inside: it keeps everything and is headed so.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    UsageError
        If the ending is another.
    StorageError
        If the disk refuses; an older file is still there then.
    """
    ending = out.suffix.lower()
    if ending == ".xlsx":
        with written_beside(out) as beside:
            _write_xlsx([sheet_for(sheet, masks) for sheet in sheets], beside, language)
        return (out,)
    if ending != ".csv":
        raise UsageError(
            Text("不能写成“{end}”。", "“{end}” cannot be written.").format(end=ending or out.name),
            Text("可用：.xlsx .csv", "There are .xlsx .csv"),
            code="usage.ending",
        )
    paths = [out, *(out.with_name(f"{out.stem}_{sheet.name}{out.suffix}") for sheet in sheets[1:])]
    for sheet, path in zip(sheets, paths, strict=True):
        with written_beside(path) as beside:
            _write_csv(sheet_for(sheet, masks), beside, language)
    return tuple(paths)


@contextmanager
def written_beside(out: Path) -> Iterator[Path]:
    """Yield a path beside `out` that takes its place when the block ends well, and vanishes when it does not.

    Raises
    ------
    StorageError
        If the disk refuses.
    """
    beside = out.with_name(f".{uuid.uuid4().hex[:8]}.tmp{out.suffix}")
    try:
        yield beside
        os.replace(beside, out)
    except OSError as error:
        raise StorageError(
            Text("“{name}”没有写成：{why}", "“{name}” could not be written: {why}").format(
                name=out.name, why=disk_words(error)
            ),
            Text(
                "原有文件未受影响。请检查磁盘空间和文件夹权限，或先关闭已打开的表格。",
                "A file of that name is as it was. Check disk and folder, or close the table if it is open.",
            ),
            code="file.write",
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def safe_cell(words: str) -> str:
    """Return words that no spreadsheet takes for a formula when it reads them from a CSV file.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("3号楼")
    ("'=HYPERLINK(1)", '3号楼')
    """
    return "'" + words if _UNWRITABLE.sub("", words).lstrip(" ").startswith(_DANGEROUS) else words


def _write_csv(sheet: Sheet, path: Path, language: Language) -> None:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as stream:
        table = csv.writer(stream)
        if sheet.heading is not None:
            table.writerow([sheet.heading.in_language(language)])
        table.writerow([safe_cell(column.title.in_language(language)) for column in sheet.columns])
        for row in sheet.rows:
            table.writerow([_plain(cell, c, language) for cell, c in zip(row, sheet.columns, strict=True)])


def _plain(cell: Cell, column: Column, language: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, (int, float)):
        return f"{cell:.3f}".rstrip("0").rstrip(".") if column.kind == "number" else f"{cell:.0f}"
    return safe_cell(_words(cell, language))


def _words(cell: Text | str, language: Language) -> str:
    return cell.in_language(language) if isinstance(cell, Text) else cell


def _write_xlsx(sheets: Sequence[Sheet], path: Path, language: Language) -> None:
    from openpyxl import Workbook  # late: a fifth of a second that few commands need

    book = Workbook()
    del book[book.sheetnames[0]]
    for sheet in sheets:
        _fill(book.create_sheet(_tab_name(sheet.title.in_language(language))), sheet, language)
    book.properties.creator = "Planboard"
    book.save(path)


def _tab_name(words: str) -> str:
    """Return words as a spreadsheet takes them for the name of a tab."""
    return re.sub(r"[\\/*?:\[\]']", "-", _UNWRITABLE.sub("", words))[:31]


def _fill(tab: Worksheet, sheet: Sheet, language: Language) -> None:
    from openpyxl.utils import get_column_letter

    top = 1 if sheet.heading is None else 2
    if sheet.heading is not None:
        _write_heading(tab, sheet.heading.in_language(language), len(sheet.columns))
    for place, column in enumerate(sheet.columns, 1):
        tab.column_dimensions[get_column_letter(place)].width = column.width
        _write_head(tab.cell(top, place), column, language)
    for number, row in enumerate(sheet.rows, top + 1):
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True), 1):
            if value is not None and value != "":
                _write_cell(tab.cell(number, place), value, column, language)
    tab.freeze_panes = f"A{top + 1}"
    tab.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + top}"
    _set_paper(tab, top)


def _write_heading(tab: Worksheet, words: str, columns: int) -> None:
    from openpyxl.styles import Alignment, Font

    cell = tab.cell(1, 1)
    _put_text(cell, words)
    cell.font = Font(bold=True, size=14, color=_WARNING_COLOR)
    cell.alignment = Alignment(vertical="center")
    tab.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    tab.row_dimensions[1].height = 24


def _write_head(cell: ExcelCell, column: Column, language: Language) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    _put_text(cell, column.title.in_language(language))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEAD_COLOR)
    cell.border = Border(bottom=Side("thin", color=_LINE_COLOR))
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _write_cell(cell: ExcelCell, value: Any, column: Column, language: Language) -> None:
    from openpyxl.styles import Alignment

    day = _date(value) if column.kind == "date" else None
    cell.number_format = _FORMATS[column.kind]
    if isinstance(value, (int, float)):
        cell.value = value
    elif day is not None:
        cell.value = day
    else:
        _put_text(cell, _words(value, language))
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return
    cell.alignment = Alignment(vertical="top")


def _put_text(cell: ExcelCell, words: str) -> None:
    kept = _UNWRITABLE.sub("", words)[:_LONGEST_CELL]
    cell.value = kept
    cell.data_type = "s"  # openpyxl would make a formula of a leading equals sign
    if kept.lstrip(" ").startswith(_DANGEROUS):
        cell.quotePrefix = True  # so that it stays text when somebody edits the cell


def _date(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def _set_paper(tab: Worksheet, heads: int) -> None:
    tab.page_setup.orientation = "landscape"
    tab.page_setup.paperSize = tab.PAPERSIZE_A4
    tab.page_setup.fitToHeight = 0
    tab.sheet_properties.pageSetUpPr.fitToPage = True
    tab.print_title_rows = f"1:{heads}"
