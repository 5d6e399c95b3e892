"""An import that updates: what is added, changed and gone, one by one, and the choice among it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple, TypeAlias

from gis.exchange.plan import ImportPlan
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text, same

Fate: TypeAlias = Literal["added", "changed", "gone"]


class UpdateRow(NamedTuple):
    """One feature in the list of an update.

    Parameters
    ----------
    fate : {"added", "changed", "gone"}
        ``gone``: no record of the file is this feature.
    key : tuple of str
    name : Text
    differences : tuple of Text
        What changes, old and new.
    """

    fate: Fate
    key: Key
    name: Text
    differences: tuple[Text, ...]


def update_rows(snapshot: Snapshot, plan: ImportPlan) -> tuple[UpdateRow, ...]:
    """Return what an import does to single features: changed ones first, then added, then gone.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the import.
    plan : ImportPlan
        Made with `match`; whether it removes what is gone makes no difference here.
    """
    layer = snapshot.layers[plan.layer]
    changed, added = [], []
    for change in plan.changes:
        if change.after is None:
            continue
        name = layer.name_of(change.before or change.after)
        if change.before is None:
            added.append(UpdateRow("added", change.key, name, ()))
        else:
            changed.append(UpdateRow("changed", change.key, name, tuple(differences(layer, change))))
    gone = [
        UpdateRow("gone", (layer.id, uid), layer.name_of(feature), ())
        for uid in plan.gone
        if (feature := layer.table.get(uid)) is not None
    ]
    return (*changed, *added, *gone)


def differences(layer: Layer, change: Change) -> Iterator[Text]:
    """Yield what changes in a feature: each field with its old and new value, then place or shape."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    for f in layer.fields:
        old, new = before.attributes.get(f.name), after.attributes.get(f.name)
        if old == new:
            continue
        if f.type == "long_text":
            yield f.title
        else:
            told = (value if value.zh else same("–") for value in (f.word(old), f.word(new)))
            yield Text("{t} {a} → {b}", "{t} {a} → {b}").format(t=f.title, a=next(told), b=next(told))
    if before.geometry is not after.geometry:
        yield Text("位置或形状", "place or shape")


def chosen_changes(plan: ImportPlan, snapshot: Snapshot, dropped: Collection[Key]) -> ChangeSet:
    """Return the changes of an update without those that the user unticked.

    Parameters
    ----------
    plan : ImportPlan
    snapshot : Snapshot
        The plan before the import.
    dropped : collection of Key
        Features to be left as they are; those that are gone are removed unless they are named here.
    """
    layer = snapshot.layers[plan.layer]
    left_out = frozenset(dropped)
    kept = {key: c for key, c in plan.changes.features.items() if c.after is not None and key not in left_out}
    for uid in plan.gone:
        feature: Feature | None = layer.table.get(uid)
        if feature is not None and (layer.id, uid) not in left_out:
            kept[layer.id, uid] = Change(layer.id, feature, None)
    return ChangeSet(kept, plan.changes.settings)
