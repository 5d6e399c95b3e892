"""The picture of the backgrounds, made beside the plan's and shown below it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PyQt6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QTransform

from gis.render.viewport import Viewport
from layers.background import (
    BACKGROUNDS,
    Background,
    GridBackground,
    RasterBackground,
    TileBackground,
    backgrounds_of,
)
from layers.snapshot import Snapshot
from ui.canvas.backdrop_painting import BackdropOrder, FinishedBackdrop, paint_backdrop
from ui.canvas.frame import draw_picture
from ui.canvas.newest_job import NewestJob, Pace
from ui.canvas.pins import Pin, paint_pin
from ui.session import Session
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX

if TYPE_CHECKING:
    from gis.raster.tiles.fetching import TileFetcher
    from gis.render.backdrop import Backdrop, Painted
    from gis.render.tile_painting import TilePictures

_PAUSE_MS: Final = 120
_TILES_MS: Final = 250
"""A picture with tiles missing is made again so often while they arrive."""
_RETRY_MS: Final = 62_000
"""A service that rests is asked again after so long."""
_PASSING: Final = frozenset({"tiles.offline", "tiles.failing", "tiles.busy"})


@dataclass(frozen=True)
class Ghost:
    """A picture over the map that is only tried out.

    Parameters
    ----------
    image : QImage
    to_ground : QTransform
        From its pixels to the project's CRS.
    opacity : float
    """

    image: QImage
    to_ground: QTransform
    opacity: float


class BackdropPicture(QObject):
    """Orders the picture of what lies below the plan, and keeps the newest.

    Costs nothing while there is no background: no thread, no image.

    Signals
    -------
    landed()
        The picture is another.
    state_changed()
        `painted` says something else: a trouble, a copy to make, whose map it is.
    """

    landed = pyqtSignal()
    state_changed = pyqtSignal()

    def __init__(self, session: Session, pace: Pace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="map-backdrop")
        self._job = NewestJob(self._threads, self)
        self._job.pace = pace
        self._job.landed.connect(self._on_landed)
        self._finished: FinishedBackdrop | None = None
        self._painter: Backdrop | None = None
        self._wanted: Viewport | None = None
        self.ghost: Ghost | None = None
        self.pins: tuple[Pin, ...] = ()
        self._pause = self._timer(_PAUSE_MS)
        self._arriving = self._timer(_TILES_MS)
        self._retry = self._timer(_RETRY_MS)
        self._fetcher: TileFetcher | None = None
        self._tiles: TilePictures | None = None
        self._shown: tuple[object, ...] = ()
        self._read: tuple[object, tuple[Background, ...]] = (None, ())

    @property
    def backgrounds(self) -> tuple[Background, ...]:
        """Those of the project, bottom to top."""
        snapshot = _kept_by(self._session)
        value = snapshot.settings.get(BACKGROUNDS) if snapshot is not None else None
        if value is not self._read[0]:  # asked for with every frame of a drag
            self._read = value, backgrounds_of({BACKGROUNDS: value})
        return self._read[1]

    @property
    def on(self) -> bool:
        """Whether a picture or map lies below the plan; a grid lies over it."""
        return any(
            b.visible and b.opacity > 0 and isinstance(b, RasterBackground | TileBackground)
            for b in self.backgrounds
        )

    @property
    def painted(self) -> Painted | None:
        """What came of the newest picture."""
        return self._finished.painted if self._finished is not None else None

    @property
    def busy(self) -> bool:
        """Whether a newer picture is being made or waited for."""
        return self._job.busy or self._pause.isActive()

    def order(self, viewport: Viewport, *, moving: bool = False) -> None:
        """Ask for the picture of a view in device pixels; while it is `moving`, wait for a pause."""
        self._wanted = viewport
        if not self.on:
            self._forget()
        elif moving:
            # a picture under way is finished first, or a long drag would never see one
            if self._job.busy or not self._pause.isActive():
                self._pause.start()
        elif not self._is_newest():
            self._start()

    def again(self) -> None:
        """Make the picture once more: a file came back, a key was entered."""
        self._shown = ()
        if self._fetcher is not None:
            self._fetcher.retry()
        if self.on and self._wanted is not None:
            self._start()
        else:
            self._forget()
        self.landed.emit()

    def clear(self) -> None:
        """Show nothing; the project is another."""
        self.ghost, self.pins = None, ()
        self._painter = None
        self._forget()

    def close(self) -> None:
        """Stop the thread."""
        for timer in (self._pause, self._arriving, self._retry):
            timer.stop()
        self._job.close()
        if self._fetcher is not None:
            self._fetcher.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw the newest picture where its ground lies."""
        if self._finished is not None:
            draw_picture(painter, self._finished.picture, view)

    def paint_grids(self, painter: QPainter, view: Viewport) -> None:
        """Draw the grid over the plan, whose areas would hide it."""
        for background in self.backgrounds:
            if isinstance(background, GridBackground) and background.visible:
                from gis.render.grid import paint_grid

                painter.setOpacity(background.opacity)
                paint_grid(painter, view, background.step_m)
                painter.setOpacity(1.0)

    def paint_ghost(self, painter: QPainter, view: Viewport) -> None:
        """Draw the picture that is tried out over the map, and the points it is held by."""
        if self.ghost is not None:
            self._paint_picture(painter, self.ghost, view)
        for pin in self.pins:
            x, y = view.to_px(pin.x, pin.y)
            paint_pin(painter, QPointF(float(x), float(y)), pin)

    @staticmethod
    def _paint_picture(painter: QPainter, ghost: Ghost, view: Viewport) -> None:
        x, y = (float(v) for v in view.to_px(0.0, 0.0))
        (ax, ay), (bx, by) = view.to_px(1.0, 0.0), view.to_px(0.0, 1.0)
        to_px = QTransform(float(ax) - x, float(ay) - y, float(bx) - x, float(by) - y, x, y)
        painter.save()
        painter.setOpacity(ghost.opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(ghost.to_ground * to_px, True)
        painter.drawImage(0, 0, ghost.image)
        painter.restore()

    def paint_credits(self, painter: QPainter, room: QRectF) -> None:
        """Write whose maps are shown at the lower right."""
        words = " · ".join(self._finished.painted.credits) if self._finished is not None else ""
        if not words:
            return
        font = base_font(SMALL_PX - 1)
        metrics = QFontMetricsF(font)
        width = min(metrics.horizontalAdvance(words) + 12, room.width())
        card = QRectF(room.right() - width, room.bottom() - 18, width, 18)
        painter.save()
        painter.fillRect(card, QColor(255, 255, 255, 205))
        painter.setFont(font)
        painter.setPen(QColor("#3A3A3A"))
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self._start)
        return timer

    def _is_newest(self) -> bool:
        return bool(self._shown) and self._shown == (self._wanted, self.backgrounds)

    def _start(self) -> None:
        project, wanted = self._session.project, self._wanted
        if project is None or wanted is None or not self.on:
            return
        if self._painter is None or self._painter.project != project.path:
            from gis.render.backdrop import Backdrop

            self._painter = Backdrop(project.path, project.snapshot.crs, self._paint_tiles)
        self._read_access()
        self._shown = (wanted, self.backgrounds)
        painting = BackdropOrder(self._painter, self.backgrounds, wanted)
        self._job.start(partial(paint_backdrop, painting, self._finished))

    def _read_access(self) -> None:
        """Take the user's keys and consents as they are now, if there are tiles to ask for."""
        if any(isinstance(b, TileBackground) and b.visible for b in self.backgrounds):
            from gis.raster.tiles.cache import TileCache
            from gis.raster.tiles.fetching import TileFetcher
            from gis.raster.tiles.keys import load_access
            from gis.render.tile_painting import TilePictures

            access = load_access()
            if self._fetcher is None:
                self._fetcher = TileFetcher(TileCache(), access)
                self._tiles = TilePictures(self._fetcher)
            elif self._fetcher.access != access:
                self._fetcher.use(access)

    def _paint_tiles(self, *details: Any) -> None:
        if self._tiles is not None:
            self._tiles(*details)

    def _forget(self) -> None:
        for timer in (self._pause, self._arriving, self._retry):
            timer.stop()
        self._job.cancel()
        self._shown = ()
        if self._finished is not None:
            self._finished = None
            self.landed.emit()
            self.state_changed.emit()

    def _on_landed(self, finished: FinishedBackdrop) -> None:
        before = self.painted
        self._finished = finished
        self.landed.emit()
        if before is None or _news(before) != _news(finished.painted):
            self.state_changed.emit()
        if finished.painted.pending:
            self._arriving.start()
        if any(trouble.code in _PASSING for trouble in finished.painted.troubles):
            self._retry.start()


def _news(painted: Painted) -> tuple[object, ...]:
    return tuple(painted.troubles), tuple(r.path for r in painted.waiting), tuple(painted.credits)


def _kept_by(session: Session) -> Snapshot | None:
    """Return the state whose backgrounds are shown: they belong to how one looks, not to a revision."""
    return session.project.snapshot if session.project is not None else None
