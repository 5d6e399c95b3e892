"""What a colleague's copy has that ours lacks: revisions, alternatives, photos, postings, boards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from string import ascii_lowercase
from typing import Any

from gis.store import branch_names, branches, revisions
from gis.store.branches import BranchRow
from gis.store.deltas import delta_of
from gis.store.history import RowChanges, RowPair, change_set
from gis.store.postings import add_posting, newer_boards, read_postings, take_boards
from gis.store.revisions import RevisionRow
from gis.store.store import Store
from layers.changes import ChangeSet
from layers.posting import Posting

_NOT_HERE = -1
"""Place in the journal of a revision that was not frozen in this file."""


def free_label(label: str, taken: Collection[str]) -> str:
    """Return a label, or R4b, R4c ... if it is taken."""
    if label not in taken:
        return label
    letters = (f"{label}{c}" for c in ascii_lowercase[1:])
    many = (f"{label}-{n}" for n in range(27, 10**6))
    return next(name for names in (letters, many) for name in names if name not in taken)


def has_news(ours: Store, mine: BranchRow, theirs: Store, row: BranchRow) -> bool:
    """Tell whether their side of an alternative holds what ours has not: a revision, or unfrozen work."""
    there = {r.rev_id: r.revision.uuid for r in revisions.read_revisions(theirs.db).values()}
    here = {r.rev_id: r for r in revisions.read_revisions(ours.db).values()}
    line = {here[number].revision.uuid for number in revisions.ancestors(here, mine.head)}
    if row.head is not None and there[row.head] not in line:
        return True
    rest = _unfrozen(theirs, row)
    return bool(rest) and rest != _unfrozen(ours, mine)


def _unfrozen(store: Store, branch: BranchRow) -> ChangeSet:
    return change_set(store.db, branches.own_work(store.db, branch), store.names)[0]


class HandOver:
    """Takes over from one file into another of the same project, inside the open transaction."""

    def __init__(self, ours: Store, theirs: Store) -> None:
        self._ours, self._theirs = ours, theirs
        self._names = branch_names.counterparts(ours.db, theirs.db)
        self._features: dict[int, int] = {}
        self._rows: dict[int, int] = {}

    def missing_revisions(self) -> list[RevisionRow]:
        """Return their revisions that ours lacks, parents first."""
        known = {row.revision.uuid for row in revisions.read_revisions(self._ours.db).values()}
        rows = revisions.read_revisions(self._theirs.db).values()
        return [row for row in rows if row.revision.uuid not in known]

    def missing_photos(self) -> list[str]:
        """Return the ids of their photos that ours lacks."""
        mine, other = ({row[0] for row in s.db.execute("SELECT photo_id FROM pb_photo")} for s in self._both)
        return sorted(other - mine)

    def missing_postings(self) -> list[Posting]:
        """Return their postings that ours lacks; the same posting is known by its file and time."""
        known = {posting.key for posting in read_postings(self._ours.db)}
        return [posting for posting in read_postings(self._theirs.db) if posting.key not in known]

    @property
    def _both(self) -> tuple[Store, Store]:
        return self._ours, self._theirs

    def run(self) -> dict[int, int]:
        """Take everything over; return our numbers of their revisions."""
        missing, postings = self.missing_revisions(), self.missing_postings()
        numbers = self._shared_numbers()
        deltas = {row.rev_id: delta_of(self._theirs.db, row.rev_id) for row in missing}
        lacking = self.missing_branches()
        unfrozen = {b.name: branches.own_work(self._theirs.db, b) for b in lacking}
        self._take_rows([*deltas.values(), *unfrozen.values()])
        for row in missing:
            numbers[row.rev_id] = self._take_revision(row, deltas[row.rev_id], numbers)
        for branch in lacking:
            head = None if branch.head is None else numbers[branch.head]
            self._take_branch(branch, head, self._translated(unfrozen[branch.name]))
        self._take_photos()
        self._take_postings(postings, numbers)
        take_boards(self._ours.db, newer_boards(self._ours.db, self._theirs.db))
        return numbers

    def _shared_numbers(self) -> dict[int, int]:
        mine = {row.revision.uuid: row.rev_id for row in revisions.read_revisions(self._ours.db).values()}
        rows = revisions.read_revisions(self._theirs.db).values()
        return {row.rev_id: mine[row.revision.uuid] for row in rows if row.revision.uuid in mine}

    def missing_branches(self) -> list[BranchRow]:
        """Return their alternatives that ours lacks; of those removed here, the ones that went on there."""
        return [
            row
            for name, row in branches.read_branches(self._theirs.db).items()
            if name not in self._names and self._goes_on(row)
        ]

    def _goes_on(self, row: BranchRow) -> bool:
        mine = branch_names.removed_here(self._ours.db, row)
        return mine is None or has_news(self._ours, mine, self._theirs, row)

    def _take_branch(self, row: BranchRow, head: int | None, changes: RowChanges) -> None:
        db = self._ours.db
        mine = branch_names.removed_here(db, row)
        taken = {*revisions.read_revisions(db), *branches.read_branches(db)}
        number = branches.add_branch(db, free_label(row.name, taken), head, changes, None, row.uid)
        if mine is not None:
            branch_names.stand_aside(db, mine, number)

    def _translated(self, changes: RowChanges) -> RowChanges:
        """Return row changes in our numbers; features of layers that ours lacks are left out."""

        def pair(rows: RowPair) -> RowPair:
            before, after = (None if row is None else self._rows[row] for row in rows)
            return before, after

        known = {self._features[f]: pair(rows) for f, rows in changes.rows.items() if f in self._features}
        return RowChanges(known, changes.settings)

    def _take_rows(self, all_changes: Iterable[RowChanges]) -> None:
        pairs = [item for changes in all_changes for item in changes.rows.items()]
        self._take_features({feat_id for feat_id, _ in pairs})
        wanted = sorted({r for f, rows in pairs if f in self._features for r in rows if r is not None})
        select = (
            "SELECT row_id, feat_id, schema_id, hash, geom, attrs, ancestors FROM pb_row WHERE row_id = ?"
        )
        schemas = self._schemas()
        number = self._ours.db.execute("SELECT ifnull(max(row_id), 0) FROM pb_row").get
        fresh = []
        for row in self._theirs.db.executemany(select, [(row_id,) for row_id in wanted]):
            row_id, feat_id = row[0], self._features[row[1]]
            if self._have(row_id, feat_id, row[3]):
                self._rows[row_id] = row_id
                continue
            number += 1
            self._rows[row_id] = number
            fresh.append((number, feat_id, schemas[row[2]], *row[3:]))
        self._ours.db.executemany(
            "INSERT INTO pb_row(row_id, feat_id, schema_id, hash, geom, attrs, ancestors)"
            " VALUES (?,?,?,?,?,?,?)",
            fresh,
        )

    def _have(self, row_id: int, feat_id: int, digest: bytes) -> bool:
        """Tell whether a version stands under the same number here: the common past of both files does."""
        query = "SELECT feat_id, hash FROM pb_row WHERE row_id = ?"
        return bool(self._ours.db.execute(query, (row_id,)).get == (feat_id, digest))

    def _take_features(self, wanted: Iterable[int]) -> None:
        layers = {name: table.id for name, table in self._ours.tables.items()}
        db = self._ours.db
        number = db.execute("SELECT ifnull(max(feat_id), 0) FROM pb_feature").get
        rows = self._theirs.db.executemany(
            "SELECT f.feat_id, l.name, f.uid FROM pb_feature f JOIN pb_layer l ON l.layer_id = f.layer_id"
            " WHERE f.feat_id = ?",
            [(feat_id,) for feat_id in sorted(wanted)],
        )
        for feat_id, layer, uid in rows:
            if layer not in layers:
                continue
            key = layers[layer], uid
            found = db.execute("SELECT feat_id FROM pb_feature WHERE layer_id = ? AND uid = ?", key).get
            if found is None:
                number += 1
                found = number
                db.execute("INSERT INTO pb_feature VALUES (?,?,?)", (found, *key))
            self._features[feat_id] = found

    def _schemas(self) -> dict[int, int]:
        """Return our numbers of their schemas; a new one gets a low number: the highest is in force."""
        layers = {name: table.id for name, table in self._ours.tables.items()}
        mine: dict[Any, int] = {}
        for number, layer, columns in self._ours.db.execute(
            "SELECT schema_id, layer_id, columns FROM pb_schema"
        ):
            mine[layer, columns] = number
        rows: list[Any] = self._theirs.db.execute(
            "SELECT s.schema_id, l.name, s.columns, s.crs, s.fingerprint FROM pb_schema s"
            " JOIN pb_layer l ON l.layer_id = s.layer_id"
        ).fetchall()
        numbers = {}
        for number, name, columns, crs, fingerprint in rows:
            if name not in layers:
                continue
            key = layers[name], columns
            if key not in mine:
                mine[key] = min(0, *mine.values()) - 1
                self._ours.db.execute(
                    "INSERT INTO pb_schema VALUES (?,?,?,?,?)", (mine[key], *key, crs, fingerprint)
                )
            numbers[number] = mine[key]
        return numbers

    def _take_revision(self, row: RevisionRow, delta: RowChanges, numbers: dict[int, int]) -> int:
        db, r = self._ours.db, row.revision
        taken = {*revisions.read_revisions(db), *branches.read_branches(db)}
        parents = (None if p is None else numbers[p] for p in (row.parent, row.merge_parent))
        db.execute(
            "INSERT INTO pb_revision(label, title, note, author, created, state, branch, uuid, digest,"
            " content, journal_seq, setting_seq, parent, merge_parent)"
            " VALUES (?,?,?,?,?,'draft',?,?,?,?,?,?,?,?)",
            (
                *(
                    free_label(r.label, taken),
                    r.title,
                    r.note,
                    r.author,
                    r.created,
                    self._names.get(r.branch, r.branch),
                ),
                *(r.uuid, r.digest, row.content, _NOT_HERE, _NOT_HERE, *parents),
            ),
        )
        rev_id = db.last_insert_rowid()
        revisions.seal(db, rev_id, self._translated(delta))
        return rev_id

    def _take_photos(self) -> None:
        for photo_id in self.missing_photos():
            row = self._theirs.db.execute(
                "SELECT photo_id, name, mime, added, data FROM pb_photo WHERE photo_id = ?", (photo_id,)
            ).get
            self._ours.db.execute("INSERT INTO pb_photo VALUES (?,?,?,?,?)", row)

    def _take_postings(self, postings: Iterable[Posting], numbers: dict[int, int]) -> None:
        """Take over postings; they name revisions by label, which may be another one here."""
        labels = {row.rev_id: label for label, row in revisions.read_revisions(self._ours.db).items()}
        known = revisions.read_revisions(self._theirs.db)

        def here(label: str | None) -> str | None:
            return labels[numbers[known[label].rev_id]] if label in known else label

        for p in postings:
            label = here(p.revision) or p.revision
            add_posting(
                self._ours.db,
                Posting(label, here(p.compared_with), p.profile, p.file_name, p.sha256, p.created),
            )
