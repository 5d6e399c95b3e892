"""What the forms of all kinds of files have in common: what was understood, choices, findings, one act."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice, pairwise
from typing import Any, Final, TypeAlias

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QProgressBar, QStackedWidget, QWidget

from gis.exchange.import_records import ImportRecord, with_record
from gis.i18n import tr
from gis.pick import Box
from gis.progress import Progress
from gis.store.bulk import many_objects
from layers.changes import ChangeSet
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.imports.finding_list import FindingList
from ui.models.coordinates import roomy
from ui.models.proposal import Proposal
from ui.models.window_words import window_words
from ui.panels.parts import button, column, dress_panel, label, later, row, scrolled, segment
from ui.session import Session
from ui.tasks import Task, Tasks

_MOST_SELECTED: Final = 5000
_LEAST_PAGE_PX: Final = 130
"""A page keeps so much on a low screen; then what stands above it scrolls."""
_PATIENCE_MS: Final = 200
_BESIDE_M: Final = 10_000.0
"""Plan and shapes are shown together if that is no wider."""
Act: TypeAlias = tuple[Text, Callable[[], None]]
_ONE_STEP: Final = Text(
    "写入是一步完成的：取消则项目保持原样，完成后可以撤销。",
    "It is written in one step: cancelled, the project stays as it was; done, it can be undone.",
)
_DOUBTS: Final = ("import.far-away", "import.better-crs", "import.there-already")
_ADJUST: Final = Text("请调整上面的选项后重试。", "Adjust the choices above to try again.")


class _Pages(QStackedWidget):
    """The pages under the tabs: they take the room that is left, and ask for little."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _LEAST_PAGE_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), _LEAST_PAGE_PX)


class ImportForm(QWidget):
    """One file on its way in; nothing changes until the act at the foot is pressed.

    Signals
    -------
    closed()
        It is done with.
    given_up()
        The user wants none of it.
    """

    closed = pyqtSignal()
    given_up = pyqtSignal()

    def __init__(self, session: Session, tasks: Tasks, name: str) -> None:
        super().__init__()
        dress_panel(self)
        self.session, self.tasks, self.name = session, tasks, name
        self._task: Task | None = None
        self._zoomed = False
        self._writing, self._stopping = False, threading.Event()
        self._build_frame()

    def _build_frame(self) -> None:
        self.summary, self.understood = label(wrap=True), label(role="soft", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        card = QFrame()
        card.setObjectName("Card")
        card.setLayout(column(self.summary, self.understood, self.bar, margins=(12, 10, 12, 10), spacing=4))
        self._choosing, self._tab_line = QWidget(), QWidget()
        self.choices = QGridLayout()
        self.choices.setContentsMargins(0, 0, 0, 0)
        self.choices.setHorizontalSpacing(10)
        self.choices.setVerticalSpacing(6)
        self.choices.setColumnStretch(1, 1)
        self._tabs = row(spacing=6)
        self._tabs.addStretch(1)
        self._choosing.setLayout(self.choices)
        self._tab_line.setLayout(self._tabs)
        self.pages = _Pages()
        self._segments: list[QWidget] = []
        self.findings = FindingList()
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.go, self.cancel = button("", "primary"), button(tr("取消", "Cancel"))
        self.go.setEnabled(False)
        self.go.clicked.connect(self.submit)
        self.cancel.clicked.connect(self.give_up)
        foot = QFrame()
        foot.setObjectName("PanelFoot")
        foot.setLayout(row(None, self.cancel, self.go, margins=(14, 10, 14, 10)))
        lines = column(spacing=10, margins=(14, 12, 14, 10))
        for part in (card, self._choosing, self._tab_line):
            lines.addWidget(part)
        lines.addWidget(self.pages, 1)
        lines.addStretch()  # keeps the card at the top while there is nothing below it
        body = QWidget()
        body.setLayout(lines)
        self.problem.setContentsMargins(14, 0, 14, 8)
        whole = column(spacing=0)
        whole.addWidget(scrolled(body), 1)
        whole.addWidget(self.problem)
        whole.addWidget(foot)
        self.setLayout(whole)

    def add_note(self, note: QWidget) -> None:
        """Add something to be said above the choices that follow."""
        self.choices.addWidget(note, self.choices.rowCount(), 0, 1, 2)

    def add_choice(self, caption: Text, *widgets: QWidget) -> QWidget:
        """Add a caption and what belongs to it; return the caption."""
        line = self.choices.rowCount()
        words = label(tr(caption), "field")
        words.setBuddy(widgets[0])
        self.choices.addWidget(words, line, 0, Qt.AlignmentFlag.AlignTop)
        words.setContentsMargins(0, 7, 0, 0)
        inner = row(*widgets, spacing=6)
        inner.setStretch(0, 1)
        self.choices.addLayout(inner, line, 1)
        return words

    def add_page(self, title: Text, page: QWidget) -> int:
        """Add a page with a tab over it; return its number."""
        at = self.pages.addWidget(page)
        tab = segment(tr(title))
        tab.clicked.connect(lambda: self.open_page(at))
        self._tabs.insertWidget(at, tab)
        self._segments.append(tab)
        tab.setChecked(at == 0)
        return at

    def open_page(self, at: int) -> None:
        """Show a page."""
        self.pages.setCurrentIndex(at)
        for number, tab in enumerate(self._segments):
            tab.setChecked(number == at)  # type: ignore[attr-defined]

    def name_page(self, at: int, words: str, *, shown: bool = True) -> None:
        """Set the words of a tab, such as a title with a count."""
        self._segments[at].setText(words)  # type: ignore[attr-defined]
        self._segments[at].setVisible(shown)
        if not shown and self.pages.currentIndex() == at:
            self.open_page(0)

    def focusNextPrevChild(self, a0: bool) -> bool:
        """Let Tab go through the form from top to bottom: parts of it are made when the file is read."""
        self._order_keys()
        return super().focusNextPrevChild(a0)

    def _order_keys(self) -> None:
        pages = (at for page in range(self.pages.count()) for at in _keyed(self.pages.widget(page)))
        order = [self, *_keyed(self._choosing), *self._segments, *pages, self.cancel, self.go]
        for one, other in pairwise(order):
            self.setTabOrder(one, other)

    def begin(
        self,
        title: Text,
        work: Callable[[Progress], object],
        done: Callable[..., None],
        failed: Callable[[PlanboardError], None] | None = None,
    ) -> None:
        """Start background work; an older one still under way is given up. Nothing begins during writing."""
        task = self._run(title, work, done, failed or self.on_failed)
        if task is None:
            return
        self.show_problem(None)
        self._show_choices()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.summary.setText(tr(title) + "…")
        task.progressed.connect(self._on_progress)

    def begin_quietly(self, work: Callable[[Progress], object], done: Callable[..., None]) -> None:
        """Start background work that is mostly over at once; only if it is not, the bar says so."""
        task = self._run(Text("正在核对", "Checking"), work, done, self.on_failed)

        def show() -> None:
            if task is not None and self._task is task:
                self.bar.setRange(0, 0)
                self.bar.show()

        later(self, _PATIENCE_MS, show)

    def _run(
        self,
        title: Text,
        work: Callable[[Progress], object],
        done: Callable[..., None],
        failed: Callable[[PlanboardError], None],
    ) -> Task | None:
        if self._writing:
            return None
        if self._task is not None:
            self._task.cancel()
        self.go.setEnabled(False)

        def ended(tell: Callable[..., None], what: object) -> None:
            if self._task is task:
                self._task = None
                self.bar.hide()
                tell(what)
                self._show_choices()

        def in_bulk(progress: Progress) -> object:
            with many_objects():
                return work(progress)

        task = self.tasks.run(title, in_bulk, partial(ended, done), partial(ended, failed), quiet=True)
        self._task = task
        return task

    @property
    def writing(self) -> bool:
        """Whether the import is being written into the project, in one transaction."""
        return self._writing

    @property
    def adjustable(self) -> bool:
        """Whether another choice may help: not while nothing of the file could be understood."""
        return True

    @property
    def moved_the_map(self) -> bool:
        """Whether the map went to what would come in."""
        return self._zoomed

    def kept(self) -> object:
        """Return the choices made so far, for the same form in another language."""
        return None

    def take_up(self, kept: Any) -> None:
        """Take up the choices that the form of another language returned as `kept`."""

    @property
    def busy(self) -> bool:
        """Whether something is being read or worked out."""
        return self._task is not None

    def on_failed(self, error: PlanboardError) -> None:
        """Say what is wrong and how to go on."""
        self.session.propose(None)
        advice = tr(window_words(error.advice)) if error.advice else ""
        self.summary.setText(tr(window_words(error.message)))
        self.understood.setText(advice)
        self.understood.setVisible(bool(advice))
        self.show_findings(error.findings)
        self.show_problem(_ADJUST if self.adjustable else None)
        if not self.adjustable:
            self.open_page(max(0, self.pages.indexOf(self.findings)))
        self._show_choices()

    def _show_choices(self) -> None:
        """Show the choices once there is something to choose from: empty boxes only puzzle."""
        for part in (self._choosing, self._tab_line):
            part.setVisible(self.adjustable)
        self.pages.setVisible(self.adjustable or self.pages.currentWidget() is self.findings)

    def show_doubt(self, findings: Sequence[Finding]) -> None:
        """Say in place what should be looked at before the import: data that lie elsewhere, or twice."""
        doubts = [f for f in findings if f.code in _DOUBTS]
        found = min(doubts, key=lambda f: _DOUBTS.index(f.code), default=None)
        self.show_problem(window_words(found.message) if found is not None else None)

    def show_problem(self, words: Text | None) -> None:
        """Say what is missing, in place."""
        self.problem.setText(tr(words) if words else "")
        self.problem.setVisible(words is not None)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """List findings on their page and count them on its tab."""
        self.findings.show_findings(findings)
        at = self.pages.indexOf(self.findings)
        if at >= 0:
            words = tr("发现 {n}", "Findings {n}", n=len(findings)) if findings else tr("发现", "Findings")
            self.name_page(at, words, shown=bool(findings))

    def preview(self, proposal: Proposal | None, *, again: bool = False) -> None:
        """Show on the map what would come in; go there the first time, or `again`."""
        self.session.propose(proposal)
        extent = proposal.extent if proposal is not None else None
        if extent is not None and (again or not self._zoomed):
            self._zoomed = True
            self.session.zoom_requested.emit(roomy(self._with_plan(extent)))

    def _with_plan(self, extent: Box) -> Box:
        """Return what to show of the map: the plan too where the shapes lie beside it."""
        snapshot = self.session.snapshot
        here = snapshot.extent() if snapshot is not None else None
        if here is None:
            return extent
        apart = extent[0] > here[2] or extent[2] < here[0] or extent[1] > here[3] or extent[3] < here[1]
        both = (*map(min, extent[:2], here[:2]), *map(max, extent[2:], here[2:]))
        wide = max(both[2] - both[0], both[3] - both[1])
        return (both[0], both[1], both[2], both[3]) if apart and wide < _BESIDE_M else extent

    def apply(self, changes: ChangeSet, record: ImportRecord, told: Text, more: Sequence[Act] = ()) -> None:
        """Make the import one step, written in the background."""
        session = self.session
        title = Text("导入 {f}（{n}）", "Import {f} ({n})").format(f=self.name, n=len(changes.features))
        keys = list(islice(changes.features, _MOST_SELECTED))
        extent = session.proposal.extent if session.proposal is not None else None
        whole = with_record(changes, record)

        def show() -> None:
            session.select(keys)
            if extent is not None:
                session.zoom_requested.emit(roomy(extent))

        def undo() -> None:
            session.undo()

        def done() -> None:
            acts = [(Text("缩放到导入内容", "Zoom to it"), show), (Text("撤销", "Undo"), undo)]
            if self._writing:  # else it was on disk already when the user cancelled: that is told below
                self.leave()
            session.offer(told, [*more, *acts], "success")

        self._show_writing()
        progress = Progress(None, self._stopping.is_set)
        if not session.run(title, lambda _snapshot: whole, done, self._on_refused, progress):
            self._on_refused()

    def _show_writing(self) -> None:
        """Say that the import is under way; until it is on disk it can be stopped."""
        self._stopping.clear()
        self._writing = True
        self.session.propose(None)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.summary.setText(tr("正在写入项目…", "Writing into the project …"))
        self.understood.setText(tr(_ONE_STEP))
        self.understood.show()
        self.go.setEnabled(False)
        self.cancel.setToolTip(tr(_ONE_STEP))

    def _on_refused(self) -> None:
        """Let the user try again: nothing was written, and the message bar says why."""
        if not self._writing:  # given up, and closed
            return
        self._writing = False
        self.bar.hide()
        self.cancel.setEnabled(True)
        self.cancel.setToolTip("")
        self.refresh()

    def submit(self) -> None:
        """Apply what is previewed; overridden by each kind of file."""
        self.leave()

    def give_up(self) -> None:
        """Leave without a change; what is being written is taken back, behind the window."""
        if self._writing:
            self._stopping.set()
            self._writing = False
        self.given_up.emit()

    def leave(self) -> None:
        """Stop what is under way, clear the map, and close."""
        self.stop()
        self.closed.emit()

    def stop(self) -> None:
        """Stop what is under way and clear the map; what is being written goes on without the form."""
        self._writing = False
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.session.propose(None)

    def refresh(self) -> None:
        """Work it out again: the plan was edited meanwhile."""

    def _on_progress(self, fraction: float, doing: Text) -> None:
        if self.sender() is self._task:
            if fraction > 0:
                self.bar.setRange(0, 1000)
                self.bar.setValue(round(fraction * 1000))
            self.summary.setText(tr(doing) + "…")


def _keyed(part: QWidget | None) -> list[QWidget]:
    """Return what the keyboard reaches in a part, and the part itself if it does."""
    if part is None:
        return []
    every = [part, *part.findChildren(QWidget)]
    keyed = [one for one in every if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None]
    return [one for one in keyed if one.window() is part.window()]  # the list of a box is a window of its own
