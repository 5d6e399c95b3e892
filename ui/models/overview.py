"""The plan in a few numbers, for when nothing is selected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.snapshot import Snapshot
from layers.table import ObjectArray, numbers, values_equal
from layers.text import Text
from ui.models.spots import spots_of


@dataclass(frozen=True)
class Fact:
    """One number and what it counts."""

    value: str
    words: Text


def facts_of(snapshot: Snapshot) -> tuple[Fact, ...]:
    """Return buildings, households, bays, and open spots of the plan; zeros are left out."""
    spots = spots_of(snapshot)
    buildings = snapshot.with_role("footprint")
    found = (
        (sum(len(layer.table) for layer in buildings), Text("栋建筑", "buildings")),
        (_total(snapshot, "footprint", "households"), Text("户", "households")),
        (_bays(snapshot), Text("个停车位", "parking bays")),
        (sum(not s.closed for s in spots), Text("个问题待解决", "spots open")),
        (sum(s.closed for s in spots), Text("个问题已了结", "spots closed")),
    )
    return tuple(Fact(f"{value:,}", words) for value, words in found if value)


def _total(snapshot: Snapshot, role: str, field: str) -> int:
    total = 0.0
    for layer in snapshot.with_role(role):  # type: ignore[arg-type]
        column = layer.table.columns.get(field)
        if column is not None:
            total += _sum(f"{layer.id}.{field}", column)
    return round(total)


def _sum(name: str, column: ObjectArray) -> float:
    """Return the sum of a column; one that is as it was at the last look is not added up again."""
    values = column if column.base is None else column.base
    known = _KNOWN.get(name)
    if known is None or known[0] is not values:
        known = _KNOWN[name] = (values, float(numbers(column, missing=0.0).sum()))
    return known[1]


_KNOWN: dict[str, tuple[object, float]] = {}
"""The last version of a column and its sum: an edit shares all columns but its own."""


def _bays(snapshot: Snapshot) -> int:
    """Count the bays for cars that are there once the plan is built."""
    total = 0.0
    for layer in snapshot.with_role("parking"):
        columns = layer.table.columns
        if "bays" in columns:
            counted = numbers(columns["bays"], missing=0.0)
            for field, away in (("use", ("bicycle",)), ("state", ("demolish", "reserved"))):
                if field in columns:
                    counted = np.where(values_equal(columns[field], away), 0.0, counted)
            total += float(counted.sum())
    return round(total)
