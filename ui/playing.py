"""Playing through the revisions on the map, each with what changed in it marked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeAlias

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from gis.progress import Progress
from gis.project import Project
from gis.revisions.comparison import Comparison
from layers.errors import PlanboardError
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Text
from ui.comparing import compared
from ui.models.branch_graph import line_to
from ui.models.words import state_title
from ui.session import Beside, Session
from ui.tasks import Tasks

STEP_MS: Final = 2200
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0)
_KEPT: Final = 3
"""So many steps are kept ready; a state of a large estate takes much memory."""

Step: TypeAlias = tuple[Snapshot, Comparison | None, Beside | None]


class Player(QObject):
    """Shows one state after the other: the line that leads to the plan being edited, or to what is seen.

    What comes next is read and compared while the present one is looked at, off the window's thread. The
    map never moves by itself.

    Signals
    -------
    changed()
        It plays or not, is at another place, faster or slower, or done.
    """

    changed = pyqtSignal()

    def __init__(self, session: Session, tasks: Tasks) -> None:
        super().__init__(session)
        self._session, self._tasks = session, tasks
        self.active = self.playing = False
        self.speed = 1.0
        self.line: tuple[str, ...] = ()
        self.at = -1
        self._wanted: str | None = None
        self._known: OrderedDict[tuple[str, str], Step] = OrderedDict()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._play_on)
        session.project_opened.connect(self._forget)
        session.viewed.connect(self._on_viewed)
        session.changed.connect(lambda _: self._drop_working())

    def toggle(self) -> None:
        """Play, from the beginning if the end is on screen; or pause."""
        if self.playing:
            self.pause()
            return
        self._begin()
        if len(self.line) < 2:
            self._session.tell(
                Text("还没有可播放的版次。", "There are no revisions to play through yet."),
                "info",
                Text("冻结第一个版次后即可播放。", "Freeze a first one, then they can be played."),
            )
            self.close()
            return
        self.playing = True
        self._show(0 if self.at in (-1, len(self.line) - 1) else self.at + 1)

    def pause(self) -> None:
        """Stay at what is on screen."""
        self.playing, self._wanted = False, None
        self._timer.stop()
        self.changed.emit()

    def step(self, by: int) -> None:
        """Go to a neighbouring state, and stay there."""
        self.pause()
        self._begin()
        if 0 <= self.at + by < len(self.line):
            self._show(self.at + by)

    def faster(self) -> None:
        """Play at the next speed; after the fastest comes the slowest."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]
        if self._timer.isActive():
            self._timer.start(self._interval)
        self.changed.emit()

    def close(self) -> None:
        """Stop; what is on screen stays."""
        self.active = False
        self.pause()

    @property
    def _interval(self) -> int:
        return round(STEP_MS / self.speed)

    def _begin(self) -> None:
        """Take up the line that leads to what is on screen."""
        project = self._session.project
        if project is None:
            return
        here = self._session.view
        line = line_to(project.revisions, project.branches, WORKING)
        if here not in line:
            line = line_to(project.revisions, project.branches, here)
        self.line, self.active = line, True
        self.at = line.index(here) if here in line else -1
        self.changed.emit()

    def _show(self, at: int) -> None:
        project, label = self._session.project, self.line[at]
        if project is None:
            return
        self._wanted = label
        known = self._known.get(self._pair(at))
        if known is not None:
            self._land(project, at, known)
        else:
            self._read(project, at, lambda found: self._land(project, at, found))

    def _pair(self, at: int) -> tuple[str, str]:
        return (self.line[at - 1] if at else "", self.line[at])

    def _read(self, project: Project, at: int, done: Callable[[Step], None] | None) -> None:
        before, label = self._pair(at)

        def work(progress: Progress) -> Step:
            if not before:
                return project.state(label), None, None
            return compared(project, before, label, progress)

        def keep(found: Step) -> None:
            if self._session.project is project:
                self._known[before, label] = found
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
                if done is not None:
                    done(found)

        title = Text("打开 {l}", "Opening {l}").format(l=state_title(label))
        self._tasks.run(title, work, keep, self._on_failed, quiet=True)

    def _land(self, project: Project, at: int, found: Step) -> None:
        label = self.line[at] if at < len(self.line) else None
        if self._session.project is not project or label is None or label != self._wanted:
            return  # somebody has gone elsewhere meanwhile
        snapshot, comparison, beside = found
        self.at = at
        self._session.show_state(
            label, project.snapshot if label == WORKING else snapshot, comparison, beside
        )
        self._wanted = None
        if self.playing and at + 1 < len(self.line):
            self._timer.start(self._interval)
            if self._pair(at + 1) not in self._known:
                self._read(project, at + 1, None)
        elif self.playing:
            self.playing = False
        self.changed.emit()

    def _play_on(self) -> None:
        if self.playing and self.at + 1 < len(self.line):
            self._show(self.at + 1)

    def _on_viewed(self) -> None:
        """Let go when somebody looks at something else."""
        if self.active and self._wanted is None and (self.at < 0 or self._session.view != self.line[self.at]):
            self.close()

    def _on_failed(self, error: PlanboardError) -> None:
        self.close()
        self._session.tell_error(error)

    def _drop_working(self) -> None:
        self._known = OrderedDict((pair, step) for pair, step in self._known.items() if WORKING not in pair)

    def _forget(self) -> None:
        self._known.clear()
        self.line, self.at = (), -1
        self.close()
