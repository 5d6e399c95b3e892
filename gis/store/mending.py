"""Puts tables, columns and triggers right that another program removed or renamed.

Nothing that was in the plan is lost by it: values of a removed field come back
from the versions kept in ``pb_row``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import apsw
import shapely

from gis.store.blobs import from_blobs_leniently
from gis.store.columns import SQL_TYPES, stored
from gis.store.geopackage import (
    GEOMETRY,
    add_column,
    create_feature_table,
    create_spatial_index,
    drop_spatial_index,
    index_triggers,
    is_registered,
    match_declared_type,
    quoted,
    register_features,
    unregister,
    widen_type,
)
from gis.store.layer_tables import column_types
from gis.store.rows import LayerTable
from gis.store.tables import create_seals, watch, watch_name
from layers.errors import Finding
from layers.text import Text


@dataclass
class Mended:
    """What was put right.

    Parameters
    ----------
    suspicious : set of str
        Layers of which every row must be compared: somebody worked past the triggers.
    findings : list of Finding
    renamed : bool
        Whether the layer tables must be looked up again.
    """

    suspicious: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    renamed: bool = False


def follow_renamed(db: apsw.Connection, tables: Mapping[str, LayerTable]) -> bool:
    """Find layer tables that were renamed; return whether there were any."""
    present = _names(db, "table")
    renamed = False
    for layer in tables.values():
        if layer.table in present:
            continue
        found = db.execute(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = ?",
            (watch_name(layer.id, "insert"),),
        ).get
        if found is not None:
            db.execute("UPDATE pb_layer SET table_name = ? WHERE layer_id = ?", (found, layer.id))
            unregister(db, layer.table)
            drop_spatial_index(db, layer.table)
            renamed = True
    return renamed


def mend(db: apsw.Connection, tables: Mapping[str, LayerTable], srs_id: int) -> Mended:
    """Put every layer right, inside the open transaction."""
    result = Mended()
    present, triggers = _names(db, "table"), _names(db, "trigger")
    for name, layer in tables.items():
        if layer.table not in present:
            _make_again(db, layer, srs_id)
            result.suspicious.add(name)
            result.findings.append(
                _finding(
                    layer,
                    "outside.table",
                    Text(
                        "图层“{layer}”的数据表被其他程序删除，已重建为空表；“撤销”可取回其中的对象。",
                        "The table of layer “{layer}” was removed by another program; it was"
                        " made again, empty."
                        " Undo brings the objects back.",
                    ),
                )
            )
        else:
            _mend_columns(db, layer, result)
        if any(watch_name(layer.id, verb) not in triggers for verb in ("insert", "update", "delete")):
            result.suspicious.add(name)
        watch(db, layer.id, layer.table)
        _mend_register(db, layer, srs_id)
        _mend_index(db, layer, triggers)
        _mend_crs(db, layer, srs_id, result)
        match_declared_type(db, layer.table)
    create_seals(db)
    return result


def _names(db: apsw.Connection, kind: str) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))}


def _make_again(db: apsw.Connection, layer: LayerTable, srs_id: int) -> None:
    drop_spatial_index(db, layer.table)
    columns = {f.name: SQL_TYPES[f.type] for f in layer.fields}
    create_feature_table(db, layer.table, _title(layer), layer.kind.geometry, columns, srs_id)


def _title(layer: LayerTable) -> str:
    return f"{layer.kind.title.zh} {layer.kind.title.en}"


def _mend_columns(db: apsw.Connection, layer: LayerTable, result: Mended) -> None:
    present = column_types(db, layer.table)
    if "uid" not in present:
        db.execute(f"ALTER TABLE {quoted(layer.table)} ADD COLUMN uid TEXT")
        db.execute(
            f"UPDATE {quoted(layer.table)} SET uid = (SELECT f.uid FROM pb_head h JOIN pb_feature f"
            f" ON f.feat_id = h.feat_id WHERE h.layer_id = ? AND h.fid = {quoted(layer.table)}.fid)",
            (layer.id,),
        )
        result.suspicious.add(layer.name)
    db.execute(f"CREATE INDEX IF NOT EXISTS {quoted('pb_uid_' + layer.table)} ON {quoted(layer.table)}(uid)")
    for place, lost in enumerate(layer.fields):
        if lost.name in present:
            continue
        add_column(db, layer.table, lost, SQL_TYPES[lost.type])
        values: list[Any] = db.execute(
            "SELECT h.fid, r.attrs FROM pb_head h JOIN pb_row r ON r.row_id = h.row_id WHERE h.layer_id = ?",
            (layer.id,),
        ).fetchall()
        db.executemany(
            f"UPDATE {quoted(layer.table)} SET {quoted(lost.name)} = ? WHERE fid = ?",
            [(stored(_at(json.loads(text), place), lost.type), fid) for fid, text in values],
        )
        result.suspicious.add(layer.name)
        result.findings.append(
            _finding(
                layer,
                "outside.field",
                Text(
                    "图层“{layer}”的字段“{field}”被其他程序删除或改名，已连同原值恢复。",
                    "Field “{field}” of layer “{layer}” was removed or renamed by another"
                    " program; it is back with its values.",
                ),
                field=lost.title,
            )
        )


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else None


def _mend_index(db: apsw.Connection, layer: LayerTable, triggers: set[str]) -> None:
    index = f"rtree_{layer.table}_{GEOMETRY}"
    if index in _names(db, "table") and all(name in triggers for name in index_triggers(layer.table)):
        return
    drop_spatial_index(db, layer.table)
    create_spatial_index(db, layer.table)


def _mend_register(db: apsw.Connection, layer: LayerTable, srs_id: int) -> None:
    """Enter a table that another program took out of the register, or renamed without a word there."""
    if is_registered(db, layer.table):
        return
    register_features(db, layer.table, _title(layer), layer.kind.geometry, srs_id)
    blobs: list[Any] = [row[0] for row in db.execute(f"SELECT {GEOMETRY} FROM {quoted(layer.table)}")]
    shapes = from_blobs_leniently(blobs)
    kinds = set(shapely.get_type_id(shapes).tolist()) - {-1}
    z, m = bool(shapely.has_z(shapes).any()), bool(shapely.has_m(shapes).any())
    widen_type(db, layer.table, kinds, z=z, m=m)


def _mend_crs(db: apsw.Connection, layer: LayerTable, srs_id: int, result: Mended) -> None:
    found = db.execute("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (layer.table,)).get
    if found == srs_id:
        return
    db.execute("UPDATE gpkg_geometry_columns SET srs_id = ? WHERE table_name = ?", (srs_id, layer.table))
    db.execute("UPDATE gpkg_contents SET srs_id = ? WHERE table_name = ?", (srs_id, layer.table))
    result.findings.append(
        _finding(
            layer,
            "outside.crs",
            Text(
                "图层“{layer}”的坐标系被其他程序改动，已改回项目坐标系。",
                "The coordinate system of layer “{layer}” was changed by another program; it"
                " is that of the project again.",
            ),
        )
    )


def _finding(layer: LayerTable, code: str, words: Text, **values: object) -> Finding:
    return Finding(code, words.format(layer=layer.kind.title, **values), "warning", layer=layer.name)
