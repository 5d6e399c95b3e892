"""Importing a DXF or DWG drawing: its layers, encoding, unit and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtWidgets import QCheckBox, QInputDialog, QMenu, QWidget

from gis.crs import transform
from gis.crs_candidates import Candidate, Reading, crs_candidates, crs_words
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
from gis.exchange.dxf.mapping import REFERENCE, DxfMapping
from gis.exchange.dxf.plan import DxfPlan, plan_dxf_import
from gis.exchange.dxf.saved_presets import forget_preset, save_preset, usable_presets
from gis.exchange.dxf.units import METRES
from gis.exchange.import_records import record_of
from gis.exchange.source import Ground, read_as
from gis.i18n import tr
from gis.progress import Progress
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.imports.control_points import ControlPoints
from ui.imports.crs_choice import CrsChoice
from ui.imports.import_form import ImportForm
from ui.imports.layer_mapping import LayerMapping
from ui.models.coordinates import roomy
from ui.models.proposal import Proposal, as_array, ready_proposal
from ui.panels.parts import Choice, button, column, label, row
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
_STANDARD, _ALL_REFERENCE = "standard", "reference"
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
    page: int


@dataclass(frozen=True)
class _Worked:
    plan: DxfPlan
    drawing: Drawing
    in_plan: NDArray[np.object_]
    proposal: Proposal


class DrawingImport(ImportForm):
    """The mapping of layers is kept while encoding, unit and place are tried out."""

    def __init__(self, session: Session, tasks: Tasks, path: Path, points: ControlPoints) -> None:
        super().__init__(session, tasks, path.name)
        self._path, self._points = path, points
        self._drawing: Drawing | None = None
        self._worked: _Worked | None = None
        self._ground: Ground | None = None
        self._found: _Read | None = None
        self._presets: dict[str, DxfMapping] = {}
        self._build()
        self._fill_presets(_STANDARD)
        self._read()

    @property
    def plan(self) -> DxfPlan | None:
        """What the import would do, once it is worked out."""
        return self._worked.plan if self._worked is not None else None

    def submit(self) -> None:
        worked = self._worked
        if worked is None:
            return
        plan, counts = worked.plan, worked.plan.counts
        record = record_of(
            self._path, f"DXF {worked.drawing.release}", plan.crs, list(plan.layers), counts._asdict(),
            plan.findings,
        )  # fmt: skip
        told = Text(
            "已导入图纸 {f}：{n} 个对象，{k} 个图层",
            "Drawing {f} imported: {n} features in {k} layers",
        ).format(f=self._path.name, n=counts.features, k=len(plan.layers))
        self.apply(plan.changes, record, told)

    def refresh(self) -> None:
        self._work_out()

    def kept(self) -> _Kept | None:
        if self._found is None:
            return None
        boxes = (self.encoding, self.unit, self.preset)
        encoding, unit, preset = (str(box.currentData() or "") for box in boxes)
        return _Kept(
            self._found, encoding, unit, preset, self.layers.mapping, self.with_hidden.isChecked(),
            self.crs.kept, self._ground, self.pages.currentIndex(),
        )  # fmt: skip

    def take_up(self, kept: _Kept) -> None:
        boxes = ((self.encoding, kept.encoding), (self.unit, kept.unit), (self.preset, kept.preset))
        for box, data in boxes:
            box.setCurrentIndex(box.findData(data))
        self.with_hidden.setChecked(kept.hidden)
        self.layers.mapping = kept.mapping
        self._ground = kept.ground
        self._show_read(kept.read, points=kept.ground is not None)
        self.crs.take_up(kept.crs)
        self.open_page(kept.page)
        self._work_out()

    def _build(self) -> None:
        self.encoding, self.unit, self.preset = Choice(), Choice(), Choice()
        for box, entries in ((self.encoding, ENCODINGS), (self.unit, UNITS)):
            for code, words in entries:
                box.addItem(tr(words), code)
            box.activated.connect(lambda _: self._read())
        self.unit.setMinimumContentsLength(12)
        self.crs = CrsChoice()
        self.crs.changed.connect(self._on_crs)
        self.crs.points_requested.connect(self._ask_points)
        self.with_hidden = QCheckBox(tr("也导入关闭和冻结的图层", "Also layers that are off or frozen"))
        self.with_hidden.toggled.connect(lambda _: self._work_out())
        self.more = button(tr("方案…", "Manage …"))
        self.more.clicked.connect(self._offer_presets)
        self.preset.activated.connect(self._on_preset)
        self.sample = label(role="faint", wrap=True)
        self.add_choice(Text("文字、单位", "Text, unit"), self.encoding, self.unit)
        self.add_choice(Text("文字示例", "Sample"), self.sample)
        self.add_choice(Text("坐标系", "CRS"), self.crs)
        self.add_choice(Text("对应方案", "Mapping"), self.preset, self.more)
        self.layers = LayerMapping()
        self.layers.mapping_changed.connect(self._on_mapping)
        self.layers.layer_chosen.connect(self._look_at_layers)
        page = QWidget()
        inner = column(self.layers, spacing=6)
        inner.setStretch(0, 1)
        inner.addLayout(row(self.with_hidden, None))
        page.setLayout(inner)
        self.add_page(Text("图层对应", "Layers"), page)
        self.add_page(Text("发现", "Findings"), self.findings)
        self.findings.finding_chosen.connect(self._look_at)
        self.show_findings(())
        self.go.setText(tr("导入", "Import"))

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
            return _Read(drawing, drawing_layers(drawing, rows), rows, found)

        self.begin(Text("正在读取图纸", "Reading the drawing"), work, self._on_read)

    def _on_read(self, read: _Read) -> None:
        project = self.session.project
        if project is None:
            return
        self._ground = None
        self._show_read(read, points=False)
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
            (self.unit, UNITS, tr(dict(UNITS).get(drawing.unit, Text(drawing.unit, drawing.unit)))),
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
            numbers = read_as(drawing.geometry, Reading(unit_m=1.0 / METRES[drawing.unit]))
            self._points.ask(self, self._path.name, numbers, self.take_ground)

    def take_ground(self, ground: Ground) -> None:
        """Place the drawing by control points, given in the numbers of its file."""
        if self._drawing is not None:
            self._ground = ground
            self.crs.fill((), self._drawing.crs, points=True)
            self._work_out(again=True)

    def _on_mapping(self, mapping: DxfMapping) -> None:
        self.preset.setCurrentIndex(-1)
        self._work_out()

    def _work_out(self, *, again: bool = False) -> None:
        drawing, project = self._drawing, self.session.project
        if drawing is None or project is None:
            return
        snapshot, ground, mapping = project.snapshot, self._ground, self.layers.mapping
        crs, reading = self.crs.chosen
        with_hidden = self.with_hidden.isChecked()
        self._worked = None

        def work(progress: Progress) -> _Worked:
            placed = drawing_on_ground(drawing, ground) if ground else drawing_read_as(drawing, reading)
            plan = plan_dxf_import(
                snapshot, placed, mapping,
                crs=None if ground else crs, with_hidden=with_hidden, progress=progress,
            )  # fmt: skip
            check_place(snapshot, plan.changes)  # what would be refused in the end is refused here
            in_plan = transform(placed.geometry, plan.crs, snapshot.crs)
            return _Worked(plan, placed, in_plan, ready_proposal(plan.changes))

        self.begin(
            Text("正在对应图层", "Sorting the layers"), work, lambda worked: self._on_worked(worked, again)
        )

    def _on_worked(self, worked: _Worked, again: bool) -> None:
        self._worked = worked
        plan, drawing = worked.plan, worked.drawing
        counts = plan.counts
        parts = [tr("图元 {n}", "{n} entities", n=f"{counts.read:,}")]
        parts += [tr(words, n=f"{n:,}") for name, words in _COUNTS if (n := getattr(counts, name))]
        self.summary.setText(tr("，", ", ").join(parts))
        self.understood.setText(
            tr(
                "DXF {r}，单位 {u}（{w}），编码 {e}（{v}），坐标系 {c}",
                "DXF {r}, unit {u} ({w}), encoding {e} ({v}), {c}",
                r=drawing.release,
                u=drawing.unit,
                w=tr(drawing.unit_evidence),
                e=drawing.encoding.codec.upper(),
                v=tr(drawing.encoding.evidence),
                c=tr(crs_words(plan.crs)),
            )
        )
        self.understood.show()
        self.show_findings(plan.findings)
        self.layers.show_mapping(self.layers.mapping, {line.name: line.layers for line in plan.lines})
        self.preview(worked.proposal, again=again)
        count = len(plan.changes.features)
        self.go.setText(tr("导入 {n} 个", "Import {n}", n=f"{count:,}") if count else tr("导入", "Import"))
        self.go.setEnabled(count > 0)
        if count:
            self.show_doubt(plan.findings)
        else:
            self.show_problem(Text("没有可导入的新内容。", "There is nothing new to import."))

    def on_failed(self, error: PlanboardError) -> None:
        self._worked = None
        super().on_failed(error)
        if self._drawing is not None:
            self.layers.show_mapping(self.layers.mapping)
        else:
            self.show_problem(None)  # no choice here would help; what does is said above

    def _look_at_layers(self, names: list[str]) -> None:
        """Mark on the map what the marked layers of the drawing hold."""
        worked, proposal, found = self._worked, self.session.proposal, self._found
        if worked is None or proposal is None or found is None:
            return
        none = np.empty(0, dtype=np.intp)
        shapes = worked.in_plan[np.concatenate([none, *(found.rows[name] for name in names)])]
        self.session.propose(proposal.with_focus(shapes[~shapely.is_missing(shapes)]))

    def _look_at(self, finding: Finding) -> None:
        worked, proposal = self._worked, self.session.proposal
        handle = str(finding.record or "").removeprefix("#")
        if worked is None or proposal is None or not handle:
            return
        handles = worked.drawing.columns["handle"]
        shape = worked.in_plan[handles.index(handle)] if handle in handles else None
        if shape is not None:
            self.session.propose(proposal.with_focus(as_array([shape])))
            self.session.zoom_requested.emit(roomy(shape.bounds))

    def _fill_presets(self, chosen: str) -> None:
        self._presets = usable_presets()
        self.preset.clear()
        self.preset.addItem(
            tr("内置：南方 CASS 代码和常用图层名", "Built in: CASS codes and common names"), _STANDARD
        )
        self.preset.addItem(tr("全部作为参考底图", "Everything as reference"), _ALL_REFERENCE)
        for name in self._presets:
            self.preset.addItem(name, f"own:{name}")
        self.preset.setPlaceholderText(tr("自定（未保存）", "Own choice (not saved)"))
        self.preset.setCurrentIndex(self.preset.findData(chosen))

    def _on_preset(self, _: int) -> None:
        chosen = str(self.preset.currentData() or "")
        if chosen == _STANDARD:
            self.use_mapping(DxfMapping.standard())
        elif chosen == _ALL_REFERENCE:
            self.use_mapping(DxfMapping.onto(REFERENCE))
        elif chosen.startswith("own:"):
            self.use_mapping(self._presets[chosen.removeprefix("own:")])

    def use_mapping(self, mapping: DxfMapping) -> None:
        """Send the layers where a mapping says."""
        project = self.session.project
        layers = project.snapshot.layers if project is not None else {}
        said = {name: layer for name, layer in mapping.said.items() if not layer or layer in layers}
        self.layers.mapping = replace(mapping, said=said)
        if self._drawing is not None:
            self.layers.show_mapping(self.layers.mapping)
            self._work_out()

    def _offer_presets(self) -> None:
        menu = self.preset_menu()
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def preset_menu(self) -> QMenu:
        """Return what can be done with mappings."""
        menu = QMenu(self)
        chosen = str(self.preset.currentData() or "")
        save = menu.addAction(tr("把当前对应保存为方案…", "Save this mapping as …"))
        if save is not None:
            save.triggered.connect(lambda _=False: self._ask_name())
        forget = menu.addAction(tr("删除此方案", "Delete this mapping"))
        if forget is not None:
            forget.setEnabled(chosen.startswith("own:"))
            forget.triggered.connect(lambda _=False: self._forget(chosen.removeprefix("own:")))
        return menu

    def _ask_name(self) -> None:
        name, given = QInputDialog.getText(
            self, tr("保存方案", "Save mapping"), tr("方案名称", "Name"), text=self._path.stem
        )
        if given and name.strip():
            self.save_mapping(name)

    def save_mapping(self, name: str) -> None:
        """Keep the mapping on screen under a name."""
        try:
            kept = save_preset(name, self.layers.mapping)
        except PlanboardError as error:
            self.session.tell_error(error)
            return
        self._fill_presets(f"own:{kept}")

    def _forget(self, name: str) -> None:
        forget_preset(name)
        self._fill_presets(_STANDARD)
