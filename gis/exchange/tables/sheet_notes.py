"""What is to be said of the cells of a sheet besides their values: errors, formulas, what is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from gis.exchange.tables.grid import Grid
from layers.errors import Finding
from layers.text import Text

_SHOWN: Final = 3
_LETTERS: Final = 26
_ERROR: Final = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NULL!|NUM!|SPILL!|CALC!)|Err:\d{3}")
_NO_VALUE: Final = Text(
    "有 {n} 个公式单元格没有保存计算结果，已留空（如 {cells}）；请在 Excel 中打开并保存一次",
    "{n} formula cells hold no result and stay empty (such as {cells}); open and save the file in Excel once",
)
_VALUES: Final = Text(
    "有 {n} 个公式单元格，取其保存的结果", "{n} formula cells: the results saved in them were taken"
)
_ERRORS: Final = Text(
    "有 {n} 个单元格是错误值（如 {cells}），已留空",
    "{n} cells hold an error (such as {cells}) and stay empty",
)
_HIDDEN_ROWS: Final = Text(
    "有 {n} 行是隐藏或被筛选掉的，也已读取", "{n} rows are hidden or filtered out; they were read as well"
)
_HIDDEN_COLUMNS: Final = Text(
    "有隐藏的列（{c}），也已读取", "there are hidden columns ({c}); they were read as well"
)
_HIDDEN_SHEET: Final = Text(
    "这个工作表是隐藏的，请核对是否需要导入", "this sheet is hidden: see whether it is to come in"
)
_COMMENTS: Final = Text("有 {n} 个单元格带批注，批注不导入", "{n} cells have comments, which do not come in")


@dataclass
class SheetNotes:
    """Collected while a sheet is read.

    Parameters
    ----------
    errors : list of str
        Cells that hold an error, such as ``B3``.
    formulas : int
        Cells with a formula and its result.
    unsolved : list of str
        Cells with a formula and no result.
    hidden_rows : int
    hidden_columns : list of int
        Counted from 0.
    hidden : bool
        Whether the whole sheet is.
    comments : int
        Cells with comments.
    """

    errors: list[str] = field(default_factory=list)
    formulas: int = 0
    unsolved: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False
    comments: int = 0

    def findings(self, file: str) -> list[Finding]:
        """Return what people should know."""
        told: list[Finding] = []

        def tell(code: str, words: Text, *, doubtful: bool = False) -> None:
            told.append(Finding(code, words, "warning" if doubtful else "info", file=file))

        if self.hidden:
            tell("import.hidden", _HIDDEN_SHEET, doubtful=True)
        if self.errors:
            words = _ERRORS.format(n=len(self.errors), cells=", ".join(self.errors[:_SHOWN]))
            tell("import.cell-error", words, doubtful=True)
        if self.hidden_rows:
            tell("import.hidden", _HIDDEN_ROWS.format(n=self.hidden_rows))
        if self.hidden_columns:
            tell("import.hidden", _HIDDEN_COLUMNS.format(c=column_names(self.hidden_columns)))
        if self.unsolved:
            words = _NO_VALUE.format(n=len(self.unsolved), cells=", ".join(self.unsolved[:_SHOWN]))
            tell("import.formula", words, doubtful=True)
        if self.formulas:
            tell("import.formula", _VALUES.format(n=self.formulas))
        if self.comments:
            tell("import.cell-comments", _COMMENTS.format(n=self.comments))
        return told


def leave_out_errors(grid: Grid, file: str) -> None:
    """Empty the cells that hold the name of an error as text, as texts and pages have it, and say so."""
    notes = SheetNotes()
    for r, row in enumerate(grid.rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value[:1] in "#E" and _ERROR.fullmatch(value):
                notes.errors.append(cell_name(r, c))
                row[c] = None
    grid.findings += notes.findings(file)


def column_name(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> column_name(0), column_name(25), column_name(26), column_name(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_names(columns: Sequence[int]) -> str:
    """Return the letters of columns, the first ten of them."""
    return ", ".join(map(column_name, columns[:10])) + (" …" if len(columns) > 10 else "")


def cell_name(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell; row and column count from 0.

    Examples
    --------
    >>> cell_name(2, 1)
    'B3'
    """
    return f"{column_name(column)}{row + 1}"
