"""A revision of the plan, and the record of a posting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WORKING: Final = "working"
"""The name of the working plan wherever a revision label is asked for."""


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
    """

    label: str
    uuid: str
    parent: str | None
    title: str
    note: str
    author: str
    created: str
    digest: str


@dataclass(frozen=True)
class Posting:
    """What was published or posted: which revision, which file, when."""

    revision: str
    compared_with: str | None
    profile: str
    file_name: str
    sha256: str
    created: str
