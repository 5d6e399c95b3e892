"""Merging as the program offers it: another alternative, or a colleague's copy of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gis.revisions.merge import Conflict, ConflictId, MergePlan, Side, plan_merge
from gis.store.colleague import Apart, BranchSource, ColleagueCopy, Theirs
from layers.changes import ChangeSet
from layers.errors import ConflictError, Finding
from layers.snapshot import Snapshot
from layers.text import Text

if TYPE_CHECKING:
    from gis.store.store import Store
    from layers.changes import Key

__all__ = ["ProjectMerge", "Theirs", "check_decided", "plan_adopt", "plan_copy"]


class MergeSource(Protocol):
    """Where the other plan comes from."""

    def state(self) -> Snapshot:
        """Return the other working plan."""

    def record(self, store: Store, step: int | None, decisions: Mapping[ConflictId, Side]) -> None:
        """Write what belongs to the merge, inside its transaction; `step` is None if nothing changes."""

    def close(self) -> None:
        """Give temporary files back."""


@dataclass(frozen=True)
class ProjectMerge:
    """A merge that was planned and not yet done.

    Parameters
    ----------
    plan : MergePlan
        What would change, and the conflicts to decide.
    base_label : str or None
        Newest revision that both plans were made from; None if there is none.
    theirs : Theirs
        What the other plan is.
    findings : tuple of Finding
        What to know beforehand: labels that will be changed, alternatives left out.
    label : Text
        Name of the step.
    source : MergeSource
    """

    plan: MergePlan
    base_label: str | None
    theirs: Theirs
    findings: tuple[Finding, ...]
    label: Text
    source: MergeSource

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The cells that both sides changed, to different things."""
        return self.plan.conflicts

    def their_state(self) -> Snapshot:
        """Return the other working plan, for a second map. Read when asked for."""
        return self.source.state()

    def close(self) -> None:
        """Give temporary files back; happens by itself when nobody holds the merge any more."""
        self.source.close()


def plan_adopt(source: BranchSource, keys: Iterable[Key] | None) -> ProjectMerge:
    """Plan to take in another branch, or some of its features."""
    apart = source.apart()
    if keys is not None:
        wanted = set(keys)
        source.whole = False
        theirs = ChangeSet({k: c for k, c in apart.theirs.features.items() if k in wanted})
        apart = Apart(apart.ours, theirs, apart.base_label)
    words = (
        Text("采纳“{name}”", "Adopt “{name}”")
        if keys is None
        else Text("采纳“{name}”的部分内容", "Adopt part of “{name}”")
    )
    label = words.format(name=source.name)
    plan = plan_merge(apart.ours, apart.theirs)
    return ProjectMerge(plan, apart.base_label, source.theirs(), (), label, source)


def plan_copy(store: Store, copy: ColleagueCopy) -> ProjectMerge:
    """Plan to take in a colleague's copy."""
    apart = copy.apart(store)
    label = Text("合并“{name}”", "Merge “{name}”").format(name=copy.name)
    plan = plan_merge(apart.ours, apart.theirs)
    return ProjectMerge(plan, apart.base_label, copy.theirs(store), copy.findings(store), label, copy)


def check_decided(merge: ProjectMerge, decisions: Mapping[ConflictId, Side]) -> None:
    """Raise `ConflictError` that lists the conflicts nobody decided."""
    open_ones = [c for c in merge.conflicts if c.id not in decisions]
    if not open_ones:
        return
    raise ConflictError(
        Text(
            "双方对 {n} 处内容作了不同修改，尚未选定。",
            "Both sides changed {n} things differently; choose for each.",
        ).format(n=len(open_ones)),
        Text(
            "未作任何更改。请逐一选择，或全部采用一方。",
            "Nothing was changed. Decide each, or take one side for all.",
        ),
        code="merge.undecided",
        findings=tuple(_finding(c) for c in open_ones),
    )


def _finding(conflict: Conflict) -> Finding:
    layer, uid = conflict.key or (None, None)
    words = Text("“{cell}”：本方 {ours}，对方 {theirs}", "“{cell}”: ours {ours}, theirs {theirs}").format(
        cell=conflict.cell, ours=_short(conflict.ours), theirs=_short(conflict.theirs)
    )
    return Finding("merge.conflict", words, "warning", field=conflict.cell, layer=layer, uid=uid)


def _short(value: object) -> Text:
    """Return a value in few words: a shape by its type, a feature by being there."""
    from shapely import Geometry

    from layers.feature import Feature

    if value is None:
        return Text("无", "none")
    if isinstance(value, Feature):
        return Text("保留", "kept")
    if isinstance(value, Geometry):
        return Text("图形", "a shape")
    word = str(value)
    word = word if len(word) <= 40 else word[:39] + "…"
    return Text(word, word)
