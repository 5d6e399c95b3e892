"""What changed between two states: coloured changes, revision clouds, numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gis.render.cloud_lines import SIDE_MM, Badge, badges, cloud_lines, traces
from gis.render.fonts import font
from gis.render.group import Group
from gis.render.marks import CURVE, CURVE_DATA, LINE, MOVE, FillMark, Frame, Mark, Paths, Pen, StrokeMark
from gis.render.paint import color, paint_mark
from gis.render.prepare import Check, nothing
from gis.render.room import Box
from gis.render.shapes import anchors, flatten
from gis.render.symbols import part_marks
from gis.render.viewport import Viewport
from layers import palette
from layers.style import Crosses, Fill, Hatch, Marker, Stroke, Symbol

if TYPE_CHECKING:
    from shapely import Geometry

    from gis.revisions.comparison import ChangeKind, Comparison, FeatureChange
    from layers.text import Language

CLOUD_FILL: Final = 0.06
Side: TypeAlias = Literal["both", "before", "after"]
"""Which state of a comparison a map shows; ``"both"`` for one map that tells everything."""
CHANGE_SYMBOLS: Final[dict[ChangeKind, Symbol]] = {
    "added": (
        Fill(palette.ADDED, 0.08),
        Stroke(palette.ADDED, 0.6),
        Marker("circle", 2.6, fill="", line=palette.ADDED, line_mm=0.5),
    ),
    "removed": (
        Hatch("diagonal", palette.REMOVED, spacing_mm=1.6, width_mm=0.18, angle_deg=135),
        Stroke(palette.REMOVED, 0.5, dash=(1.8, 0.9)),
        Crosses(palette.REMOVED, size_mm=1.6, spacing_mm=7.0, width_mm=0.4),
        Marker("cross", 2.4, line=palette.REMOVED, line_mm=0.5),
    ),
    "moved": (
        Stroke(palette.MOVED, 0.6),
        Marker("circle", 2.6, fill="", line=palette.MOVED, line_mm=0.5),
    ),
    "reshaped": (Stroke(palette.MOVED, 0.45),),
    "changed": (
        Stroke(palette.CHANGED, 0.6, dash=(0.6, 0.6)),
        Marker("circle", 2.6, fill="", line=palette.CHANGED, line_mm=0.5),
    ),
}
"""How a changed feature is marked; every kind has a line style of its own besides its colour."""
BEFORE_SYMBOL: Final[Symbol] = (
    Stroke(palette.MOVED, 0.4, dash=(1.6, 1.0)),
    Marker("circle", 1.8, fill="", line=palette.MOVED, line_mm=0.3),
)
"""Where a moved or reshaped feature was."""


def paint_comparison(
    painter: QPainter,
    comparison: Comparison,
    viewport: Viewport,
    language: Language | None = None,  # noqa: ARG001
    cut: bool = False,
    check: Check = nothing,
    avoid: Sequence[Box] = (),
    side: Side = "both",
) -> None:
    """Draw the changes of a comparison over a map.

    Changed features in the colour of what happened to them, old outlines
    dashed, arrows from old place to new, then a cloud around each group and a
    triangle with its number.

    Parameters
    ----------
    painter : QPainter
        Its unit is the viewport's pixel; state is given back.
    comparison : Comparison
    viewport : Viewport
    language : "zh" or "en"
        Part of every painter's signature; numbers and signs need no words.
    cut : bool
        Cut changed features off at the edge of the viewport, for a device that cannot clip.
    check : callable
        Called between short steps; raises to cancel.
    avoid : sequence of Box
        Pixels of pins that the triangles keep clear of.
    side : {"both", "before", "after"}
        Which of the two states lies below: each shows only what happened in it.
    """
    paint_clouds(painter, comparison, viewport, cut, check, side)
    paint_numbers(painter, comparison, viewport, check, avoid)


def paint_clouds(
    painter: QPainter,
    comparison: Comparison,
    viewport: Viewport,
    cut: bool = False,
    check: Check = nothing,
    side: Side = "both",
) -> None:
    """Draw changed features and the clouds around them, without the numbers."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for mark in change_marks(comparison, viewport, cut, side):
            paint_mark(mark, painter, viewport, check)
        for mark in cloud_marks(comparison, viewport):
            paint_mark(mark, painter, viewport, check)
    finally:
        painter.restore()


def paint_numbers(
    painter: QPainter,
    comparison: Comparison,
    viewport: Viewport,
    check: Check = nothing,
    avoid: Sequence[Box] = (),
    side_mm: float = SIDE_MM,
    *,
    members: bool = True,
) -> None:
    """Draw the triangles with the numbers of the clouds, clear of the pins in `avoid`; see `badges`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for badge in badges(comparison, viewport, avoid, side_mm, members=members):
            _paint_badge(painter, badge, viewport)
            check()
    finally:
        painter.restore()


def change_marks(
    comparison: Comparison, viewport: Viewport, cut: bool = False, side: Side = "both"
) -> Iterator[Mark]:
    """Yield the marks of all changed features in view, kind by kind.

    Over the state before, that is what goes and where things stood; over the state after, what came and
    where things stand; over a single map, all of it.
    """
    by_kind: dict[ChangeKind, list[FeatureChange]] = {}
    for change in comparison.changes:
        by_kind.setdefault(change.kind, []).append(change)
    if side != "after":
        shifted = (*by_kind.get("moved", ()), *by_kind.get("reshaped", ()))
        old = [c.before.geometry for c in shifted if c.before]
        yield from symbol_marks(BEFORE_SYMBOL, old, viewport, cut)
    for kind, symbol in CHANGE_SYMBOLS.items():
        if side == "both" or (kind == "removed") == (side == "before"):
            yield from symbol_marks(symbol, [c.geometry for c in by_kind.get(kind, ())], viewport, cut)
    if side != "before":
        yield from _move_arrows(by_kind.get("moved", []), viewport)


def symbol_marks(
    symbol: Symbol, geometry: list[Geometry | None], viewport: Viewport, cut: bool = False
) -> Iterator[Mark]:
    """Yield the marks of geometries under one symbol, without attributes."""
    column = np.empty(len(geometry), dtype=object)
    column[:] = geometry
    if not len(column):
        return
    reach = viewport.grown(0.0 if cut else 40 * viewport.px_per_mm)
    column[~shapely.intersects(column, shapely.box(*reach))] = None
    if cut:
        column[:] = shapely.clip_by_rect(column, *reach)
    group = Group(
        flatten(column),
        partial(anchors, column),
        {},
        np.arange(len(column)),
        Frame.of(viewport),
        viewport.px_per_mm,
    )
    for part in symbol:
        yield from part_marks(part, group)


def _move_arrows(moved: list[FeatureChange], viewport: Viewport) -> Iterator[Mark]:
    """Yield thin arrows from the old place to the new one."""
    pairs = [(c.before.geometry, c.after.geometry) for c in moved if c.before and c.after]
    pairs = [(old, new) for old, new in pairs if old is not None and new is not None]
    if not pairs:
        return
    to_px = Frame.of(viewport).to_px
    start = to_px(anchors(np.array([old for old, _ in pairs], dtype=object)))
    end = to_px(anchors(np.array([new for _, new in pairs], dtype=object)))
    step = end - start
    length = np.hypot(step[:, 0], step[:, 1])
    head = 2.0 * viewport.px_per_mm
    far = length > head
    start, end, direction = start[far], end[far], step[far] / length[far, None]
    shaft = Paths.of_pieces(
        np.stack([start, end - direction * head * 0.7], axis=1), np.array([MOVE, LINE], dtype=np.int32)
    )
    yield StrokeMark(shaft, Pen(palette.MOVED, 0.35 * viewport.px_per_mm))
    side = np.c_[-direction[:, 1], direction[:, 0]] * head * 0.32
    back = end - direction * head
    tip = np.stack([end, back + side, back - side, end], axis=1)
    yield FillMark(Paths.of_pieces(tip, np.array([MOVE, LINE, LINE, LINE], dtype=np.int32)), palette.MOVED)


def cloud_marks(comparison: Comparison, viewport: Viewport) -> Iterator[Mark]:
    """Yield the clouds in view: a fill, a casing, scalloped lines; a trace of what a district holds."""
    for ring in traces(comparison, viewport):
        outline = Paths.of_pieces(ring[None], np.r_[MOVE, np.full(len(ring) - 1, LINE)].astype(np.int32))
        yield StrokeMark(outline, Pen(palette.CHANGE, 0.22 * viewport.px_per_mm, 0.8))
    for line in cloud_lines(comparison, viewport):
        codes = np.r_[MOVE, np.tile([CURVE, CURVE_DATA, CURVE_DATA], (len(line) - 1) // 3)].astype(np.int32)
        paths = Paths.of_pieces(line[None], codes)
        yield FillMark(paths, palette.CHANGE, CLOUD_FILL)
        yield StrokeMark(paths, Pen(palette.HALO, 1.1 * viewport.px_per_mm, 0.7))
        yield StrokeMark(paths, Pen(palette.CHANGE, 0.5 * viewport.px_per_mm))


def badge_boxes(
    comparison: Comparison,
    viewport: Viewport,
    avoid: Sequence[Box] = (),
    side_mm: float = SIDE_MM,
    *,
    members: bool = True,
) -> tuple[Box, ...]:
    """Return the pixels that the numbered triangles cover, for labels to keep clear of."""
    return tuple(badge.box for badge in badges(comparison, viewport, avoid, side_mm, members=members))


def _paint_badge(painter: QPainter, badge: Badge, viewport: Viewport) -> None:
    """Draw a triangle with the number of its group, whole over what lies below."""
    mm = viewport.px_per_mm
    if not badge.corners:
        _centred(painter, badge.text, badge.x, badge.y, badge.text_px, halo_px=0.3 * badge.text_px)
        return
    corners = QPolygonF([QPointF(x, y) for x, y in badge.corners])
    pen = QPen(color(palette.HALO), 1.5 * mm)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(QColor(palette.HALO))
    painter.drawPolygon(corners)
    pen = QPen(color(palette.CHANGE), 0.5 * mm)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolygon(corners)
    _centred(painter, badge.text, badge.x, badge.y, badge.text_px)
    if badge.sign:
        _centred(painter, badge.sign, badge.sign_x, badge.sign_y, 4.2 * mm, halo_px=1.2 * mm)


def _centred(painter: QPainter, text: str, x: float, y: float, size_px: float, halo_px: float = 0.0) -> None:
    """Write a word in the middle of a place, on a white halo if asked for."""
    letters = font(size_px, bold=True)
    metrics = QFontMetricsF(letters)
    start = QPointF(x - metrics.horizontalAdvance(text) / 2, y + metrics.capHeight() / 2)
    if halo_px:
        path = QPainterPath()
        path.addText(start, letters, text)
        halo = QPen(color(palette.HALO), halo_px)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
    painter.setFont(letters)
    painter.setPen(color(palette.CHANGE))
    painter.drawText(start, text)
