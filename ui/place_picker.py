"""One click on the map for a form that wants a place, whatever tool is in hand."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent
from shapely import Point

from layers.text import Text
from ui.canvas.canvas import MapCanvas

_HINT = Text("在地图上单击意见所说的位置，Esc 取消", "Click the place on the map; Esc cancels")


class PlacePicker(QObject):
    """Takes the next click on the map away from the tool."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._take: Callable[[Point], None] | None = None

    @property
    def active(self) -> bool:
        """Whether a click is waited for."""
        return self._take is not None

    def start(self, take: Callable[[Point], None], hint: Text = _HINT) -> None:
        """Wait for a click, and hand over its place in the CRS of the project."""
        self.stop()
        self._take = take
        self._canvas.installEventFilter(self)
        self._canvas.setCursor(Qt.CursorShape.CrossCursor)
        self._canvas.show_hint(hint)
        self._canvas.setFocus()

    def stop(self) -> None:
        """Wait no longer."""
        if self._take is not None:
            self._take = None
            self._canvas.removeEventFilter(self)
            self._canvas.hands.show_cursor()
            self._canvas.show_hint(self._canvas.tool.hint)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if self._take is None or a1 is None:
            return False
        if isinstance(a1, QKeyEvent) and a1.type() == QEvent.Type.KeyPress and a1.key() == Qt.Key.Key_Escape:
            self.stop()
            return True
        if not isinstance(a1, QMouseEvent) or a1.button() != Qt.MouseButton.LeftButton:
            return False
        if a1.type() == QEvent.Type.MouseButtonPress:
            take, where = self._take, a1.position()
            x, y = self._canvas.viewport.to_world(where.x(), where.y())
            self.stop()
            take(Point(float(x), float(y)))
            return True
        return False
