"""The line of revisions that leads to a state, each compared with the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from gis.progress import Progress
from gis.revisions.compare import compare
from gis.revisions.comparison import Comparison
from layers.changes import ChangeSet
from layers.revision import WORKING, Branch, Revision
from layers.snapshot import Snapshot
from layers.text import Text


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

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The alternatives, one of them current."""

    def state(self, label: str) -> Snapshot:
        """Return a state by label."""

    def changes_between(self, before: str, after: str) -> ChangeSet:
        """Return what changed from one state to another."""


def chapters_to(plans: Plans, label: str = WORKING, progress: Progress | None = None) -> Iterator[Chapter]:
    """Yield the line of revisions that leads to a state, each compared with its parent, oldest first.

    One after the other: two states are in memory at a time, however many there are.

    Raises
    ------
    NotFoundError
        If there is no such state.
    CancelledError
        If the user cancelled.
    """
    progress = progress or Progress()
    known = {revision.label: revision for revision in plans.revisions}
    after = plans.state(label)
    line = line_to(plans, label)
    before: Snapshot | None = None
    for i, name in enumerate(line):
        progress.step(i / len(line), Text("读取版次", "Reading revisions"))
        snapshot = after if name == label else plans.state(name)
        compared = None
        if before is not None:
            compared = compare(before, snapshot, plans.changes_between(line[i - 1], name))
        yield Chapter(known.get(name), snapshot, compared)
        before = snapshot


def line_to(plans: Plans, label: str) -> list[str]:
    """Return the labels that lead to a state, oldest first, itself last; no other alternatives."""
    line = [label]
    while (parent := parent_of(plans, line[0])) is not None:
        line.insert(0, parent)
    return line


def revisions_to(plans: Plans, label: str) -> tuple[Revision, ...]:
    """Return the frozen revisions that lead to a state, oldest first, itself among them if it is one."""
    known = {revision.label: revision for revision in plans.revisions}
    return tuple(known[name] for name in line_to(plans, label) if name in known)


def ends_a_line(plans: Plans, label: str) -> bool:
    """Tell whether a state is the newest of its alternative: a working plan, or what none follows."""
    own = {branch.head for branch in plans.branches if branch.head != branch.parent}
    followed = {revision.parent for revision in plans.revisions}
    return label not in {r.label for r in plans.revisions} or label in own or label not in followed


def parent_of(plans: Plans, label: str) -> str | None:
    """Return the label of the revision that a state was made from; None for the first.

    A working plan was made from the head of its branch.
    """
    for branch in plans.branches:
        if branch.name == label or (label == WORKING and branch.current):
            return branch.head
    return next((revision.parent for revision in plans.revisions if revision.label == label), None)
