"""The one door to the project file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import apsw
from apsw import Connection as Connection

from gis.store import blobs
from layers.errors import CancelledError

BUSY_MS = 5000


def connect(
    path: Path, *, read_only: bool = False, create: bool = False, damaged: bool = False
) -> Connection:
    """Open a database with the settings that a project file needs.

    Journal mode DELETE and ``synchronous=EXTRA``: a committed edit survives a
    power cut, and the file alone is the project. Foreign files are not trusted:
    their views and triggers may call nothing but harmless functions.
    """
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    if create:
        flags |= apsw.SQLITE_OPEN_CREATE
    db = Connection(str(path), flags=flags, statementcachesize=200)
    db.set_busy_timeout(BUSY_MS)
    if damaged:  # lets SQLite read a file that is shorter than its header says
        db.execute("PRAGMA writable_schema = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA synchronous = EXTRA")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA mmap_size = 0")
    blobs.add_functions(db)
    return db


def settle_journal(db: Connection) -> None:
    """Return to journal mode DELETE if another program left WAL on; accept it if that one is still there."""
    try:
        if db.pragma("journal_mode") != "delete":
            db.pragma("journal_mode", "delete")
    except (apsw.BusyError, apsw.LockedError):
        return


_STEPS: Final = 5_000
"""Of SQLite's machine between two looks at whether to stop: about a millisecond."""


@contextmanager
def transaction(db: Connection) -> Iterator[None]:
    """Run a block as one write transaction: all of it on disk at the end, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:  # something was raised; SQLite rolls back by itself when the disk fails
            db.execute("ROLLBACK")


@contextmanager
def stoppable(db: Connection, check: Callable[[], None]) -> Iterator[None]:
    """Run a block of a transaction that `check` stops, also in the middle of a statement.

    Its `CancelledError` comes out of the block; the transaction around it takes back what was written.
    """

    def asked() -> bool:
        try:
            check()
        except CancelledError:
            return True
        return False

    db.set_progress_handler(asked, _STEPS)
    try:
        yield
        check()
    except apsw.InterruptError:
        check()
        raise
    finally:
        db.set_progress_handler(None)


@contextmanager
def reading(db: Connection) -> Iterator[None]:
    """Run a block on one consistent state of the file; a transaction already open serves too."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        _end(db)


def _end(db: Connection) -> None:
    """Let go of what was read: nothing was written, and what met a damaged page cannot be committed."""
    if db.in_transaction:
        db.execute("ROLLBACK")
