"""The line over a list: what it is asked for, how much was found, what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QComboBox, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import Elided, Wording, find_line, row, segment

_LETTERS, _MOST_PX, _CARET_PX, _EDGES_PX, _MARGINS_PX = 4, 132, 40, 40, 20


class FilterBar(QWidget):
    """Segments of which one is chosen, combos, words to look for, a count, and acts.

    In one line where there is room, in two or three where not.

    Signals
    -------
    changed()
        Something else is asked for.
    """

    changed = pyqtSignal()

    def __init__(
        self, words: Wording, segments: Sequence[tuple[str, Text]], combos: int, acts: Iterable[QWidget]
    ) -> None:
        super().__init__()
        self.segments = {code: segment() for code, _ in segments}
        for (code, title), one in zip(segments, self.segments.values(), strict=True):
            words.bind(one.setText, title)
            one.setAutoExclusive(True)
            one.setChecked(code == segments[0][0])
            one.toggled.connect(lambda on: self.changed.emit() if on else None)
        self.combos = [self._combo() for _ in range(combos)]
        self.line = find_line(160)
        self.line.setMinimumWidth(90)
        words.bind(self.line.setPlaceholderText, Text("筛选", "Filter"))
        self.line.textChanged.connect(self.changed)
        self.count = Elided("soft")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._second = row(self.line, spacing=8)
        self._second.addWidget(self.count, 1)
        for act in acts:
            self._second.addWidget(act)
        self._choices = row(*self.segments.values(), spacing=4), row(*self.combos, spacing=4)
        self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._first.setSpacing(8)
        for stretch, choices in enumerate(self._choices):
            choices.addStretch(0)
            self._first.addLayout(choices, stretch)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(12, 6, _MARGINS_PX - 12, 6)
        self._both.setSpacing(8)
        self._both.addLayout(self._first)
        self._both.addLayout(self._second, 1)

    @property
    def chosen(self) -> str:
        """The code of the chosen segment."""
        return next((code for code, one in self.segments.items() if one.isChecked()), "")

    @property
    def text(self) -> str:
        """The words to look for."""
        return self.line.text()

    def choice(self, at: int) -> Any:
        """Return the code chosen in a combo."""
        return self.combos[at].currentData()

    def refill(self, at: int, entries: Iterable[tuple[object, Text]]) -> None:
        """Give a combo other entries; what was chosen stays chosen if it is still there."""
        combo = self.combos[at]
        kept = combo.currentData()
        combo.blockSignals(True)
        combo.clear()
        for code, words in entries:
            combo.addItem(tr(words), code)
        combo.setCurrentIndex(max(0, combo.findData(kept)))
        combo.setMinimumWidth(combo.fontMetrics().horizontalAdvance(combo.itemText(0)) + _CARET_PX)
        combo.blockSignals(False)
        self._fit()

    def clear(self) -> None:
        """Ask for everything again."""
        self.blockSignals(True)
        next(iter(self.segments.values())).setChecked(True)
        for combo in self.combos:
            combo.setCurrentIndex(0)
        self.line.clear()
        self.blockSignals(False)
        self.changed.emit()

    def say(self, words: str) -> None:
        """Tell how much was found."""
        self.count.setText(words)
        self._fit()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Use two lines where one is too short."""
        self._fit()
        super().resizeEvent(a0)

    def _fit(self) -> None:
        """Use one line if it fits, without the count if need be (the tab of the list tells it, too).

        Combos stand below the segments where even those do not fit beside each other.
        """
        counted = self.count.fontMetrics().horizontalAdvance(self.count.text()) + 8
        bare = self._first.sizeHint().width() + self._second.sizeHint().width() + _EDGES_PX
        wide = self.width() >= bare
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self.count.setVisible(not wide or self.width() >= bare + counted)
        if self._both.direction() != way:
            self._both.setDirection(way)
        least = sum(choices.minimumSize().width() for choices in self._choices)
        narrow = self.width() < least + self._first.spacing() + _MARGINS_PX
        above = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._first.direction() != above:
            self._first.setDirection(above)

    def _combo(self) -> QComboBox:
        combo = QComboBox()
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(_LETTERS)
        combo.setMaximumWidth(_MOST_PX)
        combo.activated.connect(self.changed)
        return combo
