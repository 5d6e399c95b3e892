"""A thread for summing up and sorting beside the window: Qt's pool, as an executor."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from PyQt6.QtCore import QThreadPool

from gis.logs import Unexpected
from layers.errors import PlanboardError


class SpareThread(Executor):
    """Runs pure functions over tables in Qt's pool. Nothing that keeps state for a thread, as PROJ does."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Begin `fn` and return what will come of it."""
        future: Future[Any] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                with Unexpected(write=False) as crash:
                    result = fn(*args, **kwargs)
            except PlanboardError as error:
                future.set_exception(error)
                return
            if crash.error is not None:
                future.set_exception(crash.error)
            else:
                future.set_result(result)

        pool = QThreadPool.globalInstance()
        assert pool is not None
        pool.start(run)
        return future
