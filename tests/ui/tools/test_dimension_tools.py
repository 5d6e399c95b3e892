"""Leaders and dimensions, bands, polar arrays and shared borders, with the mouse and the keyboard."""

import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from gis.edit.construct import circle
from gis.edit.features import add_feature
from layers.text import same
from tests.ui.canvas.mapping import EAST, NORTH, key_of

ENTER = Qt.Key.Key_Return


def notes(project):
    return list(project.snapshot.layers["note"].table)


def test_a_dimension_drawn_on_a_building_follows_it_when_it_is_dragged(take, hand, project, canvas, session):
    take("draw-dimension")
    canvas.snapping = True
    for place in [(-30, -10), (-10, -10), (-20, -14)]:
        hand.click(*place)
    assert notes(project)[0].attributes["text"] == "20.00 m"
    canvas.snapping = False
    canvas.set_tool("select")
    session.select([key_of(project, "building")])
    steps = len(project.history.done)
    hand.drag((-20, 0), (-20, 5))
    moved = project.snapshot.feature(key_of(project, "building")).geometry.bounds
    assert notes(project)[0].geometry.coords[0][1] == pytest.approx(moved[1])
    assert len(project.history.done) == steps + 1
    session.undo()
    assert notes(project)[0].geometry.coords[0] == (EAST - 30, NORTH - 10)


def test_deleting_what_is_measured_is_told_and_offers_the_dimension(take, hand, project, canvas, session):
    offers = []
    session.offered.connect(offers.append)
    take("draw-dimension")
    canvas.snapping = True
    for place in [(-30, -10), (-10, -10), (-20, -14)]:
        hand.click(*place)
    canvas.set_tool("select")
    hand.click(-20, 0)
    assert session.selection == {key_of(project, "building")}
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert offers[0].what.en.startswith("What a dimension")
    offers[0].acts[0][1]()
    assert session.selection == {("note", notes(project)[0].uid)}
    session.undo()
    assert len(project.snapshot.layers["building"].table) == 2


def test_a_radius_is_measured_where_a_circle_is_clicked(take, hand, fill, project):
    take("draw-circle", "green")
    hand.click(0, 20)
    hand.move(5, 20)
    fill(length="6")
    take("draw-radius")
    hand.click(6, 20)
    hand.click(9, 22)
    note = notes(project)[0]
    assert note.attributes["text"] == "R 6.00 m"
    assert note.geometry.coords[0] == pytest.approx((EAST, NORTH + 20), abs=0.01)


def test_a_radius_is_measured_at_the_round_part_of_an_outline(take, hand, project, session):
    half = shapely.union(
        circle((EAST, NORTH + 20), 6.0), shapely.box(EAST, NORTH + 14, EAST + 20, NORTH + 26)
    )
    session.run(same("step"), lambda plan: add_feature(plan, "green", half))
    take("draw-radius")
    hand.click(-6, 20)
    hand.click(-9, 22)
    assert notes(project)[0].attributes["text"] == "R 6.00 m"


def test_a_click_beside_every_circle_is_told_and_draws_nothing(take, hand, project, messages):
    tool = take("draw-radius")
    hand.click(-30, 0)
    hand.click(-25, 5)
    assert messages[0][0] == "error"
    assert not notes(project)
    tool.cancel()


def test_an_area_is_written_where_it_is_clicked_and_follows_its_shape(take, hand, project, canvas, session):
    take("draw-area-label")
    hand.click(-20, 2)
    assert notes(project)[0].attributes["text"].startswith("400.0 m²")
    session.select([key_of(project, "building")])
    canvas.set_tool("edit-vertices")
    hand.drag((-30, 10), (-30, 12))
    assert notes(project)[0].attributes["text"].startswith("420.0 m²")


def test_a_leader_gets_its_words_typed(take, hand, fill, project):
    take("draw-leader")
    hand.click(-10, 10)
    hand.click(-4, 14)
    fill(text="更换外窗")
    note = notes(project)[0]
    assert (note.attributes["text"], note.attributes["type"]) == ("更换外窗", "leader")
    assert note.geometry.coords[0] == pytest.approx((EAST - 10, NORTH + 10), abs=0.2)


def test_a_band_into_the_roads_is_a_centre_line_with_its_width(take, hand, fill, canvas, project):
    take("draw-band", "road")
    hand.click(-30, 20)
    hand.move(0, 20)
    fill(width="7")
    hand.click(30, 20)
    QTest.keyClick(canvas, ENTER)
    road = project.snapshot.layers["road"].table.at(1)
    assert road.attributes["width_m"] == 7
    assert road.geometry.geom_type == "LineString"


def test_a_band_into_an_area_layer_is_an_area_of_that_width(take, hand, canvas, project):
    take("draw-band", "green")
    hand.click(-30, 20)
    hand.click(30, 20)
    QTest.keyClick(canvas, ENTER)
    assert project.snapshot.layers["green"].table.geometry[0].area == pytest.approx(60 * 6, rel=0.01)


def test_a_polar_array_puts_copies_around_the_click_as_one_step(take, hand, fill, project, session, canvas):
    session.select([key_of(project, "tree")])
    steps = len(project.history.done)
    take("array-polar")
    hand.move(0, 5)
    fill(count="4")
    hand.click(0, 5)
    trees = project.snapshot.layers["tree"].table.geometry
    places = sorted((round(t.x - EAST), round(t.y - NORTH)) for t in trees)
    assert places == [(-5, 5), (0, 0), (0, 10), (5, 5)]
    assert len(project.history.done) == steps + 1


def test_shared_borders_move_together_only_when_asked(take, hand, project, session, canvas):
    from gis.edit.features import add_feature
    from layers.text import same

    for west in (-5, 0):
        made = shapely.box(EAST + west, NORTH + 15, EAST + west + 5, NORTH + 20)
        session.run(same("1"), lambda s, g=made: add_feature(s, "parking", g))
    left, right = (key_of(project, "parking", i) for i in (0, 1))
    take("edit-vertices")
    session.select([left])
    session.shared_borders = True
    hand.drag((0, 20), (1, 20))
    assert project.snapshot.feature(right).geometry.area == pytest.approx(22.5, abs=0.2)
    session.undo()
    session.shared_borders = False
    hand.drag((0, 20), (1, 20))
    assert project.snapshot.feature(right).geometry.area == 25


def test_undo_brings_a_change_out_of_sight_into_view_and_lights_it_up(qtbot, project, session, canvas):
    from gis.edit.features import move_features
    from layers.text import same

    key = key_of(project, "tree")
    session.run(same("1"), lambda s: move_features(s, [key], 2, 0))
    canvas.navigator.pan(900, 0)
    west, south, east, north = canvas.viewport.extent
    assert not west < EAST < east
    scale = canvas.viewport.scale_denominator
    session.undo()
    west, south, east, north = canvas.viewport.extent
    assert west < EAST < east
    assert south < NORTH < north
    assert canvas.viewport.scale_denominator == scale
    assert canvas.flash.shining
    qtbot.waitUntil(lambda: not canvas.flash.shining, timeout=5000)


def test_undo_of_what_is_in_sight_does_not_move_the_view(project, session, canvas):
    from gis.edit.features import move_features
    from layers.text import same

    key = key_of(project, "tree")
    session.run(same("1"), lambda s: move_features(s, [key], 2, 0))
    before = canvas.viewport
    session.undo()
    session.redo()
    assert canvas.viewport == before
