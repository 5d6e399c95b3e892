"""The features of a layer as rows: sorted, filtered, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from gis.i18n import tr
from layers.changes import Key
from layers.layer import Layer
from layers.schema import Field, Value
from layers.table import values_equal
from ui.models.shared_form import rows_of
from ui.models.words import natural, plain, unit_words, value_words

Commit = Callable[[Key, str, Value], bool]


class AttributeTableModel(QAbstractTableModel):
    """Shows one layer; `rows` holds the row numbers of the layer's table in the order shown."""

    def __init__(self, commit: Commit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer: Layer | None = None
        self.fields: tuple[Field, ...] = ()
        self.rows: list[int] = []
        self.editable = False
        self._commit = commit
        self._filter = ""
        self._sort: tuple[int, bool] | None = None
        self._places: dict[int, int] | None = None

    def show_layer(self, layer: Layer | None, editable: bool) -> None:
        """Show a layer, or another version of it."""
        self.beginResetModel()
        self.layer, self.editable = layer, editable
        self.fields = tuple(f for f in layer.fields if f.type != "photos") if layer else ()
        self._arrange()
        self.endResetModel()

    def set_filter(self, words: str) -> None:
        """Show only rows in which every word occurs."""
        self.beginResetModel()
        self._filter = words
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self._sort = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.fields)

    def value(self, row: int, column: int) -> Value:
        """Return the value of a cell as it is stored."""
        assert self.layer is not None
        found: Value = self.layer.table.columns[self.fields[column].name][self.rows[row]]
        return found

    def key(self, row: int) -> Key:
        """Return the key of the feature in a row."""
        assert self.layer is not None
        return self.layer.id, str(self.layer.table.uids[self.rows[row]])

    def rows_of(self, keys: Iterable[Key]) -> list[int]:
        """Return where features are shown, in order; those that are not shown are left out."""
        layer = self.layer
        if layer is None:
            return []
        inside = rows_of(layer.table, {uid for name, uid in keys if name == layer.id})
        if len(self.rows) == len(layer.table) and self._sort is None:
            return inside
        if self._places is None:
            self._places = {row: at for at, row in enumerate(self.rows)}
        places = self._places
        return sorted(places[at] for at in inside if at in places)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self.layer is None:
            return None
        field = self.fields[index.column()]
        value = self.value(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                ""
                if value is None
                else tr(value_words(field, value)).removesuffix(f" {tr(unit_words(field))}")
            )
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.TextAlignmentRole and field.type in ("integer", "real"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return section + 1
            field = self.fields[section]
            unit = tr(unit_words(field))
            return tr(field.title) + (f" ({unit})" if unit else "")
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if self.editable else found

    def setData(self, index: QModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == self.value(index.row(), index.column()):
            return False
        return self._commit(self.key(index.row()), self.fields[index.column()].name, value)  # type: ignore[arg-type]

    def _arrange(self) -> None:
        self._places = None
        layer = self.layer
        if layer is None:
            self.rows = []
            return
        rows = list(range(len(layer.table)))
        for word in self._filter.split():
            matching = self._matching(layer, plain(word))
            rows = [row for row in rows if matching[row]]
        if self._sort is not None and self._sort[0] < len(self.fields):
            column = layer.table.columns[self.fields[self._sort[0]].name]
            values: list[Value] = list(column)
            rows.sort(key=lambda row: _sort_key(values[row]), reverse=self._sort[1])
        self.rows = rows

    def _matching(self, layer: Layer, word: str) -> NDArray[np.bool_]:
        """Return in which rows a word occurs; each distinct value is looked into once."""
        found = np.zeros(len(layer.table), dtype=bool)
        for field in self.fields:
            column = layer.table.columns[field.name]
            values = {v for v in set(column) if v is not None and word in plain(tr(field.word(v)))}
            if values:
                found |= values_equal(column, values)
        return found


def _sort_key(value: Value) -> tuple[int, float, tuple[tuple[int, int, str], ...]]:
    """Sort numbers before texts before nothing; texts naturally."""
    if value is None or value == "":
        return 2, 0.0, ()
    if isinstance(value, (int, float)):
        return 0, float(value), ()
    return 1, 0.0, natural(value)
