"""Control points: a similarity first, mirrored maps refused with the way out, nothing bent in secret."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.georeference import ControlPoint, fit_control_points
from layers.errors import CrsError, UsageError

EAST, NORTH = 616650.0, 4078000.0
PLACES = [(0, 0), (320, 15), (300, 240), (20, 260), (150, 130)]
NOISE = [(0.03, -0.02), (-0.04, 0.01), (0.02, 0.03), (-0.01, -0.03), (0.01, 0.02)]


def points(places, move, noise=NOISE):
    made = []
    for i, ((x, y), (dx, dy)) in enumerate(zip(places, noise, strict=False)):
        east, north = move(x, y)
        made.append(ControlPoint(f"P{i + 1}", x, y, east + dx, north + dy))
    return made


def turned(angle_deg, scale=1.0):
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return lambda x, y: (EAST + scale * (cos * x - sin * y), NORTH + scale * (sin * x + cos * y))


def codes(fit):
    return {finding.code for finding in fit.findings}


def test_a_shifted_and_turned_grid_comes_onto_the_ground():
    fit = fit_control_points(points(PLACES, turned(30)))
    assert fit.rms_m < 0.05
    assert (fit.scale, fit.rotation_deg) == pytest.approx((1.0, 30.0), abs=0.02)
    assert np.abs(fit.apply(np.array([[100.0, 50.0]])) - [turned(30)(100, 50)]).max() < 0.05
    assert not fit.findings


def test_residuals_are_told_point_by_point():
    fit = fit_control_points(points(PLACES, turned(30)))
    assert fit.names == ("P1", "P2", "P3", "P4", "P5")
    assert fit.residuals_m.shape == (5, 2)
    assert fit.rms_m == pytest.approx(math.sqrt((fit.distances_m**2).mean()))


def test_swapped_axes_fit_an_affine_to_centimetres_but_are_refused():
    swapped = points(PLACES, lambda x, y: (EAST + y, NORTH + x))
    matrix = np.linalg.lstsq(
        np.array([(p.x, p.y, 1) for p in swapped]), np.array([(p.east, p.north) for p in swapped]), rcond=None
    )[0]
    fitted = np.array([(p.x, p.y, 1) for p in swapped]) @ matrix
    assert np.abs(fitted - [(p.east, p.north) for p in swapped]).max() < 0.1  # what a plain affine would say
    for method in ("similarity", "affine"):
        with pytest.raises(CrsError) as caught:
            fit_control_points(swapped, method)
        assert caught.value.code == "georeference.mirrored"
        assert "颠倒" in caught.value.message.zh
        assert "--swap-axes" in caught.value.advice.zh


def test_the_correction_that_is_offered_works():
    swapped = points(PLACES, lambda x, y: (EAST + y, NORTH + x))
    fit = fit_control_points(swapped, swapped=True)
    assert fit.rms_m < 0.05
    assert fit.apply(np.array([[10.0, 20.0]]))[0] == pytest.approx((EAST + 20, NORTH + 10), abs=0.05)


def test_swapping_what_is_right_is_refused_too():
    with pytest.raises(CrsError) as caught:
        fit_control_points(points(PLACES, turned(5)), swapped=True)
    assert "去掉" in caught.value.advice.zh


def test_a_mirrored_drawing_is_told_from_exchanged_axes():
    mirrored = points(PLACES, lambda x, y: (EAST - y, NORTH - x))
    with pytest.raises(CrsError) as caught:
        fit_control_points(mirrored)
    assert "镜像" in caught.value.message.zh


def test_a_drawing_in_millimetres_is_found_and_told():
    fit = fit_control_points(points([(1000 * x, 1000 * y) for x, y in PLACES], turned(0, 0.001)))
    assert codes(fit) == {"georeference.unit"}
    assert fit.scale == pytest.approx(0.001, rel=1e-3)


def test_an_odd_scale_is_doubted():
    assert "georeference.scale" in codes(fit_control_points(points(PLACES, turned(0, 0.7))))


def test_two_points_do_but_are_not_checked():
    fit = fit_control_points(points(PLACES[:2], turned(30)))
    assert codes(fit) == {"georeference.unchecked"}
    assert fit.rms_m < 1e-6


@pytest.mark.parametrize(("method", "count"), [("similarity", 1), ("affine", 3)])
def test_too_few_points_are_refused(method, count):
    with pytest.raises(UsageError):
        fit_control_points(points(PLACES[:count], turned(0)), method)


def test_points_in_one_place_or_on_one_line_are_refused():
    with pytest.raises(CrsError):
        fit_control_points(points([(5, 5)] * 3, turned(0)))
    with pytest.raises(CrsError):
        fit_control_points(points([(i, 2 * i) for i in range(5)], turned(0)), "affine")


def test_the_point_that_spoils_the_fit_is_named():
    noise = [*NOISE[:4], (6.0, -4.0)]
    fit = fit_control_points(points(PLACES, turned(10), noise))
    (finding,) = [f for f in fit.findings if f.code == "georeference.outlier"]
    assert finding.record == "P5"


def test_points_that_contradict_each_other_are_refused_with_their_residuals():
    noise = [(0, 0), (90, 0), (0, -80), (70, 60), (-90, 40)]
    with pytest.raises(CrsError) as caught:
        fit_control_points(points(PLACES, turned(10), noise))
    assert caught.value.code == "georeference.poor"
    assert {f.record for f in caught.value.findings} >= {"P1", "P5"}


def test_an_affine_fit_follows_a_scan_that_is_stretched():
    stretched = points(PLACES, lambda x, y: (EAST + 1.02 * x, NORTH + 0.99 * y))
    assert fit_control_points(stretched, "affine").rms_m < 0.05 < fit_control_points(stretched).rms_m


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-179, 179), st.floats(0.5, 2.0), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(3, 8)
)
def test_exact_points_are_recovered_to_a_tenth_of_a_millimetre(angle, scale, dx, dy, count):
    move = turned(angle, scale)
    places = [(dx + 137 * math.cos(2.4 * i), dy + 95 * math.sin(1.7 * i)) for i in range(count)]
    fit = fit_control_points(points(places, move, [(0, 0)] * count))
    assert np.abs(fit.apply(np.array(places)) - [move(x, y) for x, y in places]).max() < 1e-4
