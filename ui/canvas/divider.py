"""The line between two maps, with a handle to swipe with."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PyQt6.QtWidgets import QWidget

from ui.theme.icons import paint_icon
from ui.theme.tokens import theme

WIDTH_PX: Final = 36
_LINE_PX, _GRIP_PX = 3, 34
_STEPS: Final = {Qt.Key.Key_Left: -0.02, Qt.Key.Key_Right: 0.02}
_FAST: Final = 5
_ENDS: Final = {Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0}


class Divider(QWidget):
    """Drag it, or give it the keyboard: arrows, with Shift in large steps, Home, End.

    Signals
    -------
    dragged(int)
        To a place in pixels of the parent.
    stepped(float), sent(float)
        By a share of the width; to a share of it.
    """

    dragged = pyqtSignal(int)
    stepped = pyqtSignal(float)
    sent = pyqtSignal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._grabbed_at: int | None = None
        self.hide()

    def stand(self, at: int, height: int) -> None:
        """Stand at a place of the parent."""
        self.setGeometry(at - WIDTH_PX // 2, 0, WIDTH_PX, height)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Leave the ground beside line and grip to the maps."""
        line = QRegion(QRect(WIDTH_PX // 2 - 5, 0, 10, self.height()))
        grip = QRegion(self._grip().toRect().adjusted(-1, -1, 1, 1), QRegion.RegionType.Ellipse)
        self.setMask(line.united(grip))

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        colors, middle = theme(), WIDTH_PX / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(31, 35, 40, 60), _LINE_PX + 2))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        painter.setPen(QPen(QColor("#FFFFFF"), _LINE_PX))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        held = self.hasFocus() or self._grabbed_at is not None
        painter.setPen(QPen(QColor(colors.accent if held else colors.line_strong), 2))
        painter.setBrush(QColor(colors.raised))
        painter.drawEllipse(self._grip().adjusted(1, 1, -1, -1))
        box = self._grip().toRect().adjusted(8, 8, -8, -8)
        paint_icon(painter, "arrows-left-right", box, colors.accent if held else colors.text_soft)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton:
            self._grabbed_at = round(a0.position().x())
            self.update()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and self._grabbed_at is not None:
            shifted = round(a0.position().x()) - self._grabbed_at
            self.dragged.emit(self.mapToParent(QPoint(shifted, 0)).x() + WIDTH_PX // 2)

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        self._grabbed_at = None
        self.update()

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:
        self.sent.emit(0.5)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        key = Qt.Key(a0.key()) if a0 is not None else Qt.Key.Key_unknown
        if a0 is not None and key in _STEPS:
            fast = a0.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(_STEPS[key] * (_FAST if fast else 1))
        elif key in _ENDS:
            self.sent.emit(_ENDS[key])
        else:
            super().keyPressEvent(a0)

    def focusInEvent(self, a0: object) -> None:
        self.update()

    def focusOutEvent(self, a0: object) -> None:
        self.update()

    def _grip(self) -> QRectF:
        return QRectF((WIDTH_PX - _GRIP_PX) / 2, self.height() / 2 - _GRIP_PX / 2, _GRIP_PX, _GRIP_PX)
