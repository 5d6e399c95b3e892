"""Filling lists bit by bit."""

import time

from PyQt6.QtCore import QObject

from ui.panels.batches import Batches


def steps(done, count, seconds=0.0):
    for number in range(count):
        time.sleep(seconds)
        done.append(number)
        yield


def test_what_is_short_is_done_at_once(qtbot):
    done = []
    owner = QObject()
    Batches(owner).begin(steps(done, 5))
    assert done == [0, 1, 2, 3, 4]


def test_what_is_long_goes_on_while_the_window_lives_and_can_be_hurried(qtbot):
    done = []
    owner = QObject()
    batches = Batches(owner)
    batches.begin(steps(done, 60, 0.002))
    assert 0 < len(done) < 60
    seen = len(done)
    qtbot.waitUntil(lambda: len(done) > seen, timeout=5_000)
    batches.finish()
    assert done == list(range(60))
    assert not batches.under_way


def test_what_was_begun_before_is_dropped(qtbot):
    first, second = [], []
    owner = QObject()
    batches = Batches(owner)
    batches.begin(steps(first, 60, 0.002))
    count = len(first)
    batches.begin(steps(second, 3))
    qtbot.wait(50)
    assert (len(first), second) == (count, [0, 1, 2])
