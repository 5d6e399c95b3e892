"""Timing acts in a real window: until they are on screen, and how long its thread works at a stretch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from gis.edit.features import move_features, set_attributes
from gis.edit.vertices import move_vertex, vertex_table
from gis.project import Project
from gis.settings import Settings
from layers.text import same
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


def settle(window: Window) -> None:
    """Let everything under way end."""
    wait(lambda: not window.session.edits.busy and not window.canvas.rendering)
    end = time.monotonic() + 0.15
    wait(lambda: time.monotonic() > end and not window.canvas.rendering)


def frame_times(window: Window, count: int) -> list[float]:
    """Return how long frames of a pan and a wheel zoom take: the events, and painting what is kept."""
    canvas = window.canvas
    canvas.zoom_full()
    settle(window)
    times = []
    for i in range(count):
        begin = time.perf_counter()
        if i % 2:
            canvas.navigator.pan(7 if i % 4 == 1 else -7, 3)
        else:
            canvas.navigator.zoom_at(700, 400, 1.06 if i % 4 else 1 / 1.06)
        canvas.repaint()
        times.append(time.perf_counter() - begin)
        pump()
    settle(window)
    return times


def vertex_times(window: Window, rounds: int) -> tuple[list[float], list[float]]:
    """Return how long moved vertices take to disk and screen, and the longest stretches of our thread."""
    session, canvas = window.session, window.canvas
    table = session.snapshot.layers[LAYER].table
    times, works, stretch = [], [], Stretch()
    for i in range(rounds):
        key = (LAYER, str(table.uids[(i * 7919 + 13) % len(table)]))
        shape = session.snapshot.feature(key).geometry
        west, south, east, north = shape.bounds
        canvas.zoom_to((west - 60, south - 40, east + 60, north + 40))
        settle(window)
        vertex, (x, y) = vertex_table(shape).vertices[0], shape.exterior.coords[0]
        stretch.begin()
        begin = time.perf_counter()
        session.run(same("move"), lambda s, k=key, v=vertex, p=(x, y): move_vertex(s, k, v, p[0] - 0.1, p[1]))
        wait(lambda: not session.edits.busy)
        wait(lambda: not canvas.rendering)
        canvas.repaint()
        times.append(time.perf_counter() - begin)
        works.append(stretch.longest)
        settle(window)
    return times, works


def snap_times(window: Window, count: int) -> list[float]:
    """Return how long the pointer takes to find where it snaps to, in the middle of a town."""
    canvas = window.canvas
    table = window.session.snapshot.layers[LAYER].table
    chance = np.random.default_rng(20_200_725)
    times = []
    for row in chance.integers(0, len(table), count):
        x, y = (float(v) for v in table.bounds[row][:2] + chance.uniform(-2, 2, 2))
        if not len(times) % 20:
            canvas.zoom_to((x - 80, y - 60, x + 80, y + 60))
        begin = time.perf_counter()
        canvas.pointer.snap((x, y), origin=(x - 5, y - 5))
        times.append(time.perf_counter() - begin)
    settle(window)
    return times


def table_times(window: Window) -> Iterator[tuple[str, float]]:
    """Yield how long the table takes until it shows what was asked for."""
    panel, view = window.table, window.table.view
    window.on_active_layer(LAYER)
    total = len(window.session.snapshot.layers[LAYER].table)

    def until(ready: Callable[[], bool], act: Callable[[], object]) -> float:
        settle(window)
        begin = time.perf_counter()
        act()
        wait(ready)
        view.repaint()
        return time.perf_counter() - begin

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


class Stretch:
    """Notes the longest time that the window's thread works without handling an event."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def begin(self) -> None:
        """Forget what was."""
        self.longest, self._last = 0.0, time.thread_time()


def block_times(window: Window) -> Iterator[tuple[str, float]]:
    """Yield how long the window's thread works at a stretch for edits and selections of many features."""
    session, stretch = window.session, Stretch()
    keys = [(LAYER, str(uid)) for uid in session.snapshot.layers[LAYER].table.uids]
    some = keys[:5000]
    acts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("selecting one", lambda: session.select(keys[:1])),
        ("selecting 5,000", lambda: session.select(some)),
        ("moving 5,000", lambda: session.run(same("m"), lambda s: move_features(s, some, 1, 1))),
        ("undoing it", session.undo),
        ("redoing it", session.redo),
        (
            "an attribute of 5,000",
            lambda: session.run(same("a"), lambda s: set_attributes(s, some, {"floors": 9})),
        ),
        ("selecting all", lambda: session.select(keys)),
        ("selecting nothing", lambda: session.select([])),
        ("undoing an import", session.undo),
    )
    for case, act in acts:
        settle(window)
        stretch.begin()
        act()
        settle(window)
        yield case, stretch.longest
