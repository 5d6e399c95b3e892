"""Which rule of a style draws which feature."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from gis.render.keeping import forget, kept
from gis.render.shapes import Mask
from layers.column import Block, Column, joined
from layers.condition import rows_where
from layers.style import Rule, Style
from layers.table import Table, values_equal

_Numbers: TypeAlias = NDArray[np.signedinteger[Any]]
_MOST_STYLES: Final = 6
_MOST_SHORT: Final = 128
"""Fewer rules are counted in one byte a row."""


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
    parts : tuple of _Part
        The same, block by block.
    """

    style: Style
    rule: _Numbers
    overlays: tuple[Mask, ...]
    parts: tuple[_Part, ...]

    def repeat(self, number: int, part: _Part) -> bool:
        """Fill in what is known of the very same blocks of values, if they stood in this place."""
        known = self.parts[number] if number < len(self.parts) else None
        if known is None or not part.blocks or known.blocks.keys() != part.blocks.keys():
            return False
        if not all(known.blocks[name] is block for name, block in part.blocks.items()):
            return False
        part.rule[:] = known.rule
        for mask, before in zip(part.overlays, known.overlays, strict=True):
            mask[:] = before
        return True


@dataclass(frozen=True, eq=False)
class _Part:
    """What was matched of some rows (views of the whole), and the blocks of values that were asked."""

    blocks: Mapping[str, Block]
    rule: _Numbers
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
    """Match block by block; those that the state before had are not asked again."""
    columns = {name: table.columns[name] for name in _fields_of(style) if name in table.columns}
    known = _latest.get(id(style))
    short = len(style.rules) < _MOST_SHORT
    rule: _Numbers = np.empty(len(table), dtype=np.int8 if short else np.int16)
    overlays = tuple(np.empty(len(table), dtype=bool) for _ in style.overlays)
    parts, start = [], 0
    for number, (count, blocks) in enumerate(_blocks(columns, len(table))):
        here = slice(start, start := start + count)
        part = _Part(blocks, rule[here], tuple(mask[here] for mask in overlays))
        if known is None or known.style is not style or not known.repeat(number, part):
            _fill(part, style)
        parts.append(part)
    matches = Matches(style, rule, overlays, tuple(parts))
    _latest[id(style)] = matches
    return matches


_latest: WeakValueDictionary[int, Matches] = WeakValueDictionary()
"""By the id of the style, which they keep alive: an edit leaves most blocks as they were."""


def _fields_of(style: Style) -> tuple[str, ...]:
    return tuple(sorted({name for rule in (*style.rules, *style.overlays) for name in rule.fields}))


def _blocks(columns: Mapping[str, Column], count: int) -> Iterator[tuple[int, Mapping[str, Block]]]:
    """Yield how many rows are next, and their blocks; added rows may have cut columns differently."""
    ends = {name: list(accumulate(map(len, column.blocks))) for name, column in columns.items()}
    common = sorted(set.intersection(*map(set, ends.values()))) if ends else [count] if count else []
    taken, start = dict.fromkeys(columns, 0), 0
    for end in common:
        here = {}
        for name, column in columns.items():
            first, taken[name] = taken[name], bisect_right(ends[name], end)
            here[name] = joined(column.blocks[first : taken[name]])
        yield end - start, here
        start = end


def _fill(part: _Part, style: Style) -> None:
    columns, count = {name: Column([block]) for name, block in part.blocks.items()}, len(part.rule)
    part.rule[:] = -1
    for number, candidate in enumerate(style.rules):
        part.rule[(part.rule < 0) & rows_matching(columns, count, candidate)] = number
    for mask, overlay in zip(part.overlays, style.overlays, strict=True):
        mask[:] = rows_matching(columns, count, overlay)


def rows_matching(columns: Mapping[str, Column], count: int, rule: Rule) -> Mask:
    """Return which of `count` rows meet every condition of a rule; a missing column meets none."""
    if not rule.fields <= columns.keys():
        return np.zeros(count, dtype=bool)
    result = np.ones(count, dtype=bool)
    for name, values in rule.when.items():
        result &= values_equal(columns[name], values)
    if rule.condition is not None:
        result &= rows_where(rule.condition, columns, count)
    return result
