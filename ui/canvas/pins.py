"""Named points, such as control points: a cross and its name, on the map and on a picture alike."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from layers import palette
from ui.theme.appearance import base_font
from ui.theme.tokens import SMALL_PX, theme

_ARM_PX = 8.0


@dataclass(frozen=True)
class Pin:
    """A point with a name.

    Parameters
    ----------
    x, y : float
        In the CRS of the project, or pixels of a picture: whoever paints it knows.
    name : str
    used : bool
        One that is left out is grey.
    current : bool
        The one in hand.
    """

    x: float
    y: float
    name: str
    used: bool = True
    current: bool = False


def paint_pin(painter: QPainter, at: QPointF, pin: Pin) -> None:
    """Paint a pin at a pixel."""
    tone = QColor(theme().danger if pin.current else theme().accent if pin.used else theme().text_faint)
    painter.save()
    for color, width in ((QColor(palette.HALO), 4.0), (tone, 2.0)):
        painter.setPen(QPen(color, width))
        painter.drawLine(at - QPointF(_ARM_PX, 0), at + QPointF(_ARM_PX, 0))
        painter.drawLine(at - QPointF(0, _ARM_PX), at + QPointF(0, _ARM_PX))
    painter.setFont(base_font(SMALL_PX))
    room = QRectF(at.x() + 6, at.y() - 20, painter.fontMetrics().horizontalAdvance(pin.name) + 8, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    painter.drawRoundedRect(room, 4, 4)
    painter.setPen(QColor(palette.HALO))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, pin.name)
    painter.restore()
