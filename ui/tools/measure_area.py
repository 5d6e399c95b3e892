"""Measuring the area inside clicked points."""

from __future__ import annotations

from collections.abc import Sequence

from gis import measure
from gis.i18n import tr
from gis.measure import XY
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.measuring import MeasureTool


class MeasureAreaTool(MeasureTool):
    """Shows the running area in m² and 亩; the finished one stays until the next click or Esc."""

    id = "measure-area"
    title = Text("量面积", "Measure area")
    hint = Text("单击第一个角点", "Click the first corner")
    hint_more = Text(
        "单击下一角点；双击、Enter 或右键结束，Backspace 退回一点，Shift 按 45° 转向",
        "Click the next corner; double-click, Enter or right-click ends, Backspace undoes, Shift: 45° turns",
    )
    closed = True
    least = 3

    def result(self, points: Sequence[XY]) -> list[Line]:
        around = measure.length_text(measure.path_length_m([*points, points[0]]))
        return [
            Line(tr(measure.area_text(measure.ring_area_m2(points))), strong=True),
            Line(tr("周长 {length}", "Perimeter {length}", length=around), soft=True),
        ]
