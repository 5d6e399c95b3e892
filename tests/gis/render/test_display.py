"""Filters and ranges of scale: what is not shown is neither drawn nor named."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from gis.render.display import shown_layers
from gis.render.legend import legend_entries
from layers.condition import Compare, Constant, FieldValue
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Fill, Rule
from layers.table import Table
from layers.text import Text

KIND = standard_kinds()["building"]
HIGH = Compare(FieldValue("floors"), ">", Constant(6))


@pytest.fixture
def layer():
    features = [
        Feature("a" * 32, shapely.box(0, 0, 10, 10), {"floors": 5, "use": "housing"}),
        Feature("b" * 32, shapely.box(20, 0, 30, 10), {"floors": 11, "use": "shop"}),
    ]
    return Layer.of(KIND, Table.from_features(features, [f.name for f in KIND.fields]))


def test_a_filter_shows_only_what_meets_it(layer):
    (shown,) = shown_layers([replace(layer, filter=HIGH)])
    assert list(shown.table.uids) == ["b" * 32]


def test_the_same_filter_gives_the_same_table_so_that_pictures_are_kept(layer):
    first, second = (shown_layers([replace(layer, filter=HIGH)])[0] for _ in range(2))
    assert first.table is second.table


def test_a_layer_outside_its_scales_is_not_shown(layer):
    far = replace(layer, scales=(0, 1000))
    assert shown_layers([far], 2000) == []
    assert shown_layers([far], 900) == [far]


def test_the_legend_says_nothing_of_what_the_filter_hides(layer):
    snapshot = Snapshot("", "EPSG:4548", {"building": replace(layer, filter=HIGH)})
    assert [entry.title.en for entry in legend_entries(snapshot)] == ["Shops"]


def test_rules_by_condition_stand_in_the_legend_where_they_draw_something(layer):
    rules = (
        Rule(Text("高", "High"), (Fill("#AA0000"),), {}, HIGH),
        Rule(Text("矮", "Low"), (Fill("#00AA00"),), {}, Compare(FieldValue("floors"), "<", Constant(3))),
        Rule(Text("其他", "Other"), (Fill("#0000AA"),)),
    )
    styled = replace(layer, style=replace(layer.style, rules=rules))
    entries = legend_entries(Snapshot("", "EPSG:4548", {"building": styled}))
    assert [entry.title.en for entry in entries] == ["High", "Other"]
