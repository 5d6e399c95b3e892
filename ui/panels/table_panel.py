"""The attribute table of the current layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import numpy as np
from PyQt6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    Qt,
    QTimer,
)
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QWidget,
)

from gis.clipboard import MIME, copied
from gis.edit.attributes import set_cells
from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import Change, ChangeSet, Key
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.schema import Value
from layers.text import Text
from ui.canvas.newest_job import Check, NewestJob
from ui.models.attribute_table import AttributeTableModel
from ui.models.shared_form import MANY_SELECTED
from ui.models.table_rows import Arrangement, Rows, SortKey, condition_in, rows_among
from ui.panels.parts import Elided, Wording, column, dress_panel, find_line, icon_button, label, row
from ui.panels.table_cells import CellDelegate, RowsView
from ui.panels.table_text import pasted_values, rows_page, rows_text
from ui.panels.table_tools import CalculateStrip, ReplaceStrip, TableStrip
from ui.session import Session
from ui.spare_thread import SpareThread

LARGE: Final = 5_000
"""Rows beyond which filters and sorting work beside the window."""
HUGE: Final = 300_000
"""Words of more rows are made ready when they are asked for: they take more memory than the plan itself."""
_CALM_MS: Final = 800
"""So long after an edit nothing is made ready: the map and the next edit go first."""
_MOST_MIRRORED: Final = 500
"""Selected rows that Qt hears of; the ground of a row shows whether it is selected, however many are."""
_MANY_CHANGES: Final = 1_000
_TYPING_MS: Final = 80
_NO_OBJECTS: Final = Text("此图层还没有对象。", "This layer has no objects yet.")
_NO_MATCH: Final = Text(
    "没有符合筛选的行。清除上面的筛选可看到全部。", "No row matches. Clear the filter above to see all."
)


class TablePanel(QWidget):
    """Rows of one layer; the selection is the one of the map.

    A click on a head sorts by that column, Shift with a click by one more. The line above filters: words
    in any column, or a condition such as 层数 > 6.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._layer_id = ""
        self._marking = False
        self._order: tuple[SortKey, ...] = ()
        self.model = AttributeTableModel(self._commit, self)
        self._job = NewestJob(SpareThread(), self)
        self._job.landed.connect(lambda landed: self._take(*landed))
        self._marks = NewestJob(SpareThread(), self)
        self._marks.landed.connect(lambda landed: self._on_marks(*landed))
        self._ahead = NewestJob(SpareThread(), self)
        for job in (self._job, self._marks, self._ahead):
            self.destroyed.connect(job.close)
        self.view = RowsView()
        self.view.all_wanted.connect(lambda: session.select(self.model.keys()))
        self.view.copied.connect(self._copy)
        self.view.pasted.connect(self._paste)
        self._mirrored = True
        self._dress_view()
        self._build_head()
        chosen, shown = self._chosen_keys, self.model.keys
        self.calculate = CalculateStrip(session, chosen, shown)
        self.replace = ReplaceStrip(session, chosen, shown)
        whole = column(spacing=0)
        whole.addLayout(self._bar)
        whole.addWidget(self._problem)
        for strip in (self.calculate, self.replace):
            strip.hide()
            strip.closed.connect(lambda s=strip: self._toggle(s, shown=False))
            whole.addWidget(strip)
        whole.addWidget(self.view, 1)
        self.setLayout(whole)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._on_selection)

    def follow(self, layer_id: str) -> None:
        """Show another layer."""
        if layer_id != self._layer_id:
            self._layer_id, self._order = layer_id, ()
            self.reload()

    def reload(self) -> None:
        """Read the rows again, if anybody looks."""
        if not self.isVisible():
            return
        layer = self._layer()
        self._title.setText(tr(layer.title) if layer is not None else "")
        self.model.editable = self._session.editable
        for strip in (self.calculate, self.replace):
            strip.show_layer(layer)
        self._arrange()

    def sort_by(self, column: int, *, further: bool = False) -> None:
        """Sort by a column, by it the other way round, then as the layer has them; `further`: by it, too."""
        name = self.model.fields[column].name
        known = dict(self._order)
        turn = {None: False, False: True, True: None}[known.get(name)]
        others = tuple(key for key in self._order if key[0] != name) if further else ()
        if not further and len(self._order) > 1:
            turn = False
        if turn is None:
            self._order = others
        elif further and name in known:
            self._order = tuple((n, turn if n == name else down) for n, down in self._order)
        else:
            self._order = (*others, (name, turn))
        self._arrange()

    def showEvent(self, a0: object) -> None:
        super().showEvent(a0)  # type: ignore[arg-type]
        self.reload()

    def _build_head(self) -> None:
        self._title = Elided("section")
        self._count = label(role="soft")
        self._filter = find_line(300)
        self._filter.setMinimumWidth(120)
        self._words.bind(
            self._filter.setPlaceholderText,
            Text("筛选任意列，或写条件：层数 > 6", "Filter any column, or a condition: floors > 6"),
        )
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._arrange)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.timeout.connect(self._read_ahead)
        self._filter.textChanged.connect(self._on_filter)
        self._problem = label(role="error", wrap=True)
        self._problem.setContentsMargins(12, 0, 12, 4)
        self._problem.hide()
        self._only = icon_button("funnel")
        self._only.setCheckable(True)
        self._words.bind(self._only.setToolTip, Text("只看所选的行", "Only the selected rows"))
        self._only.toggled.connect(lambda _: self._arrange())
        zoom = icon_button("crosshair")
        self._words.bind(zoom.setToolTip, Text("缩放到所选 (Ctrl+J)", "Zoom to selection (Ctrl+J)"))
        zoom.clicked.connect(self._zoom)
        calculate, replace = icon_button("calculator"), icon_button("swap")
        self._words.bind(calculate.setToolTip, Text("用公式计算字段", "Calculate a field by a formula"))
        self._words.bind(replace.setToolTip, Text("查找和替换", "Find and replace"))
        calculate.clicked.connect(lambda: self._toggle(self.calculate))
        replace.clicked.connect(lambda: self._toggle(self.replace))
        self._bar = row(margins=(12, 6, 8, 6), spacing=8)
        self._bar.addWidget(self._title, 1)
        self._bar.addWidget(self._count)
        self._bar.addWidget(self._filter, 2)
        for item in (self._only, calculate, replace, zoom):
            self._bar.addWidget(item)

    def _dress_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(CellDelegate(view))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        across, down = view.horizontalHeader(), view.verticalHeader()
        if across is not None and down is not None:
            across.setSectionsClickable(True)
            across.sectionClicked.connect(self._on_head)
            across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            across.setDefaultSectionSize(110)
            across.setStretchLastSection(True)
            across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            across.setHighlightSections(False)
            across.setFixedHeight(32)
            down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            down.setDefaultSectionSize(28)
            down.setHighlightSections(False)
        selection = view.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._on_rows_selected)

    def _layer(self) -> Layer | None:
        snapshot = self._session.snapshot
        return snapshot.layers.get(self._layer_id) if snapshot is not None else None

    def _wish(self, layer: Layer) -> Arrangement:
        """Return what is asked for; a condition that means nothing is told, and the rows stay as they are."""
        text, expression = self._filter.text(), self.model.wish.expression
        try:
            expression = condition_in(text, layer)
            self._problem.hide()
        except PlanboardError as error:
            self._problem.setText(tr(error.message))
            self._problem.show()
            return Arrangement("", expression, self._order, self._only_ids())
        return Arrangement("" if expression else text, expression, self._order, self._only_ids())

    def _only_ids(self) -> frozenset[str] | None:
        if not self._only.isChecked():
            return None
        return frozenset(uid for name, uid in self._session.selection if name == self._layer_id)

    def _arrange(self) -> None:
        """Work out which rows to show; a large table beside the window, with the old ones shown."""
        self._typing.stop()
        self._calm.stop()
        self._ahead.cancel()
        layer = self._layer()
        if layer is None:
            self._job.cancel()
            self._take(None, Arrangement(), np.empty(0, dtype=np.intp))
            return
        wish, index = self._wish(layer), self.model.index_of_columns
        if len(layer.table) <= LARGE or wish.plain:
            self._job.cancel()
            edited = self.model.layer is not None and self.model.layer.id == layer.id
            self._take(layer, wish, index.rows(layer, wish))
            if LARGE < len(layer.table) <= HUGE:
                self._calm.start(_CALM_MS if edited else 0)
            return

        def work(check: Check) -> tuple[Layer, Arrangement, Rows]:
            return layer, wish, index.rows(layer, wish, check)

        self._job.start(work)

    def _read_ahead(self) -> None:
        """Read all columns while nothing else is done: the first filter is as quick as others then."""
        layer, index = self._layer(), self.model.index_of_columns
        if layer is not None and self.isVisible() and not self._session.edits.busy:
            self._ahead.start(lambda check: index.read(layer, check))

    def _take(self, layer: Layer | None, wish: Arrangement, rows: Rows) -> None:
        bar, at = self.view.verticalScrollBar(), self.view.currentIndex()
        height = bar.value() if bar is not None else 0
        self.model.take(layer, wish, rows)
        if bar is not None:
            bar.setValue(height)
        if at.isValid():
            selection = self.view.selectionModel()
            now = self.model.index(at.row(), at.column())
            if selection is not None:
                selection.setCurrentIndex(now, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._show_count()
        self._mark_selection()
        for strip in (self.calculate, self.replace):
            if strip.isVisible():
                strip.reword()

    def _show_count(self) -> None:
        total = len(self.model.layer.table) if self.model.layer is not None else 0
        shown = len(self.model.rows)
        self.view.why_empty = _NO_OBJECTS if not total else _NO_MATCH
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

    def _copy(self) -> None:
        """Put the selected rows into the clipboard: cells for spreadsheets, shapes for the map."""
        session, clipboard = self._session, QApplication.clipboard()
        rows = self._rows_in_hand()
        if session.snapshot is None or clipboard is None or not rows:
            return
        data = QMimeData()
        data.setData(MIME, copied(session.snapshot, [self.model.key(row) for row in rows]).own)
        data.setText(rows_text(self.model, rows))
        data.setHtml(rows_page(self.model, rows))
        clipboard.setMimeData(data)
        session.tell(
            Text("已复制 {n} 行，可粘贴到 Excel。", "Copied {n} rows, for Excel as well.").format(n=len(rows))
        )

    def _rows_in_hand(self) -> list[int]:
        rows = self.model.rows_of(self._chosen_keys())
        return rows or [self.view.currentIndex().row()] * self.view.currentIndex().isValid()

    def _paste(self, text: str) -> None:
        """Set cells from the current one on to what was copied from a spreadsheet, as one step."""
        session, at = self._session, self.view.currentIndex()
        try:
            place = (max(at.row(), 0), max(at.column(), 0))
            values = pasted_values(self.model, text, *place, self.model.rows_of(self._chosen_keys()))
        except PlanboardError as error:
            session.refuse(error)
            return
        said = Text("已粘贴 {n} 行。", "Pasted {n} rows.").format(n=len(values))
        label = Text("粘贴到表格（{n} 行）", "Paste into the table ({n} rows)").format(n=len(values))
        session.run(
            label, lambda snapshot: set_cells(snapshot, values), lambda: session.tell(said, "success")
        )

    def begin(self) -> None:
        """Give the rows the keyboard."""
        self.view.setFocus()
        selection, first = self.view.selectionModel(), self.model.index(0, 0)
        if selection is not None and not self.view.currentIndex().isValid() and first.isValid():
            selection.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_filter(self) -> None:
        layer = self._layer()
        if layer is not None and len(layer.table) > LARGE:
            self._typing.start()
        else:
            self._arrange()

    def _on_head(self, section: int) -> None:
        modifiers = QApplication.keyboardModifiers()
        more = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        self.sort_by(section, further=bool(modifiers & more))

    def _on_changed(self, changes: ChangeSet) -> None:
        mine = changes.by_layer.get(self._layer_id, ())
        layer = self._layer()
        if not mine or not self.isVisible() or layer is None:
            return
        names = _edited(mine)
        if names is None or self._job.busy or self.model.wish.asks(names):
            self._arrange()
        else:
            self.model.swap(layer, [change.uid for change in mine])

    def _on_rows_selected(self) -> None:
        selection = self.view.selectionModel()
        if self._marking or selection is None:
            return
        parts = selection.selection()
        ranges = (parts[i] for i in range(len(parts)))
        rows = (row for part in ranges for row in range(part.top(), part.bottom() + 1))
        keys = [self.model.key(row) for row in rows]
        if self._mirrored:
            self._session.select(keys)
        else:  # Qt knows only of the rows just clicked
            held = QApplication.keyboardModifiers()
            toggles = bool(held & Qt.KeyboardModifier.ControlModifier)
            adds = bool(held & Qt.KeyboardModifier.ShiftModifier)
            self._session.select(keys, "toggle" if toggles else "add" if adds else "replace")

    def _on_selection(self) -> None:
        if not self.isVisible():
            return
        if self._only.isChecked():
            self._arrange()
        else:
            self._mark_selection()
        for strip in (self.calculate, self.replace):
            if strip.isVisible():
                strip.reword()

    def _chosen_keys(self) -> list[Key]:
        return sorted(key for key in self._session.selection if key[0] == self._layer_id)

    def _mark_selection(self) -> None:
        """Mark the selected rows: all by their ground, and for Qt if they are not too many."""
        selection = self.view.selectionModel()
        if selection is None or not self.isVisible():
            return
        chosen, layer = self._session.selection, self.model.layer
        if len(chosen) > MANY_SELECTED and layer is not None:
            self._marks.start(lambda _check: (layer, rows_among(layer, chosen)))
            return
        self._marks.cancel()
        self._show_marks(rows_among(layer, chosen))

    def _on_marks(self, layer: Layer, inside: Rows) -> None:
        if layer is self.model.layer:
            self._show_marks(inside)

    def _show_marks(self, inside: Rows) -> None:
        selection = self.view.selectionModel()
        if selection is None:
            return
        self.model.choose(inside)
        rows = self.model.shown_rows(inside)
        marked = QItemSelection()
        last = max(0, self.model.columnCount() - 1)
        self._mirrored = len(rows) <= _MOST_MIRRORED
        for first, end in _runs(rows) if self._mirrored else ():
            marked.select(self.model.index(first, 0), self.model.index(end, last))
        self._marking = True
        selection.select(marked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._marking = False
        if len(rows) == 1:
            self.view.scrollTo(self.model.index(int(rows[0]), max(0, self.view.currentIndex().column())))
        viewport = self.view.viewport()
        if viewport is not None:
            viewport.update()

    def open_strip(self, name: Literal["replace", "calculate"]) -> None:
        """Open a strip that rewrites rows, with the cursor in it."""
        self._toggle(self.replace if name == "replace" else self.calculate, shown=True)

    def _toggle(self, strip: TableStrip, *, shown: bool | None = None) -> None:
        """Open one of the strips, or close it."""
        opened = strip.isHidden() if shown is None else shown
        for other in (self.calculate, self.replace):
            other.setVisible(opened and other is strip)
        if opened:
            strip.show_layer(self._layer())
            strip.reword()
            strip.begin()
        else:
            self.view.setFocus()

    def _zoom(self) -> None:
        snapshot = self._session.snapshot
        features = [snapshot.feature(key) for key in self._session.selection] if snapshot is not None else []
        boxes = [f.geometry.bounds for f in features if f is not None and f.geometry is not None]
        if boxes:
            west, south, east, north = zip(*boxes, strict=True)
            self._session.zoom_requested.emit((min(west), min(south), max(east), max(north)))


def _edited(changes: Sequence[Change]) -> set[str] | None:
    """Return the fields that changes touch; None if rows come or go, or if there are many changes."""
    names = set[str]()
    if len(changes) > _MANY_CHANGES:
        return None
    for change in changes:
        if change.before is None or change.after is None:
            return None
        old, new = change.before.attributes, change.after.attributes
        names.update(name for name in new if new[name] != old.get(name))
    return names


def _runs(rows: Rows) -> Iterable[tuple[int, int]]:
    """Return the first and last of rows that follow one another."""
    if not len(rows):
        return ()
    breaks = np.flatnonzero(np.diff(rows) > 1)
    firsts, lasts = rows[np.r_[0, breaks + 1]], rows[np.r_[breaks, len(rows) - 1]]
    return zip(firsts.tolist(), lasts.tolist(), strict=True)
