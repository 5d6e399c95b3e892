"""A veil over the map while files are held over the window: it says what letting go will do."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from gis.i18n import tr
from layers.text import Text, same
from ui.theme.appearance import base_font
from ui.theme.tokens import BASE_PX, theme

_MARGIN_PX: Final = 14.0
_ROUND_PX: Final = 10.0
_VEIL_ALPHA: Final = 200
_WORDS_PX: Final = BASE_PX + 4


class DropVeil(QWidget):
    """Covers a widget; neither mouse nor drag ends at it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.words = same("")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_words(self, words: Text) -> None:
        """Come up with what letting go will do."""
        self.words = words
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(colours.window)
        veil.setAlpha(_VEIL_ALPHA)
        room = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(colours.accent), 2.0, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(room, _ROUND_PX, _ROUND_PX)
        font = base_font(_WORDS_PX)
        words = QFontMetricsF(font).elidedText(
            tr(self.words), Qt.TextElideMode.ElideMiddle, room.width() - 2 * _MARGIN_PX
        )
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
