"""Finding, and going to what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ui.models.coordinates import roomy
from ui.models.search import Hit, find

if TYPE_CHECKING:
    from ui.window import Window


class SearchActions(QObject):
    """Feeds the search box."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def find(self, words: str) -> list[Hit]:
        """Return the hits for what was typed; acts only if they can be chosen now."""
        session = self._window.session
        possible = [name for name, action in self._window.actions_.qt.items() if action.isEnabled()]
        return find(words, session.snapshot, session.comparison, possible)

    def go(self, hit: Hit) -> None:
        """Show what a hit stands for, or do it."""
        session = self._window.session
        if hit.action:
            self._window.actions_.trigger(hit.action)
            return
        if hit.key is not None:
            session.select([hit.key])
        if hit.place is not None:
            x, y = hit.place
            session.zoom_requested.emit(roomy((x, y, x, y)))
        elif hit.extent is not None:
            session.zoom_requested.emit(roomy(hit.extent))
