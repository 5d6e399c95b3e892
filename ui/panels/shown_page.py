"""The page of the style editor that says when a layer is shown: a filter and a range of scales."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QMenu, QWidget

from gis.expression import Expression, parse_expression, write_condition
from gis.i18n import tr
from layers.condition import Condition
from layers.errors import BadInputError
from layers.layer import Layer
from layers.text import Text
from ui.panels.part_form import SCALES
from ui.panels.parts import button, column, label, row, set_property
from ui.panels.style_fields import captioned


class ShownPage(QWidget):
    """Edits filter and scales.

    Signals
    -------
    edited()
        `condition` or `scales` is another now.
    """

    edited = pyqtSignal()

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self._layer = layer
        self.condition: Condition | None = layer.filter
        self.scales = layer.scales
        self.filter = QLineEdit(write_condition(layer.filter) if layer.filter is not None else "")
        self.filter.setPlaceholderText(
            tr("例如 层数 > 6 且 用途 = '住宅'", "Such as floors > 6 and use = 'Housing'")
        )
        self.filter.setMaxLength(2000)
        self.filter.editingFinished.connect(self.take_filter)
        insert = button(tr("字段", "Field"))
        insert.setAutoDefault(False)
        insert.clicked.connect(lambda: self._offer_fields(insert))
        self.said = label(role="soft", wrap=True)
        self.nearest, self.farthest = self._scale_box(layer.scales[0]), self._scale_box(layer.scales[1])
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        line = row(self.filter, insert, spacing=6)
        line.setStretch(0, 1)
        grid.addWidget(label(tr("只显示", "Show only"), "field"), 0, 0)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self.said, 1, 1)
        captioned(grid, Text("最大比例", "Largest scale"), self.nearest)
        captioned(grid, Text("最小比例", "Smallest scale"), self.farthest)
        self.said_scales = label(role="error", wrap=True)
        self.said_scales.hide()
        grid.addWidget(self.said_scales, grid.rowCount(), 1)
        hint = label(
            tr(
                "比较 = ≠ < > ≤ ≥，列举 属于，匹配 类似 '3%'，以及 包含、介于、为空；用 且、或、非 连接。",
                "Compare (= <> < > <= >=), list (in), match (like '3%'), contains, between, is empty; "
                "join with and, or, not.",
            ),
            "faint",
            wrap=True,
        )
        whole = column(spacing=12)
        whole.addLayout(grid)
        whole.addWidget(hint)
        whole.addStretch(1)
        self.setLayout(whole)
        self._count()

    @property
    def wrong(self) -> QWidget | None:
        """The field in which something stands that cannot be taken, or None."""
        self.take_filter()
        fields = (self.filter, self.nearest, self.farthest)
        return next((field for field in fields if field.property("bad")), None)

    def take_filter(self) -> None:
        """Understand what was typed; what is wrong is said below, and the filter stays as it was."""
        words = self.filter.text().strip()
        try:
            parsed: Expression | None = parse_expression(words, self._layer.fields) if words else None
        except BadInputError as error:
            set_property(self.filter, "bad", True)
            advice = f"\n{tr(error.advice)}" if error.advice is not None else ""
            self._say(tr(error.message) + advice, "error")
            return
        set_property(self.filter, "bad", False)
        condition = parsed.condition if parsed is not None else None
        changed = condition != self.condition
        self.condition = condition
        self._count()
        if changed:
            self.edited.emit()

    def _count(self) -> None:
        if self.condition is None:
            self._say(
                tr("显示全部 {n} 个对象", "All {n} objects are shown", n=len(self._layer.table)), "soft"
            )
            return
        found = Expression("", self.condition).rows(self._layer.table)
        words = tr("显示 {k} / {n} 个对象", "{k} of {n} objects are shown", k=int(found.sum()), n=len(found))
        self._say(words, "soft")

    def _say(self, words: str, role: str) -> None:
        self.said.setText(words)
        set_property(self.said, "role", role)

    def _scale_box(self, now: int) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setCompleter(None)  # it would make 1:1000 of 1:100
        box.addItem(tr("不限", "No bound"))
        box.addItems([f"1:{n}" for n in SCALES if n])
        box.setCurrentText(f"1:{now}" if now else tr("不限", "No bound"))
        box.currentTextChanged.connect(lambda _: self._take_scales())
        return box

    def _take_scales(self) -> None:
        numbers = [_number(box.currentText()) for box in (self.nearest, self.farthest)]
        good = [n is not None for n in numbers]
        nearest, farthest = numbers[0] or 0, numbers[1] or 0
        fits = not (nearest and farthest and nearest > farthest)
        for box, right in zip((self.nearest, self.farthest), good, strict=True):
            set_property(box, "bad", not (right and fits))
        if not all(good):
            words = tr("比例请写成 1:500 或 500。", "Type a scale as 1:500 or 500.")
        else:
            words = tr(
                "最大比例（如 1:200）应不小于最小比例（如 1:2000），否则什么也不显示。",
                "The largest scale (such as 1:200) must not be below the smallest (such as 1:2000); "
                "nothing would ever be shown.",
            )
        self.said_scales.setText(words)
        self.said_scales.setVisible(not (all(good) and fits))
        if all(good) and fits and (nearest, farthest) != self.scales:
            self.scales = (nearest, farthest)
            self.edited.emit()

    def _offer_fields(self, beside: QWidget) -> None:
        menu = QMenu(self)
        for field in self._layer.fields:
            act = menu.addAction(tr(field.title))
            if act is not None:
                act.triggered.connect(lambda _=False, f=field: self.filter.insert(f" {f.name} "))
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))


def _number(words: str) -> int | None:
    """Return the n of 1:n; 0 for no bound, None for what is no scale."""
    words = words.strip().removeprefix("1:").removeprefix("1：").replace(",", "").strip()
    if words in ("", tr("不限", "No bound")):
        return 0
    return int(words) if words.isdecimal() and 0 < int(words) <= 10_000_000 else None
