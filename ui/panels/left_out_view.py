"""What a publication leaves out or masks and why; from each row there is a way to the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont
from PyQt6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from gis.i18n import tr
from ui.models.left_out import LeftOutGroup, LeftOutRow
from ui.panels.parts import button, column, label, row
from ui.theme.appearance import base_font
from ui.theme.tokens import theme

_ROW: Final = Qt.ItemDataRole.UserRole
_MOST_ROWS: Final = 300


class LeftOutView(QWidget):
    """A list by reason, and an act for the row in hand.

    Signals
    -------
    place_requested(LeftOutRow)
        Somebody wants to see or mend it on the map.
    """

    place_requested = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setColumnWidth(0, 300)
        self.tree.setUniformRowHeights(True)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setAccessibleName(tr("不公开与遮盖的内容", "What is left out"))
        self.tree.itemActivated.connect(lambda item, _: self._go(item))
        self.tree.currentItemChanged.connect(lambda item, _: self._on_row(item))
        self._why = label(role="soft", wrap=True)
        self.go = button(tr("到图上看，改文字…", "Show on the map, mend the text…"), glyph="crosshair")
        self.go.setAutoDefault(False)
        self.go.clicked.connect(lambda: self._go(self.tree.currentItem()))
        foot = row(self._why, self.go, margins=(14, 6, 14, 8))
        foot.setStretch(0, 1)
        whole = column(spacing=0)
        whole.addWidget(self.tree, 1)
        whole.addLayout(foot)
        self.setLayout(whole)
        self._on_row(None)

    def show_groups(self, groups: Sequence[LeftOutGroup]) -> None:
        """Show what was left out."""
        self.tree.clear()
        for group in groups:
            self._add_group(group)
        self._on_row(None)
        if not groups:
            nothing = QTreeWidgetItem([tr("没有去除或遮盖任何内容。", "Nothing is left out or masked.")])
            self.tree.addTopLevelItem(nothing)
            nothing.setFirstColumnSpanned(True)

    def clear(self) -> None:
        """Show nothing."""
        self.tree.clear()

    def _add_group(self, group: LeftOutGroup) -> None:
        head = QTreeWidgetItem([f"{tr(group.title)}  {len(group.rows)}"])
        head.setFont(0, base_font(weight=QFont.Weight.DemiBold))
        head.setData(0, _ROW, tr(group.why))
        head.setToolTip(0, tr(group.why))
        self.tree.addTopLevelItem(head)
        head.setFirstColumnSpanned(True)
        for one in group.rows[:_MOST_ROWS]:
            item = QTreeWidgetItem([tr(one.what), one.became.replace("\n", " ")])
            item.setData(0, _ROW, one)
            item.setData(1, _ROW, tr(group.why))
            item.setToolTip(0, tr(one.what))
            item.setToolTip(1, one.became)
            item.setForeground(1, QColor(theme().text_soft))
            head.addChild(item)
            if not one.became:
                item.setFirstColumnSpanned(True)
        if len(group.rows) > _MOST_ROWS:
            more = QTreeWidgetItem([tr("……还有 {n} 处", "… {n} more", n=len(group.rows) - _MOST_ROWS)])
            head.addChild(more)
        head.setExpanded(True)

    def _on_row(self, item: QTreeWidgetItem | None) -> None:
        data = item.data(0, _ROW) if item is not None else None
        self.go.setEnabled(isinstance(data, LeftOutRow) and bool(data.layer))
        why = item.data(1, _ROW) if item is not None and isinstance(data, LeftOutRow) else data
        self._why.setText(str(why or ""))

    def _go(self, item: QTreeWidgetItem | None) -> None:
        data = item.data(0, _ROW) if item is not None else None
        if isinstance(data, LeftOutRow) and data.layer:
            self.place_requested.emit(data)
