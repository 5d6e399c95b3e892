"""Seeing, comparing, freezing and restoring revisions, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from gis.progress import Progress
from gis.project import Look, Project
from gis.revisions.chapters import parent_of
from gis.revisions.comparison import Comparison
from gis.revisions.restoring import Restoration
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.reason import key_of_record
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Text
from ui.comparing import compared
from ui.models.words import state_title
from ui.session import PREVIEW, Beside

if TYPE_CHECKING:
    from ui.workplace import Workplace

_SETTLE_MS = 500


class RevisionActions(QObject):
    """What the timeline and the revision menu ask for.

    Signals
    -------
    publish_requested()
        A revision has been frozen, and is to be published.
    """

    publish_requested = pyqtSignal()

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._compare_again)
        self._session.changed.connect(self._on_changed)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "revision.freeze": self.freeze,
            "revision.compare_last": self.compare_last,
            "revision.compare_none": self.stop_comparing,
            "revision.working": self.show_working,
            "revision.restore": self.restore,
            "findings.show": lambda: self._window.show_page("findings"),
        }

    def view(self, label: str) -> None:
        """Show a revision or the working plan."""
        session = self._session
        project = session.project
        if project is None or (label == session.view and session.comparison is None):
            return
        if label == WORKING:
            session.show_state(WORKING, project.snapshot)
            return

        def work(progress: Progress) -> Look:
            progress.check()
            return project.look(label)

        title = Text("打开 {l}", "Opening {l}").format(l=state_title(label))
        self._window.tasks.run(title, work, lambda look: self._show_look(project, label, look))

    def _show_look(self, project: Project, label: str, look: Look) -> None:
        """Show a revision as soon as it can be seen, and prove beside that it is what was frozen."""
        if self._session.project is not project:
            return
        self._session.show_state(label, look.snapshot, checking=not look.proven)
        if look.proven:
            return

        def work(progress: Progress) -> Snapshot:
            progress.check()
            return project.prove(label, look)

        title = Text("核对 {l}", "Checking {l}").format(l=state_title(label))
        self._window.tasks.run(
            title,
            work,
            lambda state: self._on_proven(look, state),
            lambda error: self._on_broken(project, look, error),
            quiet=True,
        )

    def _on_proven(self, look: Look, state: Snapshot) -> None:
        session = self._session
        if session.snapshot is not look.snapshot:
            return  # something else is on screen
        if state is look.snapshot:
            session.confirm()
        else:
            session.show_state(session.view, state)

    def _on_broken(self, project: Project, look: Look, error: PlanboardError) -> None:
        session = self._session
        if session.project is not project:
            return
        what = error.message
        if session.snapshot is look.snapshot:
            session.show_working()
            words = Text("{what}已回到当前方案。", "{what} The working plan is shown again.")
            what = words.format(what=what)
        session.tell(what, "error", error.advice)

    def show_working(self) -> None:
        """Go back to the plan that can be edited."""
        self._session.show_working()

    def compare(self, before: str, after: str) -> None:
        """Show a state with its differences from an earlier one."""
        project = self._session.project
        if project is None:
            return

        def work(progress: Progress) -> tuple[Snapshot, Comparison, Beside]:
            return compared(project, before, after, progress)

        title = Text("比较 {a} 与 {b}", "Comparing {a} with {b}").format(
            a=state_title(before), b=state_title(after)
        )
        self._window.tasks.run(title, work, lambda found: self.show_found(project, after, *found))

    def compare_last(self) -> None:
        """Compare what is on screen with the revision before it."""
        project = self._session.project
        if project is None or not project.revisions:
            return
        view = WORKING if self._session.view == PREVIEW else self._session.view
        parent = parent_of(project, view)
        if parent is None:
            self._session.tell(
                Text("{l}之前没有更早的版次可比较。", "Nothing is older than {l}.").format(
                    l=state_title(view)
                )
            )
            return
        self._window.show_page("changes")
        self.compare(parent, view)

    def stop_comparing(self) -> None:
        """Show the same state without the differences."""
        session = self._session
        if session.comparison is not None and session.snapshot is not None:
            session.show_state(session.view, session.snapshot)

    def freeze(self) -> None:
        """Ask for title and note, then freeze the working plan."""
        from ui.dialogs.freeze_dialog import FreezeDialog

        project = self._session.project
        if project is None:
            return
        dialog = FreezeDialog(self._window, project, self._window.settings.author, self._window.check)
        dialog.findings_requested.connect(lambda: self.show_findings(WORKING))
        dialog.chosen.connect(self._freeze)
        dialog.open()

    def show_findings(self, label: str) -> None:
        """Show a state, and what its check found."""
        self.view(label)
        self._window.show_page("findings")

    def restore(self) -> None:
        """Ask whether the working plan is to become what the revision on screen is."""
        session = self._session
        project, label = session.project, session.view
        if project is None or label not in {revision.label for revision in project.revisions}:
            return
        session.do(
            Text("核对 {l}", "Looking at {l}").format(l=label),
            lambda project: project.plan_restore(label),
            self._ask_restore,
        )

    def _ask_restore(self, planned: Restoration) -> None:
        """Say what comes back and what stays, before anything happens."""
        from ui.dialogs.restore_dialog import RestoreDialog

        project = self._session.project
        if project is None:
            return
        if not (planned.changes or planned.gone or planned.altered):
            self._on_restored(planned.label, planned.changes)
            return
        dialog = RestoreDialog(self._window, planned, project.snapshot)
        dialog.chosen.connect(lambda reports: self._restore(planned.label, reports))
        dialog.open()

    def _restore(self, label: str, reports: bool) -> None:
        self._session.show_working()
        words = Text("恢复到 {l}", "Restoring {l}").format(l=label)
        self._session.do(
            words,
            lambda project: project.restore(label, reports=reports),
            lambda found: self._on_restored(label, found),
        )

    def _on_restored(self, label: str, changes: ChangeSet) -> None:
        session = self._session
        if not changes:
            session.tell(
                Text("当前方案与 {l} 相同。", "The working plan already equals {l}.").format(l=label)
            )
            return
        session.offer(
            Text("当前方案已恢复到 {l}。", "The working plan is {l} again.").format(l=label),
            [session.undo_offer()],
            "success",
        )

    def _freeze(self, label: str, title: str, note: str, author: str) -> None:
        self._window.settings = replace(self._window.settings, author=author)
        words = Text("冻结版次", "Freezing a revision")
        self._session.do(
            words,
            lambda project, asked: project.freeze(title, note, author, label or None, progress=asked),
            self._on_frozen,
            stoppable=True,
        )

    def _on_frozen(self, revision: Revision) -> None:
        compare = Text("与上一版比较", "Compare with the one before")
        self._session.offer(
            Text("已冻结为 {l}。", "Frozen as {l}.").format(l=revision.label),
            [
                (compare, lambda: self._compare_with_parent(revision.label)),
                (Text("发布网页…", "Publish page…"), self.publish_requested.emit),
            ],
            "success",
            Text(
                "版次不会再变；当前方案可以继续编辑。",
                "It will never change; the working plan can be edited on.",
            ),
        )

    def _compare_with_parent(self, label: str) -> None:
        project = self._session.project
        parent = parent_of(project, label) if project is not None else None
        if parent is not None:
            self._window.show_page("changes")
            self.compare(parent, label)

    def show_found(
        self,
        project: Project,
        label: str,
        state: Snapshot,
        comparison: Comparison | None,
        beside: Beside | None = None,
    ) -> None:
        """Show what a worker has read, unless another project is in front by now."""
        if self._session.project is project:
            state = project.snapshot if label == WORKING else state
            self._session.show_state(label, state, comparison, beside)

    def _on_changed(self, changes: ChangeSet) -> None:
        comparison = self._session.comparison
        if comparison is None or WORKING not in (comparison.before, comparison.after):
            return
        if changes.features or any(map(key_of_record, changes.settings)):
            self._settle.start()

    def _compare_again(self) -> None:
        comparison = self._session.comparison
        if comparison is not None:
            self.compare(comparison.before, comparison.after)
