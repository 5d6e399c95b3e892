"""Writes the changes of one layer: versions, feature table, heads and journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Any, Final, NamedTuple

import apsw
import numpy as np

from gis.store.geopackage import (
    GEOMETRY,
    index_triggers,
    note_change,
    quoted,
    refill_spatial_index,
    widen_type,
)
from gis.store.rows import (
    Encoded,
    LayerTable,
    add_versions,
    features_of,
    load_hashes,
    load_versions,
    schemas,
    write_json,
)
from gis.store.tables import watch, watch_name
from layers.changes import Key
from layers.errors import ConflictError
from layers.packed_shapes import Ints
from layers.text import Text

_MANY = 1000
UNCODED: Final = -1
"""Stands for the place of a feature that is known by the number of its version, and goes."""
_LISTED: Final = "(SELECT value FROM carray(?))"


@dataclass(frozen=True)
class LayerEdit:
    """The changes of one layer, encoded.

    Parameters
    ----------
    uids : list of str
    old, new : list of int or None
        Place of each feature in `before` and `after`; None where it does not exist.
    versions : mapping of id to int
        What the file must hold of those whose place is `UNCODED`.
    """

    layer: LayerTable
    uids: list[str]
    old: list[int | None]
    new: list[int | None]
    before: Encoded
    after: Encoded
    versions: Mapping[str, int] = field(default_factory=dict)


class _Head(NamedTuple):
    feat_id: int
    fid: int | None
    row_id: int | None
    hash: bytes | None


class LayerWriter:
    """Writes one `LayerEdit` inside the open transaction."""

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
        if (
            self._db.execute("SELECT 1 FROM pb_feature WHERE layer_id = ? LIMIT 1", (self._layer.id,)).get
            is None
        ):
            return {}
        rows: Any = self._db.execute(
            "SELECT f.uid, f.feat_id, h.fid, h.row_id, r.hash FROM json_each(?) j"
            " CROSS JOIN pb_feature f ON f.layer_id = ? AND f.uid = j.value"
            " LEFT JOIN pb_head h ON h.feat_id = f.feat_id LEFT JOIN pb_row r ON r.row_id = h.row_id",
            (write_json(self._edit.uids), self._layer.id),
        )
        make = partial(tuple.__new__, _Head)  # a quarter of the time of _Head(*row)
        return {row[0]: make(row[1:]) for row in rows}

    def _check(self) -> None:
        hashes = self._edit.before.hashes
        doubtful, others = [], dict[int, bytes | None]()
        for uid, old in zip(self._edit.uids, self._edit.old, strict=True):
            head = self._heads.get(uid)
            present = head is not None and head.fid is not None
            if present != (old is not None):
                raise _conflict()
            if old is None or head is None:
                continue
            if old == UNCODED:
                if head.row_id != self._edit.versions[uid]:
                    others[self._edit.versions[uid]] = head.hash
            elif head.hash != hashes[old]:
                doubtful.append((head.row_id, old))
        if others and load_hashes(self._db, others) != others:
            raise _conflict()
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
        """Give numbers to new features: above every fid, so that the number can be the fid."""
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
        if not places:
            return
        fids = np.array([self._heads[self._edit.uids[i]].fid for i in places], dtype=np.int64)
        listed = apsw.carray(fids)  # which SQLite reads where it lies
        with self._delete_triggers_paused(fids):
            self._db.execute(f"DELETE FROM {quoted(self._layer.table)} WHERE fid IN {_LISTED}", (listed,))
        self._db.execute(
            f"DELETE FROM pb_head WHERE layer_id = ? AND fid IN {_LISTED}", (self._layer.id, listed)
        )

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
        rows = (
            (fid, after.blobs[new[i]], edit.uids[i], *after.stored[new[i]])  # type: ignore[index]
            for i, fid in zip(places, fids, strict=True)
        )
        with self._insert_triggers_paused(fids, [new[i] for i in places]):
            self._db.executemany(f"INSERT INTO {table}(fid, geom, uid{names}) VALUES (?,?,?{marks})", rows)
        self._db.executemany(
            "INSERT INTO pb_head VALUES (?,?,?,?,?)",
            (
                (self._layer.id, fid, self._heads[edit.uids[i]].feat_id, row_ids[i], new[i] in after.odd)
                for i, fid in zip(places, fids, strict=True)
            ),
        )

    @contextmanager
    def _insert_triggers_paused(self, fids: Sequence[int], places: Sequence[int | None]) -> Iterator[None]:
        """Fill the spatial index directly when many rows come: four times as fast as its trigger."""
        if len(fids) < _MANY:
            yield
            return
        table = self._layer.table
        with self._triggers_paused("insert"):
            yield
        boxes = self._edit.after.bounds[places][:, [0, 2, 1, 3]].tolist()  # type: ignore[index]
        self._db.executemany(
            f"INSERT INTO {quoted(f'rtree_{table}_{GEOMETRY}')} VALUES (?,?,?,?,?)",
            ((fid, *box) for fid, box in zip(fids, boxes, strict=True) if box[0] == box[0]),
        )

    @contextmanager
    def _delete_triggers_paused(self, fids: Ints) -> Iterator[None]:
        """Take many rows out of the spatial index at the end; make it anew where most of it goes."""
        if len(fids) < _MANY:
            yield
            return
        db, table = self._db, self._layer.table
        with self._triggers_paused("delete"):
            yield
        if len(fids) > db.execute(f"SELECT count(*) FROM {quoted(table)}").get:
            refill_spatial_index(db, table)
        else:
            index = quoted(f"rtree_{table}_{GEOMETRY}")
            db.executemany(f"DELETE FROM {index} WHERE id = ?", ((fid,) for fid in fids.tolist()))

    @contextmanager
    def _triggers_paused(self, verb: str) -> Iterator[None]:
        """Do without the triggers of index and watch; an error rolls all of it back."""
        table = self._layer.table
        of_index = f"rtree_{table}_{GEOMETRY}_{verb}"
        for name in (of_index, watch_name(self._layer.id, verb)):
            self._db.execute(f"DROP TRIGGER IF EXISTS {quoted(name)}")
        yield
        self._db.execute(index_triggers(table)[of_index])
        watch(self._db, self._layer.id, table)

    def _free_fids(self, wanted: Sequence[int]) -> list[int]:
        """Return the wanted fids, and others above all where another program took one."""
        rows = self._db.execute(
            f"SELECT fid FROM json_each(?) j CROSS JOIN {quoted(self._layer.table)} ON fid = j.value",
            (write_json(wanted),),
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
