import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box

from gis.render import gathering, specks
from gis.render.keeping import forget
from gis.render.marks import RasterMark
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer, visible_rows
from gis.render.specks import coverage
from layers.style import Fill, Rule, Stroke, Style
from layers.text import Text
from tests.gis.render.maps import dark, drawn, layer_of, metre_view, rgb, styled

RED, BLUE = "#FF0000", "#0000FF"


def test_an_area_has_its_colour_inside_and_none_outside():
    grid = drawn(layer_of(styled(Fill(RED)), box(20, 20, 60, 60)), metre_view())
    assert grid[60, 40].tolist() == rgb(RED)
    assert grid[10, 40].tolist() == [255, 255, 255]


def test_north_is_up():
    grid = drawn(layer_of(styled(Fill(RED)), box(20, 80, 40, 95)), metre_view())
    assert grid[10, 30].tolist() == rgb(RED)


@pytest.mark.parametrize("turned", [False, True])
def test_a_hole_stays_empty_whichever_way_its_rings_run(turned):
    shell, hole = [(10, 10), (90, 10), (90, 90), (10, 90)], [(40, 40), (60, 40), (60, 60), (40, 60)]
    if turned:
        shell, hole = shell[::-1], hole
    grid = drawn(layer_of(styled(Fill(RED)), Polygon(shell, [hole])), metre_view())
    assert grid[50, 50].tolist() == [255, 255, 255]
    assert grid[20, 20].tolist() == rgb(RED)


def test_where_two_areas_of_one_rule_overlap_both_stay_filled():
    grid = drawn(layer_of(styled(Fill(RED)), box(10, 10, 60, 60), box(40, 40, 90, 90)), metre_view())
    assert grid[50, 50].tolist() == rgb(RED)


def test_every_part_of_a_multipolygon_is_filled():
    both = MultiPolygon([box(10, 10, 30, 30), box(60, 60, 80, 80)])
    grid = drawn(layer_of(styled(Fill(RED)), both), metre_view())
    assert grid[80, 20].tolist() == rgb(RED)
    assert grid[30, 70].tolist() == rgb(RED)


def test_a_feature_without_geometry_draws_nothing():
    layer = layer_of(styled(Fill(RED), Stroke(RED)), None, shapely.from_wkt("POLYGON EMPTY"))
    assert not prepare_layer(layer, metre_view()).marks


def test_a_translucent_area_lets_the_paper_through():
    grid = drawn(layer_of(styled(Fill("#000000", 0.25)), box(10, 10, 90, 90)), metre_view())
    assert grid[50, 50].tolist() == pytest.approx([191] * 3, abs=1)


def test_the_first_matching_rule_draws_and_every_matching_overlay_draws_over_it():
    style = Style(
        (
            Rule(Text("甲", "a"), (Fill(RED),), {"sort": ("a",)}),
            Rule(Text("乙", "b"), (Fill(BLUE),), {"sort": ("a", "b")}),
        ),
        overlays=(
            Rule(Text("线", "line"), (Stroke("#00FF00", 1.0),), {"severity": (1, 2)}),
            Rule(Text("另", "more"), (Fill("#000000", 0.5),), {"severity": (2,)}),
        ),
    )
    layer = layer_of(
        style,
        (box(5, 5, 25, 25), {"sort": "a", "severity": 1}),
        (box(35, 5, 55, 25), {"sort": "b"}),
        (box(65, 5, 95, 25), {"sort": "b", "severity": 2}),
        (box(5, 65, 25, 95), {"sort": "c"}),
    )
    grid = drawn(layer, metre_view())
    assert grid[85, 15].tolist() == rgb(RED)
    assert grid[85, 45].tolist() == rgb(BLUE)
    assert grid[85, 80].tolist() == pytest.approx([0, 0, 127], abs=1)
    assert grid[85, 5].tolist() == rgb("#00FF00")
    assert grid[20, 15].tolist() == [255, 255, 255]


def test_part_0_of_every_feature_lies_below_part_1_of_any():
    layer = layer_of(styled(Stroke(BLUE, 4.0), Fill(RED)), box(10, 10, 50, 90), box(50, 10, 90, 90))
    grid = drawn(layer, metre_view())
    assert grid[50, 48].tolist() == rgb(RED), "the outline of the right area covers the fill of the left one"


def test_leaving_out_what_is_outside_the_view_changes_no_pixel():
    random = np.random.default_rng(3)
    places = [(x, y) for x in range(-150, 250, 20) for y in range(-150, 250, 20)]
    shapes = [box(x, y, x + 12, y + 9) for x, y in np.array(places) + random.uniform(0, 3, (len(places), 2))]
    layer = layer_of(styled(Fill(RED), Stroke(BLUE, 0.8)), *shapes)
    view = metre_view()
    assert 0 < len(visible_rows(layer, view)) < len(shapes) / 4
    large = metre_view(500, 500)
    whole = drawn(layer, large.centred(50, 50))[200:300, 200:300]
    assert np.abs(drawn(layer, view) - whole).max() <= 2


def test_a_vast_area_around_the_view_fills_it_and_shows_no_edge():
    layer = layer_of(styled(Fill(RED), Stroke(BLUE, 1.0)), box(-1e6, -1e6, 1e6, 1e6))
    assert (drawn(layer, metre_view()) == rgb(RED)).all()


def _many(count_x: int, size: float) -> list:
    return [box(x, y, x + size, y + size) for x in range(0, count_x * 8, 8) for y in range(0, count_x * 8, 8)]


def test_many_areas_drawn_from_kept_paths_look_like_areas_drawn_one_by_one(monkeypatch):
    layer = layer_of(styled(Fill(RED), Stroke(BLUE, 0.07)), *_many(30, 5.0))
    view = metre_view(120, 120, 2.0)
    plain = drawn(layer, view)
    monkeypatch.setattr(gathering, "MANY", 100)
    first, again = drawn(layer, view), drawn(layer, view)
    assert (first == again).all()
    assert np.abs(first - plain).mean() < 3


def test_the_outlines_of_many_small_areas_do_not_drown_their_fill(monkeypatch):
    layer = layer_of(styled(Fill("#FFFFFF"), Stroke("#000000", 0.5)), *_many(30, 6.0))
    view = metre_view(120, 120, 2.0)
    plain = dark(drawn(layer, view)).mean()
    monkeypatch.setattr(gathering, "MANY", 100)
    assert 0.02 < dark(drawn(layer, view)).mean() < plain / 2


def test_kept_paths_follow_the_view_when_it_moves(monkeypatch):
    monkeypatch.setattr(gathering, "MANY", 100)
    layer = layer_of(styled(Fill(RED)), *_many(30, 5.0))
    view = metre_view(120, 120, 2.0)
    before, after = drawn(layer, view), drawn(layer, view.panned(10, 0))
    assert (before[:, :110] == after[:, 10:]).all()


def test_an_edited_table_is_drawn_anew_and_not_from_kept_paths(monkeypatch):
    monkeypatch.setattr(gathering, "MANY", 100)
    layer = layer_of(styled(Fill(RED)), *_many(30, 6.0))
    view = metre_view(120, 120, 2.0)
    drawn(layer, view)
    feature = layer.table.at(0)
    moved = layer.with_table(
        layer.table.with_features({feature.uid: feature.with_geometry(box(0, 0, 60, 60))})
    )
    assert drawn(moved, view)[115, 15].tolist() == rgb(RED)


def test_what_is_kept_can_be_dropped():
    layer = layer_of(styled(Fill(RED)), box(0, 0, 1, 1))
    drawn(layer, metre_view())
    forget(layer.table, lambda key: False)
    assert drawn(layer, metre_view()).shape == (100, 100, 3)


def test_areas_below_two_pixels_cover_as_much_of_the_page_as_they_should():
    shapes = [box(x, y, x + 4, y + 4) for x in range(0, 1000, 20) for y in range(0, 1000, 20)]
    ink = dark(drawn(layer_of(styled(Fill("#000000")), *shapes), metre_view(100, 100, 10.0)))
    assert ink.mean() == pytest.approx(16 / 400, rel=0.05)


def test_specks_on_a_large_picture_need_no_raster_of_its_size(monkeypatch):
    monkeypatch.setattr(specks, "MOST_PIXELS", 100)
    shapes = [box(x, y, x + 4, y + 4) for x in range(0, 1000, 20) for y in range(0, 1000, 20)]
    layer = layer_of(styled(Fill("#000000")), *shapes)
    view = metre_view(100, 100, 10.0)
    assert not [m for m in prepare_layer(layer, view).marks if isinstance(m, RasterMark)]
    assert dark(drawn(layer, view)).mean() == pytest.approx(16 / 400, rel=0.1)


def test_specks_keep_their_area_wherever_they_fall():
    centre = np.array([[3.2, 4.9], [7.5, 7.5]])
    grid = coverage([(centre, np.array([0.5, 0.25]))], 12, 12)
    assert grid.sum() == pytest.approx(0.75)
    assert grid[7, 7] == pytest.approx(0.25)


def test_specks_outside_the_view_are_left_out():
    assert coverage([(np.array([[-5.0, 3.0], [30.0, 3.0]]), np.ones(2))], 10, 10).sum() == 0


def test_a_cancelled_painting_stops_and_gives_the_painter_back_as_it_was():
    from PyQt6.QtGui import QImage, QPainter

    class StopError(Exception):
        pass

    calls = []

    def check():
        calls.append(1)
        if len(calls) > 3:
            raise StopError

    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    prepared = prepare_layer(layer_of(styled(Fill(RED)), *_many(12, 5.0)), metre_view())
    before = painter.pen()
    with pytest.raises(StopError):
        paint_layer(painter, prepared, check)
    assert painter.pen() == before
    assert len(calls) == 4
    painter.end()


def test_the_outline_of_an_area_may_be_finer_than_the_line_of_the_same_symbol():
    stroke = Stroke(RED, 4.0, outline_mm=1.0)
    widths = [
        mark.pen.width_px
        for mark in prepare_layer(
            layer_of(styled(stroke), box(10, 10, 40, 40), LineString([(50, 50), (90, 50)])), metre_view()
        ).marks
    ]
    assert sorted(widths) == pytest.approx([1.0 * 3.8, 4.0 * 3.8])
