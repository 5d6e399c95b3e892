import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.render.viewport import Viewport

places = st.floats(-1e7, 1e7)
sizes = st.floats(1e-3, 1e3)
pixels = st.integers(1, 5000)
views = st.builds(Viewport, places, places, sizes, pixels, pixels, st.floats(1, 50))
inside = st.floats(0, 5000)


@given(views, inside, inside)
def test_a_pixel_taken_to_the_world_and_back_is_the_same_pixel(view, px, py):
    assert view.to_px(*view.to_world(px, py)) == pytest.approx(
        (px, py), abs=1e-3 / min(view.metres_per_px, 1)
    )


@given(views, inside, inside, st.floats(0.1, 10))
def test_zooming_keeps_the_place_under_the_cursor(view, px, py, factor):
    before, after = view.to_world(px, py), view.zoomed_at(px, py, factor).to_world(px, py)
    assert after == pytest.approx(before, rel=1e-9, abs=1e-6 * max(1, view.metres_per_px * 5000))


@given(views, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_the_map_with_the_hand(view, dx, dy):
    x, y = view.to_world(0.0, 0.0)
    assert view.panned(dx, dy).to_px(x, y) == pytest.approx((dx, dy), abs=1e-3 / min(view.metres_per_px, 1))


def test_a_fitted_view_holds_the_extent_in_its_middle():
    view = Viewport.fitted((0, 0, 200, 100), 1000, 1000, margin=0.1)
    west, south, east, north = view.extent
    assert (view.centre_x, view.centre_y) == (100, 50)
    assert view.metres_per_px == pytest.approx(200 / 800)
    assert west <= 0
    assert south <= 0
    assert east >= 200
    assert north >= 100


def test_an_extent_without_size_is_shown_a_hundred_metres_wide():
    assert Viewport.fitted((5, 5, 5, 5), 100, 100, margin=0).metres_per_px == 1.0


def test_the_scale_says_how_many_metres_a_metre_of_paper_shows():
    assert Viewport(0, 0, 1.0, 10, 10, px_per_mm=2.0).scale_denominator == 2000
    assert Viewport(0, 0, 1.0, 10, 10, px_per_mm=2.0).at_scale(500).metres_per_px == 0.25


def test_resizing_keeps_centre_and_scale():
    view = Viewport(3, 4, 0.5, 100, 100).resized(300, 50)
    assert (view.centre_x, view.centre_y, view.metres_per_px, view.width_px, view.height_px) == (
        3,
        4,
        0.5,
        300,
        50,
    )
