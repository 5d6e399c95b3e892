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
from gis.render.courses import Letter, Stand, stand_straight, stands_along
from gis.render.fonts import EM_PER_LETTER, font
from gis.render.paint import color
from gis.render.prepare import Check, nothing
from gis.render.room import Box, Room
from gis.render.viewport import Viewport
from gis.render.wishes import Slant, Wish, wishes
from layers import palette
from layers.layer import Layer
from layers.text import Language

HALO_MM: Final = 0.6
"""Width of the white around letters."""
MOST_TRIED: Final = 4000
_LIFT: Final = 0.95
"""How far the middle of words stands off their line, in heights of the letters."""
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
    boxes : tuple of Box
        What it covers.
    letters : tuple of Letter
        Letters set one by one around a bend; empty where the text is straight.
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
    letters: tuple[Letter, ...] = ()

    @property
    def pieces(self) -> tuple[Letter, ...]:
        """Return what is drawn in one go: the whole text, or its letters."""
        return self.letters or ((self.text, self.x, self.y, self.angle_deg),)


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
            for text, *place in label.pieces if label.halo else ():
                with _turned(painter, *place):
                    halo(painter, text, label, radius)
            check()
        for label in placed.labels:
            painter.setFont(font(label.size_px, label.bold))
            painter.setPen(color(label.color))
            for text, *place in label.pieces:
                with _turned(painter, *place):
                    painter.drawText(QPointF(0, 0), text)
            check()
    finally:
        painter.restore()


def _stroked_halo(painter: QPainter, text: str, label: PlacedLabel, radius: float) -> None:
    """Draw a halo as a wide line along the letters' outlines."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), font(label.size_px, label.bold), text)
    pen = QPen(color(palette.HALO, 0.85), 2 * radius)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)


def _dabbed_halo(painter: QPainter, text: str, label: PlacedLabel, radius: float) -> None:
    """Draw a thin halo as the letters themselves, white and shifted all around: ten times as fast."""
    painter.setFont(font(label.size_px, label.bold))
    painter.setPen(color(palette.HALO, 0.6))
    for x, y in _DABS:
        painter.drawText(QPointF(x * radius, y * radius), text)


def _is_raster(painter: QPainter) -> bool:
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.Raster


@contextmanager
def _turned(painter: QPainter, x: float, y: float, angle_deg: float) -> Iterator[None]:
    """Put the origin where words begin, their baseline along the x axis."""
    painter.save()
    painter.translate(x, y)
    if angle_deg:
        painter.rotate(angle_deg)
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


def _placed(wish: Wish, room: Room, measures: _Measures) -> PlacedLabel | None:
    size = measures.size_px(wish.label.size_mm)
    metrics = measures.of(size, wish.label.bold)
    rise, gap = metrics.capHeight() * 1.18, 0.3 * size
    if wish.alone_px and room.repeats(wish.text, wish.x, wish.y):
        return None
    for stand in _stands(wish, metrics, rise, gap):
        if room.is_free(stand.boxes):
            look = wish.label
            return PlacedLabel(
                wish.text, stand.x, stand.y, stand.angle_deg, size, look.color, look.bold, look.halo,
                wish.layer, wish.row, look.priority, stand.boxes, stand.letters,
            )  # fmt: skip
    return None


def _stands(wish: Wish, metrics: QFontMetricsF, rise: float, gap: float) -> list[Stand]:
    """Return the places to try, the best first."""
    if wish.course is not None:
        advances = [metrics.horizontalAdvance(wish.text[:n]) for n in range(len(wish.text) + 1)]
        lift = _LIFT * rise if wish.label.placement == "above" else 0.0
        return stands_along(wish.course, wish.text, np.array(advances), rise, lift)
    width = metrics.horizontalAdvance(wish.text)
    if wish.end is not None:
        return _at_end(wish, wish.end, width, rise, gap)
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


def _at_end(wish: Wish, leads: float, width: float, rise: float, gap: float) -> list[Stand]:
    """Return places beside the end of a line, first on the side to which it leads."""
    out = leads * (width / 2 + gap)
    offsets = ((out, 0.0), (0.0, -rise / 2 - gap), (0.0, rise / 2 + gap), (-out, 0.0))
    return [_upright(wish.x + dx, wish.y + dy, width, rise) for dx, dy in offsets]


def _on_area(wish: Wish, room_px: tuple[float, float], width: float, rise: float, gap: float) -> list[Stand]:
    """Return places on an area: the middle, beside it, over and under it; turned on narrow ones."""
    slant, (x, y) = wish.slant, (wish.x, wish.y)
    turned = _lengthwise(wish, slant, width, rise) if slant is not None else []
    across = min(room_px[0], slant.level_px) if slant is not None else room_px[0]
    longest = slant.level_px if turned and slant is not None else max(room_px)
    if width > 1.35 * longest or rise > 1.6 * min(room_px):
        return turned
    aside = max(0.0, (across - width) / 2 - gap)
    beside = [(share * aside, 0.0) for share in (0.0, -0.5, 0.5, -1.0, 1.0)]
    offsets = [*beside, (0.0, rise + gap), (0.0, -rise - gap)]
    return turned + [_upright(x + dx, y + dy, width, rise) for dx, dy in offsets]


def _lengthwise(wish: Wish, slant: Slant, width: float, rise: float) -> list[Stand]:
    """Return places along an area that is too narrow for level words, but long enough for turned ones."""
    if width <= 1.1 * slant.level_px or width >= 1.1 * slant.long_px:
        return []
    angle, spare = np.radians(slant.angle_deg), max(0.0, slant.long_px - width - rise)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    starts = [spare * share - width / 2 for share in (0.0, -0.25, 0.25, -0.45, 0.45)]
    return [
        stand_straight((wish.x + cos * start, wish.y + sin * start), slant.angle_deg, width, rise)
        for start in starts
    ]


def _upright(x: float, y: float, width: float, rise: float) -> Stand:
    box = (x - width / 2 - 1, y - rise / 2 - 1, x + width / 2 + 1, y + rise / 2 + 1)
    return Stand(x - width / 2, y + rise / 2 * 0.85, 0.0, (box,))
