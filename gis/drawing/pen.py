"""Type and lines in millimetres on any paint device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QTextLayout, QTextOption

from gis.drawing.paper import Box
from gis.render.fonts import font as map_font

EM_PER_HAN = 1.087
"""Font size of an ideograph's height: Noto's fill 0.92 of the em square."""

_MOST_PER_EM = 8
"""More letters than this never stand on the length of one letter's height."""

INK = "#23211E"
SOFT = "#6B645C"
LINE = "#C9C3B9"


@dataclass(frozen=True)
class Ink:
    """How a piece of text looks: height of its letters in mm, weight, colour, alignment."""

    size_mm: float
    bold: bool = False
    color: str = INK
    align: str = "left"
    leading: float = 1.32


class Pen:
    """A painter that thinks in millimetres.

    Parameters
    ----------
    painter : QPainter
    px_per_mm : float
        Device pixels of one millimetre.
    dry : bool
        Measures only. Every block is laid out by the code that paints it, so
        that measured and painted height cannot differ.
    """

    def __init__(self, painter: QPainter, px_per_mm: float, dry: bool = False) -> None:
        self.painter = painter
        self.px = px_per_mm
        self.dry = dry

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Lay out without painting."""
        was, self.dry = self.dry, True
        try:
            yield
        finally:
            self.dry = was

    def font(self, ink: Ink) -> QFont:
        """Return the font of a piece of text; its capital and Han height is `size_mm`."""
        return map_font(ink.size_mm * EM_PER_HAN * self.px, ink.bold)

    def width(self, words: str, ink: Ink) -> float:
        """Return the width of one line in mm."""
        return QFontMetricsF(self.font(ink), self.painter.device()).horizontalAdvance(words) / self.px

    def fitted(self, words: str, ink: Ink, width: float, smallest_mm: float) -> Ink:
        """Return `ink`, smaller if the words would be wider than `width`, never below `smallest_mm`."""
        natural = self.width(words, ink)
        if natural <= width:
            return ink
        return replace(ink, size_mm=max(smallest_mm, ink.size_mm * width / natural * 0.995))

    def text(self, x: float, y: float, width: float, words: str, ink: Ink, most_lines: int = 0) -> float:
        """Set words in a column and return the y below them.

        Parameters
        ----------
        x, y, width : float
            Upper left corner and column width, mm.
        words : str
            Plain text; line ends start a new line. Never read as markup.
        ink : Ink
        most_lines : int
            Cut with an ellipsis after so many lines (0: never).
        """
        if not words:
            return y
        step = ink.size_mm * ink.leading
        if most_lines:  # what is cut anyway is not laid out: a note may hold a book
            words = words[: round(most_lines * (width / ink.size_mm + 1) * _MOST_PER_EM) + 1]
        lines = [line for paragraph in words.splitlines() for line in self._lines(paragraph, width, ink)]
        if most_lines and len(lines) > most_lines:
            lines = [*lines[: most_lines - 1], lines[most_lines - 1][:-1] + "…"]
        for line in lines:
            self._line(x, y, width, line, ink)
            y += step
        return y

    def line(
        self, x1: float, y1: float, x2: float, y2: float, width_mm: float = 0.18, color: str = LINE
    ) -> None:
        """Draw a straight line."""
        if not self.dry:
            self.painter.setPen(self._pen(color, width_mm))
            self.painter.drawLine(self._at(x1, y1), self._at(x2, y2))

    def box(self, box: Box, width_mm: float = 0.18, color: str = LINE, fill: str | None = None) -> None:
        """Draw a rectangle; a width of 0 draws no outline."""
        if self.dry:
            return
        self.painter.setPen(self._pen(color, width_mm) if width_mm else Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
        self.painter.drawRect(self.rect(box))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def polygon(self, points: Sequence[tuple[float, float]], fill: str, color: str, width_mm: float) -> None:
        """Draw a filled polygon."""
        if self.dry:
            return
        self.painter.setPen(self._pen(color, width_mm))
        self.painter.setBrush(QColor(fill))
        self.painter.drawPolygon(QPolygonF([self._at(*p) for p in points]))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def disc(self, x: float, y: float, radius: float, fill: str, color: str, width_mm: float) -> None:
        """Draw a filled circle."""
        if self.dry:
            return
        self.painter.setPen(self._pen(color, width_mm))
        self.painter.setBrush(QColor(fill))
        self.painter.drawEllipse(self._at(x, y), radius * self.px, radius * self.px)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    def rect(self, box: Box) -> QRectF:
        """Return a box in device pixels."""
        return QRectF(box.x * self.px, box.y * self.px, box.width * self.px, box.height * self.px)

    def _at(self, x: float, y: float) -> QPointF:
        return QPointF(x * self.px, y * self.px)

    def _pen(self, color: str, width_mm: float) -> QPen:
        pen = QPen(QColor(color), width_mm * self.px)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _line(self, x: float, y: float, width: float, words: str, ink: Ink) -> None:
        if self.dry:
            return
        font = self.font(ink)
        metrics = QFontMetricsF(font, self.painter.device())
        advance = metrics.horizontalAdvance(words) / self.px
        shift = {"left": 0.0, "right": width - advance, "centre": (width - advance) / 2}[ink.align]
        # the Han body sits on 88 % of the em; what remains of the leading goes half above, half below
        baseline = y + ink.size_mm * ((ink.leading - 1) / 2 + 0.9)
        self.painter.setFont(font)
        self.painter.setPen(QColor(ink.color))
        self.painter.drawText(self._at(x + shift, baseline), words)

    def _lines(self, words: str, width: float, ink: Ink) -> list[str]:
        layout = QTextLayout(words, self.font(ink), self.painter.device())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width * self.px)
            lines.append(words[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        return lines or [""]
