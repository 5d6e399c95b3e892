"""Choosing the coordinate system of a file, by where each would put it on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QLineEdit, QWidget

from gis.crs import BD09, GCJ02, WGS84
from gis.crs_candidates import PLAIN, Candidate, Reading, crs_words
from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import Choice, column

OTHER: Final = "other"
POINTS: Final = "points"
_COMMON: Final = ("EPSG:4547", "EPSG:4548", "EPSG:4549", "EPSG:4526", "EPSG:4527", "EPSG:4528",
                  "EPSG:4490", WGS84, GCJ02, BD09)  # fmt: skip
_HERE: Final = Text("{t}  ·  在本项目处", "{t}  ·  at this plan")
_AWAY: Final = Text("{t}  ·  距本项目 {k:,.0f} 公里", "{t}  ·  {k:,.0f} km from this plan")
_DECLARED: Final = Text("文件标注：{t}", "As the file says: {t}")
_CONTRARY: Final = Text(
    "文件标注：{t}（与坐标值或本项目不符）", "As the file says: {t} (does not fit the numbers or this plan)"
)


class CrsChoice(QWidget):
    """What fits the numbers first, then the usual systems, any EPSG code, and control points.

    Signals
    -------
    changed()
        Another system was chosen.
    points_requested()
        The user wants to georeference by control points.
    """

    changed = pyqtSignal()
    points_requested = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.combo, self.code = Choice(), QLineEdit()
        self.combo.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(16)
        self.code.setPlaceholderText("EPSG:4548")
        self.code.hide()
        self.combo.activated.connect(self._on_activated)
        self.code.returnPressed.connect(self.changed)
        self.code.editingFinished.connect(self._on_code)
        self._asked = ""
        self._last = 0
        self.setLayout(column(self.combo, self.code, spacing=6))

    def fill(self, candidates: Sequence[Candidate], declared: str | None, *, points: bool) -> None:
        """Offer the systems; the likeliest is chosen if it lies at the plan, or the file names it.

        Parameters
        ----------
        candidates : sequence of Candidate
        declared : str, optional
            What the file says.
        points : bool
            Whether control points have been set already.
        """
        combo = self.combo
        combo.clear()
        self.code.hide()
        if points:
            combo.addItem(tr("按控制点配准", "By control points"), POINTS)
        fits = declared is not None and any(c.crs == declared and c.reading == PLAIN for c in candidates)
        if declared is not None and not fits:
            combo.addItem(tr(_CONTRARY.format(t=crs_words(declared))), (declared, PLAIN))
        elif not candidates or not candidates[0].is_here:
            combo.addItem(tr("请选择……", "Choose …"), None)
        for candidate in candidates:
            words = candidate.title
            if candidate.crs == declared and candidate.reading == PLAIN:
                words = _DECLARED.format(t=words)
            words = (
                _HERE.format(t=words)
                if candidate.is_here
                else _AWAY.format(t=words, k=candidate.away_m / 1000)
            )
            combo.addItem(tr(words), (candidate.crs, candidate.reading))
        combo.insertSeparator(combo.count())
        offered = {c.crs for c in candidates if c.reading == PLAIN}
        for crs in _COMMON:
            if crs not in offered:
                combo.addItem(tr(crs_words(crs)), (crs, PLAIN))
        combo.addItem(tr("其他 EPSG 代号…", "Another EPSG code …"), OTHER)
        combo.addItem(
            tr(
                "西安 80、北京 54 或局部坐标：控制点配准…",
                "Xian 80, Beijing 54 or a local grid: control points …",
            ),
            POINTS,
        )
        self._choose_first(candidates, declared if fits else None, points=points)
        self._last = combo.currentIndex()
        for at in range(combo.count()):
            combo.setItemData(at, combo.itemText(at), 3)  # a tip with the whole line

    def _choose_first(self, candidates: Sequence[Candidate], declared: str | None, *, points: bool) -> None:
        wanted: object = None
        if points:
            self.combo.setCurrentIndex(0)
            return
        if declared is not None:
            wanted = (declared, PLAIN)
        elif candidates and candidates[0].is_here:
            wanted = (candidates[0].crs, candidates[0].reading)
        self.combo.setCurrentIndex(0 if wanted is None else max(0, self._at(wanted)))

    def _at(self, wanted: object) -> int:
        """Return where an entry stands, or -1; never look for None, which a separator holds."""
        return next((i for i in range(self.combo.count()) if self.combo.itemData(i) == wanted), -1)

    @property
    def kept(self) -> tuple[object, str]:
        """The choice and what was typed, to be taken up by another such widget."""
        return self.combo.currentData(), self.code.text()

    def take_up(self, kept: tuple[object, str]) -> None:
        """Choose what was chosen in another such widget, if it is offered."""
        data, typed = kept
        at = self._at(data) if data is not None else -1
        if at < 0 or data == POINTS:
            return
        self.combo.setCurrentIndex(at)
        self._last = at
        self._asked = typed
        self.code.setText(typed)
        self.code.setVisible(data == OTHER)

    @property
    def chosen(self) -> tuple[str | None, Reading]:
        """The system and how to read the numbers; None while none is chosen."""
        data = self.combo.currentData()
        if data == OTHER:
            return self.code.text().strip() or None, PLAIN
        return data if isinstance(data, tuple) else (None, PLAIN)

    @property
    def by_points(self) -> bool:
        """Whether control points are to be used."""
        return bool(self.combo.currentData() == POINTS)

    def go_back(self) -> None:
        """Choose again what was chosen before control points were asked for."""
        self.combo.setCurrentIndex(self._last)

    def _on_activated(self, at: int) -> None:
        data = self.combo.itemData(at)
        self.code.setVisible(data == OTHER)
        if data == OTHER:
            self.code.setFocus()
            return
        if data == POINTS and at > 0:
            self.points_requested.emit()
            return
        self._last = at
        self.changed.emit()

    def _on_code(self) -> None:
        words = self.code.text().strip()
        if words and words != self._asked and not self.code.isHidden():
            self._asked = words
            self.changed.emit()
