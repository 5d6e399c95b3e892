"""What a form shows for one feature or for several at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from layers.changes import Key
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.text import Text, same


@dataclass(frozen=True)
class FormField:
    """A field of a form, its value, and whether the features differ in it."""

    field: Field
    value: Value
    mixed: bool


@dataclass(frozen=True)
class Form:
    """The form of a selection: the fields that all selected layers have in common."""

    keys: tuple[Key, ...]
    layers: tuple[Layer, ...]
    features: tuple[Feature, ...]
    fields: tuple[FormField, ...]

    @property
    def shape(self) -> tuple[str, ...]:
        """What decides whether editors can be kept: the layers and field names."""
        return (*(layer.id for layer in self.layers), *(f.field.name for f in self.fields))


def form_of(snapshot: Snapshot, keys: Iterable[Key]) -> Form:
    """Return the form of the features of `keys` that exist."""
    found = [(key, feature) for key in sorted(keys) if (feature := snapshot.feature(key)) is not None]
    layers = tuple(snapshot.layers[name] for name in dict.fromkeys(key[0] for key, _ in found))
    features = tuple(feature for _, feature in found)
    shared = (
        [f for f in layers[0].fields if all(other.kind.field(f.name) == f for other in layers)]
        if layers
        else []
    )
    return Form(
        tuple(key for key, _ in found), layers, features, tuple(_form_field(f, features) for f in shared)
    )


def geometry_words(features: Iterable[Feature]) -> Text:
    """Say how long or large the shapes are, together: 1 234.5 m², 56.7 m."""
    shapes = [f.geometry for f in features if f.geometry is not None]
    area = sum(float(shapely.area(g)) for g in shapes)
    length = sum(float(shapely.length(g)) for g in shapes if g.geom_type.endswith("LineString"))
    mu = area / 666.6667
    parts: list[Text] = []
    if area:
        parts.append(Text(f"面积 {area:,.1f} m²（{mu:.2f} 亩）", f"Area {area:,.1f} m²"))
    if length:
        parts.append(Text(f"长度 {length:,.1f} m", f"Length {length:,.1f} m"))
    if not parts and len(shapes) == 1 and shapes[0].geom_type == "Point":
        parts.append(same(f"{shapes[0].x:.2f}, {shapes[0].y:.2f}"))
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _form_field(field: Field, features: tuple[Feature, ...]) -> FormField:
    values = [f.attributes.get(field.name) for f in features]
    mixed = any(v != values[0] for v in values[1:])
    return FormField(field, None if mixed else values[0], mixed)
