"""Whether the layer tables hold what the versions say they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import apsw

from gis.store.columns import as_bytes
from gis.store.geopackage import quoted
from gis.store.layer_tables import column_types
from gis.store.rows import LayerTable, Version, encode, features_of, row_hash, schema_hasher, schemas
from layers.feature import Feature


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


def mismatches(db: apsw.Connection, layer: LayerTable) -> list[Mismatch]:
    """Compare every row of a layer with its version.

    Left out are rows that another program edited, and features whose version is itself damaged.
    """
    present = column_types(db, layer.table)
    if not {"fid", "geom", "uid", *layer.names} <= present.keys():
        return []
    # Text is read as bytes: damaged text is no Unicode and could not be read at all.
    values = "".join(f", {as_bytes(name)}" for name in ("uid", *layer.names))
    rows: dict[Any, Any] = {
        row[0]: row[1:] for row in db.execute(f"SELECT fid, geom{values} FROM {quoted(layer.table)}")
    }
    edited = {row[0] for row in db.execute("SELECT fid FROM pb_dirty WHERE layer_id = ?", (layer.id,))}
    heads = {row[0] for row in db.execute("SELECT fid FROM pb_head WHERE layer_id = ?", (layer.id,))}
    found = [Mismatch(fid, None, None, None, there=True) for fid in rows.keys() - heads - edited]
    for one in _expected(db, layer):
        row = rows.get(one.fid)
        wanted = (one.blob, *_bytes_of((one.uid, *one.stored)))
        if one.fid not in edited and row != wanted:
            found.append(replace(one, there=row is not None))
    return found


def _bytes_of(values: Iterable[object]) -> tuple[object, ...]:
    return tuple(v.encode() if isinstance(v, str) else v for v in values)


def _expected(db: apsw.Connection, layer: LayerTable) -> list[Mismatch]:
    """Return what each row should hold, by the versions that match their hash."""
    names = schemas(db)
    starts = {number: schema_hasher(columns) for number, columns in names.items()}
    rows: Any = db.execute(
        "SELECT h.fid, h.feat_id, r.row_id, f.uid, r.schema_id, r.hash, r.geom, CAST(r.attrs AS BLOB),"
        " r.ancestors FROM pb_head h JOIN pb_feature f ON f.feat_id = h.feat_id"
        " JOIN pb_row r ON r.row_id = h.row_id"
        " WHERE h.layer_id = ?",
        (layer.id,),
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
