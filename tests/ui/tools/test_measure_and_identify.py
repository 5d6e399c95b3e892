"""Measuring and asking what is there."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from gis.edit.features import set_attributes
from layers.text import same
from tests.ui.canvas.mapping import key_of


def words(tool):
    return [line.words for line in tool.result(tool.measured)]


def test_a_measured_length_stays_until_escape(canvas, hand):
    canvas.set_tool("measure-length")
    canvas.snapping = False
    hand.click(0, 15)
    hand.click(10, 15)
    hand.double_click(10, 20)
    assert words(canvas.tool) == ["15.00 m", "2 段"]
    hand.key(Qt.Key.Key_Escape)
    assert canvas.tool.measured == ()


def test_measuring_snaps_to_corners_and_changes_nothing(canvas, hand, project):
    steps = len(project.history.done)
    canvas.set_tool("measure-area")
    for place in [(-29, 9), (-11, 9), (-11, -9), (-29, -9)]:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert words(canvas.tool) == ["400.0 m²（0.60 亩）", "周长 80.00 m"]
    assert len(project.history.done) == steps


def test_an_area_of_two_points_is_not_finished(canvas, hand):
    canvas.set_tool("measure-area")
    hand.click(0, 15)
    hand.click(10, 15)
    hand.key(Qt.Key.Key_Return)
    assert len(canvas.tool.points) == 2


def test_identify_selects_what_is_clicked_and_lists_what_overlaps(canvas, hand, session, project, qtbot):
    canvas.set_tool("identify")
    hand.click(-20, 0)
    assert session.selection == {key_of(project, "building")}
    project.apply(_copy_of_the_tree(project), same("1"))
    with qtbot.waitSignal(canvas.context_menu_requested) as asked:
        hand.click(0, 0)
    menu, keys, _ = asked.args
    assert len(keys) == 2
    menu.actions()[1].trigger()
    assert session.selection == {keys[1]}
    menu.close()


def _copy_of_the_tree(project):
    from gis.edit.features import add_feature

    return add_feature(project.snapshot, "tree", project.snapshot.layers["tree"].table.geometry[0])


def test_the_menu_of_a_place_copies_its_coordinate(canvas, hand, qtbot):
    with qtbot.waitSignal(canvas.context_menu_requested) as asked:
        hand.right_click(-20, 0)
    menu, keys, world = asked.args
    assert [key[0] for key in keys] == ["building"]
    menu.actions()[-1].trigger()
    assert QApplication.clipboard().text() == f"{world[0]:.3f}, {world[1]:.3f}"
    menu.close()


@pytest.mark.parametrize("name", ["<b>3</b>&amp;", "A&B", "x" * 500, "多行\n名字"])
def test_names_are_shown_as_they_are_and_never_read_as_markup(canvas, hand, session, project, name, qtbot):
    key = key_of(project, "building")
    project.apply(set_attributes(project.snapshot, [key], {"name": name}), same("1"))
    with qtbot.waitSignal(canvas.context_menu_requested) as asked:
        hand.right_click(-20, 0)
    menu = asked.args[0]
    shown = menu.actions()[0].text()
    assert shown.replace("&&", "&").startswith(name[:10].replace("\n", " "))
    assert len(shown) < 120
    menu.close()
    hand.move(-20, 1)
    qtbot.waitUntil(lambda: canvas.hover.tip, timeout=3000)
    assert not canvas.grab().isNull()


def test_the_pointer_at_rest_tells_the_name(canvas, hand, project, qtbot):
    hand.move(-20, 0)
    qtbot.waitUntil(lambda: canvas.hover.key == key_of(project, "building"))
    qtbot.waitUntil(lambda: canvas.hover.tip, timeout=3000)
    hand.move(0, 25)
    assert not canvas.hover.tip
