"""From pixels of the widget to places on the ground, snapped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from typing import Final

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QMouseEvent

from gis.measure import XY
from gis.pick import features_at
from gis.render.display import shown_layers
from gis.render.viewport import Viewport
from gis.snap import Snap, snap
from layers.changes import Key
from layers.layer import Layer
from ui.session import Session
from ui.tools.event import MapEvent
from ui.tools.tool import Tool

SNAP_PX: Final = 11.0
LARGE: Final = 20_000
"""A layer with more features is looked at only once its boxes are known: the map's thread makes them."""


class Pointer:
    """Finds what lies under a place, and where it snaps to.

    Parameters
    ----------
    session : Session
    viewport : callable
        Returns what the map shows now, logical pixels.
    """

    def __init__(self, session: Session, viewport: Callable[[], Viewport]) -> None:
        self._session = session
        self._viewport = viewport
        self.snapping = True

    def event(self, event: QMouseEvent, tool: Tool) -> MapEvent:
        """Return a mouse event on the ground, snapped as the tool wishes; Alt suspends snapping."""
        place = event.position()
        world = self.world(place)
        modifiers = event.modifiers()
        suspended = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        found = (
            None
            if suspended or not tool.snaps
            else self.snap(world, tool.ignored, tool.sketch, tool.anchor if tool.measures else None)
        )
        return MapEvent(
            world,
            _meant(world, found),
            found,
            (place.x(), place.y()),
            event.button(),
            event.buttons(),
            modifiers,
            self._viewport().turn_deg,
        )

    def world(self, place: QPointF) -> XY:
        """Return the ground under a pixel."""
        x, y = self._viewport().to_world(place.x(), place.y())
        return float(x), float(y)

    def snap(
        self,
        world: XY,
        ignored: Set[Key] = frozenset(),
        sketch: Collection[XY] = (),
        origin: XY | None = None,
    ) -> Snap | None:
        """Return where a place snaps to, if snapping is on."""
        if not self.snapping:
            return None
        reach_m = SNAP_PX * self._viewport().metres_per_px
        return snap(self.layers(), *world, reach_m, skip=ignored, sketch=sketch, origin=origin)

    def snapped(self, world: XY) -> XY:
        """Return the place meant by a click on `world`."""
        return _meant(world, self.snap(world))

    def objects_at(self, world: XY) -> tuple[Key, ...]:
        """Return the visible features at a place, what one means first."""
        return features_at(self.layers(), *world, self._viewport().metres_per_px)

    def layers(self) -> list[Layer]:
        """Return the layers that can be pointed at, bottom to top."""
        snapshot = self._session.snapshot
        if snapshot is None:
            return []
        ready = [layer for layer in snapshot.layers.values() if _ready(layer)]
        return shown_layers(ready, self._viewport().scale_denominator)


def _ready(layer: Layer) -> bool:
    return len(layer.table) <= LARGE or "bounds" in vars(layer.table)


def _meant(world: XY, found: Snap | None) -> XY:
    return (found.x, found.y) if found else (round(world[0], 3), round(world[1], 3))
