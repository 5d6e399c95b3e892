"""Which changes are chosen in the list, and the bar that gives them their reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PyQt6.QtCore import QItemSelectionModel, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QMenu, QTreeWidget, QTreeWidgetItem

from gis.explaining import why_sealed
from gis.i18n import tr
from gis.revisions.comparison import ChangeGroup, FeatureChange
from layers.changes import Key
from layers.reason import NO_REASON
from layers.revision import WORKING
from layers.text import Text, counted
from ui.models.words import number_words
from ui.panels.batches import Batches
from ui.panels.change_rows import CHANGE, GROUP
from ui.panels.reason_bar import ReasonBar
from ui.session import Session
from ui.theme.icons import icon

_MOST_SOUGHT: Final = 20_000
"""What is chosen in a longer list is not looked for again when the list is made anew."""

_CHOOSE: Final = Text(
    "选中一处变更或整个编号，在这里写明理由；可按住 Ctrl 选几处。",
    "Choose a change or a whole number to give its reason here; Ctrl adds others.",
)
_READ_ONLY: Final = Text("项目以只读方式打开。", "The project is open read-only.")


class ChosenChanges(QObject):
    """Keeps what is chosen by its features, for their rows and numbers change with every edit.

    Signals
    -------
    reason_given(object)
        The reasons of some changes: a mapping of feature key to `Reason`.
    compare_requested()
        Compare with the last revision, so that reasons can be given.
    show_requested(object)
        Show the row (a `QTreeWidgetItem`) on the map.
    """

    reason_given = pyqtSignal(object)
    compare_requested = pyqtSignal()
    show_requested = pyqtSignal(object)

    def __init__(self, session: Session, tree: QTreeWidget, batches: Batches) -> None:
        super().__init__(tree)
        self._session, self._tree, self._batches = session, tree, batches
        self.keys: tuple[Key, ...] = ()
        self._heads = self._to_begin = False
        self.bar = ReasonBar(session)
        self.bar.given.connect(self.reason_given)
        self.bar.compare_requested.connect(self.compare_requested)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.itemSelectionChanged.connect(self._on_chosen)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._offer)

    def forget_rows(self) -> None:
        """Prepare for a list that is about to be emptied: what is chosen in it stays chosen."""
        self._heads = self._to_begin or any(
            item.data(0, GROUP) is not None for item in self._tree.selectedItems()
        )
        self._tree.blockSignals(True)

    def find_rows(self) -> None:
        """Choose in the new list what was chosen in the old one, under whatever number it is now."""
        self._tree.blockSignals(False)
        if self._to_begin:
            self.explain_chosen()
            self._to_begin = False
        else:
            self._choose(heads=self._heads)

    def explain(self, keys: Iterable[Key]) -> None:
        """Choose the changes under the numbers of some features, and begin to type their reason.

        Done as soon as a comparison with them is on screen.
        """
        self.keys, self._to_begin = tuple(keys), True
        comparison = self._session.comparison
        if comparison is not None:
            groups = [group for key in self.keys if (group := comparison.group_of(key)) is not None]
            under = (change.key for group in groups for change in group.changes)
            self.keys = tuple(dict.fromkeys((*self.keys, *under)))
        self._choose(heads=True)

    def explain_next(self) -> None:
        """Begin to type a reason as soon as another comparison is on screen."""
        self._to_begin, self.keys = True, tuple(self._session.selection)

    def explain_chosen(self) -> None:
        """Begin to type the reason of what is chosen in the list or on the map; else of the first without."""
        comparison = self._session.comparison
        if comparison is None:
            return
        known = {change.key for change in comparison.changes}
        keys = [key for key in (*self.keys, *self._session.selection) if key in known]
        silent = (change.key for group in comparison.groups if not group.reasons for change in group.changes)
        first = next(silent, None)
        if self.keys and keys and not self._to_begin:
            self.bar.begin()
        elif keys or first is not None:
            self.explain(keys or [first])  # type: ignore[list-item]

    def _on_chosen(self) -> None:
        """Take note of what is chosen in the list: single changes, or all under a number."""
        found: dict[Key, None] = {}
        for item in self._tree.selectedItems():
            group: ChangeGroup | None = item.data(0, GROUP)
            change: FeatureChange | None = item.data(0, CHANGE)
            changes = group.changes if group is not None else (change,) if change is not None else ()
            found |= dict.fromkeys(one.key for one in changes)
        self.keys = tuple(found)
        self._show_reason()

    def _choose(self, *, heads: bool) -> None:
        """Select the rows of what is chosen; with `heads`, the numbers that it stands under."""
        comparison = self._session.comparison
        if comparison is not None and self.keys and len(comparison.changes) <= _MOST_SOUGHT:
            self._select_rows(set(self.keys), heads=heads)
        self._show_reason()
        if self._to_begin and self.bar.is_form:
            self._to_begin = False
            self.bar.begin()

    def _select_rows(self, keys: set[Key], *, heads: bool) -> None:
        self._batches.finish()
        self._tree.blockSignals(True)
        self._tree.clearSelection()
        first: QTreeWidgetItem | None = None
        for at in range(self._tree.topLevelItemCount()):
            head = self._tree.topLevelItem(at)
            if head is None:
                continue
            group: ChangeGroup | None = head.data(0, GROUP)
            if heads and group is not None and keys.issuperset(change.key for change in group.changes):
                rows = [head]
            else:
                children = [item for i in range(head.childCount()) if (item := head.child(i)) is not None]
                rows = [i for i in children if (c := i.data(0, CHANGE)) is not None and c.key in keys]
                head.setExpanded(head.isExpanded() or bool(rows))
            for item in rows:
                item.setSelected(True)
                first = first or item
        if first is not None:
            self._tree.setCurrentItem(first, 0, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._tree.scrollToItem(first)
        self._tree.blockSignals(False)

    def _show_reason(self) -> None:
        """Show the reason of what is chosen, or say why there is none to write."""
        project, comparison = self._session.project, self._session.comparison
        if project is None or comparison is None:
            return
        sealed = why_sealed(project, comparison)
        if sealed is None and project.read_only:
            sealed = project.read_only_reason or Text(
                "项目以只读方式打开。", "The project is open read-only."
            )
        chosen = set(self.keys)
        changes = [change for change in comparison.changes if change.key in chosen]
        if sealed is not None:
            self.bar.tell(sealed, compare=comparison.after == WORKING and not project.read_only)
        elif not changes:
            self.bar.tell(_CHOOSE)
        else:
            groups = {g.number: g for c in changes if (g := comparison.group_of(c.key)) is not None}
            others = [c for g in groups.values() for c in g.changes if c.key not in chosen]
            name = _chosen_name(changes, tuple(groups.values()), whole=not others)
            self.bar.show_changes(name, changes, others, project.snapshot)

    def _offer(self, at: QPoint) -> None:
        """Open the menu of what is chosen."""
        item = self._tree.itemAt(at)
        if item is None or (item.data(0, GROUP) is None and item.data(0, CHANGE) is None):
            return
        if not item.isSelected():
            self._tree.setCurrentItem(item)
        menu = QMenu(self._tree)
        show = menu.addAction(icon("magnifying-glass"), tr("在图上显示", "Show on the map"))
        write = menu.addAction(icon("pencil-line"), tr("写明理由", "Give a reason"))
        drop = menu.addAction(tr("删去理由", "Take the reason away"))
        keys = self.keys
        reasoned = self._session.comparison.changes if self._session.comparison is not None else ()
        for act, do, possible in (
            (show, lambda: self.show_requested.emit(item), True),
            (write, self.bar.begin, self.bar.is_form),
            (
                drop,
                lambda: self.reason_given.emit(dict.fromkeys(keys, NO_REASON)),
                self.bar.is_form and any(c.reason for c in reasoned if c.key in set(keys)),
            ),
        ):
            if act is not None:
                act.triggered.connect(do)
                act.setEnabled(possible)
        view = self._tree.viewport()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if view is not None:
            menu.popup(view.mapToGlobal(at))


def _chosen_name(changes: Sequence[FeatureChange], groups: Sequence[ChangeGroup], *, whole: bool) -> str:
    """Return what some changes are called: by their number, by the object, or counted."""
    if len(groups) == 1 and whole:
        return tr(number_words(groups[0].label))
    if len(changes) == 1:
        return tr(changes[0].name)
    return tr(counted(len(changes), "{n} 处变更", "{n} change", "{n} changes"))
