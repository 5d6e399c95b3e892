"""Exporting layers of a state of the plan: a file, a set of files, or a folder with several formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from gis.exchange.export import older_files
from gis.exchange.extract import Extract, extracted, file_crs
from gis.exchange.folder_export import FOLDER_FORMATS
from gis.exchange.personal_fields import PersonalField, personal_fields
from gis.exchange.written import Writer
from gis.i18n import tr
from gis.privacy import Masks
from gis.progress import Progress
from gis.project import Project
from gis.publish.file_names import check_file_name
from layers.errors import PlanboardError
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Text
from ui.dialogs.export_crs import ExportCrs
from ui.dialogs.export_formats import CHANGES, FOLDER, ExportFormat, export_formats
from ui.dialogs.export_layers import ExportLayers
from ui.dialogs.export_work import ExportWork
from ui.dialogs.form_dialog import FormDialog, PathField
from ui.dialogs.form_page import narrow
from ui.dialogs.state_choice import with_ending
from ui.models.coordinates import read_scale
from ui.models.window_words import window_words
from ui.models.words import state_title
from ui.panels.parts import button, column, label, row
from ui.session import Session
from ui.tasks import Task, Tasks

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
_SCALES: Final = (200, 500, 1000, 2000)
_EVERYTHING, _SHOWN, _SELECTED = "all", "shown", "selected"


@dataclass(frozen=True)
class ExportHabits:
    """What was chosen last: the folder, and the name of the format."""

    folder: Path
    format: str = ""


class ExportDialog(FormDialog):
    """Asks for a state, layers and fields, format, coordinates and file; writes in the background.

    Signals
    -------
    remembered(ExportHabits)
        An export was begun with these choices.
    """

    remembered = pyqtSignal(object)

    def __init__(self, parent: QWidget, session: Session, tasks: Tasks, habits: ExportHabits) -> None:
        project, snapshot = session.project, session.snapshot
        assert project is not None
        assert snapshot is not None
        intro = Text(
            "把方案交给其他软件，原项目不变。别人改过后可以再导入，只更新改动的对象：请保留 uid 一列。",
            "Gives the plan to other programs. Edited there and imported again, it updates what changed:"
            " the column uid must stay.",
        )
        super().__init__(parent, Text("导出数据", "Export data"), intro, Text("导出", "Export"), 880)
        self._session, self._tasks, self._habits = session, tasks, habits
        self._project: Project = project
        self._state: Snapshot = snapshot
        self.entries = export_formats(compared=session.comparison is not None)
        self._personal: tuple[PersonalField, ...] | None = None
        self._looking: Task | None = None
        self._build_content()
        self._build_format()
        self.path = PathField(habits.folder, Text("导出到", "Export to"), "")
        self.path.textChanged.connect(lambda _: self.ask_again())
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        at = self.format.findData(habits.format)
        self.format.setCurrentIndex(max(at, 0))
        self._on_format()
        self._look_for_personal()

    def _build_content(self) -> None:
        """Lay what is exported to the left of how it is written."""
        self.state = narrow(QComboBox())
        self._fill_states()
        self.scope = narrow(QComboBox())
        self._fill_scopes()
        self.layers = ExportLayers()
        self.layers.setMinimumSize(360, 240)
        self.layers.itemChanged.connect(lambda *_: self._tell_personal())
        everything, nothing = button(tr("全选", "All"), "link"), button(tr("全不选", "None"), "link")
        everything.clicked.connect(lambda: self.layers.tick(every=True))
        nothing.clicked.connect(lambda: self.layers.tick(every=False))
        self.notice = label(role="error", wrap=True)
        self.bare = QCheckBox(tr(_BARE))
        self.bare.setToolTip(tr(_BARE_TIP))
        self.bare.toggled.connect(lambda _: self._tell_personal())
        for act in (everything, nothing):
            act.setAutoDefault(False)
        self.hint = label(tr("展开图层可选字段", "Open a layer to choose its fields"), "soft")
        left = column(self.layers, spacing=8)
        left.addLayout(row(everything, nothing, None, self.hint, spacing=2))
        left.addWidget(self.notice)
        left.addWidget(self.bare)
        for widget in (self.notice, self.bare):
            widget.hide()
        self.body.removeItem(self.grid)
        both = row(spacing=24)
        both.addLayout(left, 5)
        right = column(spacing=0)
        right.addLayout(self.grid)
        right.addStretch(1)
        both.addLayout(right, 6)
        self.body.addLayout(both)
        self.lead(self.layers, everything, nothing, self.bare)
        self.add_row(Text("版次", "State"), self.state)
        self.add_row(Text("对象", "Features"), self.scope)
        self.state.currentIndexChanged.connect(lambda _: self._on_state())
        self.scope.currentIndexChanged.connect(lambda _: self._refill())

    def _fill_states(self) -> None:
        labels = [WORKING, *(r.label for r in reversed(self._project.revisions))]
        labels += [branch.name for branch in self._project.branches if branch.name not in labels]
        view = self._session.view
        if view not in labels:  # what is looked at is neither: it is exported as it is seen
            self.state.addItem(tr("屏幕上的状态", "What is on screen"), view)
        titles = {r.label: r.title for r in self._project.revisions}
        for one in labels:
            words = (
                tr("当前方案（未冻结）", "Working plan (not frozen)")
                if one == WORKING
                else f"{tr(state_title(one))}  {titles.get(one, '')}"
            )
            self.state.addItem(words.strip(), one)
        self.state.setCurrentIndex(self.state.findData(view))

    def _fill_scopes(self) -> None:
        self.scope.addItem(tr("全部对象", "All features"), _EVERYTHING)
        self.scope.addItem(tr("只导出显示的图层和对象", "Only what is shown on the map"), _SHOWN)
        count = len(self._session.selection)
        if count:
            words = tr("只导出选中的 {n} 个对象", "Only the {n} selected", n=f"{count:,}")
            self.scope.addItem(words, _SELECTED)

    def _build_format(self) -> None:
        self.format = QComboBox()
        self.format.setMaxVisibleItems(len(self.entries))
        for entry in self.entries:
            self.format.addItem(tr(entry.title), entry.name)
        self.format.currentIndexChanged.connect(lambda _: self._on_format())
        self.note = label(role="soft", wrap=True)
        self.note.setMinimumHeight(34)
        self.add_row(Text("格式", "Format"), self.format)
        self.grid.addWidget(self.note, self.grid.rowCount(), 1)
        self.crs = ExportCrs(self._state.crs)
        self.crs.currentTextChanged.connect(lambda _: self._on_crs())
        self.add_row(Text("坐标系", "Coordinates"), self.crs)
        self.beside = label(role="error", wrap=True)
        self.grid.addWidget(self.beside, self.grid.rowCount(), 1)
        self.scale, self.names = QComboBox(), narrow(QComboBox())
        self.scale.setEditable(True)
        self.scale.addItems([f"1:{scale}" for scale in _SCALES])
        self.scale.setCurrentText("1:500")
        self.scale.setToolTip(
            tr(
                "文字、符号、线型和填充按此比例定大小；图形始终是 1:1",
                "Texts, symbols, dashes and hatches are sized for it; shapes are always 1:1",
            )
        )
        self.names.setToolTip(tr("CAD 图层怎样命名", "What the CAD layers are called"))
        self.names.addItem(tr("项目图层名", "Names as here"), "titles")
        self.names.addItem(tr("CASS 代码", "CASS codes"), "cass")
        self.add_row(Text("出图比例", "Plot scale"), self.scale, self.names)
        self._build_folder()

    def _build_folder(self) -> None:
        """Add the formats of a folder, and whether a list of changes stays inside."""
        self.several = QWidget()
        inner = QGridLayout(self.several)
        inner.setContentsMargins(0, 0, 0, 0)
        self.ticks: dict[str, QCheckBox] = {}
        for at, one in enumerate(FOLDER_FORMATS):
            tick = QCheckBox(tr(one.title))
            tick.setChecked(one.name in ("gpkg", "dxf", "xlsx"))
            self.ticks[one.name] = tick
            inner.addWidget(tick, at // 2, at % 2)
        kept = Text("内部使用：保留个人信息，不得张贴", "For the office: keep personal data, not for posting")
        self.internal = QCheckBox(tr(kept))
        for widget in (self.several, self.internal):
            self.grid.addWidget(widget, self.grid.rowCount(), 1)
        self.lead(*self.ticks.values(), self.internal)

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
        return self.layers.chosen

    @property
    def _extract(self) -> Extract:
        scope = self.scope.currentData()
        without = {} if self.entry.is_drawing else self.layers.without
        chosen = self.chosen
        return Extract(
            tuple(chosen),
            self._session.selection if scope == _SELECTED else None,
            scope == _SHOWN,
            {name: fields for name, fields in without.items() if name in chosen},
            self.crs.crs,
        )

    def submit(self) -> None:
        """Check what is missing, then write in the background."""
        out, entry = with_ending(self.path.path, self.entry.ending.removeprefix(".")), self.entry
        if not entry.ending:
            out = self.path.path
        problem = self._missing(entry, out)
        if problem is not None:
            self.show_problem(problem)
            return
        older = older_files(out, self.chosen) if entry.has_layers and entry.ending else (out,) * out.is_file()
        if not self.may_replace(older, self.path.agreed):
            return
        work = self._work(entry, out)
        self.remembered.emit(ExportHabits(out.absolute().parent, entry.name))
        session = self._session
        self._tasks.run(Text("导出数据", "Exporting"), work.run, lambda done: work.tell(session, done))
        self.accept()

    def _missing(self, entry: ExportFormat, out: Path) -> Text | None:
        """Say what is not yet right, or None."""
        if entry.has_layers and not self.chosen:
            return Text("请至少选择一个图层。", "Choose a layer at least.")
        if entry.name == FOLDER and not any(tick.isChecked() for tick in self.ticks.values()):
            return Text("请至少选择一种格式。", "Choose a format at least.")
        if entry.has_layers and not self.looked:
            return Text("正在查找个人信息，请稍候。", "Still looking for personal data; one moment.")
        if entry.is_drawing and read_scale(self.scale.currentText()) is None:
            return Text("比例尺应写作 1:500。", "Write the scale as 1:500.")
        return self._misplaced(entry, out)

    def _misplaced(self, entry: ExportFormat, out: Path) -> Text | None:
        """Say why nothing can be written there, or None."""
        if not self.path.text().strip():
            return Text("请填写保存到哪里。", "Say where to save it.")
        if not out.absolute().parent.is_dir():
            words = Text("文件夹不存在：{path}", "There is no such folder: {path}")
            return words.format(path=out.absolute().parent)
        if not entry.ending and out.exists() and (not out.is_dir() or any(out.iterdir())):
            return Text(
                "文件夹“{n}”已存在且不是空的，请换一个名字。",
                "The folder “{n}” is there already and not empty; choose another name.",
            ).format(n=out.name)
        try:
            check_file_name(out.name)
            if entry.has_layers:
                file_crs(entry.ending, self.crs.crs, self._state.crs)
        except PlanboardError as error:
            if error.advice is None:
                return error.message
            return Text("{m}{a}", "{m} {a}").format(m=error.message, a=error.advice)
        return None

    def _work(self, entry: ExportFormat, out: Path) -> ExportWork:
        chosen = self.chosen
        return ExportWork(
            self._project,
            self._state,
            self._session.comparison,
            entry,
            out,
            self._extract,
            tuple(name for name, tick in self.ticks.items() if tick.isChecked()),
            tuple(one for one in self._personal or () if self.bare.isChecked() and one.layer in chosen),
            self.internal.isChecked(),
            self._writer(entry),
        )

    def _writer(self, entry: ExportFormat) -> Writer | None:
        if not entry.is_drawing:
            return entry.writer()
        from gis.exchange.dxf.writing import DxfOptions, dxf_writer

        version = "R2000" if entry.name == "dxf-gbk" else DxfOptions.version
        scale = round(read_scale(self.scale.currentText()) or DxfOptions.scale)
        return dxf_writer(DxfOptions(version, scale=scale, names=str(self.names.currentData())))

    def _on_state(self) -> None:
        """Read another state of the plan, and show what it holds."""
        chosen = str(self.state.currentData())
        if chosen == self._session.view and self._session.snapshot is not None:
            self._take_state(self._session.snapshot)
            return
        self.go.setEnabled(False)
        project = self._project
        title = Text("打开 {r}", "Opening {r}").format(r=state_title(chosen))
        task = self._tasks.run(title, lambda _: project.state(chosen), self._take_state, quiet=True)
        self.finished.connect(task.cancel)
        task.ended.connect(lambda *_: self.go.setEnabled(True))

    def _take_state(self, snapshot: Snapshot) -> None:
        self._state = snapshot
        self._refill()
        self._suggest()
        self._look_for_personal()

    def _on_format(self) -> None:
        entry = self.entry
        for widget, there in (
            (self.several, entry.name == FOLDER), (self.internal, entry.name == CHANGES),
            (self.layers, entry.has_layers), (self.state, entry.has_layers), (self.scope, entry.has_layers),
        ):  # fmt: skip
            (widget.setVisible if widget in (self.several, self.internal) else widget.setEnabled)(there)
        self.hint.setVisible(entry.has_layers and not entry.is_drawing)
        for widget in self.row_of(self.scale):
            widget.setVisible(entry.is_drawing)
        self.crs.offer(entry.ending, tabular=entry.has_layers)
        self.note.setText(tr(entry.note))
        self._refill()
        self._suggest()
        self._on_crs()

    def _on_crs(self) -> None:
        warning = self.crs.warning
        self.beside.setText(tr(warning) if warning is not None else "")
        self.beside.setVisible(warning is not None)
        self.show_problem(None)
        self.fit()

    def _refill(self) -> None:
        """List what the chosen state and scope hold."""
        scope = self.scope.currentData()
        keys = self._session.selection if scope == _SELECTED else None
        part = extracted(self._state, Extract(keys=keys, shown=scope == _SHOWN))
        self.layers.fill(part.layers, fields=not self.entry.is_drawing)
        self._tell_personal()

    def _suggest(self) -> None:
        entry = self.entry
        plain = "".join("-" if c in '\\/:*?"<>| ' else c for c in self._state.title)
        state = str(self.state.currentData())
        kind = tr("变更", "changes") if entry.name == CHANGES else tr("导出", "export")
        kind = kind if state == WORKING or entry.name == CHANGES else f"{state}-{kind}"
        self.path.setText(str(self._habits.folder / f"{plain}-{kind}{entry.ending}"))
        self.path.look_for(f"{tr(entry.title)} (*{entry.ending})" if entry.ending else "")
        self.show_problem(None)

    def _look_for_personal(self) -> None:
        snapshot, project = self._state, self._project
        filled = [name for name, layer in snapshot.layers.items() if len(layer.table)]
        latest = project.snapshot
        self._personal = None
        if self._looking is not None:
            self._looking.cancel()

        def work(progress: Progress) -> tuple[PersonalField, ...]:
            from gis.roster import names_of

            return personal_fields(snapshot, filled, Masks(names_of(latest, project.path)), progress)

        def failed(error: PlanboardError) -> None:
            self._personal = ()
            self.notice.setText(tr(window_words(error.message)))
            self.notice.show()

        def done(found: tuple[PersonalField, ...]) -> None:
            if self._state is snapshot:
                self._on_personal(found)

        self._looking = self._tasks.run(_LOOKING, work, done, failed, quiet=True)
        self.finished.connect(self._looking.cancel)

    def _on_personal(self, found: tuple[PersonalField, ...]) -> None:
        self._personal = found
        self.show_problem(None)
        self._tell_personal()

    def _tell_personal(self) -> None:
        """Name the fields of the ticked layers that hold personal data and would leave."""
        found = self._personal or ()
        self.layers.show_personal(found, bare=self.bare.isChecked())
        chosen, without = self.chosen, self.layers.without
        here = [
            one for one in found if one.layer in chosen and one.field.name not in without.get(one.layer, ())
        ]
        offered = bool(here) and self.entry.has_layers
        self.bare.setVisible(offered)
        self.notice.setVisible(offered and not self.bare.isChecked())
        self.ask_again()
        named = [
            tr(_FIELD, l=tr(self._state.layers[one.layer].title), f=tr(one.field.title), n=one.filled)
            for one in here
        ]
        more = (
            tr("等 {n} 个字段", "and more, {n} fields in all", n=len(named))
            if len(named) > _MOST_NAMED
            else ""
        )
        self.notice.setText(tr(_HOLDS, f=tr("、", ", ").join(named[:_MOST_NAMED]) + more))
        self.fit()
