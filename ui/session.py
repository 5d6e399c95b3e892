"""What the window knows at the moment: project, selection, viewed state, messages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeVar

from psygnal import SignalInstance
from PyQt6.QtCore import QObject, pyqtSignal

from gis.edit.arc_notes import with_arc_notes
from gis.edit.following import followed, forsaken
from gis.edit.place import check_place, strayed
from gis.i18n import language, set_language
from gis.progress import Progress
from gis.project import Project
from gis.revisions.comparison import Comparison
from layers.changes import ChangeSet, Key
from layers.errors import BadInputError, CancelledError, PlanboardError, RefusedError
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Language, Text, same
from ui.edit_queue import EditQueue, Job
from ui.models.offer import Level, Offer, astray_offer, forsaken_offer
from ui.models.proposal import Proposal
from ui.models.words import state_title, staying_words
from ui.steps_shown import Place, place_of

SelectMode = Literal["replace", "add", "toggle"]
Extent = tuple[float, float, float, float]
Result = TypeVar("Result")
PREVIEW = "preview"
"""The view while a state is on screen that is neither a revision nor a working plan."""

_UNDO: Final = Text("撤销", "Undo")


@dataclass(frozen=True)
class Beside:
    """Another state that may be shown next to the one on screen: the one before, or the other side's.

    Parameters
    ----------
    label : str
        A revision, ``"working"``, an alternative, or ``"preview"``.
    snapshot : Snapshot
    title, own_title : Text
        What it is called, and what the state on screen is called next to it.
    """

    label: str
    snapshot: Snapshot
    title: Text
    own_title: Text


class Session(QObject):
    """The one mutable object of the window.

    Attributes
    ----------
    shared_borders : bool
        Whether vertices that features share move together.
    draws_existing : bool
        Whether what is drawn is there already: a survey is traced, nothing is planned.
    checking : bool
        Whether what is on screen is not proven yet to be what was frozen: for the eye alone.

    Signals
    -------
    project_opened()
        Another project (or none) is in front.
    changed(ChangeSet)
        The working plan changed; listeners look only at the change set.
    foreseen(Snapshot)
        What the working plan will be when the step being written is on disk: to be prepared for, not shown.
    viewed()
        Another state is shown: a revision, the working plan, or a comparison.
    proven()
        The revision on screen turned out to be what was frozen.
    opening_changed()
        A project begins to be opened, or that has ended: `opening` says which.
    selection_changed()
    zoom_requested(tuple)
        Somebody wants the map to show an extent (west, south, east, north).
    message(Text, str, Text)
        A word to the user: what, level, and advice (may be empty).
    offered(Offer)
        The same with buttons.
    tool_requested(str)
        Somebody wants another map tool, by its id.
    stepped(Place)
        Undo or redo changed something here: the map goes there.
    language_changed()
    revisions_changed()
    branches_changed()
        There is another alternative, or another one is being edited.
    proposed()
        Something else, or nothing, is about to come in.
    postings_changed()
        Something was published, or noted about where it hangs.
    """

    opening_changed = pyqtSignal()
    project_opened = pyqtSignal()
    changed = pyqtSignal(object)
    viewed = pyqtSignal()
    proven = pyqtSignal()
    selection_changed = pyqtSignal()
    foreseen = pyqtSignal(object)
    zoom_requested = pyqtSignal(object)
    message = pyqtSignal(object, str, object)
    offered = pyqtSignal(object)
    tool_requested = pyqtSignal(str)
    stepped = pyqtSignal(object)
    language_changed = pyqtSignal()
    revisions_changed = pyqtSignal()
    branches_changed = pyqtSignal()
    proposed = pyqtSignal()
    postings_changed = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.selection: frozenset[Key] = frozenset()
        self.view: str = WORKING
        self.comparison: Comparison | None = None
        self.previewed: Text | None = None
        self.opening: Text | None = None
        self.checking = False
        self.shared_borders = self.draws_existing = False
        self.beside: Beside | None = None
        self.proposal: Proposal | None = None
        self._snapshot: Snapshot | None = None
        self._heard: list[tuple[SignalInstance, Callable[..., None]]] = []
        self.edits = EditQueue(self)

    @property
    def snapshot(self) -> Snapshot | None:
        """The state on screen: the working plan, or the revision being viewed."""
        return self._snapshot

    @property
    def editable(self) -> bool:
        """Whether the state on screen is the working plan of a writable project."""
        return self.project is not None and self.view == WORKING and not self.project.read_only

    def tell_opening(self, title: Text | None) -> None:
        """Say that a project is being opened, and that it has ended, well or not."""
        if title != self.opening:
            self.opening = title
            self.opening_changed.emit()

    def set_project(self, project: Project | None) -> None:
        """Put another project in front; the caller closes the old one. Edits under way are waited for."""
        self.edits.drain()
        while self._heard:
            signal, relay = self._heard.pop()
            signal.disconnect(relay)
        self.project, self.view, self.comparison, self.previewed = project, WORKING, None, None
        self.beside, self.checking = None, False
        self.propose(None)
        self.selection = frozenset()
        self._snapshot = project.snapshot if project else None
        if project is not None:
            self._listen(project)
        self.project_opened.emit()

    def show_state(
        self,
        label: str,
        snapshot: Snapshot,
        comparison: Comparison | None = None,
        beside: Beside | None = None,
        *,
        checking: bool = False,
    ) -> None:
        """Show a revision, the working plan, or another alternative by name.

        A comparison is drawn over it if given; what it is compared with may stand `beside` it. While it is
        `checking`, it can be looked at and nothing else; `confirm` ends that.
        """
        self.view, self.comparison, self._snapshot = label, comparison, snapshot
        self.previewed, self.beside, self.checking = None, beside, checking
        self._drop_vanished()
        self.viewed.emit()

    def confirm(self) -> None:
        """Say that what is on screen is what was frozen."""
        if self.checking:
            self.checking = False
            self.proven.emit()

    def preview(self, snapshot: Snapshot, title: Text, beside: Beside | None = None) -> None:
        """Show a state that is no revision, such as a colleague's; it cannot be edited."""
        self.view, self.comparison, self._snapshot = PREVIEW, None, snapshot
        self.previewed, self.beside, self.checking = title, beside, False
        self._drop_vanished()
        self.viewed.emit()

    def propose(self, proposal: Proposal | None) -> None:
        """Show over the plan what is about to come in; None shows nothing."""
        if proposal is not self.proposal:
            self.proposal = proposal
            self.proposed.emit()

    def select(self, keys: Iterable[Key], mode: SelectMode = "replace") -> None:
        """Change the one selection that map, table and lists share."""
        chosen = frozenset(keys)
        if mode == "add":
            chosen |= self.selection
        elif mode == "toggle":
            chosen ^= self.selection
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    def run(
        self,
        label: Text,
        edit: Callable[[Snapshot], ChangeSet],
        done: Callable[[], object] | None = None,
        failed: Callable[[], object] | None = None,
        progress: Progress | None = None,
    ) -> bool:
        """Apply an edit to the working plan; say what is wrong if it is refused.

        It is worked out and written in a worker thread. What takes longer than a moment goes on while
        the window lives; further edits wait behind it.

        Parameters
        ----------
        edit : callable
            Touches no widget. Edits are done one after the other, each on what the one before left.
        done : callable, optional
            Called when the plan holds the edit, on disk and on screen: before `run` returns, or later.
        failed : callable, optional
            Called when it was refused, and the user has been told, or when the user cancelled it.
        progress : Progress, optional
            Asked in the worker thread whether the user has cancelled, until the edit is on disk.

        Returns
        -------
        bool
            False if it was refused. True if the plan holds it now, or if it is still under way.
        """
        project = self.project
        if project is None or not self.may_edit():
            return False

        alone: list[Key] = []
        astray: list[float] = []

        def ended(job: Job) -> None:
            self._end(job, done, failed, self.refuse)
            if alone:
                self.offered.emit(forsaken_offer(len(alone), lambda: self.select(alone)))
            if astray:
                self.offered.emit(astray_offer(astray[0], self.undo_offer()))

        def work() -> None:
            snapshot = project.snapshot
            changes = with_arc_notes(followed(snapshot, edit(snapshot)))
            check_place(snapshot, changes)
            away = strayed(snapshot, changes)
            project.apply(changes, label, progress or job.progress)
            alone.extend(forsaken(project.snapshot, changes))
            astray.extend([] if away is None else [away])

        job = Job(label, work, ended, stoppable=progress is None)
        self.edits.submit(job)
        return job.problem is None

    def do(
        self,
        label: Text,
        work: Callable[[Project], Result] | Callable[[Project, Progress], Result],
        done: Callable[[Result], object],
        ended: Callable[[], object] | None = None,
        *,
        stoppable: bool = False,
    ) -> None:
        """Freeze, restore or merge in the worker thread of the edits, after those under way.

        Parameters
        ----------
        work : callable
            Gets the project, and a progress to ask if `stoppable`; touches no widget.
        done : callable
            Gets what `work` returned, in the thread of the window. A refusal is told instead.
        ended : callable, optional
            Called afterwards in either case.
        """
        project = self.project
        if project is None:
            return

        def finish(job: Job) -> None:
            if ended is not None:
                ended()
            self._end(job, lambda: done(job.result), None)  # type: ignore[arg-type]

        job = Job(label, lambda: work(project, *asked), finish, stoppable=stoppable, lasting=True)
        asked = (job.progress,) if stoppable else ()
        self.edits.submit(job)

    def show_working(self) -> None:
        """Go back to the working plan, without a comparison."""
        if self.project is not None and (self.view != WORKING or self.comparison is not None):
            self.show_state(WORKING, self.project.snapshot)

    def undo(self) -> bool:
        """Take the last step back; returns whether there was one."""
        return self.go(-1)

    def undo_offer(self, words: Text = _UNDO) -> tuple[Text, Callable[[], None]]:
        """Return an act that takes back the step just made, and says so if it is no longer the last one.

        A message stays on screen while work goes on: its button must not take back something else.
        """
        project, step = self.project, self._last_step

        def act() -> None:
            if self.project is project and not self.edits.busy and self._last_step == step:
                self.undo()
            else:
                self.tell(
                    Text(
                        "这一步已不是最后一步，没有撤销。",
                        "Other steps came later; nothing was undone.",
                    ),
                    "info",
                    Text("请在“历史”里选择要回到的一步。", "Choose the step to go back to in the history."),
                )

        return words, act

    @property
    def _last_step(self) -> int | None:
        done = self.project.history.done if self.project is not None else ()
        return done[-1].id if done else None

    def redo(self) -> bool:
        """Take the last undone step again; returns whether there was one."""
        return self.go(1)

    def go(self, steps: int) -> bool:
        """Take back so many steps (negative) or do them again, and show where that was.

        Returns whether there was a step to take.
        """
        project = self.project
        if project is None or not steps or not self.may_edit():
            return False
        history = project.history
        if not self.edits.busy and not (history.done if steps < 0 else history.undone):
            return False

        def work() -> Place | None:
            whole, stopped = project.go(steps, job.progress)
            if stopped is not None:
                self.edits.post(partial(self.tell, stopped))
            return place_of(whole)

        def ended(job: Job) -> None:
            self._end(job, lambda: self.stepped.emit(job.result) if job.result is not None else None, None)

        label = _UNDO if steps < 0 else Text("重做", "Redo")
        taken = history.done[-1:] if steps == -1 else history.undone[:1] if steps == 1 else ()
        if taken:
            label = Text("{verb}“{step}”", "{verb} “{step}”").format(verb=label, step=taken[0].label)
        job = Job(label, work, ended, stoppable=True)
        self.edits.submit(job)
        return job.problem is None

    def speak(self, chosen: Language) -> None:
        """Use another language from now on, everywhere."""
        if chosen != language():
            set_language(chosen)
            self.language_changed.emit()

    def offer(
        self,
        what: Text,
        acts: Iterable[tuple[Text, Callable[[], None]]],
        level: Level = "info",
        advice: Text | None = None,
        *,
        passing: bool = False,
        refusal: bool = False,
        waits: bool = False,
    ) -> None:
        """Show a message with buttons; see `Offer`."""
        said = advice or same("")
        self.offered.emit(
            Offer(what, level, said, tuple(acts), passing=passing, refusal=refusal, waits=waits)
        )

    def _end(
        self,
        job: Job,
        done: Callable[[], object] | None,
        failed: Callable[[], object] | None,
        tell: Callable[[PlanboardError], None] | None = None,
    ) -> None:
        """Say how an edit ended."""
        if job.problem is None:
            if done is not None:
                done()
            return
        if isinstance(job.problem, CancelledError):
            self.tell(job.problem.message)
        elif isinstance(job.problem, PlanboardError):
            (tell or self.tell_error)(job.problem)
        else:
            sys.excepthook(type(job.problem), job.problem, job.problem.__traceback__)
        if failed is not None:
            failed()

    def _listen(self, project: Project) -> None:
        """Pass on what a project says in worker threads."""
        for signal, tell in (
            (project.changed, self._on_project_changed),
            (project.told_stays, self._on_told),
            (project.foreseen, self.foreseen.emit),
            (project.revisions_changed, self.revisions_changed.emit),
            (project.branches_changed, self.branches_changed.emit),
            (project.postings_changed, self.postings_changed.emit),
        ):
            relay = partial(self._relay, tell)
            signal.connect(relay)
            self._heard.append((signal, relay))

    def _on_told(self, staying: ChangeSet) -> None:
        """Say that undo or redo left something alone."""
        words, why = staying_words(len(staying))
        self.tell(words, "info", why)

    def _relay(self, tell: Callable[..., object], *values: object) -> None:
        """Pass on what a project says, unless it has been closed since."""
        project = self.project
        for changes in values:
            if isinstance(changes, ChangeSet):  # worked out here, or the window would have to
                _ = changes.by_layer, changes.counts_change
        self.edits.post(lambda: tell(*values) if project is self.project else None)

    def tell(self, what: Text, level: Level = "info", advice: Text | None = None) -> None:
        """Show a message."""
        self.message.emit(what, level, advice or same(""))

    def tell_error(self, error: PlanboardError) -> None:
        """Show an error with its advice."""
        self.tell(error.message, "error", error.advice)

    def refuse(self, error: PlanboardError) -> None:
        """Say why an edit was not made; the words go when what they are about is no longer so."""
        passing = isinstance(error, (RefusedError, BadInputError))
        self.offer(error.message, (), "error", error.advice, passing=passing, refusal=passing)

    def may_edit(self) -> bool:
        """Tell whether the plan on screen may be edited; say why not, if it may not."""
        if self.editable:
            return True
        if self.view != WORKING:
            self.offer(
                Text(
                    "正在查看“{name}”，这里不能修改。", "You are viewing “{name}”; it cannot be changed here."
                ).format(name=self.previewed or state_title(self.view)),
                (),
                "warning",
                Text("回到“当前方案”后再编辑。", "Go back to the working plan to edit."),
                passing=True,
            )
        else:
            self.tell(
                Text("项目以只读方式打开。", "The project is open read-only."),
                "warning",
                self.project.read_only_reason if self.project is not None else None,
            )
        return False

    def _on_project_changed(self, changes: ChangeSet) -> None:
        assert self.project is not None
        if self.view == WORKING:
            self._snapshot = self.project.snapshot
            self._keep(self.selection.difference(changes.removed_among(self.selection)))
        self.changed.emit(changes)

    def _drop_vanished(self) -> None:
        layers = self._snapshot.layers if self._snapshot is not None else {}
        # Asks the tables for the ids alone: a feature made per key would be most of the time of an edit.
        self._keep(frozenset(k for k in self.selection if k[0] in layers and k[1] in layers[k[0]].table))

    def _keep(self, selection: frozenset[Key]) -> None:
        if len(selection) != len(self.selection):
            self.selection = selection
            self.selection_changed.emit()
