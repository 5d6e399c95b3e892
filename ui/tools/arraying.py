"""Copies of what is selected in rows and columns, or along a drawn line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import shapely
from PyQt6.QtGui import QPainter
from shapely import Geometry

from gis.edit.shapes import line_through
from gis.edit.transform import Matrix, copy_features, grid_shifts, path_shifts, polar_turns, transformed
from gis.i18n import tr
from gis.measure import XY
from layers.changes import ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.adjusting import AdjustTool
from ui.tools.copying import tell_copies
from ui.tools.cutting import SketchedChange
from ui.tools.entry import AT, Entry, Values, number
from ui.tools.preview import paint_shapes, shapes_of_selection
from ui.tools.tool import ToolHost
from ui.tools.transforming import NOTHING_YET

_BETWEEN_POINTS_M: Final = 10.0
"""Points have no size to stand side by side by."""
COUNT = Entry("count", Text("份数", "Copies"), "", 5, minimum=2, maximum=1000, whole=True)


class ArrayLineTool(SketchedChange):
    """Puts copies evenly along a drawn line, the original at its start."""

    id = "array-line"
    title = Text("沿线阵列", "Array along a line")
    hint = Text("选中对象，从它开始画一条线", "Select something, then draw a line from it")
    hint_more = Text(
        "单击下一点；双击、Enter 或右键完成；份数可输入",
        "Click the next point; double-click, Enter or right-click ends; the number can be typed",
    )
    label = Text("沿线阵列", "Array along a line")

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._count = 5.0

    @property
    def entries(self) -> tuple[Entry, ...]:
        count = Entry(COUNT.name, COUNT.title, "", self._count, COUNT.minimum, COUNT.maximum, whole=True)
        return (*super().entries, count) if self.points else super().entries

    def enter(self, values: Values) -> bool:
        self._count = number(values, "count", self._count)
        return super().enter(values)

    def may_begin(self) -> bool:
        if self.host.session.selection:
            return self.may_edit()
        self.host.session.tell(NOTHING_YET, "warning")
        return False

    def edit_now(self) -> Callable[[Snapshot, Sequence[Key], Geometry], ChangeSet]:
        count, existing = self._number(), self.host.session.draws_existing
        return lambda snapshot, keys, drawn: copy_features(
            snapshot, keys, path_shifts(drawn, count, turning=True)[1:], existing=existing
        )

    def edit(self, snapshot: Snapshot, keys: Sequence[Key], drawn: Geometry) -> ChangeSet:
        return self.edit_now()(snapshot, keys, drawn)

    def say(self, keys: Sequence[Key], words: Text | None) -> None:
        tell_copies(self.host.session, keys)

    def lines(self) -> list[Line]:
        words = tr("{n} 份", "{n} copies", n=self._number())
        return [Line(words, strong=True), *super().lines()]

    def paint_overlay(self, painter: QPainter) -> None:
        if len(points := self.running()) > 1:
            session = self.host.session
            shapes = shapes_of_selection(session.snapshot, sorted(session.selection))
            moves = self._matrices(line_through(points))[1:]
            paint_shapes(painter, [transformed(s, m) for s in shapes for m in moves], self.host.viewport)
        super().paint_overlay(painter)

    def _matrices(self, line: Geometry) -> list[Matrix]:
        return path_shifts(line, self._number(), turning=True)

    def _number(self) -> int:
        return int(number(self.host.typed, "count", self._count))


class ArrayGridTool(AdjustTool):
    """Puts copies in rows and columns; unless told otherwise, they stand side by side."""

    id = "array-grid"
    title = Text("矩形阵列", "Rectangular array")
    hint = NOTHING_YET
    hint_more = Text(
        "输入行数、列数、行距、列距，按 Enter；单击应用所示结果",
        "Type rows, columns and their distances, press Enter; a click takes what is shown",
    )
    label = Text("矩形阵列", "Rectangular array")
    copies = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._kept = {"columns": 3.0, "rows": 2.0}
        self._now = self._usual()
        self._typed: dict[str, float] = {}

    def _usual(self) -> dict[str, float]:
        """Return what holds unless it is typed: what was typed last, or the size of what is selected."""
        shapes = shapes_of_selection(self.host.session.snapshot, sorted(self.host.session.selection))
        west, south, east, north = shapely.total_bounds(shapes) if shapes else (0.0, 0.0, 0.0, 0.0)
        across, up = (round(float(size), 3) or _BETWEEN_POINTS_M for size in (east - west, north - south))
        return {"across": across, "up": up, **self._kept}

    @property
    def asked(self) -> tuple[Entry, ...]:
        kept = self._usual()
        return (
            Entry("columns", Text("列数", "Columns"), "", kept["columns"], 1, 200, whole=True),
            Entry("rows", Text("行数", "Rows"), "", kept["rows"], 1, 200, whole=True),
            Entry("across", Text("列距", "Across"), "m", kept["across"], -10_000, 10_000),
            Entry("up", Text("行距", "Up"), "m", kept["up"], -10_000, 10_000),
        )

    def amount(self, values: Values) -> float:
        self._typed = {name: n for name, n in values.items() if isinstance(n, (int, float))}
        self._now = {name: number(values, name, usual) for name, usual in self._usual().items()}
        return self._now["columns"] * self._now["rows"]

    def results(self, shapes: list[Geometry], amount: float) -> list[Geometry]:
        return [transformed(shape, move) for shape in shapes for move in self._moves()]

    def result(self, shape: Geometry, amount: float) -> Geometry | None:
        return shape

    def edit_now(self) -> Callable[[Snapshot, list[Key], float], ChangeSet]:
        self._kept |= {name: float(n) for name, n in self._typed.items()}
        moves, existing = self._moves(), self.host.session.draws_existing
        return lambda snapshot, keys, _amount: copy_features(snapshot, keys, moves, existing=existing)

    def edit(self, snapshot: Snapshot, keys: list[Key], amount: float) -> ChangeSet:
        return self.edit_now()(snapshot, keys, amount)

    def words(self, shapes: list[Geometry], amount: float) -> str:
        now = self._now
        return tr(
            "{c:.0f} 列 × {r:.0f} 行", "{c:.0f} columns × {r:.0f} rows", c=now["columns"], r=now["rows"]
        )

    def _moves(self) -> list[Matrix]:
        now = self._now
        across: XY = (now["across"], 0.0)
        return grid_shifts(int(now["rows"]), int(now["columns"]), across, (0.0, now["up"]))


class ArrayPolarTool(AdjustTool):
    """Puts copies around a centre that is clicked."""

    id = "array-polar"
    title = Text("环形阵列", "Polar array")
    hint = NOTHING_YET
    hint_more = Text(
        "单击中心；份数和总角度可输入", "Click the centre; the number and the whole angle can be typed"
    )
    label = Text("环形阵列", "Polar array")
    copies = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._kept = {"count": 6.0, "sweep": 360.0}

    @property
    def snaps(self) -> bool:
        return bool(self.host.session.selection)

    @property
    def asked(self) -> tuple[Entry, ...]:
        kept = self._kept
        return (
            Entry("count", Text("份数", "Copies"), "", kept["count"], 2, 360, whole=True),
            Entry("sweep", Text("总角度", "Whole angle"), "°", kept["sweep"], -360, 360),
            replace(AT, title=Text("中心", "Centre")),
        )

    def enter(self, values: Values) -> bool:
        """Keep what was typed: the centre is still to be clicked, or typed with it."""
        self._keep(values)
        return True

    def amount(self, values: Values) -> float:
        self._keep(values)
        return self._kept["count"]

    def results(self, shapes: list[Geometry], amount: float) -> list[Geometry]:
        return [transformed(shape, turn) for shape in shapes for turn in self._turns()]

    def result(self, shape: Geometry, amount: float) -> Geometry | None:
        return shape

    def edit_now(self) -> Callable[[Snapshot, list[Key], float], ChangeSet]:
        turns, existing = self._turns(), self.host.session.draws_existing
        return lambda snapshot, keys, _amount: copy_features(snapshot, keys, turns, existing=existing)

    def edit(self, snapshot: Snapshot, keys: list[Key], amount: float) -> ChangeSet:
        return self.edit_now()(snapshot, keys, amount)

    def words(self, shapes: list[Geometry], amount: float) -> str:
        kept = self._kept
        return tr("{n:.0f} 份，共 {a:g}°", "{n:.0f} copies over {a:g}°", n=kept["count"], a=kept["sweep"])

    def _keep(self, values: Values) -> None:
        self._kept = {name: number(values, name, kept) for name, kept in self._kept.items()}

    def _turns(self) -> list[Matrix]:
        if self.pointer is None:
            return []
        return polar_turns(self.pointer, int(self._kept["count"]), self._kept["sweep"])
