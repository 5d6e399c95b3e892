"""Exporting layers of the state on screen: a file, a set of files, or a folder with several formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QListWidget, QListWidgetItem, QWidget

from gis.exchange.export import ExportResult, export
from gis.exchange.folder_export import FOLDER_FORMATS, export_folder
from gis.exchange.personal_fields import PersonalField, personal_fields, without_personal
from gis.exchange.written import Writer
from gis.i18n import language, tr
from gis.privacy import Masks
from gis.progress import Progress
from layers.errors import PlanboardError
from layers.revision import WORKING
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog, PathField
from ui.dialogs.table_choice import masks_told
from ui.models.window_words import window_words
from ui.models.words import state_title
from ui.panels.parts import button, label, row
from ui.reveal import reveal
from ui.session import Session
from ui.tasks import Tasks

FOLDER: Final = "folder"
CHANGES: Final = "changes"

_LOOKING: Final = Text("查找个人信息", "Looking for personal data")
_FIELD: Final = Text("{l}·{f}（{n}）", "{l} · {f} ({n})")
_HOLDS: Final = Text(
    "含个人信息：{f}。导出的是完整数据，只给需要的人，不得张贴或转发到群里。",
    "Holds personal data: {f}. The export is complete: for those who need it only, never for posting.",
)
_BARE: Final = Text(
    "不带个人信息（去掉这些字段和内部备注）", "Without it (leaves out these fields and internal notes)"
)
_BARE_TIP: Final = Text(
    "这些图层只留可公开的文字；重新导入时，去掉的字段保持原样。",
    "Of these layers only public texts stay. Imported again, the fields left out stay as they are.",
)
_MOST_NAMED: Final = 4
_TALL_PX, _SHORT_PX = 192, 104
"""Of the list of layers; short where the formats of a folder need the room, on a screen of 768 lines."""

_Outcome: TypeAlias = tuple[ExportResult, Text | None]
"""What lies on disk, and what became of personal data in a table."""


class ExportFormat(NamedTuple):
    """An entry of the list of formats.

    Parameters
    ----------
    name : str
    title : Text
    ending : str
        Of the file; empty for a folder.
    note : Text
        What whoever gets it should know.
    writer : callable
        Returns a writer with options, or None for that of the ending.
    """

    name: str
    title: Text
    ending: str
    note: Text
    writer: Callable[[], Writer | None]


_NOTES: Final = {
    "gpkg": Text(
        "每个图层一张表，属性完整；QGIS、ArcGIS Pro 可直接打开。",
        "A table a layer with all fields; opens in QGIS and ArcGIS Pro.",
    ),
    "dxf": Text(
        "1:1，单位米；图层、颜色、线型、文字和图块；AutoCAD、中望、浩辰等可打开。",
        "1:1 in metres, with layers, colours, line types, text and blocks; for AutoCAD and the like.",
    ),
    "dxf-gbk": Text(
        "给 AutoCAD 2006 以前的版本和 CASS 旧版；GBK 中没有的字写成转义。",
        "For AutoCAD before 2007 and old CASS; characters that GBK lacks are escaped.",
    ),
    "shp": Text(
        "每个图层一组文件，字段名缩为 10 个字符，附“字段对照表”。",
        "A set of files a layer; field names are cut to ten characters, with a table of the names.",
    ),
    "shp-gbk": Text(
        "给 ArcGIS 10、CASS 等不认 UTF-8 的软件，附“字段对照表”。",
        "For ArcGIS 10, CASS and others that know no UTF-8, with a table of the names.",
    ),
    "geojson": Text("WGS 84 经纬度，用于网页和编程。", "WGS 84 degrees, for the web and for programs."),
    "kml": Text(
        "WGS 84 经纬度，奥维、Google Earth 可打开。", "WGS 84 degrees, for Google Earth and the like."
    ),
    "gpx": Text("只含点和线，用于手持 GPS。", "Points and lines only, for handheld GPS."),
    "xlsx": Text(
        "每个图层一张工作表，用文字代替代码；改后可按 uid 导回。",
        "A sheet a layer, words instead of codes; edited, it can be imported again by uid.",
    ),
    "csv": Text("每个图层一个文件，Excel、WPS 可直接打开。", "A file a layer; opens in Excel and WPS."),
    FOLDER: Text(
        "新建一个文件夹，每种格式一个子文件夹，附说明。",
        "A new folder with a folder a format and a list of contents.",
    ),
    CHANGES: Text(
        "当前对比的变更清单（编号、理由、前后值）；个人信息会遮蔽，不公开的文字不列出。",
        "The list of changes on screen, with reasons; personal data is masked, private notes stay out.",
    ),
}


def _formats(*, compared: bool) -> list[ExportFormat]:
    entries = [ExportFormat(f.name, f.title, f.ending, _NOTES[f.name], f.writer) for f in FOLDER_FORMATS]
    whole = Text("整个项目，多种格式（文件夹）", "Whole project, several formats (folder)")
    entries.append(ExportFormat(FOLDER, whole, "", _NOTES[FOLDER], lambda: None))
    if compared:
        title = Text("变更表（Excel）", "List of changes (Excel)")
        entries.append(ExportFormat(CHANGES, title, ".xlsx", _NOTES[CHANGES], lambda: None))
    return entries


class ExportDialog(FormDialog):
    """Asks for layers, format and file; writes in the background."""

    def __init__(self, parent: QWidget, session: Session, tasks: Tasks, folder: Path) -> None:
        snapshot = session.snapshot
        assert snapshot is not None
        state = (
            tr("当前方案", "the working plan") if session.view == WORKING else tr(state_title(session.view))
        )
        super().__init__(
            parent,
            Text("导出数据", "Export data"),
            Text("导出{s}的图层。", "Exports layers of {s}.").format(s=state),
            Text("导出", "Export"),
            560,
        )
        self._session, self._tasks, self._folder = session, tasks, folder
        self.entries = _formats(compared=session.comparison is not None)
        self._personal: tuple[PersonalField, ...] | None = None
        self._build_layers()
        self._build_personal()
        self._build_format()
        self.path = PathField(folder, Text("导出到", "Export to"), "")
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self._suggest()
        self._look_for_personal()

    def _build_personal(self) -> None:
        """Add what says which of the layers hold personal data, and the offer to leave that out."""
        self.notice = label(role="error", wrap=True)
        self.bare = QCheckBox(tr(_BARE))
        self.bare.setToolTip(tr(_BARE_TIP))
        for widget in (self.notice, self.bare):
            widget.hide()
            self.grid.addWidget(widget, self.grid.rowCount(), 1)

    def _look_for_personal(self) -> None:
        snapshot, project = self._session.snapshot, self._session.project
        if snapshot is None or project is None:
            return
        filled = [name for name, layer in snapshot.layers.items() if len(layer.table)]
        latest = project.snapshot

        def work(progress: Progress) -> tuple[PersonalField, ...]:
            from gis.roster import names_of

            return personal_fields(snapshot, filled, Masks(names_of(latest, project.path)), progress)

        def failed(error: PlanboardError) -> None:
            self._personal = ()
            self.notice.setText(tr(window_words(error.message)))
            self.notice.show()

        task = self._tasks.run(_LOOKING, work, self._on_personal, failed, quiet=True)
        self.finished.connect(task.cancel)

    def _on_personal(self, found: tuple[PersonalField, ...]) -> None:
        self._personal = found
        self.show_problem(None)
        self._tell_personal()

    def _tell_personal(self) -> None:
        """Name the fields of the ticked layers that hold personal data."""
        snapshot, chosen = self._session.snapshot, self.chosen
        here = [one for one in self._personal or () if one.layer in chosen]
        shown = bool(here) and self.entry.name != CHANGES and snapshot is not None
        self.notice.setVisible(shown)
        self.bare.setVisible(shown)
        if not shown or snapshot is None:
            self.adjustSize()
            return
        named = [
            tr(_FIELD, l=tr(snapshot.layers[one.layer].title), f=tr(one.field.title), n=one.filled)
            for one in here
        ]
        more = (
            tr("等 {n} 个字段", "and more, {n} fields in all", n=len(named))
            if len(named) > _MOST_NAMED
            else ""
        )
        self.notice.setText(tr(_HOLDS, f=tr("、", ", ").join(named[:_MOST_NAMED]) + more))
        self.adjustSize()

    def _build_layers(self) -> None:
        snapshot = self._session.snapshot
        assert snapshot is not None
        self.layers = QListWidget()
        for layer in reversed(list(snapshot.layers.values())):
            if len(layer.table):
                item = QListWidgetItem(f"{tr(layer.title)}  ({len(layer.table):,})")
                item.setData(Qt.ItemDataRole.UserRole, layer.id)
                item.setCheckState(Qt.CheckState.Checked)
                self.layers.addItem(item)
        self.layers.itemChanged.connect(lambda _: self._tell_personal())
        everything, nothing = button(tr("全选", "All"), "link"), button(tr("全不选", "None"), "link")
        everything.clicked.connect(lambda: self._tick(Qt.CheckState.Checked))
        nothing.clicked.connect(lambda: self._tick(Qt.CheckState.Unchecked))
        for act in (everything, nothing):
            act.setAutoDefault(False)
        self.add_row(Text("图层", "Layers"), self.layers)
        self.grid.addLayout(row(everything, nothing, None, spacing=2), self.grid.rowCount(), 1)

    def _build_format(self) -> None:
        self.format = QComboBox()
        self.format.setMaxVisibleItems(len(self.entries))
        for entry in self.entries:
            self.format.addItem(tr(entry.title), entry.name)
        self.format.currentIndexChanged.connect(lambda _: self._suggest())
        self.note = label(role="soft", wrap=True)
        self.note.setMinimumHeight(34)
        self.add_row(Text("格式", "Format"), self.format)
        self.grid.addWidget(self.note, self.grid.rowCount(), 1)
        self.several = QWidget()
        inner = QGridLayout(self.several)
        inner.setContentsMargins(0, 0, 0, 0)
        self.ticks: dict[str, QCheckBox] = {}
        for at, one in enumerate(FOLDER_FORMATS):
            tick = QCheckBox(tr(one.title))
            tick.setChecked(one.name in ("gpkg", "dxf", "xlsx"))
            self.ticks[one.name] = tick
            inner.addWidget(tick, at // 2, at % 2)
        self.grid.addWidget(self.several, self.grid.rowCount(), 1)
        kept = Text("内部使用：保留个人信息，不得张贴", "For the office: keep personal data, not for posting")
        self.internal = QCheckBox(tr(kept))
        self.grid.addWidget(self.internal, self.grid.rowCount(), 1)

    @property
    def looked(self) -> bool:
        """Whether personal data has been looked for."""
        return self._personal is not None

    @property
    def entry(self) -> ExportFormat:
        """The chosen format."""
        return next(e for e in self.entries if e.name == self.format.currentData())

    @property
    def chosen(self) -> list[str]:
        """The ids of the ticked layers."""
        items = [self.layers.item(at) for at in range(self.layers.count())]
        return [
            str(i.data(Qt.ItemDataRole.UserRole))
            for i in items
            if i is not None and i.checkState() == Qt.CheckState.Checked
        ]

    def submit(self) -> None:
        """Check what is missing, then write in the background."""
        layers, out, entry = self.chosen, self.path.path, self.entry
        formats = [name for name, tick in self.ticks.items() if tick.isChecked()]
        if not layers and entry.name != CHANGES:
            self.show_problem(Text("请至少选择一个图层。", "Choose a layer at least."))
            return
        if entry.name == FOLDER and not formats:
            self.show_problem(Text("请至少选择一种格式。", "Choose a format at least."))
            return
        if not self.looked and entry.name != CHANGES:
            self.show_problem(
                Text("正在查找个人信息，请稍候。", "Still looking for personal data; one moment.")
            )
            return
        if not self.path.text().strip():
            self.show_problem(Text("请填写保存到哪里。", "Say where to save it."))
            return
        if entry.ending and out.suffix.lower() != entry.ending:
            out = out.with_name(out.name + entry.ending)
        work = self._work(entry, layers, formats, out)
        if work is not None:
            self._tasks.run(Text("导出数据", "Exporting"), work, lambda result: self._on_done(result, out))
            self.accept()

    def _work(
        self, entry: ExportFormat, layers: list[str], formats: list[str], out: Path
    ) -> Callable[[Progress], _Outcome] | None:
        snapshot, project, comparison = (
            self._session.snapshot,
            self._session.project,
            self._session.comparison,
        )
        if snapshot is None or project is None:
            return None

        internal = self.internal.isChecked()
        personal = [one for one in self._personal or () if one.layer in layers]
        state = without_personal(snapshot, personal) if self.bare.isChecked() else snapshot

        def work(progress: Progress) -> _Outcome:
            progress.step(0.02, Text("正在写文件", "Writing"))
            if entry.name == FOLDER:
                return export_folder(state, out, formats, layers, progress=progress), None
            if entry.name == CHANGES and comparison is not None:
                from gis.revisions.change_table import write_changes
                from gis.roster import masks_for

                masks = masks_for(project.snapshot, project.path, internal=internal)
                files = write_changes(comparison, snapshot, out, language(), masks)
                return ExportResult(files, {}, ()), masks_told(masks)
            return export(state, out, layers, forbidden=[project.path], writer=entry.writer()), None

        return work

    def _on_done(self, outcome: _Outcome, out: Path) -> None:
        session, (result, became) = self._session, outcome
        acts = [(Text("打开所在文件夹", "Show in folder"), lambda: reveal(out))]
        count = sum(result.counts.values())
        words = Text("已导出：{n}（{c} 个对象，{f} 个文件）", "Exported: {n} ({c} features, {f} files)")
        if became is not None:
            words = Text("已导出：{n}（{b}）", "Exported: {n} ({b})")
        elif not count:
            words = Text("已导出：{n}", "Exported: {n}")
        session.offer(
            words.format(n=out.name, b=became or "", c=f"{count:,}", f=len(result.files)), acts, "success"
        )
        doubts = [finding for finding in result.findings if finding.severity != "info"]
        for finding in doubts[:2]:
            session.tell(finding.message, "warning")

    def _tick(self, state: Qt.CheckState) -> None:
        for at in range(self.layers.count()):
            item = self.layers.item(at)
            if item is not None:
                item.setCheckState(state)

    def _suggest(self) -> None:
        snapshot, entry = self._session.snapshot, self.entry
        title = snapshot.title if snapshot is not None else "export"
        plain = "".join("-" if c in '\\/:*?"<>| ' else c for c in title)
        kind = tr("变更", "changes") if entry.name == CHANGES else tr("导出", "export")
        self.path.setText(str(self._folder / f"{plain}-{kind}{entry.ending}"))
        self.path.look_for(f"{tr(entry.title)} (*{entry.ending})" if entry.ending else "")
        self.note.setText(tr(entry.note))
        self.several.setVisible(entry.name == FOLDER)
        self.layers.setFixedHeight(_SHORT_PX if entry.name == FOLDER else _TALL_PX)
        self.internal.setVisible(entry.name == CHANGES)
        self.layers.setEnabled(entry.name != CHANGES)
        self._tell_personal()
        self.show_problem(None)
