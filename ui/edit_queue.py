"""Edits one after the other in a worker thread, so that the window never stands still."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from gis.logs import Unexpected
from gis.progress import Progress
from gis.store.bulk import many_objects
from layers.errors import PlanboardError
from layers.text import Text

PATIENCE_S = 0.03
"""How long the window waits for an edit: most are done by then, and what follows finds them done."""


@dataclass
class Job:
    """One edit, undo or redo under way.

    Parameters
    ----------
    label : Text
    work : callable
        Runs in the worker thread and touches no widget.
    ended : callable
        Gets the job in the thread of the window, after everybody has heard of the change.
    stoppable : bool
        Whether the work asks `progress` if it is still wanted, and then leaves everything as it was.
    lasting : bool
        Whether it cannot be undone afterwards.
    """

    label: Text
    work: Callable[[], object]
    ended: Callable[[Job], None]
    result: object = None
    problem: BaseException | None = None
    finished: threading.Event = field(default_factory=threading.Event)
    stoppable: bool = False
    lasting: bool = False
    stopped: bool = False

    @property
    def progress(self) -> Progress:
        """What the work asks."""
        return Progress(cancelled=lambda: self.stopped)

    def stop(self) -> None:
        """Ask the work to end without a change."""
        self.stopped = True


class EditQueue(QObject):
    """Does edits in the order they were asked for; what they tell arrives in the thread of the window.

    The worker thread stays until `drain`: what PROJ keeps for a thread must not die with each edit.

    Signals
    -------
    waited_for(Job, int)
        An edit takes longer than the window waits: the one being done, and how many wait behind it.
    emptied()
        Everything asked for is done, or was refused.
    """

    waited_for = pyqtSignal(object, int)
    emptied = pyqtSignal()
    _posted = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[Job | Callable[[], object] | None] = queue.SimpleQueue()
        self._news: deque[Callable[[], object]] = deque()
        self._arrived = threading.Event()
        self._open: list[Job] = []
        self._thread: threading.Thread | None = None
        self._posted.connect(self.deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    @property
    def busy(self) -> bool:
        """Whether something asked for is not yet done and told."""
        return bool(self._open)

    def submit(self, job: Job, patience_s: float | None = None) -> bool:
        """Put an edit at the end of the line and wait a moment for it.

        Returns
        -------
        bool
            Whether it has ended, and everybody knows.
        """
        self._open.append(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="planboard-edits")
            self._thread.start()
        self._jobs.put(job)
        if self._ends_within(job, PATIENCE_S if patience_s is None else patience_s):
            self.deliver()
            return True
        self.waited_for.emit(self._open[0], len(self._open) - 1)
        return False

    def _ends_within(self, job: Job, patience_s: float) -> bool:
        """Wait for an edit, and tell what arrives meanwhile."""
        end = time.monotonic() + patience_s
        while not job.finished.is_set() and (left := end - time.monotonic()) > 0:
            if self._arrived.wait(left):
                self._arrived.clear()
                self.deliver()
        return job.finished.is_set()

    def post(self, tell: Callable[[], object]) -> None:
        """Let something be told in the thread of the window, after what was posted before."""
        self._news.append(tell)
        if threading.current_thread() is threading.main_thread():
            self.deliver()
        else:
            self._arrived.set()
            self._posted.emit()

    def deliver(self) -> None:
        """Tell what has arrived; in the thread of the window."""
        while self._news:
            tell = self._news.popleft()
            tell()
            if self._thread is not None:
                # The last to hold a hundred thousand changes takes a tenth of a second to take them apart.
                self._jobs.put(tell)
            del tell

    def drain(self) -> None:
        """Wait until everything asked for is done, and tell it: a project is about to be closed."""
        while self._open:
            self._open[-1].finished.wait()
            self.deliver()
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if isinstance(job, Job):
                self._do(job)
            del job  # not held until the next one comes

    def _do(self, job: Job) -> None:
        try:
            with Unexpected(write=False) as crash, many_objects():
                job.result = job.work()
            job.problem = crash.error
        except PlanboardError as error:
            job.problem = error
        self._news.append(partial(self._end, job))
        job.finished.set()
        self._arrived.set()
        self._posted.emit()

    def _end(self, job: Job) -> None:
        self._open.remove(job)
        try:
            job.ended(job)
        finally:
            if not self._open:
                self.emptied.emit()
            else:
                self.waited_for.emit(self._open[0], len(self._open) - 1)
