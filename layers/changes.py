"""Changes as values: what was, and what is instead.

One `ChangeSet` carries an edit to the store, the screen, the undo list, a
revision and a comparison. The algebra is that of old and new per key:
inverting swaps them, and two changes of one key fold into one.

Where thousands of features come or go together, `layers.packed_changes`
keeps them in tables; to those who look up or loop over changes it is a mapping like any other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from layers.feature import Feature

Key: TypeAlias = tuple[str, str]
"""Layer id and feature id."""

JsonValue: TypeAlias = Any
"""What JSON can hold: the value of a project setting. ``None`` means: not set."""


@dataclass(frozen=True)
class Change:
    """One feature before and after; None where it does not exist.

    Raises
    ------
    ValueError
        If both sides are None, or the two have different ids.
    """

    layer: str
    before: Feature | None
    after: Feature | None

    def __post_init__(self) -> None:
        """Refuse a change of nothing and a change of identity."""
        if self.before is None and self.after is None:
            raise ValueError("a change needs a feature on one side at least")
        if self.before and self.after and self.before.uid != self.after.uid:
            raise ValueError("a change keeps the id of its feature")

    @property
    def uid(self) -> str:
        """The id of the feature."""
        return (self.after or self.before).uid  # type: ignore[union-attr]

    @property
    def key(self) -> Key:
        """Layer id and feature id."""
        return self.layer, self.uid

    @property
    def action(self) -> Literal["add", "remove", "modify"]:
        """Whether the feature appears, goes, or changes."""
        return "add" if self.before is None else "remove" if self.after is None else "modify"

    def inverse(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.layer, self.after, self.before)


@dataclass(frozen=True)
class SettingChange:
    """One project setting before and after; None where it is not set."""

    before: JsonValue
    after: JsonValue

    def inverse(self) -> SettingChange:
        """Return the change that takes this one back."""
        return SettingChange(self.after, self.before)


class Changes(Mapping[Key, Change], ABC):
    """Changes by key that are kept in another way than one object each."""

    @property
    @abstractmethod
    def by_layer(self) -> Mapping[str, Sequence[Change]]:
        """The changes of each layer that has any."""

    @property
    @abstractmethod
    def counts_change(self) -> bool:
        """Whether features come or go."""

    @abstractmethod
    def inverse(self) -> Changes:
        """Return what takes the changes back."""

    @abstractmethod
    def then(self, later: Mapping[Key, Change]) -> Changes:
        """Return what the changes come to if they are followed by later ones."""


@dataclass(frozen=True)
class ChangeSet:
    """Everything one step of the user changed, at most one change per key.

    Parameters
    ----------
    features : mapping of (layer id, feature id) to Change
    settings : mapping of setting name to SettingChange
    """

    features: Mapping[Key, Change] = field(default_factory=dict)
    settings: Mapping[str, SettingChange] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Iterable[Change], settings: Mapping[str, SettingChange] | None = None) -> ChangeSet:
        """Collect changes, folding those of one feature; changes of nothing vanish."""
        folded: dict[Key, Change] = {}
        for change in changes:
            fold(folded, change)
        return cls(folded, {k: c for k, c in (settings or {}).items() if c.before != c.after})

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(self.features or self.settings)

    def __len__(self) -> int:
        """Count the features and settings that change."""
        return len(self.features) + len(self.settings)

    def __iter__(self) -> Iterator[Change]:
        """Yield the feature changes."""
        return iter(self.features.values())

    def inverse(self) -> ChangeSet:
        """Return the change set that takes this one back."""
        back = self.features
        return ChangeSet(
            back.inverse() if isinstance(back, Changes) else {k: c.inverse() for k, c in back.items()},
            {name: change.inverse() for name, change in self.settings.items()},
        )

    def then(self, later: ChangeSet) -> ChangeSet:
        """Return the one change set that equals this one followed by `later`.

        Raises
        ------
        ValueError
            If `later` does not begin where this one ends.
        """
        folded = self.features
        if isinstance(folded, Changes):
            folded = folded.then(later.features)
        elif later.features:
            folded = dict(folded)
            for change in later:
                fold(folded, change)
        settings = dict(self.settings)
        for name, setting in later.settings.items():
            first = settings.pop(name, None)
            before = first.before if first else setting.before
            if before != setting.after:
                settings[name] = SettingChange(before, setting.after)
        return ChangeSet(folded, settings)

    @cached_property
    def by_layer(self) -> Mapping[str, Sequence[Change]]:
        """The feature changes by layer id; grouped once, for everybody who hears of them."""
        if isinstance(self.features, Changes):
            return self.features.by_layer
        grouped: dict[str, list[Change]] = {}
        for change in self:
            grouped.setdefault(change.layer, []).append(change)
        return grouped

    @cached_property
    def counts_change(self) -> bool:
        """Whether features come or go."""
        if isinstance(self.features, Changes):
            return self.features.counts_change
        return any(change.before is None or change.after is None for change in self)

    def removed_among(self, keys: Set[Key]) -> list[Key]:
        """Return those of some keys whose features go; takes as long as the fewer of both are many."""
        some = keys if len(keys) < len(self.features) else self.features.keys() & keys
        return [key for key in some if (at := self.features.get(key)) is not None and at.after is None]


def fold(folded: dict[Key, Change], later: Change) -> None:
    """Take a later change among earlier ones; what leads back to where it began vanishes.

    Raises
    ------
    ValueError
        If it does not begin where the earlier one of its feature ends.
    """
    first = folded.pop(later.key, None)
    if first and first.after != later.before:
        raise ValueError(f"changes of {later.key} do not follow one another")
    before = first.before if first else later.before
    if before == later.after:
        return
    folded[later.key] = Change(later.layer, before, later.after)
