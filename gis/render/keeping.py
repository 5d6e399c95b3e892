"""Values worked out once for a version of a table and kept as long as it lives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Final, TypeVar
from weakref import WeakKeyDictionary, ref

from layers.column import Column
from layers.table import Table

T = TypeVar("T")
_OFTEN: Final = 60
"""One picture asks some ten times: for each rule and each label."""

_kept: WeakKeyDictionary[Table, dict[Hashable, object]] = WeakKeyDictionary()
_columns: dict[int, tuple[ref[object], object]] = {}
_lock = threading.RLock()


def kept(table: Table, key: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` gave for this table and key, asking it only the first time.

    Tables never change, so what is kept is never stale; it goes with the table.
    Two threads that ask at once may both work; one result stays.
    """
    with _lock:
        known = _kept.setdefault(table, {})
        if key in known:
            return known[key]  # type: ignore[return-value]
    value = make()
    with _lock:
        return known.setdefault(key, value)  # type: ignore[return-value]


def worth_keeping(table: Table, key: Hashable) -> bool:
    """Tell whether something is kept, or was asked for often enough to be worked out for all rows.

    Right after an edit a few rows are wanted soon; a map that is moved wants more and more of them.
    """
    with _lock:
        known = _kept.setdefault(table, {})
        asked = known.get(("asked", key), 0)
        known["asked", key] = asked + 1 if isinstance(asked, int) else 1
        return key in known or (isinstance(asked, int) and asked >= _OFTEN)


def kept_column(column: Column, make: Callable[[], T]) -> T:
    """Return what `make` gave for a column; versions of a table share the columns that are not edited."""
    with _lock:
        found = _columns.get(id(column))
        if found is not None and found[0]() is column:
            return found[1]  # type: ignore[return-value]
    made = make()
    with _lock:
        number = id(column)
        _columns[number] = (ref(column, lambda _: _columns.pop(number, None)), made)
    return made


def forget(table: Table, keep: Callable[[Hashable], bool]) -> None:
    """Drop the kept values of a table whose key `keep` does not want."""
    with _lock:
        known = _kept.get(table, {})
        for key in [key for key in known if not keep(key)]:
            del known[key]
