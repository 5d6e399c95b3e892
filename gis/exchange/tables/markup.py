"""Tables that are web pages or XML under the name of a workbook, as many systems of offices export them.

HTML (also packed as MHTML) and the XML of Excel 2003. Nothing in them is run, followed or fetched, and
entities of their own are refused. Child process only.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from gis.exchange import encoding
from gis.exchange.tables.grid import MOST_CELLS, MOST_COLUMNS, Grid, Span, plain_cell, squared, too_large
from gis.exchange.xml_reading import parse
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARED: Final = re.compile(r"<[!?][^>]*(?:>|\Z)")
_LOOKED_AT: Final = 4096
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*)([^<>]*)>")
_MARKED: Final = re.compile(
    r"(?i)<(?:html|body|table|tr|td|p|br|div|span|b|i|u|font|a|img|ul|li|h[1-6])\b[^<>]*>"
)
_SPANS: Final = re.compile(r"""(?i)\b(rowspan|colspan)\s*=\s*["']?([0-9]{1,9})""")
_SILENT: Final = {name: re.compile(rf"(?i)</{name}[^<>]*>") for name in ("script", "style")}
_PAGES: Final = (".htm", ".html", ".mht", ".mhtml")
_LINES: Final = ("br", "p", "div", "li")
_CUT_CELLS: Final = ("td", "th")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?")
_EXACT: Final = re.compile(r"""(?i)\b(?:sdval|x:num)\s*=\s*["']?([-+0-9.eE]{1,40})""")
"""Where spreadsheets put the number of a cell on a page besides what is shown of it."""
_ROUNDED: Final = re.compile(r"[-+]?[¥￥$€]?\s?[-+]?\d[\d,]*(?:\.\d*)?(?:[eE][-+]?\d{1,3})?\s?%?")
"""What is shown of a number; of a date or a truth value it would be something else."""
_MOST_SPAN: Final = 5000
_NO_TABLE: Final = Text("{file} 是网页，其中没有表格。", "{file} is a web page, and there is no table in it.")
_MOST_BYTES: Final = 200 * 1024**2
_TOO_LARGE: Final = Text("{file} 有 {n} MB，太大，未导入。", "{file} has {n} MB: too large.")
_ASK: Final = Text(
    "导出时可能登录已失效：请重新登录后再导出，或在浏览器中打开看看。",
    "The login may have run out when it was exported: log in and export again, or open it in a browser.",
)
_IS_PAGE: Final = Text(
    "文件名是 {end}，内容是网页表格，已按表格读取",
    "it is called {end} but is a table of a web page, and was read as one",
)
_IS_XML: Final = Text(
    "文件名是 {end}，内容是 XML 表格（Excel 2003），已按表格读取",
    "it is called {end} but is an XML table of Excel 2003, and was read as one",
)


def read_html(path: Path, wanted: str | None) -> list[Grid]:
    """Read every table of a page; a table inside a cell is a table of its own.

    Parameters
    ----------
    path : Path
        HTML, or MHTML with it inside.
    wanted : str, optional
        Encoding that the user insists on.

    Raises
    ------
    BadInputError
        If there is no table in it, or one is absurdly large.
    """
    if (size := path.stat().st_size) > _MOST_BYTES:
        words = _TOO_LARGE.format(file=path.name, n=size // 1024**2)
        raise BadInputError(words, code="import.too-large")
    data, label = _page(path.read_bytes())
    text, found = _decoded(data, label, wanted)
    page = _Tables(path.name)
    page.read(text)
    filled = [table for table in page.tables if any(v is not None for row in table.rows for v in row)]
    if not filled:
        raise BadInputError(_NO_TABLE.format(file=path.name), _ASK, code="import.no-table")
    told = [Finding("import.table-page", _IS_PAGE.format(end=path.suffix or path.name), "info", path.name)]
    if path.suffix.lower() in _PAGES:
        told = []  # that is what it says it is
    grids = []
    for number, table in enumerate(filled, 1):
        name = path.stem if len(filled) == 1 else f"{path.stem} {number}"
        rows = squared(table.rows, path.name)
        grids.append(Grid(name, rows, merged=table.merged, findings=list(told), encoding=found.name,
                          evidence=found.evidence))  # fmt: skip
    return grids


def read_spreadsheet_xml(path: Path) -> list[Grid]:
    """Read every sheet of an XML workbook of Excel 2003.

    Raises
    ------
    BadInputError
        If it defines entities, or is absurdly large.
    """
    sheets: list[_Sheet] = []

    def take(ancestors: list[Element], row: Element) -> None:
        page = next((e for e in reversed(ancestors) if e.tag == "Worksheet"), None)
        if page is None:
            return
        if not sheets or sheets[-1].element is not page:
            sheets.append(_Sheet(page, path.name))
        sheets[-1].take(row)

    cut = parse(path, frozenset(("Row",)), take, lambda _: None)
    told = Finding("import.table-page", _IS_XML.format(end=path.suffix or path.name), "info", path.name)
    findings = [
        *([told] if path.suffix.lower() != ".xml" else []),
        *([cut] if cut is not None and cut.code != "import.trailing" else []),
    ]
    return [sheet.grid(findings) for sheet in sheets]


def _page(data: bytes) -> tuple[bytes, str | None]:
    """Return the page and what it says of its encoding; of MHTML the first page inside."""
    if data.lstrip()[:1] == b"<" or b"mime-version" not in data[:_LOOKED_AT].lower():
        found = _CHARSET.search(data[:_LOOKED_AT])
        return data, found.group(1).decode("ascii") if found else None
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            inside = part.get_payload(decode=True)
            page = inside if isinstance(inside, bytes) else b""
            if b"<t" in page.lower():
                return page, part.get_content_charset() or _page(b"<" + page)[1]
    return b"", None


def _decoded(data: bytes, label: str | None, wanted: str | None) -> tuple[str, encoding.Encoding]:
    if wanted is not None and (codec := encoding.label_codec(wanted)) is not None:
        said = encoding.Encoding(codec.upper(), Text("由用户指定", "as the user says"))
        return data.decode(codec, "replace").removeprefix("\ufeff"), said
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return encoding.decode_document(data)
    found = encoding.detect([data], label)
    return data.decode(found.name, "replace"), found


class _Table:
    """A table while it is read: cells that span take their place in the rows below."""

    def __init__(self, file: str) -> None:
        self.rows: list[list[Value]] = []
        self.merged: list[Span] = []
        self._file = file
        self._until: dict[int, int] = {}
        """Column to the last row that a cell above it covers."""
        self._cells = 0

    def begin_row(self) -> None:
        self.rows.append([])

    def put(self, value: Value, down: int, across: int) -> None:
        if not self.rows:
            self.begin_row()
        row, top = self.rows[-1], len(self.rows) - 1
        while self._until.get(len(row), -1) >= top:
            row.append(None)
        left = len(row)
        self._cells += across
        if left + across > MOST_COLUMNS or self._cells > MOST_CELLS:
            raise too_large(self._file, len(self.rows), left + across)
        row += [value, *[None] * (across - 1)]
        if down > 1 or across > 1:
            bottom, right = top + down - 1, left + across - 1
            self.merged.append(Span(top, left, bottom, right))
            self._until |= dict.fromkeys(range(left, right + 1), bottom)


class _Tables:
    """Collects the tables of a page, also where its tags are not closed."""

    def __init__(self, file: str) -> None:
        self.tables: list[_Table] = []
        self._file = file
        self._open: list[tuple[_Table, list[str] | None, int, int, str]] = []

    def read(self, page: str) -> None:
        """Take in a whole page."""
        for words, tag in _cut(page):
            self._take_words(words)
            if tag is not None and tag.group(1):
                self._end(tag.group(2).lower())
            elif tag is not None:
                self._begin(tag.group(2).lower(), tag.group(3))
        while self._open:
            self._end("table")

    def _begin(self, tag: str, attributes: str) -> None:
        if tag == "table":
            table = _Table(self._file)
            self.tables.append(table)
            self._open.append((table, None, 1, 1, ""))
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1][0].begin_row()
        elif tag in _CUT_CELLS and self._open:
            self._end_cell()
            told = {name.lower(): int(number) for name, number in _SPANS.findall(attributes)}
            down, across = min(told.get("rowspan", 1), _MOST_SPAN), min(told.get("colspan", 1), _MOST_SPAN)
            exact = _EXACT.search(attributes)
            self._open[-1] = (
                self._open[-1][0], [], max(down, 1), max(across, 1), exact.group(1) if exact else ""
            )  # fmt: skip
        elif tag in _LINES:
            self._take_words("\n")

    def _end(self, tag: str) -> None:
        if tag in (*_CUT_CELLS, "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def _take_words(self, words: str) -> None:
        if words and self._open and (cell := self._open[-1][1]) is not None:
            cell.append(words)

    def _end_cell(self) -> None:
        if not self._open or self._open[-1][1] is None:
            return
        table, words, down, across, exact = self._open[-1]
        self._open[-1] = (table, None, 1, 1, "")
        shown = _lines("".join(words or ()))
        table.put(_exact(exact) if exact and _ROUNDED.fullmatch(shown) else _value(shown), down, across)


class _Sheet:
    """A sheet of an XML workbook while it is read."""

    def __init__(self, element: Element, file: str) -> None:
        self.element = element
        self._table = _Table(file)
        self._dates: set[tuple[int, int]] = set()

    def take(self, row: Element) -> None:
        table = self._table
        at = int(row.get("Index", "0")) if row.get("Index", "0").isdigit() else 0
        if at > MOST_CELLS:
            raise too_large(self.element.get("Name", ""), at, 1)
        while len(table.rows) + 1 < at:
            table.begin_row()
        table.begin_row()
        for cell in row:
            if cell.tag == "Cell":
                self._take_cell(cell)

    def grid(self, findings: list[Finding]) -> Grid:
        name = self.element.get("Name", "") or "Sheet"
        rows = squared(self._table.rows, name)
        return Grid(name, rows, self._dates, self._table.merged, list(findings))

    def _take_cell(self, cell: Element) -> None:
        table = self._table
        at = cell.get("Index", "")
        while at.isdigit() and len(table.rows[-1]) + 1 < min(int(at), MOST_COLUMNS + 2):
            table.rows[-1].append(None)
        down, across = (int(n) + 1 if (n := cell.get(k, "0")).isdigit() else 1
                        for k in ("MergeDown", "MergeAcross"))  # fmt: skip
        data = next((e for e in cell if e.tag == "Data"), None)
        words = "".join(data.itertext()).strip() if data is not None else ""
        kind = data.get("Type", "String") if data is not None else "String"
        value: Value = words or None
        if kind == "Number":
            value = _value(words)
        elif kind == "DateTime":
            value = words.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00")
        elif kind == "Boolean":
            value = words == "1"
        elif kind == "Error":
            value = None
        table.put(plain_cell(value), min(down, _MOST_SPAN), min(across, MOST_COLUMNS + 1))
        if kind == "DateTime":
            self._dates.add((len(table.rows) - 1, len(table.rows[-1]) - across))


def plain_words(text: str) -> str:
    r"""Return a text without its markup, such as the description of a placemark; other text as it is.

    Examples
    --------
    >>> plain_words("<table><tr><td>楼号</td><td>3</td></tr><tr><td>层数</td><td>6</td></tr></table>")
    '楼号 3\n层数 6'
    >>> plain_words("水深 < 0.3 m & 退水 > 2 h")
    '水深 < 0.3 m & 退水 > 2 h'
    """
    if not _MARKED.search(text):
        return text
    parts = []
    for words, tag in _cut(text):
        name = tag.group(2).lower() if tag is not None else ""
        parts += [words, "\n" if name in (*_LINES, "tr", "table") else " " if name in _CUT_CELLS else ""]
    return _lines("".join(parts))


def _cut(page: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the words of a page and the tag behind them, None at the end.

    It is cut once, from front to back: the parsers at hand look for missing ends again and again, and a few
    hundred kilobytes keep them for minutes.
    """
    text, end = _DECLARED.sub("", _COMMENT.sub("", page)), 0
    while (tag := _TAG.search(text, end)) is not None:
        words, end = text[end : tag.start()], tag.end()
        silent = _SILENT.get(tag.group(2).lower()) if not tag.group(1) else None
        if silent is None:
            yield words, tag
        else:
            yield words, None
            until = silent.search(text, end)
            end = until.end() if until is not None else len(text)
    yield text[end:], None


def _lines(words: str) -> str:
    """Return words without needless space, and without empty lines."""
    lines = html.unescape(words).replace("\xa0", " ").split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _exact(words: str) -> Value:
    """Return the number behind one that is shown rounded, with commas or as a percentage."""
    try:
        return plain_cell(float(words))
    except ValueError:
        return None


def _value(words: str) -> Value:
    """Return a number where nothing is lost by it: 007 stays text, and so does a long account number."""
    if _NUMBER.fullmatch(words):
        return plain_cell(float(words)) if "." in words else int(words)
    return plain_cell(words)
