"""The foot of a form that works in place: what is wrong, how far it is, stop, and the acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PyQt6 import sip
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QProgressBar, QPushButton, QWidget

from gis.i18n import tr
from gis.progress import Progress
from layers.errors import CancelledError, PlanboardError
from layers.text import Text
from ui.panels.parts import button, label, row
from ui.tasks import Task, Tasks

Result = TypeVar("Result")


class WorkFoot(QWidget):
    """Runs one long thing at a time and says there how it goes.

    Signals
    -------
    busy_changed(bool)
    leave_requested()
        Close was pressed while nothing was under way.
    """

    busy_changed = pyqtSignal(bool)
    leave_requested = pyqtSignal()

    def __init__(self, tasks: Tasks, *acts: QPushButton) -> None:
        super().__init__()
        self.setObjectName("PanelFoot")
        self._tasks = tasks
        self._task: Task | None = None
        self._acts = acts
        self.problem = label(role="error", wrap=True)
        self.problem.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(150)
        self.bar.hide()
        self.doing = label(role="soft")
        self.cancel = button(tr("关闭", "Close"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self._on_cancel)
        line = row(self.bar, self.doing, self.problem, self.cancel, *acts, margins=(16, 10, 16, 12))
        line.setStretch(2, 1)
        line.insertStretch(2, 0)
        self.setLayout(line)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    def say_problem(self, words: Text | None, advice: Text | None = None) -> None:
        """Say what is wrong, in place; None takes it back."""
        said = " ".join(tr(part) for part in (words, advice) if part is not None and part.zh)
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    def stop(self) -> None:
        """Ask the work under way to stop."""
        if self._task is not None:
            self._task.cancel()
            self.doing.setText(tr("正在停止…", "Stopping…"))

    def run(self, title: Text, work: Callable[[Progress], Result], done: Callable[[Result], None]) -> None:
        """Do something long; `done` gets its result, what goes wrong is said here."""

        def ended(result: Result) -> None:
            if not sip.isdeleted(self):
                self._show(None)
                done(result)

        def failed(error: PlanboardError) -> None:
            if not sip.isdeleted(self):
                self._show(None)
                self.say_problem(error.message, error.advice)

        self.say_problem(None)
        task = self._tasks.run(title, work, ended, failed, quiet=True)
        task.progressed.connect(self._on_progress)
        task.ended.connect(self._on_ended)
        self._show(task)

    def _on_cancel(self) -> None:
        if self._task is not None:
            self.stop()
        else:
            self.leave_requested.emit()

    def _on_ended(self, _: object, problem: object) -> None:
        if isinstance(problem, CancelledError):
            self._show(None)
            self.say_problem(problem.message)

    def _on_progress(self, fraction: float, doing: Text) -> None:
        if self._task is not None and not self._task.cancelled:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(fraction * 100))
            self.doing.setText(tr(doing))

    def _show(self, task: Task | None) -> None:
        self._task = task
        self.bar.setRange(0, 0 if task is not None else 100)
        self.bar.setVisible(task is not None)
        self.doing.setText(tr(task.title) if task is not None else "")
        self.cancel.setText(tr("停止", "Stop") if task is not None else tr("关闭", "Close"))
        for act in self._acts:
            act.setEnabled(task is None)
        self.busy_changed.emit(task is not None)
