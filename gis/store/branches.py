"""Alternatives: each a line of revisions, and a working plan of its own.

The layer tables hold the working plan of one branch, the current one. That of
any other branch is its newest revision followed by what is noted in
``pb_branch_delta``: the unfrozen work as it was when the branch was left. What was
told is no plan: it is in every branch what it is in the layer tables (`gis.store.told`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import apsw

from gis.store.clock import now
from gis.store.deltas import between
from gis.store.history import RowChanges, changes_since, plan_only
from gis.store.told import with_told, without_told
from layers.errors import NotFoundError
from layers.revision import Branch
from layers.text import Text


class Fork(NamedTuple):
    """Where a branch left another one: its name, and the place in the journal."""

    of: str
    journal_seq: int
    setting_seq: int


class BranchRow(NamedTuple):
    """A branch as the file numbers it.

    Parameters
    ----------
    head, origin : int or None
        Numbers of its newest revision, and of the one it began from.
    journal_seq, setting_seq : int
        Of the current branch: place in the journal from where on steps are unfrozen work.
    fork : Fork or None
        If it began from a working plan.
    uid : str
        Identity for life, in every copy of the project, whatever it is called.
    """

    branch_id: int
    name: str
    head: int | None
    origin: int | None
    journal_seq: int
    setting_seq: int
    fork: Fork | None
    uid: str


def read_branches(db: apsw.Connection) -> dict[str, BranchRow]:
    """Return the branches by name, in the order of their making."""
    return {row.name: row for row in _rows(db, "removed IS NULL")}


def removed_branches(db: apsw.Connection) -> list[tuple[str, BranchRow]]:
    """Return the alternatives that were removed, by the names they had, the one removed last at the end."""
    names: dict[Any, Any] = dict(db.execute("SELECT branch_id, removed FROM pb_branch"))
    return [(names[row.branch_id], row) for row in _rows(db, "removed IS NOT NULL")]


def _rows(db: apsw.Connection, which: str) -> list[BranchRow]:
    rows: Any = db.execute(
        "SELECT branch_id, name, head, origin, journal_seq, setting_seq, uid, fork_of, fork_seq,"
        f" fork_setting_seq FROM pb_branch WHERE {which} ORDER BY branch_id"
    )
    return [
        BranchRow._make((*row[:6], Fork(*row[7:]) if row[7] is not None else None, row[6])) for row in rows
    ]


def current_name(db: apsw.Connection) -> str:
    """Return the name of the branch that the layer tables hold."""
    name: str = db.execute("SELECT value FROM pb_meta WHERE key = 'branch'").get
    return name


def current(db: apsw.Connection) -> BranchRow:
    """Return the branch that the layer tables hold."""
    found = read_branches(db).get(current_name(db))
    if found is None:
        raise apsw.CorruptError("the plan being edited is not among the alternatives")
    return found


def as_values(db: apsw.Connection, labels: Mapping[int, str]) -> tuple[Branch, ...]:
    """Return the branches as the program knows them; `labels` are those of revisions by number."""
    here = current_name(db)
    return tuple(
        Branch(
            row.name,
            None if row.head is None else labels[row.head],
            None if row.origin is None else labels[row.origin],
            row.name == here,
        )
        for row in read_branches(db).values()
    )


def find_branch(known: Mapping[str, BranchRow], name: str) -> BranchRow:
    """Return a branch by name, or raise `NotFoundError` that lists the known."""
    if name in known:
        return known[name]
    raise NotFoundError(
        Text("没有比选方案“{name}”。", "There is no alternative “{name}”.").format(name=name),
        Text("现有：{names}", "There are: {names}").format(names=", ".join(known)),
        code="branch.unknown",
    )


def unfrozen(db: apsw.Connection, branch: BranchRow) -> RowChanges:
    """Return what leads from the newest revision of a branch to its working plan."""
    own, here = noted(db, branch), current(db)
    if branch.branch_id == here.branch_id:
        return own
    return with_told(db, own, between(db, branch.head, here.head).then(noted(db, here)))


def own_work(db: apsw.Connection, branch: BranchRow) -> RowChanges:
    """Return what of the unfrozen work belongs to a branch alone: not what was told, nor the display."""
    return plan_only(without_told(db, noted(db, branch)))


def noted(db: apsw.Connection, branch: BranchRow) -> RowChanges:
    """Return the unfrozen work of a branch as the file tells it."""
    kept = _kept(db, branch.branch_id)
    if branch.name != current_name(db):
        return kept
    return kept.then(changes_since(db, branch.journal_seq, branch.setting_seq))


def _kept(db: apsw.Connection, branch_id: int) -> RowChanges:
    rows = db.execute(
        "SELECT feat_id, old_row, new_row FROM pb_branch_delta WHERE branch_id = ?", (branch_id,)
    )
    settings = db.execute(
        "SELECT name, before, after FROM pb_branch_setting WHERE branch_id = ?", (branch_id,)
    )
    return RowChanges({r[0]: (r[1], r[2]) for r in rows}, {s[0]: (s[1], s[2]) for s in settings})


def keep_unfrozen(db: apsw.Connection, branch_id: int, changes: RowChanges) -> None:
    """Note the unfrozen work of a branch in place of what was noted before."""
    db.execute("DELETE FROM pb_branch_delta WHERE branch_id = ?", (branch_id,))
    db.execute("DELETE FROM pb_branch_setting WHERE branch_id = ?", (branch_id,))
    plan = plan_only(changes)
    db.executemany(
        "INSERT INTO pb_branch_delta VALUES (?,?,?,?)",
        [(branch_id, feat_id, *pair) for feat_id, pair in plan.rows.items()],
    )
    db.executemany(
        "INSERT INTO pb_branch_setting VALUES (?,?,?,?)",
        [(branch_id, name, *pair) for name, pair in plan.settings.items()],
    )


def places(db: apsw.Connection) -> tuple[int, int]:
    """Return where the journals of features and of settings end."""
    ends = (db.execute(f"SELECT ifnull(max(seq), 0) FROM {t}").get for t in _JOURNALS)
    first, second = ends
    return first, second


_JOURNALS = ("pb_journal", "pb_setting_journal")


def add_branch(
    db: apsw.Connection,
    name: str,
    head: int | None,
    changes: RowChanges,
    fork: Fork | None,
    uid: str | None = None,
) -> int:
    """Add a branch that begins at a revision followed by unfrozen changes; return its number.

    `uid` is that of the same alternative in another copy of the project, if it came from one.
    """
    db.execute(
        "INSERT INTO pb_branch(name, head, origin, created, journal_seq, setting_seq, fork_of, fork_seq,"
        " fork_setting_seq, uid) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (name, head, head, now(), *places(db), *(fork or (None, None, None)), uid or uuid4().hex),
    )
    number = db.last_insert_rowid()
    keep_unfrozen(db, number, changes)
    return number


def leave_for(db: apsw.Connection, name: str) -> None:
    """Note the unfrozen work of the current branch, before another one comes into the layer tables.

    The other one goes on from what was told by now, not from what had been told when it was left.
    """
    left, entered = current(db), find_branch(read_branches(db), name)
    begins = unfrozen(db, entered)
    keep_unfrozen(db, left.branch_id, own_work(db, left))
    keep_unfrozen(db, entered.branch_id, begins)
    db.execute("UPDATE pb_meta SET value = ? WHERE key = 'branch'", (name,))


def begin_here(db: apsw.Connection) -> None:
    """Let the unfrozen work of the current branch be what is noted, and every step from now on."""
    db.execute(
        "UPDATE pb_branch SET journal_seq = ?, setting_seq = ? WHERE name = ?",
        (*places(db), current_name(db)),
    )


def set_head(db: apsw.Connection, branch: BranchRow, rev_id: int) -> None:
    """Let the current branch end at the revision that was just frozen."""
    db.execute("UPDATE pb_branch SET head = ? WHERE branch_id = ?", (rev_id, branch.branch_id))
    keep_unfrozen(db, branch.branch_id, RowChanges({}, {}))
    begin_here(db)


def merged_with(db: apsw.Connection, branch: BranchRow, ancestors: Iterable[int]) -> int | None:
    """Return the revision that was merged into the unfrozen work, if one was and was not undone."""
    rows: list[Any] = db.execute(
        "SELECT merge_parent FROM pb_action WHERE branch = ? AND state = 'done' AND merge_parent IS NOT NULL"
        " ORDER BY action_id DESC",
        (branch.name,),
    ).fetchall()
    known = set(ancestors)
    return next((number for (number,) in rows if number not in known), None)
