"""Areas below two pixels: what they cover of each pixel, without outlines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from gis.render.group import Group
from gis.render.marks import LINE, MOVE, FillMark, Frame, Mark, Paths, RasterMark
from gis.render.shapes import Floats
from gis.render.viewport import Viewport
from layers.style import Fill, Stroke, Symbol

TINY_PX: Final = 2.0
MOST_PIXELS: Final = 8_000_000
"""Larger pictures (a sheet) get squares as well: a raster of their size would fill the memory."""


def speck_marks(symbol: Symbol, group: Group, viewport: Viewport, vector: bool) -> Iterator[Mark]:
    """Yield the tiny areas of a group as a raster, or as squares on vector devices and large pictures."""
    color, opacity = look_from_far(symbol)
    if not color:
        return
    centre = Frame.of(viewport).to_px(group.anchors[group.tiny])
    area = group.tiny_m2 / viewport.metres_per_px**2
    if vector or viewport.width_px * viewport.height_px > MOST_PIXELS:
        half = np.sqrt(area)[:, None, None] / 2
        square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)], dtype=float)
        codes = np.array([MOVE, LINE, LINE, LINE, LINE], dtype=np.int32)
        yield FillMark(Paths.of_pieces(centre[:, None, :] + square * half, codes), color, opacity)
    else:
        yield RasterMark(coverage(centre, area, viewport.width_px, viewport.height_px), color, opacity)


def coverage(
    centre: Floats, area: Floats, width: int, height: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Sum areas (square pixels) over the four pixels around each centre, at most 1 each.

    Spreading by the distance to the four pixel centres keeps the total and the
    place, so specks do not jump from pixel to pixel while the map moves.
    """
    x, y = centre[:, 0] - 0.5, centre[:, 1] - 0.5
    left, top = np.floor(x), np.floor(y)
    fx, fy = x - left, y - top
    total = np.zeros((height + 2) * (width + 2))
    column, row = left.astype(np.int64) + 1, top.astype(np.int64) + 1
    inside = (column >= 0) & (column <= width) & (row >= 0) & (row <= height)
    index = (row * (width + 2) + column)[inside]
    for step, weight in (
        (0, (1 - fx) * (1 - fy)), (1, fx * (1 - fy)), (width + 2, (1 - fx) * fy), (width + 3, fx * fy),
    ):  # fmt: skip
        total += np.bincount(index + step, (weight * area)[inside], minlength=len(total))
    grid = total.reshape(height + 2, width + 2)[1:-1, 1:-1]
    return np.minimum(grid, 1.0).astype(np.float32)


def look_from_far(symbol: Symbol) -> tuple[str, float]:
    """Return the colour and opacity that stand for a symbol where it is tiny: its fill, else its line."""
    for kind in (Fill, Stroke):
        for part in symbol:
            if isinstance(part, kind):
                return part.color, part.opacity
    return "", 0.0
