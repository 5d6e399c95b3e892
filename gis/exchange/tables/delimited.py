"""CSV, TSV and other text tables: encoding and separator from the content."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Final, Literal

from gis.exchange import encoding
from gis.exchange.gdal_reading import cannot_open
from gis.exchange.tables.grid import MOST_COLUMNS, Grid, plain_cell, squared, too_large
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

_SEPARATORS: Final = (",", "\t", ";", "|", "，", "；")
_LOOKED_AT: Final = 200
_LONGEST_CELL: Final = 4_000_000
_LONGEST_LINE_COUNT: Final = 200
_FEWEST: Final = 6
_WORDS: Final = 8
_CUT_ROW: Final = Text(
    "文件在最后一行中断（只有 {n} 列，其他行有 {m} 列），这一行未导入；请核对文件是否完整",
    "the file breaks off in its last row ({n} of {m} cells), which is left out: is the file whole?",
)


def read_delimited(path: Path, wanted: str | None) -> Grid:
    """Read a text table.

    Parameters
    ----------
    path : Path
    wanted : str, optional
        Encoding that the user insists on.

    Raises
    ------
    BadInputError
        If it is no table, or absurdly wide.
    """
    text, found = _decoded(path.read_bytes(), wanted)
    first, _, rest = text.partition("\n")
    named = first.strip().lower().removeprefix("sep=") if first.lower().startswith("sep=") else ""
    text = rest if named else text
    separator = named[:1] or _separator(text)
    rows, quoted = _rows(text, separator, path)
    findings = []
    if found.contradicts:
        words = Text("文件不是 UTF-8，按 {e} 读取", "the file is not UTF-8; read as {e}")
        findings.append(Finding("import.encoding", words.format(e=found.name), "info", file=path.name))
    if named:
        rows.insert(0, [])
    findings += _without_cut_row(rows, text, separator, quoted=quoted)
    return Grid(
        path.stem, squared(rows, path.name), findings=findings, encoding=found.name, evidence=found.evidence
    )


def _decoded(data: bytes, wanted: str | None) -> tuple[str, encoding.Encoding]:
    if wanted is None:
        return encoding.decode_document(data)
    codec = encoding.label_codec(wanted)
    if codec is None:
        words = Text("没有编码“{e}”。", "There is no encoding “{e}”.").format(e=wanted)
        advice = Text("常用：UTF-8、GB18030、UTF-16。", "Common ones: UTF-8, GB18030, UTF-16.")
        raise BadInputError(words, advice, code="import.encoding")
    said = encoding.Encoding(codec.upper(), Text("由用户指定", "as the user says"))
    return data.decode(codec, "replace").removeprefix("\ufeff"), said


def _separator(text: str) -> str:
    """Return the sign that cuts most lines into the same number of parts, more than one."""
    sample = "\n".join(text.split("\n", _LOOKED_AT)[:_LOOKED_AT])

    def fitness(sign: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(sample), delimiter=sign)
        try:
            widths = Counter(len(row) for row in rows if any(row))
        except csv.Error:
            return 0, 0
        width, count = max(
            widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0)
        )
        return (count, width) if width > 1 else (0, 0)

    return max(_SEPARATORS, key=fitness)


def _rows(text: str, separator: str, path: Path) -> tuple[list[list[Value]], bool]:
    """Return the rows, and whether quotation marks were taken for such."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = _cut(text, separator, csv.QUOTE_MINIMAL, path)
        quoted = not any(_swallowed(value) for row in rows for value in row)
        if not quoted:
            rows = _cut(text, separator, csv.QUOTE_NONE, path)
    except csv.Error as error:
        raise cannot_open(path, str(error)) from None
    return rows, quoted


def _cut(text: str, separator: str, quoting: Literal[0, 3], path: Path) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting):
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise too_large(path.name, len(rows) + 1, len(row))
        rows.append([plain_cell(_without_apostrophe(cell)) for cell in row])
    return rows


def _without_cut_row(rows: list[list[Value]], text: str, separator: str, *, quoted: bool) -> list[Finding]:
    """Leave out a last row that breaks off, and say so: half a number would be a wrong one."""
    if text.endswith(("\n", "\r")) or len(rows) <= _FEWEST:
        return []
    widths = {len(row) for row in rows[-_FEWEST:-1]}
    broken = len(rows[-1]) < max(widths) or (quoted and _ends_in_quote(text, separator))
    if len(widths) > 1 or not broken:
        return []
    if len(rows[-1]) == 1 and len(str(rows[-1][0])) > _WORDS:  # a remark at the end
        return []
    words = _CUT_ROW.format(n=len(rows[-1]), m=max(widths))
    told = Finding("import.truncated", words, "error", record=len(rows))
    rows.pop()
    return [told]


def _ends_in_quote(text: str, separator: str) -> bool:
    """Tell whether a quoted cell has no end."""
    if text.count('"') % 2 == 0:
        return False
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False


def _swallowed(value: Value) -> bool:
    """Tell whether a quotation mark without its partner ate the lines behind it."""
    return isinstance(value, str) and value.count("\n") > _LONGEST_LINE_COUNT


def _without_apostrophe(cell: str) -> str:
    """Return text without the sign that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell
