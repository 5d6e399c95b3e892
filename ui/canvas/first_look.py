"""What the map shows of a large project while it is being opened."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from gis.render.rough import LARGE
from gis.store.glance import glance
from layers.snapshot import Snapshot
from ui.canvas.canvas import MapCanvas


class FirstLook(QObject):
    """Shows where everything lies as soon as the file says so; only where no other project is on the map.

    `take` is called in the thread that opens the project, before it does so.
    """

    _taken = pyqtSignal(object)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._taken.connect(self._show)

    def take(self, path: Path) -> None:
        """Read what a first picture needs and hand it to the map."""
        if self._canvas.session.project is None and (seen := glance(path, LARGE)) is not None:
            self._taken.emit(seen)

    def end(self) -> None:
        """Show nothing, if the project could not be opened."""
        if self._canvas.session.project is None:
            self._canvas.pictures.clear()

    def _show(self, seen: Snapshot) -> None:
        extent = seen.extent()
        if self._canvas.session.project is None and extent is not None:
            self._canvas.pictures.glance = seen
            self._canvas.zoom_to(extent)
            self._canvas.refresh()
