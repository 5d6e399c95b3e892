"""Timing acts in a real window, until they are on screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QCoreApplication, QEventLoop

from gis.project import Project
from gis.settings import Settings
from ui import start
from ui.window import Window

PATIENCE_S = 120.0
LAYER = "building"


@contextmanager
def opened(path: Path) -> Iterator[Window]:
    """Open a window on a project, settled as after a start."""
    import gc

    app = start.application(Settings())
    window = start.make_window(Settings())
    window.resize(1600, 1000)
    window.show()
    window.canvas.navigator.smooth = False
    with Project.open(path) as project:
        window.session.set_project(project)
        settle(window)
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        yield window
        window.session.set_project(None)
        window.close()
    app.processEvents()
    start.end(window)


class Clock:
    """Times one act, in seconds of the clock and of processors (of this thread alone, or of all of them)."""

    def __init__(self, work: Callable[[], float] = time.process_time) -> None:
        self._work = work
        self._began = time.perf_counter(), work()

    def read(self) -> tuple[float, float]:
        """Return the time since it was made."""
        return time.perf_counter() - self._began[0], self._work() - self._began[1]


def pump() -> None:
    """Let the window live for a moment."""
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def wait(until: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the window does not come to rest")
        pump()
        time.sleep(0.0005)  # an idle window lets the other threads work; a loop without rest would not


def settle(window: Window) -> None:
    """Let everything under way end."""
    wait(lambda: not window.session.edits.busy and not window.canvas.rendering)
    end = time.monotonic() + 0.15
    wait(lambda: time.monotonic() > end and not window.canvas.rendering)


def frame_times(window: Window, count: int) -> list[tuple[float, float]]:
    """Return how long frames of a pan and a wheel zoom take: the events, and painting what is kept."""
    canvas = window.canvas
    canvas.zoom_full()
    settle(window)
    times = []
    for i in range(count):
        clock = Clock(time.thread_time)
        if i % 2:
            canvas.navigator.pan(7 if i % 4 == 1 else -7, 3)
        else:
            canvas.navigator.zoom_at(700, 400, 1.06 if i % 4 else 1 / 1.06)
        canvas.repaint()
        times.append(clock.read())
        pump()
    settle(window)
    return times


def snap_times(window: Window, count: int) -> list[tuple[float, float]]:
    """Return how long the pointer takes to find where it snaps to, in the middle of a town."""
    canvas = window.canvas
    table = window.session.snapshot.layers[LAYER].table
    chance = np.random.default_rng(20_200_725)
    times = []
    for row in chance.integers(0, len(table), count):
        x, y = (float(v) for v in table.bounds[row][:2] + chance.uniform(-2, 2, 2))
        if not len(times) % 20:
            canvas.zoom_to((x - 80, y - 60, x + 80, y + 60))
        clock = Clock(time.thread_time)
        canvas.pointer.snap((x, y), origin=(x - 5, y - 5))
        times.append(clock.read())
    settle(window)
    return times


def table_times(window: Window) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield how long the table takes until it shows what was asked for."""
    panel, view = window.table, window.table.view
    window.on_active_layer(LAYER)
    total = len(window.session.snapshot.layers[LAYER].table)

    def until(ready: Callable[[], bool], act: Callable[[], object]) -> tuple[float, float]:
        settle(window)
        clock = Clock()
        act()
        wait(ready)
        view.repaint()
        return clock.read()

    def sorted_by(*names: str) -> Callable[[], bool]:
        return lambda: tuple(name for name, _ in panel.model.wish.order) == names

    columns = {name: i for i, name in enumerate(f.name for f in window.session.snapshot.layers[LAYER].fields)}
    yield "open", until(lambda: len(panel.model.rows) == total, lambda: window.view_actions.show_table(LAYER))
    yield "sort by number", until(sorted_by("number"), lambda: panel.sort_by(columns["number"]))
    yield (
        "sort by a second column",
        until(sorted_by("number", "floors"), lambda: panel.sort_by(columns["floors"], further=True)),
    )
    yield (
        "filter by words",
        until(lambda: panel.model.wish.words == "99", lambda: panel._filter.setText("99")),
    )
    yield (
        "filter by a condition",
        until(lambda: panel.model.wish.expression is not None, lambda: panel._filter.setText("floors > 5")),
    )
    panel._filter.setText("")
    wait(lambda: panel.model.wish.expression is None)
