"""The line that says what was chosen last for such a file, and whether that holds again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame

from gis.exchange.kept_choices import Offer
from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import button, column, label, row

_SHOWN: Final = 4
_AGAIN: Final = Text(
    "沿用上次导入同样列的文件时的选择：{w}", "As last time with a file of the same columns: {w}"
)
_NOT_AGAIN: Final = Text(
    "未沿用上次的选择，由 Planboard 判断。", "Guessed by Planboard, not as chosen last time."
)
_UNFIT: Final = Text("上次的选择这次不适合，未沿用：{w}", "Chosen last time, but it does not fit now: {w}")
_GUESS: Final = Text("改用自动判断", "Use the guess")
_LAST: Final = Text("沿用上次", "As last time")
_MORE: Final = Text("等 {n} 项", "and {n} in all")


class KeptNote(QFrame):
    """Hidden while there is nothing to say.

    Signals
    -------
    turned(bool)
        The user wants the choices of last time, or what Planboard would guess.
    """

    turned = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("Card")
        self.again = True
        """Whether the choices of last time hold."""
        self.words, self.unfit = label(wrap=True), label(role="warning", wrap=True)
        self.turn = button("", "link")
        self.turn.clicked.connect(self._on_turn)
        self._offer: Offer | None = None
        line = row(self.words, self.turn, spacing=8)
        line.setStretch(0, 1)
        line.setAlignment(self.turn, Qt.AlignmentFlag.AlignTop)
        inner = column(margins=(12, 6, 8, 6), spacing=4)
        inner.addLayout(line)
        inner.addWidget(self.unfit)
        self.setLayout(inner)
        self.hide()

    def tell(self, offer: Offer | None) -> None:
        """Say what of the last choices is taken up, and what is not."""
        self._offer = offer
        taken, refused = (offer.taken, offer.refused) if offer is not None else ((), ())
        self.setVisible(bool(taken or refused))
        words = _AGAIN.format(w=_listed(taken)) if self.again else _NOT_AGAIN
        self.words.setText(tr(words))
        self.words.setToolTip("\n".join(map(tr, taken)))
        self.words.setVisible(bool(taken))
        self.unfit.setText(tr(_UNFIT.format(w=_listed(refused))))
        self.unfit.setToolTip("\n".join(map(tr, refused)))
        self.unfit.setVisible(bool(refused))
        self.turn.setText(
            tr("改用自动判断", "Use the guess") if self.again else tr("沿用上次", "As last time")
        )
        self.turn.setVisible(bool(taken))

    def _on_turn(self) -> None:
        self.again = not self.again
        self.tell(self._offer)
        self.turned.emit(self.again)


def _listed(parts: Sequence[Text]) -> Text:
    shown = parts[:_SHOWN]
    words = Text("；".join(p.zh for p in shown), "; ".join(p.en for p in shown))
    if len(parts) <= _SHOWN:
        return words
    more = _MORE.format(n=len(parts))
    return Text(words.zh + more.zh, f"{words.en} {more.en}")
