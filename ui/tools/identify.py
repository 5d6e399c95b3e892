"""Asking what is at a place."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter

from gis.i18n import tr
from gis.measure import XY
from layers.changes import Key
from layers.text import Text
from ui.canvas.cards import Line
from ui.tools.event import MapEvent
from ui.tools.tool import Tool, ToolHost

MOST_FIELDS = 6


class IdentifyTool(Tool):
    """Selects what is clicked and shows its fields; where several overlap, lets the user choose."""

    id = "identify"
    title = Text("查询", "Identify")
    hint = Text(
        "单击对象查看属性；重叠时列出全部", "Click an object to see its fields; overlapping ones are listed"
    )
    cursor = Qt.CursorShape.WhatsThisCursor
    hovers = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._at: XY | None = None

    def press(self, event: MapEvent) -> None:
        under = self.host.objects_at(event.world)
        self._at = event.world if under else None
        self.host.session.select(under[:1])
        if len(under) > 1:
            self.host.show_objects(under, event.world, event.pixel)
        self.host.repaint_overlay()

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press: the card is there already."""

    def cancel(self) -> bool:
        had = self._at is not None
        self._at = None
        self.host.repaint_overlay()
        return had

    def paint_overlay(self, painter: QPainter) -> None:
        selection = self.host.session.selection
        if self._at is None or len(selection) != 1:
            return
        (key,) = selection
        if lines := self._lines(key):
            self.host.cards.paint(painter, self.to_px(self._at), lines)

    def _lines(self, key: Key) -> list[Line]:
        snapshot = self.host.session.snapshot
        feature = snapshot.feature(key) if snapshot else None
        if snapshot is None or feature is None:
            return []
        layer = snapshot.layers[key[0]]
        lines = [Line(tr(layer.name_of(feature)), strong=True), Line(tr(layer.title), soft=True)]
        for field in layer.fields:
            word = tr(field.word(feature.attributes.get(field.name)))
            if word and field.type != "photos" and len(lines) < MOST_FIELDS + 2:
                unit = f" {field.unit}" if field.unit else ""
                lines.append(Line(f"{tr(field.title)}  {word}{unit}"))
        return lines
