"""Importing a DXF or DWG drawing: its layers, encoding, unit and place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtWidgets import QCheckBox

from gis.crs import transform
from gis.crs_candidates import Candidate, Reading, crs_candidates
from gis.edit.place import check_place
from gis.exchange.drawing_ground import drawing_on_ground, drawing_read_as
from gis.exchange.dxf.drawing import Drawing, read_drawing
from gis.exchange.dxf.drawing_layers import (
    DrawingLayer,
    drawing_layers,
    drawing_targets,
    layer_rows,
    main_bounds,
)
from gis.exchange.dxf.mapping import DxfMapping
from gis.exchange.dxf.own_layers import went_out_from
from gis.exchange.dxf.plan import DxfPlan, plan_dxf_import
from gis.exchange.dxf.saved_presets import remember_mapping
from gis.exchange.dxf.units import METRES
from gis.exchange.import_records import record_of, records_of
from gis.exchange.source import Ground, read_as
from gis.exchange.update import UpdateRow, chosen_of, rows_of
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import Key
from layers.column import Column
from layers.errors import Finding, PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.imports.control_points import ControlPoints
from ui.imports.crs_choice import CrsChoice
from ui.imports.layer_mapping import LayerMapping
from ui.imports.mapping_choice import MappingChoice
from ui.imports.update_form import Ticked, UpdateForm, count_fates, with_removed
from ui.imports.update_list import in_order
from ui.models.proposal import ready_proposal
from ui.panels.parts import Choice, label
from ui.session import Session
from ui.tasks import Tasks

ENCODINGS: Final = (
    ("", Text("自动识别编码", "Encoding: auto")),
    ("utf-8", Text("UTF-8", "UTF-8")),
    ("gb18030", Text("GBK / GB18030", "GBK / GB18030")),
    ("cp1252", Text("西文 (CP1252)", "Western (CP1252)")),
)
UNITS: Final = (
    ("", Text("自动判断单位", "Unit: auto")),
    ("m", Text("米", "metres")),
    ("mm", Text("毫米", "millimetres")),
    ("cm", Text("厘米", "centimetres")),
    ("in", Text("英寸", "inches")),
    ("ft", Text("英尺", "feet")),
)
_UPDATE: Final = "update"
_WAYS: Final = (
    ("", Text("新增：全部作为新对象", "Add all as new")),
    (_UPDATE, Text("更新：按形状和位置对应", "Update by shape and place")),
)
_IMPORTED: Final = Text(
    "已导入图纸 {f}：{n} 个对象，{k} 个图层", "Drawing {f} imported: {n} features in {k} layers"
)
_UPDATED: Final = Text(
    "已按图纸 {f} 更新：新增 {n}，更新 {u}，{k} 个图层",
    "Updated from drawing {f}: {n} new, {u} updated in {k} layers",
)
_OUTSIDE: Final = ("hidden", "left_out", "set_aside", "unreadable")
_AND_OUTSIDE: Final = Text(
    "{told}；{n} 个图元未导入，原因见“导入记录和发现”",
    "{told}; {n} entities stayed outside, see “Imports and findings”",
)
_NOTHING: Final = Text("没有可导入的新内容。", "There is nothing new to import.")
_SAME: Final = Text(
    "图纸与方案一致，没有需要更新的内容。", "The drawing and the plan agree; there is nothing to update."
)
_FATES: Final = (
    ("added", Text("新增 {n}", "{n} new")),
    ("updated", Text("更新 {n}", "{n} updated")),
    ("unchanged", Text("不变 {n}", "{n} unchanged")),
)
_COUNTS: Final = (
    ("features", Text("成为对象 {n}", "{n} become features")),
    ("merged", Text("并入对象 {n}", "{n} merged")),
    ("dissolved", Text("展开图块 {n}", "{n} blocks taken apart")),
    ("hidden", Text("关闭或冻结 {n}", "{n} off or frozen")),
    ("left_out", Text("指定不导入 {n}", "{n} left out")),
    ("set_aside", Text("无法导入 {n}", "{n} set aside")),
    ("unreadable", Text("无法读取 {n}", "{n} unreadable")),
)


@dataclass(frozen=True)
class _Read:
    drawing: Drawing
    layers: tuple[DrawingLayer, ...]
    rows: Mapping[str, NDArray[np.intp]]
    """Of each layer of the drawing."""
    candidates: tuple[Candidate, ...]
    is_ours: bool = False
    """Whether it went out from here, so that it is a newer version of what is there."""


@dataclass(frozen=True)
class _Kept:
    """What was chosen in the form of another language."""

    read: _Read
    encoding: str
    unit: str
    preset: str
    mapping: DxfMapping
    hidden: bool
    crs: tuple[object, str]
    ground: Ground | None
    way: str
    dropped: frozenset[Key]
    page: int


@dataclass(frozen=True)
class _Worked:
    plan: DxfPlan
    drawing: Drawing
    in_plan: Column
    snapshot: Snapshot
    rows: tuple[UpdateRow, ...]
    """What an update does, one by one; empty if everything is new."""
    dropped: frozenset[Key]
    """What is not ticked at first."""
    ticked: Ticked


class DrawingImport(UpdateForm):
    """The mapping of layers is kept while encoding, unit and place are tried out."""

    def __init__(self, session: Session, tasks: Tasks, path: Path, points: ControlPoints) -> None:
        super().__init__(session, tasks, path.name)
        self._path, self._points = path, points
        self._drawing: Drawing | None = None
        self._worked: _Worked | None = None
        self._ground: Ground | None = None
        self._found: _Read | None = None
        self._dropped: frozenset[Key] | None = None
        self._build()
        self._read()

    @property
    def plan(self) -> DxfPlan | None:
        """What the import would do, once it is worked out."""
        return self._worked.plan if self._worked is not None else None

    def submit(self) -> None:
        worked, ticked = self._worked, self.ticked
        if worked is None or ticked is None or self.busy:
            return
        plan, changes = worked.plan, ticked.changes
        fresh, updated, gone = count_fates(changes)
        layers = list(dict.fromkeys(change.layer for change in changes))
        record = record_of(
            self._path, f"DXF {worked.drawing.release}", plan.crs, layers, plan.counts._asdict(),
            plan.findings, self._ground,
        )  # fmt: skip
        words = _UPDATED if worked.rows else _IMPORTED
        told = words.format(f=self._path.name, n=fresh, u=updated, k=len(layers))
        outside = sum(getattr(plan.counts, name) for name in _OUTSIDE)
        if outside:
            told = _AND_OUTSIDE.format(told=told, n=outside)
        remember_mapping(self.layers.mapping)
        self.apply(changes, record, with_removed(told, gone))

    @property
    def adjustable(self) -> bool:
        """Whether the drawing could be read."""
        return self._drawing is not None

    def refresh(self) -> None:
        self._work_out()

    def kept(self) -> _Kept | None:
        if self._found is None:
            return None
        encoding, unit = (str(box.currentData() or "") for box in (self.encoding, self.unit))
        return _Kept(
            self._found, encoding, unit, self.presets.code, self.layers.mapping, self.with_hidden.isChecked(),
            self.crs.kept, self._ground, str(self.way.currentData() or ""), self.updates.dropped,
            self.pages.currentIndex(),
        )  # fmt: skip

    def take_up(self, kept: _Kept) -> None:
        boxes = (
            (self.encoding, kept.encoding), (self.unit, kept.unit), (self.way, kept.way)
        )  # fmt: skip
        for box, data in boxes:
            box.setCurrentIndex(box.findData(data))
        self.presets.offer_last(kept.read.rows)
        self.presets.show_code(kept.preset)
        self.with_hidden.setChecked(kept.hidden)
        self.layers.mapping = kept.mapping
        self._ground, self._dropped = kept.ground, kept.dropped
        self._show_read(kept.read, points=kept.ground is not None)
        self.crs.take_up(kept.crs)
        self.open_page(kept.page)
        self._work_out()

    def _build(self) -> None:
        self.encoding, self.unit, self.way = Choice(), Choice(), Choice()
        for code, words in _WAYS:
            self.way.addItem(tr(words), code)
        self.way.activated.connect(lambda _: self._work_out())
        for box, entries in ((self.encoding, ENCODINGS), (self.unit, UNITS)):
            for code, words in entries:
                box.addItem(tr(words), code)
            box.activated.connect(lambda _: self._read())
        self.unit.setMinimumContentsLength(12)
        self.crs = CrsChoice()
        self.crs.changed.connect(self._on_crs)
        self.crs.points_requested.connect(self._ask_points)
        self.with_hidden = QCheckBox(tr("含关闭和冻结的图层", "Off or frozen layers too"))
        self.with_hidden.toggled.connect(lambda _: self._work_out())
        self.presets = MappingChoice(self.session, self._path.stem)
        self.presets.chosen.connect(self.use_mapping)
        self.presets.save_wanted.connect(lambda name: self.presets.save(name, self.layers.mapping))
        self.sample = label(role="faint", wrap=True)
        self.add_choice(Text("文字、单位", "Text, unit"), self.encoding, self.unit)
        self.add_choice(Text("文字示例", "Sample"), self.sample)
        self.add_choice(Text("坐标系", "CRS"), self.crs)
        self.add_choice(Text("对应方案", "Mapping"), self.presets)
        self.add_choice(Text("方式", "How"), self.way, self.with_hidden)
        self.layers = LayerMapping()
        self.layers.mapping_changed.connect(self._on_mapping)
        self.layers.layer_chosen.connect(self._look_at_layers)
        self.add_page(Text("图层对应", "Layers"), self.layers)
        self.add_comparison()
        if self._came_before():
            self.way.setCurrentIndex(self.way.findData(_UPDATE))

    def _came_before(self) -> bool:
        """Tell whether the plan has a drawing of that name already: this one is its newer version."""
        project = self.session.project
        records = records_of(project.snapshot) if project is not None else ()
        return any(record.file == self._path.name for record in records)

    def _read(self) -> None:
        path, project = self._path, self.session.project
        encoding, unit = (box.currentData() or None for box in (self.encoding, self.unit))
        if project is None:
            return
        snapshot = project.snapshot

        def work(progress: Progress) -> _Read:
            drawing = read_drawing(path, encoding=encoding, unit=unit, progress=progress)
            bounds = main_bounds(drawing)
            progress.step(0.9, Text("正在判断坐标系", "Finding the coordinate system"))
            extent = snapshot.extent()
            found = crs_candidates(bounds, snapshot.crs, extent, drawing.crs) if bounds else ()
            rows = layer_rows(drawing)
            is_ours = went_out_from(snapshot, drawing)
            return _Read(drawing, drawing_layers(drawing, rows), rows, found, is_ours)

        self.begin(Text("正在读取图纸", "Reading the drawing"), work, self._on_read)

    def _on_read(self, read: _Read) -> None:
        project = self.session.project
        if project is None:
            return
        self._ground = None
        is_first = self._drawing is None
        if is_first and read.is_ours:
            self.way.setCurrentIndex(self.way.findData(_UPDATE))
        self._show_read(read, points=False)
        last = self.presets.offer_last(read.rows) if is_first else None
        if last is not None and self.layers.mapping == DxfMapping.standard():
            self.use_mapping(last)
        else:
            self._work_out()

    def _show_read(self, read: _Read, *, points: bool) -> None:
        project = self.session.project
        if project is None:
            return
        drawing, snapshot = read.drawing, project.snapshot
        self._found, self._drawing = read, drawing
        self._name_found(drawing)
        self.sample.setText("  ·  ".join(drawing.encoding.samples) or tr("图中没有中文", "no Chinese text"))
        self.crs.fill(read.candidates, drawing.crs, points=points)
        self.layers.fill(read.layers, drawing_targets(snapshot), snapshot)
        self.layers.show_mapping(self.layers.mapping)

    def _name_found(self, drawing: Drawing) -> None:
        """Let the boxes say what was found by itself, before the drawing has a place."""
        found = (
            (self.encoding, ENCODINGS, drawing.encoding.codec.upper()),
            (self.unit, UNITS, _unit_words(drawing.unit)),
        )
        for box, entries, name in found:
            words = tr("自动：{name}", "Auto: {name}", name=name)
            box.setItemText(0, tr(entries[0][1]) if box.currentData() else words)

    def _on_crs(self) -> None:
        if not self.crs.by_points:
            self._ground = None
        self._work_out(again=True)

    def _ask_points(self) -> None:
        self.crs.go_back()
        drawing = self._drawing
        if drawing is not None:
            numbers = read_as(np.asarray(drawing.geometry), Reading(unit_m=1.0 / METRES[drawing.unit]))
            self._points.ask(self, self._path.name, numbers, self.take_ground)

    def take_ground(self, ground: Ground) -> None:
        """Place the drawing by control points, given in the numbers of its file."""
        if self._drawing is not None:
            self._ground = ground
            self.crs.fill((), self._drawing.crs, points=True)
            self._work_out(again=True)

    def _on_mapping(self, mapping: DxfMapping) -> None:
        self.presets.show_code("")
        self._work_out()

    def _work_out(self, *, again: bool = False) -> None:
        drawing, project = self._drawing, self.session.project
        if drawing is None or project is None:
            return
        snapshot, ground, mapping = project.snapshot, self._ground, self.layers.mapping
        crs, reading = self.crs.chosen
        with_hidden, updates = self.with_hidden.isChecked(), self.way.currentData() == _UPDATE
        dropped, self._dropped, self._worked = self._dropped, None, None

        def work(progress: Progress) -> _Worked:
            placed = drawing_on_ground(drawing, ground) if ground else drawing_read_as(drawing, reading)
            plan = plan_dxf_import(
                snapshot, placed, mapping,
                crs=None if ground else crs, with_hidden=with_hidden, updates=updates, progress=progress,
            )  # fmt: skip
            rows = in_order(rows_of(snapshot, plan.changes, plan.gone)) if updates else ()
            off = frozenset(plan.gone) if dropped is None else dropped
            ticked = _chosen(snapshot, plan, off)
            check_place(snapshot, ticked.changes)  # what would be refused in the end is refused here
            in_plan = placed.geometry
            if plan.crs != snapshot.crs:
                in_plan = in_plan.remade(lambda shapes: transform(shapes, plan.crs, snapshot.crs))
            return _Worked(plan, placed, in_plan, snapshot, rows, off, ticked)

        self.begin(
            Text("正在对应图层", "Sorting the layers"), work, lambda worked: self._on_worked(worked, again)
        )

    def _on_worked(self, worked: _Worked, again: bool) -> None:
        self._worked, self.ticked = worked, worked.ticked
        plan, drawing = worked.plan, worked.drawing
        self.summary.setText(tr("，", ", ").join(self._counted(plan)))
        self.understood.setText(
            tr(
                "DXF {r}；单位：{w}；编码：{v}",
                "DXF {r}; unit: {w}; text: {v}",
                r=drawing.release,
                w=tr(drawing.unit_evidence),
                v=tr(drawing.encoding.evidence),
            )
        )
        self.understood.show()
        self.show_findings(plan.findings)
        self.layers.show_mapping(self.layers.mapping, {line.name: line.layers for line in plan.lines})
        titles = {name: tr(layer.title) for name, layer in worked.snapshot.layers.items()}
        self.show_rows(worked.rows, worked.dropped, titles)
        self.show_ticked(again=again)

    def _counted(self, plan: DxfPlan) -> list[str]:
        """Return where the entities went, and what an update makes of them."""
        counts = plan.counts
        parts = [tr("图元 {n}", "{n} entities", n=f"{counts.read:,}")]
        if self.way.currentData() == _UPDATE:
            for name, words in _FATES:
                if n := sum(getattr(c, name) for c in plan.layers.values()):
                    parts.append(tr(words, n=f"{n:,}"))
        return parts + [
            tr(words, n=f"{n:,}")
            for name, words in _COUNTS
            if (n := getattr(counts, name)) and not (name == "features" and len(parts) > 1)
        ]

    def chooser(self) -> Callable[[frozenset[Key]], Ticked] | None:
        worked = self._worked
        return partial(_chosen, worked.snapshot, worked.plan) if worked is not None else None

    def show_ticked(self, *, again: bool = False) -> None:
        worked = self._worked
        if worked is not None:
            nothing = _SAME if self.way.currentData() == _UPDATE else _NOTHING
            self.preview_ticked(worked.plan.findings, nothing, again=again)

    def shape_of_row(self, row: UpdateRow) -> shapely.Geometry | None:
        worked = self._worked
        if worked is None:
            return None
        change = worked.plan.changes.features.get(row.key)
        feature = (change.after if change is not None else None) or worked.snapshot.feature(row.key)
        return feature.geometry if feature is not None else None

    def shape_of_finding(self, finding: Finding) -> shapely.Geometry | None:
        worked, handle = self._worked, str(finding.record or "").removeprefix("#")
        if worked is None or not handle:
            return None
        handles = worked.drawing.columns["handle"].tolist()
        return worked.in_plan[handles.index(handle)] if handle in handles else None

    def on_failed(self, error: PlanboardError) -> None:
        self._worked = None
        super().on_failed(error)
        if self._drawing is not None:
            self.layers.show_mapping(self.layers.mapping)

    def _look_at_layers(self, names: list[str]) -> None:
        """Mark on the map what the marked layers of the drawing hold."""
        worked, proposal, found = self._worked, self.session.proposal, self._found
        if worked is None or proposal is None or found is None:
            return
        none = np.empty(0, dtype=np.intp)
        shapes = worked.in_plan[np.concatenate([none, *(found.rows[name] for name in names)])]
        self.session.propose(proposal.with_focus(shapes[~shapely.is_missing(shapes)]))

    def use_mapping(self, mapping: DxfMapping) -> None:
        """Send the layers where a mapping says."""
        project = self.session.project
        layers = project.snapshot.layers if project is not None else {}
        said = {name: layer for name, layer in mapping.said.items() if not layer or layer in layers}
        self.layers.mapping = replace(mapping, said=said)
        if self._drawing is not None:
            self.layers.show_mapping(self.layers.mapping)
            self._work_out()


def _chosen(snapshot: Snapshot, plan: DxfPlan, dropped: frozenset[Key]) -> Ticked:
    """Return what comes in without what is not ticked, and its preview."""
    changes = chosen_of(snapshot, plan.changes, plan.gone, dropped)
    return Ticked(changes, ready_proposal(changes))


def _unit_words(unit: str) -> str:
    return tr(dict(UNITS).get(unit, Text(unit, unit)))
