"""How a row of the problem-spot list looks: a pin, what it is, how bad, how far."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from layers import palette
from layers.text import Text
from ui.models.spots import Spot
from ui.panels.code_rows import Chip, RowLook, paint_code, sign_rect
from ui.theme.tokens import theme

_DOTS_PX = 66


def paint_pin(painter: QPainter, centre: QPoint, spot: Spot) -> None:
    """Draw the sign of the map with the code inside: a drop or a diamond, hollow when answered."""
    water = spot.role == "drainage-spot"
    color = QColor(palette.DRAINAGE_SPOT if water else palette.TRAFFIC_SPOT)
    path = QPainterPath()
    if water:
        path.addRoundedRect(sign_rect(centre), 11, 11)
    else:
        x, y = centre.x(), centre.y()
        path.moveTo(x - 18, y)
        for px, py in ((x - 10, y - 11), (x + 10, y - 11), (x + 18, y), (x + 10, y + 11), (x - 10, y + 11)):
            path.lineTo(px, py)
        path.closeSubpath()
    painter.setPen(QPen(color if water or spot.closed else QColor("#6B4A00"), 1.4))
    painter.setBrush(QBrush(QColor(theme().panel) if spot.closed else color))
    painter.drawPath(path)
    paint_code(painter, centre, spot.code, _ink(spot, water))


def _ink(spot: Spot, water: bool) -> QColor:
    """Return a colour that can be read on the sign, or on the panel where the sign is hollow."""
    if not spot.closed:
        return QColor("#FFFFFF" if water else "#1E1E1E")
    dark = theme().name == "dark"
    return QColor(
        ("#7FB6E8" if dark else palette.DRAINAGE_SPOT) if water else "#E8B44C" if dark else "#8A5F00"
    )


def paint_severity(painter: QPainter, box: QRect, spot: Spot) -> None:
    """Draw one to five dots."""
    colors = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(5):
        painter.setBrush(QColor(colors.danger if spot.severity >= 4 else colors.text_soft))
        if step >= spot.severity:
            painter.setBrush(QColor(colors.line))
        painter.drawEllipse(QRectF(box.left() + step * 13, box.center().y() - 3.5, 8, 8))


def status_tones(spot_status: str, closed: bool) -> tuple[str, str]:
    """Return text and ground colour of a status chip."""
    colors = theme()
    if closed:
        return (
            (colors.text_soft, colors.hover)
            if spot_status == "not-adopted"
            else (colors.success, colors.success_soft)
        )
    return (
        (colors.info, colors.info_soft)
        if spot_status == "in-design"
        else (colors.warning, colors.warning_soft)
    )


SPOT_LOOK: RowLook[Spot] = RowLook(
    title=lambda spot: spot.title,
    below=lambda spot: spot.about,
    untitled=Text("（未填写问题）", "(no problem given)"),
    chip=lambda spot: Chip(spot.status_words, *status_tones(spot.status, spot.closed)),
    sign=paint_pin,
    mark=paint_severity,
    mark_px=_DOTS_PX,
)
