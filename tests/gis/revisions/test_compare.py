"""Rules of comparing two states, on tiny hand-made plans."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gis.edit.features import add_feature, move_features, remove_features, set_attributes, set_geometry
from gis.revisions.compare import compare
from gis.revisions.comparison import Quantity
from gis.revisions.difference import difference
from layers.changes import Change, ChangeSet, SettingChange
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot, style_name
from layers.style import Fill
from layers.style_data import style_data
from layers.text import Text


def empty() -> Snapshot:
    return Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})


def with_feature(start, layer, geometry, **attributes):
    changes = add_feature(start, layer, geometry, attributes)
    return start.apply(changes), next(iter(changes)).key


@pytest.fixture
def house():
    return with_feature(empty(), "building", box(0, 0, 40, 12), number="3", floors=6)


def test_a_shifted_shape_is_moved_with_distance_and_bearing(house):
    before, key = house
    after = before.apply(move_features(before, [key], 3, 4))
    (change,) = compare(before, after).changes
    assert change.kind == "moved"
    assert change.distance_m == pytest.approx(5)
    assert change.bearing_deg == pytest.approx(36.8699, abs=1e-3)


def test_another_outline_is_reshaped_with_its_gain_of_area(house):
    before, key = house
    after = before.apply(set_geometry(before, key, box(0, 0, 40, 13)))
    (change,) = compare(before, after).changes
    assert (change.kind, change.area_change_m2) == ("reshaped", pytest.approx(40))


def test_a_rotated_ring_is_the_same_shape_and_no_change(house):
    before, key = house
    ring = list(box(0, 0, 40, 12).exterior.coords)
    again = shapely.Polygon(ring[1:] + ring[1:2])
    after = before.apply(set_geometry(before, key, again))
    assert compare(before, after).changes == ()


def test_an_attribute_is_told_old_and_new(house):
    before, key = house
    after = before.apply(set_attributes(before, [key], {"floors": 5}))
    (change,) = compare(before, after).changes
    assert change.kind == "changed"
    assert [(f.field.name, f.before, f.after) for f in change.fields] == [("floors", 6, 5)]


def test_codes_that_are_only_spelled_otherwise_are_no_change(house):
    start, key = house
    earlier = start.feature(key).with_attributes(answers="t13、ｄ05")  # as an earlier program kept it
    before = start.apply(ChangeSet.of([Change("building", start.feature(key), earlier)]))
    after = before.apply(set_attributes(before, [key], {"answers": "T13, D05"}))
    assert after.feature(key).attributes["answers"] == "T13,D05"
    assert compare(before, after).changes == ()


def test_added_and_removed_are_mirror_images(house):
    before, key = house
    after = before.apply(remove_features(before, [key]))
    assert [c.kind for c in compare(before, after).changes] == ["removed"]
    assert [c.kind for c in compare(after, before).changes] == ["added"]


def test_problem_spots_are_reasons_and_not_plan_changes():
    before = empty()
    after, _ = with_feature(before, "traffic_spot", Point(0, 0), code="T01", title="堵")
    comparison = compare(before, after)
    assert comparison.changes == ()
    assert len(comparison.spot_changes) == 1


def test_neighbours_share_a_cloud_and_strangers_do_not():
    before = empty()
    state = before
    for x in (0, 3, 6, 200):
        state, _ = with_feature(state, "parking", box(x, 0, x + 2.5, 5.3), state="new")
    groups = compare(before, state).groups
    assert sorted(len(g.changes) for g in groups) == [1, 3]
    assert [g.number for g in groups] == [1, 2]


def test_neighbours_that_answer_different_problems_stay_apart():
    before = empty()
    state, _ = with_feature(before, "traffic_spot", Point(0, 0), code="T01", title="接送拥堵")
    state, _ = with_feature(state, "parking", box(0, 0, 2.5, 5.3), answers="T01")
    state, _ = with_feature(state, "pipe", LineString([(3, 0), (3, 9)]), answers="D01")
    groups = compare(before, state).groups
    assert sorted(g.answers for g in groups) == [("D01",), ("T01",)]
    told = next(g for g in groups if g.answers == ("T01",))
    assert told.reasons[0].zh == "T01 接送拥堵"


def test_a_cloud_holds_every_change_that_has_a_reason():
    before = empty()
    state = before
    for i in range(6):
        state, _ = with_feature(
            state, "parking", box(i * 12, i * 5, i * 12 + 2.5, i * 5 + 5.3), answers="T01"
        )
    for group in compare(before, state).groups:
        assert all(group.cloud.contains(c.geometry) for c in group.changes)


def test_an_english_group_title_counts_only_where_there_is_more_than_one():
    before = empty()
    bays, _ = with_feature(before, "parking", box(0, 0, 30, 5), bays=12, state="new")
    one, _ = with_feature(before, "parking", box(0, 0, 3, 5), bays=1, state="new")
    assert compare(before, bays).groups[0].title.en == "New parking bay ×12"
    assert compare(before, one).groups[0].title.en == "New parking bay"


def test_a_group_title_counts_bays_and_names_the_state():
    before = empty()
    after, _ = with_feature(before, "parking", box(0, 0, 30, 5), bays=12, state="new")
    assert compare(before, after).groups[0].title.zh == "新建停车位 12"


def test_bays_to_be_demolished_do_not_count_as_supply():
    before, key = with_feature(empty(), "parking", box(0, 0, 30, 5), bays=12)
    after = before.apply(set_attributes(before, [key], {"state": "demolish"}))
    bays = next(q for q in compare(before, after).quantities if q.code == "parking.bays")
    assert (bays.before, bays.after, bays.delta) == (12, 0, -12)


def test_a_lawn_that_gives_way_does_not_swell_the_cloud():
    before, key = with_feature(empty(), "green", box(0, 0, 300, 40))
    cut = box(0, 0, 300, 40) - box(10, 0, 12.5, 5.3) - box(280, 0, 282.5, 5.3)
    after = before.apply(set_geometry(before, key, cut))
    after, _ = with_feature(after, "parking", box(10, 0, 12.5, 5.3), answers="T01")
    (group,) = compare(before, after).groups
    assert len(group.changes) == 2
    assert group.cloud.bounds[2] < 40


def _edit(what, state, key, pick):
    if what == "move":
        return move_features(state, key, 1, pick)
    if what == "drop":
        return remove_features(state, key)
    return set_attributes(state, key, {"floors": pick})


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["add", "move", "drop", "tell"])), max_size=12))
def test_the_difference_leads_from_one_state_to_the_other_and_back(steps):
    start = empty()
    state = start
    for i in range(3):
        state, _ = with_feature(state, "building", box(i, 0, i + 1, 1), number=str(i))
    start = state
    for pick, what in steps:
        keys = [("building", uid) for uid in state.layers["building"].table.uids]
        if what == "add" or not keys:
            state, _ = with_feature(state, "building", box(pick, 5, pick + 1, 6))
            continue
        key = [keys[pick % len(keys)]]
        edit = _edit(what, state, key, pick)
        state = state.apply(edit)
    forth, back = difference(start, state), difference(state, start)
    assert back == forth.inverse()
    assert not difference(start.apply(forth), state)
    assert not difference(state.apply(back), start)


def test_a_difference_is_that_of_the_figures_as_they_are_shown():
    """4,157.4 m and 4,269.6 m are shown as 4,157 and 4,270: their difference is 113, not 112."""
    length = Quantity("road", Text("道路", "Roads"), Text("m", "m"), 4157.4, 4269.6, 0)
    assert length.delta == 113


def looked(before, **settings):
    return before.apply(
        ChangeSet({}, {n: SettingChange(before.settings.get(n), v) for n, v in settings.items()})
    )


def looks(before, after):
    return {
        one.layer: [(f.name, f.before.en, f.after.en) for f in one.facets]
        for one in compare(before, after).restyled
    }


def test_a_plan_that_looks_the_same_has_no_layer_restyled(house):
    before, key = house
    assert compare(before, before.apply(set_attributes(before, [key], {"floors": 5}))).restyled == ()


@pytest.mark.parametrize(
    ("setting", "value", "facet"),
    [
        ("layer.building.visible", False, ("visible", "yes", "no")),
        ("layer.building.opacity", 0.5, ("opacity", "100%", "50%")),
        ("layer.building.title", "楼", ("title", "Buildings", "楼")),
        ("layer.building.scales", [500, 2000], ("scales", "any", "1:500 – 1:2000")),
        ("layer.building.group", "现状", ("group", "none", "现状")),
    ],
)
def test_a_layer_that_looks_different_says_in_what(setting, value, facet):
    before = empty()
    after = looked(before, **{setting: value})
    assert looks(before, after) == {"building": [facet]}
    assert looks(after, before) == {"building": [(facet[0], facet[2], facet[1])]}


def test_another_colour_of_a_symbol_is_told_by_the_name_of_its_rule():
    before = empty()
    style = before.layers["tree"].style
    rule = style.rules[0]
    red = replace(style, rules=(replace(rule, symbol=(Fill("#FF0000"),)), *style.rules[1:]))
    after = looked(before, **{style_name("tree"): style_data(red)})
    ((name, old, new),) = looks(before, after)["tree"]
    assert (name, new) == ("style", "#FF0000")
    assert old != new
    title = compare(before, after).restyled[0].facets[0].title
    assert rule.title.en in title.en


def test_only_the_layer_that_was_moved_up_is_told():
    before = empty()
    order = list(before.layers)
    order.remove("green")
    after = looked(before, **{"layers.order": [*order, "green"]})
    ((name, old, new),) = looks(before, after)["green"]
    assert name == "order"
    assert list(looks(before, after)) == ["green"]
    assert new == f"above “{before.layers[order[-1]].title.en}”"
    assert old != new


def test_buildings_are_counted_by_state():
    before, key = with_feature(empty(), "building", box(0, 0, 40, 12), number="3")
    before, _ = with_feature(before, "building", box(50, 0, 90, 12), number="4", state="new")
    after = before.apply(set_attributes(before, [key], {"state": "renovated"}))
    found = {q.code: (q.before, q.after) for q in compare(before, after).quantities}
    assert {code: pair for code, pair in found.items() if code.startswith("building.")} == {
        "building.existing": (1, 0),
        "building.renovated": (0, 1),
        "building.new": (1, 1),
    }
