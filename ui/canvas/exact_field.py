"""The small field beside the pointer, where exact values are typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gis.edit.exact import Absolute, Polar, Relative, check_near
from gis.edit.exact import placed as exact_place
from gis.i18n import tr
from gis.measure import XY
from layers.errors import PlanboardError
from layers.text import Text
from ui.canvas.cards import placed
from ui.tools.entry import AT, Entry, Use, Values
from ui.tools.event import MapEvent

if TYPE_CHECKING:
    from ui.canvas.canvas import MapCanvas

OPENERS: Final = frozenset("0123456789.@<０１２３４５６７８９＠＜")
MOST_BESIDE: Final = 2
"""With more entries than these it would cover what is being drawn, wherever it stood beside the pointer."""
EDGE_PX: Final = 12
LOW_PX: Final = 58
"""So far above the lower edge scale bar and north arrow end."""
NEAR_PX: Final = 90
EDIT_PX: Final = 108
NUMBER_PX: Final = 58
WORDS_PX: Final = 220
_ANGLE_SIGNS: Final = ("<", "＜")
_CHORD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_NEXT: Final = {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
_STYLE: Final = """
QFrame#ExactField { background: #FFFFFF; border: 1px solid #0B6BCB; border-radius: 6px; }
QFrame#ExactField QLabel { color: #5B636B; font-size: 12px; background: transparent; border: 0; }
QFrame#ExactField QLabel#Problem { color: #B3261E; }
QFrame#ExactField QLineEdit { color: #1F2328; background: #FFFFFF; border: 1px solid #C3C8CE;
    border-radius: 3px; padding: 1px 4px; font-size: 13px; min-height: 20px; }
QFrame#ExactField QLineEdit:focus { border: 1px solid #0B6BCB; }
QFrame#ExactField QLineEdit[wrong="true"] { border: 1px solid #B3261E; }
"""


class ExactField(QFrame):
    """Opens when a digit is typed on the map; Tab goes on, Enter takes, Esc leaves.

    While it is open, what is typed and makes sense holds the pointer: a
    length, an angle. What makes no sense is told below and stays to be mended.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.setObjectName("ExactField")
        self.setStyleSheet(_STYLE)
        self._canvas = canvas
        self.times_opened = 0
        self._entries: tuple[Entry, ...] = ()
        self._then: Use | None = None
        self._edits: list[QLineEdit] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._problem = QLabel()
        self._problem.setObjectName("Problem")
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 5, 8, 5)
        grid.setVerticalSpacing(2)
        grid.addLayout(self._rows, 0, 0)
        grid.addWidget(self._problem, 1, 0)
        self._problem.hide()
        self.hide()

    @property
    def values(self) -> Values:
        """What is typed and makes sense, by entry; empty while the field is closed."""
        if self.isHidden():
            return {}
        values = {}
        for entry, edit in zip(self._entries, self._edits, strict=True):
            if not edit.text().strip():
                continue
            try:
                values[entry.name] = entry.read(edit.text())
            except PlanboardError:
                continue
        return values

    def takes(self, event: QKeyEvent) -> bool:
        """Open for a key that begins a number, if the tool has something to type; return whether it did."""
        if event.text() not in OPENERS or not event.text() or event.modifiers() & _CHORD:
            return False
        tool = self._canvas.tool
        entries = tool.entries or ((AT,) if tool.clicks else ())
        if not entries:
            return False
        self.open(entries)
        if event.text() in _ANGLE_SIGNS and self._goes_on_to_angle(0):
            self._edits[1].setFocus()
        else:
            self._edits[0].setText(event.text())
        return True

    def open(self, entries: tuple[Entry, ...], then: Use | None = None) -> None:
        """Show the field beside the pointer and take the keyboard; `then` or the tool gets what is typed."""
        self.times_opened += 1
        self._then = then
        self._build(entries)
        self.tell(None)
        self.show()
        self.raise_()
        self.follow(self._canvas.hands.pixel)
        self._edits[0].setFocus()
        self._edits[0].selectAll()

    def leave(self) -> None:
        """Close the field; the map has the keyboard again."""
        if self.isHidden():
            return
        had_focus = any(edit.hasFocus() for edit in self._edits)
        self.hide()
        if had_focus:
            self._canvas.setFocus()
        self._canvas.update()

    def held(self, event: MapEvent) -> MapEvent:
        """Return an event with its place held to what is typed."""
        values = self.values
        if not values:
            return event
        try:
            place = self._canvas.tool.held(event.snapped, values)
        except PlanboardError:
            return event
        return event if place == event.snapped else replace(event, snapped=place, snap=None, held=True)

    @property
    def taken(self) -> tuple[QRectF, ...]:
        """Where it covers the map."""
        return () if self.isHidden() else (QRectF(self.geometry()),)

    def follow(self, pixel: XY) -> None:
        """Stand beside the pointer, off what is being drawn; with many entries, at an edge of the map."""
        if self.isHidden():
            return
        self.adjustSize()
        at = QPointF(*pixel)
        anchor = self._canvas.tool.anchor
        drawn = [at] if anchor is None else [QPointF(*self._canvas.viewport.to_px(*anchor)), at]
        if len(self._entries) > MOST_BESIDE:
            self.move(self._edge_place(drawn))
            return
        room = QRectF(self._canvas.rect())
        beside = placed(at, self.width(), self.height(), room, above=True, drawn=drawn)
        self.move(beside.topLeft().toPoint())

    def _edge_place(self, drawn: Sequence[QPointF]) -> QPoint:
        """Return a place at the lower edge, or at the upper one if something is drawn at the lower one."""
        room = self._canvas.rect()
        x = max(4, (room.width() - self.width()) // 2)
        low = room.height() - self.height() - LOW_PX
        below = low - max(place.y() for place in drawn)
        above = min(place.y() for place in drawn) - EDGE_PX - self.height()
        return QPoint(x, low if below > min(above, NEAR_PX) else EDGE_PX)

    def tell(self, problem: Text | None) -> None:
        """Say below the field what is wrong, or nothing."""
        self._problem.setText(tr(problem) if problem else "")
        self._problem.setVisible(problem is not None)
        self.follow(self._canvas.hands.pixel)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched in self._edits:
            return self._key(self._edits.index(watched), event)
        return super().eventFilter(watched, event)

    def _build(self, entries: tuple[Entry, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._entries, self._edits = entries, []
        parts: list[QWidget] = []
        for entry in entries:
            label = QLabel(tr(entry.title))
            edit = QLineEdit()
            edit.setFixedWidth(WORDS_PX if entry.words else EDIT_PX if entry.place else NUMBER_PX)
            edit.setAccessibleName(tr(entry.title))
            edit.setPlaceholderText("" if entry.value is None else f"{entry.value:g}")
            edit.setText(entry.text)
            edit.installEventFilter(self)
            edit.textChanged.connect(self._on_typed)
            parts.append(_side_by_side([label, edit, *([QLabel(entry.unit)] if entry.unit else [])]))
            self._edits.append(edit)
        for row in _rows_within(parts, self._canvas.width() - 4 * EDGE_PX):
            self._rows.addWidget(_side_by_side([*row, None]))

    def _key(self, place: int, event: QKeyEvent) -> bool:
        key = event.key()
        if key in _NEXT:
            following = self._edits[(place + _NEXT[Qt.Key(key)]) % len(self._edits)]
            following.setFocus()
            following.selectAll()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif event.text() in _ANGLE_SIGNS and self._goes_on_to_angle(place):
            self._edits[1].setFocus()
        else:
            return False
        return True

    def _goes_on_to_angle(self, place: int) -> bool:
        return place == 0 and len(self._entries) > 1 and self._entries[1].name == "angle"

    def _on_typed(self) -> None:
        for edit in self._edits:
            _mark(edit, wrong=False)
        self.tell(None)
        self._canvas.hands.move_again()

    def _enter(self) -> None:
        values = {}
        for entry, edit in zip(self._entries, self._edits, strict=True):
            if edit.text().strip():
                try:
                    values[entry.name] = entry.read(edit.text())
                except PlanboardError as error:
                    self._refuse(edit, error.message)
                    return
        times = self.times_opened
        try:
            done = self._use(values)
        except PlanboardError as error:
            self._refuse(self._edits[0], error.message)
            return
        if self.times_opened != times:
            pass  # the tool has asked for something new
        elif done:
            self.leave()
        else:
            self._edits[0].setFocus()
        self._canvas.update()

    def _use(self, values: Values) -> bool:
        """Hand over what was typed, then click where that was said; return whether the field may close."""
        canvas, at = self._canvas, values.get(AT.name)
        if self._then is not None:
            self._then(values)
            return True
        place = None
        if isinstance(at, (Polar, Relative, Absolute)):
            place = exact_place(at, None, (0.0, 0.0))
            check_near(place, canvas.session.snapshot.extent() if canvas.session.snapshot else None)
        done = not canvas.tool.entries or canvas.tool.enter(values)
        if place is not None:
            canvas.hands.click_at(place)
        return done

    def _refuse(self, edit: QLineEdit, why: Text) -> None:
        edit.setFocus()
        edit.selectAll()
        self.tell(why)
        _mark(edit, wrong=True)


def _side_by_side(widgets: Sequence[QWidget | None]) -> QWidget:
    """Return a widget with others in a row; None is room that gives way."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return holder


def _rows_within(parts: Sequence[QWidget], width_px: int) -> list[list[QWidget]]:
    """Return widgets in rows no wider than asked for, if each alone is not."""
    rows: list[list[QWidget]] = [[]]
    left = width_px
    for part in parts:
        need = part.sizeHint().width() + 4
        if rows[-1] and need > left:
            rows.append([])
            left = width_px
        rows[-1].append(part)
        left -= need
    return rows


def _mark(edit: QLineEdit, *, wrong: bool) -> None:
    if bool(edit.property("wrong")) != wrong:
        edit.setProperty("wrong", wrong)
        style = edit.style()
        if style is not None:
            style.unpolish(edit)
            style.polish(edit)
