"""The cells of the attribute table: how one is edited, and how rows go to a spreadsheet and back."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gis.i18n import tr
from layers.schema import Value
from layers.text import Text, same
from ui.models.attribute_table import AttributeTableModel
from ui.panels.field_editors import parsed, tidy_date
from ui.theme.tokens import theme

_COPY: Final = QKeySequence.StandardKey.Copy
_PASTE: Final = QKeySequence.StandardKey.Paste
_FRAME_PX: Final = 2.0


class CellDelegate(QStyledItemDelegate):
    """A drop-down for codes and yes/no, a line for everything else.

    Marks the rows that are selected, and the cell that keys write to and pasted cells begin at.
    """

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        super().initStyleOption(option, index)
        model = index.model()
        if option is not None and isinstance(model, AttributeTableModel) and model.is_chosen(index.row()):
            option.state |= QStyle.StateFlag.State_Selected

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().paint(painter, option, index)
        if painter is not None and option.state & QStyle.StateFlag.State_HasFocus:
            painter.save()
            painter.setPen(QPen(QColor(theme().accent), _FRAME_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(option.rect).adjusted(1, 1, -1, -1))
            painter.restore()

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


class RowsView(QTableView):
    """A table whose owner selects all rows: Qt would ask each cell whether it may be.

    Its rows go to other programs, and cells come from them, as a spreadsheet hands them out. Enter edits.

    Attributes
    ----------
    why_empty : Text
        What stands where no row is shown.

    Signals
    -------
    all_wanted()
    copied()
    pasted(str)
        Somebody pastes cells.
    """

    all_wanted = pyqtSignal()
    copied = pyqtSignal()
    pasted = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.why_empty: Text = same("")

    def paintEvent(self, e: QPaintEvent | None) -> None:
        super().paintEvent(e)
        model, viewport = self.model(), self.viewport()
        if model is None or viewport is None or model.rowCount() or not tr(self.why_empty):
            return
        painter = QPainter(viewport)
        painter.setPen(QColor(theme().text_soft))
        around = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(viewport.rect().adjusted(16, 8, -16, -8), around, tr(self.why_empty))
        painter.end()

    def selectAll(self) -> None:
        self.all_wanted.emit()

    def event(self, event: QEvent | None) -> bool:
        # The window's own copy and paste are for shapes on the map.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (event.matches(_COPY) or (event.matches(_PASTE) and clipboard_cells() is not None))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        if e is None:
            return
        cells = clipboard_cells() if e.matches(_PASTE) else None
        if e.matches(_COPY):
            self.copied.emit()
        elif cells is not None:
            self.pasted.emit(cells)
        elif e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(e)


def clipboard_cells() -> str | None:
    """Return the text in the clipboard if it is cells of a table, not shapes; None if there is none."""
    clipboard = QApplication.clipboard()
    text = clipboard.text() if clipboard is not None else ""
    return text if text.strip() and not text.lstrip().startswith("{") else None
