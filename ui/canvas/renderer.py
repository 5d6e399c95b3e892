"""Keeps the newest picture of the map, made in another thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Final

from PyQt6.QtCore import QElapsedTimer, QObject, QTimer, pyqtSignal

from layers.snapshot import Snapshot
from ui.canvas.frame import Frame, FrameOrder, FramePainter
from ui.canvas.newest_job import NewestJob, Pace

PAUSE_MS: Final = 80
"""A new picture is begun when the user has not moved the map for this long ..."""
LONGEST_WAIT_MS: Final = 350
"""... or has been moving it for this long."""
CALM_MS: Final = 120
"""So long after the last movement the threads work gently."""


class MapRenderer(QObject):
    """Takes orders for pictures and gives the newest.

    Signals
    -------
    landed()
        `frame` is a new picture.
    busy_changed(bool)
    """

    landed = pyqtSignal()
    busy_changed = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="map")
        self._preparing = ThreadPoolExecutor(2, thread_name_prefix="map-prepare")
        self._painter = FramePainter(self._preparing)
        self._job = NewestJob(self._threads, self)
        self._job.landed.connect(self._on_landed)
        self._job.busy_changed.connect(self.busy_changed)
        self._wanted: FrameOrder | None = None
        self._started: FrameOrder | None = None
        self._early: FrameOrder | None = None
        self._ahead: Frame | None = None
        self._waiting = QElapsedTimer()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._start)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self._on_calm)

    @property
    def pace(self) -> Pace:
        """How hard the threads work; gently while the user moves the map."""
        return self._job.pace

    @property
    def busy(self) -> bool:
        """Whether a newer picture is being made or waited for."""
        return self._job.busy or self._pause.isActive()

    def order(self, order: FrameOrder, *, moving: bool = False) -> None:
        """Ask for a picture; while the user is `moving` the map, wait for a pause."""
        self._wanted = order
        if self._came_true(order):
            return
        if not moving:
            self._pause.stop()
            self._start()
            return
        self._job.pace.gentle = True
        self._calm.start()
        if not self._pause.isActive():
            self._waiting.start()
        # A picture under way is finished first, or a long drag would never see one.
        left = PAUSE_MS if self._job.busy else LONGEST_WAIT_MS - int(self._waiting.elapsed())
        self._pause.start(max(0, min(PAUSE_MS, left)))

    def foresee(self, snapshot: Snapshot) -> None:
        """Begin the picture of what the plan will be once it is on disk; it is shown when it is asked for."""
        wanted, known = self._wanted, self.frame
        if self.busy or wanted is None or known is None or not known.last or not wanted.same_as(known.order):
            return
        self._early = self._started = replace(wanted, snapshot=snapshot)
        self._job.start(partial(self._painter.paint, self._early))

    def _came_true(self, order: FrameOrder) -> bool:
        """Take note of an order; show the picture that was made ahead if it is what is asked for."""
        if self._early is not None and self._early.snapshot is order.snapshot:
            self._early = None
        ahead, self._ahead = self._ahead, None
        if ahead is None or not order.same_as(ahead.order):
            return False
        self._pause.stop()
        self.frame = ahead
        self.landed.emit()
        return True

    def clear(self) -> None:
        """Show nothing."""
        self._pause.stop()
        self._job.cancel()
        self._early = self._ahead = None
        self.frame = self._wanted = self._started = None
        self.landed.emit()

    def close(self) -> None:
        """Stop the threads."""
        self._pause.stop()
        self._job.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._preparing.shutdown(wait=True, cancel_futures=True)

    def _start(self) -> None:
        wanted = self._wanted
        if wanted is None:
            return
        if self._job.busy and wanted.same_as(self._started):
            return
        known = self.frame
        if not self._job.busy and known is not None and known.last and wanted.same_as(known.order):
            return
        self._started = wanted
        first = wanted.glance or (known is None and self._painter.wants_sketch(wanted))
        self._job.start(partial(self._painter.sketch if first else self._painter.paint, wanted))

    def _on_calm(self) -> None:
        self._job.pace.gentle = False

    def _on_landed(self, frame: Frame) -> None:
        if frame.order is self._early:
            self._early, self._ahead = None, frame
            return
        self.frame = frame
        self.landed.emit()
        if not frame.last:  # it only stands in: the real one follows
            self._start()
