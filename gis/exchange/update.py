"""An import that updates: what is added, changed and gone, one by one, and the choice among it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

import shapely

from gis.exchange.plan import ImportPlan
from layers.changes import Change, ChangeSet, Key
from layers.feature import Feature
from layers.layer import Layer
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.text import Text, same

_TOLD_M: Final = 0.005
_TOLD_M2: Final = 0.05
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
    return rows_of(snapshot, plan.changes, [(plan.layer, uid) for uid in plan.gone])


def rows_of(snapshot: Snapshot, changes: ChangeSet, gone: Sequence[Key]) -> tuple[UpdateRow, ...]:
    """Return what changes do to single features, and which are gone, over any number of layers.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the import.
    changes : ChangeSet
    gone : sequence of Key
        Features that no record of the file is.
    """
    changed, added = [], []
    for change in changes:
        if change.after is None:
            continue
        layer = snapshot.layers[change.layer]
        name = layer.name_of(change.before or change.after)
        if change.before is None:
            added.append(UpdateRow("added", change.key, name, ()))
        else:
            changed.append(UpdateRow("changed", change.key, name, tuple(differences(layer, change))))
    lost = [
        UpdateRow("gone", key, snapshot.layers[key[0]].name_of(feature), ())
        for key in gone
        if (feature := snapshot.feature(key)) is not None
    ]
    return (*changed, *added, *lost)


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
        yield _moved(before.geometry, after.geometry)


def _moved(before: shapely.Geometry | None, after: shapely.Geometry | None) -> Text:
    """Say that a shape is another one, by how much its middle moves and its area changes."""
    told = [Text("位置或形状", "place or shape")]
    if before is not None and after is not None and not before.is_empty and not after.is_empty:
        apart_m = before.centroid.distance(after.centroid)
        if apart_m >= _TOLD_M:
            told.append(Text("移动 {d:.2f} 米", "moved {d:.2f} m").format(d=apart_m))
        if abs(before.area - after.area) >= _TOLD_M2:
            area = Text("面积 {a:.1f} → {b:.1f} m²", "area {a:.1f} → {b:.1f} m²")
            told.append(area.format(a=before.area, b=after.area))
    return Text(" ".join(part.zh for part in told), ", ".join(part.en for part in told))


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
    return chosen_of(snapshot, plan.changes, [(plan.layer, uid) for uid in plan.gone], dropped)


def chosen_of(
    snapshot: Snapshot, changes: ChangeSet, gone: Sequence[Key], dropped: Collection[Key]
) -> ChangeSet:
    """Return changes, and the removal of what is gone, without what the user unticked.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before the import.
    changes : ChangeSet
    gone : sequence of Key
        Removed unless they are named in `dropped`.
    dropped : collection of Key
        Features to be left as they are.
    """
    left_out = frozenset(dropped)
    kept = PackedChanges.of(changes.features).without(left_out)
    others = {key: change for key, change in kept.others.items() if change.after is not None}
    for key in gone:
        feature: Feature | None = snapshot.feature(key)
        if feature is not None and key not in left_out:
            others[key] = Change(key[0], feature, None)
    return ChangeSet(PackedChanges(kept.come, others=others), changes.settings)
