"""Which column of a file fills which field: names, an example of each, and the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QWidget

from gis.exchange.tables.untitled import column_title
from gis.i18n import tr
from layers.schema import Field, Value
from layers.text import Text
from ui.panels.parts import Elided, clear, column, label, scrolled

_KEEP: Final = Text("保留为附加属性", "Keep as an extra")
_DROP: Final = Text("不导入", "Leave out")
_HEADINGS: Final = (
    Text("文件中的列", "Column of the file"),
    Text("示例", "Example"),
    Text("填入字段", "Field"),
)
_NAME_PX, _EXAMPLE_PX, _CHOICE_PX = 110, 90, 170
_MOST: Final = 200


class ColumnMapping(QWidget):
    """One line a column.

    Signals
    -------
    changed()
        The user chose another field for a column.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QComboBox] = {}
        self._inner = QWidget()
        self._inner.setObjectName("PanelBody")
        self._column = column()
        self._inner.setLayout(self._column)
        self.setLayout(column(scrolled(self._inner)))

    @property
    def chosen(self) -> dict[str, str]:
        """Column to field; an empty field for what is kept as an extra or left out."""
        return {name: box.currentData() or "" for name, box in self.boxes.items()}

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns that do not come in at all."""
        return tuple(name for name, box in self.boxes.items() if box.currentData() == "")

    def fill(
        self,
        columns: Mapping[str, Sequence[Value]],
        mapping: Mapping[str, str],
        unmapped: Sequence[str],
        fields: Sequence[Field],
        dropped: Sequence[str] = (),
    ) -> None:
        """Show a mapping, what is mapped first, what is left out last."""
        clear(self._column)
        self.boxes = {}
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(8)
        for at, heading in enumerate(_HEADINGS):
            grid.addWidget(label(tr(heading), "section"), 0, at)
        names = (*mapping, *unmapped, *dropped)
        mapping = {**mapping, **dict.fromkeys(dropped, "")}
        for line, name in enumerate(names[:_MOST], 1):
            self._add(grid, line, name, columns.get(name, ()), mapping.get(name), fields)
        grid.setColumnMinimumWidth(0, _NAME_PX)
        grid.setColumnMinimumWidth(1, _EXAMPLE_PX)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._column.addWidget(table)
        if len(names) > _MOST:
            rest = tr(
                "其余 {n} 列保留为附加属性", "{n} more columns are kept as extras", n=len(names) - _MOST
            )
            self._column.addWidget(label(rest, "faint"))
        if not names:
            self._column.addWidget(label(tr("文件中没有属性列", "The file has no columns"), "faint"))
        self._column.addStretch(1)

    def _add(
        self,
        grid: QGridLayout,
        line: int,
        name: str,
        values: Sequence[Value],
        target: str | None,
        fields: Sequence[Field],
    ) -> None:
        box = QComboBox()
        box.setFixedWidth(_CHOICE_PX)
        box.addItem(tr(_KEEP), None)
        box.addItem(tr(_DROP), "")
        for field in fields:
            box.addItem(tr(field.title), field.name)
        box.setCurrentIndex(max(0, box.findData(target)) if target is not None else 0)
        box.activated.connect(lambda _: self._on_chosen(box))
        self.boxes[name] = box
        words, example = Elided(), Elided("faint")
        words.setText(tr(column_title(name)))
        example.setText(" ".join(next((str(v) for v in values if v not in (None, "")), "–").split())[:120])
        for at, widget in enumerate((words, example, box)):
            grid.addWidget(widget, line, at)

    def _on_chosen(self, chosen: QComboBox) -> None:
        """Let a field have one column only: the one that had it before is kept as an extra."""
        field = chosen.currentData()
        for box in self.boxes.values():
            if field and box is not chosen and box.currentData() == field:
                box.setCurrentIndex(0)
        self.changed.emit()
