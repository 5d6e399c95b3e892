"""The whole plan at one moment: layers in drawing order and project settings."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import numpy as np

from layers.changes import Change, ChangeSet, JsonValue, Key
from layers.errors import BadInputError
from layers.feature import Feature
from layers.kind import Role
from layers.layer import Layer
from layers.packed_changes import LayerChanges
from layers.style_data import condition_of, style_of
from layers.table import Table
from layers.text import Text

T = TypeVar("T")

LAYER_ORDER = "layers.order"
"""Setting: list of layer ids from bottom to top."""


@dataclass(frozen=True)
class Snapshot:
    """An immutable state of a project.

    Parameters
    ----------
    title : str
        Name of the estate or project, the user's own words.
    crs : str
        Authority code such as ``"EPSG:4548"``, or WKT. Always metric.
    layers : mapping of str to Layer
        By layer id, from bottom to top.
    settings : mapping of str to JSON value
        Project settings (``layer.<id>.visible``, ``project.note`` ...).
    revision : str or None
        Label of the revision this is a state of; None for the working plan.
    """

    title: str
    crs: str
    layers: Mapping[str, Layer]
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    revision: str | None = None

    def feature(self, key: Key) -> Feature | None:
        """Return one feature, or None if it or its layer does not exist."""
        layer = self.layers.get(key[0])
        return layer.table.get(key[1]) if layer else None

    def name_of(self, key: Key) -> Text | None:
        """Say what a feature is called, or None if it does not exist."""
        feature = self.feature(key)
        return self.layers[key[0]].name_of(feature) if feature else None

    def with_role(self, *roles: Role) -> tuple[Layer, ...]:
        """Return the layers that play one of the roles, bottom to top."""
        return tuple(layer for layer in self.layers.values() if layer.kind.role in roles)

    def extent(self, *roles: Role) -> tuple[float, float, float, float] | None:
        """Return the box around all features (of some roles), or None if there are none."""
        chosen = self.with_role(*roles) if roles else tuple(self.layers.values())
        boxes = [box for layer in chosen if (box := layer.table.extent())]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    def apply(self, changes: ChangeSet, sure: Container[Key] = ()) -> Snapshot:
        """Return the state after `changes`.

        Parameters
        ----------
        sure : container of (layer id, feature id), optional
            Changes whose ``before`` was taken from this very state: not compared again.

        Raises
        ------
        ValueError
            If a change does not begin at this state: the feature differs from
            its ``before``, or the layer is unknown.
        """
        layers = dict(self.layers)
        for layer_id, changed in changes.by_layer.items():
            if layer_id not in layers:
                raise ValueError(f"no layer {layer_id!r}")
            come, go, others = _parted(changed)
            doubtful = [change for change in others if (layer_id, change.uid) not in sure]
            _check(layers[layer_id], doubtful)
            if go is not None:
                _check_whole(layers[layer_id], go, sure)
            layers[layer_id] = _changed(layers[layer_id], come, go, others)
        settings = {**self.settings}
        for name, change in changes.settings.items():
            settings.pop(name, None)
            if change.after is not None:
                settings[name] = change.after
        return replace(
            self,
            settings=settings,
            layers=shown(layers, settings),
            title=str(settings.get("project.title", self.title)),
        )


_MANY: Final = 1000
"""From so many features on they are compared column by column, not one by one."""


def _check(layer: Layer, changes: Sequence[Change]) -> None:
    if len(changes) < _MANY or not _all_fit(layer.table, changes):
        for change, found in zip(changes, _found(layer.table, changes), strict=True):
            if found != change.before:
                raise ValueError(f"feature {change.uid} of {layer.id} is not as the change expects it")


def _parted(changes: Sequence[Change]) -> tuple[Table | None, Table | None, Sequence[Change]]:
    """Return what comes and what goes in whole tables, and all other changes."""
    if isinstance(changes, LayerChanges):
        return changes.come, changes.go, changes.others
    return None, None, changes


def _check_whole(layer: Layer, go: Table, sure: Container[Key]) -> None:
    """Refuse a table of features that go if they are not in the layer as it has them."""
    if all((layer.id, uid) in sure for uid in go.uids):
        return
    rows = layer.table.indices_of(go.uids)
    if len(rows) != len(go) or not go.holds_same(layer.table.where(rows)):
        raise ValueError(f"features of {layer.id} that go are not as the change expects them")


def _changed(layer: Layer, come: Table | None, go: Table | None, changes: Sequence[Change]) -> Layer:
    table = layer.table
    put = {change.uid: change.after for change in changes if change.after}
    gone = [*(go.uids if go is not None else ()), *(c.uid for c in changes if not c.after)]
    if put or gone:
        table = table.with_features(put, gone)
    return layer.with_table(table.with_more(come) if come is not None else table)


def _all_fit(table: Table, changes: Sequence[Change]) -> bool:
    """Tell whether a table is what changes expect; False if it has to be looked at more closely."""
    expected = [change.before for change in changes if change.before is not None]
    try:
        before = Table.from_features(expected, list(table.columns))
    except KeyError:
        return False
    present = table.indices_of(change.uid for change in changes)
    return len(present) == len(expected) and before.holds_same(table.where(present))


def _found(table: Table, changes: Sequence[Change]) -> list[Feature | None]:
    """Return the features that changes are about, as they are."""
    rows = [table.index_of(change.uid) for change in changes]
    there = table.features(np.array([row for row in rows if row is not None], dtype=np.intp))
    return [None if row is None else next(there) for row in rows]


def shown(layers: Mapping[str, Layer], settings: Mapping[str, JsonValue]) -> dict[str, Layer]:
    """Return the layers in the order and with the visibility that the settings say.

    Settings read: ``layers.order`` (list of ids, bottom to top; layers not named
    keep the order of their kinds), ``layer.<id>.visible``, ``.opacity``, ``.title``,
    ``.group``, ``.scales``, ``.filter``, and ``style.<id>``, which is part of the
    plan where the others are only how one looks at it. A style or filter that
    cannot be read leaves the layer as its kind has it; ``doctor`` names it.
    """
    order = {layer_id: i for i, layer_id in enumerate(settings.get(LAYER_ORDER) or ())}
    names = sorted(layers, key=lambda n: (order.get(n, layers[n].kind.order), layers[n].kind.order, n))
    return {name: _as_set(layers[name], settings) for name in names}


def style_name(layer_id: str) -> str:
    """Return the name of the setting that holds the style of a layer."""
    return f"style.{layer_id}"


def _as_set(layer: Layer, settings: Mapping[str, JsonValue]) -> Layer:
    def given(name: str, usual: JsonValue = None) -> JsonValue:
        return settings.get(f"layer.{layer.id}.{name}", usual)

    title, heading = given("title"), given("group")
    style, condition = settings.get(style_name(layer.id)), given("filter")
    return replace(
        layer,
        visible=bool(given("visible", True)),
        opacity=float(given("opacity", 1.0)),
        title=Text(title, title) if title else layer.kind.title,
        heading=_heading(heading),
        scales=_scales(given("scales")),
        filter=_read(condition_of, condition, None),
        style=_read(style_of, style, layer.kind.style),
    )


def _read(read: Callable[[JsonValue], T], data: JsonValue, usual: T) -> T:
    if data is None:
        return usual
    try:
        return read(data)
    except BadInputError:
        return usual


def _heading(value: JsonValue) -> Text | None:
    """Read a group: the user's own words, or those of a kind in both languages."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(half, str) for half in value):
        return Text(*value)
    return Text(value, value) if isinstance(value, str) and value else None


def _scales(value: JsonValue) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(n, int) and n >= 0 for n in value):
        return value[0], value[1]
    return 0, 0
