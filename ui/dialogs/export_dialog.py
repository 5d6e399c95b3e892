"""Exporting layers of the state on screen."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QWidget

from gis.exchange.export import ExportResult, export
from gis.i18n import tr
from gis.progress import Progress
from layers.revision import WORKING
from layers.text import Text, same
from ui.dialogs.form_dialog import FormDialog, PathField
from ui.session import Session
from ui.tasks import Tasks

FORMATS = (
    ("gpkg", Text("GeoPackage（推荐，QGIS 可直接打开）", "GeoPackage (recommended; opens in QGIS)")),
    ("geojson", Text("GeoJSON（WGS 84 经纬度）", "GeoJSON (WGS 84 degrees)")),
    ("shp", same("Shapefile")),
    ("csv", Text("CSV 表格", "CSV table")),
)


class ExportDialog(FormDialog):
    """Asks for layers, format and file; writes in the background."""

    def __init__(self, parent: QWidget, session: Session, tasks: Tasks, folder: Path) -> None:
        snapshot = session.snapshot
        assert snapshot is not None
        state = tr("当前方案", "the working plan") if session.view == WORKING else session.view
        super().__init__(
            parent,
            Text("导出数据", "Export data"),
            Text("导出{s}的图层。", "Exports layers of {s}.").format(s=state),
            Text("导出", "Export"),
            520,
        )
        self._session, self._tasks, self._folder = session, tasks, folder
        self.layers = QListWidget()
        for layer in reversed(list(snapshot.layers.values())):
            if len(layer.table):
                item = QListWidgetItem(f"{tr(layer.title)}  ({len(layer.table):,})")
                item.setData(Qt.ItemDataRole.UserRole, layer.id)
                item.setCheckState(Qt.CheckState.Checked)
                self.layers.addItem(item)
        self.layers.setMinimumHeight(200)
        self.format = QComboBox()
        for ending, words in FORMATS:
            self.format.addItem(tr(words), ending)
        self.format.currentIndexChanged.connect(lambda _: self._suggest())
        self.path = PathField(folder, Text("导出到", "Export to"), "*.gpkg;;*.geojson;;*.shp;;*.csv")
        self.add_row(Text("图层", "Layers"), self.layers)
        self.add_row(Text("格式", "Format"), self.format)
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self._suggest()

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
        snapshot, project, layers, out = (
            self._session.snapshot,
            self._session.project,
            self.chosen,
            self.path.path,
        )
        if not layers:
            self.show_problem(Text("请至少选择一个图层。", "Choose a layer at least."))
            return
        if snapshot is None or project is None:
            return

        def work(progress: Progress) -> ExportResult:
            progress.check()
            return export(snapshot, out, layers, forbidden=[project.path])

        session = self._session

        def done(result: ExportResult) -> None:
            acts = [(Text("打开所在文件夹", "Show in folder"), lambda: _reveal(out))]
            session.offer(Text("已导出：{n}", "Exported: {n}").format(n=out.name), acts, "success")
            for finding in result.findings[:2]:
                session.tell(finding.message, "warning" if finding.severity != "info" else "info")

        self._tasks.run(Text("导出数据", "Exporting"), work, done)
        self.accept()

    def _suggest(self) -> None:
        snapshot = self._session.snapshot
        title = (
            "".join("-" if c in '\\/:*?"<>| ' else c for c in snapshot.title)
            if snapshot is not None
            else "export"
        )
        self.path.setText(str(self._folder / f"{title}-{tr('导出', 'export')}.{self.format.currentData()}"))


def _reveal(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
