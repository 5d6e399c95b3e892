"""Tiny plans with problem spots, comments and answers."""

from __future__ import annotations

from shapely import Geometry, Point, box

from gis.edit.features import add_feature, remove_features, set_attributes
from gis.revisions.chapters import Chapter
from gis.revisions.compare import compare
from layers.changes import Key
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.revision import Revision
from layers.schema import Value
from layers.snapshot import Snapshot

SECRET = "3号楼1单元302室 139-0000-0000（虚构）"


def empty() -> Snapshot:
    return Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})


class Plan:
    """A plan that is drawn step by step and frozen now and then."""

    def __init__(self) -> None:
        self.now = empty()
        self.frozen: list[Snapshot] = []
        self._labels: list[str] = []

    def add(self, layer: str, geometry: Geometry | None, **values: Value) -> Key:
        changes = add_feature(self.now, layer, geometry, values)
        self.now = self.now.apply(changes)
        return next(iter(changes)).key

    def set(self, key: Key, **values: Value) -> None:
        self.now = self.now.apply(set_attributes(self.now, [key], values))

    def drop(self, key: Key) -> None:
        self.now = self.now.apply(remove_features(self.now, [key]))

    def spot(self, code: str, x: float = 0.0, **values: Value) -> Key:
        layer = "drainage_spot" if code.startswith("D") else "traffic_spot"
        return self.add(layer, Point(x, 0), **{"code": code, "title": f"问题{code}", **values})

    def comment(self, code: str, **values: Value) -> Key:
        return self.add("comment", None, **{"code": code, "gist": f"意见{code}", "text": SECRET, **values})

    def bay(self, x: float, **values: Value) -> Key:
        return self.add("parking", box(x, 0, x + 2.5, 5), **{"bays": 1, "state": "new", **values})

    def freeze(self) -> None:
        self.frozen.append(self.now)

    def chapters(self) -> tuple[Chapter, ...]:
        made: list[Chapter] = []
        before = None
        for i, state in enumerate(self.frozen, 1):
            label = f"R{i}"
            state = Snapshot(state.title, state.crs, state.layers, state.settings, label)
            revision = Revision(label, label, f"R{i - 1}" if i > 1 else None, "", "", "", "", "")
            made.append(Chapter(revision, state, compare(before, state) if before else None))
            before = state
        return tuple(made)
