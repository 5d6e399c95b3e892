"""Notes that say what an outline with dense vertices was drawn as: they stay true, or go."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.circles import NOTE, ROUND_M, circle_note, circle_of, noted_circle
from layers.changes import Change, ChangeSet
from layers.column import ObjectArray
from layers.packed_changes import PackedChanges


def with_arc_notes(changes: ChangeSet) -> ChangeSet:
    """Return an edit together with what it makes of the notes of circles and arcs.

    Where the shape is still round, radius and centre are those it has now; where it is no longer, the note
    goes. Words that somebody wrote are left alone.
    """
    made = [new for change in _noted(changes) if (new := _renoted(change)) is not None]
    return changes.then(ChangeSet.of(made)) if made else changes


def _noted(changes: ChangeSet) -> Iterator[Change]:
    """Yield the changes that may have such a note."""
    packed = PackedChanges.of(changes.features)
    yield from packed.others.values()
    for name, table in packed.come.items():
        if (notes := table.columns.get(NOTE)) is not None:
            rows = np.flatnonzero(notes.mapped(_are_written, bool))
            yield from (Change(name, None, feature) for feature in table.features(rows))


def _are_written(notes: ObjectArray) -> NDArray[np.bool_]:
    return np.fromiter((noted_circle(note) is not None for note in notes), bool, len(notes))


def _renoted(change: Change) -> Change | None:
    before, after = change.before, change.after
    if after is None or after.geometry is None or (before is not None and before.geometry is after.geometry):
        return None
    noted = noted_circle(after.attributes.get(NOTE))
    if noted is None:
        return None
    found = circle_of(after.geometry)
    if found is not None:
        now, then = ((radius, *centre) for centre, radius in (found, noted))
        if max(abs(a - b) for a, b in zip(now, then, strict=True)) <= ROUND_M:
            return None
    note = None if found is None else circle_note(*found)
    return Change(change.layer, after, after.with_attributes(**{NOTE: note}))
