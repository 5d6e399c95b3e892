"""A tiny plan in memory."""

from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table


def plan(**shapes):
    """Return a plan with one layer per kind; values are shapes, or (shape, attributes)."""
    layers = {}
    for name, given in shapes.items():
        kind = standard_kinds()[name]
        rows = [shape if isinstance(shape, tuple) else (shape, {}) for shape in given]
        features = [Feature(f"{name}{i}", shape, values) for i, (shape, values) in enumerate(rows)]
        layers[name] = Layer.of(kind, Table.from_features(features, [f.name for f in kind.fields]))
    return Snapshot("Plan", "EPSG:4548", layers)


def all_keys(snapshot):
    return [(layer.id, uid) for layer in snapshot.layers.values() for uid in layer.table.uids]


def shapes_after(snapshot, changes, layer):
    return list(snapshot.apply(changes).layers[layer].table.geometry)
