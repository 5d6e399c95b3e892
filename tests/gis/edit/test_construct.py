"""Shapes from a few points and numbers."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit import construct as c
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan

EAST, NORTH = 616_650.0, 4_077_999.0


@given(st.floats(0.2, 500))
def test_the_chords_of_a_circle_stay_close_to_it(radius):
    made = c.circle((EAST, NORTH), radius)
    inner = made.exterior.distance(shapely.Point(EAST, NORTH))
    assert radius - inner <= max(c.SAGITTA_M, radius * (1 - math.cos(math.pi / c.MOST))) + 1e-6
    assert shapely.is_valid(made)


def test_an_arc_goes_through_its_points_either_way_round():
    for middle in [(0.0, 5.0), (0.0, -5.0), (3.0, 4.0)]:
        made = c.arc((-5.0, 0.0), middle, (5.0, 0.0))
        assert made.coords[0] == (-5, 0)
        assert made.coords[-1] == (5, 0)
        assert made.distance(shapely.Point(middle)) < 0.01
    assert c.arc((5.0, 0.0), (-5.0, 0.001), (0.0, -5.0)).length == pytest.approx(1.5 * math.pi * 5, abs=0.1)


def test_three_points_on_one_line_make_no_arc():
    with pytest.raises(RefusedError):
        c.arc((0, 0), (1, 1), (5, 5))


def test_a_rectangle_stands_on_its_first_side():
    made = c.rectangle_on((0, 0), (3, 4), (-4, 3))
    assert made.area == pytest.approx(25)
    assert c.rectangle_on((0, 0), (3, 4), (4, -3)).area == pytest.approx(25)
    with pytest.raises(RefusedError):
        c.rectangle_on((0, 0), (3, 4), (6, 8))


@given(st.integers(1, 40), st.sampled_from([0, 45, 60, 90]), st.booleans(), st.floats(0, 6.28))
def test_the_bays_of_a_row_touch_and_never_overlap(count, angle, left, turn):
    towards = (EAST + math.cos(turn), NORTH + math.sin(turn))
    beside = (EAST - math.sin(turn) * (1 if left else -1), NORTH + math.cos(turn) * (1 if left else -1))
    bays = c.parking_row((EAST, NORTH), towards, beside, count, 2.5, 5.3, angle)
    assert len(bays) == count
    assert {round(bay.area, 3) for bay in bays} == {13.25}
    whole = shapely.union_all(shapely.buffer(bays, 1e-6))
    assert whole.geom_type == "Polygon"
    assert whole.area == pytest.approx(13.25 * count, rel=1e-3)
    assert bays[0].centroid.distance(shapely.Point(beside)) < bays[0].centroid.distance(
        shapely.Point(2 * EAST - beside[0], 2 * NORTH - beside[1])
    )


def test_without_a_count_as_many_bays_as_fit():
    assert len(c.parking_row((0, 0), (12.6, 0), (0, 1), None, 2.5, 5, 90)) == 5
    with pytest.raises(RefusedError):
        c.parking_row((0, 0), (2, 0), (0, 1), None, 2.5, 5, 90)
    with pytest.raises(RefusedError):
        c.parking_row((0, 0), (0, 0), (0, 1), 3, 2.5, 5, 90)


def test_a_slab_has_its_stairwells_on_the_entrance_side():
    made = c.slab((0, 0), (10, 0), (0, 5), 45.0, 11.0, 3)
    assert made.bounds == pytest.approx((0, -c.STAIR_DEPTH_M, 45, 11))
    assert made.area == pytest.approx(45 * 11 + 3 * c.STAIR_WIDTH_M * c.STAIR_DEPTH_M)
    assert c.slab((0, 0), (10, 0), (0, -5), 45.0, 11.0, 0).bounds == (0, -11, 45, 0)
    with pytest.raises(RefusedError):
        c.slab((0, 0), (10, 0), (0, 5), 10.0, 11.0, 5)


def test_a_dimension_is_measured_again_after_its_points_moved():
    line = c.dimension_line((0, 0), (6, 8), (0, 5))
    assert (line.coords[0], line.coords[-1]) == ((0, 0), (6, 8))
    moved = shapely.LineString([*list(line.coords)[:-1], (12, 16)])
    before = plan(
        note=[(moved, {"type": "dimension", "text": "10.00 m"}), (shapely.Point(0, 0), {"text": "a"})]
    )
    after = before.apply(c.refresh_dimensions(before, all_keys(before)))
    assert after.layers["note"].table.at(0).attributes["text"] == "20.00 m"
    assert after.layers["note"].table.at(1).attributes["text"] == "a"
    with pytest.raises(RefusedError):
        c.refresh_dimensions(before, [("note", "note1")])
    with pytest.raises(RefusedError):
        c.dimension_line((1, 1), (1, 1), (2, 2))


def test_fields_a_layer_does_not_have_are_left_out():
    before = plan(tree=[])
    after = before.apply(c.add_features(before, "tree", [shapely.Point(0, 0)], {"note": "R", "nowhere": 1}))
    assert after.layers["tree"].table.at(0).attributes["note"] == "R"
