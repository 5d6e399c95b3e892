"""Edits made by other programs become one named, undoable step.

The triggers on the layer tables note which rows changed; what they held before
is in ``pb_head`` and ``pb_row``. If the triggers are gone (a layer overwritten
by ogr2ogr) or the columns differ, every row is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

import apsw

from gis.progress import Progress
from gis.store.blobs import UnreadableGeometryError, from_blobs
from gis.store.columns import decoded, is_plain, plain_value
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
    write_json,
)
from gis.store.steps import Action, add_action, drop_redo
from gis.store.touched import different_rows, read_rows
from layers.errors import Finding
from layers.feature import Feature
from layers.schema import Field, Value
from layers.text import Text

_READ_AS: Final = Text(
    "图层“{layer}”一个对象的“{field}”不是规范的文字，已读作“{kept}”。",
    "“{field}” of a feature on layer “{layer}” is no proper text; it was read as “{kept}”.",
)
_NO_VALUE: Final = Text(
    "图层“{layer}”一个对象的“{field}”被写入无法使用的内容，保留原来的值“{kept}”。",
    "“{field}” of a feature on layer “{layer}” was given what is no value; “{kept}” is kept.",
)
_USUAL: Final = frozenset({str, int, type(None)})
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


class _Head(NamedTuple):
    fid: int
    feat_id: int
    row_id: int
    uid: str
    odd: int = 0


def adopt(
    db: apsw.Connection,
    tables: Mapping[str, LayerTable],
    suspicious: set[str],
    progress: Progress | None = None,
    *,
    lasting: bool = True,
) -> list[Finding]:
    """Take over what other programs changed, inside the open transaction.

    Parameters
    ----------
    suspicious : set of str
        Layers whose rows must all be compared.
    progress : Progress, optional
    lasting : bool
        Whether this is the project itself; if not, a copy of one that is only read.

    Returns
    -------
    list of Finding
        Empty if nothing was changed.

    Raises
    ------
    CancelledError
        If the user cancelled.
    """
    progress = progress or Progress()
    touched = different_rows(db, tables, suspicious, progress.part(0.0, 0.4))
    if not touched:
        if db.execute("SELECT 1 FROM pb_dirty").get is not None:
            db.execute("DELETE FROM pb_dirty")
        return []
    number = add_action(db, Action("outside", _LABEL), keep_redo=True)
    results, done, total = {}, 0, sum(map(len, touched.values()))
    for name, fids in touched.items():
        part = progress.part(0.4 + 0.6 * done / total, 0.4 + 0.6 * (done + len(fids)) / total)
        results[name] = _LayerAdoption(db, tables[name], fids, number).run(part)
        done += len(fids)
    db.execute("DELETE FROM pb_dirty")
    total = sum(r.total for r in results.values())
    findings = [f for r in results.values() for f in r.findings]
    if not total:
        db.execute("DELETE FROM pb_action WHERE action_id = ?", (number,))
        return findings
    words = _LABEL.format(n=total)
    db.execute("UPDATE pb_action SET label_zh = ?, label_en = ? WHERE action_id = ?", (*words, number))
    drop_redo(db)
    return [_summary(name, tables[name], r, lasting) for name, r in results.items() if r.total] + findings


def _summary(name: str, layer: LayerTable, result: Adopted, lasting: bool) -> Finding:
    code, words = _TAKEN_OVER if lasting else _WAITING
    words = words.format(
        layer=layer.kind.title, added=result.added, changed=result.changed, removed=result.removed
    )
    return Finding(code, words, "info", layer=name)


_TAKEN_OVER: Final = (
    "outside.changes",
    Text(
        "图层“{layer}”被其他程序修改：新增 {added}，修改 {changed}，删除 {removed}。可用“撤销”退回。",
        "Layer “{layer}” was edited by another program: {added} added, {changed} changed, {removed} removed."
        " Undo takes it back.",
    ),
)
_WAITING: Final = (
    "outside.waiting",
    Text(
        "图层“{layer}”被其他程序修改：新增 {added}，修改 {changed}，删除 {removed}。"
        "这里已计入；下次打开编辑时记为一步。",
        "Layer “{layer}” was edited by another program: {added} added, {changed} changed, {removed} removed."
        " They are shown here, and become a step when the project is next opened for editing.",
    ),
)


class _LayerAdoption:
    """Compares touched rows of one layer with what was known of them, and records the difference."""

    def __init__(self, db: apsw.Connection, layer: LayerTable, fids: Sequence[int], action_id: int) -> None:
        self._db, self._layer, self._fids, self._action_id = db, layer, fids, action_id
        self._result = Adopted()
        self._heads = {head.fid: head for head in self._read_heads(fids)}
        self._rows = read_rows(db, layer, fids)
        self._unclean: set[int] = set()
        self._resolved = self._resolve()
        self._known = {head.uid: head for head in self._heads.values()}
        self._versions = load_versions(db, (head.row_id for head in self._heads.values()))
        before = features_of(list(self._versions.values()), schemas(db))
        self._before = {feature.uid: feature for feature in before}
        self._kept = dict(zip(self._before, encode(layer, before).stored, strict=True))

    def run(self, progress: Progress) -> Adopted:
        """Record everything and return the counts."""
        doing = Text("接收“{layer}”的外部修改", "Taking over edits of “{layer}”")
        doing = doing.format(layer=self._layer.kind.title)
        differing = [fid for fid in self._resolved.uids if not self._same(fid)]
        progress.step(0.3, doing)
        features = [self._feature(fid) for fid in differing]
        progress.step(0.5, doing)
        encoded = encode(self._layer, features)
        progress.step(0.7, doing)
        self._write_ids()
        self._write_geometry(differing, encoded)
        self._write_values(differing, encoded)
        self._write_heads(differing, encoded)
        note_change(self._db, self._layer.table, encoded.bounds)
        z, m = encoded.dimensions
        widen_type(self._db, self._layer.table, encoded.type_ids, z=z, m=m)
        return self._result

    def _same(self, fid: int) -> bool:
        uid, row = self._resolved.uids[fid], self._rows[fid]
        version = self._version(uid)
        return version is not None and row[0] == version.geom and row[2:] == self._kept[uid]

    def _read_heads(self, fids: Sequence[int]) -> list[_Head]:
        rows: Any = self._db.execute(
            "SELECT h.fid, h.feat_id, h.row_id, f.uid, h.odd FROM json_each(?2) j"
            " CROSS JOIN pb_head h ON h.layer_id = ?1 AND h.fid = j.value"
            " CROSS JOIN pb_feature f ON f.feat_id = h.feat_id",
            (self._layer.id, write_json(list(fids))),
        )
        return [_Head(*row) for row in rows]

    def _resolve(self) -> Resolved:
        claimed = {fid: row[1] for fid, row in self._rows.items()}
        texts = {uid for uid in claimed.values() if isinstance(uid, str)}
        rows: Any = self._db.execute(
            "SELECT f.uid, h.fid FROM json_each(?2) j"
            " CROSS JOIN pb_feature f ON f.layer_id = ?1 AND f.uid = j.value"
            " CROSS JOIN pb_head h ON h.feat_id = f.feat_id",
            (self._layer.id, write_json(sorted(texts))),
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
            value = values[i]
            if type(value) not in _USUAL or self._layer.fields[i].type == "boolean":
                value = self._plain(fid, i, value, before)
            same = before is not None and value == kept[i] and (value is None) == (kept[i] is None)
            attributes[name] = before.attributes.get(name) if same and before is not None else value
        ancestors = before.ancestors if before is not None else ()
        return Feature(uid, self._shape(uid, blob, version, before), attributes, ancestors)

    def _plain(self, fid: int, place: int, value: object, before: Feature | None) -> Value:
        """Return a value that a field can hold; what is no value at all gives way to what was there."""
        field_, uid = self._layer.fields[place], self._resolved.uids[fid]
        if is_plain(value):
            return plain_value(value, boolean=field_.type == "boolean")
        self._unclean.add(fid)
        text = decoded(value) if isinstance(value, bytes) else None
        kept: Value = text
        if text is None and before is not None:
            kept = before.attributes.get(field_.name)
        words = _NO_VALUE if text is None else _READ_AS
        told = field_.word(kept) if kept is not None else Text("空", "nothing")
        words = words.format(layer=self._layer.kind.title, field=field_.title, kept=told)
        self._finding("outside.value", uid, "warning", words, field_)
        return kept

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

    def _write_values(self, differing: Sequence[int], encoded: Encoded) -> None:
        """Let cells hold what fits their columns, and what was kept instead of what is no value."""
        cells = ", ".join(f"{quoted(name)} = ?" for name in self._layer.names)
        self._db.executemany(
            f"UPDATE {quoted(self._layer.table)} SET {cells} WHERE fid = ?",
            [
                (*encoded.stored[i], fid)
                for i, fid in enumerate(differing)
                if fid in self._unclean or i in encoded.odd
            ],
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
        changed = [h for fid, h in heads.items() if self._heads.get(fid) != h]
        stale = [fid for fid, h in self._heads.items() if heads.get(fid) != h]
        self._db.executemany(
            "DELETE FROM pb_head WHERE layer_id = ? AND fid = ?", [(self._layer.id, fid) for fid in stale]
        )
        self._db.executemany(
            "INSERT INTO pb_head VALUES (?,?,?,?,?)",
            [(self._layer.id, h.fid, h.feat_id, h.row_id, h.odd) for h in changed],
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

    def _finding(
        self,
        code: str,
        uid: str,
        severity: Literal["error", "warning"],
        words: Text,
        field_: Field | None = None,
    ) -> None:
        said = words.format(layer=self._layer.kind.title)
        name = field_.name if field_ else None
        self._result.findings.append(
            Finding(code, said, severity, field=name, layer=self._layer.name, uid=uid)
        )


def _reads_as(blob: bytes, encoded: Encoded, index: int) -> bool:
    try:
        shape = from_blobs([blob])[0]
    except UnreadableGeometryError:
        return False
    ours = encoded.features[index].geometry
    return ours is not None and shape is not None and shape.wkb == ours.wkb
