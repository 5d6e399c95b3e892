"""Project settings while a form is open: what is there, what was typed, the change it comes to."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PyQt6.QtCore import QObject, pyqtSignal

from gis.i18n import language
from layers.changes import ChangeSet, JsonValue, SettingChange
from layers.errors import PlanboardError
from layers.text import Text
from ui.edit_queue import Job
from ui.session import Session


class SettingsDraft(QObject):
    """Settings of a project with the answers of a form over them.

    Signals
    -------
    changed(str)
        The setting of that name has another value.
    """

    changed = pyqtSignal(str)

    def __init__(self, settings: Mapping[str, JsonValue], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._base = dict(settings)
        self._now = dict(settings)

    def handed_on(self) -> SettingsDraft:
        """Return another draft with the same answers: for the form that takes this one's place."""
        made = SettingsDraft(self._base)
        made._now = dict(self._now)
        return made

    @property
    def settings(self) -> dict[str, JsonValue]:
        """All settings as they would be."""
        return dict(self._now)

    def get(self, name: str) -> JsonValue:
        """Return one setting, None if it is not set."""
        return self._now.get(name)

    def words(self, name: str) -> str:
        """Return a setting as plain words: its half in the language in force if it has two."""
        value = self._now.get(name)
        if isinstance(value, dict):
            return str(value.get(language()) or value.get("zh") or value.get("en") or "")
        return "" if value is None else str(value)

    def put(self, name: str, value: JsonValue) -> None:
        """Set a value; None clears it."""
        if self._now.get(name) == value:
            return
        if value is None:
            self._now.pop(name, None)
        else:
            self._now[name] = value
        self.changed.emit(name)

    def put_words(self, name: str, words: str) -> None:
        """Set plain words; of a setting with two halves only the one in the language in force."""
        value = self._now.get(name)
        if isinstance(value, dict):
            self.put(name, {**value, language(): words})
        else:
            self.put(name, words or None)

    def changes(self) -> ChangeSet:
        """Return the change from what the project has to what the form says."""
        names = sorted(self._base.keys() | self._now.keys())
        found = {n: SettingChange(self._base.get(n), self._now.get(n)) for n in names}
        return ChangeSet.of((), found)

    def keep(self, session: Session, label: Text) -> None:
        """Write the answers into the project as one step, behind the edits under way.

        They concern no state in particular, so it does not matter which one is on screen.
        What goes wrong is told by the session; the answers then count as not kept.
        """
        project, changes, base = session.project, self.changes(), self._base
        if project is None or project.read_only or not changes:
            return

        def ended(job: Job) -> None:
            if isinstance(job.problem, PlanboardError):
                self._base = base
                session.tell_error(job.problem)
            elif job.problem is not None:
                sys.excepthook(type(job.problem), job.problem, job.problem.__traceback__)

        self._base = dict(self._now)
        session.edits.submit(Job(label, lambda: project.apply(changes, label), ended))

    def rebase(self, settings: Mapping[str, JsonValue]) -> None:
        """Take up what the project has by now; what was typed stays on top."""
        before, typed = self._now, {n: c.after for n, c in self.changes().settings.items()}
        self._base, self._now = dict(settings), dict(settings)
        for name, value in typed.items():
            if value is None:
                self._now.pop(name, None)
            else:
                self._now[name] = value
        for name in sorted(before.keys() | self._now.keys()):
            if before.get(name) != self._now.get(name):
                self.changed.emit(name)
