"""Changing a shape vertex by vertex."""

import pytest
from PyQt6.QtCore import Qt

from tests.ui.canvas.mapping import CTRL, EAST, LEFT, NORTH, SHIFT, key_of


@pytest.fixture
def building(canvas, session, project):
    key = key_of(project, "building")
    session.select([key])
    canvas.set_tool("edit-vertices")
    canvas.snapping = False
    return key


def bounds(project, key):
    west, south, east, north = project.snapshot.feature(key).geometry.bounds
    return west - EAST, south - NORTH, east - EAST, north - NORTH


def count(project, key):
    return len(project.snapshot.feature(key).geometry.exterior.coords) - 1


def test_dragging_a_vertex_is_one_step(hand, project, building):
    steps = len(project.history.done)
    hand.drag((-30, 10), (-35, 14), steps=8)
    assert bounds(project, building) == pytest.approx((-35, -10, -10, 14), abs=0.01)
    assert len(project.history.done) == steps + 1


def test_a_shape_that_would_cross_itself_springs_back_with_a_word_why(hand, project, building, messages):
    before = project.snapshot.feature(building)
    hand.drag((-30, 10), (0, 0))
    assert project.snapshot.feature(building) == before
    assert messages[0][0] == "error"


def test_a_double_click_on_an_edge_inserts_a_vertex_and_delete_removes_it(hand, project, building):
    hand.double_click(-20, 10)
    assert count(project, building) == 5
    assert project.snapshot.feature(building).geometry.area == pytest.approx(400)
    hand.key(Qt.Key.Key_Delete)
    assert count(project, building) == 4


def test_delete_refuses_the_vertices_a_shape_needs(hand, project, building, messages):
    hand.click(-30, 10)
    hand.key(Qt.Key.Key_Delete)
    assert count(project, building) == 3
    hand.click(-30, -10)
    hand.key(Qt.Key.Key_Delete)
    assert count(project, building) == 3
    assert messages[-1][0] == "error"


def test_tab_and_ctrl_arrow_move_a_vertex_without_the_mouse(canvas, hand, project, building):
    canvas.setFocus()
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Right, CTRL)
    moved = project.snapshot.feature(building).geometry
    assert moved.area != pytest.approx(400, abs=1e-6)


def test_a_click_on_another_object_reshapes_that_one(hand, session, project, building):
    hand.click(20, 0)
    assert session.selection == {key_of(project, "building", 1)}


def test_undo_during_a_drag_drops_the_drag(hand, project, building):
    before = bounds(project, building)
    hand.drag((-30, 10), (-32, 12))
    hand.press(-32, 12)
    hand.move(-38, 14, buttons=LEFT)
    project.undo()
    hand.release(-38, 14)
    assert bounds(project, building) == before


def test_nothing_can_be_reshaped_on_a_revision(hand, project, session, building, messages):
    project.freeze("公示稿")
    session.show_state("R1", project.state("R1"))
    session.select([building])
    before = project.snapshot.feature(building)
    hand.drag((-30, 10), (-35, 14))
    assert project.snapshot.feature(building) == before
    assert messages[0][0] == "warning"


def corners(project, key):
    return {
        (round(x - EAST), round(y - NORTH)) for x, y in project.snapshot.feature(key).geometry.exterior.coords
    }


def test_a_box_beside_the_shape_chooses_vertices_that_move_together(canvas, hand, session, project):
    first = key_of(project, "building", 0)
    steps = len(project.history.done)
    session.select([first])
    canvas.set_tool("edit-vertices")
    canvas.snapping = False
    hand.drag((-33, 14), (-7, 7))
    assert len(canvas.tool._group) == 2
    hand.drag((-30, 10), (-30, 13))
    assert corners(project, first) == {(-30, -10), (-10, -10), (-30, 13), (-10, 13)}
    assert len(project.history.done) == steps + 1
    project.undo()
    assert corners(project, first) == {(-30, -10), (-10, -10), (-30, 10), (-10, 10)}


def test_shift_adds_vertices_and_takes_them_out(canvas, hand, session, project):
    session.select([key_of(project, "building", 0)])
    canvas.set_tool("edit-vertices")
    canvas.snapping = False
    hand.click(-30, 10)
    hand.click(-10, 10, SHIFT)
    assert len(canvas.tool._group) == 2
    hand.click(-10, 10, SHIFT)
    assert len(canvas.tool._group) == 1


def test_a_click_beside_the_shape_still_leaves_it(canvas, hand, session, project):
    session.select([key_of(project, "building", 0)])
    canvas.set_tool("edit-vertices")
    hand.click(20, 0)
    assert session.selection == {key_of(project, "building", 1)}


def test_a_double_click_on_the_outer_side_of_an_edge_inserts_too(hand, project, building):
    hand.double_click(-20, 11.5)  # six pixels off, outside the shape
    assert count(project, building) == 5
    assert project.snapshot.feature(building).geometry.area == pytest.approx(400)


def test_insert_adds_a_vertex_in_the_middle_of_the_edge_after_the_chosen_one(canvas, hand, project, building):
    canvas.setFocus()
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Insert)
    geometry = project.snapshot.feature(building).geometry
    assert count(project, building) == 5
    assert geometry.area == pytest.approx(400)
    assert geometry.equals(geometry.normalize())


def test_delete_without_a_chosen_vertex_keeps_the_object_and_says_what_to_do(
    hand, project, building, messages
):
    hand.key(Qt.Key.Key_Delete)
    assert project.snapshot.feature(building) is not None
    assert messages[-1][0] == "warning"
    hand.click(-30, 10)
    hand.key(Qt.Key.Key_Delete)
    hand.key(Qt.Key.Key_Delete)
    assert count(project, building) == 3


def test_the_hint_says_that_shared_borders_move_together(canvas, session, building):
    hints = []
    canvas.hint_changed.connect(hints.append)
    session.shared_borders = True
    canvas.tool.refresh()
    assert "公共边界一起移动" in hints[-1].zh


def test_ctrl_z_in_a_drag_drops_the_drag_and_no_step(hand, canvas, project, building):
    hand.drag((-30, 10), (-35, 14))
    moved = project.snapshot.feature(building)
    hand.press(-35, 14)
    for step in range(1, 5):
        hand.move(-35 - step, 14 + step, buttons=LEFT)
    assert canvas.tool.take_back()
    hand.release(-40, 20)
    assert project.snapshot.feature(building) == moved
    assert not canvas.tool.take_back()  # the next one is the plan's


def test_esc_while_a_box_is_drawn_keeps_the_shape(hand, canvas, session, building):
    hand.press(-40, 20)
    hand.move(-20, 5, buttons=LEFT)
    hand.move(-10, 0, buttons=LEFT)
    assert canvas.tool.cancel()
    hand.release(-10, 0)
    assert session.selection == {building}
