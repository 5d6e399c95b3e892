"""What alternatives are called: another name, none any more, and which is which in another copy.

A removed alternative stays in the file under a name that nobody can give, with its unfrozen work and its
steps, so that it can be brought back. Its frozen revisions never change and stay where they are.
"""

from __future__ import annotations

import apsw

from gis.store import branches, revisions
from gis.store.branches import BranchRow
from layers.errors import NotFoundError, RefusedError
from layers.revision import MAIN, MAIN_TITLE, Removal
from layers.text import Text


def rename(db: apsw.Connection, old: str, new: str) -> str:
    """Give an alternative another name, inside the open transaction; return the name as it is kept.

    Raises
    ------
    NotFoundError
    RefusedError
        If it is the main plan, or if the name is the same, taken or unfit.
    """
    row = branches.find_branch(branches.read_branches(db), old)
    if row.name == MAIN:
        raise RefusedError(
            Text("{t}不能改名。", "The {t} cannot be renamed.").format(t=_main()),
            Text("可以改名的是比选方案。", "Only alternatives can be renamed."),
            code="branch.main",
        )
    name = checked_name(db, new, old)
    _call(db, row, name)
    return name


def checked_name(db: apsw.Connection, new: str, old: str) -> str:
    """Return the new name of an alternative, or raise `RefusedError`."""
    if new.strip() == old:
        raise RefusedError(
            Text("新名称和原来的一样。", "The new name is the old one."),
            Text("请填写另一个名称。", "Enter another name."),
            code="branch.same",
        )
    return revisions.checked_branch(db, new, old)


def plan_removal(db: apsw.Connection, name: str) -> Removal:
    """Say what removing an alternative takes away and what it leaves; changes nothing.

    Raises
    ------
    NotFoundError
    RefusedError
        If it is the main plan, or the plan being edited.
    """
    row = branches.find_branch(branches.read_branches(db), name)
    if row.name == MAIN:
        raise RefusedError(
            Text("{t}不能删除。", "The {t} cannot be removed.").format(t=_main()),
            Text("可以删除的是比选方案。", "Only alternatives can be removed."),
            code="branch.main",
        )
    if row.name == branches.current_name(db):
        raise RefusedError(
            Text("“{name}”正在编辑，不能删除。", "“{name}” is being edited and cannot be removed.").format(
                name=name
            ),
            Text("请先切换到另一个方案。", "Switch to another plan first."),
            code="branch.current",
        )
    rest = branches.own_work(db, row)
    frozen = [r.revision.label for r in revisions.read_revisions(db).values() if r.revision.branch == name]
    return Removal(name, len(rest.rows) + len(rest.settings), tuple(frozen))


def remove(db: apsw.Connection, name: str) -> Removal:
    """Take an alternative out of the lists, inside the open transaction; raises as `plan_removal`."""
    planned = plan_removal(db, name)
    row = branches.read_branches(db)[name]
    _call(db, row, f"removed:{row.branch_id}")  # a colon stands in no name
    db.execute("UPDATE pb_branch SET removed = ? WHERE branch_id = ?", (name, row.branch_id))
    return planned


def bring_back(db: apsw.Connection, name: str) -> None:
    """Bring back the alternative of that name that was removed last, inside the open transaction.

    Raises
    ------
    NotFoundError
        If none of that name was removed.
    RefusedError
        If the name is in use again.
    """
    removed = branches.removed_branches(db)
    found = next((row for former, row in reversed(removed) if former == name), None)
    if found is None:
        listed = ", ".join(dict.fromkeys(former for former, _ in removed))
        raise NotFoundError(
            Text("没有已删除的比选方案“{name}”。", "No alternative called “{name}” was removed.").format(
                name=name
            ),
            Text("已删除的有：{names}", "Removed ones: {names}").format(names=listed or "–"),
            code="branch.unknown",
        )
    revisions.checked_branch(db, name)
    _call(db, found, name)
    db.execute("UPDATE pb_branch SET removed = NULL WHERE branch_id = ?", (found.branch_id,))


def counterparts(ours: apsw.Connection, theirs: apsw.Connection) -> dict[str, str]:
    """Return our name of each alternative of another copy that we have, too, by its name there.

    Known by identity. Two of one name that were begun apart count as one, as long as neither is known
    to be another one.
    """
    mine, other = branches.read_branches(ours), branches.read_branches(theirs)
    here = {row.uid: name for name, row in mine.items()}
    found = {name: here[row.uid] for name, row in other.items() if row.uid in here}
    known = {row.uid for _, row in branches.removed_branches(ours)}
    gone = {row.uid for _, row in branches.removed_branches(theirs)}
    taken = set(found.values())
    for name, row in other.items():
        apart = name in mine and name not in taken and mine[name].uid not in gone
        if name not in found and row.uid not in known and apart:
            found[name] = name
    return found


def removed_here(ours: apsw.Connection, theirs: BranchRow) -> BranchRow | None:
    """Return the alternative of another copy as it was when it was removed here; None if it was not."""
    return next((row for _, row in branches.removed_branches(ours) if row.uid == theirs.uid), None)


def stand_aside(db: apsw.Connection, removed: BranchRow, number: int) -> None:
    """Let a removed alternative be another one from now on: number is the one that came for it."""
    db.execute(
        "UPDATE pb_branch SET uid = lower(hex(randomblob(16))) WHERE branch_id = ?", (removed.branch_id,)
    )
    db.execute("UPDATE pb_branch_revision SET branch_id = ? WHERE branch_id = ?", (number, removed.branch_id))


def _call(db: apsw.Connection, row: BranchRow, name: str) -> None:
    """Write another name wherever the file calls the alternative by its name."""
    db.execute(
        "INSERT OR IGNORE INTO pb_branch_revision SELECT rev_id, ? FROM pb_revision WHERE branch = ?",
        (row.branch_id, row.name),
    )  # a frozen revision keeps the word it was frozen with
    db.execute("UPDATE pb_branch SET name = ? WHERE branch_id = ?", (name, row.branch_id))
    db.execute("UPDATE pb_branch SET fork_of = ? WHERE fork_of = ?", (name, row.name))
    for table in ("pb_action", "pb_settled"):
        db.execute(f"UPDATE {table} SET branch = ? WHERE branch = ?", (name, row.name))
    db.execute("UPDATE pb_meta SET value = ? WHERE key = 'branch' AND value = ?", (name, row.name))


def _main() -> Text:
    return Text(MAIN_TITLE.zh, MAIN_TITLE.en.lower())


__all__ = [
    "bring_back",
    "checked_name",
    "counterparts",
    "plan_removal",
    "remove",
    "removed_here",
    "rename",
    "stand_aside",
]
