"""Revisions and alternatives as a small graph: a lane for each alternative, a column for each step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from layers.revision import MAIN, WORKING, Branch, Revision
from layers.text import Text, date_words, same

LinkKind = Literal["line", "open", "merge"]


@dataclass(frozen=True)
class Stop:
    """One circle of the timeline: a revision, or the working plan of an alternative.

    Parameters
    ----------
    label : str
        A revision, ``"working"`` for the plan being edited, or the name of another alternative.
    name, below, tip : Text
    lane, column : int
        From the top, from the left.
    branch : str
        The alternative it belongs to.
    is_open : bool
        Whether it is a working plan.
    brief : Text, optional
        What it is called where there is no room for its name.
    """

    label: str
    name: Text
    below: Text
    tip: Text
    lane: int = 0
    column: int = 0
    branch: str = MAIN
    is_open: bool = False
    brief: Text | None = None

    @property
    def short(self) -> Text:
        """The name in as few letters as may be."""
        return self.brief or self.name


@dataclass(frozen=True)
class Link:
    """A line from one stop to a later one: to a revision, to unfrozen work, or of a merge."""

    start: int
    end: int
    kind: LinkKind


@dataclass(frozen=True)
class BranchGraph:
    """Everything the timeline draws; stops from left to right, then from top to bottom."""

    stops: tuple[Stop, ...] = ()
    links: tuple[Link, ...] = ()
    lanes: int = 1

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return max((stop.column for stop in self.stops), default=-1) + 1

    def index(self, label: str) -> int:
        """Return the place of a state among the stops, -1 if it is not there."""
        return next((i for i, stop in enumerate(self.stops) if stop.label == label), -1)

    def beside(self, label: str, right: int, down: int) -> Stop | None:
        """Return the stop one step to the side of another one, or None."""
        at = self.index(label)
        if at < 0:
            return None
        here = self.stops[at]
        lane = here.lane + down
        found = [s for s in self.stops if s.lane == lane and (down or (s.column - here.column) * right > 0)]
        return min(found, key=lambda s: abs(s.column - here.column), default=None)


def graph_of(revisions: Sequence[Revision], branches: Sequence[Branch]) -> BranchGraph:
    """Return the graph of a project.

    Parameters
    ----------
    revisions : sequence of Revision
        Parents before what was made from them.
    branches : sequence of Branch
        In the order of their making; each gets a lane.
    """
    columns = _columns(revisions)
    lanes = _lanes(revisions, branches, columns)
    last = max(columns.values(), default=-1) + 1
    several = len(branches) > 1
    stops = [_frozen(r, lanes[r.label], columns[r.label]) for r in revisions]
    stops += [_working(branch, lane, last, several) for lane, branch in enumerate(branches)]
    stops.sort(key=lambda stop: (stop.column, stop.lane))
    graph = BranchGraph(tuple(stops), (), max(stop.lane for stop in stops) + 1 if stops else 1)
    return BranchGraph(graph.stops, _links(graph, revisions, branches), graph.lanes)


def line_to(revisions: Sequence[Revision], branches: Sequence[Branch], label: str) -> tuple[str, ...]:
    """Return the labels of the states that lead to one, that one last.

    Parameters
    ----------
    revisions : sequence of Revision
    branches : sequence of Branch
    label : str
        A revision, ``"working"``, or the name of an alternative.
    """
    parents = {r.label: r.parent for r in revisions}
    for branch in branches:
        parents[WORKING if branch.current else branch.name] = branch.head
    line: list[str] = []
    at: str | None = label
    while at is not None and at in parents and at not in line:
        line.insert(0, at)
        at = parents[at]
    return tuple(line)


def _columns(revisions: Sequence[Revision]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for revision in revisions:
        before = [columns.get(label, -1) for label in (revision.parent, revision.merge_parent) if label]
        columns[revision.label] = max(before, default=-1) + 1
    return columns


def _lanes(
    revisions: Sequence[Revision], branches: Sequence[Branch], columns: dict[str, int]
) -> dict[str, int]:
    """Return the lane of every revision: no two revisions stand in one place.

    What leads to an alternative stands in the lane of the alternative it was frozen in. What came along
    with a merge leads to none; it stands below, each line in its own lane.
    """
    of_branch = {branch.name: at for at, branch in enumerate(branches)}
    leading = {label for b in branches if b.head for label in line_to(revisions, (), b.head)}
    lanes = {r.label: of_branch[r.branch] for r in revisions if r.label in leading and r.branch in of_branch}
    taken = {(lane, columns[label]) for label, lane in lanes.items()}
    for revision in revisions:
        if revision.label not in lanes:
            column, lane = columns[revision.label], max(len(branches), lanes.get(revision.parent or "", 0))
            while (lane, column) in taken:
                lane += 1
            lanes[revision.label] = lane
            taken.add((lane, column))
    return lanes


def _links(graph: BranchGraph, revisions: Sequence[Revision], branches: Sequence[Branch]) -> tuple[Link, ...]:
    pairs: list[tuple[str | None, str, LinkKind]] = []
    for revision in revisions:
        pairs.append((revision.parent, revision.label, "line"))
        pairs.append((revision.merge_parent, revision.label, "merge"))
    pairs += [(branch.head, WORKING if branch.current else branch.name, "open") for branch in branches]
    found = [(graph.index(start), graph.index(end), kind) for start, end, kind in pairs if start is not None]
    return tuple(Link(start, end, kind) for start, end, kind in found if start >= 0 and end >= 0)


def _frozen(revision: Revision, lane: int, column: int) -> Stop:
    day = date_words(revision.created)
    lines = [p for p in (revision.title, revision.author, revision.note) if p]
    tip = Text(
        "\n".join([f"{revision.label}  {day.zh}", *lines]), "\n".join([f"{revision.label}  {day.en}", *lines])
    )
    below = same(revision.title) if revision.title else day
    number = _NUMBER.search(revision.label)
    brief = same(number[1]) if number else None
    name = same(revision.label)
    return Stop(revision.label, name, below, tip, lane, column, revision.branch, brief=brief)


_NUMBER = re.compile(r"-(R\d+[a-z]*)$")
"""What is left of A-R4 where there is no room: the lane says the rest."""


def _working(branch: Branch, lane: int, column: int, several: bool) -> Stop:
    below, brief = Text("正在编辑", "being edited"), Text("当前", "Now")
    if not several:
        name, tip = Text("当前方案", "Working plan"), Text("正在编辑的方案", "The plan being edited")
    elif branch.current:
        name = Text("{b} · 当前", "{b} · now").format(b=branch.title)
        brief = short_branch(branch.name)
        tip = Text("{b}：正在编辑的方案", "{b}: the plan being edited").format(b=branch.title)
    else:
        name, brief = branch.title, short_branch(branch.name)
        tip = Text("{b}：比选方案的当前内容", "{b}: this alternative as it is now").format(b=branch.title)
    label = WORKING if branch.current else branch.name
    return Stop(label, name, below, tip, lane, column, branch.name, True, brief)


def short_branch(name: str) -> Text:
    """Return an alternative's name in as few letters as may be."""
    return Text("主方案", "Main") if name == MAIN else same(name)
