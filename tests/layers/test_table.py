"""The immutable table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from layers.feature import Feature
from layers.table import Table, numbers, values_equal

values = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5), st.booleans())
features = st.lists(
    st.builds(
        lambda uid, x, v: Feature(uid, Point(x, 0), {"a": v}),
        st.sampled_from("abcdefgh"),
        st.integers(0, 9),
        values,
    ),
    max_size=8,
    unique_by=lambda f: f.uid,
)


@given(features, features, st.sets(st.sampled_from("abcdefgh")))
def test_putting_and_removing_equals_the_same_on_a_dictionary(start, put, gone):
    gone -= {f.uid for f in put}
    table = Table.from_features(start, ["a"]).with_features({f.uid: f for f in put}, gone)
    expected = {f.uid: f for f in start} | {f.uid: f for f in put}
    expected = {uid: f for uid, f in expected.items() if uid not in gone}
    assert {f.uid: f for f in table} == expected


@given(features, features)
def test_the_old_table_stays_as_it_was(start, put):
    table = Table.from_features(start, ["a"])
    before = list(table)
    table.with_features({f.uid: f for f in put}, ["a", "b"])
    assert list(table) == before


def test_columns_without_a_change_are_shared():
    table = Table.from_features([Feature("u", Point(0, 0), {"a": "x", "b": "y"})], ["a", "b"])
    later = table.with_features({"u": Feature("u", Point(0, 0), {"a": "z", "b": "y"})})
    assert later.columns["b"] is table.columns["b"]


def test_arrays_cannot_be_written():
    table = Table.from_features([Feature("u", None, {})], ["a"])
    with pytest.raises(ValueError, match="read-only"):
        table.columns["a"][:][0] = "changed"


def test_unknown_attributes_are_refused():
    with pytest.raises(KeyError):
        Table.from_features([Feature("u", None, {"z": 1})], ["a"])


def test_an_empty_table_has_no_extent():
    assert Table.empty(["a"]).extent() is None
    assert Table.from_features([Feature("u", None, {})], ["a"]).extent() is None


def test_numbers_turn_what_is_no_number_into_the_missing_value():
    column = Table.from_features(
        [Feature(str(i), None, {"a": v}) for i, v in enumerate([1, 2.5, None, "x"])], ["a"]
    )
    assert numbers(column.columns["a"], -1.0).tolist() == [1.0, 2.5, -1.0, -1.0]
    assert values_equal(column.columns["a"], ["x", None]).tolist() == [False, False, True, True]


def test_a_geodataframe_carries_ids_and_exact_values():
    frame = Table.from_features([Feature("u", Point(1, 2), {"a": "甲"})], ["a"]).to_geodataframe("EPSG:4548")
    assert frame.index.tolist() == ["u"]
    assert frame["a"].tolist() == ["甲"]
    assert frame.crs.to_epsg() == 4548


def test_the_boxes_of_an_edited_table_are_those_of_its_shapes():
    import shapely

    shapes = [shapely.box(0, 0, 1, 1), None, shapely.Point(5, 5)]
    table = Table.from_features([Feature(str(i), s, {}) for i, s in enumerate(shapes)], [])
    assert np.asarray(table.bounds).shape == (3, 4)
    put = {
        "1": Feature("1", shapely.Point(7, 8), {}),
        "9": Feature("9", None, {}),
        "2": Feature("2", None, {}),
    }
    edited = table.with_features(put)
    assert "bounds" in vars(edited)
    fresh = Table(edited.uids, edited.geometry, {})
    assert np.array_equal(edited.bounds, fresh.bounds, equal_nan=True)
    assert np.array_equal(table.with_features({}, ["0"]).bounds, np.asarray(table.bounds)[1:], equal_nan=True)


def test_two_tables_hold_the_same_whatever_their_order_is_and_only_if_every_value_is_the_very_same():
    a, b = Feature("a", Point(1, 2), {"n": 1}), Feature("b", None, {"n": "x"})
    table = Table.from_features([a, b], ["n"])
    assert table.holds_same(Table.from_features([b, a], ["n"]))
    for other in (
        a.with_attributes(n=1.0),
        a.with_attributes(n=True),
        a.with_geometry(Point(1, 2, 0)),
        a.with_geometry(None),
        a.with_ancestors("b"),
        Feature("c", Point(1, 2), {"n": 1}),
    ):
        assert not table.holds_same(Table.from_features([b, other], ["n"]))
    assert not table.holds_same(Table.from_features([a], ["n"]))


def test_a_table_knows_where_edits_touched_it_since_an_earlier_version_and_nothing_of_strangers():
    table = Table.from_features([Feature(n, Point(i, i), {}) for i, n in enumerate("abc")], [])
    _ = table.bounds
    moved = table.with_features({"a": Feature("a", Point(-5, 2), {})})
    gone = moved.with_features({}, ["c"])
    added = gone.with_features({"d": Feature("d", Point(9, 1), {}), "e": Feature("e", None, {})})
    assert moved.touched_since(table) == (-5, 0, 0, 2)
    assert gone.touched_since(moved) == (2, 2, 2, 2)
    assert added.touched_since(table) == (-5, 0, 9, 2)
    assert added.touched_since(added)[0] > added.touched_since(added)[2]
    assert table.touched_since(moved) is None
    assert added.touched_since(Table.empty(())) is None
