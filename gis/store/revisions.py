"""Frozen revisions: net changes since the parent, sealed by a digest."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

import apsw

from gis.store import branches
from gis.store.branches import BranchRow, Fork
from gis.store.clock import checked_time, now
from gis.store.deltas import delta_of
from gis.store.digests import Line, exchanged, spelled, summed_digest, working_sum
from gis.store.history import NOTHING, RowChanges, composed
from gis.store.rows import load_hashes, write_json
from gis.store.settings import setting_texts
from layers.errors import NotFoundError, RefusedError
from layers.revision import MAIN_TITLE, WORKING, Revision, next_label
from layers.text import Text


class RevisionRow(NamedTuple):
    """A revision as the file numbers it.

    Parameters
    ----------
    content : bytes or None
        The sum of its lines; None if its digest is one of the first algorithm.
    """

    rev_id: int
    parent: int | None
    merge_parent: int | None
    journal_seq: int
    content: bytes | None
    revision: Revision


def read_revisions(db: apsw.Connection) -> dict[str, RevisionRow]:
    """Return the frozen revisions by label, in the order they came into the file."""
    rows: Any = db.execute(
        "SELECT r.rev_id, r.parent, r.merge_parent, r.journal_seq, r.content, r.label, r.uuid, p.label,"
        " r.title, r.note, r.author, r.created, r.digest, r.state,"
        " ifnull(ifnull(b.removed, b.name), r.branch), m.label FROM pb_revision r"
        " LEFT JOIN pb_branch_revision n ON n.rev_id = r.rev_id"
        " LEFT JOIN pb_branch b ON b.branch_id = n.branch_id"
        " LEFT JOIN pb_revision p ON p.rev_id = r.parent LEFT JOIN pb_revision m ON m.rev_id = r.merge_parent"
        " WHERE r.state = 'frozen' ORDER BY r.rev_id"
    )
    return {row[5]: RevisionRow._make((*row[:5], Revision(*row[5:]))) for row in rows}


@dataclass(frozen=True)
class Words:
    """What a person says about a revision; `label` and `created` are chosen by the program if None."""

    title: str
    note: str = ""
    author: str = ""
    label: str | None = None
    created: str | None = None


def freeze(db: apsw.Connection, words: Words, names: Mapping[int, str]) -> Revision:
    """Freeze the working plan inside the open transaction.

    Raises
    ------
    RefusedError
        If the label is taken or no proper label, or the time is none.
    """
    known = read_revisions(db)
    branch = branches.current(db)
    by_id = {row.rev_id: row for row in known.values()}
    label = (
        checked_label(db, words.label, known)
        if words.label is not None
        else next_label(known, branch.name, by_id[branch.head].revision.label if branch.head else "")
    )
    net = branches.unfrozen(db, branch)
    merged = branches.merged_with(db, branch, ancestors(by_id, branch.head))
    first = branch.head is None  # then only versions of one feature are compared
    pairs = (pair for pair in net.rows.values() if not first or None not in pair)
    hashes = load_hashes(db, [row for pair in pairs for row in pair if row is not None])
    content = _content(db, by_id.get(branch.head or 0), net, hashes, names)
    digest = summed_digest(content, setting_texts(db))
    created = now() if words.created is None else checked_time(words.created)
    db.execute(
        "INSERT INTO pb_revision(label, title, note, author, created, state, branch, parent, merge_parent,"
        " uuid, digest, content, journal_seq, setting_seq) VALUES (?,?,?,?,?,'draft',?,?,?,?,?,?,?,?)",
        (
            *(label, words.title, words.note, words.author, created),
            *(branch.name, branch.head, merged, uuid.uuid4().hex, digest, content),
            *branches.places(db),
        ),
    )
    rev_id = db.last_insert_rowid()
    seal(db, rev_id, net, hashes)
    branches.set_head(db, branch, rev_id)
    return read_revisions(db)[label].revision


def _content(
    db: apsw.Connection,
    parent: RevisionRow | None,
    net: RowChanges,
    hashes: Mapping[int, bytes],
    names: Mapping[int, str],
) -> bytes:
    """Return the sum of the working plan: from that of the parent if it can be trusted, else line by line."""
    settings = net.inverse().patched(setting_texts(db))
    if (
        parent is None
        or parent.content is None
        or summed_digest(parent.content, settings) != parent.revision.digest
    ):
        return working_sum(db, names)
    rows: list[Any] = db.execute(
        "SELECT f.feat_id, f.layer_id, f.uid, h.row_id FROM json_each(?) j"
        " CROSS JOIN pb_feature f ON f.feat_id = j.value LEFT JOIN pb_head h ON h.feat_id = f.feat_id",
        (write_json(list(net.rows)),),
    ).fetchall()
    if len(rows) != len(net.rows) or any(row[3] != net.rows[row[0]][1] for row in rows):
        return working_sum(db, names)
    gone: list[Line] = []
    come: list[Line] = []
    for feat_id, layer, uid, _ in rows:
        for lines, row_id in zip((gone, come), net.rows[feat_id], strict=True):
            if row_id is not None and layer in names:
                lines += spelled(names[layer], [uid], [hashes[row_id]])
    return exchanged(parent.content, gone, come)


def seal(
    db: apsw.Connection, rev_id: int, net: RowChanges, hashes: Mapping[int, bytes] | None = None
) -> None:
    """Note what a draft changes, and freeze it; `hashes` are those of its versions if they are known."""
    if hashes is None:
        hashes = load_hashes(db, [row for pair in net.rows.values() for row in pair if row is not None])
    db.executemany(
        "INSERT INTO pb_delta VALUES (?,?,?,?)",
        ((rev_id, feat_id, *pair) for feat_id, pair in net.rows.items() if not _equal(hashes, *pair)),
    )
    db.executemany(
        "INSERT INTO pb_setting_delta VALUES (?,?,?,?)",
        [(rev_id, n, *pair) for n, pair in net.settings.items()],
    )
    db.execute("UPDATE pb_revision SET state = 'frozen' WHERE rev_id = ?", (rev_id,))


def _equal(hashes: Mapping[int, bytes], before: int | None, after: int | None) -> bool:
    return before is not None and after is not None and hashes[before] == hashes[after]


def checked_label(db: apsw.Connection, label: str, known: Mapping[str, RevisionRow]) -> str:
    """Return the label of a new revision, or raise `RefusedError` if it is taken or unfit."""
    label = _fit(
        label,
        Text("“{label}”不能作版次号。", "“{label}” cannot be a revision label."),
        Text("请用 R4 这样的短编号。", "Use a short one such as R4."),
        "revision.label",
    )
    if label in known:
        raise RefusedError(
            Text("版次 {label} 已存在。", "Revision {label} exists already.").format(label=label),
            Text("现有版次：{names}", "Revisions: {names}").format(names=", ".join(known)),
            code="revision.exists",
        )
    if label in branches.read_branches(db):
        raise RefusedError(
            Text("“{label}”是一个比选方案的名称。", "“{label}” is the name of an alternative.").format(
                label=label
            ),
            Text("请换一个编号。", "Choose another label."),
            code="revision.exists",
        )
    return label


def checked_branch(db: apsw.Connection, name: str, own: str = "") -> str:
    """Return the name of a branch, or raise `RefusedError` if it is taken or unfit.

    Parameters
    ----------
    own : str, optional
        What it has been called so far: it may keep that, written otherwise.
    """
    name = _fit(
        name,
        Text("“{label}”不能作方案名称。", "“{label}” cannot be the name of an alternative."),
        Text("请用“方案A”这样的短名称。", "Use a short one such as Plan A."),
        "branch.name",
    )
    titles = MAIN_TITLE.zh, MAIN_TITLE.en  # what lists call the main plan by
    others = (label for label in (*read_revisions(db), *branches.read_branches(db)) if label != own)
    taken = {label.casefold() for label in (*others, *titles)}
    if name.casefold() in taken:
        raise RefusedError(
            Text("“{name}”已被使用。", "“{name}” is in use already.").format(name=name),
            Text("请换一个名称。", "Choose another name."),
            code="branch.exists",
        )
    return name


def _fit(label: str, refusal: Text, advice: Text, code: str) -> str:
    label = label.strip()
    if _IN_FILE_NAMES.search(label):
        why = Text(
            '名称会用在文件名和编号里，不能含有 / \\ : * ? " < > | 和逗号，不能以 - 或 . 开头、以 . 结尾。',
            'It goes into file names and numbers: no / \\ : * ? " < > | or comma, no - or . at its'
            " beginning, no . at its end.",
        )
        raise RefusedError(refusal.format(label=label[:40]), why, code=code)
    if not label or label.casefold() == WORKING or len(label) > 40 or not label.isprintable():
        raise RefusedError(refusal.format(label=label[:40]), advice, code=code)
    return label


_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|,，]|^[-.]|\.$')


def frozen_after(db: apsw.Connection) -> dict[str, int]:
    """Return after which step, as the journal numbers it, each revision was frozen in this file.

    Empty if the journal is damaged: the plan opens without it, and the look at every page tells of it.
    """
    last = "SELECT action_id FROM {table} WHERE seq <= r.{place} ORDER BY seq DESC LIMIT 1"
    features, settings = (
        last.format(table=table, place=place)
        for table, place in (("pb_journal", "journal_seq"), ("pb_setting_journal", "setting_seq"))
    )
    asked = (
        f"SELECT r.label, max(ifnull(({features}), 0), ifnull(({settings}), 0)) FROM pb_revision r"
        " WHERE r.state = 'frozen' AND r.journal_seq >= 0"
    )
    try:
        rows: Any = db.execute(asked).fetchall()
    except apsw.CorruptError:
        return {}
    return dict(rows)


def ancestors(by_id: Mapping[int, RevisionRow], rev_id: int | None) -> list[int]:
    """Return a revision and everything it was made from, by both parents."""
    found: dict[int, None] = {}
    waiting = [rev_id]
    while waiting:
        number = waiting.pop()
        if number is not None and number not in found:
            found[number] = None
            waiting += [by_id[number].merge_parent, by_id[number].parent]
    return list(found)


def newest_shared(by_id: Mapping[int, RevisionRow], shared: set[int]) -> int | None:
    """Return the revision of a set that none of the others was made from; the newest if there are several."""
    older = {a for number in shared for a in ancestors(by_id, number) if a != number}
    return max(shared - older, default=None)


def find(db: apsw.Connection, label: str) -> RevisionRow:
    """Return a revision by label, or raise `NotFoundError` that lists the known."""
    known = read_revisions(db)
    if label in known:
        return known[label]
    raise _unknown(known, branches.read_branches(db), label)


def _unknown(known: Iterable[str], alternatives: Collection[str], label: str) -> NotFoundError:
    listed = ", ".join([*known, *(alternatives if len(alternatives) > 1 else ()), WORKING])
    return NotFoundError(
        Text("没有版次“{label}”。", "There is no revision “{label}”.").format(label=label),
        Text("现有：{names}", "There are: {names}").format(names=listed),
        code="revision.unknown",
    )


def changes_between(db: apsw.Connection, before: str | None, after: str | None) -> RowChanges:
    """Return the net change from one state to another, folded from recorded deltas.

    The cost is that of the changes on the way, not of the plan.

    Parameters
    ----------
    before, after : str or None
        Label of a revision, name of a branch (its working plan), ``"working"``, or None: the
        empty plan that every project begins with.
    """
    back, forth = route(db, before, after)
    return composed(chain((_step(db, node).inverse() for node in back), (_step(db, node) for node in forth)))


def begin_branch(db: apsw.Connection, name: str, label: str | None) -> str:
    """Add a branch inside the open transaction, from a revision or from the working plan; return its name."""
    name = checked_branch(db, name)
    if label is None or label == WORKING:
        here = branches.current(db)
        fork = Fork(here.name, *branches.places(db))
        branches.add_branch(db, name, here.head, branches.own_work(db, here), fork)
    else:
        branches.add_branch(db, name, find(db, label).rev_id, NOTHING, None)
    return name


_Node: TypeAlias = "int | BranchRow"
"""A revision by its number, or the unfrozen work of a branch."""


def route(db: apsw.Connection, before: str | None, after: str | None) -> tuple[list[_Node], list[_Node]]:
    """Return what to go back by, and then forth, from one state to another."""
    known = read_revisions(db)
    start, goal = _line(db, known, before), _line(db, known, after)
    shared = set(start) & set(goal)
    back, forth = ([node for node in line if node not in shared] for line in (start, reversed(goal)))
    return back, forth


def _line(db: apsw.Connection, known: Mapping[str, RevisionRow], label: str | None) -> list[_Node]:
    """Return what leads from a state back to the beginning."""
    if label is None:
        return []
    line: list[_Node] = []
    if label in known:
        number: int | None = known[label].rev_id
    else:
        alternatives = branches.read_branches(db)
        branch = branches.current(db) if label == WORKING else alternatives.get(label)
        if branch is None:
            raise _unknown(known, alternatives, label)
        line.append(branch)
        number = branch.head
    parents = {row.rev_id: row.parent for row in known.values()}
    while number is not None:
        line.append(number)
        number = parents[number]
    return line


def _step(db: apsw.Connection, node: _Node) -> RowChanges:
    if isinstance(node, BranchRow):
        return branches.unfrozen(db, node)
    return delta_of(db, node)
