"""Alternatives and merging: beginning, switching, adopting, taking in a colleague's copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtWidgets import QFileDialog, QMenu

from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project, ProjectMerge
from gis.revisions.merge import ConflictId, Side
from layers.changes import ChangeSet, Key
from layers.revision import MAIN, WORKING, Branch, Removal
from layers.text import Text
from ui.models.merge_words import incoming_of, merged_words, summary_words
from ui.models.words import state_title
from ui.panels.merge_panel import Planned

if TYPE_CHECKING:
    from ui.actions.revisions import RevisionActions
    from ui.workplace import Workplace

Result = TypeVar("Result")


class BranchActions(QObject):
    """What the timeline and the menus ask for about alternatives and merging."""

    def __init__(self, window: Workplace, revisions: RevisionActions) -> None:
        super().__init__(window)
        self._window, self._revisions = window, revisions
        self._session = window.session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "branch.new": lambda: self.begin(self._session.view),
            "branch.switch": lambda: self._choose(self.switch),
            "branch.compare": lambda: self._choose(lambda name: self._revisions.compare(WORKING, name)),
            "branch.adopt": lambda: self._choose(self.adopt),
            "branch.adopt_selection": lambda: self._choose(self.adopt_selection),
            "branch.rename": lambda: self._choose(self.rename, self._named()),
            "branch.remove": lambda: self._choose(self.remove, [b for b in self._named() if not b.current]),
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
            advice = Text(
                "另一方案未冻结的修改已留在原处；意见和问题点各方案共用。",
                "Unfrozen edits of the other one stay with it; comments and spots are common to all.",
            )
            self._session.offer(words, [(back, lambda: self.switch(left))], "success", advice)

        title = Text("切换到{b}", "Switching to {b}").format(b=state_title(name))
        self._window.tasks.run(title, work, done)

    def rename(self, name: str) -> None:
        """Ask for another name of an alternative."""
        from ui.dialogs.branch_dialog import RenameBranchDialog

        project = self._session.project
        if project is not None:
            dialog = RenameBranchDialog(self._window, project, name)
            dialog.chosen.connect(self.call)
            dialog.open()

    def call(self, old: str, new: str) -> None:
        """Give an alternative another name."""

        def done(branch: Branch) -> None:
            session = self._session
            if session.view == old and session.comparison is None:
                self._revisions.view(branch.name)
            elif self._is_shown(old):
                session.show_working()
            words = Text("“{a}”已改名为“{b}”。", "“{a}” is called “{b}” now.")
            back = Text("改回原名", "Call it as before")
            session.offer(
                words.format(a=old, b=branch.name), [(back, lambda: self.call(branch.name, old))], "success"
            )

        title = Text("“{a}”改名为“{b}”", "Calling “{a}” “{b}”").format(a=old, b=new)
        self._in_background(title, lambda project: project.rename_branch(old, new), done)

    def remove(self, name: str) -> None:
        """Say what removing an alternative takes away, and ask."""
        from ui.dialogs.branch_dialog import RemoveBranchDialog

        def ask(removal: Removal) -> None:
            dialog = RemoveBranchDialog(self._window, removal)
            dialog.chosen.connect(self.take_away)
            dialog.open()

        title = Text("核对“{b}”", "Looking at “{b}”").format(b=name)
        self._in_background(title, lambda project: project.plan_removal(name), ask)

    def take_away(self, name: str) -> None:
        """Remove an alternative; the message offers to have it back."""
        if self._is_shown(name):
            self._session.show_working()

        def done(removal: Removal) -> None:
            words = Text("已删除比选方案“{b}”。", "Alternative “{b}” was removed.").format(b=removal.name)
            kept = Text("已冻结的版次都保留。", "All frozen revisions stay.") if removal.revisions else None
            back = Text("取回", "Bring it back")
            self._session.offer(words, [(back, lambda: self.bring_back(name))], "success", kept)

        title = Text("删除“{b}”", "Removing “{b}”").format(b=name)
        self._in_background(title, lambda project: project.remove_branch(name), done)

    def bring_back(self, name: str) -> None:
        """Bring back an alternative that was removed."""

        def done(_: None) -> None:
            words = Text("已取回比选方案“{b}”。", "Alternative “{b}” is back.").format(b=name)
            self._session.tell(words, "success")

        title = Text("取回“{b}”", "Bringing back “{b}”").format(b=name)
        self._in_background(title, lambda project: project.bring_back_branch(name), done)

    def _in_background(
        self, title: Text, act: Callable[[Project], Result], done: Callable[[Result], None]
    ) -> None:
        project = self._session.project
        if project is None:
            return

        def work(progress: Progress) -> Result:
            progress.check()
            return act(project)

        self._window.tasks.run(title, work, done)

    def _is_shown(self, name: str) -> bool:
        comparison = self._session.comparison
        pair = (comparison.before, comparison.after) if comparison is not None else ()
        return name in (self._session.view, *pair)

    def _named(self) -> list[Branch]:
        """Return the alternatives that people named: all but the main plan."""
        project = self._session.project
        return [b for b in project.branches if b.name != MAIN] if project is not None else []

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
        see = (Text("查看历史", "See the history"), lambda: self._window.show_page("history"))
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
            self._window.show_page("merge")
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

    def _choose(self, act: Callable[[str], None], among: Sequence[Branch] | None = None) -> None:
        """Do something with an alternative: the one on screen, the only one, or the one chosen.

        Among all but the one being edited, unless others are given.
        """
        project = self._session.project
        others = [branch for branch in project.branches if not branch.current] if project is not None else []
        others = others if among is None else list(among)
        if not others:
            self._session.tell(
                Text("正在编辑的方案不能删除。", "The plan being edited cannot be removed."),
                "info",
                Text("请先切换到另一个方案。", "Switch to another plan first."),
            )
            return
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
