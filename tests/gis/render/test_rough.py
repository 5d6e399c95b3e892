"""The first picture of a large layer: there at once, where the real one will be."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from gis.render.rough import boxes_covering, is_large, rough_layer
from gis.render.viewport import Viewport
from layers.kinds import standard_kinds
from layers.layer import Layer
from sample_data.large import large_table


def test_boxes_cover_their_pixels_and_no_others():
    view = Viewport(5.0, 5.0, 1.0, 10, 10)
    covered = boxes_covering(np.array([[1.0, 6.0, 4.0, 8.0], [20.0, 20.0, 30.0, 30.0]]), view)
    expected = np.zeros((10, 10))
    expected[2:4, 1:4] = 1
    assert (covered == expected).all()


@pytest.mark.parametrize("turn", [0.0, 40.0])
def test_boxes_lie_where_the_features_are(turn):
    view = Viewport(50.0, 50.0, 0.5, 100, 80, turn_deg=turn)
    covered = boxes_covering(np.array([[55.0, 45.0, 58.0, 48.0]]), view)
    x, y = view.to_px(56.5, 46.5)
    assert covered[int(y), int(x)] == 1
    assert covered.sum() < 120


def test_boxes_that_run_over_the_edge_are_cut_there():
    covered = boxes_covering(np.array([[-100.0, -100.0, 200.0, 200.0]]), Viewport(5.0, 5.0, 1.0, 10, 10))
    assert covered.all()


def test_a_first_picture_takes_a_small_part_of_the_real_one():
    from gis.render.prepare import prepare_layer

    layer = Layer.of(standard_kinds()["building"], large_table(30_000))
    assert is_large(layer)
    view = Viewport.fitted(layer.table.extent(), 800, 600)
    begin = perf_counter()
    (mark,) = rough_layer(layer, view).marks
    rough = perf_counter() - begin
    begin = perf_counter()
    prepare_layer(layer, view)
    assert rough < 0.5 * (perf_counter() - begin)
    assert 0.1 < mark.coverage.mean() <= 1.0
