"""Drawing shapes that a few points and numbers define: what those tools share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Geometry

from gis.edit.construct import add_features
from gis.edit.exact import Polar, Typed, away_from
from gis.i18n import tr
from gis.measure import XY
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.kind import Role
from layers.layer import Layer
from layers.schema import GeometryType, Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.drawing import SPOT_ROLES, drawn_values, end_drawing, target_layer
from ui.tools.entry import Entry, Values
from ui.tools.event import MapEvent
from ui.tools.preview import paint_shapes
from ui.tools.sketch import paint_vertex
from ui.tools.tool import PathTool, ToolHost


class ConstructTool(PathTool):
    """Takes points one after the other and shows what they make; the last one adds it, as one step.

    Attributes
    ----------
    steps : tuple of Text
        What to click, point by point.
    shape : GeometryType
    role : Role or None
        The layer it goes into; the active one if None.
    numbers : tuple of Entry
        What can be typed besides the next place; values stay for the next time.
    """

    steps: ClassVar[tuple[Text, ...]]
    shape: ClassVar[GeometryType]
    role: ClassVar[Role | None] = None
    numbers: ClassVar[tuple[Entry, ...]] = ()
    cursor = Qt.CursorShape.CrossCursor
    measures = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._kept: dict[str, float] = {}

    @abstractmethod
    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        """Return what the points make; raise `RefusedError` with the reason if nothing."""

    @abstractmethod
    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        """Say what would be drawn, for the card beside the pointer."""

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        """Return what the new features get besides what all that are drawn get."""
        return {}

    def number(self, name: str) -> float | None:
        """Return a number: typed now, or kept, or the usual one."""
        typed = self.host.typed.get(name)
        if isinstance(typed, (int, float)):
            return float(typed)
        usual = next(entry.value for entry in self.numbers if entry.name == name)
        return self._kept.get(name, usual)

    @property
    def snaps(self) -> bool:
        return True

    @property
    def busy(self) -> bool:
        return bool(self.points)

    @property
    def anchor(self) -> XY | None:
        return self.points[-1] if self.points else None

    @property
    def before(self) -> XY | None:
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        kept = (
            Entry(e.name, e.title, e.unit, self._kept.get(e.name, e.value), e.minimum, e.maximum, e.whole)
            for e in self.numbers
        )
        return (*super().entries, *kept)

    def activate(self) -> None:
        self._tell()

    def press(self, event: MapEvent) -> None:
        self._keep(self.host.typed)
        self.take(event.aim(self.anchor, self.before))

    def move(self, event: MapEvent) -> None:
        self.pointer = event.aim(self.anchor, self.before)
        self.host.repaint_overlay()

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: the first one has been taken."""

    def enter(self, values: Values) -> bool:
        self._keep(values)
        return super().enter(values)

    def take(self, place: XY) -> None:
        if (not self.points and not self._may_begin()) or place == self.anchor:
            return
        self.points.append(place)
        if len(self.points) == len(self.steps):
            if self._add():
                self.points.clear()
            else:
                self.points.pop()
        self._tell()

    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Backspace:
            return self.take_back()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.points and self.pointer:
            self.take(self.pointer)
            return True
        return False

    def finish(self) -> None:
        if self.points and self.pointer is not None:
            self.take(self.pointer)

    def cancel(self) -> bool:
        dropped = bool(self.points)
        self.points.clear()
        self._tell()
        return dropped

    def paint_overlay(self, painter: QPainter) -> None:
        if not self.points or self.pointer is None:
            return
        points = [*self.points, self.pointer]
        try:
            made = self.shapes(points)
            paint_shapes(painter, made, self.host.viewport)
            line = Line(self.words(points, made), strong=True)
        except PlanboardError as error:
            line = Line(tr(error.message), soft=True)
        for place in self.points:
            paint_vertex(painter, self.to_px(place))
        drawn = [self.to_px(place) for place in points]
        self.host.cards.paint(painter, drawn[-1], [line], drawn=drawn)

    def target(self) -> Layer | None:
        """Return the layer it goes into; the user has been told if there is none."""
        snapshot = self.host.session.snapshot
        if self.role is None or snapshot is None:
            return target_layer(self.host, self.shape)
        active = snapshot.layers.get(self.host.active_layer or "")
        if active is not None and active.kind.role == self.role:
            return active
        return next(iter(snapshot.with_role(self.role)), None)

    def _may_begin(self) -> bool:
        return self.may_edit() and self.target() is not None

    def _add(self) -> bool:
        layer, session = self.target(), self.host.session
        if layer is None:
            return False
        points = tuple(self.points)
        try:
            shapes = self.shapes(points)
        except PlanboardError as error:
            session.refuse(error)
            return False
        if layer.kind.role in SPOT_ROLES:
            self.host.place_spot(layer.id, shapes[0])
            return True
        added: list[ChangeSet] = []
        attributes = {**drawn_values(self.host, layer), **self.attributes(points)}

        def edit(snapshot: Snapshot) -> ChangeSet:
            added.append(add_features(snapshot, layer.id, shapes, attributes))
            return added[0]

        label = Text("绘制 {layer}", "Draw in {layer}").format(layer=layer.title)
        return session.run(
            label, edit, lambda: end_drawing(self.host, added[0]), lambda: self._take_up(points)
        )

    def _take_up(self, points: Sequence[XY]) -> None:
        """Go on with what was refused after all, without its last point, if nothing else is begun."""
        if not self.points:
            self.points = list(points[:-1])
            self._tell()

    def _keep(self, values: Values) -> None:
        for entry in self.numbers:
            value = values.get(entry.name)
            if isinstance(value, (int, float)):
                self._kept[entry.name] = float(value)

    def _tell(self) -> None:
        self.host.show_hint(self.steps[min(len(self.points), len(self.steps) - 1)])
        self.host.repaint_overlay()


class ThreePointTool(ConstructTool):
    """Takes three points; with two of them it shows the line between them.

    Attributes
    ----------
    across : Entry or None
        What a distance typed for the third point is, if it is measured square to the line of the first two.
    """

    across: ClassVar[Entry | None] = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        return super().entries if self.across is None or len(self.points) < 2 else (self.across,)

    def meant(self, typed: Typed, pointer: XY) -> XY:
        waited = self.across is not None and len(self.points) == 2
        if waited and isinstance(typed, Polar) and typed.angle_deg is None:
            return away_from(self.points[0], self.points[1], pointer, typed.length_m or 0.0)
        return super().meant(typed, pointer)

    @abstractmethod
    def shape_of(self, first: XY, second: XY, third: XY) -> Geometry:
        """Return what three points make; raise `RefusedError` with the reason if nothing."""

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        return [self.shape_of(*points) if len(points) == 3 else shapely.linestrings(points)]


class WordsTool(ConstructTool):
    """Takes points, then asks for words; typing them adds what is drawn."""

    hint_words: ClassVar[Text] = Text("输入文字按 Enter", "Type the words and press Enter")
    _words = ""

    @property
    def asking(self) -> bool:
        """Whether all points are there, and the words are to be typed."""
        return len(self.points) == len(self.steps) - 1

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (Entry("text", Text("文字", "Text"), words=True),) if self.asking else super().entries

    def look_elsewhere(self) -> None:
        if self.asking:  # the field for the words is closed
            self.cancel()

    def take(self, place: XY) -> None:
        if self.asking:  # another click moves the words
            self.points.pop()
        super().take(place)
        if self.asking:
            self.host.ask()

    def enter(self, values: Values) -> bool:
        if not self.asking:
            return super().enter(values)
        self._words = str(values.get("text", "")).strip()
        if self._words and self._add():
            self.points.clear()
        self._tell()
        return not self.points


def opposite_side(start: XY, end: XY) -> XY:
    """Return a place to the left of a line, where something stands until its side is clicked."""
    return start[0] - end[1] + start[1], start[1] + end[0] - start[0]
