"""What an update adds, changes and no longer has: a list to tick before it is applied."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QFont
from PyQt6.QtWidgets import QTreeWidget, QTreeWidgetItem

from gis.exchange.update import Fate, UpdateRow
from gis.i18n import tr
from layers.changes import Key
from layers.text import Text, natural
from ui.canvas.proposal import COLORS
from ui.panels.batches import Batches
from ui.theme.appearance import base_font

_HEADS: Final[dict[Fate, Text]] = {
    "changed": Text("变更", "Changed"),
    "added": Text("新增", "Added"),
    "gone": Text("文件中已没有（勾选则移除）", "No longer in the file (tick to remove)"),
}
_SIGNS: Final[dict[Fate, str]] = {"changed": "~", "added": "+", "gone": "−"}
_MOST: Final = 2000
_ROW_PX: Final = 26
_TURN: Final = 2000
_ROW = Qt.ItemDataRole.UserRole
_GROUP = Qt.ItemDataRole.UserRole + 1
_Group: TypeAlias = tuple[str, Fate]
"""Rows of one layer and one fate."""


def _group_of(row: UpdateRow) -> _Group:
    return row.key[0], row.fate


def in_order(rows: Sequence[UpdateRow]) -> tuple[UpdateRow, ...]:
    """Return rows as the list shows them, by their names; of thousands it is for a worker to do."""
    keyed = [(natural(tr(row.name)), at) for at, row in enumerate(rows)]
    turns = [sorted(keyed[at : at + _TURN]) for at in range(0, len(keyed), _TURN)]
    # in turns: one sort of a hundred thousand lets no other thread work until it ends
    return tuple(rows[at] for _, at in heapq.merge(*turns))


class UpdateList(QTreeWidget):
    """Three groups a layer; what is gone from the file stays in the plan unless it is ticked.

    Signals
    -------
    ticked()
        The choice is another one.
    row_chosen(UpdateRow)
        The user looks at one line.
    """

    ticked = pyqtSignal()
    row_chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setStyleSheet(f"QTreeView::item {{ height: {_ROW_PX}px; }}")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: tuple[UpdateRow, ...] = ()
        self._filling = False
        self._batches = Batches(self)
        self._groups: dict[_Group, frozenset[Key]] = {}
        self._soon = QTimer(self)  # a head ticks thousands: the choice is told once
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.ticked)
        self._off: set[Key] = set()
        self.itemChanged.connect(self._on_changed)
        self.currentItemChanged.connect(lambda now, _: self._choose(now))

    @property
    def dropped(self) -> frozenset[Key]:
        """The features that are to stay as they are."""
        return frozenset(self._off)

    @property
    def pending(self) -> bool:
        """Whether a tick has not been told yet."""
        return self._soon.isActive()

    def fill(
        self,
        rows: Sequence[UpdateRow],
        dropped: frozenset[Key] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        """Show an update anew: all ticked but what is gone, or what is `dropped`.

        Parameters
        ----------
        rows : sequence of UpdateRow
            As `in_order` returns them.
        dropped : frozenset of Key, optional
        titles : mapping of str to str, optional
            What the layers are called; needed for rows of several.
        """
        self._batches.cancel()
        self._filling = True
        self.clear()
        self._rows = tuple(rows)
        self._off = {row.key for row in rows if row.fate == "gone"} if dropped is None else set(dropped)
        groups: dict[_Group, list[UpdateRow]] = {}
        for row in rows:
            groups.setdefault(_group_of(row), []).append(row)
        self._groups = {group: frozenset(row.key for row in members) for group, members in groups.items()}
        several = len({layer for layer, _ in groups}) > 1
        self._batches.begin(self._steps(groups, titles if several and titles else {}))
        self._filling = False

    def _steps(self, groups: Mapping[_Group, list[UpdateRow]], titles: Mapping[str, str]) -> Iterator[None]:
        for layer in dict.fromkeys(layer for layer, _ in groups):
            for fate, heading in _HEADS.items():
                if members := groups.get((layer, fate)):
                    words = tr(heading)
                    named = tr("{l} · {h}", "{l} · {h}", l=titles[layer], h=words) if titles else words
                    yield from self._add_group(f"{named}  {len(members):,}", (layer, fate), members)

    def _add_group(self, heading: str, group: _Group, members: Sequence[UpdateRow]) -> Iterator[None]:
        head = QTreeWidgetItem([heading])
        head.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        head.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
        head.setData(0, _GROUP, group)
        self._filling = True
        self._show_group(head, group)
        self.addTopLevelItem(head)
        self._filling = False
        head.setExpanded(True)
        for row in members[:_MOST]:
            self._filling = True
            head.addChild(self._line(row))
            self._filling = False
            yield
        if len(members) > _MOST:
            more = QTreeWidgetItem(
                [tr("……还有 {n} 项，同上", "… {n} more, the same way", n=len(members) - _MOST)]
            )
            more.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.addChild(more)

    def _line(self, row: UpdateRow) -> QTreeWidgetItem:
        told = tr("；", "; ").join(map(tr, row.differences))
        words = f"{_SIGNS[row.fate]}  {tr(row.name)}" + (f"   {told}" if told else "")
        item = QTreeWidgetItem([words])
        item.setData(0, _ROW, row)
        item.setToolTip(0, words)
        item.setForeground(0, QBrush(QColor(COLORS[row.fate])))
        item.setCheckState(0, Qt.CheckState.Unchecked if row.key in self._off else Qt.CheckState.Checked)
        return item

    def _on_changed(self, item: QTreeWidgetItem, _: int) -> None:
        if self._filling:
            return
        row, group = item.data(0, _ROW), item.data(0, _GROUP)
        off = item.checkState(0) == Qt.CheckState.Unchecked
        self._filling = True
        if isinstance(row, UpdateRow):
            (self._off.add if off else self._off.discard)(row.key)
            head = item.parent()
            if head is not None:
                self._show_group(head, _group_of(row))
        elif group is not None:
            keys = self._groups[group]
            self._off = self._off | keys if off else self._off - keys
            for at in range(item.childCount()):
                child = item.child(at)
                if child is not None and child.data(0, _ROW) is not None:
                    child.setCheckState(0, item.checkState(0))
        self._filling = False
        self._soon.start()

    def _show_group(self, head: QTreeWidgetItem, group: _Group) -> None:
        """Let a head show whether all, some or none of its rows are ticked."""
        keys = self._groups[group]
        states = Qt.CheckState
        if keys <= self._off:
            state = states.Unchecked
        else:
            state = states.Checked if keys.isdisjoint(self._off) else states.PartiallyChecked
        head.setCheckState(0, state)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        row = item.data(0, _ROW) if item is not None else None
        if isinstance(row, UpdateRow):
            self.row_chosen.emit(row)
