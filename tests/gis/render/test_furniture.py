import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QPainter

from gis.render.furniture import paint_north_arrow, paint_scale_bar, scale_bar_length
from gis.render.scene import blank_image
from tests.gis.render.maps import dark, metre_view, pixels


def _drawn(paint, width=300, height=200):
    image = blank_image(metre_view(width, height))
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    found = paint(painter)
    painter.end()
    return dark(pixels(image)), found


@given(st.floats(1e-3, 1e3), st.floats(20, 500))
def test_a_scale_bar_has_a_round_length_that_fits_and_uses_the_room(metres_per_px, room):
    length = scale_bar_length(metres_per_px, room)
    assert length <= metres_per_px * room * (1 + 1e-9)
    assert length > metres_per_px * room / 2.6
    assert f"{length:.6e}"[0] in "125"


@pytest.mark.parametrize("metres_per_px", [0.1, 0.37, 1.3])
def test_a_scale_bar_is_as_long_on_the_map_as_it_says(metres_per_px):
    ink, _ = _drawn(lambda p: paint_scale_bar(p, 10, 10, metres_per_px, text_mm=0.1))
    columns = np.flatnonzero(ink.max(axis=0) > 0.4)
    length = scale_bar_length(metres_per_px, 160)
    assert columns[-1] - columns[0] == pytest.approx(length / metres_per_px, abs=4)


def test_a_scale_bar_says_what_it_covers():
    ink, covered = _drawn(lambda p: paint_scale_bar(p, 10, 20, 0.5, denominator=500))
    rows, columns = np.nonzero(ink > 0.2)
    assert covered.left() - 1 <= columns.min()
    assert columns.max() <= covered.right() + 1
    assert covered.top() - 2 <= rows.min()
    assert rows.max() <= covered.bottom() + 1


def test_the_needle_points_up_and_turns_with_grid_north():
    up, _ = _drawn(lambda p: paint_north_arrow(p, QPointF(150, 100), 80))
    assert up[70:90, 148:152].mean() > 0.2
    turned, _ = _drawn(lambda p: paint_north_arrow(p, QPointF(150, 100), 80, rotation_deg=90))
    assert turned[98:102, 160:180].mean() > 0.2


def test_north_is_worded_in_the_language():
    zh, _ = _drawn(lambda p: paint_north_arrow(p, QPointF(150, 100), 80, language="zh"))
    en, _ = _drawn(lambda p: paint_north_arrow(p, QPointF(150, 100), 80, language="en"))
    assert (zh[:60] != en[:60]).any()
