"""Scale bar and north arrow, for map, image and sheet."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gis.render.fonts import letter_font
from layers import palette
from layers.style import SCREEN_PX_PER_MM
from layers.text import Language

NICE: Final = (1, 2, 5)
NORTH: Final = {"zh": "北", "en": "N"}


def scale_bar_length(metres_per_px: float, most_px: float) -> float:
    """Return the largest round length (1, 2 or 5 times a power of ten metres) that fits.

    Examples
    --------
    >>> scale_bar_length(0.5, 150)
    50.0
    """
    most = metres_per_px * most_px
    power = 0
    while 10 ** (power + 1) <= most:
        power += 1
    while 10**power > most:
        power -= 1
    return float(max(step * 10**power for step in NICE if step * 10**power <= most))


def paint_scale_bar(
    painter: QPainter,
    x: float,
    y: float,
    metres_per_px: float,
    *,
    width_px: float = 160.0,
    px_per_mm: float = SCREEN_PX_PER_MM,
    text_mm: float = 2.2,
    denominator: float | None = None,
    halo: bool = False,
) -> QRectF:
    """Draw a scale bar in four fields and return what it covers.

    Parameters
    ----------
    x, y : float
        Upper left corner, painter's pixels.
    metres_per_px : float
    width_px : float
        The bar is at most so long.
    px_per_mm, text_mm : float
        Resolution, and height of the letters on paper.
    denominator : float, optional
        Written before the bar as ``1:500``.
    halo : bool
        White ground below, for a bar lying on the map.
    """
    length = scale_bar_length(metres_per_px, width_px)
    bar, mm = length / metres_per_px, px_per_mm
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    letters = letter_font(text_mm, mm)
    metrics = QFontMetricsF(letters)
    painter.setFont(letters)
    title = f"1:{denominator:,.0f}".replace(",", " ") if denominator else ""
    lead = (
        metrics.horizontalAdvance(title) + 2.5 * mm
        if title
        else metrics.horizontalAdvance("0") / 2 + 0.6 * mm
    )
    last = f"{length:g} m" if length < 1000 else f"{length / 1000:g} km"
    tail = metrics.horizontalAdvance(last)
    height = metrics.capHeight() + 0.9 * mm + 1.5 * mm
    whole = QRectF(x, y, lead + bar + tail, height + 0.4 * mm)
    if halo:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 255, 255, 215))
        painter.drawRoundedRect(whole.adjusted(-1.4 * mm, -1.2 * mm, 0.4 * mm, 1.0 * mm), mm, mm)
    left, top = x + lead, y + metrics.capHeight() + 0.9 * mm
    _bar(painter, left, top, bar, 1.3 * mm, 0.2 * mm)
    painter.setPen(QColor(palette.TEXT))
    base = y + metrics.capHeight()
    if title:
        painter.drawText(QPointF(x, top + 1.3 * mm), title)
    for share, text in ((0.0, "0"), (0.5, f"{length / 2 if length < 1000 else length / 2000:g}")):
        painter.drawText(QPointF(left + share * bar - metrics.horizontalAdvance(text) / 2, base), text)
    painter.drawText(QPointF(left + bar - metrics.horizontalAdvance(last.split()[0]) / 2, base), last)
    painter.restore()
    return whole


def _bar(painter: QPainter, left: float, top: float, length: float, height: float, line: float) -> None:
    """Four fields, dark and white in turn."""
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(4):
        painter.setBrush(QColor(palette.TEXT if number % 2 == 0 else "#FFFFFF"))
        painter.drawRect(QRectF(left + number * length / 4, top, length / 4, height))
    painter.setPen(QPen(QColor(palette.TEXT), line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(left, top, length, height))


def paint_north_arrow(
    painter: QPainter,
    centre: QPointF,
    size_px: float,
    *,
    language: Language = "zh",
    rotation_deg: float = 0.0,
) -> None:
    """Draw a north arrow: a circle with a needle, and the letter outside at its tip.

    Parameters
    ----------
    centre : QPointF
        Middle of the circle.
    size_px : float
        Diameter of the circle; with the letter it is 1.35 times as high.
    rotation_deg : float
        Grid north, clockwise from the top of the page.
    """
    radius = size_px / 2
    tail = size_px / 8  # GB/T 50001: a needle with a tail of an eighth of the circle
    ink = QColor(palette.TEXT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.rotate(rotation_deg)
    painter.setPen(QPen(ink, size_px * 0.02))
    painter.setBrush(QColor(255, 255, 255, 200))
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    foot = (radius**2 - (tail / 2) ** 2) ** 0.5
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(0, -radius), QPointF(tail / 2, foot), QPointF(-tail / 2, foot)]))
    letters = letter_font(size_px * 0.16, 1.0, bold=True)
    metrics = QFontMetricsF(letters)
    painter.setFont(letters)
    painter.setPen(ink)
    text = NORTH[language]
    painter.drawText(QPointF(-metrics.horizontalAdvance(text) / 2, -radius - size_px * 0.06), text)
    painter.restore()
