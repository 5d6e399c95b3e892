"""The line of circles: revisions and alternatives, to see one or to draw one onto another."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gis.i18n import tr
from layers.revision import WORKING
from ui.models.branch_graph import BranchGraph, Link, Stop
from ui.panels.timeline_words import Wish, ends_of, placed
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX, theme

HEIGHT = 56
LANE_PX, MOST_LANES = 34, 4
_MAX_GAP, _NARROW_GAP, _WIDE_EDGE, _NARROW_EDGE = 168, 60, 56, 20
_LANE_GAP, _LANE_EDGE = 112, 48
_FIRST_Y, _FIRST_LANE_Y = 16, 14
_LEAST_WIDTH, _NEAR = 120, 30
_WIDEST, _SHORT_NAME = 104, 18
_ORDINARY = 4
"""How important a circle is that is neither seen, compared, pointed at, nor a working plan."""
_RADIUS = 7
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class TimelineTrack(QWidget):
    """The revisions and alternatives.

    Signals
    -------
    view_requested(str)
    compare_requested(str, str)
        Labels in the order of time; two working plans in the order of the drag.
    menu_requested(Stop, QPoint)
    """

    view_requested = pyqtSignal(str)
    compare_requested = pyqtSignal(str, str)
    menu_requested = pyqtSignal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.graph = BranchGraph()
        self.view = WORKING
        self.pair: tuple[str, str] | None = None
        self._hover = self._from = -1
        self._at = QPoint()
        self._dragging = False

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The circles."""
        return self.graph.stops

    @property
    def several(self) -> bool:
        """Whether there are alternatives, each on its lane."""
        return self.graph.lanes > 1

    def show_graph(self, graph: BranchGraph, view: str, pair: tuple[str, str] | None) -> None:
        """Show the revisions, which of them is seen, and which two are compared."""
        self.graph, self.view, self.pair = graph, view, pair
        self._hover = self._from = -1
        words = ", ".join(f"{tr(s.name)}{'*' if s.label == view else ''}" for s in graph.stops)
        self.setAccessibleName(tr("版次时间轴：{w}", "Revision timeline: {w}", w=words))
        self.setFixedHeight(graph.lanes * LANE_PX + 4 if self.several else HEIGHT)
        self.update()

    def centre(self, index: int) -> QPointF:
        """Return the middle of a circle in pixels."""
        edge, gap = self._spacing()
        stop = self.stops[index]
        y = _FIRST_LANE_Y + stop.lane * LANE_PX if self.several else _FIRST_Y
        return QPointF(edge + stop.column * gap, y)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, self.height())

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for link in self.graph.links:
            self._paint_link(painter, link)
        self._paint_pair(painter)
        for index, stop in enumerate(self.stops):
            self._paint_stop(painter, index, stop)
        self._paint_words(painter)
        if self._dragging:
            painter.setPen(QPen(QColor(theme().change), 2, Qt.PenStyle.DashLine))
            painter.drawLine(self.centre(self._from), QPointF(self._at))

    def mousePressEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is not None and a0.button() == Qt.MouseButton.LeftButton:
            self._from = self._index_at(a0.position().toPoint())

    def mouseMoveEvent(self, a0: QMouseEvent | None) -> None:
        if a0 is None:
            return
        self._at = a0.position().toPoint()
        self._hover = self._index_at(self._at)
        if self._from >= 0 and a0.buttons() & Qt.MouseButton.LeftButton and self._hover != self._from:
            self._dragging = True
        pointing = Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor
        self.setCursor(pointing)
        self.update()

    def mouseReleaseEvent(self, a0: QMouseEvent | None) -> None:
        start, self._from, self._dragging = self._from, -1, False
        self.update()
        if a0 is None or a0.button() != Qt.MouseButton.LeftButton or start < 0:
            return
        end = self._index_at(a0.position().toPoint())
        if end < 0:
            return
        if end == start and not a0.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.view_requested.emit(self.stops[end].label)
            return
        if end == start:
            start = self.graph.index(self.view)
        if start >= 0 and start != end:
            self.compare_requested.emit(*self.ordered(start, end))

    def ordered(self, start: int, end: int) -> tuple[str, str]:
        """Return the labels of two stops, the earlier one first; as they are given if neither is earlier."""
        if self.stops[start].column > self.stops[end].column:
            start, end = end, start
        return self.stops[start].label, self.stops[end].label

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:
        if a0 is None:
            return
        by_key = a0.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.graph.index(self.view) if by_key else self._index_at(a0.pos())
        if index >= 0:
            where = self.centre(index).toPoint() + QPoint(0, 12) if by_key else a0.pos()
            self._from, self._dragging = -1, False
            self.menu_requested.emit(self.stops[index], self.mapToGlobal(where))

    def leaveEvent(self, a0: QEvent | None) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        step = _ARROWS.get(Qt.Key(a0.key())) if a0 is not None else None
        beside = self.graph.beside(self.view, *step) if step is not None else None
        if beside is not None:
            self.view_requested.emit(beside.label)
        else:
            super().keyPressEvent(a0)

    def event(self, a0: QEvent | None) -> bool:
        if isinstance(a0, QHelpEvent):
            index = self._index_at(a0.pos())
            if index >= 0:
                hint = tr(
                    "单击查看；拖到另一版即可比较；右键新建比选方案",
                    "Click to view; drag onto another one to compare; right-click to begin an alternative",
                )
                QToolTip.showText(a0.globalPos(), f"{tr(self.stops[index].tip)}\n{hint}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(a0)

    def _index_at(self, where: QPoint) -> int:
        _, gap = self._spacing()
        for index in range(len(self.stops)):
            centre = self.centre(index)
            up, down = (12, LANE_PX - 12) if self.several else (_NEAR + 6, _NEAR + 6)
            if abs(where.x() - centre.x()) <= min(_NEAR, gap / 2) and -up <= where.y() - centre.y() <= down:
                return index
        return -1

    def _spacing(self) -> tuple[float, float]:
        """Return the first circle's place and the distance between two: wide if there is room for words."""
        steps = max(1, self.graph.columns - 1)
        wide_edge, most = (_LANE_EDGE, _LANE_GAP) if self.several else (_WIDE_EDGE, _MAX_GAP)
        wide = (self.width() - 2 * wide_edge - 8) / steps
        if wide >= _NARROW_GAP:
            return wide_edge, min(most, wide)
        return _NARROW_EDGE, max(8.0, (self.width() - 2 * _NARROW_EDGE) / steps)

    def _paint_link(self, painter: QPainter, link: Link) -> None:
        styles = {"line": Qt.PenStyle.SolidLine, "open": Qt.PenStyle.DotLine, "merge": Qt.PenStyle.DashLine}
        width = 1.4 if link.kind == "merge" else 2.0
        painter.setPen(QPen(QColor(theme().line_strong), width, styles[link.kind]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._way(self.centre(link.start), self.centre(link.end), link.kind == "merge"))

    def _way(self, start: QPointF, end: QPointF, late: bool) -> QPainterPath:
        """Return a line along a lane that changes lanes at once, or, for a merge, at its end."""
        path = QPainterPath(start)
        if start.y() == end.y():
            path.lineTo(end)
            return path
        reach = min(abs(end.x() - start.x()), 40.0)
        turn = end.x() - reach if late else start.x() + reach
        if late:
            path.lineTo(turn, start.y())
            path.cubicTo(turn + reach / 2, start.y(), turn + reach / 2, end.y(), end.x(), end.y())
        else:
            path.cubicTo(start.x() + reach * 0.7, start.y(), start.x() + reach * 0.3, end.y(), turn, end.y())
            path.lineTo(end)
        return path

    def _paint_pair(self, painter: QPainter) -> None:
        if self.pair is None:
            return
        first, second = self.graph.index(self.pair[0]), self.graph.index(self.pair[1])
        if first < 0 or second < 0:
            return
        start, end = self.centre(first), self.centre(second)
        painter.setPen(QPen(QColor(theme().change), 3))
        painter.drawLine(start, end)
        along = end - start
        length = max(1.0, (along.x() ** 2 + along.y() ** 2) ** 0.5)
        ahead, side = along / length, QPointF(-along.y(), along.x()) / length
        tip = QPainterPath(end - ahead * 9)
        tip.lineTo(end - ahead * 17 + side * 5)
        tip.lineTo(end - ahead * 17 - side * 5)
        tip.closeSubpath()
        painter.fillPath(tip, QColor(theme().change))

    def _paint_stop(self, painter: QPainter, index: int, stop: Stop) -> None:
        colors = theme()
        centre = self.centre(index)
        seen = stop.label == self.view
        compared = self._is_compared(stop)
        marked = seen or index == self._hover
        tone = QColor(theme().change if compared else colors.accent if marked else colors.text_faint)
        if index == self._hover or (seen and self.hasFocus()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.hover if not self.hasFocus() else colors.accent_soft))
            painter.drawEllipse(centre, 13, 13)
        painter.setPen(QPen(tone, 2))
        painter.setBrush(tone if seen else QColor(colors.panel))
        painter.drawEllipse(centre, _RADIUS, _RADIUS)
        if self.several and stop.label == WORKING and not seen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent))
            painter.drawEllipse(centre, 3, 3)

    def _paint_words(self, painter: QPainter) -> None:
        """Write names, and titles where there is one lane; those that matter now have the first choice."""
        order = sorted(range(len(self.stops)), key=self._importance)
        wishes = [self._name_wish(index) for index in order]
        if not self.several:
            wishes += [self._title_wish(index) for index in order]
        align = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
        for at, word in enumerate(placed(wishes, self.width())):
            index, title = order[at % len(order)], at >= len(order)
            if word is None:
                continue
            if self.several:  # a line to another lane may run behind the words
                painter.fillRect(word.box.adjusted(-2, 1, 2, 1), QColor(theme().panel))
            painter.setFont(base_font(11) if title else self._name_font(index))
            painter.setPen(QColor(theme().text_soft) if title else self._name_color(index))
            painter.drawText(QRectF(word.box.adjusted(-4, 0, 4, 0)), align, word.text)

    def _importance(self, index: int) -> tuple[int, int]:
        """Return what sorts circles by who is to have a name first."""
        stop = self.stops[index]
        marks = (stop.label == self.view, self._is_compared(stop), index == self._hover, stop.is_open)
        return next((at for at, mark in enumerate(marks) if mark), _ORDINARY), index

    def _name_wish(self, index: int) -> Wish:
        stop, important = self.stops[index], self._importance(index)[0] < _ORDINARY
        below = 7 if self.several else 10
        return Wish(
            *self._below(index, below),
            (tr(stop.name), tr(stop.short)),
            QFontMetrics(self._name_font(index)),
            self._reach(important),
            Qt.TextElideMode.ElideRight if important else Qt.TextElideMode.ElideNone,
        )

    def _title_wish(self, index: int) -> Wish:
        important = self._importance(index)[0] < _ORDINARY
        words = ends_of(tr(self.stops[index].below))
        measure, reach = QFontMetrics(base_font(11)), self._reach(important)
        return Wish(*self._below(index, 23), words, measure, reach, Qt.TextElideMode.ElideLeft)

    def _below(self, index: int, down: int) -> tuple[int, int]:
        centre = self.centre(index)
        return round(centre.x()), round(centre.y()) + down

    def _reach(self, important: bool) -> int:
        """Return how far words may go to either side: half the way to a neighbour, or more if they matter.

        Where circles are so close that few have a name, those that matter have the room they need.
        """
        _, gap = self._spacing()
        more = gap - _SHORT_NAME if gap >= 2 * _SHORT_NAME else _WIDEST / 2
        return round(max(gap / 2 - 4, min(more, _WIDEST / 2) if important else 0))

    def _is_compared(self, stop: Stop) -> bool:
        return self.pair is not None and stop.label in self.pair

    def _is_strong(self, stop: Stop) -> bool:
        here = self.several and stop.label == WORKING
        return stop.label == self.view or self._is_compared(stop) or here

    def _name_font(self, index: int) -> QFont:
        strong = self._is_strong(self.stops[index])
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Medium
        return base_font(11 if self.several else SMALL_PX, weight)

    def _name_color(self, index: int) -> QColor:
        stop, colors = self.stops[index], theme()
        if self._is_compared(stop):
            return QColor(colors.change)
        return QColor(colors.accent if self._is_strong(stop) else colors.text)
