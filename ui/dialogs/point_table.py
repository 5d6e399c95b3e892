"""The table of control points: a tick, a name, the place in drawing and on the ground, and how far off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from gis.i18n import tr
from layers.text import Text
from ui.models.control_table import PointRow, number_words, numbers_in

_COLUMNS: Final = (
    Text("点名", "Point"),
    Text("图上 X", "Drawing X"),
    Text("图上 Y", "Drawing Y"),
    Text("东 (m)", "East (m)"),
    Text("北 (m)", "North (m)"),
    Text("误差 (m)", "Error (m)"),
)
_OF_A_PICTURE: Final = (Text("图上列 (px)", "Column (px)"), Text("图上行 (px)", "Row (px)"))
NAME, X, Y, EAST, NORTH, ERROR = range(6)
_LEAST_PX: Final = 120


class PointTable(QTableWidget):
    """Shows rows and takes what is typed into them.

    Signals
    -------
    chosen(int)
        The user looks at a row.
    edited(int, PointRow)
        A row is to be another one.
    placed()
        The ground of a point was typed, so that it need not be pointed out.
    """

    chosen = pyqtSignal(int)
    edited = pyqtSignal(int, object)
    placed = pyqtSignal()

    def __init__(self, *, picture: bool) -> None:
        super().__init__(0, len(_COLUMNS))
        self._picture = picture
        self._rows: Sequence[PointRow] = ()
        self._filling = False
        titles = (_COLUMNS[0], *_OF_A_PICTURE, *_COLUMNS[3:]) if picture else _COLUMNS
        self.setHorizontalHeaderLabels([tr(words) for words in titles])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header, numbers = self.horizontalHeader(), self.verticalHeader()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if numbers is not None:
            numbers.hide()
        self.setMinimumHeight(_LEAST_PX)
        self.itemChanged.connect(self._on_edited)
        self.currentCellChanged.connect(lambda at, *_: None if self._filling else self.chosen.emit(at))

    def fill(self, rows: Sequence[PointRow], misses: Sequence[float | None], current: int) -> None:
        """Show rows with how far each is off, one of them in hand."""
        self._filling = True
        self._rows = tuple(rows)
        self.setRowCount(len(rows))
        for at, line in enumerate(rows):
            y = line.y if line.y is None or not self._picture else -line.y
            digits = 1 if self._picture else 3
            values = (
                line.name, number_words(line.x, digits), number_words(y, digits),
                number_words(line.east, 3), number_words(line.north, 3), number_words(misses[at], 3),
            )  # fmt: skip
            for place, words in enumerate(values):
                self.setItem(at, place, _cell(words, place, used=line.used))
        if 0 <= current < len(rows):
            self.selectRow(current)
        self._filling = False

    def _on_edited(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        at, line, words = item.row(), self._rows[item.row()], item.text().strip()
        if item.column() == NAME:
            used = item.checkState() == Qt.CheckState.Checked
            self.edited.emit(at, replace(line, name=words or line.name, used=used))
        else:
            self.edited.emit(at, self._typed(line, item.column(), words))

    def _typed(self, line: PointRow, place: int, words: str) -> PointRow:
        """Return a row after a number was typed; two numbers at once fill east and north."""
        numbers = numbers_in(words)
        if place in (EAST, NORTH) and numbers:
            self.placed.emit()
        if place in (EAST, NORTH) and len(numbers) == 2:
            return replace(line, east=numbers[0], north=numbers[1])
        if len(numbers) != 1:
            return line
        value = -numbers[0] if place == Y and self._picture else numbers[0]
        name = {X: "x", Y: "y", EAST: "east", NORTH: "north"}[place]
        return replace(line, **{name: value})  # type: ignore[arg-type]


def _cell(words: str, place: int, *, used: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(words)
    if place == NAME:
        item.setCheckState(Qt.CheckState.Checked if used else Qt.CheckState.Unchecked)
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(tr("不勾选则不参与配准", "Untick to leave the point out"))
    else:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if place == ERROR:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
    return item
