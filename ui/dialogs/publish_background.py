"""The picture below the published plan: which, whose it is, and how much of its budget it takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QProgressBar

from gis.i18n import tr
from gis.project import Project
from gis.raster.reference import path_of
from layers.background import RasterBackground, backgrounds_of
from layers.text import Text
from ui.dialogs.form_page import FormPage, narrow
from ui.panels.parts import button, label, row

if TYPE_CHECKING:
    from gis.publish.background import Picture


class BackgroundPage(FormPage):
    """One picture below the plan, whose it is, and how much of the budget it takes.

    Signals
    -------
    changed()
    """

    changed = pyqtSignal()

    def __init__(self, project: Project) -> None:
        super().__init__(
            Text("背景图", "Background"),
            Text(
                "可以放一张航拍图或旧图，垫在方案下面：项目底图里的一张，或带坐标的图片文件"
                "（GeoTIFF，或旁边有坐标文件的 PNG、JPEG）。在线地图不能放进网页。",
                "One aerial photo or old map below the plan: a picture of the project's backgrounds, or a "
                "file that says where it lies (GeoTIFF, or PNG or JPEG with a world file). Online maps "
                "cannot go into a page.",
            ),
        )
        self.path, self.attribution = QLineEdit(), QLineEdit()
        self.path.setPlaceholderText(tr("不用背景图", "No background"))
        browse = button(tr("浏览…", "Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self.attribution.setPlaceholderText(
            tr("例如：某某测绘院，2020年航拍", "For example: County Survey, 2020")
        )
        self._project = project
        self._add_own()
        self.add_row(Text("图片", "Picture"), self.path, browse)
        self.add_row(Text("来源", "Whose"), self.attribution)
        self._clear = button(tr("不用背景图", "No background"), "link")
        self._clear.setAutoDefault(False)
        self._clear.clicked.connect(self._forget)
        self.budget = QProgressBar()
        self.budget.setTextVisible(False)
        self.budget.setRange(0, 100)
        self.told = label(role="soft", wrap=True)
        self.problem = label(role="error", wrap=True)
        self.add_wide(self.budget)
        self.add_wide(self.told)
        self.add_wide(self.problem)
        self.add_wide(row(self._clear, None))
        self.body.addStretch(1)
        for line in (self.path, self.attribution):
            line.editingFinished.connect(self.changed)
        self.show_size(None)

    @property
    def picture(self) -> Picture | None:
        """What is wanted, if anything: a picture of the project with its placing, or a file."""
        from gis.publish.background import Picture

        given = self.path.text().strip()
        if not given:
            return None
        placing = next((one for one in self._own if str(path_of(one, self._project.path)) == given), None)
        return Picture(Path(given), self.attribution.text().strip(), placing)

    def _add_own(self) -> None:
        """Offer the pictures that lie below the plan already."""
        settings = self._project.snapshot.settings
        self._own = [one for one in backgrounds_of(settings) if isinstance(one, RasterBackground)]
        self.own = narrow(QComboBox(self))
        self.own.addItem(tr("选择…", "Choose…"), "")
        for one in reversed(self._own):
            self.own.addItem(one.title, str(path_of(one, self._project.path)))
        self.own.setVisible(bool(self._own))
        if self._own:
            self.add_row(Text("项目底图", "Of the project"), self.own)
        self.own.activated.connect(self._on_own)

    def _on_own(self) -> None:
        if chosen := str(self.own.currentData()):
            self.path.setText(chosen)
            self.attribution.setFocus()
            self.changed.emit()

    def show_size(self, size: int | None) -> None:
        """Show how many bytes the picture takes in the page; None if there is none."""
        from gis.publish.background import BUDGET

        self.problem.hide()
        self.budget.setValue(0 if size is None else round(size / BUDGET * 100))
        most = BUDGET / 1e6
        if size is None:
            self.told.setText(tr("大小上限 {m:.1f} MB。", "Up to {m:.1f} MB.", m=most))
        else:
            words = Text(
                "裁到小区范围，压缩为 {k} KB，上限 {m:.1f} MB。",
                "Cut to the site and packed into {k} KB of at most {m:.1f} MB.",
            )
            self.told.setText(tr(words, k=round(size / 1024), m=most))

    def show_problem(self, words: Text) -> None:
        """Say here what is wrong with the picture."""
        self.problem.setText(tr(words))
        self.problem.show()

    def _browse(self) -> None:
        pattern = f"{tr('图片', 'Pictures')} (*.png *.jpg *.jpeg *.tif *.tiff)"
        name, _ = QFileDialog.getOpenFileName(
            self.window(), tr("背景图", "Background"), self.path.text(), pattern
        )
        if name:
            self.path.setText(name)
            self.attribution.setFocus()
            self.changed.emit()

    def _forget(self) -> None:
        self.path.clear()
        self.changed.emit()
