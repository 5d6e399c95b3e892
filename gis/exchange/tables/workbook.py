"""Excel workbooks: .xlsx and .xlsm through openpyxl, .xls and most .et of WPS through xlrd.

What a formula last gave is its value; nothing is computed.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any, Final

from gis.exchange.archive import ZIP_FAULTS
from gis.exchange.tables.grid import MOST_CELLS, MOST_COLUMNS, Grid, Span, plain_cell, squared, too_large
from gis.exchange.tables.sheet_notes import SheetNotes, cell_name
from layers.errors import BadInputError
from layers.text import Text

MOST_BYTES: Final = 400 * 1024**2
_HEAD: Final = 4096
_SAVE_AS: Final = Text(
    "请在 Excel 或 WPS 中打开，另存为 xlsx 后再导入。",
    "Open it in Excel or WPS, save it as xlsx, and import that.",
)
_LOCKED: Final = Text(
    "{file} 有打开密码，无法读取。", "{file} is protected by a password and cannot be read."
)
_UNLOCK: Final = Text(
    "请用密码在 Excel 或 WPS 中打开，去掉密码后另存，再导入。",
    "Open it with its password in Excel or WPS, save it without, and import that.",
)
_TO_TABLE: Final = Text(
    "其中的表格请复制到 Excel 或 WPS 表格，存为 xlsx 再导入。",
    "Copy the table in it to a spreadsheet, save that as xlsx, and import it.",
)
_CONTAINED: Final = {
    "EncryptedPackage": (_LOCKED, _UNLOCK),
    "WordDocument": (Text("{file} 是 Word 文档。", "{file} is a Word document."), _TO_TABLE),
    "PowerPoint Document": (Text("{file} 是 PPT 演示文稿。", "{file} is a presentation."), _TO_TABLE),
}
"""Name of a stream in the container of old Office files, and what it means."""
_MOST_LOOKED_AT: Final = 64 * 1024**2


def read_xlsx(path: Path) -> list[Grid]:
    """Read every sheet, also those that hold nothing.

    Raises
    ------
    BadInputError
        If it is damaged, harmful, or absurdly large.
    """
    _check_archive(path)
    book = _loaded(path, values=True)
    formulas = _loaded(path, values=False) if _has_formulas(path) else None
    grids = []
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS * 10 or sheet.max_column > 16384:
            raise too_large(path.name, sheet.max_row, sheet.max_column)
        grids.append(_grid(sheet, formulas[sheet.title] if formulas else None, path))
    return grids


def read_xls(path: Path) -> list[Grid]:
    """Read every sheet of an old workbook, also those that hold nothing.

    Raises
    ------
    BadInputError
        If it is no workbook of that kind, or protected by a password; says to save it as xlsx.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(str(path), logfile=io.StringIO(), formatting_info=True)
        return [_old_grid(book, sheet, path) for sheet in book.sheets()]
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, IndexError, KeyError, ValueError,
            RuntimeError, TypeError, AttributeError, OverflowError, struct.error) as error:  # fmt: skip
        # the reader of a format from 1997 trips over damage in many ways
        raise _no_workbook(path) or unreadable(path, str(error)) from None


def _no_workbook(path: Path) -> BadInputError | None:
    """Return what to say of a file that is in the container of old workbooks, and is something else."""
    data = path.read_bytes()[:_MOST_LOOKED_AT]
    for stream, (words, advice) in _CONTAINED.items():
        if stream.encode("utf-16-le") in data:
            return BadInputError(words.format(file=path.name), advice, code="import.workbook")
    return None


def _check_archive(path: Path) -> None:
    """Refuse a workbook that would grow beyond all bounds or that defines entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MOST_BYTES:
                raise unpacks_too_large(path, size)
            for member in archive.infolist():
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as stream:
                        if b"<!" in stream.read(_HEAD).replace(b"<!--", b""):
                            raise unreadable(path, "DOCTYPE")
    except (*ZIP_FAULTS, OSError) as error:
        raise unreadable(path, str(error)) from None


def _has_formulas(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [m for m in archive.infolist() if m.filename.startswith("xl/worksheets/")]
            return any(b"<f>" in (data := archive.read(m)) or b"<f " in data for m in sheets)
    except (*ZIP_FAULTS, OSError) as error:
        raise unreadable(path, str(error)) from None


def _loaded(path: Path, *, values: bool) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as stream:  # by stream, for openpyxl would judge by the name
            return openpyxl.load_workbook(stream, data_only=values, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, AttributeError, IndexError,
            OverflowError, OSError, *ZIP_FAULTS) as error:  # fmt: skip
        # openpyxl raises whatever the damaged part leads to; SyntaxError is that of XML
        raise unreadable(path, str(error)) from None


def _grid(sheet: Any, formulas: Any, path: Path) -> Grid:
    grid, notes = Grid(sheet.title, []), SheetNotes()
    for r, row in enumerate(sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS))):
        cells = []
        for c, cell in enumerate(row):
            value = cell.value
            if cell.data_type == "e":
                notes.errors.append(cell.coordinate)
                value = None
            elif value is not None and cell.is_date:
                grid.dates.add((r, c))
            cells.append(plain_cell(value))
            notes.comments += cell.comment is not None
        grid.rows.append(cells)
    grid.rows = squared(grid.rows, path.name)
    grid.merged = [
        Span(area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    ]
    grid.hidden = notes.hidden = sheet.sheet_state != "visible"
    notes.hidden_rows = sum(bool(d.hidden) for d in sheet.row_dimensions.values())
    notes.hidden_columns = _hidden_columns(sheet, len(grid.rows[0]) if grid.rows else 0)
    if formulas is not None:
        _note_formulas(grid, formulas, notes)
    grid.findings += notes.findings(path.name)
    return grid


def _hidden_columns(sheet: Any, width: int) -> list[int]:
    """Return which of the columns that hold something are hidden; one entry may stand for several."""
    hidden = {
        column - 1
        for d in sheet.column_dimensions.values()
        if d.hidden and d.min and d.max
        for column in range(d.min, min(d.max, width) + 1)
    }
    return sorted(column for column in hidden if column < width)


def _note_formulas(grid: Grid, formulas: Any, notes: SheetNotes) -> None:
    cells = [cell for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
    failed = set(notes.errors)
    solved = [_value_at(grid, c.row - 1, c.column - 1) is not None for c in cells]
    notes.unsolved = [
        c.coordinate for c, done in zip(cells, solved, strict=True) if not done and c.coordinate not in failed
    ]
    notes.formulas = sum(solved)


def _value_at(grid: Grid, row: int, column: int) -> object:
    inside = row < len(grid.rows) and column < len(grid.rows[row])
    return grid.rows[row][column] if inside else None


def _old_grid(book: Any, sheet: Any, path: Path) -> Grid:
    import xlrd

    grid, notes = Grid(sheet.name, []), SheetNotes()
    for r in range(sheet.nrows):
        cells = []
        for c in range(sheet.ncols):
            cell = sheet.cell(r, c)
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_ERROR:
                notes.errors.append(cell_name(r, c))
                value = None
            elif cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate.xldate_as_datetime(value, book.datemode)
                grid.dates.add((r, c))
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            cells.append(plain_cell(value))
        grid.rows.append(cells)
    grid.rows = squared(grid.rows, path.name)
    grid.merged = [Span(r0, c0, r1 - 1, c1 - 1) for r0, r1, c0, c1 in sheet.merged_cells]
    grid.hidden = notes.hidden = bool(sheet.visibility)
    notes.hidden_rows = sum(bool(r.hidden) for at, r in sheet.rowinfo_map.items() if at < len(grid.rows))
    width = len(grid.rows[0]) if grid.rows else 0
    notes.hidden_columns = sorted(c for c, info in sheet.colinfo_map.items() if info.hidden and c < width)
    notes.comments = len(sheet.cell_note_map)
    grid.findings += notes.findings(path.name)
    return grid


def unreadable(path: Path, why: str) -> BadInputError:
    """Return the error for a workbook that cannot be read, for a reason as a library gives it."""
    if "ncrypt" in why or "password" in why.lower():
        return locked(path)
    words = Text("{file} 不是可读取的表格文件，或已损坏。", "{file} is no readable workbook, or damaged.")
    return BadInputError(words.format(file=path.name), _SAVE_AS, code="import.workbook")


def locked(path: Path) -> BadInputError:
    """Return the error for a workbook that only opens with a password."""
    return BadInputError(_LOCKED.format(file=path.name), _UNLOCK, code="import.workbook")


def unpacks_too_large(path: Path, size: int) -> BadInputError:
    """Return the error for a workbook that no office made."""
    words = Text("{file} 解压后有 {n} MB，太大。", "{file} unpacks to {n} MB: too large.")
    return BadInputError(words.format(file=path.name, n=size // 1024**2), code="import.too-large")
