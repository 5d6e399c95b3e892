"""Merging as the program offers it: another alternative, or a colleague's copy of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from gis.revisions.merge import EXISTENCE, GEOMETRY, Conflict, ConflictId, MergePlan, Side, plan_merge
from gis.store.colleague import Apart, BranchSource, ColleagueCopy, Theirs
from gis.store.settled import mark_of, settled
from layers.changes import ChangeSet
from layers.errors import ConflictError, Finding
from layers.feature import Feature
from layers.reason import WORDS, key_of_record, record_of
from layers.revision import branch_title
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text, same

if TYPE_CHECKING:
    from gis.store.store import Store
    from layers.changes import Key

__all__ = [
    "ProjectMerge",
    "Theirs",
    "check_decided",
    "conflict_findings",
    "marks_of",
    "plan_adopt",
    "plan_copy",
]

_CELLS: Final = {
    GEOMETRY: Text("图形与位置", "shape and place"),
    EXISTENCE: Text("去留", "kept or deleted"),
}


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
    """Plan to take in another branch, or some of its features with the reasons kept of them."""
    apart = source.apart()
    if keys is not None:
        wanted = set(keys)
        source.whole = False
        said = {n: c for n, c in apart.theirs.settings.items() if key_of_record(n) in wanted}
        theirs = ChangeSet({k: c for k, c in apart.theirs.features.items() if k in wanted}, said)
        apart = Apart(apart.ours, theirs, apart.base_label)
    words = (
        Text("采纳“{name}”", "Adopt “{name}”")
        if keys is None
        else Text("采纳“{name}”的部分内容", "Adopt part of “{name}”")
    )
    label = words.format(name=branch_title(source.name))
    plan = _asked_once(plan_merge(apart.ours, apart.theirs, _fields(source.store)), source.store)
    return ProjectMerge(plan, apart.base_label, source.theirs(), (), label, source)


def plan_copy(store: Store, copy: ColleagueCopy) -> ProjectMerge:
    """Plan to take in a colleague's copy."""
    apart = copy.apart(store)
    label = Text("合并“{name}”", "Merge “{name}”").format(name=copy.name)
    plan = _asked_once(plan_merge(apart.ours, apart.theirs, _fields(store)), store)
    return ProjectMerge(plan, apart.base_label, copy.theirs(store), copy.findings(store), label, copy)


def _fields(store: Store) -> dict[tuple[str, str], Field]:
    """Return the fields by layer and name."""
    return {(name, field.name): field for name, table in store.tables.items() for field in table.fields}


def _asked_once(plan: MergePlan, store: Store) -> MergePlan:
    """Keep ours, without asking, where their very value was decided about in an earlier merge."""
    known = settled(store.db, [(conflict.id, conflict.theirs) for conflict in plan.conflicts])
    return replace(plan, conflicts=tuple(c for c in plan.conflicts if c.id not in known)) if known else plan


def marks_of(merge: ProjectMerge) -> dict[ConflictId, bytes]:
    """Return what the store notes of a merge that was decided: which of their values were looked at."""
    return {conflict.id: mark_of(conflict.theirs) for conflict in merge.conflicts}


def check_decided(merge: ProjectMerge, decisions: Mapping[ConflictId, Side], snapshot: Snapshot) -> None:
    """Raise `ConflictError` that lists the conflicts nobody decided, by the names in our plan."""
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
        findings=conflict_findings(open_ones, snapshot),
    )


def conflict_findings(conflicts: Iterable[Conflict], snapshot: Snapshot) -> tuple[Finding, ...]:
    """Say of every conflict which object it is about, which of its fields, and both values.

    Parameters
    ----------
    conflicts : iterable of Conflict
    snapshot : Snapshot
        Our working plan: it knows the layers and what the objects are called.
    """
    return tuple(_finding(conflict, snapshot) for conflict in conflicts)


def _finding(conflict: Conflict, snapshot: Snapshot) -> Finding:
    layer_id, uid = conflict.key or key_of_record(conflict.cell) or (None, None)
    layer = snapshot.layers.get(layer_id or "")
    feature = _object(conflict, snapshot)
    name = Text("项目设置", "Project setting")
    if layer is not None:
        name = layer.name_of(feature) if feature is not None else layer.title
    field = layer.kind.field(conflict.cell if conflict.key else WORDS) if layer is not None else None
    words = Text(
        "{name}的{cell}：本方 {ours}，对方 {theirs}", "{name}, {cell}: ours {ours}, theirs {theirs}"
    ).format(
        name=name,
        cell=field.title if field is not None else _CELLS.get(conflict.cell, same(conflict.cell)),
        ours=_short(conflict.ours, conflict.cell, field),
        theirs=_short(conflict.theirs, conflict.cell, field),
    )
    return Finding("merge.conflict", words, "warning", field=conflict.cell, layer=layer_id, uid=uid)


def _object(conflict: Conflict, snapshot: Snapshot) -> Feature | None:
    """Return the object as it is here, or as a side has it."""
    key = conflict.key or key_of_record(conflict.cell)
    found = snapshot.feature(key) if key is not None else None
    values = (found, conflict.ours, conflict.theirs, conflict.base)
    return next((value for value in values if isinstance(value, Feature)), None)


def _short(value: object, cell: str, field: Field | None) -> Text:
    """Return a value in few words: a shape by its type, a feature by being there."""
    from shapely import Geometry

    if cell == EXISTENCE:
        return Text("保留", "kept") if isinstance(value, Feature) else Text("删除", "deleted")
    if isinstance(value, Geometry):
        return Text("图形", "a shape")
    if isinstance(value, dict) and (said := record_of(value)):
        value, field = "；".join(filter(None, (said.code_text, said.word_text))), None
    if value is None or value == "" or type(value) is object:  # the last: the common plan knew no such cell
        return Text("无", "none")
    if field is not None and isinstance(value, str | int | float | bool):
        word = field.word(value)
        return Text(*(part if len(part) <= 40 else part[:39] + "…" for part in word))
    return same(str(value) if len(str(value)) <= 40 else str(value)[:39] + "…")
