"""Holes, parallels, and tidy lines and outlines."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit import outlines as o
from gis.edit.square import squared
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan, shapes_after

YARD = shapely.box(0, 0, 10, 10)


def test_a_hole_is_cut_out():
    before = plan(green=[YARD])
    (shape,) = shapes_after(before, o.cut_hole(before, all_keys(before), shapely.box(2, 2, 4, 4)), "green")
    assert shape.area == 96
    assert len(shape.interiors) == 1


@pytest.mark.parametrize(
    "hole", [shapely.box(8, 8, 12, 12), shapely.box(20, 20, 21, 21), shapely.box(0, 2, 2, 4)]
)
def test_a_hole_that_is_not_wholly_inside_is_refused(hole):
    before = plan(green=[YARD])
    with pytest.raises(RefusedError) as refused:
        o.cut_hole(before, all_keys(before), hole)
    assert refused.value.code == "hole.outside"


@given(st.floats(0.1, 4))
def test_parallels_keep_their_distance(distance):
    line = shapely.LineString([(0, 0), (20, 0), (20, 20)])
    left, right = o.parallel(line, distance), o.parallel(line, -distance)
    assert left.distance(line) == pytest.approx(distance)
    assert right.distance(line) == pytest.approx(distance)
    assert left.length < line.length < right.length
    assert o.parallel(YARD, distance).area == pytest.approx((10 + 2 * distance) ** 2)


@pytest.mark.parametrize(
    ("shape", "distance", "code"),
    [(YARD, -6, "parallel.gone"), (YARD, 0, "parallel.zero"), (shapely.Point(0, 0), 1, "parallel.point")],
)
def test_a_parallel_that_cannot_be_is_refused(shape, distance, code):
    with pytest.raises(RefusedError) as refused:
        o.parallel(shape, distance)
    assert refused.value.code == code


def test_a_parallel_is_a_new_feature_like_the_first():
    before = plan(road=[(shapely.LineString([(0, 0), (10, 0)]), {"width_m": 6.0})])
    table = before.apply(o.add_parallel(before, all_keys(before), 3)).layers["road"].table
    assert table.at(1).attributes["width_m"] == 6.0
    assert table.at(1).geometry.wkt == "LINESTRING (0 3, 10 3)"


def test_reversing_twice_is_the_start():
    before = plan(road=[shapely.LineString([(0, 0), (4, 1), (9, 9)])])
    once = before.apply(o.reverse_features(before, all_keys(before)))
    assert once.layers["road"].table.geometry[0].coords[0] == (9, 9)
    twice = once.apply(o.reverse_features(once, all_keys(once)))
    assert twice.layers["road"].table.at(0) == before.layers["road"].table.at(0)


def test_straightening_keeps_the_ends():
    before = plan(road=[shapely.LineString([(0, 0), (4, 1), (9, 9)])])
    (line,) = shapes_after(before, o.straighten_features(before, all_keys(before)), "road")
    assert list(line.coords) == [(0, 0), (9, 9)]


def test_commands_for_lines_refuse_areas():
    before = plan(green=[YARD])
    for command in (o.reverse_features, o.straighten_features):
        with pytest.raises(RefusedError):
            command(before, all_keys(before))


def test_simplifying_leaves_out_what_lies_within_the_tolerance():
    line = shapely.LineString([(0, 0), (5, 0.05), (10, 0)])
    assert o.simplified(line, 0.1).wkt == "LINESTRING (0 0, 10 0)"
    assert o.simplified(line, 0.01) is None


def corners_deg(polygon):
    edges = np.diff(shapely.get_coordinates(polygon), axis=0)
    heading = np.degrees(np.arctan2(edges[:, 1], edges[:, 0]))
    return np.diff([*heading, heading[0]]) % 180


@given(
    st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)), min_size=6, max_size=6),
    st.floats(0, 180),
)
def test_a_crooked_outline_becomes_square_in_any_direction(jitter, turn):
    corners = np.array([(0, 0), (20, 0), (20, 10), (12, 10), (12, 16), (0, 16)]) + np.array(jitter)
    angle = math.radians(turn)
    corners = corners @ np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    crooked = shapely.Polygon(corners)
    made = squared(crooked)
    made = crooked if made is None else made
    assert shapely.is_valid(made)
    assert corners_deg(made) == pytest.approx(90, abs=1e-6)
    assert shapely.hausdorff_distance(made, crooked) < 1.5


def test_an_oblique_edge_stays_oblique():
    shape = shapely.Polygon([(0, 0), (10, 0.1), (10, 6), (6, 10), (0, 10)])
    headings = {round(h) for h in corners_deg(squared(shape))}
    assert headings & {45, 135}


def test_what_is_square_has_nothing_to_square():
    before = plan(building=[YARD], tree=[shapely.Point(0, 0)])
    with pytest.raises(RefusedError):
        o.square_features(before, all_keys(before))
