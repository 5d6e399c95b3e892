"""The boxes around the features of a table, in blocks, so that an edit makes one block anew.

A question for a place first asks the boxes around whole blocks: features that were drawn one after the other
mostly lie side by side.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from layers.column import BLOCK, Rows, by_block

Floats: TypeAlias = NDArray[np.float64]
Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""

FARTHEST_M: Final = 1e9
"""No place in any system in use has a coordinate that large, also with a zone number."""

NOWHERE: Final[Extent] = (np.inf, np.inf, -np.inf, -np.inf)
"""Around nothing at all: it meets no box, and joined with another box it is that one."""


class Boxes:
    """Boxes in the order of rows: west, south, east, north; NaN for what is empty. Never changes.

    An index of rows gives an array, shape (k, 4); `numpy.asarray` all of them.

    Parameters
    ----------
    boxes : array, shape (n, 4)

    Examples
    --------
    >>> boxes = Boxes(np.array([[0.0, 0, 1, 1], [5, 5, 6, 6]]))
    >>> boxes.meeting((4, 4, 9, 9)).tolist(), boxes.around()
    ([1], (0.0, 0.0, 6.0, 6.0))
    """

    __slots__ = ("_blocks", "_full", "_outer", "_starts")

    def __init__(self, boxes: Floats) -> None:
        blocks = [boxes[start : start + BLOCK] for start in range(0, len(boxes), BLOCK)]
        self._set(blocks, [_outer(block) for block in blocks])

    def _set(self, blocks: list[Floats], outer: list[tuple[Floats, bool]]) -> None:
        self._blocks = blocks
        self._outer = np.array([box for box, _ in outer]).reshape(-1, 4)
        self._full = [full for _, full in outer]
        self._starts = [0]
        for block in blocks:
            self._starts.append(self._starts[-1] + len(block))

    def __len__(self) -> int:
        """Count the rows."""
        return self._starts[-1]

    def __getitem__(self, rows: int | np.integer[Any] | Rows | NDArray[np.bool_]) -> Floats:
        """Return the box of one row, shape (4,), or those of some."""
        if isinstance(rows, (int, np.integer)):
            number = bisect_right(self._starts, int(rows)) - 1
            one: Floats = self._blocks[number][int(rows) - self._starts[number]]
            return one
        if rows.dtype == bool:
            return self[np.flatnonzero(rows)]
        if len(self._blocks) == 1:
            return self._blocks[0][rows]
        rises = len(rows) < 2 or bool((rows[1:] >= rows[:-1]).all())
        order = slice(None) if rises else np.argsort(rows, kind="stable")
        sought, found = rows[order], np.empty((len(rows), 4))
        if len(rows) and (sought[0] < 0 or sought[-1] >= len(self)):
            raise IndexError(f"rows {sought[0]} to {sought[-1]} of {len(self)}")
        ends = np.searchsorted(sought, self._starts).tolist()
        for number, (first, last) in enumerate(pairwise(ends)):
            if last > first:
                found[first:last] = self._blocks[number][sought[first:last] - self._starts[number]]
        if rises:
            return found
        result = np.empty_like(found)
        result[order] = found
        return result

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Floats:
        """Return all of them, shape (n, 4)."""
        whole = np.concatenate([np.empty((0, 4)), *self._blocks])
        return whole if dtype is None else whole.astype(dtype)

    def meeting(self, extent: Extent) -> Rows:
        """Return the rows whose box meets an extent or touches it, rising."""
        west, south, east, north = extent
        low, high = (west, south), (east, north)
        outer = self._outer
        near = np.all(outer[:, :2] <= high, axis=1) & np.all(outer[:, 2:] >= low, axis=1)
        held = np.all(outer[:, :2] >= low, axis=1) & np.all(outer[:, 2:] <= high, axis=1)
        found = [np.arange(0)]
        for number in np.flatnonzero(near).tolist():
            block, start = self._blocks[number], self._starts[number]
            if held[number] and self._full[number]:
                found.append(np.arange(start, start + len(block)))
                continue
            inside = (block[:, 0] <= east) & (block[:, 2] >= west)
            inside &= (block[:, 1] <= north) & (block[:, 3] >= south)
            found.append(np.flatnonzero(inside) + start)
        return np.concatenate(found)

    def around(self) -> Extent | None:
        """Return the box around all, or None if there is none.

        What lies beyond any place is left out: a slip in another program, or a damaged number, must not
        take everything else out of sight.
        """
        outer = self._outer
        if (np.abs(outer) > FARTHEST_M).any():  # also where a whole block is empty
            boxes = np.asarray(self)
            outer = boxes[(np.abs(boxes) <= FARTHEST_M).all(axis=1)]
        low = outer[:, :2].min(axis=0, initial=np.inf)
        high = outer[:, 2:].max(axis=0, initial=-np.inf)
        if not np.isfinite(low).all():
            return None
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def patched(self, changed: Mapping[int, Floats], added: Floats, gone: Iterable[int]) -> Boxes:
        """Return the boxes after an edit; blocks without a change are shared.

        Parameters
        ----------
        changed : mapping of row to box, shape (4,)
        added : array, shape (k, 4)
            Those of new rows, which come last.
        gone : iterable of int
            Rows that vanish.
        """
        blocks = list(self._blocks)
        outer = list(zip(self._outer, self._full, strict=True))
        for number, rows in by_block(self._starts, changed).items():
            blocks[number] = blocks[number].copy()
            for row in rows:
                blocks[number][row - self._starts[number]] = changed[row]
        for number, rows in by_block(self._starts, gone).items():
            blocks[number] = np.delete(blocks[number], [row - self._starts[number] for row in rows], axis=0)
        if len(added):
            last = blocks.pop() if blocks and len(blocks[-1]) < BLOCK else np.empty((0, 4))
            more = np.concatenate([last, added])
            blocks += [more[start : start + BLOCK] for start in range(0, len(more), BLOCK)]
        known = {id(block): edge for block, edge in zip(self._blocks, outer, strict=True)}
        blocks = [block for block in blocks if len(block)]
        result = Boxes.__new__(Boxes)
        result._set(blocks, [known.get(id(block)) or _outer(block) for block in blocks])
        return result


def _outer(block: Floats) -> tuple[Floats, bool]:
    """Return the box around some boxes, and whether none of them is empty."""
    full = not bool(np.isnan(block[:, 0]).any())
    some = block if full else block[~np.isnan(block[:, 0])]
    if not len(some):
        return np.array(NOWHERE), False
    return np.concatenate([some[:, :2].min(axis=0), some[:, 2:].max(axis=0)]), full
