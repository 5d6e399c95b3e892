"""A first picture of a large layer: boxes instead of outlines, made of arrays in hundredths of a second.

Shown while the real one is being prepared for the first time, so that a large
project is there at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gis.render.marks import Frame, PreparedLayer, RasterMark
from gis.render.shapes import Floats
from gis.render.specks import look_from_far
from gis.render.viewport import Viewport
from layers.layer import Layer

LARGE: Final = 20_000
"""Layers of areas with more features than this are worth a first picture."""
_STRENGTH: Final = 0.8


def is_large(layer: Layer) -> bool:
    """Tell whether a layer takes so long to draw that boxes should be shown before."""
    return len(layer.table) > LARGE and layer.kind.geometry[0] == "polygon"


def rough_layer(layer: Layer, viewport: Viewport) -> PreparedLayer:
    """Return a layer as the boxes of its features, in the colour that most of them have."""
    color, opacity = look_from_far(layer.style.rules[-1].symbol)
    if not color:
        return PreparedLayer(layer.id, viewport, (), layer.opacity)
    bounds = layer.table.bounds
    bounds = bounds[~np.isnan(bounds[:, 0])]
    covered = boxes_covering(bounds, viewport)
    mark = RasterMark(covered, color, opacity * _STRENGTH)
    return PreparedLayer(layer.id, viewport, (mark,), layer.opacity)


def boxes_covering(bounds: Floats, viewport: Viewport) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return which pixels boxes cover, 0 or 1, shape (height, width).

    Each box adds one at two of its corners and takes one at the others; sums
    along rows and columns then count the boxes over every pixel.
    """
    frame = Frame.of(viewport)
    # corners of a box that is turned are its opposite ones as seen from the middle
    corners = np.stack([frame.to_px(bounds[:, [0, 1]]), frame.to_px(bounds[:, [2, 3]])])
    low, high = corners.min(axis=0), corners.max(axis=0)
    width, height = viewport.width_px, viewport.height_px
    size = np.array([width, height])
    seen = ((high >= 0) & (low <= size)).all(axis=1)
    first = np.clip(np.floor(low[seen] + 0.5), 0, size).astype(np.int64)
    last = np.clip(np.maximum(np.floor(high[seen] + 0.5), first + 1), 0, size).astype(np.int64)
    across = width + 1
    count = np.zeros(across * (height + 1))
    for x, y, sign in ((first, first, 1), (last, first, -1), (first, last, -1), (last, last, 1)):
        count += sign * np.bincount(y[:, 1] * across + x[:, 0], minlength=len(count))
    grid = count.reshape(height + 1, across).cumsum(axis=0).cumsum(axis=1)
    return (grid[:height, :width] > 0.5).astype(np.float32)
