"""Turning the view, bookmarks and the overview, with mouse and keys."""

from __future__ import annotations

import math

import pytest
import shapely
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent

from gis.edit.bookmarks import bookmarks_of
from layers.background import GridBackground, add_background
from layers.text import same
from ui.actions.bookmarks import longest_side_deg
from ui.canvas.canvas import MapCanvas
from ui.canvas.overview import OverviewMap
from ui.canvas.painting import compass_box


@pytest.fixture
def canvas(qtbot, session):
    made = MapCanvas(session)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    made.navigator.smooth = False
    yield made
    made.pictures.close()


def test_alt_and_the_wheel_turn_the_map_around_the_pointer(canvas):
    place = QPointF(120.0, 90.0)
    before = canvas.viewport.to_world(120.0, 90.0)
    canvas.wheelEvent(
        QWheelEvent(place, place, QPoint(), QPoint(120, 0), Qt.MouseButton.NoButton,
                    Qt.KeyboardModifier.AltModifier, Qt.ScrollPhase.NoScrollPhase, False)
    )  # fmt: skip
    assert canvas.viewport.turn_deg == 5.0
    assert canvas.viewport.to_world(120.0, 90.0) == pytest.approx(before)


def test_a_click_on_the_north_arrow_turns_north_up(canvas, qtbot):
    canvas.navigator.turn_to(40.0)
    there = compass_box(canvas.height()).center().toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=there)
    assert canvas.viewport.turn_deg == 0.0


def test_the_view_before_a_turn_comes_back(canvas, qtbot):
    canvas.navigator.forget_history()
    canvas.navigator.turn_to(30.0)
    canvas.navigator.back()
    assert canvas.viewport.turn_deg == 0.0
    canvas.navigator.forward()
    assert canvas.viewport.turn_deg == 30.0


def test_a_click_selects_what_is_under_it_on_a_turned_map(canvas, qtbot, session, keys):
    canvas.navigator.turn_to(70.0)
    shape = session.snapshot.feature(keys["3"]).geometry
    x, y = canvas.viewport.to_px(shape.centroid.x, shape.centroid.y)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert session.selection == {keys["3"]}


def test_a_box_selects_what_lies_in_it_on_a_turned_map(canvas, qtbot, session, keys):
    canvas.navigator.turn_to(45.0)
    shape = session.snapshot.feature(keys["10"]).geometry
    corners = [canvas.viewport.to_px(x, y) for x, y in shape.exterior.coords]
    left, top = min(x for x, _ in corners) - 4, min(y for _, y in corners) - 4
    right, bottom = max(x for x, _ in corners) + 4, max(y for _, y in corners) + 4
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(left), int(top)))
    qtbot.mouseMove(canvas, QPoint(int(right), int(bottom)))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(right), int(bottom)))
    assert keys["10"] in session.selection


def test_zooming_to_everything_shows_everything_of_a_turned_map(canvas, session):
    canvas.navigator.turn_to(33.0)
    canvas.zoom_full()
    west, south, east, north = session.snapshot.extent()
    for x, y in ((west, south), (east, north), (west, north), (east, south)):
        px, py = canvas.viewport.to_px(x, y)
        assert -1 <= px <= 601
        assert -1 <= py <= 401
    assert canvas.viewport.turn_deg == 33.0


def test_the_longest_side_of_what_is_selected_comes_to_lie_level():
    assert longest_side_deg([shapely.box(0, 0, 20, 10)]) == 0.0
    assert longest_side_deg([shapely.box(0, 0, 10, 20)]) in (-90.0, 90.0)
    assert longest_side_deg([shapely.Point(0, 0)]) is None


def test_the_overview_shows_where_the_map_is_and_moves_it(canvas, qtbot):
    overview = OverviewMap(canvas)
    overview.show()
    qtbot.waitUntil(lambda: overview.view is not None, timeout=10000)
    x, y = overview.view.to_world(60.0, 70.0)
    qtbot.mousePress(overview, Qt.MouseButton.LeftButton, pos=QPoint(60, 70))
    assert (canvas.viewport.centre_x, canvas.viewport.centre_y) == pytest.approx((x, y))
    centre = overview.frame().boundingRect().center()
    assert (centre.x(), centre.y()) == pytest.approx((60, 70), abs=1)


def test_a_bookmark_brings_place_scale_and_turn_back(qtbot, session, canvas, project):
    from types import SimpleNamespace

    from PyQt6.QtCore import QObject

    from ui.actions.bookmarks import SightActions

    class Window(QObject):
        pass

    window = Window()
    window.session, window.canvas, window.actions_ = session, canvas, SimpleNamespace(qt={})
    acts = SightActions(window)
    canvas.navigator.turn_to(20.0)
    canvas.set_scale(750.0)
    then = canvas.viewport
    acts.keep("北门")
    canvas.navigator.turn_to(0.0)
    canvas.zoom_full()
    acts.go(bookmarks_of(project.snapshot)[0])
    now = canvas.viewport
    assert (now.turn_deg, now.scale_denominator) == pytest.approx((20.0, 750.0))
    assert (now.centre_x, now.centre_y) == pytest.approx((then.centre_x, then.centre_y), abs=0.001)
    session.undo()
    assert bookmarks_of(project.snapshot) == ()


def test_a_bookmark_set_to_another_view_keeps_its_place_in_the_list(window, project):
    for name in ("甲", "乙"):
        window.sight_actions.keep(name)
    was = window.canvas.viewport
    window.canvas.navigator.show_view(was.centred(was.centre_x + 40, was.centre_y))
    window.sight_actions.keep("甲")
    marks = bookmarks_of(project.snapshot)
    assert [mark.name for mark in marks] == ["甲", "乙"]
    assert marks[0].x == pytest.approx(marks[1].x + 40, abs=0.01)


def test_the_grid_is_seen_over_the_plan(canvas, qtbot, session):
    def picture():
        qtbot.waitUntil(lambda: canvas.pictures.frame is not None and not canvas.pictures.busy)
        return canvas.grab().toImage()

    before = picture()
    grid = GridBackground("g", "网格", step_m=20.0)
    session.run(same("网格"), lambda s: add_background(s.settings, grid))
    after = picture()
    view = canvas.viewport
    x, _ = view.to_px(math.ceil(view.centre_x / 20.0) * 20.0, view.centre_y)
    column = [after.pixel(round(float(x)) + d, y) != before.pixel(round(float(x)) + d, y)
              for d in (-1, 0, 1) for y in range(60, 340)]  # fmt: skip
    assert sum(column) >= 250
