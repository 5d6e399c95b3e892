"""Drawing points."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from shapely import Point

from gis.measure import XY
from layers.text import Text
from ui.tools.drawing import add_drawn, target_layer
from ui.tools.event import MapEvent
from ui.tools.tool import PlacingTool


class DrawPointTool(PlacingTool):
    """Draws points into the active layer, one a click."""

    id = "draw-point"
    title = Text("画点", "Draw point")
    hint = Text("单击要放置的位置", "Click where to place it")
    cursor = Qt.CursorShape.CrossCursor

    @property
    def snaps(self) -> bool:
        return True

    def press(self, event: MapEvent) -> None:
        self.take(event.snapped)

    def take(self, place: XY) -> None:
        layer = target_layer(self.host, "point", lambda: self.take(place)) if self.may_edit() else None
        if layer is not None:
            add_drawn(self.host, layer, Point(place))

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press of a double click: one point is meant."""
