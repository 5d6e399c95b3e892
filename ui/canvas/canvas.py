"""The map widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QEvent, QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QWidget
from shapely import Geometry, Polygon

from gis.i18n import tr
from gis.measure import XY
from gis.pick import Box, BoxMode
from gis.render.viewport import Viewport
from gis.revisions.comparison import ChangeGroup
from layers.changes import ChangeSet, Key
from layers.text import Text
from ui.canvas.backdrop import Ghost
from ui.canvas.badges import ChangeBadges
from ui.canvas.box_selection import BoxSelection
from ui.canvas.cards import Cards
from ui.canvas.exact_field import ExactField
from ui.canvas.flash import Flash
from ui.canvas.frame import draw_picture
from ui.canvas.hands import MapHands
from ui.canvas.hover import Hover
from ui.canvas.navigator import Navigator
from ui.canvas.object_menu import ObjectMenu
from ui.canvas.painting import paint_map
from ui.canvas.pictures import MapPictures
from ui.canvas.pins import Pin
from ui.canvas.pointer import Pointer
from ui.session import SelectMode, Session
from ui.tools.catalogue import TOOLS
from ui.tools.entry import Entry, Use, Values
from ui.tools.tool import Tool

KEY_FACTOR: Final = 1.5
"""How much a key or a button enlarges."""


class MapCanvas(QWidget):
    """Shows the session's state as a map and hands pointer and keys to the tool in use.

    Signals
    -------
    cursor_moved(float, float)
        Ground coordinate under the pointer, snapped if the tool snaps.
    cursor_left()
        The pointer is elsewhere.
    scale_changed(float)
        Scale denominator.
    rendering_changed(bool)
        Whether a newer picture is being made.
    hint_changed(Text)
        What the tool waits for.
    tool_changed(str), active_layer_changed(object), snapping_changed(bool)
    spot_placed(str, object)
        Layer id and geometry of a problem spot that needs its details.
    context_menu_requested(object, object, object)
        The menu about to open (add actions to it), keys of the features
        there, and the place (x, y).

    Attributes
    ----------
    echo : (x, y) or None
        Where the pointer is in the other one of two maps, to be marked here.
    """

    cursor_moved = pyqtSignal(float, float)
    cursor_left = pyqtSignal()
    scale_changed = pyqtSignal(float)
    rendering_changed = pyqtSignal(bool)
    hint_changed = pyqtSignal(object)
    tool_changed = pyqtSignal(str)
    active_layer_changed = pyqtSignal(object)
    snapping_changed = pyqtSignal(bool)
    spot_placed = pyqtSignal(str, object)
    context_menu_requested = pyqtSignal(object, object, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.navigator = Navigator(self)
        self.pictures = MapPictures(session, self)
        self.pointer = Pointer(session, lambda: self.navigator.viewport)
        self.choosing = BoxSelection(session, self.pointer, self)
        self.badges = ChangeBadges(self.pictures)
        self.hover = Hover(self._under, self)
        self.hands = MapHands(self)
        self.exact = ExactField(self)
        self.cards = Cards()
        self.flash = Flash(self)
        self.echo: XY | None = None
        self._active_layer: str | None = None
        self._full_wanted = True
        self._scale = 0.0
        self._tools: dict[str, Tool] = {}
        self.tool = self._tool("select")
        self._set_up_widget()
        self._connect()
        self.tool.activate()

    def _set_up_widget(self) -> None:
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Single keys are commands on the map; an input method would swallow them.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(tr("地图", "Map"))

    def _connect(self) -> None:
        self.navigator.moved.connect(self._on_moved)
        self.navigator.settled.connect(self._order_marks)
        self.navigator.settled.connect(self._order_proposal)
        self.pictures.landed.connect(self.update)
        self.pictures.busy_changed.connect(self.rendering_changed)
        self.hover.changed.connect(self.update)
        session = self.session
        session.project_opened.connect(self._on_project_opened)
        session.changed.connect(self._on_changed)
        session.viewed.connect(self._on_viewed)
        session.selection_changed.connect(self._on_selection_changed)
        session.proposed.connect(self._order_proposal)
        session.zoom_requested.connect(self.zoom_to)
        session.tool_requested.connect(self.set_tool)
        session.language_changed.connect(self._on_language_changed)
        self.destroyed.connect(self.pictures.close)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.pictures.close)

    # What the window asks for

    @property
    def viewport(self) -> Viewport:
        """What is shown, in logical pixels."""
        return self.navigator.viewport

    @property
    def active_layer(self) -> str | None:
        """Id of the layer that is drawn into."""
        return self._active_layer

    @active_layer.setter
    def active_layer(self, layer_id: str | None) -> None:
        if layer_id != self._active_layer:
            self._active_layer = layer_id
            self.active_layer_changed.emit(layer_id)

    @property
    def tool_id(self) -> str:
        """Id of the tool in use."""
        return self.tool.id

    @property
    def snapping(self) -> bool:
        """Whether the pointer snaps."""
        return self.pointer.snapping

    @snapping.setter
    def snapping(self, on: bool) -> None:
        if on != self.pointer.snapping:
            self.pointer.snapping = on
            self.hands.snap_mark = None
            self.snapping_changed.emit(on)
            self.update()

    @property
    def rendering(self) -> bool:
        """Whether a newer picture is being made or waited for."""
        return self.pictures.busy

    def set_tool(self, tool_id: str) -> None:
        """Use another tool; what is shown does not move.

        Raises
        ------
        KeyError
            If there is no tool of that id.
        """
        tool = self._tool(tool_id)
        if tool is self.tool:
            return
        self.exact.leave()
        self.tool.deactivate()
        self.tool, self.hands.snap_mark = tool, None
        self.hover.stop()
        tool.activate()
        self.hands.show_cursor()
        self.tool_changed.emit(tool_id)
        self.update()

    def refresh(self) -> None:
        """Make the picture anew: what it is to show of a comparison is another."""
        self._order()
        self.update()

    def zoom_to(self, extent: Box) -> None:
        """Show an extent (west, south, east, north)."""
        self.navigator.zoom_to(extent)

    def zoom_full(self) -> None:
        """Show everything there is."""
        extent = self.session.snapshot.extent() if self.session.snapshot else None
        if extent is not None:
            self.navigator.zoom_to(extent)

    def zoom_to_selection(self) -> None:
        """Show the selected features."""
        extent = self.pictures.selection_extent()
        if extent is not None:
            self.navigator.zoom_to(extent, margin=0.25)

    def set_scale(self, denominator: float) -> None:
        """Show 1:`denominator` around the same centre."""
        self.navigator.set_scale(denominator)

    def zoom_in(self) -> None:
        """Enlarge around the centre."""
        self.navigator.glide_at(self.width() / 2, self.height() / 2, KEY_FACTOR)

    def zoom_out(self) -> None:
        """Show more around the centre."""
        self.navigator.glide_at(self.width() / 2, self.height() / 2, 1 / KEY_FACTOR)

    def view_back(self) -> None:
        """Return to the view before."""
        self.navigator.back()

    def view_forward(self) -> None:
        """Go to the view that `view_back` came from."""
        self.navigator.forward()

    def delete_selection(self) -> None:
        """Remove the selected features as one step."""
        tool = self._tool("select")
        tool.remove_selected()  # type: ignore[attr-defined]

    def show_ghost(self, ghost: Ghost | None, pins: Sequence[Pin] = ()) -> None:
        """Show a picture over the map that is only tried out, and points it is held by; or none."""
        self.pictures.backdrop.ghost, self.pictures.backdrop.pins = ghost, tuple(pins)
        self.update()

    def export_image(self) -> QImage:
        """Return what is shown now, without selection and half-drawn shapes."""
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        try:
            paint_map(painter, self, plain=True)
        finally:
            painter.end()
        return image

    def sizeHint(self) -> QSize:
        return QSize(960, 640)

    # What tools ask for

    @property
    def typed(self) -> Values:
        """What is typed at the moment and makes sense."""
        return self.exact.values

    def objects_at(self, world: XY) -> tuple[Key, ...]:
        """Return the visible features at a place, what one means first."""
        return self.pointer.objects_at(world)

    def select_in(self, box: Box | Polygon, mode: BoxMode, how: SelectMode) -> None:
        """Select the visible features inside or touching a box, at once or soon."""
        self.choosing.select(box, mode, how)

    def snapped(self, world: XY) -> XY:
        """Return where a place snaps to now."""
        return self.pointer.snapped(world)

    def selection_middle(self) -> XY | None:
        """Return the middle of the box around what is selected, or None."""
        extent = self.pictures.selection_extent()
        return None if extent is None else ((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)

    def ask(self, entries: Sequence[Entry] = (), then: Use | None = None) -> None:
        """Open the field for what can be typed now, or for what is asked here and used by `then`."""
        self.exact.open(tuple(entries) or self.tool.entries, then)

    def pan_by(self, dx_px: float, dy_px: float) -> None:
        """Shift what is shown."""
        self.navigator.pan(dx_px, dy_px)

    def show_hint(self, hint: Text) -> None:
        """Tell what the tool waits for."""
        self.hint_changed.emit(hint)

    def show_objects(self, keys: Sequence[Key], world: XY, pixel: XY) -> None:
        """Open the menu of a place; the window adds to it through `context_menu_requested`."""
        menu = ObjectMenu(self.session, keys, world, self._highlight, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.context_menu_requested.emit(menu, tuple(keys), world)
        menu.popup(self.mapToGlobal(QPoint(round(pixel[0]), round(pixel[1]))))

    def place_spot(self, layer_id: str, geometry: Geometry) -> None:
        """Ask for the details of a problem spot at a place."""
        self.spot_placed.emit(layer_id, geometry)

    def paint_selection(self, painter: QPainter, dx_px: float, dy_px: float) -> None:
        """Paint the marks of the selection once more, shifted."""
        if self.pictures.selection is not None:
            painter.setOpacity(0.75)
            draw_picture(painter, self.pictures.selection.picture, self.viewport.panned(dx_px, dy_px))
            painter.setOpacity(1.0)

    def repaint_overlay(self) -> None:
        """Paint the overlay again soon."""
        self.update()

    # Events of the widget

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        try:
            paint_map(painter, self)
        finally:
            painter.end()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.navigator.resize(self.width(), self.height())
        self.hands.leave()
        if self._full_wanted:
            self._show_all_at_first()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._full_wanted:
            self._show_all_at_first()

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.DevicePixelRatioChange:
            self._order()
        super().changeEvent(event)

    def event(self, event: QEvent | None) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            place = event.position()
            self.navigator.zoom_at(place.x(), place.y(), 1.0 + event.value())
            return True
        # Tab belongs to the tool before it moves the focus.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if is_tab and self.tool.key(event):
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            self.hands.wheel(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.hands.press(event)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.hands.release(event)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.hands.double_click(event)
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        if event is not None:
            self.hands.context_menu(event)

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hands.leave()
        self.cursor_left.emit()
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.hands.let_go()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and self.hands.key_press(event):
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        if event is None or not self.hands.key_release(event):
            super().keyReleaseEvent(event)

    # What happens then

    def _tool(self, tool_id: str) -> Tool:
        if tool_id not in self._tools:
            self._tools[tool_id] = TOOLS[tool_id](self)
        return self._tools[tool_id]

    def _under(self, world: XY) -> Key | ChangeGroup | None:
        return self.badges.at(world) or next(iter(self.objects_at(world)), None)

    def _highlight(self, key: Key | None) -> None:
        self.hover.target = key
        self.update()

    def _order(self, *, moving: bool = False) -> None:
        self.pictures.order(self.viewport, self.devicePixelRatioF(), moving=moving)

    def _order_marks(self) -> None:
        self.pictures.order_marks(self.viewport, self.devicePixelRatioF())

    def _order_proposal(self) -> None:
        self.pictures.order_proposal(self.viewport, self.devicePixelRatioF())

    def _on_moved(self) -> None:
        self.hover.stop()
        self._order(moving=True)
        scale = self.viewport.scale_denominator
        if scale != self._scale:
            self._scale = scale
            self.scale_changed.emit(scale)
        self.update()

    def _show_all_at_first(self) -> None:
        if self.session.project is None:  # the second of two maps: it follows the first
            self._full_wanted = False
            return
        snapshot = self.session.snapshot
        extent = snapshot.extent() if snapshot else None
        if extent is not None:
            self.navigator.zoom_to(extent)
            self.navigator.forget_history()
            # Before the first show the size is a guess, so it is done once more then.
            self._full_wanted = not self.isVisible()

    def _on_project_opened(self) -> None:
        self.exact.leave()
        self.tool.cancel()
        self.hover.stop()
        layers = self.session.snapshot.layers if self.session.snapshot else {}
        if self.active_layer not in layers:
            self.active_layer = None
        self.pictures.begin()
        self._full_wanted = True
        self._show_all_at_first()
        self._order()

    def _on_changed(self, changes: ChangeSet) -> None:
        if self._full_wanted:
            self._show_all_at_first()
        self.hover.stop()
        self.tool.refresh()
        self._order()
        self.update()

    def _on_viewed(self) -> None:
        self.exact.leave()
        self.tool.look_elsewhere()
        self.hover.stop()
        self._order()
        self.update()

    def _on_selection_changed(self) -> None:
        self.tool.refresh()
        self._order_marks()

    def _on_language_changed(self) -> None:
        self.show_hint(self.tool.first_hint)
        self._order()
        self.update()
