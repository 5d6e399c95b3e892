"""A new project: a name and a place; the coordinate system has a sensible default."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLineEdit, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog, PathField

DEFAULT_CRS = "EPSG:4548"
SYSTEMS = (
    ("EPSG:4547", Text("CGCS2000 三度带 114°E（EPSG:4547）", "CGCS2000 3-degree, 114°E (EPSG:4547)")),
    (
        "EPSG:4548",
        Text(
            "CGCS2000 三度带 117°E（EPSG:4548，山东中部）",
            "CGCS2000 3-degree, 117°E (EPSG:4548, central Shandong)",
        ),
    ),
    ("EPSG:4549", Text("CGCS2000 三度带 120°E（EPSG:4549）", "CGCS2000 3-degree, 120°E (EPSG:4549)")),
)


class NewProjectDialog(FormDialog):
    """Asks for title, file and, folded away, the coordinate system.

    Signals
    -------
    chosen(Path, str, str)
        File, title, CRS.
    """

    chosen = pyqtSignal(object, str, str)

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(
            parent,
            Text("新建项目", "New project"),
            Text(
                "一个项目就是一个文件，可以直接拷贝给别人，QGIS 也能打开。",
                "A project is one file. Copy it to share it; QGIS opens it too.",
            ),
            Text("新建", "Create"),
            520,
        )
        self._folder = folder
        self.title = QLineEdit()
        self.title.setPlaceholderText(tr("例如：金茵小区", "For example: Jinyin estate"))
        self.title.textEdited.connect(self._suggest)
        self.path = PathField(
            folder / f"{tr('新项目', 'new-project')}.gpkg",
            Text("项目文件", "Project file"),
            "Planboard (*.gpkg)",
        )
        self.path.textEdited.connect(lambda _: setattr(self, "_own_path", True))
        self._own_path = False
        self.crs = QComboBox()
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code, words in SYSTEMS:
            self.crs.addItem(tr(words), code)
        self.crs.setCurrentIndex(next(i for i, (code, _) in enumerate(SYSTEMS) if code == DEFAULT_CRS))
        self.crs.setToolTip(
            tr("不确定时保持不变；也可以直接输入 EPSG 编号", "Leave it if unsure; or type another EPSG code")
        )
        self.add_row(Text("小区名称", "Estate"), self.title)
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self.add_row(Text("坐标系", "Coordinates"), self.crs)

    def submit(self) -> None:
        title = self.title.text().strip()
        if not title:
            self.show_problem(Text("请填写小区名称。", "Enter the name of the estate."))
            self.title.setFocus()
            return
        path = self.path.path
        if path.suffix.lower() != ".gpkg":
            path = path.with_name(path.name + ".gpkg")
        if path.exists():
            self.show_problem(
                Text("文件已存在，请换一个名字：{p}", "The file exists; choose another name: {p}").format(
                    p=path.name
                )
            )
            return
        typed = self.crs.currentText()
        known = self.crs.findText(typed)
        self.chosen.emit(path, title, self.crs.itemData(known) if known >= 0 else typed.strip())
        self.accept()

    def _suggest(self, title: str) -> None:
        if not self._own_path and title.strip():
            name = "".join("-" if c in '\\/:*?"<>|' else c for c in title.strip())
            self.path.setText(str(self._folder / f"{name}.gpkg"))
