"""Areas below two pixels: where they lie and how large they are, without an outline in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.render.shapes import Floats, Ints
from layers.column import Block
from layers.packed_shapes import Outlines, Ragged
from layers.table import Table

_AT_ONCE: Final = 65_536
"""So many are drawn at once: all of a million would need ten arrays of eight megabytes."""

_Measures = NDArray[np.float32]
_known: WeakKeyDictionary[Outlines, _Measures] = WeakKeyDictionary()
"""Kept for each block, so that an edit measures one block anew."""


@dataclass(frozen=True, eq=False)
class Specks:
    """Areas that are drawn as specks.

    Parameters
    ----------
    table : Table
    rows : array of int
        Rising.
    """

    table: Table = field(default_factory=lambda: Table.empty(()))
    rows: Ints = field(default_factory=lambda: np.arange(0))

    def __post_init__(self) -> None:
        """Hold row numbers in half the memory."""
        object.__setattr__(self, "rows", self.rows.astype(np.int32))

    def __len__(self) -> int:
        """Count them."""
        return len(self.rows)

    def parts(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield places of their middle, shape (k, 2), metres, and areas, square metres, some at a time."""
        for start in range(0, len(self.rows), _AT_ONCE):
            rows = self.rows[start : start + _AT_ONCE].astype(np.int64)
            parts = self.table.geometry.parts(rows)
            found = np.concatenate([_measured(block, at) for block, at, _ in parts]).astype(np.float64)
            box = self.table.bounds[rows]
            yield (box[:, :2] + box[:, 2:]) / 2 + found[:, :2], found[:, 2]


def _measured(block: Block, at: Ints | None) -> _Measures:
    """Return how far the middle of each area is off that of its box, x and y, and its size, shape (k, 3)."""
    if not isinstance(block, Outlines):
        shapes = block.take(at)
        box, middle = np.asarray(shapely.bounds(shapes)).reshape(-1, 4), shapely.centroid(shapes)
        place = np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
        away = place - (box[:, :2] + box[:, 2:]) / 2
        return np.column_stack([away, shapely.area(shapes)]).astype(np.float32)
    known = _known.get(block)
    if known is None:
        known = _known[block] = _measures(block.ragged(None))
    return known if at is None else known[at]


def _measures(flat: Ragged) -> _Measures:
    """Measure all areas of a block at once: sums over the triangles that edges make with the first vertex."""
    runs = flat.geometry_runs
    first = flat.offsets[0][runs]
    start = np.repeat(flat.coords[first[:-1]], np.diff(first), axis=0)
    x, y = (flat.coords - start).T
    cross, middle_x, middle_y = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[flat.offsets[0][1:] - 1] = 0.0
    middle_x[:-1] = (x[:-1] + x[1:]) * cross[:-1]
    middle_y[:-1] = (y[:-1] + y[1:]) * cross[:-1]
    sums = np.add.reduceat(np.column_stack([middle_x, middle_y, cross]), flat.offsets[0][:-1])
    outward = np.where(flat.outer, 1.0, -1.0) * np.where(sums[:, 2] < 0, -1.0, 1.0)
    whole = np.add.reduceat(sums * outward[:, None], runs[:-1])
    box = flat.bounds()
    with np.errstate(divide="ignore", invalid="ignore"):
        place = flat.coords[first[:-1]] + whole[:, :2] / (3.0 * whole[:, 2:])
    away = np.where(np.isfinite(place), place - (box[:, :2] + box[:, 2:]) / 2, 0.0)
    return np.column_stack([away, whole[:, 2] / 2]).astype(np.float32)


NO_SPECKS: Final = Specks()
