"""Whether the layer tables hold what the versions say they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import apsw

from gis.progress import Progress
from gis.store.columns import as_bytes
from gis.store.connection import reading
from gis.store.geopackage import quoted
from gis.store.layer_tables import column_types
from gis.store.rows import (
    LayerTable,
    Version,
    encode,
    features_of,
    row_hash,
    schema_hasher,
    schemas,
    write_json,
)
from gis.store.tables import is_watched
from gis.store.touched import different_rows
from gis.store.waiting import is_whole
from layers.feature import Feature

_LOOKED_AT: Final = 1_000
"""Rows of a layer that are looked at closely: where more are wrong, it is the same to tell."""


@dataclass(frozen=True)
class Mismatch:
    """A row of a layer table that is not its version, although nobody noted an edit.

    Parameters
    ----------
    fid : int
    feat_id, row_id : int or None
        None if no feature is known for the row.
    uid : str or None
    there : bool
        Whether the row is in the layer table at all.
    blob, stored
        What it should hold.
    """

    fid: int
    feat_id: int | None
    row_id: int | None
    uid: str | None
    there: bool
    blob: bytes | None = None
    stored: tuple[Any, ...] = ()


def count_unlike(
    db: apsw.Connection, tables: Mapping[str, LayerTable], progress: Progress | None = None
) -> dict[str, int]:
    """Count the features of each layer of which row and version differ; no layer without any.

    Beside others that write: every row is looked at quickly, some thousand at a time, and what is
    suspicious closely. A layer that nobody watches, or that lacks a column, is left out: another program was
    there.
    """
    watched = {n: layer for n, layer in tables.items() if is_watched(db, [layer.id]) and is_whole(db, layer)}
    suspicious = different_rows(db, watched, set(watched), progress or Progress())
    counts = {}
    for name, fids in suspicious.items():
        with reading(db):
            counts[name] = _unlike(db, tables[name], fids[:_LOOKED_AT])
    return {name: count for name, count in counts.items() if count}


def _unlike(db: apsw.Connection, layer: LayerTable, fids: Sequence[int]) -> int:
    """Count the rows that are not their version, and those whose version is itself damaged."""
    wanted = write_json(list(fids))
    known = {
        row[0]
        for row in db.execute(f"SELECT fid FROM pb_head WHERE layer_id = ? AND {_AMONG}", (layer.id, wanted))
    }
    edited = {row[0] for row in db.execute("SELECT fid FROM pb_dirty WHERE layer_id = ?", (layer.id,))}
    damaged = known - edited - {one.fid for one in _expected(db, layer, wanted)}
    return len(damaged) + sum(one.feat_id is not None for one in mismatches(db, layer, fids))


def mismatches(db: apsw.Connection, layer: LayerTable, fids: Sequence[int] | None = None) -> list[Mismatch]:
    """Compare every row of a layer, or some, with its version.

    Left out are rows that another program edited, and features whose version is itself damaged.
    """
    present = column_types(db, layer.table)
    if not {"fid", "geom", "uid", *layer.names} <= present.keys():
        return []
    # Text is read as bytes: damaged text is no Unicode and could not be read at all.
    values = "".join(f", {as_bytes(name)}" for name in ("uid", *layer.names))
    query = f"SELECT fid, geom{values} FROM {quoted(layer.table)}{'' if fids is None else ' WHERE ' + _AMONG}"
    wanted = None if fids is None else write_json(list(fids))
    rows: dict[Any, Any] = {r[0]: r[1:] for r in db.execute(query, () if wanted is None else (wanted,))}
    edited = {row[0] for row in db.execute("SELECT fid FROM pb_dirty WHERE layer_id = ?", (layer.id,))}
    heads = {row[0] for row in db.execute("SELECT fid FROM pb_head WHERE layer_id = ?", (layer.id,))}
    found = [Mismatch(fid, None, None, None, there=True) for fid in rows.keys() - heads - edited]
    for one in _expected(db, layer, wanted):
        row = rows.get(one.fid)
        expected = (one.blob, *_bytes_of((one.uid, *one.stored)))
        if one.fid not in edited and row != expected:
            found.append(replace(one, there=row is not None))
    return found


def _bytes_of(values: Iterable[object]) -> tuple[object, ...]:
    return tuple(v.encode() if isinstance(v, str) else v for v in values)


_AMONG: Final = "fid IN (SELECT value FROM json_each(?))"


def _expected(db: apsw.Connection, layer: LayerTable, wanted: str | None) -> list[Mismatch]:
    """Return what each row should hold, or those of a list, by the versions that match their hash."""
    names = schemas(db)
    starts = {number: schema_hasher(columns) for number, columns in names.items()}
    rows: Any = db.execute(
        "SELECT h.fid, h.feat_id, r.row_id, f.uid, r.schema_id, r.hash, r.geom, CAST(r.attrs AS BLOB),"
        " r.ancestors FROM pb_head h JOIN pb_feature f ON f.feat_id = h.feat_id"
        " JOIN pb_row r ON r.row_id = h.row_id"
        f" WHERE h.layer_id = ?{'' if wanted is None else ' AND ' + _AMONG}",
        (layer.id,) if wanted is None else (layer.id, wanted),
    )
    places, versions = [], []
    for fid, feat_id, row_id, uid, schema_id, digest, geom, raw, ancestors in rows:
        attrs = raw.decode("utf-8", "replace")
        if schema_id in starts and row_hash(starts[schema_id], geom, attrs, ancestors) == digest:
            places.append((fid, feat_id, row_id, uid))
            versions.append(Version(row_id, layer.id, uid, schema_id, digest, geom, attrs, ancestors))
    encoded = encode(layer, [_known_only(f, layer) for f in features_of(versions, names)])
    return [
        Mismatch(*place, there=True, blob=version.geom, stored=stored)
        for place, version, stored in zip(places, versions, encoded.stored, strict=True)
    ]


def _known_only(feature: Feature, layer: LayerTable) -> Feature:
    known = set(layer.names)
    return replace(feature, attributes={n: v for n, v in feature.attributes.items() if n in known})
