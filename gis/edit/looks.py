"""How layers look: style, filter, range of scales, group, order. All are settings of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from layers.changes import ChangeSet, JsonValue, SettingChange
from layers.condition import Condition
from layers.errors import RefusedError
from layers.layer import Layer
from layers.snapshot import LAYER_ORDER, Snapshot, style_name
from layers.style import Style
from layers.style_data import condition_data, style_data
from layers.text import Text


def set_settings(snapshot: Snapshot, values: Mapping[str, JsonValue]) -> ChangeSet:
    """Give settings other values; None takes one away, and what stays as it is is no change."""
    return ChangeSet.of(
        [], {name: SettingChange(snapshot.settings.get(name), value) for name, value in values.items()}
    )


def set_style(snapshot: Snapshot, layer_id: str, style: Style | None) -> ChangeSet:
    """Draw a layer in another style; None, or the style of its kind, takes the user's own away."""
    kind = snapshot.layers[layer_id].kind
    own = None if style is None or style == kind.style else style_data(style)
    return set_settings(snapshot, {style_name(layer_id): own})


def set_filter(snapshot: Snapshot, layer_id: str, condition: Condition | None) -> ChangeSet:
    """Show only the features of a layer that meet a condition; None shows all."""
    data = None if condition is None else condition_data(condition)
    return set_settings(snapshot, {f"layer.{layer_id}.filter": data})


def set_scales(snapshot: Snapshot, layer_id: str, nearest: int, farthest: int) -> ChangeSet:
    """Show a layer between 1:`nearest` and 1:`farthest` only; 0 is no bound.

    Raises
    ------
    RefusedError
        If nothing lies between the two.
    """
    if nearest and farthest and nearest > farthest:
        raise RefusedError(
            Text(
                "比例范围是空的：1:{a} 比 1:{b} 更小。", "Nothing lies between: 1:{a} is smaller than 1:{b}."
            ).format(a=nearest, b=farthest),
            code="layer.scales",
        )
    value = [nearest, farthest] if nearest or farthest else None
    return set_settings(snapshot, {f"layer.{layer_id}.scales": value})


def put_in_group(snapshot: Snapshot, layer_ids: Iterable[str], title: str | None) -> ChangeSet:
    """Put layers under a heading of the user's own; without a title back under that of their kind."""
    values = {
        f"layer.{name}.group": _own_heading(snapshot.layers[name], (title or "").strip())
        for name in layer_ids
    }
    return set_settings(snapshot, values)


def _own_heading(layer: Layer, title: str) -> str | None:
    return None if not title or title in layer.kind.group else title


def move_layers(
    snapshot: Snapshot, layer_ids: Sequence[str], other: str | None, *, above: bool, join: bool = False
) -> ChangeSet:
    """Draw layers, keeping their order, just above or below another one.

    Parameters
    ----------
    snapshot : Snapshot
    layer_ids : sequence of str
    other : str or None
        None: above (or below) everything.
    above : bool
    join : bool
        Whether the layers also go to the group of the other one.
    """
    moving = [name for name in snapshot.layers if name in layer_ids]
    order = [name for name in snapshot.layers if name not in moving]
    beside = order.index(other) if other in order else -1
    at = beside + 1 if beside >= 0 and above else beside if beside >= 0 else len(order) if above else 0
    order[at:at] = moving
    values: dict[str, JsonValue] = {}
    if order != list(snapshot.layers):
        values[LAYER_ORDER] = order
    if join and other is not None:
        group = snapshot.layers[other].group
        values |= {
            f"layer.{name}.group": None if snapshot.layers[name].kind.group == group else list(group)
            for name in moving
        }
    return set_settings(snapshot, values)
