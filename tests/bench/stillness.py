"""How long the window's thread works at a stretch: while it does, the window stands still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PyQt6.QtCore import Qt, QTimer

from gis.edit.features import move_features, set_attributes
from layers.text import same
from tests.bench.window_timer import LAYER, settle
from ui.window import Window


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


Act = tuple[str, Callable[[], object]]


def block_times(window: Window) -> Iterator[tuple[str, float]]:
    """Yield how long the window's thread works at a stretch for acts of map, layers and table."""
    stretch = Stretch()
    for case, act in (*_edits(window), *_layers(window), *_table(window)):
        settle(window)
        stretch.begin()
        act()
        settle(window)
        yield case, stretch.longest


def _edits(window: Window) -> tuple[Act, ...]:
    session = window.session
    keys = [(LAYER, str(uid)) for uid in session.snapshot.layers[LAYER].table.uids]
    some = keys[:5000]
    return (
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
        ("selecting 5,000 again", lambda: session.select(some)),
        ("deleting them", window.canvas.delete_selection),
        ("undoing that", session.undo),
        ("undoing an import", session.undo),
    )


def _layers(window: Window) -> tuple[Act, ...]:
    layers = window.layers
    return (
        ("another active layer", lambda: layers.set_active(LAYER)),
        ("hiding a layer", lambda: layers.set_visible(LAYER, False)),
        ("showing it", lambda: layers.set_visible(LAYER, True)),
        ("that layer alone", layers.solo),
        ("all layers", layers.show_all),
        ("copying and pasting its style", lambda: (layers.copy_style(), layers.paste_style())),
        ("zooming to it", layers.zoom),
        ("opening its style", layers.edit_look),
        ("its filter", lambda: layers.edit_look("shown")),
        ("closing them", window.look_actions.leave),
        ("the whole plan", window.canvas.zoom_full),
    )


def _table(window: Window) -> tuple[Act, ...]:
    session, table = window.session, window.table
    keys = [(LAYER, str(uid)) for uid in session.snapshot.layers[LAYER].table.uids]
    return (
        ("opening the table", lambda: window.view_actions.show_table(LAYER)),
        ("filtering it", lambda: table._filter.setText("99")),
        ("filtering it no more", lambda: table._filter.setText("")),
        ("sorting it", lambda: table.sort_by(0)),
        ("selecting all beside it", lambda: session.select(keys)),
        (
            "moving 5,000 beside it",
            lambda: session.run(same("m"), lambda s: move_features(s, keys[:5000], 1, 1)),
        ),
        ("undoing beside it", session.undo),
    )
