"""Frozen revisions: net changes since the parent, sealed by a digest."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

import apsw

from gis.store.history import NOTHING, RowChanges, changes_since
from gis.store.rows import Version, head_versions, load_versions, row_hash, schema_hasher, schemas
from gis.store.settings import belongs_to_plan
from gis.store.steps import now
from layers.errors import NotFoundError, RefusedError, StorageError
from layers.revision import WORKING, Revision
from layers.text import Text


class RevisionRow(NamedTuple):
    """A revision as the file numbers it."""

    rev_id: int
    parent: int | None
    journal_seq: int
    setting_seq: int
    revision: Revision


def read_revisions(db: apsw.Connection) -> dict[str, RevisionRow]:
    """Return the frozen revisions by label, oldest first."""
    rows = db.execute(
        "SELECT r.rev_id, r.parent, r.journal_seq, r.setting_seq, r.label, r.uuid, p.label,"
        " r.title, r.note, r.author,"
        " r.created, r.digest FROM pb_revision r LEFT JOIN pb_revision p ON p.rev_id = r.parent"
        " WHERE r.state = 'frozen' ORDER BY r.rev_id"
    )
    return {row[4]: RevisionRow(row[0], row[1], row[2], row[3], Revision(*row[4:])) for row in rows}


def freeze(
    db: apsw.Connection, title: str, note: str, author: str, label: str | None, names: Mapping[int, str]
) -> Revision:
    """Freeze the working plan inside the open transaction.

    Raises
    ------
    RefusedError
        If the label is taken or no proper label.
    """
    known = read_revisions(db)
    label = _checked(label, known) if label is not None else _next_label(known)
    parent = known.get(_head_label(db) or "")
    net = _since(db, parent)
    versions = load_versions(db, [row for pair in net.rows.values() for row in pair if row is not None])
    digest = digest_of(_hashes(db, names), _setting_texts(db))
    places = [
        db.execute(f"SELECT ifnull(max(seq), 0) FROM {t}").get for t in ("pb_journal", "pb_setting_journal")
    ]
    db.execute(
        "INSERT INTO pb_revision(label, title, note, author, created, state, parent, uuid,"
        " digest, journal_seq,"
        " setting_seq) VALUES (?,?,?,?,?,'draft',?,?,?,?,?)",
        (label, title, note, author, now(), parent and parent.rev_id, uuid.uuid4().hex, digest, *places),
    )
    rev_id = db.last_insert_rowid()
    db.executemany(
        "INSERT INTO pb_delta VALUES (?,?,?,?)",
        [(rev_id, feat_id, *pair) for feat_id, pair in net.rows.items() if not _equal(versions, *pair)],
    )
    db.executemany(
        "INSERT INTO pb_setting_delta VALUES (?,?,?,?)",
        [(rev_id, n, *pair) for n, pair in net.settings.items()],
    )
    db.execute("UPDATE pb_revision SET state = 'frozen' WHERE rev_id = ?", (rev_id,))
    db.execute("INSERT OR REPLACE INTO pb_meta VALUES ('head', ?)", (label,))
    return read_revisions(db)[label].revision


def _equal(versions: Mapping[int, Version], before: int | None, after: int | None) -> bool:
    return before is not None and after is not None and versions[before].hash == versions[after].hash


def _checked(label: str, known: Mapping[str, RevisionRow]) -> str:
    label = label.strip()
    if not label or label == WORKING or len(label) > 40 or not label.isprintable():
        raise RefusedError(
            Text("“{label}”不能作版次号。", "“{label}” cannot be a revision label.").format(label=label[:40]),
            Text("请用 R4 这样的短编号。", "Use a short one such as R4."),
            code="revision.label",
        )
    if label in known:
        raise RefusedError(
            Text("版次 {label} 已存在。", "Revision {label} exists already.").format(label=label),
            Text("现有版次：{names}", "Revisions: {names}").format(names=", ".join(known)),
            code="revision.exists",
        )
    return label


def _next_label(known: Iterable[str]) -> str:
    numbers = [int(m[1]) for name in known if (m := re.fullmatch(r"R(\d{1,6})", name))]
    return f"R{max(numbers, default=0) + 1}"


def _head_label(db: apsw.Connection) -> str | None:
    label: str | None = db.execute("SELECT value FROM pb_meta WHERE key = 'head'").get
    return label


def _since(db: apsw.Connection, parent: RevisionRow | None) -> RowChanges:
    return changes_since(db, parent.journal_seq, parent.setting_seq) if parent else changes_since(db, 0, 0)


def digest_of(hashes: Iterable[tuple[str, str, bytes]], settings: Mapping[str, str]) -> str:
    """Return the digest of a state.

    Parameters
    ----------
    hashes : iterable of (layer id, feature id, row hash)
    settings : mapping of name to JSON text
        Those that only steer the display are left out.
    """
    lines = sorted(f"{layer}\t{uid}\t{digest.hex()}" for layer, uid, digest in hashes)
    lines += sorted(f"{name}\t{text}" for name, text in settings.items() if belongs_to_plan(name))
    return sha256("\n".join(lines).encode()).hexdigest()


def _hashes(db: apsw.Connection, names: Mapping[int, str]) -> list[tuple[str, str, bytes]]:
    rows = db.execute(
        "SELECT f.layer_id, f.uid, r.hash FROM pb_head h JOIN pb_feature f ON f.feat_id = h.feat_id"
        " JOIN pb_row r ON r.row_id = h.row_id"
    )
    return [(names[layer_id], uid, digest) for layer_id, uid, digest in rows if layer_id in names]


def _setting_texts(db: apsw.Connection) -> dict[str, str]:
    return dict(db.execute("SELECT name, value FROM pb_setting"))


def find(known: Mapping[str, RevisionRow], label: str) -> RevisionRow:
    """Return a revision by label, or raise `NotFoundError` that lists the known."""
    if label in known:
        return known[label]
    listed = ", ".join([*known, WORKING])
    raise NotFoundError(
        Text("没有版次“{label}”。", "There is no revision “{label}”.").format(label=label),
        Text("现有：{names}", "There are: {names}").format(names=listed),
        code="revision.unknown",
    )


def changes_between(db: apsw.Connection, before: str, after: str) -> RowChanges:
    """Return the net change from one state to another, folded from recorded deltas.

    The cost is that of the changes on the way, not of the plan.
    """
    known = read_revisions(db)
    by_id = {row.rev_id: row for row in known.values()}
    start, up = _line(db, known, by_id, before)
    goal, down = _line(db, known, by_id, after)
    shared = set(start) & set(goal)
    result = NOTHING
    for rev_id in start:
        if rev_id not in shared:
            result = result.then(_step(db, rev_id, up).inverse())
    for rev_id in reversed(goal):
        if rev_id not in shared:
            result = result.then(_step(db, rev_id, down))
    return result


_UNFROZEN = -1  # stands for the working plan in a line of revisions


def _line(
    db: apsw.Connection, known: Mapping[str, RevisionRow], by_id: Mapping[int, RevisionRow], label: str
) -> tuple[list[int], RevisionRow | None]:
    """Return the numbers from a state back to the beginning, and the parent of unfrozen work."""
    head = known.get(_head_label(db) or "")
    line, row = ([_UNFROZEN], head) if label == WORKING else ([], find(known, label))
    while row is not None:
        line.append(row.rev_id)
        row = by_id.get(row.parent) if row.parent is not None else None
    return line, head


def _step(db: apsw.Connection, rev_id: int, head: RevisionRow | None) -> RowChanges:
    if rev_id == _UNFROZEN:
        return _since(db, head)
    rows = db.execute("SELECT feat_id, old_row, new_row FROM pb_delta WHERE rev_id = ?", (rev_id,))
    settings = db.execute("SELECT name, before, after FROM pb_setting_delta WHERE rev_id = ?", (rev_id,))
    return RowChanges({r[0]: (r[1], r[2]) for r in rows}, {s[0]: (s[1], s[2]) for s in settings})


def state_versions(
    db: apsw.Connection, label: str, names: Mapping[int, str]
) -> tuple[list[Version], dict[str, str]]:
    """Return every feature version and setting of a revision, checked against its digest.

    Raises
    ------
    NotFoundError
        If there is no such revision.
    StorageError
        If the content is not what was frozen.
    """
    revision = find(read_revisions(db), label).revision
    changes = changes_between(db, WORKING, label)
    versions = head_versions(db)
    fetched = load_versions(db, [after for _, after in changes.rows.values() if after is not None])
    for feat_id, (_, after) in changes.rows.items():
        versions.pop(feat_id, None)
        if after is not None:
            versions[feat_id] = fetched[after]
    settings = _setting_texts(db)
    for name, (_, text) in changes.settings.items():
        settings.pop(name, None)
        if text is not None:
            settings[name] = text
    ordered = [versions[feat_id] for feat_id in sorted(versions)]
    if digest_of(_fresh_hashes(db, ordered, names), settings) != revision.digest:
        raise _broken(label)
    return ordered, settings


def _fresh_hashes(
    db: apsw.Connection, versions: Iterable[Version], names: Mapping[int, str]
) -> Iterable[tuple[str, str, bytes]]:
    """Hash the content anew: a stored hash would not notice a damaged value."""
    starts = {number: schema_hasher(columns) for number, columns in schemas(db).items()}
    return [
        (names[v.layer_id], v.uid, row_hash(starts[v.schema_id], v.geom, v.attrs))
        for v in versions
        if v.layer_id in names
    ]


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
