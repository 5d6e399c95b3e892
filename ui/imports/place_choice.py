"""Choosing the columns of a table in which its coordinates stand."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from gis.exchange.source import TABLES, Unplaced
from gis.exchange.tables.chosen_places import PlaceColumns, place_columns
from gis.exchange.tables.untitled import column_title
from gis.i18n import tr
from ui.panels.parts import Choice, row

_LEAST_LETTERS = 8


class PlaceChoice(QWidget):
    """Two columns, one with both, or none.

    Signals
    -------
    changed()
        The user chose others.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Choice(), Choice()
        for box in (self.first, self.second):
            box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_LEAST_LETTERS)
        line = row(self.first, self.second, spacing=6)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setFocusProxy(self.first)
        self.first.activated.connect(lambda _: self._on_first())
        self.second.activated.connect(lambda _: self.changed.emit())

    def fill(self, unplaced: Unplaced) -> bool:
        """Offer the columns of a table; False if the file is none, and there is nothing to choose."""
        table = unplaced.table
        names = list(dict.fromkeys((*table.titles, *table.columns, *table.coordinates)))
        self._fill(self.first, tr("无坐标", "No coordinates"), names)
        self._fill(self.second, tr("同一列", "The same column"), names)
        there = place_columns(unplaced)
        self.first.setCurrentIndex(self.first.findData(there.first))
        self.second.setCurrentIndex(self.second.findData("" if there.first == there.second else there.second))
        self.second.setEnabled(bool(there.first))
        self.first.setToolTip(tr("东坐标（Y）或经度所在的列", "The column of eastings or longitudes"))
        self.second.setToolTip(tr("北坐标（X）或纬度所在的列", "The column of northings or latitudes"))
        return table.format in TABLES

    @property
    def chosen(self) -> PlaceColumns:
        """Where the coordinates stand."""
        first, second = str(self.first.currentData() or ""), str(self.second.currentData() or "")
        return PlaceColumns(first, second or first) if first else PlaceColumns()

    def _fill(self, box: Choice, none: str, names: Iterable[str]) -> None:
        box.clear()
        box.addItem(none, "")
        for name in names:
            box.addItem(tr(column_title(name)), name)

    def _on_first(self) -> None:
        self.second.setEnabled(bool(self.first.currentData()))
        self.changed.emit()
