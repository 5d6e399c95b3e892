"""Layers as the panel shows them, and the edits of how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from gis.edit.looks import move_layers, put_in_group, set_settings
from layers.changes import ChangeSet
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

Edit = Callable[[Snapshot], ChangeSet]


@dataclass(frozen=True)
class LayerGroup:
    """A heading and its layers, topmost first."""

    title: Text
    layers: tuple[Layer, ...]

    @property
    def shown(self) -> bool | None:
        """Whether all its layers are shown, none is (False), or some are (None)."""
        visible = [layer.visible for layer in self.layers]
        return True if all(visible) else None if any(visible) else False


def groups_of(snapshot: Snapshot) -> tuple[LayerGroup, ...]:
    """Return the groups from top to bottom, each with its topmost layer first.

    A group stands where its lowest layer is drawn: so no group jumps when a layer moves within one.
    """
    grouped: dict[Text, list[Layer]] = {}
    for layer in snapshot.layers.values():
        grouped.setdefault(layer.group, []).append(layer)
    return tuple(LayerGroup(title, tuple(layers[::-1])) for title, layers in reversed(grouped.items()))


def members(snapshot: Snapshot, title: Text) -> tuple[str, ...]:
    """Return the ids of the layers of a group, bottom to top."""
    return tuple(layer.id for layer in snapshot.layers.values() if layer.group == title)


def set_visible(layer_ids: Iterable[str], visible: bool) -> Edit:
    """Return the edit that shows or hides layers."""
    names = tuple(layer_ids)
    return lambda snapshot: set_settings(
        snapshot, {f"layer.{n}.visible": None if visible else False for n in names}
    )


def set_opacity(layer_id: str, opacity: float) -> Edit:
    """Return the edit that makes a layer more or less opaque."""
    value = None if opacity >= 1 else round(max(0.0, opacity), 2)
    return lambda snapshot: set_settings(snapshot, {f"layer.{layer_id}.opacity": value})


def rename(layer_id: str, title: str) -> Edit:
    """Return the edit that renames a layer; an empty name gives the standard one back."""
    return lambda snapshot: set_settings(snapshot, {f"layer.{layer_id}.title": title.strip() or None})


def rename_group(title: Text, new: str) -> Edit:
    """Return the edit that renames a group; an empty name gives its layers back to their kinds' groups."""
    return lambda snapshot: put_in_group(snapshot, members(snapshot, title), new)


def solo(layer_id: str) -> Edit:
    """Return the edit that hides every layer but one."""
    return lambda snapshot: set_settings(
        snapshot, {f"layer.{n}.visible": None if n == layer_id else False for n in snapshot.layers}
    )


def place_above(layer_id: str, other: str | None) -> Edit:
    """Return the edit that draws a layer just above another, in its group, or lowest of all."""
    return partial(_placed, moving=(layer_id,), other=other, above=other is not None)


def place_below(layer_id: str, other: str) -> Edit:
    """Return the edit that draws a layer just below another, in its group."""
    return partial(_placed, moving=(layer_id,), other=other, above=False)


def _placed(snapshot: Snapshot, *, moving: tuple[str, ...], other: str | None, above: bool) -> ChangeSet:
    return move_layers(snapshot, moving, other, above=above, join=True)


def into_group(snapshot: Snapshot, layer_id: str, title: Text) -> Edit | None:
    """Return the edit that puts a layer on top of a group, or None if it is there."""
    inside = [name for name in members(snapshot, title) if name != layer_id]
    return place_above(layer_id, inside[-1]) if inside else None


def beside_group(snapshot: Snapshot, title: Text, other: Text, above: bool) -> Edit | None:
    """Return the edit that draws a whole group above or below another one."""
    moving, there = members(snapshot, title), members(snapshot, other)
    if not moving or not there or title == other:
        return None
    beside = there[-1] if above else there[0]
    return lambda now: move_layers(now, moving, beside, above=above)


def shifted(snapshot: Snapshot, layer_id: str, up: bool) -> Edit | None:
    """Return the edit that moves a layer past its neighbour in the group, or None at the end."""
    group = next((g.layers for g in groups_of(snapshot) if any(m.id == layer_id for m in g.layers)), ())
    ids = [layer.id for layer in group]
    at = ids.index(layer_id) + (-1 if up else 1) if layer_id in ids else -1
    if not 0 <= at < len(ids):
        return None
    return place_above(layer_id, ids[at]) if up else place_below(layer_id, ids[at])


def group_shifted(snapshot: Snapshot, title: Text, up: bool) -> Edit | None:
    """Return the edit that moves a group past its neighbour, or None at the end."""
    titles = [group.title for group in groups_of(snapshot)]
    at = titles.index(title) + (-1 if up else 1) if title in titles else -1
    return beside_group(snapshot, title, titles[at], up) if 0 <= at < len(titles) else None
