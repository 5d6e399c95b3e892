"""Which row carries the column titles, and which rows are records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gis.exchange.synonyms import FIELDS, UNITS, cut_unit, plain_name
from gis.exchange.tables.grid import Grid
from gis.exchange.tables.untitled import is_a_record, untitled
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

_LOOKED_AT: Final = 30
_NUMERIC: Final = re.compile(r"^[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?$")
_TOLD: Final = re.compile(r"^[^:：]{1,12}[:：]\s*\S")
"""What is told at once, such as “日期：2026-3-1”, is no title."""
_LONG: Final = 60
_WORDY: Final = 0.66
_TOTALS: Final = ("合计", "总计", "小计", "共计", "总数", "累计", "total", "subtotal", "sum")
_REMARKS: Final = ("注", "备注", "说明", "填表", "制表", "审核", "联系", "日期", "单位", "note", "remark")
_TITLES: Final = frozenset(
    plain_name(word)
    for words in ({"序号", "楼号", "楼栋", "单元", "房号", "户主", "姓名", "电话", "备注", "名称", "编号",
                   "经度", "纬度", "坐标", "地址", "lon", "lat", "lng", "x", "y", "name", "id", "wkt", "uid"},
                  FIELDS, *FIELDS.values())
    for word in words
)  # fmt: skip

_ABOVE: Final = Text(
    "标题行之上的 {n} 行（{rows}）不是记录，未导入",
    "{n} rows above the column titles ({rows}) are no records",
)
_UNIT_ROW: Final = Text("单位行，不是记录", "a row of units, no record")
_TOTAL: Final = Text("合计行“{w}”，不是记录", "a row of totals (“{w}”), no record")
_REMARK: Final = Text("说明文字“{w}”，不是记录", "a remark (“{w}”), no record")
_ANOTHER: Final = Text(
    "第 {r} 行起是另一张表（标题：{names}），其 {n} 行没有导入；请分开存成两个工作表",
    "another table begins in row {r} (titles: {names}); its {n} rows were left out: give it its own sheet",
)
_AGAIN: Final = Text("重复的标题行，不是记录", "the titles again, no record")
_NO_TITLES: Final = Text(
    "表中没有标题行，各列称为“列1”“列2”……",
    "the table has no row of titles; its columns are called by their number, 1, 2 …",
)


class Headed(NamedTuple):
    """A table with its titles told from its records.

    Parameters
    ----------
    names : list of str
        May hold duplicates and empty ones.
    rows : list of int
        Which rows of the grid are records.
    findings : list of Finding
    """

    names: list[str]
    rows: list[int]
    findings: list[Finding]


def find_heading(grid: Grid) -> Headed:
    """Tell titles, units, totals and remarks from records; whatever is no record is a finding."""
    title_row = _title_row(grid)
    findings: list[Finding] = []
    if title_row is None:
        width = len(grid.rows[0]) if grid.rows else 0
        findings.append(Finding("import.no-titles", _NO_TITLES, "warning"))
        names, first = [untitled(i) for i in range(width)], 0
    else:
        names, first = _names(grid, title_row)
        above = [r + 1 for r in range(title_row) if _filled(grid.rows[r])]
        if above:
            words = _ABOVE.format(n=len(above), rows=", ".join(map(str, above[:6])))
            findings.append(Finding("import.above-titles", words, "info"))
    records = []
    for r in range(first, len(grid.rows)):
        row = grid.rows[r]
        if not _filled(row):
            continue
        if r > first and not _filled(grid.rows[r - 1]) and _begins_another(row, names):
            behind = sum(bool(_filled(later)) for later in grid.rows[r + 1 :])
            words = _ANOTHER.format(r=r + 1, n=behind, names="、".join(map(str, _filled(row)[:4])))
            findings.append(Finding("import.another-table", words, "warning"))
            break
        told = _told(row, names, is_first=r == first, is_last=not _records_follow(grid, r))
        if told is None:
            records.append(r)
        else:
            code, words = told
            findings.append(Finding(code, words, "info", record=r + 1))
    return Headed(names, records, findings)


def _title_row(grid: Grid) -> int | None:
    """Return the first row that looks like titles: most columns filled, with words, all different."""
    sample = grid.rows[:_LOOKED_AT]
    usual = _usual_width(grid.rows)
    best: tuple[float, int] | None = None
    for r, row in enumerate(sample):
        filled = _filled(row)
        if len(filled) < max(1, 0.5 * usual) or (usual > 1 and len(filled) < 2):
            continue
        if is_a_record(row, grid.rows[r + 1 :]):
            break
        score = _title_score(filled)
        second = best is not None and best[1] == r - 1 and _continues(grid, r - 1)
        if score > 0.5 and not second and (best is None or score > best[0] + 0.2):
            best = score, r
        if _is_numeric_row(filled):  # records have begun
            break
    return best[1] if best else None


def _usual_width(rows: Sequence[Sequence[Value]]) -> int:
    counts = sorted(n for row in rows[: 10 * _LOOKED_AT] if (n := len(_filled(row))))
    return counts[len(counts) * 3 // 4] if counts else 0


def _title_score(filled: Sequence[Value]) -> float:
    words = [
        v
        for v in filled
        if isinstance(v, str) and not _NUMERIC.match(v) and not _TOLD.match(v) and len(v) <= _LONG
    ]
    if len(words) <= _WORDY * len(filled):
        return 0.0
    known = sum(plain_name(cut_unit(str(v))[0]) in _TITLES for v in filled)
    distinct = len({str(v) for v in filled}) / len(filled)
    return len(words) / len(filled) * distinct + known / len(filled)


def _is_numeric_row(filled: Sequence[Value]) -> bool:
    numeric = sum(not isinstance(v, str) or bool(_NUMERIC.match(v)) for v in filled)
    return numeric * 3 >= len(filled)


def _names(grid: Grid, title_row: int) -> tuple[list[str], int]:
    """Return the titles and the first row behind them; titles over two rows are joined."""
    top = [_title(v) for v in grid.rows[title_row]]
    below = title_row + 1
    if not _continues(grid, title_row):
        return top, below
    group = ""
    names = []
    for c, word in enumerate(top):
        group = word or (group if _under_group(grid, title_row, c) else "")
        lower = _title(grid.rows[below][c])
        names.append(lower if not group or group == lower else f"{group} {lower}" if lower else group)
    return names, below + 1


def _continues(grid: Grid, title_row: int) -> bool:
    """Tell whether the row below holds titles too: words where the upper row is empty or spans columns."""
    if title_row + 1 >= len(grid.rows):
        return False
    lower = grid.rows[title_row + 1]
    filled = _filled(lower)
    if not filled or _is_numeric_row(filled) or _units(filled):
        return False
    spanning = any(s.top == title_row == s.bottom and s.right > s.left for s in grid.merged)
    gaps = [c for c, v in enumerate(grid.rows[title_row]) if v is None and lower[c] is not None]
    under = [c for c, v in enumerate(lower) if v is not None]
    tall = {c for s in grid.merged if s.top <= title_row < s.bottom for c in range(s.left, s.right + 1)}
    return bool(gaps) and (spanning or not (set(under) - set(gaps) - {g - 1 for g in gaps} - tall))


def _under_group(grid: Grid, row: int, column: int) -> bool:
    spans = [s for s in grid.merged if s.top <= row <= s.bottom]
    return not spans or any(s.left < column <= s.right for s in spans)


def _title(value: Value) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _told(
    row: Sequence[Value], names: Sequence[str], *, is_first: bool, is_last: bool
) -> tuple[str, Text] | None:
    """Return code and words for a row that is no record, or None."""
    filled = _filled(row)
    if is_first and _units(filled):
        return "import.unit-row", _UNIT_ROW
    if all(_title(v) == name for v, name in zip(row, names, strict=True)):
        return "import.titles-again", _AGAIN
    if not isinstance(filled[0], str):
        return None
    first = filled[0]
    plain = plain_name(first)
    if plain in _TOTALS or (len(plain) < 8 and plain.startswith(_TOTALS)):
        return "import.total-row", _TOTAL.format(w=first[:20])
    lonely = len(filled) == 1 and len(names) > 2
    if lonely and is_last and (plain.startswith(_REMARKS) or len(first) > 15):
        return "import.remark-row", _REMARK.format(w=first[:30])
    return None


def _begins_another(row: Sequence[Value], names: Sequence[str]) -> bool:
    """Tell whether a row behind an empty one holds titles, and others than those of the table."""
    words = [plain_name(cut_unit(str(v))[0]) for v in _filled(row) if isinstance(v, str)]
    known = sum(word in _TITLES for word in words)
    here = {plain_name(cut_unit(name)[0]) for name in names}
    return (
        len(words) > 1
        and len(words) == len(_filled(row))
        and 2 * known >= len(words)
        and not here >= {*words}
    )


def _records_follow(grid: Grid, row: int) -> bool:
    return any(len(_filled(later)) > 1 for later in grid.rows[row + 1 : row + 4])


def _units(filled: Iterable[Value]) -> bool:
    words = [str(v).strip("()（）[]").strip().casefold() for v in filled]
    return bool(words) and all(w in UNITS for w in words)


def _filled(row: Sequence[Value]) -> list[Value]:
    return [v for v in row if v is not None]
