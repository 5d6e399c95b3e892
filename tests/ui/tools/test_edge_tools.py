"""Trim, extend, fillet and reshape by mouse and keyboard."""

import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from gis.edit.features import add_feature
from layers.text import same
from tests.ui.canvas.mapping import EAST, NORTH, key_of


def line(*places):
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in places])


@pytest.fixture
def take(canvas, session):
    def taken(tool):
        canvas.snapping = False
        session.select(())
        canvas.set_tool(tool)
        return canvas.tool

    return taken


@pytest.fixture
def pipe(project):
    project.apply(add_feature(project.snapshot, "pipe", line((-40, 20), (0, 20))), same("1"))
    project.apply(add_feature(project.snapshot, "barrier", line((-20, 15), (-20, 25))), same("1"))
    project.apply(add_feature(project.snapshot, "barrier", line((20, 15), (20, 25))), same("1"))
    return key_of(project, "pipe")


def test_a_click_trims_the_piece_and_undo_brings_it_back(take, hand, project, pipe):
    before = project.snapshot.feature(pipe)
    take("trim")
    hand.click(-5, 20)
    assert project.snapshot.feature(pipe).geometry.equals(line((-40, 20), (-20, 20)))
    project.undo()
    assert project.snapshot.feature(pipe) == before


def test_a_click_extends_the_nearer_end(take, hand, project, pipe):
    take("extend")
    hand.click(-3, 20)
    assert project.snapshot.feature(pipe).geometry.coords[-1] == (EAST + 20, NORTH + 20)


def test_where_there_is_no_line_the_user_is_told(take, hand, messages):
    take("trim")
    hand.click(0, 28)
    assert messages[0][0] == "warning"


def test_a_corner_is_rounded_with_the_typed_radius(take, canvas, hand, project):
    first = key_of(project, "building", 0)
    take("fillet")
    hand.move(-30, 10)
    QTest.keyClick(canvas, Qt.Key.Key_4)
    QTest.keyClick(canvas.exact._edits[0], Qt.Key.Key_Return)
    hand.click(-30, 10)
    assert project.snapshot.feature(first).geometry.area == pytest.approx(400 - 16 + 4 * 3.1416, abs=0.1)


def test_a_radius_too_large_is_refused(take, canvas, hand, project, messages):
    take("fillet")
    canvas.tool.enter({"radius": 50.0})
    hand.click(-30, 10)
    assert messages[0][0] == "error"
    assert "20.00" in messages[0][1].zh


def test_an_outline_is_redrawn(take, hand, project, session):
    first = key_of(project, "building", 0)
    take("reshape")
    session.select([first])
    for place in [(-15, 14), (-15, 5), (-5, 5)]:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert project.snapshot.feature(first).geometry.area == pytest.approx(375, abs=1)


def test_a_neighbour_follows_a_reshaped_border_and_only_what_was_meant_stays_selected(
    take, hand, session, project
):
    neighbour = shapely.affinity.translate(shapely.box(-10, -10, 0, 10), EAST, NORTH)
    project.apply(add_feature(project.snapshot, "building", neighbour), same("1"))
    first, last = key_of(project, "building"), key_of(project, "building", 2)
    take("reshape")
    session.select([first])
    session.shared_borders = True
    steps = len(project.history.done)
    for place in ((-12, 6), (-6, 0), (-12, -6)):
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert project.snapshot.feature(first).geometry.area == pytest.approx(416, abs=0.1)
    assert project.snapshot.feature(last).geometry.area == pytest.approx(184, abs=0.1)
    assert session.selection == {first}
    assert len(project.history.done) == steps + 1
