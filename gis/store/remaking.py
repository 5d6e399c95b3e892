"""Tables of the record with damaged pages, made again: from what can be read of them, and from one another.

The record says most things twice. Steps lead through every version that a revision holds, the deltas of
revisions lead there too, and the newest versions are the plan. What one table has lost is taken from the
others; the digests of the revisions prove that it was the right thing. A damaged index costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import apsw

from gis.store import branches
from gis.store.branches import BranchRow
from gis.store.geopackage import quoted
from gis.store.history import RowChanges, RowPair, changes_since
from gis.store.layer_tables import layer_tables, read_table
from gis.store.revisions import RevisionRow, changes_between, read_revisions
from gis.store.rows import LayerTable, encode, load_hashes
from gis.store.steps import SWITCH, Action, add_action
from gis.store.tables import register_revisions
from layers.text import Text

_STEPS: Final = frozenset({"pb_action", "pb_journal", "pb_setting_journal"})
_FROM_OTHERS: Final = frozenset({"pb_delta", "pb_setting_delta", "pb_head", "pb_feature", "pb_row"})
_PARTS: Final = {
    "steps": _STEPS,
    "postings": frozenset({"pb_board", "pb_posting", "pb_photo"}),
    "decisions": frozenset({"pb_decision", "pb_settled"}),
    "alternatives": frozenset({"pb_branch_delta", "pb_branch_setting"}),
}
"""What cannot be taken from the rest of the record."""
_REGISTER: Final = frozenset({"gpkg_contents", "gpkg_geometry_columns"})
"""What GeoPackage knows of the layers; `gis.store.mending` writes it again."""
_REMADE: Final = _FROM_OTHERS.union({"pb_dirty"}, _REGISTER, *_PARTS.values())
_END: Final = 2**62
_UNREADABLE: Final = (apsw.Error, UnicodeDecodeError)


@dataclass(frozen=True)
class Table:
    """What can be read of a damaged table.

    Parameters
    ----------
    statements : tuple of str
        What makes the table and its indexes.
    rows : list of tuple
    whole : bool
        Whether that is all of it: only an index was damaged.
    """

    name: str
    statements: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    whole: bool


def can_be_remade(name: str) -> bool:
    """Tell whether a table of the record can be made again."""
    return name in _REMADE


def parts_lost(gaps: set[str]) -> set[str]:
    """Return of what parts of the record something is gone, by the tables with gaps."""
    return {part for part, tables in _PARTS.items() if tables & gaps}


def read_damaged(db: apsw.Connection, name: str) -> Table:
    """Read what can be read of a table, from both ends up to where the damage is."""
    statements = tuple(
        row[0]
        for row in db.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL AND type IN ('table', 'index')"
            " ORDER BY type DESC",
            (name,),
        )
    )
    keys = [(row[5], quoted(row[1])) for row in db.execute(f"PRAGMA table_info({quoted(name)})") if row[5]]
    key = [column for _, column in sorted(keys)] if "WITHOUT ROWID" in statements[0] else ["rowid"]
    first, whole = _until_damage(db, name, ", ".join(key))
    last = [] if whole else _until_damage(db, name, ", ".join(f"{column} DESC" for column in key))[0]
    return Table(name, statements, [*first, *last], whole)


def _until_damage(db: apsw.Connection, name: str, order: str) -> tuple[list[tuple[Any, ...]], bool]:
    rows: list[tuple[Any, ...]] = []
    try:
        for row in db.execute(f"SELECT * FROM {quoted(name)} NOT INDEXED ORDER BY {order}"):
            rows.append(row)  # noqa: PERF402 - what was read before an error counts
    except _UNREADABLE:
        return rows, False
    return rows, True


def forget(db: apsw.Connection, name: str) -> None:
    """Take a table with its indexes and triggers out of the list of tables."""
    db.execute("DELETE FROM sqlite_master WHERE tbl_name = ?", (name,))


def remake(db: apsw.Connection, tables: Iterable[Table]) -> set[str]:
    """Make tables again, and what they have lost from one another; return the names of those with gaps.

    The seals of revisions are off afterwards.
    """
    gaps = set()
    for table in tables:
        for statement in table.statements:
            db.execute(statement)
        if table.rows:
            marks = ",".join("?" * len(table.rows[0]))
            statement = f"INSERT OR IGNORE INTO {quoted(table.name)} VALUES ({marks})"
            db.executemany(statement, table.rows)
        gaps |= set() if table.whole else {table.name}
    layers = layer_tables(db)
    if "gpkg_contents" in gaps:
        register_revisions(db)
    if "pb_head" in gaps:
        _heads_from_steps(db, layers)
    if "pb_feature" in gaps:
        _features_from_plan(db, layers)
    if "pb_row" in gaps:
        _versions_from_plan(db, layers)
    if gaps & {"pb_delta", "pb_setting_delta"}:
        _deltas_from_steps(db)
    if gaps & _STEPS:
        _steps_from_deltas(db)
    return gaps


def _ids(db: apsw.Connection, layer: LayerTable) -> dict[str, int]:
    return dict(db.execute(f"SELECT uid, fid FROM {quoted(layer.table)}"))


def _heads_from_steps(db: apsw.Connection, layers: Mapping[str, LayerTable]) -> None:
    """Let the plan be what the steps lead to."""
    ends: dict[Any, Any] = dict(db.execute("SELECT feat_id, after_row FROM pb_journal ORDER BY seq"))
    owners: dict[Any, dict[Any, int]] = {layer.id: _ids(db, layer) for layer in layers.values()}
    features: list[Any] = db.execute("SELECT feat_id, layer_id, uid FROM pb_feature").fetchall()
    for feat_id, layer_id, uid in features:
        row_id = ends.get(feat_id)
        if row_id is not None and layer_id in owners:
            fid = owners[layer_id].get(uid, feat_id)
            # exact values are in the version, whatever the layer table can hold of them
            db.execute("INSERT OR IGNORE INTO pb_head VALUES (?,?,?,?,1)", (layer_id, fid, feat_id, row_id))


def _features_from_plan(db: apsw.Connection, layers: Mapping[str, LayerTable]) -> None:
    for layer in layers.values():
        db.execute(
            "INSERT OR IGNORE INTO pb_feature SELECT h.feat_id, h.layer_id, t.uid FROM pb_head h"
            f" JOIN {quoted(layer.table)} t ON t.fid = h.fid WHERE h.layer_id = ? AND t.uid NOT NULL",
            (layer.id,),
        )


def _versions_from_plan(db: apsw.Connection, layers: Mapping[str, LayerTable]) -> None:
    """Write the current versions again that are lost; digests tell whether they are what they were."""
    for layer in layers.values():
        lost: list[Any] = db.execute(
            "SELECT h.row_id, h.feat_id, f.uid FROM pb_head h JOIN pb_feature f ON f.feat_id = h.feat_id"
            " WHERE h.layer_id = ? AND NOT h.odd AND h.row_id NOT IN (SELECT row_id FROM pb_row)",
            (layer.id,),
        ).fetchall()
        table = read_table(db, layer) if lost else None
        found = [(*one, f) for one in lost if table is not None and (f := table.get(one[2])) is not None]
        made = encode(layer, [feature for *_, feature in found])
        for (row_id, feat_id, *_), digest, blob, text in zip(
            found, made.hashes, made.blobs, made.texts, strict=True
        ):
            values = (row_id, feat_id, layer.schema_id, digest, blob, text, None)
            db.execute("INSERT INTO pb_row VALUES (?,?,?,?,?,?,?)", values)


def _deltas_from_steps(db: apsw.Connection) -> None:
    """Add what revisions changed: all steps since the one before, of other alternatives too.

    Switches brought theirs and took them away again, and what was told meanwhile stayed. Where the one
    before came with a copy of the project, its place is not known: the steps of the alternative count.
    """
    rows: list[Any] = db.execute(
        "SELECT r.rev_id, ifnull(b.name, r.branch), ifnull(p.journal_seq, 0), r.journal_seq,"
        " ifnull(p.setting_seq, 0), r.setting_seq FROM pb_revision r"
        " LEFT JOIN pb_revision p ON p.rev_id = r.parent"
        " LEFT JOIN pb_branch_revision n ON n.rev_id = r.rev_id"
        " LEFT JOIN pb_branch b ON b.branch_id = n.branch_id"
    ).fetchall()
    for table in ("pb_delta", "pb_setting_delta"):
        db.execute(f"DROP TRIGGER IF EXISTS {table}_insert_seal")
    for rev_id, branch, start, end, setting_start, setting_end in rows:
        net = _between(db, "pb_journal", "feat_id, before_row, after_row", (start, end), branch)
        hashes = load_hashes(db, [n for pair in net.values() for n in pair if n is not None])
        changed = {f: p for f, p in net.items() if None in p or hashes.get(p[0]) != hashes.get(p[1])}
        _add_deltas(db, "pb_delta", rev_id, changed)
        settings = _between(
            db, "pb_setting_journal", "name, before, after", (setting_start, setting_end), branch
        )
        _add_deltas(db, "pb_setting_delta", rev_id, settings)


def _between(
    db: apsw.Connection, table: str, columns: str, places: tuple[int, int], branch: str
) -> dict[Any, Any]:
    """Return the net of the steps after one place in a journal (below 0: not known) up to another."""
    first: dict[Any, Any] = {}
    last: dict[Any, Any] = {}
    query = (
        f"SELECT {columns} FROM {table} WHERE seq > ?1 AND seq <= ?2 AND (?1 >= 0 OR action_id IN"
        " (SELECT action_id FROM pb_action WHERE branch = ?3 AND kind != ?4)) ORDER BY seq"
    )
    for key, before, after in db.execute(query, (*places, branch, SWITCH)):
        first.setdefault(key, before)
        last[key] = after
    return {key: (before, last[key]) for key, before in first.items() if before != last[key]}


def _add_deltas(db: apsw.Connection, table: str, rev_id: int, net: Mapping[Any, Any]) -> None:
    db.executemany(
        f"INSERT OR IGNORE INTO {table} VALUES (?,?,?,?)", [(rev_id, key, *pair) for key, pair in net.items()]
    )


def _steps_from_deltas(db: apsw.Connection) -> None:
    """Put one step for each revision in place of the steps, and one for what is not frozen yet."""
    settings = changes_since(db, _END, branches.current(db).setting_seq).settings
    for name in sorted(_STEPS):
        db.execute(f"DELETE FROM {name}")
    db.execute("DROP TRIGGER IF EXISTS pb_revision_update_seal")
    known = read_revisions(db)
    by_id = {row.rev_id: row for row in known.values()}
    here = branches.current(db)
    line = _line(by_id, here)
    before: str | None = None
    for row in line:
        label = row.revision.label
        words = Text("版次 {label}（操作记录已损坏）", "Revision {label} (its steps are damaged)")
        _add_step(db, changes_between(db, before, label), words.format(label=label))
        db.execute(
            "UPDATE pb_revision SET journal_seq = ?, setting_seq = ? WHERE rev_id = ?",
            (*branches.places(db), row.rev_id),
        )
        before = label
    places = branches.places(db)
    db.execute("UPDATE pb_branch SET fork_of = NULL, fork_seq = NULL, fork_setting_seq = NULL")
    db.execute("DELETE FROM pb_branch_delta WHERE branch_id = ?", (here.branch_id,))
    db.execute("DELETE FROM pb_branch_setting WHERE branch_id = ?", (here.branch_id,))
    db.execute("UPDATE pb_branch SET journal_seq = ?, setting_seq = ?", places)
    frozen = changes_between(db, None, before).rows if before else {}
    rest = RowChanges(_unfrozen(db, frozen), settings)
    _add_step(db, rest, Text("未定稿的修改（操作记录已损坏）", "What is not frozen (its steps are damaged)"))


def _line(by_id: Mapping[int, RevisionRow], branch: BranchRow) -> Sequence[RevisionRow]:
    line = []
    number = branch.head
    while number is not None:
        line.append(by_id[number])
        number = by_id[number].parent
    return line[::-1]


def _unfrozen(db: apsw.Connection, frozen: Mapping[int, RowPair]) -> dict[int, RowPair]:
    """Return what leads from a state, told from the empty plan, to the working plan."""
    old = {feat_id: after for feat_id, (_, after) in frozen.items()}
    new: dict[Any, Any] = dict(db.execute("SELECT feat_id, row_id FROM pb_head"))
    return {f: (old.get(f), new.get(f)) for f in {**old, **new} if old.get(f) != new.get(f)}


def _add_step(db: apsw.Connection, changes: RowChanges, words: Text) -> None:
    if not (changes.rows or changes.settings):
        return
    number = add_action(db, Action("edit", words))
    db.executemany(
        "INSERT INTO pb_journal(action_id, feat_id, before_row, after_row) VALUES (?,?,?,?)",
        [(number, feat_id, *pair) for feat_id, pair in changes.rows.items()],
    )
    db.executemany(
        "INSERT INTO pb_setting_journal(action_id, name, before, after) VALUES (?,?,?,?)",
        [(number, name, *pair) for name, pair in changes.settings.items()],
    )
