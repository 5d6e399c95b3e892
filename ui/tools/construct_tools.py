"""Drawing by a few points and numbers: circle, arc, rectangle, parking row, building slab, dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import shapely
from shapely import Geometry

from gis import measure
from gis.circles import circle_note
from gis.edit.construct import (
    arc,
    centre_of,
    circle,
    dimension_line,
    parking_row,
    rectangle_on,
    slab,
)
from gis.edit.exact import Polar, Typed
from gis.i18n import tr
from gis.measure import XY
from layers.schema import Value
from layers.text import Text
from ui.tools.constructing import ConstructTool, ThreePointTool, WordsTool, opposite_side
from ui.tools.entry import Entry

RADIUS: Final = Entry("length", Text("半径", "Radius"), "m", place=True)


class DrawCircleTool(ConstructTool):
    """Draws circles by centre and radius."""

    id = "draw-circle"
    title = Text("画圆", "Draw circle")
    hint = Text("单击圆心", "Click the centre")
    steps = (hint, Text("单击圆上一点，或输入半径", "Click a point of the circle, or type the radius"))
    shape = "polygon"

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (RADIUS,) if self.points else super().entries

    def meant(self, typed: Typed, pointer: XY) -> XY:
        if self.points and isinstance(typed, Polar) and typed.angle_deg is None:
            typed = Polar(typed.length_m, 0.0)  # without a direction: the pointer may rest there
        return super().meant(typed, pointer)

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        return [circle(points[0], measure.segment_length_m(points[0], points[-1]))]

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        radius = measure.length_text(measure.segment_length_m(points[0], points[-1]))
        return tr("半径 {radius}", "radius {radius}", radius=radius)

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"note": circle_note(points[0], measure.segment_length_m(points[0], points[-1]))}


class DrawArcTool(ThreePointTool):
    """Draws arcs through three points."""

    id = "draw-arc"
    title = Text("画圆弧", "Draw arc")
    hint = Text("单击圆弧起点", "Click where the arc starts")
    steps = (
        hint,
        Text("单击圆弧上一点", "Click a point on the arc"),
        Text("单击圆弧终点", "Click where the arc ends"),
    )
    shape = "line"

    def shape_of(self, first: XY, second: XY, third: XY) -> Geometry:
        return arc(first, second, third)

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        length = measure.length_text(float(shapes[0].length))
        if len(points) < 3:
            return length
        radius = measure.length_text(measure.segment_length_m(centre_of(*points), points[0]))
        return tr(
            "半径 {radius}   弧长 {length}", "radius {radius}   length {length}", radius=radius, length=length
        )

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        centre = centre_of(points[0], points[1], points[2])
        return {"note": circle_note(centre, measure.segment_length_m(centre, points[0]))}


class DrawRectangle3Tool(ThreePointTool):
    """Draws rectangles in any direction: one side, then the depth."""

    id = "draw-rectangle-3"
    title = Text("三点矩形", "Rectangle by three points")
    hint = Text("单击一条边的起点", "Click where a side starts")
    steps = (
        hint,
        Text("单击这条边的终点，或输入距离", "Click where the side ends, or type a distance"),
        Text("单击对边上一点，或输入深度", "Click a point of the opposite side, or type the depth"),
    )
    shape = "polygon"
    across = Entry("length", Text("深度", "Depth"), "m", place=True)

    def shape_of(self, first: XY, second: XY, third: XY) -> Geometry:
        return rectangle_on(first, second, third)

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        side = measure.segment_length_m(points[0], points[1])
        if len(points) < 3:
            return measure.length_text(side)
        return f"{measure.length_text(side)} × {measure.length_text(float(shapes[0].area) / side)}"


class ParkingRowTool(ConstructTool):
    """Draws a row of parking bays along a line, each a feature of its own."""

    id = "draw-parking-row"
    title = Text("停车位排列", "Parking row")
    hint = Text("单击第一个车位在车道边的角点", "Click the first bay's corner at the lane")
    steps = (
        hint,
        Text(
            "单击排列的终点；可输入车位数、宽、长、角度",
            "Click where the row ends; number, width, length and angle can be typed",
        ),
        Text("单击车位所在的一侧", "Click the side of the bays"),
    )
    shape = "polygon"
    role = "parking"
    numbers = (
        Entry("count", Text("车位数", "Bays"), minimum=1, maximum=500, whole=True),
        Entry("width", Text("宽", "Width"), "m", 2.5, minimum=1.0, maximum=20.0),
        Entry("long", Text("长", "Length"), "m", 5.3, minimum=1.0, maximum=30.0),
        Entry("bay_angle", Text("夹角", "Angle"), "°", 90.0, minimum=0.0, maximum=90.0),
    )

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        start, end = points[0], points[1]
        side = points[2] if len(points) == 3 else opposite_side(start, end)
        count = self.number("count")
        width, long, angle = (self.number(name) or 0.0 for name in ("width", "long", "bay_angle"))
        return parking_row(start, end, side, None if count is None else int(count), width, long, angle)

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        return tr("{n} 个车位", "{n} bays", n=len(shapes))

    def _add(self) -> bool:
        done = super()._add()
        if done:
            self._kept.pop("count", None)  # the next row is as long as it is drawn
        return done


class BuildingSlabTool(ConstructTool):
    """Draws a slab building: the wall with the entrances, then the side it stands on."""

    id = "draw-building"
    title = Text("板楼", "Slab building")
    hint = Text("单击单元门一侧外墙的起点", "Click where the wall with the entrances starts")
    steps = (
        hint,
        Text(
            "单击外墙终点，或输入楼长；可输入进深、单元数",
            "Click its end, or type the length, depth, stairwells",
        ),
        Text("单击建筑所在的一侧", "Click the side of the building"),
    )
    shape = "polygon"
    role = "footprint"
    numbers = (
        Entry("depth", Text("进深", "Depth"), "m", 11.0, minimum=2.0, maximum=100.0),
        Entry("stairwells", Text("单元", "Stairwells"), "", 3.0, minimum=0, maximum=40, whole=True),
    )

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        start, end = points[0], points[1]
        side = points[2] if len(points) == 3 else opposite_side(start, end)
        length = measure.segment_length_m(start, end)
        return [slab(start, end, side, length, self.number("depth") or 0.0, self._stairwells())]

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        length = measure.length_text(measure.segment_length_m(points[0], points[1]))
        depth = measure.length_text(self.number("depth") or 0.0)
        words = Text("{length} × {depth}   {n} 个单元", "{length} × {depth}   {n} stairwells")
        return tr(words, length=length, depth=depth, n=self._stairwells())

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"units": self._stairwells()}

    def _stairwells(self) -> int:
        return int(self.number("stairwells") or 0)


class DimensionTool(ThreePointTool):
    """Draws an aligned dimension that holds the distance measured."""

    id = "draw-dimension"
    title = Text("尺寸标注", "Dimension")
    hint = Text("单击第一个测点", "Click the first point to measure")
    steps = (
        hint,
        Text("单击第二个测点", "Click the second point"),
        Text("单击尺寸线的位置，或输入距离", "Click where the dimension line goes, or type how far"),
    )
    shape = "line"
    across = Entry("length", Text("距离", "Distance"), "m", place=True)
    role = "annotation"

    def shape_of(self, first: XY, second: XY, third: XY) -> Geometry:
        return dimension_line(first, second, third)

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        return measure.length_text(measure.segment_length_m(points[0], points[1]))

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        words = measure.length_text(measure.segment_length_m(points[0], points[1]))
        return {"text": words, "type": "dimension"}


class TextTool(WordsTool):
    """Writes a note at a place."""

    id = "draw-text"
    title = Text("写注记", "Write a note")
    hint = Text("单击注记的位置，再输入文字", "Click where the note goes, then type it")
    steps = (hint, WordsTool.hint_words)
    shape = "point"
    role = "annotation"

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        return [shapely.Point(points[0])]

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        return tr(self.hint_words)

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"text": self._words, "type": "note"}
