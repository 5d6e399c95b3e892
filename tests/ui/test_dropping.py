"""Files are held over the window and let go."""

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PyQt6.QtWidgets import QApplication

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


def test_what_lies_on_the_web_is_not_taken(window):
    mime = held("https://example.org/plan.dxf")
    event = QDragEnterEvent(QPoint(10, 10), COPY, mime, LEFT, PLAIN)
    event.ignore()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()
    assert not window.dropping.veil.isVisibleTo(window)


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
    qtbot.waitUntil(lambda: not window.file_actions.importing.form.busy)
    assert not window.attributes_dock.isVisible()
    window.file_actions.end_import()
    assert window.attributes_dock.isVisible()
    qtbot.waitUntil(lambda: abs(window.attributes_dock.width() - width) < 5)
