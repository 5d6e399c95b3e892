"""Work in another thread of which only the newest result counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Any, Final, TypeAlias

from PyQt6.QtCore import QObject, pyqtSignal

from layers.errors import CancelledError
from layers.text import Text

Check: TypeAlias = Callable[[], None]
"""Called now and then by the work; raises `CancelledError` when nobody waits any more."""


WORK_S: Final = 0.004
REST_S: Final = 0.004


class Pace:
    """How hard the threads of a map work; `gentle` while the user moves it.

    Python runs one thread at a time, so work that never rests makes each frame
    of a drag wait for it.
    """

    def __init__(self) -> None:
        self.gentle = False
        self._rested_at = 0.0

    def rest(self) -> None:
        """Let the window work for a moment, if it is time to."""
        if self.gentle and time.monotonic() - self._rested_at > WORK_S:
            time.sleep(REST_S)
            self._rested_at = time.monotonic()


class _Ticket:
    """One piece of work; `stale` once a newer one was asked for."""

    def __init__(self, pace: Pace) -> None:
        self.stale = False
        self._pace = pace

    def check(self) -> None:
        if self.stale:
            raise CancelledError(Text("画面已更新", "The picture is out of date"), code="stale")
        self._pace.rest()


class NewestJob(QObject):
    """Runs one piece of work at a time; an older one is told to stop and never lands.

    Signals
    -------
    landed(object)
        The result of the newest work, in the GUI thread.
    busy_changed(bool)

    Attributes
    ----------
    pace : Pace
        Followed by the work at every check.
    """

    landed = pyqtSignal(object)
    busy_changed = pyqtSignal(bool)
    _ended = pyqtSignal(object, object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pace = Pace()
        self._executor = executor
        self._ticket: _Ticket | None = None
        self._closed = False
        self._ended.connect(self._on_ended)

    @property
    def busy(self) -> bool:
        """Whether newest work is under way."""
        return self._ticket is not None

    def start(self, work: Callable[[Check], Any]) -> None:
        """Begin `work(check)` and forget what is under way."""
        if self._closed:
            return
        was_busy = self.busy
        self._forget()
        ticket = self._ticket = _Ticket(self.pace)
        future = self._executor.submit(work, ticket.check)
        future.add_done_callback(partial(self._hand_over, ticket))
        if not was_busy:
            self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Forget what is under way."""
        if self.busy:
            self._forget()
            self.busy_changed.emit(False)

    def close(self) -> None:
        """Forget everything and start nothing any more."""
        self._closed = True
        self._forget()

    def _forget(self) -> None:
        if self._ticket is not None:
            self._ticket.stale = True
            self._ticket = None

    def _hand_over(self, ticket: _Ticket, future: Future[Any]) -> None:
        if not self._closed:
            self._ended.emit(ticket, future)

    def _on_ended(self, ticket: _Ticket, future: Future[Any]) -> None:
        newest = ticket is self._ticket
        if newest:
            self._ticket = None
            self.busy_changed.emit(False)
        if future.cancelled() or isinstance(future.exception(), CancelledError):
            return
        result = future.result()  # an unforeseen error is raised here, in the GUI thread
        if newest:
            self.landed.emit(result)
