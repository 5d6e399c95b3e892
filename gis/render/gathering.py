"""From rows of a table to the groups that symbols draw: too small for outlines, kept, cut off far outside."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Final

import numpy as np
import shapely

from gis.render.bands import joined_ends
from gis.render.group import Group
from gis.render.keeping import forget, kept
from gis.render.marks import Crowd, Frame
from gis.render.shapes import (
    MIXED,
    Floats,
    Ints,
    Mask,
    Runs,
    Shapes,
    anchors_among,
    dimensions_of,
    flatten,
    rows_of,
    shapes_at,
)
from gis.render.specks import TINY_PX
from gis.render.viewport import Extent, Viewport
from layers.table import Table

MANY: Final = 4000
"""From this number on the features of a rule are drawn coarsely, and their paths kept."""
AREA: Final = 2
_NOT_KEPT: Final = (0, 1, MIXED)
"""The paths of points and lines are made of pixels of the viewport."""
_MOST_KEPT: Final = 120_000
"""The paths of a layer of more areas than this take more memory than they are worth time."""
_LEAST_SHARE: Final = 0.25
"""Paths are kept for a whole rule; not worth it if less than this part of it is seen."""


def kept_group(
    table: Table, rows: Ints, mask: Mask, viewport: Viewport, key: tuple[object, ...]
) -> tuple[Group, Ints] | None:
    """Return all features of a rule in paths that are kept, where that is worth it, and those too small.

    Only layers of nothing but areas: the paths of lines and points are not kept.
    """
    if len(rows) <= MANY or len(rows) < _LEAST_SHARE * np.count_nonzero(mask):
        return None
    dimensions = dimensions_of(table)
    if not MANY < np.count_nonzero(dimensions == AREA) <= _MOST_KEPT or np.isin(dimensions, _NOT_KEPT).any():
        return None
    return _coarse_group(table, np.flatnonzero(mask), viewport, key)


class Seen:
    """What a viewport shows of a table; few features are unpacked once for all rules that draw of it.

    Parameters
    ----------
    table : Table
    rows : array of int
        Rising.
    viewport : Viewport
    extent : (west, south, east, north)
        Outlines end at its edge.
    """

    def __init__(self, table: Table, rows: Ints, viewport: Viewport, extent: Extent) -> None:
        self.table = table
        self.viewport = viewport
        self.rows = rows
        self._extent = extent

    @cached_property
    def _tiny(self) -> Mask:
        return is_tiny(self.table, self.rows, self.viewport.metres_per_px)

    @cached_property
    def _shapes(self) -> Shapes:
        return _clipped(self.table, self.rows[~self._tiny], self._extent)

    def tiny(self, rows: Ints) -> Mask:
        """Tell which of some rows are drawn as specks."""
        return self._tiny[np.searchsorted(self.rows, rows)]

    def shapes(self, rows: Ints) -> Shapes:
        """Return the outlines of some rows."""
        if len(self.rows) > MANY:
            return _clipped(self.table, rows, self._extent)
        return rows_of(self._shapes, rows, len(self.table))


def fresh_group(seen: Seen, rows: Ints, crowd: Crowd | None = None) -> Group:
    """Return the features of a rule in pixels of the viewport; a part of a `crowd` looks like all of it."""
    table, viewport = seen.table, seen.viewport
    places, joined = partial(anchors_among, table, rows), partial(joined_ends, table)
    if crowd is None:
        many = len(rows) > MANY and bool(np.count_nonzero(dimensions_of(table) == AREA) > MANY)
        coarse, finest_px, among = many, _finest_px(table, rows, viewport.metres_per_px), None
    else:
        coarse, finest_px, among = crowd.coarse, crowd.finest_px, crowd.count
    return Group(
        seen.shapes(rows[~seen.tiny(rows)]), places, table.columns, rows, Frame.of(viewport),
        viewport.px_per_mm, coarse=coarse, finest_px=finest_px, joined_of=joined, among=among,
    )  # fmt: skip


def _coarse_group(
    table: Table, rows: Ints, viewport: Viewport, key: tuple[object, ...]
) -> tuple[Group, Ints]:
    """Return all features of a rule at the level of detail of the viewport, kept for later viewports.

    Those that are too small for outlines come beside. Nothing that is kept may hold the table: it would
    keep itself for ever.
    """
    level = int(np.floor(np.log2(viewport.metres_per_px)))
    name = ("coarse", *key, viewport.px_per_mm)

    def make() -> tuple[Group, Ints]:
        west, _, _, north = table.extent() or (0.0, 0.0, 0.0, 0.0)
        frame = Frame(west, north, 2.0**level)
        tiny = is_tiny(table, rows, frame.metres_per_px)
        crowd = Crowd(frame, True, _finest_px(table, rows, viewport.metres_per_px), None, ())
        return paths_group(table, rows[~tiny], crowd, viewport.px_per_mm), rows[tiny].astype(np.int32)

    def near(other: object) -> bool:
        return not (isinstance(other, tuple) and other[:-1] == name and abs(other[-1] - level) > 1)

    forget(table, near)
    return kept(table, (*name, level), make)


def paths_group(table: Table, rows: Ints, crowd: Crowd, px_per_mm: float) -> Group:
    """Return features whose paths lie in a frame of their own; no more than these is ever asked of it."""
    assert crowd.frame is not None, "kept paths have a frame"
    return Group(
        shapes_at(table, rows), lambda: np.empty((0, 2)), table.columns, rows.astype(np.int32),
        crowd.frame, px_per_mm, coarse=True, kept=True, finest_px=crowd.finest_px, among=crowd.count,
    )  # fmt: skip


def _finest_px(table: Table, rows: Ints, metres_per_px: float) -> float:
    """Return the outline width that leaves something of the fill of a typical feature."""
    box = table.bounds[rows]
    typical = float(np.median(np.sqrt((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])))) / metres_per_px
    return min(1.0, max(0.3, 0.15 * typical))


def is_tiny(table: Table, rows: Ints, metres_per_px: float) -> Mask:
    """Return which rows are areas below two pixels: they are drawn as specks."""
    box = table.bounds[rows]
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) / metres_per_px
    tiny: Mask = (size < TINY_PX) & (dimensions_of(table)[rows] == AREA)
    return tiny


def _clipped(table: Table, rows: Ints, reach: Extent) -> Shapes:
    """Return the outlines of some rows, those that run out of an extent cut off there."""
    far = rows[_leaves(table.bounds[rows], reach)]
    if not len(far):
        return shapes_at(table, rows)
    near = shapes_at(table, np.setdiff1d(rows, far))
    cut = flatten(shapely.clip_by_rect(table.geometry[far], *reach))
    return Shapes(
        _joined(near.areas, cut.areas, far), _joined(near.lines, cut.lines, far),
        np.concatenate([near.points, cut.points]), np.concatenate([near.point_row, far[cut.point_row]]),
    )  # fmt: skip


def _leaves(box: Floats, reach: Extent) -> Mask:
    west, south, east, north = reach
    return (box[:, 0] < west) | (box[:, 1] < south) | (box[:, 2] > east) | (box[:, 3] > north)


def _joined(first: Runs, second: Runs, rows: Ints) -> Runs:
    """Put runs of cut geometries, numbered by position in `rows`, after the others."""
    return Runs(
        np.concatenate([first.coords, second.coords]),
        np.concatenate([first.starts, second.starts[1:] + first.starts[-1]]),
        np.concatenate([first.row, rows[second.row]]),
    )
