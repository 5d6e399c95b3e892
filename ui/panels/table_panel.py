"""The attribute table of the current layer."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet, Key
from layers.schema import Value
from layers.text import Text
from ui.models.attribute_table import AttributeTableModel
from ui.panels.field_editors import parsed, tidy_date
from ui.panels.parts import Elided, Wording, column, dress_panel, find_line, icon_button, label, row
from ui.session import Session

_SHOWN_SELECTED = 2000


class CellDelegate(QStyledItemDelegate):
    """A drop-down for codes and yes/no, a line for everything else."""

    def createEditor(
        self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget | None:
        model = index.model()
        assert isinstance(model, AttributeTableModel)
        field = model.fields[index.column()]
        if field.type not in ("choice", "boolean"):
            line = QLineEdit(parent)
            line.setStyleSheet("border-radius: 0; padding: 0 6px; min-height: 0;")
            return line
        combo = QComboBox(parent)
        combo.setStyleSheet("border-radius: 0; min-height: 0; padding: 0 6px;")
        if not field.required:
            combo.addItem("", None)
        codes: list[tuple[Value, str]] = [(c.code, tr(c.title)) for c in field.domain]
        if field.type == "boolean":
            codes = [(flag, tr(field.word(flag))) for flag in (True, False)]
        for code, words in codes:
            combo.addItem(words, code)
        combo.activated.connect(lambda _: self._take(combo))
        return combo

    def _take(self, combo: QComboBox) -> None:
        self.commitData.emit(combo)
        self.closeEditor.emit(combo)

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(value)))
        elif isinstance(editor, QLineEdit):
            editor.setText("" if value is None else str(value))
            editor.selectAll()

    def setModelData(
        self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        if not isinstance(model, AttributeTableModel):
            return
        field = model.fields[index.column()]
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        elif isinstance(editor, QLineEdit):
            words = editor.text()
            model.setData(index, tidy_date(words) if field.type == "date" else parsed(field, words))


class TablePanel(QWidget):
    """Rows of one layer; the selection is the one of the map."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._layer_id = ""
        self._marking = False
        self.model = AttributeTableModel(self._commit, self)
        self.view = QTableView()
        self._dress_view()
        self._title = Elided("section")
        self._count = label(role="soft")
        self._filter = find_line()
        self._words.bind(self._filter.setPlaceholderText, Text("筛选任意列", "Filter any column"))
        self._filter.textChanged.connect(self._on_filter)
        zoom = icon_button("crosshair")
        self._words.bind(zoom.setToolTip, Text("缩放到所选 (Ctrl+J)", "Zoom to selection (Ctrl+J)"))
        zoom.clicked.connect(self._zoom)
        bar = row(margins=(12, 6, 8, 6))
        bar.addWidget(self._title, 1)
        for item in (self._count, self._filter, zoom):
            bar.addWidget(item)
        whole = column(spacing=0)
        whole.addLayout(bar)
        whole.addWidget(self.view, 1)
        self.setLayout(whole)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._mark_selection)

    def follow(self, layer_id: str) -> None:
        """Show another layer."""
        if layer_id != self._layer_id:
            self._layer_id = layer_id
            self.reload()

    def reload(self) -> None:
        """Read the rows again, if anybody looks."""
        if not self.isVisible():
            return
        snapshot = self._session.snapshot
        layer = snapshot.layers.get(self._layer_id) if snapshot is not None else None
        self.model.show_layer(layer, self._session.editable)
        self._title.setText(tr(layer.title) if layer is not None else "")
        self._show_count()
        self._mark_selection()

    def showEvent(self, a0: object) -> None:
        super().showEvent(a0)  # type: ignore[arg-type]
        self.reload()

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(CellDelegate(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setSortingEnabled(True)
        view.setWordWrap(False)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        across, down = view.horizontalHeader(), view.verticalHeader()
        if across is not None and down is not None:
            across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            across.setDefaultSectionSize(110)
            across.setStretchLastSection(True)
            across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            across.setHighlightSections(False)
            across.setFixedHeight(32)
            down.setDefaultSectionSize(28)
            down.setHighlightSections(False)
        selection = view.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._on_rows_selected)

    def _show_count(self) -> None:
        total = len(self.model.layer.table) if self.model.layer is not None else 0
        shown = len(self.model.rows)
        self._count.setText(tr("显示 {s}/{t}", "{s} of {t} shown", s=f"{shown:,}", t=f"{total:,}"))

    def _commit(self, key: Key, name: str, value: Value) -> bool:
        """Edit one cell, or the same field of every selected row of this layer."""
        chosen = {k for k in self._session.selection if k[0] == key[0]}
        keys = sorted(chosen) if key in chosen else [key]
        field = next(f for f in self.model.fields if f.name == name)
        title = Text("修改{field}（{n} 行）", "Edit {field} ({n} rows)").format(
            field=field.title, n=len(keys)
        )
        return self._session.run(title, lambda snapshot: set_attributes(snapshot, keys, {name: value}))

    def _on_filter(self, words: str) -> None:
        self.model.set_filter(words)
        self._show_count()
        self._mark_selection()

    def _on_changed(self, changes: ChangeSet) -> None:
        if any(layer == self._layer_id for layer, _ in changes.features):
            at = self.view.currentIndex()
            self.reload()
            self.view.setCurrentIndex(self.model.index(at.row(), at.column()))

    def _on_rows_selected(self) -> None:
        selection = self.view.selectionModel()
        if not self._marking and selection is not None:
            self._session.select(self.model.key(index.row()) for index in selection.selectedRows())

    def _mark_selection(self) -> None:
        selection = self.view.selectionModel()
        if selection is None or not self.isVisible():
            return
        wanted = self._session.selection
        self._marking = True
        marked = QItemSelection()
        rows = self.model.rows_of(wanted)
        for at in rows[:_SHOWN_SELECTED]:
            marked.select(self.model.index(at, 0), self.model.index(at, max(0, self.model.columnCount() - 1)))
        selection.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if len(rows) == 1:
            self.view.scrollTo(self.model.index(rows[0], max(0, self.view.currentIndex().column())))
        self._marking = False

    def _zoom(self) -> None:
        snapshot = self._session.snapshot
        features = [snapshot.feature(key) for key in self._session.selection] if snapshot is not None else []
        boxes = [f.geometry.bounds for f in features if f is not None and f.geometry is not None]
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            self._session.zoom_requested.emit((min(west), min(south), max(east), max(north)))
