"""Sheets of LibreOffice, OpenOffice and WPS: .ods, and the same as one XML file, .fods.

An empty or equal rest of a sheet is written there as one cell or row with a number, so every number is
taken within limits. What a formula last gave is its value. Child process only.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from gis.exchange.archive import ZIP_FAULTS
from gis.exchange.tables.grid import MOST_CELLS, MOST_COLUMNS, Grid, Span, plain_cell, squared, too_large
from gis.exchange.tables.sheet_notes import SheetNotes, cell_name
from gis.exchange.tables.workbook import MOST_BYTES, locked, unpacks_too_large, unreadable
from gis.exchange.xml_reading import parse_document
from layers.errors import Finding
from layers.schema import Value

_CONTENT: Final = "content.xml"
_MANIFEST: Final = "META-INF/manifest.xml"
_WANTED: Final = frozenset(("table-row", "table-column", "style"))
_CELLS: Final = ("table-cell", "covered-table-cell")
_NUMBERS: Final = ("float", "percentage", "currency")
_SILENT: Final = ("annotation", "table", "shapes", "frame")
_TIME: Final = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")
_HIDDEN: Final = ("collapse", "filter")
_FURTHEST_ROW: Final = 1 << 20


def read_opendocument(path: Path) -> list[Grid]:
    """Read every sheet, also those that hold nothing.

    Raises
    ------
    BadInputError
        If it is damaged, protected by a password, harmful, or absurdly large.
    """
    sheets: list[_Sheet] = []
    styles: dict[str, bool] = {}

    def take(ancestors: list[Element], element: Element) -> None:
        if element.tag == "style":
            if _is_hidden_style(element):
                styles[element.get("name", "")] = True
            return
        names = [e.tag for e in ancestors]
        if "spreadsheet" not in names or "tracked-changes" in names:
            return
        page = next((e for e in ancestors if e.tag == "table"), None)
        if page is None:
            return
        if not sheets or sheets[-1].element is not page:
            sheets.append(_Sheet(page, path.name))
        if element.tag == "table-column":
            sheets[-1].take_column(element)
        else:
            sheets[-1].take_row(element)

    cut = parse_document(_content(path), path.name, _WANTED, take, lambda _: None)
    if not sheets:
        raise unreadable(path, "no sheet")
    findings = [cut] if cut is not None and cut.code != "import.trailing" else []
    return [sheet.grid(findings, hidden=styles.get(sheet.style, False)) for sheet in sheets]


class _Sheet:
    """A sheet while it is read."""

    def __init__(self, element: Element, file: str) -> None:
        self.element, self._file = element, file
        self.style = element.get("style-name", "")
        self._notes = SheetNotes()
        self._rows: list[list[Value]] = []
        self._dates: set[tuple[int, int]] = set()
        self._merged: list[Span] = []
        self._empty = 0
        """Rows without content that have not been added: mostly the rest of the sheet."""
        self._columns = self._cells = 0

    def take_column(self, column: Element) -> None:
        """Take what is said of columns: which are hidden."""
        count = min(_number(column, "number-columns-repeated"), MOST_COLUMNS)
        if column.get("visibility") in _HIDDEN and self._columns < MOST_COLUMNS:
            self._notes.hidden_columns += range(self._columns, min(self._columns + count, MOST_COLUMNS))
        self._columns += count

    def take_row(self, element: Element) -> None:
        """Take a row, as often as it stands there."""
        at = len(self._rows) + self._empty
        count = _number(element, "number-rows-repeated")
        row = self._row(element, at)
        if not row:
            self._empty += count
            return
        self._cells += len(row) * count + self._empty
        if at + count > _FURTHEST_ROW or self._cells > MOST_CELLS:
            raise too_large(self._file, at + count, len(row))
        self._rows += [[] for _ in range(self._empty)]
        self._rows += [list(row) for _ in range(count)]
        self._empty = 0
        if element.get("visibility") in _HIDDEN:
            self._notes.hidden_rows += count

    def grid(self, findings: list[Finding], *, hidden: bool) -> Grid:
        """Return the sheet."""
        self._notes.hidden = hidden
        rows = squared(self._rows, self._file)
        width = len(rows[0]) if rows else 0
        self._notes.hidden_columns = [c for c in self._notes.hidden_columns if c < width]
        name = self.element.get("name", "") or "Sheet"
        told = [*findings, *self._notes.findings(self._file)]
        return Grid(name, rows, self._dates, self._merged, told, hidden=hidden)

    def _row(self, element: Element, at: int) -> list[Value]:
        """Return the cells of a row up to the last one that holds something."""
        row: list[Value] = []
        column = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            count = _number(cell, "number-columns-repeated")
            self._note_span(cell, at, column)
            value = self._value(cell, at, column)
            if value is not None:
                if column + count > MOST_COLUMNS:
                    raise too_large(self._file, at + 1, column + count)
                row += [None] * (column - len(row)) + [value] * count
            column += count
        return row

    def _note_span(self, cell: Element, row: int, column: int) -> None:
        down, across = (_number(cell, f"number-{what}-spanned") for what in ("rows", "columns"))
        if (down > 1 or across > 1) and column < MOST_COLUMNS:
            right = min(column + across, MOST_COLUMNS) - 1
            self._merged.append(Span(row, column, min(row + down, _FURTHEST_ROW) - 1, right))

    def _value(self, cell: Element, row: int, column: int) -> Value:
        notes, kind = self._notes, cell.get("value-type")
        notes.comments += any(inner.tag == "annotation" for inner in cell)
        if kind == "error":
            notes.errors.append(cell_name(row, column))
            return None
        value = self._plain(cell, kind, row, column)
        if cell.get("formula") is not None and value is None:
            notes.unsolved.append(cell_name(row, column))
        elif cell.get("formula") is not None:
            notes.formulas += 1
        return value

    def _plain(self, cell: Element, kind: str | None, row: int, column: int) -> Value:
        if kind in _NUMBERS:
            return _real(cell.get("value", ""))
        if kind == "boolean":
            return cell.get("boolean-value") == "true"
        if kind == "date":
            self._dates.add((row, column))
            return cell.get("date-value", "")[:19].replace("T", " ").removesuffix(" 00:00:00") or None
        if kind == "time" and (found := _TIME.fullmatch(cell.get("time-value", ""))):
            return ":".join(part.zfill(2) for part in found.groups())
        return plain_cell("\n".join(_paragraphs(cell)) or cell.get("string-value"))


def _content(path: Path) -> bytes:
    """Return the document with the sheets."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if _MANIFEST in names and b"encryption-data" in archive.open(_MANIFEST).read(MOST_BYTES):
                raise locked(path)
            with archive.open(_CONTENT) as stream:
                data = stream.read(MOST_BYTES + 1)
    except (*ZIP_FAULTS, KeyError, OSError) as error:
        raise unreadable(path, str(error)) from None
    if len(data) > MOST_BYTES:
        raise unpacks_too_large(path, len(data))
    return data


def _is_hidden_style(style: Element) -> bool:
    return any(e.tag == "table-properties" and e.get("display") == "false" for e in style)


def _paragraphs(cell: Element) -> Iterator[str]:
    """Yield the lines of a cell, without its comments and drawings."""
    for inner in cell:
        if inner.tag == "p":
            yield "".join(_words(inner))


def _words(element: Element) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if inner.tag == "s":
            yield " " * min(_number(inner, "c"), 100)
        elif inner.tag == "tab":
            yield "\t"
        elif inner.tag == "line-break":
            yield "\n"
        elif inner.tag not in _SILENT:
            yield from _words(inner)
        yield inner.tail or ""


def _real(words: str) -> Value:
    try:
        return plain_cell(float(words))
    except ValueError:
        return plain_cell(words)


def _number(element: Element, name: str) -> int:
    """Return how often something stands there; 1 if that is no number."""
    words = element.get(name, "1")
    return max(1, int(words)) if words.isascii() and words.isdigit() and len(words) < 10 else 1
