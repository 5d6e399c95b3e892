"""Typing exact values while drawing, moving and reshaping."""

import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from gis.edit.features import add_feature
from layers.text import same
from tests.ui.canvas.mapping import EAST, LEFT, NORTH, SHIFT, key_of


@pytest.fixture
def write(canvas):
    """Type on the map as a person does: the first character opens the field."""

    def typed(words, *keys):
        for character in words:
            focused = next(
                (e for e in canvas.exact._edits if not canvas.exact.isHidden() and e.hasFocus()), None
            )
            target = focused or (canvas.exact._edits[0] if not canvas.exact.isHidden() else canvas)
            QTest.keyClicks(target, character)
        for key in keys:
            focused = next((e for e in canvas.exact._edits if e.hasFocus()), canvas.exact._edits[0])
            QTest.keyClick(focused, key)

    return typed


@pytest.fixture
def shown(canvas, qtbot):
    canvas.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(lambda: canvas.hasFocus())
    return canvas


@pytest.fixture
def drawing(shown):
    shown.active_layer = "road"
    shown.set_tool("draw-line")
    shown.snapping = False
    return shown.tool


def local(points):
    return [(round(x - EAST, 6), round(y - NORTH, 6)) for x, y in points]


ENTER, TAB, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape


def test_a_typed_distance_goes_towards_the_pointer(drawing, hand, write):
    hand.click(0, 15)
    hand.move(10, 15)
    write("7.25", ENTER)
    (x0, y0), (x, y) = local(drawing.points)
    assert x - x0 == pytest.approx(7.25)
    assert y == y0


def test_distance_tab_angle_and_the_short_form_mean_the_same(drawing, hand, write):
    hand.click(0, 15)
    write("5", TAB)
    write("30", ENTER)
    write("5<30", ENTER)
    (a, b, c) = drawing.points
    assert (c[0] - b[0], c[1] - b[1]) == pytest.approx((b[0] - a[0], b[1] - a[1]))
    assert b[0] - a[0] == pytest.approx(2.5)


def test_relative_and_absolute_coordinates(drawing, write, project):
    write(f"{EAST + 1},{NORTH + 15}", ENTER)
    write("@3,-4", ENTER)
    assert local(drawing.points) == [(1, 15), (4, 11)]


def test_a_typed_angle_holds_until_a_distance_or_a_click_follows(drawing, hand, write, shown):
    hand.click(0, 15)
    write("<90", ENTER)
    assert len(drawing.points) == 1
    hand.move(8, 19)
    assert drawing.pointer[1] == pytest.approx(drawing.points[0][1])
    hand.click(8, 19)
    (x0, y0), (x, y) = local(drawing.points)
    assert (x - x0, y - y0) == pytest.approx((8, 0), abs=0.2)
    assert y == y0
    assert shown.exact.isHidden()


def test_a_typed_length_holds_while_the_pointer_turns(drawing, hand, write):
    hand.click(0, 15)
    write("6", TAB)
    hand.move(0, 28)
    hand.click(0, 28)
    (x0, y0), (x, y) = local(drawing.points)
    assert (x - x0, y - y0) == pytest.approx((0, 6), abs=0.1)
    assert ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 == pytest.approx(6)


def test_nonsense_is_told_in_place_and_stays_to_be_mended(drawing, hand, write, shown, messages):
    hand.click(0, 15)
    write("5..5", ENTER)
    assert "5..5" in shown.exact._problem.text()
    assert shown.exact._edits[0].text() == "5..5"
    assert len(drawing.points) == 1
    assert messages == []
    write("", Qt.Key.Key_Backspace)
    assert not shown.exact._problem.isVisible()
    hand.move(5, 15)
    write("5", ENTER)
    assert len(drawing.points) == 2


def test_a_relative_coordinate_without_its_sign_is_noticed_in_place(drawing, hand, write, shown):
    hand.click(0, 15)
    write("3,4", ENTER)
    assert "@" in shown.exact._problem.text()
    assert len(drawing.points) == 1


def test_escape_leaves_the_field_and_keeps_the_sketch(drawing, hand, write, shown):
    hand.click(0, 15)
    write("5", ESCAPE)
    assert shown.exact.isHidden()
    assert len(drawing.points) == 1
    assert shown.hasFocus()


def test_a_rectangle_takes_width_and_height(shown, hand, write, project):
    shown.active_layer = "building"
    shown.set_tool("draw-rectangle")
    shown.snapping = False
    hand.click(-5, 14)
    hand.move(0, 20)
    write("12", TAB)
    write("6", ENTER)
    drawn = project.snapshot.layers["building"].table.geometry[-1]
    west, south, east, north = drawn.bounds
    assert (east - west, north - south) == pytest.approx((12, 6))


def test_a_selection_moves_by_a_typed_amount(shown, hand, session, project, write):
    first = key_of(project, "building", 0)
    before = project.snapshot.feature(first).geometry
    session.select([first])
    write("@1.5,-2", ENTER)
    assert project.snapshot.feature(first).geometry.equals_exact(
        shapely.affinity.translate(before, 1.5, -2), 1e-9
    )
    project.undo()
    assert project.snapshot.feature(first).geometry.wkb == before.wkb


def test_a_drag_ends_at_the_typed_distance(shown, hand, session, project, write):
    first = key_of(project, "building", 0)
    session.select([first])
    steps = len(project.history.done)
    hand.press(-20, 0)
    hand.move(-15, 0, buttons=LEFT)
    hand.move(-12, 0, buttons=LEFT)
    write("3", TAB)
    write("90", ENTER)
    hand.release(-12, 0)
    assert project.snapshot.feature(first).geometry.bounds[0] - EAST == pytest.approx(-27)
    assert len(project.history.done) == steps + 1


def test_a_vertex_moves_by_a_typed_amount(shown, hand, session, project, write):
    first = key_of(project, "building", 0)
    session.select([first])
    shown.set_tool("edit-vertices")
    hand.click(-30, 10)
    write("@-2,3", ENTER)
    assert (EAST - 32, NORTH + 13) in [
        tuple(c) for c in project.snapshot.feature(first).geometry.exterior.coords
    ]


def test_letters_and_chords_open_nothing(drawing, hand, shown):
    hand.click(0, 15)
    hand.key(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert shown.exact.isHidden()


def test_a_tool_without_clicks_takes_no_digits(shown, hand):
    shown.set_tool("pan")
    hand.key(Qt.Key.Key_3)
    assert shown.exact.isHidden()


def test_shift_does_not_turn_what_is_typed(drawing, hand, write):
    hand.click(0, 15)
    write("<10", ENTER)
    hand.click(3, 25, SHIFT)
    (x0, y0), (x, y) = drawing.points
    assert (x - x0) / (y - y0) == pytest.approx(0.17632698)


def test_the_field_leaves_open_what_is_being_drawn(shown, hand):
    shown.active_layer = "parking"
    shown.set_tool("draw-parking-row")
    for end in ((20, 0), (-20, 0), (0, 20), (0, -20)):
        hand.click(0, 0)
        hand.move(*end)
        QTest.keyClick(shown, Qt.Key.Key_5)
        field = shown.exact.geometry()
        assert shown.rect().contains(field)
        assert not field.contains(hand.at(0, 0))
        assert not field.contains(hand.at(*end))
        shown.exact.leave()
        shown.tool.cancel()


def test_an_angle_typed_first_goes_into_its_own_entry_and_the_distance_follows(drawing, hand, write):
    hand.click(0, 15)
    hand.move(10, 22)
    write("<90", ENTER)
    write("8", ENTER)
    (x0, y0), (x, y) = local(drawing.points)
    assert (x - x0, y - y0) == pytest.approx((8, 0))


@pytest.mark.parametrize("tool", ["select", "identify", "edit-vertices", "move"])
def test_a_typed_coordinate_clicks_there_with_a_tool_that_takes_only_clicks(
    shown, session, project, write, tool
):
    shown.set_tool(tool)
    write(f"{EAST - 20},{NORTH}", ENTER)
    assert session.selection == {key_of(project, "building")}
    assert shown.exact.isHidden()


def test_a_typed_click_far_from_the_plan_is_refused_in_the_field(shown, session, write):
    write(f"{NORTH},{EAST}", ENTER)
    assert "X=" in shown.exact._problem.text()
    assert not session.selection


def test_trimming_needs_no_mouse(shown, project, write):
    crossing = shapely.LineString([(EAST, NORTH - 28), (EAST, NORTH - 14)])
    project.apply(add_feature(project.snapshot, "road", crossing), same("1"))
    shown.set_tool("trim")
    write(f"{EAST - 20},{NORTH - 20}", ENTER)
    assert project.snapshot.feature(key_of(project, "road")).geometry.length == pytest.approx(40)


def test_a_polar_array_takes_a_typed_centre(shown, session, project, fill):
    session.select([key_of(project, "tree")])
    shown.set_tool("array-polar")
    fill(count="4", at=f"{EAST + 10},{NORTH}")
    places = {(round(t.x - EAST), round(t.y - NORTH)) for t in project.snapshot.layers["tree"].table.geometry}
    assert places == {(0, 0), (10, 10), (20, 0), (10, -10)}


def test_a_corner_is_rounded_at_a_typed_place(shown, session, project, fill):
    shown.set_tool("fillet")
    fill(radius="4", at=f"{EAST - 30},{NORTH + 10}")
    area = project.snapshot.feature(key_of(project, "building")).geometry.area
    assert area == pytest.approx(400 - 16 + 4 * 3.1416, abs=0.1)


def test_a_negative_offset_goes_to_the_other_side(shown, session, project, fill):
    session.select([key_of(project, "building")])
    shown.set_tool("offset")
    fill(distance="-2")
    assert project.snapshot.layers["building"].table.geometry[-1].area == pytest.approx(16 * 16)


def test_a_count_that_is_no_number_is_told_without_speaking_of_coordinates(shown, session, project, fill):
    session.select([key_of(project, "tree")])
    shown.set_tool("array-polar")
    fill(count="many")
    assert shown.exact._problem.text() == "“many”不是数字。"


@pytest.mark.parametrize("tool", ["draw-text", "draw-leader"])
def test_words_are_asked_for_after_typed_places_too(shown, project, write, fill, tool):
    shown.set_tool(tool)
    write(f"{EAST},{NORTH + 20}", ENTER)
    if tool == "draw-leader":
        write("@5,5", ENTER)
        QTest.keyClick(shown, Qt.Key.Key_Return)
    assert not shown.exact.isHidden()
    fill(**{shown.exact._entries[0].name: "新种三棵树"})
    assert list(project.snapshot.layers["note"].table.columns["text"]) == ["新种三棵树"]


@pytest.fixture
def note(project):
    place = shapely.Point(EAST, NORTH + 25)
    project.apply(add_feature(project.snapshot, "note", place, {"text": "旧", "type": "note"}), same("1"))
    return key_of(project, "note")


def words_of(project, note):
    return project.snapshot.feature(note).attributes["text"]


def test_a_double_click_on_a_note_changes_its_words_in_place(shown, hand, project, note, write):
    hand.double_click(0, 25)
    assert shown.exact._edits[0].text() == "旧"
    write("north lawn", ENTER)
    assert words_of(project, note) == "north lawn"
    assert shown.exact.isHidden()
    project.undo()
    assert words_of(project, note) == "旧"


def test_enter_changes_the_words_of_a_selected_note_and_none_are_refused(shown, hand, session, project, note):
    session.select([note])
    hand.key(ENTER)
    shown.exact._edits[0].clear()
    QTest.keyClick(shown.exact._edits[0], ENTER)
    assert "Delete" in shown.exact._problem.text()
    assert words_of(project, note) == "旧"
    QTest.keyClick(shown.exact._edits[0], ESCAPE)
    hand.key(Qt.Key.Key_5)
    assert [entry.name for entry in shown.exact._entries] == ["length", "angle"]


def test_the_words_of_a_dimension_are_what_it_measures(shown, hand, session, project):
    line = shapely.LineString([(EAST - 5, NORTH + 20), (EAST + 5, NORTH + 20)])
    project.apply(add_feature(project.snapshot, "note", line, {"text": "10", "type": "dimension"}), same("1"))
    session.select([key_of(project, "note")])
    hand.key(ENTER)
    assert shown.exact.isHidden()
