"""Mouse and keys on the map: what moves the map itself, and what goes to the tool."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent

from gis.measure import XY
from ui.canvas.painting import compass_box
from ui.tools.event import MapEvent

if TYPE_CHECKING:
    from ui.canvas.canvas import MapCanvas

WHEEL_FACTOR: Final = 1.4
"""How much one notch of the wheel enlarges."""
TURN_DEG: Final = 5.0
"""How far one notch turns the map with Alt."""
ARROW_SHARE: Final = 0.12
"""How far an arrow key pans, as a share of the window."""
_MIDDLE, _LEFT = Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton
_ARROWS: Final = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapHands:
    """Pans with the middle button or Space in any tool, zooms with the wheel, and feeds the tool.

    Attributes
    ----------
    snap_mark : MapEvent or None
        The last event that snapped, while its mark is shown.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self.snap_mark: MapEvent | None = None
        self._canvas = canvas
        self._panned_from: QPointF | None = None
        self._space = False
        self._last_place = QPointF()
        self._last: MapEvent | None = None

    @property
    def pixel(self) -> XY:
        """Where the pointer was last, in the widget; its middle while it was not there yet."""
        room = QRectF(self._canvas.rect())
        place = self._last_place if self._last is not None else room.center()
        return place.x(), place.y()

    def press(self, event: QMouseEvent) -> None:
        """Begin to pan, or hand a press to the tool."""
        if event.button() == _MIDDLE or (event.button() == _LEFT and self._space):
            self._panned_from = event.position()
            self.show_cursor()
        elif event.button() == _LEFT and self._on_compass(event):
            self._canvas.navigator.turn_to(0.0)
        elif event.button() == _LEFT:
            self._canvas.hover.stop()
            self._last_place = event.position()
            exact = self._canvas.exact
            times = exact.times_opened
            self._canvas.tool.press(self._on_ground(event))
            if exact.times_opened == times:  # the tool has not asked for something new
                exact.leave()

    def _on_compass(self, event: QMouseEvent) -> bool:
        """Tell whether the north arrow of a turned map is pressed, which turns north up."""
        canvas = self._canvas
        there = compass_box(canvas.height()).contains(event.position())
        return there and canvas.viewport.turn_deg != 0.0 and not canvas.tool.busy

    def move(self, event: QMouseEvent) -> None:
        """Pan, or hand a move to the tool; tell the coordinate."""
        canvas = self._canvas
        place = self._last_place = event.position()
        canvas.exact.follow(self.pixel)
        if self._panned_from is not None:
            moved, self._panned_from = place - self._panned_from, place
            canvas.pan_by(moved.x(), moved.y())
            canvas.cursor_moved.emit(*canvas.pointer.world(place))
            return
        happened = self._on_ground(event)
        canvas.tool.move(happened)
        self._show_snap(happened)
        if canvas.tool.hovers and event.buttons() == Qt.MouseButton.NoButton:
            canvas.hover.move(happened.world)
        canvas.cursor_moved.emit(*(happened.snapped if happened.snap or happened.held else happened.world))

    def move_again(self) -> None:
        """Hand the last move to the tool once more: what holds the pointer is another."""
        if self._last is not None:
            self._canvas.tool.move(self._canvas.exact.held(self._last))
        self._canvas.update()

    def click_at(self, place: XY) -> None:
        """Click with the tool at a typed place."""
        canvas = self._canvas
        x, y = canvas.viewport.to_px(*place)
        event = MapEvent(
            place,
            place,
            None,
            (float(x), float(y)),
            _LEFT,
            _LEFT,
            turn_deg=canvas.viewport.turn_deg,
            held=True,
        )
        canvas.tool.press(event)
        canvas.tool.release(replace(event, buttons=Qt.MouseButton.NoButton))
        canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """End a pan, or hand a release to the tool."""
        if self._panned_from is not None and event.button() in (_MIDDLE, _LEFT):
            self._panned_from = None
            self.show_cursor()
        elif event.button() == _LEFT:
            self._canvas.tool.release(self._on_ground(event))
            if not self._canvas.tool.snaps:
                self.snap_mark = None

    def double_click(self, event: QMouseEvent) -> None:
        """Hand a double click to the tool."""
        if event.button() == _LEFT and not self._space:
            self._canvas.tool.double_click(self._on_ground(event))
        else:
            self.press(event)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the pointer: a wheel smoothly, a trackpad at once, whose steps are small already."""
        notches = event.angleDelta().y() / 120.0
        place = event.position()
        navigator = self._canvas.navigator
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            # with Alt a wheel counts as one that goes sideways
            turns = notches or event.angleDelta().x() / 120.0
            navigator.turn_at(place.x(), place.y(), turns * TURN_DEG)
            event.accept()
            return
        if notches and not event.pixelDelta().isNull():
            navigator.zoom_at(place.x(), place.y(), WHEEL_FACTOR**notches)
        elif notches:
            navigator.glide_at(place.x(), place.y(), WHEEL_FACTOR**notches)
        event.accept()

    def context_menu(self, event: QContextMenuEvent) -> None:
        """Finish what is half drawn, or list what lies at the place."""
        canvas = self._canvas
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if by_mouse and canvas.tool.busy:
            canvas.tool.finish()
            return
        room = QRectF(canvas.rect())
        resting = self._last_place if room.contains(self._last_place) else room.center()
        place = QPointF(event.pos()) if by_mouse else resting
        world = canvas.pointer.world(place)
        canvas.show_objects(canvas.objects_at(world), world, (place.x(), place.y()))

    def key_press(self, event: QKeyEvent) -> bool:
        """Use a key for the tool or the map; return whether it was used."""
        if event.key() == Qt.Key.Key_Escape:
            if not self._canvas.tool.cancel():
                self._canvas.session.select(())
            self.snap_mark = None
        elif event.key() == Qt.Key.Key_Space:
            self._space = True
            self.show_cursor()
        elif event.matches(QKeySequence.StandardKey.Undo):
            return self._canvas.tool.take_back()
        else:
            canvas = self._canvas
            return canvas.tool.key(event) or canvas.exact.takes(event) or self._navigate(event)
        return True

    def key_release(self, event: QKeyEvent) -> bool:
        """End panning with Space; return whether the key was used."""
        if event.key() != Qt.Key.Key_Space:
            return False
        if not event.isAutoRepeat():
            self._space = False
            self.show_cursor()
        return True

    def let_go(self) -> None:
        """Forget what is held: the window lost the keyboard."""
        self._space = False
        self.show_cursor()

    def leave(self) -> None:
        """Forget what the pointer was at."""
        self._canvas.hover.stop()
        self.snap_mark = None

    def show_cursor(self) -> None:
        """Show the pointer that tells what a drag would do."""
        if self._panned_from is not None:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self._canvas.setCursor(Qt.CursorShape.OpenHandCursor if self._space else self._canvas.tool.cursor)

    def _on_ground(self, event: QMouseEvent) -> MapEvent:
        self._last = self._canvas.pointer.event(event, self._canvas.tool)
        return self._canvas.exact.held(self._last)

    def _navigate(self, event: QKeyEvent) -> bool:
        key, canvas = event.key(), self._canvas
        if key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            right, down = _ARROWS[Qt.Key(key)]
            canvas.pan_by(
                round(right * ARROW_SHARE * canvas.width()), round(down * ARROW_SHARE * canvas.height())
            )
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            canvas.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            canvas.zoom_out()
        elif key == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            canvas.snapping = not canvas.snapping
        else:
            return False
        return True

    def _show_snap(self, happened: MapEvent) -> None:
        mark = happened if happened.snap else None
        if mark is not None or self.snap_mark is not None:
            self.snap_mark = mark
            self._canvas.update()
