"""Three-way merge: the matrix of cases, and its algebra."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from gis.revisions.merge import EXISTENCE, GEOMETRY, all_to, plan_merge
from layers.changes import Change, ChangeSet, SettingChange
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.kinds._shared import PHOTOS
from layers.layer import Layer
from layers.snapshot import Snapshot

BASE = Feature("u", Point(0, 0), {"species": "槐", "crown_m": 4.0})
FIELDS = {(layer.name, f.name): f for layer in standard_kinds().values() for f in layer.fields}
STATES = {
    "same": BASE,
    "species": BASE.with_attributes(species="柳"),
    "crown": BASE.with_attributes(crown_m=6.0),
    "other crown": BASE.with_attributes(crown_m=7.0),
    "moved": BASE.with_geometry(Point(5, 5)),
    "gone": None,
}


def to(after, before=BASE):
    return ChangeSet.of([Change("tree", before, after)])


def merged(ours, theirs, side="ours"):
    plan = plan_merge(ours, theirs)
    return plan, ours.then(plan.resolved(all_to(side, plan.conflicts)))


@pytest.mark.parametrize("theirs", STATES)
@pytest.mark.parametrize("ours", STATES)
def test_both_directions_find_the_same_conflicts_mirrored(ours, theirs):
    forth, back = (
        plan_merge(to(STATES[ours]), to(STATES[theirs])),
        plan_merge(to(STATES[theirs]), to(STATES[ours])),
    )
    assert [(c.id, c.ours, c.theirs) for c in forth.conflicts] == [
        (c.id, c.theirs, c.ours) for c in back.conflicts
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "cells"),
    [
        ("species", "crown", []),
        ("species", "moved", []),
        ("crown", "crown", []),
        ("gone", "gone", []),
        ("same", "gone", []),
        ("crown", "other crown", ["crown_m"]),
        ("gone", "moved", [EXISTENCE]),
        ("species", "gone", [EXISTENCE]),
    ],
)
def test_only_the_same_cell_changed_differently_is_a_conflict(ours, theirs, cells):
    assert [c.cell for c in plan_merge(to(STATES[ours]), to(STATES[theirs])).conflicts] == cells


def test_different_cells_of_one_feature_are_both_kept():
    _, result = merged(to(STATES["species"]), to(STATES["moved"]))
    assert next(iter(result)).after == Feature("u", Point(5, 5), {"species": "柳", "crown_m": 4.0})


def test_their_deletion_never_beats_our_edit_silently():
    plan, kept = merged(to(STATES["crown"]), to(None), "ours")
    assert plan.conflicts
    assert next(iter(kept)).after == STATES["crown"]
    _, dropped = merged(to(STATES["crown"]), to(None), "theirs")
    assert next(iter(dropped)).after is None


def test_a_feature_deleted_here_comes_back_if_their_edit_is_chosen():
    _, result = merged(to(None), to(STATES["moved"]), "theirs")
    assert next(iter(result)).after == STATES["moved"]


def test_two_additions_under_one_id_conflict_where_they_differ():
    one, two = Feature("n", Point(0, 0), {"crown_m": 4.0}), Feature("n", Point(1, 0), {"crown_m": 4.0})
    assert [c.cell for c in plan_merge(to(one, None), to(two, None)).conflicts] == [GEOMETRY]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a", "a,b", "a,c", "a,b,c"),
        ("a,b", "b", "a", None),
        ("a,b", "b,c", "a,b,d", "b,c,d"),
        (None, "b", "a", "a,b"),
        ("a", None, "a,b", "b"),
    ],
)
def test_a_list_holds_what_either_added_and_not_what_either_took_out(base, ours, theirs, expected):
    before, mine, other = (Feature("u", Point(0, 0), {"photos": v}) for v in (base, ours, theirs))
    for one, two in ((mine, other), (other, mine)):
        plan = plan_merge(to(one, before), to(two, before), {("tree", "photos"): PHOTOS})
        result = to(one, before).then(plan.resolved({}))
        assert plan.conflicts == ()
        assert result.features["tree", "u"].after.attributes["photos"] == expected


def test_settings_merge_like_cells():
    ours = ChangeSet({}, {"a": SettingChange(None, 1), "b": SettingChange(0, 1)})
    theirs = ChangeSet({}, {"b": SettingChange(0, 2), "c": SettingChange(None, 3)})
    plan = plan_merge(ours, theirs)
    assert [(c.cell, c.ours, c.theirs) for c in plan.conflicts] == [("b", 1, 2)]
    assert plan.changes.settings == {"c": SettingChange(None, 3)}


def test_an_undecided_conflict_stops_the_merge():
    plan = plan_merge(to(STATES["crown"]), to(STATES["other crown"]))
    with pytest.raises(ValueError, match="undecided"):
        plan.resolved({})


START = Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()}).apply(
    ChangeSet.of(
        [Change("tree", None, Feature(u, Point(i, 0), {"crown_m": 4.0})) for i, u in enumerate("abcd")]
    )
)
features = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 2), st.sampled_from([4.0, 5.0, 5, None]), st.sampled_from(["槐", None])),
)


@st.composite
def sides(draw):
    changes = []
    for uid, wanted in draw(st.dictionaries(st.sampled_from("abcdef"), features)).items():
        after = wanted and Feature(uid, Point(wanted[0], 1), {"crown_m": wanted[1], "species": wanted[2]})
        before = START.feature(("tree", uid))
        if before or after:
            changes.append(Change("tree", before, after))
    return ChangeSet.of(changes)


def contents(state):
    return {f.uid: f for f in state.layers["tree"].table}


@given(sides(), sides())
def test_merging_both_ways_ends_equal(ours, theirs):
    _, forth = merged(ours, theirs, "ours")
    _, back = merged(theirs, ours, "theirs")
    assert contents(START.apply(forth)) == contents(START.apply(back))


@given(sides())
def test_merging_nothing_or_the_same_changes_nothing(ours):
    for theirs in (ChangeSet(), ours):
        plan, result = merged(ours, theirs)
        assert not plan.conflicts
        assert result == ours


@given(sides(), sides())
def test_a_merge_without_conflicts_holds_every_edit_of_both(ours, theirs):
    plan, result = merged(ours, theirs)
    if not plan.conflicts:
        state = START.apply(result)
        for side in (ours, theirs):
            for change in side:
                if change.after is None:
                    assert state.feature(change.key) is None


@pytest.mark.parametrize(
    "case",
    [
        lambda ours, theirs: bool(ours) and bool(theirs) and bool(plan_merge(ours, theirs).conflicts),
        lambda ours, theirs: len(ours) > 1 < len(theirs) and not plan_merge(ours, theirs).conflicts,
        lambda ours, theirs: (
            {c.key for c in ours} & {c.key for c in theirs} != set()
            and ours != theirs
            and not plan_merge(ours, theirs).conflicts
        ),
    ],
    ids=["a conflict", "two edits apart without one", "one feature, different cells"],
)
def test_the_examples_reach(case):
    reached = []

    @settings(max_examples=300, derandomize=True, deadline=None, database=None)
    @given(sides(), sides())
    def look(ours, theirs):
        reached.append(case(ours, theirs))

    look()
    assert any(reached)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "both"),
    [
        (None, "t13", "T13", "T13"),
        ("t13", "t13", "Ｔ13", "T13"),
        ("t13", "T13", "T13,D05", "T13,D05"),
        ("T03", "t03、t13", "d05 T03", "T03,D05,T13"),
        ("T03,T13", "t03", "t13,T03", "T03"),
        ("T03", None, "t03", None),
    ],
)
def test_codes_spelled_otherwise_are_the_same_and_each_side_adds_its_own(base, ours, theirs, both):
    start = BASE.with_attributes(answers=base)
    one = to(start.with_attributes(answers=ours, species="柳"), start)
    two = to(start.with_attributes(answers=theirs, crown_m=6.0), start)
    for here, there in ((one, two), (two, one)):
        plan = plan_merge(here, there, FIELDS)
        assert plan.conflicts == ()
        (change,) = here.then(plan.resolved({}))
        assert change.after.attributes == {"species": "柳", "crown_m": 6.0, "answers": both}
