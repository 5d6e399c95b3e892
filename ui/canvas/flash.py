"""Where undo and redo changed something: the map goes there, and it lights up for a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import shapely
from PyQt6.QtCore import QObject, QRectF, Qt, QTimer
from PyQt6.QtGui import QPainter

from gis.pick import Box
from ui.canvas.marks import CASING, HIGHLIGHT, faint, pen
from ui.canvas.paths import outline_path, pixels
from ui.steps_shown import Place

if TYPE_CHECKING:
    from ui.canvas.canvas import MapCanvas

LASTS_S: Final = 1.1
_FRAME_MS: Final = 40
_DOT_PX: Final = 9.0
_AT_ONCE: Final = 8
"""So many outlines are painted in one path: the rasteriser is slow with many."""
_ROOMY: Final = 0.2
"""Around a change that is shown anew, as a share of it."""


class Flash(QObject):
    """Follows undo and redo on one map."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._shapes: list[shapely.Geometry] = []
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        canvas.session.stepped.connect(self.show)

    @property
    def shining(self) -> bool:
        """Whether something is lit up."""
        return self._timer.isActive()

    def show(self, place: Place) -> None:
        """Go where a change is, if it is out of sight, and light it up."""
        self._bring(place.box)
        self._shapes = place.shapes
        self._since = time.monotonic()
        self._timer.start()
        self._canvas.update()

    def paint(self, painter: QPainter) -> None:
        """Paint what is lit up, fainter from frame to frame."""
        left = 1.0 - (time.monotonic() - self._since) / LASTS_S
        if not self.shining or left <= 0.0:
            return
        painter.setOpacity(left)
        groups = (self._shapes[start : start + _AT_ONCE] for start in range(0, len(self._shapes), _AT_ONCE))
        paths = [outline_path(some, self._canvas.viewport) for some in groups]
        for path in paths:
            painter.fillPath(path, faint(HIGHLIGHT, 0.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        points = [s for s in self._shapes if shapely.get_dimensions(s) == 0]
        dots = pixels(shapely.get_coordinates(points), self._canvas.viewport).tolist() if points else []
        for color, width in ((CASING, 6.0), (HIGHLIGHT, 3.0)):
            painter.setPen(pen(color, width))
            for path in paths:
                painter.drawPath(path)
            for x, y in dots:
                painter.drawEllipse(QRectF(x - _DOT_PX, y - _DOT_PX, 2 * _DOT_PX, 2 * _DOT_PX))
        painter.setOpacity(1.0)

    def _bring(self, box: Box) -> None:
        """Pan to an extent that is out of sight, or zoom if it is larger than the view."""
        view, navigator = self._canvas.viewport, self._canvas.navigator
        west, south, east, north = view.extent
        if box[0] <= east and box[2] >= west and box[1] <= north and box[3] >= south:
            inside = box[0] >= west and box[2] <= east and box[1] >= south and box[3] <= north
            if inside or (box[2] - box[0] > east - west) or (box[3] - box[1] > north - south):
                return
        wide, high = box[2] - box[0], box[3] - box[1]
        if wide > east - west or high > north - south:
            navigator.zoom_to(box, margin=_ROOMY)
            return
        x, y = view.to_px((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        navigator.pan(view.width_px / 2 - float(x), view.height_px / 2 - float(y))

    def _on_frame(self) -> None:
        if time.monotonic() - self._since > LASTS_S:
            self._timer.stop()
            self._shapes = []
        self._canvas.update()
