"""Curves stay within a centimetre and never become endless."""

import math

import numpy as np
import pytest
from ezdxf.math import BSpline
from hypothesis import given
from hypothesis import strategies as st

from gis.exchange.dxf.curves import arc_points, bulge_points, ellipse_points, spline_points

ORIGIN = np.zeros(3)


def middles(points):
    return (points[:-1] + points[1:]) / 2


@given(st.floats(0.05, 5000), st.floats(0.01, 2 * math.pi), st.floats(-7, 7))
def test_no_chord_of_an_arc_strays_more_than_the_tolerance(radius, sweep, start):
    points = arc_points(ORIGIN, radius, start, sweep, 0.01)
    assert np.allclose(np.linalg.norm(points, axis=1), radius)
    assert (radius - np.linalg.norm(middles(points), axis=1)).max() <= 0.0101


@pytest.mark.parametrize("radius", [1e-12, 1e9, 1e300])
def test_an_absurd_circle_has_a_bounded_number_of_points(radius):
    assert 8 <= len(arc_points(ORIGIN, radius, 0, 2 * math.pi, 0.01)) <= 2049


@given(st.floats(-4, 4).filter(lambda b: abs(b) > 0.01))
def test_a_bulge_is_the_arc_that_its_definition_says(bulge):
    vertices = np.array([[616600.0, 4078000.0, 0.0], [616610.0, 4078004.0, 0.0]])
    points = bulge_points(vertices, np.array([bulge, 0.0]), False, 0.01)
    assert (points[0] == vertices[0]).all()
    assert (points[-1] == vertices[1]).all()
    chord = vertices[1] - vertices[0]
    side = (points - vertices[0])[:, 1] * chord[0] - (points - vertices[0])[:, 0] * chord[1]
    height = side / np.linalg.norm(chord)
    far = height[np.abs(height).argmax()]
    # The height of the arc is half the chord times the bulge, to the right of the way for positive ones.
    assert far == pytest.approx(-bulge * np.linalg.norm(chord) / 2, abs=0.02)


def test_straight_segments_keep_exactly_their_vertices():
    vertices = np.array([[0.1, 0.2, 0.0], [7.3, 0.2, 0.0], [7.3, 9.4, 0.0]])
    assert (bulge_points(vertices, np.zeros(3), True, 0.01) == vertices[[0, 1, 2, 0]]).all()


def test_two_half_circles_make_a_circle():
    vertices = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    points = bulge_points(vertices, np.array([1.0, 1.0]), True, 0.001)
    assert np.allclose(np.linalg.norm(points, axis=1), 1)
    assert (points[0] == points[-1]).all()


def test_an_ellipse_runs_between_its_parameters():
    points = ellipse_points(ORIGIN, np.array([4.0, 0, 0]), np.array([0, 2.0, 0]), 0, math.pi / 2, 0.01)
    assert np.allclose(points[0], (4, 0, 0))
    assert np.allclose(points[-1], (0, 2, 0))
    assert np.allclose((points[:, 0] / 4) ** 2 + (points[:, 1] / 2) ** 2, 1)


def test_a_spline_strays_no_more_than_the_tolerance():
    curve = BSpline([(0, 0), (10, 30), (40, -20), (60, 10), (80, 0)], order=4)
    points = spline_points(curve, 0.01)
    dense = np.array([tuple(p) for p in curve.points(np.linspace(0, curve.max_t, 4000))])
    gaps = [segment_distance(p, points) for p in dense[::37]]
    assert max(gaps) <= 0.02
    assert len(points) < 2000


def segment_distance(point, chain):
    start, along = chain[:-1], np.diff(chain, axis=0)
    share = np.clip(((point - start) * along).sum(1) / (along**2).sum(1), 0, 1)
    return np.linalg.norm(start + along * share[:, None] - point, axis=1).min()
