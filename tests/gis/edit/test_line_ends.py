"""Invert levels belong to places: turning, cutting and joining pipes keeps each where it is."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit.counts import split_words
from gis.edit.edges import extend_feature, trim_feature
from gis.edit.join import merge_features, merge_words
from gis.edit.line_ends import cut_words, extension_words, reversal_words
from gis.edit.outlines import reverse_features
from gis.edit.split import split_features
from tests.gis.edit.plan import all_keys, plan

LINE = shapely.LineString([(0, 0), (10, 0), (10, 30)])


def pipe(line, up, down, **values):
    return line, {"invert_up_m": up, "invert_down_m": down, **values}


def ends(feature):
    line = feature.geometry
    return {
        tuple(line.coords[0]): feature.attributes.get("invert_up_m"),
        tuple(line.coords[-1]): feature.attributes.get("invert_down_m"),
    }


def pipes_after(before, changes):
    return list(before.apply(changes).layers["pipe"].table)


@pytest.mark.parametrize(("up", "down"), [(38.0, 37.2), (38.0, None), (None, 37.2), (None, None)])
def test_a_pipe_turned_round_has_each_level_where_it_was(up, down):
    before = plan(pipe=[pipe(LINE, up, down)])
    (turned,) = pipes_after(before, reverse_features(before, all_keys(before)))
    assert ends(turned) == {(0, 0): up, (10, 30): down}
    assert turned.geometry.coords[0] == (10, 30)
    again = before.apply(reverse_features(before, all_keys(before)))
    (back,) = pipes_after(again, reverse_features(again, all_keys(again)))
    assert back == before.layers["pipe"].table.at(0)


def test_turning_tells_of_levels_and_of_pipes_that_rise_now():
    before = plan(pipe=[pipe(LINE, 38.0, 37.2), pipe(LINE, 37.0, 37.2), pipe(LINE, None, None)], road=[LINE])
    keys = all_keys(before)
    words = reversal_words(before, keys)
    assert words.zh == "上游管底标高与下游管底标高已随端点对调（2 条）。1 条成为倒坡，请核对。"
    assert reversal_words(before, [k for k in keys if k[0] == "road"]) is None


def test_where_a_pipe_is_cut_the_level_lies_on_the_grade():
    before = plan(pipe=[pipe(LINE, 38.0, 37.2)])
    changes = split_features(before, all_keys(before), shapely.LineString([(5, -5), (5, 5)]))
    found = {}
    for piece in pipes_after(before, changes):
        for place, level in ends(piece).items():
            found.setdefault(place, set()).add(level)
    assert found == {(0, 0): {38.0}, (5, 0): {37.9}, (10, 30): {37.2}}
    assert split_words(before, changes).zh == "已分成 2 块。切点标高按两端直线内插：37.900，请核对。"


def test_no_level_is_made_up_where_an_end_has_none():
    before = plan(pipe=[pipe(LINE, 38.0, None)])
    changes = split_features(before, all_keys(before), shapely.LineString([(5, -5), (5, 5)]))
    found = {place: level for piece in pipes_after(before, changes) for place, level in ends(piece).items()}
    assert found == {(0, 0): 38.0, (5, 0): None, (10, 30): None}
    assert cut_words(before, changes) is None


def test_a_trimmed_pipe_ends_on_the_grade_and_says_so():
    before = plan(pipe=[pipe(LINE, 38.0, 37.2)])
    wall = shapely.LineString([(0, 10), (20, 10)])
    changes = trim_feature(before, all_keys(before)[0], [wall], (10, 25))
    (rest,) = pipes_after(before, changes)
    assert ends(rest) == {(0, 0): 38.0, (10, 10): 37.6}
    assert "37.600" in cut_words(before, changes).en


def test_an_extended_pipe_keeps_its_level_and_says_so():
    before = plan(pipe=[pipe(shapely.LineString([(0, 0), (4, 0)]), 38.0, 37.2)])
    wall = shapely.LineString([(9, -5), (9, 5)])
    changes = extend_feature(before, all_keys(before)[0], [wall], (4, 0))
    assert extension_words(before, changes).zh == "下游管底标高仍是原来的数值，请核对。"
    (longer,) = pipes_after(before, changes)
    assert ends(longer) == {(0, 0): 38.0, (9, 0): 37.2}


A, B, C = (0.0, 0.0), (30.0, 0.0), (50.0, 10.0)


@pytest.mark.parametrize("turned", [False, True])
def test_joined_pipes_have_the_levels_of_their_outer_ends_and_run_as_the_longer(turned):
    second = (
        pipe(shapely.LineString([C, B]), 36.9, 37.3)
        if turned
        else pipe(shapely.LineString([B, C]), 37.3, 36.9)
    )
    before = plan(pipe=[pipe(shapely.LineString([A, B]), 38.0, 37.4), second])
    changes = merge_features(before, all_keys(before))
    (joined,) = pipes_after(before, changes)
    assert joined.geometry.coords[0] == A
    assert ends(joined) == {A: 38.0, C: 36.9}
    words = merge_words(before, all_keys(before), changes)
    assert "上游管底标高 38.000、下游管底标高 36.900；中间接点的 37.300、37.400 不再保留" in words.zh
    assert "保留：" not in words.zh


def test_an_outer_end_without_a_level_stays_without():
    pair = [pipe(shapely.LineString([A, B]), 38.0, 37.4), pipe(shapely.LineString([B, C]), 37.3, None)]
    before = plan(pipe=pair)
    changes = merge_features(before, all_keys(before))
    (joined,) = pipes_after(before, changes)
    assert ends(joined) == {A: 38.0, C: None}
    assert "下游管底标高 空" in merge_words(before, all_keys(before), changes).zh


@given(st.lists(st.floats(0.5, 9.5), min_size=1, max_size=4, unique=True), st.booleans())
def test_pieces_joined_again_have_the_levels_of_the_whole(cuts, back):
    line = shapely.LineString([(0, 0), (10, 0)])
    before = plan(pipe=[pipe(shapely.reverse(line) if back else line, 38.0, 37.2)])
    state = before
    for at in cuts:
        cut = shapely.LineString([(at, -1), (at, 1)])
        state = state.apply(split_features(state, all_keys(state), cut)) if _cuts(state, cut) else state
    if len(state.layers["pipe"].table) > 1:
        state = state.apply(merge_features(state, all_keys(state)))
    (joined,) = state.layers["pipe"].table
    assert ends(joined) == ends(before.layers["pipe"].table.at(0))


def _cuts(state, cut):
    return any(
        shapely.crosses(line, cut) and min(cut.distance(p) for p in line.boundary.geoms) > 1e-3
        for line in state.layers["pipe"].table.geometry
    )
