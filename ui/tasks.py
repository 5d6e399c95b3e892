"""Long work in a worker thread: progress, cancelling, and the result back in the window."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from gis.logs import Unexpected
from gis.progress import Progress
from layers.errors import CancelledError, PlanboardError
from layers.text import Text
from ui.session import Session

Result = TypeVar("Result")
REPORT_EVERY_S = 0.05
_LINGER_MS = 1000


class Task(QObject):
    """One piece of work under way.

    Signals
    -------
    progressed(float, Text)
        Fraction 0-1 and what is being done.
    ended(object, object)
        Result and exception, one of them None. Always last.
    """

    progressed = pyqtSignal(float, object)
    ended = pyqtSignal(object, object)

    def __init__(self, title: Text, work: Callable[[Progress], object], *, quiet: bool = False) -> None:
        super().__init__()
        self.title, self.quiet = title, quiet
        self._work = work
        self._cancelled = False
        self.under_way = True
        self._reported = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._cancelled = True

    def work(self) -> None:
        """Do the work; called in the worker thread."""
        result: object = None
        problem: BaseException | None = None
        try:
            with Unexpected(write=False) as crash:
                result = self._work(Progress(self._report, lambda: self._cancelled))
            problem = crash.error
        except (PlanboardError, BrokenPipeError) as error:
            problem = error
        self.ended.emit(result, problem)

    def _report(self, fraction: float, doing: Text) -> None:
        now = time.monotonic()
        if now - self._reported >= REPORT_EVERY_S or fraction >= 1:
            self._reported = now
            self.progressed.emit(fraction, doing)


class Tasks(QObject):
    """Runs tasks and tells the window how they go.

    Signals
    -------
    started(Task)
    stopped(Task)
    """

    started = pyqtSignal(object)
    stopped = pyqtSignal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        # Python's own threads, and they stay: PROJ keeps a context per thread, and what Python knows of a
        # thread of Qt's pool dies with each job, under the feet of everything cached with that context.
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="planboard-task")
        self.running: list[Task] = []
        self._closing = False

    def run(
        self,
        title: Text,
        work: Callable[[Progress], Result],
        done: Callable[[Result], None],
        failed: Callable[[PlanboardError], None] | None = None,
        *,
        quiet: bool = False,
    ) -> Task:
        """Start work; `done` gets the result in the GUI thread.

        A `PlanboardError` goes to `failed`, or to the message bar; any other
        exception is a bug and goes to the exception hook. A `quiet` task is
        shown by whoever started it, not by the message bar.
        """
        task = Task(title, work, quiet=quiet)
        task.ended.connect(lambda result, problem: self._on_ended(task, result, problem, done, failed))
        self.running.append(task)
        self.started.emit(task)
        self._pool.submit(task.work)
        return task

    def stop_all(self) -> None:
        """Cancel everything and wait, before the window closes; what ended by then is handed on no more."""
        self._closing = True
        for task in self.running:
            task.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _on_ended(
        self,
        task: Task,
        result: object,
        problem: BaseException | None,
        done: Callable[..., None],
        failed: Callable[[PlanboardError], None] | None,
    ) -> None:
        self.running.remove(task)
        task.under_way = False
        self.stopped.emit(task)
        # Its connections keep it alive; the worker may still be on its way out of it.
        QTimer.singleShot(_LINGER_MS, task.deleteLater)
        if problem is None:
            if not self._closing:  # whoever waited may begin the next task with it
                done(result)
        elif isinstance(problem, CancelledError) and task.quiet:
            return
        elif isinstance(problem, CancelledError):
            self._session.tell(problem.message, "info", problem.advice)
        elif isinstance(problem, PlanboardError):
            (failed or self._session.tell_error)(problem)
        else:
            sys.excepthook(type(problem), problem, problem.__traceback__)
