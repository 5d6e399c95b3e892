"""Layers as the panel shows them, and the edits of how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from layers.changes import ChangeSet, JsonValue, SettingChange
from layers.layer import Layer
from layers.snapshot import LAYER_ORDER, Snapshot
from layers.text import Text

Edit = Callable[[Snapshot], ChangeSet]


@dataclass(frozen=True)
class LayerGroup:
    """A heading and its layers, topmost first."""

    title: Text
    layers: tuple[Layer, ...]


def groups_of(snapshot: Snapshot) -> tuple[LayerGroup, ...]:
    """Return the groups from top to bottom, each with its topmost layer first."""
    grouped: dict[Text, list[Layer]] = {}
    for layer in reversed(list(snapshot.layers.values())):
        grouped.setdefault(layer.group, []).append(layer)
    return tuple(LayerGroup(title, tuple(layers)) for title, layers in grouped.items())


def set_visible(layer_ids: Iterable[str], visible: bool) -> Edit:
    """Return the edit that shows or hides layers."""
    names = tuple(layer_ids)
    return lambda snapshot: _settings(
        snapshot, {f"layer.{n}.visible": None if visible else False for n in names}
    )


def set_opacity(layer_id: str, opacity: float) -> Edit:
    """Return the edit that makes a layer more or less opaque."""
    value = None if opacity >= 1 else round(max(0.0, opacity), 2)
    return lambda snapshot: _settings(snapshot, {f"layer.{layer_id}.opacity": value})


def rename(layer_id: str, title: str) -> Edit:
    """Return the edit that renames a layer; an empty name gives the standard one back."""
    return lambda snapshot: _settings(snapshot, {f"layer.{layer_id}.title": title.strip() or None})


def solo(layer_id: str) -> Edit:
    """Return the edit that hides every layer but one."""
    return lambda snapshot: _settings(
        snapshot, {f"layer.{n}.visible": None if n == layer_id else False for n in snapshot.layers}
    )


def place_above(layer_id: str, other: str | None) -> Edit:
    """Return the edit that draws a layer just above another, or lowest of all."""

    def edit(snapshot: Snapshot) -> ChangeSet:
        order = [name for name in snapshot.layers if name != layer_id]
        at = order.index(other) + 1 if other in order else 0
        order.insert(at, layer_id)
        return _settings(snapshot, {LAYER_ORDER: order})

    return edit


def place_below(layer_id: str, other: str) -> Edit:
    """Return the edit that draws a layer just below another."""

    def edit(snapshot: Snapshot) -> ChangeSet:
        order = [name for name in snapshot.layers if name != layer_id]
        order.insert(order.index(other) if other in order else len(order), layer_id)
        return _settings(snapshot, {LAYER_ORDER: order})

    return edit


def shifted(snapshot: Snapshot, layer_id: str, up: bool) -> Edit | None:
    """Return the edit that moves a layer past its neighbour in the group, or None at the end."""
    group = next((g.layers for g in groups_of(snapshot) if any(m.id == layer_id for m in g.layers)), ())
    ids = [layer.id for layer in group]
    at = ids.index(layer_id) + (-1 if up else 1) if layer_id in ids else -1
    if not 0 <= at < len(ids):
        return None
    return place_above(layer_id, ids[at]) if up else place_below(layer_id, ids[at])


def _settings(snapshot: Snapshot, values: dict[str, JsonValue]) -> ChangeSet:
    changes = {name: SettingChange(snapshot.settings.get(name), value) for name, value in values.items()}
    return ChangeSet.of([], changes)
