"""Project settings: JSON by name, journalled like features."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import apsw

from layers.changes import JsonValue, SettingChange
from layers.errors import ConflictError, RefusedError, StorageError
from layers.text import Text

write_canonical: Callable[[object], str] = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode

_DISPLAY = ("layer.", "layers.", "view.", "import.")


def belongs_to_plan(name: str) -> bool:
    """Tell whether a setting is part of what a revision says, not how it is shown or where it came from."""
    return not name.startswith(_DISPLAY)


def plain_settings(changes: Mapping[str, SettingChange]) -> dict[str, SettingChange]:
    """Return setting changes with the very values that will be read again: a tuple becomes a list.

    Raises
    ------
    RefusedError
        If JSON cannot hold a value.
    """
    try:
        return {
            name: SettingChange(json.loads(write_canonical(c.before)), json.loads(write_canonical(c.after)))
            for name, c in changes.items()
        }
    except (TypeError, ValueError) as error:
        raise RefusedError(
            Text("设置的值无法保存：{why}", "A setting cannot be kept: {why}").format(why=error),
            code="setting.kind",
        ) from error


def setting_texts(db: apsw.Connection) -> dict[str, str]:
    """Return all settings as they are written."""
    return dict(db.execute("SELECT name, value FROM pb_setting"))


def read_settings(db: apsw.Connection) -> dict[str, JsonValue]:
    """Return all settings.

    Raises
    ------
    StorageError
        If one is no JSON: somebody wrote into the table, or it is damaged.
    """
    return parsed_settings(dict(db.execute("SELECT name, value FROM pb_setting ORDER BY name")))


def parsed_settings(texts: Mapping[str, str]) -> dict[str, JsonValue]:
    """Return settings out of their texts, or raise `StorageError` if one is no JSON."""
    return {name: _parsed(name, text) for name, text in texts.items()}


def _parsed(name: str, text: str) -> JsonValue:
    try:
        return json.loads(text)
    except (TypeError, ValueError) as error:
        raise StorageError(
            Text("项目设置“{name}”已损坏，无法读取。", "The project setting “{name}” is damaged.").format(
                name=name
            ),
            Text(
                "文件未作改动。请用 doctor 检查，可把能读的部分另存。",
                "The file was not touched. doctor checks it and can save what is readable.",
            ),
            code="store.setting",
        ) from error


def write_setting(db: apsw.Connection, action_id: int, name: str, change: SettingChange) -> None:
    """Write one setting and its journal entry.

    Raises
    ------
    ConflictError
        If the file holds another value than the change expects.
    """
    before, after = _text(change.before), _text(change.after)
    if db.execute("SELECT value FROM pb_setting WHERE name = ?", (name,)).get != before:
        raise ConflictError(
            Text(
                "设置“{name}”已被另一个程序修改。", "The setting “{name}” was changed by another program."
            ).format(name=name),
            code="setting.conflict",
        )
    db.execute("DELETE FROM pb_setting WHERE name = ?", (name,))
    if after is not None:
        db.execute("INSERT INTO pb_setting VALUES (?,?)", (name, after))
    db.execute(
        "INSERT INTO pb_setting_journal(action_id, name, before, after) VALUES (?,?,?,?)",
        (action_id, name, before, after),
    )


def _text(value: JsonValue) -> str | None:
    return None if value is None else write_canonical(value)


def from_texts(before: str | None, after: str | None) -> SettingChange:
    """Return a setting change from two stored texts."""
    return SettingChange(*(None if t is None else json.loads(t) for t in (before, after)))
