"""The line of revisions that leads to a state, each compared with the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gis.revisions.compare import compare
from gis.revisions.comparison import Comparison
from layers.changes import ChangeSet
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot


@dataclass(frozen=True)
class Chapter:
    """One state of the plan in the order of its making.

    Parameters
    ----------
    revision : Revision or None
        None for the working plan.
    snapshot : Snapshot
    comparison : Comparison or None
        With the chapter before; None for the first.
    """

    revision: Revision | None
    snapshot: Snapshot
    comparison: Comparison | None

    @property
    def label(self) -> str:
        """``R2`` or ``working``."""
        return self.revision.label if self.revision else WORKING


class Plans(Protocol):
    """What has revisions and their states: an open project."""

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The frozen revisions, oldest first."""

    def state(self, label: str) -> Snapshot:
        """Return a state by label."""

    def changes_between(self, before: str, after: str) -> ChangeSet:
        """Return what changed from one state to another."""


def chapters_to(plans: Plans, label: str = WORKING) -> tuple[Chapter, ...]:
    """Return the line of revisions that leads to a state, each compared with its parent, oldest first.

    Raises
    ------
    NotFoundError
        If there is no such state.
    """
    known = {revision.label: revision for revision in plans.revisions}
    plans.state(label)
    line: list[str] = []
    at: str | None = label
    while at is not None:
        line.insert(0, at)
        at = parent_of(plans, at)
    chapters = []
    for i, name in enumerate(line):
        snapshot, compared = plans.state(name), None
        if i:
            before = line[i - 1]
            compared = compare(plans.state(before), snapshot, plans.changes_between(before, name))
        chapters.append(Chapter(known.get(name), snapshot, compared))
    return tuple(chapters)


def parent_of(plans: Plans, label: str) -> str | None:
    """Return the label of the revision that a state was made from; None for the first."""
    if label == WORKING:
        return plans.revisions[-1].label if plans.revisions else None
    return next((revision.parent for revision in plans.revisions if revision.label == label), None)
