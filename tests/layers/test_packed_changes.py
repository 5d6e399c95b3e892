"""Changes kept in tables are the same as changes kept one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, box

from layers.changes import Change, ChangeSet
from layers.column import BLOCK
from layers.feature import Feature, new_uid
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.table import Table
from layers.table_builder import TableBuilder

EMPTY = Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
NAMES = {name: tuple(f.name for f in kind.fields) for name, kind in standard_kinds().items()}


def tree(uid: str, x: float = 0.0, **values) -> Feature:
    return Feature(uid, Point(x, 0), values)


def table_of(layer: str, features) -> Table:
    builder = TableBuilder(NAMES[layer])
    builder.add(list(features))
    return builder.table()


def filled(feature: Feature, layer: str) -> Feature:
    """Return a feature with all attributes of its layer, as a table gives it."""
    return Feature(
        feature.uid,
        feature.geometry,
        {name: feature.attributes.get(name) for name in NAMES[layer]},
        feature.ancestors,
    )


def contents(state: Snapshot):
    return {layer.id: {f.uid: f for f in layer.table} for layer in state.layers.values()}


@st.composite
def sides(draw):
    """Return a state, and a change set of it once in tables and once one by one."""
    here = [
        tree(uid, draw(st.integers(0, 9)), crown_m=draw(st.sampled_from([None, 1, 1.0]))) for uid in "abcdef"
    ]
    state = EMPTY.apply(ChangeSet.of([Change("tree", None, f) for f in here]))
    going = draw(st.sets(st.sampled_from("abc")))
    moving = draw(st.sets(st.sampled_from("def")))
    coming = [filled(tree(uid, 5), "tree") for uid in draw(st.sets(st.sampled_from("uvw")))]
    table = state.layers["tree"].table
    gone = [table.get(uid) for uid in sorted(going)]
    others = [Change("tree", table.get(uid), tree(uid, 77)) for uid in sorted(moving)]
    single = ChangeSet.of(
        [*(Change("tree", None, f) for f in coming), *(Change("tree", f, None) for f in gone), *others]
    )
    packed = PackedChanges(
        {"tree": table_of("tree", coming)}, {"tree": table_of("tree", gone)}, {c.key: c for c in others}
    )
    return state, ChangeSet(packed), single


@given(sides())
def test_packed_changes_equal_the_same_changes_one_by_one(case):
    _, packed, single = case
    assert packed == single
    assert dict(packed.features.items()) == dict(single.features)
    assert set(packed.features) == set(single.features)
    assert len(packed) == len(single)
    assert packed.counts_change == single.counts_change
    assert {n: sorted(c.uid for c in cs) for n, cs in packed.by_layer.items()} == {
        n: sorted(c.uid for c in cs) for n, cs in single.by_layer.items()
    }


@given(sides())
def test_packed_changes_lead_to_the_same_state_and_back(case):
    state, packed, single = case
    assert contents(state.apply(packed)) == contents(state.apply(single))
    assert contents(state.apply(packed).apply(packed.inverse())) == contents(state)
    assert packed.inverse().inverse() == packed


@given(sides(), st.sets(st.sampled_from("abcdefuvw")))
def test_packed_changes_are_followed_by_later_ones_as_single_ones_are(case, uids):
    state, packed, single = case
    after = state.apply(packed)
    there = [f for uid in sorted(uids) if (f := after.feature(("tree", uid))) is not None]
    later = ChangeSet.of(Change("tree", f, None if f.uid in "adu" else tree(f.uid, 44)) for f in there)
    assert packed.then(later) == single.then(later)
    assert contents(state.apply(packed.then(later))) == contents(after.apply(later))


@given(sides(), st.sets(st.sampled_from("abcdefuvw")))
def test_what_is_left_out_is_what_was_named(case, uids):
    _, packed, single = case
    left = packed.features.without([("tree", uid) for uid in uids])
    assert dict(left.items()) == {k: c for k, c in single.features.items() if k[1] not in uids}


@given(sides())
def test_each_change_is_found_by_its_place_among_those_of_its_layer(case):
    _, packed, _ = case
    for changes in packed.by_layer.values():
        listed = list(changes)
        assert [changes[i] for i in range(len(changes))] == listed
        assert changes[-1] == listed[-1]
        assert changes[1:3] == listed[1:3]
        with pytest.raises(IndexError):
            changes[len(listed)]


def test_joined_changes_hold_what_each_of_them_holds():
    one = PackedChanges({"tree": table_of("tree", [tree("a")])})
    two = PackedChanges({"tree": table_of("tree", [tree("b")])}, {"building": table_of("building", [])})
    three = {("tree", "c"): Change("tree", None, tree("c"))}
    assert set(PackedChanges.joined([one, two, three])) == {("tree", uid) for uid in "abc"}


def test_an_unknown_key_is_no_change():
    packed = PackedChanges({"tree": table_of("tree", [tree("a")])})
    assert ("tree", "x") not in packed
    assert "tree" not in packed
    assert packed.get(("building", "a")) is None


def test_a_feature_that_comes_must_not_be_there():
    state = EMPTY.apply(ChangeSet.of([Change("tree", None, tree("a"))]))
    with pytest.raises(ValueError, match="already"):
        state.apply(ChangeSet(PackedChanges({"tree": table_of("tree", [tree("a", 3)])})))


def test_a_feature_that_goes_must_be_as_it_was():
    state = EMPTY.apply(ChangeSet.of([Change("tree", None, tree("a"))]))
    with pytest.raises(ValueError, match="expects"):
        state.apply(ChangeSet(PackedChanges(go={"tree": table_of("tree", [tree("a", 3)])})))


def test_a_built_table_holds_its_features_in_their_order_and_packs_full_blocks():
    features = [
        Feature(new_uid(), box(i, 0, i + 0.5, 1), {"state": "new"}, ("f" * 32,) if i == 7 else ())
        for i in range(2 * BLOCK + 5)
    ]
    builder = TableBuilder(NAMES["building"])
    for start in range(0, len(features), 700):
        builder.add(features[start : start + 700])
    table = builder.table()
    assert list(table) == [filled(f, "building") for f in features]
    assert [len(block) for block in table.geometry.blocks] == [BLOCK, BLOCK, 5]


def test_a_builder_refuses_attributes_that_are_no_column():
    with pytest.raises(KeyError, match="height"):
        TableBuilder(NAMES["tree"]).add([tree("a", height=3)])


def test_a_table_followed_by_another_knows_its_boxes_and_where_it_changed():
    table = table_of("tree", [tree("a", 1)])
    assert table.bounds.around() == (1, 0, 1, 0)
    longer = table.with_more(table_of("tree", [tree("b", 9)]))
    assert longer.bounds.around() == (1, 0, 9, 0)
    assert longer.touched_since(table) == (9, 0, 9, 0)
    assert [f.uid for f in longer] == ["a", "b"]
