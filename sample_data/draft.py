"""The estate as it is being drawn up: named features, and what changed since last asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from shapely import Geometry

from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.reason import Reason
from layers.schema import Value
from sample_data.grid import placed

NAMESPACE = uuid.UUID("6a1d3f0e-5b0c-5c37-9c1e-2f6d0b8a7e41")


def uid_of(layer: str, name: str) -> str:
    """Return the identity that a layer's feature of this working name has in every run."""
    return uuid.uuid5(NAMESPACE, f"{layer}/{name}").hex


class Draft:
    """A drawing board in local metres.

    Features are called by working names ("slab 12"), which never reach the
    project; their ids follow from the names.
    """

    def __init__(self) -> None:
        self.shapes: dict[tuple[str, str], Geometry] = {}
        self._now: dict[Key, Feature] = {}
        self._before: dict[Key, Feature] = {}
        self._why: dict[Key, Reason] = {}

    def add(self, layer: str, name: str, shape: Geometry | None, /, **attributes: Value) -> None:
        """Draw a feature; attributes not given take the defaults of the kind.

        What has no shape is in no list of `shapes`.

        Raises
        ------
        ValueError
            If the working name is taken, or an attribute does not fit its field.
        """
        if self.has(layer, name):
            raise ValueError(f"{layer}/{name} is drawn twice")
        self._put(layer, name, shape, {**standard_kinds()[layer].defaults(), **attributes})

    def edit(self, layer: str, name: str, shape: Geometry | None = None, /, **attributes: Value) -> None:
        """Rewrite some attributes of a feature, and its shape if given."""
        old = self.feature(layer, name)
        self._put(
            layer,
            name,
            self.shapes.get((layer, name)) if shape is None else shape,
            {**old.attributes, **attributes},
        )

    def remove(self, layer: str, name: str, answers: str, reason: str = "") -> None:
        """Take a feature off the board, and say why."""
        self.shapes.pop((layer, name), None)
        key = layer, uid_of(layer, name)
        del self._now[key]
        self._why[key] = Reason.of(answers, reason)

    def has(self, layer: str, name: str) -> bool:
        """Tell whether a feature is drawn."""
        return (layer, uid_of(layer, name)) in self._now

    def feature(self, layer: str, name: str) -> Feature:
        """Return a feature as it will be in the project."""
        return self._now[layer, uid_of(layer, name)]

    def named(self, layer: str, start: str = "") -> Iterator[tuple[str, Geometry]]:
        """Yield working names and local shapes of a layer's features whose names start so."""
        return (
            (name, s) for (of, name), s in list(self.shapes.items()) if of == layer and name.startswith(start)
        )

    def changes(self) -> ChangeSet:
        """Return what changed since this was last asked, and start afresh."""
        keys = [*self._now, *(key for key in self._before if key not in self._now)]
        changed = ChangeSet.of(
            Change(key[0], self._before.get(key), self._now.get(key))
            for key in keys
            if self._before.get(key) is not self._now.get(key)
        )
        self._before = dict(self._now)
        return changed

    def reasons(self) -> dict[Key, Reason]:
        """Return why features were taken off the board since this was last asked."""
        why, self._why = self._why, {}
        return why

    def _put(self, layer: str, name: str, shape: Geometry | None, attributes: dict[str, Value]) -> None:
        _check(layer, name, attributes)
        uid = uid_of(layer, name)
        if shape is not None:
            self.shapes[layer, name] = shape
        self._now[layer, uid] = Feature(uid, None if shape is None else placed(shape), attributes)


def _check(layer: str, name: str, attributes: dict[str, Value]) -> None:
    kind = standard_kinds()[layer]
    for key, value in attributes.items():
        field = kind.field(key)
        problem = field.problem(value) if field else "no such field"
        if problem:
            raise ValueError(f"{layer}/{name}: {key}={value!r}: {problem}")
