"""Words on the map: which are shown, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QFontMetricsF, QPaintEngine, QPainter, QPainterPath, QPen

from gis.i18n import language as language_in_force
from gis.render.fonts import EM_PER_LETTER, font
from gis.render.paint import color
from gis.render.prepare import Check, nothing
from gis.render.room import Box, Room
from gis.render.viewport import Viewport
from gis.render.wishes import Wish, wishes
from layers import palette
from layers.layer import Layer
from layers.text import Language

HALO_MM: Final = 0.6
"""Width of the white around letters."""
MOST_TRIED: Final = 4000
_MOST_DABBED_PX: Final = 2.4
_DABS: Final = ((-1, 0), (1, 0), (0, -1), (0, 1), (-0.7, -0.7), (0.7, -0.7), (-0.7, 0.7), (0.7, 0.7))


@dataclass(frozen=True)
class PlacedLabel:
    """One label with its place.

    Parameters
    ----------
    text : str
    x, y : float
        Where the line of letters begins, on the baseline, in pixels.
    angle_deg : float
        Turned clockwise around that point.
    size_px : float
        Font size.
    color : str
    bold, halo : bool
    layer, row : str, int
        What it names.
    priority : int
    box : tuple of Box
        What it covers.
    """

    text: str
    x: float
    y: float
    angle_deg: float
    size_px: float
    color: str
    bold: bool
    halo: bool
    layer: str
    row: int
    priority: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class PlacedLabels:
    """The labels of a viewport, none over another."""

    viewport: Viewport
    labels: tuple[PlacedLabel, ...]


def place(
    layers: Iterable[Layer],
    viewport: Viewport,
    *,
    language: Language | None = None,
    minimum_text_mm: float = 0.0,
    obstacles: Sequence[Box] = (),
    check: Check = nothing,
) -> PlacedLabels:
    """Choose and place labels so that none covers another, the important ones first.

    Parameters
    ----------
    layers : iterable of Layer
        Bottom to top; invisible ones are passed over.
    viewport : Viewport
    language : "zh" or "en", optional
        The language in force if not given.
    minimum_text_mm : float
        Smaller labels are enlarged to this.
    obstacles : sequence of (left, top, right, bottom)
        Pixels that labels keep clear of.
    check : callable
        Called between short steps; raises to cancel.
    """
    words = language or language_in_force()
    found = wishes([layer for layer in layers if layer.visible], viewport, words, MOST_TRIED, check)
    room = Room(viewport.width_px, viewport.height_px)
    for box in (*obstacles, *found.obstacles):
        room.take((box,))
    measures = _Measures(viewport.px_per_mm, minimum_text_mm)
    placed = []
    for wish in found.wishes:
        check()
        label = _placed(wish, room, measures)
        if label:
            room.take(label.boxes, wish.text if wish.alone_px else "", wish.alone_px)
            placed.append(label)
    return PlacedLabels(viewport, tuple(placed))


def paint_labels(painter: QPainter, placed: PlacedLabels, check: Check = nothing) -> None:
    """Draw labels: halos first, so that none cuts letters; letters as real text."""
    radius = HALO_MM * placed.viewport.px_per_mm / 2
    halo = _dabbed_halo if radius <= _MOST_DABBED_PX and _is_raster(painter) else _stroked_halo
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for label in placed.labels:
            if label.halo:
                with _turned(painter, label):
                    halo(painter, label, radius)
                check()
        for label in placed.labels:
            with _turned(painter, label):
                painter.setFont(font(label.size_px, label.bold))
                painter.setPen(color(label.color))
                painter.drawText(QPointF(0, 0), label.text)
            check()
    finally:
        painter.restore()


def _stroked_halo(painter: QPainter, label: PlacedLabel, radius: float) -> None:
    """Draw a halo as a wide line along the letters' outlines."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), font(label.size_px, label.bold), label.text)
    pen = QPen(color(palette.HALO, 0.85), 2 * radius)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)


def _dabbed_halo(painter: QPainter, label: PlacedLabel, radius: float) -> None:
    """Draw a thin halo as the letters themselves, white and shifted all around: ten times as fast."""
    painter.setFont(font(label.size_px, label.bold))
    painter.setPen(color(palette.HALO, 0.6))
    for x, y in _DABS:
        painter.drawText(QPointF(x * radius, y * radius), label.text)


def _is_raster(painter: QPainter) -> bool:
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.Raster


@contextmanager
def _turned(painter: QPainter, label: PlacedLabel) -> Iterator[None]:
    """Put the origin where the label begins, its baseline along the x axis."""
    painter.save()
    painter.translate(label.x, label.y)
    if label.angle_deg:
        painter.rotate(label.angle_deg)
    try:
        yield
    finally:
        painter.restore()


class _Measures:
    """Sizes of words in the fonts of one viewport."""

    def __init__(self, px_per_mm: float, minimum_mm: float) -> None:
        self._px_per_mm = px_per_mm
        self._minimum_mm = minimum_mm
        self._metrics: dict[tuple[int, bool], QFontMetricsF] = {}

    def size_px(self, letter_mm: float) -> int:
        """Return the font size of a letter height."""
        return max(1, round(max(letter_mm, self._minimum_mm) * EM_PER_LETTER * self._px_per_mm))

    def of(self, size_px: int, bold: bool) -> QFontMetricsF:
        """Return the metrics of one font."""
        if (size_px, bold) not in self._metrics:
            self._metrics[size_px, bold] = QFontMetricsF(font(size_px, bold))
        return self._metrics[size_px, bold]


Stand = tuple[float, float, float, tuple[Box, ...]]
"""Start of the baseline, angle, and what is covered."""


def _placed(wish: Wish, room: Room, measures: _Measures) -> PlacedLabel | None:
    size = measures.size_px(wish.label.size_mm)
    metrics = measures.of(size, wish.label.bold)
    width, rise, gap = metrics.horizontalAdvance(wish.text), metrics.capHeight() * 1.18, 0.3 * size
    if wish.alone_px and room.repeats(wish.text, wish.x, wish.y):
        return None
    for x, y, angle, boxes in _stands(wish, width, rise, gap):
        if room.is_free(boxes):
            return PlacedLabel(
                wish.text, x, y, angle, size, wish.label.color, wish.label.bold, wish.label.halo, wish.layer,
                wish.row, wish.label.priority, boxes,
            )  # fmt: skip
    return None


def _stands(wish: Wish, width: float, rise: float, gap: float) -> list[Stand]:
    """Return the places to try, the best first."""
    if wish.line is not None:
        return _along(wish.line, width, rise)
    if wish.room_px is not None and wish.label.placement == "centre":
        return _on_area(wish, wish.room_px, width, rise, gap)
    x, y = wish.x, wish.y
    if wish.label.placement == "upper-right":
        x, y = wish.corner[0] - width / 2 - gap, wish.corner[1] + rise / 2 + gap
        return [_upright(x, y, width, rise)] if wish.room_px is None or wish.room_px[0] > 2 * width else []
    return [_upright(x + dx, y + dy, width, rise) for dx, dy in _beside(wish, width / 2, rise / 2, gap)]


def _beside(wish: Wish, half_w: float, half_h: float, gap: float) -> list[tuple[float, float]]:
    """Return offsets of a word's middle from a point that may carry a marker."""
    out = gap + wish.clear_px
    if wish.label.placement == "below":
        return [
            (0, out * 0.4 + half_h), (out + half_w, -wish.clear_px), (-out - half_w, -wish.clear_px),
        ]  # fmt: skip
    if wish.label.placement == "centre":
        return [(0, 0), (0, out + half_h), (0, -out - half_h)]
    return [
        (out + half_w, 0), (-out - half_w, 0), (0, -out - half_h), (0, out + half_h),
        (out + half_w, -half_h - gap), (out + half_w, half_h + gap),
    ]  # fmt: skip


def _on_area(wish: Wish, room_px: tuple[float, float], width: float, rise: float, gap: float) -> list[Stand]:
    """Return places on an area: the middle, beside it, over and under it; turned on narrow ones."""
    across, down = room_px
    x, y = wish.x, wish.y
    turned: list[Stand] = []
    if width > 1.1 * across and width < 1.1 * down:
        reach = max(down, width + rise) / 2 + 0.5
        turned = _along((x, y + reach, x, y - reach), width, rise)
    if width > 1.35 * max(room_px) or rise > 1.6 * min(room_px):
        return turned
    aside = max(0.0, (across - width) / 2 - gap)
    beside = [(share * aside, 0.0) for share in (0.0, -0.5, 0.5, -1.0, 1.0)]
    offsets = [*beside, (0.0, rise + gap), (0.0, -rise - gap)]
    return turned + [_upright(x + dx, y + dy, width, rise) for dx, dy in offsets]


def _upright(x: float, y: float, width: float, rise: float) -> Stand:
    box = (x - width / 2 - 1, y - rise / 2 - 1, x + width / 2 + 1, y + rise / 2 + 1)
    return x - width / 2, y + rise / 2 * 0.85, 0.0, (box,)


def _along(line: tuple[float, float, float, float], width: float, rise: float) -> list[Stand]:
    """Return places on a straight piece, turned to it, never upside down."""
    x1, y1, x2, y2 = line
    length = float(np.hypot(x2 - x1, y2 - y1))
    if length < width + rise:
        return []
    cos, sin = (x2 - x1) / length, (y2 - y1) / length
    if cos < -1e-6 or (abs(cos) <= 1e-6 and sin > 0):
        x1, y1, cos, sin = x2, y2, -cos, -sin
    spare = length - width - rise
    return [
        _on_line(x1, y1, cos, sin, rise / 2 + spare * share, width, rise)
        for share in (0.5, 0.25, 0.75, 0.05, 0.95)
    ]


def _on_line(x: float, y: float, cos: float, sin: float, start: float, width: float, rise: float) -> Stand:
    down = rise / 2 * 0.85
    count = max(1, int(np.ceil(width / rise)))
    step = width / count
    half = max(step, rise) / 2 * (abs(cos) + abs(sin)) * 0.94
    boxes = []
    for number in range(count):
        at = start + (number + 0.5) * step
        cx, cy = x + cos * at, y + sin * at
        boxes.append((cx - half, cy - half, cx + half, cy + half))
    angle = float(np.degrees(np.arctan2(sin, cos)))
    return x + cos * start - sin * down, y + sin * start + cos * down, angle, tuple(boxes)
