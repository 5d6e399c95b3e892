"""How long edits take until they are on disk and on screen, and so does undoing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from shapely import affinity

from gis.edit.features import add_feature, move_features, remove_features, set_attributes
from gis.edit.vertices import move_vertex, vertex_table
from layers.changes import ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import same
from tests.bench.stillness import Stretch
from tests.bench.window_timer import LAYER, Clock, settle, wait
from ui.window import Window

Act: TypeAlias = Callable[[Snapshot, Key], ChangeSet]


@dataclass
class Times:
    """Seconds of the clock and of processors of each round, and the longest stretch of our thread in it."""

    spent: list[tuple[float, float]] = field(default_factory=list)
    stretches: list[float] = field(default_factory=list)


def _vertex(state: Snapshot, key: Key) -> ChangeSet:
    feature = state.feature(key)
    assert feature is not None
    x, y = feature.geometry.exterior.coords[0]
    return move_vertex(state, key, vertex_table(feature.geometry).vertices[0], x - 0.1, y)


def _added(state: Snapshot, key: Key) -> ChangeSet:
    feature = state.feature(key)
    assert feature is not None
    shape = affinity.translate(feature.geometry, 3.0, 14.0)
    return add_feature(state, LAYER, shape, {"use": "housing", "floors": 6, "state": "new"})


ACTS: Final[dict[str, Act]] = {
    "one vertex moved": _vertex,
    "an attribute changed": lambda state, key: set_attributes(state, [key], {"floors": 33}),
    "a building added": _added,
    "a building moved": lambda state, key: move_features(state, [key], 2.0, 1.0),
    "a building removed": lambda state, key: remove_features(state, [key]),
}


def edit_times(window: Window, act: Act, rounds: int) -> tuple[Times, Times]:
    """Return how long an act takes to disk and screen, each time elsewhere, and how long undoing it takes."""
    session = window.session
    done, undone = Times(), Times()
    stretch = Stretch()
    for key in _keys(window, rounds):
        _timed(window, done, stretch, lambda k=key: session.run(same("edit"), lambda state: act(state, k)))
        _timed(window, undone, stretch, session.undo)
    return done, undone


def _keys(window: Window, rounds: int) -> Iterator[Key]:
    """Yield buildings all over the town, each in the middle of the map and at rest."""
    table = window.session.snapshot.layers[LAYER].table
    for number in range(rounds):
        row = (number * 7919 + 13) % len(table)
        west, south, east, north = table.bounds[row].tolist()
        window.canvas.zoom_to((west - 60, south - 40, east + 60, north + 40))
        settle(window)
        yield LAYER, str(table.uids[row])


def _timed(window: Window, times: Times, stretch: Stretch, act: Callable[[], object]) -> None:
    canvas, edits = window.canvas, window.session.edits
    stretch.begin()
    clock = Clock()
    act()
    wait(lambda: not edits.busy)
    wait(lambda: not canvas.rendering)
    canvas.repaint()
    times.spent.append(clock.read())
    times.stretches.append(stretch.longest)
    settle(window)
