"""Drawing a road or strip by its centre line and its width."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QPainter
from shapely import Geometry

from gis import measure
from gis.edit.construct import add_features, band
from gis.edit.shapes import line_through
from gis.i18n import tr
from gis.measure import XY
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.drawing import SPOT_ROLES, drawn_values, end_drawing, target_layer
from ui.tools.entry import Entry, Values, number
from ui.tools.preview import paint_shapes
from ui.tools.sketch import SketchTool
from ui.tools.tool import ToolHost

WIDTH_FIELD = "width_m"
_NO_BANDS = SPOT_ROLES | {"footprint"}
"""A strip of ground is no building, and a problem spot has a form of its own."""


class BandTool(SketchTool):
    """Draws a band of one width along a centre line.

    Into a layer of lines that have a width, such as roads, goes the centre line with that width; into a
    layer of areas the band itself.
    """

    id = "draw-band"
    title = Text("画道路带", "Draw a band")
    hint = Text("单击中心线的起点；宽度可输入", "Click where the centre line starts; the width can be typed")
    hint_more = Text(
        "单击下一点；可输入宽度；双击、Enter 或右键完成，Backspace 退回一点",
        "Click the next point; type a width; double-click, Enter or right-click ends, Backspace undoes",
    )

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._width_m = 6.0

    @property
    def entries(self) -> tuple[Entry, ...]:
        width = Entry("width", Text("宽", "Width"), "m", self._width_m, minimum=0.1, maximum=200.0)
        return (*super().entries, width)

    def enter(self, values: Values) -> bool:
        self._width_m = number(values, "width", self._width_m)
        return super().enter(values)

    def may_begin(self) -> bool:
        return self.may_edit() and self._target() is not None

    def complete(self, points: Sequence[XY]) -> bool:
        layer, session = self._target(), self.host.session
        if layer is None:
            return False
        width = self._width_m = self._width()
        lined = _takes_width(layer)
        try:
            shape: Geometry = line_through(points) if lined else band(points, width)
        except PlanboardError as error:
            session.refuse(error)
            return False
        added: list[ChangeSet] = []
        values = {**drawn_values(self.host, layer), **({WIDTH_FIELD: width} if lined else {})}

        def edit(snapshot: Snapshot) -> ChangeSet:
            added.append(add_features(snapshot, layer.id, [shape], values))
            return added[0]

        label = Text("绘制 {layer}", "Draw in {layer}").format(layer=layer.title)
        return session.run(
            label, edit, lambda: end_drawing(self.host, added[0]), lambda: self.take_up(points)
        )

    def lines(self) -> list[Line]:
        words = tr("宽 {width}", "width {width}", width=measure.length_text(self._width()))
        return [Line(words, strong=True), *super().lines()]

    def paint_overlay(self, painter: QPainter) -> None:
        points = self.running()
        if len(points) > 1:
            paint_shapes(painter, [band(points, self._width())], self.host.viewport)
        super().paint_overlay(painter)

    def _width(self) -> float:
        return number(self.host.typed, "width", self._width_m)

    def _target(self) -> Layer | None:
        """Return the layer drawn into: of lines with a width, or of areas; else the roads."""
        snapshot = self.host.session.snapshot
        if snapshot is None:
            return None
        active = snapshot.layers.get(self.host.active_layer or "")
        areas = active is not None and "polygon" in active.kind.geometry
        if active is not None and (_takes_width(active) or (areas and active.kind.role not in _NO_BANDS)):
            return active
        roads = [layer for layer in snapshot.with_role("network-edge") if _takes_width(layer)]
        return roads[0] if roads else target_layer(self.host, "polygon")


def _takes_width(layer: Layer) -> bool:
    return "line" in layer.kind.geometry and layer.kind.field(WIDTH_FIELD) is not None
