"""What each record of a file makes of the feature that it is: its values and its shape, as a change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.matching import Matches, same_key
from gis.exchange.placing import FindingList
from gis.exchange.sameness import rounding_m, same_places
from gis.exchange.source import Source
from gis.exchange.values import Fitted, fit
from layers.changes import Change
from layers.column import Column
from layers.feature import Feature, new_uid
from layers.layer import Layer
from layers.schema import Field, Value

IMPORTED: Final = "imported"
OWN: Final = frozenset(("uid", "fid", "ogc_fid"))
"""Columns that identify a record and say nothing about it."""

_CUT_BYTES: Final = 240
_MOST_KNOWN: Final = 4096
"""A column of more different values than this is no code list: remembering them all saves nothing."""
_BLOCK: Final = 2048


class _Filled:
    """A column of the file and the field it fills, if any; what stands there often is fitted once."""

    def __init__(self, name: str, values: Sequence[Value], target: Field | None) -> None:
        self.name, self.values, self.target = name, list(values), target
        self.tells = target is None and name.lower() not in OWN
        self._known: dict[tuple[type, Value], Fitted] = {}

    def fitted(self, field: Field, value: Value) -> Fitted:
        """Return a value as its field takes it."""
        key = (type(value), value)
        found = self._known.get(key)
        if found is None:
            found = fit(field, value)
            if len(self._known) < _MOST_KNOWN:
                self._known[key] = found
        return found


class RecordChanges:
    """Makes the changes of records, many together.

    Parameters
    ----------
    source : Source
    layer : Layer
    columns : sequence of (str, Field or None)
        The columns that come in, each with the field that it fills; the others are kept as JSON in
        `IMPORTED` where the layer has that field.
    matches : Matches
    findings : FindingList
        Takes what fits no field.
    """

    def __init__(
        self,
        source: Source,
        layer: Layer,
        columns: Sequence[tuple[str, Field | None]],
        matches: Matches,
        findings: FindingList,
    ) -> None:
        self._source, self._layer, self._matches, self._findings = source, layer, matches, findings
        self._columns = [_Filled(name, source.columns[name], target) for name, target in columns]
        self._defaults = layer.kind.defaults()
        self._keeps_rest = layer.kind.field(IMPORTED) is not None
        self._key = same_key(layer)
        is_update = any(uid is not None for uid in matches.uids) and source.shaped
        self._within_m = rounding_m(source) if is_update else 0.0

    def blocks(self, geometry: Column, coming: NDArray[np.intp]) -> Iterator[tuple[list[int], list[Change]]]:
        """Yield the positions of some thousand records after the other, and what each of these changes.

        Parameters
        ----------
        geometry : Column of shapely.Geometry or None, shape (n,)
            In the CRS of the project.
        coming : array of int
            Positions of the records that come in.
        """
        for start in range(0, len(coming), _BLOCK):
            at = coming[start : start + _BLOCK]
            yield at.tolist(), list(self._changes(geometry[at], at.tolist()))

    def _changes(self, shapes: NDArray[np.object_], at: Sequence[int]) -> Iterator[Change]:
        before = self._features([self._matches.uids[i] for i in at])
        old = np.array([*(f.geometry if f is not None else None for f in before), None], dtype=object)[:-1]
        shaped = self._source.shaped
        stays = same_places(old, shapes, self._within_m) if shaped else np.ones(len(at), dtype=bool)
        for i, feature, shape, is_same in zip(at, before, shapes, stays.tolist(), strict=True):
            yield self._change(i, feature, feature.geometry if feature is not None and is_same else shape)

    def _features(self, uids: Sequence[str | None]) -> list[Feature | None]:
        """Return what the layer has of some ids."""
        table = self._layer.table
        rows = [None if uid is None else table.index_of(uid) for uid in uids]
        there = table.features(np.array([row for row in rows if row is not None], dtype=np.intp))
        return [None if row is None else next(there) for row in rows]

    def _change(self, i: int, before: Feature | None, shape: shapely.Geometry | None) -> Change:
        old = before.attributes if before is not None else self._defaults
        values = self._values(i, old, known=before is not None)
        if before is None:
            uid = self._matches.uids[i] or new_uid()
            return Change(self._layer.id, None, Feature(uid, shape, {**old, **values}))
        if shape is before.geometry and all(_is_one(old.get(name), new) for name, new in values.items()):
            return Change(self._layer.id, before, before)
        after = Feature(before.uid, shape, {**old, **values}, before.ancestors)
        return Change(self._layer.id, before, after)

    def _values(self, i: int, old: Mapping[str, Value], *, known: bool) -> dict[str, Value]:
        values: dict[str, Value] = {}
        rest: dict[str, Value] = {}
        for column in self._columns:
            given, target = column.values[i], column.target
            if target is not None:
                before = old.get(target.name) if known else None
                values[target.name] = self._fitted(column, target, before, i, rest)
            elif given is not None and column.tells:
                rest[column.name] = given
        if rest and self._keeps_rest:
            values[IMPORTED] = _merged(values.get(IMPORTED, old.get(IMPORTED)), rest)
        return values

    def _fitted(self, column: _Filled, field: Field, old: Value, i: int, rest: dict[str, Value]) -> Value:
        """Return the value of a field. What does not fit, or an empty cell in a joined table, is none."""
        given = column.values[i]
        fitted = column.fitted(field, given)
        if fitted.problem:
            rest[column.name] = given
            record = self._source.records[i]
            self._findings.add("import.value", fitted.problem, "warning", record, column.name)
            return old
        new, key_field = fitted.value, self._matches.key_field
        if (new is None and key_field is not None) or self._is_same(field, old, new):
            return old
        if field.name == key_field and old is not None and self._key(old) == self._key(new):
            return old
        return new

    def _is_same(self, field: Field, old: Value, new: Value) -> bool:
        """Tell whether a file only writes the old value in its own way: empty, as a float, or cut."""
        if field.is_same(old, new) or (old == "" and new is None):
            return True
        if self._source.format != "Shapefile" or not isinstance(old, str) or not isinstance(new, str):
            return False
        return old.startswith(new) and len(new.encode()) >= _CUT_BYTES


def _is_one(old: Value, new: Value) -> bool:
    return old is new or (type(old) is type(new) and old == new)


def _merged(before: Value, rest: Mapping[str, Value]) -> str:
    """Return the JSON text of what was kept before and what is kept now."""
    try:
        kept = json.loads(str(before)) if before else {}
    except ValueError:
        kept = {"": before}
    kept = kept if isinstance(kept, dict) else {"": kept}
    return json.dumps({**kept, **rest}, ensure_ascii=False)
