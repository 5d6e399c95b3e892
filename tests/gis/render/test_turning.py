"""A turned view: the same map, turned, with upright words."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from PyQt6.QtGui import QPainter

from gis.pick import features_in_area
from gis.render.labels import place
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.scene import blank_image
from gis.render.viewport import Viewport
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.style import Fill, Hatch, Label, Rule, Stroke, Style
from layers.table import Table
from layers.text import Text

KIND = standard_kinds()["building"]
PLAIN = Style((Rule(Text("楼", "House"), (Fill("#CC3300"), Stroke("#000000", 0.4))),))


def layer(shapes, style=PLAIN, **columns):
    features = [
        Feature(f"{i:032x}", shape, {name: values[i] for name, values in columns.items()})
        for i, shape in enumerate(shapes)
    ]
    made = Layer.of(KIND, Table.from_features(features, [f.name for f in KIND.fields]))
    return Layer(made.id, made.kind, made.table, made.title, style)


def pixels(drawn, view):
    image = blank_image(view)
    painter = QPainter(image)
    paint_layer(painter, prepare_layer(drawn, view))
    painter.end()
    data = image.constBits()
    data.setsize(image.sizeInBytes())
    return np.frombuffer(data, np.uint8).reshape(view.height_px, view.width_px, 4).astype(int)


@pytest.mark.parametrize("turn", [0.0, 17.0, 90.0, -135.0, 180.0])
def test_pixels_and_places_lead_to_one_another(turn):
    view = Viewport(616650.0, 4077999.0, 0.3, 800, 600, turn_deg=turn)
    x, y = view.to_world(*view.to_px(616700.0, 4078010.0))
    assert (x, y) == pytest.approx((616700.0, 4078010.0), abs=1e-6)


def test_north_points_to_the_right_after_a_quarter_turn_clockwise():
    view = Viewport(0.0, 0.0, 1.0, 200, 100).turned(90)
    assert view.to_px(0.0, 10.0) == pytest.approx((110.0, 50.0))


@pytest.mark.parametrize("turn", [0.0, 30.0, 200.0])
def test_the_place_under_the_pointer_stays_when_zooming_and_turning(turn):
    view = Viewport(0.0, 0.0, 1.0, 200, 100, turn_deg=turn)
    before = view.to_world(30.0, 80.0)
    assert view.zoomed_at(30.0, 80.0, 2.5).to_world(30.0, 80.0) == pytest.approx(before)
    assert view.turned(turn + 40.0, 30.0, 80.0).to_world(30.0, 80.0) == pytest.approx(before)


def test_a_turned_map_drags_with_the_hand():
    view = Viewport(0.0, 0.0, 0.5, 200, 100, turn_deg=33.0)
    at = view.to_px(12.0, 7.0)
    assert view.panned(10.0, -4.0).to_px(12.0, 7.0) == pytest.approx((at[0] + 10.0, at[1] - 4.0))


def test_the_box_around_a_turned_view_holds_its_corners():
    view = Viewport(5.0, 3.0, 0.5, 200, 100, turn_deg=30.0)
    west, south, east, north = view.extent
    for x, y in view.outline:
        assert west - 1e-9 <= x <= east + 1e-9
        assert south - 1e-9 <= y <= north + 1e-9


@pytest.mark.parametrize("count", [3, 70])
def test_a_quarter_turn_is_the_picture_turned(count):
    """Few features are drawn one by one, thousands from kept paths in another frame."""
    shapes = [shapely.box(4 * i, 4 * j, 4 * i + 2, 4 * j + 3) for i in range(count) for j in range(count)]
    drawn = layer(shapes)
    middle = 2.0 * count
    upright = Viewport(middle, middle, 4.4 * count / 300, 300, 300)
    turned = np.rot90(pixels(drawn, upright), -1)
    assert np.abs(turned - pixels(drawn, upright.turned(90))).mean() < 1.0


def test_a_pattern_over_thousands_of_areas_lies_on_them_at_any_zoom():
    """Kept paths are drawn in a frame of their own; what is not kept must not be taken for it."""
    shapes = [shapely.box(12 * i, 12 * j, 12 * i + 10, 12 * j + 10) for i in range(70) for j in range(70)]
    hatched = Style((Rule(Text("楼", "House"), (Hatch("diagonal", "#0000FF", spacing_mm=0.6),)),))
    for size in (1.3, 1.7, 2.3):
        view = Viewport(420.0, 420.0, size, 400, 400)
        blue = pixels(layer(shapes, hatched), view)[..., 3]
        x, y = (int(v) for v in view.to_px(420.0 - 300.0, 420.0 + 300.0))
        inside = blue[max(y, 0) : 400 - max(y, 0), max(x, 0) : 400 - max(x, 0)]
        outside = blue.copy()
        left, top = (int(v) for v in view.to_px(-8.0, 848.0))
        outside[max(top, 0) : 400 - max(top, 0), max(left, 0) : 400 - max(left, 0)] = 0
        assert outside.max() == 0
        assert (inside > 0).mean() > 0.05


def test_words_stay_upright_and_names_follow_their_lines():
    style = Style((Rule(Text("楼", "House"), (Stroke("#000000"),)),), labels=(Label("{name}"),))
    named = layer([shapely.box(-20, -10, 20, 10)], style, name=["幼儿园"])
    (label,) = place([named], Viewport(0.0, 0.0, 0.2, 400, 400, turn_deg=30.0)).labels
    assert label.angle_deg == 0.0
    along = Style(style.rules, labels=(Label("{name}", placement="along"),))
    road = layer([shapely.LineString([(-30, 0), (30, 0)])], along, name=["中心路"])
    (label,) = place([road], Viewport(0.0, 0.0, 0.2, 400, 400, turn_deg=30.0)).labels
    assert label.angle_deg == pytest.approx(30.0)


def test_a_label_stands_on_the_part_that_is_seen():
    style = Style((Rule(Text("楼", "House"), (Stroke("#000000"),)),), labels=(Label("{name}"),))
    long = layer([shapely.box(-500, -8, 500, 8)], style, name=["长廊"])
    view = Viewport(300.0, 0.0, 0.2, 300, 200, turn_deg=45.0)
    (label,) = place([long], view).labels
    assert 0 < label.x < 300
    assert 0 < label.y < 200


def test_a_box_on_a_turned_map_takes_what_lies_in_it():
    houses = layer([shapely.box(0, 0, 2, 2), shapely.box(9, 9, 11, 11), shapely.box(9, -1, 11, 1)])
    diagonal = shapely.Polygon([(0, -3), (14, 11), (11, 14), (-3, 0)])
    inside = features_in_area([houses], diagonal, "inside")
    assert [key[1][-1] for key in inside] == ["0", "1"]
    assert (
        len(features_in_area([houses], shapely.Polygon([(8, 0), (10, 0), (10, 10), (8, 10)]), "touching"))
        == 2
    )
