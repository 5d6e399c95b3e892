"""Comparing two states of one plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gis.revisions.classify import classify
from gis.revisions.clouds import group_changes
from gis.revisions.comparison import Comparison, FeatureChange
from gis.revisions.difference import difference
from gis.revisions.quantities import quantities
from gis.revisions.restyling import restyled
from layers.changes import ChangeSet, Key
from layers.reason import NO_REASON, Reason, reasons_given
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.told import holds_reports


def compare(
    before: Snapshot,
    after: Snapshot,
    changes: ChangeSet | None = None,
    reasons: Mapping[Key, Reason] | None = None,
) -> Comparison:
    """Say everything that differs between two states.

    Two states of an open project are compared by `gis.revisions.chapters.compare_states`, which
    knows what lies between them.

    Parameters
    ----------
    before, after : Snapshot
        States of the same project, in the same CRS (metres).
    changes : ChangeSet, optional
        What leads from `before` to `after`, if it is known already
        (``Project.changes_between``); searched for otherwise.
    reasons : mapping of (layer id, feature id) to Reason, optional
        Why each feature was changed, if more than one revision lies between the two; otherwise
        what the changes themselves say.

    Returns
    -------
    Comparison
        Changes in the order of the layers from top to bottom, then by name.
        Changed problem spots and comments stand apart: they are reasons, not plan changes.
    """
    found = difference(before, after) if changes is None else changes
    why = reasons_given([found]) if reasons is None else reasons
    order = {layer_id: -i for i, layer_id in enumerate(after.layers)}
    described = []
    for change in sorted(found, key=lambda c: (order.get(c.layer, 0), c.uid)):
        layer = after.layers.get(change.layer) or before.layers[change.layer]
        if one := classify(change, layer):
            told = replace(one, reason=why.get(one.key, NO_REASON)) if one.key in why else one
            described.append((holds_reports(layer.kind), _with_origins(told, before, after)))
    plan = tuple(change for is_spot, change in described if not is_spot)
    label = after.revision or WORKING
    return Comparison(
        before=before.revision or WORKING,
        after=label,
        changes=plan,
        spot_changes=tuple(change for is_spot, change in described if is_spot),
        groups=group_changes(plan, label, (after, before)),
        quantities=quantities(before, after),
        restyled=restyled(before, after),
    )


def _with_origins(change: FeatureChange, before: Snapshot, after: Snapshot) -> FeatureChange:
    """Say what a split or merged feature was made from, by the names those had before."""
    keys = [(change.layer, uid) for uid in change.made_from]
    names = (before.name_of(key) or after.name_of(key) for key in keys)
    origins = tuple(name for name in names if name is not None)
    return replace(change, origins=origins) if origins else change
