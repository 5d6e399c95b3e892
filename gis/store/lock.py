"""The sidecar ``name.gpkg.lock``: who has the project open for editing.

The file is held by a lock of the operating system, which dies with the process:
a crash leaves no stale lock on this machine. Its text names the holder. Where a
network drive passes no locks between machines, the age of the file decides.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from gis.store.clock import now
from gis.store.steps import user_name
from layers.text import Text

STALE_AFTER_S = 120
_FAR = 1 << 30  # on Windows a locked byte cannot be read: lock one beyond the text


@dataclass(frozen=True)
class Holder:
    """Who holds a project."""

    host: str
    user: str
    pid: int
    since: str

    def words(self) -> Text:
        """Say it."""
        return Text(
            "项目正由 {user} 在 {host} 上编辑（自 {since} 起），因此以只读方式打开。",
            "{user} on {host} has been editing this project since {since}, so it is open read-only.",
        ).format(user=self.user or "?", host=self.host or "?", since=self.since.replace("T", " ")[:16])


class HeldElsewhereError(Exception):
    """Somebody else holds the project."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(holder)
        self.holder = holder


class LocksRefusedError(OSError):
    """The drive knows no locks: nobody can tell whether somebody else writes."""

    @staticmethod
    def words() -> Text:
        """Say it."""
        return Text(
            "所在磁盘不支持文件锁，无法防止多人同时写入，因此以只读方式打开。请另存到本机后编辑，再用“合并”带回。",
            "This drive refuses file locks, so two people could write at once; the project is open"
            " read-only. Save a copy on this computer, edit that, and bring it back with Merge.",
        )


def lock_path(project: Path) -> Path:
    """Return where the lock of a project lies; links lead to one lock."""
    real = Path(os.path.realpath(project))
    return real.with_name(real.name + ".lock")


class ProjectLock:
    """The right to write a project, until `release`."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    @classmethod
    def take(cls, project: Path) -> ProjectLock:
        """Take the lock.

        Raises
        ------
        HeldElsewhereError
            If another process, or this one, holds it.
        OSError
            If the folder cannot be written.
        """
        path = lock_path(project)
        for _ in range(50):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            if not _locked(path, descriptor):
                holder = _read(descriptor)
                os.close(descriptor)
                raise HeldElsewhereError(holder)
            if _still_there(path, descriptor):
                return cls._taken(path, descriptor)
            os.close(descriptor)  # its holder removed it meanwhile
            time.sleep(0.01)
        raise OSError("the lock file keeps vanishing")

    @classmethod
    def _taken(cls, path: Path, descriptor: int) -> ProjectLock:
        holder = _read(descriptor)
        age_s = time.time() - os.fstat(descriptor).st_mtime
        if holder.host and holder.host != socket.gethostname() and age_s < STALE_AFTER_S:
            os.close(descriptor)
            raise HeldElsewhereError(holder)
        text = json.dumps(
            {"host": socket.gethostname(), "user": user_name(), "pid": os.getpid(), "since": now()}
        )
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, text.encode())
        return cls(path, descriptor)

    def beat(self) -> None:
        """Show that the holder lives, for other machines on a network drive."""
        os.utime(self._descriptor if os.utime in os.supports_fd else self._path)

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if sys.platform == "win32":
            os.close(self._descriptor)
            _remove(self._path)
        else:
            _remove(self._path)  # first, so that nobody locks a file that is about to go
            os.close(self._descriptor)


def _locked(path: Path, descriptor: int) -> bool:
    try:
        return _lock(descriptor)
    except LocksRefusedError:
        empty = not os.fstat(descriptor).st_size
        os.close(descriptor)
        if empty:  # made a moment ago, by this attempt
            _remove(path)
        raise


def seen_holder(project: Path) -> Holder | None:
    """Return who holds a project, without taking it; None if nobody does."""
    try:
        descriptor = os.open(lock_path(project), os.O_RDWR)
    except OSError:
        return None
    try:
        holder = _read(descriptor)
        age_s = time.time() - os.fstat(descriptor).st_mtime
        elsewhere = bool(holder.host) and holder.host != socket.gethostname()
        if not _lock(descriptor):
            return holder
        return holder if elsewhere and age_s < STALE_AFTER_S else None
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:  # a folder turned read-only: an unlocked file there does no harm
        return


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _read(descriptor: int) -> Holder:
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        said = json.loads(os.read(descriptor, 4096) or b"{}")
        return Holder(
            str(said.get("host", "")),
            str(said.get("user", "")),
            int(said.get("pid", 0)),
            str(said.get("since", "")),
        )
    except (ValueError, AttributeError, TypeError, OSError):
        return Holder("", "", 0, "")


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return False
        except OSError as error:
            raise LocksRefusedError(error.errno, error.strerror) from error
        return True
