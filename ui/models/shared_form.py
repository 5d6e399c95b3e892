"""What a form shows for one feature or for several at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from layers.changes import Key
from layers.column import ObjectArray
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.text import Text, same

M2_PER_MU = 2000 / 3
"""亩: fifteen make a hectare."""
MANY_SELECTED: Final = 2_000
"""Of more selected features, rows and what they have in common are looked up beside the window."""


@dataclass(frozen=True)
class FormField:
    """A field of a form, its value, and whether the features differ in it."""

    field: Field
    value: Value
    mixed: bool


@dataclass(frozen=True)
class Form:
    """The form of a selection: the fields that all selected layers have in common.

    Parameters
    ----------
    keys : tuple of Key
        Those that exist.
    layers : tuple of Layer
    first : Feature or None
        The feature of the first key.
    shapes : array of shapely.Geometry or None, shape (n,)
    fields : tuple of FormField
    """

    keys: tuple[Key, ...]
    layers: tuple[Layer, ...]
    first: Feature | None
    shapes: ObjectArray
    fields: tuple[FormField, ...]

    @property
    def shape(self) -> tuple[str, ...]:
        """What decides whether editors can be kept: the layers and field names."""
        return (*(layer.id for layer in self.layers), *(f.field.name for f in self.fields))


def form_of(snapshot: Snapshot, keys: Iterable[Key]) -> Form:
    """Return the form of the features of `keys` that exist; made from columns, so that many are no burden."""
    wanted: dict[str, list[str]] = {}
    for name, uid in keys:
        wanted.setdefault(name, []).append(uid)
    layers = tuple(layer for name, layer in snapshot.layers.items() if name in wanted)
    tables = [(layer.table, layer.table.indices_of(wanted[layer.id])) for layer in layers]
    found = tuple(
        (ly.id, u) for ly, (table, at) in zip(layers, tables, strict=True) for u in table.uids[at].tolist()
    )
    shared = (
        [f for f in layers[0].fields if all(ly.kind.field(f.name) == f for ly in layers)] if layers else []
    )
    return Form(
        found,
        layers,
        snapshot.feature(found[0]) if found else None,
        _joined([table.geometry[at] for table, at in tables]),
        tuple(_form_field(f, _joined([table.columns[f.name][at] for table, at in tables])) for f in shared),
    )


def geometry_words(shapes: ObjectArray) -> Text:
    """Say how long or large shapes are, together: 1 234.5 m², 56.7 m."""
    there = shapes[~shapely.is_missing(shapes)]
    lines = there[shapely.get_dimensions(there) == 1]
    area, length = float(shapely.area(there).sum()), float(shapely.length(lines).sum())
    mu = area / M2_PER_MU
    parts: list[Text] = []
    if area:
        parts.append(Text(f"面积 {area:,.1f} m²（{mu:.2f} 亩）", f"Area {area:,.1f} m²"))
    if length:
        parts.append(Text(f"长度 {length:,.1f} m", f"Length {length:,.1f} m"))
    if not parts and len(there) == 1:
        point = shapely.centroid(there[0])
        parts.append(same(f"{point.x:.2f}, {point.y:.2f}"))
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _form_field(field: Field, values: ObjectArray) -> FormField:
    mixed = bool(len(values)) and (values[-1] != values[0] or bool(np.any(values != values[0])))
    return FormField(field, None if mixed or not len(values) else values[0], mixed)


def _joined(parts: list[ObjectArray]) -> ObjectArray:
    return np.concatenate(parts) if parts else np.empty(0, dtype=object)
