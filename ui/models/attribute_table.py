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
from ui.models.table_rows import Arrangement, Rows, TableIndex, rows_among, searched
from ui.models.words import unit_words, value_words

Commit = Callable[[Key, str, Value], bool]
_NONE: Rows = np.empty(0, dtype=np.intp)


class AttributeTableModel(QAbstractTableModel):
    """Shows one layer; `rows` holds the row numbers of the layer's table in the order shown.

    Whoever has worked out the rows elsewhere hands them to `take`; `arrange` works them out here.
    """

    def __init__(self, commit: Commit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer: Layer | None = None
        self.fields: tuple[Field, ...] = ()
        self.rows: Rows = _NONE
        self.wish = Arrangement()
        self.index_of_columns = TableIndex()
        self.editable = False
        self._commit = commit
        self._chosen: NDArray[np.bool_] | None = None
        self._places: Rows | None = None

    def arrange(self, layer: Layer | None, wish: Arrangement) -> None:
        """Show a layer as wished, now."""
        self.take(layer, wish, self.index_of_columns.rows(layer, wish) if layer is not None else _NONE)

    def take(self, layer: Layer | None, wish: Arrangement, rows: Rows) -> None:
        """Show rows that have been worked out."""
        self.beginResetModel()
        self.layer, self.wish, self.rows = layer, wish, rows
        self.fields = searched(layer.fields) if layer else ()
        self._places = self._chosen = None
        self.endResetModel()

    def swap(self, layer: Layer, changed: Iterable[str]) -> None:
        """Show another version of the layer with the same rows in the same order."""
        self.layer = layer
        rows = self.shown_rows(layer.table.indices_of(changed))
        if len(rows):
            last = max(0, self.columnCount() - 1)
            self.dataChanged.emit(self.index(int(rows.min()), 0), self.index(int(rows.max()), last))

    def choose(self, rows: NDArray[np.intp]) -> None:
        """Mark the rows of the layer's table that are selected."""
        if self.layer is not None:
            self._chosen = np.zeros(len(self.layer.table), dtype=bool)
            self._chosen[rows] = True

    def is_chosen(self, row: int) -> bool:
        """Tell whether a row shown is marked as selected."""
        return self._chosen is not None and row < len(self.rows) and bool(self._chosen[self.rows[row]])

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

    def keys(self) -> list[Key]:
        """Return the keys of all rows shown."""
        if self.layer is None:
            return []
        name = self.layer.id
        return [(name, str(uid)) for uid in self.layer.table.uids[self.rows]]

    def rows_of(self, keys: Iterable[Key]) -> list[int]:
        """Return where features are shown, in order; those that are not shown are left out."""
        if self.layer is None:
            return []
        return self.shown_rows(rows_among(self.layer, keys)).tolist()

    def shown_rows(self, inside: Rows) -> Rows:
        """Return where rows of the layer's table are shown, in order."""
        if self.layer is None:
            return _NONE
        if self._places is None:
            self._places = np.full(len(self.layer.table), -1, dtype=np.intp)
            self._places[self.rows] = np.arange(len(self.rows))
        places = self._places[inside]
        return np.sort(places[places >= 0])

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self.layer is None or index.row() >= len(self.rows):
            return None
        field = self.fields[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and field.type in ("integer", "real"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return None
        value = self.value(index.row(), index.column())
        if role == Qt.ItemDataRole.EditRole:
            return value
        if value is None:
            return ""
        return tr(value_words(field, value)).removesuffix(f" {tr(unit_words(field))}")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            right = self.fields[section].type in ("integer", "real")
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            if orientation == Qt.Orientation.Vertical:
                return section + 1
            return self._title(self.fields[section])
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if self.editable else found

    def setData(self, index: QModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or value == self.value(index.row(), index.column()):
            return False
        return self._commit(self.key(index.row()), self.fields[index.column()].name, value)  # type: ignore[arg-type]

    def _title(self, field: Field) -> str:
        unit = tr(unit_words(field))
        title = tr(field.title) + (f" ({unit})" if unit else "")
        order = [name for name, _ in self.wish.order]
        if field.name not in order:
            return title
        at = order.index(field.name)
        place = " ₁₂₃₄₅₆₇₈₉"[at + 1] if 1 < len(order) <= 9 else ""
        return f"{title} {'▼' if self.wish.order[at][1] else '▲'}{place}"
