"""Lines drawn at their true width: roads and their casings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from gis.render.group import Group
from gis.render.keeping import kept
from gis.render.marks import LINE, MOVE, Mark, Paths, Pen, StrokeMark
from gis.render.shapes import Floats, Ints, Mask, Runs, shapes_of
from layers.style import Stroke
from layers.table import Table

TOUCH_M: Final = 0.05
MOST_LINES: Final = 20_000
"""With more lines than this every end is rounded: looking for neighbours would take too long."""


def band_marks(part: Stroke, group: Group) -> Iterator[Mark]:
    """Yield lines of true width, one mark for each width that occurs.

    Ends that touch another line are rounded, so that bands join; the others
    are cut off square, as a dead end is drawn.
    """
    runs = group.line_runs
    if not len(runs):
        return
    asked = part.width_field
    width_m = group.numbers(asked, runs.row, 0.0) if asked else np.full(len(runs), part.width_m)
    width_px = np.round(width_m / group.metres_per_px, 2) + 2 * part.width_mm * group.px_per_mm
    dash = tuple(length * group.px_per_mm for length in part.dash)
    joinable = part.round and part.opacity == 1 and not dash
    knots, knot_run = _knots(runs, group) if joinable else (None, np.arange(0))
    for width in np.unique(width_px[width_m > 0]):
        chosen = (width_px == width) & (width_m > 0)
        pen = Pen(part.color, float(width), part.opacity, dash, part.round, flat_ends=True)
        yield StrokeMark(Paths.of_runs(runs.of(chosen)), pen)
        if knots is not None and chosen[knot_run].any():
            dots = Paths.of_pieces(knots[chosen[knot_run]], np.array([MOVE, LINE], dtype=np.int32))
            yield StrokeMark(dots, Pen(part.color, float(width)))


def joined_ends(table: Table) -> Mask:
    """Return which ends of each row's line touch another line of the table, shape (n, 2)."""
    return kept(table, "joined ends", lambda: _joined_ends(table))


def _joined_ends(table: Table) -> Mask:
    lines = shapes_of(table).lines
    result = np.ones((len(table), 2), dtype=bool)
    if not 0 < len(lines) <= MOST_LINES:
        return result
    begin, end = lines.coords[lines.starts[:-1]], lines.coords[lines.starts[1:] - 1]
    points = shapely.points(np.concatenate([begin, end]))
    point, row = table.tree.query(points, predicate="dwithin", distance=TOUCH_M)
    owner = np.tile(lines.row, 2)
    touched = np.zeros(2 * len(lines), dtype=bool)
    touched[point[row != owner[point]]] = True
    closed = (begin == end).all(axis=1)
    single = np.bincount(lines.row, minlength=len(table))[lines.row] == 1
    both = touched.reshape(2, -1).T | closed[:, None] | ~single[:, None]
    result[lines.row] = both
    return result


def _knots(runs: Runs, group: Group) -> tuple[Floats | None, Ints]:
    """Return specks of lines at the joined ends, shape (k, 2, 2), and the run of each."""
    joined = group.joined_of()
    if joined is None:
        return None, np.arange(0)
    ends = np.concatenate([runs.coords[runs.starts[:-1]], runs.coords[runs.starts[1:] - 1]])
    wanted = joined[runs.row].T.ravel()
    number = np.tile(np.arange(len(runs)), 2)[wanted]
    return np.stack([ends[wanted], ends[wanted] + (0.02, 0.0)], axis=1), number
