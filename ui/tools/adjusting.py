"""Changing what is selected by one number, seen before it is done: parallels and simplifying."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import ClassVar

import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent, QPainter
from shapely import Geometry

from gis import measure
from gis.edit.outlines import add_parallel, parallel, simplified, simplify_features
from gis.i18n import tr
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.copying import tell_copies
from ui.tools.entry import Entry, Values, number
from ui.tools.event import MapEvent
from ui.tools.preview import paint_shapes, shapes_of_selection
from ui.tools.tool import Tool, ToolHost
from ui.tools.transforming import NOTHING_YET


class AdjustTool(Tool):
    """Shows what a number makes of the selection; a click or Enter does it, as one step.

    Attributes
    ----------
    hint_more, label : Text
    copies : bool
        Whether it adds copies of what is selected.
    """

    hint_more: ClassVar[Text]
    label: ClassVar[Text]
    copies: ClassVar[bool] = False
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self.pointer: XY | None = None

    @abstractmethod
    def amount(self, values: Values) -> float:
        """Return the number that holds: typed, or pointed at."""

    @abstractmethod
    def result(self, shape: Geometry, amount: float) -> Geometry | None:
        """Return what becomes of a shape; None if it stays."""

    def results(self, shapes: list[Geometry], amount: float) -> list[Geometry]:
        """Return what becomes of the selected shapes."""
        return [made for shape in shapes if (made := self.result(shape, amount)) is not None]

    @abstractmethod
    def edit(self, snapshot: Snapshot, keys: list[Key], amount: float) -> ChangeSet:
        """Return the change."""

    def edit_now(self) -> Callable[[Snapshot, list[Key], float], ChangeSet]:
        """Return `edit` with what is typed at the moment: the edit itself may run in a worker thread."""
        return self.edit

    @abstractmethod
    def words(self, shapes: list[Geometry], amount: float) -> str:
        """Say what would be done."""

    @property
    @abstractmethod
    def asked(self) -> tuple[Entry, ...]:
        """What can be typed once something is selected; before, a typed coordinate selects."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.asked if self.host.session.selection else ()

    def activate(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        self.host.show_hint(self.hint_more if self.host.session.selection else NOTHING_YET)
        self.host.repaint_overlay()

    def press(self, event: MapEvent) -> None:
        self.pointer = event.snapped
        if not self.host.session.selection:
            self.host.session.select(self.host.objects_at(event.world)[:1])
        else:
            self._apply(self.host.typed)

    def move(self, event: MapEvent) -> None:
        self.pointer = event.snapped
        self.host.repaint_overlay()

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: once is meant."""

    def enter(self, values: Values) -> bool:
        self._apply(values)
        return True

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.host.session.selection:
            self._apply(self.host.typed)
            return True
        return False

    def paint_overlay(self, painter: QPainter) -> None:
        selection = sorted(self.host.session.selection)
        if self.pointer is None or not selection:
            return
        shapes = shapes_of_selection(self.host.session.snapshot, selection)
        amount = self.amount(self.host.typed)
        try:
            made = self.results(shapes, amount)
        except RefusedError:
            return
        paint_shapes(painter, made, self.host.viewport, filled=False)
        line = Line(self.words(made, amount), strong=True)
        self.host.cards.paint(painter, self.to_px(self.pointer), [line])

    def _apply(self, values: Values) -> None:
        keys = sorted(self.host.session.selection)
        amount = self.amount(values)
        if keys:
            session, change = self.host.session, self.edit_now()
            done = partial(tell_copies, session, keys) if self.copies else None
            session.run(self.label, lambda snapshot: change(snapshot, keys, amount), done)
        self.host.repaint_overlay()


class OffsetTool(AdjustTool):
    """Adds parallels of lines, or outlines within or around areas; the pointer says on which side."""

    id = "offset"
    title = Text("偏移", "Offset")
    hint = NOTHING_YET
    hint_more = Text(
        "把指针移到要偏移的一侧，输入距离按 Enter，或单击；负数是另一侧",
        "Point to the side, type a distance and press Enter, or click; a negative one is the other side",
    )
    label = Text("平行偏移", "Offset")
    copies = True

    @property
    def snaps(self) -> bool:
        return bool(self.host.session.selection)

    @property
    def asked(self) -> tuple[Entry, ...]:
        return (Entry("distance", Text("偏移", "Offset"), "m", minimum=-10_000, maximum=10_000),)

    def amount(self, values: Values) -> float:
        shapes = shapes_of_selection(self.host.session.snapshot, sorted(self.host.session.selection))
        lined = [s for s in shapes if shapely.get_dimensions(s) > 0]
        if self.pointer is None or not lined:
            return number(values, "distance", 0.0)
        pointer = shapely.Point(self.pointer)
        nearest = min(lined, key=lambda s: _edge(s).distance(pointer))
        away = number(values, "distance", round(float(_edge(nearest).distance(pointer)), 2))
        return away * _side(nearest, self.pointer)

    def result(self, shape: Geometry, amount: float) -> Geometry | None:
        return parallel(shape, amount)

    def edit_now(self) -> Callable[[Snapshot, list[Key], float], ChangeSet]:
        return partial(add_parallel, existing=self.host.session.draws_existing)

    def edit(self, snapshot: Snapshot, keys: list[Key], amount: float) -> ChangeSet:
        return self.edit_now()(snapshot, keys, amount)

    def words(self, shapes: list[Geometry], amount: float) -> str:
        return tr("偏移 {distance}", "offset {distance}", distance=measure.length_text(abs(amount)))


class SimplifyTool(AdjustTool):
    """Leaves out vertices that a line or outline does not need."""

    id = "simplify"
    title = Text("简化", "Simplify")
    hint = NOTHING_YET
    hint_more = Text(
        "输入允许偏差按 Enter；单击应用所示结果",
        "Type a tolerance and press Enter; a click takes what is shown",
    )
    label = Text("简化", "Simplify")

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._tolerance_m = 0.1

    @property
    def asked(self) -> tuple[Entry, ...]:
        title = Text("允许偏差", "Tolerance")
        return (Entry("tolerance", title, "m", self._tolerance_m, minimum=0.001, maximum=1000),)

    def amount(self, values: Values) -> float:
        return number(values, "tolerance", self._tolerance_m)

    def result(self, shape: Geometry, amount: float) -> Geometry | None:
        return simplified(shape, amount) or shape

    def edit(self, snapshot: Snapshot, keys: list[Key], amount: float) -> ChangeSet:
        self._tolerance_m = amount
        changes = simplify_features(snapshot, keys, amount)
        if not changes:
            raise RefusedError(
                Text("在此偏差内没有可省的顶点。", "No vertex can go within that tolerance."),
                code="simplify.nothing",
            )
        return changes

    def words(self, shapes: list[Geometry], amount: float) -> str:
        count = sum(int(shapely.get_num_coordinates(s)) for s in shapes)
        return tr("偏差 {m:g} m，余 {n} 个顶点", "within {m:g} m, {n} vertices left", m=amount, n=count)


def _edge(shape: Geometry) -> Geometry:
    return shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape


def _side(shape: Geometry, place: XY) -> float:
    """Return 1 left of a line or outside an area, -1 on the other side."""
    point = shapely.Point(place)
    if shapely.get_dimensions(shape) == 2:
        return -1.0 if shapely.contains(shape, point) else 1.0
    part = min(shapely.get_parts(shape), key=lambda p: p.distance(point))
    along = shapely.line_locate_point(part, point)
    before, after = (part.interpolate(min(max(along + step, 0.0), part.length)) for step in (-0.01, 0.01))
    cross = (after.x - before.x) * (place[1] - before.y) - (after.y - before.y) * (place[0] - before.x)
    return 1.0 if cross >= 0 else -1.0
