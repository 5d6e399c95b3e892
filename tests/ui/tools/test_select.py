"""Selecting, moving, removing."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from tests.ui.canvas.mapping import CTRL, EAST, LEFT, NORTH, SHIFT, key_of
from ui.canvas import box_selection


@pytest.fixture
def first(project):
    return key_of(project, "building", 0)


@pytest.fixture
def second(project):
    return key_of(project, "building", 1)


def places(project):
    return [g.bounds for layer in project.snapshot.layers.values() for g in layer.table.geometry]


def test_a_click_selects_and_a_click_beside_clears(hand, session, first):
    hand.click(-20, 0)
    assert session.selection == {first}
    hand.click(0, 20)
    assert session.selection == frozenset()


def test_shift_adds_and_ctrl_toggles(hand, session, first, second):
    hand.click(-20, 0)
    hand.click(20, 0, SHIFT)
    assert session.selection == {first, second}
    hand.click(-20, 0, CTRL)
    assert session.selection == {second}
    hand.click(0, 20, SHIFT)
    assert session.selection == {second}


def test_escape_clears_the_selection(hand, session):
    hand.click(-20, 0)
    hand.key(Qt.Key.Key_Escape)
    assert session.selection == frozenset()


def test_a_box_to_the_right_takes_what_is_inside(hand, session, first):
    hand.drag((-35, 15), (12, -15))
    assert first in session.selection
    assert len(session.selection) == 2  # the tree in the middle too


def test_a_box_to_the_left_takes_what_it_touches(hand, session, first, second, project):
    hand.drag((12, 15), (-12, -15))
    assert session.selection == {first, second, key_of(project, "tree")}


def test_escape_drops_a_box_and_keeps_the_selection(hand, session, first):
    hand.click(-20, 0)
    hand.press(-35, 15)
    hand.move(35, -15, buttons=LEFT)
    hand.key(Qt.Key.Key_Escape)
    hand.release(35, -15)
    assert session.selection == {first}


def test_dragging_what_is_selected_is_one_step_that_can_be_undone(hand, session, project, first):
    before = places(project)
    steps = len(project.history.done)
    hand.click(-20, 0)
    hand.drag((-20, 3), (-14, 8), steps=12)
    assert len(project.history.done) == steps + 1
    assert project.history.done[-1].label.zh == "移动 1 个对象"
    west, south, *_ = project.snapshot.feature(first).geometry.bounds
    assert (west - EAST, south - NORTH) == pytest.approx((-24, -5), abs=0.01)
    project.undo()
    assert places(project) == before


def test_all_that_is_selected_moves_together(hand, project, first, second):
    hand.click(-20, 0)
    hand.click(20, 0, SHIFT)
    hand.drag((-20, 3), (-20, 8))
    souths = [project.snapshot.feature(key).geometry.bounds[1] - NORTH for key in (first, second)]
    assert souths == pytest.approx([-5, -5], abs=0.01)


def test_a_move_snaps_corner_to_corner(hand, project, first):
    hand.click(-20, 0)
    hand.drag((-10.2, 10.1), (10.3, 9.8))
    east = project.snapshot.feature(first).geometry.bounds[2]
    assert east == EAST + 10.0


def test_shift_keeps_a_move_on_the_axis(hand, project, first):
    hand.click(-20, 0)
    hand.move(-20, 3)
    hand.press(-20, 3)
    hand.move(-19, 3, buttons=LEFT)
    hand.move(-13, 4, buttons=LEFT, modifiers=SHIFT)
    hand.release(-13, 4, modifiers=SHIFT)
    west, south, *_ = project.snapshot.feature(first).geometry.bounds
    assert south == pytest.approx(NORTH - 10, abs=1e-9)
    assert west > EAST - 30


def test_escape_takes_a_move_back_before_it_is_done(hand, project):
    before = places(project)
    hand.click(-20, 0)
    hand.press(-20, 3)
    hand.move(-10, 8, buttons=LEFT)
    hand.key(Qt.Key.Key_Escape)
    hand.release(-10, 8)
    assert places(project) == before


def test_delete_removes_what_is_selected_as_one_step(hand, project, session):
    hand.click(-20, 0)
    hand.click(20, 0, SHIFT)
    hand.key(Qt.Key.Key_Delete)
    assert len(project.snapshot.layers["building"].table) == 0
    assert session.selection == frozenset()
    project.undo()
    assert len(project.snapshot.layers["building"].table) == 2


def test_ctrl_and_an_arrow_nudge_what_is_selected(canvas, hand, project, first):
    view = canvas.viewport
    hand.click(-20, 0)
    hand.key(Qt.Key.Key_Right, CTRL)
    hand.key(Qt.Key.Key_Up, CTRL | SHIFT)
    west, south, *_ = project.snapshot.feature(first).geometry.bounds
    assert (west - EAST, south - NORTH) == pytest.approx((-29.9, -9.0), abs=1e-6)
    assert canvas.viewport == view


def test_nothing_can_be_moved_or_removed_on_a_revision(hand, session, project, messages):
    project.freeze("公示稿")
    session.show_state("R1", project.state("R1"))
    before = places(project)
    hand.click(-20, 0)
    assert len(session.selection) == 1
    hand.drag((-20, 3), (-10, 8))
    hand.key(Qt.Key.Key_Delete)
    hand.key(Qt.Key.Key_Right, CTRL)
    assert places(project) == before
    assert [level for level, *_ in messages] == ["warning"] * 3
    assert "R1" in messages[0][1].zh


def test_a_click_with_a_trembling_hand_is_still_a_click(hand, session, first):
    hand.press(-20, 0)
    hand.move(-19.5, 0.25, buttons=LEFT)
    hand.release(-19.5, 0.25)
    assert session.selection == {first}


def test_alt_suspends_snapping_in_a_move(hand, project, first):
    from tests.ui.canvas.mapping import ALT

    hand.click(-20, 0)
    hand.drag((-10.25, 5.0), (9.0, 9.0), modifiers=ALT)
    assert project.snapshot.feature(first).geometry.bounds[2] != EAST + 10.0


def test_the_pointer_tells_where_it_is(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.cursor_moved) as told:
        hand.move(5, 5)
    assert told.args == pytest.approx([EAST + 5, NORTH + 5], abs=0.3)


def test_space_alone_selects_nothing(canvas, session):
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert session.selection == frozenset()


def test_a_box_over_very_much_is_looked_through_beside_the_window_and_selects_the_same(
    hand, session, first, second, monkeypatch, qtbot
):
    monkeypatch.setattr(box_selection, "MANY", 0)
    hand.drag((-35, 15), (12, -15))
    qtbot.waitUntil(lambda: len(session.selection) == 2)
    assert first in session.selection
    hand.drag((-35, 15), (-10, -15))
    hand.drag((-36, 16), (40, -16))  # only the newest counts
    qtbot.waitUntil(lambda: second in session.selection)


def test_everything_of_a_large_layer_is_gathered_beside_the_window(
    canvas, session, project, monkeypatch, qtbot
):
    layer = project.snapshot.layers["building"]
    every = {("building", uid) for uid in layer.table.uids}
    canvas.choosing.select_layer(layer)
    assert session.selection == every  # few are selected at once
    session.select(())
    monkeypatch.setattr(box_selection, "MANY", 0)
    canvas.choosing.select_layer(layer)
    assert session.selection == frozenset()
    qtbot.waitUntil(lambda: session.selection == every)
