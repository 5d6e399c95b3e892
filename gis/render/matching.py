"""Which rule of a style draws which feature."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.render.keeping import forget, kept, kept_column
from gis.render.shapes import Mask
from layers.column import Block, Column
from layers.condition import rows_where
from layers.schema import Value
from layers.style import Rule, Style
from layers.table import Table

_MOST_STYLES: Final = 6


@dataclass(frozen=True, eq=False)
class Matches:
    """The rows each rule draws.

    Parameters
    ----------
    style : Style
        What was matched.
    rule : array of int, shape (n,)
        First matching rule of each row, -1 if none.
    overlays : tuple of mask, shape (n,) each
        Rows that each overlay is drawn on.
    """

    style: Style
    rule: NDArray[np.int16]
    overlays: tuple[Mask, ...]


def matches_of(table: Table, style: Style) -> Matches:
    """Match a table against a style; worked out once for each version of the table."""
    # a style holds mappings and cannot be hashed; Matches keeps it alive, so its id stays its own
    known = kept(table, "styles", _Styles)
    if stale := known.seen(style):
        forget(table, lambda key: not (isinstance(key, tuple) and stale & set(key[:2])))
    return kept(table, ("matches", id(style)), lambda: _match(table, style))


class _Styles:
    """The styles a table was drawn in last, kept alive so that their ids stay their own.

    A style being edited changes with every touch, so only the last few are remembered.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[int, Style] = {}

    def seen(self, style: Style) -> set[int]:
        """Note a style; return the ids of those that are given up."""
        with self._lock:
            self._last.pop(id(style), None)
            stale = list(self._last)[: max(0, len(self._last) - _MOST_STYLES + 1)]
            for number in stale:
                del self._last[number]
            self._last[id(style)] = style
            return set(stale)


def _match(table: Table, style: Style) -> Matches:
    rule = np.full(len(table), -1, dtype=np.int16)
    for number, candidate in enumerate(style.rules):
        rule[(rule < 0) & rows_matching(table, candidate)] = number
    return Matches(style, rule, tuple(rows_matching(table, overlay) for overlay in style.overlays))


def rows_matching(table: Table, rule: Rule) -> Mask:
    """Return the rows that meet every condition of a rule; a missing column meets none."""
    result = np.ones(len(table), dtype=bool)
    for name, values in rule.when.items():
        if name not in table.columns:
            return np.zeros(len(table), dtype=bool)
        column = table.columns[name]
        codes, known = kept_column(column, partial(_codes, column))
        wanted = np.zeros(len(known) + 1, dtype=bool)
        wanted[[known.get(value, len(known)) for value in values]] = True
        wanted[-1] = False
        result &= wanted[codes]
    if rule.condition is not None:
        if not rule.fields <= table.columns.keys():
            return np.zeros(len(table), dtype=bool)
        result &= rows_where(rule.condition, table.columns, len(table))
    return result


def _codes(column: Column) -> tuple[NDArray[np.integer[Any]], dict[Value, int]]:
    """Return a number for each value of a column, and which value has which, for quick rules."""
    known: dict[Value, int] = {}
    parts = [_coded(block, known) for block in column.blocks]
    codes = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    return codes.astype(np.min_scalar_type(len(known))), known


def _coded(block: Block, known: dict[Value, int]) -> NDArray[np.int64]:
    """Return the numbers of the values of a block; those not met before become known."""
    coded = block.coded()
    if coded is None:
        values = block.take(None).tolist()
        for value in values:
            known.setdefault(value, len(known))
        return np.fromiter(map(known.__getitem__, values), np.int64, len(values))
    numbers = [known.setdefault(value, len(known)) for value in coded[1]]
    found: NDArray[np.int64] = np.array(numbers, dtype=np.int64)[coded[0]]
    return found
