"""The ids of the features of a table: sixteen bytes each, and where each stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from layers.column import BLOCK, ObjectArray, Rows, objects

_DIGITS: Final = 32
_MAPPED: Final = 200_000
"""Up to so many ids are sought in a mapping, which is quicker; that of a million would take 150 megabytes."""
_STRETCH: Final = 131_072
_FIRST_FEW: Final = 16
"""Of ids that are not in a mapping: so many are put in order at once, and after so many questions."""
_BITS: Final = (1 << 20) - 1
_MOST_FRESH: Final = 4096
"""After so many new features, and such that are gone, where ids stand is worked out anew."""

_Half: TypeAlias = NDArray[np.uint64]


class Ids:
    """Ids in the order of rows. Never changes.

    Behaves as a read-only object array of str, as `layers.column.Column` does. Ids of 32 hexadecimal digits,
    which all are that the program makes, are kept as two numbers; others as they are.

    Parameters
    ----------
    uids : sequence of str
    """

    def __init__(self, uids: Sequence[str] | ObjectArray) -> None:
        listed = uids.tolist() if isinstance(uids, np.ndarray) else list(uids)
        halves = _halves(listed) if len(listed) >= BLOCK // 2 else None
        self._store: _Store = _Objects(objects(listed)) if halves is None else _Packed(*halves)

    @classmethod
    def _of(cls, store: _Store) -> Ids:
        ids = cls.__new__(cls)
        ids._store = store
        return ids

    @classmethod
    def joined(cls, parts: Sequence[Ids]) -> Ids:
        """Return the ids of some parts, one after the other."""
        stores = [part._store for part in parts]
        packed = [store for store in stores if isinstance(store, _Packed)]
        if len(packed) < len(stores):
            rest = stores[-1]
            last = _halves(rest.words(slice(None))) if isinstance(rest, _Objects) else None
            if last is None or len(packed) < max(1, len(stores) - 1):
                return cls([uid for part in parts for uid in part.tolist()])
            packed.append(_Packed(*last))
        high = np.concatenate([store.high for store in packed])
        return cls._of(_Packed(high, np.concatenate([store.low for store in packed])))

    def differ(self) -> bool:
        """Tell whether each is a text that stands there once."""
        return self._store.differ()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._store)

    @overload
    def __getitem__(self, at: int | np.integer[Any]) -> str: ...
    @overload
    def __getitem__(self, at: NDArray[Any] | slice | list[int]) -> ObjectArray: ...
    def __getitem__(self, at: Any) -> Any:
        """Return the id of one row, or those of some."""
        if isinstance(at, (int, np.integer)):
            return self._store.words([at])[0]
        return objects(self._store.words(at))

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in order."""
        for start in range(0, len(self), BLOCK):
            yield from self._store.words(slice(start, start + BLOCK))

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        """Return all ids as an object array."""
        words = objects(self.tolist())
        return words if dtype is None else words.astype(dtype)

    def tolist(self) -> list[str]:
        """Return all ids as a list."""
        return self._store.words(slice(None))

    def row_of(self, uid: object) -> int | None:
        """Return the row of an id, or None."""
        return self._store.row_of(uid)

    def rows_of(self, uids: Sequence[str]) -> Rows:
        """Return the rows of some ids, shape (k,), in their order; -1 for those that are not here.

        Quicker than asking for one after the other.
        """
        return self._store.rows_of(uids) if len(uids) else np.zeros(0, dtype=np.intp)

    def where(self, rows: Rows) -> Ids:
        """Return the ids of some rows, in that order."""
        return self._of(self._store.where(rows))

    def patched(self, added: Sequence[str], gone: Sequence[int]) -> Ids:
        """Return the ids after an edit: those of rows `gone` vanish, new ones come last."""
        if not (added or gone):
            return self
        store = self._store
        if gone:
            store = store.without(gone)
        return self._of(store.with_more(added)) if added else self._of(store)


class _Objects:
    """Ids as they are, in a mapping once one is sought."""

    def __init__(self, uids: ObjectArray, rows: dict[str, int] | None = None) -> None:
        self._uids = uids
        self._known = rows

    def __len__(self) -> int:
        return len(self._uids)

    def words(self, at: Any) -> list[str]:
        words: list[str] = self._uids[at].tolist()
        return words

    def differ(self) -> bool:
        return all(type(uid) is str for uid in self._uids) and len(set(self._uids)) == len(self)

    def row_of(self, uid: object) -> int | None:
        return self._rows().get(uid) if isinstance(uid, str) else None

    def rows_of(self, uids: Sequence[str]) -> Rows:
        return _rows_in(self._rows(), uids)

    def where(self, rows: Rows) -> _Store:
        return _Objects(self._uids[rows])

    def without(self, gone: Sequence[int]) -> _Store:
        return _Objects(np.delete(self._uids, gone))

    def with_more(self, added: Sequence[str]) -> _Store:
        uids, first = np.concatenate([self._uids, objects(added)]), len(self)
        if len(uids) >= BLOCK and (halves := _halves(uids.tolist())) is not None:
            return _Packed(*halves)
        return _Objects(uids, {**self._rows(), **{uid: first + i for i, uid in enumerate(added)}})

    def _rows(self) -> dict[str, int]:
        if self._known is None:
            self._known = {uid: row for row, uid in enumerate(self._uids)}
        return self._known


class _Packed:
    """Ids as two numbers each; where each stands is known for states that differ by a few rows together."""

    def __init__(self, high: _Half, low: _Half, sought: _Sought | None = None) -> None:
        self.high = high
        self.low = low
        self._sought = sought

    def __len__(self) -> int:
        return len(self.high)

    def words(self, at: Any) -> list[str]:
        pairs = np.stack([self.high[at], self.low[at]], axis=-1).astype(">u8")
        digits = pairs.tobytes().hex()
        return [digits[i : i + _DIGITS] for i in range(0, len(digits), _DIGITS)]

    def differ(self) -> bool:
        order = np.argsort(self.high)
        alike = np.flatnonzero(self.high[order[1:]] == self.high[order[:-1]])
        if not len(alike):
            return True
        doubtful = np.union1d(order[alike], order[alike + 1])
        return len(set(self.words(doubtful))) == len(doubtful)

    def row_of(self, uid: object) -> int | None:
        return self._known().row_of(uid) if isinstance(uid, str) else None

    def rows_of(self, uids: Sequence[str]) -> Rows:
        return self._known().rows_of(uids)

    def _known(self) -> _Sought:
        if self._sought is None:
            mapped = len(self) <= _MAPPED
            base = _Mapping(self.words(slice(None))) if mapped else _Order(self.high, self.low)
            self._sought = _Sought(base, len(self))
        return self._sought

    def where(self, rows: Rows) -> _Store:
        return _Packed(self.high[rows], self.low[rows])

    def without(self, gone: Sequence[int]) -> _Store:
        high, low = np.delete(self.high, gone), np.delete(self.low, gone)
        return _Packed(high, low, None if self._sought is None else self._sought.without(gone))

    def with_more(self, added: Sequence[str]) -> _Store:
        halves = _halves(added)
        if halves is None:
            return _Objects(objects(self.words(slice(None)))).with_more(added)
        high, low = (np.concatenate(pair) for pair in zip((self.high, self.low), halves, strict=True))
        return _Packed(high, low, None if self._sought is None else self._sought.with_more(added, len(self)))


_Store: TypeAlias = _Objects | _Packed


class _Sought:
    """Where ids stand: as in a state that was, but for some rows that are gone and some that are new.

    Parameters
    ----------
    base : _Mapping or _Order
        Of the state that was.
    count : int
        Its rows.
    gone : tuple of int
        Those of them that are no more, rising.
    fresh : mapping of id to row
        Of the new ones, as they stand now.
    """

    def __init__(
        self,
        base: _Mapping | _Order,
        count: int,
        gone: tuple[int, ...] = (),
        fresh: Mapping[str, int] | None = None,
    ) -> None:
        self._base = base
        self._count = count
        self._gone = gone
        self._fresh = fresh or {}

    def row_of(self, uid: str) -> int | None:
        row = self._fresh.get(uid)
        if row is not None:
            return row
        row = self._base.row_of(uid)
        if row is None or not self._gone:
            return row
        before = bisect_left(self._gone, row)
        return None if before < len(self._gone) and self._gone[before] == row else row - before

    def rows_of(self, uids: Sequence[str]) -> Rows:
        rows = self._base.rows_of(uids)
        if self._gone:
            gone = np.array(self._gone, dtype=np.intp)
            before = np.searchsorted(gone, rows)
            lost = gone[np.minimum(before, len(gone) - 1)] == rows
            rows = np.where(lost | (rows < 0), -1, rows - before)
        if self._fresh:
            fresh = _rows_in(self._fresh, uids)
            rows = np.where(fresh >= 0, fresh, rows)
        return rows

    def with_more(self, added: Sequence[str], first: int) -> _Sought | None:
        fresh = {**self._fresh, **{uid: first + i for i, uid in enumerate(added)}}
        return self._of(self._gone, fresh)

    def without(self, gone: Sequence[int]) -> _Sought | None:
        rows = sorted(gone)
        old = self._count - len(self._gone)
        known = [self._base_row(row) for row in rows if row < old]
        lost = set(rows)
        fresh = {uid: row - bisect_left(rows, row) for uid, row in self._fresh.items() if row not in lost}
        return self._of(tuple(sorted([*self._gone, *known])), fresh)

    def _base_row(self, row: int) -> int:
        """Return where a row stood that was there from the start."""
        for other in self._gone:
            if other > row:
                break
            row += 1
        return row

    def _of(self, gone: tuple[int, ...], fresh: Mapping[str, int]) -> _Sought | None:
        if len(gone) + len(fresh) > _MOST_FRESH:
            return None
        return _Sought(self._base, self._count, gone, fresh)


class _Mapping:
    """The rows of ids as they are."""

    def __init__(self, words: Sequence[str]) -> None:
        self._rows = {uid: row for row, uid in enumerate(words)}

    def row_of(self, uid: str) -> int | None:
        return self._rows.get(uid)

    def rows_of(self, uids: Sequence[str]) -> Rows:
        return _rows_in(self._rows, uids)


def _rows_in(known: Mapping[str, int], uids: Sequence[str]) -> Rows:
    return np.fromiter((known.get(uid, -1) for uid in uids), np.intp, len(uids))


class _Order:
    """The rows of ids by the size of their first number, to seek one by halving.

    Whoever asks waits, so the order is made stretch by stretch, one at each question after the first few; the
    rest is looked through.
    """

    def __init__(self, high: _Half, low: _Half) -> None:
        self._high = high
        self._low = low
        self._asked = 0
        self._sorted: list[NDArray[np.int32]] = []

    def row_of(self, uid: str) -> int | None:
        halves = _halves([uid])
        if halves is None:
            return None
        self._asked += 1
        if self._asked > _FIRST_FEW and len(self._sorted) * _STRETCH < len(self._high):
            self._sort_more()
        high, low = int(halves[0][0]), int(halves[1][0])
        return next((row for row in self._rows(high) if int(self._low[row]) == low), None)

    def rows_of(self, uids: Sequence[str]) -> Rows:
        """Return the rows of many ids: only those that share some bits with a sought one are compared."""
        halves = _halves(uids)
        if halves is None:
            rows = map(self.row_of, uids)
            return np.fromiter((-1 if row is None else row for row in rows), np.intp, len(uids))
        sought = _Wanted(*halves)
        bits = np.zeros(_BITS + 1, dtype=bool)
        bits[halves[0] & np.uint64(_BITS)] = True
        for start in reversed(range(0, len(self._high), _STRETCH)):  # the first of equal ones counts
            high = self._high[start : start + _STRETCH]
            maybe = np.flatnonzero(bits[high & np.uint64(_BITS)])[::-1] + start
            sought.meet(self._high[maybe], self._low[maybe], maybe)
        return sought.rows()

    def _sort_more(self) -> None:
        start = len(self._sorted) * _STRETCH
        order = np.argsort(self._high[start : start + _STRETCH], kind="stable") + start
        self._sorted = [*self._sorted, order.astype(np.int32)]

    def _rows(self, high: int) -> Iterator[int]:
        """Yield the rows whose first number is this, in order."""
        known = self._sorted
        for order in known:
            at = bisect_left(order, high, key=lambda row: int(self._high[row]))
            while at < len(order) and int(self._high[order[at]]) == high:
                yield int(order[at])
                at += 1
        start = len(known) * _STRETCH
        yield from (np.flatnonzero(self._high[start:] == np.uint64(high)) + start).tolist()


class _Wanted:
    """Ids whose rows are sought, in order, each once.

    Parameters
    ----------
    high, low : array of uint64, shape (n,)
    """

    def __init__(self, high: _Half, low: _Half) -> None:
        self._order = np.lexsort((low, high))
        high, low = high[self._order], low[self._order]
        other = np.ones(len(high), dtype=bool)
        other[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        self._once = np.cumsum(other) - 1
        self._high, self._low = high[other], low[other]
        self._found = np.full(len(self._high), -1, dtype=np.intp)

    def meet(self, high: _Half, low: _Half, rows: Rows) -> None:
        """Note which of some rows are sought; of those with one id the last."""
        at = np.searchsorted(self._high, high)
        while len(at):  # a second time only for ids that share their first half
            there = at < len(self._high)
            at, high, low, rows = at[there], high[there], low[there], rows[there]
            near = self._high[at] == high
            at, high, low, rows = at[near], high[near], low[near], rows[near]
            same = self._low[at] == low
            self._found[at[same]] = rows[same]
            at, high, low, rows = at[~same] + 1, high[~same], low[~same], rows[~same]

    def rows(self) -> Rows:
        """Return the rows of all ids as they were asked for, -1 for those not met."""
        found = np.empty(len(self._order), dtype=np.intp)
        found[self._order] = self._found[self._once]
        return found


def _halves(uids: Iterable[str]) -> tuple[_Half, _Half] | None:
    """Return ids as two numbers each; None unless all have 32 hexadecimal digits, in small letters."""
    listed = list(uids)
    parts = [_halves_of(listed[i : i + _STRETCH]) for i in range(0, max(len(listed), 1), _STRETCH)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return np.concatenate([high for high, _ in known]), np.concatenate([low for _, low in known])


def _halves_of(listed: list[str]) -> tuple[_Half, _Half] | None:
    try:
        digits = "".join(listed)
        data = bytes.fromhex(digits)
    except (TypeError, ValueError):
        return None
    if data.hex() != digits or not set(map(len, listed)) <= {_DIGITS}:
        return None
    pairs = np.frombuffer(data, ">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
