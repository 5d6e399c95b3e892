"""One symbol of a style: its title, whom it is for, and the parts it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QMenu, QWidget

from gis.expression import parse_expression, write_condition
from gis.i18n import tr
from gis.styling import PARTS_OF, condition_of_rule, new_part, part_name
from layers.errors import BadInputError
from layers.layer import Layer
from layers.schema import GeometryType
from layers.style import Part, Rule
from layers.text import Text, same
from ui.panels.part_form import PART_WORDS, PartForm
from ui.panels.parts import clear, column, icon_button, label, row, scrolled, set_property
from ui.panels.style_fields import symbol_icon

_MOST_PARTS: Final = 12
_LIST_PX: Final = 84


class RuleForm(QWidget):
    """The inputs of one rule.

    Signals
    -------
    edited(object)
        The rule as it is now wanted.
    """

    edited = pyqtSignal(object)

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.rule: Rule | None = None
        self._layer = layer
        self._geometry: GeometryType = layer.kind.geometry[0]
        self.title = QLineEdit()
        self.title.setPlaceholderText(tr("名称（图例中的文字）", "Title (as in the legend)"))
        self.title.setMaxLength(80)
        self.title.editingFinished.connect(self._on_title)
        self.condition = QLineEdit()
        self.condition.setPlaceholderText(tr("条件，例如 层数 > 6", "Condition, such as floors > 6"))
        self.condition.editingFinished.connect(self._on_condition)
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.parts = QListWidget()
        self.parts.setFixedHeight(_LIST_PX)
        self.parts.setIconSize(QSize(44, 16))
        self.parts.currentRowChanged.connect(lambda _: self._show_part())
        self._form_room = column(spacing=0)
        body = QWidget()
        body.setObjectName("PanelBody")
        body.setLayout(column(spacing=0))
        body.layout().addLayout(self._form_room)  # type: ignore[union-attr]
        body.layout().addStretch(1)  # type: ignore[union-attr]
        whole = column(spacing=8)
        for item in (self.title, self.condition, self.problem):
            whole.addWidget(item)
        whole.addLayout(self._part_bar())
        whole.addWidget(self.parts)
        whole.addWidget(scrolled(body), 1)
        self.setLayout(whole)

    def show_rule(self, rule: Rule, *, conditional: bool) -> None:
        """Show another rule; `conditional` whether its condition can be typed."""
        self.rule = rule
        self.title.setText(tr(rule.title))
        found = condition_of_rule(rule)
        self.condition.setText(write_condition(found) if found is not None else "")
        self.condition.setVisible(conditional)
        self._say(None)
        self._fill_parts(len(rule.symbol) - 1 if part_name(rule.symbol[-1]) == "marker" else 0)

    @property
    def wrong(self) -> QWidget | None:
        """The field in which something stands that cannot be taken, or None."""
        return self.condition if self.condition.property("bad") else None

    def _part_bar(self) -> QHBoxLayout:
        add, drop = icon_button("plus", 14), icon_button("minus", 14)
        down, up = icon_button("arrow-down", 14), icon_button("arrow-up", 14)
        for made, words, do in (
            (add, Text("加一层符号", "Add a part"), self._offer_parts),
            (drop, Text("去掉这层", "Remove this part"), self._drop_part),
            (up, Text("往上叠", "Draw it over the next"), lambda: self._shift_part(1)),
            (down, Text("往下垫", "Draw it under the one before"), lambda: self._shift_part(-1)),
        ):
            made.setToolTip(tr(words))
            made.setAccessibleName(tr(words))
            made.clicked.connect(lambda _=False, act=do: act())
        self._add = add
        return row(label(tr("符号层", "Parts"), "section"), None, add, drop, up, down, spacing=0)

    def _fill_parts(self, chosen: int) -> None:
        assert self.rule is not None
        self.parts.blockSignals(True)
        self.parts.clear()
        # what is drawn last stands first, as in the layer panel
        for part in reversed(self.rule.symbol):
            picture = symbol_icon((part,), self._shape(part))
            self.parts.addItem(QListWidgetItem(picture, tr(PART_WORDS[part_name(part)])))
        self.parts.setCurrentRow(len(self.rule.symbol) - 1 - min(max(chosen, 0), len(self.rule.symbol) - 1))
        self.parts.blockSignals(False)
        self._show_part()

    def _shape(self, part: Part) -> GeometryType:
        return "point" if part_name(part) == "marker" else self._geometry

    @property
    def _at(self) -> int:
        return len(self.rule.symbol) - 1 - self.parts.currentRow() if self.rule is not None else 0

    def _show_part(self) -> None:
        clear(self._form_room)
        if self.rule is None or not 0 <= self._at < len(self.rule.symbol):
            return
        form = PartForm(self.rule.symbol[self._at], self._layer, self._geometry)
        form.edited.connect(self._on_part)
        self._form_room.addWidget(form)

    def _on_part(self, part: Part) -> None:
        assert self.rule is not None
        at = self._at
        symbol = tuple(part if i == at else old for i, old in enumerate(self.rule.symbol))
        item = self.parts.currentItem()
        if item is not None:
            item.setIcon(symbol_icon((part,), self._shape(part)))
        self._take(replace(self.rule, symbol=symbol))

    def _offer_parts(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in PARTS_OF[self._geometry]:
            act = menu.addAction(tr(PART_WORDS[name]))
            if act is not None:
                act.triggered.connect(lambda _=False, n=name: self.add_part(n))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def add_part(self, name: str) -> None:
        """Draw one part more over the others."""
        if self.rule is not None and len(self.rule.symbol) < _MOST_PARTS:
            symbol = (*self.rule.symbol, new_part(name, self._geometry))
            self._take(replace(self.rule, symbol=symbol))
            self._fill_parts(len(symbol) - 1)

    def _drop_part(self) -> None:
        if self.rule is not None and len(self.rule.symbol) > 1:
            at = self._at
            self._take(replace(self.rule, symbol=self.rule.symbol[:at] + self.rule.symbol[at + 1 :]))
            self._fill_parts(at - 1)

    def _shift_part(self, by: int) -> None:
        if self.rule is None or not 0 <= self._at + by < len(self.rule.symbol):
            return
        at, symbol = self._at, list(self.rule.symbol)
        symbol[at], symbol[at + by] = symbol[at + by], symbol[at]
        self._take(replace(self.rule, symbol=tuple(symbol)))
        self._fill_parts(at + by)

    def _on_title(self) -> None:
        words = self.title.text().strip()
        if self.rule is not None and words and words != tr(self.rule.title):
            self._take(replace(self.rule, title=same(words)))

    def _on_condition(self) -> None:
        if self.rule is None:
            return
        words = self.condition.text().strip()
        found = condition_of_rule(self.rule)
        if words == (write_condition(found) if found is not None else ""):
            self._say(None)
            return
        try:
            parsed = parse_expression(words, self._layer.fields) if words else None
        except BadInputError as error:
            self._say(error)
            return
        self._say(None)
        self._take(replace(self.rule, when={}, condition=parsed.condition if parsed else None))

    def _say(self, error: BadInputError | None) -> None:
        set_property(self.condition, "bad", error is not None)
        words = "" if error is None else tr(error.message)
        if error is not None and error.advice is not None:
            words += "\n" + tr(error.advice)
        self.problem.setText(words)
        self.problem.setVisible(error is not None)

    def _take(self, rule: Rule) -> None:
        self.rule = rule
        self.edited.emit(rule)
