"""Finding, and going to what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from PyQt6.QtCore import QObject, pyqtSignal

from ui.canvas.newest_job import NewestJob
from ui.models.coordinates import roomy
from ui.models.search import Hit, find
from ui.spare_thread import SpareThread

MANY: Final = 20_000
"""Among more objects than these is searched beside the window."""
Found: TypeAlias = Callable[[list[Hit]], None]

if TYPE_CHECKING:
    from ui.acts.bound import BoundActions
    from ui.session import Session


class Searching(QObject):
    """Feeds the search box.

    Signals
    -------
    bookmark_chosen(Bookmark)
    theme_chosen(str)
    """

    bookmark_chosen = pyqtSignal(object)
    theme_chosen = pyqtSignal(str)

    def __init__(self, session: Session, acts: BoundActions) -> None:
        super().__init__(acts)
        self._session, self._acts = session, acts
        self._job = NewestJob(SpareThread(), self)
        self._job.landed.connect(lambda found: found[0](found[1]))

    def find(self, words: str, then: Found) -> None:
        """Give `then` the hits for what was typed, at once or soon; acts only if they can be chosen now."""
        session = self._session
        possible = [name for name, action in self._acts.qt.items() if action.isEnabled()]
        snapshot, comparison = session.snapshot, session.comparison
        self._job.cancel()
        if snapshot is None or sum(len(layer.table) for layer in snapshot.layers.values()) <= MANY:
            then(find(words, snapshot, comparison, possible))
        else:
            self._job.start(lambda check: (then, find(words, snapshot, comparison, possible, check)))

    def go(self, hit: Hit) -> None:
        """Show what a hit stands for, or do it."""
        session = self._session
        if hit.action:
            self._acts.trigger(hit.action)
            return
        if hit.bookmark is not None:
            self.bookmark_chosen.emit(hit.bookmark)
        elif hit.theme:
            self.theme_chosen.emit(hit.theme)
        if hit.key is not None:
            session.select([hit.key])
        if hit.place is not None:
            x, y = hit.place
            session.zoom_requested.emit(roomy((x, y, x, y)))
        elif hit.extent is not None:
            session.zoom_requested.emit(roomy(hit.extent))
