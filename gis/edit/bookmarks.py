"""Bookmarks: named views of the map, kept in the project."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from gis.edit.looks import set_settings
from layers.changes import ChangeSet, JsonValue
from layers.errors import RefusedError
from layers.snapshot import Snapshot
from layers.text import Text

BOOKMARKS: Final = "view.bookmarks"
"""Setting: list of ``{"name", "x", "y", "scale", "turn"}``."""
LONGEST_NAME: Final = 60
MOST: Final = 200


@dataclass(frozen=True)
class Bookmark:
    """A view by name.

    Parameters
    ----------
    name : str
    x, y : float
        Its middle, metres of the project's CRS.
    scale : float
        The n of 1:n.
    turn_deg : float
        How far the map is turned clockwise.
    """

    name: str
    x: float
    y: float
    scale: float
    turn_deg: float = 0.0


def bookmarks_of(snapshot: Snapshot) -> tuple[Bookmark, ...]:
    """Return the bookmarks in the order they were made; what cannot be read is left out."""
    data = snapshot.settings.get(BOOKMARKS)
    found = [_read(item) for item in (data if isinstance(data, list) else [])]
    return tuple(mark for mark in found if mark is not None)


def keep_bookmark(snapshot: Snapshot, mark: Bookmark) -> ChangeSet:
    """Keep a view; one of that name is replaced, and its place in the list stays.

    Raises
    ------
    RefusedError
        If the name is empty or too long, or there are too many.
    """
    made = replace(mark, name=_checked(mark.name))
    known = bookmarks_of(snapshot)
    if any(other.name == made.name for other in known):
        kept = tuple(made if other.name == made.name else other for other in known)
    else:
        kept = (*known, made)
    if len(kept) > MOST:
        raise RefusedError(
            Text("最多保存 {n} 个书签。", "There can be {n} bookmarks at most.").format(n=MOST),
            code="bookmark.many",
        )
    return set_settings(snapshot, {BOOKMARKS: [_data(each) for each in kept]})


def rename_bookmark(snapshot: Snapshot, name: str, new: str) -> ChangeSet:
    """Give a view another name; its place in the list stays.

    Raises
    ------
    RefusedError
        If the name is empty or too long, or another bookmark has it.
    """
    wanted = _checked(new)
    marks = bookmarks_of(snapshot)
    if wanted != name and any(known.name == wanted for known in marks):
        raise RefusedError(
            Text("已有书签“{n}”。", "There is a bookmark “{n}” already.").format(n=wanted),
            code="bookmark.taken",
        )
    renamed = [_data(replace(known, name=wanted) if known.name == name else known) for known in marks]
    return set_settings(snapshot, {BOOKMARKS: [*renamed]})


def drop_bookmark(snapshot: Snapshot, name: str) -> ChangeSet:
    """Forget a view; without one of that name nothing changes."""
    kept = [_data(known) for known in bookmarks_of(snapshot) if known.name != name]
    return set_settings(snapshot, {BOOKMARKS: kept or None})


def _checked(words: str) -> str:
    """Return a name without spare blanks."""
    name = " ".join(words.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RefusedError(
            Text("书签的名称应有 1 到 {n} 个字。", "The name of a bookmark has 1 to {n} letters.").format(
                n=LONGEST_NAME
            ),
            code="bookmark.name",
        )
    return name


def _data(mark: Bookmark) -> dict[str, JsonValue]:
    return {
        "name": mark.name, "x": round(mark.x, 3), "y": round(mark.y, 3), "scale": round(mark.scale, 3),
        "turn": round(mark.turn_deg, 3),
    }  # fmt: skip


def _read(item: JsonValue) -> Bookmark | None:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return None
    numbers: list[JsonValue] = [item.get(key) for key in ("x", "y", "scale", "turn")]
    if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in numbers):
        return None
    x, y, scale, turn = (float(n) for n in numbers)
    return Bookmark(item["name"], x, y, scale, turn) if scale > 0 else None
