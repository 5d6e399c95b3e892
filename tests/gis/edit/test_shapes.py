"""Geometries from clicked points."""

import pytest
import shapely

from gis.edit.shapes import area_around, line_through, rectangle_between
from layers.errors import RefusedError


def test_a_point_clicked_twice_counts_once():
    assert shapely.get_num_coordinates(line_through([(0, 0), (0, 0), (3, 0), (3, 0)])) == 2


def test_an_area_may_be_closed_by_hand():
    assert area_around([(0, 0), (4, 0), (4, 4), (0, 0)]).equals(area_around([(0, 0), (4, 0), (4, 4)]))


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([(0, 0), (4, 0)], "geometry.too-few"),
        ([(0, 0), (4, 0), (0, 0)], "geometry.too-few"),
        ([(0, 0), (2, 2), (5, 5)], "geometry.flat"),
        ([(0, 0), (4, 4), (4, 0), (0, 4)], "geometry.invalid"),
    ],
)
def test_points_that_enclose_nothing_or_cross_are_refused_with_a_reason(points, code):
    with pytest.raises(RefusedError) as refused:
        area_around(points)
    assert refused.value.code == code


def test_a_line_needs_two_places():
    with pytest.raises(RefusedError):
        line_through([(1, 1), (1, 1)])


def test_a_rectangle_does_not_care_which_corners_are_given():
    assert rectangle_between((4, 0), (0, 3)).equals(shapely.box(0, 0, 4, 3))


@pytest.mark.parametrize("opposite", [(0, 5), (5, 0), (0, 0)])
def test_a_rectangle_has_a_width_and_a_height(opposite):
    with pytest.raises(RefusedError):
        rectangle_between((0, 0), opposite)
