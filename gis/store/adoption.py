"""Edits made by other programs become one named, undoable step.

The triggers on the layer tables note which rows changed; what they held before
is in ``pb_head`` and ``pb_row``. If the triggers are gone (a layer overwritten
by ogr2ogr) or the columns differ, every row is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, Literal

import apsw

from gis.store.blobs import UnreadableGeometryError, from_blobs
from gis.store.geopackage import note_change, quoted, widen_type
from gis.store.identity import Resolved, resolve
from gis.store.rows import (
    Encoded,
    LayerTable,
    Version,
    add_versions,
    encode,
    features_of,
    load_versions,
    schemas,
)
from gis.store.steps import Action, add_action, drop_redo
from layers.errors import Finding
from layers.feature import Feature
from layers.schema import Value
from layers.text import Text

_LABEL: Final = Text("其他程序所做的 {n} 处修改", "{n} changes made by another program")


@dataclass
class Adopted:
    """What was found in one layer, in numbers, and the findings about single features."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many features differ."""
        return self.added + self.changed + self.removed


@dataclass(frozen=True)
class _Head:
    fid: int
    feat_id: int
    row_id: int
    uid: str
    odd: int = 0


def adopt(db: apsw.Connection, tables: Mapping[str, LayerTable], suspicious: set[str]) -> list[Finding]:
    """Take over what other programs changed, inside the open transaction.

    Parameters
    ----------
    suspicious : set of str
        Layers whose rows must all be compared.

    Returns
    -------
    list of Finding
        Empty if nothing was changed.
    """
    touched = {name: _touched(db, layer, everything=name in suspicious) for name, layer in tables.items()}
    touched = {name: fids for name, fids in touched.items() if fids}
    if not touched:
        return []
    number = add_action(db, Action("outside", _LABEL), keep_redo=True)
    results = {name: _LayerAdoption(db, tables[name], fids, number).run() for name, fids in touched.items()}
    db.execute("DELETE FROM pb_dirty")
    total = sum(r.total for r in results.values())
    findings = [f for r in results.values() for f in r.findings]
    if not total:
        db.execute("DELETE FROM pb_action WHERE action_id = ?", (number,))
        return findings
    words = _LABEL.format(n=total)
    db.execute("UPDATE pb_action SET label_zh = ?, label_en = ? WHERE action_id = ?", (*words, number))
    drop_redo(db)
    return [_summary(name, tables[name], r) for name, r in results.items() if r.total] + findings


def _touched(db: apsw.Connection, layer: LayerTable, *, everything: bool) -> list[int]:
    if everything:
        rows = db.execute(
            f"SELECT fid FROM pb_head WHERE layer_id = ? UNION SELECT fid FROM {quoted(layer.table)}",
            (layer.id,),
        )
    else:
        rows = db.execute("SELECT fid FROM pb_dirty WHERE layer_id = ? ORDER BY fid", (layer.id,))
    return [row[0] for row in rows]


def _summary(name: str, layer: LayerTable, result: Adopted) -> Finding:
    return Finding(
        "outside.changes",
        Text(
            "图层“{layer}”被其他程序修改：新增 {added}，修改 {changed}，删除 {removed}。可用“撤销”退回。",
            "Layer “{layer}” was edited by another program: {added} added, {changed}"
            " changed, {removed} removed."
            " Undo takes it back.",
        ).format(layer=layer.kind.title, added=result.added, changed=result.changed, removed=result.removed),
        "info",
        layer=name,
    )


class _LayerAdoption:
    """Compares touched rows of one layer with what was known of them, and records the difference."""

    def __init__(self, db: apsw.Connection, layer: LayerTable, fids: Sequence[int], action_id: int) -> None:
        self._db, self._layer, self._fids, self._action_id = db, layer, fids, action_id
        self._result = Adopted()
        self._heads = {head.fid: head for head in self._read_heads("h.fid = ?", fids)}
        self._rows = self._read_rows()
        self._resolved = self._resolve()
        self._known = {head.uid: head for head in self._heads.values()}
        self._versions = load_versions(db, (head.row_id for head in self._heads.values()))
        before = features_of(list(self._versions.values()), schemas(db))
        self._before = {feature.uid: feature for feature in before}
        self._kept = dict(zip(self._before, encode(layer, before).stored, strict=True))

    def run(self) -> Adopted:
        """Record everything and return the counts."""
        differing = [fid for fid in self._resolved.uids if not self._same(fid)]
        encoded = encode(self._layer, [self._feature(fid) for fid in differing])
        self._write_ids()
        self._write_geometry(differing, encoded)
        self._write_heads(differing, encoded)
        note_change(self._db, self._layer.table, encoded.bounds)
        z, m = encoded.dimensions
        widen_type(self._db, self._layer.table, encoded.type_ids, z=z, m=m)
        return self._result

    def _same(self, fid: int) -> bool:
        uid, row = self._resolved.uids[fid], self._rows[fid]
        version = self._version(uid)
        return version is not None and row[0] == version.geom and row[2:] == self._kept[uid]

    def _read_heads(self, condition: str, values: Iterable[object]) -> list[_Head]:
        rows = self._db.executemany(
            "SELECT h.fid, h.feat_id, h.row_id, f.uid, h.odd FROM pb_head h JOIN pb_feature"
            " f ON f.feat_id = h.feat_id"
            f" WHERE h.layer_id = ? AND {condition}",
            ((self._layer.id, value) for value in values),
        )
        return [_Head(*row) for row in rows]

    def _read_rows(self) -> dict[int, tuple]:  # type: ignore[type-arg]
        names = "".join(", " + quoted(name) for name in self._layer.names)
        rows = self._db.executemany(
            f"SELECT fid, geom, uid{names} FROM {quoted(self._layer.table)} WHERE fid = ?",
            ((fid,) for fid in self._fids),
        )
        return {row[0]: row[1:] for row in rows}

    def _resolve(self) -> Resolved:
        claimed = {fid: row[1] for fid, row in self._rows.items()}
        texts = {uid for uid in claimed.values() if isinstance(uid, str)}
        rows = self._db.executemany(
            "SELECT f.uid, h.fid FROM pb_feature f JOIN pb_head h ON h.feat_id = f.feat_id"
            " WHERE f.layer_id = ? AND f.uid = ?",
            ((self._layer.id, uid) for uid in texts),
        )
        return resolve(claimed, {fid: head.uid for fid, head in self._heads.items()}, dict(rows))

    def _version(self, uid: str) -> Version | None:
        head = self._known.get(uid)
        return self._versions[head.row_id] if head else None

    def _feature(self, fid: int) -> Feature:
        """Return what a row holds now, keeping exact values that only the column had coerced."""
        uid = self._resolved.uids[fid]
        blob, _claimed, *values = self._rows[fid]
        version = self._version(uid)
        before, kept = self._before.get(uid), self._kept.get(uid, ())
        attributes: dict[str, Value] = {}
        for i, name in enumerate(self._layer.names):
            value = plain_value(values[i], boolean=self._layer.fields[i].type == "boolean")
            same = before is not None and value == kept[i] and (value is None) == (kept[i] is None)
            attributes[name] = before.attributes.get(name) if same and before is not None else value
        ancestors = before.ancestors if before is not None else ()
        return Feature(uid, self._shape(uid, blob, version, before), attributes, ancestors)

    def _shape(self, uid: str, blob: object, version: Version | None, before: Feature | None) -> object:
        old = before.geometry if before is not None else None
        if version is not None and blob == version.geom:
            return old
        try:
            return from_blobs([blob])[0]  # type: ignore[list-item]
        except UnreadableGeometryError:
            self._finding(
                "outside.geometry",
                uid,
                "error",
                Text(
                    "图层“{layer}”中一个对象的图形无法读取（可能是曲线），保留原来的图形。",
                    "A shape on layer “{layer}” cannot be read (a curve?); the earlier shape is kept.",
                ),
            )
            return old

    def _write_ids(self) -> None:
        for fid in self._resolved.repaired:
            uid = self._resolved.uids[fid]
            self._finding(
                "outside.uid",
                uid,
                "warning",
                Text(
                    "图层“{layer}”中一个对象的标识缺失或重复，已修复。",
                    "The id of an object on layer “{layer}” was missing or doubled; mended.",
                ),
            )
            self._db.execute(f"UPDATE {quoted(self._layer.table)} SET uid = ? WHERE fid = ?", (uid, fid))

    def _write_geometry(self, differing: Sequence[int], encoded: Encoded) -> None:
        """Replace shapes that cannot be read by the ones that were kept instead."""
        for i, fid in enumerate(differing):
            blob = self._rows[fid][0]
            if blob is not None and encoded.blobs[i] != blob and not _reads_as(blob, encoded, i):
                self._db.execute(
                    f"UPDATE {quoted(self._layer.table)} SET geom = ? WHERE fid = ?", (encoded.blobs[i], fid)
                )

    def _write_heads(self, differing: Sequence[int], encoded: Encoded) -> None:
        uids = self._resolved.uids
        heads = {
            fid: _Head(fid, head.feat_id, head.row_id, uid, head.odd)
            for fid, uid in uids.items()
            if (head := self._known.get(uid))
        }
        befores = [self._version(uids[fid]) for fid in differing]
        fresh = [i for i, before in enumerate(befores) if before is None or before.hash != encoded.hashes[i]]
        feat_ids = [self._feat_id(uids[differing[i]]) for i in fresh]
        numbers = add_versions(self._db, self._layer, feat_ids, encoded, fresh)
        for i, feat_id, number in zip(fresh, feat_ids, numbers, strict=True):
            fid = differing[i]
            heads[fid] = _Head(fid, feat_id, number, uids[fid], i in encoded.odd)
        self._replace_heads(heads)
        there = set(uids.values())
        gone = [head for head in self._heads.values() if head.uid not in there]
        entries: list[tuple[int, int | None, int | None]] = [
            (feat_id, before.row_id if (before := befores[i]) else None, number)
            for i, feat_id, number in zip(fresh, feat_ids, numbers, strict=True)
        ]
        entries.extend((head.feat_id, head.row_id, None) for head in gone)
        self._db.executemany(
            "INSERT INTO pb_journal(action_id, feat_id, before_row, after_row) VALUES (?,?,?,?)",
            [(self._action_id, *entry) for entry in entries],
        )
        self._result.added = sum(befores[i] is None for i in fresh)
        self._result.changed = len(fresh) - self._result.added
        self._result.removed = len(gone)

    def _replace_heads(self, heads: Mapping[int, _Head]) -> None:
        old, new = set(self._heads.values()), set(heads.values())
        self._db.executemany(
            "DELETE FROM pb_head WHERE layer_id = ? AND fid = ?", [(self._layer.id, h.fid) for h in old - new]
        )
        self._db.executemany(
            "INSERT INTO pb_head VALUES (?,?,?,?,?)",
            [(self._layer.id, h.fid, h.feat_id, h.row_id, h.odd) for h in new - old],
        )

    def _feat_id(self, uid: str) -> int:
        if head := self._known.get(uid):
            return head.feat_id
        found: int | None = self._db.execute(
            "SELECT feat_id FROM pb_feature WHERE layer_id = ? AND uid = ?", (self._layer.id, uid)
        ).get
        if found is None:
            self._db.execute("INSERT INTO pb_feature(layer_id, uid) VALUES (?,?)", (self._layer.id, uid))
            found = self._db.last_insert_rowid()
        return found

    def _finding(self, code: str, uid: str, severity: Literal["error", "warning"], words: Text) -> None:
        said = words.format(layer=self._layer.kind.title)
        self._result.findings.append(Finding(code, said, severity, layer=self._layer.name, uid=uid))


def _reads_as(blob: bytes, encoded: Encoded, index: int) -> bool:
    try:
        shape = from_blobs([blob])[0]
    except UnreadableGeometryError:
        return False
    ours = encoded.features[index].geometry
    return ours is not None and shape is not None and shape.wkb == ours.wkb


def plain_value(value: object, *, boolean: bool) -> Value:
    """Return a value as the program can hold it, whatever another program wrote into the column."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not isfinite(value):
        return None
    if boolean and type(value) is int and value in (0, 1):
        return bool(value)
    return value  # type: ignore[return-value]
