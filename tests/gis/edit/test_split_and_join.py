"""Splitting with a line, and merging what touches."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from gis.edit.counts import split_words
from gis.edit.join import merge_features, merge_words
from gis.edit.split import split, split_features
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan, shapes_after

HOLED = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))


def test_the_larger_part_keeps_the_id_and_only_it_the_number():
    before = plan(building=[(box(0, 0, 10, 4), {"number": "3", "floors": 6})])
    changes = split_features(before, all_keys(before), shapely.LineString([(3, -1), (3, 5)]))
    table = before.apply(changes).layers["building"].table
    assert [f.geometry.area for f in table] == [28, 12]
    assert [f.attributes["number"] for f in table] == ["3", None]
    assert [f.attributes["floors"] for f in table] == [6, 6]
    assert table.at(0).uid == "building0"


def test_a_line_through_a_hole_makes_two_parts_without_it():
    parts = split(HOLED, shapely.LineString([(5, -1), (5, 11)]))
    assert sorted(p.area for p in parts) == [48, 48]


@pytest.mark.parametrize(
    "line",
    [
        [(3, 1), (3, 3)],  # within
        [(3, -1), (3, 3)],  # only in
        [(-5, -5), (-1, -5)],  # beside
        [(0, 0), (10, 0)],  # along the edge
    ],
)
def test_a_line_that_does_not_cross_is_refused(line):
    before = plan(building=[box(0, 0, 10, 4)])
    with pytest.raises(RefusedError) as refused:
        split_features(before, all_keys(before), shapely.LineString(line))
    assert refused.value.code == "split.nothing"


def test_lines_are_split_where_they_are_crossed():
    before = plan(road=[shapely.LineString([(0, 0), (10, 0)])])
    changes = split_features(before, all_keys(before), shapely.LineString([(4, -1), (4, 1), (7, 1), (7, -1)]))
    assert sorted(g.length for g in shapes_after(before, changes, "road")) == [3, 3, 4]


@given(st.floats(0.5, 9.5), st.floats(0.5, 9.5))
def test_the_parts_of_a_split_make_the_whole(a, b):
    parts = split(HOLED, shapely.LineString([(a, -1), (b, 11)]))
    assert len(parts) >= 2
    assert sum(p.area for p in parts) == pytest.approx(HOLED.area)
    assert shapely.union_all(parts).symmetric_difference(HOLED).area < 1e-6


@given(st.floats(0.5, 9.5), st.floats(0.5, 9.5))
def test_merging_the_parts_of_a_split_gives_the_whole_back(a, b):
    before = plan(green=[box(0, 0, 10, 4)])
    after = before.apply(split_features(before, all_keys(before), shapely.LineString([(a, -1), (b, 5)])))
    merged = after.apply(merge_features(after, all_keys(after)))
    assert list(merged.layers["green"].table.uids) == ["green0"]
    assert merged.layers["green"].table.geometry[0].symmetric_difference(box(0, 0, 10, 4)).area < 1e-6


def test_lines_that_meet_end_to_end_become_one():
    before = plan(road=[shapely.LineString([(0, 0), (5, 0)]), shapely.LineString([(5, 0), (5, 9)])])
    (line,) = shapes_after(before, merge_features(before, all_keys(before)), "road")
    assert line.geom_type == "LineString"
    assert line.length == 14


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ({"building": [box(0, 0, 1, 1)]}, "merge.few"),
        ({"building": [box(0, 0, 1, 1), box(3, 0, 4, 1)]}, "merge.apart"),
        ({"building": [box(0, 0, 1, 1), box(1, 1, 2, 2)]}, "merge.apart"),
        ({"building": [box(0, 0, 1, 1)], "green": [box(1, 0, 2, 1)]}, "merge.layers"),
        ({"tree": [shapely.Point(0, 0), shapely.Point(0, 0)]}, "merge.sorts"),
        (
            {"road": [shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(2, 0), (3, 0)])]},
            "merge.fork",
        ),
    ],
)
def test_what_does_not_make_one_thing_is_refused(shapes, code):
    before = plan(**shapes)
    with pytest.raises(RefusedError) as refused:
        merge_features(before, all_keys(before))
    assert refused.value.code == code


def test_merging_adds_up_what_adds_up_and_tells_what_it_does_not():
    values = {"households": 36, "floors": 6, "units": 3}, {"households": 24, "floors": 5}
    state = plan(building=[(box(0, 0, 10, 5), values[0]), (box(10, 0, 14, 5), values[1])])
    keys = all_keys(state)
    words = merge_words(state, keys, merge_features(state, keys))
    (merged,) = state.apply(merge_features(state, keys)).layers["building"].table
    assert (merged.attributes["households"], merged.attributes["units"]) == (60, 3)
    assert merged.attributes["floors"] == 6
    assert "户数 36 + 24 = 60" in words.zh
    assert "未相加，按最大的对象保留：层数" in words.zh


def test_a_sum_too_large_for_its_field_is_refused():
    state = plan(building=[(box(0, 0, 10, 5), {"units": 30}), (box(10, 0, 14, 5), {"units": 30})])
    with pytest.raises(RefusedError, match="60"):
        merge_features(state, all_keys(state))


@given(st.integers(0, 5000), st.integers(0, 40), st.lists(st.floats(0.4, 9.6), min_size=1, max_size=4))
def test_parts_share_the_counts_by_size_and_lose_none_of_them(households, units, cuts):
    before = plan(building=[(box(0, 0, 10, 4), {"households": households, "units": units, "floors": 6})])
    line = shapely.LineString([p for i, x in enumerate(sorted(set(cuts))) for p in _across(x, i)])
    try:
        after = before.apply(split_features(before, all_keys(before), line))
    except RefusedError:
        return
    parts = list(after.layers["building"].table)
    assert sum(p.attributes["households"] for p in parts) == households
    assert sum(p.attributes["units"] for p in parts) == units
    assert all(p.attributes["floors"] == 6 for p in parts)
    for part in parts:
        assert abs(part.attributes["households"] - households * part.geometry.area / 40) <= 1
    if len(parts) > 1:
        whole = after.apply(merge_features(after, all_keys(after)))
        assert next(iter(whole.layers["building"].table)).attributes["households"] == households


def _across(x, i):
    return [(x, -1), (x, 5)] if i % 2 == 0 else [(x, 5), (x, -1)]


def test_a_split_tells_how_the_counts_were_shared():
    before = plan(building=[(box(0, 0, 10, 4), {"households": 36, "floors": 6})], road=[])
    changes = split_features(before, all_keys(before), shapely.LineString([(3, -1), (3, 5)]))
    words = split_words(before, changes)
    assert words.zh == "已分成 2 块。按大小分摊：户数 36 = 25 + 11，请核对。"
    assert words.en == "Split into 2 pieces. Shared by size: Households 36 = 25 + 11. Please check."


def test_a_split_without_counts_tells_only_the_number_of_pieces():
    before = plan(building=[box(0, 0, 10, 4)])
    changes = split_features(before, all_keys(before), shapely.LineString([(3, -1), (3, 5)]))
    assert split_words(before, changes).en == "Split into 2 pieces."
