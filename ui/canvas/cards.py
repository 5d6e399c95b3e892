"""Small cards of words on the map. Words are data: nothing in them is read as markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter

SURFACE: Final = QColor(255, 255, 255, 242)
EDGE: Final = QColor("#DADDE1")
TEXT: Final = QColor("#1F2328")
SOFT_TEXT: Final = QColor("#5B636B")
SHADOW: Final = QColor(31, 35, 40, 28)
RADIUS_PX: Final = 6.0
PADDING_PX: Final = 8.0
OFFSET_PX: Final = 16.0
LONGEST_LINE_PX: Final = 340.0
_STEPS: Final = 24
_NEWEST: Final = 40
"""Only so much of what is being drawn is kept clear of."""


@dataclass(frozen=True)
class Line:
    """One line of a card."""

    words: str
    strong: bool = False
    soft: bool = False


class Cards:
    """The cards of one painting of the map: each keeps clear of those that are there already."""

    def __init__(self) -> None:
        self._room = QRectF()
        self._taken: list[QRectF] = []

    def begin(self, room: QRectF, taken: Sequence[QRectF] = ()) -> None:
        """Forget the cards of the painting before; `taken` is covered by something else."""
        self._room, self._taken = room, list(taken)

    def paint(
        self,
        painter: QPainter,
        at: QPointF,
        lines: Sequence[Line],
        *,
        above: bool = False,
        drawn: Sequence[QPointF] = (),
    ) -> None:
        """Paint a card right of a place, below or above it, or on its other side where the map ends.

        What is being drawn, the lines through the points of `drawn`, is not covered if there is another side.
        """

        def stand(width: float, height: float) -> QRectF:
            return placed(
                at, width, height, self._room, above=above, drawn=drawn[-_NEWEST:], taken=self._taken
            )

        self._taken.append(_paint_card(painter, lines, stand))


def _paint_card(painter: QPainter, lines: Sequence[Line], stand: Callable[[float, float], QRectF]) -> QRectF:
    """Paint a card where `stand` puts one of its width and height; return where that is."""
    fonts = [_font(painter.font(), line) for line in lines]
    metrics = [QFontMetricsF(font) for font in fonts]
    words = [
        m.elidedText(line.words.replace("\n", " "), Qt.TextElideMode.ElideRight, LONGEST_LINE_PX)
        for m, line in zip(metrics, lines, strict=True)
    ]
    width = max(m.horizontalAdvance(w) for m, w in zip(metrics, words, strict=True)) + 2 * PADDING_PX
    height = sum(m.lineSpacing() for m in metrics) + 1.5 * PADDING_PX
    card = stand(width, height)
    paint_surface(painter, card)
    y = card.top() + 0.75 * PADDING_PX
    for line, font, metric, shown in zip(lines, fonts, metrics, words, strict=True):
        painter.setFont(font)
        painter.setPen(SOFT_TEXT if line.soft else TEXT)
        painter.drawText(QPointF(card.left() + PADDING_PX, y + metric.ascent()), shown)
        y += metric.lineSpacing()
    return card


def paint_surface(painter: QPainter, card: QRectF) -> None:
    """Paint an empty card with a soft shade."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SHADOW)
    painter.drawRoundedRect(card.translated(0, 2).adjusted(-1, -1, 1, 1), RADIUS_PX + 1, RADIUS_PX + 1)
    painter.setPen(EDGE)
    painter.setBrush(SURFACE)
    painter.drawRoundedRect(card, RADIUS_PX, RADIUS_PX)


def _font(base: QFont, line: Line) -> QFont:
    font = QFont(base)
    font.setBold(line.strong)
    font.setPixelSize(12 if line.soft else 13)
    return font


def placed(
    at: QPointF,
    width: float,
    height: float,
    room: QRectF,
    *,
    above: bool = False,
    drawn: Sequence[QPointF] = (),
    taken: Sequence[QRectF] = (),
) -> QRectF:
    """Return where a card stands: the first corner around a place with room for it, over nothing drawn.

    Another card is covered only if there is no corner left.
    """
    right, left = at.x() + OFFSET_PX, at.x() - OFFSET_PX - width
    over, under = at.y() - OFFSET_PX - height, at.y() + OFFSET_PX
    first, second = (over, under) if above else (under, over)
    tried = [QRectF(x, y, width, height) for y in (first, second) for x in (right, left)]
    for other in taken:
        tried += [QRectF(other.x(), y, width, height) for y in (other.bottom() + 4, other.y() - 4 - height)]
    whole = [card for card in tried if room.adjusted(2, 2, -2, -2).contains(card)]
    free = [card for card in whole if not any(card.intersects(other) for other in taken)]
    # Never on the other side, up or down, to be clear: there stands what the pointer snaps to.
    clear = [card for card in free if card.y() == first and not _covers(card, drawn)]
    card = next(iter(clear or free or whole or tried))
    x = max(room.left() + 2, min(card.x(), room.right() - width - 2))
    y = max(room.top() + 2, min(card.y(), room.bottom() - height - 2))
    return QRectF(round(x) + 0.5, round(y) + 0.5, width, height)


def _covers(card: QRectF, drawn: Sequence[QPointF]) -> bool:
    steps = [share / _STEPS for share in range(_STEPS + 1)]
    return any(card.contains(a + (b - a) * share) for a, b in pairwise(drawn) for share in steps)
