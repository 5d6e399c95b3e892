"""Several layers of files into the plan as one act: each into a layer of its own, one preview, one step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from gis.crs_candidates import crs_candidates
from gis.crs_names import crs_title
from gis.exchange.identity import is_uid
from gis.exchange.kept_choices import Choices
from gis.exchange.matching import UID
from gis.exchange.parts import Part, Read
from gis.exchange.plan import ImportPlan, plan_import
from gis.exchange.source import Near, Source, Unplaced
from gis.exchange.standing import standing_findings
from gis.exchange.tables.chosen_places import with_place_columns
from gis.exchange.update import UpdateRow, chosen_changes, update_rows
from gis.progress import Progress
from layers.changes import ChangeSet, Key
from layers.errors import CrsError, Finding, PlanboardError
from layers.layer import Layer
from layers.packed_changes import PackedChanges
from layers.snapshot import Snapshot
from layers.text import Text

_BY_NUMBERS: Final = Text(
    "文件没有标明坐标系，按坐标值取“{c}”，请看地图核对",
    "the file names no CRS; by its numbers “{c}” was taken: check it on the map",
)
_TWICE: Final = Text(
    "有 {n} 个对象在“{a}”中也有，以那里的为准", "{n} features stand in “{a}” too, which counts"
)
_NO_CHOICES: Final = Choices()


@dataclass(frozen=True)
class Share:
    """What one part of the files brings.

    Parameters
    ----------
    part : Part
    target : str
        Id of the layer that takes it.
    source : Source, optional
    plan : ImportPlan, optional
        None if the part cannot come in like this.
    problem : PlanboardError, optional
        Why it cannot.
    compares : bool
        Whether what the file no longer has is listed.
    """

    part: Part
    target: str
    source: Source | None = None
    plan: ImportPlan | None = None
    problem: PlanboardError | None = None
    compares: bool = False


@dataclass(frozen=True)
class JointPlan:
    """What an import of several layers would do.

    Parameters
    ----------
    snapshot : Snapshot
        The plan before.
    shares : tuple of Share
    """

    snapshot: Snapshot
    shares: tuple[Share, ...]

    @property
    def ready(self) -> Iterator[tuple[Share, Source, ImportPlan]]:
        """The shares that can come in."""
        for share in self.shares:
            if share.source is not None and share.plan is not None:
                yield share, share.source, share.plan

    @property
    def rows(self) -> tuple[UpdateRow, ...]:
        """What becomes of single features, where a share compares."""
        return tuple(
            row for share, _, plan in self.ready if share.compares for row in update_rows(self.snapshot, plan)
        )

    @property
    def gone(self) -> frozenset[Key]:
        """The features that no record is."""
        return frozenset((plan.layer, uid) for _, _, plan in self.ready for uid in plan.gone)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all shares, each with its layer."""
        return tuple(
            replace(f, layer=f.layer or plan.layer) for _, _, plan in self.ready for f in plan.findings
        )

    @property
    def counts(self) -> dict[str, int]:
        """The counts of all shares together."""
        sums: dict[str, int] = {}
        for _, _, plan in self.ready:
            for name, number in plan.counts._asdict().items():
                sums[name] = sums.get(name, 0) + number
        return sums

    def chosen(self, dropped: Collection[Key]) -> ChangeSet:
        """Return the changes without those that are not wanted; what is gone is removed unless named here."""
        shares = [chosen_changes(plan, self.snapshot, dropped).features for _, _, plan in self.ready]
        return ChangeSet(PackedChanges.joined(shares))


def plan_together(
    snapshot: Snapshot,
    read: Read,
    targets: Mapping[Part, str],
    match: str | None = None,
    progress: Progress | None = None,
    choices: Mapping[Part, Choices] = MappingProxyType({}),
) -> JointPlan:
    """Work out what an import of several parts changes; what is wrong with one stops no other.

    Parameters
    ----------
    snapshot : Snapshot
        The working plan.
    read : mapping of Part to Unplaced or PlanboardError
        As `gis.exchange.parts.read_parts` returns it.
    targets : mapping of Part to str
        The parts that come in, each with the id of its layer.
    match : str, optional
        As in `plan_import`. Not given: by uid if a part has ids that its layer knows, and then what is gone
        is listed; else everything is added.
    progress : Progress, optional
    choices : mapping of Part to Choices
        What was chosen for single parts otherwise than it would be guessed.
    """
    progress = progress or Progress()
    shares: list[Share] = []
    taken: dict[Key, Part] = {}
    for at, (part, target) in enumerate(targets.items()):
        inner = progress.part(at / len(targets), (at + 1) / len(targets))
        share = _share(snapshot, part, read[part], target, match, inner, choices.get(part, _NO_CHOICES))
        shares.append(_once(share, taken))
    return JointPlan(snapshot, tuple(_gone_from_all(shares)))


def _share(
    snapshot: Snapshot,
    part: Part,
    found: Unplaced | PlanboardError,
    target: str,
    match: str | None,
    progress: Progress,
    chosen: Choices,
) -> Share:
    if isinstance(found, PlanboardError):
        return Share(part, target, problem=found)
    layer = snapshot.layers[target]
    if chosen.places is not None:
        found = with_place_columns(found, chosen.places)
    by = match or chosen.way or (UID if found.table.shaped and _knows(layer, found) else None)
    try:
        source = settled(found, snapshot, chosen)
        plan = plan_import(
            snapshot, source, target, chosen.said, progress, match=by, left_out=chosen.left_out
        )
    except PlanboardError as error:
        return Share(part, target, problem=error)
    return Share(part, target, source, plan, compares=by is not None or not source.shaped)


def settled(unplaced: Unplaced, snapshot: Snapshot, chosen: Choices = _NO_CHOICES) -> Source:
    """Return a part where it was chosen or says to lie, or else where its numbers put it beside the plan.

    Raises
    ------
    CrsError
        If neither tells.
    """
    if chosen.crs is not None:
        return unplaced.placed(chosen.crs, None, None, chosen.reading)
    extent = snapshot.extent()
    near = Near(snapshot.crs, extent) if extent else None
    try:
        source = unplaced.placed(None, near)
        return replace(source, findings=(*source.findings, *standing_findings(unplaced, source, snapshot)))
    except CrsError:
        bounds = unplaced.bounds
        if bounds is None or unplaced.declared is not None:
            raise
        likely = crs_candidates(bounds, snapshot.crs, extent, None)[:1]
        if extent is None or not likely or not likely[0].is_here:
            raise
    source = unplaced.placed(likely[0].crs, None, None, likely[0].reading)
    words = _BY_NUMBERS.format(c=crs_title(source.crs))
    told = Finding("import.crs-by-numbers", words, "warning", unplaced.path.name)
    return replace(source, findings=(*source.findings, told))


def _knows(layer: Layer, found: Unplaced) -> bool:
    """Tell whether the layer has features by the ids of the file."""
    column = next((name for name in found.table.columns if name.lower() == UID), None)
    ids: Sequence[object] = found.table.columns[column] if column else found.table.ids
    return any(value is not None and is_uid(str(value)) and str(value) in layer.table for value in ids)


def _once(share: Share, taken: dict[Key, Part]) -> Share:
    """Return a share without the features that an earlier part brings already."""
    if share.plan is None:
        return share
    twice = [key for key in share.plan.changes.features if key in taken]
    taken |= {key: share.part for key in share.plan.changes.features if key not in taken}
    if not twice:
        return share
    plan, counts = share.plan, share.plan.counts
    left = PackedChanges.of(plan.changes.features).without(frozenset(twice))
    added = sum(map(len, left.come.values()))
    words = _TWICE.format(n=len(twice), a=taken[twice[0]].path.name)
    told = Finding("import.twice", words, "warning", share.part.path.name, layer=plan.layer)
    plan = replace(
        plan,
        changes=ChangeSet(left),
        findings=(*plan.findings, told),
        counts=counts._replace(
            added=added, updated=len(left) - added, set_aside=counts.set_aside + len(twice)
        ),
    )
    return replace(share, plan=plan)


def _gone_from_all(shares: Sequence[Share]) -> Iterator[Share]:
    """Yield shares where a feature is gone only if no part of its layer has it, and is told once."""
    gone: dict[str, set[str]] = {}
    for share in shares:
        if share.plan is not None and share.compares:
            missing = set(share.plan.gone)
            gone[share.target] = gone.get(share.target, missing) & missing
    for share in shares:
        if share.plan is None or not share.plan.gone:
            yield share
            continue
        left = gone.pop(share.target, set())
        kept = tuple(uid for uid in share.plan.gone if uid in left)
        yield replace(share, plan=replace(share.plan, gone=kept))
