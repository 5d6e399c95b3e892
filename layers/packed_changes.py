"""Changes of very many features: those that come or go are kept in tables, not as an object each.

A drawing of 50 MB brings two hundred thousand features. As objects they take half a gigabyte; as a table they
take some fifty megabytes, which the plan shares once they are in it.
"""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias, overload

import numpy as np

from layers.changes import Change, Changes, Key, fold
from layers.feature import Feature
from layers.table import Table

Tables: TypeAlias = Mapping[str, Table]
"""By layer id."""

_NONE: Final[Tables] = {}


class PackedChanges(Changes):
    """Changes by layer and feature id.

    Behaves as a mapping; a change is made when it is asked for, many at once while one loops over all.

    Parameters
    ----------
    come, go : mapping of layer id to Table
        Features that are new, and such that vanish, as they are before.
    others : mapping of Key to Change
        All other changes, and such few that come or go besides. No key is in two of the three.
    """

    def __init__(self, come: Tables = _NONE, go: Tables = _NONE, others: Mapping[Key, Change] | None = None):
        self.come = {name: table for name, table in come.items() if len(table)}
        self.go = {name: table for name, table in go.items() if len(table)}
        self.others: Mapping[Key, Change] = others or {}

    @classmethod
    def of(cls, changes: Mapping[Key, Change]) -> PackedChanges:
        """Return changes as they are if they are packed; others one by one."""
        return changes if isinstance(changes, PackedChanges) else cls(others=changes)

    @classmethod
    def joined(cls, parts: Iterable[Mapping[Key, Change]]) -> PackedChanges:
        """Return several as one; no two of them are about one feature."""
        come: dict[str, list[Table]] = {}
        go: dict[str, list[Table]] = {}
        others: dict[Key, Change] = {}
        for part in map(cls.of, parts):
            for tables, into in ((part.come, come), (part.go, go)):
                for name, table in tables.items():
                    into.setdefault(name, []).append(table)
            others.update(part.others)
        return cls(
            {name: Table.joined(tables) for name, tables in come.items()},
            {name: Table.joined(tables) for name, tables in go.items()},
            others,
        )

    def without(self, keys: Collection[Key]) -> PackedChanges:
        """Return the changes without those of some features."""
        if not keys:
            return self
        left_out: dict[str, list[str]] = {}
        for name, uid in keys:
            left_out.setdefault(name, []).append(uid)
        return PackedChanges(
            {name: _left(table, left_out.get(name, ())) for name, table in self.come.items()},
            {name: _left(table, left_out.get(name, ())) for name, table in self.go.items()},
            {key: change for key, change in self.others.items() if key not in keys},
        )

    @cached_property
    def by_layer(self) -> Mapping[str, LayerChanges]:
        """The changes of each layer that has any."""
        others: dict[str, list[Change]] = {}
        for change in self.others.values():
            others.setdefault(change.layer, []).append(change)
        return {
            name: LayerChanges(name, self.come.get(name), self.go.get(name), others.get(name, ()))
            for name in dict.fromkeys([*self.come, *self.go, *others])
        }

    @cached_property
    def counts_change(self) -> bool:
        """Whether features come or go."""
        rest = self.others.values()
        return bool(self.come or self.go) or any(c.before is None or c.after is None for c in rest)

    def inverse(self) -> PackedChanges:
        """Return what takes the changes back."""
        return PackedChanges(self.go, self.come, {k: c.inverse() for k, c in self.others.items()})

    def then(self, later: Mapping[Key, Change]) -> PackedChanges:
        """Return what the changes come to if they are followed by later ones."""
        if not later:
            return self
        met = [key for key in later if key not in self.others and key in self]
        folded = {**self.others, **{key: self[key] for key in met}}
        for change in later.values():
            fold(folded, change)
        rest = self.without(frozenset(met))
        return PackedChanges(rest.come, rest.go, folded)

    def __len__(self) -> int:
        """Count the changes."""
        return sum(map(len, (*self.come.values(), *self.go.values()))) + len(self.others)

    def __iter__(self) -> Iterator[Key]:
        """Yield the keys."""
        for tables in (self.come, self.go):
            for name, table in tables.items():
                for uid in table.uids:
                    yield name, uid
        yield from self.others

    def __contains__(self, key: object) -> bool:
        """Tell whether a feature changes."""
        if key in self.others:
            return True
        if not isinstance(key, tuple) or len(key) != 2:
            return False
        return any(key[0] in tables and key[1] in tables[key[0]] for tables in (self.come, self.go))

    def __getitem__(self, key: Key) -> Change:
        """Return the change of a feature."""
        if (change := self.others.get(key)) is not None:
            return change
        name, uid = key
        for tables, comes in ((self.come, True), (self.go, False)):
            if name in tables and (feature := tables[name].get(uid)) is not None:
                return _one(name, feature, comes=comes)
        raise KeyError(key)

    def values(self) -> ValuesView[Change]:
        """Return the changes, to be looped over."""
        return _Listed(self)

    def items(self) -> ItemsView[Key, Change]:
        """Return each key with its change, to be looped over."""
        return _Pairs(self)


class LayerChanges(Sequence[Change]):
    """The changes of one layer.

    Parameters
    ----------
    layer : str
    come, go : Table or None
    others : sequence of Change
    """

    def __init__(self, layer: str, come: Table | None, go: Table | None, others: Sequence[Change]) -> None:
        self.layer, self.come, self.go, self.others = layer, come, go, others

    def __len__(self) -> int:
        """Count the changes."""
        return len(self.come or ()) + len(self.go or ()) + len(self.others)

    def __iter__(self) -> Iterator[Change]:
        """Yield the changes: what comes, what goes, all others."""
        for feature in self.come or ():
            yield _one(self.layer, feature, comes=True)
        for feature in self.go or ():
            yield _one(self.layer, feature, comes=False)
        yield from self.others

    @overload
    def __getitem__(self, at: int) -> Change: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Change]: ...
    def __getitem__(self, at: int | slice) -> Change | Sequence[Change]:
        """Return one change, or some."""
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        i = at + len(self) if at < 0 else at
        if not 0 <= i < len(self):
            raise IndexError(at)
        for table, comes in ((self.come, True), (self.go, False)):
            if table is not None:
                if i < len(table):
                    return _one(self.layer, table.at(i), comes=comes)
                i -= len(table)
        return self.others[i]


class _Listed(ValuesView[Change]):
    """The changes one after the other, taken out of the tables block by block."""

    _mapping: PackedChanges

    def __iter__(self) -> Iterator[Change]:
        """Yield the changes, layer by layer."""
        return chain.from_iterable(self._mapping.by_layer.values())


class _Pairs(ItemsView[Key, Change]):
    """The changes with their keys."""

    _mapping: PackedChanges

    def __iter__(self) -> Iterator[tuple[Key, Change]]:
        """Yield each key with its change, layer by layer."""
        return ((change.key, change) for change in self._mapping.values())


def _one(layer: str, feature: Feature, *, comes: bool) -> Change:
    return Change(layer, None, feature) if comes else Change(layer, feature, None)


def _left(table: Table, uids: Sequence[str]) -> Table:
    """Return a table without some features; the very same if it has none of them."""
    rows = table.indices_of(uids)
    if not len(rows):
        return table
    kept = np.ones(len(table), dtype=bool)
    kept[rows] = False
    return table.where(kept)
