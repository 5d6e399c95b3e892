"""The picture of an edit is begun while the edit is being written, and shown once it is on disk."""

from __future__ import annotations

import threading

import pytest
from PyQt6.QtCore import QPoint

from gis.edit.features import remove_features
from layers.errors import StorageError
from layers.text import Text, same
from tests.ui.canvas.mapping import MIDDLE, key_of
from ui import edit_queue
from ui.canvas import frame as frames


@pytest.fixture
def held(project, monkeypatch):
    """Let the disk take until told."""
    monkeypatch.setattr(edit_queue, "PATIENCE_S", 0.0)
    gate, commit = threading.Event(), project.commit

    def slow(pending, progress=None):
        assert gate.wait(30)
        return commit(pending, progress)

    monkeypatch.setattr(project, "commit", slow)
    yield gate
    gate.set()


@pytest.fixture
def painted(monkeypatch):
    """Count pictures made."""
    orders, paint = [], frames.FramePainter.paint

    def counting(painter, order, check):
        frame = paint(painter, order, check)
        orders.append(order)
        return frame

    monkeypatch.setattr(frames.FramePainter, "paint", counting)
    return orders


def _remove_tree(session, project):
    key = key_of(project, "tree")
    session.run(same("1"), lambda state: remove_features(state, [key]))


def test_a_picture_made_while_the_disk_works_is_shown_when_it_has_ended(
    canvas, session, project, held, painted, qtbot
):
    before = canvas.pictures.frame
    _remove_tree(session, project)
    qtbot.waitUntil(lambda: len(painted) == 1 and not canvas.rendering)
    assert canvas.pictures.frame is before
    assert painted[0].snapshot is not project.snapshot
    held.set()
    qtbot.waitUntil(lambda: canvas.pictures.frame is not before and not session.edits.busy)
    assert canvas.pictures.frame.order is painted[0]
    assert painted[0].snapshot is project.snapshot
    assert len(painted) == 1


def test_what_could_not_be_written_is_never_shown(canvas, session, project, monkeypatch, painted, qtbot):
    def broken(pending, progress=None):
        raise StorageError(Text("磁盘已满", "disk full"), code="storage.full")

    before, image = canvas.pictures.frame, canvas.grab().toImage()
    with monkeypatch.context() as patch:
        patch.setattr(project, "commit", broken)
        _remove_tree(session, project)
        qtbot.waitUntil(lambda: len(painted) == 1 and not canvas.rendering and not session.edits.busy)
        qtbot.wait(30)
        assert canvas.pictures.frame is before
    session.language_changed.emit()
    qtbot.waitUntil(lambda: not canvas.rendering)
    assert canvas.grab().toImage() == image
    _remove_tree(session, project)
    qtbot.waitUntil(lambda: not canvas.rendering and not session.edits.busy)
    assert canvas.pictures.frame.order.snapshot is project.snapshot
    assert canvas.grab().toImage() != image


def test_a_map_that_is_moved_meanwhile_shows_the_plan_as_it_is_on_disk(
    canvas, session, project, held, painted, qtbot, hand
):
    old = project.snapshot
    _remove_tree(session, project)
    hand.drag_px(QPoint(200, 150), QPoint(60, 30), MIDDLE)
    qtbot.waitUntil(lambda: not canvas.rendering)
    assert canvas.pictures.frame.order.snapshot is old
    held.set()
    qtbot.waitUntil(lambda: project.snapshot is not old and not session.edits.busy and not canvas.rendering)
    assert canvas.pictures.frame.order.snapshot is project.snapshot
    assert canvas.pictures.frame.order.viewport.centre_x == canvas.viewport.centre_x
