import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from gis.render.group import Group
from gis.render.hatching import scan_lines
from gis.render.marks import Frame
from gis.render.shapes import anchors, flatten
from layers.style import Fill, Hatch
from tests.gis.render.maps import dark, drawn, layer_of, metre_view, styled

FRAME_SHAPED = Polygon([(10, 10), (90, 10), (90, 90), (10, 90)], [[(30, 30), (70, 30), (70, 70), (30, 70)]])


def _group(*shapes: shapely.Geometry) -> Group:
    column = np.array(shapes, dtype=object)
    return Group(
        flatten(column), lambda: anchors(column), {}, np.arange(len(shapes)), Frame(0, 100, 1.0), 3.8
    )


@pytest.mark.parametrize("pattern", ["diagonal", "cross", "wave", "dots"])
def test_a_hatch_stays_on_its_area_and_out_of_holes(pattern):
    ink = dark(drawn(layer_of(styled(Hatch(pattern, "#000000", 2.0, 0.3)), FRAME_SHAPED), metre_view()))
    assert ink[12:88, 12:28].mean() > 0.03
    assert ink[33:67, 33:67].sum() == 0
    assert ink[:8].sum() == 0


def test_a_45_degree_hatch_rises_to_the_right():
    ink = dark(
        drawn(layer_of(styled(Hatch("diagonal", "#000000", 6.0, 0.4)), box(0, 0, 100, 100)), metre_view())
    )
    rising = (ink[1:, :-1] * ink[:-1, 1:]).sum()
    falling = (ink[:-1, :-1] * ink[1:, 1:]).sum()
    assert rising > 2 * falling


def test_parallels_keep_their_distance_on_paper():
    start, end, line = scan_lines(_group(box(0, 0, 100, 100)).area_runs, 7.6, 0.0, _group(box(0, 0, 1, 1)))
    rows = np.unique(np.round(start[:, 1], 6))
    assert np.allclose(np.diff(rows), 7.6)
    assert np.allclose(end[:, 0] - start[:, 0], 100)
    assert len(line) == len(rows)


@given(st.integers(3, 9), st.floats(5, 45), st.floats(0, 3.1), st.floats(2, 9))
def test_the_pieces_of_a_hatch_cover_as_much_as_the_area_says(corners, radius, angle, spacing):
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + 0.1
    shape = Polygon(np.c_[50 + radius * np.cos(turn), 50 + radius * np.sin(turn)])
    group = _group(shape)
    start, end, _ = scan_lines(group.area_runs, spacing, angle, group)
    length = np.hypot(*(end - start).T).sum()
    assert length * spacing == pytest.approx(shape.area, abs=2 * spacing * radius + 0.02 * shape.area)


def test_a_hatch_stays_in_place_when_the_map_is_dragged():
    layer = layer_of(styled(Hatch("wave", "#000000", 2.0, 0.3, angle_deg=0)), box(-500, -500, 500, 500))
    view = metre_view(200, 100)
    before, after = drawn(layer, view), drawn(layer, view.panned(13, 5))
    assert np.abs(before[20:80, 20:150] - after[25:85, 33:163]).mean() < 12


def test_a_hatch_too_dense_to_be_seen_is_left_out():
    layer = layer_of(styled(Fill("#FFFFFF"), Hatch("diagonal", "#000000", 0.001, 0.001)), box(0, 0, 100, 100))
    assert dark(drawn(layer, metre_view())).sum() == 0
