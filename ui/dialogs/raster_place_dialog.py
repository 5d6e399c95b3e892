"""A picture that does not say where it lies: name its CRS, or place it by control points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QWidget

from gis.i18n import tr
from layers.errors import CrsError, PlanboardError
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog
from ui.models.window_words import window_words
from ui.panels.parts import button, label

if TYPE_CHECKING:
    from gis.raster.opening import Raster

_SYSTEMS: Final = (
    ("EPSG:4548", Text("CGCS2000 三度带 117°E（4548）", "CGCS2000 3-degree 117°E (4548)")),
    ("EPSG:4527", Text("CGCS2000 三度带 39 带（4527）", "CGCS2000 3-degree zone 39 (4527)")),
    ("EPSG:4547", Text("CGCS2000 三度带 114°E（4547）", "CGCS2000 3-degree 114°E (4547)")),
    ("EPSG:4549", Text("CGCS2000 三度带 120°E（4549）", "CGCS2000 3-degree 120°E (4549)")),
    ("EPSG:4490", Text("CGCS2000 经纬度（4490）", "CGCS2000 degrees (4490)")),
    ("EPSG:4326", Text("WGS 84 经纬度（4326）", "WGS 84 degrees (4326)")),
    ("EPSG:3857", Text("Web 墨卡托（3857）", "Web Mercator (3857)")),
)


class RasterPlaceDialog(FormDialog):
    """Asks where a picture lies.

    Signals
    -------
    crs_chosen(str)
        The caller accepts the form if the picture can be in it, or says what contradicts.
    points_wanted()
    """

    crs_chosen = pyqtSignal(str)
    points_wanted = pyqtSignal()

    def __init__(self, parent: QWidget, raster: Raster, problem: CrsError | None) -> None:
        super().__init__(
            parent,
            Text("底图在哪里？", "Where does the picture lie?"),
            problem.message if problem is not None else Text("请指定坐标系。", "Name its CRS."),
            Text("按此坐标系放置", "Place it in this CRS"),
            520,
        )
        bounds = raster.bounds()
        self.crs = QComboBox()
        self.crs.setEditable(True)
        for code, words in _SYSTEMS:
            self.crs.addItem(tr(words), code)
        if bounds is not None:
            west, south, east, north = bounds
            numbers = f"{west:,.2f} … {east:,.2f}\n{south:,.2f} … {north:,.2f}".replace(",", " ")
            self.add_row(Text("图上坐标", "Its coordinates"), label(numbers))
            self.add_row(Text("坐标系", "CRS"), self.crs)
        else:
            self.go.hide()
        points = button(tr("用控制点配准…", "Use control points…"), "primary" if bounds is None else "")
        points.setAutoDefault(bounds is None)
        points.clicked.connect(self._use_points)
        if bounds is None:
            self.foot.addWidget(points)
            points.setFocus()
        else:
            self.foot.insertWidget(0, points)
        if problem is not None and problem.advice is not None:
            self.body.addWidget(label(tr(window_words(problem.advice)), "soft", wrap=True))

    def submit(self) -> None:
        words = self.crs.currentText().strip()
        listed = self.crs.findText(words)
        self.crs_chosen.emit(str(self.crs.itemData(listed)) if listed >= 0 else words)

    def show_refused(self, error: PlanboardError) -> None:
        """Say why the picture cannot be in that CRS."""
        self.show_problem(error.message)
        self.problem.setToolTip(tr(window_words(error.advice)) if error.advice is not None else "")

    def _use_points(self) -> None:
        self.accept()
        self.points_wanted.emit()
