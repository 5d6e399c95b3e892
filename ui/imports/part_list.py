"""The layers of files that could come in: which are wanted, into which layer, and what each would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from gis.exchange.parts import Part
from gis.i18n import tr
from layers.layer import Layer
from layers.text import Text
from ui.panels.parts import Choice, Elided, button, clear, column, label, row, scrolled

_CHOICE_PX: Final = 176
_BESIDE_PX: Final = 26
_EMPTY: Final = Text("没有数据", "has no records")
_ALONE: Final = Text("单独导入…", "On its own …")


class PartList(QWidget):
    """Two lines a layer: tick, name and aim; below, what it brings or why it cannot come in.

    Signals
    -------
    changed()
        Another tick, or another aim.
    one_wanted(Part)
        The user wants to look at one layer on its own.
    """

    changed = pyqtSignal()
    one_wanted = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.ticks: dict[Part, QCheckBox] = {}
        self.aims: dict[Part, Choice] = {}
        self.told: dict[Part, Elided] = {}
        self._alone: dict[Part, QWidget] = {}
        self._inner = QWidget()
        self._inner.setObjectName("PanelBody")
        self._column = column(spacing=2)
        self._inner.setLayout(self._column)
        self.setLayout(column(scrolled(self._inner)))

    @property
    def chosen(self) -> dict[Part, str]:
        """The ticked parts, each with the id of its layer."""
        return {
            part: str(self.aims[part].currentData())
            for part, tick in self.ticks.items()
            if tick.isEnabled() and tick.isChecked()
        }

    @property
    def kept(self) -> tuple[frozenset[Part], dict[Part, str]]:
        """What is not ticked, and all aims, to be taken up by another such list."""
        off = frozenset(part for part, tick in self.ticks.items() if not tick.isChecked())
        return off, {part: str(aim.currentData()) for part, aim in self.aims.items()}

    def fill(self, parts: Sequence[Part], layers: Sequence[Layer], aims: Mapping[Part, str]) -> None:
        """Offer parts; those that hold nothing are seen, but cannot be chosen.

        Parameters
        ----------
        parts : sequence of Part
        layers : sequence of Layer
            What may take them.
        aims : mapping of Part to str
            The id of the layer that takes each.
        """
        clear(self._column)
        for kept in (self.ticks, self.aims, self.told, self._alone):
            kept.clear()
        several = len({part.path for part in parts}) > 1
        everything, nothing = button(tr("全选", "All"), "link"), button(tr("全不选", "None"), "link")
        everything.clicked.connect(lambda: self._tick_all(on=True))
        nothing.clicked.connect(lambda: self._tick_all(on=False))
        head = QWidget()
        heading = label(tr("文件中的图层", "Layers in the file"), "section")
        head.setLayout(row(heading, None, everything, nothing, spacing=2))
        self._column.addWidget(head)
        for part in parts:
            self._column.addWidget(self._line(part, layers, aims.get(part), several=several))
        self._column.addStretch(1)

    def take_up(self, off: frozenset[Part], aims: Mapping[Part, str]) -> None:
        """Choose what was chosen in another such list."""
        for part, tick in self.ticks.items():
            if tick.isEnabled():
                self._set(tick, on=part not in off)
            self.aims[part].setCurrentIndex(max(0, self.aims[part].findData(aims.get(part))))

    def tell(self, part: Part, words: str, *, wrong: bool = False) -> None:
        """Say under a part what it brings, or what is wrong with it."""
        told = self.told[part]
        told.setText(words)
        told.setToolTip(words)
        told.setProperty("role", "error" if wrong else "faint")
        told.style().polish(told)  # type: ignore[union-attr]
        self._alone[part].setVisible(wrong)

    def _line(self, part: Part, layers: Sequence[Layer], aim: str | None, *, several: bool) -> QWidget:
        name = (
            f"{part.path.name} · {part.layer.name}" if several and part.layer.name != part.path.stem else ""
        )
        count = f"  ({part.layer.features:,})" if part.layer.features > 0 else ""
        words = (name or (part.path.name if several else part.layer.name)) + count
        if part.layer.hidden:
            words += tr("（隐藏的工作表）", " (hidden sheet)")
        tick, title = QCheckBox(), Elided("", Qt.TextElideMode.ElideMiddle)
        title.setText(words)
        title.setToolTip(words)
        tick.setAccessibleName(words)
        tick.setChecked(not part.is_empty and not part.layer.hidden)
        tick.setEnabled(not part.is_empty)
        title.setEnabled(not part.is_empty)
        tick.toggled.connect(lambda _: self.changed.emit())
        box = Choice()
        box.setFixedWidth(_CHOICE_PX)
        for layer in layers:
            box.addItem(tr(layer.title), layer.id)
        box.setCurrentIndex(max(0, box.findData(aim)))
        box.setEnabled(not part.is_empty)
        box.activated.connect(lambda _: self.changed.emit())
        told, alone = Elided("faint"), button(tr(_ALONE), "link")
        told.setText(tr(_EMPTY) if part.is_empty else "")
        alone.clicked.connect(lambda: self.one_wanted.emit(part))
        alone.hide()
        self.ticks[part], self.aims[part], self.told[part], self._alone[part] = tick, box, told, alone
        line = QWidget()
        line.setLayout(
            column(_led(tick, title, box), _led(_BESIDE_PX, told, alone), spacing=0, margins=(0, 2, 8, 0))
        )
        return line

    def _tick_all(self, *, on: bool) -> None:
        for tick in self.ticks.values():
            if tick.isEnabled():
                self._set(tick, on=on)
        self.changed.emit()

    @staticmethod
    def _set(tick: QCheckBox, *, on: bool) -> None:
        tick.blockSignals(True)
        tick.setChecked(on)
        tick.blockSignals(False)


def _led(first: QWidget | int, middle: QWidget, last: QWidget) -> QWidget:
    """Return three pieces in a line; the middle takes the room."""
    holder = QWidget()
    line: QHBoxLayout = row(first, middle, last, spacing=8)
    line.setStretchFactor(middle, 1)
    holder.setLayout(line)
    return holder
