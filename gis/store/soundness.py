"""Whether the pages of a file are whole: those of the plan at once, the rest before anything is written.

What an estate looks like today lies in its layer tables; how it came to be, in many more pages that grow with
every revision. To look at all of them at each opening would make every revision slow down the next opening.
They are looked at in the background, and at the latest when something is to be written: into a file with
damaged pages nothing is ever written. Whatever is read of the past before that is proven by its hash.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Final

import apsw

from gis.store.failures import damaged
from gis.store.geopackage import quoted

_PAST: Final = frozenset(
    {"pb_row", "pb_feature", "pb_delta", "pb_setting_delta", "pb_journal", "pb_setting_journal"}
    | {"pb_branch_delta", "pb_branch_setting", "pb_decision", "pb_settled", "pb_photo"}
)
_INDEX: Final = "rtree_"
_UNREADABLE: Final = (apsw.CorruptError, apsw.NotADBError, apsw.IOError)


def damage(db: apsw.Connection) -> str | None:
    """Return what SQLite finds damaged anywhere in a file, or None."""
    return _said(db, ["PRAGMA quick_check(5)"])


def damage_of_plan(db: apsw.Connection) -> str | None:
    """Return what is damaged of the tables that the working plan is read from, or None."""
    try:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except _UNREADABLE as error:
        return str(error)
    if _is_cut_short(db):
        return "the file is shorter than it should be"
    now = [name for name in names if name not in _PAST and not name.startswith(_INDEX)]
    return _said(db, [f"PRAGMA quick_check({quoted(name)})" for name in now])


def damage_of_table(db: apsw.Connection, name: str) -> str | None:
    """Return what is damaged of one table and its indexes, or None."""
    return _said(db, [f"PRAGMA quick_check({quoted(name)})"])


def damage_with_indexes(db: apsw.Connection, name: str) -> str | None:
    """Return what is damaged of one table, or where its indexes say anything else; None if nothing."""
    return _said(db, [f"PRAGMA integrity_check({quoted(name)})"])


def _is_cut_short(db: apsw.Connection) -> bool:
    """Tell whether a part of a page is missing at the end; SQLite itself notices whole pages."""
    if db.pragma("journal_mode") == "wal":  # the newest pages lie in the log
        return False
    return bool(os.path.getsize(db.filename) < db.pragma("page_count") * db.pragma("page_size"))


def _said(db: apsw.Connection, checks: list[str]) -> str | None:
    try:
        lines = [row[0] for check in checks for row in db.execute(check)]
    except _UNREADABLE as error:
        return str(error)
    wrong = [line for line in lines if line != "ok"]
    return "; ".join(wrong[:5]) if wrong else None


class Proof:
    """Whether a whole file was found sound since it was opened; found out once, by whoever asks first."""

    def __init__(self, path: Path, *, known: bool = False) -> None:
        self._path, self._lock = path, Lock()
        self._known = known
        self._what: str | None = None

    @property
    def known(self) -> bool:
        """Whether it was found out already."""
        return self._known

    @property
    def failed(self) -> bool:
        """Whether it was found damaged."""
        return self._what is not None

    def settle(self, db: apsw.Connection) -> None:
        """Find it out if nobody has. Other threads wait for the answer.

        Raises
        ------
        StorageError
            If the file is damaged; it says what.
        """
        with self._lock:
            if not self._known:
                self._what = damage(db)
                self._known = True
        if self._what is not None:
            raise damaged(self._path, self._what)
