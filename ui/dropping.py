"""Files let go over the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QMimeData, QObject
from PyQt6.QtGui import QDragEnterEvent, QDropEvent

from ui.panels.drop_veil import DropVeil

if TYPE_CHECKING:
    from ui.actions.file import FileActions
    from ui.workplace import Workplace


class Dropping(QObject):
    """Takes files that are dragged to the window, and says over the map what letting them go will do."""

    def __init__(self, window: Workplace, actions: FileActions) -> None:
        super().__init__(window)
        self._actions = actions
        self.veil = DropVeil(window.maps)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if isinstance(a1, QDragEnterEvent):
            paths = local_files(a1.mimeData())
            if paths:
                a1.acceptProposedAction()
                self.veil.show_words(self._actions.drop_words(paths))
            return True
        if isinstance(a1, QDropEvent) and a1.type() == QEvent.Type.Drop:
            a1.acceptProposedAction()
            self.veil.hide()
            self._actions.take_dropped(local_files(a1.mimeData()))
            return True
        if a1 is not None and a1.type() == QEvent.Type.DragLeave:
            self.veil.hide()
        return False


def local_files(mime: QMimeData | None) -> list[Path]:
    """Return the files of a drag; what lies on the web is none."""
    if mime is None or not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
