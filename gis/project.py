"""The open project: the one mutable object of the program.

Everything else is a value. An edit is a `ChangeSet`; `Project.apply` writes it
as one transaction, and only when it is on disk does the snapshot change and
the signal go out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from psygnal import Signal

from gis.store import history as journal
from gis.store import revisions
from gis.store.attachments import Photo, add_photo, add_posting, read_photo, read_postings
from gis.store.bulk import many_objects
from gis.store.connection import reading, transaction
from gis.store.copying import save_copy
from gis.store.failures import told
from gis.store.history import History, Step
from gis.store.settings import belongs_to_plan
from gis.store.steps import Action, EncodedStep, encode_step, write_step
from gis.store.store import Store, create_store, open_store
from layers.changes import ChangeSet, JsonValue, Key
from layers.errors import ConflictError, Finding, ReadOnlyError
from layers.revision import WORKING, Posting, Revision
from layers.snapshot import Snapshot
from layers.text import Text

__all__ = ["History", "PendingStep", "Photo", "Project", "Step"]

_CACHED_STATES = 3


@dataclass
class PendingStep:
    """A step between being prepared and being shown; see `Project.prepare`. `number` is set by `commit`."""

    encoded: EncodedStep
    action: Action
    base: Snapshot
    result: Snapshot
    number: int = 0


class Project:
    """An open project file.

    Parameters
    ----------
    store : Store
        Use `Project.create` and `Project.open`.

    Notes
    -----
    Signals go out in the thread that calls `apply`, `undo`, `redo`, `restore`,
    `adopt` or `freeze`. The window calls them in its own thread. For a very
    large edit it may `prepare` and `commit` in a worker and `adopt` in its own
    thread: the file is guarded by a lock, the snapshot is changed by `adopt` only.
    """

    changed = Signal(ChangeSet)
    revisions_changed = Signal()

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = RLock()
        self._states: OrderedDict[str, Snapshot] = OrderedDict()
        self._findings = store.findings
        with ExitStack() as on_failure:
            on_failure.callback(store.close)
            with self._access(), reading(store.db):
                self._snapshot = store.snapshot()
                self._history = journal.read_history(store.db)
                self._revisions = self._read_revisions()
            on_failure.pop_all()

    @classmethod
    def create(
        cls, path: Path | str, title: str, crs: str, settings: Mapping[str, JsonValue] | None = None
    ) -> Project:
        """Create a project file with every standard layer, empty, and open it.

        Parameters
        ----------
        crs : str
            ``EPSG:4548`` or another projected system in metres.

        Raises
        ------
        RefusedError
            If the file exists.
        CrsError
            If the CRS is unknown or not metric.
        StorageError
            If the disk refuses.
        """
        return cls(create_store(Path(path), title, crs, settings))

    @classmethod
    def open(cls, path: Path | str, read_only: bool = False) -> Project:
        """Open a project file.

        If somebody else edits it, or file or folder cannot be written, it is
        opened read-only and `read_only_reason` says why.

        Raises
        ------
        NotFoundError, BadInputError, NotAProjectError, NewerFormatError
        StorageError
            If it is damaged; ``gis.store.salvage.salvage`` saves the readable rest beside it.
        """
        return cls(open_store(Path(path), read_only=read_only))

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

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The frozen revisions, oldest first."""
        return self._revisions

    def apply(self, changes: ChangeSet, label: Text) -> None:
        """Write an edit as one step, then show it.

        A change set without changes is no step.

        Raises
        ------
        ReadOnlyError, ConflictError, RefusedError, NotFoundError, StorageError
            Nothing has changed then, neither on disk nor here.
        """
        self._run(changes, Action("edit", label))

    def prepare(self, changes: ChangeSet, label: Text) -> PendingStep:
        """Encode an edit. Writes nothing; may run in any thread.

        Raises
        ------
        ReadOnlyError, ConflictError, RefusedError, NotFoundError
        """
        return self._prepare(changes, Action("edit", label))

    def commit(self, pending: PendingStep) -> None:
        """Write a prepared edit to disk; may run in any thread. Then `adopt` it.

        Raises
        ------
        ReadOnlyError, ConflictError, StorageError
            Nothing was written.
        """
        with self._access(), many_objects():
            self._check_writable()
            with transaction(self._store.db):
                self._store.check_watched()
                pending.number = write_step(self._store.db, pending.encoded, pending.action)

    def adopt(self, pending: PendingStep) -> None:
        """Show a committed edit: change the snapshot and tell everybody. In the thread of the window."""
        with self._lock:
            same = self._snapshot is pending.base
            self._snapshot = pending.result if same else self._snapshot.apply(pending.encoded.changes)
            with self._access():
                self._history = journal.after(self._store.db, self._history, pending.number, pending.action)
        self.changed.emit(pending.encoded.changes)

    def undo(self) -> ChangeSet | None:
        """Take back the last step; return what changed, or None if there is none.

        Raises
        ------
        ReadOnlyError, ConflictError, StorageError
        """
        return self._replay("undo")

    def redo(self) -> ChangeSet | None:
        """Repeat the step taken back last; return what changed, or None if there is none."""
        return self._replay("redo")

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

    def freeze(
        self,
        title: str,
        note: str = "",
        author: str = "",
        label: str | None = None,
        created: str | None = None,
    ) -> Revision:
        """Freeze the working plan as a revision.

        Parameters
        ----------
        label : str, optional
            R1, R2 ... on the main plan, A-R4 on 方案A, unless given.
        created : str, optional
            ISO date and time with offset, for plans drawn from old papers; now, unless given.

        Raises
        ------
        RefusedError
            If the label is taken or unfit.
        ReadOnlyError, StorageError
        """
        with self._access():
            self._check_writable()
            with transaction(self._store.db):
                words = revisions.Words(title, note, author, label, created)
                revision = revisions.freeze(self._store.db, words, self._store.names)
            self._revisions = self._read_revisions()
        self.revisions_changed.emit()
        return revision

    def state(self, label: str) -> Snapshot:
        """Return the plan at a revision, or the working plan for ``"working"``.

        The content is hashed and compared with the digest of the revision.

        Raises
        ------
        NotFoundError
            If there is no such revision; lists those there are.
        StorageError
            If the content is not what was frozen.
        """
        if label == WORKING:
            return self._snapshot
        with self._access():
            found = self._states.pop(label, None)
            if found is None:
                with reading(self._store.db):
                    found = self._store.state(label)
            self._states[label] = found
            while len(self._states) > _CACHED_STATES:
                self._states.popitem(last=False)
        return found

    def changes_between(self, before: str, after: str) -> ChangeSet:
        """Return what changed from one state to another (labels or ``"working"``).

        Folded from what was recorded: takes as long as there are changes, not features.
        """
        return self._between(before, after)[0]

    def restore(self, label: str) -> ChangeSet:
        """Make the working plan what a revision was, as a new step that can be undone.

        Settings of the display stay as they are. Nothing to change is no step.
        """
        changes, known = self._between(WORKING, label)
        plan = {name: c for name, c in changes.settings.items() if belongs_to_plan(name)}
        words = Text("恢复到 {label}", "Restore {label}").format(label=label)
        return self._run(ChangeSet(changes.features, plan), Action("restore", words), known)

    def add_photo(self, data: bytes, name: str) -> str:
        """Keep a photo in the file and return its id; the same picture is kept once.

        Raises
        ------
        BadInputError
            If the data is no picture.
        """
        with self._access():
            self._check_writable()
            with transaction(self._store.db):
                return add_photo(self._store.db, data, name)

    def photo(self, photo_id: str) -> Photo:
        """Return a photo, or raise `NotFoundError`."""
        with self._access():
            return read_photo(self._store.db, photo_id)

    def record_posting(self, posting: Posting) -> None:
        """Note what was published or posted."""
        with self._access():
            self._check_writable()
            with transaction(self._store.db):
                if posting.revision != WORKING:
                    revisions.find(self._store.db, posting.revision)
                add_posting(self._store.db, posting)

    @property
    def postings(self) -> tuple[Posting, ...]:
        """What was published or posted, oldest first."""
        with self._access():
            return read_postings(self._store.db)

    def save_copy(self, path: Path | str) -> None:
        """Write a whole, checked copy to another file, replacing what is there.

        Raises
        ------
        RefusedError
            If the target is the project itself or another open one.
        StorageError
        """
        with self._access():
            save_copy(self._store.db, Path(path))

    def beat(self) -> None:
        """Renew the lock file, for other machines on a network drive; call about every 15 seconds."""
        self._store.beat()

    def close(self) -> None:
        """Close the file. Nothing is pending; may be called twice."""
        with self._access():
            if self._store.writable:
                self._store.write_extents(self._snapshot)
            self._store.close()

    def __enter__(self) -> Project:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def _run(self, changes: ChangeSet, action: Action, known: Mapping[Key, int] | None = None) -> ChangeSet:
        with self._lock:
            pending = self._prepare(changes, action, known)
            if not pending.encoded.changes:
                return pending.encoded.changes
            self.commit(pending)
            self.adopt(pending)
            return pending.encoded.changes

    def _prepare(
        self, changes: ChangeSet, action: Action, known: Mapping[Key, int] | None = None
    ) -> PendingStep:
        self._check_writable()
        base = self._snapshot
        try:
            with many_objects():
                encoded = encode_step(self._store.tables, changes, known)
                return PendingStep(encoded, action, base, base.apply(encoded.changes))
        except ValueError as error:
            raise ConflictError(
                Text(
                    "方案在此期间已有变化，这一步不再适用。",
                    "The plan has changed meanwhile; this step no longer fits.",
                ),
                Text("未作任何更改，请重试。", "Nothing was changed; try again."),
                code="edit.stale",
            ) from error

    def _replay(self, kind: str) -> ChangeSet | None:
        with self._lock:
            self._check_writable()
            with self._access():
                db = self._store.db
                step = journal.last_done(db) if kind == "undo" else journal.first_undone(db)
                if step is None:
                    return None
                rows = journal.step_changes(db, step.id)
                rows = rows.inverse() if kind == "undo" else rows
                changes, known = journal.change_set(db, rows, self._store.names)
            return self._run(changes, Action(kind, step.label, step.id), known)

    def _between(self, before: str, after: str) -> tuple[ChangeSet, dict[Key, int]]:
        with self._access(), reading(self._store.db):
            rows = revisions.changes_between(self._store.db, before, after)
            return journal.change_set(self._store.db, rows, self._store.names)

    def _read_revisions(self) -> tuple[Revision, ...]:
        return tuple(row.revision for row in revisions.read_revisions(self._store.db).values())

    @contextmanager
    def _access(self) -> Iterator[None]:
        with self._lock, told(self._store.path):
            yield

    def _check_writable(self) -> None:
        if self.read_only:
            raise ReadOnlyError(
                Text(
                    "项目以只读方式打开，不能修改。", "The project is open read-only and cannot be changed."
                ),
                self.read_only_reason,
                code="project.read-only",
            )
