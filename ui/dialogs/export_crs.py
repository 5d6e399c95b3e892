"""Choosing the coordinate system of a file that is written, as far as its format leaves a choice."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QCompleter

from gis.crs_candidates import candidate_words
from gis.crs_catalogue import CrsEntry, crs_catalogue, crs_named
from gis.crs_names import BD09, GCJ02, WGS84
from gis.exchange.extract import SHIFTED
from gis.i18n import tr
from layers.text import Text

_FIXED: Final = (".kml", ".gpx")
_METRIC: Final = ("", ".dxf")
_TABLES: Final = (".csv", ".xlsx")
_AROUND_PX: Final = 48
"""Beside the words of a list: its padding and its scroll bar."""
_OWN: Final = Text("与项目相同：{t}", "That of the project: {t}")
_PRESCRIBED: Final = Text("WGS 84 经纬度（格式规定）", "WGS 84 degrees (as the format wants)")
_BESIDE: Final = Text(
    "这是在线地图的偏移坐标，与真实位置相差数百米，且每处不同：只给使用它的地图，"
    "不得当作 WGS 84 或 CGCS2000 使用。",
    "Coordinates of online maps lie hundreds of metres beside the true place, everywhere differently: "
    "only for maps that use them, never as WGS 84 or CGCS2000.",
)


class ExportCrs(QComboBox):
    """The systems that a format can be in; a part of a name finds one, any EPSG code may be typed."""

    def __init__(self, plan_crs: str) -> None:
        super().__init__()
        self._plan_crs = plan_crs
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(20)
        finder = QCompleter(self.model(), self)
        finder.setFilterMode(Qt.MatchFlag.MatchContains)
        finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(finder)
        self.setToolTip(
            tr("可输入名称、带号或 EPSG 编号查找", "Type a name, a zone or an EPSG code to find one")
        )

    def offer(self, ending: str, *, tabular: bool = True) -> None:
        """Offer what files of an ending can be in; the choice stays if it is among them."""
        before = self.crs
        self.clear()
        if ending in _FIXED:
            self.addItem(tr(_PRESCRIBED), None)
        elif ending == ".geojson":
            for crs in (WGS84, *SHIFTED):
                self.addItem(tr(candidate_words(crs)), None if crs == WGS84 else crs)
        else:
            self.addItem(tr(_OWN.format(t=candidate_words(self._plan_crs))), None)
            for entry in crs_catalogue():
                if entry.crs != self._plan_crs and _fits(entry, ending):
                    self.addItem(tr(entry.title), entry.crs)
        at = self.findData(before) if before else 0
        self.setCurrentIndex(max(at, 0))
        self._widen()
        self.setEnabled(tabular and self.count() > 1)

    def _widen(self) -> None:
        """Give both lists room for the longest name: what tells two systems apart stands in its midst."""
        finder = self.completer()
        for shown in (self.view(), finder.popup() if finder is not None else None):
            if shown is not None:
                widest = max(
                    shown.fontMetrics().horizontalAdvance(self.itemText(i)) for i in range(self.count())
                )
                shown.setMinimumWidth(widest + _AROUND_PX)

    @property
    def crs(self) -> str | None:
        """What was chosen or typed; None for that of the project or of the format."""
        words = self.currentText().strip()
        at = self.findText(words)
        if at >= 0:
            data = self.itemData(at)
            return str(data) if data else None
        return (crs_named(words) or words) or None

    @property
    def warning(self) -> Text | None:
        """What whoever takes this system must know."""
        return _BESIDE if self.crs in (GCJ02, BD09) else None


def _fits(entry: CrsEntry, ending: str) -> bool:
    """Tell whether files of an ending can be in a system, and whether there is a way to it."""
    shifted = entry.crs in SHIFTED and ending not in _TABLES
    return not (entry.old or shifted or (ending in _METRIC and not entry.plane))
