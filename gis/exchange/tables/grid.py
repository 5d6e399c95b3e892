"""Cells as they stand in a file, before anybody says what is a title and what is a record."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gis.exchange.encoding import UTF8
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

MOST_COLUMNS: Final = 2000
MOST_CELLS: Final = 20_000_000


class Span(NamedTuple):
    """A merged area: rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """One sheet.

    Parameters
    ----------
    name : str
    rows : list of list of Value
        All of one length; empty cells are None, text is trimmed, dates are ISO text.
    dates : set of (int, int)
        Row and column of the cells that are dates to the spreadsheet.
    merged : list of Span
    findings : list of Finding
    encoding : str
    evidence : Text
    hidden : bool
        Whether its authors hid the sheet.
    """

    name: str
    rows: list[list[Value]]
    dates: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    encoding: str = UTF8
    evidence: Text = Text("该格式规定用 UTF-8", "the format prescribes UTF-8")
    hidden: bool = False

    def is_empty(self) -> bool:
        """Tell whether no cell holds anything."""
        return all(value is None for row in self.rows for value in row)


def squared(rows: list[list[Value]], file: str) -> list[list[Value]]:
    """Return rows of one length, without empty ones at the end.

    Raises
    ------
    BadInputError
        If there are absurdly many columns or cells.
    """
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    width = max((used_width(row) for row in rows), default=0)
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        raise too_large(file, len(rows), width)
    return [(row + [None] * width)[:width] for row in rows]


def too_large(file: str, rows: int, columns: int) -> BadInputError:
    """Return the error for a table that no office made."""
    return BadInputError(
        Text(
            "{file} 有 {r:,} 行 {c:,} 列，太大，未导入。",
            "{file} has {r:,} rows and {c:,} columns: too large.",
        ).format(file=file, r=rows, c=columns),
        Text("最多 {n} 列。", "At most {n} columns.").format(n=MOST_COLUMNS),
        code="import.too-large",
    )


def used_width(row: list[Value]) -> int:
    """Return the number of cells up to the last one that holds something."""
    return next((i + 1 for i in range(len(row) - 1, -1, -1) if row[i] is not None), 0)


def plain_cell(value: object) -> Value:
    """Return a cell's value as text, number, truth value or None.

    Examples
    --------
    >>> plain_cell(" 3号楼 "), plain_cell(6.0), plain_cell(dt.datetime(2020, 7, 25))
    ('3号楼', 6, '2020-07-25')
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    words = str(value).replace("\u3000", " ").strip()
    return words or None
