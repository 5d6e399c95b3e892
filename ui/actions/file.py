"""What the acts of the file menu do: projects, import, export, publish, draw."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFileDialog, QMenu

from gis.disk_words import told_by_disk
from gis.exchange.pasted_table import SHEET, pasted_table
from gis.exchange.table_ends import TEXTS, WORKBOOKS, patterns
from gis.i18n import tr
from gis.progress import Progress
from gis.project import Project
from gis.settings import save_settings
from layers.errors import NotAProjectError, PlanboardError
from layers.text import Text
from ui.actions.background import BackgroundActions
from ui.actions.publish import Publishing
from ui.actions.rescue import Rescue
from ui.canvas.first_look import FirstLook
from ui.opening import SHOW_FOLDER, reveal
from ui.recent import recent_files, sample_path

if TYPE_CHECKING:
    from ui.actions.revisions import RevisionActions
    from ui.dialogs.export_dialog import ExportHabits
    from ui.imports.import_dock import ImportDock
    from ui.workplace import Workplace

_EDITS = {
    "outside.changes": Text("记为一步，可以撤销。", "It is one step that can be undone."),
    "outside.waiting": Text(
        "这里已计入；下次打开编辑时记为一步。",
        "It is shown here, and becomes a step when the project is next opened for editing.",
    ),
}
"""What becomes of the edits of another program that opening finds."""

_Seen = TypeVar("_Seen")
_NO_CELLS = Text("剪贴板里没有表格。", "The clipboard holds no table.")
_COPY_CELLS = Text(
    "请在 Excel 或 WPS 表格中选中单元格（连同标题行），复制后再来粘贴。",
    "Select the cells in the spreadsheet, with the row of titles, copy them, and paste again.",
)
_DOCK, _PREPARING = "ui.imports.import_dock", Text("正在准备导入", "Preparing the import")
PROJECT_PATTERN = "Planboard (*.gpkg)"


class FileActions(QObject):
    """Opens, makes and leaves projects, and carries data in and out."""

    def __init__(self, window: Workplace, revisions: RevisionActions, backgrounds: BackgroundActions) -> None:
        super().__init__(window)
        self._window, self._backgrounds = window, backgrounds
        self._session = window.session
        self._importing: ImportDock | None = None
        self._imports_from: Path | None = None
        self._publishing = Publishing(window, self, revisions)
        self._first_look = FirstLook(window.canvas)
        self.rescue = Rescue(window, self.open_path)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "file.new": self.new,
            "file.open": self.open,
            "file.sample": self.open_sample,
            "file.save": self.save,
            "file.save_copy": self.save_copy,
            "file.import": self.import_file,
            "file.import_folder": self.import_folder,
            "file.paste_table": self.paste_table,
            "file.photo_tray": self.show_tray,
            "file.imports": self.show_imports,
            "file.export": self.export,
            "file.publish": self.publish,
            "file.draw": self.draw,
            "file.quit": self._window.close,
        }

    def fill_recent(self, menu: QMenu) -> None:
        """Fill the menu of recent projects; those that are gone are grey."""
        menu.clear()
        found = recent_files(self._window.settings)
        for path, there in found:
            act = menu.addAction(path.name if there else tr("{n}（找不到）", "{n} (missing)", n=path.name))
            if act is not None:
                act.setEnabled(there)
                act.setToolTip(str(path))
                act.triggered.connect(lambda _=False, p=path: self.open_path(p))
        if not found:
            nothing = menu.addAction(tr("还没有打开过项目", "Nothing opened yet"))
            if nothing is not None:
                nothing.setEnabled(False)

    def fill_project_menu(self, menu: QMenu) -> None:
        """Fill the menu under the project's name."""
        qt = self._window.actions_.qt
        recent = QMenu(menu)
        recent.aboutToShow.connect(lambda: self.fill_recent(recent))
        menu.addAction(qt["file.new"])
        menu.addAction(qt["file.open"])
        entry = menu.addMenu(recent)
        menu.aboutToShow.connect(
            lambda: entry.setText(tr("最近打开", "Open recent")) if entry is not None else None
        )
        menu.addAction(qt["file.sample"])
        menu.addSeparator()
        menu.addAction(qt["file.save_copy"])

    def new(self) -> None:
        """Ask for a name, then make an empty project."""
        from ui.dialogs.new_project_dialog import NewProjectDialog

        dialog = NewProjectDialog(self._window, self._window.folder)
        dialog.chosen.connect(self.create)
        dialog.open()

    def create(self, path: Path, title: str, crs: str) -> None:
        """Make a project and open it."""
        self._load(Text("新建项目", "Creating the project"), lambda _: Project.create(path, title, crs))

    def open(self) -> None:
        """Ask for a project file."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("打开项目", "Open project"),
            str(self._window.folder),
            PROJECT_PATTERN,
        )
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a project; a GeoPackage that is none is offered for import."""
        if self._session.project is not None and self._session.project.path.absolute() == path.absolute():
            self._session.tell(Text("这个项目已经打开。", "This project is open already."))
            return
        title = Text("打开 {n}", "Opening {n}").format(n=path.name)

        def make(progress: Progress) -> Project:
            self._first_look.take(path)
            return Project.open(path, progress=progress)

        self._load(title, make, lambda error: self._on_refused(path, error))

    def open_sample(self) -> None:
        """Open the sample estate; it is written first if it is not there."""
        path = sample_path()

        def make(progress: Progress) -> Project:
            if not path.exists():
                from sample_data.estate import write_sample

                path.parent.mkdir(parents=True, exist_ok=True)
                write_sample(path)
            return Project.open(path, progress=progress)

        if self._session.project is not None and self._session.project.path == path:
            self._session.tell(Text("示例小区已经打开。", "The sample estate is open already."))
            return
        self._load(Text("打开示例小区", "Opening the sample estate"), make)

    def drop_words(self, paths: Sequence[Path]) -> Text:
        """Return what `take_dropped` would do with files."""
        from gis.raster.arrival import is_picture  # late: a window opens sooner without pictures

        words = Text("松开以导入 {n}", "Drop to import {n}")
        if len(paths) == 1 and paths[0].suffix.lower() == ".gpkg":
            words = Text("松开以打开 {n}", "Drop to open {n}")
        elif len(paths) == 1 and is_picture(paths[0]):
            words = Text("松开以添加 {n}", "Drop to add {n}")
        name = paths[0].name if len(paths) == 1 else Text("{n} 个文件", "{n} files").format(n=len(paths))
        return words.format(n=name)

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Open a dropped project or picture; any other files go to the import, which says what they are."""
        from gis.raster.arrival import is_picture, may_be_photo, sorted_out

        if len(paths) == 1 and paths[0].suffix.lower() == ".gpkg":
            self.open_path(paths[0])
        elif len(paths) == 1 and is_picture(paths[0]):
            self._look_beside(paths, lambda _: may_be_photo(paths[0]), partial(self._take_picture, paths[0]))
        elif paths:
            self._look_beside(paths, lambda _: sorted_out(paths), lambda both: self._take_several(*both))

    def _take_several(self, pictures: Sequence[Path], others: Sequence[Path]) -> None:
        for picture in pictures:
            self._backgrounds.add_file(picture)
        if others:
            self.import_paths(others)

    def _take_picture(self, path: Path, may_be_photo: bool) -> None:
        """Lay a picture under the plan; a JPEG without a world file may be a photo, so the user says."""
        add = partial(self._backgrounds.add_file, path)
        if not may_be_photo:
            add()
            return
        acts = [
            (Text("现场照片", "A site photo"), partial(self.import_path, path)),
            (Text("底图（扫描图、影像）", "A picture below the plan"), add),
        ]
        self._session.offer(Text("{n} 是什么？", "What is {n}?").format(n=path.name), acts, waits=True)

    def _look_beside(
        self, paths: Sequence[Path], look: Callable[[Progress], _Seen], done: Callable[[_Seen], None]
    ) -> None:
        """Look at files in a worker: on a stick or in a network even their names take their time."""

        def work(progress: Progress) -> _Seen:
            import_module(_DOCK)  # the form that follows then comes up at once
            with told_by_disk(paths[0]):
                return look(progress)

        self._window.tasks.run(Text("正在查看文件", "Looking at the files"), work, done)

    def save(self) -> None:
        """Say that everything is saved already."""
        self._session.tell(
            Text("所有修改都已保存。", "Everything is saved."),
            "success",
            Text("每次修改都会立即写入项目文件。", "Every edit is written at once."),
        )

    def save_copy(self) -> None:
        """Ask for a file and write a whole copy there."""
        project = self._session.project
        if project is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("另存副本", "Save a copy"),
            str(project.path.with_stem(project.path.stem + tr("-副本", "-copy"))),
            PROJECT_PATTERN,
        )
        if not name:
            return
        target = Path(name) if name.lower().endswith(".gpkg") else Path(name + ".gpkg")

        def work(progress: Progress) -> Path:
            progress.check()
            project.save_copy(target)
            return target

        self._window.tasks.run(Text("另存副本", "Saving a copy"), work, self._on_copied)

    def import_file(self) -> None:
        """Ask for a file to import."""
        kinds = (
            (Text("图纸", "Drawings"), "*.dxf *.dwg"),
            (Text("空间数据", "Spatial data"), "*.gpkg *.geojson *.json *.shp *.zip *.kml *.kmz *.gpx *.gml"
             " *.fgb *.tab *.mif"),
            (Text("表格", "Tables"), patterns(*WORKBOOKS, *TEXTS, ".txt", ".dat", ".htm", ".html")),
            (Text("照片", "Photos"), "*.jpg *.jpeg *.heic *.heif *.webp"),
        )  # fmt: skip
        every = " ".join(ends for _, ends in kinds)
        filters = [f"{tr('可导入的文件', 'What can be imported')} ({every})"]
        filters += [f"{tr(words)} ({ends})" for words, ends in kinds]
        filters.append(f"{tr('所有文件', 'All files')} (*)")
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            tr("导入数据", "Import data"),
            str(self._imports_from or self._window.folder),
            ";;".join(filters),
        )
        if names:
            self._imports_from = Path(names[0]).parent  # the next survey drawing lies beside this one
            self.import_paths([Path(name) for name in names])

    def import_folder(self) -> None:
        """Ask for a folder and import what is in it."""
        if not self._may_import():
            return
        name = QFileDialog.getExistingDirectory(
            self._window,
            tr("导入文件夹", "Import a folder"),
            str(self._imports_from or self._window.folder),
        )
        if name:
            self._imports_from = Path(name).parent
            self.import_path(Path(name))

    def import_path(self, path: Path) -> None:
        """Open the import for a file."""
        self.import_paths([path])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Open the import for files: each kind of them together, one kind after the other."""
        from gis.exchange.arrivals import sort_arrivals

        if self._may_import():
            self._look_beside(
                paths,
                lambda progress: sort_arrivals(paths, progress),
                lambda found: self.importing.take(found),
            )

    def paste_table(self) -> None:
        """Open the import for the cells in the clipboard."""
        clipboard = QGuiApplication.clipboard()
        data = clipboard.mimeData() if clipboard is not None else None
        if data is None or not self._may_import():
            return
        try:
            table = pasted_table(data.text(), data.html(), lambda: bytes(data.data(SHEET).data()))
        except PlanboardError as error:
            self._session.refuse(error)
            return
        if table is None:
            self._session.tell(_NO_CELLS, "warning", _COPY_CELLS)
            return
        self._once_loaded(lambda: self.importing.take_pasted(table))

    def show_tray(self) -> None:
        """Open the tray of photos that wait to be placed."""
        if self._may_import():
            self._once_loaded(lambda: self.importing.show_tray())

    def _once_loaded(self, then: Callable[[], None]) -> None:
        """Do something with the dock of imports; its modules are not loaded in the thread of the window."""
        if _DOCK in sys.modules:
            then()
        else:
            self._window.tasks.run(_PREPARING, lambda _: import_module(_DOCK), lambda _: then())

    def show_imports(self) -> None:
        """Show what was imported so far and what was found."""
        from ui.dialogs.import_records_dialog import ImportRecordsDialog

        project = self._session.project
        if project is not None:
            ImportRecordsDialog(self._window, self._session, self._window.tasks, self._window.folder).open()

    @property
    def importing(self) -> ImportDock:
        """The dock in which files come in; made when it is first needed."""
        from ui.imports.import_dock import ImportDock

        if self._importing is None:
            self._importing = ImportDock(self._window)
        return self._importing

    def end_import(self) -> None:
        """Close the form of an import, if one is open; nothing of it is in the plan."""
        if self._importing is not None:
            self._importing.close_form()

    def _may_import(self) -> bool:
        if not self._session.editable:
            self._session.tell(
                Text(
                    "请先打开一个可以编辑的项目，再导入数据。",
                    "Open a project that can be edited, then import.",
                ),
                "warning",
            )
        return self._session.editable

    def export(self) -> None:
        """Open the export form."""
        from ui.dialogs.export_dialog import ExportDialog, ExportHabits

        window, kept = self._window, self._window.memory
        if self._session.project is None:
            return
        folder = Path(kept.export_folder) if kept.export_folder else window.folder
        habits = ExportHabits(folder if folder.is_dir() else window.folder, kept.export_format)
        dialog = ExportDialog(window, self._session, window.tasks, habits)
        dialog.remembered.connect(self._keep_habits)
        dialog.open()

    def _keep_habits(self, habits: ExportHabits) -> None:
        memory = self._window.memory
        self._window.memory = replace(memory, export_folder=str(habits.folder), export_format=habits.format)

    def publish(self) -> None:
        """Ask what to publish, show what will be public, and publish it."""
        self._publishing.open()

    def draw(self) -> None:
        """Ask what to draw, show it, and draw or print it."""
        self._publishing.draw()

    def _load(
        self,
        title: Text,
        make: Callable[[Progress], Project],
        failed: Callable[[PlanboardError], None] | None = None,
    ) -> None:
        def work(progress: Progress) -> Project:
            progress.check()
            project = make(progress)
            project.snapshot.extent()  # the boxes of a large plan take longer than the window may stand still
            return project

        task = self._window.tasks.run(title, work, self._on_loaded, failed)
        self._session.tell_opening(title)
        task.ended.connect(self._first_look.end)
        task.ended.connect(lambda *_: self._session.tell_opening(None))

    def _on_loaded(self, project: Project) -> None:
        old = self._session.project
        self._session.set_project(project)
        if old is not None:
            old.close()
        self._window.settings = self._window.settings.opened(project.path)
        save_settings(self._window.settings)
        if project.read_only and project.read_only_reason is not None:
            self._session.offer(
                Text("项目以只读方式打开。", "The project is open read-only."),
                [(Text("另存副本…", "Save a copy…"), self.save_copy)],
                "warning",
                project.read_only_reason,
            )
        self._tell_found(project)

    def _tell_found(self, project: Project) -> None:
        """Say what opening found; edits that another program made on several layers are one message."""
        edits = [finding for finding in project.findings if finding.code in _EDITS]
        others = [finding for finding in project.findings if finding not in edits]
        for finding in (*others[:2], *(edits if len(edits) == 1 else ())):
            self._session.tell(finding.message, "warning" if finding.severity != "info" else "info")
        if len(edits) > 1:
            titles = [project.snapshot.layers[str(finding.layer)].title for finding in edits]
            listed = Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
            words = Text("其他程序修改了项目：{l}。", "Another program edited the project: {l}.")
            self._session.tell(words.format(l=listed), "info", _EDITS[edits[0].code])

    def _on_refused(self, path: Path, error: PlanboardError) -> None:
        if isinstance(error, NotAProjectError):
            acts = [(Text("导入到当前项目…", "Import into this project…"), lambda: self.import_path(path))]
            self._session.offer(
                error.message,
                acts if self._session.editable else [],
                "warning",
                error.advice,
                waits=self._session.editable,
            )
        elif error.code == "store.damaged":
            self.rescue.offer(path, error)
        else:
            self._session.tell_error(error)
        if self._session.project is None and path in [p for p, _ in recent_files(self._window.settings)]:
            self.open_sample()

    def _on_copied(self, path: Path) -> None:
        self._session.offer(
            Text("副本已保存：{n}", "Copy saved: {n}").format(n=path.name),
            [
                (Text("打开副本", "Open the copy"), lambda: self.open_path(path)),
                (SHOW_FOLDER, partial(reveal, path)),
            ],
            "success",
        )
