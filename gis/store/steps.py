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
from gis.store.rows import LayerTable, encode
from gis.store.settings import plain_settings, write_setting
from layers.changes import Change, ChangeSet, Key
from layers.errors import NotFoundError
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
    edits : tuple of LayerEdit
    known_rows : mapping of Key to int
        Versions that exist already: an undo adds none.
    """

    changes: ChangeSet
    edits: tuple[LayerEdit, ...]
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
    edits, features = [], {}
    for name, changed in changes.by_layer.items():
        if name not in tables:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(tables)),
                code="layer.unknown",
            )
        edit = _encode_layer(tables[name], changed, expected or {})
        edits.append(edit)
        features.update(_as_encoded(name, edit, changed))
    return EncodedStep(ChangeSet(features, plain_settings(changes.settings)), tuple(edits), known_rows or {})


def _encode_layer(layer: LayerTable, changed: Sequence[Change], expected: Mapping[Key, int]) -> LayerEdit:
    versions = {c.uid: expected[c.key] for c in changed if c.after is None and c.key in expected}
    befores = [c.before for c in changed if c.uid not in versions]
    places = iter(_places(befores))
    old = [UNCODED if c.uid in versions else next(places) for c in changed]
    new = _places([c.after for c in changed])
    before = encode(layer, [feature for feature in befores if feature is not None])
    after = encode(layer, [c.after for c in changed if c.after is not None])
    return LayerEdit(layer, [c.uid for c in changed], old, new, before, after, versions)


def _places(sides: Sequence[object]) -> list[int | None]:
    places, count = list[int | None](), 0
    for side in sides:
        places.append(None if side is None else count)
        count += side is not None
    return places


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
        LayerWriter(db, edit, number, step.known_rows).write(foreign=foreign)
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
