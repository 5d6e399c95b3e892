"""What every map tool is, and what it may ask of the map."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence, Set
from typing import ClassVar, Final, Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Geometry, Polygon

from gis.edit.coordinate import away_m
from gis.edit.exact import Polar, Typed, check_near, placed
from gis.edit.place import STRAY_M, stray_words
from gis.measure import XY
from gis.pick import Box, BoxMode
from gis.render.viewport import Viewport
from layers.changes import Key
from layers.text import Text
from ui.canvas.badges import ChangeBadges
from ui.canvas.cards import Cards
from ui.session import SelectMode, Session
from ui.tools.entry import ANGLE, LENGTH, PLACE, Entry, Use, Values, typed_place
from ui.tools.event import MapEvent


class ToolHost(Protocol):
    """The map, as a tool sees it."""

    session: Session
    cards: Cards
    badges: ChangeBadges

    @property
    def viewport(self) -> Viewport:
        """What is shown, in logical pixels."""

    @property
    def active_layer(self) -> str | None:
        """Id of the layer that is drawn into."""

    @active_layer.setter
    def active_layer(self, layer_id: str | None) -> None: ...

    @property
    def typed(self) -> Values:
        """What is typed at the moment and makes sense."""

    def objects_at(self, world: XY) -> tuple[Key, ...]:
        """Return the visible features at a point, what one means first."""

    def zoom_to(self, extent: Box) -> None:
        """Show an extent: west, south, east, north."""

    def select_in(self, box: Box | Polygon, mode: BoxMode, how: SelectMode) -> None:
        """Select the visible features inside or touching a box, at once or soon."""

    def snapped(self, world: XY) -> XY:
        """Return where a point snaps to now."""

    def selection_middle(self) -> XY | None:
        """Return the middle of the box around what is selected, or None."""

    def ask(self, entries: Sequence[Entry] = (), then: Use | None = None) -> None:
        """Open the field for what can be typed now, or for what is asked here and used by `then`."""

    def pan_by(self, dx_px: float, dy_px: float) -> None:
        """Shift what is shown."""

    def show_hint(self, hint: Text) -> None:
        """Tell what the tool waits for."""

    def show_objects(self, keys: Sequence[Key], world: XY, pixel: XY) -> None:
        """Let the user choose among overlapping features."""

    def place_spot(self, layer_id: str, geometry: Geometry) -> None:
        """Ask for the details of a problem spot at a place."""

    def paint_selection(self, painter: QPainter, dx_px: float, dy_px: float) -> None:
        """Paint the marks of the selection once more, shifted."""

    def repaint_overlay(self) -> None:
        """Paint the overlay again soon."""


class Tool:
    """A state machine fed by the map; this one does nothing.

    Attributes
    ----------
    id, title, hint
        Stable name, what people read, and what to do first.
    cursor : Qt.CursorShape
    snaps : bool
        Whether the pointer snaps at the moment.
    hovers : bool
        Whether features under the pointer light up.
    clicks : bool
        Whether a click means a place: with nothing else to type, a typed coordinate clicks there.
    measures : bool
        Whether perpendiculars from `anchor` and extensions of edges are worth a mark.
    """

    id: ClassVar[str]
    title: ClassVar[Text]
    hint: ClassVar[Text]
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.ArrowCursor
    hovers: ClassVar[bool] = False
    clicks: ClassVar[bool] = True
    measures: ClassVar[bool] = False

    def __init__(self, host: ToolHost) -> None:
        self.host = host

    @property
    def snaps(self) -> bool:
        return False

    @property
    def busy(self) -> bool:
        """Whether something is half done that Esc would drop."""
        return False

    @property
    def ignored(self) -> Set[Key]:
        """Features that the pointer must not snap to."""
        return frozenset()

    @property
    def sketch(self) -> Collection[XY]:
        """Own vertices that the pointer may snap to."""
        return ()

    @property
    def anchor(self) -> XY | None:
        """What the next place is measured from, when distances are typed or a perpendicular is meant."""
        return None

    @property
    def before(self) -> XY | None:
        """Where the segment that ends in `anchor` began: Shift holds angles to it."""
        return None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What can be typed now; typing a digit on the map opens a field for it."""
        return ()

    def held(self, place: XY, values: Values) -> XY:
        """Return the pointer's place, held to what is typed so far."""
        return place

    def enter(self, values: Values) -> bool:
        """Use what was typed; return whether the field may close.

        Raises
        ------
        PlanboardError
            With the reason, which the field tells; it stays open then.
        """
        return True

    @property
    def first_hint(self) -> Text:
        """What can be done with it before anything was begun."""
        return self.hint

    def activate(self) -> None:
        """Begin: the tool was chosen."""
        self.host.show_hint(self.first_hint)

    def deactivate(self) -> None:
        """End: another tool was chosen."""
        self.cancel()

    def press(self, event: MapEvent) -> None: ...

    def move(self, event: MapEvent) -> None: ...

    def release(self, event: MapEvent) -> None: ...

    def double_click(self, event: MapEvent) -> None:
        self.press(event)

    def key(self, event: QKeyEvent) -> bool:
        """Use a key; return whether it was used."""
        return False

    def finish(self) -> None:
        """Complete what is half done: Enter, right-click."""

    def cancel(self) -> bool:
        """Drop what is half done; return whether there was anything."""
        return False

    def take_back(self) -> bool:
        """Take back the last place of what is half done; return whether there was one.

        Backspace, and Ctrl+Z: while a shape is drawn, that is the step one means, not the plan's last one.
        A drag under way is dropped as a whole.
        """
        return self.busy and self.cancel()

    def look_elsewhere(self) -> None:
        """Go on while another state is shown: what holds places alone keeps them."""
        self.cancel()

    def refresh(self) -> None:
        """Look again: the plan or the selection changed."""

    def paint_overlay(self, painter: QPainter) -> None:
        """Paint previews in logical pixels."""

    def may_edit(self) -> bool:
        """Tell whether the plan may be changed now; if not, the user has been told why."""
        return self.host.session.may_edit()

    def to_px(self, place: XY) -> QPointF:
        """Return where a place is in the widget."""
        return QPointF(*self.host.viewport.to_px(*place))


_TAKE_BACK: Final = Text("若是输错，按 Backspace 退回这一点。", "If it was a slip, Backspace takes it back.")


def _far(away: float) -> Text:
    far = stray_words(away)
    return Text(f"这一点离小区 {far}。", f"That point is {far} from the plan.")


class PlacingTool(Tool):
    """A tool that takes places: clicked, or typed as distance and angle or as coordinates."""

    pointer: XY | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (LENGTH, ANGLE) if self.anchor is not None else (PLACE,)

    def held(self, place: XY, values: Values) -> XY:
        typed = typed_place(values)
        return place if typed is None else self.meant(typed, place)

    def enter(self, values: Values) -> bool:
        typed = typed_place(values)
        if typed is None:
            return True
        if isinstance(typed, Polar) and typed.length_m is None:
            return False  # the angle is held; a distance or a click is still to come
        place = self.meant(typed, self.pointer or self.anchor or (0.0, 0.0))
        snapshot = self.host.session.snapshot
        extent = snapshot.extent() if snapshot else None
        check_near(place, extent)
        self.take(place)
        away = away_m(place, extent)
        if away > STRAY_M and self.busy:  # what is finished at once is asked about when it is done
            self.host.session.offer(_far(away), (), "warning", _TAKE_BACK, passing=True, refusal=True)
        return True

    def meant(self, typed: Typed, pointer: XY) -> XY:
        """Return the place that typed words mean now.

        Raises
        ------
        BadInputError
            If they mean none.
        """
        return placed(typed, self.anchor, pointer)

    def take(self, place: XY) -> None:
        """Use a place that was typed, as if it had been clicked."""


class PathTool(PlacingTool):
    """A tool that needs several places, one after the other.

    Attributes
    ----------
    points : list of (x, y)
        Those taken so far.
    """

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.points: list[XY] = []

    def take_back(self) -> bool:
        if not self.points:
            return False
        self.points.pop()
        self._tell()
        return True

    def look_elsewhere(self) -> None:
        self._tell()

    @abstractmethod
    def _tell(self) -> None:
        """Tell what is waited for now."""


def pixels_apart(a: XY, b: XY) -> float:
    """Return the larger of the distances across and down."""
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))
