"""What the map shows of a large project while it is being opened."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Final

from PyQt6.QtCore import QObject, pyqtSignal

from gis.render.rough import LARGE
from gis.store.glance import glance
from layers.snapshot import Snapshot
from ui.canvas.canvas import MapCanvas

PATIENCE_S: Final = 0.5
"""Opening begins when the first look is on the map, which is soon; both at once would take longer for it."""


class FirstLook(QObject):
    """Shows where everything lies as soon as the file says so; only where no other project is on the map.

    `take` is called in the thread that opens the project, before it does so.
    """

    _taken = pyqtSignal(object)

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._painted = Event()
        self._taken.connect(self._show)
        canvas.pictures.landed.connect(self._on_landed)

    def take(self, path: Path) -> None:
        """Read what a first picture needs and hand it to the map."""
        if self._canvas.session.project is None and (seen := glance(path, LARGE)) is not None:
            self._painted.clear()
            self._taken.emit(seen)
            self._painted.wait(PATIENCE_S)

    def end(self) -> None:
        """Show nothing, if the project could not be opened."""
        if self._canvas.session.project is None:
            self._canvas.pictures.clear()

    def _on_landed(self) -> None:
        if self._canvas.pictures.frame is not None:
            self._painted.set()

    def _show(self, seen: Snapshot) -> None:
        extent = seen.extent()
        if self._canvas.session.project is None and extent is not None:
            self._canvas.pictures.glance = seen
            self._canvas.zoom_to(extent)
            self._canvas.refresh()
