"""Which states of a plan a page shows: the line of revisions that leads to the one that is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from gis.edit.themes import theme_called, with_looks
from gis.notice import as_said
from gis.progress import Progress
from gis.publish.redaction import State
from gis.revisions.chapters import ends_a_line, revisions_to
from layers.changes import JsonValue
from layers.errors import NotFoundError, RefusedError
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project

Settings: TypeAlias = Mapping[str, JsonValue]


def now_of(project: Project, settings: Settings | None) -> Snapshot:
    """Return the working plan, with other settings if some are at hand."""
    return project.snapshot if settings is None else replace(project.snapshot, settings=settings)


def shown_revisions(project: Project, wanted: str) -> list[Revision | None]:
    """Return the revisions that led to the wanted one, itself last; None stands for the working plan.

    Those of other alternatives are not among them: nobody has decided to publish them.

    Raises
    ------
    NotFoundError
        If there is no such revision.
    """
    labels = [r.label for r in project.revisions]
    if wanted != WORKING and wanted not in labels:
        raise _no_revision(wanted, labels)
    line: list[Revision | None] = list(revisions_to(project, wanted))
    return [*line, None] if wanted == WORKING else line


def states_of(
    project: Project,
    shown: Sequence[Revision | None],
    settings: Settings | None,
    theme: str | None,
    progress: Progress,
) -> list[State]:
    """Return the states of some revisions as a theme has them; the last says how to comment on it."""
    looks = theme_called(now_of(project, settings), theme) if theme else None
    states = []
    for i, one in enumerate(shown):
        progress.step(i / len(shown), Text("读取版次", "Reading revisions"))
        snapshot = project.state(one.label if one else WORKING)
        states.append(State(one, with_looks(snapshot, looks) if looks else snapshot))
    last = states[-1].snapshot
    newest = ends_a_line(project, shown[-1].label if shown[-1] else WORKING)
    said = as_said(last, project.snapshot, settings, newest=newest)
    return [*states[:-1], replace(states[-1], snapshot=said)]


def compared_pairs(
    shown: Sequence[Revision | None], compare: str | None, known: Sequence[Revision]
) -> list[tuple[int, int]]:
    """Return which revisions are compared: each with the one before, the last with the one asked for.

    Raises
    ------
    NotFoundError, RefusedError
        If there is no such revision, or it did not lead to the published one.
    """
    last = len(shown) - 1
    pairs = [(i - 1, i) for i in range(1, last + 1)]
    if compare is not None:
        labels = [r.label if r else WORKING for r in shown]
        if compare not in labels[:-1]:
            there = compare == WORKING or compare in {r.label for r in known}
            raise _not_before(labels[-1], compare) if there else _no_revision(compare, labels[:-1])
        pairs[-1] = (labels.index(compare), last)
    return pairs


def _not_before(revision: str, compare: str) -> RefusedError:
    if revision == compare:
        return RefusedError(
            Text("不能把 {label} 与自己比较。", "{label} cannot be compared with itself.").format(
                label=revision
            ),
            Text("请选择一个更早的版次。", "Choose an earlier revision."),
            code="publish.order",
        )
    return RefusedError(
        Text(
            "{other} 不是 {label} 之前的版次：网页只写与以前版次相比的变化。",
            "{other} did not lead to {label}: a page tells changes since an earlier revision.",
        ).format(other=compare, label=revision),
        Text(
            "如果 {other} 更晚，请把两者对调：发布 {other}，与 {label} 比较。",
            "If {other} is later, swap them: publish {other}, compared with {label}.",
        ).format(other=compare, label=revision),
        code="publish.order",
    )


def _no_revision(wanted: str, labels: Sequence[str]) -> NotFoundError:
    return NotFoundError(
        Text("这里没有版次“{label}”。", "There is no revision “{label}” here.").format(label=wanted),
        Text("可用版次：{labels}", "Revisions: {labels}").format(labels=", ".join(labels) or "—"),
        code="revision.unknown",
    )
