"""Selecting, moving and removing features."""

from __future__ import annotations

from collections.abc import Collection, Set
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Polygon

from gis import measure
from gis.edit.dimensions import MEASURING
from gis.edit.features import move_features, remove_features, set_attributes
from gis.i18n import tr
from gis.measure import XY
from gis.pick import Box, BoxMode
from layers.changes import Key
from layers.errors import BadInputError
from layers.text import Text
from ui.canvas.cards import Line
from ui.canvas.marks import HIGHLIGHT, faint, pen
from ui.session import SelectMode
from ui.tools.entry import Entry, Values
from ui.tools.event import MapEvent
from ui.tools.tool import PlacingTool, ToolHost, pixels_apart

DRAG_PX: Final = 4.0
NUDGE_M: Final = 0.1
LONG_NUDGE_M: Final = 1.0
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


_LOOKING = Text(
    "单击选择，Shift 加选，Ctrl 反选；拖框选择。这里只能查看",
    "Click selects, Shift adds, Ctrl toggles; drag a box. This state can only be looked at",
)


NO_WORDS: Final = Text(
    "注记不能没有文字；要去掉它，请选中后按 Delete。",
    "A note needs words; to remove it, select it and press Delete.",
)


class SelectTool(PlacingTool):
    """Click selects, Shift adds, Ctrl toggles; drag a box, or drag what is selected to move it.

    A box drawn to the right takes what lies inside, one drawn to the left also
    what it touches. Delete removes; Ctrl with an arrow nudges by 0.1 m, with
    Shift by 1 m. A typed distance and angle, or @dx,dy, moves exactly. A double
    click on a note, or Enter while it is selected, changes its words in place.
    """

    id = "select"
    title = Text("选择", "Select")
    hint = Text(
        "单击选择，Shift 加选，Ctrl 反选；拖框选择，拖动已选对象移动",
        "Click selects, Shift adds, Ctrl toggles; drag a box, or drag what is selected to move it",
    )
    hovers = True

    @property
    def first_hint(self) -> Text:
        """Nothing is moved while a state is on screen that cannot be edited."""
        session = self.host.session
        return _LOOKING if session.project is not None and not session.editable else self.hint

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._pressed: MapEvent | None = None
        self._box_to: XY | None = None
        self._grab: XY | None = None
        self._target: XY | None = None

    @property
    def anchor(self) -> XY | None:
        return self._grab if self._grab is not None else self.host.selection_middle()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return super().entries if self.host.session.selection else ()

    @property
    def snaps(self) -> bool:
        return self._grab is not None

    @property
    def busy(self) -> bool:
        return self._pressed is not None

    @property
    def ignored(self) -> Set[Key]:
        return self.host.session.selection if self._grab is not None else frozenset()

    def press(self, event: MapEvent) -> None:
        self._pressed = event

    def move(self, event: MapEvent) -> None:
        pressed = self._pressed
        self.pointer = event.snapped
        if pressed is None:
            return
        if self._grab is not None:
            self._target = event.aim(self._grab)
        elif self._box_to is not None:
            self._box_to = event.pixel
        elif pixels_apart(pressed.pixel, event.pixel) > DRAG_PX:
            self._begin_drag(pressed, event)
        self.host.repaint_overlay()

    def release(self, event: MapEvent) -> None:
        pressed, grab, box_to = self._pressed, self._grab, self._box_to
        self.cancel()
        if pressed is None:
            return
        if grab is not None:
            target = event.aim(grab)
            self._shift(target[0] - grab[0], target[1] - grab[1])
        elif box_to is not None:
            self._select_box(pressed, event)
        else:
            self._select_at(event)

    def double_click(self, event: MapEvent) -> None:
        """Change the words of a note in place; anything else is one click more."""
        if not self._edit_words(self.host.objects_at(event.world)[:1]):
            self.press(event)

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._edit_words(self.host.session.selection)
        if event.key() == Qt.Key.Key_Delete and self.host.session.selection:
            self.remove_selected()
            return True
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl and event.key() in _ARROWS and self.host.session.selection:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = LONG_NUDGE_M if far else NUDGE_M
            east, north = _ARROWS[Qt.Key(event.key())]
            self._shift(east * step, north * step)
            return True
        return False

    def take(self, place: XY) -> None:
        start = self.anchor
        self.cancel()
        if start is not None:
            self._shift(place[0] - start[0], place[1] - start[1])

    def cancel(self) -> bool:
        dropped = self._grab is not None or self._box_to is not None
        self._pressed = self._box_to = self._grab = self._target = None
        self.host.repaint_overlay()
        self.host.show_hint(self.first_hint)  # another state may be on screen
        return dropped

    def refresh(self) -> None:
        if self._grab is not None:
            self.cancel()

    def remove_selected(self) -> bool:
        """Remove the selected features as one step."""
        keys = self.host.session.selection
        label = Text("删除 {n} 个对象", "Delete {n} features").format(n=len(keys))
        return bool(keys) and self.host.session.run(label, lambda state: remove_features(state, keys))

    def paint_overlay(self, painter: QPainter) -> None:
        if self._box_to is not None and self._pressed is not None:
            self._paint_box(painter, self._pressed.pixel, self._box_to)
        if self._grab is not None and self._target is not None:
            self._paint_move(painter, self._grab, self._target)

    def _edit_words(self, keys: Collection[Key]) -> bool:
        """Open the field for the words of a note; return whether one was meant."""
        session, snapshot = self.host.session, self.host.session.snapshot
        key = next(iter(keys)) if len(keys) == 1 else None
        note = snapshot.feature(key) if snapshot is not None and key is not None else None
        if snapshot is None or key is None or note is None:
            return False
        values = note.attributes
        if snapshot.layers[key[0]].kind.role != "annotation" or values.get("type") in MEASURING:
            return False
        if not self.may_edit():
            return True

        def write(typed: Values) -> None:
            words = str(typed.get("text", ""))
            if not words:
                raise BadInputError(NO_WORDS)
            label = Text("修改注记文字", "Change the words of a note")
            session.run(label, lambda state: set_attributes(state, [key], {"text": words}))

        session.select([key])
        self.host.ask(
            [Entry("text", Text("文字", "Text"), words=True, text=str(values.get("text") or ""))], write
        )
        return True

    def _begin_drag(self, pressed: MapEvent, event: MapEvent) -> None:
        session = self.host.session
        plain = not (pressed.shift or pressed.ctrl)
        on_selected = plain and any(key in session.selection for key in self.host.objects_at(pressed.world))
        if not on_selected:
            self._box_to = event.pixel
        elif self.may_edit():
            self._grab = self.host.snapped(pressed.world)
            self._target = self._grab
        else:
            self._pressed = None

    def _paint_move(self, painter: QPainter, grab: XY, target: XY) -> None:
        start, end = self.to_px(grab), self.to_px(target)
        self.host.paint_selection(painter, end.x() - start.x(), end.y() - start.y())
        painter.setPen(pen(HIGHLIGHT, 1.4, 3.0, 3.0))
        painter.drawLine(start, end)
        moved = measure.length_text(measure.segment_length_m(grab, target))
        heading = measure.angle_text(measure.heading_deg(grab, target))
        words = tr(
            "移动 {moved}   方位 {heading}", "move {moved}   heading {heading}", moved=moved, heading=heading
        )
        self.host.cards.paint(painter, end, [Line(words, strong=True)])

    def _paint_box(self, painter: QPainter, start: XY, end: XY) -> None:
        touching = end[0] < start[0]
        painter.setBrush(faint(HIGHLIGHT, 0.10))
        painter.setPen(pen(HIGHLIGHT, 1.4, 4.0, 3.0) if touching else pen(HIGHLIGHT, 1.4))
        painter.drawRect(QRectF(QPointF(*start), QPointF(*end)).normalized())

    def _shift(self, dx_m: float, dy_m: float) -> None:
        if dx_m == 0.0 and dy_m == 0.0:
            return
        keys = self.host.session.selection
        label = Text("移动 {n} 个对象", "Move {n} features").format(n=len(keys))
        self.host.session.run(label, lambda state: move_features(state, keys, dx_m, dy_m))

    def _select_box(self, pressed: MapEvent, event: MapEvent) -> None:
        (x1, y1), (x2, y2) = pressed.world, event.world
        mode: BoxMode = "touching" if event.pixel[0] < pressed.pixel[0] else "inside"
        area: Box | Polygon = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        view = self.host.viewport
        if view.turn_deg:
            (left, top), (right, bottom) = pressed.pixel, event.pixel
            area = Polygon(
                [view.to_world(x, y) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
            )
        self.host.select_in(area, mode, _mode(event))

    def _select_at(self, event: MapEvent) -> None:
        crowd = self.host.badges.crowd_at(event.world)
        if crowd is not None:
            self.host.zoom_to(crowd)
            return
        changed = self.host.badges.keys_at(event.world, self.host.session.snapshot)
        under = changed or self.host.objects_at(event.world)[:1]
        if under or _mode(event) == "replace":
            self.host.session.select(under, _mode(event))


def _mode(event: MapEvent) -> SelectMode:
    if event.ctrl:
        return "toggle"
    return "add" if event.shift else "replace"
