"""The overview: the whole plan, small, with a frame where the map is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QApplication, QWidget

from gis.i18n import tr
from gis.render.scene import render_image
from gis.render.viewport import Viewport
from layers import palette
from layers.snapshot import Snapshot
from layers.style import SCREEN_PX_PER_MM
from ui.canvas.newest_job import Check, NewestJob
from ui.theme.tokens import theme

if TYPE_CHECKING:
    from ui.canvas.canvas import MapCanvas

_SIZE: Final = (200, 150)
_GAP_PX: Final = 14
_WAIT_MS: Final = 700
_LEAST_FRAME_PX: Final = 6.0
_INK: Final = 0.4
"""Lines of the small picture are thinner than those of the map."""


class OverviewMap(QWidget):
    """A small map in the corner of the large one; a click or drag in it moves the large one."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._picture: QImage | None = None
        self._view: Viewport | None = None
        self.setFixedSize(*_SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("鹰眼图：单击或拖动移动地图", "Overview: click or drag to move the map"))
        self.setAccessibleName(tr("鹰眼图", "Overview map"))
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="overview")
        self._job = NewestJob(self._threads, self)
        self._job.pace.gentle = True
        self._job.landed.connect(self._on_landed)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._draw)
        canvas.navigator.moved.connect(self.update)
        canvas.installEventFilter(self)
        session = canvas.session
        session.changed.connect(lambda _: self._wait.start())
        session.viewed.connect(self._draw)
        session.project_opened.connect(self._draw)
        self.destroyed.connect(partial(_close, self._job, self._threads))
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(partial(_close, self._job, self._threads))
        self._stand()
        self._draw()

    @property
    def view(self) -> Viewport | None:
        """What the small map shows, logical pixels."""
        return self._view

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Stay in the corner when the map changes its size."""
        if a1 is not None and a1.type() == QEvent.Type.Resize:
            self._stand()
        return False

    def _stand(self) -> None:
        room = self._canvas
        self.move(room.width() - self.width() - _GAP_PX, room.height() - self.height() - _GAP_PX - 16)

    def _draw(self) -> None:
        snapshot = self._canvas.session.snapshot
        extent = snapshot.extent() if snapshot is not None else None
        if snapshot is None or extent is None:
            self._job.cancel()
            self._picture = self._view = None
            self.update()
            return
        ratio = self.devicePixelRatioF()
        self._job.start(partial(_painted, snapshot, Viewport.fitted(extent, *_SIZE), ratio))

    def _on_landed(self, made: tuple[QImage, Viewport]) -> None:
        self._picture, self._view = made
        self.update()

    def frame(self) -> QPolygonF:
        """Return what the large map shows, in pixels of the small one; never too small to see."""
        if self._view is None:
            return QPolygonF()
        points = [QPointF(*self._view.to_px(x, y)) for x, y in self._canvas.viewport.outline]
        box = QPolygonF(points).boundingRect()
        if max(box.width(), box.height()) < _LEAST_FRAME_PX:
            half = _LEAST_FRAME_PX / 2
            box = QRectF(box.center().x() - half, box.center().y() - half, 2 * half, 2 * half)
            return QPolygonF(box)
        return QPolygonF(points)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.OUTSIDE))
        if self._picture is not None:
            painter.drawImage(QRectF(self.rect()), self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(palette.SELECTION)
        veil.setAlphaF(0.15)
        painter.setBrush(veil)
        painter.setPen(QPen(QColor(palette.SELECTION), 2))
        painter.drawPolygon(self.frame())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme().line_strong), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        self.mouseMoveEvent(a0)

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and a0.buttons() & Qt.MouseButton.LeftButton and self._view is not None:
            x, y = self._view.to_world(a0.position().x(), a0.position().y())
            navigator = self._canvas.navigator
            navigator.show_view(navigator.viewport.centred(float(x), float(y)))
            a0.accept()


def _painted(snapshot: Snapshot, view: Viewport, ratio: float, check: Check) -> tuple[QImage, Viewport]:
    sharp = replace(
        view,
        metres_per_px=view.metres_per_px / ratio,
        width_px=round(view.width_px * ratio),
        height_px=round(view.height_px * ratio),
        px_per_mm=SCREEN_PX_PER_MM * ratio * _INK,
    )
    image = render_image(snapshot, sharp, labels=False, check=check)
    image.setDevicePixelRatio(ratio)
    return image, view


def _close(job: NewestJob, threads: ThreadPoolExecutor, *_: object) -> None:
    job.close()
    threads.shutdown(wait=True, cancel_futures=True)
