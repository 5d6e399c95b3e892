"""Whole copies of an open project."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

import apsw

from gis.store import guard
from gis.store.connection import connect
from gis.store.failures import damaged, told
from gis.store.soundness import damage


def save_copy(db: apsw.Connection, target: Path) -> None:
    """Copy a database page by page to another file: beside, checked, synced, then renamed into place.

    The live file itself is never replaced: that breaks programs that have it open.

    Raises
    ------
    RefusedError
        If the target is an open project.
    StorageError
        If the disk refuses; an older file of that name is still there then.
    """
    guard.refuse_if_live(target)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    with told(target):
        try:
            _copy(db, beside)
            _sync(beside)
            os.replace(beside, target)
            _sync_folder(target.parent)
        finally:
            beside.unlink(missing_ok=True)


def keep_untouched(path: Path, target: Path) -> None:
    """Copy a project that is not open here byte for byte, with what a crash left beside it, synced.

    Raises
    ------
    RefusedError
        If it is open in this process.
    StorageError
        If the disk refuses; nothing is left of the copy then.
    """
    guard.refuse_if_live(path)
    made = []
    whole = False
    with told(target):
        try:
            for end in ("", "-journal", "-wal"):
                beside, copy = (p.with_name(p.name + end) for p in (path, target))
                if beside.exists():
                    made.append(copy)
                    shutil.copy2(beside, copy)
                    _sync(copy)
            _sync_folder(target.parent)
            whole = True
        finally:
            for copy in () if whole else made:
                copy.unlink(missing_ok=True)


def remove_untouched(target: Path) -> None:
    """Remove a copy that turned out to be needed by nobody."""
    for end in ("", "-journal", "-wal"):
        target.with_name(target.name + end).unlink(missing_ok=True)


def _copy(db: apsw.Connection, beside: Path) -> None:
    copy = connect(beside, create=True)
    try:
        with copy.backup("main", db, "main") as backup:
            while not backup.done:
                backup.step(2000)
        if copy.pragma("journal_mode") != "delete":
            copy.pragma("journal_mode", "delete")
        if what := damage(copy):
            raise damaged(beside, what)
    finally:
        copy.close()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders; its rename is journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
