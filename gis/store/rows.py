"""Immutable versions of features: what ``pb_row`` holds and how it is hashed.

A version is the geometry blob, the attribute values as a JSON array in the
order of a schema, and a hash over both and the names of that schema. Exact for
every plain Python value; two versions are equal if their hashes are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import blake2b
from itertools import repeat
from typing import Any, Final, NamedTuple

import apsw
import numpy as np
import shapely

from gis.store.blobs import Blob, from_blobs, to_blobs
from gis.store.columns import plain_column, stored_column
from layers.errors import RefusedError
from layers.feature import Feature
from layers.kind import Kind
from layers.schema import Field, Value
from layers.text import Text

write_json: Callable[[object], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode


@dataclass(frozen=True)
class LayerTable:
    """Where a layer lives in the file.

    Parameters
    ----------
    id : int
        Number of the layer in the file.
    name : str
        Layer id in the program.
    table : str
        Name of the feature table; equal to `name` unless somebody renamed it.
    kind : Kind
    fields : tuple of Field
        In the order of the current schema of the file.
    schema_id, srs_id : int
    """

    id: int
    name: str
    table: str
    kind: Kind
    fields: tuple[Field, ...]
    schema_id: int
    srs_id: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Field names in schema order."""
        return tuple(f.name for f in self.fields)

    def hasher(self) -> blake2b:
        """Return the beginning of every row hash of this schema."""
        return schema_hasher(self.names)


def schema_hasher(names: Sequence[str]) -> blake2b:
    """Return a hasher that knows the field names."""
    return blake2b(write_json(list(names)).encode(), digest_size=16)


def row_hash(start: blake2b, blob: Blob, attributes: str, ancestors: str | None = None) -> bytes:
    """Return the hash of one version; without ancestors it is that of a file that knew none."""
    hasher = start.copy()
    # The length keeps geometry and attributes apart; a missing geometry is not an empty one.
    shape = b"-" if blob is None else b"%d:%b" % (len(blob), blob)
    hasher.update(shape + attributes.encode())
    if ancestors is not None:
        hasher.update(b"\0" + ancestors.encode())
    return hasher.digest()


@dataclass(frozen=True)
class Encoded:
    """Features as they go into the file, column by column, all of one length.

    Parameters
    ----------
    features : list of Feature
        With plain values, as they will be read again.
    blobs, texts, hashes
        Geometry, attributes as JSON, hash of both.
    stored : list of tuple
        Attribute values for the layer table.
    odd : set of int
        Rows of which `stored` does not say everything exactly.
    bounds : array, shape (n, 4)
    ancestors : list of str or None
        Ids of ancestors as JSON; None without any.
    """

    features: list[Feature]
    blobs: list[Blob]
    texts: list[str]
    hashes: list[bytes]
    stored: list[tuple[Value, ...]]
    odd: set[int]
    bounds: np.ndarray
    ancestors: list[str | None]

    @property
    def type_ids(self) -> set[int]:
        """Shapely type numbers that occur."""
        shapes = _array([f.geometry for f in self.features])
        return set(shapely.get_type_id(shapes).tolist()) - {-1}

    @property
    def dimensions(self) -> tuple[bool, bool]:
        """Whether any geometry has Z, and any has M."""
        shapes = _array([f.geometry for f in self.features])
        return bool(shapely.has_z(shapes).any()), bool(shapely.has_m(shapes).any())


def encode(layer: LayerTable, features: Sequence[Feature]) -> Encoded:
    """Encode features of one layer.

    Raises
    ------
    RefusedError
        If a value cannot be kept exactly (no plain type, no finite number), or
        an attribute is no field of the layer.
    """
    features, rows, columns = _plain(layer, features)
    odd: set[int] = set()
    stored = [stored_column(c, f, odd) for c, f in zip(columns, layer.fields, strict=True)]
    blobs, bounds = to_blobs([f.geometry for f in features], layer.srs_id)
    try:
        texts = [write_json(row) for row in rows]
        ancestors = [write_json(f.ancestors) if f.ancestors else None for f in features]
        start = layer.hasher()
        hashes = [row_hash(start, b, t, a) for b, t, a in zip(blobs, texts, ancestors, strict=True)]
    except UnicodeEncodeError as error:
        raise RefusedError(
            Text("文字中含有无效字符，不能保存。", "A text holds characters that cannot be kept."),
            code="value.kind",
        ) from error
    listed: list[tuple[Value, ...]] = list(zip(*stored, strict=True)) if stored else [()] * len(features)
    odd.update(i for i, text in enumerate(ancestors) if text is not None)
    return Encoded(list(features), blobs, texts, hashes, listed, odd, bounds, ancestors)


def _plain(
    layer: LayerTable, features: Sequence[Feature]
) -> tuple[Sequence[Feature], list[tuple[Value, ...]], list[Sequence[Value]]]:
    names, known = layer.names, set(layer.names)
    for feature in features:
        if not known.issuperset(feature.attributes):
            raise unknown_field(layer, sorted(set(feature.attributes) - known)[0])
    columns = [[f.attributes.get(name) for f in features] for name in names]
    plained = [plain_column(c) for c in columns]
    rows: list[tuple[Value, ...]] = list(zip(*plained, strict=True)) if names else [()] * len(features)
    if any(p is not c and _differ(p, c) for p, c in zip(plained, columns, strict=True)):
        features = [
            replace(f, attributes=dict(zip(names, row, strict=True)))
            for f, row in zip(features, rows, strict=True)
        ]
    return features, rows, plained


def _differ(first: Sequence[object], second: Sequence[object]) -> bool:
    return any(a is not b for a, b in zip(first, second, strict=True))


def unknown_field(layer: LayerTable, name: str) -> RefusedError:
    """Return the error that a layer has no such field."""
    return RefusedError(
        Text("图层“{layer}”没有字段“{field}”。", "Layer “{layer}” has no field “{field}”.").format(
            layer=layer.kind.title, field=name
        ),
        code="field.unknown",
    )


class Version(NamedTuple):
    """One row of ``pb_row`` with the layer and id of its feature."""

    row_id: int
    layer_id: int
    uid: str
    schema_id: int
    hash: bytes
    geom: Blob
    attrs: str
    ancestors: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it holds what a version may hold: damage can make a number of a text."""
        return (
            isinstance(self.attrs, str)
            and isinstance(self.geom, bytes | None)
            and isinstance(self.ancestors, str | None)
        )


_AT_ONCE: Final = 4096
# One statement for all numbers, as JSON: a third of the time of asking for each.
_SELECT: Final = (
    "SELECT r.row_id, f.layer_id, f.uid, r.schema_id, r.hash, r.geom, r.attrs, r.ancestors"
    " FROM json_each(?) j CROSS JOIN pb_row r ON r.row_id = j.value"
    " CROSS JOIN pb_feature f ON f.feat_id = r.feat_id"
)


def load_versions(db: apsw.Connection, row_ids: Iterable[int]) -> dict[int, Version]:
    """Read versions by number.

    Raises
    ------
    apsw.CorruptError
        If one is missing: nothing ever removes any.
    """
    wanted = sorted(set(row_ids))
    rows: Any = db.execute(_SELECT, (write_json(wanted),))
    make = partial(tuple.__new__, Version)  # a quarter of the time of Version(*row)
    found = {row[0]: make(row) for row in rows}
    if len(found) != len(wanted):
        raise apsw.CorruptError(f"{len(wanted) - len(found)} versions of features are missing")
    return found


def load_hashes(db: apsw.Connection, row_ids: Iterable[int]) -> dict[int, bytes]:
    """Read the hashes of versions by number."""
    rows: Any = db.execute(
        "SELECT r.row_id, r.hash FROM json_each(?) j CROSS JOIN pb_row r ON r.row_id = j.value",
        (write_json(sorted(set(row_ids))),),
    )
    return dict(rows)


def schemas(db: apsw.Connection) -> dict[int, tuple[str, ...]]:
    """Return the field names of every schema by number."""
    rows: Any = db.execute("SELECT schema_id, columns FROM pb_schema")
    return {number: tuple(c["name"] for c in schema_columns(text)) for number, text in rows}


def schema_columns(text: object) -> list[dict[str, Any]]:
    """Return the columns that a stored schema lists: name, type.

    Raises
    ------
    json.JSONDecodeError
        If it is damaged.
    """
    found: Any = json.loads(text) if isinstance(text, str) else None
    listed: list[Any] = found if isinstance(found, list) else [None]
    if not all(isinstance(c, dict) and {"name", "type"} <= c.keys() for c in listed):
        raise json.JSONDecodeError("a list of columns was expected", str(text), 0)
    return listed


def features_of(versions: Sequence[Version], names_of: Mapping[int, tuple[str, ...]]) -> list[Feature]:
    """Decode versions into features, in order."""
    shapes = from_blobs([v.geom for v in versions])
    values = _values(versions)
    return [
        Feature(v.uid, shape, dict(zip(names_of[v.schema_id], row, strict=True)), ancestors_of(v.ancestors))
        for v, shape, row in zip(versions, shapes, values, strict=True)
    ]


def _values(versions: Sequence[Version]) -> list[list[Value]]:
    """Decode the attributes of versions, not all at once: other threads wait while a text is decoded."""
    values: list[list[Value]] = []
    for start in range(0, len(versions), _AT_ONCE):
        some = versions[start : start + _AT_ONCE]
        values += json.loads("[" + ",".join(v.attrs for v in some) + "]")
    return values


def ancestors_of(text: str | None) -> tuple[str, ...]:
    """Return the ids that a stored text lists."""
    return () if text is None else tuple(json.loads(text))


def add_versions(
    db: apsw.Connection, layer: LayerTable, feat_ids: Sequence[int], encoded: Encoded, chosen: Sequence[int]
) -> list[int]:
    """Add new versions of the chosen rows of `encoded` and return their numbers."""
    first = (db.execute("SELECT max(row_id) FROM pb_row").get or 0) + 1
    numbers = list(range(first, first + len(chosen)))
    db.executemany(
        "INSERT INTO pb_row(row_id, feat_id, schema_id, hash, geom, attrs, ancestors) VALUES (?,?,?,?,?,?,?)",
        zip(
            numbers,
            feat_ids,
            repeat(layer.schema_id),
            (encoded.hashes[i] for i in chosen),
            (encoded.blobs[i] for i in chosen),
            (encoded.texts[i] for i in chosen),
            (encoded.ancestors[i] for i in chosen),
            strict=False,
        ),
    )
    return numbers


def _array(items: Sequence[object]) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
