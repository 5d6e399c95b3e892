"""Cells that stand for several rows, and cells that Excel turned into dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from gis.exchange.synonyms import plain_name
from gis.exchange.tables.grid import Grid
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

_GROUPING: Final = (
    "楼号",
    "楼栋",
    "楼栋号",
    "栋号",
    "幢号",
    "楼幢",
    "单元",
    "单元号",
    "片区",
    "小区",
    "building",
    "unit",
)
_NUMBERED: Final = (
    "号",
    "房",
    "室",
    "户",
    "门牌",
    "编号",
    "楼",
    "单元",
    "no",
    "room",
    "code",
    "number",
    "id",
)
_DATED: Final = ("日期", "时间", "年", "日", "date", "time", "day")
_DATE_LIKE: Final = re.compile(
    r"^(?:(?P<y>\d{4})[-/年](?P<m>\d{1,2})[-/月](?P<d>\d{1,2})日?|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|(?P<d3>\d{1,2})-(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))(?: 00:00:00)?$",
    re.IGNORECASE,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPARSE: Final = 0.3
"""A column with fewer gaps has forgotten cells, not groups."""
_FILLED: Final = Text(
    "有 {n} 个空单元格随合并单元格或上方的“{c}”填写",
    "{n} empty cells took the “{c}” of the merged cell or the row above",
)
_EATEN: Final = Text(
    "“{v}”像被 Excel 改成日期的编号，原来可能是“{was}”，请核对原表",
    "“{v}” looks like a number that Excel made a date; it may have been “{was}”; check the original",
)


def fill_down(grid: Grid, names: Sequence[str], rows: Sequence[int]) -> list[Finding]:
    """Give each record what a merged cell, or a group title above, says for it. Changes the grid's rows."""
    counts: dict[str, int] = {}
    records = set(rows)
    for span in grid.merged:
        value = _at(grid, span.top, span.left)
        if value is None or span.top not in records or span.right > span.left:
            continue
        for r in range(span.top + 1, span.bottom + 1):
            if r in records and _at(grid, r, span.left) is None:
                grid.rows[r][span.left] = value
                counts[names[span.left]] = counts.get(names[span.left], 0) + 1
    own = {"uid", "wkt"} & set(map(plain_name, names))  # each row is a feature there, not part of a group
    groups: list[int] = []
    for c, name in enumerate(names):
        if not own and plain_name(name) in map(plain_name, _GROUPING):
            if _is_group_column(grid, c, rows):
                counts[name] = counts.get(name, 0) + _fill_column(grid, c, rows, groups)
            groups.append(c)
    return [
        Finding("import.filled", _FILLED.format(n=n, c=name), "info", field=name)
        for name, n in counts.items()
        if n
    ]


def eaten_by_dates(grid: Grid, names: Sequence[str], rows: Sequence[int]) -> list[Finding]:
    """Return a finding for each date in a column of numbers, such as room numbers.

    Excel and WPS make 2003-02-01 of a typed 3-2-01, and 3月2日 of 3-2.
    """
    findings = []
    for c, name in enumerate(names):
        dates = [r for r in rows if _looks_like_date(grid, r, c)]
        others = sum(grid.rows[r][c] is not None for r in rows) - len(dates)
        if not dates or _is_dated(name) or (others < len(dates) and not _is_numbered(name)):
            continue
        if not others and not _is_numbered(name):
            continue
        for r in dates:
            value = str(grid.rows[r][c])
            words = _EATEN.format(v=value, was=_before(value))
            findings.append(Finding("import.date-eaten", words, "warning", record=r + 1, field=name))
    return findings


def _fill_column(grid: Grid, column: int, rows: Sequence[int], outer: Sequence[int]) -> int:
    """Carry values down, but not from one group of the columns before into the next."""
    current: Value = None
    group: list[Value] = []
    filled = 0
    for r in rows:
        here = [grid.rows[r][c] for c in outer]
        if here != group:
            current, group = None, here
        if grid.rows[r][column] is not None:
            current = grid.rows[r][column]
        elif current is not None:
            grid.rows[r][column] = current
            filled += 1
    return filled


def _is_group_column(grid: Grid, column: int, rows: Sequence[int]) -> bool:
    """Tell whether a column names each group once: the first record is filled, many others are not."""
    if len(rows) < 2 or grid.rows[rows[0]][column] is None or column + 1 >= len(grid.rows[rows[0]]):
        return False
    empty = [r for r in rows if grid.rows[r][column] is None]
    others = all(any(v is not None for v in grid.rows[r][column + 1 :]) for r in empty)
    return others and len(empty) >= _SPARSE * len(rows)


def _looks_like_date(grid: Grid, row: int, column: int) -> bool:
    value = grid.rows[row][column]
    return (row, column) in grid.dates or (isinstance(value, str) and bool(_DATE_LIKE.match(value)))


def _is_dated(name: str) -> bool:
    plain = plain_name(name)
    return any(word in plain for word in _DATED)


def _is_numbered(name: str) -> bool:
    plain = plain_name(name)
    return any(word in plain for word in _NUMBERED)


def _before(value: str) -> str:
    """Return what was probably typed.

    Examples
    --------
    >>> _before("2003-02-01"), _before("3月2日"), _before("2-Mar")
    ('3-2-1', '3-2', '3-2')
    """
    match = _DATE_LIKE.match(value)
    if match is None:
        return value
    if match["y"]:
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
        this_year = dt.date.today().year
        return f"{month}-{day}" if abs(year - this_year) <= 1 else f"{year % 100}-{month}-{day}"
    if match["m2"]:
        return f"{int(match['m2'])}-{int(match['d2'])}"
    return f"{_MONTHS.index(match['mon'].lower()) + 1}-{int(match['d3'])}"


def _at(grid: Grid, row: int, column: int) -> Value:
    return grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else None
