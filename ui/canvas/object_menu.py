"""The menu at a place of the map: what lies there, and its coordinate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QMenu, QWidget

from gis.i18n import tr
from gis.measure import XY
from layers.changes import Key
from ui.session import Session

MOST_OBJECTS: Final = 15
LONGEST_NAME: Final = 48


class ObjectMenu(QMenu):
    """Lists overlapping features (choosing one selects it) and copies the coordinate.

    While an entry is under the pointer, `highlight` is called with its feature.
    """

    def __init__(
        self,
        session: Session,
        keys: Sequence[Key],
        world: XY,
        highlight: Callable[[Key | None], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._highlight = highlight
        self._world = world
        for key in keys[:MOST_OBJECTS]:
            self._add_object(key)
        if len(keys) > MOST_OBJECTS:
            more = QAction(tr("另有 {n} 个对象", "{n} more objects", n=len(keys) - MOST_OBJECTS), self)
            more.setEnabled(False)
            self.addAction(more)
        if keys:
            self.addSeparator()
        copy = QAction(tr("复制坐标 {place}", "Copy coordinate {place}", place=self._coordinate()), self)
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.aboutToHide.connect(lambda: highlight(None))

    def _add_object(self, key: Key) -> None:
        snapshot = self._session.snapshot
        name = snapshot.name_of(key) if snapshot else None
        if snapshot is None or name is None:
            return
        title = tr(snapshot.layers[key[0]].title)
        words = tr(name) if tr(name) == title else f"{tr(name)}   {title}"
        action = QAction(_plain(words), self)
        action.setCheckable(True)
        action.setChecked(key in self._session.selection)
        action.triggered.connect(lambda: self._session.select([key]))
        action.hovered.connect(lambda: self._highlight(key))
        self.addAction(action)

    def _coordinate(self) -> str:
        return f"{self._world[0]:.3f}, {self._world[1]:.3f}"

    def _copy(self) -> None:
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._coordinate())


def _plain(words: str) -> str:
    """Return words as a menu shows them: an ampersand is a letter, not a shortcut."""
    short = words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"
    return short.replace("&", "&&").replace("\t", " ").replace("\n", " ")
