"""What moving, turning, scaling and mirroring by points have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Geometry

from gis.edit.transform import Matrix, copy_features, transform_features, transformed
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.errors import PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.canvas.marks import HIGHLIGHT, pen
from ui.tools.copying import tell_copies
from ui.tools.entry import Entry
from ui.tools.event import MapEvent
from ui.tools.preview import paint_shapes, shapes_of_selection
from ui.tools.sketch import paint_vertex
from ui.tools.tool import PathTool, ToolHost

NOTHING_YET = Text("单击要修改的对象，或先框选", "Click the object to change, or select several first")


class TransformTool(PathTool):
    """Takes points one after the other; the last one changes the selection, as one step.

    Ctrl with the last click leaves the originals and changes copies. Enter
    instead of the first point takes the middle of the selection.

    Attributes
    ----------
    steps : tuple of Text
        What to click, point by point.
    verb, copy_verb : Text
        What the step is called, ``{n}`` filled with the count.
    copies : bool
        Whether originals always stay.
    """

    steps: ClassVar[tuple[Text, ...]]
    verb: ClassVar[Text]
    copy_verb: ClassVar[Text]
    copies: ClassVar[bool] = False
    repeats: ClassVar[bool] = False
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._leave_original = False
        self._shown: tuple[object, frozenset[Key], list[Geometry]] | None = None

    @abstractmethod
    def matrix(self, points: Sequence[XY]) -> Matrix:
        """Return what the points, and what is typed, mean; raise `RefusedError` if nothing."""

    @abstractmethod
    def words(self, points: Sequence[XY]) -> str:
        """Say what would be done, for the card beside the pointer."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return super().entries if self.host.session.selection else ()

    @property
    def snaps(self) -> bool:
        return bool(self.host.session.selection)

    @property
    def busy(self) -> bool:
        return bool(self.points)

    @property
    def anchor(self) -> XY | None:
        return self.points[-1] if self.points else None

    def activate(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        if not self.host.session.selection:
            self.points.clear()
        selected = bool(self.host.session.selection)
        self.host.show_hint(
            self.steps[min(len(self.points), len(self.steps) - 1)] if selected else NOTHING_YET
        )
        self.host.repaint_overlay()

    def press(self, event: MapEvent) -> None:
        if not self.host.session.selection:
            self.host.session.select(self.host.objects_at(event.world)[:1])
            return
        self._leave_original = event.ctrl
        self.take(event.aim(self.anchor))

    def move(self, event: MapEvent) -> None:
        self.pointer = event.aim(self.anchor)
        self._leave_original = event.ctrl
        self.host.repaint_overlay()

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: the first one has been taken."""

    def take(self, place: XY) -> None:
        if not self.host.session.selection or not self.may_edit():
            return
        self.points.append(place)
        if len(self.points) < len(self.steps):
            self.refresh()
        elif self._apply() and not self.repeats:
            self.points.clear()
            self.refresh()
        else:
            self.points.pop()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Backspace and self.take_back():
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._take_middle()
        return False

    def _tell(self) -> None:
        self.refresh()

    def cancel(self) -> bool:
        dropped = bool(self.points)
        self.points.clear()
        self.refresh()
        return dropped

    def finish(self) -> None:
        """Leave a tool that repeats: right-click."""
        self.cancel()

    def paint_overlay(self, painter: QPainter) -> None:
        if not self.points or self.pointer is None:
            return
        points = [*self.points, self.pointer]
        if len(points) == len(self.steps) or self.host.typed:
            self._paint_result(painter, points)
        pixels = [self.to_px(p) for p in points]
        painter.setPen(pen(HIGHLIGHT, 1.4, 3.0, 3.0))
        for a, b in self._guides(pixels):
            painter.drawLine(a, b)
        for at in pixels[:-1]:
            paint_vertex(painter, at)

    def _guides(self, pixels: Sequence[QPointF]) -> list[tuple[QPointF, QPointF]]:
        return [(pixels[0], at) for at in pixels[1:]]

    def _paint_result(self, painter: QPainter, points: Sequence[XY]) -> None:
        try:
            matrix = self.matrix(points)
        except PlanboardError:
            return
        shapes = [transformed(shape, matrix) for shape in self._selected()]
        paint_shapes(painter, shapes, self.host.viewport)
        line = Line(self.words(points), strong=True)
        self.host.cards.paint(painter, self.to_px(points[-1]), [line])

    def _selected(self) -> list[Geometry]:
        session = self.host.session
        known = self._shown
        if known is None or known[0] is not session.snapshot or known[1] is not session.selection:
            shapes = shapes_of_selection(session.snapshot, sorted(session.selection))
            known = self._shown = (session.snapshot, session.selection, shapes)
        return known[2]

    def _take_middle(self) -> bool:
        middle = self.host.selection_middle()
        if self.points or middle is None:
            return False
        self.take(middle)
        return True

    def _apply(self) -> bool:
        """Change the selection; what is refused has been told."""
        session = self.host.session
        try:
            matrix = self.matrix(self.points)
        except PlanboardError as error:
            session.refuse(error)
            return False
        keys = sorted(session.selection)
        copying, existing = self.copies or self._leave_original, session.draws_existing
        made: list[Key] = []

        def edit(snapshot: Snapshot) -> ChangeSet:
            if not copying:
                return transform_features(snapshot, keys, matrix)
            changes = copy_features(snapshot, keys, [matrix], existing=existing)
            made.extend(changes.features)
            return changes

        def done() -> None:
            if made and not self.repeats:
                session.select(made)
            if made:
                tell_copies(session, keys)

        label = (self.copy_verb if copying else self.verb).format(n=len(keys))
        return session.run(label, edit, done)
