"""One editor per field type: shows a value, emits when the user has finished with it."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable

from PyQt6.QtCore import QDate, QEvent, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from gis.i18n import tr
from layers.schema import Field, Value
from layers.text import Text
from ui.models.words import unit_words
from ui.panels.parts import column, icon_button, label, row, segment, set_property

MANY = Text("（多个值）", "(several values)")
_LONG_TEXT_PX = 68
_RATING_MAX = 7
_CHIP_LETTERS = 2


class FieldEditor(QWidget):
    """Base of the editors.

    Signals
    -------
    committed(object)
        A value that fits the field, different from the one shown before.
    """

    committed = pyqtSignal(object)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self._shown: Value = None
        self._mixed = False
        self._error = label(role="error", wrap=True)
        self._error.hide()

    @property
    @abstractmethod
    def value(self) -> Value:
        """The value in the editor, converted; what cannot be converted stays text."""

    def show_value(self, value: Value, *, mixed: bool = False) -> None:
        """Show a value; `mixed` if the selected features differ."""
        self._shown, self._mixed = value, mixed
        self._display(None if mixed else value, mixed)
        self.show_problem(None)

    def show_problem(self, problem: Text | None) -> None:
        """Show what is wrong in place, or nothing."""
        self._error.setText(tr(problem) if problem else "")
        self._error.setVisible(problem is not None)
        set_property(self._input(), "bad", "true" if problem else "false")

    def finish(self) -> bool:
        """Check the value and emit it if it is new; returns whether it fits."""
        value = self.value
        if value in (None, "") and self._mixed:
            return True
        problem = self.field.problem(value)
        self.show_problem(problem)
        if problem is None and (self._mixed or value != self._shown or type(value) is not type(self._shown)):
            self._shown, self._mixed = value, False
            self.committed.emit(value)
        line = self._input()
        if problem is None and isinstance(line, QLineEdit):
            line.setModified(False)
        return problem is None

    def set_writable(self, writable: bool) -> None:
        """Allow or forbid editing."""
        self._input().setEnabled(writable)

    @abstractmethod
    def _input(self) -> QWidget:
        """Return the widget that is typed into."""

    @abstractmethod
    def _display(self, value: Value, mixed: bool) -> None:
        """Put a value into it."""

    def _lay_out(self, *items: QWidget) -> None:
        whole = column(spacing=2)
        whole.addLayout(row(*items, spacing=4))
        whole.addWidget(self._error)
        self.setLayout(whole)
        self.setFocusProxy(self._input())
        self._input().installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Leave undo and redo to the plan while nothing is typed here that they could mean."""
        if a0 is self._input() and left_to_plan(self._input(), a1):
            return True
        return super().eventFilter(a0, a1)


def left_to_plan(line: QWidget, event: QEvent | None) -> bool:
    """Leave undo or redo to the plan if a text has none; to be asked by the event filter of an input."""
    asked = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
    if not isinstance(event, QKeyEvent) or not asked or _undoes(line, event):
        return False
    event.ignore()
    return True


def _undoes(line: QWidget, event: QKeyEvent) -> bool:
    """Tell whether a key is no undo or redo, or one that the text of an input has a use for."""
    undo, redo = (
        event.matches(key) for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
    )
    if not (undo or redo):
        return True
    if isinstance(line, QLineEdit):
        return line.isUndoAvailable() if undo else line.isRedoAvailable()
    document = line.document() if isinstance(line, QPlainTextEdit) else None
    return document is not None and (document.isUndoAvailable() if undo else document.isRedoAvailable())


class LineEditor(FieldEditor):
    """Short text, numbers with their unit, and codes of spots."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._line.editingFinished.connect(self.finish)
        self._line.textEdited.connect(lambda _: self.show_problem(None))
        unit = tr(unit_words(field))
        items: list[QWidget] = [self._line, *([label(unit, "soft")] if unit else [])]
        if field.type in ("integer", "real"):
            self._line.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self._lay_out(*items)

    @property
    def value(self) -> Value:
        return parsed(self.field, self._line.text())

    def _input(self) -> QWidget:
        return self._line

    def _display(self, value: Value, mixed: bool) -> None:
        self._line.setPlaceholderText(tr(MANY) if mixed else "")
        self._line.setText("" if value is None else _written(value))
        self._line.setCursorPosition(0)


class _Paper(QPlainTextEdit):
    left = pyqtSignal()

    def focusOutEvent(self, e: QFocusEvent | None) -> None:
        super().focusOutEvent(e)
        self.left.emit()

    def keyPressEvent(self, e: QKeyEvent | None) -> None:
        entered = e is not None and e.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if e is not None and entered and e.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
            return
        super().keyPressEvent(e)


class LongTextEditor(FieldEditor):
    """Several lines; commits when left, or on Ctrl+Enter."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._paper = _Paper()
        self._paper.setTabChangesFocus(True)
        self._paper.setFixedHeight(_LONG_TEXT_PX)
        self._paper.left.connect(self.finish)
        self._lay_out(self._paper)

    @property
    def value(self) -> Value:
        return self._paper.toPlainText().strip() or None

    def _input(self) -> QWidget:
        return self._paper

    def _display(self, value: Value, mixed: bool) -> None:
        self._paper.setPlaceholderText(tr(MANY) if mixed else "")
        self._paper.setPlainText("" if value is None else str(value))


class ChoiceEditor(FieldEditor):
    """A drop-down of a code list, or yes and no."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._combo = QComboBox()
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._combo.setMinimumContentsLength(6)
        self._combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._combo.activated.connect(lambda _: self.finish())
        self._lay_out(self._combo)

    @property
    def value(self) -> Value:
        found: Value = self._combo.currentData()
        return found

    def _input(self) -> QWidget:
        return self._combo

    def _display(self, value: Value, mixed: bool) -> None:
        self._combo.clear()
        if mixed or not self.field.required or value is None:
            self._combo.addItem(tr(MANY) if mixed else "", None)
        entries = [(c.code, c.title) for c in self.field.domain]
        if self.field.type == "boolean":
            entries = [(True, self.field.word(True)), (False, self.field.word(False))]  # type: ignore[list-item]
        for code, words in entries:
            self._combo.addItem(tr(words), code)
        at = self._combo.findData(value) if value is not None else 0
        if at < 0:
            self._combo.addItem(str(value), value)
            at = self._combo.count() - 1
        self._combo.setCurrentIndex(at)


class ChoicesEditor(FieldEditor):
    """Several codes of a list as buttons that stay pressed."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = QWidget()
        self._chips: dict[str, QToolButton] = {}
        grid = row(spacing=2)
        for choice in field.domain:
            words = tr(choice.title)
            chip = segment(words.removeprefix("周")[:_CHIP_LETTERS])
            chip.setToolTip(words)
            chip.setStyleSheet("padding: 3px 4px;")
            chip.clicked.connect(lambda _=False: self.finish())
            self._chips[choice.code] = chip
            grid.addWidget(chip)
        grid.addStretch(1)
        self._box.setLayout(grid)
        self._lay_out(self._box)

    @property
    def value(self) -> Value:
        return ",".join(code for code, chip in self._chips.items() if chip.isChecked()) or None

    def _input(self) -> QWidget:
        return self._box

    def _display(self, value: Value, mixed: bool) -> None:
        codes = str(value or "").split(",")
        for code, chip in self._chips.items():
            chip.setChecked(code in codes)


class RatingEditor(FieldEditor):
    """A small range of whole numbers, such as severity 1-5, as a row of buttons."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._box = QWidget()
        self._steps: dict[int, QToolButton] = {}
        line = row(spacing=4)
        for step in range(int(field.minimum or 0), int(field.maximum or 0) + 1):
            chip = segment(str(step))
            chip.setMinimumWidth(28)
            chip.clicked.connect(lambda _=False, s=step: self._choose(s))
            self._steps[step] = chip
            line.addWidget(chip)
        line.addStretch(1)
        self._box.setLayout(line)
        self._lay_out(self._box)

    @property
    def value(self) -> Value:
        return next((step for step, chip in self._steps.items() if chip.isChecked()), None)

    def _choose(self, step: int) -> None:
        for number, chip in self._steps.items():
            chip.setChecked(number == step)
        self.finish()

    def _input(self) -> QWidget:
        return self._box

    def _display(self, value: Value, mixed: bool) -> None:
        for step, chip in self._steps.items():
            chip.setChecked(step == value)


class DateEditor(FieldEditor):
    """A date as text with a calendar beside it."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self._line = QLineEdit()
        self._line.setPlaceholderText("2020-07-25")
        self._line.editingFinished.connect(self.finish)
        self._open = icon_button("calendar-blank")
        self._open.setToolTip(tr("选择日期", "Pick a date"))
        self._open.clicked.connect(self._pick)
        self._lay_out(self._line, self._open)

    @property
    def value(self) -> Value:
        return tidy_date(self._line.text())

    def set_writable(self, writable: bool) -> None:
        super().set_writable(writable)
        self._open.setEnabled(writable)

    def _input(self) -> QWidget:
        return self._line

    def _display(self, value: Value, mixed: bool) -> None:
        self._line.setPlaceholderText(tr(MANY) if mixed else "2020-07-25")
        self._line.setText("" if value is None else str(value))

    def _pick(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        shown = QDate.fromString(self._line.text(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate.currentDate())
        act = QWidgetAction(menu)
        act.setDefaultWidget(calendar)
        menu.addAction(act)

        def take(date: QDate) -> None:
            self._line.setText(date.toString(Qt.DateFormat.ISODate))
            menu.close()
            self.finish()

        calendar.clicked.connect(take)
        menu.popup(self._open.mapToGlobal(QPoint(0, self._open.height())))


def parsed(field: Field, words: str) -> Value:
    """Turn typed text into a value; what is no number stays text, for the field to refuse."""
    words = words.strip()
    if not words:
        return None
    plain = words.replace("，", ",").replace("。", ".").replace(" ", "")
    if field.type == "integer" and re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    if field.type == "real":
        try:
            return float(plain)
        except ValueError:
            return words
    return words


def tidy_date(words: str) -> Value:
    """Accept 2020.7.25, 2020/7/25 and 2020年7月25日 as well as ISO dates."""
    found = re.fullmatch(r"\s*(\d{4})\D+(\d{1,2})\D+(\d{1,2})\s*日?\s*", words)
    if found:
        return f"{int(found[1]):04d}-{int(found[2]):02d}-{int(found[3]):02d}"
    return words.strip() or None


def _written(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)


def editor_for(field: Field) -> FieldEditor:
    """Return the editor that suits a field; photos have their own strip."""
    if (
        field.type == "integer"
        and field.minimum == 1
        and field.maximum is not None
        and field.maximum <= _RATING_MAX
    ):
        return RatingEditor(field)
    makers: dict[str, Callable[[Field], FieldEditor]] = {
        "long_text": LongTextEditor,
        "choice": ChoiceEditor,
        "boolean": ChoiceEditor,
        "choices": ChoicesEditor,
        "date": DateEditor,
    }
    return makers.get(field.type, LineEditor)(field)


def finish_typing(root: QWidget) -> None:
    """Let everything that is being typed below a widget be taken over, as a click elsewhere would.

    Losing the focus alone does not do it: a menu, and a window in front, take the focus and leave a
    line edit as if somebody were still writing.
    """
    for editor in root.findChildren(QWidget):
        if isinstance(editor, FieldEditor):
            editor.finish()
    for line in root.findChildren(QLineEdit):
        if line.isModified():
            line.editingFinished.emit()
            line.setModified(False)
