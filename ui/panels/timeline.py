"""The revision timeline over the map: see a revision, or draw one onto another to compare."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from gis.i18n import tr
from layers import palette
from layers.revision import WORKING, Revision
from layers.text import Text, same
from ui.models.words import date_words
from ui.panels.parts import Wording, button, icon_button, row, set_property
from ui.session import Session
from ui.theme.appearance import base_font
from ui.theme.icons import icon
from ui.theme.tokens import SMALL_PX, theme

HEIGHT = 56
PLAY_MS = 1400
_MAX_GAP, _NARROW_GAP, _WIDE_EDGE, _NARROW_EDGE = 168, 60, 56, 20
_LEAST_WIDTH, _NEAR = 120, 30
_WORKING_TITLE = Text("当前方案", "Working plan")


@dataclass(frozen=True)
class Stop:
    """One circle of the timeline."""

    label: str
    name: Text
    below: Text
    tip: Text


def stops_of(revisions: tuple[Revision, ...]) -> tuple[Stop, ...]:
    """Return the revisions, oldest first, and the working plan."""
    stops = [_stop(revision) for revision in revisions]
    working = Stop(
        WORKING,
        _WORKING_TITLE,
        Text("正在编辑", "being edited"),
        Text("正在编辑的方案", "The plan being edited"),
    )
    return (*stops, working)


def _stop(revision: Revision) -> Stop:
    day = date_words(revision.created)
    parts = [revision.title, revision.author, revision.note]
    lines = [p for p in parts if p]
    tip = Text(
        "\n".join([f"{revision.label}  {day.zh}", *lines]), "\n".join([f"{revision.label}  {day.en}", *lines])
    )
    return Stop(revision.label, same(revision.label), same(revision.title) if revision.title else day, tip)


class TimelineTrack(QWidget):
    """The line of circles.

    Signals
    -------
    view_requested(str)
    compare_requested(str, str)
        Labels in the order of time.
    """

    view_requested = pyqtSignal(str)
    compare_requested = pyqtSignal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.stops: tuple[Stop, ...] = ()
        self.view = WORKING
        self.pair: tuple[str, str] | None = None
        self._hover = self._from = -1
        self._at = QPoint()
        self._dragging = False

    def show_stops(self, stops: tuple[Stop, ...], view: str, pair: tuple[str, str] | None) -> None:
        """Show the revisions, which of them is seen, and which two are compared."""
        self.stops, self.view, self.pair = stops, view, pair
        words = ", ".join(f"{tr(s.name)}{'*' if s.label == view else ''}" for s in stops)
        self.setAccessibleName(tr("版次时间轴：{w}", "Revision timeline: {w}", w=words))
        self.update()

    def centre(self, index: int) -> QPointF:
        """Return the middle of a circle in pixels."""
        edge, gap = self._spacing()
        return QPointF(edge + index * gap, 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, HEIGHT)

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        for index, stop in enumerate(self.stops):
            self._paint_stop(painter, index, stop)
        if self._dragging:
            painter.setPen(QPen(QColor(palette.CHANGE), 2, Qt.PenStyle.DashLine))
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
            start = next((i for i, s in enumerate(self.stops) if s.label == self.view), end)
        if start != end:
            self.compare_requested.emit(self.stops[min(start, end)].label, self.stops[max(start, end)].label)

    def leaveEvent(self, a0: QEvent | None) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(a0.key())) if a0 is not None else None
        at = next((i for i, s in enumerate(self.stops) if s.label == self.view), -1)
        if step is not None and 0 <= at + step < len(self.stops):
            self.view_requested.emit(self.stops[at + step].label)
        else:
            super().keyPressEvent(a0)

    def event(self, a0: QEvent | None) -> bool:
        if isinstance(a0, QHelpEvent):
            index = self._index_at(a0.pos())
            if index >= 0:
                hint = tr("单击查看；拖到另一版即可比较", "Click to view; drag onto another one to compare")
                QToolTip.showText(a0.globalPos(), f"{tr(self.stops[index].tip)}\n{hint}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(a0)

    def _index_at(self, where: QPoint) -> int:
        _, gap = self._spacing()
        for index in range(len(self.stops)):
            centre = self.centre(index)
            if (
                abs(where.x() - centre.x()) <= min(_NEAR, gap / 2)
                and abs(where.y() - centre.y()) <= _NEAR + 6
            ):
                return index
        return -1

    def _spacing(self) -> tuple[float, float]:
        """Return the first circle's place and the distance between two: wide if there is room for words."""
        steps = max(1, len(self.stops) - 1)
        wide = (self.width() - 2 * _WIDE_EDGE - 8) / steps
        if wide >= _NARROW_GAP:
            return _WIDE_EDGE, min(_MAX_GAP, wide)
        return _NARROW_EDGE, max(8.0, (self.width() - 2 * _NARROW_EDGE) / steps)

    def _paint_line(self, painter: QPainter) -> None:
        if len(self.stops) < 2:
            return
        painter.setPen(QPen(QColor(theme().line_strong), 2))
        painter.drawLine(self.centre(0), self.centre(len(self.stops) - 2))
        dotted = QPen(QColor(theme().line_strong), 2, Qt.PenStyle.DotLine)
        painter.setPen(dotted)
        painter.drawLine(self.centre(len(self.stops) - 2), self.centre(len(self.stops) - 1))
        if self.pair is None:
            return
        labels = [s.label for s in self.stops]
        if self.pair[0] in labels and self.pair[1] in labels:
            start, end = self.centre(labels.index(self.pair[0])), self.centre(labels.index(self.pair[1]))
            painter.setPen(QPen(QColor(palette.CHANGE), 3))
            painter.drawLine(start, end)
            tip = QPainterPath(end + QPointF(-9, 0))
            tip.lineTo(end + QPointF(-17, -5))
            tip.lineTo(end + QPointF(-17, 5))
            tip.closeSubpath()
            painter.fillPath(tip, QColor(palette.CHANGE))

    def _paint_stop(self, painter: QPainter, index: int, stop: Stop) -> None:
        colors = theme()
        centre = self.centre(index)
        seen = stop.label == self.view
        compared = self.pair is not None and stop.label in self.pair
        tone = QColor(
            palette.CHANGE
            if compared
            else colors.accent
            if seen or index == self._hover
            else colors.text_faint
        )
        if index == self._hover or (seen and self.hasFocus()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.hover if not self.hasFocus() else colors.accent_soft))
            painter.drawEllipse(centre, 13, 13)
        painter.setPen(QPen(tone, 2))
        painter.setBrush(tone if seen else QColor(colors.panel))
        painter.drawEllipse(centre, 7, 7)
        _, gap = self._spacing()
        if gap < _NARROW_GAP and not (seen or compared or index == self._hover):
            return  # no room for every name: only those that matter now
        width = round(min(2 * _WIDE_EDGE - 4, max(gap, _NARROW_GAP) - 6))
        box = QRect(round(centre.x()) - width // 2, 26, width, 14)
        box.moveLeft(max(0, min(box.left(), self.width() - width)))
        name = tr(stop.name)
        bold = base_font(SMALL_PX, QFont.Weight.DemiBold if seen or compared else QFont.Weight.Medium)
        align = Qt.AlignmentFlag.AlignHCenter
        painter.setFont(bold)
        painter.setPen(QColor(palette.CHANGE if compared else colors.accent if seen else colors.text))
        painter.drawText(QRectF(box), int(align | Qt.AlignmentFlag.AlignVCenter), name)
        painter.setFont(base_font(11))
        painter.setPen(QColor(colors.text_soft))
        # The end of a title tells revisions apart: 公示稿 第3版.
        below = painter.fontMetrics().elidedText(tr(stop.below), Qt.TextElideMode.ElideLeft, box.width())
        painter.drawText(QRectF(box.translated(0, 13)), int(align | Qt.AlignmentFlag.AlignVCenter), below)


class Timeline(QWidget):
    """The strip over the map: track, compare, play, freeze.

    Signals
    -------
    view_requested(str), compare_requested(str, str), freeze_requested(), compare_stopped()
    """

    view_requested = pyqtSignal(str)
    compare_requested = pyqtSignal(str, str)
    freeze_requested = pyqtSignal()
    compare_stopped = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("Strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._words = Wording(session, self)
        self.track = TimelineTrack()
        self.track.view_requested.connect(self.view_requested)
        self.track.compare_requested.connect(self.compare_requested)
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_MS)
        self._timer.timeout.connect(self._play_on)
        self._build()
        for signal in (
            session.project_opened,
            session.viewed,
            session.revisions_changed,
            session.language_changed,
        ):
            signal.connect(self.reload)
        self.reload()

    def reload(self) -> None:
        """Show the revisions of the project in front."""
        project, comparison = self._session.project, self._session.comparison
        revisions = project.revisions if project is not None else ()
        pair = (comparison.before, comparison.after) if comparison is not None else None
        self.track.show_stops(stops_of(revisions) if project is not None else (), self._session.view, pair)
        self._compare.setEnabled(bool(revisions))
        self._play.setVisible(len(revisions) > 1)
        self._freeze.setEnabled(self._session.editable)
        if pair is not None:
            names = [tr("当前", "now") if label == WORKING else label for label in pair]
            self._compare.setText(" ⇄ ".join(names))
        else:
            self._compare.setText(tr("对比", "Compare"))
        set_property(self._compare, "role", "primary" if pair is not None else "")
        self._compare.setIcon(icon("git-diff", theme().on_accent if pair is not None else None))
        self._stop.setVisible(pair is not None)

    def _build(self) -> None:
        self._play = icon_button("play")
        self._play.setCheckable(True)
        self._play.toggled.connect(self._on_play)
        self._words.bind(self._play.setToolTip, Text("依次播放各版", "Play through the revisions"))
        self._compare = button("", glyph="git-diff")
        self._words.bind(self._compare.setToolTip, Text("选择与哪一版比较", "Choose what to compare with"))
        self._compare.clicked.connect(self._offer)
        self._stop = icon_button("x")
        self._words.bind(self._stop.setToolTip, Text("结束比较", "Stop comparing"))
        self._stop.clicked.connect(self.compare_stopped)
        self._freeze = button("", glyph="snowflake")
        self._words.bind(self._freeze.setText, Text("冻结为版次", "Freeze"))
        self._words.bind(
            self._freeze.setToolTip,
            Text("把当前方案冻结为新版次 (Ctrl+R)", "Freeze the working plan as a revision (Ctrl+R)"),
        )
        self._freeze.clicked.connect(self.freeze_requested)
        line = row(margins=(6, 0, 10, 0), spacing=6)
        line.addWidget(self.track, 1)
        for item in (self._play, self._compare, self._stop, self._freeze):
            line.addWidget(item, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)

    def _offer(self) -> None:
        menu = QMenu(self)
        stops = self.track.stops
        for later in reversed(range(1, len(stops))):
            for earlier in reversed(range(later)):
                a, b = stops[earlier], stops[later]
                act = menu.addAction(f"{tr(a.name)}  →  {tr(b.name)}")
                if act is not None:
                    act.triggered.connect(
                        lambda _=False, x=a.label, y=b.label: self.compare_requested.emit(x, y)
                    )
            if later > 1:
                menu.addSeparator()
        menu.popup(self._compare.mapToGlobal(QPoint(0, self._compare.height() + 2)))

    def _on_play(self, playing: bool) -> None:
        self._play.setIcon(icon("pause" if playing else "play"))
        if playing:
            self._play_on(start=True)
            self._timer.start()
        else:
            self._timer.stop()

    def _play_on(self, start: bool = False) -> None:
        labels = [stop.label for stop in self.track.stops]
        at = labels.index(self._session.view) if self._session.view in labels else -1
        following = 0 if start else at + 1
        if following >= len(labels):
            self._play.setChecked(False)
        else:
            self.view_requested.emit(labels[following])
