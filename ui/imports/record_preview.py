"""The first records of a file as they stand there."""

from __future__ import annotations

from typing import Final

from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from gis.exchange.source import Unplaced
from gis.exchange.tables.untitled import column_title
from gis.i18n import tr
from layers.schema import Value

_ROWS: Final = 50
_COLUMNS: Final = 60
_WIDEST_PX: Final = 180


class RecordPreview(QTableWidget):
    """Fifty records, read only."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)

    def fill(self, unplaced: Unplaced) -> None:
        """Show the records; the head of a row is its number in the file."""
        columns = dict(list(unplaced.table.columns.items())[:_COLUMNS])
        numbers = unplaced.table.records[:_ROWS]
        self.clear()
        self.setRowCount(len(numbers))
        self.setColumnCount(len(columns))
        self.setHorizontalHeaderLabels([tr(column_title(name)) for name in columns])
        self.setVerticalHeaderLabels([str(n) for n in numbers])
        for at, values in enumerate(columns.values()):
            for line in range(len(numbers)):
                self.setItem(line, at, QTableWidgetItem(_words(values[line])))
        self.resizeColumnsToContents()
        for at in range(len(columns)):
            self.setColumnWidth(at, min(self.columnWidth(at), _WIDEST_PX))


def _words(value: Value) -> str:
    return "" if value is None else " ".join(str(value).split())[:200]
