"""Hatches as real lines: cut at the outline by arithmetic, not by a clip or a bitmap.

The same lines come out on screen, in a PDF and in an SVG. Their pattern is
tied to the world, so it does not crawl while the map is dragged.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.render.group import Group
from gis.render.marks import LINE, MOVE, FillMark, Mark, Paths, Pen, StrokeMark
from gis.render.outlines import CIRCLE, CIRCLE_CODES
from gis.render.shapes import Floats, Ints, Runs, flatten, starts_of
from layers.style import Hatch

MOST_LINES = 60_000
"""A hatch of more segments than this is no longer a pattern; it is left out."""


def hatch_marks(part: Hatch, group: Group) -> Iterator[Mark]:
    """Yield the marks of a hatch over the areas (or true-width bands) of a group."""
    runs = _band_runs(part.width_field, group) if part.width_field else group.area_runs
    if not len(runs):
        return
    spacing = part.spacing_mm * group.px_per_mm
    pen = Pen(part.color, part.width_mm * group.px_per_mm)
    angles = (part.angle_deg, part.angle_deg + 90.0) if part.pattern == "cross" else (part.angle_deg,)
    for angle in angles:
        start, end, line = scan_lines(runs, spacing, np.radians(angle), group)
        if not 0 < len(start) <= MOST_LINES:
            return
        if part.pattern == "dots":
            yield _dots(start, end, line, spacing, pen, group)
        elif part.pattern == "wave":
            yield StrokeMark(_waves(start, end, spacing, group), pen)
        else:
            coords = np.stack([start, end], axis=1)
            yield StrokeMark(Paths.of_pieces(coords, np.array([MOVE, LINE], dtype=np.int32)), pen)


def scan_lines(runs: Runs, spacing: float, angle: float, group: Group) -> tuple[Floats, Floats, Ints]:
    """Cut parallel lines at the outlines.

    Returns
    -------
    start, end : array, shape (k, 2)
        Ends of the pieces inside, in pixels.
    line : array of int, shape (k,)
        Number of the parallel each piece lies on.
    """
    # rows: along the hatch (u) and across it (v); y of the page points down, so a positive angle rises
    cos, sin = np.cos(angle), -np.sin(angle)
    phase = _world_phase(group, cos, sin, spacing)
    u = runs.coords[:, 0] * cos + runs.coords[:, 1] * sin
    v = (runs.coords[:, 1] * cos - runs.coords[:, 0] * sin - phase) / spacing
    first = np.ones(len(u), dtype=bool)
    first[runs.starts[1:] - 1] = False
    i = np.flatnonzero(first)
    low, high = np.ceil(np.minimum(v[i], v[i + 1])), np.ceil(np.maximum(v[i], v[i + 1]))
    count = (high - low).astype(np.int64)
    if count.sum() > 4 * MOST_LINES:
        return np.empty((0, 2)), np.empty((0, 2)), np.empty(0, dtype=np.int64)
    edge = np.repeat(i, count)
    number = low.repeat(count) + np.arange(len(edge)) - starts_of(count)[:-1].repeat(count)
    at = u[edge] + (number - v[edge]) / (v[edge + 1] - v[edge]) * (u[edge + 1] - u[edge])
    order = np.lexsort((at, number, runs.row[runs.run[edge]]))
    # every parallel enters and leaves a row's outline equally often, so sorted crossings pair up
    begin, stop, line = at[order[0::2]], at[order[1::2]], number[order[0::2]]
    across = line * spacing + phase
    start = np.c_[begin * cos - across * sin, begin * sin + across * cos]
    end = np.c_[stop * cos - across * sin, stop * sin + across * cos]
    return start, end, line.astype(np.int64)


def _world_phase(group: Group, cos: float, sin: float, spacing: float) -> float:
    """Offset of the parallels such that one passes through the origin of the world."""
    x, y = _origin_px(group)
    return float(np.mod(y * cos - x * sin, spacing))


def _origin_px(group: Group) -> Floats:
    """Return where the origin of the world lies, in pixels of the frame."""
    origin: Floats = group.frame.to_px(np.zeros((1, 2)))[0]
    return origin


def _dots(start: Floats, end: Floats, line: Ints, spacing: float, pen: Pen, group: Group) -> FillMark:
    """Dots along the parallels, every second row shifted by half."""
    length = end[:, 0] - start[:, 0]
    shift = np.where(line % 2 == 0, 0.0, 0.5) + _origin_px(group)[0] / spacing
    low = np.ceil(start[:, 0] / spacing - shift)
    count = np.maximum(0, np.floor(end[:, 0] / spacing - shift) - low + 1).astype(np.int64)
    owner = np.repeat(np.arange(len(start)), count)
    number = low[owner] + np.arange(len(owner)) - starts_of(count)[:-1][owner]
    x = (number + shift[owner]) * spacing
    part = (x - start[owner, 0]) / np.where(length[owner] == 0, 1, length[owner])
    y = start[owner, 1] + part * (end[owner, 1] - start[owner, 1])
    outline = CIRCLE * (2 * pen.width_px)
    paths = Paths.of_pieces(np.stack([x, y], axis=1)[:, None, :] + outline, CIRCLE_CODES)
    return FillMark(paths, pen.color)


def _waves(start: Floats, end: Floats, spacing: float, group: Group) -> Paths:
    """Turn straight pieces into waves of which crests of neighbouring pieces agree."""
    delta = end - start
    length = np.hypot(delta[:, 0], delta[:, 1])
    keep = length > 0.5
    start, delta, length = start[keep], delta[keep], length[keep]
    direction = delta / length[:, None]
    count = np.maximum(3, np.ceil(length / (spacing / 4)).astype(np.int64) + 1)
    owner = np.repeat(np.arange(len(start)), count)
    number = np.arange(len(owner)) - starts_of(count)[:-1][owner]
    along = number / (count[owner] - 1) * length[owner]
    base = start[owner] + direction[owner] * along[:, None]
    phase = ((base - _origin_px(group)) * direction[owner]).sum(axis=1)
    sway = 0.16 * spacing * np.sin(phase * 2 * np.pi / (1.6 * spacing))
    normal = np.c_[-direction[owner, 1], direction[owner, 0]]
    starts = starts_of(count)
    return Paths.of_runs(Runs(base + normal * sway[:, None], starts, np.arange(len(start))))


def _band_runs(width_field: str, group: Group) -> Runs:
    """Outlines of the bands that lines of true width cover, in pixels."""
    runs = group.line_runs
    width = group.numbers(width_field, runs.row, 0.0) / group.metres_per_px
    lines = shapely.linestrings(runs.coords, indices=runs.run)
    shapes = flatten(shapely.buffer(lines, width / 2, cap_style="flat"))
    return shapes.areas
