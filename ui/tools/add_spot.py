"""Marking where a problem spot is."""

from __future__ import annotations

from typing import ClassVar

from PyQt6.QtCore import Qt
from shapely import Point

from gis.measure import XY
from layers.kind import Role
from layers.text import Text
from ui.tools.event import MapEvent
from ui.tools.tool import PlacingTool


class AddSpotTool(PlacingTool):
    """Takes one click and asks for the details of a spot there.

    Attributes
    ----------
    role : Role
        Of the layer that the spot goes into.
    """

    role: ClassVar[Role]
    cursor = Qt.CursorShape.CrossCursor

    def press(self, event: MapEvent) -> None:
        self.take(event.snapped)

    def take(self, place: XY) -> None:
        snapshot = self.host.session.snapshot
        if snapshot is None or not self.may_edit():
            return
        layers = snapshot.with_role(self.role)
        if not layers:
            self.host.session.tell(
                Text("项目里没有这种问题点图层。", "The project has no layer for such spots."), "warning"
            )
            return
        self.host.place_spot(layers[0].id, Point(place))

    def double_click(self, event: MapEvent) -> None:
        """Ignore the second press of a double click: one spot is meant."""


class AddDrainageSpotTool(AddSpotTool):
    """Marks a drainage problem spot."""

    id = "add-drainage-spot"
    title = Text("添加排水问题点", "Add drainage problem spot")
    hint = Text("单击积水或排水不畅的位置", "Click where water stands or drains badly")
    role = "drainage-spot"


class AddTrafficSpotTool(AddSpotTool):
    """Marks a traffic chokepoint."""

    id = "add-traffic-spot"
    title = Text("添加交通堵点", "Add traffic chokepoint")
    hint = Text("单击拥堵或不通的位置", "Click where traffic chokes")
    role = "traffic-spot"
