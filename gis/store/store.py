"""One open project file: the connection, its lock, its layers."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import apsw

from gis.progress import Progress
from gis.spare_memory import give_back
from gis.store import guard, states
from gis.store.adoption import adopt
from gis.store.bulk import many_objects
from gis.store.connection import connect, settle_journal, stoppable, transaction
from gis.store.failures import told, unlike_rows
from gis.store.geopackage import create_container, set_extent
from gis.store.layer_tables import create_layer, extend_layers, layer_tables, read_table
from gis.store.lock import HeldElsewhereError, LocksRefusedError, ProjectLock
from gis.store.looks import look_at
from gis.store.mending import follow_renamed, mend
from gis.store.migrations import keep_copy_before, migrate
from gis.store.opening import check_path, open_checked, unwritable
from gis.store.rows import LayerTable
from gis.store.settings import parsed_settings, plain_settings, read_settings, write_canonical
from gis.store.soundness import Proof
from gis.store.tables import FORMAT_VERSION, create_tables, is_watched
from gis.store.uniting import APART_UP_TO, unite
from gis.store.values import count_unlike
from layers.changes import JsonValue, SettingChange
from layers.errors import ConflictError, Finding, RefusedError, StorageError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot, shown
from layers.table import Table
from layers.text import Text

TITLE = "project.title"


class Store:
    """An open project file. `close` it; nothing else needs saving.

    Parameters
    ----------
    path : Path
    db : apsw.Connection
    lock : ProjectLock or None
        None if it is open read-only.
    reason : Text or None
        Why it is read-only.
    aside : ExitStack, optional
        Removes the copy that was opened instead; closed last.
    """

    def __init__(
        self,
        path: Path,
        db: apsw.Connection,
        lock: ProjectLock | None,
        reason: Text | None,
        aside: ExitStack | None = None,
    ) -> None:
        self.path, self.db, self.reason = path, db, reason
        self._lock, self._aside = lock, aside
        self.held_elsewhere = False
        self.tables: dict[str, LayerTable] = layer_tables(db)
        self.findings: tuple[Finding, ...] = ()
        self.crs: str = db.execute("SELECT value FROM pb_meta WHERE key = 'crs'").get
        self._data_version: int = db.pragma("data_version")
        self._watched_version = self._data_version
        self._proof = Proof(path, known=aside is not None)  # a copy was checked when it was made
        # Last: what cannot be read above must not stay held, or its rest could not be saved.
        self._held: tuple[int, int] | None = guard.hold(path)

    def take_over(self, progress: Progress | None = None) -> None:
        """Adopt what other programs did to the file, and give an older file what it lacks.

        Where a copy is open because the file is only read, this happens in the copy.

        Raises
        ------
        CancelledError
            If the user cancelled; the file is as it was.
        """
        db, found = self.db, []
        srs_id = int(db.execute("SELECT value FROM pb_meta WHERE key = 'srs_id'").get)
        if self._aside is None:
            keep_copy_before(db, self.path, self.tables)
        with many_objects(), self.writing():
            older = migrate(db, [table.table for table in self.tables.values()])
            if follow_renamed(db, self.tables):
                self.tables = layer_tables(db)
            mended = mend(db, self.tables, srs_id)
            found += mended.findings
            found += adopt(db, self.tables, mended.suspicious, progress, lasting=self._aside is None)
            if extend_layers(db, self.tables, self.crs, srs_id):
                self.tables = layer_tables(db)
            if older <= APART_UP_TO:
                unite(db, self.tables)
        self.findings = tuple(found)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run a block as one write transaction; nothing stays written in a file with damaged pages.

        Raises
        ------
        StorageError
            If the file is damaged somewhere. It is as it was.
        """
        with transaction(self.db):
            before = self._marks()
            yield
            if not self._proof.known and self._marks() != before:
                self._settle(self.db)

    def _marks(self) -> tuple[int, int]:
        """Return what is another after anything was written."""
        return self.db.total_changes(), self.db.pragma("schema_version")

    def check_whole(self, progress: Progress | None = None) -> None:
        """Look at every page of the file, and at every row of the plan; may run in any thread, beside others.

        Raises
        ------
        CancelledError
        StorageError
            If it is damaged; ``store.rows`` if only some objects are not what was saved last.
        """
        if self._aside is not None:
            return  # what was opened is a copy, checked when it was made
        db = connect(self.path, read_only=True)
        try:
            db.execute("PRAGMA cache_size = -4096")  # every page is looked at once
            asked = progress or Progress()
            with stoppable(db, asked.check):
                self._settle(db)
                unlike = count_unlike(db, self.tables, asked)
        finally:
            db.close()
        if unlike:
            raise unlike_rows([(self.tables[name].kind.title, n) for name, n in unlike.items()])

    def reader(self) -> apsw.Connection | None:
        """Return a further connection, on the state last committed, for a short look while this one writes.

        Returns
        -------
        apsw.Connection or None
            In a transaction; `close` it soon, for what is being written is committed only then. None if
            one has to wait: a copy is open, or the step is so large that it keeps readers out.
        """
        if self._aside is not None or self._held is None:
            return None
        with ExitStack() as on_failure:
            try:
                db = connect(self.path, read_only=True)
                on_failure.callback(db.close)
                db.set_busy_timeout(0)
                db.execute("BEGIN; SELECT count(*) FROM sqlite_master").fetchall()
            except apsw.Error:
                return None
            on_failure.pop_all()
            return db

    def _settle(self, db: apsw.Connection) -> None:
        try:
            self._proof.settle(db)
        except StorageError as error:
            self.reason = error.message
            raise

    def changed_outside(self) -> bool:
        """Tell whether another program wrote to the file since this was last asked, or since opening."""
        version: int = self.db.pragma("data_version")
        changed, self._data_version = version != self._data_version, version
        return changed

    def check_watched(self) -> None:
        """Raise `ConflictError` if another program took the triggers away: its edits would be lost.

        Call inside a write transaction.
        """
        version: int = self.db.pragma("data_version")
        if version == self._watched_version:
            return
        if not is_watched(self.db, self.names):
            raise ConflictError(
                Text("另一个程序改动了项目的数据表。", "Another program changed the tables of the project."),
                Text(
                    "未作任何更改。请重新打开项目，查看外部修改后再编辑。",
                    "Nothing was changed. Open the project again to see the changes made outside, then edit.",
                ),
                code="store.tables-changed",
            )
        self._watched_version = version

    @property
    def names(self) -> dict[int, str]:
        """Layer ids by their number in the file."""
        return {table.id: name for name, table in self.tables.items()}

    @property
    def writable(self) -> bool:
        """Whether this process may write."""
        return self._lock is not None and not self._proof.failed

    def snapshot(self) -> Snapshot:
        """Read the working plan."""
        with many_objects():
            tables = {name: read_table(self.db, table) for name, table in self.tables.items()}
        settings = read_settings(self.db)
        self.spare_memory()
        return self._snapshot(tables, settings, None)

    def spare_memory(self) -> None:
        """Let go of the pages of a large plan or step, which are not asked for again."""
        self.db.execute("PRAGMA shrink_memory")
        give_back()

    def state(self, db: apsw.Connection, label: str) -> Snapshot:
        """Read a frozen revision over any connection to the file, checked against its digest."""
        with many_objects():
            tables, texts = states.read_state(db, label, self.tables)
        return self._snapshot(tables, parsed_settings(texts), label)

    def look(self, db: apsw.Connection, label: str, working: Snapshot | None) -> Snapshot | None:
        """Read a frozen revision as it can be seen before it is proven; None if only proof can tell."""
        here = working.layers if working is not None and self._is_as_read(db) else None
        plan = None if here is None else {name: layer.table for name, layer in here.items()}
        with many_objects():
            found = look_at(db, label, self.tables, plan)
        if found is None:
            return None
        return self._snapshot(found[0], parsed_settings(found[1]), label)

    def _is_as_read(self, db: apsw.Connection) -> bool:
        """Tell whether nobody else has written to the file since the working plan was read."""
        if db is not self.db:  # another connection cannot tell
            return False
        written: int = db.pragma("data_version")
        return written == self._data_version and not db.execute("SELECT EXISTS(SELECT 1 FROM pb_dirty)").get

    def _snapshot(
        self, tables: Mapping[str, Table], settings: Mapping[str, JsonValue], revision: str | None
    ) -> Snapshot:
        layers = {name: Layer.of(self.tables[name].kind, table) for name, table in tables.items()}
        title = str(settings.get(TITLE, ""))
        return Snapshot(title, self.crs, shown(layers, settings), settings, revision)

    def write_extents(self, snapshot: Snapshot) -> None:
        """Write the exact extents; between, they only grow."""
        with self.writing():
            for name, layer in snapshot.layers.items():
                set_extent(self.db, self.tables[name].table, layer.table.extent())

    def beat(self) -> None:
        """Renew the sidecar lock."""
        if self._lock is not None:
            self._lock.beat()

    def close(self) -> None:
        """Close the file and give the lock back. May be called twice."""
        if self._held is None:
            return
        try:
            if self.writable:
                settle_journal(self.db)
        finally:
            self.abandon()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def abandon(self) -> None:
        """Close the connection only; the lock stays with whoever took it."""
        if self._held is not None:
            self.db.close()
            guard.release(self._held)
            self._held = None
        if self._aside is not None:
            self._aside.close()
            self._aside = None


def must_be_new(path: Path) -> None:
    """Raise `RefusedError` if there is a file of that name."""
    if path.exists():
        raise RefusedError(
            Text("“{name}”已存在。", "“{name}” exists already.").format(name=path.name),
            Text("请换一个文件名。", "Choose another name."),
            code="file.exists",
        )


def create_store(path: Path, title: str, crs: str, settings: Mapping[str, JsonValue] | None) -> Store:
    """Create a project file with all standard layers, empty, and open it.

    Made beside and renamed: a file of that name is either whole or not there.
    """
    must_be_new(path)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    with told(path):
        try:
            _write_new(beside, crs, {**(settings or {}), TITLE: title})
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    return open_store(path, read_only=False)


def _write_new(path: Path, crs: str, settings: dict[str, JsonValue]) -> None:
    plain = plain_settings({name: SettingChange(None, value) for name, value in settings.items()})
    db = connect(path, create=True)
    try:
        with transaction(db):
            srs_id = create_container(db, crs)
            create_tables(db)
            for kind in standard_kinds().values():
                create_layer(db, kind, srs_id, crs)
            meta = {
                "format_version": str(FORMAT_VERSION),
                "uuid": uuid.uuid4().hex,
                "crs": crs,
                "srs_id": str(srs_id),
                "branch": "main",
            }
            db.executemany("INSERT INTO pb_meta VALUES (?,?)", meta.items())
            db.executemany(
                "INSERT OR REPLACE INTO pb_setting VALUES (?,?)",
                [(name, write_canonical(c.after)) for name, c in plain.items() if c.after is not None],
            )
    finally:
        db.close()


def open_store(path: Path, *, read_only: bool, progress: Progress | None = None) -> Store:
    """Open a project file, for writing if that is possible.

    Raises
    ------
    NotFoundError, BadInputError, NotAProjectError, NewerFormatError, StorageError
    """
    path = Path(os.path.abspath(path))
    with told(path):
        check_path(path)
        reason = _wished() if read_only else unwritable(path)
        with ExitStack() as on_failure:
            lock, held, no_locks = None, False, False
            if reason is None:
                try:
                    lock = ProjectLock.take(path)
                    on_failure.callback(lock.release)
                except HeldElsewhereError as elsewhere:
                    reason, held = elsewhere.holder.words(), True
                except LocksRefusedError:
                    reason, no_locks = LocksRefusedError.words(), True
            store = _opened(path, lock, reason, no_locks=no_locks, progress=progress)
            store.held_elsewhere = held
            on_failure.pop_all()
            return store


def taken_over(store: Store) -> Store | None:
    """Open a file for writing that is read-only here because somebody held it, if nobody does any more.

    Returns
    -------
    Store or None
        A second one beside `store`; None if it is still held, or read-only for another reason.
    """
    if store.writable or not store.held_elsewhere:
        return None
    with ExitStack() as on_failure:
        try:
            lock = ProjectLock.take(store.path)
        except HeldElsewhereError as elsewhere:
            store.reason = elsewhere.holder.words()
            return None
        on_failure.callback(lock.release)
        opened = _opened(store.path, lock, None)
        on_failure.pop_all()
        return opened


def _opened(
    path: Path,
    lock: ProjectLock | None,
    reason: Text | None,
    *,
    no_locks: bool = False,
    progress: Progress | None = None,
) -> Store:
    with ExitStack() as on_failure:
        db, aside = open_checked(path, read_only=lock is None, no_locks=no_locks, whole=False, settled=True)
        if aside is not None:
            on_failure.callback(aside.close)
        on_failure.callback(db.close)
        if lock is not None:
            settle_journal(db)
        store = Store(path, db, lock, reason, aside)
        on_failure.callback(store.abandon)
        if store.writable or aside is not None:
            store.take_over(progress)
        on_failure.pop_all()
        return store


def _wished() -> Text:
    return Text("项目以只读方式打开。", "The project was opened read-only.")
