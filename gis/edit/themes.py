"""Themes: named sets of which layers are shown and how, switched by one act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gis.edit.looks import set_settings
from layers.changes import ChangeSet, JsonValue
from layers.errors import NotFoundError, RefusedError
from layers.snapshot import Snapshot, style_name
from layers.text import Text

THEMES: Final = "view.themes"
"""Setting: list of ``{"name", "layers", "looks"}``."""
MOST_THEMES: Final = 50
LONGEST_NAME: Final = 60
_ASPECTS: Final = ("visible", "opacity", "filter", "scales")


@dataclass(frozen=True)
class MapTheme:
    """One theme.

    Parameters
    ----------
    name : str
        The user's own words.
    layers : tuple of str
        The layers there were; others stay as they are.
    looks : mapping of setting name to JSON value
        Those that are set; the rest is as usual.
    """

    name: str
    layers: tuple[str, ...]
    looks: Mapping[str, JsonValue]


def themes_of(snapshot: Snapshot) -> tuple[MapTheme, ...]:
    """Return the themes of a project in the order they were made."""
    data = snapshot.settings.get(THEMES)
    return tuple(
        MapTheme(item["name"], tuple(item["layers"]), item["looks"])
        for item in (data if isinstance(data, list) else [])
        if _is_theme(item)
    )


def current_theme(snapshot: Snapshot) -> str:
    """Return the name of the theme that the map looks like now, or nothing."""
    return next((t.name for t in themes_of(snapshot) if not _switch(snapshot, t)), "")


def keep_theme(snapshot: Snapshot, name: str) -> ChangeSet:
    """Keep what is shown now under a name; one of that name is replaced.

    Raises
    ------
    RefusedError
        If the name is empty or too long, or there are too many.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RefusedError(
            Text("主题的名称应有 1 到 {n} 个字。", "The name of a theme has 1 to {n} letters.").format(
                n=LONGEST_NAME
            ),
            code="theme.name",
        )
    known = [_data(theme) for theme in themes_of(snapshot)]
    looks = {n: snapshot.settings[n] for n in _names(tuple(snapshot.layers)) if n in snapshot.settings}
    made: JsonValue = {"name": name, "layers": list(snapshot.layers), "looks": looks}
    if any(item["name"] == name for item in known):
        kept = [made if item["name"] == name else item for item in known]
    else:
        kept = [*known, made]
    if len(kept) > MOST_THEMES:
        raise RefusedError(
            Text("最多保存 {n} 个主题。", "There can be {n} themes at most.").format(n=MOST_THEMES),
            code="theme.many",
        )
    return set_settings(snapshot, {THEMES: kept})


def rename_theme(snapshot: Snapshot, name: str, new: str) -> ChangeSet:
    """Give a theme another name.

    Raises
    ------
    RefusedError
        If the new name is empty, or taken.
    """
    theme = theme_called(snapshot, name)
    new = " ".join(new.split())
    taken = new != name and any(other.name == new for other in themes_of(snapshot))
    if not 0 < len(new) <= LONGEST_NAME or taken:
        raise RefusedError(
            Text(
                "主题不能叫“{n}”：名称为空、太长或已有。",
                "A theme cannot be called “{n}”: empty, too long or taken.",
            ).format(n=new),
            code="theme.name",
        )
    kept = [_data(t) | ({"name": new} if t.name == theme.name else {}) for t in themes_of(snapshot)]
    return set_settings(snapshot, {THEMES: kept})


def drop_theme(snapshot: Snapshot, name: str) -> ChangeSet:
    """Forget a theme; the map stays as it is."""
    theme_called(snapshot, name)
    kept = [_data(theme) for theme in themes_of(snapshot) if theme.name != name]
    return set_settings(snapshot, {THEMES: kept or None})


def switch_theme(snapshot: Snapshot, name: str) -> ChangeSet:
    """Show the layers of a theme as it has them.

    Raises
    ------
    NotFoundError
        If there is no theme of that name.
    """
    return _switch(snapshot, theme_called(snapshot, name))


def with_theme(snapshot: Snapshot, name: str) -> Snapshot:
    """Return the plan as a theme shows it, for a page or a sheet; the project is not changed."""
    return with_looks(snapshot, theme_called(snapshot, name))


def with_looks(snapshot: Snapshot, theme: MapTheme) -> Snapshot:
    """Return a state of the plan, however old, as a theme of today shows it."""
    return snapshot.apply(_switch(snapshot, theme))


def theme_called(snapshot: Snapshot, name: str) -> MapTheme:
    """Return a theme by name; raises `NotFoundError` naming those there are."""
    for theme in themes_of(snapshot):
        if theme.name == name:
            return theme
    known = "、".join(theme.name for theme in themes_of(snapshot)) or "-"
    raise NotFoundError(
        Text("没有叫“{n}”的主题。", "There is no theme “{n}”.").format(n=name),
        Text("已有的主题：{k}", "Themes: {k}").format(k=known),
        code="theme.unknown",
    )


def _switch(snapshot: Snapshot, theme: MapTheme) -> ChangeSet:
    here = tuple(name for name in theme.layers if name in snapshot.layers)
    return set_settings(snapshot, {name: theme.looks.get(name) for name in _names(here)})


def _names(layers: tuple[str, ...]) -> list[str]:
    aspects = [f"layer.{name}.{aspect}" for name in layers for aspect in _ASPECTS]
    return [*aspects, *(style_name(name) for name in layers)]


def _data(theme: MapTheme) -> dict[str, JsonValue]:
    return {"name": theme.name, "layers": list(theme.layers), "looks": dict(theme.looks)}


def _is_theme(item: JsonValue) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("layers"), list)
        and isinstance(item.get("looks"), dict)
    )
