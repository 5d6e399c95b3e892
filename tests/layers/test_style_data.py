"""Styles as JSON: nothing is lost on the way, and nothing strange comes in."""

from __future__ import annotations

import copy
import json

import pytest

from layers.changes import ChangeSet, SettingChange
from layers.condition import All, AnyOf, Compare, Constant, FieldValue, IsEmpty, Like, Not, OneOf, Sum
from layers.errors import BadInputError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot, style_name
from layers.style import Fill, Label, Marker, Rule, Stroke, Style
from layers.style_data import condition_data, condition_of, style_data, style_of
from layers.text import Text

FLOORS = FieldValue("floors")
CONDITIONS = (
    Compare(Sum("+", FLOORS, Constant(1)), ">=", Constant(6.5)),
    OneOf(FieldValue("days", many=True), ("mon", "tue", None, True)),
    Not(AnyOf((Like(FieldValue("name"), "%园"), IsEmpty(FLOORS)))),
    All((Compare(FLOORS, "<", Constant(3)), Compare(FLOORS, "<>", Constant(0)))),
)
STYLE = Style(
    (
        Rule(Text("高", "High"), (Fill("#AA0000", 0.5), Stroke("#000000", dash=(2.0,))), {}, CONDITIONS[0]),
        Rule(Text("其他", "Other"), (Fill("#00AA00"), Marker("drop", fill="", on_all=True))),
    ),
    labels=(Label("{number}", hide_when=(("use", "shop"),)),),
)  # fmt: skip
GOOD = style_data(STYLE)


@pytest.mark.parametrize("kind", standard_kinds().values(), ids=lambda kind: kind.name)
def test_every_standard_style_survives_the_way_through_json(kind):
    assert style_of(json.loads(json.dumps(style_data(kind.style)))) == kind.style


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_survives_the_way_through_json(condition):
    assert condition_of(json.loads(json.dumps(condition_data(condition)))) == condition


def test_a_style_with_rules_by_condition_survives_too():
    assert style_of(json.loads(json.dumps(GOOD))) == STYLE


def wrong(change):
    data = copy.deepcopy(GOOD)
    change(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        "style",
        {"format": "planboard-style", "rules": []},
        wrong(lambda d: d.update(format="other")),
        wrong(lambda d: d["rules"][0]["symbol"][0].update(color="red")),
        wrong(lambda d: d["rules"][0]["symbol"][0].update(color='#AA0000" onload="x')),
        wrong(lambda d: d["rules"][0]["symbol"][0].update(opacity=float("nan"))),
        wrong(lambda d: d["rules"][0]["symbol"][0].update(opacity=3)),
        wrong(lambda d: d["rules"][0]["symbol"][0].update(url="http://x")),
        wrong(lambda d: d["rules"][0]["symbol"][1].update(width_mm=True)),
        wrong(lambda d: d["rules"][0]["symbol"][1].update(width_mm=1e9)),
        wrong(lambda d: d["rules"][0]["symbol"][1].update(dash=[1] * 50)),
        wrong(lambda d: d["rules"][1]["symbol"][1].update(shape="skull")),
        wrong(lambda d: d["rules"][0]["symbol"].append({"part": "script"})),
        wrong(lambda d: d["rules"][0].update(condition=["call", "os"])),
        wrong(lambda d: d["rules"][0].update(condition=["not"] * 3)),
        wrong(lambda d: d["rules"][0].update(title=["one"])),
        wrong(lambda d: d["rules"][0].pop("symbol")),
        wrong(lambda d: d["labels"][0].update(template="x" * 5000)),
        wrong(lambda d: d["labels"][0].update(placement="anywhere")),
    ],
)
def test_what_is_no_style_is_refused(data):
    with pytest.raises(BadInputError):
        style_of(data)


def test_a_condition_without_end_is_refused():
    deep = ["empty", {"field": "a"}]
    for _ in range(500):
        deep = ["not", deep]
    with pytest.raises(BadInputError):
        condition_of(deep)


def plan(**settings):
    kind = standard_kinds()["building"]
    snapshot = Snapshot("", "EPSG:4548", {kind.name: Layer.of(kind)})
    return snapshot.apply(
        ChangeSet({}, {name: SettingChange(None, value) for name, value in settings.items()})
    )


def test_a_plan_draws_a_layer_in_the_style_of_its_settings():
    layer = plan(**{style_name("building"): GOOD}).layers["building"]
    assert layer.style == STYLE


def test_a_style_that_cannot_be_read_leaves_that_of_the_kind():
    layer = plan(**{style_name("building"): {"format": "x"}, "layer.building.filter": ["no"]}).layers[
        "building"
    ]
    assert layer.style is layer.kind.style
    assert layer.filter is None


def test_a_layer_is_seen_between_its_scales():
    layer = plan(**{"layer.building.scales": [500, 2000]}).layers["building"]
    assert [layer.seen_at(n) for n in (200, 500, 1000, 2000, 2500)] == [False, True, True, True, False]


def test_a_group_of_the_users_own_stands_over_that_of_the_kind():
    assert plan(**{"layer.building.group": "重点"}).layers["building"].group == Text("重点", "重点")
