"""Rows of the attribute table as the text that spreadsheets copy and paste: tabs between cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from html import escape
from typing import Final

from gis.i18n import tr
from layers.changes import Key
from layers.errors import BadInputError
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.attribute_table import AttributeTableModel
from ui.models.table_rows import Arrangement, rows_among
from ui.panels.field_editors import parsed, tidy_date

MOST_ROWS: Final = 100_000
_NUMBERS: Final = ("integer", "real")
_TEXT_CELL: Final = """<td sdnum="1033;0;@" style="mso-number-format:'\\@'">"""
"""A cell that Excel, WPS and LibreOffice take for text, whatever it looks like."""
_LINES: Final = "<style>br{mso-data-placement:same-cell}</style>"
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_YES: Final = frozenset({"是", "yes", "true", "1", "y"})
_NO: Final = frozenset({"否", "no", "false", "0", "n"})


def rows_text(model: AttributeTableModel, rows: Sequence[int]) -> str:
    """Return rows with the titles of their columns above, as they are shown.

    Words that a spreadsheet would run as a formula get an apostrophe in front.
    """
    out = io.StringIO()
    lines = csv.writer(out, delimiter="\t", lineterminator="\n")
    lines.writerow([tr(field.title) for field in model.fields])
    lines.writerows(_shown(model, rows))
    return out.getvalue()


def rows_page(model: AttributeTableModel, rows: Sequence[int]) -> str:
    """Return the same as a page, which spreadsheets prefer: text stays text, so 0101 and 3-2 stay so."""
    return _page(_table(model, rows))


def features_page(snapshot: Snapshot, keys: Collection[Key]) -> str:
    """Return features as such a page: a table for each layer, with its title above if there are several."""
    tables = []
    for layer in snapshot.layers.values():
        rows = rows_among(layer, keys)
        if len(rows):
            model = AttributeTableModel(lambda *_: False)
            model.take(layer, Arrangement(), rows)
            tables.append((layer.title, _table(model, range(len(rows)))))
    if len(tables) == 1:
        return _page(tables[0][1])
    return _page("".join(f"<p><b>{escape(tr(title))}</b></p>\n{table}" for title, table in tables))


def _table(model: AttributeTableModel, rows: Sequence[int]) -> str:
    heads = "".join(f"<th>{escape(tr(field.title))}</th>" for field in model.fields)
    starts = ["<td>" if field.type in _NUMBERS else _TEXT_CELL for field in model.fields]
    lines = (
        "".join(f"{start}{escape(word)}</td>" for start, word in zip(starts, words, strict=True))
        for words in _shown(model, rows)
    )
    return "<table>\n" + "".join(f"<tr>{line}</tr>\n" for line in (heads, *lines)) + "</table>\n"


def _page(body: str) -> str:
    return f'<html><head><meta charset="utf-8">{_LINES}</head><body>{body}</body></html>'


def _shown(model: AttributeTableModel, rows: Sequence[int]) -> Iterator[list[str]]:
    from gis.revisions.sheet_writing import safe_cell

    columns = range(model.columnCount())
    for row in rows:
        words = [str(model.index(row, column).data() or "") for column in columns]
        yield [
            word if field.type in _NUMBERS else safe_cell(word)
            for field, word in zip(model.fields, words, strict=True)
        ]


def cells_of(text: str) -> list[list[str]]:
    """Return pasted text as rows of cells; empty lines at its end count for nothing.

    Raises
    ------
    BadInputError
        If it is no text of cells.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    except csv.Error as error:
        raise BadInputError(
            Text("剪贴板里不是表格内容。", "The clipboard holds no cells."), code="table.paste"
        ) from error
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def pasted_values(
    model: AttributeTableModel, text: str, row: int, column: int, chosen: Sequence[int]
) -> dict[Key, dict[str, Value]]:
    """Return what pasted text makes of rows, from a cell on.

    A first line of titles says which columns are meant. One single cell goes to all rows that are chosen.

    Raises
    ------
    BadInputError
        If there are more rows or columns than the table has from there on.
    """
    rows = cells_of(text)
    fields, rows = _columns(model.fields, rows, column)
    if len(rows) == 1 and len(rows[0]) == 1 and row in chosen:
        rows, targets = rows * len(chosen), list(chosen)
    else:
        targets = list(range(row, row + len(rows)))
    widest = max((len(cells) for cells in rows), default=0)
    if not rows or len(rows) > MOST_ROWS or targets[-1] >= model.rowCount() or widest > len(fields):
        raise _too_large(len(rows), widest, model.rowCount() - row, len(fields))
    return {
        model.key(target): {
            field.name: entered(field, cell) for field, cell in zip(fields, cells, strict=False) if field
        }
        for target, cells in zip(targets, rows, strict=True)
    }


def entered(field: Field, words: str) -> Value:
    """Return the value that the words of a cell mean; what means none stays text, for the field to refuse."""
    plain = words.strip()
    if not plain:
        return None
    if field.type == "boolean":
        low = plain.casefold()
        return True if low in _YES else False if low in _NO else plain
    if field.type == "date":
        return tidy_date(plain)
    if field.type == "choice" and field.domain:
        return field.code(plain)
    if field.type == "choices" and field.domain:
        return ",".join(field.code(part) for part in re.split(r"[,，、;；]\s*", plain) if part)
    if field.type in ("integer", "real"):
        return parsed(field, plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain)
    return parsed(field, words.removeprefix("'") if words[:2] in _GUARDED else words)


_GUARDED: Final = frozenset({"'=", "'+", "'-", "'@"})
"""How words begin that were copied from here and that a spreadsheet would have taken for a formula."""


def _columns(
    fields: Sequence[Field], rows: list[list[str]], column: int
) -> tuple[list[Field | None], list[list[str]]]:
    """Return the fields that cells are for, and the rows without the line of titles."""
    named = [_titled(fields, title) for title in rows[0]] if len(rows) > 1 else []
    if named and all(named):
        return list(named), rows[1:]
    return list(fields[column:]), rows


def _titled(fields: Sequence[Field], title: str) -> Field | None:
    wanted = re.sub(r"\s*[(（].*[)）]\s*$", "", title.strip()).casefold()
    return next((f for f in fields if wanted in (f.name, *(t.casefold() for t in f.title))), None)


def _too_large(rows: int, columns: int, rows_left: int, columns_left: int) -> BadInputError:
    return BadInputError(
        Text(
            "粘贴的内容有 {r} 行 {c} 列，从这一格起表中只有 {a} 行 {b} 列。",
            "That is {r} rows by {c} columns; from this cell on the table has {a} by {b}.",
        ).format(r=rows, c=columns, a=rows_left, b=columns_left),
        Text("没有修改任何一行。请从别的单元格开始粘贴。", "No row was changed. Paste from another cell on."),
        code="table.paste",
    )
