"""Drawing areas."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import Geometry

from gis.edit.shapes import area_around
from gis.measure import XY
from layers.text import Text
from ui.tools.drawing import DrawTool


class DrawPolygonTool(DrawTool):
    """Draws areas into the active layer."""

    id = "draw-polygon"
    title = Text("画面", "Draw area")
    hint = Text("单击面的第一个角点", "Click the first corner of the area")
    hint_more = Text(
        "单击下一角点；双击、Enter 或右键完成，Backspace 退回一点，Shift 按 45° 转向",
        "Click the next corner; double-click, Enter or right-click ends, Backspace undoes, Shift: 45° turns",
    )
    shape = "polygon"
    closed = True

    def geometry_of(self, points: Sequence[XY]) -> Geometry:
        return area_around(points)
