"""What measuring a length and an area share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from PyQt6.QtGui import QPainter

from gis.measure import XY
from ui.canvas.cards import Line
from ui.tools.sketch import SketchTool, paint_sketch
from ui.tools.tool import ToolHost


class MeasureTool(SketchTool):
    """A sketch whose measure stays on the map until the next one."""

    least: ClassVar[int] = 2

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.measured: tuple[XY, ...] = ()

    @abstractmethod
    def result(self, points: Sequence[XY]) -> list[Line]:
        """Return what the card at the finished shape says."""

    def take(self, place: XY) -> None:
        self.measured = ()
        super().take(place)

    def complete(self, points: Sequence[XY]) -> bool:
        if len(points) < self.least:
            return False
        self.measured = tuple(points)
        return True

    def finish(self) -> None:
        points = tuple(self.points)
        if points and self.complete(points):
            super().cancel()
            self.measured = points

    def cancel(self) -> bool:
        had = bool(self.measured)
        self.measured = ()
        return super().cancel() or had

    def paint_overlay(self, painter: QPainter) -> None:
        if self.measured:
            points = [self.to_px(p) for p in self.measured]
            ring = [*points, points[0]] if self.closed else points
            paint_sketch(painter, ring, len(ring), closed=self.closed)
            self.host.cards.paint(painter, points[-1], self.result(self.measured))
        super().paint_overlay(painter)
