"""Playing through the revisions."""

import pytest
from PyQt6.QtCore import Qt

from gis.edit.features import move_features, remove_features
from layers.text import Text
from ui import playing


@pytest.fixture
def revisions(window, keys):
    session = window.session
    session.project.freeze("第一版")
    session.run(Text("移", "move"), lambda s: move_features(s, [keys["3"]], 12, 0))
    session.project.freeze("第二版")
    session.run(Text("删", "remove"), lambda s: remove_features(s, [keys["10"]]))


@pytest.fixture
def player(window, revisions, monkeypatch):
    monkeypatch.setattr(playing, "STEP_MS", 30)
    return window.player


def test_playing_shows_every_state_in_turn_and_marks_what_changed_in_it(window, player, qtbot):
    seen = []
    window.session.viewed.connect(
        lambda: seen.append((window.session.view, getattr(window.session.comparison, "before", None)))
    )
    player.toggle()
    qtbot.waitUntil(lambda: not player.playing and player.at == 2)
    assert seen == [("R1", None), ("R2", "R1"), ("working", "R2")]
    assert "−" in window.play_bar._changes()


def test_the_map_does_not_move_by_itself_while_it_plays(window, player, qtbot):
    qtbot.waitUntil(lambda: not window.canvas.rendering)
    view = window.canvas.viewport

    def ground():
        now = window.canvas.viewport
        left, top = now.to_px(view.centre_x, view.centre_y)
        at = window.canvas.mapTo(window, window.canvas.rect().topLeft())
        return left + at.x(), top + at.y(), now.metres_per_px

    before, places = ground(), []
    window.session.viewed.connect(lambda: places.append(ground()))
    player.toggle()
    qtbot.waitUntil(lambda: not player.playing and player.at == 2)
    places.append(ground())
    assert len(places) == 4
    for place in places:
        assert place == pytest.approx(before)


@pytest.fixture
def stopped_at_the_first(window, player, monkeypatch, qtbot):
    """The player, paused at R1: a step is long enough that a busy machine sees it before the next one."""
    with monkeypatch.context() as patch:
        patch.setattr(playing, "STEP_MS", 60_000)
        player.toggle()
        qtbot.waitUntil(lambda: window.session.view == "R1")
        player.pause()
    return player


@pytest.mark.parametrize("where", ["canvas", "postings"])
def test_escape_stops_playing_wherever_the_keyboard_is_and_the_bar_stays_away(window, player, qtbot, where):
    window.show_page("postings")
    {"canvas": window.canvas, "postings": window.postings.list}[where].setFocus()
    player.toggle()
    qtbot.waitUntil(lambda: window.play_bar.isVisible())
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    assert not player.active
    qtbot.wait(300)
    assert not window.play_bar.isVisible()
    assert not player.playing
    assert window.tasks.running == []


def test_pausing_stays_and_playing_on_goes_to_the_next(window, stopped_at_the_first, qtbot):
    player = stopped_at_the_first
    qtbot.wait(80)
    assert window.session.view == "R1"
    player.toggle()
    qtbot.waitUntil(lambda: window.session.view == "working")


def test_keys_step_back_and_forth(window, player, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_BracketLeft)
    qtbot.waitUntil(lambda: window.session.view == "R2")
    assert window.session.comparison.before == "R1"
    assert not player.playing
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: window.session.view == "working" and player.at == 2)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight)
    assert window.session.view == "working"


def test_looking_at_something_else_ends_the_playing(window, stopped_at_the_first):
    player = stopped_at_the_first
    window.session.show_working()
    assert not player.active
    assert window.play_bar.isHidden()


def test_the_speed_goes_round(player):
    rates = []
    for _ in playing.SPEEDS:
        rates.append(player.speed)
        player.faster()
    assert sorted(rates) == list(playing.SPEEDS)
    assert player.speed == 1.0


def test_a_project_without_revisions_says_that_there_is_nothing_to_play(window, qtbot, project):
    window.player.toggle()
    assert not window.player.active
    assert window.messages.cards
