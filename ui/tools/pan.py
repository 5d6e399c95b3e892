"""Moving the map."""

from __future__ import annotations

from PyQt6.QtCore import Qt

from gis.measure import XY
from layers.text import Text
from ui.tools.event import MapEvent
from ui.tools.tool import Tool, ToolHost


class PanTool(Tool):
    """Drags the map."""

    id = "pan"
    title = Text("平移", "Pan")
    hint = Text("拖动地图；滚轮缩放", "Drag the map; the wheel zooms")
    cursor = Qt.CursorShape.OpenHandCursor
    clicks = False

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._last: XY | None = None

    def press(self, event: MapEvent) -> None:
        self._last = event.pixel

    def move(self, event: MapEvent) -> None:
        if self._last is not None:
            self.host.pan_by(event.pixel[0] - self._last[0], event.pixel[1] - self._last[1])
            self._last = event.pixel

    def release(self, event: MapEvent) -> None:
        self._last = None

    def cancel(self) -> bool:
        self._last = None
        return False
