"""Files let go over the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QEvent, QMimeData, QObject, Qt
from PyQt6.QtGui import QDragMoveEvent, QDropEvent, QWindow
from PyQt6.QtWidgets import QDockWidget, QWidget

from layers.text import Text
from ui.panels.drop_veil import DropVeil

if TYPE_CHECKING:
    from ui.actions.file import FileActions
    from ui.workplace import Workplace

_WEB: Final = Text(
    "网页链接不能导入：请先下载成文件，再拖到这里。",
    "A web address is no file: download it, then drag the file here.",
)
_WORDS: Final = Text(
    "这里只接收文件：文字请先存成文件，再拖到这里。", "Only files are taken here: save the text as one first."
)


class Dropping(QObject):
    """Takes files that are dragged to the window, and says over the map what letting them go will do.

    Files are caught on their way to the window, before a field under the pointer takes their names for text,
    and over panels that float outside it. Text still goes into fields; elsewhere it is refused in words.
    """

    def __init__(self, window: Workplace, actions: FileActions) -> None:
        super().__init__(window)
        self._actions, self._window = actions, window
        self.veil = DropVeil(window.maps)
        window.setAcceptDrops(True)
        for place in (window, *window.findChildren(QDockWidget)):
            place.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if isinstance(a1, QDropEvent):  # entering and moving are such events, too
            return self._take(a1) or (a0 is self._window and self._refuse(a1))
        if a1 is None:
            return False
        kind = a1.type()
        if kind == QEvent.Type.DragLeave:
            self.veil.hide()
        elif kind in (QEvent.Type.Show, QEvent.Type.WinIdChange) and isinstance(a0, QWidget):
            self._watch(a0.windowHandle())
        return False

    def _watch(self, outer: QWindow | None) -> None:
        """Catch what comes to a window of the screen: the widgets in it hear of a drag only afterwards."""
        if outer is not None:
            outer.installEventFilter(self)

    def _take(self, event: QDropEvent) -> bool:
        """Take files; tell whether there are any."""
        paths = local_files(event.mimeData())
        if not paths:
            return False
        # Never a move, though some file managers propose it: they would then delete the file.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.veil.hide()
            self._actions.take_dropped(paths)
        elif event.type() == QEvent.Type.DragEnter:
            self.veil.show_words(self._actions.drop_words(paths))
        return True

    def _refuse(self, event: QDropEvent) -> bool:
        """Say why what another program holds over the window is not taken."""
        mime = event.mimeData()
        entering = event.type() == QEvent.Type.DragEnter
        if entering and event.source() is None and mime is not None and (mime.hasUrls() or mime.hasText()):
            web = mime.hasUrls() or mime.text().strip().startswith(("http://", "https://"))
            self.veil.show_words(_WEB if web else _WORDS)
        event.ignore()
        return not isinstance(event, QDragMoveEvent) or entering


def local_files(mime: QMimeData | None) -> list[Path]:
    """Return the files of a drag; what lies on the web is none."""
    if mime is None or not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
