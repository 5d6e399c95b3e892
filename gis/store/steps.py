"""One step of the user: encoded anywhere, written as one transaction."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

import apsw
import numpy as np

from gis.store.geopackage import note_change, quoted, widen_type
from gis.store.rows import Encoded, LayerTable, add_versions, encode, features_of, load_versions, schemas
from gis.store.settings import plain_settings, write_setting
from layers.changes import Change, ChangeSet, Key
from layers.errors import ConflictError, NotFoundError
from layers.text import Text


@dataclass(frozen=True)
class Action:
    """What the journal calls a step."""

    kind: str
    label: Text
    target: int | None = None


@dataclass(frozen=True)
class LayerEdit:
    """The changes of one layer, encoded.

    Parameters
    ----------
    uids : list of str
    old, new : list of int or None
        Place of each feature in `before` and `after`; None where it does not exist.
    """

    layer: LayerTable
    uids: list[str]
    old: list[int | None]
    new: list[int | None]
    before: Encoded
    after: Encoded


@dataclass(frozen=True)
class EncodedStep:
    """A change set ready to be written.

    Parameters
    ----------
    changes : ChangeSet
        With the very values that will be read again.
    edits : tuple of LayerEdit
    known_rows : mapping of Key to int
        Versions that exist already: an undo adds none.
    """

    changes: ChangeSet
    edits: tuple[LayerEdit, ...]
    known_rows: Mapping[Key, int] = field(default_factory=dict)


def encode_step(
    tables: Mapping[str, LayerTable], changes: ChangeSet, known_rows: Mapping[Key, int] | None = None
) -> EncodedStep:
    """Encode a change set. Touches no file: may run in any thread.

    Raises
    ------
    NotFoundError
        If a layer does not exist.
    RefusedError
        If a value cannot be kept.
    """
    edits, features = [], {}
    for name, changed in changes.by_layer().items():
        if name not in tables:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(tables)),
                code="layer.unknown",
            )
        edit = _encode_layer(tables[name], changed)
        edits.append(edit)
        features.update(_as_encoded(name, edit, changed))
    return EncodedStep(ChangeSet(features, plain_settings(changes.settings)), tuple(edits), known_rows or {})


def _encode_layer(layer: LayerTable, changed: Sequence[Change]) -> LayerEdit:
    old, new = _places([c.before for c in changed]), _places([c.after for c in changed])
    before = encode(layer, [c.before for c in changed if c.before is not None])
    after = encode(layer, [c.after for c in changed if c.after is not None])
    return LayerEdit(layer, [c.uid for c in changed], old, new, before, after)


def _places(sides: Sequence[object]) -> list[int | None]:
    places, count = [], 0
    for side in sides:
        places.append(None if side is None else count)
        count += side is not None
    return places


def _as_encoded(name: str, edit: LayerEdit, changed: Sequence[Change]) -> dict[Key, Change]:
    result = {}
    for change, old, new in zip(changed, edit.old, edit.new, strict=True):
        before = None if old is None else edit.before.features[old]
        after = None if new is None else edit.after.features[new]
        same = before is change.before and after is change.after
        result[name, change.uid] = change if same else Change(name, before, after)
    return result


def write_step(db: apsw.Connection, step: EncodedStep, action: Action) -> int:
    """Write one step inside the open transaction and return its number.

    Raises
    ------
    ConflictError
        If a feature or setting is not as the step expects it: somebody else
        changed it. The caller rolls back.
    """
    number = add_action(db, action)
    foreign = db.execute("SELECT 1 FROM pb_dirty LIMIT 1").get is not None
    for edit in step.edits:
        _LayerWriter(db, edit, number, step.known_rows).write(foreign=foreign)
    if not foreign and step.edits:
        db.execute("DELETE FROM pb_dirty")
    for name, change in step.changes.settings.items():
        write_setting(db, number, name, change)
    return number


def add_action(db: apsw.Connection, action: Action, *, keep_redo: bool = False) -> int:
    """Note a step; an edit makes redo impossible, unless `keep_redo`."""
    undo_or_redo = action.target is not None
    if undo_or_redo:
        state = "undone" if action.kind == "undo" else "done"
        db.execute("UPDATE pb_action SET state = ? WHERE action_id = ?", (state, action.target))
    elif not keep_redo:
        db.execute("UPDATE pb_action SET state = 'dropped' WHERE state = 'undone'")
    db.execute(
        "INSERT INTO pb_action(uuid, time, user, kind, label_zh, label_en, target, state) VALUES (?,?,?,?,?,?,?,?)",
        (
            uuid.uuid4().hex,
            now(),
            user_name(),
            action.kind,
            action.label.zh,
            action.label.en,
            action.target,
            "log" if undo_or_redo else "done",
        ),
    )
    return db.last_insert_rowid()


def now() -> str:
    """Return the local time in ISO form, to the second, with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def user_name() -> str:
    """Return the name of the person at the machine, or an empty text."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container or service without accounts
        return ""


class _Head(NamedTuple):
    feat_id: int
    fid: int | None
    row_id: int | None
    hash: bytes | None


class _LayerWriter:
    """Writes the changes of one layer: versions, feature table, heads and journal."""

    def __init__(
        self, db: apsw.Connection, edit: LayerEdit, action_id: int, known_rows: Mapping[Key, int]
    ) -> None:
        self._db, self._edit, self._action_id, self._known = db, edit, action_id, known_rows
        self._layer = edit.layer
        self._heads = self._read_heads()

    def write(self, *, foreign: bool) -> None:
        """Check, then write everything of this layer."""
        self._check()
        if foreign:
            self._check_foreign()
        self._add_features()
        row_ids = self._add_versions()
        pairs = list(enumerate(zip(self._edit.old, self._edit.new, strict=True)))
        added = [i for i, (old, new) in pairs if old is None and new is not None]
        changed = [i for i, (old, new) in pairs if old is not None and new is not None]
        removed = [i for i, (_old, new) in pairs if new is None]
        self._remove(removed)
        self._change(changed, row_ids)
        self._insert(added, row_ids)
        self._note(row_ids)
        if foreign:
            self._clear_own_marks()

    def _read_heads(self) -> dict[str, _Head]:
        rows = self._db.executemany(
            "SELECT f.uid, f.feat_id, h.fid, h.row_id, r.hash FROM pb_feature f"
            " LEFT JOIN pb_head h ON h.feat_id = f.feat_id LEFT JOIN pb_row r ON r.row_id = h.row_id"
            " WHERE f.layer_id = ? AND f.uid = ?",
            ((self._layer.id, uid) for uid in self._edit.uids),
        )
        return {row[0]: _Head(*row[1:]) for row in rows}

    def _check(self) -> None:
        hashes = self._edit.before.hashes
        doubtful = []
        for uid, old in zip(self._edit.uids, self._edit.old, strict=True):
            head = self._heads.get(uid)
            present = head is not None and head.fid is not None
            if present != (old is not None):
                raise _conflict()
            if old is not None and head is not None and head.hash != hashes[old]:
                doubtful.append((head.row_id, old))
        if doubtful:
            self._compare(doubtful)

    def _compare(self, doubtful: Sequence[tuple[int | None, int]]) -> None:
        """Compare by content: an older schema or another program's encoding gives other hashes."""
        versions = load_versions(self._db, [row_id for row_id, _ in doubtful if row_id is not None])
        names = schemas(self._db)
        for row_id, old in doubtful:
            (stored,) = features_of([versions[row_id]], names)  # type: ignore[index]
            if stored != self._edit.before.features[old]:
                raise _conflict()

    def _check_foreign(self) -> None:
        fids = ((self._layer.id, head.fid) for head in self._heads.values() if head.fid is not None)
        if self._db.executemany("SELECT 1 FROM pb_dirty WHERE layer_id = ? AND fid = ?", fids).fetchall():
            raise _conflict()

    def _clear_own_marks(self) -> None:
        self._db.executemany(
            "DELETE FROM pb_dirty WHERE layer_id = ? AND fid = ?",
            [(self._layer.id, head.fid) for head in self._heads.values() if head.fid is not None],
        )

    def _add_features(self) -> None:
        """Number features seen for the first time; above every fid, so that the number can be the fid."""
        fresh = [uid for uid in self._edit.uids if uid not in self._heads]
        if not fresh:
            return
        top = self._db.execute("SELECT max(feat_id) FROM pb_feature").get or 0
        first = max(top, self._top_fid()) + 1
        self._db.executemany(
            "INSERT INTO pb_feature VALUES (?,?,?)",
            ((first + i, self._layer.id, uid) for i, uid in enumerate(fresh)),
        )
        self._heads.update((uid, _Head(first + i, None, None, None)) for i, uid in enumerate(fresh))

    def _top_fid(self) -> int:
        return self._db.execute(f"SELECT max(fid) FROM {quoted(self._layer.table)}").get or 0

    def _add_versions(self) -> list[int | None]:
        edit = self._edit
        row_ids: list[int | None] = [
            None if new is None else self._known.get((self._layer.name, uid))
            for uid, new in zip(edit.uids, edit.new, strict=True)
        ]
        fresh = [i for i, new in enumerate(edit.new) if new is not None and row_ids[i] is None]
        feat_ids = [self._heads[edit.uids[i]].feat_id for i in fresh]
        chosen = [new for i in fresh if (new := edit.new[i]) is not None]
        for i, number in zip(
            fresh, add_versions(self._db, self._layer, feat_ids, edit.after, chosen), strict=True
        ):
            row_ids[i] = number
        return row_ids

    def _remove(self, places: Sequence[int]) -> None:
        keys = [(self._layer.id, self._heads[self._edit.uids[i]].fid) for i in places]
        self._db.executemany(
            f"DELETE FROM {quoted(self._layer.table)} WHERE fid = ?", ((fid,) for _, fid in keys)
        )
        self._db.executemany("DELETE FROM pb_head WHERE layer_id = ? AND fid = ?", keys)

    def _change(self, places: Sequence[int], row_ids: Sequence[int | None]) -> None:
        edit, table = self._edit, quoted(self._layer.table)
        sets = ", ".join(f"{quoted(name)} = ?" for name in self._layer.names)
        shaped, other = [], []
        heads = []
        for i in places:
            old, new, head = edit.old[i], edit.new[i], self._heads[edit.uids[i]]
            assert old is not None
            assert new is not None
            blob, values = edit.after.blobs[new], edit.after.stored[new]
            if edit.before.blobs[old] == blob:
                other.append((*values, head.fid))
            else:
                shaped.append((*values, blob, head.fid))
            heads.append((row_ids[i], new in edit.after.odd, self._layer.id, head.fid))
        # Leaving the geometry out where it stays spares the spatial index.
        self._db.executemany(f"UPDATE {table} SET {sets}, geom = ? WHERE fid = ?", shaped)
        self._db.executemany(f"UPDATE {table} SET {sets} WHERE fid = ?", other)
        self._db.executemany("UPDATE pb_head SET row_id = ?, odd = ? WHERE layer_id = ? AND fid = ?", heads)

    def _insert(self, places: Sequence[int], row_ids: Sequence[int | None]) -> None:
        edit, table = self._edit, quoted(self._layer.table)
        fids = self._free_fids([self._heads[edit.uids[i]].feat_id for i in places])
        names = "".join(", " + quoted(name) for name in self._layer.names)
        marks = ",?" * len(self._layer.names)
        after, new = edit.after, edit.new
        self._db.executemany(
            f"INSERT INTO {table}(fid, geom, uid{names}) VALUES (?,?,?{marks})",
            (
                (fid, after.blobs[new[i]], edit.uids[i], *after.stored[new[i]])  # type: ignore[index]
                for i, fid in zip(places, fids, strict=True)
            ),
        )
        self._db.executemany(
            "INSERT INTO pb_head VALUES (?,?,?,?,?)",
            (
                (self._layer.id, fid, self._heads[edit.uids[i]].feat_id, row_ids[i], new[i] in after.odd)
                for i, fid in zip(places, fids, strict=True)
            ),
        )

    def _free_fids(self, wanted: Sequence[int]) -> list[int]:
        """Return the wanted fids, and others above all where another program took one."""
        rows = self._db.executemany(
            f"SELECT fid FROM {quoted(self._layer.table)} WHERE fid = ?", ((fid,) for fid in wanted)
        )
        taken = {row[0] for row in rows}
        if not taken:
            return list(wanted)
        spare = iter(range(max(self._top_fid(), *wanted) + 1, 2**62))
        return [next(spare) if fid in taken else fid for fid in wanted]

    def _note(self, row_ids: Sequence[int | None]) -> None:
        edit = self._edit
        heads = [self._heads[uid] for uid in edit.uids]
        self._db.executemany(
            "INSERT INTO pb_journal(action_id, feat_id, before_row, after_row) VALUES (?,?,?,?)",
            zip(
                repeat(self._action_id),
                (h.feat_id for h in heads),
                (h.row_id for h in heads),
                row_ids,
                strict=False,
            ),
        )
        bounds: np.ndarray | None = edit.after.bounds
        note_change(self._db, self._layer.table, bounds)
        z, m = edit.after.dimensions
        widen_type(self._db, self._layer.table, edit.after.type_ids, z=z, m=m)


def _conflict() -> ConflictError:
    return ConflictError(
        Text("这些对象已被另一个程序修改。", "These objects were changed by another program."),
        Text(
            "未作任何更改。请重新打开项目，查看外部修改后再编辑。",
            "Nothing was changed. Open the project again to see the changes made outside, then edit.",
        ),
        code="edit.conflict",
    )
