"""What was decided in merges: a value of the other side that was looked at once is not asked about again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TypeAlias

import apsw
from shapely import Geometry

from gis.store import branches
from gis.store.history import read_history
from layers.changes import Key
from layers.feature import Feature

Cell: TypeAlias = tuple[Key | None, str]
"""A feature, or None for the project, and the name of a cell of it."""


def mark_of(value: object) -> bytes:
    """Return what tells a value from others: equal for equal values, as they are stored.

    Examples
    --------
    >>> mark_of(1) == mark_of(1), mark_of(1) == mark_of(1.0), mark_of(None) == mark_of("")
    (True, False, False)
    """
    if isinstance(value, Feature):
        parts = [mark_of(value.geometry), mark_of(dict(value.attributes)), mark_of(list(value.ancestors))]
        return blake2b(b"".join(parts), digest_size=16).digest()
    if isinstance(value, Geometry):
        return blake2b(b"g" + value.wkb, digest_size=16).digest()
    told = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return blake2b(b"v" + told.encode(), digest_size=16).digest()


def note_settled(db: apsw.Connection, step: int | None, marks: Mapping[Cell, bytes]) -> None:
    """Note the values of the other side that were decided about, inside the open transaction.

    Parameters
    ----------
    step : int or None
        The step that did the merge: undone with it. None if nothing changed, so that nothing can be undone.
    """
    branch = branches.current_name(db)
    db.executemany(
        "INSERT INTO pb_settled VALUES (?,?,?,?,?,?)",
        [(branch, step, *(key or ("", "")), cell, mark) for (key, cell), mark in marks.items()],
    )


def settled(db: apsw.Connection, values: Iterable[tuple[Cell, object]]) -> set[Cell]:
    """Return the cells of which this very value was decided about in the plan being edited.

    Parameters
    ----------
    values : iterable of (cell, value of the other side)
    """
    done = {step.id for step in read_history(db).done}
    rows = db.execute(
        "SELECT layer, uid, cell, mark, action_id FROM pb_settled WHERE branch = ?",
        (branches.current_name(db),),
    )
    known = {
        (((layer, uid) if layer else None, cell), mark)
        for layer, uid, cell, mark, step in rows
        if step is None or step in done
    }
    return {cell for cell, value in values if known and (cell, mark_of(value)) in known}


__all__ = ["Cell", "mark_of", "note_settled", "settled"]
