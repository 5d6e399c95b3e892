"""A first picture of a large layer: boxes instead of outlines, drawn in hundredths of a second.

Shown while the real one is being prepared for the first time, so that a large project is there at once. Seen
from far a house is a few pixels, and its box looks like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gis.render.marks import BoxMark, Frame, Pen, PreparedLayer
from gis.render.matching import matches_of
from gis.render.shapes import Floats
from gis.render.viewport import Viewport
from layers.boxes import Boxes
from layers.column import Rows
from layers.layer import Layer
from layers.style import Fill, Rule, Stroke

LARGE: Final = 20_000
"""Layers of areas with more features than this are worth a first picture."""
_LEAST_PX, _FINEST_PX, _WIDEST_PX = 0.5, 0.3, 1.0
_EDGED_PX: Final = 4.0
"""Smaller boxes are filled with a colour between those of fill and edge: from far it looks alike."""
_MOST_EDGE: Final = 0.6


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


def boxes_within(bounds: Boxes, viewport: Viewport) -> tuple[Floats, Rows]:
    """Return what a viewport shows of bounds (west, south, east, north), and which rows it shows.

    Returns
    -------
    array, shape (k, 4)
        x, y, width and height in pixels of the viewport were it not turned, half a pixel at least.
    array of int, shape (k,)
    """
    seen = bounds.meeting(viewport.grown(2.0))
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
    typical = float(np.median(np.sqrt(boxes[:, 2] * boxes[:, 3])))
    width = 0.0 if line is None else _edge_px(line, typical, viewport)
    if fill is not None and line is not None and typical < _EDGED_PX:
        share = min(_MOST_EDGE, 2 * width / typical)  # what edges cover of a box of that size, drawn at once
        opacity = fill.opacity * (1 - share) + line.opacity * share
        yield BoxMark(_grown(boxes, width / 2), frame, _mixed(fill.color, line.color, share), opacity)
        return
    pen = None if line is None else Pen(line.color, width, line.opacity, round=False)
    yield BoxMark(
        boxes, frame, "" if fill is None else fill.color, 1.0 if fill is None else fill.opacity, pen
    )


def _edge_px(line: Stroke, typical: float, viewport: Viewport) -> float:
    """Return the width of edges: so fine that it leaves something of the fill."""
    finest = min(_WIDEST_PX, max(_FINEST_PX, 0.15 * typical))
    return min(finest, (line.outline_mm or line.width_mm) * viewport.px_per_mm)


def _grown(boxes: Floats, by_px: float) -> Floats:
    return np.concatenate([boxes[:, :2] - by_px, boxes[:, 2:] + 2 * by_px], axis=1)


def _mixed(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another one; both as #RRGGBB."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
