"""Making a table of very many features, of which only some thousands exist as objects at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from layers.column import BLOCK, Block, Column, objects
from layers.feature import Feature
from layers.ids import Ids
from layers.packed_shapes import pack_shapes
from layers.packed_values import pack_values
from layers.table import Table


class TableBuilder:
    """Takes features in the order of rows and packs them block by block.

    Parameters
    ----------
    names : iterable of str
        The columns; attributes besides are refused.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(names)
        self._waiting: list[Feature] = []
        self._ids: list[Ids] = []
        self._shapes: list[Block] = []
        self._columns: dict[str, list[Block]] = {name: [] for name in self._names}
        self._ancestors: dict[str, tuple[str, ...]] = {}

    def add(self, features: Sequence[Feature]) -> None:
        """Add rows.

        Raises
        ------
        KeyError
            If a feature has an attribute that is no column.
        """
        for feature in features:
            if not feature.attributes.keys() <= self._columns.keys():
                extra = sorted(feature.attributes.keys() - self._columns.keys())
                raise KeyError(f"unknown attributes {extra} on feature {feature.uid}")
        self._waiting += features
        while len(self._waiting) >= BLOCK:
            self._pack(self._waiting[:BLOCK])
            del self._waiting[:BLOCK]

    def table(self) -> Table:
        """Return what was added; a short table keeps its features as objects."""
        rest = Table.from_features(self._waiting, self._names)
        if not self._ids:
            return rest
        packed = Table(
            Ids.joined(self._ids),
            Column(self._shapes, pack_shapes),
            {name: Column(blocks, pack_values) for name, blocks in self._columns.items()},
            self._ancestors,
        )
        return Table.joined([packed, rest]) if len(rest) else packed

    def _pack(self, features: Sequence[Feature]) -> None:
        self._ids.append(Ids([f.uid for f in features]))
        self._shapes.append(pack_shapes(objects([f.geometry for f in features])))
        for name, blocks in self._columns.items():
            blocks.append(pack_values(objects([f.attributes.get(name) for f in features])))
        self._ancestors.update({f.uid: f.ancestors for f in features if f.ancestors})
