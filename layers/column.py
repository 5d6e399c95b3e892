"""A column of a table: values that never change, packed in blocks.

A Python object for every value of a million rows is gigabytes; most columns hold few different values, or
numbers, or coordinates, and take a byte or a few of each. A block of rows is packed by itself, so that an
edit makes one block anew and shares all others with the state before. What comes out is what went in, to the
byte: a block that no way of packing gives back exactly is kept as objects.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Protocol, TypeAlias, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

ObjectArray: TypeAlias = NDArray[np.object_]
Rows: TypeAlias = NDArray[np.intp]

BLOCK: Final = 2048
"""Rows that are packed together."""
LEAST: Final = 64
"""Fewer are kept as objects: so many objects are nothing, and they come out at once."""
_OFTEN: Final = 8
"""After so many single rows of one block, one after the other, all of it is unpacked."""
_MOST_PATCHES: Final = 64
"""A block with more edited rows than this is packed anew."""


class Block(Protocol):
    """Some rows of a column."""

    def __len__(self) -> int:
        """Count the rows."""

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the values of some rows, or of all; an array that the caller may write into."""

    def coded(self) -> tuple[NDArray[Any], Sequence[Any]] | None:
        """Return a number for each row and the few values they stand for; None if these are many."""


Pack: TypeAlias = Callable[[ObjectArray], Block]
"""Packs the rows of a block, some thousands at most."""


class Plain:
    """Rows kept as objects."""

    __slots__ = ("values",)

    def __init__(self, values: ObjectArray) -> None:
        self.values = values

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.values)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the values of some rows, or of all."""
        return self.values.copy() if at is None else self.values[at]

    def coded(self) -> None:
        """Return None: values may be many."""
        return


class Patched:
    """A block of which a few rows hold another value.

    Parameters
    ----------
    base : Block
    patches : mapping of row to value
    """

    __slots__ = ("base", "patches")

    def __init__(self, base: Block, patches: Mapping[int, object]) -> None:
        self.base = base
        self.patches = patches

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.base)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the values of some rows, or of all."""
        values = self.base.take(at)
        if at is None:
            for row, value in self.patches.items():
                values[row] = value
        elif len(self.patches):
            edited = np.fromiter(self.patches, np.intp, len(self.patches))
            for place in np.flatnonzero(np.isin(at, edited)).tolist():
                values[place] = self.patches[int(at[place])]
        return values

    def coded(self) -> tuple[NDArray[Any], Sequence[Any]] | None:
        """Return a number for each row and what the numbers stand for, those of the edited rows last."""
        found = self.base.coded()
        if found is None:
            return None
        codes, values = found[0].astype(np.int32), [*found[1], *self.patches.values()]
        codes[np.fromiter(self.patches, np.intp)] = np.arange(len(found[1]), len(values))
        return codes, values


class Chosen:
    """A block of which a few rows are gone.

    Parameters
    ----------
    base : Block
    rows : array of int
        Those that are left, rising.
    """

    __slots__ = ("base", "rows")

    def __init__(self, base: Block, rows: NDArray[Any]) -> None:
        self.base = base
        self.rows = rows.astype(np.min_scalar_type(len(base)))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def take(self, at: Rows | None) -> ObjectArray:
        """Return the values of some rows, or of all."""
        return self.base.take((self.rows if at is None else self.rows[at]).astype(np.intp))

    def coded(self) -> tuple[NDArray[Any], Sequence[Any]] | None:
        """Return a number for each row and what the numbers stand for."""
        found = self.base.coded()
        return None if found is None else (found[0][self.rows], found[1])


class Column:
    """Values of the rows of a table, in blocks.

    Behaves as a read-only object array of one dimension: an index gives the value; an array of rows, a mask
    or a slice gives an object array, and so does `numpy.asarray`. What is asked of all rows at once is better
    asked by `mapped`, which makes no object for each.

    Parameters
    ----------
    blocks : sequence of Block
    pack : callable, optional
        Packs blocks that come to be by an edit; they stay objects if not given.
    """

    __slots__ = ("__weakref__", "_pack", "_recent", "_starts", "blocks")

    def __init__(self, blocks: Iterable[Block], pack: Pack = Plain) -> None:
        self.blocks: tuple[Block, ...] = tuple(block for block in blocks if len(block))
        self._pack = pack
        self._recent: tuple[int, int, ObjectArray | None] = -1, 0, None  # of a loop over single rows
        self._starts: list[int] = [0]
        for block in self.blocks:
            self._starts.append(self._starts[-1] + len(block))

    @classmethod
    def of(cls, values: ObjectArray, pack: Pack = Plain) -> Column:
        """Return a column of objects as they are; `pack` is for what edits make of it."""
        return cls([Plain(values)], pack)

    @classmethod
    def packed(cls, values: ObjectArray, pack: Pack) -> Column:
        """Return a packed column; a short one stays objects."""
        if len(values) < BLOCK // 2:
            return cls.of(values, pack)
        return cls(blocks_of(values, pack), pack)

    def __len__(self) -> int:
        """Count the rows."""
        return self._starts[-1]

    @overload
    def __getitem__(self, at: int | np.integer[Any]) -> Any: ...
    @overload
    def __getitem__(self, at: NDArray[Any] | slice | list[int]) -> ObjectArray: ...
    def __getitem__(self, at: Any) -> Any:
        """Return the value of one row, or those of some."""
        if isinstance(at, (int, np.integer)):
            return self._one(int(at))
        if len(self.blocks) == 1 and isinstance(self.blocks[0], Plain):
            return self.blocks[0].values[at]
        if isinstance(at, slice):
            return self._some(np.arange(len(self))[at])
        rows = np.asarray(at)
        if rows.dtype == bool:
            if rows.shape != (len(self),):
                raise IndexError(f"a mask of {rows.shape} for {len(self)} rows")
            rows = np.flatnonzero(rows)
        return self._some(rows.astype(np.intp, copy=False))

    def __iter__(self) -> Iterator[Any]:
        """Yield the values in order, made block by block."""
        for block in self.blocks:
            yield from block.take(None)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all values as an object array, one object for each."""
        values = self._all()
        return values if dtype is None else values.astype(dtype)

    def tolist(self) -> list[Any]:
        """Return all values as a list."""
        return [value for block in self.blocks for value in block.take(None).tolist()]

    def mapped(self, of: Callable[[ObjectArray], NDArray[Any]], dtype: DTypeLike) -> NDArray[Any]:
        """Return what `of` makes of each value, shape (n,).

        `of` turns an object array into an array of equal length; a block of few different values asks it
        of those only.
        """
        result = np.empty(len(self), dtype=dtype)
        for start, block in zip(self._starts, self.blocks, strict=False):
            coded = block.coded()
            here = slice(start, start + len(block))
            if coded is None:
                result[here] = of(block.take(None))
            else:
                result[here] = of(objects(coded[1]))[coded[0]]
        return result

    def remade(self, of: Callable[[ObjectArray], ObjectArray]) -> Column:
        """Return the column of what `of` makes of the values, some thousand at a time."""
        made = (of(block.take(None)) for block in self.blocks)
        return Column(
            [
                Plain(values) if isinstance(block, Plain) else self._pack(values)
                for block, values in zip(self.blocks, made, strict=True)
            ],
            self._pack,
        )

    def parts(self, rows: Rows) -> Iterator[tuple[Block, Rows | None, slice]]:
        """Yield the blocks that hold some rows, which rise.

        Yields
        ------
        block : Block
        at : array of int or None
            Rows of the block; None for all of them.
        place : slice
            Where these stand in `rows`.
        """
        ends = np.searchsorted(rows, self._starts)
        for number, block in enumerate(self.blocks):
            first, last = int(ends[number]), int(ends[number + 1])
            if last - first == len(block):
                yield block, None, slice(first, last)
            elif last > first:
                yield block, rows[first:last] - self._starts[number], slice(first, last)

    def where(self, rows: Rows) -> Column:
        """Return the column of some rows, packed as this one if they rise."""
        if len(self) < BLOCK or (len(rows) > 1 and not (rows[1:] > rows[:-1]).all()):
            return Column.packed(self[rows], self._pack)
        return Column(
            [block if at is None else self._pack(block.take(at)) for block, at, _ in self.parts(rows)],
            self._pack,
        )

    def patched(self, changed: Mapping[int, object], added: Sequence[object], gone: Sequence[int]) -> Column:
        """Return the column after an edit; this very one if nothing is another.

        Parameters
        ----------
        changed : mapping of row to value
        added : sequence
            Values of new rows, which come last.
        gone : sequence of int
            Rows that vanish.
        """
        if not (changed or added or gone):
            return self
        blocks = list(self.blocks)
        for number, rows in by_block(self._starts, changed).items():
            start = self._starts[number]
            blocks[number] = self._with(blocks[number], {row - start: changed[row] for row in rows})
        for number, rows in by_block(self._starts, gone).items():
            start = self._starts[number]
            blocks[number] = self._without(blocks[number], [row - start for row in rows])
        return Column(self._with_more(blocks, objects(added)), self._pack)

    @classmethod
    def joined(cls, columns: Sequence[Column], pack: Pack) -> Column:
        """Return some columns one behind the other; packed blocks are shared."""
        blocks: list[Block] = []
        for block in (block for column in columns for block in column.blocks):
            last = blocks[-1] if blocks else None
            if isinstance(block, Plain) and isinstance(last, Plain):
                blocks.pop()
                whole = np.concatenate([last.values, block.values])
                blocks += [Plain(whole)] if len(whole) < BLOCK else blocks_of(whole, pack)
            else:
                blocks.append(block)
        return cls(blocks, pack)

    def _with(self, block: Block, changed: Mapping[int, object]) -> Block:
        if isinstance(block, Plain):
            values = block.take(None)
            for row, value in changed.items():
                values[row] = value
            return Plain(values)
        base, patches = (block.base, block.patches) if isinstance(block, Patched) else (block, {})
        patched = Patched(base, {**patches, **changed})
        return patched if len(patched.patches) <= _MOST_PATCHES else self._pack(patched.take(None))

    def _without(self, block: Block, gone: list[int]) -> Block:
        if isinstance(block, Plain):
            return Plain(np.delete(block.values, gone))
        left = np.delete(np.arange(len(block)), gone)
        base, rows = (block.base, block.rows[left]) if isinstance(block, Chosen) else (block, left)
        deep = isinstance(base, Patched) and isinstance(base.base, Chosen)
        if deep or len(base) - len(rows) > _MOST_PATCHES:
            return self._packed(base.take(rows.astype(np.intp)))
        return Chosen(base, rows)

    def _with_more(self, blocks: list[Block], added: ObjectArray) -> list[Block]:
        if not len(added):
            return blocks
        if blocks and isinstance(blocks[-1], Plain):  # many short blocks would come of drawing one by one
            added = np.concatenate([blocks.pop().take(None), added])
        if len(added) < BLOCK:
            return [*blocks, Plain(added)]
        return [*blocks, *blocks_of(added, self._pack)]

    def _packed(self, values: ObjectArray) -> Block:
        return self._pack(values) if len(values) >= LEAST else Plain(values)

    def _one(self, row: int) -> Any:
        row = row + len(self) if row < 0 else row
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        number = bisect_right(self._starts, row) - 1
        block, at = self.blocks[number], row - self._starts[number]
        if isinstance(block, Plain):
            return block.values[at]
        asked, times, values = self._recent
        times = times + 1 if asked == number else 1
        if asked != number or (values is None and times > _OFTEN):
            values = block.take(None) if times > _OFTEN else None
        self._recent = number, times, values
        return block.take(np.array([at], dtype=np.intp))[0] if values is None else values[at]

    def _some(self, rows: Rows) -> ObjectArray:
        if len(rows) and (rows.min() < 0 or rows.max() >= len(self)):
            rows = np.arange(len(self))[rows]  # as arrays count: from the end, and no further
        rises = len(rows) < 2 or bool((rows[1:] >= rows[:-1]).all())
        order = None if rises else np.argsort(rows, kind="stable")
        sought = rows if order is None else rows[order]
        found = np.empty(len(rows), dtype=object)
        for number, (first, last) in enumerate(self._spans(sought)):
            if last > first:
                at = sought[first:last] - self._starts[number]
                found[first:last] = self.blocks[number].take(at)
        if order is None:
            return found
        result = np.empty(len(rows), dtype=object)
        result[order] = found
        return result

    def _spans(self, rows: Rows) -> Iterator[tuple[int, int]]:
        ends = np.searchsorted(rows, self._starts).tolist()
        return pairwise(ends)

    def _all(self) -> ObjectArray:
        if len(self.blocks) == 1 and isinstance(self.blocks[0], Plain):
            return self.blocks[0].values
        if not self.blocks:
            return objects([])
        return np.concatenate([block.take(None) for block in self.blocks])


def joined(blocks: Sequence[Block]) -> Block:
    """Return some blocks, at least one, as one: the very same if it is only one."""
    return blocks[0] if len(blocks) == 1 else Plain(np.concatenate([block.take(None) for block in blocks]))


def by_block(starts: Sequence[int], rows: Iterable[int]) -> dict[int, list[int]]:
    """Group rows by the number of the block they lie in; `starts` says where each begins."""
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(bisect_right(starts, row) - 1, []).append(row)
    return found


def blocks_of(values: ObjectArray, pack: Pack) -> Iterator[Block]:
    """Yield values packed in blocks; the rest is kept as objects if it is short."""
    for start in range(0, len(values), BLOCK):
        some = values[start : start + BLOCK]
        yield pack(some) if len(some) >= LEAST else Plain(some.copy())


def objects(items: Sequence[Any] | Iterable[Any]) -> ObjectArray:
    """Return an object array of items, whatever they are, shape (n,)."""
    listed = items if isinstance(items, Sequence) else list(items)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
