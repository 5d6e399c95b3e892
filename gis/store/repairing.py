"""Putting right what can be put right without a guess.

Triggers, indexes and extents follow from what the file holds. A row of a layer
table is written again from its version if that matches its hash; a version is
written again from the row if the row gives the hash that was noted. Anything
else is damage that only a backup heals: `gis.store.salvage` saves the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw

from gis.store import guard
from gis.store.blobs import UnreadableGeometryError, from_blobs
from gis.store.columns import plain_value
from gis.store.copying import keep_untouched, remove_untouched
from gis.store.doctor import EMPTY_STEPS, broken_versions, index_faults
from gis.store.failures import told
from gis.store.geopackage import (
    APPLICATION_ID,
    GEOMETRY,
    USER_VERSION,
    create_spatial_index,
    drop_spatial_index,
    quoted,
    set_extent,
)
from gis.store.layer_tables import column_types
from gis.store.lock import seen_holder
from gis.store.opening import unwritable
from gis.store.rows import LayerTable, encode
from gis.store.store import Store, open_store
from gis.store.tables import create_seals
from gis.store.values import Mismatch, mismatches
from layers.errors import Finding, ReadOnlyError
from layers.feature import Feature
from layers.text import Text


def repair(path: Path) -> tuple[Finding, ...]:
    """Put right what is safe, in place, and say what was done; first, how the copy as it was is called.

    Nothing to put right leaves no copy.

    Raises
    ------
    ReadOnlyError
        If the file cannot be written, or somebody has it open.
    StorageError
        If it is too damaged to be opened.
    """
    path = Path(os.path.abspath(path))
    guard.refuse_if_live(path)
    with told(path):
        before = _missing_triggers_note(path)
        _check_free(path)
        copy = _free_beside(path)
        keep_untouched(path, copy)
        done = _repaired(path)
    if not (before or done):
        remove_untouched(copy)
        return ()
    words = Text("修复前的文件原样留存为“{name}”。", "The file as it was is kept as “{name}”.")
    kept = Finding("repaired.copy", words.format(name=copy.name), "info", file=copy.name)
    return (kept, *before, *done)


def _check_free(path: Path) -> None:
    holder = seen_holder(path)
    reason = holder.words() if holder is not None else unwritable(path)
    if reason is not None:
        raise _not_writable(reason)


def _not_writable(reason: Text | None) -> ReadOnlyError:
    words = Text("项目不能写入，未作修复。", "The project cannot be written; nothing was repaired.")
    return ReadOnlyError(words, reason, code="project.read-only")


def _free_beside(path: Path) -> Path:
    """Return 小区.before-repair.gpkg, or -2, -3 ... if there is one already."""
    ends = ("", *(f"-{n}" for n in range(2, 10_000)))
    names = (path.with_name(f"{path.stem}.before-repair{end}{path.suffix}") for end in ends)
    return next(name for name in names if not name.exists())


def _repaired(path: Path) -> list[Finding]:
    store = open_store(path, read_only=False)  # mends tables, columns and triggers, and the lock
    try:
        if not store.writable:
            raise _not_writable(store.reason)
        with store.writing():
            done = list(_repairs(store))
        return [*store.findings, *done]
    finally:
        store.close()


def _missing_triggers_note(path: Path) -> list[Finding]:
    """Say beforehand what merely opening puts right."""
    from gis.store.doctor import examine

    opened = ("doctor.trigger", "doctor.seal", "doctor.table", "doctor.stale-lock", "doctor.leftover")
    words = {
        "doctor.trigger": Text("已重建触发器。", "Triggers were made again."),
        "doctor.seal": Text("已重建保护版次的触发器。", "The seals of revisions were made again."),
        "doctor.table": Text("已修复图层数据表。", "Tables of layers were mended."),
        "doctor.stale-lock": Text("已清除失效的锁文件。", "The lock file that nobody held was removed."),
        "doctor.leftover": Text("已处理上次中断留下的日志。", "What an interrupted write left was settled."),
    }
    found = {f.code for f in examine(path).findings}
    return [
        Finding(f"repaired.{code.partition('.')[2]}", words[code], "info") for code in opened if code in found
    ]


def _repairs(store: Store) -> Iterator[Finding]:
    db = store.db
    if db.pragma("application_id") != APPLICATION_ID:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {USER_VERSION}")
        yield _done("header", Text("已改正文件头。", "The header was put right."))
    db.execute(f"UPDATE pb_action SET state = 'dropped' WHERE {EMPTY_STEPS}")
    if steps := db.changes():
        words = Text("已从撤销列表移除 {n} 个空步骤。", "{n} steps that hold nothing left the list of undo.")
        yield _done("step", words.format(n=steps))
    for layer in store.tables.values():
        if rows := write_versions(db, layer):
            yield _done_at("value", layer, rows, Text(
                "图层“{layer}”：{n} 个对象的历史内容已由当前内容复原。",
                "Layer “{layer}”: kept content of {n} features was restored from the layer table.",
            ))  # fmt: skip
        if rows := write_rows(db, layer):
            yield _done_at("row", layer, rows, Text(
                "图层“{layer}”：{n} 个对象已恢复为最后保存的内容。",
                "Layer “{layer}”: {n} features are what was saved last again.",
            ))  # fmt: skip
        if faults := index_faults(db, layer):
            _index_anew(db, layer)
            yield _done_at("index", layer, faults, Text(
                "图层“{layer}”：已重建空间索引（{n} 处不符）。",
                "Layer “{layer}”: the spatial index was made again ({n} faults).",
            ))  # fmt: skip
        if extent_anew(db, layer):
            yield _done_at("extent", layer, 1, Text(
                "图层“{layer}”：已改正登记的范围。", "Layer “{layer}”: the noted extent was put right."
            ))  # fmt: skip


def _done(code: str, words: Text, layer: str | None = None) -> Finding:
    return Finding(f"repaired.{code}", words, "info", layer=layer)


def _done_at(code: str, layer: LayerTable, number: int, words: Text) -> Finding:
    return _done(code, words.format(layer=layer.kind.title, n=number), layer.name)


def write_rows(db: apsw.Connection, layer: LayerTable) -> int:
    """Write rows of a layer table again from their versions; return how many."""
    known = [m for m in mismatches(db, layer) if m.feat_id is not None]
    columns = ("geom", "uid", *layer.names)
    sets = ", ".join(f"{quoted(name)} = ?" for name in columns)
    for one in known:
        values = (one.blob, one.uid, *one.stored)
        if one.there:
            db.execute(f"UPDATE {quoted(layer.table)} SET {sets} WHERE fid = ?", (*values, one.fid))
        else:
            _insert(db, layer, one, columns, values)
    _forget_marks(db, layer, known)
    return len(known)


def _insert(
    db: apsw.Connection, layer: LayerTable, one: Mismatch, columns: tuple[str, ...], values: tuple[Any, ...]
) -> None:
    names = ", ".join(quoted(name) for name in ("fid", *columns))
    marks = ",".join("?" * (len(columns) + 1))
    db.execute(f"INSERT INTO {quoted(layer.table)}({names}) VALUES ({marks})", (one.fid, *values))


def _forget_marks(db: apsw.Connection, layer: LayerTable, written: list[Mismatch]) -> None:
    """Take back the marks of edits from outside that writing them has left."""
    db.executemany(
        "DELETE FROM pb_dirty WHERE layer_id = ? AND fid = ?", [(layer.id, one.fid) for one in written]
    )


def write_versions(db: apsw.Connection, layer: LayerTable) -> int:
    """Write damaged current versions again where the layer table gives the very hash that was noted."""
    broken = {row_id for row_id, layer_id, _ in broken_versions(db) if layer_id == layer.id}
    if not broken:
        return 0
    db.execute("DROP TRIGGER IF EXISTS pb_row_update_seal")
    count = sum(_write_version(db, layer, row_id) for row_id in sorted(broken))
    create_seals(db)
    return count


def _write_version(db: apsw.Connection, layer: LayerTable, row_id: int) -> bool:
    head: Any = db.execute(
        "SELECT h.fid, r.hash, r.schema_id, f.uid FROM pb_head h JOIN pb_row r ON r.row_id = h.row_id"
        " JOIN pb_feature f ON f.feat_id = h.feat_id WHERE h.row_id = ? AND NOT h.odd",
        (row_id,),
    ).get
    if head is None or head[2] != layer.schema_id:
        return False
    fid, digest, _, uid = head
    names = "".join(", " + quoted(name) for name in layer.names)
    try:
        row: Any = db.execute(f"SELECT geom{names} FROM {quoted(layer.table)} WHERE fid = ?", (fid,)).get
        if row is None:
            return False
        (shape,) = from_blobs([row[0]])
    except (UnreadableGeometryError, UnicodeDecodeError):
        return False
    values = [plain_value(v, boolean=f.type == "boolean") for v, f in zip(row[1:], layer.fields, strict=True)]
    encoded = encode(layer, [Feature(uid, shape, dict(zip(layer.names, values, strict=True)))])
    if encoded.hashes[0] != digest:
        return False
    db.execute(
        "UPDATE pb_row SET geom = ?, attrs = ? WHERE row_id = ?", (encoded.blobs[0], encoded.texts[0], row_id)
    )
    return True


def _index_anew(db: apsw.Connection, layer: LayerTable) -> None:
    drop_spatial_index(db, layer.table)
    create_spatial_index(db, layer.table)


def extent_anew(db: apsw.Connection, layer: LayerTable) -> bool:
    """Note the extent that a layer has; return whether another one was noted."""
    if GEOMETRY not in column_types(db, layer.table):
        return False
    real: Any = db.execute(
        "SELECT min(ST_MinX(geom)), min(ST_MinY(geom)), max(ST_MaxX(geom)), max(ST_MaxY(geom))"
        f" FROM {quoted(layer.table)} WHERE geom NOT NULL AND NOT ST_IsEmpty(geom)"
    ).get
    set_extent(db, layer.table, None if real[0] is None else real)
    return bool(db.changes())
