"""Moving, copying, turning, scaling and mirroring what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from gis import measure
from gis.edit.geometries import refused
from gis.edit.transform import Matrix, reflection, rotation, scaling, shift
from gis.i18n import tr
from gis.measure import XY
from layers.text import Text
from ui.tools.entry import Entry, Values, number
from ui.tools.transforming import TransformTool

COPY = Text("复制 {n} 个对象", "Copy {n} features")
BASE = Text("单击基点，或按 Enter 取所选中心", "Click the base point, or press Enter for the middle")


class MoveTool(TransformTool):
    """Moves from a base point to another one."""

    id = "move"
    title = Text("移动", "Move")
    hint = BASE
    steps = (
        BASE,
        Text(
            "单击目标点，或输入距离、@dx,dy；按住 Ctrl 保留原件",
            "Click the new place, or type a distance or @dx,dy; Ctrl keeps the original",
        ),
    )
    verb = Text("移动 {n} 个对象", "Move {n} features")
    copy_verb = COPY

    def matrix(self, points: Sequence[XY]) -> Matrix:
        (x0, y0), (x, y) = points[0], points[-1]
        return shift(x - x0, y - y0)

    def words(self, points: Sequence[XY]) -> str:
        length = measure.length_text(measure.segment_length_m(points[0], points[-1]))
        heading = measure.angle_text(measure.heading_deg(points[0], points[-1]))
        return tr(
            "移动 {length}   方位 {heading}",
            "move {length}   heading {heading}",
            length=length,
            heading=heading,
        )


class CopyTool(MoveTool):
    """Copies from a base point, again and again."""

    id = "copy"
    title = Text("复制到", "Copy to")
    steps = (
        BASE,
        Text(
            "单击每个副本的位置，或输入距离、@dx,dy；右键结束",
            "Click where each copy goes, or type a distance or @dx,dy; right-click ends",
        ),
    )
    copies = True
    repeats = True


class _ByNumber(TransformTool):
    """Takes a number instead of the points after the first.

    Attributes
    ----------
    wanted : Entry
        How much, while nothing is referred to.
    target : Entry
        What the reference is to become, once it is clicked.
    """

    wanted: Entry
    target: Entry

    @property
    def entries(self) -> tuple[Entry, ...]:
        if not self.points:
            return super().entries
        return (self.target if len(self.points) > 1 else self.wanted,)

    def held(self, place: XY, values: Values) -> XY:
        return place if self.points else super().held(place, values)

    def enter(self, values: Values) -> bool:
        if not self.points:
            return super().enter(values)
        if values:
            centre = self.points[0]
            self.points += [centre] * (len(self.steps) - 1 - len(self.points))
            self.take(centre)
        return True


class RotateTool(_ByNumber):
    """Turns around a point, by a typed angle or from one direction to another."""

    id = "rotate"
    title = Text("旋转", "Rotate")
    hint = BASE
    steps = (
        Text("单击旋转中心，或按 Enter 取所选中心", "Click the centre, or press Enter for the middle"),
        Text(
            "输入角度（顺时针），或单击参照方向",
            "Type an angle (clockwise), or click where to turn from",
        ),
        Text(
            "单击转到的方向，或输入方位；Ctrl 保留原件",
            "Click the direction to turn to, or type its heading; Ctrl keeps the original",
        ),
    )
    verb = Text("旋转 {n} 个对象", "Rotate {n} features")
    copy_verb = COPY
    wanted = Entry("turn", Text("角度", "Angle"), "° ↻", minimum=-3600, maximum=3600)
    target = Entry("heading", Text("转到方位", "To heading"), "°", minimum=-3600, maximum=3600)

    def matrix(self, points: Sequence[XY]) -> Matrix:
        return rotation(points[0], self._turn(points))

    def words(self, points: Sequence[XY]) -> str:
        return tr("旋转 {angle}", "rotate {angle}", angle=measure.angle_text(self._turn(points)))

    def _turn(self, points: Sequence[XY]) -> float:
        typed, pointed = self.host.typed, 0.0
        if "heading" in typed:
            return number(typed, "heading", 0.0) - measure.heading_deg(points[0], points[1])
        if len(points) == len(self.steps):
            pointed = measure.heading_deg(points[0], points[2]) - measure.heading_deg(points[0], points[1])
        return number(typed, "turn", pointed)


class ScaleTool(_ByNumber):
    """Scales around a point, by a typed factor or from one distance to another."""

    id = "scale"
    title = Text("缩放", "Scale")
    hint = BASE
    steps = (
        Text("单击缩放中心，或按 Enter 取所选中心", "Click the centre, or press Enter for the middle"),
        Text("输入比例，或单击参照点", "Type a factor, or click a reference point"),
        Text(
            "单击参照点的新位置，或输入参照边的新长度；Ctrl 保留原件",
            "Click where that point goes, or type the new length of the reference; Ctrl keeps the original",
        ),
    )
    verb = Text("缩放 {n} 个对象", "Scale {n} features")
    copy_verb = COPY
    wanted = Entry("factor", Text("比例", "Factor"), "×", minimum=0.001, maximum=1000)
    target = Entry("new_length", Text("新长度", "New length"), "m", minimum=0.001, maximum=100_000)

    def matrix(self, points: Sequence[XY]) -> Matrix:
        return scaling(points[0], self._factor(points))

    def words(self, points: Sequence[XY]) -> str:
        return tr("缩放 × {factor:.3f}", "scale × {factor:.3f}", factor=self._factor(points))

    def _factor(self, points: Sequence[XY]) -> float:
        pointed = 1.0
        if len(points) == len(self.steps) and "factor" not in self.host.typed:
            from_m = measure.segment_length_m(points[0], points[1])
            if from_m == 0:
                raise refused(
                    "scale.reference", "参照点与中心重合。", "The reference point lies on the centre."
                )
            to_m = measure.segment_length_m(points[0], points[2])
            pointed = number(self.host.typed, "new_length", to_m) / from_m
        return number(self.host.typed, "factor", pointed)


class MirrorTool(TransformTool):
    """Mirrors at an axis through two points."""

    id = "mirror"
    title = Text("镜像", "Mirror")
    hint = Text("单击镜像轴的一点", "Click a point of the axis")
    steps = (
        Text("单击镜像轴的一点", "Click a point of the axis"),
        Text(
            "单击轴的另一点；Shift 锁定 45°，Ctrl 保留原件",
            "Click another point of the axis; Shift holds 45°, Ctrl keeps the original",
        ),
    )
    verb = Text("镜像 {n} 个对象", "Mirror {n} features")
    copy_verb = Text("镜像复制 {n} 个对象", "Mirror copies of {n} features")

    def matrix(self, points: Sequence[XY]) -> Matrix:
        return reflection(points[0], points[-1])

    def words(self, points: Sequence[XY]) -> str:
        heading = measure.angle_text(measure.heading_deg(points[0], points[-1]))
        return tr("镜像轴 {heading}", "axis {heading}", heading=heading)
