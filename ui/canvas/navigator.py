"""What part of the ground is shown, and how the user moves it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from gis.pick import Box
from gis.render.viewport import Viewport, turning
from layers.style import SCREEN_PX_PER_MM
from ui.canvas.view_history import ViewHistory

FRAME_MS: Final = 15
SETTLE_MS: Final = 300
FIT_MARGIN: Final = 0.04
SCALES: Final = (5.0, 5_000_000.0)
"""Smallest and largest scale denominator."""
REST_DEG: Final = 0.75
SMALLEST_EXTENT_M: Final = 10.0
"""An object smaller than this is shown with this much around it."""


class Navigator(QObject):
    """Holds the viewport in logical pixels and moves it, wheel steps smoothly.

    Signals
    -------
    moved()
        Another part or scale is shown.
    settled()
        The user has stopped moving for a moment.
    """

    moved = pyqtSignal()
    settled = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport(500_000.0, 4_000_000.0, 0.25, 640, 480, SCREEN_PX_PER_MM)
        self.smooth = True
        self._history = ViewHistory()
        self._left = 0.0
        self._anchor = (0.0, 0.0)
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._zoom_on)
        self._settle = QTimer(self)
        self._settle.setInterval(SETTLE_MS)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._on_settled)

    @property
    def zooming(self) -> bool:
        """Whether a smooth zoom is under way."""
        return self._frames.isActive()

    def resize(self, width_px: int, height_px: int) -> None:
        """Show more or less around the same centre."""
        self._show(self.viewport.resized(max(width_px, 1), max(height_px, 1)))

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the picture right and down by pixels."""
        self._show(self.viewport.panned(dx_px, dy_px))

    def zoom_at(self, px: float, py: float, factor: float) -> None:
        """Enlarge by `factor` around a pixel at once."""
        low, high = SCALES
        now = self.viewport.scale_denominator
        factor = now / min(max(now / factor, low), high)
        if not math.isclose(factor, 1.0, rel_tol=1e-9):
            self._show(self.viewport.zoomed_at(px, py, factor))

    def glide_at(self, px: float, py: float, factor: float) -> None:
        """Enlarge around a pixel in a short smooth movement; steps add up."""
        if not self.smooth:
            self.zoom_at(px, py, factor)
            return
        self._left += math.log(factor)
        self._anchor = (px, py)
        if not self._frames.isActive():
            self._frames.start()
            self._zoom_on()

    def zoom_to(self, extent: Box, margin: float = FIT_MARGIN) -> None:
        """Show an extent with a little around it."""
        west, south, east, north = extent
        grow = max(0.0, (SMALLEST_EXTENT_M - max(east - west, north - south)) / 2.0)
        view = self.viewport
        box = (west - grow, south - grow, east + grow, north + grow)
        # what is turned takes more room on the screen
        cos, sin = (abs(part) for part in turning(view.turn_deg))
        across, up = box[2] - box[0], box[3] - box[1]
        half_x, half_y = (across * cos + up * sin) / 2, (across * sin + up * cos) / 2
        x, y = (west + east) / 2, (south + north) / 2
        fitted = Viewport.fitted(
            (x - half_x, y - half_y, x + half_x, y + half_y),
            view.width_px,
            view.height_px,
            margin,
            view.px_per_mm,
        )
        self.show_view(replace(fitted, turn_deg=view.turn_deg))

    def turn_to(self, turn_deg: float) -> None:
        """Turn the map to an angle (clockwise, 0 is north up) around its middle."""
        self._stop()
        self._show(self.viewport.turned(turn_deg))

    def turn_at(self, px: float, py: float, by_deg: float) -> None:
        """Turn the map by an angle around a pixel; near north up it rests there."""
        turn = self.viewport.turned(self.viewport.turn_deg + by_deg).turn_deg
        self._show(self.viewport.turned(0.0 if abs(turn) < REST_DEG else turn, px, py))

    def set_scale(self, denominator: float) -> None:
        """Show another scale around the same centre."""
        view = self.viewport
        self._stop()
        self.zoom_at(view.width_px / 2.0, view.height_px / 2.0, view.scale_denominator / denominator)

    def show_view(self, view: Viewport) -> None:
        """Show a viewport as it is, within the allowed scales."""
        self._stop()
        low, high = SCALES
        allowed = min(max(view.scale_denominator, low), high) / view.scale_denominator
        self._show(replace(view, metres_per_px=view.metres_per_px * allowed))

    def back(self) -> None:
        """Return to the view before."""
        self._note_unsettled()
        self._go(self._history.back())

    def forward(self) -> None:
        """Go to the view that `back` came from."""
        self._go(self._history.forward())

    def forget_history(self) -> None:
        """Begin the history with the present view."""
        self._history = ViewHistory()
        self._on_settled()

    def _note_unsettled(self) -> None:
        if self._settle.isActive():
            self._settle.stop()
            self._history.visit(self.viewport)

    def _go(self, view: Viewport | None) -> None:
        if view is not None:
            now = self.viewport
            self.show_view(replace(view, width_px=now.width_px, height_px=now.height_px))

    def _show(self, view: Viewport) -> None:
        if view == self.viewport:
            return
        self.viewport = view
        self._settle.start()
        self.moved.emit()

    def _zoom_on(self) -> None:
        step = self._left * 0.38
        if abs(self._left) < 0.02:
            step = self._left
        self._left -= step
        if self._left == 0.0:
            self._frames.stop()
        self.zoom_at(*self._anchor, math.exp(step))
        if self._left == 0.0:
            self.moved.emit()

    def _stop(self) -> None:
        self._left = 0.0
        self._frames.stop()

    def _on_settled(self) -> None:
        self._history.visit(self.viewport)
        self.settled.emit()
