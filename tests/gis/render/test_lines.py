import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from gis.render.rhythm import places_along
from gis.render.shapes import Runs, starts_of
from layers.style import Arrows, Crosses, Hatch, Stroke
from tests.gis.render.maps import dark, drawn, layer_of, metre_view, rgb, styled

ACROSS = LineString([(-20, 50), (120, 50)])


def _thickness(grid: np.ndarray, column: int = 50) -> float:
    return float(dark(grid)[:, column].sum())


@pytest.mark.parametrize("px_per_mm", [3.8, 11.8, 23.6])
def test_a_line_is_as_thick_on_paper_at_every_resolution(px_per_mm):
    layer = layer_of(styled(Stroke("#000000", 0.5)), ACROSS)
    grid = drawn(layer, metre_view(px_per_mm=px_per_mm))
    assert _thickness(grid) / px_per_mm == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("metres_per_px", [0.25, 1.0])
def test_a_band_is_as_wide_as_its_metres(metres_per_px):
    layer = layer_of(styled(Stroke("#000000", 0.0, width_field="width_m")), (ACROSS, {"width_m": 8.0}))
    view = metre_view(100, 100, metres_per_px).centred(50, 50)
    assert _thickness(drawn(layer, view)) == pytest.approx(8.0 / metres_per_px, abs=0.1)


def test_a_casing_stands_out_equally_on_both_sides_of_a_band():
    symbol = Stroke("#000000", 1.0, width_field="width_m"), Stroke("#FFFFFF", 0.0, width_field="width_m")
    grid = dark(drawn(layer_of(styled(*symbol), (ACROSS, {"width_m": 10.0})), metre_view()))
    assert grid[40:45, 50].sum() == pytest.approx(3.8, abs=0.1)
    assert grid[55:60, 50].sum() == pytest.approx(3.8, abs=0.1)


def test_a_band_without_width_is_not_drawn():
    layer = layer_of(styled(Stroke("#000000", 0.5, width_field="width_m")), ACROSS)
    assert dark(drawn(layer, metre_view())).sum() == 0


def test_no_casing_runs_across_a_junction():
    symbol = Stroke("#000000", 0.5, width_field="width_m"), Stroke("#FFFFFF", 0.0, width_field="width_m")
    layer = layer_of(
        styled(*symbol), (ACROSS, {"width_m": 10.0}), (LineString([(50, 50), (50, 120)]), {"width_m": 10.0})
    )
    ink = dark(drawn(layer, metre_view()))
    assert ink[30:55, 48:52].max() == 0
    assert ink[30, 40:46].max() > 0.9


def test_two_bands_meeting_at_an_angle_leave_no_notch():
    bend = (
        (LineString([(10, 20), (50, 50)]), {"width_m": 12.0}),
        (LineString([(50, 50), (90, 20)]), {"width_m": 12.0}),
    )
    ink = dark(drawn(layer_of(styled(Stroke("#000000", 0.0, width_field="width_m")), *bend), metre_view()))
    assert ink[46, 50] == 1.0


def test_a_dead_end_is_cut_off_square():
    road = layer_of(
        styled(Stroke("#000000", 0.0, width_field="width_m")),
        (LineString([(10, 50), (60, 50)]), {"width_m": 20.0}),
    )
    ink = dark(drawn(road, metre_view()))
    assert ink[42, 58] == 1.0
    assert ink[50, 62] == 0.0


def test_dashes_leave_gaps_of_their_length():
    layer = layer_of(styled(Stroke("#000000", 0.5, dash=(4.0, 2.0))), LineString([(0, 50), (400, 50)]))
    ink = dark(drawn(layer, metre_view(400, 100, px_per_mm=5.0)))[50]
    assert ink[5] > 0.9
    assert ink[25] == 0
    assert ink[35] > 0.9
    assert (ink > 0.5).mean() == pytest.approx(2 / 3, abs=0.02)


def test_arrows_point_the_way_the_line_was_drawn():
    layer = layer_of(styled(Arrows("#000000", 8.0, 100.0)), LineString([(10, 50), (90, 50)]))
    ink = dark(drawn(layer, metre_view()))
    columns = np.flatnonzero(ink.sum(axis=0) > 0.5)
    heights = ink[:, columns].sum(axis=0)
    assert heights[: len(heights) // 3].sum() > heights[-len(heights) // 3 :].sum()


def test_crosses_stand_on_the_line_at_even_distances():
    layer = layer_of(styled(Crosses("#000000", 2.0, 10.0)), LineString([(0, 50), (380, 50)]))
    ink = dark(drawn(layer, metre_view(380, 100)))[50] > 0.3
    starts = np.flatnonzero(ink[1:] & ~ink[:-1])
    assert len(starts) == 10
    assert np.ptp(np.diff(starts)) <= 1


def test_a_hatch_may_fill_the_band_a_line_covers():
    layer = layer_of(
        styled(Hatch("diagonal", "#000000", 2.0, 0.3, width_field="width_m")), (ACROSS, {"width_m": 30.0})
    )
    ink = dark(drawn(layer, metre_view()))
    assert ink[40:60].mean() > 0.08
    assert ink[:30].sum() == 0


def test_nothing_beyond_its_scale_is_drawn():
    arrows = Arrows("#000000", 4.0, 10.0, max_scale=1000)
    layer = layer_of(styled(arrows), LineString([(-500, 50), (500, 50)]))
    assert dark(drawn(layer, metre_view().at_scale(900))).sum() > 0
    assert dark(drawn(layer, metre_view().at_scale(1100))).sum() == 0


lines = st.lists(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=8),
    min_size=1,
    max_size=6,
)


@given(lines, st.floats(1, 300))
def test_places_along_lines_lie_on_them_evenly(points, spacing):
    coords = np.array([place for line in points for place in line], dtype=float)
    runs = Runs(coords, starts_of(np.array([len(line) for line in points])), np.arange(len(points)))
    xy, direction, run = places_along(runs, spacing, 1.0)
    for number, line in enumerate(points):
        shape = LineString(line)
        mine = xy[run == number]
        assert (len(mine) > 0) == (shape.length >= 1.0)
        for x, y in mine:
            assert shape.distance(LineString([(x, y), (x, y)])) < 1e-6 * max(1, shape.length)
        if len(mine):
            assert shape.length / len(mine) <= spacing * 2 + 1e-9 or len(mine) == 1
    assert np.allclose(np.hypot(*direction.T), 1)


def test_an_outline_is_drawn_around_holes_too():
    from shapely import Polygon

    ring = Polygon([(10, 10), (90, 10), (90, 90), (10, 90)], [[(40, 40), (60, 40), (60, 60), (40, 60)]])
    grid = drawn(layer_of(styled(Stroke("#FF0000", 1.0)), ring), metre_view())
    assert grid[50, 40].tolist() == rgb("#FF0000")
    assert grid[50, 50].tolist() == [255, 255, 255]
