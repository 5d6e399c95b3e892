"""Reports of alternatives that had each a truth of its own, made one.

Up to format 6 every alternative held the comments and problem spots of its own working plan. What any of
them holds is kept now, also where another one had deleted it. Of a report that reads otherwise in several,
what was written last counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import apsw

from gis.store import branches
from gis.store.deltas import between
from gis.store.history import NOTHING, RowChanges, RowPair, change_set
from gis.store.rows import LayerTable
from gis.store.steps import SWITCH, Action, encode_step, write_step
from gis.store.told import told_features, with_told
from layers.text import Text
from layers.told import is_told

APART_UP_TO: Final = 6
"""The last format in which alternatives held reports of their own."""

_LABEL: Final = Text(
    "各方案的意见和问题点合为一份（{n} 处）", "Comments and spots of all alternatives made one ({n})"
)
_WRITTEN: Final = "action_id NOT IN (SELECT action_id FROM pb_action WHERE kind = ?)"
"""Steps in which somebody wrote something; a switch only brought what had been written before."""


def unite(db: apsw.Connection, tables: Mapping[str, LayerTable]) -> None:
    """Let the plan in front tell what all alternatives were told, as one step, inside the open transaction.

    Removed alternatives count too: they can be brought back. Nothing to change is no step. What another
    program has changed and nobody has taken over yet stays as it is.
    """
    found = RowChanges(_reports(db), _settings(db))
    changes, known = change_set(db, found, {layer.id: name for name, layer in tables.items()})
    if changes:
        words = _LABEL.format(n=len(changes))
        write_step(db, encode_step(tables, changes, known), Action("merge", words))


def _others(db: apsw.Connection) -> Iterable[branches.BranchRow]:
    here = branches.current(db)
    removed = (row for _, row in branches.removed_branches(db))
    return [
        row for row in (*branches.read_branches(db).values(), *removed) if row.branch_id != here.branch_id
    ]


def _reports(db: apsw.Connection) -> dict[int, RowPair]:
    """Return the reports that are to be others in the plan in front."""
    here = branches.current(db)
    onward = branches.unfrozen(db, here)
    heads: dict[int, int] = dict(db.execute("SELECT feat_id, row_id FROM pb_head"))
    held: dict[int, set[int]] = {}
    for branch in _others(db):
        apart = onward.inverse().then(between(db, here.head, branch.head)).then(branches.noted(db, branch))
        for feat_id, (_, there) in with_told(db, NOTHING, apart).rows.items():
            if there is not None:
                held.setdefault(feat_id, set()).add(there)
    foreign = _touched(db)
    found = {f: (heads.get(f), _latest(db, f, there)) for f, there in held.items() if f not in foreign}
    return {f: pair for f, pair in found.items() if pair[0] != pair[1]}


def _latest(db: apsw.Connection, feat_id: int, others: set[int]) -> int:
    """Return the version of a report that was written last, of those that alternatives hold."""
    written: dict[Any, int] = dict(
        db.execute(
            f"SELECT after_row, seq FROM pb_journal WHERE feat_id = ? AND {_WRITTEN} ORDER BY seq",
            (feat_id, SWITCH),
        )
    )
    here = db.execute("SELECT row_id FROM pb_head WHERE feat_id = ?", (feat_id,)).get
    held = others if here is None else {*others, here}
    return max(held, key=lambda row_id: (written.get(row_id, -1), row_id))


def _touched(db: apsw.Connection) -> set[int]:
    """Return the features that another program has written to since they were last looked at."""
    rows = db.execute(
        "SELECT h.feat_id FROM pb_dirty d JOIN pb_head h ON h.layer_id = d.layer_id AND h.fid = d.fid"
    )
    return {row[0] for row in rows} & told_features(db)


def _settings(db: apsw.Connection) -> dict[str, tuple[str | None, str | None]]:
    """Return the settings that are to be others in the plan in front: as they were last set anywhere."""
    last: dict[Any, Any] = dict(
        db.execute(f"SELECT name, after FROM pb_setting_journal WHERE {_WRITTEN} ORDER BY seq", (SWITCH,))
    )
    now: dict[Any, Any] = dict(db.execute("SELECT name, value FROM pb_setting"))
    return {n: (now.get(n), text) for n, text in last.items() if is_told(n) and now.get(n) != text}
