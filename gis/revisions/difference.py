"""The change set between two snapshots, found by id."""

from __future__ import annotations

import numpy as np
import shapely

from layers.changes import Change, ChangeSet, SettingChange
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table


def difference(before: Snapshot, after: Snapshot) -> ChangeSet:
    """Return what leads from one snapshot to the other.

    Features are matched by id, layer by layer; the order of rows does not
    matter. Use ``Project.changes_between`` where both are states of one
    project file: it reads the recorded changes instead of searching.
    """
    changes: list[Change] = []
    for layer_id in {**before.layers, **after.layers}:
        changes += _layer_changes(layer_id, before.layers.get(layer_id), after.layers.get(layer_id))
    names = {**before.settings, **after.settings}
    settings = {n: SettingChange(before.settings.get(n), after.settings.get(n)) for n in names}
    return ChangeSet.of(changes, settings)


def _layer_changes(layer_id: str, before: Layer | None, after: Layer | None) -> list[Change]:
    old = before.table if before else Table.empty(())
    new = after.table if after else Table.empty(())
    if old is new:
        return []
    removed = [Change(layer_id, f, None) for f in old if f.uid not in new]
    added = [Change(layer_id, None, f) for f in new if f.uid not in old]
    modified = [Change(layer_id, old.get(uid), new.get(uid)) for uid in _differing(old, new)]
    return [*removed, *added, *modified]


def _differing(old: Table, new: Table) -> list[str]:
    """Return the ids on both sides whose rows may differ; equal ones cost no Feature."""
    shared = [uid for uid in old.uids if uid in new]
    if not shared:
        return []
    a = np.fromiter((old.index_of(uid) or 0 for uid in shared), dtype=np.intp, count=len(shared))
    b = np.fromiter((new.index_of(uid) or 0 for uid in shared), dtype=np.intp, count=len(shared))
    differs = shapely.to_wkb(old.geometry[a]) != shapely.to_wkb(new.geometry[b])
    for name in {**old.columns, **new.columns}:
        left, right = old.columns.get(name), new.columns.get(name)
        if left is None or right is None:
            differs |= True
        else:
            differs |= np.fromiter(
                (
                    x is not y and (x != y or type(x) is not type(y))
                    for x, y in zip(left[a], right[b], strict=True)
                ),
                dtype=bool,
                count=len(shared),
            )
    if old.ancestors != new.ancestors:
        differs |= np.fromiter(
            (old.ancestors.get(uid) != new.ancestors.get(uid) for uid in shared),
            dtype=bool,
            count=len(shared),
        )
    return [shared[i] for i in np.flatnonzero(differs) if old.get(shared[i]) != new.get(shared[i])]
