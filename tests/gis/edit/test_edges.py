"""Trimming, extending, rounding, redrawing."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit import edges as e
from gis.edit.vertices import Vertex, remove_vertices, shift_vertices
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan, shapes_after

ROAD = shapely.LineString([(0, 0), (10, 0)])
WALLS = [shapely.LineString([(4, -1), (4, 1)]), shapely.box(7, -1, 12, 1)]


@pytest.mark.parametrize(
    ("place", "left"), [((1, 0), [(4, 10)]), ((9, 0), [(0, 7)]), ((5, 0), [(0, 4), (7, 10)])]
)
def test_the_piece_pointed_at_goes_and_the_rest_keeps_its_direction(place, left):
    before = plan(road=[ROAD])
    made = shapes_after(before, e.trim_feature(before, all_keys(before)[0], WALLS, place), "road")
    assert sorted((g.coords[0][0], g.coords[-1][0]) for g in made) == left


def test_a_line_that_nothing_crosses_cannot_be_trimmed():
    before = plan(road=[ROAD], green=[shapely.box(0, 0, 1, 1)])
    for key in all_keys(before):
        with pytest.raises(RefusedError):
            e.trim_feature(before, key, [shapely.LineString([(20, 0), (20, 5)])], (1, 0))


def test_an_end_is_extended_to_the_first_thing_ahead():
    targets = [shapely.LineString([(20, -5), (20, 5)]), shapely.box(13, -2, 15, 2)]
    assert e.extended(ROAD, targets, (9, 0)).coords[-1] == (13, 0)
    back = e.extended(ROAD, [shapely.LineString([(-3, -5), (-3, 5)])], (1, 0))
    assert list(back.coords) == [(-3, 0), (10, 0)]
    with pytest.raises(RefusedError):
        e.extended(ROAD, targets, (1, 0))


@given(st.floats(0.1, 4.9), st.floats(30, 150))
def test_a_rounded_corner_is_tangent_and_shorter(radius, angle):
    end = (10 + 30 * math.cos(math.radians(180 - angle)), 30 * math.sin(math.radians(180 - angle)))
    line = shapely.LineString([(-20, 0), (10, 0), end])
    made = e.filleted(line, Vertex(0, 0, 1), radius)
    assert made.length < line.length
    assert (made.coords[0], made.coords[-1]) == (line.coords[0], line.coords[-1])
    half = math.radians(angle) / 2
    assert made.distance(shapely.Point(10, 0)) == pytest.approx(radius / math.sin(half) - radius, abs=0.02)


def test_a_radius_that_does_not_fit_is_refused_with_the_largest_that_does():
    with pytest.raises(RefusedError) as refused:
        e.filleted(shapely.box(0, 0, 4, 4), Vertex(0, 0, 2), 5)
    assert "4.00" in refused.value.message.zh
    with pytest.raises(RefusedError):
        e.filleted(ROAD, Vertex(0, 0, 0), 1)
    assert e.filleted(shapely.box(0, 0, 4, 4), Vertex(0, 0, 0), 2).area == pytest.approx(
        16 - 4 + math.pi, abs=0.02
    )


def test_an_outline_follows_the_drawn_line_in_and_out():
    yard = shapely.box(0, 0, 10, 10)
    bite = e.redrawn(yard, shapely.LineString([(4, 12), (4, 8), (6, 8), (6, 12)]))
    assert bite.area == pytest.approx(96)
    bulge = e.redrawn(yard, shapely.LineString([(8, 4), (13, 4), (13, 6), (8, 6)]))
    assert bulge.area == pytest.approx(106)
    across = e.redrawn(yard, shapely.LineString([(-1, 3), (11, 3)]))
    assert across.area == pytest.approx(70)


def test_a_line_follows_the_drawn_line_between_the_crossings():
    made = e.redrawn(ROAD, shapely.LineString([(2, -1), (2, 3), (8, 3), (8, -1)]))
    assert list(made.coords) == [(0, 0), (2, 0), (2, 3), (8, 3), (8, 0), (10, 0)]


def test_a_line_that_meets_the_outline_once_is_refused():
    before = plan(green=[shapely.box(0, 0, 10, 10)])
    with pytest.raises(RefusedError):
        e.reshape_features(before, all_keys(before), shapely.LineString([(5, 5), (15, 5)]))


def test_several_vertices_move_and_go_together():
    before = plan(green=[shapely.Polygon([(0, 0), (4, 0), (8, 0), (8, 8), (0, 8)])])
    (key,) = all_keys(before)
    upper = [Vertex(0, 0, 3), Vertex(0, 0, 4)]
    (moved,) = shapes_after(before, shift_vertices(before, key, upper, 0, 2), "green")
    assert moved.area == 80
    (fewer,) = shapes_after(before, remove_vertices(before, key, [Vertex(0, 0, 1), Vertex(0, 0, 4)]), "green")
    assert fewer.area == 32
    with pytest.raises(RefusedError):
        remove_vertices(before, key, [*upper, Vertex(0, 0, 0)])
    with pytest.raises(RefusedError):
        shift_vertices(before, key, [Vertex(0, 0, 1)], 0, 20)
