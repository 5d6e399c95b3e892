"""The ids of the features of a table: sixteen bytes each, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from layers.column import BLOCK, ObjectArray, Rows, objects

_DIGITS: Final = 32
_MAPPED: Final = 200_000
"""Up to so many ids are sought in a mapping, which is quicker; that of a million would take 150 megabytes."""
_MOST_FRESH: Final = 4096
"""After so many new features the order of ids is worked out anew."""

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

    def where(self, rows: Rows) -> Ids:
        """Return the ids of some rows, in that order."""
        return self._of(self._store.where(rows))

    def patched(self, added: Sequence[str], gone: Sequence[int]) -> Ids:
        """Return the ids after an edit: those of rows `gone` vanish, new ones come last."""
        if not (added or gone):
            return self
        store = self._store
        if gone:
            kept = np.ones(len(store), dtype=bool)
            kept[list(gone)] = False
            store = store.where(np.flatnonzero(kept))
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

    def where(self, rows: Rows) -> _Store:
        return _Objects(self._uids[rows])

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
    """Ids as two numbers each; sought in their order, which states that differ by a few new ones share."""

    def __init__(
        self,
        high: _Half,
        low: _Half,
        order: _Order | None = None,
        fresh: dict[str, int] | None = None,
        known: dict[str, int] | None = None,
    ) -> None:
        self.high = high
        self.low = low
        self._order = order
        self._fresh = fresh or {}
        self._known = known

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
        if len(self) <= _MAPPED:
            return self._rows().get(uid) if isinstance(uid, str) else None
        if not isinstance(uid, str) or (halves := _halves([uid])) is None:
            return None
        if (fresh := self._fresh.get(uid)) is not None:
            return fresh
        if self._order is None:
            self._order = _Order(self.high)
        for row in self._order.rows(halves[0][0]):
            if self.low[row] == halves[1][0]:
                return row
        return None

    def where(self, rows: Rows) -> _Store:
        return _Packed(self.high[rows], self.low[rows])

    def with_more(self, added: Sequence[str]) -> _Store:
        halves, first = _halves(added), len(self)
        if halves is None:
            return _Objects(objects(self.words(slice(None)))).with_more(added)
        fresh = {**self._fresh, **{uid: first + i for i, uid in enumerate(added)}}
        high, low = (np.concatenate(pair) for pair in zip((self.high, self.low), halves, strict=True))
        if self._known is not None and len(high) <= _MAPPED:
            return _Packed(high, low, known={**self._known, **fresh})
        if self._order is None or len(fresh) > _MOST_FRESH:
            return _Packed(high, low)
        return _Packed(high, low, self._order, fresh)

    def _rows(self) -> dict[str, int]:
        if self._known is None:
            self._known = {uid: row for row, uid in enumerate(self.words(slice(None)))}
        return self._known


_Store: TypeAlias = _Objects | _Packed


class _Order:
    """The rows of numbers by their size, to seek one by halving."""

    def __init__(self, numbers: _Half) -> None:
        self._numbers = numbers
        self._sorted = np.argsort(numbers, kind="stable").astype(np.int32)

    def rows(self, number: np.uint64) -> list[int]:
        """Return the rows that hold a number."""
        first = int(np.searchsorted(self._numbers, number, "left", sorter=self._sorted))
        last = int(np.searchsorted(self._numbers, number, "right", sorter=self._sorted))
        rows: list[int] = self._sorted[first:last].tolist()
        return rows


def _halves(uids: Iterable[str]) -> tuple[_Half, _Half] | None:
    """Return ids as two numbers each; None unless all have 32 hexadecimal digits, in small letters."""
    try:
        listed = list(uids)
        digits = "".join(listed)
        data = bytes.fromhex(digits)
    except (TypeError, ValueError):
        return None
    if data.hex() != digits or not set(map(len, listed)) <= {_DIGITS}:
        return None
    pairs = np.frombuffer(data, ">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
