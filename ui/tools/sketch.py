"""Clicking a shape vertex by vertex: what drawing and measuring share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPolygonF

from gis import measure
from gis.i18n import tr
from gis.measure import XY
from layers.text import Text
from ui.canvas.cards import Line
from ui.canvas.marks import CASING, HIGHLIGHT, faint, pen
from ui.tools.event import MapEvent
from ui.tools.tool import PathTool, ToolHost

VERTEX_PX = 6.0


class SketchTool(PathTool):
    """Collects vertices: click adds, Backspace takes back, Enter, double-click or right-click finishes.

    Attributes
    ----------
    closed : bool
        Whether the vertices enclose an area.
    hint_more : Text
        What to do once there are vertices.
    """

    closed: ClassVar[bool] = False
    hint_more: ClassVar[Text]
    cursor = Qt.CursorShape.CrossCursor
    measures = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.pointer: XY | None = None

    @property
    def snaps(self) -> bool:
        return True

    @property
    def busy(self) -> bool:
        return bool(self.points)

    @property
    def sketch(self) -> Collection[XY]:
        return self.points[:-1]

    @property
    def anchor(self) -> XY | None:
        return self.points[-1] if self.points else None

    @property
    def before(self) -> XY | None:
        return self.points[-2] if len(self.points) > 1 else None

    def press(self, event: MapEvent) -> None:
        self.take(event.aim(self.anchor, self.before))

    def take(self, place: XY) -> None:
        if not self.points and not self.may_begin():
            return
        if self.points and place == self.points[-1]:
            return
        self.points.append(place)
        self.pointer = place
        self._tell()

    def move(self, event: MapEvent) -> None:
        self.pointer = event.aim(self.anchor, self.before)
        self.host.repaint_overlay()

    def double_click(self, event: MapEvent) -> None:
        # The first press of the double click has set the last vertex already.
        self.finish()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Backspace and self.take_back():
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.points:
            self.finish()
            return True
        return False

    def finish(self) -> None:
        if self.points and self.complete(tuple(self.points)):
            self.cancel()

    def cancel(self) -> bool:
        dropped = bool(self.points)
        self.points.clear()
        self.host.show_hint(self.hint)
        self.host.repaint_overlay()
        return dropped

    def take_up(self, points: Sequence[XY]) -> None:
        """Go on with what was handed over, if it was refused after all and nothing else is begun."""
        if not self.points:
            self.points = list(points)
            self._tell()

    def may_begin(self) -> bool:
        """Tell whether a first vertex may be set; if not, the user has been told why."""
        return True

    def complete(self, points: Sequence[XY]) -> bool:
        """Use the finished vertices; return False to let the user go on with them."""
        return True

    def running(self) -> list[XY]:
        """Return the vertices with the pointer as the next one."""
        points = list(self.points)
        if self.pointer is not None and points and self.pointer != points[-1]:
            points.append(self.pointer)
        return points

    def lines(self) -> list[Line]:
        """Return what the card beside the pointer says."""
        points = self.running()
        if len(points) < 2:
            return []
        lines = [
            Line(
                f"{measure.length_text(measure.segment_length_m(*points[-2:]))}   {_heading(points)}",
                strong=True,
            )
        ]
        if len(points) > 2:
            total = measure.length_text(measure.path_length_m(points))
            lines.append(Line(tr("累计 {total}", "Total {total}", total=total), soft=True))
            if self.closed:
                area = measure.area_text(measure.ring_area_m2(points))
                lines.append(Line(tr("面积 {area}", "Area {area}", area=tr(area)), soft=True))
        return lines

    def paint_overlay(self, painter: QPainter) -> None:
        if not self.points:
            return
        points = [self.to_px(p) for p in self.running()]
        paint_sketch(painter, points, len(self.points), closed=self.closed)
        if lines := self.lines():
            ring = [*points, points[0]] if self.closed else points
            self.host.cards.paint(painter, points[-1], lines, drawn=ring)

    def _tell(self) -> None:
        self.host.show_hint(self.hint_more if self.points else self.hint)
        self.host.repaint_overlay()


def paint_sketch(
    painter: QPainter, points: Sequence[QPointF], fixed: int, *, closed: bool, color: QColor = HIGHLIGHT
) -> None:
    """Paint vertices and the lines between them; those after `fixed` are only proposed and dashed."""
    if closed and len(points) > 2:
        area = QPainterPath()
        area.addPolygon(QPolygonF(list(points)))
        painter.fillPath(area, faint(color, 0.14))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    loose = [*points[max(fixed - 1, 0) :], *(points[:1] if closed and len(points) > 2 else [])]
    for line, dash in ((points[:fixed], ()), (loose, (3.0, 2.0))):
        if len(line) > 1:
            painter.setPen(pen(CASING, 4.4))
            painter.drawPolyline(QPolygonF(list(line)))
            painter.setPen(pen(color, 2.0, *dash))
            painter.drawPolyline(QPolygonF(list(line)))
    for point in points[:fixed]:
        paint_vertex(painter, point, color)


def paint_vertex(painter: QPainter, at: QPointF, color: QColor = HIGHLIGHT, *, full: bool = False) -> None:
    """Paint the square that stands for a vertex."""
    half = VERTEX_PX / 2 + (1.0 if full else 0.0)
    painter.setPen(pen(color, 1.6))
    painter.setBrush(color if full else CASING)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))


def _heading(points: Sequence[XY]) -> str:
    heading = measure.angle_text(measure.heading_deg(points[-2], points[-1]))
    if len(points) < 3:
        return tr("方位 {heading}", "heading {heading}", heading=heading)
    turn = measure.angle_text(measure.turn_deg(*points[-3:]))
    return tr("方位 {heading}   夹角 {turn}", "heading {heading}   angle {turn}", heading=heading, turn=turn)
