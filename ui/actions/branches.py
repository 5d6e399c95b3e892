"""Alternatives and merging: beginning, switching, adopting, taking in a colleague's copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtWidgets import QFileDialog, QMenu

from gis.i18n import tr
from gis.progress import Progress
from gis.project import ProjectMerge
from gis.revisions.merge import ConflictId, Side
from layers.changes import ChangeSet, Key
from layers.revision import WORKING, Branch
from layers.text import Text
from ui.models.merge_words import incoming_of, merged_words, summary_words
from ui.models.words import state_title
from ui.panels.merge_panel import Planned

if TYPE_CHECKING:
    from ui.window import Window


class BranchActions(QObject):
    """What the timeline and the menus ask for about alternatives and merging."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "branch.new": lambda: self.begin(self._session.view),
            "branch.switch": lambda: self._choose(self.switch),
            "branch.compare": lambda: self._choose(
                lambda name: self._window.revision_actions.compare(WORKING, name)
            ),
            "branch.adopt": lambda: self._choose(self.adopt),
            "branch.adopt_selection": lambda: self._choose(self.adopt_selection),
            "merge.file": self.merge_file,
        }

    def begin(self, start: str) -> None:
        """Ask for a name, then begin an alternative at a state."""
        from ui.dialogs.branch_dialog import BranchDialog

        project = self._session.project
        if project is None:
            return
        dialog = BranchDialog(self._window, project, start)
        dialog.chosen.connect(self.create)
        dialog.open()

    def create(self, name: str, start: str, switch: bool) -> None:
        """Begin an alternative, and go there if wanted."""
        project = self._session.project
        if project is None:
            return
        label = None if start == WORKING else start

        def work(progress: Progress) -> Branch:
            progress.check()
            return project.create_branch(name, label)

        def done(branch: Branch) -> None:
            if switch:
                self.switch(branch.name)
            else:
                acts = [(Text("切换过去", "Switch to it"), lambda: self.switch(branch.name))]
                words = Text("已新建比选方案“{b}”。", "Alternative “{b}” was made.").format(b=branch.title)
                self._session.offer(words, acts, "success")

        title = Text("新建比选方案“{b}”", "Making the alternative “{b}”").format(b=name)
        self._window.tasks.run(title, work, done)

    def switch(self, name: str) -> None:
        """Put another alternative in front; unfrozen work stays with the one that is left."""
        project = self._session.project
        if project is None or name == project.branch:
            self._session.show_working()
            return
        left = project.branch

        def work(progress: Progress) -> ChangeSet:
            progress.check()
            return project.switch_branch(name)

        def done(_: ChangeSet) -> None:
            self._session.show_working()
            back = Text("回到{b}", "Back to {b}").format(b=state_title(left))
            words = Text("正在编辑{b}。", "You are editing {b} now.").format(b=state_title(name))
            advice = Text("另一方案未冻结的修改已留在原处。", "Unfrozen edits of the other one stay with it.")
            self._session.offer(words, [(back, lambda: self.switch(left))], "success", advice)

        title = Text("切换到{b}", "Switching to {b}").format(b=state_title(name))
        self._window.tasks.run(title, work, done)

    def adopt(self, name: str) -> None:
        """Plan to take over an alternative whole; the merge panel asks what is to be decided."""
        self._plan(name, None)

    def adopt_selection(self, name: str) -> None:
        """Plan to take over the selected features of an alternative."""
        self._plan(name, tuple(sorted(self._session.selection)))

    def adopt_keys(self, name: str, keys: Sequence[Key]) -> None:
        """Plan to take over the features that were ticked in the list of changes."""
        self._plan(name, tuple(sorted(keys)))

    def merge_file(self) -> None:
        """Ask for a colleague's copy, and plan to take it in."""
        folder = self._session.project.path.parent if self._session.project is not None else Path.home()
        name, _ = QFileDialog.getOpenFileName(
            self._window, tr("合并同事的副本", "Merge a colleague's copy"), str(folder), "Planboard (*.gpkg)"
        )
        if name:
            self.merge_path(Path(name))

    def merge_path(self, path: Path) -> None:
        """Plan to take in a colleague's copy."""
        project = self._session.project
        if project is None:
            return

        def plan(progress: Progress) -> ProjectMerge:
            progress.step(0.1, Text("读取副本", "Reading the copy"))
            return project.plan_merge(path)

        title = Text("读取“{n}”", "Reading “{n}”").format(n=path.name)
        self._run_plan(title, plan)

    def apply(self, merge: ProjectMerge, decisions: Mapping[ConflictId, Side]) -> None:
        """Do what the panel shows, as one step."""
        panel = self._window.merge
        self._session.show_working()
        panel.hold(True)
        self._session.do(
            merge.label,
            lambda project: project.apply_merge(merge, decisions),
            lambda found: self._on_merged(merge, decisions, found),
            lambda: panel.hold(False),
        )

    def _on_merged(
        self, merge: ProjectMerge, decisions: Mapping[ConflictId, Side], changes: ChangeSet
    ) -> None:
        words, advice = merged_words(merge, decisions, changes), summary_words(merge)
        self._window.merge.finish()
        if not changes:
            self._session.tell(words, "success", advice)
            return
        undo = self._session.undo_offer()
        see = (Text("查看历史", "See the history"), lambda: self._window.view_actions.show_page("history"))
        self._session.offer(words, [undo, see], "success", advice)

    def plan_again(self, plan: Callable[[Progress], ProjectMerge]) -> None:
        """Plan the same merge anew, because our plan was edited meanwhile."""
        self._run_plan(Text("重新核对合并内容", "Looking at the merge again"), plan)

    def _plan(self, name: str, keys: tuple[tuple[str, str], ...] | None) -> None:
        project = self._session.project
        if project is None:
            return

        def plan(progress: Progress) -> ProjectMerge:
            progress.check()
            return project.plan_adopt(name, keys)

        self._run_plan(Text("读取{b}", "Reading {b}").format(b=state_title(name)), plan, keys)

    def _run_plan(
        self,
        title: Text,
        plan: Callable[[Progress], ProjectMerge],
        keys: Sequence[Key] | None = None,
    ) -> None:
        project = self._session.project
        if project is None:
            return

        def work(progress: Progress) -> Planned:
            merge = plan(progress)
            return Planned(merge, tuple(incoming_of(merge, project.snapshot)))

        def done(planned: Planned) -> None:
            merge = planned.merge
            if self._session.project is not project:
                merge.close()
                return
            if self._window.merge.merge is None:
                self._session.show_working()
            self._window.merge.begin(planned, plan)
            self._window.drawer.set_page_shown("merge", True)
            self._window.view_actions.show_page("merge")
            self._tell_unchanged(merge, keys)

        self._window.tasks.run(title, work, done)

    def _tell_unchanged(self, merge: ProjectMerge, keys: Sequence[Key] | None) -> None:
        """Say which of the chosen features differ only because of our own edits: those stay."""
        touched = {change.key for change in merge.plan.changes} | {c.key for c in merge.conflicts}
        kept = len(set(keys or ()) - touched)
        if kept:
            self._session.tell(
                Text(
                    "所选对象中有 {n} 个只是本方改过，保持本方的内容。",
                    "{n} of the chosen objects differ only by your own edits; those stay as they are.",
                ).format(n=kept)
            )

    def _choose(self, act: Callable[[str], None]) -> None:
        """Do something with the other alternative: the one on screen, the only one, or the one chosen."""
        project = self._session.project
        others = [branch for branch in project.branches if not branch.current] if project is not None else []
        seen = next((branch for branch in others if branch.name == self._session.view), None)
        if seen is not None or len(others) == 1:
            act((seen or others[0]).name)
            return
        menu = QMenu(self._window)
        for branch in others:
            entry = menu.addAction(tr(branch.title))
            if entry is not None:
                entry.triggered.connect(lambda _=False, name=branch.name: act(name))
        timeline = self._window.timeline
        menu.popup(timeline.mapToGlobal(QPoint(timeline.width() // 2, timeline.height())))
