"""The sample estate 金茵小区(示例): fictional geometry, names, numbers and problem spots.

No real estate is shown. The estate is laid out like a Shandong walk-up estate
of 1998, so that every part of the program has something believable to work on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.changes import ChangeSet, Key, SettingChange
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.reason import Reason
from layers.snapshot import Snapshot
from layers.text import Text
from sample_data.barriers import draw_barriers
from sample_data.comments import HIDDEN
from sample_data.commons import draw_commons
from sample_data.draft import Draft
from sample_data.drainage import draw_drainage
from sample_data.grid import CRS
from sample_data.housing import draw_housing
from sample_data.kindergarten import draw_kindergarten
from sample_data.notes import draw_notes
from sample_data.parking import draw_parking
from sample_data.planting import draw_planting
from sample_data.revisions import REVISIONS, draw_working
from sample_data.spots import draw_spots
from sample_data.streets import draw_streets
from sample_data.trees import draw_trees

TITLE = "金茵小区(示例)"
NOTE = "示例数据：图形、路名、楼号、户数和问题点均为虚构，不对应任何真实小区。"
HOW_TO_COMMENT = "意见可投入中心广场宣传栏旁的意见箱，或到指挥部登记，逐条答复。"
SETTINGS: dict[str, Any] = {
    "project.note": NOTE,
    "publish.office": "金茵小区改造指挥部(示例)",
    "publish.contact": "改造指挥部：小区中心社区用房一层，每日9:00至17:00有专人解答",
    "publish.comment": HOW_TO_COMMENT,
    "publish.how_to_comment": HOW_TO_COMMENT,
    "publish.period": "2020年7月10日至7月17日",
    "publish.comment_from": "2020-07-10",
    "publish.comment_until": "2020-07-17",
    **HIDDEN,
}
"""Project settings of the sample: that it is fictional, and what a notice says."""


@dataclass(frozen=True)
class RevisionContent:
    """One posted revision of the sample: its words, what it changes, and why it takes things away."""

    label: str
    title: str
    note: str
    author: str
    changes: ChangeSet
    posted: str
    reasons: Mapping[Key, Reason]


@dataclass(frozen=True)
class EstateContent:
    """Everything the sample project consists of.

    Parameters
    ----------
    title, crs : str
    settings : dict
        Project settings by name.
    base : ChangeSet
        The estate and its problem spots before any plan.
    revisions : tuple of RevisionContent
        In order; each continues where the one before ends.
    working : ChangeSet
        Edits of the working plan after the last revision.
    """

    title: str
    crs: str
    settings: dict[str, Any]
    base: ChangeSet
    revisions: tuple[RevisionContent, ...]
    working: ChangeSet

    def snapshot(self, label: str = "working") -> Snapshot:
        """Return the state of the plan without a file: ``"base"``, ``"R2"`` or ``"working"``.

        Raises
        ------
        KeyError
            If there is no such state.
        """
        steps = [
            ("base", self.base),
            *((r.label, r.changes) for r in self.revisions),
            ("working", self.working),
        ]
        if label not in dict(steps):
            raise KeyError(label)
        settings = {name: SettingChange(None, value) for name, value in self.settings.items()}
        state = empty_snapshot(self.title, self.crs).apply(ChangeSet({}, settings))
        for name, changes in steps:
            state = state.apply(changes)
            if name == label:
                break
        return state


def empty_snapshot(title: str, crs: str) -> Snapshot:
    """Return a project with all standard layers and nothing in them."""
    return Snapshot(title, crs, {name: Layer.of(kind) for name, kind in standard_kinds().items()})


def content() -> EstateContent:
    """Return the sample estate; equal on every call.

    Examples
    --------
    >>> [revision.label for revision in content().revisions]
    ['R1', 'R2', 'R3']
    """
    board = Draft()
    for draw in (
        draw_barriers,
        draw_streets,
        draw_housing,
        draw_kindergarten,
        draw_commons,
        draw_parking,
        draw_planting,
        draw_trees,
        draw_drainage,
        draw_notes,
        draw_spots,
    ):
        draw(board)
    base = board.changes()
    revisions = []
    for revision in REVISIONS:
        revision.draw(board)
        revisions.append(
            RevisionContent(
                *(revision.label, revision.title, revision.note, revision.author),
                *(board.changes(), revision.posted, board.reasons()),
            )
        )
    draw_working(board)
    return EstateContent(TITLE, CRS, dict(SETTINGS), base, tuple(revisions), board.changes())


def write_sample(path: Path | str) -> None:
    """Write the sample project with its three revisions to a new file.

    Raises
    ------
    StorageError
        If the file cannot be written; nothing is left of it then.
    """
    from gis.explaining import explained
    from gis.project import Project  # late: laying out the estate needs no store

    sample = content()
    project = Project.create(path, sample.title, sample.crs, sample.settings)
    whole = False
    try:
        project.apply(sample.base, Text("现状底图与问题点", "Existing estate and problem spots"))
        for revision in sample.revisions:
            words = Text(f"{revision.label} 方案修改", f"Plan changes of {revision.label}")
            project.apply(revision.changes, words)
            if revision.reasons:
                why = explained(project, revision.reasons)(project.snapshot)
                project.apply(why, Text("写明取消的理由", "Why things are removed"))
            project.freeze(revision.title, revision.note, revision.author, revision.label, revision.posted)
        project.apply(sample.working, Text("公示后的修改", "Edits after the posting"))
        whole = True
    finally:
        project.close()
        if not whole:  # half a sample would be taken for the sample at the next start
            for end in ("", "-journal"):
                Path(f"{path}{end}").unlink(missing_ok=True)
