"""What an update adds, changes and no longer has: a list to tick before it is applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QFont
from PyQt6.QtWidgets import QTreeWidget, QTreeWidgetItem

from gis.exchange.update import Fate, UpdateRow
from gis.i18n import tr
from layers.changes import Key
from layers.text import Text
from ui.canvas.proposal import COLORS
from ui.models.words import natural
from ui.theme.appearance import base_font

_HEADS: Final[dict[Fate, Text]] = {
    "changed": Text("变更", "Changed"),
    "added": Text("新增", "Added"),
    "gone": Text("文件中已没有（勾选则移除）", "No longer in the file (tick to remove)"),
}
_SIGNS: Final[dict[Fate, str]] = {"changed": "~", "added": "+", "gone": "−"}
_MOST: Final = 2000
_ROW_PX: Final = 26
_ROW = Qt.ItemDataRole.UserRole


class UpdateList(QTreeWidget):
    """Three groups; what is gone from the file stays in the plan unless it is ticked.

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
        self._off: set[Key] = set()
        self.itemChanged.connect(self._on_changed)
        self.currentItemChanged.connect(lambda now, _: self._choose(now))

    @property
    def dropped(self) -> frozenset[Key]:
        """The features that are to stay as they are."""
        return frozenset(self._off)

    def fill(self, rows: Sequence[UpdateRow], dropped: frozenset[Key] | None = None) -> None:
        """Show an update anew: all ticked but what is gone, or what is `dropped`."""
        self._filling = True
        self.clear()
        self._rows = tuple(rows)
        self._off = {row.key for row in rows if row.fate == "gone"} if dropped is None else set(dropped)
        for fate, heading in _HEADS.items():
            members = [row for row in rows if row.fate == fate]
            if members:
                members.sort(key=lambda row: natural(tr(row.name)))
                self._add_group(fate, heading, members)
        self._filling = False

    def _add_group(self, fate: Fate, heading: Text, members: Sequence[UpdateRow]) -> None:
        head = QTreeWidgetItem([f"{tr(heading)}  {len(members)}"])
        head.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        head.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate
        )
        state = Qt.CheckState.Unchecked if fate == "gone" else Qt.CheckState.Checked
        self.addTopLevelItem(head)
        for row in members[:_MOST]:
            told = tr("；", "; ").join(map(tr, row.differences))
            words = f"{_SIGNS[fate]}  {tr(row.name)}" + (f"   {told}" if told else "")
            item = QTreeWidgetItem([words])
            item.setData(0, _ROW, row)
            item.setToolTip(0, words)
            item.setForeground(0, QBrush(QColor(COLORS[fate])))
            item.setCheckState(0, state)
            head.addChild(item)
        if len(members) > _MOST:
            more = QTreeWidgetItem(
                [tr("……还有 {n} 项，同上", "… {n} more, the same way", n=len(members) - _MOST)]
            )
            more.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.addChild(more)
        head.setCheckState(0, state)
        head.setExpanded(True)

    def _on_changed(self, item: QTreeWidgetItem, _: int) -> None:
        if self._filling:
            return
        row = item.data(0, _ROW)
        if isinstance(row, UpdateRow):
            off = item.checkState(0) == Qt.CheckState.Unchecked
            (self._off.add if off else self._off.discard)(row.key)
        elif item.checkState(0) != Qt.CheckState.PartiallyChecked and item.childCount():
            first = item.child(0).data(0, _ROW)  # type: ignore[union-attr]
            keys = {row.key for row in self._rows if row.fate == first.fate}
            self._off = self._off - keys if item.checkState(0) == Qt.CheckState.Checked else self._off | keys
        self.ticked.emit()

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        row = item.data(0, _ROW) if item is not None else None
        if isinstance(row, UpdateRow):
            self.row_chosen.emit(row)
