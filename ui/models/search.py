"""What the search box finds: commands, buildings, codes, change numbers, coordinates, bookmarks, themes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gis.edit.bookmarks import Bookmark, bookmarks_of
from gis.edit.coordinate import away_m
from gis.edit.exact import FARTHEST_M
from gis.edit.themes import themes_of
from gis.render.keeping import kept
from gis.render.prepare import Check, nothing
from gis.revisions.comparison import Comparison
from layers.changes import Key
from layers.column import BLOCK
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text, natural, same
from ui.acts.catalogue import ACTIONS
from ui.models.coordinates import read_places
from ui.models.words import feature_title, plain

HitKind = Literal["place", "change", "bookmark", "theme", "feature", "action"]
_MOST = 12
_MOST_VIEWS = 4
_MOST_KEPT = 200_000
"""The names of more rows than this are made anew for each search: they would take a hundred megabytes."""
_CHANGE = re.compile(r"^(r\d+|working)-(\d+)$")
_BUILDING = re.compile(r"^(\d+)(号楼|号|#|楼)$")


@dataclass(frozen=True)
class Hit:
    """One line of the result list.

    Parameters
    ----------
    kind : HitKind
    title, about : Text
    action : str
        Id of the act.
    key : Key or None
    place : tuple of float or None
        East and north, metres.
    extent : tuple of float or None
    bookmark : Bookmark or None
    theme : str
        Its name.
    """

    kind: HitKind
    title: Text
    about: Text
    action: str = ""
    key: Key | None = None
    place: tuple[float, float] | None = None
    extent: tuple[float, float, float, float] | None = None
    bookmark: Bookmark | None = None
    theme: str = ""


def find(
    words: str,
    snapshot: Snapshot | None,
    comparison: Comparison | None,
    actions: Iterable[str],
    check: Check = nothing,
) -> list[Hit]:
    """Return the hits for what was typed, best first; `check` raises when nobody waits for them any more."""
    wanted = plain(words)
    if not wanted:
        return []
    hits: list[Hit] = []
    if snapshot is not None:
        hits += _places(words, snapshot)
        hits += _changes(wanted, comparison)
        hits += _kept_views(wanted, snapshot)
        hits += _features(wanted, snapshot, check)
    hits += _actions(wanted, actions)
    return hits[:_MOST]


def _places(words: str, snapshot: Snapshot) -> list[Hit]:
    places = read_places(words, snapshot.crs)
    if not places:
        return []
    extent = snapshot.extent()
    place = next((p for p in places if away_m(p, extent) <= FARTHEST_M), places[0])
    away = away_m(place, extent)
    about = Text("坐标", "Coordinate")
    if away > FARTHEST_M:
        about = Text("离小区 {km:,.0f} km", "{km:,.0f} km from the plan").format(km=away / 1000)
    title = Text("定位到 {x:.2f}, {y:.2f}", "Go to {x:.2f}, {y:.2f}").format(x=place[0], y=place[1])
    return [Hit("place", title, about, place=place)]


def _changes(wanted: str, comparison: Comparison | None) -> list[Hit]:
    if comparison is None:
        return []
    named = _CHANGE.match(wanted)
    found = [
        g
        for g in comparison.groups
        if (
            plain(g.label) == wanted
            if named
            else plain(g.label).startswith(wanted) or str(g.number) == wanted
        )
    ]
    return [
        Hit(
            "change",
            Text(f"{g.label} {g.title.zh}", f"{g.label} {g.title.en}"),
            Text("变更", "Change"),
            extent=g.cloud.bounds,
        )
        for g in found
    ]


def _kept_views(wanted: str, snapshot: Snapshot) -> list[Hit]:
    """Return the bookmarks and themes whose names hold what was typed."""
    marks = [
        Hit("bookmark", same(mark.name), Text("书签", "Bookmark"), bookmark=mark)
        for mark in bookmarks_of(snapshot)
    ]
    themes = [
        Hit("theme", same(theme.name), Text("主题", "Theme"), theme=theme.name)
        for theme in themes_of(snapshot)
    ]
    named = [hit for hit in (*marks, *themes) if wanted in plain(hit.title.zh)]
    return named[:_MOST_VIEWS]


def _features(wanted: str, snapshot: Snapshot, check: Check) -> list[Hit]:
    building = _BUILDING.match(wanted)
    scored: list[tuple[int, tuple[tuple[int, int, str], ...], Layer, int]] = []
    for layer in snapshot.layers.values():
        for at, name in enumerate(_names(layer.table, layer.kind.number_field, _title_field(layer))):
            if not at % BLOCK:
                check()
            score = _score(wanted, name, building.group(1) if building else "")
            if score is not None:
                bonus = 0 if layer.kind.number_field else 1
                scored.append((score * 2 + bonus, natural(name), layer, at))
    scored.sort(key=lambda entry: entry[:2])
    return [_feature_hit(layer, at) for _, _, layer, at in scored[:_MOST]]


def _feature_hit(layer: Layer, at: int) -> Hit:
    feature = layer.table.at(at)
    extent = feature.geometry.bounds if feature.geometry is not None else None
    return Hit(
        "feature", feature_title(layer, feature), layer.title, key=(layer.id, feature.uid), extent=extent
    )


def _score(wanted: str, name: str, building: str) -> int | None:
    if not name:
        return None
    parts = name.split("\n")
    if wanted in parts:
        return 0
    if building and any(_BUILDING.sub(r"\1", part) == building for part in parts):
        return 0
    if any(part.startswith(wanted) for part in parts):
        return 1
    return 2 if wanted in name and len(wanted) > 1 else None


def _title_field(layer: Layer) -> str | None:
    named = re.findall(r"\{(\w+)\}", layer.kind.name_template)
    texts = [n for n in named if (field := layer.kind.field(n)) is not None and field.type == "text"]
    return next((n for n in texts if n != layer.kind.number_field), None)


def _names(table: Table, number: str | None, title: str | None) -> Iterable[str]:
    """Return what each row is found by; kept as long as the table is, unless that would be too much."""
    columns = [table.columns[name] for name in (number, title) if name and name in table.columns]
    if not columns:
        return ()
    names = ("\n".join(plain(str(v)) for v in values if v) for values in zip(*columns, strict=True))
    return kept(table, ("names", number, title), lambda: tuple(names)) if len(table) <= _MOST_KEPT else names


def _actions(wanted: str, actions: Iterable[str]) -> list[Hit]:
    found = []
    for name in actions:
        action = ACTIONS[name]
        title = plain(action.title.zh), plain(action.title.en)
        if any(wanted in t for t in title):
            begins = any(t.startswith(wanted) for t in title)
            found.append((not begins, Hit("action", action.title, same(""), action=name)))
    return [hit for _, hit in sorted(found, key=lambda entry: entry[0])]
