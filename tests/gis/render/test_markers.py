import numpy as np
import pytest
from shapely import LineString, Point, box

from gis.render.markers import short_number
from gis.render.marks import TextMark
from gis.render.prepare import prepare_layer
from layers.style import Marker
from tests.gis.render.maps import dark, drawn, layer_of, metre_view, styled


def _extent(ink: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.5), np.flatnonzero(ink.max(axis=0) > 0.5)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("px_per_mm", [3.8, 11.8])
@pytest.mark.parametrize("shape", ["circle", "square", "drop", "diamond"])
def test_a_marker_is_as_high_on_paper_at_every_resolution(shape, px_per_mm):
    layer = layer_of(styled(Marker(shape, 5.0, fill="#000000", line_mm=0.0)), Point(50, 40))
    _, top, _, bottom = _extent(dark(drawn(layer, metre_view(200, 120, px_per_mm=px_per_mm).centred(50, 50))))
    assert (bottom - top) / px_per_mm == pytest.approx(5.0, abs=1.2 / px_per_mm)


@pytest.mark.parametrize("shape", ["drop", "diamond"])
def test_a_pin_has_its_tip_on_the_place(shape):
    layer = layer_of(styled(Marker(shape, 5.0, fill="#000000", line_mm=0.0)), Point(50, 50))
    left, _, right, bottom = _extent(dark(drawn(layer, metre_view())))
    assert bottom == pytest.approx(50, abs=1)
    assert (left + right) / 2 == pytest.approx(50, abs=1)


def test_a_marker_with_a_ground_size_grows_with_the_map():
    tree = Marker("tree", 2.4, "width_m", fill="#000000", line_mm=0.0)
    layer = layer_of(styled(tree), (Point(50, 50), {"width_m": 20.0}))
    for metres_per_px in (0.5, 1.0):
        left, _, right, _ = _extent(
            dark(drawn(layer, metre_view(metres_per_px=metres_per_px).centred(50, 50)))
        )
        assert right - left == pytest.approx(20 / metres_per_px, abs=1)


def test_a_marker_stands_on_lines_and_areas_only_if_asked():
    shapes = LineString([(10, 20), (30, 20)]), box(60, 60, 80, 80)
    for on_all, places in ((False, 0), (True, 2)):
        layer = layer_of(styled(Marker("circle", 2.0, fill="#000000", on_all=on_all)), *shapes)
        ink = dark(drawn(layer, metre_view()))
        assert int(ink[80, 20] > 0.5) + int(ink[30, 70] > 0.5) == places


def test_a_worse_problem_has_a_larger_pin_and_more_rings():
    pin = Marker("drop", 4.6, fill="#000000", line="#FFFFFF", casing="#FFFFFF", severity_field="severity")
    ink = []
    for severity in (1, 3, 4, 5):
        layer = layer_of(styled(pin), (Point(50, 50), {"severity": severity}))
        ink.append(dark(drawn(layer, metre_view())).sum())
    assert ink == sorted(ink)
    assert ink[3] > 1.5 * ink[0]


def test_an_open_problem_shows_its_number_and_an_answered_one_a_tick():
    numbered = layer_of(styled(Marker("drop", 4.6, text_field="name")), (Point(50, 50), {"name": "D05"}))
    ticked = layer_of(
        styled(Marker("drop", 4.6, text_field="name", tick=True)), (Point(50, 50), {"name": "D05"})
    )
    texts = [m.texts for m in prepare_layer(numbered, metre_view()).marks if isinstance(m, TextMark)]
    assert texts == [("5",)]
    assert not [m for m in prepare_layer(ticked, metre_view()).marks if isinstance(m, TextMark)]


@pytest.mark.parametrize(
    ("code", "short"),
    [("D05", "5"), ("T12", "12"), ("R2-17", "17"), ("007", "7"), ("", ""), (None, ""), ("北门", "北门")],
)
def test_a_pin_holds_the_number_a_code_ends_with(code, short):
    assert short_number(code) == short


def test_southern_pins_stand_in_front_of_northern_ones():
    pin = Marker("square", 8.0, fill="#FF0000", line="#0000FF", line_mm=1.0, text_field="name")
    layer = layer_of(styled(pin), Point(50, 40), Point(50, 55))
    grid = drawn(layer, metre_view())
    assert grid[45, 50].tolist() == [0, 0, 255], "the outline of the southern pin must not be covered"
