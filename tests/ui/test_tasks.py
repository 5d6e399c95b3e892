"""Long work and messages."""

import sys
import threading

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QLabel, QWidget

from layers.errors import BadInputError
from layers.text import Text, same
from ui.panels import message_bar
from ui.panels.message_bar import MessageBar, TaskCard
from ui.tasks import Tasks


@pytest.fixture
def tasks(session):
    made = Tasks(session)
    yield made
    made.stop_all()


@pytest.fixture
def bar(qtbot, session, tasks):
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(800, 500)
    over.show()
    return MessageBar(session, tasks, over)


def test_work_runs_elsewhere_and_its_result_comes_back_to_the_window(tasks, qtbot):
    seen = []
    tasks.run(same("x"), lambda p: threading.get_ident(), lambda r: seen.append((r, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][1] == threading.get_ident() != seen[0][0]


def test_a_known_error_is_told_and_the_result_never_comes(tasks, qtbot, messages):
    def work(progress):
        raise BadInputError(Text("读不懂", "cannot be read"), Text("换一个", "take another"))

    tasks.run(same("x"), work, lambda r: pytest.fail("no result was expected"))
    qtbot.waitUntil(lambda: bool(messages))
    assert messages == [("error", Text("读不懂", "cannot be read"), Text("换一个", "take another"))]


def test_cancelled_work_stops_at_its_next_check(tasks, qtbot, messages):
    begun = threading.Event()

    def work(progress):
        begun.set()
        while True:
            progress.check()

    task = tasks.run(same("x"), work, lambda r: pytest.fail("no result was expected"))
    assert begun.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: not tasks.running)
    assert messages[0][0] == "info"


def test_what_ends_while_the_window_closes_begins_no_further_work(tasks, qtbot):
    handed = []
    task = tasks.run(same("x"), lambda p: 1, handed.append)
    tasks.stop_all()  # waits for the worker; its word comes only now
    assert tasks.running == [task]
    qtbot.waitUntil(lambda: not tasks.running)
    assert handed == []


def test_a_bug_in_a_worker_reaches_the_exception_hook(tasks, qtbot, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", lambda *args: caught.append(args))
    tasks.run(same("x"), lambda p: 1 / 0, lambda r: None)
    qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError


def test_slow_work_shows_its_progress_and_quick_work_shows_nothing(tasks, bar, qtbot):
    go_on = threading.Event()

    def work(progress):
        progress.step(0.4, Text("正在读", "reading"))
        assert go_on.wait(10)

    tasks.run(same("慢"), work, lambda r: None)
    qtbot.waitUntil(lambda: bool(bar.findChildren(TaskCard)), timeout=3000)
    go_on.set()
    qtbot.waitUntil(lambda: not tasks.running)
    tasks.run(same("快"), lambda p: None, lambda r: None)
    qtbot.waitUntil(lambda: not tasks.running)
    qtbot.wait(450)
    assert [card for card in bar.findChildren(TaskCard) if card.isVisible()] == []


def test_the_same_message_is_not_piled_up(bar, session):
    for _ in range(3):
        session.tell(Text("出错", "wrong"), "error")
    assert len(bar.cards) == 1


def test_old_messages_make_room_for_new_ones(bar, session):
    for number in range(6):
        session.tell(same(f"message {number}"), "error")
    assert [card.offer.what.en for card in bar.cards] == ["message 3", "message 4", "message 5"]


def test_a_message_is_as_high_as_its_words(bar, session, qtbot):
    session.tell(same("短"), "error", same("很长的建议 " * 60))
    qtbot.wait(20)
    card = bar.cards[0]
    assert card.height() >= card.layout().totalHeightForWidth(card.width())
    assert bar.height() >= card.height()


def test_a_short_message_covers_one_line_of_the_map_and_no_more_than_its_words(bar, session, qtbot):
    session.tell(Text("洞要完全画在所选的面以内。", "-"), "error", Text("请用“分割”。", "-"))
    qtbot.wait(20)
    card = bar.cards[0]
    assert card.height() <= 42
    assert card.width() < 430
    assert bar.geometry().center().x() == pytest.approx(bar.parentWidget().width() / 2, abs=1)


def test_beside_a_narrow_message_the_map_takes_the_clicks(bar, session, qtbot):
    session.tell(same("短"), "error")
    session.tell(same("很长的一句话" * 12), "error")
    qtbot.wait(20)
    narrow, wide = bar.cards
    assert narrow.width() < wide.width() <= bar.parentWidget().width()
    beside = narrow.geometry().topLeft()
    assert not bar.mask().contains(QPoint(beside.x() - 5, beside.y() + 5))
    assert bar.mask().contains(narrow.geometry().center())


def test_a_button_of_a_message_does_its_act_and_closes_it(bar, session, qtbot):
    from PyQt6.QtWidgets import QPushButton

    done = []
    session.offer(same("fertig"), [(same("go"), lambda: done.append(1))], "success")
    bar.cards[0].findChild(QPushButton).click()
    assert done == [1]
    qtbot.waitUntil(lambda: not bar.cards)


def test_a_question_stays_until_it_is_answered(bar, session, qtbot, monkeypatch):
    monkeypatch.setattr(message_bar, "_STAY_MS", dict.fromkeys(("info", "success", "warning", "error"), 1))
    session.offer(same("news"), [(same("go"), lambda: None)])
    session.offer(same("which?"), [(same("this"), lambda: None)], waits=True)
    qtbot.waitUntil(lambda: len(bar.cards) == 1)
    qtbot.wait(30)
    assert [card.offer.what.en for card in bar.cards] == ["which?"]


def test_the_words_of_a_message_with_a_button_are_whole(window, qtbot):
    window.session.offer(
        Text("底图已添加：big_4549_ov", "Background added"), [(Text("缩放到底图", "Zoom"), list)], "success"
    )
    qtbot.waitUntil(lambda: bool(window.messages.cards))
    card = window.messages.cards[-1]
    qtbot.waitUntil(lambda: card.isVisible())
    (words,) = (part for part in card.findChildren(QLabel) if part.text().startswith("底图"))
    assert words.width() >= words.sizeHint().width()
