"""What the acts about reasons of changes do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from gis.explaining import explained, explained_since
from gis.revisions.chapters import parent_of
from layers.changes import Key
from layers.errors import PlanboardError
from layers.reason import Reason, Rewording
from layers.revision import WORKING
from layers.text import Text

if TYPE_CHECKING:
    from ui.actions.revisions import RevisionActions
    from ui.workplace import Workplace

_GIVEN = Text("写明修改理由", "Give a reason")
_TAKEN = Text("删去修改理由", "Take a reason away")


class ReasonActions(QObject):
    """Leads to the line where a change says why, and keeps what is written there."""

    def __init__(self, window: Workplace, revisions: RevisionActions) -> None:
        super().__init__(window)
        self._window, self._revisions = window, revisions
        self._session = window.session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {"changes.reason": self.begin}

    def begin(self) -> None:
        """Show the changes since the last revision, and begin to type a reason."""
        project, comparison = self._session.project, self._session.comparison
        since = explained_since(project) if project is not None else None
        if since is None:
            return
        chosen = self._window.changes.chosen
        shown = comparison is not None and (comparison.before, comparison.after) == (since.label, WORKING)
        self._window.show_page("changes")
        if shown:
            chosen.explain_chosen()
        else:
            chosen.explain_next()
            self._revisions.compare(since.label, WORKING)

    def explain(self, label: str, key: Key) -> None:
        """Show what a state changed, and begin to type the reason of the change of a feature."""
        project, comparison = self._session.project, self._session.comparison
        parent = parent_of(project, label) if project is not None else None
        if parent is None:
            return
        self._window.show_page("changes")
        self._window.changes.chosen.explain([key])
        if comparison is None or (comparison.before, comparison.after) != (parent, label):
            self._revisions.compare(parent, label)

    def give(self, given: Mapping[Key, Reason | Rewording]) -> None:
        """Keep the reasons of some changes, as one step."""
        session, bar = self._session, self._window.changes.chosen.bar
        if session.project is None:
            return
        try:
            edit = explained(session.project, given)
        except PlanboardError as error:
            session.tell_error(error)
            return
        session.run(_GIVEN if any(given.values()) else _TAKEN, edit, bar.show_kept, bar.forget)
