"""Edits run in a worker thread, in order, and the window lives meanwhile."""

import threading

import pytest

from gis.edit.features import remove_features, set_attributes
from layers.changes import ChangeSet
from layers.errors import RefusedError
from layers.text import Text
from ui import edit_queue

EDIT = Text("改", "edit")


class Gate:
    """An edit that stands still until it is let go."""

    def __init__(self, change):
        self.begun, self.go = threading.Event(), threading.Event()
        self._change = change

    def __call__(self, snapshot):
        self.begun.set()
        assert self.go.wait(30)
        return self._change(snapshot)


@pytest.fixture
def impatient(monkeypatch):
    """Let the window wait for nothing."""
    monkeypatch.setattr(edit_queue, "PATIENCE_S", 0.0)


def floors(key, number):
    return lambda snapshot: set_attributes(snapshot, [key], {"floors": number})


def refuse(_snapshot):
    raise RefusedError(Text("不行", "no"))


def test_an_edit_runs_in_another_thread_than_the_window(session, keys):
    threads = []

    def edit(snapshot):
        threads.append(threading.current_thread())
        return floors(keys["2"], 9)(snapshot)

    assert session.run(EDIT, edit)
    assert threads[0] is not threading.main_thread()
    assert session.snapshot.feature(keys["2"]).attributes["floors"] == 9


def test_a_long_edit_lets_the_window_live_and_arrives_later(qtbot, session, keys, impatient):
    gate, done = Gate(floors(keys["2"], 9)), []
    assert session.run(EDIT, gate, lambda: done.append(session.snapshot.feature(keys["2"])))
    assert session.edits.busy
    assert session.snapshot.feature(keys["2"]).attributes["floors"] == 6
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert [f.attributes["floors"] for f in done] == [9]


def test_edits_asked_for_meanwhile_wait_and_keep_their_order(qtbot, session, keys, impatient):
    gate = Gate(floors(keys["2"], 7))
    session.run(EDIT, gate)
    for number in (8, 9):
        session.run(EDIT, floors(keys["2"], number))
    session.undo()
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert session.snapshot.feature(keys["2"]).attributes["floors"] == 8
    assert len(session.project.history.undone) == 1


def test_a_late_refusal_is_told_and_leaves_everything_as_it_was(qtbot, session, keys, messages, impatient):
    before, failed, gate = session.project.snapshot, [], Gate(refuse)
    session.run(EDIT, gate, failed=lambda: failed.append(True))
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert session.project.snapshot is before
    assert failed == [True]
    assert [(level, what.en) for level, what, _ in messages] == [("error", "no")]


def test_an_edit_of_what_an_earlier_one_removes_is_refused_and_told(
    qtbot, session, keys, messages, impatient
):
    gate = Gate(lambda snapshot: remove_features(snapshot, [keys["2"]]))
    session.run(EDIT, gate)
    session.run(EDIT, floors(keys["2"], 9))
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert session.snapshot.feature(keys["2"]) is None
    assert messages[0][0] == "error"


def test_closing_the_project_waits_for_the_edits_under_way(session, project, keys, impatient):
    gate = Gate(floors(keys["2"], 9))
    session.run(EDIT, gate)
    threading.Timer(0.1, gate.go.set).start()
    session.set_project(None)
    assert project.snapshot.feature(keys["2"]).attributes["floors"] == 9


def test_the_window_tells_what_it_is_saving_and_how_many_wait(qtbot, window, keys, impatient):
    session, gate = window.session, Gate(floors(keys["2"], 9))
    session.run(Text("移动 5000 个对象", "Move 5000"), gate)
    session.run(EDIT, floors(keys["3"], 9))
    qtbot.waitUntil(lambda: window.messages._edit is not None)
    words = shown(window.messages._edit)
    assert "正在保存：移动 5000 个对象" in words
    assert "还有 1 步排在后面。" in words
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert window.messages._edit is None


def shown(card):
    from PyQt6.QtWidgets import QLabel

    return [found.text() for found in card.findChildren(QLabel)]


def test_going_several_steps_back_is_one_wait(session, project, keys):
    for number in (7, 8, 9):
        session.run(EDIT, floors(keys["2"], number))
    assert session.go(-2)
    assert project.snapshot.feature(keys["2"]).attributes["floors"] == 7
    assert session.go(2)
    assert project.snapshot.feature(keys["2"]).attributes["floors"] == 9
    assert not session.redo()


def test_a_fault_of_the_program_in_an_edit_reaches_the_hook_and_the_queue_goes_on(session, keys, monkeypatch):
    caught = []
    monkeypatch.setattr("sys.excepthook", lambda *problem: caught.append(problem[0]))

    def broken(_snapshot) -> ChangeSet:
        raise ZeroDivisionError

    assert not session.run(EDIT, broken)
    assert caught == [ZeroDivisionError]
    assert session.run(EDIT, floors(keys["2"], 9))


def test_a_long_step_that_is_stopped_leaves_everything_as_it_was(qtbot, window, keys, impatient):
    session, gate = window.session, Gate(floors(keys["2"], 9))
    before, steps = session.snapshot, session.project.history
    session.run(EDIT, gate)
    qtbot.waitUntil(lambda: window.messages._edit is not None)
    assert gate.begun.wait(10)
    window.messages._edit._cancel.click()
    assert "正在停止，一切保持原样…" in shown(window.messages._edit)
    gate.go.set()
    qtbot.waitUntil(lambda: not session.edits.busy)
    assert (session.snapshot, session.project.history) == (before, steps)
    assert "已取消，未作任何更改。" in shown(window.messages)


def test_steps_back_that_are_stopped_between_two_say_how_many_were_taken(session, project, keys, messages):
    for number in (7, 8, 9):
        session.run(EDIT, floors(keys["2"], number))
    asked, undo = [], project.undo

    def once(progress):
        changes = undo(progress)
        session.edits._open[0].stop()
        asked.append(changes)
        return changes

    project.undo = once
    assert session.go(-3)
    assert len(asked) == 1
    assert project.snapshot.feature(keys["2"]).attributes["floors"] == 8
    assert [what.en for _, what, _ in messages] == ["Stopped: 1 of 3 steps were taken."]
