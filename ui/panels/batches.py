"""Filling a long list bit by bit, so that the window never stands still for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from PyQt6.QtCore import QObject, QTimer

BUDGET_S: Final = 0.012
"""So long a turn lasts at most: a short list is full when `begin` returns."""


class Batches(QObject):
    """Goes on with a piece of work a little at a time while the window lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    @property
    def under_way(self) -> bool:
        """Whether something is left to do."""
        return self._steps is not None

    def begin(self, steps: Iterator[object]) -> None:
        """Do as many steps as fit into one turn, and the others later; what was begun before is dropped."""
        self._steps = steps
        self._turn()

    def finish(self) -> None:
        """Do all that is left, now."""
        for _ in self._steps or ():
            pass
        self.cancel()

    def cancel(self) -> None:
        """Drop what is left."""
        self._steps = None
        self._timer.stop()

    def _turn(self) -> None:
        end = time.perf_counter() + BUDGET_S
        for _ in self._steps or ():
            if time.perf_counter() > end:
                self._timer.start()
                return
        self.cancel()
