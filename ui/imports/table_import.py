"""Importing a layer of a data file: shapefile, GeoPackage, table and the like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import shapely
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QStandardItemModel
from PyQt6.QtWidgets import QComboBox

from gis.crs_candidates import PLAIN
from gis.exchange.import_records import record_of
from gis.exchange.kept_choices import Choices, keep_choices, titles_of
from gis.exchange.layer_lists import holds_several
from gis.exchange.looking import Looked, look_into
from gis.exchange.mapping import automatic_mapping
from gis.exchange.matching import SHAPE, UID
from gis.exchange.plan import ImportPlan
from gis.exchange.raw import SourceLayer
from gis.exchange.source import Ground, Unplaced, read_unplaced
from gis.exchange.standing import verdict_without
from gis.exchange.tables.chosen_places import place_columns
from gis.exchange.update import UpdateRow
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import Key
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.imports.column_mapping import ColumnMapping
from ui.imports.control_points import ControlPoints
from ui.imports.crs_choice import CrsChoice
from ui.imports.file_planning import Asked, Worked, ticked_of, work_out
from ui.imports.file_reading import FileRead, Laid, fillable, laid, looked_at, only_degrees, understood_words
from ui.imports.kept_note import KeptNote
from ui.imports.place_choice import PlaceChoice
from ui.imports.record_preview import RecordPreview
from ui.imports.update_form import Ticked, UpdateForm, count_fates, shape_in_plan, with_removed
from ui.models.import_choice import key_fields
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
class _Kept:
    """What was chosen in the form of another language."""

    read: FileRead
    laid: Laid
    layers: tuple[SourceLayer, ...]
    layer: str
    encoding: str
    choices: Choices
    again: bool
    crs: tuple[object, str]
    ground: Ground | None
    dropped: frozenset[Key]
    page: int


class TableImport(UpdateForm):
    """Reads and plans in the background, at every choice anew; reads the file once per layer and encoding.

    Signals
    -------
    all_wanted()
        The file has several layers, and they are to come in together.
    """

    all_wanted = pyqtSignal()

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        path: Path,
        points: ControlPoints,
        only: str | None = None,
        name: str = "",
    ) -> None:
        super().__init__(session, tasks, name or path.name)
        self._path, self._points, self._only = path, points, only
        self._file: FileRead | None = None
        self._laid: Laid | None = None
        self._worked: Worked | None = None
        self._ground: Ground | None = None
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

    @property
    def _unplaced(self) -> Unplaced | None:
        return self._laid.unplaced if self._laid is not None else None

    def submit(self) -> None:
        """Apply what is ticked, and keep what was chosen for the next such file."""
        worked, ticked = self._worked, self.ticked
        if worked is None or ticked is None or self.busy:
            return
        self._keep_choices()
        source, plan, changes = worked.source, worked.plan, ticked.changes
        fresh, updated, gone = count_fates(changes)
        counts = {**plan.counts._asdict(), "removed": gone}
        record = record_of(
            Path(self.name), source.format, source.crs, [plan.layer], counts, plan.findings, self._ground
        )
        told = Text("已导入到“{l}”：新增 {a}，更新 {u}", "Imported into “{l}”: {a} new, {u} updated").format(
            l=worked.snapshot.layers[plan.layer].title, a=fresh, u=updated
        )
        self.apply(changes, record, with_removed(told, gone))

    def _keep_choices(self) -> None:
        file = self._file
        if file is not None:
            unfit = file.offer.unfit if file.offer is not None else Choices()
            keep_choices(titles_of(file.unplaced), self.choices_made.over(unfit))

    @property
    def adjustable(self) -> bool:
        """Whether another choice may help: something was read, or there are other layers."""
        return self._unplaced is not None or len(self._layers) > 1

    def refresh(self) -> None:
        if self._unplaced is not None:
            self._work_out()

    def kept(self) -> _Kept | None:
        if self._file is None or self._laid is None:
            return None
        layer, encoding = (str(box.currentData() or "") for box in (self.layer_choice, self.encoding))
        return _Kept(
            self._file, self._laid, self._layers, layer, encoding, self.choices_made, self.note.again,
            self.crs.kept, self._ground, self.updates.dropped, self.pages.currentIndex(),
        )  # fmt: skip

    def take_up(self, kept: _Kept) -> None:
        self._fill_layers(kept.layers)
        self._file, self.note.again = kept.read, kept.again
        for box, data in ((self.layer_choice, kept.layer), (self.encoding, kept.encoding)):
            box.setCurrentIndex(box.findData(data))
        self.note.tell(kept.read.offer)
        self._dropped = kept.dropped
        self.open_page(kept.page)
        self._take_laid(kept.laid, kept.choices, kept.ground, kept.crs)

    @property
    def choices_made(self) -> Choices:
        """What is chosen otherwise than Planboard would."""
        project, file, laid = self.session.project, self._file, self._laid
        if project is None or file is None or laid is None or not self.target.count():
            return Choices()
        target, out = str(self.target.currentData()), self.columns.left_out
        guess = automatic_mapping(fillable(laid.unplaced), project.snapshot.layers[target].fields)
        chosen = {c: f for c, f in self.columns.chosen.items() if c not in out and f != guess.get(c, "")}
        crs, reading = self.crs.chosen
        open_crs = laid.unplaced.declared is None or only_degrees(laid.unplaced)
        by_hand = open_crs and laid.unplaced.table.shaped and (crs, reading) != self._guessed_crs
        places, way = place_columns(laid.unplaced), str(self.way.currentData() or "")
        return Choices(
            layer=target if target != file.target else None,
            columns=chosen,
            left_out=out,
            crs=crs if by_hand else None,
            reading=reading if by_hand and crs else PLAIN,
            places=places if places != place_columns(file.unplaced) else None,
            way=way if way and way != self.way.itemData(0) else None,
        )

    def _build(self) -> None:
        self.layer_choice, self.target, self.encoding = Choice(), Choice(), Choice()
        self.way = Choice()
        for box in (self.layer_choice, self.target, self.encoding, self.way):
            box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14 if box is self.encoding else 10)
        self.crs, self.places, self.note = CrsChoice(), PlaceChoice(), KeptNote()
        self._guessed_crs = self.crs.chosen
        for code, words in ENCODINGS:
            self.encoding.addItem(tr(words), code)
        self.layer_choice.activated.connect(lambda _: self._read())
        self.encoding.activated.connect(lambda _: self._read())
        self.target.activated.connect(lambda _: self._on_target())
        self.way.activated.connect(lambda _: self._work_out(keep_columns=True, compare=True))
        self.crs.changed.connect(self._on_crs)
        self.crs.points_requested.connect(self._ask_points)
        self.places.changed.connect(self._on_places)
        self.note.turned.connect(self._on_turned)
        self.together = button(tr("全部图层…", "All layers …"), "link")
        self.together.clicked.connect(lambda: self.all_wanted.emit())
        self.together.hide()
        self.add_note(self.note)
        self.add_choice(Text("文件中", "In the file"), self.layer_choice, self.encoding, self.together)
        self._place_caption = self.add_choice(Text("坐标列", "Coordinates"), self.places)
        self._crs_caption = self.add_choice(Text("坐标系", "CRS"), self.crs)
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
            count += tr("（隐藏）", " (hidden)") if layer.hidden else ""
            self.layer_choice.addItem(layer.name + count, layer.name)
            if layer.features == 0 and len(shaped) > 1:
                _shut(self.layer_choice, self.layer_choice.count() - 1)
        filled = [i for i, layer in enumerate(shaped) if layer.features != 0]
        filled = [i for i in filled if not shaped[i].hidden] or filled
        self.layer_choice.setCurrentIndex(filled[0] if filled else 0)
        self.layer_choice.setEnabled(len(shaped) > 1)
        self.together.setVisible(holds_several(layers))

    def _read(self) -> None:
        name, encoding = (box.currentData() or None for box in (self.layer_choice, self.encoding))
        path, project = self._path, self.session.project
        if project is None:
            return
        snapshot = project.snapshot

        def work(progress: Progress) -> tuple[FileRead, Laid]:
            return look(
                read_unplaced(path, source_layer=name, encoding=encoding, progress=progress), progress
            )

        look = partial(looked_at, snapshot=snapshot, again=self.note.again)
        self.begin(Text("正在读取", "Reading"), work, self._on_read)

    def _take(self, found: Unplaced) -> None:
        """Go on with the only layer of a file, read already."""
        project = self.session.project
        if project is not None:
            look = partial(looked_at, found, snapshot=project.snapshot, again=self.note.again)
            self.begin(Text("正在判断坐标系", "Finding the coordinate system"), look, self._on_read)

    def _on_read(self, read: tuple[FileRead, Laid]) -> None:
        self._file, laid = read
        self.note.tell(self._file.offer)
        self._take_laid(laid, self._offered)

    @property
    def _offered(self) -> Choices:
        """What was chosen last, as far as it fits and is wanted."""
        offer = self._file.offer if self._file is not None else None
        return offer.choices if offer is not None and self.note.again else Choices()

    def _take_laid(
        self,
        laid: Laid,
        choices: Choices,
        ground: Ground | None = None,
        crs: tuple[object, str] | None = None,
    ) -> None:
        """Show a file as it was read, with what was chosen for it, and work out what would come in."""
        self._laid, self._ground = laid, ground
        self._show_laid(laid, points=ground is not None)
        if crs is not None:
            self.crs.take_up(crs)
        elif choices.crs is not None:
            self.crs.choose(choices.crs, choices.reading)
        self._offer_targets(choices.layer)
        self._offer_ways(choices.way)
        self._work_out(columns=choices)

    def _lay(self, choices: Choices) -> None:
        """Take up choices that may say where the coordinates stand."""
        file, project = self._file, self.session.project
        if file is None or project is None:
            return
        work = partial(laid, file, choices.places, project.snapshot)
        words = Text("正在判断坐标系", "Finding the coordinate system")
        self.begin(words, work, lambda found: self._take_laid(found, choices))

    def _on_places(self) -> None:
        self._lay(replace(self.choices_made, places=self.places.chosen, crs=None, reading=PLAIN))

    def _on_turned(self) -> None:
        self._lay(self._offered)

    def _show_laid(self, laid: Laid, *, points: bool) -> None:
        table, declared = laid.unplaced.table, laid.unplaced.declared
        self.crs.setVisible(table.shaped)
        self._crs_caption.setVisible(table.shaped)
        if table.shaped:
            named = not only_degrees(laid.unplaced)
            self.crs.fill(laid.candidates, declared, points=points, refused=laid.refused, named=named)
        else:
            self.crs.fill_none()
        self._guessed_crs = self.crs.chosen
        there = self.places.fill(laid.unplaced)
        self.places.setVisible(there)
        self._place_caption.setVisible(there)
        self.records.fill(laid.unplaced)

    def _offer_targets(self, wanted: str | None) -> None:
        snapshot = self.session.project.snapshot if self.session.project else None
        if snapshot is None or self._file is None:
            return
        self.target.clear()
        for layer in reversed(list(snapshot.layers.values())):
            self.target.addItem(tr(layer.title), layer.id)
        self.target.setCurrentIndex(self.target.findData(wanted or self._file.target))

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
        columns: Choices = Choices(),  # noqa: B008  # a frozen value
    ) -> None:
        laid, project = self._laid, self.session.project
        if laid is None or project is None or not self.target.count():
            return
        crs, reading = self.crs.chosen
        asked = Asked(
            laid,
            project.snapshot,
            str(self.target.currentData()),
            self.columns.chosen if keep_columns else columns.said,
            self.columns.left_out if keep_columns else columns.left_out,
            str(self.way.currentData() or "") or None,
            crs,
            reading,
            self._ground,
            self._dropped,
        )
        self._dropped, self._worked = None, None
        self.begin(
            Text("正在核对", "Checking"),
            partial(work_out, asked),
            lambda worked: self._on_worked(
                worked, keep_columns=keep_columns, again=again, compare=compare or not keep_columns
            ),
        )

    def _on_worked(self, worked: Worked, *, keep_columns: bool, again: bool, compare: bool) -> None:
        self._worked, self.ticked = worked, worked.ticked
        source, plan, counts = worked.source, worked.plan, worked.plan.counts
        parts = [tr("读到 {n} 条", "{n} records", n=f"{counts.read:,}")]
        parts += [tr(words, n=f"{n:,}") for name, words in _COUNTS if (n := getattr(counts, name))]
        self.summary.setText(tr("，", ", ").join(parts))
        self.understood.setText(understood_words(source, self._unplaced, self._ground))
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
        return partial(ticked_of, worked.plan, worked.rows, worked.snapshot) if worked is not None else None

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
        others = self._laid.standings if self._laid is not None else ()
        chosen = self.crs.chosen[0]
        by_points = error.code == "crs.control-points" or (chosen is None and self.crs.isVisible())
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
        names = fillable(unplaced)
        mapping = automatic_mapping(names, fields)
        rest = [name for name in names if name not in mapping]
        self.columns.fill(unplaced.table.columns, mapping, rest, fields)


def _shut(box: QComboBox, at: int) -> None:
    """Let an entry be seen but not chosen, and say why."""
    why = tr("没有数据", "has no records")
    box.setItemText(at, tr("{n}（{w}）", "{n} ({w})", n=box.itemText(at), w=why))
    box.setItemData(at, why, Qt.ItemDataRole.ToolTipRole)
    model = box.model()
    if isinstance(model, QStandardItemModel) and (item := model.item(at)) is not None:
        item.setEnabled(False)
