"""The plan at a revision, and whether it is still what was frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apsw
import numpy as np

from gis.store.contents import load_contents, tables_of
from gis.store.digests import Line, numbers_of, packed, sorted_digest, spelled, sum_of, summed_digest
from gis.store.ends import rows_at
from gis.store.history import RowChanges
from gis.store.revisions import RevisionRow, changes_between, find, read_revisions
from gis.store.rows import LayerTable, schemas
from gis.store.settings import setting_texts
from layers.errors import StorageError
from layers.revision import WORKING
from layers.table import Table
from layers.text import Text


def read_state(
    db: apsw.Connection, label: str, tables: Mapping[str, LayerTable]
) -> tuple[dict[str, Table], dict[str, str]]:
    """Return every layer and setting of a revision, checked against its digest.

    Raises
    ------
    NotFoundError
        If there is no such revision.
    StorageError
        If the content is not what was frozen.
    """
    row = find(db, label)
    rows, settings = rows_at(db, label)
    contents = load_contents(db, rows)
    names_of = schemas(db)
    lines: list[Line] = []
    for name, layer in tables.items():
        if layer.id in contents:
            lines += spelled(name, contents[layer.id].uids, contents[layer.id].hashes(names_of))
    if not _is_sealed(row, lines, settings):
        raise _broken(label)
    return tables_of(contents, tables, names_of), settings


def _is_sealed(row: RevisionRow, lines: Sequence[Line], settings: Mapping[str, str]) -> bool:
    """Tell whether a state is what a revision was when it was frozen."""
    if row.content is None:
        return sorted_digest(lines, settings) == row.revision.digest
    return summed_digest(sum_of(lines), settings) == row.revision.digest


def _broken(label: str) -> StorageError:
    return StorageError(
        Text(
            "版次 {label} 的内容与定稿时不一致，文件可能已损坏。",
            "Revision {label} is not what was frozen; the file may be damaged.",
        ).format(label=label),
        Text(
            "其他版次和当前方案不受影响。请用备份中的文件核对。",
            "Other revisions and the working plan are not affected. Compare with a backup.",
        ),
        code="revision.digest",
    )


def broken_digests(db: apsw.Connection, names: Mapping[int, str], broken_rows: Iterable[int]) -> list[str]:
    """Return the labels of revisions that are not what was frozen, told from the hashes of their versions.

    Parameters
    ----------
    broken_rows : iterable of int
        Versions that do not match their own hash.
    """
    broken, all_states = set(broken_rows), _States(db, names)
    known = read_revisions(db)
    by_id = {row.rev_id: row for row in known.values()}
    return [
        label
        for label, row in known.items()
        if not (all_states.is_sound(row, broken) and all_states.follows(row, by_id.get(row.parent or 0)))
    ]


class _States:
    """All revisions of a file, each told by how it differs from the working plan."""

    def __init__(self, db: apsw.Connection, names: Mapping[int, str]) -> None:
        self._db, self._texts = db, setting_texts(db)
        self._heads: dict[Any, Any] = dict(db.execute("SELECT feat_id, row_id FROM pb_head"))
        rows: list[Any] = db.execute(
            "SELECT r.row_id, f.layer_id, f.uid, r.hash FROM pb_row r"
            " JOIN pb_feature f ON f.feat_id = r.feat_id"
        ).fetchall()
        self._lines = {
            row_id: line
            for row_id, layer, uid, digest in rows
            if layer in names
            for line in spelled(names[layer], [uid], [digest])
        }
        self._place = {row_id: place for place, row_id in enumerate(self._lines)}
        self._numbers = numbers_of(self._lines.values())
        self._working = self._sum(self._heads.values())

    def _sum(self, row_ids: Iterable[int | None]) -> np.ndarray:
        places = [self._place[number] for number in row_ids if number in self._place]
        found: np.ndarray = self._numbers[places].sum(axis=0, dtype="<u8")
        return found

    def is_sound(self, row: RevisionRow, broken: set[int]) -> bool:
        """Tell whether a revision is what was frozen and holds none of the broken versions."""
        changes = changes_between(self._db, WORKING, row.revision.label)
        settings = changes.patched(self._texts)
        if row.content is not None:
            gone = self._sum(self._heads.get(feat_id) for feat_id in changes.rows)
            content = self._working - gone + self._sum(after for _, after in changes.rows.values())
            sealed = summed_digest(packed(content), settings) == row.revision.digest
            if not broken or not sealed:
                return sealed
        rows = self._rows(changes)
        if row.content is None:
            lines = (self._lines[n] for n in rows if n in self._lines)
            sealed = sorted_digest(lines, settings) == row.revision.digest
        return sealed and not rows & broken

    def follows(self, row: RevisionRow, parent: RevisionRow | None) -> bool:
        """Tell whether what a revision changed leads from the sum of its parent to its own."""
        before = bytes(len(row.content or b"")) if row.parent is None else parent and parent.content
        if row.content is None or not before:
            return True  # of the first algorithm: nothing to add to
        sides = self._db.execute(
            "SELECT old_row, new_row FROM pb_delta WHERE rev_id = ?", (row.rev_id,)
        ).fetchall()
        if any(number is not None and number not in self._place for pair in sides for number in pair):
            return True  # a version is missing, which is told by itself
        gone, come = (self._sum(pair[side] for pair in sides) for side in (0, 1))  # type: ignore[misc]
        return packed(np.frombuffer(before, "<u8") - gone + come) == row.content

    def _rows(self, changes: RowChanges) -> set[int]:
        state = {**self._heads, **{feat_id: after for feat_id, (_, after) in changes.rows.items()}}
        return {row_id for row_id in state.values() if row_id is not None}
