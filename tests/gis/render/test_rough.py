"""The first picture of a large layer: there at once, where the real one will be."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from PyQt6.QtGui import QImage, QPainter

from gis.render.application import ensure_application
from gis.render.marks import PreparedLayer
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.rough import boxes_within, is_large, rough_layer
from gis.render.scene import blank_image
from gis.render.viewport import Viewport
from layers.boxes import Boxes
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table
from sample_data.large import large_table

BUILDING = standard_kinds()["building"]


def _pixels(prepared: PreparedLayer) -> np.ndarray:
    """Return a picture as an array of blue, green, red and alpha, shape (height, width, 4)."""
    ensure_application()
    image: QImage = blank_image(prepared.viewport)
    painter = QPainter(image)
    paint_layer(painter, prepared)
    painter.end()
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4).astype(float)


def _layer(*boxes: tuple[float, float, float, float], **columns: str) -> Layer:
    values = {name: np.array([value] * len(boxes), dtype=object) for name, value in columns.items()}
    return Layer.of(BUILDING, Table.of_boxes(np.array(boxes, dtype=float), values))


def test_boxes_stand_where_they_are_seen_and_others_are_left_out():
    view = Viewport(5.0, 5.0, 1.0, 10, 10)
    boxes, seen = boxes_within(
        Boxes(np.array([[1.0, 6.0, 4.0, 8.0], [20.0, 20.0, 30.0, 30.0], [np.nan] * 4])), view
    )
    assert seen.tolist() == [0]
    assert boxes.tolist() == [[-4.0, -3.0, 3.0, 2.0]]


def test_nothing_is_smaller_than_half_a_pixel():
    boxes, _ = boxes_within(Boxes(np.array([[5.0, 5.0, 5.001, 5.002]])), Viewport(5.0, 5.0, 1.0, 10, 10))
    assert boxes[0, 2:].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("turn", [0.0, 40.0])
def test_boxes_lie_where_the_features_are(turn):
    view = Viewport(50.0, 50.0, 0.5, 100, 80, turn_deg=turn)
    alpha = _pixels(rough_layer(_layer((55.0, 45.0, 59.0, 49.0), use="housing", state="existing"), view))[
        :, :, 3
    ]
    x, y = view.to_px(57.0, 47.0)
    assert alpha[int(y), int(x)] == 255
    assert 60 < np.count_nonzero(alpha) < 130


def test_boxes_have_the_colours_of_their_rules_and_plan_states():
    view = Viewport(50.0, 50.0, 0.5, 100, 80)

    def middle(use: str, state: str) -> tuple[float, ...]:
        picture = _pixels(rough_layer(_layer((40.0, 40.0, 60.0, 60.0), use=use, state=state), view))
        return tuple(picture[40, 50].tolist())

    house, shop, new = middle("housing", "existing"), middle("shop", "existing"), middle("housing", "new")
    assert len({house, shop, new}) == 3
    assert new[2] > new[1] > new[0], "tinted red"


def test_what_lies_elsewhere_is_not_drawn():
    elsewhere = Viewport(5000.0, 5000.0, 0.5, 100, 80)
    assert _pixels(rough_layer(_layer((40.0, 40.0, 60.0, 60.0)), elsewhere)).max() == 0


def test_a_first_picture_takes_a_small_part_of_the_real_one():
    layer = Layer.of(BUILDING, large_table(30_000))
    assert is_large(layer)
    view = Viewport.fitted(layer.table.extent(), 800, 600)
    begin = perf_counter()
    rough_layer(layer, view)
    rough = perf_counter() - begin
    begin = perf_counter()
    prepare_layer(layer, view)
    assert rough < 0.5 * (perf_counter() - begin)


def test_a_first_picture_looks_like_the_real_one_from_far():
    layer = Layer.of(BUILDING, large_table(21_000))
    view = Viewport.fitted(layer.table.extent(), 800, 600)
    real, rough = (
        _pixels(made(layer, view)).reshape(75, 8, 100, 8, 4).mean(axis=(1, 3))
        for made in (prepare_layer, rough_layer)
    )
    assert np.abs(real - rough)[real[:, :, 3] > 0].mean() < 24
