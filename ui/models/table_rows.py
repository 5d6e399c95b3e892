"""Which rows of a table are shown, and in what order: filters and sorting that stay quick at 100,000 rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.expression import Expression, parse_expression
from gis.i18n import language, tr
from layers.changes import Key
from layers.column import Column
from layers.layer import Layer
from layers.schema import Field, Value
from layers.text import natural
from ui.models.words import plain

_BETWEEN = "\x1f"
_CONDITION: Final = re.compile(
    r"[=<>≠≤≥＝＜＞]|为空|介于|包含|属于|\b(like|in|is|between|contains)\b", re.IGNORECASE
)
Rows: TypeAlias = NDArray[np.intp]
SortKey: TypeAlias = tuple[str, bool]
"""Field name, and whether the largest comes first."""


@dataclass(frozen=True)
class Arrangement:
    """What is asked of a table.

    Parameters
    ----------
    words : str
        Every word must occur in some column of a row.
    expression : Expression or None
        Must hold, too.
    order : tuple of SortKey
        The first decides; equals are decided by the next.
    only : frozenset of str or None
        Ids of the only features shown.
    """

    words: str = ""
    expression: Expression | None = None
    order: tuple[SortKey, ...] = ()
    only: frozenset[str] | None = None

    @property
    def plain(self) -> bool:
        """Whether all rows are shown in the order of the table."""
        return not (self.words.strip() or self.expression or self.order or self.only is not None)

    def asks(self, names: set[str]) -> bool:
        """Tell whether values of some fields decide what is shown."""
        if self.words.strip() or (self.expression is not None and self.expression.fields & names):
            return True
        return any(name in names for name, _ in self.order)


def condition_in(text: str, layer: Layer) -> Expression | None:
    """Return the condition that a filter states; None if it is plain words."""
    return parse_expression(text, layer.fields) if _CONDITION.search(text) else None


class _Column:
    """One version of a column as numbers of its distinct values; words and ranks are made when needed."""

    def __init__(self, values: Column) -> None:
        self.values = values
        codes, self.distinct = _coded(values)
        self.codes = codes.astype(np.min_scalar_type(len(self.distinct)))
        self._words: dict[tuple[str, Field], list[str]] = {}
        self._ranks: Rows | None = None

    def words(self, field: Field) -> list[str]:
        """Return what can be searched for, value by value."""
        key = language(), field
        if key not in self._words:
            said = (
                {}
                if not field.domain and field.type != "boolean"
                else {v: tr(field.word(v)) for v in self.distinct}
            )
            self._words[key] = _plain_all([str(said.get(v, "" if v is None else v)) for v in self.distinct])
        return self._words[key]

    def ranks(self) -> Rows:
        """Return the place of each distinct value in the order people count in."""
        if self._ranks is None:
            order = _in_order(self.distinct)
            self._ranks = np.empty(len(order), dtype=np.intp)
            self._ranks[order] = np.arange(len(order))
        return self._ranks


def _coded(values: Column) -> tuple[Rows, list[Value]]:
    """Return a number for each value, and the value of each number; number 0 is an empty cell.

    1, 1.0 and true are equal, but not the same.
    """
    numbers, distinct = _Numbers(), list[Value]([None])
    parts = [np.empty(0, dtype=np.intp)]
    for block in values.blocks:
        coded = block.coded()
        if coded is not None:  # a column of few values costs as little as these
            parts.append(numbers.of(list(coded[1]), distinct)[coded[0]])
        else:
            parts.append(numbers.of(block.take(None).tolist(), distinct))
    return np.concatenate(parts), distinct


class _Numbers:
    """Numbers of values met so far, by their type."""

    def __init__(self) -> None:
        self._known: dict[type, dict[Value, int]] = {}

    def of(self, listed: list[Value], distinct: list[Value]) -> Rows:
        """Return the number of each value; those not met before join `distinct`."""
        types = set(map(type, listed)) - {type(None)}
        if len(types) > 1:
            one_by_one = (int(self.of([value], distinct)[0]) for value in listed)
            return np.fromiter(one_by_one, np.intp, len(listed))
        known = self._known.setdefault(types.pop() if types else type(None), {None: 0})
        for value in dict.fromkeys(listed):
            if value not in known:
                known[value] = len(distinct)
                distinct.append(value)
        return np.fromiter(map(known.__getitem__, listed), np.intp, len(listed))


def _plain_all(words: list[str]) -> list[str]:
    """Return `plain` of many words; of those without any other sign than ASCII's at once."""
    together = _BETWEEN.join(words)
    if not together.isascii() or together.count(_BETWEEN) != max(len(words) - 1, 0):
        return [plain(word) for word in words]
    return plain(together).split(_BETWEEN)


def _in_order(values: list[Value]) -> list[int]:
    """Return the numbers of values in the order people count in; numbers written as words without keys."""
    if all(isinstance(v, str) and v.isdecimal() and v.isascii() for v in values[1:]):
        numbers = [int(str(v)) for v in values[1:]]
        return [at + 1 for at in sorted(range(len(numbers)), key=numbers.__getitem__)] + [0]
    return sorted(range(len(values)), key=lambda at: sort_key(values[at]))


class TableIndex:
    """Remembers the columns of a layer between two looks; an edit makes only its own column anew.

    Two threads at once may work out a column twice, no more.
    """

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str], _Column] = {}

    def rows(self, layer: Layer, wish: Arrangement, check: Callable[[], None] = lambda: None) -> Rows:
        """Return the rows to show, in order. `check` is called now and then and may raise to stop."""
        keep = np.ones(len(layer.table), dtype=bool)
        for word in wish.words.split():
            keep &= self._matching(layer, plain(word), check)
        if wish.expression is not None:
            keep &= wish.expression.rows(layer.table)
        if wish.only is not None:
            only = wish.only
            keep &= np.fromiter((uid in only for uid in layer.table.uids), dtype=bool, count=len(keep))
        rows = np.flatnonzero(keep)
        for name, largest_first in reversed(wish.order):
            check()
            if name in layer.table.columns:
                rows = rows[_sorted(self._column(layer, name), rows, largest_first)]
        return rows

    def _matching(self, layer: Layer, word: str, check: Callable[[], None]) -> NDArray[np.bool_]:
        found = np.zeros(len(layer.table), dtype=bool)
        for field in searched(layer.fields):
            check()
            column = self._column(layer, field.name)
            hits = np.fromiter((word in said for said in column.words(field)), bool, len(column.distinct))
            if hits.any():
                found |= hits[column.codes]
        return found

    def read(self, layer: Layer, check: Callable[[], None]) -> None:
        """Get ready for filters by words, before there are any."""
        for field in searched(layer.fields):
            check()
            self._column(layer, field.name).words(field)

    def _column(self, layer: Layer, name: str) -> _Column:
        values = layer.table.columns[name]
        known = self._columns.get((layer.id, name))
        if known is None or known.values is not values:
            known = self._columns[layer.id, name] = _Column(values)
        return known


def rows_among(layer: Layer | None, keys: Iterable[Key]) -> Rows:
    """Return the rows of features in the table of a layer, rising; those of other layers are left out."""
    if layer is None:
        return np.empty(0, dtype=np.intp)
    name = layer.id
    return layer.table.indices_of(uid for owner, uid in keys if owner == name)


def searched(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return the fields that a table shows."""
    return tuple(field for field in fields if field.type != "photos")


def sort_key(value: Value) -> tuple[int, float, tuple[tuple[int, int, str], ...]]:
    """Sort numbers before texts before nothing; texts naturally."""
    if value is None or value == "":
        return 2, 0.0, ()
    if isinstance(value, (int, float)):
        return 0, float(value), ()
    return 1, 0.0, natural(value)


def _sorted(column: _Column, rows: Rows, largest_first: bool) -> Rows:
    ranks = column.ranks()[column.codes[rows]]
    if largest_first:  # what is empty stays at the end, and equals stay as they were
        ranks = np.where(_empty(column)[column.codes[rows]], len(column.distinct), -ranks)
    return np.argsort(ranks, kind="stable")


def _empty(column: _Column) -> NDArray[np.bool_]:
    return np.fromiter((v is None or v == "" for v in column.distinct), bool, len(column.distinct))
