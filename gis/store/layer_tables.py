"""The feature tables: found, made, mended and read."""

from __future__ import annotations

import json
import uuid
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import count, islice
from typing import Any, Final

import apsw

from gis.store.blobs import from_blobs_leniently
from gis.store.columns import SQL_TYPES, as_bytes, plain_value, read_column
from gis.store.geopackage import add_column, create_feature_table, quoted
from gis.store.outlines import shape_blocks
from gis.store.rows import LayerTable, ancestors_of, schema_columns, write_json
from gis.store.tables import watch
from layers.column import BLOCK, Block, Column, Plain, objects
from layers.ids import Ids
from layers.kind import Kind
from layers.kinds import standard_kinds
from layers.packed_shapes import pack_shapes
from layers.packed_values import Same, pack_values, value_blocks
from layers.schema import Field
from layers.table import Table

_AT_ONCE: Final = 4 * BLOCK


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
    columns = read.columns()
    ids = _ids(read)
    ancestors = _set_odd(db, layer, ids, columns)
    missing = Column([Same(None, len(read.fids))], pack_values)
    ordered = {f.name: columns.get(f.name, missing) for f in layer.kind.fields}
    return Table(ids, Column(read.shapes, pack_shapes), ordered, ancestors)


@dataclass(frozen=True)
class _Columns:
    """What was read of a layer, some thousand rows at a time, packed at once; most columns are empty.

    All rows at once would be there twice, as rows and as columns, and each value as an object.
    """

    fids: array[int]
    uids: list[Ids]
    shapes: list[Block]
    values: dict[str, list[Block]]

    @classmethod
    def of(cls, rows: Iterator[Any], layer: LayerTable) -> _Columns:
        read = cls(array("q"), [], [], {name: [] for name in layer.names})
        while part := list(islice(rows, _AT_ONCE)):
            few = not read.fids and len(part) < BLOCK // 2
            fids, shapes, uids, *values = zip(*part, strict=True)
            read.fids.extend(fids)
            read.uids.append(Ids(uids))
            read.shapes.extend(shape_blocks(shapes, from_blobs_leniently, few=few))
            for field, column in zip(layer.fields, values, strict=True):
                blocks = read.values[field.name]
                exact = partial(read_column, kind=field.type)
                if column[0] is None and column.count(None) == len(column):
                    blocks.append(Same(None, len(column)))
                elif few:
                    blocks.append(Plain(objects(exact(column))))
                else:
                    blocks.extend(value_blocks(column, exact, blocks[-1] if blocks else None))
        return read

    def columns(self) -> dict[str, Column]:
        """Return the columns that hold anything, by field name."""
        filled = {n: b for n, b in self.values.items() if not all(_is_empty(one) for one in b)}
        return {name: Column(blocks, pack_values) for name, blocks in filled.items()}


def _rows(
    db: apsw.Connection, layer: LayerTable, present: Mapping[str, str], read_as: Callable[[str], str]
) -> Iterator[Any]:
    wanted = [read_as(name) if name in present else "NULL" for name in ("uid", *layer.names)]
    query = f"SELECT fid, geom, {', '.join(wanted)} FROM {quoted(layer.table)} ORDER BY fid"
    return iter(db.execute(query))


def _is_empty(block: Block) -> bool:
    return isinstance(block, Same) and block.value is None


def _ids(read: _Columns) -> Ids:
    """Return the ids of all rows: a missing or doubled one is made of the row number."""
    ids = Ids.joined(read.uids)
    return ids if ids.differ() else Ids(_distinct(ids.tolist(), read.fids))


def _distinct(uids: Sequence[object], fids: Sequence[int]) -> Sequence[str]:
    uids = [plain_value(uid, boolean=False) if isinstance(uid, bytes) else uid for uid in uids]
    seen: set[str] = set()
    result = []
    for uid, fid in zip(uids, fids, strict=True):
        name = uid if isinstance(uid, str) and uid not in seen else f"row-{fid}"
        seen.add(name)
        result.append(name)
    return result


def _set_odd(
    db: apsw.Connection, layer: LayerTable, ids: Ids, columns: dict[str, Column]
) -> dict[str, tuple[str, ...]]:
    """Set the exact values of features of which the layer table does not say everything."""
    odd: list[Any] = db.execute(
        "SELECT f.uid, r.attrs, r.ancestors FROM pb_head h JOIN pb_row r ON r.row_id = h.row_id"
        " JOIN pb_feature f ON f.feat_id = h.feat_id WHERE h.odd AND h.layer_id = ?",
        (layer.id,),
    ).fetchall()
    changed: dict[str, dict[int, object]] = {}
    ancestors = {}
    for uid, attributes, text in odd:
        row = ids.row_of(uid)
        if row is None:
            continue
        for name, value in zip(layer.names, json.loads(attributes), strict=False):
            if value is not None or name in columns:
                changed.setdefault(name, {})[row] = value
        if text is not None:
            ancestors[uid] = ancestors_of(text)
    for name, values in changed.items():
        column = columns.get(name) or Column([Same(None, len(ids))], pack_values)
        columns[name] = column.patched(values, [], [])
    return ancestors
