"""The layers of files that could come in: which are wanted, into which layer, and what each would bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from gis.exchange.parts import Part
from gis.i18n import tr
from layers.layer import Layer
from layers.text import Text
from ui.panels.batches import Batches
from ui.panels.parts import Choice, Elided, button, clear, column, label, row, scrolled

_CHOICE_PX: Final = 176
_BESIDE_PX: Final = 34
_EMPTY: Final = Text("没有数据", "has no records")
_ALONE: Final = Text("单独导入…", "On its own …")


class _Line(NamedTuple):
    """What can be changed in the two lines of a part."""

    tick: QCheckBox
    aim: Choice
    told: Elided
    alone: QWidget


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
        self.parts: tuple[Part, ...] = ()
        self._off: set[Part] = set()
        self._known: list[str] = []
        self._aims: dict[Part, str] = {}
        self._words: dict[Part, tuple[str, bool]] = {}
        self._lines: dict[Part, _Line] = {}
        self._filling = Batches(self)
        self._inner = QWidget()
        self._inner.setObjectName("PanelBody")
        self._column = column(spacing=2)
        self._inner.setLayout(self._column)
        self.setLayout(column(scrolled(self._inner)))

    @property
    def chosen(self) -> dict[Part, str]:
        """The ticked parts, each with the id of its layer."""
        return {part: self._aims[part] for part in self.parts if part not in self._off}

    @property
    def kept(self) -> tuple[frozenset[Part], dict[Part, str]]:
        """What is not ticked, and all aims, to be taken up by another such list."""
        return frozenset(self._off), dict(self._aims)

    @property
    def ticks(self) -> dict[Part, QCheckBox]:
        """The ticks of all parts; the list is filled to its end for them."""
        self._filling.finish()
        return {part: line.tick for part, line in self._lines.items()}

    @property
    def told(self) -> dict[Part, Elided]:
        """What is said below all parts; the list is filled to its end for it."""
        self._filling.finish()
        return {part: line.told for part, line in self._lines.items()}

    def fill(self, parts: Sequence[Part], layers: Sequence[Layer], aims: Mapping[Part, str]) -> None:
        """Offer parts; those that hold nothing are seen, but cannot be chosen.

        Parameters
        ----------
        parts : sequence of Part
            Hundreds appear one after the other, the first ones at once.
        layers : sequence of Layer
            What may take them.
        aims : mapping of Part to str
            The id of the layer that takes each.
        """
        clear(self._column)
        self._lines.clear()
        self._words.clear()
        self._known = known = [layer.id for layer in layers]
        self.parts = tuple(parts)
        self._off = {part for part in parts if part.is_empty or part.layer.hidden}
        self._aims = {part: aim if (aim := aims.get(part)) in known else known[0] for part in parts}
        everything, nothing = button(tr("全选", "All"), "link"), button(tr("全不选", "None"), "link")
        everything.clicked.connect(lambda: self._tick_all(on=True))
        nothing.clicked.connect(lambda: self._tick_all(on=False))
        head = QWidget()
        heading = label(tr("文件中的图层", "Layers in the file"), "section")
        head.setLayout(row(heading, None, everything, nothing, spacing=2))
        self._column.addWidget(head)
        self._column.addStretch(1)
        self._filling.begin(self._fill(layers, several=len({part.path for part in parts}) > 1))

    def take_up(self, off: frozenset[Part], aims: Mapping[Part, str]) -> None:
        """Choose what was chosen in another such list."""
        self._off = {part for part in self.parts if part.is_empty or part in off}
        self._aims |= {part: aim for part, aim in aims.items() if part in self._aims and aim in self._known}
        for part in self._lines:
            self._show(part)

    def tell(self, part: Part, words: str, *, wrong: bool = False) -> None:
        """Say under a part what it brings, or what is wrong with it."""
        self._words[part] = words, wrong
        if part in self._lines:
            self._show_words(part)

    def _fill(self, layers: Sequence[Layer], *, several: bool) -> Iterator[None]:
        for part in self.parts:
            self._column.insertWidget(self._column.count() - 1, self._line(part, layers, several=several))
            self._show(part)
            if part in self._words:
                self._show_words(part)
            yield

    def _show(self, part: Part) -> None:
        line = self._lines[part]
        self._set(line.tick, on=part not in self._off)
        line.aim.setCurrentIndex(max(0, line.aim.findData(self._aims[part])))

    def _show_words(self, part: Part) -> None:
        line, (words, wrong) = self._lines[part], self._words[part]
        line.told.setText(words)
        line.told.setToolTip(words)
        line.told.setProperty("role", "error" if wrong else "faint")
        line.told.style().polish(line.told)  # type: ignore[union-attr]
        line.alone.setVisible(wrong)

    def _line(self, part: Part, layers: Sequence[Layer], *, several: bool) -> QWidget:
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
        tick.setEnabled(not part.is_empty)
        title.setEnabled(not part.is_empty)
        tick.toggled.connect(lambda on: self._on_tick(part, on=on))
        box = Choice()
        box.setFixedWidth(_CHOICE_PX)
        for layer in layers:
            box.addItem(tr(layer.title), layer.id)
        box.setEnabled(not part.is_empty)
        box.activated.connect(lambda _: self._on_aim(part, str(box.currentData())))
        told, alone = Elided("faint"), button(tr(_ALONE), "link")
        told.setText(tr(_EMPTY) if part.is_empty else "")
        alone.clicked.connect(lambda: self.one_wanted.emit(part))
        alone.hide()
        self._lines[part] = _Line(tick, box, told, alone)
        line = QWidget()
        line.setLayout(
            column(_led(tick, title, box), _led(_BESIDE_PX, told, alone), spacing=0, margins=(0, 2, 8, 0))
        )
        return line

    def _on_tick(self, part: Part, *, on: bool) -> None:
        (self._off.discard if on else self._off.add)(part)
        self.changed.emit()

    def _on_aim(self, part: Part, layer: str) -> None:
        self._aims[part] = layer
        self.changed.emit()

    def _tick_all(self, *, on: bool) -> None:
        self._off = {part for part in self.parts if part.is_empty or not on}
        for part in self._lines:
            self._show(part)
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
