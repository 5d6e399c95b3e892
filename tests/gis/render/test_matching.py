"""Rules are matched block by block: an edit asks only about the block it touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from gis.render import matching
from gis.render.matching import matches_of
from layers.column import BLOCK
from layers.condition import Compare, Constant, FieldValue
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.style import Rule, Style
from layers.table import Table
from layers.text import same

NAMES = ("use", "floors", "state")
SYMBOL = standard_kinds()["building"].style.rules[0].symbol
STYLE = Style(
    (
        Rule(same("tall"), SYMBOL, condition=Compare(FieldValue("floors"), ">", Constant(6))),
        Rule(same("shop"), SYMBOL, {"use": ("shop", None)}),
        Rule(same("lost"), SYMBOL, {"missing": ("x",)}),
    ),
    (Rule(same("new"), SYMBOL, {"state": ("new",)}),),
)


def _feature(number: int, **other: object) -> Feature:
    use = ("housing", "shop", None)[number % 3]
    values = {"use": use, "floors": number % 9, "state": "new" if number % 5 == 0 else "existing"}
    return Feature(f"{number:032x}", box(number, 0, number + 1, 1), {**values, **other})


def _table(count: int) -> Table:
    return Table.from_features([_feature(i) for i in range(count)], NAMES).packed()


def _expected(table: Table) -> tuple[list[int], list[bool]]:
    rules = [rule for rule in STYLE.rules if rule.fields <= table.columns.keys()]
    found = [next((STYLE.rules.index(r) for r in rules if r.matches(f.attributes)), -1) for f in table]
    return found, [STYLE.overlays[0].matches(f.attributes) for f in table]


EDITS = {
    "a moved feature": ({5: _feature(5)}, []),
    "other values": ({BLOCK + 1: _feature(BLOCK + 1, use="shop", floors=99, state="new")}, []),
    "a value of another sort": ({3: _feature(3, floors="nine")}, []),
    "a new feature": ({10**6: _feature(10**6, use="shop")}, []),
    "one that is gone": ({}, [7]),
}


@pytest.mark.parametrize("count", [30, 2 * BLOCK + 100])
@pytest.mark.parametrize("name", EDITS)
def test_after_an_edit_each_feature_has_the_rule_it_would_have_at_a_fresh_start(name, count):
    table = _table(count)
    matches_of(table, STYLE)
    put, gone = EDITS[name]
    edited = table.with_features({f.uid: f for f in put.values()}, [f"{number:032x}" for number in gone])
    for after in (edited, edited.with_features({_feature(10**6 + 1).uid: _feature(10**6 + 1)})):
        found = matches_of(after, STYLE)
        assert (found.rule.tolist(), found.overlays[0].tolist()) == _expected(after)


def test_an_edit_asks_about_the_block_it_touched_and_a_move_about_none(monkeypatch):
    table = _table(3 * BLOCK)
    before = matches_of(table, STYLE)
    asked: list[int] = []
    fill = matching._fill
    monkeypatch.setattr(
        matching, "_fill", lambda part, style: asked.append(len(part.rule)) or fill(part, style)
    )
    moved = replace(table.at(9), geometry=box(0, 0, 5, 5))
    table = table.with_features({moved.uid: moved})
    assert np.array_equal(matches_of(table, STYLE).rule, before.rule)
    assert asked == []
    other = replace(moved, attributes={**moved.attributes, "floors": 40})
    matches_of(table.with_features({other.uid: other}), STYLE)
    assert asked == [BLOCK]
