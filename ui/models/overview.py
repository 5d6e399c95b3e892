"""The plan in a few numbers, for when nothing is selected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from layers.column import Block, Column, objects
from layers.snapshot import Snapshot
from layers.table import numbers, values_equal
from layers.text import Text
from ui.models.spots import closed_count


@dataclass(frozen=True)
class Fact:
    """One number and what it counts."""

    value: str
    words: Text


def facts_of(snapshot: Snapshot) -> tuple[Fact, ...]:
    """Return buildings, households, bays, and open spots of the plan; zeros are left out."""
    closed, spots = closed_count(snapshot)
    buildings = snapshot.with_role("footprint")
    found = (
        (sum(len(layer.table) for layer in buildings), Text("栋建筑", "buildings")),
        (_total(snapshot, "footprint", "households"), Text("户", "households")),
        (_bays(snapshot), Text("个停车位", "parking bays")),
        (spots - closed, Text("个问题待解决", "spots open")),
        (closed, Text("个问题已了结", "spots closed")),
    )
    return tuple(Fact(f"{value:,}", words) for value, words in found if value)


def _total(snapshot: Snapshot, role: str, field: str) -> int:
    total = 0.0
    for layer in snapshot.with_role(role):  # type: ignore[arg-type]
        column = layer.table.columns.get(field)
        if column is not None:
            total += _added(f"{layer.id}.{field}", column)
    return round(total)


def _added(name: str, column: Column) -> float:
    """Return the sum of a column of whole numbers, the missing ones left out.

    The window waits for it after each edit, so only blocks that the last looks did not see are added up.
    """
    seen = _SUMS.get(name, ())
    known = {id(block): added for look in seen for block, added in look}
    look = [(block, known[id(block)] if id(block) in known else _sum_of(block)) for block in column.blocks]
    _SUMS[name] = (look, *seen[: _KEPT - 1])
    return sum(added for _, added in look)


def _sum_of(block: Block) -> float:
    coded = block.coded()
    if coded is None:
        return float(numbers(block.take(None), missing=0.0).sum())
    codes, values = coded
    return float(np.bincount(codes, minlength=len(values)) @ numbers(objects(values), missing=0.0))


_SUMS: dict[str, tuple[list[tuple[Block, float]], ...]] = {}
"""By layer and field: the blocks of the last versions of a column, kept alive, and the sum of each."""


def _known(name: str, columns: tuple[Column, ...], count: Callable[[], float]) -> float:
    """Return a number counted from columns; those that are as at the last look are not counted again."""
    for seen, number in _KNOWN.get(name, ()):
        if len(seen) == len(columns) and all(a is b for a, b in zip(seen, columns, strict=True)):
            return number
    number = count()
    _KNOWN[name] = ((columns, number), *_KNOWN.get(name, ())[: _KEPT - 1])
    return number


_KEPT = 4
_KNOWN: dict[str, tuple[tuple[tuple[object, ...], float], ...]] = {}
"""The last versions of columns and their sums: an edit shares all columns but its own."""


def _bays(snapshot: Snapshot) -> int:
    """Count the bays for cars that are there once the plan is built."""
    total = 0.0
    for layer in snapshot.with_role("parking"):
        columns = layer.table.columns
        if "bays" in columns:
            used = tuple(columns[name] for name in ("bays", "use", "state") if name in columns)
            total += _known(f"{layer.id}.bays", used, partial(_counted_bays, columns))
    return round(total)


def _counted_bays(columns: Mapping[str, Column]) -> float:
    counted = numbers(columns["bays"], missing=0.0)
    for field, away in (("use", ("bicycle",)), ("state", ("demolish", "reserved"))):
        if field in columns:
            counted = np.where(values_equal(columns[field], away), 0.0, counted)
    return float(counted.sum())
