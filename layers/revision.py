"""A revision of the plan, and the alternatives it can belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal

from layers.text import Text, same

WORKING: Final = "working"
"""The name of the working plan wherever a revision label is asked for."""

FIRST_OBJECT: Final = 1001
"""Numbers behind a revision, ``R3-7``, ``R3-1704``: from this one on they are objects, below it changes."""

MAIN: Final = "main"
MAIN_TITLE: Final = Text("主方案", "Main plan")
"""The name of the branch that every project begins with."""


@dataclass(frozen=True)
class Revision:
    """A frozen state of the plan. Never changes.

    Parameters
    ----------
    label : str
        ``R1``, ``R2`` ...; unique in the project.
    uuid : str
    parent : str or None
        Label of the revision it was made from.
    title : str
        Short name such as 公示稿 第2版, the user's own words.
    note : str
        What changed and why, the user's own words.
    author : str
    created : str
        ISO date and time with offset.
    digest : str
        Hex hash over the content, checked when the revision is opened.
    state : {"draft", "frozen"}
        A draft exists only while it is being written; nobody gets to see one.
    branch : str
        Name of the alternative it was frozen on.
    merge_parent : str or None
        Label of the second revision it was made from, if plans were merged.
    """

    label: str
    uuid: str
    parent: str | None
    title: str
    note: str
    author: str
    created: str
    digest: str
    state: Literal["draft", "frozen"] = "frozen"
    branch: str = MAIN
    merge_parent: str | None = None


@dataclass(frozen=True)
class Branch:
    """An alternative (方案A, 方案B): a line of revisions with a working plan of its own.

    Parameters
    ----------
    name : str
        The user's own word; `MAIN` for the first one.
    head : str or None
        Label of its newest revision, or of the one it began from; None before any.
    parent : str or None
        Label of the revision it began from.
    current : bool
        Whether its working plan is the one being edited.
    """

    name: str
    head: str | None
    parent: str | None
    current: bool

    @property
    def title(self) -> Text:
        """What people read."""
        return branch_title(self.name)


@dataclass(frozen=True)
class Removal:
    """What removing an alternative takes away, and what it leaves.

    Parameters
    ----------
    name : str
    unfrozen : int
        How many features and settings changed in it since its newest revision: they go with it.
    revisions : tuple of str
        Labels of what was frozen in it: they stay.
    """

    name: str
    unfrozen: int
    revisions: tuple[str, ...]


def branch_title(name: str) -> Text:
    """Return what people read for the name of an alternative."""
    return MAIN_TITLE if name == MAIN else same(name)


_NUMBER = re.compile(r"R(\d{1,6})")
_COMMON_WORDS = re.compile(r"^(方案|比选|备选|plan|option|alternative|scheme)[\s_-]*", re.IGNORECASE)


def next_label(known: Iterable[str], branch: str, parent: str) -> str:
    """Return the label a freeze gives of itself: free, and after that of the revision it follows.

    Parameters
    ----------
    known : iterable of str
        Every label of the project, those of other alternatives too.
    branch : str
        Name of the alternative that is frozen.
    parent : str
        Label of the revision it follows; empty before any.

    Examples
    --------
    >>> next_label(["R1", "R2", "A-R2"], "main", "R2")
    'R3'
    >>> next_label(["R1", "R2"], "方案A", "R1")
    'A-R2'
    """
    if branch == MAIN:
        numbers = [int(m[1]) for name in known if (m := _NUMBER.fullmatch(name))]
        return f"R{max(numbers, default=0) + 1}"
    short = "".join((_COMMON_WORDS.sub("", branch) or branch).split())[:12]
    found = re.search(_NUMBER.pattern + "[a-z]*$", parent)
    taken = set(known)
    labels = (f"{short}-R{n}" for n in count(int(found[1]) + 1 if found else 1))
    return next(label for label in labels if label not in taken)
