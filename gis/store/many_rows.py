"""Features by the thousand on their way into the file: encoded some at a time, while they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gis.store.columns import plain_column
from gis.store.layer_writer import UNCODED, LayerEdit
from gis.store.rows import LayerTable, encode, unknown_field
from layers.changes import Change, Key
from layers.column import Block, Column, objects
from layers.packed_values import pack_values
from layers.table import Table

_AT_ONCE: Final = 4096
"""Encoded together: as blobs, texts and hashes they take ten megabytes."""


@dataclass(frozen=True)
class ManyRows:
    """Some features that come or go together.

    Parameters
    ----------
    layer : LayerTable
    table : Table
        With the very values that will be read again.
    start : int
        The first of at most `_AT_ONCE` rows of the table.
    comes : bool
        Whether they are new; else they go.
    expected : mapping of Key to int
        Versions that the file must hold of features that go.
    """

    layer: LayerTable
    table: Table
    start: int
    comes: bool
    expected: Mapping[Key, int]

    def encoded(self) -> LayerEdit:
        """Encode them.

        Raises
        ------
        RefusedError
            If a value cannot be kept.
        """
        rows = np.arange(self.start, min(self.start + _AT_ONCE, len(self.table)))
        features = self.table.features(rows)
        if self.comes:
            return encoded_edit(self.layer, [Change(self.layer.name, None, f) for f in features], {})
        return encoded_edit(self.layer, [Change(self.layer.name, f, None) for f in features], self.expected)


def in_pieces(
    layer: LayerTable, table: Table | None, expected: Mapping[Key, int], *, comes: bool
) -> Iterator[ManyRows]:
    """Yield the rows of a table, so many at a time as are encoded together."""
    for start in range(0, len(table) if table is not None else 0, _AT_ONCE):
        assert table is not None
        yield ManyRows(layer, table, start, comes, expected)


def encoded_edit(layer: LayerTable, changed: Sequence[Change], expected: Mapping[Key, int]) -> LayerEdit:
    """Encode changes of one layer.

    Parameters
    ----------
    expected : mapping of Key to int
        Versions that the file must hold of features that go. Nothing else of these is compared.

    Raises
    ------
    RefusedError
        If a value cannot be kept.
    """
    versions = {c.uid: expected[c.key] for c in changed if c.after is None and c.key in expected}
    befores = [c.before for c in changed if c.uid not in versions]
    places = iter(_places(befores))
    old = [UNCODED if c.uid in versions else next(places) for c in changed]
    new = _places([c.after for c in changed])
    before = encode(layer, [feature for feature in befores if feature is not None])
    after = encode(layer, [c.after for c in changed if c.after is not None])
    return LayerEdit(layer, [c.uid for c in changed], old, new, before, after, versions)


def plain_table(layer: LayerTable, table: Table) -> Table:
    """Return a table with plain values, as they will be read again; the very same if they are.

    Raises
    ------
    RefusedError
        If a value cannot be kept, or a column is no field of the layer.
    """
    if extra := sorted(table.columns.keys() - set(layer.names)):
        raise unknown_field(layer, extra[0])
    columns = {name: _plain(column) for name, column in table.columns.items()}
    if all(columns[name] is column for name, column in table.columns.items()):
        return table
    return Table(table.uids, table.geometry, columns, table.ancestors)


def _plain(column: Column) -> Column:
    blocks = [_plain_block(block) for block in column.blocks]
    if all(new is old for new, old in zip(blocks, column.blocks, strict=True)):
        return column
    return Column(blocks, pack_values)


def _plain_block(block: Block) -> Block:
    coded = block.coded()
    values = list(coded[1]) if coded is not None else block.take(None).tolist()
    kept = plain_column(values)
    if all(new is old for new, old in zip(kept, values, strict=True)):
        return block
    return pack_values(objects(plain_column(block.take(None).tolist())))


def _places(sides: Sequence[object]) -> list[int | None]:
    places, count = list[int | None](), 0
    for side in sides:
        places.append(None if side is None else count)
        count += side is not None
    return places
