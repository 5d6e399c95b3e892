"""What differs between two states: numbered clouds with their changes, and the quantities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gis.i18n import tr
from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange, Quantity, Restyled
from gis.revisions.restyling import facets_told
from layers.changes import Key
from layers.revision import WORKING
from layers.text import Text, counted
from ui.models.coordinates import roomy
from ui.models.words import number_words, state_title
from ui.panels.batches import Batches
from ui.panels.change_rows import CHANGE, GROUP, HEADING, ChangeDelegate, change_item
from ui.panels.chosen_changes import ChosenChanges
from ui.panels.parts import (
    Elided,
    EmptyState,
    Wording,
    button,
    clear,
    column,
    dress_panel,
    label,
    row,
    rule,
    scrolled,
)
from ui.session import Session

_QUANTITIES_PX, _BOTH_PX, _SCROLL_PX = 340, 640, 14


class ChangesPanel(QWidget):
    """The change list of the comparison on screen.

    Signals
    -------
    compare_requested()
        The user wants to compare with the last revision.
    export_requested()
        The user wants the list as a table.
    adopt_requested(str, object)
        Take the ticked features (keys) over from an alternative, by its name.
    count_changed(int)
    reason_given(object)
        The reasons of some changes: a mapping of feature key to `Reason`.
    """

    compare_requested = pyqtSignal()
    export_requested = pyqtSignal()
    adopt_requested = pyqtSignal(str, object)
    count_changed = pyqtSignal(int)
    reason_given = pyqtSignal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._batches = Batches(self)
        self._ticked: dict[Key, None] = {}
        self._tree = QTreeWidget()
        self.chosen = ChosenChanges(session, self._tree, self._batches)
        self.chosen.reason_given.connect(self.reason_given)
        self.chosen.compare_requested.connect(self.compare_requested)
        self.chosen.show_requested.connect(self._go)
        self._tree.setHeaderHidden(True)
        self._tree.setMouseTracking(True)
        self._tree.setIndentation(16)
        self._tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._tree.setItemDelegate(ChangeDelegate(self._tree))
        self._tree.itemClicked.connect(self._go)
        self._tree.itemActivated.connect(self._go)
        self._quantities = QWidget()
        self._quantities.setObjectName("PanelBody")
        self._quantity_column = column()
        self._quantities.setLayout(self._quantity_column)
        empty, same_state = self._empty_states()
        empty.chosen.connect(self.compare_requested)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._tree)
        right = self._right = scrolled(self._quantities)
        right.setMinimumWidth(_QUANTITIES_PX)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        found = QWidget()
        inner = column(spacing=0)
        inner.addLayout(self._build_bar())
        inner.addWidget(split, 1)
        inner.addWidget(rule())
        inner.addWidget(self.chosen.bar)
        found.setLayout(inner)
        self._pages = QStackedWidget()
        for page in (found, empty, same_state):
            self._pages.addWidget(page)
        self.setLayout(column(self._pages, spacing=0))
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        self.reload()

    def _build_bar(self) -> QHBoxLayout:
        """Make the line over the list: what is compared, what to adopt of it, the table."""
        self._about = Elided("soft")
        export = button("", "link", "export")
        self._words.bind(export.setText, Text("导出…", "Export…"))
        export.clicked.connect(self.export_requested)
        self._all = button("", "link")
        self._all.clicked.connect(self._tick_all)
        self.adopt = button("", "primary", "git-merge")
        self.adopt.clicked.connect(self._adopt)
        self._tree.itemChanged.connect(lambda item, _: self._on_tick(item))
        bar = row(margins=(12, 4, 8, 4))
        bar.addWidget(self._about, 1)
        for act in (self._all, self.adopt, export):
            bar.addWidget(act)
        return bar

    def _empty_states(self) -> tuple[EmptyState, EmptyState]:
        """Make what stands here without a comparison, and with one that finds nothing."""
        empty = EmptyState(
            "git-diff",
            self._words,
            Text("没有正在进行的比较", "Nothing is being compared"),
            Text(
                "在时间轴上把一版拖到另一版，或与上一版比较，变更会在地图上圈出并在这里逐条列出。",
                "Drag one revision onto another on the timeline, or compare with the last one: the changes "
                "are clouded on the map and listed here.",
            ),
            Text("与上一版比较", "Compare with the last revision"),
        )
        same_state = EmptyState(
            "equals",
            self._words,
            Text("两版没有差异", "No difference"),
            Text("两个状态中的所有对象都相同。", "Every object is the same in both states."),
        )
        return empty, same_state

    @property
    def tree(self) -> QTreeWidget:
        """The change list, for those who drive it."""
        return self._tree

    @property
    def told(self) -> str:
        """The line above the list: what is compared, and how much changed."""
        return self._about.text()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Leave the room to the changes where there is not enough for both."""
        self._right.setVisible(self.width() >= _BOTH_PX)
        super().resizeEvent(a0)

    @property
    def alternative(self) -> str | None:
        """The alternative on screen that the plan being edited can take changes from, by its name."""
        project, comparison = self._session.project, self._session.comparison
        if project is None or project.read_only or comparison is None or comparison.before != WORKING:
            return None
        names = (branch.name for branch in project.branches if not branch.current)
        return next((name for name in names if name == comparison.after), None)

    @property
    def ticked(self) -> tuple[Key, ...]:
        """The features whose changes are ticked."""
        return tuple(self._ticked)

    def _boxes(self) -> Iterator[QTreeWidgetItem]:
        """Yield the rows that can be ticked one by one."""
        self._batches.finish()
        for at in range(self._tree.topLevelItemCount()):
            head = self._tree.topLevelItem(at)
            for i in range(head.childCount() if head is not None else 0):
                item = head.child(i) if head is not None else None
                if item is not None and item.data(0, CHANGE) is not None:
                    yield item

    def _on_tick(self, item: QTreeWidgetItem) -> None:
        change: FeatureChange | None = item.data(0, CHANGE)
        if change is None:
            return
        if item.checkState(0) == Qt.CheckState.Checked:
            self._ticked[change.key] = None
        else:
            self._ticked.pop(change.key, None)
        self._mark_ticks()

    def _tick_all(self) -> None:
        state = Qt.CheckState.Unchecked if self._ticked else Qt.CheckState.Checked
        self._tree.blockSignals(True)
        boxes = list(self._boxes())
        for item in boxes:
            item.setCheckState(0, state)
        self._tree.blockSignals(False)
        on = state == Qt.CheckState.Checked
        self._ticked = dict.fromkeys(item.data(0, CHANGE).key for item in boxes) if on else {}
        self._mark_ticks()
        self._tree.viewport().update()  # type: ignore[union-attr]

    def _mark_ticks(self) -> None:
        """Say how much would be adopted."""
        possible = self.alternative is not None
        for act in (self._all, self.adopt):
            act.setVisible(possible)
        if possible:
            count = len(self.ticked)
            self._all.setText(tr("全不选", "None") if count else tr("全选", "All"))
            self.adopt.setEnabled(count > 0)
            self.adopt.setText(
                tr("采纳勾选的 {n} 处…", "Adopt the {n} ticked…", n=count)
                if count
                else tr("勾选要采纳的变更", "Tick what to adopt")
            )

    def _adopt(self) -> None:
        name, keys = self.alternative, self.ticked
        if name is not None and keys:
            self.adopt_requested.emit(name, keys)

    def reload(self) -> None:
        """Show the comparison on screen."""
        comparison = self._session.comparison
        self._batches.cancel()
        self._ticked = {}
        self.chosen.forget_rows()
        self._tree.clear()
        if comparison is not None:
            before, after = state_title(comparison.before), state_title(comparison.after)
            words, spots = (
                Text("{a} → {b}：{n}，{g}", "{a} → {b}: {n} under {g}"),
                len(comparison.spot_changes),
            )
            count = counted(len(comparison.changes), "{n} 处变更", "{n} change", "{n} changes")
            groups = counted(len(comparison.groups), "{n} 个编号", "{n} number", "{n} numbers")
            told = tr(words.format(a=before, b=after, n=count, g=groups))
            if spots:
                told += tr("；问题点的变化 {n} 处", "; {n} of problem spots", n=spots)
            self._about.setText(told)
            self._batches.begin(self._fill(comparison))
            self._fill_quantities(comparison.quantities)
        self._mark_ticks()
        self.chosen.find_rows()
        total = len(comparison.changes) + len(comparison.spot_changes) if comparison else 0
        something = bool(total or (comparison and comparison.restyled))
        self._pages.setCurrentIndex(1 if comparison is None else 0 if something else 2)
        self.count_changed.emit(total)

    def _fill(self, comparison: Comparison) -> Iterator[None]:
        """List the changes, one after the other."""
        for group in comparison.groups:
            item = QTreeWidgetItem([f"{tr(number_words(group.label))} {tr(group.title)}"])
            item.setData(0, GROUP, group)
            item.setToolTip(0, f"{tr(number_words(group.label))} {tr(group.title)}")
            self._tree.addTopLevelItem(item)
            item.setExpanded(len(comparison.groups) <= 3)
            yield from self._add_changes(item, group.changes)
        loose = [c for c in comparison.changes if comparison.group_of(c.key) is None]
        for title, changes in (
            (Text("没有位置的变更", "Changes without a place"), loose),
            (Text("问题点的变化", "Problem spots"), list(comparison.spot_changes)),
        ):
            if changes:
                item = QTreeWidgetItem([f"{tr(title)}  {len(changes)}"])
                item.setData(0, HEADING, True)
                self._tree.addTopLevelItem(item)
                yield from self._add_changes(item, changes)
        self._fill_restyled(comparison.restyled)

    def _add_changes(self, head: QTreeWidgetItem, changes: Iterable[FeatureChange]) -> Iterator[None]:
        """List changes below their number, to be ticked if they can be adopted."""
        possible = self.alternative is not None
        if possible:
            head.setFlags(head.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
        for change in changes:
            item = change_item(change)
            if possible:
                early = head.childCount() > 0 and head.checkState(0) == Qt.CheckState.Checked
                item.setCheckState(0, Qt.CheckState.Checked if early else Qt.CheckState.Unchecked)
                if early:  # its number was ticked while the list was being filled
                    self._ticked[change.key] = None
            head.addChild(item)
            yield

    def _fill_restyled(self, layers: tuple[Restyled, ...]) -> None:
        """List the layers that look different: nothing was built or torn down for that."""
        if not layers:
            return
        heading = tr("改了样式的图层", "Restyled layers")
        item = QTreeWidgetItem([f"{heading}  {len(layers)}"])
        item.setData(0, HEADING, True)
        self._tree.addTopLevelItem(item)
        for one in layers:
            told = f"{tr(one.title)}  {tr(facets_told(one))}"
            child = QTreeWidgetItem([told])
            child.setToolTip(0, told)
            item.addChild(child)

    def _fill_quantities(self, quantities: tuple[Quantity, ...]) -> None:
        clear(self._quantity_column)
        table = QWidget()
        self._quantity_column.addWidget(table)
        grid = QGridLayout(table)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.addWidget(label(tr("工程量", "Quantities"), "section"), 0, 0)
        for at, words in enumerate((*self._side_words(), tr("增减", "change")), 1):
            grid.addWidget(_right(label(words, "faint")), 0, at)
        for line, quantity in enumerate(quantities, 1):
            self._quantity_row(grid, line, quantity)
        self._right.setMinimumWidth(max(_QUANTITIES_PX, table.sizeHint().width() + _SCROLL_PX))
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(len(quantities) + 1, 1)

    def _side_words(self) -> tuple[str, str]:
        """Return what the two columns of numbers are called: by name if neither plan is the earlier one."""
        project, comparison = self._session.project, self._session.comparison
        titles = {WORKING if b.current else b.name: b.title for b in project.branches} if project else {}
        if comparison is not None and {comparison.before, comparison.after} <= titles.keys():
            return tr(titles[comparison.before]), tr(titles[comparison.after])
        return tr("前", "before"), tr("后", "after")

    def _quantity_row(self, grid: QGridLayout, line: int, quantity: Quantity) -> None:
        unit = tr(quantity.unit)
        grid.addWidget(label(tr(quantity.title) + (f" ({unit})" if unit else ""), "soft"), line, 0)
        places = quantity.decimals
        for at, number in enumerate((quantity.before, quantity.after), 1):
            grid.addWidget(_right(label(f"{number:,.{places}f}")), line, at)
        delta = label(
            f"{quantity.delta:+,.{places}f}".replace("-", "−") if round(quantity.delta, places) else "–"
        )
        grid.addWidget(_right(delta), line, 3)

    def _go(self, item: QTreeWidgetItem) -> None:
        group: ChangeGroup | None = item.data(0, GROUP)
        change: FeatureChange | None = item.data(0, CHANGE)
        if group is not None:
            self._session.zoom_requested.emit(roomy(group.cloud.bounds))
        elif change is not None and change.geometry is not None:
            self._session.zoom_requested.emit(roomy(change.geometry.bounds))
            snapshot = self._session.snapshot
            keys = self.chosen.keys or (change.key,)
            if snapshot is not None:
                self._session.select([key for key in keys if snapshot.feature(key) is not None])


def _right(widget: QWidget) -> QWidget:
    widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)  # type: ignore[attr-defined]
    return widget
