"""The plan in numbers is counted from what an edit changed only, and is right all the same."""

from __future__ import annotations

import numpy as np
import shapely

from layers.column import BLOCK, Column
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from ui.models import overview
from ui.models.overview import facts_of


def _town(count: int) -> Snapshot:
    kind = standard_kinds()["building"]
    chance = np.random.default_rng(4).integers(0, 900, count).tolist()
    houses = [
        Feature(f"{i:032x}", shapely.box(i, 0, i + 1, 1), {"households": None if i % 7 == 3 else number})
        for i, number in enumerate(chance)
    ]
    table = Table.from_features(houses, [f.name for f in kind.fields]).packed()
    return Snapshot("town", "EPSG:4548", {"building": Layer.of(kind, table)})


def _households(snapshot: Snapshot) -> str:
    return next(fact.value for fact in facts_of(snapshot) if fact.words.en == "households")


def _added_up(snapshot: Snapshot) -> str:
    return f"{sum(v or 0 for v in snapshot.layers['building'].table.columns['households']):,}"


def test_households_are_added_up_block_by_block_and_only_where_an_edit_was(monkeypatch):
    asked: list[int] = []
    sum_of = overview._sum_of
    monkeypatch.setattr(overview, "_sum_of", lambda block: asked.append(len(block)) or sum_of(block))
    town = _town(3 * BLOCK)
    assert _households(town) == _added_up(town)
    assert len(asked) == 3
    layer = town.layers["building"]
    house = layer.table.at(BLOCK + 5)
    table = layer.table.with_features({house.uid: house.with_attributes(households=70_000)})
    edited = Snapshot("town", "EPSG:4548", {"building": layer.with_table(table)})
    assert _households(edited) == _added_up(edited)
    assert len(asked) == 4
    assert _households(town) == _added_up(town)
    assert len(asked) == 4


def test_a_column_without_numbers_adds_up_to_nothing():
    assert overview._added("none", Column.of(np.array([None, "six"], dtype=object))) == 0
