"""Circles and arcs kept as outlines: what is one, and what its note says."""

import pytest
import shapely

from gis.circles import circle_note, circle_of, circle_through, noted_circle


@pytest.mark.parametrize("words", [None, "", "R=6", "R=6.000 C=1.000", "树池 R=6.000 C=1.000,2.500", 6.0])
def test_only_the_note_as_it_is_written_names_a_circle(words):
    assert noted_circle(words) is None


def test_a_note_gives_back_the_circle_that_it_was_written_for():
    assert noted_circle(circle_note((616600.25, -4.5), 6.125)) == ((616600.25, -4.5), 6.125)


def test_three_points_on_one_line_lie_on_no_circle():
    assert circle_through((0, 0), (5, 5), (9, 9)) is None
    assert circle_through((-5, 0), (0, 5), (5, 0)) == (0, 0)


def test_a_ring_with_a_hole_is_no_circle():
    ring = shapely.Point(0, 0).buffer(5)
    assert circle_of(ring) is not None
    assert circle_of(ring.difference(shapely.Point(0, 0).buffer(2))) is None
