"""The coordinate grid: thin lines at round numbers, their coordinates at the edges."""

from __future__ import annotations

import math
from typing import Final

from PyQt6.QtCore import QLineF, QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gis.render.fonts import letter_font
from gis.render.viewport import Viewport

_LEAST_MM: Final = 24.0
"""Lines are at least so far apart on paper or screen."""
_LINE: Final = QColor(94, 104, 114, 120)
"""Seen through: it lies over the plan, whose areas would hide it."""
_INK: Final = QColor("#5B636B")
_TEXT_MM: Final = 2.2
_MOST_LINES: Final = 400


def grid_step(viewport: Viewport) -> float:
    """Return the distance of grid lines at a scale: 1, 2 or 5 times a power of ten metres.

    Examples
    --------
    >>> grid_step(Viewport(0, 0, 0.5, 800, 600))
    50.0
    """
    least = _LEAST_MM * viewport.px_per_mm * viewport.metres_per_px
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= least * 0.999)


def paint_grid(painter: QPainter, viewport: Viewport, step_m: float | None = None) -> None:
    """Draw the grid over a viewport.

    Parameters
    ----------
    painter : QPainter
        Its unit is the viewport's pixel.
    viewport : Viewport
    step_m : float, optional
        Distance of the lines; by the scale if not given, or if lines would lie too close.
    """
    step = max(step_m or 0.0, grid_step(viewport) / 5) if step_m else grid_step(viewport)
    corners = [viewport.to_world(x, y) for x in (0, viewport.width_px) for y in (0, viewport.height_px)]
    xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_LINE, max(1.0, 0.1 * viewport.px_per_mm)))
    for x in _multiples(min(xs), max(xs), step):
        painter.drawLine(_line(viewport, (x, min(ys)), (x, max(ys))))
    for y in _multiples(min(ys), max(ys), step):
        painter.drawLine(_line(viewport, (min(xs), y), (max(xs), y)))
    _paint_numbers(painter, viewport, step, (min(xs), min(ys), max(xs), max(ys)))
    painter.restore()


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return [n * step for n in range(first, min(last, first + _MOST_LINES) + 1)]


def _line(viewport: Viewport, start: tuple[float, float], end: tuple[float, float]) -> QLineF:
    (ax, ay), (bx, by) = viewport.to_px(*start), viewport.to_px(*end)
    return QLineF(float(ax), float(ay), float(bx), float(by))


def _paint_numbers(
    painter: QPainter, viewport: Viewport, step: float, box: tuple[float, float, float, float]
) -> None:
    """Write eastings along the upper edge and northings along the right one, where lines cross the edge."""
    mm = viewport.px_per_mm
    letters = letter_font(_TEXT_MM, mm)
    metrics = QFontMetricsF(letters)
    painter.setFont(letters)
    for x in _multiples(box[0], box[2], step):
        line = _line(viewport, (x, box[1]), (x, box[3]))
        at = _where(line, QLineF(0, 0, viewport.width_px, 0))
        words = _number(x, "E")
        room = viewport.width_px - metrics.horizontalAdvance(words) - 2 * mm
        if at is not None and 0 <= at.x() <= room:
            _write(painter, metrics, words, QPointF(at.x() + mm * 0.8, mm * 0.8), right=False)
    for y in _multiples(box[1], box[3], step):
        line = _line(viewport, (box[0], y), (box[2], y))
        edge = QLineF(viewport.width_px, 0, viewport.width_px, viewport.height_px)
        at = _where(line, edge)
        if at is not None and metrics.height() * 2 <= at.y() <= viewport.height_px - metrics.height():
            place = QPointF(viewport.width_px - mm * 0.8, at.y() + mm * 0.4)
            _write(painter, metrics, _number(y, "N"), place, right=True)


def _where(line: QLineF, edge: QLineF) -> QPointF | None:
    sort, at = line.intersects(edge)
    return at if sort != QLineF.IntersectionType.NoIntersection else None


def _write(painter: QPainter, metrics: QFontMetricsF, words: str, at: QPointF, *, right: bool) -> None:
    width = metrics.horizontalAdvance(words)
    left = at.x() - width if right else at.x()
    ground = QColor("#FFFFFF")
    ground.setAlphaF(0.72)
    room = QRectF(left - 2, at.y(), width + 4, metrics.height())
    painter.fillRect(room, ground)
    painter.setPen(_INK)
    painter.drawText(QPointF(left, at.y() + metrics.ascent()), words)


def _number(metres: float, letter: str) -> str:
    """Return a coordinate in groups of three, with the letter of its direction.

    Examples
    --------
    >>> _number(616700.0, "E")
    '616 700 E'
    """
    digits = 0 if abs(metres - round(metres)) < 1e-6 else 1
    return f"{metres:,.{digits}f} {letter}".replace(",", " ")
