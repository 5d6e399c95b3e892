"""Marks repeated along lines: arrow heads, chevrons, crosses."""

from __future__ import annotations

import numpy as np

from gis.render.marks import LINE, MOVE, Paths
from gis.render.shapes import Floats, Ints, Runs, starts_of

_ARROW = np.array([(0.5, 0.0), (-0.5, 0.36), (-0.28, 0.0), (-0.5, -0.36), (0.5, 0.0)])
_CHEVRON = np.array([(-0.28, 0.5), (0.28, 0.0), (-0.28, -0.5)])
_CROSS = np.array([(-0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5)])


def places_along(runs: Runs, spacing: float, least: float) -> tuple[Floats, Floats, Ints]:
    """Return places evenly spread along each run, and the direction there.

    Parameters
    ----------
    runs : Runs
    spacing : float
        Wanted distance, in the unit of the coordinates; stretched or squeezed
        so that a whole number fits, with half of it at both ends.
    least : float
        Shorter runs get none.

    Returns
    -------
    xy, direction : array, shape (k, 2)
        Direction has length 1.
    run : array of int, shape (k,)
        Which run each place is on.
    """
    none = np.empty((0, 2)), np.empty((0, 2)), np.empty(0, dtype=np.int64)
    if len(runs.coords) < 2:
        return none
    step = np.diff(runs.coords, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    length[runs.starts[1:-1] - 1] = 0.0  # the step from one run to the next
    along = np.r_[0.0, np.cumsum(length)]
    begin, total = along[runs.starts[:-1]], along[runs.starts[1:] - 1] - along[runs.starts[:-1]]
    count = np.where(total >= least, np.maximum(1, np.round(total / spacing)), 0).astype(np.int64)
    if not count.sum():
        return none
    run = np.repeat(np.arange(len(runs)), count)
    number = np.arange(len(run)) - starts_of(count)[:-1][run]
    at = begin[run] + (number + 0.5) * total[run] / count[run]
    segment = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(length) - 1)
    safe = np.maximum(length[segment], 1e-12)[:, None]
    direction = step[segment] / safe
    return runs.coords[segment] + direction * (at - along[segment])[:, None], direction, run


def arrow_paths(runs: Runs, size: float, spacing: float, chevron: bool) -> Paths:
    """Return arrow heads (closed) or chevrons (open) pointing along the lines."""
    xy, direction, _ = places_along(runs, spacing, 1.6 * size)
    outline = _CHEVRON if chevron else _ARROW
    codes = np.full(len(outline), LINE, dtype=np.int32)
    codes[0] = MOVE
    return Paths.of_pieces(turned(outline * size, xy, direction), codes)


def cross_paths(runs: Runs, size: float, spacing: float) -> Paths:
    """Return × marks on the lines, upright on the page."""
    xy, direction, _ = places_along(runs, spacing, 1.2 * size)
    codes = np.array([MOVE, LINE, MOVE, LINE], dtype=np.int32)
    return Paths.of_pieces(turned(_CROSS * size, xy, direction), codes)


def turned(outline: Floats, xy: Floats, direction: Floats) -> Floats:
    """Return copies of an outline, shape (m, 2), at places and turned to directions: (k, m, 2)."""
    cos, sin = direction[:, :1], direction[:, 1:]
    x = outline[:, 0] * cos - outline[:, 1] * sin + xy[:, :1]
    y = outline[:, 0] * sin + outline[:, 1] * cos + xy[:, 1:]
    return np.stack([x, y], axis=-1)
