"""What frozen revisions changed, each told by its number, and what leads from one to another."""

from __future__ import annotations

from itertools import chain
from typing import Any

import apsw

from gis.store.history import RowChanges, composed


def delta_of(db: apsw.Connection, rev_id: int) -> RowChanges:
    """Return what a revision changed since its parent."""
    rows = db.execute("SELECT feat_id, old_row, new_row FROM pb_delta WHERE rev_id = ?", (rev_id,))
    return RowChanges({r[0]: (r[1], r[2]) for r in rows}, settings_of(db, rev_id))


def settings_of(db: apsw.Connection, rev_id: int) -> dict[str, tuple[str | None, str | None]]:
    """Return the settings that a revision changed, as JSON texts."""
    rows: Any = db.execute("SELECT name, before, after FROM pb_setting_delta WHERE rev_id = ?", (rev_id,))
    return {name: (before, after) for name, before, after in rows}


def between(db: apsw.Connection, before: int | None, after: int | None) -> RowChanges:
    """Return what leads from one revision to another; None is the empty plan before any."""
    parents: dict[Any, Any] = dict(db.execute("SELECT rev_id, parent FROM pb_revision"))
    start, goal = _line(parents, before), _line(parents, after)
    shared = set(start) & set(goal)
    back = (delta_of(db, number).inverse() for number in start if number not in shared)
    forth = (delta_of(db, number) for number in reversed(goal) if number not in shared)
    return composed(chain(back, forth))


def _line(parents: dict[int, int | None], number: int | None) -> list[int]:
    line = []
    while number is not None:
        line.append(number)
        number = parents[number]
    return line
