"""From a drawing to one ChangeSet over several layers: what would come in, before anything does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from gis.crs import Bounds
from gis.crs_names import parse_crs
from gis.crs_numbers import check_numbers, guess_advice, guess_crs
from gis.exchange.dxf.attribute_columns import attribute_columns
from gis.exchange.dxf.buildings import label_buildings
from gis.exchange.dxf.drawing import Drawing, named_record
from gis.exchange.dxf.homecoming import settle_own
from gis.exchange.dxf.joining import join_outlines
from gis.exchange.dxf.known import match_known
from gis.exchange.dxf.mapping import NOWHERE, REFERENCE, DxfMapping
from gis.exchange.dxf.sorting import (
    DISSOLVED,
    HIDDEN,
    LEFT_OUT,
    MERGED,
    SET_ASIDE,
    UNREADABLE,
    Placed,
    Sorting,
)
from gis.exchange.dxf.stories import stories
from gis.exchange.dxf.strays import set_strays_aside
from gis.exchange.plan import ImportPlan, PlanCounts, plan_import
from gis.exchange.source import Counts, Near, Source, by_place, lies_at
from gis.progress import Progress
from layers.changes import ChangeSet, Key
from layers.errors import CrsError, Finding, NotFoundError
from layers.packed_changes import PackedChanges
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

_LOCAL_M: Final = 1e5
_SORTING: Final = Text("正在对应图层", "Sorting the layers")
_NOISE: Final = frozenset({"import.unmapped", "import.not-kept"})
_Group: TypeAlias = tuple[str, bool, frozenset[str] | None]
_LOCAL: Final = Text(
    "图纸用的是 CAD 局部坐标（没有国家坐标），不能直接放到地图上。请向测绘单位要带国家坐标的图，"
    "或用控制点配准后再导入；若确知坐标系，可用 --crs 指定。",
    "The drawing is in a local CAD grid, not in national coordinates, and cannot be put on the map as it is. "
    "Ask the surveyor for the drawing in national coordinates, or georeference it by control points first; "
    "if you know the CRS for certain, name it with --crs.",
)


class DxfCounts(NamedTuple):
    """Where every row of a drawing goes; `read` is the sum of all others.

    Parameters
    ----------
    read : int
        Entities of the model space and parts of block references.
    features : int
        Became a feature.
    merged : int
        Became part of one: a text that tells a building's floors, a fill, the picture of a symbol.
    dissolved : int
        Block references of which only the parts came in.
    hidden : int
        On layers that are off or frozen.
    set_aside : int
        Without a usable shape, or a stray.
    unreadable : int
        Kinds of objects that nothing can draw.
    left_out : int
        On layers that the user keeps out.
    """

    read: int
    features: int
    merged: int
    dissolved: int
    hidden: int
    set_aside: int
    unreadable: int
    left_out: int = 0


class LayerLine(NamedTuple):
    """One layer of a drawing in the preview.

    Parameters
    ----------
    name : str
    rows : int
    hidden : bool
    layers : mapping of layer id to number of features
        What its rows became.
    why : Text
    """

    name: str
    rows: int
    hidden: bool
    layers: Mapping[str, int]
    why: Text


@dataclass(frozen=True)
class DxfPlan:
    """What an import of a drawing would do.

    Parameters
    ----------
    changes : ChangeSet
        One step over all layers.
    crs : str
    counts : DxfCounts
    layers : mapping of layer id to PlanCounts
    lines : tuple of LayerLine
        The mapping as it was applied, the fullest layer first.
    findings : tuple of Finding
    gone : tuple of Key
        Features of an earlier drawing that this one no longer has; only if it updates. They stay in the
        plan unless they are chosen to go.
    """

    changes: ChangeSet
    crs: str
    counts: DxfCounts
    layers: Mapping[str, PlanCounts]
    lines: tuple[LayerLine, ...]
    findings: tuple[Finding, ...]
    gone: tuple[Key, ...] = ()


def plan_dxf_import(
    snapshot: Snapshot,
    drawing: Drawing,
    mapping: DxfMapping | None = None,
    *,
    crs: str | None = None,
    with_hidden: bool = False,
    updates: bool = False,
    progress: Progress | None = None,
) -> DxfPlan:
    """Work out what an import of a drawing changes.

    Parameters
    ----------
    snapshot : Snapshot
        The working plan.
    drawing : Drawing
    mapping : DxfMapping, optional
        CASS codes and common names if not given.
    crs : str, optional
        What the user says; goes before what the drawing names.
    with_hidden : bool
        Whether what is off or frozen comes in too.
    updates : bool
        Whether what lies where a feature of its layer is, and is shaped like it, is a newer version of it.
    progress : Progress, optional

    Returns
    -------
    DxfPlan
        Entities that we exported ourselves update their features; everything
        else is added, what fits nowhere as reference.

    Raises
    ------
    CrsError
        If the drawing's coordinate system is not known, contradicts its numbers, or is a local grid.
    NotFoundError
        If the mapping names a layer that does not exist.
    """
    progress = progress or Progress()
    mapping = mapping or DxfMapping.standard()
    _check_layers(snapshot, mapping)
    sorting = Sorting(drawing, snapshot, mapping, with_hidden)
    strays = set_strays_aside(sorting)
    chosen, told = _crs(drawing, crs, _box(sorting, sorting.open_rows()), snapshot)
    steps: list[Callable[[], None]] = [
        lambda: settle_own(sorting),
        sorting.settle_blocks,
        lambda: join_outlines(sorting),
        lambda: sorting.settle_rest(texts=False),
        sorting.settle_doubles,
        lambda: label_buildings(sorting),
        lambda: sorting.settle_rest(texts=True),
    ]
    for number, step in enumerate(steps):
        progress.step(0.3 * number / len(steps), _SORTING)
        step()
    gone: tuple[Key, ...] = ()
    if updates:
        gone = match_known(sorting, chosen, progress)
    lines = _lines(sorting)
    plans = _plans(sorting, chosen, progress.part(0.3, 1.0))
    findings = [*strays, *told, *stories(sorting, drawing.path.name)]
    return replace(_made(sorting, chosen, plans, findings), lines=lines, gone=gone)


def _plans(sorting: Sorting, crs: str, progress: Progress) -> list[ImportPlan]:
    groups: dict[_Group, list[Placed]] = {}
    sorting.placed.sort(key=lambda p: p.row)
    for placed in sorting.placed:
        # What an update does not say stays as it is: those that say the same fields go together.
        says = frozenset(placed.values) if placed.uid is not None and not placed.ours else None
        groups.setdefault((placed.layer, placed.ours, says), []).append(placed)
    sorting.placed = []  # each is let go with its group: hundreds of thousands take their room
    plans: list[ImportPlan] = []
    for number, (layer, ours, says) in enumerate(list(groups)):
        members = groups.pop((layer, ours, says))
        part = progress.part(number / (number + len(groups) + 1), (number + 1) / (number + len(groups) + 1))
        columns = {} if ours else attribute_columns(sorting, layer, members)
        source = _source(sorting, crs, layer, members, columns)
        known = [f.name for f in sorting.snapshot.layers[layer].fields]
        mapping = {name: name if name in known else "" for name in columns}
        plans.append(plan_import(sorting.snapshot, source, layer, mapping, part))
    return plans


def _source(
    sorting: Sorting, crs: str, layer: str, members: Sequence[Placed], columns: dict[str, list[Value]]
) -> Source:
    drawing, count = sorting.drawing, len(members)
    return Source(
        path=drawing.path,
        format="DXF",
        layer=layer,
        columns=columns,
        geometry=sorting.packed_shapes(members),
        records=tuple(p.row + 1 for p in members),
        ids=tuple(p.uid for p in members),
        crs=crs,
        encoding=drawing.encoding.codec,
        encoding_evidence=drawing.encoding.evidence,
        findings=(),
        counts=Counts(count, count, 0, 0),
        repaired=drawing.repaired,
    )


def _made(sorting: Sorting, crs: str, plans: Sequence[ImportPlan], told: Sequence[Finding]) -> DxfPlan:
    drawing = sorting.drawing
    features = PackedChanges.joined(plan.changes.features for plan in plans)
    layers: dict[str, PlanCounts] = {}
    for plan in plans:
        before = layers.get(plan.layer, PlanCounts(0, 0, 0, 0, 0, 0))
        layers[plan.layer] = PlanCounts(*(a + b for a, b in zip(before, plan.counts, strict=True)))
    lost = sum(c.set_aside for c in layers.values())
    fates = Counter(sorting.fate)
    counts = DxfCounts(
        read=len(drawing),
        features=sum(c.read for c in layers.values()) - lost,
        merged=fates[MERGED],
        dissolved=fates[DISSOLVED],
        hidden=fates[HIDDEN],
        set_aside=fates[SET_ASIDE] + lost,
        unreadable=fates[UNREADABLE],
        left_out=fates[LEFT_OUT],
    )
    findings = [*drawing.findings, *told, *_findings(drawing, plans)]
    return DxfPlan(ChangeSet(features), crs, counts, layers, (), tuple(findings))


def _findings(drawing: Drawing, plans: Sequence[ImportPlan]) -> list[Finding]:
    """Return what the plans of the layers found; what concerns the whole file is said once."""
    handles = drawing.columns["handle"]
    found: dict[Finding, None] = {}
    for plan in plans:
        for finding in plan.findings:
            if finding.code in _NOISE:
                continue
            whole = finding.record is None
            record = named_record(finding.record, handles)
            found[replace(finding, record=record, layer=None if whole else finding.layer)] = None
    return list(found)


def _lines(sorting: Sorting) -> tuple[LayerLine, ...]:
    became: dict[str, Counter[str]] = {}
    for placed in sorting.placed:
        became.setdefault(sorting.names[placed.row], Counter())[placed.layer] += 1
    return tuple(
        LayerLine(
            name,
            rows,
            sorting.drawing.layers.get(name, False),
            dict(became.get(name, {})),
            sorting.target(name).why,
        )
        for name, rows in sorted(sorting.drawing.by_layer.items(), key=lambda item: -item[1])
    )


def _crs(
    drawing: Drawing, said: str | None, bounds: Bounds | None, snapshot: Snapshot
) -> tuple[str, list[Finding]]:
    chosen = parse_crs(said) if said else drawing.crs
    if chosen is not None:
        if bounds is not None:
            check_numbers(chosen, bounds)
        return chosen, []
    extent = snapshot.extent()
    if bounds is not None and extent is not None and lies_at(bounds, Near(snapshot.crs, extent)):
        return snapshot.crs, [by_place(snapshot.crs, drawing.path.name)]
    guess = guess_crs(bounds) if bounds else None
    # A drawing in degrees is next to unheard of; such small numbers are a grid of the draughtsman's own.
    is_local = bounds is not None and max(map(abs, bounds)) < _LOCAL_M
    words = Text("{file} 没有标明坐标系，未导入。", "{file} does not name its CRS; nothing was imported.")
    raise CrsError(
        words.format(file=drawing.path.name),
        _LOCAL if is_local else guess_advice(guess) if guess else None,
        code="crs.local" if is_local else "crs.missing",
        findings=drawing.findings,
    )


def _box(sorting: Sorting, rows: Sequence[int]) -> Bounds | None:
    if not rows:
        return None
    boxes = sorting.boxes[np.array(rows)]
    boxes = boxes[~np.isnan(boxes[:, 0])]
    if not len(boxes):
        return None
    (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _check_layers(snapshot: Snapshot, mapping: DxfMapping) -> None:
    wanted = [name for name in (*mapping.said.values(), mapping.everything) if name and name != NOWHERE]
    for name in (REFERENCE, *wanted):
        if name not in snapshot.layers:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(snapshot.layers)),
                code="layer.unknown",
            )
