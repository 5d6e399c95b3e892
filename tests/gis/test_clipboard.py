"""Copying features out as text, and pasting text from anywhere."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.clipboard import copied, pasted, pasted_text
from gis.edit.features import remove_features
from layers.errors import BadInputError, RefusedError
from tests.gis.edit.plan import all_keys, plan

EAST, NORTH = 616_650.0, 4_077_999.0
HOUSE = shapely.box(EAST, NORTH, EAST + 20, NORTH + 10)


metres = st.floats(0.0, 900.0)
words = st.text('楼号1A =",\n😀', max_size=12).map(str.strip).map(lambda text: text or None)


@pytest.fixture
def before():
    return plan(building=[(HOUSE, {"number": "3", "floors": 6, "use": "shop"})], green=[], tree=[], road=[])


def added(before, result, layer):
    return list(before.apply(result.changes).layers[layer].table)[len(before.layers[layer].table) :]


def test_what_is_copied_is_pasted_exactly_without_its_number(before):
    (feature,) = added(before, pasted(before, copied(before, all_keys(before)).own), "building")
    assert feature.geometry.wkb == HOUSE.wkb
    assert (feature.attributes["floors"], feature.attributes["use"]) == (6, "shop")
    assert feature.attributes.get("number") is None
    assert feature.uid != "building0"


def test_what_was_cut_keeps_its_number_and_a_second_paste_leaves_it_out(before):
    own = copied(before, all_keys(before)).own
    cut = before.apply(remove_features(before, all_keys(before)))
    first = pasted(cut, own)
    once = cut.apply(first.changes)
    assert [f.attributes["number"] for f in once.layers["building"].table] == ["3"]
    assert first.taken == 0
    second = pasted(once, own)
    both = once.apply(second.changes).layers["building"].table
    assert [f.attributes.get("number") for f in both] == ["3", None]
    assert (second.taken, second.left_out) == (1, 0)


def test_it_may_be_pasted_around_a_place(before):
    own = copied(before, all_keys(before)).own
    (feature,) = added(before, pasted(before, own, (EAST + 100, NORTH + 50)), "building")
    assert feature.geometry.bounds == pytest.approx((EAST + 90, NORTH + 45, EAST + 110, NORTH + 55))


def test_others_get_geojson_in_degrees_that_comes_back_to_the_millimetre(before):
    text = copied(before, all_keys(before)).text
    west = json.loads(text)["features"][0]["geometry"]["coordinates"][0][0]
    assert 118 < west[0] < 119.5
    assert 36 < west[1] < 37.5
    (feature,) = added(before, pasted_text(before, text, None), "building")
    assert shapely.hausdorff_distance(feature.geometry, HOUSE) < 0.001
    assert feature.attributes["floors"] == 6


@pytest.mark.parametrize(
    "text",
    [
        f"POINT ({EAST} {NORTH})",
        f"SRID=4548;POINT ({EAST} {NORTH})",
        json.dumps({"type": "Point", "coordinates": [EAST, NORTH]}),
        json.dumps({"type": "Feature", "geometry": {"type": "Point", "coordinates": [EAST, NORTH, 3.5]}}),
        f"GEOMETRYCOLLECTION (POINT ({EAST} {NORTH}))",
    ],
)
def test_wkt_and_geojson_in_metres_lie_where_they_say(before, text):
    (feature,) = added(before, pasted_text(before, text, "tree"), "tree")
    assert (feature.geometry.x, feature.geometry.y) == pytest.approx((EAST, NORTH))
    assert feature.attributes["crown_m"] == 4.0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "{",
        "[]",
        "{}",
        '{"features": 3}',
        '{"features": [3]}',
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": ["a", {}]}}',
        "POINT (1 2",
        "POINT (nan nan)",
        "[" * 100_000,
        '{"type": "Point", "coordinates": [1e999, 2]}',
        "=HYPERLINK(1)",
    ],
)
def test_other_text_is_refused_with_what_can_be_pasted(before, text):
    with pytest.raises(BadInputError) as refused:
        pasted_text(before, text, "tree")
    assert refused.value.message.zh


@pytest.mark.parametrize("own", [b"", b"{}", b'{"crs": 1, "features": [{"layer": "x"}]}', b"\xff\xfe"])
def test_a_forged_own_format_is_refused(before, own):
    with pytest.raises(BadInputError):
        pasted(before, own)


def test_a_shape_the_layer_does_not_take_is_refused(before):
    with pytest.raises(RefusedError) as refused:
        pasted_text(before, "LINESTRING (616650 4077999, 616660 4077999)", "tree")
    assert refused.value.code == "geometry.kind"
    with pytest.raises(RefusedError):
        pasted_text(before, "POINT (616650 4077999)", None)


def test_values_that_do_not_fit_are_left_out_and_counted(before):
    properties = {
        "floors": "<b>6</b>",
        "use": "castle",
        "name": "=cmd|' /C calc'!A0",
        "__class__": 1,
        "number": "9",
    }
    text = json.dumps(
        {"type": "Feature", "geometry": json.loads(shapely.to_geojson(HOUSE)), "properties": properties}
    )
    result = pasted_text(before, text, "building")
    (feature,) = added(before, result, "building")
    assert (result.left_out, result.taken) == (3, 0)
    assert feature.attributes["number"] == "9"
    assert feature.attributes["name"] == "=cmd|' /C calc'!A0"
    assert feature.attributes.get("floors") is None


def test_what_is_still_there_is_copied_and_what_is_gone_comes_back_as_it_was(before):
    before = plan(building=[(HOUSE, {"number": "3", "state": "demolish", "answers": "T07"})])
    own = copied(before, all_keys(before)).own
    result = pasted(before, own)
    (copy,) = added(before, result, "building")
    assert (copy.attributes["state"], copy.attributes.get("answers")) == ("new", None)
    assert [words.zh for words in result.states] == ["新建"]
    assert result.taken == 1
    (traced,) = added(before, pasted(before, own, existing=True), "building")
    assert traced.attributes["state"] == "existing"
    cut = before.apply(remove_features(before, all_keys(before)))
    result = pasted(cut, own)
    assert cut.apply(result.changes).layers["building"].table.at(0) == before.layers["building"].table.at(0)
    assert result.states == ()


def test_an_id_that_is_none_makes_a_copy(before):
    own = copied(before, all_keys(before)).own.replace(b'"building0"', b'"../x"')
    cut = before.apply(remove_features(before, all_keys(before)))
    (feature,) = cut.apply(pasted(cut, own).changes).layers["building"].table
    assert len(feature.uid) == 32


def test_text_is_taken_as_drawn_unless_it_says_otherwise(before):
    text = f"POINT ({EAST} {NORTH})"
    (tree,) = added(before, pasted_text(before, text, "tree"), "tree")
    assert tree.attributes["state"] == "new"
    (tree,) = added(before, pasted_text(before, text, "tree", existing=True), "tree")
    assert tree.attributes["state"] == "existing"
    said = json.dumps(
        {
            "type": "Feature",
            "properties": {"state": "demolish"},
            "geometry": {"type": "Point", "coordinates": [118.3, 36.84]},
        }
    )
    result = pasted_text(before, said, "tree")
    assert added(before, result, "tree")[0].attributes["state"] == "demolish"
    assert result.states == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(metres, metres, st.floats(0.5, 60.0), words), min_size=1, max_size=4),
    st.integers(0, 99) | st.none(),
)
def test_any_features_cut_and_pasted_are_the_same_and_as_text_within_a_millimetre(houses, floors):
    rows = [
        (shapely.box(EAST + x, NORTH + y, EAST + x + size, NORTH + y + 9.0), {"name": name, "floors": floors})
        for x, y, size, name in houses
    ]
    before = plan(building=rows, green=[], tree=[], road=[])
    copy = copied(before, all_keys(before))
    cut = before.apply(remove_features(before, all_keys(before)))
    own = cut.apply(pasted(cut, copy.own).changes).layers["building"].table
    text = cut.apply(pasted_text(cut, copy.text, None).changes).layers["building"].table
    for old, same, near in zip(before.layers["building"].table, own, text, strict=True):
        assert same.geometry.wkb == old.geometry.wkb
        assert shapely.hausdorff_distance(near.geometry, old.geometry) < 0.001
        for feature in (same, near):
            assert feature.attributes["name"] == old.attributes["name"]
            assert feature.attributes["floors"] == floors
