"""Changing what is selected: by points, by numbers, with a drawn line."""

import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from gis.edit.features import set_attributes
from layers.text import same
from tests.ui.canvas.mapping import CTRL, EAST, NORTH, key_of

ENTER = Qt.Key.Key_Return


@pytest.fixture
def first(project):
    return key_of(project, "building", 0)


@pytest.fixture
def take(canvas, session, first, qtbot):
    def taken(tool, key=first):
        canvas.activateWindow()
        canvas.setFocus()
        qtbot.waitUntil(lambda: canvas.hasFocus())
        canvas.snapping = False
        if key is not None:
            session.select([key])
        canvas.set_tool(tool)
        return canvas.tool

    return taken


def write(canvas, words, key=ENTER):
    QTest.keyClick(canvas, words[0])
    QTest.keyClicks(canvas.exact._edits[0], words[1:])
    QTest.keyClick(canvas.exact._edits[0], key)


def shape(project, key):
    return project.snapshot.feature(key).geometry


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def like(a, b, within=1e-6):
    return shapely.hausdorff_distance(a, b) < within


def undone(project, key, before):
    project.undo()
    return shape(project, key).wkb == before.wkb


def test_move_goes_from_a_base_point_to_another(take, hand, project, first):
    before, steps = shape(project, first), len(project.history.done)
    take("move")
    hand.click(-30, -10)
    hand.move(-28, -6)
    hand.click(-25, -5)
    assert like(shape(project, first), box(-25, -5, -5, 15), 0.01)
    assert len(project.history.done) == steps + 1
    assert undone(project, first, before)


def test_move_takes_typed_amounts_and_the_middle_by_keyboard_alone(take, canvas, hand, project, first):
    take("move")
    hand.key(ENTER)
    write(canvas, "@2,-1")
    assert like(shape(project, first), box(-28, -11, -8, 9))


def test_copy_goes_on_until_it_is_left(take, hand, project, first):
    tool = take("copy")
    hand.click(-30, -10)
    hand.click(-30, 12)
    hand.click(-30, -32)
    hand.right_click(0, 0)
    assert not tool.busy
    shapes = project.snapshot.layers["building"].table.geometry
    assert len(shapes) == 4
    assert like(shapes[2], box(-30, 12, -10, 32), 0.01)


def test_a_typed_angle_turns_clockwise_around_the_point(take, canvas, hand, project, first):
    before = shape(project, first)
    take("rotate")
    hand.click(-30, -10)
    centre = canvas.tool.points[0]
    write(canvas, "90")
    assert like(shape(project, first), shapely.affinity.rotate(before, -90, origin=centre))
    assert undone(project, first, before)


def test_two_directions_turn_from_one_to_the_other(take, hand, project, first):
    take("rotate")
    for place in [(-20, 0), (-20, 10), (-10, 0)]:
        hand.click(*place)
    west, south, east, north = shape(project, first).bounds
    assert (east - west, north - south) == pytest.approx((20, 20), abs=0.01)


def test_a_typed_factor_scales(take, canvas, hand, project, first):
    take("scale")
    hand.key(ENTER)
    write(canvas, "1.5")
    assert like(shape(project, first), box(-35, -15, -5, 15))


def test_a_factor_of_zero_is_told_in_place(take, canvas, hand, project, first):
    before = shape(project, first)
    take("scale")
    hand.key(ENTER)
    write(canvas, "0")
    assert canvas.exact._problem.text()
    assert shape(project, first) is before


def test_ctrl_mirrors_a_copy(take, hand, project, first):
    before = shape(project, first)
    take("mirror")
    hand.click(-30, 11)
    hand.click(-10, 11, CTRL)
    shapes = project.snapshot.layers["building"].table.geometry
    assert shape(project, first) is before
    assert like(shapes[2], box(-30, 12, -10, 32), 0.6)


def test_an_offset_lies_on_the_side_pointed_to_at_the_typed_distance(take, canvas, hand, project):
    road = key_of(project, "road")
    take("offset", road)
    hand.move(0, -12)
    write(canvas, "3")
    assert list(shape(project, road).coords) == [(EAST - 40, NORTH - 20), (EAST + 40, NORTH - 20)]
    added = project.snapshot.layers["road"].table.geometry[1]
    assert {y - NORTH for _, y in added.coords} == {-17}
    hand.move(0, -25)
    write(canvas, "2")
    assert {y - NORTH for _, y in project.snapshot.layers["road"].table.geometry[2].coords} == {-22}


def test_a_line_across_splits_and_undo_makes_it_whole(take, hand, project, first, session):
    before = shape(project, first)
    take("split")
    hand.click(-25, 14)
    hand.click(-25, -14)
    hand.key(ENTER)
    areas = [g.area for g in project.snapshot.layers["building"].table.geometry]
    assert areas == pytest.approx([300, 400, 100], abs=1)
    assert len(session.selection) == 2
    assert undone(project, first, before)


def test_a_line_that_cuts_nothing_is_refused_and_stays(take, hand, project, messages):
    tool = take("split")
    hand.click(-25, 14)
    hand.click(-25, 20)
    hand.key(ENTER)
    assert messages[0][0] == "error"
    assert len(tool.points) == 2


def test_a_hole_is_cut(take, hand, project, first):
    take("cut-hole")
    for place in [(-25, -5), (-15, -5), (-15, 5)]:
        hand.click(*place)
    hand.key(ENTER)
    assert shape(project, first).area == pytest.approx(350, abs=1)


def test_simplify_takes_a_tolerance(take, canvas, hand, project, session):
    from gis.edit.features import set_geometry

    road = key_of(project, "road")
    bent = shapely.LineString([(EAST - 40, NORTH - 20), (EAST, NORTH - 19.8), (EAST + 40, NORTH - 20)])
    session.run(project.snapshot.layers["road"].title, lambda s: set_geometry(s, road, bent))
    take("simplify", road)
    write(canvas, "0.5")
    assert len(shape(project, road).coords) == 2


def test_without_a_selection_a_click_selects_first(take, hand, session, first):
    session.select(())
    tool = take("rotate", None)
    hand.click(-20, 0)
    assert session.selection == {first}
    assert not tool.busy


@pytest.mark.parametrize("name", ["move", "copy", "rotate", "scale", "mirror", "offset", "split", "cut-hole"])
def test_nothing_changes_on_a_revision(take, hand, project, session, name, messages):
    steps = len(project.history.done)
    project.freeze("公示稿")
    session.show_state("R1", project.state("R1"))
    take(name)
    for place in [(-25, 14), (-25, -14), (-20, 5)]:
        hand.click(*place)
    hand.key(ENTER)
    assert messages
    assert len(project.history.done) == steps


def test_a_split_shares_the_households_and_tells_how(take, hand, project, first, session, messages):
    session.run(same("x"), lambda state: set_attributes(state, [first], {"households": 36}))
    take("split")
    hand.click(-25, 14)
    hand.click(-25, -14)
    hand.key(ENTER)
    table = project.snapshot.layers["building"].table
    assert sorted(n for n in table.columns["households"] if n) == [9, 27]
    assert "36 = 27 + 9" in messages[-1][1].zh


def test_the_reference_is_turned_to_a_typed_heading(take, canvas, hand, project, first, fill):
    before, centre = shape(project, first), (EAST, NORTH)
    take("rotate")
    hand.click(0, 0)
    hand.click(20, 0)
    fill(heading="0")
    assert like(shape(project, first), shapely.affinity.rotate(before, 90, origin=centre))


def test_the_reference_takes_a_typed_length(take, canvas, hand, project, first, fill):
    before, centre = shape(project, first), (EAST, NORTH)
    take("scale")
    hand.click(0, 0)
    hand.click(20, 0)
    fill(new_length="30")
    assert like(shape(project, first), shapely.affinity.scale(before, 1.5, 1.5, origin=centre))
