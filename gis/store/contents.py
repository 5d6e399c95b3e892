"""The content of many versions at once, column by column: proven first, then decoded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import Any, Final

import apsw
import numpy as np

from gis.store.blobs import Blob
from gis.store.outlines import shape_blocks
from gis.store.rows import LayerTable, Version, ancestors_of, features_of, schema_hasher
from layers.column import BLOCK, Block, Column, Plain, objects
from layers.ids import Ids
from layers.packed_shapes import Ints, pack_shapes
from layers.packed_values import Same, pack_values, value_blocks
from layers.table import Table

_AT_ONCE: Final = 4096
# Damage can make anything of a value, so all of it is read as bytes.
_VERSIONS: Final = (
    "SELECT r.feat_id, r.schema_id, CAST(r.geom AS BLOB), ifnull(CAST(r.attrs AS BLOB), x''),"
    " CAST(r.ancestors AS BLOB) FROM carray(?) j CROSS JOIN pb_row r ON r.row_id = j.value"
)
_FEATURES: Final = (
    "SELECT f.layer_id, ifnull(CAST(f.uid AS TEXT), '') FROM carray(?) j"
    " CROSS JOIN pb_feature f ON f.feat_id = j.value"
)


@dataclass(frozen=True)
class Contents:
    """Versions of one layer, column by column, in the order of their features.

    Parameters
    ----------
    texts : sequence of bytes
        Attribute values as JSON.
    ancestors : sequence of bytes or None
    """

    uids: Sequence[str]
    schema_ids: Sequence[int]
    blobs: Sequence[Blob]
    texts: Sequence[bytes]
    ancestors: Sequence[bytes | None]

    def hashes(self, names_of: Mapping[int, tuple[str, ...]]) -> list[bytes]:
        """Hash the content anew, as `gis.store.rows.row_hash` does: a stored hash would not notice damage.

        A version of an unknown schema gets the hash of nothing, which no version has.
        """
        starts = {number: schema_hasher(names) for number, names in names_of.items()}
        columns = zip(self.schema_ids, self.blobs, self.texts, self.ancestors, strict=True)
        return [
            _hash(starts[schema], blob, text, ancestors) if schema in starts else bytes(16)
            for schema, blob, text, ancestors in columns
        ]

    @property
    def is_plain(self) -> bool:
        """Whether values can only be what a field can hold: damage can make a list of a text."""
        for start in range(0, len(self.texts), _AT_ONCE):
            part = self.texts[start : start + _AT_ONCE]
            texts = b"\n".join(part)
            if b"{" in texts or texts.count(b"[") != len(part):
                return False
        return True

    def table(self, layer: LayerTable, names_of: Mapping[int, tuple[str, ...]]) -> Table:
        """Decode into a table."""
        if len(set(self.schema_ids)) != 1:
            return self._feature_by_feature(layer, names_of)
        names = names_of[self.schema_ids[0]]
        values: dict[str, list[Block]] = {name: [] for name in names}
        shapes: list[Block] = []
        few = len(self.uids) < BLOCK // 2
        for start in range(0, len(self.uids), _AT_ONCE):  # other threads wait while a text is decoded
            part = slice(start, start + _AT_ONCE)
            columns = zip(*json.loads(b"[" + b",".join(self.texts[part]) + b"]"), strict=True)
            for name, column in zip(names, columns, strict=True):
                blocks = values[name]
                if few:
                    blocks.append(Plain(objects(column)))
                else:
                    blocks.extend(value_blocks(column, before=blocks[-1] if blocks else None))
            shapes += shape_blocks(self.blobs[part], few=few)
        missing = Column([Same(None, len(self.uids))], pack_values)
        known = {f.name for f in layer.kind.fields} & set(names)
        return Table(
            Ids(self.uids),
            Column(shapes, pack_shapes),
            {
                f.name: Column(values[f.name], pack_values) if f.name in known else missing
                for f in layer.kind.fields
            },
            {
                u: ancestors_of(a.decode())
                for u, a in zip(self.uids, self.ancestors, strict=True)
                if a is not None
            },
        )

    def _feature_by_feature(self, layer: LayerTable, names_of: Mapping[int, tuple[str, ...]]) -> Table:
        columns = zip(self.uids, self.schema_ids, self.blobs, self.texts, self.ancestors, strict=True)
        versions = [
            Version(0, layer.id, uid, schema, b"", blob, text.decode(), None if a is None else a.decode())
            for uid, schema, blob, text, a in columns
        ]
        names = [f.name for f in layer.kind.fields]
        known = set(names)
        features = [
            replace(f, attributes={n: v for n, v in f.attributes.items() if n in known})
            for f in features_of(versions, names_of)
        ]
        return Table.from_features(features, names)


def tables_of(
    contents: Mapping[int, Contents],
    layers: Mapping[str, LayerTable],
    names_of: Mapping[int, tuple[str, ...]],
) -> dict[str, Table]:
    """Decode the contents of layers, by layer id; a layer without any is empty."""
    return {
        name: contents[layer.id].table(layer, names_of)
        if layer.id in contents
        else Table.empty(f.name for f in layer.kind.fields)
        for name, layer in layers.items()
    }


def _hash(start: blake2b, blob: Blob, text: bytes, ancestors: bytes | None) -> bytes:
    hasher = start.copy()
    hasher.update(b"-" + text if blob is None else b"%d:%b%b" % (len(blob), blob, text))
    if ancestors is not None:
        hasher.update(b"\0" + ancestors)
    return hasher.digest()


def load_contents(db: apsw.Connection, row_ids: Ints) -> dict[int, Contents]:
    """Read versions by number; return those of each layer.

    Raises
    ------
    apsw.CorruptError
        If one is missing: nothing ever removes any.
    """
    wanted = np.sort(row_ids)
    wanted = wanted[np.append(wanted[1:] != wanted[:-1], True)] if len(wanted) else wanted
    # Versions and features are each read in the order they lie in the file, which differs ever more.
    if not (read := _asked(db, _VERSIONS, wanted)):
        return {}
    numbers, *columns = read
    if set(map(type, numbers)) != {int}:
        raise apsw.CorruptError("a version belongs to no feature")
    feat_ids = np.array(numbers, dtype=np.int64)
    order = np.argsort(feat_ids, kind="stable")
    features = _asked(db, _FEATURES, feat_ids[order])
    if not features or not len(features[0]) == len(numbers) == len(wanted):
        raise apsw.CorruptError("versions of features are missing")
    layer_ids, uids = map(objects, features)
    versions = [objects(column)[order] for column in columns]
    return {
        layer_id: Contents(*(column[here].tolist() for column in (uids, *versions)))
        for layer_id in dict.fromkeys(layer_ids)
        for here in [layer_ids == layer_id]
    }


def _asked(db: apsw.Connection, query: str, numbers: Ints) -> list[list[Any]]:
    """Return the columns of the answer for an array of numbers, which SQLite reads where it lies.

    Some rows at a time are turned into columns: other threads wait meanwhile.
    """
    rows = iter(db.execute(query, (apsw.carray(numbers),))) if len(numbers) else iter(())
    columns: list[list[Any]] = []
    while part := list(islice(rows, _AT_ONCE)):
        more = zip(*part, strict=True)
        columns = columns or [[] for _ in part[0]]
        for column, values in zip(columns, more, strict=True):
            column.extend(values)
    return columns
