"""The card on a map of two that says which side it is, and how much of everything there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from gis.i18n import tr
from gis.revisions.comparison import Quantity
from layers.text import Text
from ui.panels.parts import clear, column, label, row

MOST_QUANTITIES: Final = 4
WIDE_PX: Final = 330
"""A side narrower than this has no room for quantities."""


class SideCard(QFrame):
    """Name of a state, whether it is the one before or after, and the quantities that differ."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("SideCard")
        # What lies below it can be clicked: the card only tells.
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title, self._tag = label("", "heading"), label("", "code")
        self._whole = ""
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(1)
        head = row(self._title, self._tag, None)
        whole = column(margins=(12, 7, 12, 8), spacing=4)
        whole.addLayout(head)
        whole.addWidget(self._inner)
        self.setLayout(whole)
        self.hide()

    @property
    def title(self) -> str:
        """The name of the state."""
        return self._whole

    def tell(self, title: Text, tag: Text | None, quantities: Sequence[Quantity], *, after: bool) -> None:
        """Say what is shown.

        Parameters
        ----------
        title : Text
        tag : Text or None
            Before, after; None for two that stand beside each other.
        quantities : sequence of Quantity
            Those that differ are shown, the first few.
        after : bool
            Which of the two numbers of a quantity is meant; the later one tells the difference, too.
        """
        self._whole = tr(title)
        self._title.setText(self._whole)
        self._tag.setText(tr(tag) if tag is not None else "")
        self._tag.setVisible(tag is not None)
        clear(self._grid)
        differing = [q for q in quantities if q.delta][:MOST_QUANTITIES]
        for line, quantity in enumerate(differing):
            for at, words in enumerate(_cells(quantity, after=after)):
                self._grid.addWidget(_cell(words, at), line, at)
        self._inner.setVisible(bool(differing))

    def fit(self, room_px: int, *, quantities: bool) -> None:
        """Take as much room as is needed of what there is."""
        self._inner.setVisible(quantities and room_px >= WIDE_PX and self._grid.count() > 0)
        metrics = self._title.fontMetrics()
        room = max(40, room_px - self._tag.sizeHint().width() - 40)
        self._title.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
        inner = self.layout()
        if inner is not None:  # lines within lines keep their old size until they are told
            inner.invalidate()
            inner.activate()
        self.adjustSize()


def _cells(quantity: Quantity, *, after: bool) -> tuple[str, ...]:
    number = quantity.after if after else quantity.before
    unit = tr(quantity.unit)
    delta = f"{quantity.delta:+,.{quantity.decimals}f}".replace("-", "−")
    told = f"{number:,.{quantity.decimals}f} {unit}".rstrip()
    return (tr(quantity.title), told, delta) if after else (tr(quantity.title), told)


def _cell(words: str, at: int) -> QLabel:
    made = label(words, "soft" if at == 0 else "delta" if at == 2 else "small")
    if at:
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made
