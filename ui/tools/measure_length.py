"""Measuring a length along clicked points."""

from __future__ import annotations

from collections.abc import Sequence

from gis import measure
from gis.i18n import tr
from gis.measure import XY
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.measuring import MeasureTool


class MeasureLengthTool(MeasureTool):
    """Shows the running length; the finished one stays until the next click or Esc."""

    id = "measure-length"
    title = Text("量距", "Measure length")
    hint = Text("单击起点", "Click where to start")
    hint_more = Text(
        "单击下一点；双击、Enter 或右键结束，Backspace 退回一点，Shift 按 45° 转向",
        "Click the next point; double-click, Enter or right-click ends, Backspace undoes, Shift: 45° turns",
    )

    def result(self, points: Sequence[XY]) -> list[Line]:
        length = measure.length_text(measure.path_length_m(points))
        return [
            Line(length, strong=True),
            Line(tr("{n} 段", "{n} segments", n=len(points) - 1), soft=True),
        ]
