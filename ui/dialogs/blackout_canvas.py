"""A photo on which faces and number plates are covered by boxes, with mouse or keyboard."""

from __future__ import annotations

from typing import Final, TypeAlias

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from layers.text import Text
from ui.theme.appearance import base_font
from ui.theme.tokens import theme

Box: TypeAlias = tuple[float, float, float, float]
"""West, north, east, south as parts of width and height, 0 to 1."""

CHOOSE: Final = Text("选一张照片", "Choose a photo")
"""What stands where no photo is shown."""

_LEAST: Final = 0.012
"""A box smaller than this part of the picture was a slip of the hand."""
_GRIP_PX: Final = 9
_STEP: Final = 0.01
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BlackoutCanvas(QWidget):
    """Drag to cover, drag a box to move it, its corners to size it; Delete, arrows, undo.

    Signals
    -------
    boxes_changed(tuple)
        All boxes, after each finished change.
    """

    boxes_changed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(tr("照片，可遮盖", "Photo to cover"))
        self._image = QImage()
        self._boxes: tuple[Box, ...] = ()
        self._chosen = -1
        self._instead = CHOOSE
        self._done: list[tuple[Box, ...]] = []
        self._undone: list[tuple[Box, ...]] = []
        self._drag: tuple[str, QPointF, Box] | None = None
        self._before: tuple[Box, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What is covered."""
        return self._boxes

    @property
    def chosen(self) -> int:
        """Place of the box that keys act on, -1 if none."""
        return self._chosen

    def show_photo(self, image: QImage, boxes: tuple[Box, ...], instead: Text = CHOOSE) -> None:
        """Show another photo; its steps begin anew. `instead` is said if there is none to show."""
        self._instead = instead
        self._image, self._boxes, self._chosen = image, boxes, -1
        self._done, self._undone, self._drag = [], [], None
        self.update()

    def add_box(self) -> None:
        """Put a box into the middle, for those without a mouse."""
        self._commit((*self._boxes, (0.4, 0.4, 0.6, 0.6)))
        self._chosen = len(self._boxes) - 1
        self.setFocus()
        self.update()

    def remove_chosen(self) -> None:
        """Take the chosen box away."""
        if 0 <= self._chosen < len(self._boxes):
            at, self._chosen = self._chosen, -1
            self._commit(self._boxes[:at] + self._boxes[at + 1 :])

    def undo(self) -> None:
        """Take the last change back."""
        if self._done:
            self._undone.append(self._boxes)
            self._show(self._done.pop())

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._undone:
            self._done.append(self._boxes)
            self._show(self._undone.pop())

    def picture_rect(self) -> QRectF:
        """Return where the photo lies on the widget."""
        if self._image.isNull():
            return QRectF()
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) / 2,
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme().window))
        if self._image.isNull():
            painter.setPen(QColor(theme().text_faint))
            painter.setFont(base_font())
            how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), int(how), tr(self._instead))
            return
        painter.drawImage(self.picture_rect(), self._image)
        for at, box in enumerate(self._boxes):
            place = self._on_screen(box)
            painter.fillRect(place, QColor("#000000"))
            if at == self._chosen:
                self._paint_chosen(painter, place)

    def _paint_chosen(self, painter: QPainter, place: QRectF) -> None:
        painter.setPen(QPen(QColor("#FFFFFF"), 3))
        painter.drawRect(place)
        painter.setPen(QPen(QColor(theme().accent), 1.5))
        painter.drawRect(place)
        painter.setBrush(QColor("#FFFFFF"))
        for corner in _corners(place).values():
            painter.drawEllipse(corner, 4.0, 4.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is None or a0.button() != Qt.MouseButton.LeftButton or self._image.isNull():
            return
        at = a0.position()
        self._before = self._boxes
        grip = self._grip_at(at)
        if grip:
            self._drag = (grip, at, self._boxes[self._chosen])
        elif (hit := self._box_at(at)) >= 0:
            self._chosen = hit
            self._drag = ("move", at, self._boxes[hit])
        else:
            x, y = self._part(at)
            self._boxes = (*self._boxes, (x, y, x, y))
            self._chosen = len(self._boxes) - 1
            self._drag = ("south-east", at, (x, y, x, y))
        self.update()

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is None:
            return
        if self._drag is None:
            shape = (
                Qt.CursorShape.SizeFDiagCursor if self._grip_at(a0.position()) else Qt.CursorShape.CrossCursor
            )
            over = self._box_at(a0.position()) >= 0 and shape == Qt.CursorShape.CrossCursor
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else shape)
            return
        how, start, box = self._drag
        (x, y), (x0, y0) = self._part(a0.position()), self._part(start)
        self._boxes = (
            *self._boxes[: self._chosen],
            _dragged(box, how, x - x0, y - y0),
            *self._boxes[self._chosen + 1 :],
        )
        self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        if self._drag is None:
            return
        self._drag = None
        made, self._boxes = self._boxes, self._before
        tidy = tuple(_tidy(box) for box in made)
        kept = tuple(box for box in tidy if box[2] - box[0] >= _LEAST and box[3] - box[1] >= _LEAST)
        if len(kept) < len(made):
            self._chosen = -1
        self._commit(kept)

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is None:
            return
        if a0.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif a0.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif a0.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._chosen >= 0:
            self.remove_chosen()
        elif a0.key() == Qt.Key.Key_Insert:
            self.add_box()
        elif a0.key() == Qt.Key.Key_Space and self._boxes:
            self._chosen = (self._chosen + 1) % len(self._boxes)
            self.update()
        elif a0.key() in _ARROWS and self._chosen >= 0:
            self._nudge(
                *_ARROWS[Qt.Key(a0.key())], size=bool(a0.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            )
        else:
            super().keyPressEvent(a0)

    def _nudge(self, dx: int, dy: int, *, size: bool) -> None:
        how = "south-east" if size else "move"
        box = _tidy(_dragged(self._boxes[self._chosen], how, dx * _STEP, dy * _STEP))
        if box[2] - box[0] >= _LEAST and box[3] - box[1] >= _LEAST:
            self._commit((*self._boxes[: self._chosen], box, *self._boxes[self._chosen + 1 :]))

    def _commit(self, boxes: tuple[Box, ...]) -> None:
        if boxes != self._boxes:
            self._done.append(self._boxes)
            self._undone = []
            self._boxes = boxes
            self.boxes_changed.emit(boxes)
        self.update()

    def _show(self, boxes: tuple[Box, ...]) -> None:
        self._boxes, self._chosen = boxes, -1
        self.boxes_changed.emit(boxes)
        self.update()

    def _on_screen(self, box: Box) -> QRectF:
        place = self.picture_rect()
        west, north, east, south = box
        corner = QPointF(place.x() + west * place.width(), place.y() + north * place.height())
        far = QPointF(place.x() + east * place.width(), place.y() + south * place.height())
        return QRectF(corner, far).normalized()

    def _part(self, at: QPointF) -> tuple[float, float]:
        place = self.picture_rect()
        x, y = (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _box_at(self, at: QPointF) -> int:
        hits = [i for i, box in enumerate(self._boxes) if self._on_screen(box).contains(at)]
        return hits[-1] if hits else -1

    def _grip_at(self, at: QPointF) -> str:
        if not 0 <= self._chosen < len(self._boxes):
            return ""
        corners = _corners(self._on_screen(self._boxes[self._chosen]))
        near = [name for name, c in corners.items() if (c - at).manhattanLength() <= _GRIP_PX]
        return near[0] if near else ""


def _corners(place: QRectF) -> dict[str, QPointF]:
    return {
        "south-east": place.bottomRight(),
        "north-west": place.topLeft(),
        "north-east": place.topRight(),
        "south-west": place.bottomLeft(),
    }


def _dragged(box: Box, how: str, dx: float, dy: float) -> Box:
    """Return a box moved, or with one corner moved, by parts of the picture."""
    west, north, east, south = box
    if how == "move":
        dx = min(max(dx, -west), 1.0 - east)
        dy = min(max(dy, -north), 1.0 - south)
        return west + dx, north + dy, east + dx, south + dy
    if "west" in how:
        west += dx
    else:
        east += dx
    if "north" in how:
        north += dy
    else:
        south += dy
    return west, north, east, south


def _tidy(box: Box) -> Box:
    west, north, east, south = (round(min(1.0, max(0.0, v)), 4) for v in box)
    return min(west, east), min(north, south), max(west, east), max(north, south)
