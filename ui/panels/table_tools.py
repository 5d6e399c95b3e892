"""The strips of the table that rewrite many rows: calculating a field, and finding and replacing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QWidget

from gis.edit.attributes import calculate_field, formula_fields, replace_values
from gis.expression import parse_value
from gis.i18n import tr
from layers.changes import ChangeSet, Key
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, same
from ui.models.table_rows import searched
from ui.models.words import value_words
from ui.panels.field_editors import left_to_plan
from ui.panels.parts import button, column, icon_button, label, row, set_property
from ui.session import Session

Rows = Callable[[], Sequence[Key]]
"""Returns the rows that a strip works on."""


class TableStrip(QFrame):
    """A line of editors under the head of the table, with room for what is wrong.

    Signals
    -------
    closed()
    """

    closed = pyqtSignal()
    title: ClassVar[Text]

    def __init__(self, session: Session, chosen: Rows, shown: Rows) -> None:
        super().__init__()
        self.setObjectName("TableStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._chosen, self._shown = session, chosen, shown
        self._layer: Layer | None = None
        self._only = QCheckBox()
        self._act = button("", "primary")
        self._act.clicked.connect(self.apply)
        self._said = label("", "soft", wrap=True)
        shut = icon_button("x", 14)
        shut.setToolTip(tr("关闭 (Esc)", "Close (Esc)"))
        shut.clicked.connect(self.closed)
        whole = column(margins=(12, 6, 8, 6), spacing=4)
        whole.addLayout(row(*self.editors(), self._only, self._act, None, shut, spacing=8))
        whole.addWidget(self._said)
        self.setLayout(whole)
        for line in self.findChildren(QLineEdit):
            line.installEventFilter(self)
        QShortcut(
            QKeySequence("Esc"), self, self.closed.emit,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )  # fmt: skip

    @abstractmethod
    def editors(self) -> tuple[QWidget, ...]:
        """Return the editors, left to right."""

    @abstractmethod
    def edit(self, keys: Sequence[Key]) -> Callable[[Snapshot], ChangeSet]:
        """Return what is to be done with some rows, with what is typed now."""

    @abstractmethod
    def look(self) -> None:
        """Say what would be done, or what is wrong, while something is typed."""

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        line = next(e for e in self.findChildren(QLineEdit) if e.isVisibleTo(self))
        line.setFocus()

    def show_layer(self, layer: Layer | None) -> None:
        """Work on another layer, or another version of it."""
        self._layer = layer

    def reword(self) -> None:
        """Use the language in force and the rows chosen now."""
        chosen = len(self._chosen())
        self._only.setText(tr("只改所选 {n} 行", "Only the {n} selected rows", n=f"{chosen:,}"))
        self._only.setVisible(chosen > 0)
        self._only.setChecked(chosen > 0)
        self._act.setText(tr(self.title))
        self._act.setEnabled(self._session.editable and self._layer is not None)
        self.look()

    def keys(self) -> Sequence[Key]:
        """Return the rows that are worked on: those selected, or all that are shown."""
        return self._chosen() if self._only.isChecked() and self._chosen() else self._shown()

    def apply(self) -> None:
        """Do it, as one step; what is refused is said here and nothing is lost."""
        keys = list(self.keys())
        label_ = self.step(len(keys))
        changed: list[int] = []
        change = self.edit(keys)

        def edit(snapshot: Snapshot) -> ChangeSet:
            changes = change(snapshot)
            changed.append(len(changes))
            return changes

        def done() -> None:
            for line in self.findChildren(QLineEdit):
                words, at = line.text(), line.cursorPosition()
                line.blockSignals(True)
                line.setText(words)  # forgets what was typed: the next undo is the plan's
                line.setCursorPosition(at)
                line.blockSignals(False)
            self.say(_CHANGED.format(n=f"{changed[0]:,}"))

        self._session.run(label_, edit, done, self.look)

    def step(self, count: int) -> Text:
        """Return what the step is called."""
        return Text("{what}（{n} 行）", "{what} ({n} rows)").format(what=self.title, n=count)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        return (isinstance(a0, QLineEdit) and left_to_plan(a0, a1)) or super().eventFilter(a0, a1)

    def say(self, words: Text, *, wrong: bool = False) -> None:
        """Show a word under the editors."""
        self._said.setText(tr(words))
        set_property(self._said, "role", "error" if wrong else "soft")
        self._said.setVisible(bool(tr(words)))


class CalculateStrip(TableStrip):
    """Sets a field by a formula."""

    title = Text("计算", "Calculate")

    def editors(self) -> tuple[QWidget, ...]:
        self._field, self._formula = QComboBox(), QLineEdit()
        self._field.setMinimumWidth(120)
        self._formula.setMinimumWidth(260)
        self._formula.textChanged.connect(self.look)
        self._formula.returnPressed.connect(self.apply)
        self._field.currentIndexChanged.connect(self.look)
        self._equals = label("=")
        return self._field, self._equals, self._formula

    def show_layer(self, layer: Layer | None) -> None:
        super().show_layer(layer)
        chosen = self._field.currentData()
        self._field.blockSignals(True)
        self._field.clear()
        for field in searched(layer.fields) if layer is not None else ():
            self._field.addItem(tr(field.title), field.name)
        usual = next((f.name for f in layer.fields if f.type in ("integer", "real")), "") if layer else ""
        wanted = chosen if self._field.findData(chosen) >= 0 else usual
        self._field.setCurrentIndex(max(0, self._field.findData(wanted)))
        self._field.blockSignals(False)

    def reword(self) -> None:
        self._formula.setPlaceholderText(
            tr("公式，例如：层数 * 单元数 * 2", "A formula, such as: floors * units * 2")
        )
        super().reword()

    def edit(self, keys: Sequence[Key]) -> Callable[[Snapshot], ChangeSet]:
        name, formula = str(self._field.currentData()), self._formula.text()
        return lambda snapshot: calculate_field(snapshot, keys, name, formula)

    def _preview(self, keys: Sequence[Key], formula: str) -> Text:
        """Say how many rows are written, and what the first one gets."""
        words = _WRITTEN.format(n=f"{len(keys):,}")
        snapshot, name = self._session.snapshot, str(self._field.currentData())
        if snapshot is None or not keys:
            return words
        changes = calculate_field(snapshot, keys[:1], name, formula)
        feature = snapshot.apply(changes).feature(keys[0])
        field = snapshot.layers[keys[0][0]].kind.field(name)
        if feature is None or field is None:
            return words
        shown = value_words(field, feature.attributes.get(name))
        return _FIRST.format(words=words, name=snapshot.name_of(keys[0]) or same(""), value=shown)

    def look(self) -> None:
        text = self._formula.text().strip()
        self._act.setEnabled(bool(text) and self._session.editable)
        if self._layer is None or not text:
            names = "、".join(tr(f.title) for f in formula_fields(self._layer)) if self._layer else ""
            self.say(Text("可用：{names}", "Fields: {names}").format(names=names))
            return
        try:
            parse_value(text, formula_fields(self._layer))
            self.say(self._preview(self.keys(), text))
        except PlanboardError as error:
            self._act.setEnabled(False)
            self.say(error.message, wrong=True)


class ReplaceStrip(TableStrip):
    """Finds words, numbers or codes and puts others in their place."""

    title = Text("全部替换", "Replace all")

    def editors(self) -> tuple[QWidget, ...]:
        self._where, self._find, self._put = QComboBox(), QLineEdit(), QLineEdit()
        self._whole = QCheckBox()
        for line in (self._find, self._put):
            line.setMinimumWidth(130)
            line.textChanged.connect(self.look)
            line.returnPressed.connect(self.apply)
        self._where.currentIndexChanged.connect(self.look)
        self._whole.toggled.connect(self.look)
        return self._where, self._find, self._put, self._whole

    def show_layer(self, layer: Layer | None) -> None:
        super().show_layer(layer)
        chosen = self._where.currentData()
        self._where.blockSignals(True)
        self._where.clear()
        self._where.addItem(tr("所有列", "All columns"), "")
        for field in searched(layer.fields) if layer is not None else ():
            self._where.addItem(tr(field.title), field.name)
        self._where.setCurrentIndex(max(0, self._where.findData(chosen)))
        self._where.blockSignals(False)

    def reword(self) -> None:
        self._find.setPlaceholderText(tr("查找", "Find"))
        self._put.setPlaceholderText(tr("替换为", "Replace with"))
        self._whole.setText(tr("整格相同", "Whole cell"))
        super().reword()

    def edit(self, keys: Sequence[Key]) -> Callable[[Snapshot], ChangeSet]:
        find, put, whole = self._find.text(), self._put.text(), self._whole.isChecked()
        name, layer = self._where.currentData(), self._layer
        names = [name] if name else [f.name for f in searched(layer.fields)] if layer is not None else []
        return lambda snapshot: replace_values(snapshot, keys, names, find, put, whole=whole)

    def step(self, count: int) -> Text:
        find, put = (_short(line.text()) for line in (self._find, self._put))
        return Text(f"替换“{find}”为“{put}”", f"Replace “{find}” by “{put}”")

    def look(self) -> None:
        self._act.setEnabled(bool(self._find.text()) and self._session.editable)
        if self._find.text():
            self.say(_ROWS.format(n=f"{len(self.keys()):,}"))
        else:
            self.say(same(""))


_ROWS = Text("将检查 {n} 行；可以撤销。", "{n} rows are looked at; it can be undone.")
_WRITTEN = Text("将写入 {n} 行，可以撤销。", "{n} rows are written; it can be undone.")
_FIRST = Text("{words}第一行 {name}：{value}", "{words} The first, {name}: {value}")
_CHANGED = Text("已修改 {n} 行。", "{n} rows changed.")
_LONGEST = 20
"""Characters of what was found or put that the name of a step shows."""


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
