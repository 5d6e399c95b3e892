"""The past of an open plan: its revisions and alternatives, read and proven."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from gis.store import branches, revisions
from gis.store import history as journal
from gis.store.connection import reading
from gis.store.settings import belongs_to_plan
from gis.working_plan import WorkingPlan
from layers.changes import ChangeSet, Key
from layers.revision import WORKING, Branch, Revision
from layers.snapshot import Snapshot

_CACHED_STATES: Final = 3


@dataclass(frozen=True)
class Look:
    """What is seen of a revision, and whether it is proven to be what was frozen."""

    snapshot: Snapshot
    proven: bool


class _States:
    """The states asked for last. Any thread may ask."""

    def __init__(self) -> None:
        self._lock, self._kept = Lock(), OrderedDict[str, Snapshot]()

    def get(self, label: str) -> Snapshot | None:
        with self._lock:
            return self._kept.get(label)

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, label: str, state: Snapshot) -> None:
        with self._lock:
            self._kept[label] = state
            self._kept.move_to_end(label)
            while len(self._kept) > _CACHED_STATES:
                self._kept.popitem(last=False)


class Past(WorkingPlan):
    """A plan and what can be read of its past. Nothing here writes."""

    def _read(self) -> None:
        self._states = _States()
        with self._access(), reading(self._store.db):
            super()._read()
            self._read_revisions()

    def _read_revisions(self) -> None:
        rows = revisions.read_revisions(self._store.db).values()
        self._revisions = tuple(row.revision for row in rows)
        self._frozen_after = revisions.frozen_after(self._store.db)
        labels = {row.rev_id: row.revision.label for row in rows}
        self._branches = branches.as_values(self._store.db, labels)
        self._removed = tuple(dict.fromkeys(name for name, _ in branches.removed_branches(self._store.db)))

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The frozen revisions, in the order they came into the file."""
        return self._revisions

    @property
    def frozen_after(self) -> Mapping[str, int]:
        """After which step each revision was frozen, as steps are numbered; not what came by a merge."""
        return self._frozen_after

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The alternatives, the main plan first."""
        return self._branches

    @property
    def removed_branches(self) -> tuple[str, ...]:
        """The names of alternatives that were removed and can be brought back."""
        return self._removed

    @property
    def branch(self) -> str:
        """The name of the alternative whose working plan is being edited."""
        return next(branch.name for branch in self._branches if branch.current)

    def state(self, label: str) -> Snapshot:
        """Return the plan at a revision, or the working plan for ``"working"`` or of a branch by its name.

        The content of a revision is hashed and compared with the digest of the revision.

        Raises
        ------
        NotFoundError
            If there is no such revision; lists those there are.
        StorageError
            If the content is not what was frozen.
        """
        if label == WORKING:
            return self._snapshot
        if any(branch.name == label for branch in self._branches):
            return self.branch_state(label)
        found = self._states.get(label)
        if found is None:
            with self._looking() as db:
                found = self._store.state(db, label)
        self._states.put(label, found)
        return found

    def look(self, label: str) -> Look:
        """Return the plan at a revision as it can be seen before it is proven, in a fraction of the time.

        For the eye alone: nothing may be made of it before `prove` has returned.

        Raises
        ------
        NotFoundError, StorageError
            As `state`.
        """
        proven = self._states.get(label)
        if proven is None and any(revision.label == label for revision in self._revisions):
            with self._looking() as db:
                seen = self._store.look(db, label, None if self._behind else self._snapshot)
            if seen is not None:
                return Look(seen, proven=False)
        return Look(proven or self.state(label), proven=True)

    def prove(self, label: str, look: Look) -> Snapshot:
        """Read a revision that was looked at as `state` does, and return what is proven.

        The very snapshot that was seen if it holds just that, which is then kept for `state`.

        Raises
        ------
        StorageError
            If the content is not what was frozen: what was seen must go.
        """
        found = self.state(label)
        if found is look.snapshot or not _same_plan(look.snapshot, found):
            return found
        self._states.put(label, look.snapshot)  # it shares most of its features with the working plan
        return look.snapshot

    def changes_between(self, before: str, after: str) -> ChangeSet:
        """Return what changed from one state to another (labels, names of branches, or ``"working"``).

        Folded from what was recorded: takes as long as there are changes, not features.
        """
        return self._between(before, after)[0]

    def branch_state(self, name: str) -> Snapshot:
        """Return the working plan of an alternative, without switching to it."""
        with self._lock:
            with self._access():
                branches.find_branch(branches.read_branches(self._store.db), name)
            if name == self.branch:
                return self._snapshot
            changes = of_plan(self._between(WORKING, name)[0])
            return replace(self._snapshot.apply(changes), revision=name)

    def _between(self, before: str, after: str) -> tuple[ChangeSet, dict[Key, int]]:
        with self._looking() as db:
            rows = revisions.changes_between(db, before, after)
            return journal.change_set(db, rows, self._store.names)


def of_plan(changes: ChangeSet) -> ChangeSet:
    """Leave out settings that only steer the display."""
    settings = {name: change for name, change in changes.settings.items() if belongs_to_plan(name)}
    return ChangeSet(changes.features, settings)


def _same_plan(first: Snapshot, second: Snapshot) -> bool:
    return first.settings == second.settings and all(
        layer.table.holds_same(second.layers[name].table) for name, layer in first.layers.items()
    )
