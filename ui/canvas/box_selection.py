"""Selecting what lies in a box or in a layer: at once, or beside the window if it is very much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from PyQt6.QtCore import QObject
from shapely import Polygon

from gis.pick import Box, BoxMode, features_in_area, features_in_box
from gis.store.bulk import many_objects
from layers.changes import Key
from layers.layer import Layer
from ui.canvas.newest_job import Check, NewestJob
from ui.canvas.pointer import Pointer
from ui.session import SelectMode, Session
from ui.spare_thread import SpareThread

MANY: Final = 5_000
"""More features that may be meant are looked for in another thread."""
_ASK_EVERY: Final = 2_000
_Found: TypeAlias = tuple[object, frozenset[Key], SelectMode]


class BoxSelection(QObject):
    """Selects what is visible inside or touching a box, or all of a layer; only the newest wish counts."""

    def __init__(self, session: Session, pointer: Pointer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pointer = pointer
        self._job = NewestJob(SpareThread(), self)
        self._job.landed.connect(self._on_found)

    def select(self, box: Box | Polygon, mode: BoxMode, how: SelectMode) -> None:
        """Select what is in a box."""
        layers, around = self._pointer.layers(), box.bounds if isinstance(box, Polygon) else box
        self._job.cancel()
        if sum(len(layer.table.bounds.meeting(around)) for layer in layers) <= MANY:
            self._session.select(_within(layers, box, mode), how)
            return
        state = self._session.snapshot

        def work(check: Check) -> _Found:
            found: set[Key] = set()
            with many_objects():
                for layer in layers:
                    check()
                    found.update(_within([layer], box, mode))
                return state, frozenset(found), how

        self._job.start(work)

    def select_layer(self, layer: Layer) -> None:
        """Select everything in a layer."""
        self._job.cancel()
        if len(layer.table) <= MANY:
            self._session.select(_all_of(layer))
            return
        state = self._session.snapshot

        def work(check: Check) -> _Found:
            with many_objects():
                return state, frozenset(_all_of(layer, check)), "replace"

        self._job.start(work)

    def _on_found(self, found: _Found) -> None:
        state, keys, how = found
        if state is self._session.snapshot:  # else the box was drawn over a plan that is no more
            self._session.select(keys, how)


def _all_of(layer: Layer, check: Check | None = None) -> Iterator[Key]:
    for number, uid in enumerate(layer.table.uids):
        if check is not None and number % _ASK_EVERY == 0:
            check()
        yield layer.id, str(uid)


def _within(layers: list[Layer], box: Box | Polygon, mode: BoxMode) -> tuple[Key, ...]:
    if isinstance(box, Polygon):
        return features_in_area(layers, box, mode)
    return features_in_box(layers, box, mode)
