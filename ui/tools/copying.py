"""Copies that tools make: what is said of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from gis.edit.copies import copy_words
from layers.changes import Key
from layers.text import Text
from ui.session import Session

TRACING: Final = Text(
    "描绘现状时，请先在“绘图”菜单开启“画的是现状”。",
    "To trace what exists, turn on “Draw what exists” in the Draw menu first.",
)


def tell_copies(session: Session, originals: Collection[Key]) -> None:
    """Say in what copies just made are not as their originals, if they differ."""
    snapshot = session.snapshot
    there = [key for key in originals if snapshot is not None and snapshot.feature(key) is not None]
    words = copy_words(snapshot, there, existing=session.draws_existing) if snapshot is not None else None
    if words is not None:
        session.tell(words, "info", None if session.draws_existing else TRACING)
