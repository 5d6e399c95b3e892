"""The page of the style editor that writes labels on the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QListWidget, QMenu, QWidget

from gis.i18n import tr
from layers.layer import Layer
from layers.style import Label, Style
from layers.text import Text
from ui.panels.part_form import SCALES
from ui.panels.parts import button, column, icon_button, label, row
from ui.panels.style_fields import ColorField, NumberField, Option, OptionField, captioned

PLACES: Final[tuple[tuple[str, Text], ...]] = (
    ("centre", Text("居中", "In the middle")),
    ("along", Text("沿线", "Along the line")),
    ("above", Text("线的上方", "Above the line")),
    ("end", Text("在线的末端", "At the end of the line")),
    ("right", Text("在旁边", "Beside")),
    ("below", Text("在下面", "Below")),
    ("upper-right", Text("右上角", "Upper right corner")),
)
_MOST: Final = 8


class LabelPage(QWidget):
    """Edits the labels of a style.

    Signals
    -------
    edited(object)
        The style as it is now wanted.
    """

    edited = pyqtSignal(object)

    def __init__(self, layer: Layer, style: Style) -> None:
        super().__init__()
        self._layer, self.style_now = layer, style
        self.list = QListWidget()
        self.list.setMinimumWidth(180)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._show())
        add, drop = icon_button("plus", 14), icon_button("minus", 14)
        add.setToolTip(tr("加一种注记", "Add a label"))
        drop.setToolTip(tr("删除这种注记", "Remove this label"))
        add.clicked.connect(lambda: self.add("{" + layer.fields[0].name + "}"))
        drop.clicked.connect(lambda: self._drop())
        left = column(spacing=4)
        left.addLayout(row(label(tr("注记", "Labels"), "section"), None, add, drop, spacing=0))
        left.addWidget(self.list, 1)
        self._room = column(spacing=0)
        right = column(spacing=8)
        right.addLayout(self._room)
        right.addStretch(1)
        whole = row(spacing=16)
        whole.addLayout(left, 2)
        whole.addLayout(right, 3)
        self.setLayout(whole)
        self.show_style(style)

    def show_style(self, style: Style) -> None:
        """Show the labels of another style."""
        self.style_now = style
        self._fill(0)

    def add(self, template: str) -> None:
        """Add a label."""
        if len(self.style_now.labels) < _MOST:
            self._take((*self.style_now.labels, Label(template, priority=3)))
            self._fill(len(self.style_now.labels) - 1)

    def _fill(self, chosen: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for made in self.style_now.labels:
            self.list.addItem(_worded(made, self._layer))
        self.list.setCurrentRow(min(chosen, self.list.count() - 1))
        self.list.blockSignals(False)
        self._show()

    def _show(self) -> None:
        while (item := self._room.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        at = self.list.currentRow()
        if not 0 <= at < len(self.style_now.labels):
            self._room.addWidget(
                label(tr("没有注记。用 + 加一种。", "No labels. Add one with +."), "soft", wrap=True)
            )
            return
        self._room.addWidget(self._form(self.style_now.labels[at]))

    def _form(self, now: Label) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        words = QLineEdit(now.template)
        words.setMaxLength(200)
        words.setToolTip(tr("花括号里写字段，例如 {number}号", "Fields in braces, such as No. {number}"))
        words.editingFinished.connect(lambda: self._set(template=words.text().strip() or now.template))
        insert = button(tr("字段", "Field"))
        insert.setAutoDefault(False)
        insert.clicked.connect(lambda: self._offer_fields(insert, words))
        captioned(grid, Text("文字", "Words"), words, insert)
        size = NumberField(now.size_mm, "mm", 0.8, 30.0, 0.2, 1)
        size.valueChanged.connect(lambda v: self._set(size_mm=round(v, 2)))
        captioned(grid, Text("字高", "Height"), size)
        color = ColorField(now.color, Text("颜色", "Colour"))
        color.edited.connect(lambda c: self._set(color=c))
        captioned(grid, Text("颜色", "Colour"), color)
        place = OptionField([Option(p, w) for p, w in PLACES], now.placement)
        place.edited.connect(lambda p: self._set(placement=p))
        captioned(grid, Text("位置", "Place"), place)
        priority = NumberField(now.priority, "", 0, 100, 1, 0)
        priority.setToolTip(
            tr("位置不够时，数大的先写", "Where there is no room for all, higher ones are written")
        )
        priority.valueChanged.connect(lambda v: self._set(priority=int(v)))
        captioned(grid, Text("优先级", "Priority"), priority)
        known = (*SCALES, *(() if now.max_scale in SCALES else (now.max_scale,)))
        scales = [
            Option(n, Text(f"1:{n:,} 及更大", f"1:{n:,} and larger") if n else Text("任何比例", "Any scale"))
            for n in sorted(known)
        ]
        scale = OptionField(scales, now.max_scale)
        scale.edited.connect(lambda n: self._set(max_scale=n))
        captioned(grid, Text("显示于", "Shown at"), scale)
        for name, caption in (("bold", Text("粗体", "Bold")), ("halo", Text("白色光晕", "White halo"))):
            box = QCheckBox(tr(caption))
            box.setChecked(getattr(now, name))
            box.toggled.connect(lambda on, n=name: self._set(**{n: on}))
            grid.addWidget(box, grid.rowCount(), 1)
        return form

    def _offer_fields(self, beside: QWidget, line: QLineEdit) -> None:
        menu = QMenu(self)
        entries = [(f.title, f.name) for f in self._layer.fields if f.type not in ("photos", "long_text")]
        entries += [(Text("面积 m²", "Area m²"), "area_m2"), (Text("长度 m", "Length m"), "length_m")]
        for title, name in entries:
            act = menu.addAction(tr(title))
            if act is not None:
                act.triggered.connect(lambda _=False, n=name: self._insert(line, n))
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))

    def _insert(self, line: QLineEdit, name: str) -> None:
        line.insert("{" + name + "}")
        self._set(template=line.text())

    def _set(self, **values: Any) -> None:
        at = self.list.currentRow()
        labels = tuple(
            replace(old, **values) if i == at else old for i, old in enumerate(self.style_now.labels)
        )
        if labels != self.style_now.labels:
            self._take(labels)
            item = self.list.currentItem()
            if item is not None:
                item.setText(_worded(labels[at], self._layer))

    def _drop(self) -> None:
        at = self.list.currentRow()
        if at >= 0:
            self._take(tuple(old for i, old in enumerate(self.style_now.labels) if i != at))
            self._fill(max(0, at - 1))

    def _take(self, labels: tuple[Label, ...]) -> None:
        self.style_now = replace(self.style_now, labels=labels)
        self.edited.emit(self.style_now)


def _worded(made: Label, layer: Layer) -> str:
    """Return a template with the titles of its fields."""
    words = made.template
    for field in layer.fields:
        words = words.replace("{" + field.name + "}", f"[{tr(field.title)}]")
    return words
