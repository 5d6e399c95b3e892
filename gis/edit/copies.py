"""Copies of features: what each starts with, and what is said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from shapely import Geometry

from gis.edit.features import found, layer_of
from layers.changes import Key
from layers.feature import Feature, new_uid
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, sentences


def copy_of(layer: Layer, original: Feature, shape: Geometry, *, existing: bool = False) -> Feature:
    """Return a copy of a feature in another place or shape, with an id of its own.

    Parameters
    ----------
    existing : bool
        Whether what exists is traced; see `layers.kind.Kind.copied`.
    """
    return Feature(new_uid(), shape, layer.kind.copied(original.attributes, existing=existing))


def copy_words(snapshot: Snapshot, keys: Collection[Key], *, existing: bool = False) -> Text | None:
    """Say in what copies are not as their originals; None if they are alike.

    Parameters
    ----------
    snapshot : Snapshot
        The plan that the originals are in.
    """
    numbers, states = 0, dict[str, Text]()
    for key in keys:
        layer, feature = layer_of(snapshot, key[0]), found(snapshot, key)
        numbers += feature.attributes.get(layer.kind.number_field or "") is not None
        states.update(_states(layer, feature, existing))
    told = [Text(f"副本为“{word.zh}”。", f"Copies are “{word.en}”.") for word in states.values()]
    if numbers:
        told.append(
            Text("编号不能重复，副本的编号留空待填。", "Numbers are unique, so copies wait for theirs.")
        )
    return sentences(*told) if told else None


def _states(layer: Layer, original: Feature, existing: bool) -> Iterable[tuple[str, Text]]:
    """Yield what fields of a copy are set to that the original has otherwise, in words."""
    values = layer.kind.copied(original.attributes, existing=existing)
    for field in layer.fields:
        value = values.get(field.name)
        if field.drawn is not None and value != original.attributes.get(field.name):
            yield str(value), field.word(value)
