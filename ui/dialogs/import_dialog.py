"""Importing a file: what was understood, where it goes, what would change, before anything does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import shapely
from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QWidget,
)

from gis.crs import crs_title
from gis.exchange.plan import ImportPlan, plan_import
from gis.exchange.raw import SourceLayer
from gis.exchange.source import Source, list_source_layers, read_source
from gis.i18n import tr
from gis.progress import Progress
from gis.project import PendingStep
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog
from ui.models.import_choice import likely_layer
from ui.panels.parts import clear, column, label, scrolled
from ui.session import Session
from ui.tasks import Task, Tasks
from ui.theme.icons import icon
from ui.theme.tokens import theme

SYSTEMS = (
    ("", Text("按文件标注", "As the file says")),
    ("EPSG:4548", Text("CGCS2000 三度带 117°E", "CGCS2000 3-degree 117°E")),
    ("EPSG:4547", Text("CGCS2000 三度带 114°E", "CGCS2000 3-degree 114°E")),
    ("EPSG:4549", Text("CGCS2000 三度带 120°E", "CGCS2000 3-degree 120°E")),
    ("EPSG:4490", Text("CGCS2000 经纬度", "CGCS2000 degrees")),
    ("EPSG:4326", Text("WGS 84 经纬度", "WGS 84 degrees")),
    ("GCJ-02", Text("GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)")),
    ("BD-09", Text("BD-09（百度）", "BD-09 (Baidu)")),
)
ENCODINGS = (
    ("", Text("自动识别", "Automatic")),
    ("UTF-8", Text("UTF-8", "UTF-8")),
    ("GB18030", Text("GBK / GB18030", "GBK / GB18030")),
)
_MARKS = {"error": ("x-circle", "danger"), "warning": ("warning", "warning"), "info": ("info", "info")}
_MOST_FINDINGS = 200
_FINDING_PX, _FINDINGS_PX = 26, 124
_KEEP = Text("保留为附加属性", "Keep as an extra")
_DROP = Text("不导入", "Leave out")


class ImportDialog(FormDialog):
    """Reads and plans in the background; nothing changes until 导入 is pressed."""

    def __init__(self, parent: QWidget, session: Session, tasks: Tasks, path: Path) -> None:
        super().__init__(
            parent, Text("导入数据", "Import data"), Text(path.name, path.name), Text("导入", "Import"), 640
        )
        self._session, self._tasks, self._path = session, tasks, path
        self._source: Source | None = None
        self._plan: ImportPlan | None = None
        self._task: Task | None = None
        self._mapping: dict[str, QComboBox] = {}
        self._build()
        self.resize(660, 640)
        self._begin(
            Text("正在查看文件", "Looking at the file"),
            lambda p: list_source_layers(path, p),
            self._on_layers,
        )

    @property
    def plan(self) -> ImportPlan | None:
        """What the import would do, once it is worked out."""
        return self._plan

    def submit(self) -> None:
        """Apply the plan: written in the background, shown in the window's thread."""
        project, plan = self._session.project, self._plan
        if project is None or plan is None:
            return
        title = Text("导入 {f}（{n}）", "Import {f} ({n})").format(
            f=self._path.name, n=len(plan.changes.features)
        )

        def work(progress: Progress) -> PendingStep:
            progress.step(0.1, Text("正在写入项目", "Writing to the project"))
            pending = project.prepare(plan.changes, title)
            progress.check()
            project.commit(pending)
            return pending

        session = self._session
        self._tasks.run(title, work, lambda pending: _adopt(session, pending, plan))
        self.accept()

    def done(self, a0: int) -> None:
        """Give up what is still being read, however the form is left."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().done(a0)

    def _build(self) -> None:
        self.layer_choice, self.target, self.crs, self.encoding = (
            QComboBox(),
            QComboBox(),
            QComboBox(),
            QComboBox(),
        )
        for combo, entries in ((self.crs, SYSTEMS), (self.encoding, ENCODINGS)):
            for code, words in entries:
                combo.addItem(tr(words), code)
            combo.activated.connect(lambda _: self._read())
        self.layer_choice.activated.connect(lambda _: self._read())
        self.target.activated.connect(lambda _: self._work_out(None))
        self.add_row(Text("文件中的图层", "Layer in the file"), self.layer_choice)
        self.add_row(Text("导入到", "Into"), self.target)
        self.add_row(Text("坐标系、编码", "Coordinates, text"), self.crs, self.encoding)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.understood = label(role="soft", wrap=True)
        self.summary = label(wrap=True)
        card = QFrame()
        card.setObjectName("Card")
        card.setLayout(column(self.summary, self.understood, self.bar, margins=(12, 10, 12, 10), spacing=4))
        self.findings = QListWidget()
        self.findings.setWordWrap(True)
        self.findings.setIconSize(QSize(16, 16))
        self._columns = QWidget()
        self._columns.setObjectName("PanelBody")
        self._columns_column = column()
        self._columns.setLayout(self._columns_column)
        self.body.addWidget(card)
        self.body.addWidget(self.findings)
        self.body.addWidget(label(tr("字段对应", "Columns"), "section"))
        self.body.addWidget(scrolled(self._columns), 1)
        self.go.setEnabled(False)

    def _begin(self, title: Text, work: Callable[[Progress], object], done: Callable[..., None]) -> None:
        """Start background work; an older one still under way is given up."""
        if self._task is not None:
            self._task.cancel()
        self.show_problem(None)
        self.go.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.summary.setText(tr(title) + "…")

        def finish(result: object) -> None:
            if self._task is task:
                self._task = None
                self.bar.hide()
                done(result)

        def fail(error: PlanboardError) -> None:
            if self._task is task:
                self._task = None
                self._on_failed(error)

        task = self._tasks.run(title, work, finish, fail, quiet=True)
        self._task = task

    def _on_layers(self, layers: tuple[SourceLayer, ...]) -> None:
        shaped = [layer for layer in layers if layer.geometry is not None] or list(layers)
        for layer in shaped:
            count = f"  ({layer.features:,})" if layer.features >= 0 else ""
            self.layer_choice.addItem(layer.name + count, layer.name)
        self.layer_choice.setEnabled(len(shaped) > 1)
        self._read()

    def _read(self) -> None:
        name, crs, encoding = (
            combo.currentData() or None for combo in (self.layer_choice, self.crs, self.encoding)
        )
        path = self._path
        self._begin(
            Text("正在读取", "Reading"),
            lambda p: read_source(path, source_layer=name, crs=crs, encoding=encoding, progress=p),
            self._on_source,
        )

    def _on_source(self, source: Source) -> None:
        self._source = source
        project = self._session.project
        if project is None:
            return
        snapshot = project.snapshot
        if not self.target.count():
            for layer in reversed(list(snapshot.layers.values())):
                self.target.addItem(tr(layer.title), layer.id)
            shapes = sorted({str(g.geom_type) for g in source.geometry[~shapely.is_missing(source.geometry)]})
            chosen = likely_layer(snapshot, source.layer, tuple(source.columns), shapes)
            self.target.setCurrentIndex(self.target.findData(chosen))
        words = tr("{f}，坐标系 {c}", "{f}, {c}", f=source.format, c=crs_title(source.crs))
        if source.encoding:
            words += tr("，编码 {e}", ", encoding {e}", e=source.encoding)
            words += f" ({tr(source.encoding_evidence)})" if source.encoding_evidence.zh else ""
        self.understood.setText(words)
        self._work_out(None)

    def _work_out(self, mapping: dict[str, str] | None) -> None:
        source, project = self._source, self._session.project
        if source is None or project is None:
            return
        target, snapshot = str(self.target.currentData()), project.snapshot
        self._begin(
            Text("正在核对", "Checking"),
            lambda p: plan_import(snapshot, source, target, mapping, p),
            lambda plan: self._on_plan(plan, keep_columns=mapping is not None),
        )

    def _on_plan(self, plan: ImportPlan, keep_columns: bool) -> None:
        self._plan = plan
        counts = plan.counts
        parts = [tr("读到 {n} 条", "{n} records", n=counts.read), tr("新增 {n}", "{n} new", n=counts.added)]
        for number, words in (
            (counts.updated, Text("更新 {n}", "{n} updated")),
            (counts.unchanged, Text("相同 {n}", "{n} the same")),
            (counts.repaired, Text("修复图形 {n}", "{n} repaired")),
            (counts.set_aside, Text("无法导入 {n}", "{n} left out")),
        ):
            if number:
                parts.append(tr(words, n=number))
        self.summary.setText(tr("，", ", ").join(parts))
        self._show_findings(plan.findings)
        if not keep_columns:
            self._fill_columns(plan)
        self.go.setEnabled(bool(plan.changes))
        if not plan.changes:
            self.show_problem(Text("没有可导入的新内容。", "There is nothing new to import."))

    def _on_failed(self, error: PlanboardError) -> None:
        self._plan = None
        self.bar.hide()
        self.summary.setText(tr(error.message))
        self.understood.setText(tr(error.advice) if error.advice else "")
        self._show_findings(tuple(error.findings))
        self.show_problem(Text("请调整上面的选项后重试。", "Adjust the choices above to try again."))

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        self.findings.clear()
        for finding in findings[:_MOST_FINDINGS]:
            where = tr("第 {n} 条：", "record {n}: ", n=finding.record) if finding.record is not None else ""
            glyph, tone = _MARKS[finding.severity]
            self.findings.addItem(
                QListWidgetItem(icon(glyph, getattr(theme(), tone)), where + tr(finding.message))
            )
        rest = len(findings) - _MOST_FINDINGS
        if rest > 0:
            self.findings.addItem(tr("……另有 {n} 条", "… and {n} more", n=rest))
        self.findings.setFixedHeight(min(_FINDINGS_PX, 8 + _FINDING_PX * self.findings.count()))
        self.findings.setVisible(bool(findings))

    def _fill_columns(self, plan: ImportPlan) -> None:
        clear(self._columns_column)
        self._mapping = {}
        project = self._session.project
        source = self._source
        if project is None or source is None:
            return
        fields = project.snapshot.layers[plan.layer].fields
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(6)
        for line, name in enumerate((*plan.mapping, *plan.unmapped)):
            combo = QComboBox()
            combo.addItem(tr(_KEEP), None)
            combo.addItem(tr(_DROP), "")
            for field in fields:
                combo.addItem(tr(field.title), field.name)
            combo.setCurrentIndex(
                max(0, combo.findData(plan.mapping.get(name))) if name in plan.mapping else 0
            )
            combo.activated.connect(lambda _: self._work_out(self._chosen_mapping()))
            self._mapping[name] = combo
            example = next((str(v) for v in source.columns.get(name, ()) if v not in (None, "")), "")
            grid.addWidget(label(name), line, 0)
            grid.addWidget(label(example[:40], "faint"), line, 1)
            grid.addWidget(combo, line, 2)
        grid.setColumnStretch(1, 1)
        self._columns_column.addWidget(table)
        self._columns_column.addStretch(1)
        self._columns.setToolTip(
            tr(
                "左：文件中的列和示例；右：项目中的字段",
                "Left: column of the file with an example; right: field of the project",
            )
        )

    def _chosen_mapping(self) -> dict[str, str]:
        return {
            name: combo.currentData()
            for name, combo in self._mapping.items()
            if combo.currentData() is not None
        }


def _adopt(session: Session, pending: PendingStep, plan: ImportPlan) -> None:
    project = session.project
    if project is None:
        return
    project.adopt(pending)
    layer = project.snapshot.layers[plan.layer]
    keys = list(plan.changes.features)

    def show() -> None:
        extents = [
            c.after.geometry.bounds
            for c in plan.changes
            if c.after is not None and c.after.geometry is not None
        ]
        west, south, east, north = zip(*extents, strict=True)
        session.select(keys[:5000])
        session.zoom_requested.emit((min(west), min(south), max(east), max(north)))

    def undo() -> None:
        session.undo()

    session.offer(
        Text("已导入到“{l}”：新增 {a}，更新 {u}。", "Imported into “{l}”: {a} new, {u} updated.").format(
            l=layer.title, a=plan.counts.added, u=plan.counts.updated
        ),
        [(Text("缩放到导入内容", "Zoom to it"), show), (Text("撤销", "Undo"), undo)],
        "success",
    )
