"""Checking a plan in the background, for the list of findings and for forms that ask before posting."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from gis.progress import Progress
from gis.project import Project
from layers.changes import ChangeSet
from layers.errors import Finding
from layers.revision import WORKING
from layers.text import Text
from ui.session import Session
from ui.tasks import Task, Tasks

Findings = tuple[Finding, ...]
SEVERITIES: tuple[tuple[str, Text], ...] = (
    ("error", Text("错误", "Errors")),
    ("warning", Text("需注意", "Warnings")),
    ("info", Text("说明", "Notes")),
)


class PlanCheck(QObject):
    """Runs the rules over a state; what was found of a frozen revision is kept, it cannot change."""

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__(session)
        self._session, self._tasks = session, tasks
        self._known: dict[str, Findings] = {}
        self._edits = 0
        session.project_opened.connect(self._known.clear)
        session.changed.connect(self._on_changed)

    def known(self, label: str) -> Findings | None:
        """Return what was found, if nothing has changed since; None if it is to be looked for."""
        return self._known.get(label)

    def run(self, label: str, done: Callable[[Findings], None]) -> Task | None:
        """Look at a state in the background; `done` is called at once if it is known."""
        project = self._session.project
        if project is None:
            return None
        found = self._known.get(label)
        if found is not None:
            done(found)
            return None
        edits = self._edits

        def work(progress: Progress) -> Findings:
            from gis.lint import check_plan

            return check_plan(project, label, progress)

        title = Text("检查方案", "Checking the plan")
        return self._tasks.run(
            title, work, lambda result: self._keep(project, label, edits, result, done), quiet=True
        )

    def _keep(
        self, project: Project, label: str, edits: int, found: Findings, done: Callable[[Findings], None]
    ) -> None:
        if self._session.project is not project:
            return
        if label != WORKING or edits == self._edits:
            self._known[label] = found
        done(found)

    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.features:
            self._edits += 1
            frozen = {revision.label for revision in self._session.project.revisions}  # type: ignore[union-attr]
            self._known = {label: found for label, found in self._known.items() if label in frozen}


def counted(findings: Findings) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    return {code: sum(f.severity == code for f in findings) for code, _ in SEVERITIES}


def tally(findings: Findings) -> Text:
    """Say how many findings there are: ``错误 1，需注意 9``; that there is none if so."""
    counts = counted(findings)
    parts = [(words, counts[code]) for code, words in SEVERITIES if counts[code]]
    if not parts:
        return Text("没有发现问题", "nothing found")
    zh = "，".join(f"{words.zh} {count}" for words, count in parts)
    return Text(zh, ", ".join(f"{words.en.lower()} {count}" for words, count in parts))
