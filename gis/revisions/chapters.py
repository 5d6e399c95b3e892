"""The line of revisions that leads to a state, each compared with the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Protocol

from gis.progress import Progress
from gis.revisions.compare import compare
from gis.revisions.comparison import Comparison
from layers.changes import ChangeSet, Key
from layers.reason import Reason, reasons_given
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


def compare_states(plans: Plans, before: str, after: str) -> Comparison:
    """Compare two states of a project by their labels; the one way to the reasons of its changes.

    Raises
    ------
    NotFoundError
        If there is no such state.
    """
    old, new = plans.state(before), plans.state(after)
    changes = plans.changes_between(before, after)
    return compare(old, new, changes, reasons_between(plans, before, after, changes))


def reasons_between(
    plans: Plans, before: str, after: str, changes: ChangeSet | None = None
) -> Mapping[Key, Reason]:
    """Return why features were changed on the way from one state to another, the oldest reason first.

    A reason counts in the revision in which it was said. What lies behind counts for nothing:
    going back from R3 to R1 undoes changes, and nobody has said why.

    Parameters
    ----------
    changes : ChangeSet, optional
        From the one to the other, if known: nothing is read again where no revision lies between.
    """
    stops = _stops(plans, before, after)
    if changes is not None and stops == [before, after]:
        return reasons_given([changes])
    return reasons_given(plans.changes_between(*pair) for pair in pairwise(stops))


def _stops(plans: Plans, before: str, after: str) -> list[str]:
    """Return the newest state that both were made from, and what leads from it to the later one."""
    behind, ahead = line_to(plans, before), line_to(plans, after)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(behind, ahead, strict=False)))
    return ahead[max(shared - 1, 0) :]


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
