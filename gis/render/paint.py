"""From marks to painter calls: the same for screen, image, PDF and SVG."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPaintEngine, QPainter, QPainterPath, QPen, QTransform

from gis.render.fonts import font
from gis.render.marks import (
    BoxMark,
    FillMark,
    Frame,
    Mark,
    Paths,
    Pen,
    PreparedLayer,
    RasterMark,
    StrokeMark,
    TextMark,
)
from gis.render.prepare import Check, nothing
from gis.render.qpaths import PIECES, batches, draw_runs, is_simple, kept_batches, rectangles
from gis.render.room import Box
from gis.render.viewport import Viewport

SHADOW = QColor(70, 62, 52)
_TOGETHER = 4000
"""A translucent line is drawn in one piece up to so many elements, so that crossings do not darken."""
_WIDE_PX = 1.2
_BOXES = 4000
"""So many boxes are drawn before a look whether anybody still waits."""
_CORNERS, _CORNERLESS_PX = 300, 3.0
"""More outlines than this, no wider than this, get no round corners: nobody sees them, and they take twice
the time."""


def paint_layer(painter: QPainter, prepared: PreparedLayer, check: Check = nothing) -> None:
    """Draw a prepared layer with a painter whose unit is the viewport's pixel.

    The layer's opacity is not applied: draw the finished layer with it.

    Parameters
    ----------
    painter : QPainter
        Antialiasing is switched on; its state is given back as it was.
    prepared : PreparedLayer
    check : callable
        Called between short batches; raises to cancel.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        for mark in prepared.marks:
            paint_mark(mark, painter, prepared.viewport, check)
    finally:
        painter.restore()


def manner_of(prepared: PreparedLayer) -> tuple[object, ...]:
    """Return how the marks of a layer are painted, whatever their outlines are.

    Looks may depend on how many features there are: a part of a picture can be painted anew by itself only if
    all of it would still be painted in the same manner.
    """
    return tuple(_manner(mark) for mark in prepared.marks)


def _manner(mark: Mark) -> tuple[object, ...]:
    match mark:
        case FillMark():
            return FillMark, mark.color, mark.opacity, mark.shadow_px, _is_together(mark.paths, mark.opacity)
        case StrokeMark():
            return StrokeMark, mark.pen, _is_cornerless(mark), _is_together(mark.paths, mark.pen.opacity)
        case TextMark():
            return TextMark, mark.size_px, mark.color, mark.bold
        case RasterMark():
            return RasterMark, mark.color, mark.opacity
        case BoxMark():
            return BoxMark, mark.color, mark.opacity, mark.pen


def _is_together(paths: Paths, opacity: float) -> bool:
    """Tell whether translucent outlines are drawn in one piece."""
    return opacity < 1 and paths.count[1] < _TOGETHER


def _is_cornerless(mark: StrokeMark) -> bool:
    thin = mark.pen.width_px <= _CORNERLESS_PX and not mark.pen.dash_px
    return thin and mark.paths.count[0] > _CORNERS


@singledispatch
def paint_mark(mark: Mark, _painter: QPainter, _viewport: Viewport, _check: Check) -> None:
    """Draw one mark."""
    raise TypeError(f"no way to paint {type(mark).__name__}")


@paint_mark.register(FillMark)
def _(mark: FillMark, painter: QPainter, viewport: Viewport, check: Check) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if mark.shadow_px:
        painter.setBrush(_faded(SHADOW, 0.28))
        painter.translate(mark.shadow_px, mark.shadow_px)
        _draw(painter, mark.paths, viewport, check)
        painter.translate(-mark.shadow_px, -mark.shadow_px)
    painter.setBrush(color(mark.color, mark.opacity))
    together = _is_together(mark.paths, mark.opacity)
    if not together and _one_by_one(painter, mark.paths):
        # single rings: both fill rules say the same, and naming one costs as much as the drawing of a house
        draw_runs(mark.paths, painter.drawPolygon, painter.drawPolygon, check)
        return
    # blending goes over the whole box around a path, so translucent areas are drawn one by one
    pieces = len(mark.paths) if together else PIECES if mark.opacity >= 1 else 1
    _draw(painter, mark.paths, viewport, check, pieces)


@paint_mark.register(StrokeMark)
def _(mark: StrokeMark, painter: QPainter, viewport: Viewport, check: Check) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = mark.paths.frame
    scale = frame.metres_per_px / viewport.metres_per_px if frame and not mark.pen.on_ground else 1.0
    pen = qpen(mark.pen, scale)
    if _is_cornerless(mark):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    together = _is_together(mark.paths, mark.pen.opacity)
    if not together and _one_by_one(painter, mark.paths):
        draw_runs(mark.paths, painter.drawPolygon, painter.drawPolyline, check)
        return
    # wide outlines are filled shapes of many corners: together they take twice the time
    wide = mark.pen.width_px > _WIDE_PX and not mark.pen.dash_px
    _draw(painter, mark.paths, viewport, check, len(mark.paths) if together else 1 if wide else PIECES)


@paint_mark.register(TextMark)
def _(mark: TextMark, painter: QPainter, _viewport: Viewport, check: Check) -> None:
    letters = font(mark.size_px, mark.bold)
    metrics = QFontMetricsF(letters)
    painter.setFont(letters)
    painter.setPen(color(mark.color))
    drop = metrics.capHeight() / 2
    for text, (x, y) in zip(mark.texts, mark.xy.tolist(), strict=True):
        painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, y + drop), text)
    check()


@paint_mark.register(RasterMark)
def _(mark: RasterMark, painter: QPainter, _viewport: Viewport, check: Check) -> None:
    painter.drawImage(QPointF(0, 0), tinted(mark.coverage * mark.opacity, mark.color))
    check()


@paint_mark.register(BoxMark)
def _(mark: BoxMark, painter: QPainter, viewport: Viewport, check: Check) -> None:
    painter.setPen(Qt.PenStyle.NoPen if mark.pen is None else qpen(mark.pen))
    painter.setBrush(color(mark.color, mark.opacity) if mark.color else Qt.BrushStyle.NoBrush)
    _, transform = seen_through(mark.frame, viewport)
    before = painter.transform()
    painter.setTransform(transform, True)
    try:
        for begin in range(0, len(mark.boxes), _BOXES):
            painter.drawRects(rectangles(mark.boxes[begin : begin + _BOXES]))
            check()
    finally:
        painter.setTransform(before)


def color(name: str, opacity: float = 1.0) -> QColor:
    """Return a colour of the palette with an opacity."""
    return _faded(QColor(name), opacity)


def qpen(pen: Pen, scale: float = 1.0) -> QPen:
    """Return the Qt pen of a pen, for a painter enlarged by `scale`."""
    result = QPen(color(pen.color, pen.opacity), pen.width_px / scale)
    result.setJoinStyle(Qt.PenJoinStyle.RoundJoin if pen.round else Qt.PenJoinStyle.MiterJoin)
    rounded = pen.round and not pen.dash_px and not pen.flat_ends
    result.setCapStyle(Qt.PenCapStyle.RoundCap if rounded else Qt.PenCapStyle.FlatCap)
    if pen.dash_px:
        result.setDashPattern([length / max(pen.width_px, 1e-3) for length in pen.dash_px])
    return result


def tinted(coverage: np.ndarray, name: str) -> QImage:
    """Return an image in one colour whose opacity is an array of 0 to 1, shape (height, width)."""
    rgb = QColor(name)
    alpha = np.clip(coverage * 255 + 0.5, 0, 255).astype(np.uint32)
    pixels = alpha << 24
    for shift, part in ((16, rgb.red()), (8, rgb.green()), (0, rgb.blue())):
        pixels |= (alpha * part // 255) << shift
    height, width = pixels.shape
    image = QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def _one_by_one(painter: QPainter, paths: Paths) -> bool:
    """Tell whether pieces are drawn as polygons: only to pixels; files are smaller with paths of several."""
    engine = painter.paintEngine()
    raster = engine is not None and engine.type() == QPaintEngine.Type.Raster
    return raster and paths.frame is None and is_simple(paths)


def _draw(painter: QPainter, paths: Paths, viewport: Viewport, check: Check, pieces: int = PIECES) -> None:
    for path in _paths(painter, paths, viewport, pieces):
        painter.drawPath(path)
        check()


def _paths(painter: QPainter, paths: Paths, viewport: Viewport, pieces: int) -> Iterator[QPainterPath]:
    if paths.frame is None:
        yield from batches(paths, pieces)
        return
    seen, transform = seen_through(paths.frame, viewport)
    before = painter.transform()
    painter.setTransform(transform, True)
    try:
        yield from kept_batches(paths).within(seen)
    finally:
        painter.setTransform(before)


def seen_through(frame: Frame, viewport: Viewport) -> tuple[Box, QTransform]:
    """Return the part of a frame that a viewport shows, in its pixels, and the way to the viewport's."""
    x, y = viewport.to_px(frame.x, frame.y)
    scale = frame.metres_per_px / viewport.metres_per_px
    way = QTransform.fromTranslate(x, y).rotate(viewport.turn_deg - frame.turn_deg).scale(scale, scale)
    back, _ = way.inverted()
    seen = back.mapRect(QRectF(-4, -4, viewport.width_px + 8, viewport.height_px + 8))
    return (seen.left(), seen.top(), seen.right(), seen.bottom()), way


def _faded(base: QColor, opacity: float) -> QColor:
    result = QColor(base)
    result.setAlphaF(base.alphaF() * opacity)
    return result
