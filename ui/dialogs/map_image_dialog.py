"""Exporting the map as a picture that knows where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QWidget

from gis.i18n import tr
from gis.render.map_export import map_viewport
from gis.render.viewport import Extent, Viewport
from layers.background import backgrounds_of
from layers.errors import PlanboardError
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog, PathField
from ui.dialogs.state_choice import with_ending
from ui.models.coordinates import read_scale
from ui.panels.parts import label
from ui.session import Session

_FORMATS: Final = (
    ("tif", Text("GeoTIFF（自带坐标，GIS 和 CAD 可直接使用）", "GeoTIFF (place and CRS inside)")),
    ("png", Text("PNG 图片", "PNG")),
    ("jpg", Text("JPEG 图片", "JPEG")),
)
_SCALES: Final = (200, 500, 1000, 2000)
_DPI: Final = (96, 150, 200, 300)
_MARGIN: Final = 0.03


@dataclass(frozen=True)
class MapImageWish:
    """What to write: the view, the file, and what goes with it."""

    viewport: Viewport
    out: Path
    world_file: bool
    background: bool


class MapImageDialog(FormDialog):
    """Asks for extent, scale, resolution and file, and says how large the picture becomes.

    Signals
    -------
    chosen(MapImageWish)
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget, session: Session, seen: Viewport, folder: Path) -> None:
        super().__init__(
            parent,
            Text("导出地图图片", "Export the map as a picture"),
            Text(
                "按真实比例导出，图片带坐标，可在 CAD、GIS 中对准位置。",
                "True to scale, and with its place: CAD and GIS put it where it belongs.",
            ),
            Text("导出", "Export"),
            560,
        )
        self._session, self._folder = session, folder
        self._extents = self._choices(seen)
        self.extent, self.scale, self.format = QComboBox(), QComboBox(), QComboBox()
        for words, extent in self._extents:
            self.extent.addItem(tr(words), extent)
        self.scale.setEditable(True)
        self.scale.setCompleter(None)  # it would make 1:1000 of 1:100
        self.scale.addItems([f"1:{scale}" for scale in _SCALES])
        self.scale.setCurrentText("1:500")
        self.dpi = QComboBox()
        for dpi in _DPI:
            self.dpi.addItem(f"{dpi} dpi", dpi)
        self.dpi.setCurrentIndex(_DPI.index(150))
        for ending, words in _FORMATS:
            self.format.addItem(tr(words), ending)
        pattern = "GeoTIFF (*.tif);;PNG (*.png);;JPEG (*.jpg)"
        self.path = PathField(folder, Text("地图图片", "Picture of the map"), pattern)
        self.path.textChanged.connect(lambda _: self.ask_again())
        self.add_row(Text("范围", "Extent"), self.extent)
        self.add_row(Text("比例、分辨率", "Scale, resolution"), self.scale, self.dpi)
        self.add_row(Text("格式", "Format"), self.format)
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self.world_file = QCheckBox(tr("旁边写坐标文件和 .prj", "Write a world file and .prj beside it"))
        self.world_file.setChecked(True)
        self.background = QCheckBox(tr("带上底图", "With the background"))
        self.background.setChecked(True)
        self.background.setVisible(self._has_background())
        self.size_words = label(role="soft", wrap=True)
        for widget in (self.world_file, self.background, self.size_words):
            self.body.addWidget(widget)
        for combo in (self.extent, self.dpi):
            combo.currentIndexChanged.connect(lambda _: self._show_size())
        self.scale.editTextChanged.connect(lambda _: self._show_size())
        self.format.currentIndexChanged.connect(lambda _: self._suggest())
        self._suggest()
        self._show_size()

    def submit(self) -> None:
        viewport = self._viewport()
        if viewport is None:
            return
        out = with_ending(self.path.path, str(self.format.currentData()))
        there = (out,) if out.is_file() else ()
        if not self.may_replace(there, self.path.agreed):
            return
        background = self.background.isChecked() and self._has_background()
        self.chosen.emit(MapImageWish(viewport, out, self.world_file.isChecked(), background))
        self.accept()

    def _choices(self, seen: Viewport) -> list[tuple[Text, Extent]]:
        """Return the extents one may want; those there are."""
        snapshot = self._session.snapshot
        assert snapshot is not None
        found = [(Text("整个小区", "The whole site"), snapshot.extent("boundary")),
                 (Text("全部对象", "Everything"), snapshot.extent())]  # fmt: skip
        whole = [(words, _with_margin(extent)) for words, extent in found if extent is not None]
        return [(Text("当前视图", "What is shown now"), seen.extent), *whole]

    def _has_background(self) -> bool:
        project = self._session.project
        return project is not None and any(b.visible for b in backgrounds_of(project.snapshot.settings))

    def _viewport(self) -> Viewport | None:
        """Return what the answers make, or say what is wrong with them."""
        scale = read_scale(self.scale.currentText())
        if scale is None:
            self.show_problem(Text("比例尺应写作 1:500。", "Write the scale as 1:500."))
            return None
        try:
            made = map_viewport(self._extents[self.extent.currentIndex()][1], scale, self.dpi.currentData())
        except PlanboardError as error:
            self.show_problem(error.message)
            return None
        self.show_problem(None)
        return made

    def _show_size(self) -> None:
        made = self._viewport()
        self.go.setEnabled(made is not None)
        if made is None:
            self.size_words.setText("")
            return
        paper = (made.width_px / made.px_per_mm, made.height_px / made.px_per_mm)
        self.size_words.setText(
            tr(
                "{w} × {h} 像素，一个像素 {m:.3f} m，纸上 {a:.0f} × {b:.0f} mm",
                "{w} × {h} pixels, {m:.3f} m each; {a:.0f} × {b:.0f} mm on paper",
                w=f"{made.width_px:,}", h=f"{made.height_px:,}", m=made.metres_per_px, a=paper[0], b=paper[1],
            )
        )  # fmt: skip

    def _suggest(self) -> None:
        ending = str(self.format.currentData())
        snapshot = self._session.snapshot
        title = snapshot.title if snapshot is not None else ""
        name = "".join("-" if c in '\\/:*?"<>| ' else c for c in title)
        self.path.setText(str(self._folder / f"{name}-{tr('地图', 'map')}.{ending}"))
        self.world_file.setVisible(ending != "tif")


def _with_margin(extent: Extent) -> Extent:
    west, south, east, north = extent
    across, up = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - across, south - up, east + across, north + up
