"""Areas below two pixels: what they cover of each pixel, without outlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from gis.render.marks import LINE, MOVE, FillMark, Frame, Mark, Paths, RasterMark
from gis.render.shapes import Floats
from gis.render.tiny import Specks
from gis.render.viewport import Viewport
from layers.style import Fill, Stroke, Symbol

TINY_PX: Final = 2.0
MOST_PIXELS: Final = 8_000_000
"""Larger pictures (a sheet) get squares as well: a raster of their size would fill the memory."""


def speck_marks(symbol: Symbol, specks: Specks, viewport: Viewport, vector: bool) -> Iterator[Mark]:
    """Yield the tiny areas of a rule as a raster, or as squares on vector devices and large pictures."""
    color, opacity = look_from_far(symbol)
    if not color:
        return
    if vector or viewport.width_px * viewport.height_px > MOST_PIXELS:
        for centre, area in _in_pixels(specks, viewport):
            half = np.sqrt(area)[:, None, None] / 2
            yield FillMark(Paths.of_pieces(centre[:, None, :] + _SQUARE * half, _CODES), color, opacity)
    else:
        parts = _in_pixels(specks, viewport)
        yield RasterMark(coverage(parts, viewport.width_px, viewport.height_px), color, opacity)


_SQUARE: Final = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], dtype=float)
_CODES: Final = np.array([MOVE, LINE, LINE, LINE, LINE], dtype=np.int32)


def _in_pixels(specks: Specks, viewport: Viewport) -> Iterator[tuple[Floats, Floats]]:
    frame = Frame.of(viewport)
    for place, area in specks.parts():
        yield frame.to_px(place), area / viewport.metres_per_px**2


def coverage(
    parts: Iterable[tuple[Floats, Floats]], width: int, height: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Sum areas (square pixels) over the four pixels around each centre, at most 1 each.

    Spreading by the distance to the four pixel centres keeps the total and the
    place, so specks do not jump from pixel to pixel while the map moves.

    Parameters
    ----------
    parts : iterable of (centres, areas)
        Shapes (k, 2) and (k,), in pixels.
    """
    total = np.zeros((height + 2) * (width + 2))
    for centre, area in parts:
        x, y = centre[:, 0] - 0.5, centre[:, 1] - 0.5
        seen = (x >= -1) & (x < width) & (y >= -1) & (y < height)
        x, y, size = x[seen], y[seen], area[seen]
        if not len(x):
            continue
        left, top = np.floor(x), np.floor(y)
        fx, fy = x - left, y - top
        index = (top.astype(np.int64) + 1) * (width + 2) + left.astype(np.int64) + 1
        low = int(index.min())
        for step, weight in (
            (0, (1 - fx) * (1 - fy)), (1, fx * (1 - fy)), (width + 2, (1 - fx) * fy), (width + 3, fx * fy),
        ):  # fmt: skip
            added = np.bincount(index - low, weight * size)
            total[low + step : low + step + len(added)] += added
    grid = total.reshape(height + 2, width + 2)[1:-1, 1:-1]
    return np.minimum(grid, 1.0).astype(np.float32)


def look_from_far(symbol: Symbol) -> tuple[str, float]:
    """Return the colour and opacity that stand for a symbol where it is tiny: its fill, else its line."""
    for kind in (Fill, Stroke):
        for part in symbol:
            if isinstance(part, kind):
                return part.color, part.opacity
    return "", 0.0
