"""The steps so far, and the change sets that they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import apsw

from gis.store.rows import Version, features_of, load_versions, row_hash, schema_hasher, schemas, write_json
from gis.store.settings import belongs_to_plan, from_texts
from gis.store.steps import SWITCH, Action
from layers.changes import Change, ChangeSet, Key, SettingChange
from layers.errors import StorageError
from layers.feature import Feature
from layers.table import Table
from layers.table_builder import TableBuilder
from layers.text import Text

RowPair = tuple[int | None, int | None]
_AT_ONCE: Final = 4096
_HERE: Final = "branch = (SELECT value FROM pb_meta WHERE key = 'branch')"


@dataclass(frozen=True)
class Step:
    """One step of the user.

    Parameters
    ----------
    id : int
        Rises with every step.
    label : Text
    time : str
        ISO, local with offset.
    kind : str
        ``edit``, ``restore``, ``merge`` or ``outside`` (made by another program).
    """

    id: int
    label: Text
    time: str
    kind: str


@dataclass(frozen=True)
class History:
    """The undo list of the current branch: `done` oldest first, `undone` as redo would repeat them."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


@dataclass(frozen=True)
class RowChanges:
    """Changes by version numbers, before they are read: cheap to fold.

    Parameters
    ----------
    rows : mapping of feature number to (before, after)
        None where the feature does not exist.
    settings : mapping of str to (before, after)
        JSON texts; None where not set.
    """

    rows: Mapping[int, RowPair]
    settings: Mapping[str, tuple[str | None, str | None]]

    def then(self, later: RowChanges) -> RowChanges:
        """Return this followed by `later`, as one."""
        return RowChanges(_folded(self.rows, later.rows), _folded(self.settings, later.settings))

    def inverse(self) -> RowChanges:
        """Return what takes this back."""
        return RowChanges(
            {key: (after, before) for key, (before, after) in self.rows.items()},
            {key: (after, before) for key, (before, after) in self.settings.items()},
        )

    def patched(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return setting texts after this."""
        kept = {name: text for name, text in texts.items() if name not in self.settings}
        return kept | {n: after for n, (_, after) in self.settings.items() if after is not None}


NOTHING = RowChanges({}, {})


def composed(steps: Iterable[RowChanges]) -> RowChanges:
    """Return many changes, one after the other, as one; takes as long as all of them together."""
    rows: dict[int, RowPair] = {}
    settings: dict[str, tuple[str | None, str | None]] = {}
    for step in steps:
        _fold(rows, step.rows)
        _fold(settings, step.settings)
    return RowChanges(rows, settings)


def _folded(first: Mapping, later: Mapping) -> dict:  # type: ignore[type-arg]
    result = dict(first)
    _fold(result, later)
    return result


def _fold(result: dict, later: Mapping) -> None:  # type: ignore[type-arg]
    for key, (before, after) in later.items():
        start = result.pop(key, (before, None))[0]
        if start != after:
            result[key] = (start, after)


def read_history(db: apsw.Connection) -> History:
    """Return the steps that can be undone and redone."""
    return History(_steps(db, "done"), _steps(db, "undone"))


def after(db: apsw.Connection, history: History, number: int, action: Action) -> History:
    """Return the history after one more step, without reading all of it again where that can be told.

    Parameters
    ----------
    number : int
        The step as the journal numbers it.
    """
    done, undone = history.done, history.undone
    if action.kind == "undo" and done and done[-1].id == action.target:
        return History(done[:-1], (done[-1], *undone))
    if action.kind == "redo" and undone and undone[0].id == action.target:
        return History((*done, undone[0]), undone[1:])
    if action.target is None and action.kind != SWITCH and (not done or done[-1].id < number):
        time: str = db.execute("SELECT time FROM pb_action WHERE action_id = ?", (number,)).get
        return History((*done, Step(number, action.label, time, action.kind)))
    return read_history(db)


def _steps(db: apsw.Connection, state: str) -> tuple[Step, ...]:
    rows = db.execute(
        "SELECT action_id, label_zh, label_en, time, kind FROM pb_action WHERE state = ?"
        f" AND {_HERE} ORDER BY action_id",
        (state,),
    )
    return tuple(Step(number, Text(zh, en), time, kind) for number, zh, en, time, kind in rows)


def last_done(db: apsw.Connection) -> Step | None:
    """Return the step that undo takes back."""
    return _one(db, "done", "DESC")


def first_undone(db: apsw.Connection) -> Step | None:
    """Return the step that redo repeats."""
    return _one(db, "undone", "ASC")


def _one(db: apsw.Connection, state: str, order: str) -> Step | None:
    row = db.execute(
        "SELECT action_id, label_zh, label_en, time, kind FROM pb_action WHERE state = ?"
        f" AND {_HERE} ORDER BY action_id {order} LIMIT 1",
        (state,),
    ).get
    return None if row is None else Step(row[0], Text(row[1], row[2]), row[3], row[4])


def step_changes(db: apsw.Connection, step_id: int) -> RowChanges:
    """Return what one step did."""
    rows = db.execute("SELECT feat_id, before_row, after_row FROM pb_journal WHERE action_id = ?", (step_id,))
    settings = db.execute(
        "SELECT name, before, after FROM pb_setting_journal WHERE action_id = ?", (step_id,)
    )
    return RowChanges({r[0]: (r[1], r[2]) for r in rows}, {s[0]: (s[1], s[2]) for s in settings})


def changes_since(db: apsw.Connection, journal_seq: int, setting_seq: int) -> RowChanges:
    """Return the net of everything after a place in the journal."""
    rows = db.execute(
        "SELECT feat_id, before_row, after_row FROM pb_journal WHERE seq > ? ORDER BY seq", (journal_seq,)
    )
    settings = db.execute(
        "SELECT name, before, after FROM pb_setting_journal WHERE seq > ? ORDER BY seq", (setting_seq,)
    )
    return RowChanges(_net(rows), _net(settings))


def plan_only(changes: RowChanges) -> RowChanges:
    """Leave out settings that only steer the display: they belong to no branch."""
    return RowChanges(changes.rows, {n: c for n, c in changes.settings.items() if belongs_to_plan(n)})


def _net(entries: Iterable[tuple]) -> dict:  # type: ignore[type-arg]
    first: dict = {}  # type: ignore[type-arg]
    last: dict = {}  # type: ignore[type-arg]
    for key, before, after in entries:
        first.setdefault(key, before)
        last[key] = after
    return {key: (before, last[key]) for key, before in first.items() if before != last[key]}


def change_set(
    db: apsw.Connection, changes: RowChanges, names: Mapping[int, str]
) -> tuple[ChangeSet, dict[Key, int]]:
    """Read the features of row changes.

    Parameters
    ----------
    names : mapping of layer number to layer id

    Returns
    -------
    ChangeSet
        Without changes whose two sides are equal.
    dict of Key to int
        Version number of each ``after``.

    Raises
    ------
    StorageError
        If one of the versions is damaged.
    """
    wanted = [row for pair in changes.rows.values() for row in pair if row is not None]
    versions = load_versions(db, wanted)
    names_of = schemas(db)
    check_versions(versions.values(), names_of)
    features = dict(zip(versions, features_of(list(versions.values()), names_of), strict=True))
    found, known = {}, {}
    for before, after in changes.rows.values():
        version = versions[after if after is not None else before]  # type: ignore[index]
        if before is not None and versions[before].uid != version.uid:
            raise _damaged()
        old, new = _side(features, before), _side(features, after)
        if version.layer_id not in names or old == new:
            continue
        key = names[version.layer_id], version.uid
        found[key] = Change(key[0], old, new)
        if after is not None:
            known[key] = after
    return ChangeSet(found, dict(_settings(changes))), known


def additions(
    db: apsw.Connection, changes: RowChanges, names: Mapping[int, str]
) -> tuple[dict[str, Table], dict[Key, int]]:
    """Read the features that row changes bring, many of them, without an object for each.

    Returns
    -------
    dict of layer id to Table
    dict of Key to int
        The version number of each. Those of another schema than the first of their layer are in neither.

    Raises
    ------
    StorageError
        If one of the versions is damaged.
    """
    fresh = [after for before, after in changes.rows.values() if before is None and after is not None]
    names_of = schemas(db)
    builders: dict[str, tuple[int, TableBuilder]] = {}
    known: dict[Key, int] = {}
    for start in range(0, len(fresh), _AT_ONCE):
        versions = list(load_versions(db, fresh[start : start + _AT_ONCE]).values())
        check_versions(versions, names_of)
        for version, feature in zip(versions, features_of(versions, names_of), strict=True):
            name = names.get(version.layer_id)
            if name is None:
                continue
            schema, builder = builders.setdefault(
                name, (version.schema_id, TableBuilder(names_of[version.schema_id]))
            )
            if schema == version.schema_id:
                builder.add([feature])
                known[name, version.uid] = version.row_id
    return {name: builder.table() for name, (_, builder) in builders.items()}, known


def removals(
    db: apsw.Connection, changes: RowChanges, names: Mapping[int, str]
) -> dict[int, tuple[Key, int]]:
    """Return the features that row changes take away, with their versions, by their numbers.

    What they are need not be read from the file: they are in the plan.
    """
    gone = {n: before for n, (before, after) in changes.rows.items() if after is None and before is not None}
    rows: Any = db.execute(
        "SELECT f.feat_id, f.layer_id, f.uid FROM json_each(?) j"
        " CROSS JOIN pb_feature f ON f.feat_id = j.value",
        (write_json(list(gone)),),
    )
    return {n: ((names[layer], uid), gone[n]) for n, layer, uid in rows if layer in names}


def check_versions(versions: Iterable[Version], names_of: Mapping[int, tuple[str, ...]]) -> None:
    """Check that versions hold what was written: undo must not bring a damaged value back.

    Raises
    ------
    StorageError
        If one does not match its hash.
    """
    starts = {number: schema_hasher(names) for number, names in names_of.items()}
    for v in versions:
        start = starts.get(v.schema_id)
        if start is None or not v.is_plain or row_hash(start, v.geom, v.attrs, v.ancestors) != v.hash:
            raise _damaged()


def _damaged() -> StorageError:
    return StorageError(
        Text("此前保存的一个对象的内容已损坏。", "What was kept of a feature earlier is damaged."),
        Text(
            "未作任何更改，当前方案不受影响。请用 doctor 检查，或用备份核对。",
            "Nothing was changed and the plan is not affected. Check with doctor, or use a backup.",
        ),
        code="version.damaged",
    )


def _side(features: Mapping[int, Feature], row_id: int | None) -> Feature | None:
    return None if row_id is None else features[row_id]


def _settings(changes: RowChanges) -> Iterator[tuple[str, SettingChange]]:
    for name, (before, after) in changes.settings.items():
        yield name, from_texts(before, after)
