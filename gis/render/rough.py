"""A first picture of a large layer: boxes instead of outlines, drawn in hundredths of a second.

Shown while the real one is being prepared for the first time, so that a large project is there at once. Seen
from far a house is a few pixels, and its box looks like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gis.render.marks import BoxMark, Frame, PreparedLayer
from gis.render.marks import Pen as MarkPen
from gis.render.matching import matches_of
from gis.render.shapes import Floats, Mask
from gis.render.viewport import Viewport
from layers.layer import Layer
from layers.style import Fill, Rule, Stroke

LARGE: Final = 20_000
"""Layers of areas with more features than this are worth a first picture."""
_LEAST_PX, _FINEST_PX, _WIDEST_PX = 0.5, 0.3, 1.0
_EDGED_PX: Final = 1.5
"""Boxes that are thinner than this on the whole get no edge: it would be all that is left of them."""


def is_large(layer: Layer) -> bool:
    """Tell whether a layer takes so long to draw that boxes should be shown before."""
    return len(layer.table) > LARGE and layer.kind.geometry[0] == "polygon"


def rough_layer(layer: Layer, viewport: Viewport) -> PreparedLayer:
    """Return a layer as the boxes of its features, in the colours of its style."""
    boxes, seen = boxes_within(layer.table.bounds, viewport)
    matches = matches_of(layer.table, layer.style)
    ruled = [(rule, matches.rule == number) for number, rule in enumerate(layer.style.rules)]
    stated = list(zip(layer.style.overlays, matches.overlays, strict=True))
    frame = _upright(viewport)
    marks = [
        mark for rule, mask in (*ruled, *stated) for mark in _marks(rule, boxes[mask[seen]], frame, viewport)
    ]
    return PreparedLayer(layer.id, viewport, tuple(marks), layer.opacity)


def boxes_within(bounds: Floats, viewport: Viewport) -> tuple[Floats, Mask]:
    """Return what a viewport shows of bounds (west, south, east, north), and which rows it shows.

    Returns
    -------
    array, shape (k, 4)
        x, y, width and height in pixels of the viewport were it not turned, half a pixel at least.
    mask, shape (n,)
    """
    west, south, east, north = viewport.grown(2.0)
    with np.errstate(invalid="ignore"):
        seen: Mask = (
            (bounds[:, 0] <= east)
            & (bounds[:, 2] >= west)
            & (bounds[:, 1] <= north)
            & (bounds[:, 3] >= south)
        )
    frame, chosen = _upright(viewport), bounds[seen]
    low, high = frame.to_px(chosen[:, [0, 3]]), frame.to_px(chosen[:, [2, 1]])
    return np.concatenate([low, np.maximum(high - low, _LEAST_PX)], axis=1), seen


def _upright(viewport: Viewport) -> Frame:
    """Return a frame at the middle of a viewport with its pixels, north up."""
    return Frame(viewport.centre_x, viewport.centre_y, viewport.metres_per_px)


def _marks(rule: Rule, boxes: Floats, frame: Frame, viewport: Viewport) -> Iterator[BoxMark]:
    fill = next((part for part in rule.symbol if isinstance(part, Fill)), None)
    line = next((part for part in rule.symbol if isinstance(part, Stroke) and not part.width_field), None)
    if not len(boxes) or (fill is None and line is None):
        return
    pen = _pen(line, boxes, viewport) if line is not None else None
    if fill is not None and (pen is None or fill.opacity == 1):
        yield BoxMark(boxes, frame, fill.color, fill.opacity, pen)
    else:
        if fill is not None:
            yield BoxMark(boxes, frame, fill.color, fill.opacity)
        if pen is not None:
            yield BoxMark(boxes, frame, "", 1.0, pen)


def _pen(line: Stroke, boxes: Floats, viewport: Viewport) -> MarkPen | None:
    """Return the pen of the edges: so fine that it leaves something of the fill."""
    typical = float(np.median(np.sqrt(boxes[:, 2] * boxes[:, 3])))
    if typical < _EDGED_PX:
        return None
    finest = min(_WIDEST_PX, max(_FINEST_PX, 0.15 * typical))
    width = min(finest, (line.outline_mm or line.width_mm) * viewport.px_per_mm)
    return MarkPen(line.color, width, line.opacity, round=False)
