"""Drawing by a few points and numbers."""

import numpy as np
import pytest
import shapely
from PyQt6.QtCore import Qt

from tests.ui.canvas.mapping import EAST, NORTH, key_of

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


def drawn(project, layer):
    return project.snapshot.layers[layer].table


def test_a_circle_has_the_typed_radius_and_says_what_it_was(take, hand, fill, project):
    take("draw-circle", "green")
    hand.click(0, 20)
    hand.move(5, 20)
    fill(length="6")
    circle = drawn(project, "green").at(0)
    assert circle.geometry.area == pytest.approx(113.1, abs=0.2)
    assert circle.attributes["note"].startswith("R=6.000 C=")
    project.undo()
    assert len(drawn(project, "green")) == 0


def test_a_radius_can_be_typed_while_the_pointer_rests_on_the_centre(take, hand, fill, project):
    take("draw-circle", "green")
    hand.click(0, 20)
    fill(length="6")
    assert drawn(project, "green").at(0).geometry.area == pytest.approx(113.1, abs=0.2)


def test_an_arc_goes_through_three_clicks(take, hand, project):
    take("draw-arc", "road")
    for place in [(-10, 15), (0, 25), (10, 15)]:
        hand.click(*place)
    arc = drawn(project, "road").geometry[1]
    assert arc.length == pytest.approx(31.4, abs=0.2)


def test_three_clicks_on_a_line_are_refused_and_the_last_is_taken_back(take, hand, project, messages):
    tool = take("draw-arc", "road")
    for place in [(-10, 15), (0, 15), (10, 15)]:
        hand.click(*place)
    assert messages[0][0] == "error"
    assert len(tool.points) == 2
    hand.click(10, 25)
    assert len(drawn(project, "road")) == 2


def test_a_slanting_rectangle_takes_three_points(take, hand, project):
    take("draw-rectangle-3", "green")
    for place in [(-5, 12), (3, 18), (0, 22)]:
        hand.click(*place)
    rectangle = drawn(project, "green").geometry[0]
    assert rectangle.area == pytest.approx(rectangle.minimum_rotated_rectangle.area)
    assert rectangle.length == pytest.approx(2 * 10 + 2 * 5, abs=0.5)


def test_a_typed_depth_is_measured_square_to_the_first_side(take, hand, fill, project):
    take("draw-rectangle-3", "green")
    hand.click(-5, 12)
    hand.click(3, 18)
    hand.move(3.5, 18.2)  # hardly off the line: the way from the last corner says nothing about the depth
    fill(length="6")
    rectangle = drawn(project, "green").geometry[0]
    assert rectangle.area == pytest.approx(10 * 6, abs=0.3)


def test_a_typed_distance_sets_the_dimension_line_so_far_off(take, hand, fill, project):
    take("draw-dimension")
    hand.click(0, 12)
    hand.click(10, 12)
    hand.move(5, 9)
    fill(length="4")
    line = drawn(project, "note").geometry[0]
    assert [round(y - NORTH, 3) for _, y in line.coords] == [12, 8, 8, 12]


def test_a_row_of_bays_is_one_step_and_each_bay_an_object(take, hand, fill, project, session):
    steps = len(project.history.done)
    take("draw-parking-row")
    hand.click(-20, 14)
    hand.move(10, 14)
    fill(count="6", width="2.4", long="5")
    hand.click(10, 14)
    hand.click(-20, 25)
    bays = drawn(project, "parking")
    assert len(bays) == 6
    assert {round(bay.area, 6) for bay in bays.geometry} == {12.0}
    assert shapely.total_bounds(bays.geometry)[3] - NORTH == pytest.approx(19, abs=0.2)
    assert len(session.selection) == 6
    assert len(project.history.done) == steps + 1
    project.undo()
    assert len(drawn(project, "parking")) == 0


def test_the_next_row_keeps_the_sizes_but_not_the_number(take, hand, fill, project):
    take("draw-parking-row")
    hand.click(-20, 14)
    fill(count="2", width="2")
    hand.click(10, 14)
    hand.click(-20, 25)
    hand.click(-20, -14)
    hand.click(-10, -14)
    hand.click(-20, -25)
    assert len(drawn(project, "parking")) in (6, 7)


def test_a_building_has_its_stairwells(take, hand, fill, project):
    take("draw-building")
    hand.click(-20, 14)
    hand.move(0, 14)
    fill(stairwells="4", depth="10", length="36")
    hand.click(0, 25)
    building = drawn(project, "building").at(2)
    assert building.attributes["units"] == 4
    assert building.geometry.area == pytest.approx(36 * 10 + 4 * 2.8 * 1.2)


def test_too_many_stairwells_are_told_and_nothing_is_drawn(take, hand, fill, project, messages):
    take("draw-building")
    hand.click(-20, 14)
    fill(stairwells="9")
    hand.click(-10, 14)
    hand.click(-10, 25)
    assert messages[0][0] == "error"
    assert len(drawn(project, "building")) == 2


def test_a_dimension_stores_what_it_measures_and_can_be_refreshed(take, hand, project):
    take("draw-dimension")
    for place in [(-30, -12), (-10, -12), (-20, -17)]:
        hand.click(*place)
    dimension = drawn(project, "note").at(0)
    assert dimension.attributes["type"] == "dimension"
    assert dimension.attributes["text"] == "20.00 m"


def test_a_note_is_typed_where_it_was_clicked(take, canvas, hand, fill, project):
    take("draw-text")
    hand.click(5, 22)
    assert not canvas.exact.isHidden()
    fill(text="bike shed")
    note = drawn(project, "note").at(0)
    assert note.attributes["text"] == "bike shed"
    assert (note.geometry.x - EAST, note.geometry.y - NORTH) == pytest.approx((5, 22), abs=0.01)
    assert canvas.exact.isHidden()


def test_an_empty_note_is_not_made(take, canvas, hand, fill, project):
    take("draw-text")
    hand.click(5, 22)
    fill(text="")
    assert len(drawn(project, "note")) == 0
    hand.key(Qt.Key.Key_Escape)
    assert not canvas.tool.busy


def test_copies_stand_along_a_drawn_line(take, hand, project, session, fill):
    session.select([key_of(project, "tree")])
    take("array-line")
    hand.click(0, 0)
    fill(count="5")
    hand.click(20, 0)
    hand.key(ENTER)
    assert [round(g.x - EAST) for g in drawn(project, "tree").geometry] == [0, 5, 10, 15, 20]


def test_copies_stand_in_rows_and_columns(take, hand, project, session, fill):
    session.select([key_of(project, "tree")])
    take("array-grid")
    hand.move(5, 5)
    fill(columns="3", rows="2", across="4", up="6")
    places = {(round(g.x - EAST), round(g.y - NORTH)) for g in drawn(project, "tree").geometry}
    assert places == {(x, y) for x in (0, 4, 8) for y in (0, 6)}
    project.undo()
    assert len(drawn(project, "tree")) == 1


def test_a_grid_of_areas_stands_side_by_side_unless_told_otherwise(take, hand, fill, session, project):
    session.select([key_of(project, "building")])
    take("array-grid")
    hand.move(5, 5)
    fill(columns="2", rows="2")
    houses = drawn(project, "building").geometry
    assert shapely.unary_union(list(houses[-4:])).area == pytest.approx(4 * houses[-1].area)
    corners = {tuple(np.round(shape.bounds[:2], 3)) for shape in houses[-3:]}
    west, south, east, north = project.snapshot.feature(key_of(project, "building")).geometry.bounds
    assert corners == {(east, south), (west, north), (east, north)}


def test_what_is_half_drawn_stays_while_another_state_is_looked_at(take, hand, session, project, messages):
    tool = take("draw-circle", "green")
    hand.click(0, 20)
    session.show_state("R1", project.snapshot)
    assert len(tool.points) == 1
    hand.click(6, 20)
    assert messages[-1][0] == "warning"
    assert len(drawn(project, "green")) == 0
    session.show_working()
    hand.click(6, 20)
    assert len(drawn(project, "green")) == 1
