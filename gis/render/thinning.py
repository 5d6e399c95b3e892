"""Leaving out what nobody can see: vertices and features below the pixel."""

from __future__ import annotations

import numpy as np

from gis.render.shapes import Floats, Ints, Mask, Runs, starts_of

CELL_PX = 0.6
"""Vertices that stay within one cell of this size with the one before are left out."""
COARSE_CELL_PX = 1.0
"""The same for many features far away, in pixels of their level of detail (0.5 to 1 on the screen)."""


def thinned(runs: Runs, cell_px: float = CELL_PX, least: int = 2) -> Runs:
    """Leave out vertices that do not move the line by a cell; ends always stay.

    Runs left with fewer than `least` vertices vanish (a ring needs 4).
    """
    coords, starts = runs.coords, runs.starts
    if not len(coords):
        return runs
    cells = np.floor(coords / cell_px).astype(np.int32)
    keep = np.ones(len(coords), dtype=bool)
    keep[1:] = (cells[1:] != cells[:-1]).any(axis=1)
    keep[starts[:-1]] = True
    keep[starts[1:] - 1] = True
    lengths = _counts(keep, starts)
    full = lengths >= least
    keep &= np.repeat(full, runs.lengths)
    if keep.all():
        return runs
    return Runs(coords[keep], starts_of(lengths[full]), runs.row[full])


def straightened(runs: Runs, deviation_px: float = 0.2) -> Runs:
    """Leave out every second vertex that lies nearly on the line between its neighbours."""
    coords, lengths = runs.coords, runs.lengths
    if len(coords) < 3:
        return runs
    inner = np.ones(len(coords), dtype=bool)
    inner[runs.starts[:-1]] = inner[runs.starts[1:] - 1] = False
    odd = (np.arange(len(coords)) - np.repeat(runs.starts[:-1], lengths)) % 2 == 1
    middle = np.flatnonzero(inner & odd & np.repeat(lengths > 5, lengths))
    chord = coords[middle + 1] - coords[middle - 1]
    arm = coords[middle] - coords[middle - 1]
    away = np.abs(chord[:, 0] * arm[:, 1] - chord[:, 1] * arm[:, 0])
    keep = np.ones(len(coords), dtype=bool)
    keep[middle[away < deviation_px * np.hypot(chord[:, 0], chord[:, 1])]] = False
    return Runs(coords[keep], starts_of(_counts(keep, runs.starts)), runs.row)


def spatial_order(runs: Runs) -> Ints:
    """Return an order of runs that keeps neighbours together and rings of one row in sequence.

    Narrow strips from left to right, each from top to bottom: the rasteriser
    keeps the cells of a scan line in a sorted list, and stacked shapes keep
    these lists short.
    """
    if not len(runs):
        return np.arange(0)
    first = np.flatnonzero(np.r_[True, runs.row[1:] != runs.row[:-1]])
    lead: Floats = runs.coords[runs.starts[:-1][first]]
    count = np.diff(np.r_[first, len(runs)])
    order = np.lexsort((lead[:, 1], np.floor(lead[:, 0] / _strip_width(lead))))
    lengths = count[order]
    starts = starts_of(lengths)
    return np.arange(len(runs)) + np.repeat(first[order] - starts[:-1], lengths)


def _counts(keep: Mask, starts: Ints) -> Ints:
    """Return how many vertices of each run are kept."""
    return np.diff(starts_of(keep)[starts])


def _strip_width(lead: Floats) -> float:
    width, height = np.ptp(lead, axis=0)
    return float(max(1.0, np.sqrt(max(width, 1.0) * max(height, 1.0) / len(lead))))
