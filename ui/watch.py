"""Keeping an eye on the project file: who else writes to it, and when it becomes free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from gis.progress import Progress
from gis.project import Project
from layers.changes import ChangeSet
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.tasks import Task

if TYPE_CHECKING:
    from ui.actions.rescue import Rescue
    from ui.workplace import Workplace

LOOK_MS, TRY_MS, BEAT_MS = 1_000, 2_000, 15_000


class Watch(QObject):
    """Renews the lock, takes over edits made outside, and takes over the file when it becomes free.

    A file that was opened is looked at page by page, once. All looking happens in a worker thread: a
    network drive may take its time.
    """

    def __init__(self, window: Workplace, rescue: Rescue) -> None:
        super().__init__(window)
        self._window, self._rescue = window, rescue
        self._session = window.session
        self._task: Task | None = None
        self._checked: Project | None = None
        self._timers = [self._timer(BEAT_MS, self.beat), self._timer(LOOK_MS, self.look)]
        self._timers.append(self._timer(TRY_MS, self.try_take_over))

    def stop(self) -> None:
        """Look no more."""
        for timer in self._timers:
            timer.stop()

    def beat(self) -> None:
        """Renew the lock of the project for other machines."""
        project = self._session.project
        if project is not None and not project.read_only:
            project.beat()

    def look(self) -> None:
        """Take over what another program wrote, while somebody looks at this window."""
        project = self._session.project
        if project is not None and project is not self._checked and not self._busy:
            self._check_whole(project)
            return
        if project is None or project.read_only or self._busy or not self._window.isActiveWindow():
            return

        known = project.findings

        def work(progress: Progress) -> ChangeSet | None:
            progress.check()
            return project.refresh() if self._session.project is project else None

        self._run(work, lambda changes: self._tell_outside(project, changes, known))

    def _check_whole(self, project: Project) -> None:
        self._checked = project

        def work(progress: Progress) -> None:
            progress.check()
            project.check_whole(progress)

        self._run(work, lambda _: None, lambda error: self._tell_damaged(project, error))

    def _tell_damaged(self, project: Project, error: PlanboardError) -> None:
        if self._session.project is not project:
            return
        if error.code == "store.busy":  # somebody writes at this very moment
            self._checked = None
            return
        self._rescue.offer(project.path, error)
        self._session.viewed.emit()  # it can be looked at, and nothing can be edited any more

    def try_take_over(self) -> None:
        """Begin to write as soon as whoever held the project has closed it."""
        project = self._session.project
        if project is None or not project.read_only or self._busy:
            return
        reason = project.read_only_reason

        def work(progress: Progress) -> bool:
            progress.check()
            return project.try_take_over() if self._session.project is project else False

        self._run(work, lambda taken: self._tell_taken(project, taken, reason))

    @property
    def _busy(self) -> bool:
        return self._task is not None and self._task.under_way

    def _run(self, work: object, done: object, failed: object = None) -> None:
        title = Text("查看项目文件", "Looking at the project file")
        self._task = self._window.tasks.run(title, work, done, failed, quiet=True)  # type: ignore[arg-type]

    def _tell_outside(self, project: Project, changes: ChangeSet | None, known: tuple[Finding, ...]) -> None:
        """Say what another program did: which objects are others, and what had to be put right."""
        if self._session.project is not project:
            return
        if project.findings is not known:
            for finding in project.findings:
                if finding.severity != "info":
                    self._session.tell(finding.message, "warning")
        if changes is None:
            return
        words = Text(
            "其他程序修改了项目文件：{n} 个对象已更新。",
            "Another program changed the project file: {n} objects are updated.",
        ).format(n=len(changes.features))
        undo = self._session.undo_offer(Text("撤销这些修改", "Undo these changes"))
        show = (Text("查看历史", "See the history"), lambda: self._window.show_page("history"))
        self._session.offer(words, [undo, show], "warning")

    def _tell_taken(self, project: Project, taken: bool, reason: Text | None) -> None:
        if self._session.project is not project:
            return
        if taken:
            self._window.messages.clear()  # they say that it is read-only
            self._session.viewed.emit()  # nothing else may go on saying so
            self._session.tell(
                Text("项目已空出，现在可以编辑。", "The project is free now; you can edit it."),
                "success",
                Text("对方保存的修改已经载入。", "What the other one saved has been loaded."),
            )
        elif project.read_only_reason != reason:
            self._window.view_bar.reload()  # somebody else holds it now

    def _timer(self, every_ms: int, do: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(do)  # type: ignore[arg-type]
        timer.start()
        return timer
