"""The pages of a sheet as pictures: whole, or large under the hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from ui.panels.parts import column, icon_button, label, row
from ui.theme.tokens import theme

_PAD_PX: Final = 16
_MOST_ZOOM: Final = 6.0


class SheetCanvas(QWidget):
    """One page; the wheel zooms at the pointer, dragging moves, a double click shows it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(320, 240)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(tr("图纸预览", "Preview of the sheet"))
        self._image = QImage()
        self._zoom = 1.0
        self._shift = QPointF()
        self._held: QPointF | None = None

    @property
    def zoom(self) -> float:
        """1 shows the whole page."""
        return self._zoom

    def show_page(self, image: QImage) -> None:
        """Show a page; zoom and place stay if it has the same shape."""
        if image.size() != self._image.size():
            self._zoom, self._shift = 1.0, QPointF()
        self._image = image
        self.update()

    def show_whole(self) -> None:
        """Show the whole page."""
        self._zoom, self._shift = 1.0, QPointF()
        self.update()

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom; what is under a point stays there."""
        wanted = min(_MOST_ZOOM, max(1.0, self._zoom * factor))
        middle = QPointF(self.rect().center())
        arm = at - middle - self._shift
        self._shift += arm * (1 - wanted / self._zoom)
        self._zoom = wanted
        if wanted == 1.0:
            self._shift = QPointF()
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme().pressed))
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        painter.fillRect(place.translated(2, 3), QColor(0, 0, 0, 40))
        painter.drawImage(place, self._image)

    def _place(self) -> QRectF:
        room = self.size().shrunkBy(self.contentsMargins())
        room.setWidth(max(1, room.width() - 2 * _PAD_PX))
        room.setHeight(max(1, room.height() - 2 * _PAD_PX))
        size = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        width, height = size.width() * self._zoom, size.height() * self._zoom
        middle = QPointF(self.rect().center()) + self._shift
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)

    def wheelEvent(self, a0: QWheelEvent | None) -> None:
        if a0 is not None:
            self.zoom_at(a0.position(), 1.25 if a0.angleDelta().y() > 0 else 0.8)
            a0.accept()

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton:
            self._held = a0.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and self._held is not None:
            self._shift += a0.position() - self._held
            self._held = a0.position()
            self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        self._held = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and self._zoom == 1.0:
            self.zoom_at(a0.position(), 3.0)
        else:
            self.show_whole()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is None:
            return
        middle = QPointF(self.rect().center())
        if a0.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_at(middle, 1.25)
        elif a0.key() == Qt.Key.Key_Minus:
            self.zoom_at(middle, 0.8)
        elif a0.key() == Qt.Key.Key_0:
            self.show_whole()
        else:
            super().keyPressEvent(a0)


class SheetPreview(QWidget):
    """The canvas with a bar: which page, zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = SheetCanvas()
        self._pages: tuple[QImage, ...] = ()
        self._at = 0
        self._back, self._on = icon_button("caret-left"), icon_button("caret-right")
        self._back.setToolTip(tr("上一页", "Previous page"))
        self._on.setToolTip(tr("下一页", "Next page"))
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        less, more = icon_button("magnifying-glass-minus"), icon_button("magnifying-glass-plus")
        whole = icon_button("frame-corners")
        for act, words, do in (
            (less, tr("缩小", "Zoom out"), lambda: self._zoom(0.8)),
            (more, tr("放大", "Zoom in"), lambda: self._zoom(1.25)),
            (whole, tr("整页", "Whole page"), self.canvas.show_whole),
        ):
            act.setToolTip(words)
            act.clicked.connect(do)
        self._page = label(role="soft")
        self.state = label(role="soft")
        bar = row(
            self._back, self._page, self._on, None, self.state, 8, less, more, whole, margins=(12, 8, 12, 8)
        )
        inner = column(spacing=0)
        inner.addLayout(bar)
        inner.addWidget(self.canvas, 1)
        self.setLayout(inner)
        self.show_pages(())

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def show_pages(self, pages: Sequence[QImage]) -> None:
        """Show the pages of a sheet, the one in hand first."""
        self._pages = tuple(pages)
        self._at = min(self._at, max(0, len(self._pages) - 1))
        self.turn(0)

    def turn(self, step: int) -> None:
        """Go to the next page or the one before."""
        self._at = min(max(0, self._at + step), max(0, len(self._pages) - 1))
        self.canvas.show_page(self._pages[self._at] if self._pages else QImage())
        count = len(self._pages)
        self._page.setText(
            tr("第 {a} 页，共 {n} 页", "Page {a} of {n}", a=self._at + 1, n=count) if count else ""
        )
        self._back.setEnabled(self._at > 0)
        self._on.setEnabled(self._at < count - 1)

    def _zoom(self, factor: float) -> None:
        self.canvas.zoom_at(QPointF(self.canvas.rect().center()), factor)
