"""The map, and beside it or under a swipe a second one that shows another state of the same ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from PyQt6.QtCore import QPoint, QRect, pyqtSignal
from PyQt6.QtGui import QRegion, QResizeEvent
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from gis.measure import XY
from gis.render.clouds import Side
from gis.store.settings import belongs_to_plan
from layers.revision import WORKING
from layers.snapshot import Snapshot, shown
from layers.text import Text
from ui.canvas.canvas import MapCanvas
from ui.canvas.divider import Divider
from ui.canvas.side_card import SideCard
from ui.session import PREVIEW, Session

PairMode: TypeAlias = Literal["one", "split", "swipe"]
"""One map with everything on it; two maps side by side; one map with a handle between two states."""

EDGE_PX: Final = 12
TALL_PX: Final = 360
"""A lower map has no room for quantities; they stand in the list of changes below it, too."""
ROOMY_PX: Final = 480
"""Beside a narrower map only one of the two cards tells quantities."""
_VIEWING: Final = frozenset({"select", "pan", "identify", "measure-length", "measure-area"})
"""Tools that change nothing: the second map has them in hand with the first one."""


class MapPair(QWidget):
    """Shows what the session shows, and what stands beside it if the user wants to see both.

    The second map is a whole map of its own, with pointing, selecting and measuring. Both always show
    the same ground at the same scale; panning draws kept pictures only, so two are as fluid as one.

    Signals
    -------
    mode_changed(str)
    placed()
        Maps and cards stand anew: what floats over them is to be raised.
    """

    mode_changed = pyqtSignal(str)
    placed = pyqtSignal()

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__()
        self._session, self.canvas = session, canvas
        self.mode: PairMode = "one"
        self.share = 0.5
        self._top = 0
        self.other: MapCanvas | None = None
        self._other_session = Session(self)
        self._following = self._selecting = False
        canvas.setParent(self)
        self.setFocusProxy(canvas)
        self.divider = Divider(self)
        self.cards = (SideCard(self), SideCard(self))
        self.divider.dragged.connect(lambda at: self.swipe_to(at / max(1, self.width())))
        self.divider.stepped.connect(lambda step: self.swipe_to(self.share + step))
        self.divider.sent.connect(self.swipe_to)
        session.viewed.connect(self._on_viewed)
        session.project_opened.connect(self._on_project_opened)
        session.changed.connect(lambda _: self._show_beside() if self.paired else None)
        session.language_changed.connect(self._on_language_changed)

    @property
    def paired(self) -> bool:
        """Whether two states are on screen."""
        return self.mode != "one" and self._session.beside is not None

    def set_mode(self, mode: PairMode) -> None:
        """Show one map, two side by side, or two under a swipe; what is shown does not move."""
        if mode == self.mode:
            return
        self.mode = mode
        self.share = 0.5
        self._on_viewed()
        self.mode_changed.emit(mode)
        if self.paired and mode == "swipe":
            self.divider.setFocus()

    def swipe_to(self, share: float) -> None:
        """Put the handle at a share of the width."""
        self.share = min(1.0, max(0.0, share))
        self._place()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Leave the ground where it is on the screen when a bar above the map comes or goes."""
        self._place()
        top = self.mapTo(self.window(), QPoint(0, 0)).y()
        sank, self._top = top - self._top, top
        old = a0.oldSize() if a0 is not None else self.size()
        if sank and old.height() - self.height() == sank and old.width() == self.width():
            self.canvas.pan_by(0, -sank / 2)

    def _on_viewed(self) -> None:
        """Show two states or one; the keyboard does not go with what is hidden."""
        paired = self.paired
        parts = (None if paired else self.other, None if paired and self.mode == "swipe" else self.divider)
        leaving = any(part is not None and part.hasFocus() for part in parts)
        side: Side = "after" if paired and self._session.comparison is not None else "both"
        if self.canvas.pictures.side != side:
            self.canvas.pictures.side = side
            self.canvas.refresh()
        if paired:
            self._show_beside()
        elif self.other is not None:
            self.other.hide()
            # While two states are wanted, its picture is kept: the next pair shows at once.
            if self.mode == "one" or self._session.project is None:
                self._other_session.set_project(None)
        self._place()
        if leaving:
            self.canvas.setFocus()

    def _on_project_opened(self) -> None:
        self._other_session.set_project(None)
        self._on_viewed()

    def _show_beside(self) -> None:
        """Let the second map show the state beside the one on screen, dressed as that is."""
        beside, seen = self._session.beside, self._session.snapshot
        if beside is None or seen is None:
            return
        other = self._second()
        other.pictures.side = "before" if self._session.comparison is not None else "both"
        self._follow(self.canvas, other)
        label = beside.label if beside.label != WORKING else PREVIEW
        state, comparison = dressed_as(beside.snapshot, seen), self._session.comparison
        # What the other state does not have stays selected in this one: it may just have been drawn.
        self._guarded(lambda: self._other_session.show_state(label, state, comparison))
        self._word_cards()

    def _second(self) -> MapCanvas:
        if self.other is None:
            other = self.other = MapCanvas(self._other_session, self)
            other.setAccessibleName(tr("对照地图", "Map of the other state"))
            other.navigator.moved.connect(lambda: self._follow(other, self.canvas))
            self.canvas.navigator.moved.connect(lambda: self._follow(self.canvas, other))
            self._other_session.zoom_requested.connect(self.canvas.zoom_to)
            self._other_session.message.connect(self._session.message)
            self._other_session.offered.connect(self._session.offered)
            self._session.selection_changed.connect(self._show_selection)
            self._other_session.selection_changed.connect(self._take_selection)
            self.canvas.tool_changed.connect(self._take_tool)
            other.cursor_moved.connect(self.canvas.cursor_moved)
            other.cursor_moved.connect(lambda x, y: self._echo(self.canvas, (x, y)))
            other.cursor_left.connect(lambda: self._echo(self.canvas, None))
            self.canvas.cursor_moved.connect(self._on_cursor)
            self.canvas.cursor_left.connect(lambda: self._echo(other, None))
            other.hint_changed.connect(self._pass_hint)
            self._take_tool(self.canvas.tool_id)
            self._show_selection()
        return self.other

    def _pass_hint(self, hint: Text) -> None:
        """Tell what the second map waits for, while the pointer is on it: the first one may wait for more."""
        if self.other is not None and self.other.isVisible() and self.other.underMouse():
            self.canvas.hint_changed.emit(hint)

    def _place(self) -> None:
        """Give every part its room: halves side by side, or both whole, the upper one cut at the handle."""
        width, height = self.width(), self.height()
        whole = QRect(0, 0, width, height)
        at = round(width * self.share) if self.mode == "swipe" else width // 2
        if not self.paired or self.other is None:
            self.canvas.setGeometry(whole)
            self.divider.hide()
            for card in self.cards:
                card.hide()
            return
        if self.mode == "split":
            self.other.clearMask()
            self.other.setGeometry(0, 0, at - 1, height)
            self.canvas.setGeometry(at + 1, 0, width - at - 1, height)
        else:
            self.canvas.setGeometry(whole)
            self.other.setGeometry(whole)
            self.other.setMask(QRegion(0, 0, max(at, 1), height))
        self._follow(self.canvas, self.other)
        # a mask that leaves nothing would leave old pixels behind
        self.other.setVisible(self.mode == "split" or at > 0)
        self.canvas.update()
        self.other.raise_()
        self.divider.setVisible(self.mode == "swipe")
        self.divider.stand(at, height)
        self.divider.raise_()
        self._place_cards(at, width)

    def _place_cards(self, at: int, width: int) -> None:
        left, right = self.cards
        rooms = (at, width - at)
        for card, room in zip(self.cards, rooms, strict=True):
            told = self._session.comparison is not None and self.height() >= TALL_PX
            if card is left:  # where room is scarce the later card says all: the number and the difference
                told = told and room >= ROOMY_PX
            card.fit(room - 2 * EDGE_PX, quantities=told)
            card.setVisible(card.width() + 2 * EDGE_PX <= room)
            card.raise_()
        left.move(EDGE_PX, EDGE_PX)
        # Under a swipe each side keeps to its edge; side by side both begin at their left.
        right.move(width - right.width() - EDGE_PX if self.mode == "swipe" else at + EDGE_PX, EDGE_PX)
        self.placed.emit()

    def _word_cards(self) -> None:
        beside, compared = self._session.beside, self._session.comparison
        if beside is None:
            return
        ordered = compared is not None and not (compared.before == WORKING or self._alternatives())
        tags = (Text("前", "before"), Text("后", "after")) if ordered else (None, None)
        numbers = compared.quantities if compared is not None else ()
        for card, title, tag, after in zip(
            self.cards, (beside.title, beside.own_title), tags, (False, True), strict=True
        ):
            card.tell(title, tag, numbers, after=after)

    def _alternatives(self) -> bool:
        """Tell whether what is compared are two alternatives: neither is before the other."""
        project, compared = self._session.project, self._session.comparison
        names = {b.name for b in project.branches} if project is not None else set()
        return compared is not None and bool(names & {compared.before, compared.after})

    def _follow(self, leader: MapCanvas, follower: MapCanvas | None) -> None:
        """Show the same ground at the same scale in the other map."""
        if self._following or follower is None or not self.paired:
            return
        self._following = True
        try:
            room, view = follower.viewport, leader.viewport
            follower.navigator.show_view(
                replace(view, width_px=max(1, room.width_px), height_px=max(1, room.height_px))
            )
        finally:
            self._following = False

    def _show_selection(self) -> None:
        if not self._selecting and self.paired:
            self._guarded(lambda: self._other_session.select(self._session.selection))

    def _take_selection(self) -> None:
        """Select in the first map what is selected in the second, as far as it is there."""
        seen = self._session.snapshot
        if self._selecting or not self.paired or seen is None:
            return
        there = [key for key in self._other_session.selection if seen.feature(key) is not None]
        self._guarded(lambda: self._session.select(there))

    def _guarded(self, do: Callable[[], None]) -> None:
        self._selecting = True
        try:
            do()
        finally:
            self._selecting = False

    def _take_tool(self, tool: str) -> None:
        if self.other is not None:
            self.other.set_tool(tool if tool in _VIEWING else "select")

    def _on_cursor(self, x: float, y: float) -> None:
        if self.other is not None and self.paired and not self.other.underMouse():
            self._echo(self.other, (x, y))

    def _echo(self, canvas: MapCanvas, place: XY | None) -> None:
        """Mark in one of two maps side by side the place that the pointer is at in the other."""
        place = place if self.mode == "split" and self.paired else None
        if canvas.echo != place:
            canvas.echo = place
            canvas.update()

    def _on_language_changed(self) -> None:
        self._other_session.language_changed.emit()
        if self.paired:
            self._word_cards()
            self._place()


def dressed_as(snapshot: Snapshot, model: Snapshot) -> Snapshot:
    """Return a state with the order, visibility and looks of layers that another one has now."""
    settings = {name: value for name, value in snapshot.settings.items() if belongs_to_plan(name)}
    settings |= {name: value for name, value in model.settings.items() if not belongs_to_plan(name)}
    return replace(snapshot, settings=settings, layers=shown(snapshot.layers, settings))
