"""A picture one can zoom, drag and point at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from ui.canvas.pins import Pin, paint_pin
from ui.theme.tokens import theme

_STEP: Final = 1.25
_CLICK_PX: Final = 4
_NEAR_PX: Final = 9
_NUDGE_PX: Final = 40
_CLOSEST: Final = 32.0


class PictureView(QWidget):
    """Shows a picture; the wheel zooms at the cursor, dragging moves, a click points.

    Enter points at the cross in the middle, for those without a mouse.

    Signals
    -------
    pointed(float, float)
        A place on the picture, its pixels; the middle of the first pixel is (0.5, 0.5).
    mark_chosen(int)
        A mark was clicked.
    """

    pointed = pyqtSignal(float, float)
    mark_chosen = pyqtSignal(int)

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self.image = image
        self.marks: tuple[Pin, ...] = ()
        self._scale, self._left, self._top = 1.0, 0.0, 0.0
        self._fit_wanted = True
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(tr("待配准的图", "The picture to be placed"))

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def show_marks(self, marks: Sequence[Pin]) -> None:
        """Show other marks."""
        self.marks = tuple(marks)
        self.update()

    def show_whole(self) -> None:
        """Show the whole picture."""
        width, height = max(1, self.image.width()), max(1, self.image.height())
        self._scale = min(self.width() / width, self.height() / height) * 0.96
        self._left = (self.width() - width * self._scale) / 2
        self._top = (self.height() - height * self._scale) / 2
        self.update()

    def centre_on(self, x: float, y: float) -> None:
        """Bring a place of the picture into the middle."""
        self._left = self.width() / 2 - x * self._scale
        self._top = self.height() / 2 - y * self._scale
        self.update()

    def to_picture(self, place: QPointF) -> tuple[float, float]:
        """Return the place on the picture under a pixel of the widget."""
        return (place.x() - self._left) / self._scale, (place.y() - self._top) / self._scale

    def to_widget(self, x: float, y: float) -> QPointF:
        """Return the pixel of the widget over a place on the picture."""
        return QPointF(self._left + x * self._scale, self._top + y * self._scale)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        if self._fit_wanted:
            self.show_whole()

    def wheelEvent(self, a0: QWheelEvent | None) -> None:
        if a0 is not None:
            self._zoom(a0.position(), _STEP ** (a0.angleDelta().y() / 120))
            a0.accept()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None:
            self._pressed, self._dragged = a0.position(), False

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is None:
            return
        if self._pressed is None or not a0.buttons():
            self.setCursor(Qt.CursorShape.CrossCursor)
            return
        moved = a0.position() - self._pressed
        if self._dragged or moved.manhattanLength() > _CLICK_PX:
            self._dragged, self._fit_wanted = True, False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._left += moved.x()
            self._top += moved.y()
            self._pressed = a0.position()
            self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        pressed, self._pressed = self._pressed, None
        self.setCursor(Qt.CursorShape.CrossCursor)
        if a0 is None or pressed is None or self._dragged or a0.button() != Qt.MouseButton.LeftButton:
            return
        for at, mark in enumerate(self.marks):
            if (self.to_widget(mark.x, mark.y) - a0.position()).manhattanLength() <= _NEAR_PX:
                self.mark_chosen.emit(at)
                return
        self._point(a0.position())

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is None:
            return
        middle = QPointF(self.width() / 2, self.height() / 2)
        moves = {
            Qt.Key.Key_Left: (_NUDGE_PX, 0), Qt.Key.Key_Right: (-_NUDGE_PX, 0),
            Qt.Key.Key_Up: (0, _NUDGE_PX), Qt.Key.Key_Down: (0, -_NUDGE_PX),
        }  # fmt: skip
        key = Qt.Key(a0.key())
        if key in moves:
            self._left += moves[key][0]
            self._top += moves[key][1]
            self._fit_wanted = False
            self.update()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(middle, _STEP)
        elif key == Qt.Key.Key_Minus:
            self._zoom(middle, 1 / _STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._point(middle)
        else:
            super().keyPressEvent(a0)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().window))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale < 2)
        width, height = self.image.width() * self._scale, self.image.height() * self._scale
        painter.drawImage(QRectF(self._left, self._top, width, height), self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            self._paint_cross(painter)
        for mark in self.marks:
            paint_pin(painter, self.to_widget(mark.x, mark.y), mark)
        painter.setPen(QPen(QColor(theme().accent if self.hasFocus() else theme().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_cross(self, painter: QPainter) -> None:
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(QPen(QColor(theme().text_faint), 1))
        painter.drawLine(middle - QPointF(7, 0), middle + QPointF(7, 0))
        painter.drawLine(middle - QPointF(0, 7), middle + QPointF(0, 7))

    def _zoom(self, at: QPointF, factor: float) -> None:
        whole = min(self.width() / max(1, self.image.width()), self.height() / max(1, self.image.height()))
        scale = min(_CLOSEST, max(whole * 0.5, self._scale * factor))
        x, y = self.to_picture(at)
        self._scale, self._fit_wanted = scale, False
        self._left, self._top = at.x() - x * scale, at.y() - y * scale
        self.update()

    def _point(self, place: QPointF) -> None:
        x, y = self.to_picture(place)
        if 0 <= x <= self.image.width() and 0 <= y <= self.image.height():
            self.pointed.emit(x, y)
