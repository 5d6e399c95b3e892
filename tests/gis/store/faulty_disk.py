"""A disk that fails on demand: an SQLite VFS between the store and the real one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import apsw


class FaultyDisk(apsw.VFS):
    """The default VFS of the process while it lives; calls `on_operation` before each change of a file.

    ``on_operation(kind, write)`` may raise, or end the process; `write` does a
    part of the write (for a torn page) and is None for other operations.
    """

    def __init__(self, on_operation: Callable[[str, Callable[[], None] | None], None]) -> None:
        self.on_operation = on_operation
        self.real = apsw.vfs_names()[0]
        super().__init__("faulty", self.real, makedefault=True)

    def xOpen(self, name, flags):  # noqa: N802
        return _FaultyFile(self, name, flags)

    def xDelete(self, filename, syncdir):  # noqa: N802
        self.on_operation("delete", None)
        super().xDelete(filename, syncdir)
        self.deleted(filename, syncdir)

    def written(self, file: _FaultyFile) -> None:
        """Hear that a file was synced."""

    def deleted(self, filename: str, synced: bool) -> None:
        """Hear that a file was deleted."""


class _FaultyFile(apsw.VFSFile):
    def __init__(self, disk, name, flags):
        self._disk = disk
        self.path = name.filename() if isinstance(name, apsw.URIFilename) else name
        super().__init__(disk.real, name, flags)

    def xWrite(self, data, offset):  # noqa: N802
        whole = super().xWrite
        self._disk.on_operation("write", lambda: whole(bytes(data[: len(data) // 2]), offset))
        whole(data, offset)

    def xSync(self, flags):  # noqa: N802
        self._disk.on_operation("sync", None)
        super().xSync(flags)
        self._disk.written(self)

    def xTruncate(self, size):  # noqa: N802
        self._disk.on_operation("truncate", None)
        super().xTruncate(size)


class Countdown:
    """Acts at the n-th operation, once; counts all."""

    def __init__(self, at: int, act: Callable[[Callable[[], None] | None], None]) -> None:
        self.count, self.at, self._act = 0, at, act

    def __call__(self, kind: str, write: Callable[[], None] | None) -> None:
        self.count += 1
        if self.count == self.at:
            self._act(write)


def kill(write: Callable[[], None] | None) -> None:
    """End this process as a power switch would, in the middle of a write."""
    if write is not None:
        write()
    os.kill(os.getpid(), signal.SIGKILL)


def fill(_write: Callable[[], None] | None) -> None:
    raise apsw.FullError("disk full")


def fail(_write: Callable[[], None] | None) -> None:
    raise apsw.IOError("i/o error")


class Remembering(FaultyDisk):
    """Knows what a power cut would leave: of each file what was synced, of deletions those synced."""

    def __init__(self) -> None:
        self.durable: dict[str, bytes] = {}
        super().__init__(lambda kind, write: None)

    def written(self, file):
        if file.path:
            self.durable[file.path] = bytes(file.xRead(file.xFileSize(), 0))

    def deleted(self, filename, synced):
        if synced:
            self.durable.pop(filename, None)
