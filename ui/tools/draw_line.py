"""Drawing lines."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import Geometry

from gis.edit.shapes import line_through
from gis.measure import XY
from layers.text import Text
from ui.tools.drawing import DrawTool


class DrawLineTool(DrawTool):
    """Draws lines into the active layer."""

    id = "draw-line"
    title = Text("画线", "Draw line")
    hint = Text("单击线的起点", "Click where the line starts")
    hint_more = Text(
        "单击下一点；双击、Enter 或右键完成，Backspace 退回一点，Shift 按 45° 转向",
        "Click the next point; double-click, Enter or right-click ends, Backspace undoes, Shift: 45° turns",
    )
    shape = "line"

    def geometry_of(self, points: Sequence[XY]) -> Geometry:
        return line_through(points)
