"""A revision of the plan, and the alternatives it can belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from layers.text import Text, same

WORKING: Final = "working"
"""The name of the working plan wherever a revision label is asked for."""

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
        return MAIN_TITLE if self.name == MAIN else same(self.name)
