"""The record of what was made public: which file of which revision, where it hangs, and what replaced it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Literal

from layers.feature import new_uid
from layers.revision import MAIN, WORKING, Revision


@dataclass(frozen=True)
class Board:
    """Where a posting hangs or hung: a notice board, a gate, a chat group.

    Parameters
    ----------
    place : str
        The user's own words: 东门公示栏.
    since : str
        ISO date of the first day.
    until : str
        ISO date of the last day; empty while nobody knows.
    photos : tuple of str
        Ids of photos kept in the project that show it hanging.
    note : str
        Who put it up, what is left to say.
    uid : str
        Identity for life.
    """

    place: str
    since: str
    until: str = ""
    photos: tuple[str, ...] = ()
    note: str = ""
    uid: str = field(default_factory=new_uid)

    def hangs_on(self, day: str) -> bool:
        """Tell whether it hangs on a day, given as ISO date."""
        return self.since <= day and (not self.until or day <= self.until)


@dataclass(frozen=True)
class Posting:
    """What was published or posted: which revision, which file, when, and where it hangs.

    Parameters
    ----------
    revision : str
        Label of a revision, or ``"working"``.
    compared_with : str or None
    profile : str
        Who it was made for.
    file_name : str
    sha256 : str
        Hex hash of the file.
    created : str
        ISO date and time with offset.
    boards : tuple of Board
        In the order they were noted.
    """

    revision: str
    compared_with: str | None
    profile: str
    file_name: str
    sha256: str
    created: str
    boards: tuple[Board, ...] = ()

    @property
    def key(self) -> str:
        """Identity: 32 hexadecimal digits, equal in every copy of the project."""
        told = (self.sha256, self.created, self.profile, self.file_name)
        return sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def form(self) -> Literal["page", "sheet"]:
        """Whether it is a page, or a drawing of any kind."""
        return "page" if PurePath(self.file_name).suffix.lower() in (".html", ".htm") else "sheet"

    def on_board(self, board: Board) -> Posting:
        """Return it with a board added, or set anew if it is one of its own."""
        known = {one.uid: one for one in self.boards} | {board.uid: board}
        return replace(self, boards=tuple(known.values()))


def superseded(postings: Sequence[Posting], revisions: Sequence[Revision] = ()) -> dict[str, Posting]:
    """Return what has replaced each posting that no longer holds, by its key.

    Parameters
    ----------
    postings : sequence of Posting
        In the order they were recorded.
    revisions : sequence of Revision
        In the order they came into the project; without them the order of the postings counts alone.

    Returns
    -------
    dict of str to Posting
        The newest one in the same form for the same readers. A later revision replaces an earlier one
        however late that was printed again. Alternatives stand beside one another: one is replaced by
        what was made from it, or by the main plan. The very same file published again replaces nothing
        (`published_again`).
    """
    known = {revision.label: i for i, revision in enumerate(revisions)}
    ranks = [(_rank(posting, revisions, known), i) for i, posting in enumerate(postings)]
    found = {}
    for posting, rank in zip(postings, ranks, strict=True):
        later = [
            (other_rank, other)
            for other, other_rank in zip(postings, ranks, strict=True)
            if other_rank > rank
            and (other.profile, other.form) == (posting.profile, posting.form)
            and _may_replace(other, posting, revisions, known)
        ]
        newest = max(later, key=lambda pair: pair[0])[1] if later else posting
        if newest.sha256 != posting.sha256:
            found[posting.key] = newest
    return found


def published_again(postings: Sequence[Posting]) -> frozenset[str]:
    """Return the keys of postings of which the very same file was published once more, later."""
    last = {(one.sha256, one.profile): one.key for one in postings}
    return frozenset(one.key for one in postings if last[one.sha256, one.profile] != one.key)


def _rank(posting: Posting, revisions: Sequence[Revision], known: dict[str, int]) -> float:
    """Return the place of what was posted among the revisions; a working plan stands between two."""
    if posting.revision in known:
        return float(known[posting.revision])
    made = _moment(posting.created)
    return sum(_moment(revision.created) <= made for revision in revisions) - 0.5


def _moment(text: str) -> float:
    """Return seconds; what is no date comes before all others."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return -math.inf


def _may_replace(
    newer: Posting, older: Posting, revisions: Sequence[Revision], known: dict[str, int]
) -> bool:
    if not {newer.revision, older.revision} <= known.keys() or WORKING in (newer.revision, older.revision):
        return True
    after, before = (revisions[known[p.revision]] for p in (newer, older))
    return after.branch in (MAIN, before.branch) or before.label in _line(after.label, revisions, known)


def _line(label: str, revisions: Sequence[Revision], known: dict[str, int]) -> set[str]:
    """Return a revision and everything it was made from."""
    found: set[str] = set()
    waiting: list[str | None] = [label]
    while waiting:
        name = waiting.pop()
        if name is not None and name not in found and name in known:
            found.add(name)
            waiting += [revisions[known[name]].parent, revisions[known[name]].merge_parent]
    return found
