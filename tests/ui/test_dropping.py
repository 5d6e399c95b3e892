"""Files are held over the window and let go."""

import errno
import threading

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PyQt6.QtWidgets import QApplication, QLineEdit

COPY = Qt.DropAction.CopyAction
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def held(*names):
    mime = QMimeData()
    mime.setUrls([QUrl(name) if "//" in name else QUrl.fromLocalFile(name) for name in names])
    return mime


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["/a/survey.dxf"], "Drop to import survey.dxf"),
        (["/a/plan.gpkg"], "Drop to open plan.gpkg"),
        (["/a/air.tif"], "Drop to add air.tif"),
        (["/a/1.jpg", "/a/2.jpg"], "Drop to import 2 files"),
    ],
)
def test_files_held_over_the_window_say_what_letting_go_will_do(window, names, words):
    mime = held(*names)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(10, 10), COPY, mime, LEFT, PLAIN))
    assert window.dropping.veil.isVisibleTo(window)
    assert window.dropping.veil.words.en == words
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.dropping.veil.isVisibleTo(window)


@pytest.mark.parametrize(
    ("mime", "words"), [(held("https://example.org/plan.dxf"), "web address"), (QMimeData(), "Only files")]
)
def test_what_is_no_file_is_refused_in_words(window, mime, words):
    if not mime.hasUrls():
        mime.setText("北门积水")
    event = QDragEnterEvent(QPoint(10, 10), COPY, mime, LEFT, PLAIN)
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    assert words in window.dropping.veil.words.en
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.dropping.veil.isVisibleTo(window)


def test_a_file_is_never_moved_here_for_its_program_would_delete_it(window, monkeypatch):
    monkeypatch.setattr(window.file_actions, "take_dropped", lambda paths: None)
    both, mime = COPY | Qt.DropAction.MoveAction, held("/a/survey.dxf")
    events = (
        QDragEnterEvent(QPoint(10, 10), both, mime, LEFT, PLAIN),
        QDropEvent(QPointF(10, 10), both, mime, LEFT, PLAIN),
    )
    for event in events:
        event.setDropAction(Qt.DropAction.MoveAction)
        QApplication.sendEvent(window, event)
        assert event.isAccepted()
        assert event.dropAction() == COPY


def test_a_file_let_go_over_a_field_is_imported_and_no_text(window, monkeypatch):
    taken = []
    monkeypatch.setattr(window.file_actions, "take_dropped", taken.extend)
    outer, field = window.windowHandle(), window.findChild(QLineEdit)
    assert field.acceptDrops()
    where = QPointF(field.mapTo(window, field.rect().center()))
    mime = held("/a/survey.dxf")
    QApplication.sendEvent(outer, QDragEnterEvent(where.toPoint(), COPY, mime, LEFT, PLAIN))
    QApplication.sendEvent(outer, QDropEvent(where, COPY, mime, LEFT, PLAIN))
    assert [path.name for path in taken] == ["survey.dxf"]
    assert field.text() == ""


def test_a_file_can_be_let_go_over_a_panel_outside_the_window(window, monkeypatch, qtbot):
    taken = []
    monkeypatch.setattr(window.file_actions, "take_dropped", taken.extend)
    window.layers_dock.setFloating(True)
    qtbot.waitUntil(lambda: window.layers_dock.windowHandle() is not None)
    mime = held("/a/survey.dxf")
    event = QDropEvent(QPointF(9, 9), COPY, mime, LEFT, PLAIN)
    QApplication.sendEvent(window.layers_dock.windowHandle(), event)
    assert [path.name for path in taken] == ["survey.dxf"]


def test_a_disk_that_is_gone_is_told_in_the_window(window, monkeypatch, qtbot, tmp_path):
    told = []
    window.session.message.connect(lambda what, level, advice: told.append((what.zh, level)))

    def refuse(path):
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr("gis.exchange.arrivals.is_photo", refuse)
    window.file_actions.import_path(tmp_path / "花名册.xlsx")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("无法读取 花名册.xlsx：网络或移动磁盘已断开。", "error")]


def test_files_on_a_slow_disk_do_not_hold_up_the_window(window, monkeypatch, qtbot, tmp_path):
    gate, seen = threading.Event(), []

    def slow(path):
        seen.append(threading.current_thread() is threading.main_thread())
        gate.wait(10)
        return False

    monkeypatch.setattr("gis.exchange.arrivals.is_photo", slow)
    (tmp_path / "a.csv").write_text("编号,x,y\n1,616650,4077999\n")
    window.file_actions.take_dropped([tmp_path / "a.csv"])
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [False]
    assert window.file_actions.importing.form is None
    gate.set()
    qtbot.waitUntil(lambda: window.file_actions.importing.form is not None)


def test_letting_go_takes_the_files_and_the_veil_away(window, monkeypatch):
    taken = []
    monkeypatch.setattr(window.file_actions, "take_dropped", taken.extend)
    mime = held("/a/survey.dxf")
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(10, 10), COPY, mime, LEFT, PLAIN))
    QApplication.sendEvent(window, QDropEvent(QPointF(10, 10), COPY, mime, LEFT, PLAIN))
    assert [path.name for path in taken] == ["survey.dxf"]
    assert not window.dropping.veil.isVisibleTo(window)


def test_a_window_closed_during_an_import_remembers_its_panels_as_they_were(window, tmp_path, qtbot):
    (tmp_path / "a.csv").write_text("编号,x,y\n1,616650,4077999\n")
    width = window.attributes_dock.width()
    window.file_actions.import_paths([tmp_path / "a.csv"])
    dock = window.file_actions.importing
    qtbot.waitUntil(lambda: dock.form is not None and not dock.form.busy)
    assert not window.attributes_dock.isVisible()
    window.file_actions.end_import()
    assert window.attributes_dock.isVisible()
    qtbot.waitUntil(lambda: abs(window.attributes_dock.width() - width) < 5)
