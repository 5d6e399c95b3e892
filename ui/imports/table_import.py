"""Importing a layer of a data file: shapefile, GeoPackage, table and the like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import shapely
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtWidgets import QComboBox

from gis.crs import WGS84
from gis.crs_candidates import Candidate, candidate_words, crs_candidates, needs_points
from gis.edit.place import check_place
from gis.exchange.import_records import record_of
from gis.exchange.layer_lists import holds_several
from gis.exchange.looking import Looked, look_into
from gis.exchange.mapping import automatic_mapping
from gis.exchange.matching import SHAPE, UID
from gis.exchange.plan import ImportPlan, plan_import
from gis.exchange.raw import SourceLayer
from gis.exchange.source import TABLES, Ground, Source, Unplaced, read_unplaced
from gis.exchange.standing import Standing, Verdict, standings, verdict_of, verdict_without
from gis.exchange.update import UpdateRow, chosen_changes, update_rows
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import Key
from layers.errors import Finding, PlanboardError
from layers.snapshot import Snapshot
from layers.text import Text
from ui.imports.column_mapping import ColumnMapping
from ui.imports.control_points import ControlPoints
from ui.imports.crs_choice import CrsChoice
from ui.imports.record_preview import RecordPreview
from ui.imports.update_form import Ticked, UpdateForm, count_fates, shape_in_plan, with_removed
from ui.imports.update_list import in_order
from ui.models.import_choice import key_fields, likely_layer, shapes_of
from ui.models.proposal import ready_proposal
from ui.panels.parts import Choice, button
from ui.session import Session
from ui.tasks import Tasks

ENCODINGS: Final = (
    ("", Text("自动识别编码", "Encoding: auto")),
    ("UTF-8", Text("UTF-8", "UTF-8")),
    ("GB18030", Text("GBK / GB18030", "GBK / GB18030")),
    ("Big5", Text("Big5（繁体）", "Big5 (traditional)")),
    ("UTF-16", Text("UTF-16", "UTF-16")),
)
_COUNTS: Final = (
    ("added", Text("新增 {n}", "{n} new")),
    ("updated", Text("更新 {n}", "{n} updated")),
    ("unchanged", Text("相同 {n}", "{n} the same")),
    ("repaired", Text("修复图形 {n}", "{n} repaired")),
    ("set_aside", Text("无法导入 {n}", "{n} left out")),
)
_NOTHING: Final = Text("没有可导入的新内容。", "There is nothing new to import.")


@dataclass(frozen=True)
class _Read:
    unplaced: Unplaced
    candidates: tuple[Candidate, ...]
    standings: tuple[Standing, ...] = ()
    refused: bool = False
    """Whether only control points lead from what the file says to the plan."""


@dataclass(frozen=True)
class _Kept:
    """What was chosen in the form of another language."""

    read: _Read
    layers: tuple[SourceLayer, ...]
    layer: str
    encoding: str
    target: str
    way: str
    crs: tuple[object, str]
    ground: Ground | None
    columns: dict[str, str]
    dropped: frozenset[Key]
    page: int


@dataclass(frozen=True)
class _Worked:
    source: Source
    plan: ImportPlan
    rows: tuple[UpdateRow, ...]
    snapshot: Snapshot
    dropped: frozenset[Key]
    """What is not ticked at first."""
    ticked: Ticked
    verdict: Verdict | None


class TableImport(UpdateForm):
    """Reads and plans in the background, at every choice anew; reads the file once per layer and encoding.

    Signals
    -------
    all_wanted()
        The file has several layers, and they are to come in together.
    """

    all_wanted = pyqtSignal()

    def __init__(
        self, session: Session, tasks: Tasks, path: Path, points: ControlPoints, only: str | None = None
    ) -> None:
        super().__init__(session, tasks, path.name)
        self._path, self._points, self._only = path, points, only
        self._unplaced: Unplaced | None = None
        self._worked: _Worked | None = None
        self._ground: Ground | None = None
        self._found: _Read | None = None
        self._layers: tuple[SourceLayer, ...] = ()
        self._dropped: frozenset[Key] | None = None
        self._build()
        self.begin(
            Text("正在读取", "Reading"),
            lambda p: look_into(path, "one" if only is None else "none", p),
            self._on_looked,
        )

    @property
    def plan(self) -> ImportPlan | None:
        """What the import would do, once it is worked out."""
        return self._worked.plan if self._worked is not None else None

    def submit(self) -> None:
        """Apply what is ticked."""
        worked, ticked = self._worked, self.ticked
        if worked is None or ticked is None or self.busy:
            return
        source, plan, changes = worked.source, worked.plan, ticked.changes
        fresh, updated, gone = count_fates(changes)
        counts = {**plan.counts._asdict(), "removed": gone}
        points = self._ground.points if self._ground is not None else ()
        record = record_of(self._path, source.format, source.crs, [plan.layer], counts, plan.findings, points)
        told = Text("已导入到“{l}”：新增 {a}，更新 {u}", "Imported into “{l}”: {a} new, {u} updated").format(
            l=worked.snapshot.layers[plan.layer].title, a=fresh, u=updated
        )
        self.apply(changes, record, with_removed(told, gone))

    @property
    def adjustable(self) -> bool:
        """Whether another choice may help: something was read, or there are other layers."""
        return self._unplaced is not None or len(self._layers) > 1

    def refresh(self) -> None:
        if self._unplaced is not None:
            self._work_out()

    def kept(self) -> _Kept | None:
        if self._found is None:
            return None
        boxes = (self.layer_choice, self.encoding, self.target, self.way)
        layer, encoding, target, way = (str(box.currentData() or "") for box in boxes)
        return _Kept(
            self._found, self._layers, layer, encoding, target, way, self.crs.kept, self._ground,
            self.columns.chosen, self.updates.dropped, self.pages.currentIndex(),
        )  # fmt: skip

    def take_up(self, kept: _Kept) -> None:
        self._fill_layers(kept.layers)
        self._found, self._unplaced, self._ground = kept.read, kept.read.unplaced, kept.ground
        self._offer_targets(kept.read.unplaced)
        self._show_read(kept.read, points=kept.ground is not None)
        self.crs.take_up(kept.crs)
        for box, data in (
            (self.layer_choice, kept.layer), (self.encoding, kept.encoding), (self.target, kept.target),
        ):  # fmt: skip
            box.setCurrentIndex(box.findData(data))
        self._offer_ways(kept.way)
        self._dropped = kept.dropped
        self.open_page(kept.page)
        self._work_out(mapping=kept.columns)

    def _build(self) -> None:
        self.layer_choice, self.target, self.encoding = Choice(), Choice(), Choice()
        self.way = Choice()
        for box in (self.layer_choice, self.target, self.encoding, self.way):
            box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14 if box is self.encoding else 10)
        self.crs = CrsChoice()
        for code, words in ENCODINGS:
            self.encoding.addItem(tr(words), code)
        self.layer_choice.activated.connect(lambda _: self._read())
        self.encoding.activated.connect(lambda _: self._read())
        self.target.activated.connect(lambda _: self._on_target())
        self.way.activated.connect(lambda _: self._work_out(keep_columns=True, compare=True))
        self.crs.changed.connect(self._on_crs)
        self.crs.points_requested.connect(self._ask_points)
        self.together = button(tr("全部图层…", "All layers …"), "link")
        self.together.clicked.connect(lambda: self.all_wanted.emit())
        self.together.hide()
        self.add_choice(Text("文件中", "In the file"), self.layer_choice, self.encoding, self.together)
        self.add_choice(Text("坐标系", "CRS"), self.crs)
        self.add_choice(Text("导入到", "Into"), self.target)
        self.add_choice(Text("方式", "How"), self.way)
        self.columns, self.records = ColumnMapping(), RecordPreview()
        self.columns.changed.connect(lambda: self._work_out(keep_columns=True))
        self.add_page(Text("字段对应", "Columns"), self.columns)
        self.add_page(Text("数据", "Records"), self.records)
        self.add_comparison()

    def _on_looked(self, looked: Looked) -> None:
        if self._only is None and holds_several(looked.layers):
            self.all_wanted.emit()
            return
        self._fill_layers(looked.layers)
        if self._only is not None:
            self.layer_choice.setCurrentIndex(max(0, self.layer_choice.findData(self._only)))
        found = looked.read.get(str(self.layer_choice.currentData()))
        if isinstance(found, Unplaced):
            self._take(found)
        elif found is not None:
            self.on_failed(found)
        else:
            self._read()

    def _fill_layers(self, layers: tuple[SourceLayer, ...]) -> None:
        self._layers = layers
        shaped = [layer for layer in layers if layer.geometry is not None] or list(layers)
        for layer in shaped:
            count = f"  ({layer.features:,})" if layer.features > 0 else ""
            self.layer_choice.addItem(layer.name + count, layer.name)
            if layer.features == 0 and len(shaped) > 1:
                _shut(self.layer_choice, self.layer_choice.count() - 1)
        filled = [i for i, layer in enumerate(shaped) if layer.features != 0]
        self.layer_choice.setCurrentIndex(filled[0] if filled else 0)
        self.layer_choice.setEnabled(len(shaped) > 1)
        self.together.setVisible(holds_several(layers))

    def _read(self) -> None:
        name, encoding = (box.currentData() or None for box in (self.layer_choice, self.encoding))
        path, project = self._path, self.session.project
        if project is None:
            return
        snapshot = project.snapshot

        def work(progress: Progress) -> _Read:
            found = read_unplaced(path, source_layer=name, encoding=encoding, progress=progress)
            return _looked_through(found, snapshot, progress)

        self.begin(Text("正在读取", "Reading"), work, self._on_read)

    def _take(self, found: Unplaced) -> None:
        """Go on with the only layer of a file, read already."""
        project = self.session.project
        if project is not None:
            snapshot = project.snapshot
            words = Text("正在判断坐标系", "Finding the coordinate system")
            self.begin(words, lambda p: _looked_through(found, snapshot, p), self._on_read)

    def _on_read(self, read: _Read) -> None:
        self._found, self._unplaced, self._ground = read, read.unplaced, None
        self._show_read(read, points=False)
        if not self.target.count():
            self._offer_targets(read.unplaced)
        self._on_target()

    def _show_read(self, read: _Read, *, points: bool) -> None:
        self.crs.setEnabled(read.unplaced.table.shaped)
        if read.unplaced.table.shaped:
            named = not _only_degrees(read.unplaced)
            declared = read.unplaced.declared
            self.crs.fill(read.candidates, declared, points=points, refused=read.refused, named=named)
        else:
            self.crs.fill_none()
        self.records.fill(read.unplaced)

    def _offer_targets(self, unplaced: Unplaced) -> None:
        snapshot = self.session.project.snapshot if self.session.project else None
        if snapshot is None:
            return
        for layer in reversed(list(snapshot.layers.values())):
            self.target.addItem(tr(layer.title), layer.id)
        shapes = shapes_of(unplaced.geometry)
        chosen = likely_layer(snapshot, unplaced.table.layer, tuple(unplaced.table.columns), shapes)
        self.target.setCurrentIndex(self.target.findData(chosen))

    def _on_target(self) -> None:
        """Offer the ways in which records can find what is there already."""
        self._offer_ways(self.way.currentData())
        self._work_out()

    def _offer_ways(self, kept: str | None) -> None:
        project = self.session.project
        if project is None or self._unplaced is None:
            return
        layer = project.snapshot.layers[str(self.target.currentData())]
        self.way.clear()
        if self._unplaced.table.shaped:
            self.way.addItem(tr("新增（曾从本项目导出的则更新）", "Add; update what was exported here"), "")
            self.way.addItem(tr("更新：按导出时带的标识（uid）对应", "Update: by the uid of an export"), UID)
            self.way.addItem(tr("更新：按形状和位置对应", "Update: match by shape and place"), SHAPE)
        for name in key_fields(layer):
            title = next(f.title for f in layer.fields if f.name == name)
            self.way.addItem(tr("更新：按“{f}”对应", "Update: match by “{f}”", f=tr(title)), name)
        at = self.way.findData(kept)
        self.way.setCurrentIndex(max(0, at))

    def _on_crs(self) -> None:
        if not self.crs.by_points:
            self._ground = None
        self._work_out(keep_columns=True, again=True)

    def _ask_points(self) -> None:
        self.crs.go_back()
        if self._unplaced is not None:
            self._points.ask(self, self._path.name, self._unplaced.geometry, self.take_ground)

    def take_ground(self, ground: Ground) -> None:
        """Place the file by control points."""
        if self._unplaced is None:
            return
        self._ground = ground
        self.crs.fill((), self._unplaced.declared, points=True)
        self._work_out(keep_columns=True, again=True)

    def _work_out(
        self,
        *,
        keep_columns: bool = False,
        again: bool = False,
        compare: bool = False,
        mapping: dict[str, str] | None = None,
    ) -> None:
        unplaced, project = self._unplaced, self.session.project
        if unplaced is None or project is None or not self.target.count():
            return
        target, snapshot, ground = str(self.target.currentData()), project.snapshot, self._ground
        match = str(self.way.currentData() or "") or None
        mapping = self.columns.chosen if keep_columns else mapping
        crs, reading = self.crs.chosen
        dropped, self._dropped, self._worked = self._dropped, None, None
        others = self._found.standings if self._found is not None else ()

        def work(progress: Progress) -> _Worked:
            source = unplaced.placed(crs, None, ground, reading)
            out = [name for name, field in (mapping or {}).items() if not field]
            plan = plan_import(snapshot, source, target, mapping, progress, match=match, left_out=out)
            check_place(snapshot, plan.changes)  # what would be refused in the end is refused here
            compares = match is not None or not source.shaped
            rows = in_order(update_rows(snapshot, plan)) if compares else ()
            off = frozenset(row.key for row in rows if row.fate == "gone") if dropped is None else dropped
            verdict = None
            if source.shaped and ground is None:
                named = unplaced.declared == source.crs
                verdict = verdict_of(unplaced, Candidate(source.crs, reading), snapshot, others, named=named)
            return _Worked(source, plan, rows, snapshot, off, _chosen(plan, rows, snapshot, off), verdict)

        self.begin(
            Text("正在核对", "Checking"),
            work,
            lambda worked: self._on_worked(
                worked, keep_columns=keep_columns, again=again, compare=compare or not keep_columns
            ),
        )

    def _on_worked(self, worked: _Worked, *, keep_columns: bool, again: bool, compare: bool) -> None:
        self._worked, self.ticked = worked, worked.ticked
        source, plan, counts = worked.source, worked.plan, worked.plan.counts
        parts = [tr("读到 {n} 条", "{n} records", n=f"{counts.read:,}")]
        parts += [tr(words, n=f"{n:,}") for name, words in _COUNTS if (n := getattr(counts, name))]
        self.summary.setText(tr("，", ", ").join(parts))
        self.understood.setText(_understood(source, self._unplaced, self._ground))
        self.understood.show()
        self.crs.tell(worked.verdict)
        self.findings.sheets = frozenset((source.path.name,)) if source.by_rows else frozenset()
        self.show_findings(plan.findings)
        if not keep_columns:
            fields = worked.snapshot.layers[plan.layer].fields
            self.columns.fill(source.columns, plan.mapping, plan.unmapped, fields, plan.dropped)
        self.show_rows(worked.rows, worked.dropped)
        if worked.rows and compare:
            self.open_comparison()
        self.show_ticked(again=again)

    def chooser(self) -> Callable[[frozenset[Key]], Ticked] | None:
        worked = self._worked
        return partial(_chosen, worked.plan, worked.rows, worked.snapshot) if worked is not None else None

    def show_ticked(self, *, again: bool = False) -> None:
        if self._worked is not None:
            self.preview_ticked(self._worked.plan.findings, _NOTHING, again=again)

    def shape_of_row(self, row: UpdateRow) -> shapely.Geometry | None:
        worked = self._worked
        if worked is None:
            return None
        change = worked.plan.changes.features.get(row.key)
        feature = change.after if change is not None else worked.snapshot.feature(row.key)
        return feature.geometry if feature is not None else None

    def shape_of_finding(self, finding: Finding) -> shapely.Geometry | None:
        worked = self._worked
        if worked is None or not isinstance(finding.record, int):
            return None
        return shape_in_plan(worked.source, finding.record, worked.snapshot)

    def on_failed(self, error: PlanboardError) -> None:
        """Say what is wrong; a system that does not fit leaves the choices open."""
        self._worked = None
        others = self._found.standings if self._found is not None else ()
        chosen = self.crs.chosen[0]
        by_points = error.code == "crs.control-points" or (chosen is None and self.adjustable)
        named = self._unplaced is not None and chosen == self._unplaced.declared
        self.crs.tell(verdict_without(others, named=named) if chosen else None, by_points=by_points)
        super().on_failed(error)
        self._offer_columns()

    def _offer_columns(self) -> None:
        """Show the columns though they cannot come in as they are: the right choice may be among them."""
        unplaced, project = self._unplaced, self.session.project
        if unplaced is None or project is None or self.columns.boxes or not self.target.count():
            return
        fields = project.snapshot.layers[str(self.target.currentData())].fields
        names = list(unplaced.table.columns)
        mapping = automatic_mapping(names, fields)
        rest = [name for name in names if name not in mapping]
        self.columns.fill(unplaced.table.columns, mapping, rest, fields)


def _looked_through(found: Unplaced, snapshot: Snapshot, progress: Progress) -> _Read:
    """Return what was read with the systems its numbers may be in."""
    for column in found.table.columns.values():
        column[:1]  # unpacked here, so that showing a few does not keep the window waiting
    bounds = found.bounds
    if bounds is None:
        return _Read(found, ())
    progress.step(0.9, Text("正在判断坐标系", "Finding the coordinate system"))
    ways = crs_candidates(bounds, snapshot.crs, snapshot.extent(), found.declared)
    refused = found.declared is not None and needs_points(found.declared, snapshot.crs)
    return _Read(found, ways, standings(found, ways, snapshot), refused)


def _chosen(
    plan: ImportPlan, rows: Sequence[UpdateRow], snapshot: Snapshot, dropped: frozenset[Key]
) -> Ticked:
    """Return what is left of a plan without what is not ticked."""
    layer = snapshot.layers[plan.layer]
    gone = [f.geometry for uid in plan.gone if (f := layer.table.get(uid)) is not None]
    changes = chosen_changes(plan, snapshot, dropped) if rows else plan.changes
    return Ticked(changes, ready_proposal(plan.changes, gone, dropped))


def _shut(box: QComboBox, at: int) -> None:
    """Let an entry be seen but not chosen, and say why."""
    why = tr("没有数据", "has no records")
    box.setItemText(at, tr("{n}（{w}）", "{n} ({w})", n=box.itemText(at), w=why))
    box.setItemData(at, why, Qt.ItemDataRole.ToolTipRole)
    model = box.model()
    if isinstance(model, QStandardItemModel) and (item := model.item(at)) is not None:
        item.setEnabled(False)


def _only_degrees(unplaced: Unplaced) -> bool:
    """Tell whether a table has degrees and no word on their system: WGS 84 is then only the likeliest."""
    return unplaced.table.format in TABLES and unplaced.table.crs == WGS84


def _understood(source: Source, unplaced: Unplaced | None, ground: Ground | None) -> str:
    words = (
        tr("{f}，坐标系 {c}", "{f}, {c}", f=source.format, c=tr(candidate_words(source.crs)))
        if source.crs
        else tr("{f}，无坐标，按编号合并", "{f}, no coordinates, joined by number", f=source.format)
    )
    if ground is not None:
        words += tr(
            "（按 {n} 个控制点配准，中误差 {r:.3f} 米）",
            " (by {n} control points, RMS {r:.3f} m)",
            n=len(ground.fit.names),
            r=ground.fit.rms_m,
        )
    elif source.crs and unplaced is not None and (unplaced.table.crs is None or _only_degrees(unplaced)):
        words += tr("（文件未标注，请看地图核对）", " (not named in the file: check it on the map)")
    if source.encoding:
        words += tr("，编码 {e}", ", encoding {e}", e=source.encoding)
        words += f" ({tr(source.encoding_evidence)})" if source.encoding_evidence.zh else ""
    return words
