"""Making again what follows from the rest of a damaged project, on a copy: nothing of its past is lost then.

Layer tables and spatial indexes hold nothing that the versions do not hold, and pages that belong to no table
hold nothing at all. Where the damage is only there, the whole project can be saved: revisions, alternatives,
steps, photos, postings. Where a table of the past itself is damaged, `gis.store.salvage` saves the plan.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import apsw

from gis.store import remaking
from gis.store.connection import connect, transaction
from gis.store.doctor import examine
from gis.store.geopackage import GEOMETRY, index_triggers
from gis.store.layer_tables import layer_tables
from gis.store.mending import mend
from gis.store.repairing import extent_anew, write_rows, write_versions
from gis.store.rows import LayerTable
from gis.store.schema_mending import mend_schemas
from gis.store.soundness import damage_of_table, damage_with_indexes
from layers.errors import PlanboardError

_UNREADABLE: Final = (apsw.Error, UnicodeDecodeError, json.JSONDecodeError, PlanboardError)


@dataclass(frozen=True)
class Rebuilt:
    """How a project was made whole.

    Parameters
    ----------
    from_record : int
        Features whose row in a sound layer table was not what was saved last.
    given_up : int
        Edits of other programs that were in a damaged table and taken over by nobody yet.
    lost : frozenset of str
        Of what a part is gone: ``steps``, ``postings``, ``decisions``, ``alternatives``, ``versions``.
    broken : tuple of str
        Labels of revisions that lost something.
    """

    from_record: int
    given_up: int
    lost: frozenset[str] = frozenset()
    broken: tuple[str, ...] = ()


def rebuild(copy: Path, out: Path, doubted: Collection[str] = ()) -> Rebuilt | None:
    """Write a sound project with everything that a damaged one holds.

    Parameters
    ----------
    copy : Path
        Of the damaged file; it is changed.
    out : Path
        Must not exist.
    doubted : collection of str
        Tables whose pages are sound, but of which nothing is believed: a value in them may be damaged. What
        follows from the others must then be just what the layer tables hold.

    Returns
    -------
    Rebuilt or None
        None if that cannot be done; there is no `out` then.
    """
    made = None
    try:
        given_up, tables = _forget_damaged(copy, doubted)
        if given_up is not None:
            made = _examined(out, given_up, *_filled(copy, out, tables))
        if doubted and made is not None and made.from_record:
            made = None
    except _UNREADABLE:
        made = None
    if made is None:
        out.unlink(missing_ok=True)
    return made


_LOST_VERSIONS: Final = frozenset({"pb_row", "pb_feature"})
_OF_LOST_VERSIONS: Final = frozenset({"doctor.revision", "doctor.version", "doctor.value"})


def _examined(out: Path, given_up: int, from_record: int, gaps: set[str]) -> Rebuilt | None:
    """Return how a project was made whole if it is: lost versions may cost the revisions that held them."""
    faults = [f for f in examine(out).findings if f.severity != "info"]
    excused = _OF_LOST_VERSIONS if gaps & _LOST_VERSIONS else frozenset()
    if any(f.code not in excused for f in faults):
        return None
    lost = remaking.parts_lost(gaps) | ({"versions"} if faults else set())
    broken = tuple(str(f.record) for f in faults if f.code == "doctor.revision")
    return Rebuilt(from_record, given_up, frozenset(lost), broken)


def _forget_damaged(copy: Path, doubted: Collection[str]) -> tuple[int | None, list[remaking.Table]]:
    """Take damaged tables and indexes out of the list of tables; None if one of them cannot be made again.

    Returns
    -------
    int or None
        How many edits from outside went with them.
    list of Table
        What could be read of those of the record.
    """
    with closing(connect(copy, damaged=True)) as db:
        mend_schemas(db)
        tables = layer_tables(db)
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        by_table = {layer.table: layer for layer in tables.values()}
        indexes = {f"rtree_{name}_{GEOMETRY}": layer for name, layer in by_table.items()}
        checks = dict.fromkeys(names, damage_with_indexes) | dict.fromkeys(by_table, damage_of_table)
        damaged = {name for name in names if name in doubted or checks[name](db, name)}
        given_up, kept = 0, []
        for name in sorted(damaged):
            owner = next((layer for index, layer in indexes.items() if name.startswith(index)), None)
            if name in by_table:
                given_up += _forget_layer(db, by_table[name])
            elif owner is not None:
                _forget_index(db, owner)
            else:
                read = remaking.read_damaged(db, name)
                if not (read.whole or remaking.can_be_remade(name)):
                    return None, []
                kept.append(replace(read, rows=[], whole=False) if name in doubted else read)
                remaking.forget(db, name)
        db.execute(f"PRAGMA schema_version = {int(db.pragma('schema_version')) + 1}")
        return given_up, kept


def _forget_layer(db: apsw.Connection, layer: LayerTable) -> int:
    _forget_index(db, layer)
    db.execute("DELETE FROM sqlite_master WHERE tbl_name = ?", (layer.table,))
    db.execute("DELETE FROM pb_dirty WHERE layer_id = ?", (layer.id,))
    return db.changes()


def _forget_index(db: apsw.Connection, layer: LayerTable) -> None:
    index = f"rtree_{layer.table}_{GEOMETRY}"
    names = (index, f"{index}_node", f"{index}_rowid", f"{index}_parent")
    db.executemany("DELETE FROM sqlite_master WHERE tbl_name = ?", [(name,) for name in names])
    db.executemany("DELETE FROM sqlite_master WHERE name = ?", [(n,) for n in index_triggers(layer.table)])


def _filled(copy: Path, out: Path, kept: list[remaking.Table]) -> tuple[int, set[str]]:
    """Make the tables again that are missing, fill them from the versions, write everything to `out`."""
    with closing(connect(copy)) as db:
        before = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rewritten = 0
        with transaction(db):
            gaps = remaking.remake(db, kept)
            srs_id = int(db.execute("SELECT value FROM pb_meta WHERE key = 'srs_id'").get)
            mend(db, layer_tables(db), srs_id)
            for layer in layer_tables(db).values():
                write_versions(db, layer)
                rows = write_rows(db, layer)
                rewritten += rows if layer.table in before else 0
                extent_anew(db, layer)
        db.execute("VACUUM INTO ?", (str(out),))
        return rewritten, gaps
