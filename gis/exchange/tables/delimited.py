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
    rows = _rows(text, separator, path)
    findings = []
    if found.contradicts:
        words = Text("文件不是 UTF-8，按 {e} 读取", "the file is not UTF-8; read as {e}")
        findings.append(Finding("import.encoding", words.format(e=found.name), "info", file=path.name))
    if named:
        rows.insert(0, [])
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


def _rows(text: str, separator: str, path: Path) -> list[list[Value]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = _cut(text, separator, csv.QUOTE_MINIMAL, path)
        if any(_swallowed(value) for row in rows for value in row):
            rows = _cut(text, separator, csv.QUOTE_NONE, path)
    except csv.Error as error:
        raise cannot_open(path, str(error)) from None
    return rows


def _cut(text: str, separator: str, quoting: Literal[0, 3], path: Path) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting):
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise too_large(path.name, len(rows) + 1, len(row))
        rows.append([plain_cell(_without_apostrophe(cell)) for cell in row])
    return rows


def _swallowed(value: Value) -> bool:
    """Tell whether a quotation mark without its partner ate the lines behind it."""
    return isinstance(value, str) and value.count("\n") > _LONGEST_LINE_COUNT


def _without_apostrophe(cell: str) -> str:
    """Return text without the sign that keeps a spreadsheet from running it as a formula."""
    return cell[1:] if cell.startswith(("'=", "'+", "'-", "'@")) else cell
