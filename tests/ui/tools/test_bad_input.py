"""What cannot be is said where one works, and nothing that was drawn is lost."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from gis.edit.features import add_feature
from layers.errors import RefusedError
from layers.text import Text, same
from tests.ui.canvas.mapping import LEFT, key_of
from ui import edit_queue
from ui.tools import drawing

ENTER = Qt.Key.Key_Return


def test_an_outline_that_crosses_itself_stays_to_be_mended(take, hand, canvas, project, messages):
    tool = take("draw-polygon", "green")
    for place in [(-5, 12), (5, 22), (5, 12), (-5, 22)]:
        hand.click(*place)
    QTest.keyClick(canvas, ENTER)
    assert messages[0][0] == "error"
    assert "自相交" in messages[0][1].zh
    assert len(tool.points) == 4
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(canvas, ENTER)
    assert len(project.snapshot.layers["green"].table) == 1


def test_a_line_of_one_place_is_refused_and_goes_on(take, hand, canvas, project, messages):
    tool = take("draw-line", "road")
    hand.click(-5, 15)
    hand.click(-5, 15)
    QTest.keyClick(canvas, ENTER)
    assert "两个点" in messages[0][1].zh
    assert len(tool.points) == 1
    assert len(project.snapshot.layers["road"].table) == 1


@pytest.mark.parametrize("text", ["abc", "1e999", "12..5", "5,4,3", "=1+1", "@", "12<", "0"])
def test_typed_nonsense_stays_in_its_field_with_a_word_why(take, hand, canvas, project, text):
    tool = take("draw-line", "road")
    hand.click(-5, 15)
    canvas.exact.open(canvas.tool.entries)
    edit = canvas.exact._edits[0]
    edit.insert(text)
    QTest.keyClick(edit, ENTER)
    assert canvas.exact.isVisible()
    assert edit.text() == text
    assert len(tool.points) == 1


def test_a_coordinate_in_another_country_is_refused_and_the_line_goes_on(take, hand, canvas, project):
    tool = take("draw-line", "road")
    hand.click(-5, 15)
    canvas.exact.open(canvas.tool.entries)
    edit = canvas.exact._edits[0]
    edit.insert("616650,40")
    QTest.keyClick(edit, ENTER)
    assert canvas.exact.isVisible()
    assert len(tool.points) == 1


def test_an_edit_outside_the_area_of_the_system_changes_nothing(session, project, messages):
    from shapely import Point

    before = project.snapshot
    assert not session.run(same("1"), lambda s: add_feature(s, "tree", Point(616650, 40)))
    assert "适用范围" in messages[0][1].zh
    assert project.snapshot is before


def test_what_was_drawn_comes_back_if_it_is_refused_only_later(
    qtbot, take, hand, canvas, project, session, messages, monkeypatch
):
    def refuse(*_):
        raise RefusedError(Text("磁盘已满", "the disk is full"))

    monkeypatch.setattr(edit_queue, "PATIENCE_S", 0.0)
    monkeypatch.setattr(drawing, "add_feature", refuse)
    tool = take("draw-line", "road")
    hand.click(-5, 15)
    hand.click(5, 15)
    QTest.keyClick(canvas, ENTER)
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert messages[-1][1].zh == "磁盘已满"
    assert len(tool.points) == 2
    monkeypatch.undo()
    QTest.keyClick(canvas, ENTER)
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert len(project.snapshot.layers["road"].table) == 2


def test_the_hand_moves_the_map_and_changes_nothing(take, hand, canvas, project, session):
    before, view = project.snapshot, canvas.viewport
    session.select([key_of(project, "building")])
    take("pan")
    hand.drag_px(QPoint(200, 150), QPoint(40, -20), button=LEFT)
    assert canvas.viewport.centre_x == pytest.approx(view.centre_x - 10, abs=0.3)
    assert canvas.viewport.centre_y == pytest.approx(view.centre_y - 5, abs=0.3)
    assert project.snapshot is before
