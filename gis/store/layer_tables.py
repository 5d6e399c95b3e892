"""The feature tables: found, made, mended and read."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count, islice
from typing import Any, Final

import apsw
import numpy as np

from gis.store import blobs
from gis.store.columns import SQL_TYPES, as_bytes, plain_value, read_column
from gis.store.geopackage import add_column, create_feature_table, quoted
from gis.store.rows import LayerTable, ancestors_of, schema_columns, write_json
from gis.store.tables import watch
from layers.kind import Kind
from layers.kinds import standard_kinds
from layers.schema import Field
from layers.table import Table

_AT_ONCE: Final = 10_000


def create_layer(db: apsw.Connection, kind: Kind, srs_id: int, crs: str) -> LayerTable:
    """Create the empty feature table of a kind and everything that belongs to it."""
    columns = {f.name: SQL_TYPES[f.type] for f in kind.fields}
    table = _free_name(db, kind.name)
    create_feature_table(db, table, f"{kind.title.zh} {kind.title.en}", kind.geometry, columns, srs_id)
    db.execute(
        "INSERT INTO pb_layer(uuid, name, kind, table_name, geometry_column) VALUES (?,?,?,?,'geom')",
        (uuid.uuid4().hex, kind.name, kind.name, table),
    )
    layer_id = db.last_insert_rowid()
    schema_id = add_schema(db, layer_id, kind.fields, crs)
    watch(db, layer_id, table)
    if not kind.shown:
        db.execute("INSERT OR IGNORE INTO pb_setting VALUES (?, 'false')", (f"layer.{kind.name}.visible",))
    return LayerTable(layer_id, kind.name, table, kind, kind.fields, schema_id, srs_id)


def _free_name(db: apsw.Connection, name: str) -> str:
    """Return a table name that nobody uses: another program may have put a table of its own into the file."""
    taken = {row[0].casefold() for row in db.execute("SELECT name FROM sqlite_master")}
    numbered = (f"{name}_{n}" for n in count(2))
    return name if name.casefold() not in taken else next(n for n in numbered if n not in taken)


def add_schema(db: apsw.Connection, layer_id: int, fields: Sequence[Field], crs: str) -> int:
    """Note the fields of a layer in their order and return the number of that schema."""
    columns = [{"name": f.name, "type": f.type, "sql": SQL_TYPES[f.type]} for f in fields]
    db.execute(
        "INSERT INTO pb_schema(layer_id, columns, crs, fingerprint) VALUES (?,?,?,?)",
        (layer_id, write_json(columns), crs, fingerprint([(f.name, SQL_TYPES[f.type]) for f in fields])),
    )
    return db.last_insert_rowid()


def fingerprint(columns: Sequence[tuple[str, str]]) -> str:
    """Return a hash of column names and types, in any order."""
    return blake2b(write_json(sorted(columns)).encode(), digest_size=8).hexdigest()


def layer_tables(db: apsw.Connection) -> dict[str, LayerTable]:
    """Return the layers of the file that this program knows, with the newest schema each."""
    kinds = standard_kinds()
    rows: list[Any] = db.execute(
        "SELECT l.layer_id, l.name, l.kind, l.table_name, s.schema_id, s.columns FROM pb_layer l"
        " JOIN pb_schema s ON s.schema_id = (SELECT max(schema_id) FROM pb_schema WHERE"
        " layer_id = l.layer_id) ORDER BY l.layer_id"
    ).fetchall()
    # Not what stands beside the table: another program may have dropped or changed that.
    srs_id = int(db.execute("SELECT value FROM pb_meta WHERE key = 'srs_id'").get or 0)
    return {
        name: LayerTable(number, name, table, kinds[kind], _fields(kinds[kind], columns), schema_id, srs_id)
        for number, name, kind, table, schema_id, columns in rows
        if kind in kinds
    }


def _fields(kind: Kind, columns: object) -> tuple[Field, ...]:
    # A field that a later program dropped stays readable, so that old versions keep their hash.
    return tuple(
        kind.field(c["name"]) or Field(c["name"], kind.title, c["type"]) for c in schema_columns(columns)
    )


def extend_layers(db: apsw.Connection, tables: dict[str, LayerTable], crs: str, srs_id: int) -> bool:
    """Give an older file the layers and fields this program has since got; return whether it needed any."""
    changed = False
    for name, kind in standard_kinds().items():
        layer = tables.get(name)
        if layer is None:
            create_layer(db, kind, srs_id, crs)
            changed = True
        elif fresh := [f for f in kind.fields if f.name not in layer.names]:
            present = column_types(db, layer.table)
            for field in fresh:
                if field.name not in present:
                    add_column(db, layer.table, field, SQL_TYPES[field.type])
            add_schema(db, layer.id, (*layer.fields, *fresh), crs)
            changed = True
    return changed


def column_types(db: apsw.Connection, table: str) -> dict[str, str]:
    """Return the columns of a table with their declared types."""
    return {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({quoted(table)})")}


def read_table(db: apsw.Connection, layer: LayerTable) -> Table:
    """Read all features of a layer, exact.

    A file opened read-only may hold what another program left and nobody has
    taken over yet, or be older than a field: a missing field reads as None, a missing or doubled id as
    one made of the row number, an unreadable geometry as None.
    """
    present = column_types(db, layer.table)
    if not present:
        return Table.empty(f.name for f in layer.kind.fields)
    try:
        read = _Columns.of(_rows(db, layer, present, quoted), layer)
    except UnicodeDecodeError:
        read = _Columns.of(_rows(db, layer, present, as_bytes), layer)
    if not read.fids:
        return Table.empty(f.name for f in layer.kind.fields)
    missing = _array([None] * len(read.fids))
    filled = {name for name, parts in read.values.items() if any(part is not None for part in parts)}
    columns = {name: read.column(name) for name in filled}
    ids = _distinct(read.uids, read.fids)
    ancestors = _set_odd(db, layer, ids, columns, missing)
    ordered = {f.name: columns.get(f.name, missing) for f in layer.kind.fields}
    return Table(_array(ids), np.concatenate(read.shapes), ordered, ancestors)


@dataclass(frozen=True)
class _Columns:
    """What was read of a layer, some thousand rows at a time; a part without any value is None.

    All rows at once would be there twice, as rows and as columns; and most columns of a survey are empty.
    """

    fids: list[int]
    uids: list[object]
    shapes: list[np.ndarray]
    values: dict[str, list[np.ndarray | None]]

    @classmethod
    def of(cls, rows: Iterator[Any], layer: LayerTable) -> _Columns:
        read = cls([], [], [], {name: [] for name in layer.names})
        while part := list(islice(rows, _AT_ONCE)):
            fids, shapes, uids, *values = zip(*part, strict=True)
            read.fids.extend(fids)
            read.uids.extend(uids)
            read.shapes.append(blobs.from_blobs_leniently(shapes))
            for field, column in zip(layer.fields, values, strict=True):
                empty = column.count(None) == len(column)
                read.values[field.name].append(None if empty else _array(read_column(column, field.type)))
        return read

    def column(self, name: str) -> np.ndarray:
        """Return one column, shape (n,)."""
        parts = zip(self.values[name], self.shapes, strict=True)
        return np.concatenate([np.full(len(g), None) if part is None else part for part, g in parts])


def _rows(
    db: apsw.Connection, layer: LayerTable, present: Mapping[str, str], read_as: Callable[[str], str]
) -> Iterator[Any]:
    wanted = [read_as(name) if name in present else "NULL" for name in ("uid", *layer.names)]
    query = f"SELECT fid, geom, {', '.join(wanted)} FROM {quoted(layer.table)} ORDER BY fid"
    return iter(db.execute(query))


def _distinct(uids: Sequence[object], fids: Sequence[int]) -> Sequence[str]:
    uids = [plain_value(uid, boolean=False) if isinstance(uid, bytes) else uid for uid in uids]
    if len(set(uids)) == len(uids) and None not in uids:
        return uids  # type: ignore[return-value]
    seen: set[str] = set()
    result = []
    for uid, fid in zip(uids, fids, strict=True):
        name = uid if isinstance(uid, str) and uid not in seen else f"row-{fid}"
        seen.add(name)
        result.append(name)
    return result


def _set_odd(
    db: apsw.Connection,
    layer: LayerTable,
    uids: Sequence[str],
    columns: dict[str, np.ndarray],
    missing: np.ndarray,
) -> dict[str, tuple[str, ...]]:
    """Set the exact values of features of which the layer table does not say everything."""
    odd: list[Any] = db.execute(
        "SELECT f.uid, r.attrs, r.ancestors FROM pb_head h JOIN pb_row r ON r.row_id = h.row_id"
        " JOIN pb_feature f ON f.feat_id = h.feat_id WHERE h.odd AND h.layer_id = ?",
        (layer.id,),
    ).fetchall()
    if not odd:
        return {}
    place = {uid: i for i, uid in enumerate(uids)}
    for uid, text, _ in odd:
        if uid in place:
            for name, value in zip(layer.names, json.loads(text), strict=False):
                if value is not None and name not in columns:
                    columns[name] = missing.copy()
                if name in columns:
                    columns[name][place[uid]] = value
    return {uid: ancestors_of(text) for uid, _, text in odd if uid in place and text is not None}


def _array(items: Sequence[object]) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
