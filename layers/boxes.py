"""The boxes around the features of a table, in blocks, so that an edit makes one block anew.

A question for a place first asks the boxes around whole blocks: features that were drawn one after the other
mostly lie side by side.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import ceil
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from layers.column import BLOCK, Rows, by_block
from layers.rounded import rounded

Floats: TypeAlias = NDArray[np.float64]
Extent: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north."""

FARTHEST_M: Final = 1e9
"""No place in any system in use has a coordinate that large, also with a zone number."""

NOWHERE: Final[Extent] = (np.inf, np.inf, -np.inf, -np.inf)
"""Around nothing at all: it meets no box, and joined with another box it is that one."""


class Boxes:
    """Boxes in the order of rows: west, south, east, north; NaN for what is empty. Never changes.

    An index of rows gives an array, shape (k, 4); `numpy.asarray` all of them. Boxes of surveyed shapes are
    kept in half the memory, and come out to the bit.

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
        self._set([_packed(block) for block in blocks], [_outer(block) for block in blocks])

    def _set(self, blocks: list[_Block], outer: list[tuple[Floats, bool]]) -> None:
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
            one: Floats = self._blocks[number].take(np.array([int(rows) - self._starts[number]]))[0]
            return one
        if rows.dtype == bool:
            rows = np.flatnonzero(rows)
        if len(self._blocks) == 1:
            return self._blocks[0].take(rows.astype(np.intp, copy=False))
        rises = len(rows) < 2 or bool((rows[1:] >= rows[:-1]).all())
        order = slice(None) if rises else np.argsort(rows, kind="stable")
        sought, found = rows[order], np.empty((len(rows), 4))
        if len(rows) and (sought[0] < 0 or sought[-1] >= len(self)):
            raise IndexError(f"rows {sought[0]} to {sought[-1]} of {len(self)}")
        ends = np.searchsorted(sought, self._starts).tolist()
        for number, (first, last) in enumerate(pairwise(ends)):
            if last > first:
                found[first:last] = self._blocks[number].take(sought[first:last] - self._starts[number])
        if rises:
            return found
        result = np.empty_like(found)
        result[order] = found
        return result

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Floats:
        """Return all of them, shape (n, 4)."""
        whole = np.concatenate([np.empty((0, 4)), *(block.take(None) for block in self._blocks)])
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
            found.append(np.flatnonzero(block.meets(extent)) + start)
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
        for number, rows in by_block(self._starts, changed).items():
            boxes = blocks[number].take(None)
            for row in rows:
                boxes[row - self._starts[number]] = changed[row]
            blocks[number] = _Exact(boxes)
        for number, rows in by_block(self._starts, gone).items():
            left = np.delete(blocks[number].take(None), [row - self._starts[number] for row in rows], axis=0)
            blocks[number] = _Exact(left)
        if len(added):
            last = blocks.pop().take(None) if blocks and len(blocks[-1]) < BLOCK else np.empty((0, 4))
            more = np.concatenate([last, added])
            blocks += [_Exact(more[start : start + BLOCK]) for start in range(0, len(more), BLOCK)]
        return self._of([block for block in blocks if len(block)])

    def _of(self, blocks: list[_Block]) -> Boxes:
        """Return boxes that share some blocks with these."""
        edges = zip(self._outer, self._full, strict=True)
        known = {id(block): edge for block, edge in zip(self._blocks, edges, strict=True)}
        result = Boxes.__new__(Boxes)
        outer = [known.get(id(block)) or _outer(block.take(None)) for block in blocks]
        shared = [block if id(block) in known else _packed(block.take(None)) for block in blocks]
        result._set(shared, outer)
        return result


class _Block(Protocol):
    """Some of the boxes."""

    def __len__(self) -> int:
        """Count them."""

    def take(self, at: Rows | None) -> Floats:
        """Return some or all, shape (k, 4); an array that the caller may write into."""

    def meets(self, extent: Extent) -> NDArray[np.bool_]:
        """Tell which meet an extent or touch it, shape (n,)."""


class _Exact:
    """Boxes as they are."""

    __slots__ = ("_boxes",)

    def __init__(self, boxes: Floats) -> None:
        self._boxes = boxes

    def __len__(self) -> int:
        return len(self._boxes)

    def take(self, at: Rows | None) -> Floats:
        return self._boxes.copy() if at is None else self._boxes[at]

    def meets(self, extent: Extent) -> NDArray[np.bool_]:
        return _meeting(self._boxes, extent)


class _Steps:
    """Boxes of round numbers, as steps from a base.

    Parameters
    ----------
    steps : array of int32, shape (n, 4)
        Below `_FAR` in size.
    base : array of int64, shape (4,)
        The same for west and east, and for south and north.
    scale : float
        Steps in a metre.
    """

    __slots__ = ("_base", "_scale", "_steps")

    def __init__(self, steps: NDArray[np.int32], base: NDArray[np.int64], scale: float) -> None:
        self._steps = steps
        self._base = base
        self._scale = scale

    def __len__(self) -> int:
        return len(self._steps)

    def take(self, at: Rows | None) -> Floats:
        steps = self._steps if at is None else self._steps[at]
        placed: Floats = (steps + self._base) / self._scale
        return placed

    def meets(self, extent: Extent) -> NDArray[np.bool_]:
        """Compare whole numbers: the first and the last step that lie within say the same as the places."""
        west, south = (self._least(bound, axis) for axis, bound in enumerate(extent[:2]))
        east, north = (-self._least(-bound, axis, -1) for axis, bound in enumerate(extent[2:]))
        return _meeting(self._steps, (west, south, east, north))

    def _least(self, bound: float, axis: int, sign: int = 1) -> int:
        """Return the first step from the base that is at or beyond a bound; mirrored if `sign` is -1."""
        base = sign * int(self._base[axis])
        if not abs(bound) < FARTHEST_M:
            return _FAR if bound > 0 else -_FAR
        step = ceil(bound * self._scale) - 1
        while step / self._scale < bound:
            step += 1
        return max(-_FAR, min(_FAR, step - base))


_FAR: Final = 2**31 - 1


def _packed(boxes: Floats) -> _Block:
    """Return boxes in little memory if that gives them back to the bit."""
    found = rounded(boxes) if len(boxes) >= BLOCK // 2 else None
    if found is None:
        return _Exact(boxes.copy())
    steps, scale = found
    base = np.tile(steps[0, :2], 2)
    steps -= base
    if int(np.abs(steps).max()) >= _FAR:
        return _Exact(boxes.copy())
    return _Steps(np.asfortranarray(steps, dtype=np.int32), base, scale)


def _meeting(boxes: NDArray[Any], extent: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = extent
    inside: NDArray[np.bool_] = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    inside &= (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return inside


def _outer(block: Floats) -> tuple[Floats, bool]:
    """Return the box around some boxes, and whether none of them is empty."""
    full = not bool(np.isnan(block[:, 0]).any())
    some = block if full else block[~np.isnan(block[:, 0])]
    if not len(some):
        return np.array(NOWHERE), False
    return np.concatenate([some[:, :2].min(axis=0), some[:, 2:].max(axis=0)]), full
