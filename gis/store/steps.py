"""One step of the user: encoded anywhere, written as one transaction."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import apsw

from gis.store.clock import now
from gis.store.layer_writer import UNCODED, LayerEdit, LayerWriter
from gis.store.many_rows import ManyRows, encoded_edit, in_pieces, plain_table
from gis.store.rows import LayerTable
from gis.store.settings import plain_settings, write_setting
from layers.changes import Change, ChangeSet, Key
from layers.errors import NotFoundError
from layers.packed_changes import LayerChanges, PackedChanges
from layers.table import Table
from layers.text import Text

SWITCH: Final = "switch"
"""Kind of the step that brings another branch into the working tables; it cannot be undone."""


@dataclass(frozen=True)
class Action:
    """What the journal calls a step."""

    kind: str
    label: Text
    target: int | None = None


@dataclass(frozen=True)
class EncodedStep:
    """A change set ready to be written.

    Parameters
    ----------
    changes : ChangeSet
        With the very values that will be read again.
    edits : tuple of LayerEdit or ManyRows
    known_rows : mapping of Key to int
        Versions that exist already: an undo adds none.
    """

    changes: ChangeSet
    edits: tuple[LayerEdit | ManyRows, ...]
    known_rows: Mapping[Key, int] = field(default_factory=dict)


def encode_step(
    tables: Mapping[str, LayerTable],
    changes: ChangeSet,
    known_rows: Mapping[Key, int] | None = None,
    expected: Mapping[Key, int] | None = None,
) -> EncodedStep:
    """Encode a change set. Touches no file: may run in any thread.

    Parameters
    ----------
    expected : mapping of Key to int, optional
        Versions that the file must hold of features that go. Nothing else of these is compared.

    Raises
    ------
    NotFoundError
        If a layer does not exist.
    RefusedError
        If a value cannot be kept.
    """
    edits: list[LayerEdit | ManyRows] = []
    encoded = []
    for name, changed in changes.by_layer.items():
        if name not in tables:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(tables)),
                code="layer.unknown",
            )
        come, go, others = _parted(tables[name], changed)
        for table, comes in ((come, True), (go, False)):
            edits += in_pieces(tables[name], table, expected or {}, comes=comes)
        edit = encoded_edit(tables[name], others, expected or {})
        edits += [edit] if others else []
        rest = _as_encoded(name, edit, others)
        packed = come is not None or go is not None
        encoded.append(PackedChanges(_only(name, come), _only(name, go), rest) if packed else rest)
    settings = plain_settings(changes.settings)
    return EncodedStep(ChangeSet(_together(encoded), settings), tuple(edits), known_rows or {})


def _parted(
    layer: LayerTable, changed: Sequence[Change]
) -> tuple[Table | None, Table | None, Sequence[Change]]:
    """Return what comes and goes in tables, with plain values, and all other changes."""
    if not isinstance(changed, LayerChanges):
        return None, None, changed
    come, go = (plain_table(layer, t) if t is not None else None for t in (changed.come, changed.go))
    return come, go, changed.others


def _only(name: str, table: Table | None) -> Mapping[str, Table]:
    return {} if table is None else {name: table}


def _together(parts: Sequence[Mapping[Key, Change]]) -> Mapping[Key, Change]:
    if any(isinstance(part, PackedChanges) for part in parts):
        return PackedChanges.joined(parts)
    return {key: change for part in parts for key, change in part.items()}


def _as_encoded(name: str, edit: LayerEdit, changed: Sequence[Change]) -> dict[Key, Change]:
    result = {}
    for change, old, new in zip(changed, edit.old, edit.new, strict=True):
        before = change.before if old is None or old == UNCODED else edit.before.features[old]
        after = None if new is None else edit.after.features[new]
        same = before is change.before and after is change.after
        result[name, change.uid] = change if same else Change(name, before, after)
    return result


def write_step(db: apsw.Connection, step: EncodedStep, action: Action) -> int:
    """Write one step inside the open transaction and return its number.

    Raises
    ------
    ConflictError
        If a feature or setting is not as the step expects it: somebody else
        changed it. The caller rolls back.
    """
    number = add_action(db, action)
    foreign = db.execute("SELECT 1 FROM pb_dirty LIMIT 1").get is not None
    for edit in step.edits:
        ready = edit if isinstance(edit, LayerEdit) else edit.encoded()
        LayerWriter(db, ready, number, step.known_rows).write(foreign=foreign)
    if not foreign and step.edits:
        db.execute("DELETE FROM pb_dirty")
    for name, change in step.changes.settings.items():
        write_setting(db, number, name, change)
    return number


def add_action(db: apsw.Connection, action: Action, *, keep_redo: bool = False) -> int:
    """Note a step; an edit makes redo impossible, unless `keep_redo`."""
    undo_or_redo = action.target is not None
    switch = action.kind == SWITCH
    if undo_or_redo:
        state = "undone" if action.kind == "undo" else "done"
        db.execute("UPDATE pb_action SET state = ? WHERE action_id = ?", (state, action.target))
    elif not (keep_redo or switch):
        drop_redo(db)
    db.execute(
        "INSERT INTO pb_action(uuid, time, user, kind, label_zh, label_en, target, state, branch)"
        " SELECT ?,?,?,?,?,?,?,?, value FROM pb_meta WHERE key = 'branch'",
        (
            uuid.uuid4().hex,
            now(),
            user_name(),
            action.kind,
            action.label.zh,
            action.label.en,
            action.target,
            "log" if undo_or_redo or switch else "done",
        ),
    )
    return db.last_insert_rowid()


def drop_redo(db: apsw.Connection) -> None:
    """Make redo impossible on the current branch; the others keep theirs."""
    db.execute(
        "UPDATE pb_action SET state = 'dropped' WHERE state = 'undone'"
        " AND branch = (SELECT value FROM pb_meta WHERE key = 'branch')"
    )


def user_name() -> str:
    """Return the name of the person at the machine, or an empty text."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container or service without accounts
        return ""
