"""Examining a project file: everything it promises, checked against what is there.

SQLite's own check sees broken pages, not a flipped byte inside a value: that is
found by the hash of each version, and by comparing the layer tables with the
versions they hold. The file is only read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import apsw

from gis.store import branches, guard, states
from gis.store.failures import told
from gis.store.geopackage import APPLICATION_ID, GEOMETRY, index_triggers, quoted
from gis.store.layer_tables import column_types, layer_tables
from gis.store.lock import Holder, lock_path, seen_holder
from gis.store.opening import check_path, open_checked
from gis.store.rows import LayerTable, row_hash, schema_hasher, schemas
from gis.store.settings import belongs_to_plan
from gis.store.soundness import damage_with_indexes
from gis.store.tables import is_watched, missing_seals
from gis.store.values import Mismatch, mismatches
from gis.store.waiting import waiting_edits
from layers.changes import JsonValue
from layers.errors import BadInputError, Finding, PlanboardError, StorageError
from layers.style_data import condition_of, style_of
from layers.text import Text

Severity = Literal["error", "warning", "info"]
_VERSIONS: Final = (10200, 10300, 10400)
_NAMED: Final = 20
_UNREADABLE: Final = (apsw.CorruptError, apsw.IOError, UnicodeDecodeError, json.JSONDecodeError)


@dataclass(frozen=True)
class Examination:
    """What was found.

    Parameters
    ----------
    findings : tuple of Finding
        ``error``: something is damaged; ``warning``: `gis.store.repairing.repair` puts it right;
        ``info``: worth knowing.
    readable : bool
        Whether the file opens as a project at all.
    checks : int
        How many things were checked.
    """

    findings: tuple[Finding, ...]
    readable: bool
    checks: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not any(f.severity != "info" for f in self.findings)


def examine(path: Path) -> Examination:
    """Check a project file without changing it.

    Raises
    ------
    NotFoundError, NotAProjectError, NewerFormatError
        If there is nothing to examine.
    RefusedError
        If the project is open in this process.
    """
    path = Path(os.path.abspath(path))
    guard.refuse_if_live(path)
    with told(path), ExitStack() as on_end:
        check_path(path)
        findings = list(_beside(path))
        try:
            with told(path):
                db, aside = open_checked(path, read_only=True)
        except StorageError as error:
            return Examination((*findings, _of_error(error)), False, 1)
        if aside is not None:
            on_end.callback(aside.close)
        on_end.callback(db.close)
        return _examined(db, findings)


def _of_error(error: PlanboardError) -> Finding:
    return Finding(f"doctor.{error.code.rpartition('.')[2]}", error.message, "error")


def _examined(db: apsw.Connection, findings: list[Finding]) -> Examination:
    try:
        tables = layer_tables(db)
    except _UNREADABLE as error:
        return Examination((*findings, _unreadable(error)), False, 1)
    checks: tuple[Callable[[apsw.Connection, dict[str, LayerTable]], Iterator[Finding]], ...] = (
        *(_container, _indexes, _triggers, _spatial_index, _extents, _versions, _working_plan),
        *(_missing_versions, _journal, _empty_steps, _settings, _revisions, _photos, _postings, _waiting),
    )
    for check in checks:
        try:
            findings += check(db, tables)
        except _UNREADABLE as error:
            return Examination((*findings, _unreadable(error)), False, len(checks) + 1)
    return Examination(tuple(findings), True, len(checks) + 1)


def _unreadable(error: Exception) -> Finding:
    words = Text("部分数据无法读出：{why}", "Some data cannot be read: {why}").format(why=error)
    return Finding("doctor.damaged", words, "error")


def _beside(path: Path) -> Iterator[Finding]:
    """Look at the files beside: what a crash left, and the lock."""
    for end, words in (
        ("-journal", Text("上次写入中断，留有回滚日志“{name}”；打开项目时会自动退回。",
                          "A write was interrupted and left “{name}”; opening the project rolls it back.")),
        ("-wal", Text("其他程序留下了预写日志“{name}”，其中可能有尚未并入的编辑；打开项目时会并入。",
                      "Another program left “{name}”, perhaps with edits; opening takes them in.")),
    ):  # fmt: skip
        beside = path.with_name(path.name + end)
        if beside.exists() and beside.stat().st_size:
            yield Finding("doctor.leftover", words.format(name=beside.name), "info", file=beside.name)
    lock = lock_path(path)
    holder = seen_holder(path)
    if isinstance(holder, Holder):
        yield Finding("doctor.held", holder.words(), "info", file=lock.name)
    elif lock.exists():
        words = Text("锁文件“{name}”已无人持有。", "Nobody holds the lock file “{name}” any more.").format(
            name=lock.name
        )
        yield Finding("doctor.stale-lock", words, "info", file=lock.name)


def _container(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    if db.pragma("application_id") != APPLICATION_ID or db.pragma("user_version") not in _VERSIONS:
        yield _found(
            "doctor.header",
            Text("文件头没有标明 GeoPackage。", "The header does not say that this is a GeoPackage."),
        )
    registered = dict(db.execute("SELECT table_name, srs_id FROM gpkg_geometry_columns"))
    contents = {row[0] for row in db.execute("SELECT table_name FROM gpkg_contents")}
    srs_id = int(db.execute("SELECT value FROM pb_meta WHERE key = 'srs_id'").get)
    for name, layer in tables.items():
        present = column_types(db, layer.table)
        lost = [n for n in ("fid", GEOMETRY, "uid", *layer.names) if n not in present]
        if lost or layer.table not in contents or registered.get(layer.table) != srs_id:
            words = Text(
                "图层“{layer}”的数据表缺失、不完整或登记有误。",
                "The table of layer “{layer}” is missing, incomplete, or registered wrongly.",
            )
            yield _found("doctor.table", words.format(layer=layer.kind.title), layer=name)
    broken = [
        r
        for t in ("gpkg_contents", "gpkg_geometry_columns")
        for r in db.execute(f"PRAGMA foreign_key_check({t})")
    ]
    if broken:
        words = Text("GeoPackage 的登记表互相矛盾。", "The register of the GeoPackage contradicts itself.")
        yield _found("doctor.register", words, "error")


def _indexes(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    """Compare tables with their indexes: what is found by another way than it is read is damaged."""
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for name in (name for name in names if not name.startswith("rtree_")):  # looked at by themselves
        if what := damage_with_indexes(db, name):
            words = Text("数据表“{name}”与其索引不符：{why}", "Table “{name}” contradicts its indexes: {why}")
            yield _found("doctor.index", words.format(name=name, why=what), "error")


def _triggers(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    present = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    for name, layer in tables.items():
        watched = is_watched(db, [layer.id])
        if not watched or not present.issuperset(index_triggers(layer.table)):
            words = Text(
                "图层“{layer}”缺少触发器，其他程序的修改可能没有记下。",
                "Layer “{layer}” lacks triggers; edits of other programs may not have been noted.",
            )
            yield _found("doctor.trigger", words.format(layer=layer.kind.title), layer=name)
    if missing_seals(db):
        yield _found(
            "doctor.seal", Text("保护版次的触发器缺失。", "Triggers that seal the revisions are missing.")
        )


def _waiting(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    """Tell of edits that other programs made since the project was last open."""
    for name, count in waiting_edits(db, tables).items():
        words = Text(
            "图层“{layer}”有其他程序所做的 {n} 处修改等待接收，下次打开编辑时记为一步，可撤销。",
            "{n} edits of layer “{layer}” made in another program wait to be taken over; they become a step"
            " that can be undone when the project is next opened for editing.",
        ).format(layer=tables[name].kind.title, n=count)
        yield Finding("doctor.waiting", words, "info", layer=name)


def _spatial_index(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    for name, layer in tables.items():
        wrong = index_faults(db, layer)
        if wrong:
            words = Text(
                "图层“{layer}”的空间索引有 {n} 处不符。",
                "The spatial index of layer “{layer}” is wrong in {n} places.",
            )
            yield _found("doctor.index", words.format(layer=layer.kind.title, n=wrong), layer=name)


def index_faults(db: apsw.Connection, layer: LayerTable) -> int:
    """Count the entries of a spatial index that are missing, left over, or do not cover their shape."""
    index = f"rtree_{layer.table}_{GEOMETRY}"
    present = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if layer.table not in present or GEOMETRY not in column_types(db, layer.table):
        return 0
    if index not in present:
        return 1
    table, rtree = quoted(layer.table), quoted(index)
    shaped = "t.geom NOT NULL AND NOT ST_IsEmpty(t.geom)"
    uncovered = db.execute(
        f"SELECT count(*) FROM {table} t LEFT JOIN {rtree} r ON r.id = t.fid WHERE {shaped} AND (r.id IS NULL"
        " OR r.minx > ST_MinX(t.geom) OR r.maxx < ST_MaxX(t.geom) OR r.miny > ST_MinY(t.geom)"
        " OR r.maxy < ST_MaxY(t.geom))"
    ).get
    left_over = db.execute(
        f"SELECT count(*) FROM {rtree} r LEFT JOIN {table} t ON t.fid = r.id"
        f" WHERE t.fid IS NULL OR NOT ({shaped})"
    ).get
    return int(uncovered) + int(left_over)


def _extents(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    for name, layer in tables.items():
        if GEOMETRY not in column_types(db, layer.table):
            continue
        outside = db.execute(
            f"SELECT count(*) FROM {quoted(layer.table)} t JOIN gpkg_contents c ON c.table_name = ?"
            " WHERE t.geom NOT NULL AND NOT ST_IsEmpty(t.geom)"
            " AND (c.min_x IS NULL OR ST_MinX(t.geom) < c.min_x OR ST_MinY(t.geom) < c.min_y"
            " OR ST_MaxX(t.geom) > c.max_x OR ST_MaxY(t.geom) > c.max_y)",
            (layer.table,),
        ).get
        if outside and db.execute("SELECT count(*) FROM pb_dirty WHERE layer_id = ?", (layer.id,)).get == 0:
            words = Text("图层“{layer}”登记的范围不符。", "The extent noted for layer “{layer}” is wrong.")
            yield _found("doctor.extent", words.format(layer=layer.kind.title), layer=name)


def broken_versions(db: apsw.Connection) -> list[tuple[int, int, str]]:
    """Return row number, layer number and feature id of each version that is not what was written."""
    starts = {number: schema_hasher(names) for number, names in schemas(db).items()}
    rows: Any = db.execute(
        "SELECT row_id, schema_id, hash, geom, CAST(attrs AS BLOB), ancestors, feat_id FROM pb_row"
    )
    broken = []
    for row_id, schema_id, digest, geom, attrs, ancestors, feat_id in rows:
        start = starts.get(schema_id)
        text = attrs.decode("utf-8", "replace")
        if start is None or row_hash(start, geom, text, ancestors) != digest:
            broken.append((row_id, feat_id))
    found = db.executemany(
        "SELECT ?1, f.layer_id, f.uid FROM pb_feature f WHERE f.feat_id = ?2", broken
    ).fetchall()
    return [(int(a), int(b), str(c)) for a, b, c in found]  # type: ignore[arg-type]


def _versions(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    broken = broken_versions(db)
    heads = {row[0] for row in db.execute("SELECT row_id FROM pb_head")}
    names = {layer.id: layer for layer in tables.values()}
    for row_id, layer_id, uid in broken[:_NAMED]:
        layer = names.get(layer_id)
        now = Text("当前", "current") if row_id in heads else Text("较早", "earlier")
        words = Text(
            "图层“{layer}”中一个对象{now}的内容已损坏。",
            "The {now} content of a feature on layer “{layer}” is damaged.",
        ).format(layer=layer.kind.title if layer else "?", now=now)
        yield Finding(
            "doctor.value", words, "error", record=row_id, layer=layer.name if layer else None, uid=uid
        )
    if len(broken) > _NAMED:
        words = Text("另有 {n} 处内容损坏。", "{n} more values are damaged.").format(n=len(broken) - _NAMED)
        yield Finding("doctor.value", words, "error")


def _working_plan(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    for name, layer in tables.items():
        if not is_watched(db, [layer.id]):
            continue  # edits that nobody noted: the next opening compares and takes over every row
        found: list[Mismatch] = mismatches(db, layer)
        for one in found[:_NAMED]:
            words = Text(
                "图层“{layer}”中一个对象与最后保存的内容不一致。",
                "A feature on layer “{layer}” is not what was saved last.",
            ).format(layer=layer.kind.title)
            yield Finding(
                "doctor.row",
                words,
                "error" if one.feat_id is None else "warning",
                record=one.fid,
                layer=name,
                uid=one.uid,
            )
        if len(found) > _NAMED:
            words = Text("另有 {n} 个对象不一致。", "{n} more features differ.").format(n=len(found) - _NAMED)
            yield Finding("doctor.row", words, "warning", layer=name)


def _journal(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    """Follow each feature through the steps: one begins where the last ended, the last is the plan."""
    last: dict[int, int | None] = {}
    gaps = 0
    for feat_id, before, after in db.execute(
        "SELECT feat_id, before_row, after_row FROM pb_journal ORDER BY seq"
    ):
        gaps += last.get(feat_id) != before
        last[feat_id] = after
    heads = dict(db.execute("SELECT feat_id, row_id FROM pb_head"))
    gaps += sum(heads.get(feat_id) != row_id for feat_id, row_id in last.items())
    gaps += len(heads.keys() - last.keys())
    if gaps:
        words = Text(
            "操作记录有 {n} 处不连贯，撤销可能受阻。", "The steps have {n} gaps; undo may be refused."
        )
        yield _found("doctor.journal", words.format(n=gaps), "error")


_NAMED_VERSIONS: Final = " UNION ".join(
    f"SELECT {column} AS row_id FROM {table}"
    for table, columns in (
        *(("pb_head", ("row_id",)), ("pb_journal", ("before_row", "after_row"))),
        *(("pb_delta", ("old_row", "new_row")), ("pb_branch_delta", ("old_row", "new_row"))),
    )
    for column in columns
)


def _missing_versions(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    """Look whether every version that a plan, step or revision names is there."""
    missing = db.execute(
        f"SELECT count(*) FROM ({_NAMED_VERSIONS}) n WHERE n.row_id NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM pb_row r WHERE r.row_id = n.row_id)"
    ).get
    if missing:
        words = Text("缺少 {n} 个对象的历史内容。", "What was kept of {n} features is missing.")
        yield _found("doctor.version", words.format(n=missing), "error")


EMPTY_STEPS: Final = (
    "state IN ('done', 'undone') AND action_id NOT IN (SELECT action_id FROM pb_journal)"
    " AND action_id NOT IN (SELECT action_id FROM pb_setting_journal)"
)
"""Steps in the list of undo that did nothing: what is left of one that was never finished."""


def _empty_steps(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    if count := db.execute(f"SELECT count(*) FROM pb_action WHERE {EMPTY_STEPS}").get:
        words = Text("有 {n} 步操作没有内容。", "{n} steps hold nothing.").format(n=count)
        yield _found("doctor.step", words)


def _settings(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    broken = []
    for name, text in db.execute("SELECT name, CAST(value AS BLOB) FROM pb_setting"):
        try:
            _read_look(str(name), json.loads(text))
        except (ValueError, BadInputError):
            broken.append(name)
    last = dict(db.execute("SELECT name, after FROM pb_setting_journal ORDER BY seq"))
    now = dict(db.execute("SELECT name, value FROM pb_setting"))
    broken += [n for n, text in last.items() if belongs_to_plan(n) and now.get(n) != text and n not in broken]
    for name in broken:
        words = Text("设置“{name}”已损坏。", "The setting “{name}” is damaged.").format(name=name)
        yield Finding("doctor.setting", words, "error", field=str(name))


def _read_look(name: str, value: JsonValue) -> None:
    """Read a style or filter as drawing will; raises `BadInputError` if that is not possible."""
    if name.startswith("style."):
        style_of(value)
    elif name.startswith("layer.") and name.endswith(".filter"):
        condition_of(value)


def _revisions(db: apsw.Connection, tables: dict[str, LayerTable]) -> Iterator[Finding]:
    names = {layer.id: name for name, layer in tables.items()}
    broken = {row_id for row_id, _, _ in broken_versions(db)}
    for label in states.broken_digests(db, names, broken):
        words = Text(
            "版次 {label} 的内容与定稿时不一致。", "Revision {label} is not what was frozen."
        ).format(label=label)
        yield Finding("doctor.revision", words, "error", record=label)
    here = branches.current_name(db)
    if here not in branches.read_branches(db):
        yield _found(
            "doctor.branch", Text("当前方案没有登记。", "The current branch is not registered."), "error"
        )


def _photos(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    for photo_id, name, data in db.execute("SELECT photo_id, name, data FROM pb_photo"):
        if sha256(data).hexdigest() != photo_id:
            words = Text("照片“{name}”已损坏。", "The photo “{name}” is damaged.").format(name=name)
            yield Finding("doctor.photo", words, "error", record=str(photo_id))


def _postings(db: apsw.Connection, _tables: dict[str, LayerTable]) -> Iterator[Finding]:
    """Look whether the record of postings says what it may say: names, days, ids of photos."""
    photos = {row[0] for row in db.execute("SELECT photo_id FROM pb_photo")}
    wrong = sum(
        not all(isinstance(value, str) for value in row if value is not None)
        for row in db.execute(
            "SELECT revision, profile, file_name, sha256, created, compared_with FROM pb_posting"
        )
    )
    for place, since, until, note, listed in db.execute(
        "SELECT place, since, until, note, photos FROM pb_board WHERE NOT removed"
    ):
        try:
            known = set(json.loads(str(listed))) <= photos
        except (ValueError, TypeError):
            known = False
        wrong += not (known and all(isinstance(value, str) for value in (place, since, until, note)))
    if wrong:
        words = Text("公示记录有 {n} 处损坏。", "The record of postings is damaged in {n} places.")
        yield _found("doctor.posting", words.format(n=wrong), "error")


def _found(code: str, words: Text, severity: Severity = "warning", layer: str | None = None) -> Finding:
    return Finding(code, words, severity, layer=layer)


__all__ = ["Examination", "broken_versions", "examine", "index_faults"]
