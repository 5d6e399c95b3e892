"""From a source to a ChangeSet: what would come in, before anything does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.mapping import complete_mapping
from gis.exchange.matching import Matches, match_records
from gis.exchange.number_habit import ending_here, rewritten
from gis.exchange.outcome import Outcome, lying_on
from gis.exchange.placing import FindingList, place
from gis.exchange.record_changes import IMPORTED, OWN, RecordChanges
from gis.exchange.shapes import MISSING
from gis.exchange.source import Source
from gis.progress import Progress
from layers.changes import Change, ChangeSet
from layers.column import Column
from layers.errors import Finding, NotFoundError, UsageError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text

_MATCHED: Final = 0.3
"""The share of the work until each record has found its feature."""

_PLACED: Final = 0.15
"""The share of the work until each shape lies where it belongs."""

_PLACING: Final = Text("正在检查图形和坐标", "Checking shapes and coordinates")
_MATCHING: Final = Text("正在与已有对象对应", "Finding what is there already")
_FITTING: Final = Text("正在整理数据", "Fitting the data")


class PlanCounts(NamedTuple):
    """Where every record goes: ``read == added + updated + unchanged + set_aside``.

    Parameters
    ----------
    read : int
        Records in the file.
    added, updated, unchanged : int
        New features, existing ones that change, existing ones that are just so already.
    set_aside : int
        Left out, each with a finding of severity error.
    repaired : int
        Of those that come in, with a repaired geometry.
    """

    read: int
    added: int
    updated: int
    unchanged: int
    set_aside: int
    repaired: int


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do.

    Parameters
    ----------
    layer : str
    changes : ChangeSet
        Empty if nothing would change.
    mapping : mapping of str to str
        Column of the file to field of the layer.
    unmapped : tuple of str
        Columns that no field takes; kept as JSON in `imported` where the layer has that field.
    findings : tuple of Finding
        Those of the source and those of the mapping.
    counts : PlanCounts
    gone : tuple of str
        Ids of the features that no record matched; empty unless the import compares.
    removes : bool
        Whether `changes` removes them.
    dropped : tuple of str
        Columns that the user keeps out.
    """

    layer: str
    changes: ChangeSet
    mapping: Mapping[str, str]
    unmapped: tuple[str, ...]
    findings: tuple[Finding, ...]
    counts: PlanCounts
    gone: tuple[str, ...] = ()
    removes: bool = False
    dropped: tuple[str, ...] = ()


def plan_import(
    snapshot: Snapshot,
    source: Source,
    layer_id: str,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    *,
    match: str | None = None,
    remove_missing: bool = False,
    left_out: Sequence[str] = (),
) -> ImportPlan:
    """Work out what an import of a source into a layer changes.

    Parameters
    ----------
    snapshot : Snapshot
        The working plan.
    source : Source
    layer_id : str
    mapping : mapping of column to field, optional
        Over the automatic one; an empty field name keeps a column out of the fields.
    progress : Progress, optional
    match : str, optional
        How a record finds the feature that it updates: ``"uid"``, ``"shape"``, or a field such as the
        number. A known uid always counts. See `gis.exchange.matching`.
    remove_missing : bool
        Whether features that no record matches are removed. Never without `match`.
    left_out : sequence of str
        Columns that do not come in at all, not even among the other imported attributes.

    Returns
    -------
    ImportPlan
        What matches no feature is added; a table without places only updates.
        Values that fit no field are kept as text.

    Raises
    ------
    NotFoundError
        If there is no such layer.
    UsageError
        If `mapping` names what does not exist.
    CrsError
        If the data cannot be brought into the project's system, or lie on another part of the earth.
    """
    layer = snapshot.layers.get(layer_id)
    if layer is None:
        raise NotFoundError(
            Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=layer_id),
            Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(snapshot.layers)),
            code="layer.unknown",
        )
    if remove_missing and match is None:
        words = Text("未指定对应方式，不能移除缺少的对象。", "Nothing can be removed without a way to match.")
        raise UsageError(words, Text("请用 --match。", "Use --match."), code="import.match")
    columns = [name for name in source.columns if name.lower() not in OWN]
    full = complete_mapping(columns, layer.fields, mapping)
    findings = FindingList(source.path.name, layer.id)
    work = _Plan(_numbered_as_here(source, layer, full, findings), layer, full, tuple(left_out), findings)
    progress = progress or Progress()
    progress.step(0.0, _PLACING)
    placed = place(source, snapshot, layer, findings) if source.shaped else source.geometry
    progress.step(_PLACED, _MATCHING)
    matches = match_records(source, layer, full, placed, match, findings)
    compares = match is not None or (not source.shaped and matches.key_field is not None)
    return work.made(placed, matches, progress, compares=compares, removes=remove_missing)


def _numbered_as_here(
    source: Source, layer: Layer, mapping: Mapping[str, str], findings: FindingList
) -> Source:
    """Return a source with its building numbers written as the layer writes them, if that is in one way."""
    ending = ending_here(layer)
    columns = [name for name, field in mapping.items() if field == layer.kind.number_field]
    if ending is None or not columns:
        return source
    made = {name: rewritten(source.columns[name], ending) for name in columns}
    for name, numbers in made.items():
        if numbers.count:
            findings.add("import.numbers-as-here", numbers.told, "info", column=name)
    return replace(source, columns={**source.columns, **{name: one.values for name, one in made.items()}})


class _Plan:
    """One plan in the making, and the findings it collects."""

    def __init__(
        self,
        source: Source,
        layer: Layer,
        mapping: dict[str, str],
        dropped: tuple[str, ...],
        findings: FindingList,
    ) -> None:
        self.source, self.layer, self.mapping, self.dropped = source, layer, mapping, dropped
        self.findings = findings
        self.columns = [
            (name, layer.kind.field(mapping.get(name, ""))) for name in source.columns if name not in dropped
        ]
        self.unmapped = tuple(
            name
            for name in source.columns
            if name not in mapping and name not in dropped and name.lower() not in OWN
        )

    def made(
        self,
        geometry: Column,
        matches: Matches,
        progress: Progress,
        *,
        compares: bool,
        removes: bool,
    ) -> ImportPlan:
        self._tell_unmapped()
        placeless = self._placeless()
        said = self._source_findings(placeless)
        missing = geometry.mapped(shapely.is_missing, bool)
        coming = self._coming(missing, matches, placeless)
        records = RecordChanges(self.source, self.layer, self.columns, matches, self.findings)
        outcome = Outcome(self.layer, self.source.records, self.findings.found, said, compares=compares)
        for at, made in records.blocks(geometry, coming):
            outcome.take(at, made)
            progress.step(_MATCHED + (1 - _MATCHED) * outcome.taken / len(coming), _FITTING)
        fresh = outcome.table()
        gone = self._gone(outcome, matches, placeless) if compares else ()
        if not compares:
            self._tell_known(fresh)
        removed = [Change(self.layer.id, self.layer.table.get(uid), None) for uid in gone] if removes else []
        known = {f.record for f in self.findings.found if f.code == "import.geometry-repaired"}
        repaired = known | self.source.repaired
        numbers = [n for n, is_none in zip(self.source.records, missing, strict=True) if not is_none]
        return ImportPlan(
            layer=self.layer.id,
            changes=outcome.changes(fresh, removed),
            mapping=self.mapping,
            unmapped=self.unmapped,
            findings=tuple(self._located((*said, *self.findings.found), outcome)),
            counts=_counted(self.source.counts.read, outcome, sum(n in repaired for n in numbers)),
            gone=gone,
            removes=removes,
            dropped=self.dropped,
        )

    def _coming(self, missing: NDArray[np.bool_], matches: Matches, placeless: set[int]) -> NDArray[np.intp]:
        """Return the positions of the records that come in: matched clearly, and placed if need be."""
        comes = ~missing
        if placeless:
            comes |= np.fromiter((n in placeless for n in self.source.records), dtype=bool, count=len(comes))
        comes[list(matches.left_out)] = False
        return np.flatnonzero(comes)

    def _tell_known(self, fresh: Table) -> None:
        """Say if what is added lies just where features of the layer are: it may be an update."""
        twice = lying_on(fresh, self.layer.table)
        if twice:
            words = Text(
                "有 {n} 个图形与图层“{l}”中已有的对象重合；若是同一批对象的新数据，请改用“更新”（--match）",
                "{n} shapes lie just where features of “{l}” are; if they are newer data of the same things, "
                "choose to update (--match)",
            ).format(n=twice, l=self.layer.title)
            self.findings.add("import.there-already", words, "warning")

    def _gone(self, outcome: Outcome, matches: Matches, placeless: set[int]) -> tuple[str, ...]:
        """Return the features that no record speaks of, be it one that cannot come in.

        A file in which everything has a place says nothing of what has none: many formats cannot hold it.
        """
        met = outcome.met | matches.named | set(matches.uids)
        table = self.layer.table
        if self.source.shaped and not placeless:
            met |= set(table.uids[table.geometry.mapped(shapely.is_missing, bool)])
        return tuple(uid for uid in table.uids if uid not in met)

    def _placeless(self) -> set[int]:
        """Return the numbers of the records that have no place and need none: a comment on the whole plan."""
        if not self.source.shaped:
            return set(self.source.records)
        if self.layer.kind.geometry_required:
            return set()
        missing = (f.record for f in self.source.findings if f.code == MISSING)
        return {record for record in missing if isinstance(record, int)}

    def _located(self, findings: Sequence[Finding], outcome: Outcome) -> Iterator[Finding]:
        """Yield all findings, those of records that come in with their place in the plan."""
        for f in findings:
            place = outcome.places.get(f.record) if isinstance(f.record, int) else None
            yield f if place is None else replace(f, layer=self.layer.id, place=place)

    def _source_findings(self, placeless: set[int]) -> tuple[Finding, ...]:
        return tuple(f for f in self.source.findings if f.code != MISSING or f.record not in placeless)

    def _tell_unmapped(self) -> None:
        if not self.unmapped:
            return
        names = ", ".join(self.unmapped[:12]) + (" …" if len(self.unmapped) > 12 else "")
        if self.layer.kind.field(IMPORTED):
            words = Text(
                "没有对应字段的属性已原样保留在“导入的其他属性”中：{names}",
                "attributes without a field of their own are kept under “Other imported attributes”: {names}",
            )
            self.findings.add("import.unmapped", words.format(names=names), "info")
        else:
            words = Text(
                "图层“{layer}”没有存放其他属性的字段，以下属性不会导入：{names}",
                "layer “{layer}” has no field for other attributes; these will not come in: {names}",
            )
            words = words.format(names=names, layer=self.layer.title)
            self.findings.add("import.not-kept", words, "warning")


def _counted(read: int, outcome: Outcome, repaired: int) -> PlanCounts:
    left_out = read - outcome.taken
    return PlanCounts(read, outcome.added, outcome.updated, outcome.unchanged, left_out, repaired)
