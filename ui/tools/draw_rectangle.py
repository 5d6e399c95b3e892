"""Drawing rectangles."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PyQt6.QtGui import QPainter
from shapely import Geometry

from gis import measure
from gis.edit.exact import Polar
from gis.edit.shapes import rectangle_between, rectangle_corners
from gis.i18n import tr
from gis.measure import XY
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.drawing import DrawTool
from ui.tools.entry import Entry, Values
from ui.tools.event import MapEvent
from ui.tools.sketch import paint_sketch
from ui.tools.tool import ToolHost, pixels_apart

DRAG_PX = 6.0
WIDTH = Entry("length", Text("宽", "Width"), "m", place=True)
HEIGHT = Entry("height", Text("高", "Height"), "m", minimum=0.001)


class DrawRectangleTool(DrawTool):
    """Draws rectangles into the active layer: two clicks, or one drag; Shift makes a square."""

    id = "draw-rectangle"
    title = Text("画矩形", "Draw rectangle")
    hint = Text("单击矩形的一个角点，或按住拖出", "Click a corner of the rectangle, or drag")
    hint_more = Text(
        "单击对角点；Shift 为正方形，Esc 取消", "Click the opposite corner; Shift makes a square, Esc cancels"
    )
    shape = "polygon"
    closed = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._pressed_at: XY | None = None

    def press(self, event: MapEvent) -> None:
        if self.points:
            self._take(event)
        else:
            self.take(event.snapped)
            self._pressed_at = event.pixel if self.points else None

    def take(self, place: XY) -> None:
        if not self.points:
            super().take(place)
        else:
            self.pointer = place
            self.finish()

    def move(self, event: MapEvent) -> None:
        self.pointer = self._corner(event)
        self.host.repaint_overlay()

    def release(self, event: MapEvent) -> None:
        start, self._pressed_at = self._pressed_at, None
        if start is not None and self.points and pixels_apart(start, event.pixel) > DRAG_PX:
            self._take(event)

    def double_click(self, event: MapEvent) -> None:
        self.press(event)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (WIDTH, HEIGHT) if self.points else super().entries

    def held(self, place: XY, values: Values) -> XY:
        if not self.points or not _sides_only(values):
            return super().held(place, values)
        pointed = zip(("length", "height"), self._sides(place), strict=True)
        width, height = (_side(values, name, side) for name, side in pointed)
        return measure.at_sides(self.points[0], width, height, self._turn_deg)

    def enter(self, values: Values) -> bool:
        if not self.points or not _sides_only(values):
            return super().enter(values)
        if len(values) < 2:
            return False  # the other side is still to come
        self.take(self.held(self.pointer or self.points[0], values))
        return True

    def finish(self) -> None:
        if self.points and self.pointer is not None and self.complete((self.points[0], self.pointer)):
            self.cancel()

    def geometry_of(self, points: Sequence[XY]) -> Geometry:
        return rectangle_between(points[0], points[-1], self._turn_deg)

    def lines(self) -> list[Line]:
        width, height = (abs(side) for side in self._sides(self.pointer or self.points[0]))
        area = tr(measure.area_text(width * height))
        return [
            Line(f"{measure.length_text(width)} × {measure.length_text(height)}", strong=True),
            Line(tr("面积 {area}", "Area {area}", area=area), soft=True),
        ]

    def paint_overlay(self, painter: QPainter) -> None:
        if not self.points or self.pointer is None:
            return
        corners = rectangle_corners(self.points[0], self.pointer, self._turn_deg)
        ring = [self.to_px(p) for p in (*corners, corners[0])]
        paint_sketch(painter, ring, len(ring), closed=True)
        self.host.cards.paint(painter, self.to_px(self.pointer), self.lines(), drawn=ring)

    def _take(self, event: MapEvent) -> None:
        self.pointer = self._corner(event)
        self.finish()

    def _corner(self, event: MapEvent) -> XY:
        if not (event.shift and self.points):
            return event.snapped
        right, up = self._sides(event.snapped)
        side = max(abs(right), abs(up))
        x, y = measure.at_sides(
            self.points[0], math.copysign(side, right), math.copysign(side, up), self._turn_deg
        )
        return round(x, 3), round(y, 3)

    def _sides(self, place: XY) -> XY:
        return measure.sides_of(self.points[0], place, self._turn_deg)

    @property
    def _turn_deg(self) -> float:
        """How the map is turned: a rectangle lies along the screen, as a turned map is drawn on."""
        return self.host.viewport.turn_deg


def _sides_only(values: Values) -> bool:
    """Tell whether plain sides are typed, and not a place for the opposite corner."""
    width = values.get("length")
    return bool(values) and (width is None or (isinstance(width, Polar) and width.angle_deg is None))


def _side(values: Values, name: str, pointed: float) -> float:
    """Return a typed side, towards where the pointer is; the pointed one if none is typed."""
    typed = values.get(name)
    length = typed.length_m if isinstance(typed, Polar) else typed
    return pointed if not isinstance(length, (int, float)) else math.copysign(length, pointed)
