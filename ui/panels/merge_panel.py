"""Merging: what comes in, and what both sides changed differently, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont
from PyQt6.QtWidgets import QSplitter, QStackedWidget, QTreeWidget, QTreeWidgetItem, QWidget

from gis.i18n import tr
from gis.progress import Progress
from gis.project import ProjectMerge
from gis.revisions.comparison import KIND_WORDS, SIGNS, FeatureChange
from gis.revisions.merge import Conflict, ConflictId, Side, all_to
from layers.changes import ChangeSet
from layers.errors import Finding
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.coordinates import roomy
from ui.models.merge_words import (
    bounds_of,
    conflict_words,
    incoming_applied,
    summary_words,
)
from ui.panels.batches import Batches
from ui.panels.conflict_card import ConflictCard
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, row, scrolled
from ui.session import Beside, Session
from ui.theme.appearance import base_font
from ui.theme.icons import icon
from ui.theme.tokens import theme


@dataclass(frozen=True)
class Planned:
    """A merge, and what it brings without asking."""

    merge: ProjectMerge
    incoming: tuple[FeatureChange, ...]


Planner = Callable[[Progress], ProjectMerge]
ENTRY = Qt.ItemDataRole.UserRole
_MOST_ROWS = 500
_DETAIL_PX, _LIST_PX = 330, 260


class MergePanel(QWidget):
    """A planned merge: nothing is changed until it is confirmed.

    Signals
    -------
    confirmed(ProjectMerge, dict)
        Do it, with a decision for every conflict.
    replan_requested(object)
        The plan was edited meanwhile; the planner is handed back.
    begun(), closed()
    count_changed(int)
        How many conflicts wait for a decision.
    """

    confirmed = pyqtSignal(object, object)
    replan_requested = pyqtSignal(object)
    begun = pyqtSignal()
    closed = pyqtSignal()
    count_changed = pyqtSignal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self.merge: ProjectMerge | None = None
        self._planner: Planner | None = None
        self.decisions: dict[ConflictId, Side] = {}
        self._held = False
        self._incoming: tuple[FeatureChange, ...] = ()
        self._batches = Batches(self)
        self._items: dict[ConflictId, QTreeWidgetItem] = {}
        self._result: tuple[Snapshot, Snapshot] | None = None
        self._build()
        session.changed.connect(self._on_changed)
        session.project_opened.connect(self.finish)
        session.language_changed.connect(self.reload)
        self.reload()

    @property
    def tree(self) -> QTreeWidget:
        """The list, for those who drive it."""
        return self._tree

    @property
    def undecided(self) -> tuple[Conflict, ...]:
        """The conflicts that wait for a decision."""
        if self.merge is None:
            return ()
        return tuple(c for c in self.merge.conflicts if c.id not in self.decisions)

    def begin(self, planned: Planned, planner: Planner) -> None:
        """Show a merge; decisions about the same conflicts are kept."""
        merge, self._incoming = planned.merge, planned.incoming
        first = self.merge is None
        if self.merge is not None and self.merge is not merge:
            self.merge.close()
        known = {conflict.id for conflict in merge.conflicts}
        self.decisions = {name: side for name, side in self.decisions.items() if name in known}
        self.merge, self._planner, self._held, self._result = merge, planner, False, None
        if first:
            self.begun.emit()
        self.reload()
        self._choose_next()

    def finish(self) -> None:
        """Drop the merge, done or not, and close the page."""
        merge, self.merge, self._planner, self._held = self.merge, None, None, False
        self.decisions, self._result = {}, None
        if merge is not None:
            merge.close()
            self.reload()
            self.closed.emit()

    def hold(self, held: bool) -> None:
        """Take no answer while the merge is being done."""
        self._held = held
        self._mark_state()

    def decide(self, conflict: Conflict, side: Side) -> None:
        """Decide one conflict, and go to the next that is open."""
        self.decisions[conflict.id] = side
        self._mark(conflict)
        self._mark_state()
        self._choose_next()

    def decide_rest(self, side: Side) -> None:
        """Decide every conflict that is still open for one side; what was chosen stays chosen."""
        self._set_decisions({**all_to(side, self.undecided), **self.decisions})

    def forget_decisions(self) -> None:
        """Open every conflict again."""
        self._set_decisions({})

    def _set_decisions(self, decisions: dict[ConflictId, Side]) -> None:
        if self.merge is not None:
            self.decisions = decisions
            for conflict in self.merge.conflicts:
                self._mark(conflict)
            self._mark_state()
            self._show_detail(self._tree.currentItem())

    def reload(self) -> None:
        """Show the merge anew."""
        self._batches.cancel()
        self._tree.clear()
        self._items.clear()
        merge, project = self.merge, self._session.project
        self._pages.setCurrentIndex(1 if merge is None or project is None else 0)
        if merge is None or project is None:
            self._card.show_nothing()
            self.count_changed.emit(0)
            return
        self._title.setText(tr(merge.label))
        self._about.setText(tr(summary_words(merge)))
        self._batches.begin(self._fill(merge))
        self._mark_state()

    def _build(self) -> None:
        self._title, self._about = Elided("heading"), Elided("soft")
        self._again, self._ours, self._theirs = button("", "link"), button(""), button("")
        self._words.bind(self._again.setText, Text("重新选择", "Start over"))
        self._cancel, self._go = button(""), button("", "primary", "git-merge")
        self._words.bind(self._cancel.setText, Text("取消", "Cancel"))
        self._again.clicked.connect(self.forget_decisions)
        self._ours.clicked.connect(lambda: self.decide_rest("ours"))
        self._theirs.clicked.connect(lambda: self.decide_rest("theirs"))
        self._cancel.clicked.connect(self._give_up)
        self._go.clicked.connect(self._confirm)
        self._tree = QTreeWidget()
        self._tree.setHeaderHidden(True)
        self._tree.setIndentation(14)
        self._tree.setUniformRowHeights(True)
        self._tree.currentItemChanged.connect(lambda now, _: self._show_detail(now))
        self._tree.itemClicked.connect(lambda item, _: self._show_detail(item))
        self._card = ConflictCard(self._session)
        self._card.decided.connect(self.decide)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._tree)
        detail = scrolled(self._card)
        detail.setMinimumWidth(_DETAIL_PX)
        split.addWidget(detail)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        split.setSizes([_LIST_PX, 2 * _LIST_PX])
        head = row(margins=(12, 4, 8, 4))
        head.addLayout(column(self._title, self._about, spacing=0), 1)
        for act in (self._again, self._ours, self._theirs, self._cancel, self._go):
            head.addWidget(act)
        whole = QWidget()
        inner = column(spacing=0)
        inner.addLayout(head)
        inner.addWidget(split, 1)
        whole.setLayout(inner)
        empty = EmptyState(
            "git-merge",
            self._words,
            Text("没有正在进行的合并", "Nothing is being merged"),
            Text(
                "选择同事的项目副本，或采纳一个比选方案：这里逐条列出带来的修改和需要选择的地方。",
                "Choose a colleague's copy of the file, or adopt an alternative: what comes in and what is "
                "to be decided is listed here.",
            ),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(whole)
        self._pages.addWidget(empty)
        self.setLayout(column(self._pages, spacing=0))

    def _fill(self, merge: ProjectMerge) -> Iterator[None]:
        """List conflicts, what to know, and what comes in, one after the other."""
        assert self._session.project is not None
        snapshot = self._session.project.snapshot
        if merge.conflicts:
            head = self._heading(
                Text("双方都改了，需要选择", "Changed on both sides: choose"), len(merge.conflicts)
            )
            for conflict in merge.conflicts[:_MOST_ROWS]:
                words = conflict_words(conflict, snapshot)
                item = self._entry(head, f"{tr(words.name)}  ·  {tr(words.cell)}", conflict)
                self._items[conflict.id] = item
                self._mark(conflict)
                yield
            self._rest(head, len(merge.conflicts))
        if merge.findings:
            head = self._heading(Text("请留意", "Please note"), len(merge.findings))
            for finding in merge.findings:
                self._entry(head, tr(finding.message), finding)
        found = self._incoming
        if found:
            head = self._heading(Text("将并入的修改", "Comes in"), len(found))
            for change in found[:_MOST_ROWS]:
                parts = (SIGNS[change.kind], *map(tr, (change.layer_title, change.name)))
                self._entry(head, f"{'  '.join(parts)}  {tr(KIND_WORDS[change.kind])}", change)
                yield
            self._rest(head, len(found))
        if not (merge.conflicts or found):
            self._heading(Text("没有需要并入的修改", "There is nothing to take in"), 0)

    def _heading(self, words: Text, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"{tr(words)}  {count}" if count else tr(words)])
        item.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._tree.addTopLevelItem(item)
        item.setExpanded(True)
        return item

    def _entry(self, head: QTreeWidgetItem, words: str, entry: object) -> QTreeWidgetItem:
        item = QTreeWidgetItem([words])
        item.setData(0, ENTRY, entry)
        item.setToolTip(0, words)
        head.addChild(item)
        return item

    def _rest(self, head: QTreeWidgetItem, count: int) -> None:
        if count > _MOST_ROWS:
            more = QTreeWidgetItem([tr("……还有 {n} 项", "… {n} more", n=count - _MOST_ROWS)])
            more.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.addChild(more)

    def _mark(self, conflict: Conflict) -> None:
        """Show beside a conflict whether it is decided."""
        item = self._items.get(conflict.id)
        if item is not None:
            decided = conflict.id in self.decisions
            colors = theme()
            item.setIcon(
                0, icon("check" if decided else "warning", colors.success if decided else colors.warning)
            )
            item.setForeground(0, QColor(colors.text_soft if decided else colors.text))

    def _mark_state(self) -> None:
        waiting = len(self.undecided)
        begun = bool(self.decisions)
        words = (
            (self._ours, Text("其余用本方", "Rest: ours"), Text("全部用本方", "All ours")),
            (self._theirs, Text("其余用对方", "Rest: theirs"), Text("全部用对方", "All theirs")),
        )
        for act, rest, every in words:
            act.setText(tr(rest if begun else every))
            act.setVisible(self.merge is not None and bool(waiting))
            act.setEnabled(not self._held)
        self._again.setVisible(begun)
        self._again.setEnabled(not self._held)
        self._go.setEnabled(not waiting and not self._held)
        self._go.setText(
            tr("还有 {n} 处未选", "{n} to decide", n=waiting) if waiting else tr("确认并入", "Take it in")
        )
        self.count_changed.emit(waiting)

    def _choose_next(self) -> None:
        """Go to the next open conflict after the one in front; stay where none is open."""
        waiting = self.undecided
        if not waiting or self.merge is None:
            self._show_detail(self._tree.currentItem() or self._first_entry())
            return
        item = self._tree.currentItem()
        here = item.data(0, ENTRY) if item is not None else None
        order = [conflict.id for conflict in self.merge.conflicts]
        at = order.index(here.id) if isinstance(here, Conflict) and here.id in order else -1
        following = next((c for c in waiting if order.index(c.id) > at), waiting[0])
        if following.id in self._items:
            self._tree.setCurrentItem(self._items[following.id])

    def _first_entry(self) -> QTreeWidgetItem | None:
        head = self._tree.topLevelItem(0)
        first = head.child(0) if head is not None else None
        if first is not None:
            self._tree.setCurrentItem(first)
        return first

    def _show_detail(self, item: QTreeWidgetItem | None) -> None:
        entry = item.data(0, ENTRY) if item is not None else None
        if isinstance(entry, Conflict):
            self._card.show_conflict(entry, self.decisions.get(entry.id))
            self._go_to_conflict(entry)
        elif isinstance(entry, FeatureChange):
            self._card.show_change(entry)
            self._show_result()
            if entry.geometry is not None and not entry.geometry.is_empty:
                self._session.zoom_requested.emit(roomy(entry.geometry.bounds))
            self._session.select([entry.key])
        elif isinstance(entry, Finding):
            self._card.show_words(entry.message)
        else:
            self._card.show_nothing()

    def _show_result(self) -> None:
        """Show what comes in without asking on the map, beside our plan."""
        project, merge = self._session.project, self.merge
        if project is None or merge is None:
            return
        ours = project.snapshot
        if self._result is None or self._result[0] is not ours:
            self._result = ours, incoming_applied(merge, ours)
        title = Text("并入后", "Merged")
        beside = Beside(WORKING, ours, Text("本方", "Ours"), title)
        self._session.preview(self._result[1], title, beside)

    def _go_to_conflict(self, conflict: Conflict) -> None:
        project = self._session.project
        if project is None or conflict.key is None:
            return
        box = bounds_of(conflict, project.snapshot)
        if box is not None:
            self._session.zoom_requested.emit(roomy(box))
        self._session.select([conflict.key])

    def _confirm(self) -> None:
        if self.merge is not None and not self.undecided:
            self.confirmed.emit(self.merge, dict(self.decisions))

    def _give_up(self) -> None:
        self._session.show_working()
        self.finish()

    def _on_changed(self, changes: ChangeSet) -> None:
        """Plan again when the plan is edited while the merge waits."""
        if self.merge is not None and not self._held and changes.features and self._planner is not None:
            self.replan_requested.emit(self._planner)
