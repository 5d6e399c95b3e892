"""Lengths, headings and areas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import measure

coordinate = st.floats(-1e4, 1e4, allow_nan=False)
place = st.tuples(coordinate, coordinate)


@pytest.mark.parametrize(("end", "heading"), [((0, 1), 0), ((1, 0), 90), ((0, -1), 180), ((-1, 0), 270)])
def test_headings_count_clockwise_from_grid_north(end, heading):
    assert measure.heading_deg((0, 0), end) == heading


def test_an_area_far_from_the_origin_keeps_its_square_centimetres():
    x, y = 616650.0, 4077999.0
    assert measure.ring_area_m2(
        [(x, y), (x + 0.01, y), (x + 0.01, y + 0.01), (x, y + 0.01)]
    ) == pytest.approx(1e-4, rel=1e-5)


@given(st.lists(place, min_size=3, max_size=8))
def test_an_area_does_not_depend_on_where_the_ring_begins_or_which_way_it_runs(points):
    area = measure.ring_area_m2(points)
    scale = max(1.0, *(abs(v) for p in points for v in p)) ** 2
    assert measure.ring_area_m2([*points[1:], points[0]]) == pytest.approx(area, abs=1e-9 * scale)
    assert measure.ring_area_m2(points[::-1]) == pytest.approx(area, abs=1e-9 * scale)


@given(place, place, place)
def test_a_detour_is_never_shorter(a, b, c):
    assert measure.path_length_m([a, b, c]) >= measure.path_length_m([a, c]) - 1e-6


@given(place, place)
def test_a_constrained_point_lies_on_an_eighth_of_the_circle_and_is_the_nearest_there(start, end):
    x, y = measure.constrained(start, end)
    if (x, y) != start:
        off = measure.heading_deg(start, (x, y)) % 45.0
        size = math.hypot(x - start[0], y - start[1])
        assert min(off, 45.0 - off) * size < 1e-3
    assert (
        math.hypot(x - end[0], y - end[1]) <= math.hypot(end[0] - start[0], end[1] - start[1]) * 0.3827 + 1e-6
    )


def test_small_areas_are_not_counted_in_mu():
    assert measure.area_text(12.5).zh == "12.5 m²"


def test_one_mu_is_a_fifteenth_of_a_hectare():
    assert measure.area_text(10_000 / 15).zh == "666.7 m²（1.00 亩）"


def test_a_right_angle_and_a_straight_line_are_told_as_such():
    assert measure.turn_deg((0, 0), (5, 0), (5, 5)) == pytest.approx(90)
    assert measure.turn_deg((0, 0), (5, 0), (9, 0)) == pytest.approx(180)
