"""The working plan and its steps: the core of an open project.

An edit is a `ChangeSet`; `WorkingPlan.apply` writes it as one transaction, and
only when it is on disk does the snapshot change and the signal go out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from psygnal import Signal

from gis.progress import Progress
from gis.store import history as journal
from gis.store.bulk import many_objects
from gis.store.connection import Connection, reading, stoppable
from gis.store.failures import told
from gis.store.history import History, RowChanges
from gis.store.settings import belongs_to_plan
from gis.store.steps import Action, EncodedStep, encode_step, write_step
from gis.store.store import Store
from layers.changes import ChangeSet, Key, SettingChange
from layers.errors import CancelledError, ConflictError, Finding, ReadOnlyError
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text
from layers.told import holds_reports, is_told


@dataclass
class PendingStep:
    """A step between being prepared and being shown; see `Project.prepare`. `number` is set by `commit`."""

    encoded: EncodedStep
    action: Action
    base: Snapshot
    result: Snapshot
    number: int = 0


_MANY: Final = 1000
"""So many features that go are taken from the plan; few are read and compared as any others."""


class Versions(NamedTuple):
    """Versions that the file has already.

    Parameters
    ----------
    known : mapping of Key to int
        Of what features become: none is added.
    expected : mapping of Key to int
        Of features that go, whose changes were made of the plan in memory.
    """

    known: Mapping[Key, int] = MappingProxyType({})
    expected: Mapping[Key, int] = MappingProxyType({})


class WorkingPlan:
    """The working plan of an open file: what is in it, and the steps that led there.

    Parameters
    ----------
    store : Store
        Taken over: closed here, also when reading it fails.
    """

    changed = Signal(ChangeSet)
    told_stays = Signal(ChangeSet)
    foreseen = Signal(Snapshot)
    """What the plan will be once the step being written is on disk: to be prepared for, not to be shown."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = RLock()
        self._behind = False
        with ExitStack() as on_failure:
            on_failure.callback(store.close)
            self._read()
            on_failure.pop_all()

    def _read(self) -> None:
        """Read everything anew."""
        with self._access(), reading(self._store.db):
            self._findings = self._store.findings
            self._snapshot = self._store.snapshot()
            self._history = journal.read_history(self._store.db)

    @property
    def path(self) -> Path:
        """The project file."""
        return self._store.path

    @property
    def read_only(self) -> bool:
        """Whether edits are refused."""
        return not self._store.writable

    @property
    def read_only_reason(self) -> Text | None:
        """Why edits are refused; None if they are not."""
        return self._store.reason if self.read_only else None

    @property
    def snapshot(self) -> Snapshot:
        """The working plan, as it is on disk."""
        return self._snapshot

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What opening the file found: edits made by other programs, repairs."""
        return self._findings

    @property
    def history(self) -> History:
        """The steps that can be undone and redone."""
        return self._history

    def apply(self, changes: ChangeSet, label: Text, progress: Progress | None = None) -> None:
        """Write an edit as one step, then show it.

        A change set without changes is no step.

        Parameters
        ----------
        progress : Progress, optional
            Asked all the while whether the user has cancelled, until the step is on disk.

        Raises
        ------
        CancelledError
        ReadOnlyError, ConflictError, RefusedError, NotFoundError, StorageError
            Nothing has changed then, neither on disk nor here.
        """
        self._run(changes, Action("edit", label), progress=progress)

    def prepare(self, changes: ChangeSet, label: Text) -> PendingStep:
        """Encode an edit. Writes nothing; may run in any thread.

        Raises
        ------
        ReadOnlyError, ConflictError, RefusedError, NotFoundError
        """
        return self._prepare(changes, Action("edit", label))

    def commit(self, pending: PendingStep, progress: Progress | None = None) -> None:
        """Write a prepared edit to disk; may run in any thread. Then `adopt` it.

        Raises
        ------
        CancelledError
        ReadOnlyError, ConflictError, StorageError
            Nothing was written.
        """
        self._commit(pending, progress=progress)

    def _commit(
        self,
        pending: PendingStep,
        before: Callable[[], object] | None = None,
        after: Callable[[], object] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Write a step, and what belongs into the same transaction before and after it."""
        with self._access(), many_objects():
            self._check_writable()
            with self._store.writing():
                self._store.check_watched()
                if before is not None:
                    before()
                with _stoppable(self._store.db, progress):
                    pending.number = write_step(self._store.db, pending.encoded, pending.action)
                if after is not None:
                    after()
            self._behind = True  # the file is ahead of the snapshot, until `adopt`
            if len(pending.encoded.changes) >= _MANY:
                self._store.spare_memory()

    def adopt(self, pending: PendingStep) -> None:
        """Show a committed edit: change the snapshot and tell everybody. In the thread of the window."""
        with self._lock:
            same = self._snapshot is pending.base
            self._snapshot = pending.result if same else self._snapshot.apply(pending.encoded.changes)
            with self._access():
                self._history = journal.after(self._store.db, self._history, pending.number, pending.action)
            self._behind = False
        self.changed.emit(pending.encoded.changes)

    def undo(self, progress: Progress | None = None) -> ChangeSet | None:
        """Take back the last step; return what changed, or None if there is none.

        A report that was told otherwise since, with another alternative in front, stays as it is told
        now; `told_stays` says so.

        Parameters
        ----------
        progress : Progress, optional
            Asked all the while whether the user has cancelled, until it is on disk.

        Raises
        ------
        CancelledError, ReadOnlyError, ConflictError, StorageError
            Nothing has changed then.
        """
        return self._replay("undo", progress)

    def redo(self, progress: Progress | None = None) -> ChangeSet | None:
        """Repeat the step taken back last, as `undo` takes one back."""
        return self._replay("redo", progress)

    def go(self, steps: int, progress: Progress | None = None) -> tuple[ChangeSet, Text | None]:
        """Take back so many steps (negative) or repeat them, as far as there are any.

        Returns
        -------
        ChangeSet
            What changed, all together.
        Text or None
            How far it went, where it was cancelled between steps: each is a step by itself, and stays taken.

        Raises
        ------
        CancelledError, ReadOnlyError, ConflictError, StorageError
            `CancelledError` only if not one step was taken.
        """
        whole, take = ChangeSet(), self.undo if steps < 0 else self.redo
        for taken in range(abs(steps)):
            try:
                changes = take(progress)
            except CancelledError:
                if not taken:
                    raise
                words = Text("已停止：{of} 步中走了 {n} 步。", "Stopped: {n} of {of} steps were taken.")
                return whole, words.format(n=taken, of=abs(steps))
            if changes is None:
                break
            whole = whole.then(changes) if whole else changes
        return whole, None

    def refresh(self) -> ChangeSet | None:
        """Take over what another program (QGIS) wrote since the project was opened or last looked at.

        It becomes a step of kind ``outside`` that can be undone; `findings` tells about it. Cheap when
        nothing happened: the window may call it each second.

        Returns
        -------
        ChangeSet or None
            None if no feature differs, or if the project is read-only.
        """
        with self._access():
            if self.read_only or not self._store.changed_outside():
                return None
            last = journal.last_done(self._store.db)
            self._store.take_over()
            self._findings = self._store.findings
            step = journal.last_done(self._store.db)
            self._history = journal.read_history(self._store.db)
            if step is None or step == last:
                return None
            rows = journal.step_changes(self._store.db, step.id)
            changes, _ = journal.change_set(self._store.db, rows, self._store.names)
            self._snapshot = self._snapshot.apply(changes)
        self.changed.emit(changes)
        return changes

    def beat(self) -> None:
        """Renew the lock file, for other machines on a network drive; call about every 15 seconds."""
        self._store.beat()

    def close(self) -> None:
        """Close the file. Nothing is pending; may be called twice."""
        with self._access():
            try:
                if self._store.writable:
                    self._store.write_extents(self._snapshot)
            finally:  # a full disk keeps nobody from closing
                self._store.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _run(
        self,
        changes: ChangeSet,
        action: Action,
        versions: Versions | None = None,
        progress: Progress | None = None,
    ) -> ChangeSet:
        with self._lock:
            asked = progress or Progress()
            asked.check()
            pending = self._prepare(changes, action, versions, asked)
            asked.check()
            if not pending.encoded.changes and action.target is None:
                return pending.encoded.changes
            self.foreseen.emit(pending.result)
            self.commit(pending, progress)
            self.adopt(pending)
            return pending.encoded.changes

    def _prepare(
        self,
        changes: ChangeSet,
        action: Action,
        versions: Versions | None = None,
        progress: Progress | None = None,
    ) -> PendingStep:
        self._check_writable()
        base = self._snapshot
        known, expected = versions or Versions()
        try:
            with many_objects():
                encoded = encode_step(self._store.tables, changes, known, expected)
                (progress or Progress()).check()
                return PendingStep(encoded, action, base, base.apply(encoded.changes, expected))
        except ValueError as error:
            raise ConflictError(
                Text(
                    "方案在此期间已有变化，这一步不再适用。",
                    "The plan has changed meanwhile; this step no longer fits.",
                ),
                Text("未作任何更改，请重试。", "Nothing was changed; try again."),
                code="edit.stale",
            ) from error

    def _replay(self, kind: str, progress: Progress | None = None) -> ChangeSet | None:
        with self._lock:
            self._check_writable()
            with self._access():
                db = self._store.db
                step = journal.last_done(db) if kind == "undo" else journal.first_undone(db)
                if step is None:
                    return None
                with many_objects(), _stoppable(db, progress):
                    rows = journal.step_changes(db, step.id)
                    changes, versions = self._replayed(rows.inverse() if kind == "undo" else rows)
            staying = self._told_since(changes)
            rest = ChangeSet(
                PackedChanges.of(changes.features).without(staying.features.keys()),
                {name: c for name, c in changes.settings.items() if name not in staying.settings},
            )
            action = Action(kind, step.label, step.id)
            done = self._run(self._here(rest), action, versions, progress)
        if staying:
            self.told_stays.emit(staying)
        return done

    def _replayed(self, rows: RowChanges) -> tuple[ChangeSet, Versions]:
        """Read what a step would change; what it only takes away is in the plan already."""
        db, names = self._store.db, self._store.names
        come, fresh = journal.additions(db, rows, names) if _brings_many(rows) else ({}, {})
        numbers = set(fresh.values())
        removed = {} if self._behind else journal.removals(db, rows, names)
        gone = PackedChanges(come, _taken_from(self._snapshot, [key for key, _ in removed.values()]))
        rest = {
            n: pair
            for n, pair in rows.rows.items()
            if pair[1] not in numbers and (n not in removed or removed[n][0] not in gone)
        }
        changes, known = journal.change_set(db, RowChanges(rest, rows.settings), names)
        expected = {key: number for key, number in removed.values() if key in gone}
        features = PackedChanges.joined([changes.features, gone])
        return ChangeSet(features, changes.settings), Versions({**known, **fresh}, expected)

    def _told_since(self, changes: ChangeSet) -> ChangeSet:
        """Return what of a step was told otherwise since, while another alternative was in front."""
        now = self._snapshot
        features = {
            change.key: change
            for name, changed in changes.by_layer.items()
            if name in now.layers and holds_reports(now.layers[name].kind)
            for change in changed
            if now.feature(change.key) != change.before
        }
        settings = {
            name: change
            for name, change in changes.settings.items()
            if is_told(name) and now.settings.get(name) != change.before
        }
        return ChangeSet(features, settings)

    def _here(self, changes: ChangeSet) -> ChangeSet:
        """Let settings of the display begin as they are: they may have changed on another branch."""
        settings = {
            name: change
            if belongs_to_plan(name)
            else SettingChange(self._snapshot.settings.get(name), change.after)
            for name, change in changes.settings.items()
        }
        return ChangeSet(changes.features, {n: c for n, c in settings.items() if c.before != c.after})

    @contextmanager
    def _access(self) -> Iterator[None]:
        with self._lock, told(self._store.path):
            yield

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        """Yield a connection on one consistent state of the file, for a short look.

        It does not wait for a long step that another thread is writing: what was committed before is
        read by a connection of its own.
        """
        if not self._lock.acquire(blocking=False):
            aside = self._store.reader()
            if aside is not None:
                with closing(aside), told(self._store.path):
                    yield aside
                return
            self._lock.acquire()
        try:
            with told(self._store.path), reading(self._store.db):
                yield self._store.db
        finally:
            self._lock.release()

    def _check_writable(self) -> None:
        if self.read_only:
            raise ReadOnlyError(
                Text(
                    "项目以只读方式打开，不能修改。", "The project is open read-only and cannot be changed."
                ),
                self.read_only_reason,
                code="project.read-only",
            )


def _stoppable(db: Connection, progress: Progress | None) -> AbstractContextManager[None]:
    """Return a block that the user may cancel, if anybody asks whether he did."""
    return nullcontext() if progress is None else stoppable(db, progress.check)


def _brings_many(rows: RowChanges) -> bool:
    """Tell whether a step brings so many features that an object for each is too much."""
    return sum(before is None for before, _ in rows.rows.values()) >= _MANY


def _taken_from(snapshot: Snapshot, keys: Sequence[Key]) -> dict[str, Table]:
    """Return many features to be taken out of a plan, by layer; those that are not in it are left out.

    Reports are, too: what was told of them is compared with what the step knew.
    """
    uids: dict[str, list[str]] = {}
    for name, uid in keys:
        uids.setdefault(name, []).append(uid)
    return {
        name: (table := snapshot.layers[name].table).where(table.indices_of(those))
        for name, those in uids.items()
        if len(those) >= _MANY and not holds_reports(snapshot.layers[name].kind)
    }
