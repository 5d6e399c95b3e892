"""Two maps that show the same ground: side by side, and under a swipe."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from gis.edit.features import move_features, remove_features
from gis.progress import Progress
from layers.text import Text
from tests.ui.canvas.mapping import EAST, NORTH, key_of
from ui.canvas.canvas import MapCanvas
from ui.canvas.map_pair import MapPair
from ui.comparing import compared


@pytest.fixture
def removed(project):
    """A building that R1 has and R2 has not; another one is moved."""
    gone, moved = key_of(project, "building", 0), key_of(project, "building", 1)
    project.freeze("第一版")
    project.apply(remove_features(project.snapshot, [gone]), Text("删", "remove"))
    project.apply(move_features(project.snapshot, [moved], 3, 0), Text("移", "move"))
    project.freeze("第二版")
    return gone


@pytest.fixture
def pair(qtbot, session, project, removed):
    made = MapPair(session, MapCanvas(session))
    made.canvas.navigator.smooth = False
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    qtbot.waitExposed(made)
    made.canvas.set_scale(1000)
    snapshot, comparison, beside = compared(project, "R1", "R2", Progress())
    session.show_state("R2", snapshot, comparison, beside)
    return made


def ground(canvas):
    view = canvas.viewport
    return view.centre_x, view.centre_y, view.metres_per_px


def test_without_a_mode_there_is_one_map_that_tells_everything(pair):
    assert pair.other is None
    assert pair.canvas.width() == 800
    assert pair.canvas.pictures.side == "both"


def test_side_by_side_halves_the_room_and_shows_the_state_before_at_the_left(pair):
    pair.set_mode("split")
    assert pair.other.isVisible()
    assert pair.other.width() + pair.canvas.width() == pytest.approx(800, abs=2)
    assert pair.other.x() < pair.canvas.x()
    assert pair.other.session.view == "R1"
    assert (pair.other.pictures.side, pair.canvas.pictures.side) == ("before", "after")
    assert [card.title for card in pair.cards] == ["R1 第一版", "R2 第二版"]


def test_choosing_a_mode_does_not_move_the_ground(pair):
    before = ground(pair.canvas)
    for mode in ("split", "swipe", "one"):
        pair.set_mode(mode)
        assert ground(pair.canvas) == pytest.approx(before)


@pytest.mark.parametrize("mode", ["split", "swipe"])
def test_both_maps_move_and_zoom_together_whichever_is_used(pair, mode):
    pair.set_mode(mode)
    pair.canvas.pan_by(40, -25)
    assert ground(pair.other) == pytest.approx(ground(pair.canvas))
    pair.other.navigator.zoom_at(30, 40, 1.7)
    assert ground(pair.canvas) == pytest.approx(ground(pair.other))
    pair.canvas.zoom_to((EAST - 20, NORTH - 20, EAST + 20, NORTH + 20))
    assert ground(pair.other) == pytest.approx(ground(pair.canvas))


def test_the_swipe_handle_follows_the_mouse_and_cuts_the_upper_map_there(pair):
    pair.set_mode("swipe")
    handle, middle = pair.divider, QPoint(18, 200)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(handle, middle + QPoint(120, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)
    assert pair.share == pytest.approx(520 / 800, abs=0.01)
    assert pair.other.mask().boundingRect().width() == pytest.approx(520, abs=4)
    assert pair.other.geometry() == pair.canvas.geometry()


def test_the_swipe_handle_follows_the_keyboard(pair):
    pair.set_mode("swipe")
    assert pair.divider.hasFocus()
    QTest.keyClick(pair.divider, Qt.Key.Key_Right)
    assert pair.share == pytest.approx(0.52)
    QTest.keyClick(pair.divider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert pair.share == pytest.approx(0.42)
    QTest.keyClick(pair.divider, Qt.Key.Key_Home)
    assert pair.share == 0
    assert not pair.other.isVisible()
    QTest.keyClick(pair.divider, Qt.Key.Key_End)
    assert pair.other.mask().contains(QPoint(799, 200))


def test_the_keyboard_goes_to_the_map_when_the_swipe_handle_goes(pair):
    pair.set_mode("swipe")
    assert pair.divider.hasFocus()
    pair.set_mode("split")
    assert pair.canvas.hasFocus()


def test_each_map_finds_what_its_own_state_has(pair, removed):
    pair.set_mode("split")
    middle = (EAST - 20, NORTH)
    assert removed in pair.other.objects_at(middle)
    assert removed not in pair.canvas.objects_at(middle)


def test_a_selection_is_shown_in_both_maps_as_far_as_they_have_it(pair, session, project, removed):
    pair.set_mode("split")
    kept = key_of(project, "building", 0)
    session.select([kept])
    assert pair.other.session.selection == {kept}
    pair.other.session.select([removed])
    assert session.selection == frozenset()
    assert pair.other.session.selection == {removed}
    pair.other.session.select([kept])
    assert session.selection == {kept}


def test_what_one_state_alone_has_stays_selected_when_both_are_shown_anew(pair, session, project, removed):
    pair.set_mode("split")
    snapshot, comparison, beside = compared(project, "R2", "R1", Progress())
    session.show_state("R1", snapshot, comparison, beside)
    session.select([removed])
    session.show_state("R1", snapshot, comparison, beside)  # as after every edit
    assert session.selection == {removed}


def test_the_second_map_takes_up_only_tools_that_change_nothing(pair):
    pair.set_mode("split")
    pair.canvas.set_tool("measure-length")
    assert pair.other.tool_id == "measure-length"
    pair.canvas.set_tool("draw-polygon")
    assert pair.other.tool_id == "select"


def test_hidden_layers_are_hidden_in_both_maps(pair, session, project):
    from layers.changes import ChangeSet, SettingChange

    hide = ChangeSet({}, {"layer.tree.visible": SettingChange(None, False)})
    project.apply(hide, Text("隐藏", "hide"))
    snapshot, comparison, beside = compared(project, "R1", "working", Progress())
    session.show_state("working", snapshot, comparison, beside)
    pair.set_mode("split")
    assert not pair.canvas.session.snapshot.layers["tree"].visible
    assert not pair.other.session.snapshot.layers["tree"].visible


def test_ending_the_comparison_leaves_one_map(pair, session):
    pair.set_mode("split")
    session.show_working()
    assert not pair.other.isVisible()
    assert pair.canvas.width() == 800
    pair.set_mode("one")
    assert pair.other.session.snapshot is None


def test_the_second_map_keeps_its_picture_between_two_pairs(pair, session, project, qtbot):
    pair.set_mode("swipe")
    qtbot.waitUntil(lambda: pair.other.pictures.frame is not None)
    session.show_state("R1", project.state("R1"))
    assert not pair.other.isVisible()
    session.show_state("R2", *compared(project, "R1", "R2", Progress()))
    assert pair.other.isVisible()
    assert pair.other.pictures.frame is not None


def test_the_place_of_the_pointer_is_marked_in_the_other_map(pair):
    pair.set_mode("split")
    QTest.mouseMove(pair.other, QPoint(100, 100))
    pair.other.cursor_moved.emit(EAST, NORTH)
    assert pair.canvas.echo == (EAST, NORTH)
    pair.other.cursor_left.emit()
    assert pair.canvas.echo is None


def test_the_ground_stays_where_it_is_when_a_bar_above_the_map_comes(qtbot, session, project):
    from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

    whole, bar = QWidget(), QLabel("bar")
    bar.setFixedHeight(40)
    bar.hide()
    maps = MapPair(session, MapCanvas(session))
    line = QVBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(0)
    line.addWidget(bar)
    line.addWidget(maps, 1)
    qtbot.addWidget(whole)
    whole.resize(600, 500)
    whole.show()
    qtbot.waitExposed(whole)

    def screen():
        x, y = maps.canvas.viewport.to_px(EAST, NORTH)
        at = maps.canvas.mapTo(whole, QPoint(0, 0))
        return x + at.x(), y + at.y()

    before = screen()
    bar.show()
    qtbot.waitUntil(lambda: maps.height() == 460)
    assert screen() == pytest.approx(before)


def test_a_card_is_as_wide_as_its_words_in_the_other_language_too(pair, session):
    pair.set_mode("split")
    session.speak("en")
    try:
        for card in pair.cards:
            title = card._title
            assert title.text() == card.title
            assert title.width() >= title.fontMetrics().horizontalAdvance(card.title)
    finally:
        session.speak("zh")


def test_where_room_is_scarce_only_the_later_card_tells_quantities(pair, session):
    from gis.revisions.comparison import Comparison, Quantity

    pair.set_mode("split")
    numbers = (Quantity("bays", Text("车位", "bays"), Text("个", ""), 3.0, 5.0),)
    compared = Comparison("R1", "R2", (), (), (), numbers)
    session.show_state("R2", session.snapshot, compared, beside=session.beside)
    for width, told in ((760, [False, True]), (1400, [True, True])):
        pair.resize(width, 500)
        assert [card._inner.isVisibleTo(card) for card in pair.cards] == told


def test_back_in_the_working_plan_the_hint_is_that_of_the_map_one_works_in(pair, session):
    told = []
    pair.set_mode("split")
    pair.canvas.hint_changed.connect(told.append)
    session.show_working()
    for tool in ("measure-length", "select"):
        pair.canvas.set_tool(tool)
    assert told[-1] == pair.canvas.tool.first_hint
    assert "移动" in told[-1].zh


def test_what_floats_over_the_maps_hears_when_they_stand_anew(qtbot, pair):
    with qtbot.waitSignal(pair.placed):
        pair.set_mode("split")
    with qtbot.waitSignal(pair.placed):
        pair.resize(700, 400)
