"""What becomes of the records of a file while it is worked out: new features packed, others one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from layers.changes import Change, ChangeSet, Key
from layers.errors import Finding
from layers.layer import Layer
from layers.packed_changes import PackedChanges
from layers.table import Table
from layers.table_builder import TableBuilder


class Outcome:
    """Takes the changes of records, some thousand at a time, and keeps of each only what is needed.

    Parameters
    ----------
    layer : Layer
    records : sequence of int
        Numbers of the records in the file, by position.
    findings : sequence of Finding
        It may grow meanwhile: what is found about a record is there before its change is taken.
    told : iterable of Finding
        What is said of records besides.
    compares : bool
        Whether it will be asked which features no record met.
    """

    def __init__(
        self,
        layer: Layer,
        records: Sequence[int],
        findings: Sequence[Finding],
        told: Iterable[Finding],
        *,
        compares: bool,
    ) -> None:
        self._layer, self._records, self._findings, self._seen = layer, records, findings, 0
        self._told = {f.record for f in told}
        self._compares = compares
        self._fresh = TableBuilder(layer.table.columns)
        self._changed: list[Change] = []
        self.added = self.updated = self.unchanged = 0
        self.met: set[str] = set()
        self.places: dict[int, tuple[float, float]] = {}

    @property
    def taken(self) -> int:
        """How many records came in or are in the plan just so."""
        return self.added + self.updated + self.unchanged

    def take(self, at: Sequence[int], changes: Sequence[Change]) -> None:
        """Take the changes of the records at some positions; one that changes nothing counts as unchanged."""
        fresh = [c.after for c in changes if c.before is None and c.after is not None]
        known = [c for c in changes if c.before is not None]
        changed = [c for c in known if c.before != c.after]
        self._fresh.add(fresh)
        self._changed += changed
        self.added += len(fresh)
        self.updated += len(changed)
        self.unchanged += len(known) - len(changed)
        if self._compares:
            self.met.update(change.uid for change in changes)
        self._note_places(at, changes)

    def table(self) -> Table:
        """Return the new features."""
        return self._fresh.table()

    def changes(self, fresh: Table, removed: Iterable[Change]) -> ChangeSet:
        """Return all changes together.

        Parameters
        ----------
        fresh : Table
            What `table` returned.
        removed : iterable of Change
            What goes besides.
        """
        others: Mapping[Key, Change] = ChangeSet.of([*self._changed, *removed]).features
        return ChangeSet(PackedChanges({self._layer.id: fresh}, others=others))

    def _note_places(self, at: Sequence[int], changes: Sequence[Change]) -> None:
        """Note where records lie that something is said about."""
        self._told.update(f.record for f in self._findings[self._seen :])
        self._seen = len(self._findings)
        if self._told <= {None}:
            return
        for i, change in zip(at, changes, strict=True):
            record, after = self._records[i], change.after
            if record in self._told and after is not None and after.geometry is not None:
                point = after.geometry.representative_point()
                self.places[record] = (round(point.x, 3), round(point.y, 3))


def lying_on(fresh: Table, table: Table) -> int:
    """Return how many new features have the very box of one that a table holds, to the centimetre."""
    known = set(map(tuple, np.round(_boxes(table), 2).tolist()))
    return sum(tuple(box) in known for box in np.round(_boxes(fresh), 2).tolist()) if known else 0


def _boxes(table: Table) -> np.ndarray:
    """Return the boxes of the features that have one."""
    boxes = np.asarray(table.bounds)
    return boxes[~np.isnan(boxes[:, 0])]
