"""Moving the map, and what moves with it."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from tests.ui.canvas.mapping import EAST, LEFT, METRES_PER_PX, MIDDLE, NORTH
from ui.tools.catalogue import TOOLS


@pytest.mark.parametrize("notches", [1, -1, 3, 0.25])
def test_the_wheel_zooms_and_the_place_under_the_pointer_stays(canvas, hand, notches):
    pointer = QPoint(70, 220)
    before = canvas.viewport.to_world(70, 220)
    scale = canvas.viewport.scale_denominator
    hand.wheel(pointer, notches)
    assert canvas.viewport.to_world(70, 220) == pytest.approx(before, abs=1e-6)
    assert (canvas.viewport.scale_denominator < scale) == (notches > 0)


def test_a_smooth_zoom_ends_where_a_sudden_one_would(canvas, hand, qtbot):
    hand.wheel(QPoint(70, 220), 2)
    expected = canvas.viewport
    canvas.view_back()
    canvas.navigator.smooth = True
    hand.wheel(QPoint(70, 220), 1)
    hand.wheel(QPoint(70, 220), 1)
    qtbot.waitUntil(lambda: not canvas.navigator.zooming)
    assert canvas.viewport.metres_per_px == pytest.approx(expected.metres_per_px)
    assert canvas.viewport.centre_x == pytest.approx(expected.centre_x, abs=1e-6)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_middle_button_pans_in_every_tool(canvas, hand, tool):
    canvas.set_tool(tool)
    hand.drag_px(QPoint(100, 100), QPoint(40, 24), MIDDLE)
    view = canvas.viewport
    assert (view.centre_x, view.centre_y) == pytest.approx(
        (EAST - 40 * METRES_PER_PX, NORTH + 24 * METRES_PER_PX)
    )


def test_space_and_drag_pans_while_drawing_and_keeps_the_half_drawn_line(canvas, hand):
    canvas.active_layer = "road"
    canvas.set_tool("draw-line")
    hand.click(-5, 5)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    hand.drag_px(QPoint(100, 100), QPoint(40, 0), LEFT)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.centre_x == pytest.approx(EAST - 10.0)
    assert len(canvas.tool.points) == 1
    hand.click(5, 5)
    assert len(canvas.tool.points) == 2


def test_arrow_keys_pan_towards_where_they_point(canvas, hand):
    hand.key(Qt.Key.Key_Right)
    assert canvas.viewport.centre_x > EAST
    hand.key(Qt.Key.Key_Up)
    assert canvas.viewport.centre_y > NORTH


def test_switching_tools_never_moves_the_view(canvas):
    before = canvas.viewport
    for tool in TOOLS:
        canvas.set_tool(tool)
    assert canvas.viewport == before


def test_back_and_forward_walk_through_the_views(canvas, qtbot):
    first = canvas.viewport
    with qtbot.waitSignal(canvas.navigator.settled):
        canvas.set_scale(500)
    canvas.set_scale(2000)
    second = canvas.viewport
    canvas.view_back()
    assert canvas.viewport.scale_denominator == pytest.approx(500)
    canvas.view_back()
    assert canvas.viewport == first
    canvas.view_forward()
    canvas.view_forward()
    assert canvas.viewport == second
    canvas.view_forward()
    assert canvas.viewport == second


def test_a_scale_typed_in_is_the_scale_told(canvas, qtbot):
    with qtbot.waitSignal(canvas.scale_changed) as told:
        canvas.set_scale(1234)
    assert told.args == [pytest.approx(1234)]


def test_no_scale_is_beyond_the_limits(canvas):
    canvas.set_scale(0.001)
    assert canvas.viewport.scale_denominator == pytest.approx(5)
    canvas.set_scale(1e12)
    assert canvas.viewport.scale_denominator == pytest.approx(5e6)


def test_the_full_extent_is_inside_the_window(canvas, project):
    canvas.set_scale(20)
    canvas.zoom_full()
    west, south, east, north = project.snapshot.extent()
    view = canvas.viewport.extent
    assert view[0] < west
    assert view[1] < south
    assert view[2] > east
    assert view[3] > north


def test_zooming_to_the_selection_shows_it_in_the_middle(canvas, session, project):
    uid = project.snapshot.layers["building"].table.uids[1]
    session.select([("building", uid)])
    canvas.zoom_to_selection()
    assert canvas.viewport.centre_x == pytest.approx(EAST + 20)


def test_a_single_point_is_not_shown_larger_than_a_room(canvas, session, project):
    session.zoom_requested.emit((EAST, NORTH, EAST, NORTH))
    assert canvas.viewport.width_px * canvas.viewport.metres_per_px > 10


def test_an_edit_does_not_move_the_view(canvas, hand, session, project):
    before = canvas.viewport
    hand.click(-20, 0)
    hand.key(Qt.Key.Key_Delete)
    assert len(project.snapshot.layers["building"].table) == 1
    assert canvas.viewport == before
