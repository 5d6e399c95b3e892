"""Choosing the coordinate system of a file, by where each would put it on the map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCompleter, QLineEdit, QWidget

from gis.crs_candidates import PLAIN, Candidate, Reading, candidate_words
from gis.crs_catalogue import crs_catalogue, crs_named
from gis.crs_names import BD09, GCJ02, WGS84
from gis.exchange.standing import Verdict
from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import Choice, button, column, label, later, row, set_property

OTHER: Final = "other"
POINTS: Final = "points"
_COMMON: Final = ("EPSG:4547", "EPSG:4548", "EPSG:4549", "EPSG:4526", "EPSG:4527", "EPSG:4528",
                  "EPSG:4490", WGS84, GCJ02, BD09)  # fmt: skip
_HERE: Final = Text("{t}  ·  在本项目处", "{t}  ·  at this plan")
_BESIDE: Final = Text("{t}  ·  在本项目外 {m:,.0f} 米", "{t}  ·  {m:,.0f} m beside this plan")
_AWAY: Final = Text("{t}  ·  距本项目 {k:,.0f} 公里", "{t}  ·  {k:,.0f} km from this plan")
_MOST_SHOWN: Final = 12
_DECLARED: Final = Text("文件标注：{t}", "As the file says: {t}")
_REFUSED: Final = Text("文件标注：{t}（须用控制点配准）", "As the file says: {t} (needs control points)")
_BY_NUMBERS: Final = Text("按数值：{t}", "By its numbers: {t}")
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
        self.code.setPlaceholderText(
            tr(
                "输入名称、中央经线、带号或代号，如 117、西安80、4548",
                "Name, meridian, zone or code: 117, 4548",
            )
        )
        self.code.setCompleter(self._completer())
        self.code.hide()
        self.note = label(wrap=True)
        self.better, self.points = button("", "link"), button(tr("控制点配准…", "Control points …"), "link")
        self.better.clicked.connect(self._take_better)
        self.points.clicked.connect(self.points_requested)
        self._offered: Candidate | None = None
        self.combo.activated.connect(self._on_activated)
        self.code.editingFinished.connect(self._on_code)
        self._asked = ""
        self._last = 0
        self._acts = QWidget()
        self._acts.setLayout(row(self.better, self.points, None, spacing=12))
        self.setLayout(column(self.combo, self.code, self.note, self._acts, spacing=6))
        self.tell(None)

    def fill_none(self) -> None:
        """Say that there is nothing to choose: the file has no coordinates."""
        self.combo.clear()
        self.code.hide()
        self.combo.addItem(tr("无坐标，不需要坐标系", "No coordinates: none is needed"), None)

    def tell(self, verdict: Verdict | None, *, by_points: bool = False) -> None:
        """Say below the choice how sure it is, and offer what would be better.

        Parameters
        ----------
        verdict : Verdict, optional
        by_points : bool
            Whether control points are the way on.
        """
        better = verdict.better if verdict is not None else None
        doubtful = verdict is not None and verdict.doubtful
        self._offered = better
        if verdict is not None:
            self.note.setText(tr(verdict.words))
            set_property(self.note, "role", "warning" if doubtful else "soft")
        self.note.setVisible(verdict is not None)
        if better is not None:
            self.better.setText(tr("改用 {c}", "Use {c}", c=better.crs))  # the words above say what it is
            self.better.setToolTip(tr(better.title))
        self.better.setVisible(better is not None)
        self.points.setVisible(by_points or (doubtful and better is None))
        self._acts.setVisible(by_points or doubtful)

    def fill(
        self,
        candidates: Sequence[Candidate],
        declared: str | None,
        *,
        points: bool,
        refused: bool = False,
        named: bool = True,
    ) -> None:
        """Offer the systems; the likeliest is chosen if it lies at the plan, or the file names it.

        Parameters
        ----------
        candidates : sequence of Candidate
        declared : str, optional
            What the file says.
        points : bool
            Whether control points have been set already.
        refused : bool
            Whether only control points lead from what the file says to the plan. Then nothing else is chosen
            for the user: the numbers of such systems look like those of others.
        named : bool
            Whether the file itself names `declared`; a table only has degrees.
        """
        combo = self.combo
        combo.clear()
        self.code.hide()
        if points:
            combo.addItem(tr("按控制点配准", "By control points"), POINTS)
        fits = declared is not None and any(c.crs == declared and c.reading == PLAIN for c in candidates)
        if declared is not None and not fits:
            said = _REFUSED if refused else _CONTRARY
            combo.addItem(tr(said.format(t=candidate_words(declared))), (declared, PLAIN))
        elif not candidates or not candidates[0].is_here:
            combo.addItem(tr("请选择……", "Choose …"), None)
        for candidate in candidates:
            words = candidate.title
            if candidate.crs == declared and candidate.reading == PLAIN:
                words = (_DECLARED if named else _BY_NUMBERS).format(t=words)
            there = _AWAY.format(t=words, k=candidate.away_m / 1000)
            if candidate.is_here:
                there = _BESIDE if candidate.away_m >= 1.0 else _HERE
                there = there.format(t=words, m=candidate.away_m)
            combo.addItem(tr(there), (candidate.crs, candidate.reading))
        combo.insertSeparator(combo.count())
        offered = {c.crs for c in candidates if c.reading == PLAIN}
        for crs in _COMMON:
            if crs not in offered:
                combo.addItem(tr(candidate_words(crs)), (crs, PLAIN))
        combo.addItem(tr("其他坐标系（可查找）…", "Another system (search) …"), OTHER)
        combo.addItem(
            tr(
                "西安 80、北京 54 或局部坐标：控制点配准…",
                "Xian 80, Beijing 54 or a local grid: control points …",
            ),
            POINTS,
        )
        likely = () if refused else candidates
        self._choose_first(likely, declared if fits or refused else None, points=points)
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
            typed = self.code.text().strip()
            return (crs_named(typed) or typed) or None, PLAIN
        return data if isinstance(data, tuple) else (None, PLAIN)

    def choose(self, crs: str, reading: Reading) -> None:
        """Choose a system, which joins the list if it is not in it."""
        wanted = (crs, reading)
        if self._at(wanted) < 0:
            self.combo.addItem(tr(Candidate(crs, reading).title), wanted)
        self._last = self._at(wanted)
        self.combo.setCurrentIndex(self._last)

    @property
    def by_points(self) -> bool:
        """Whether control points are to be used."""
        return bool(self.combo.currentData() == POINTS)

    def go_back(self) -> None:
        """Choose again what was chosen before control points were asked for."""
        self.combo.setCurrentIndex(self._last)

    def _completer(self) -> QCompleter:
        """Offer the systems of China by any part of their names."""
        made = QCompleter([tr(entry.title) for entry in crs_catalogue()], self)
        made.setFilterMode(Qt.MatchFlag.MatchContains)
        made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        made.setMaxVisibleItems(_MOST_SHOWN)
        popup = made.popup()
        if popup is not None:
            popup.setObjectName("CodesPopup")
        made.activated.connect(lambda _: later(self, 0, self._on_code))  # once the line holds the words
        return made

    def _take_better(self) -> None:
        """Choose what fits better."""
        offered = self._offered
        if offered is None:
            return
        self.choose(offered.crs, offered.reading)
        self._on_activated(self._last)

    def _on_activated(self, at: int) -> None:
        data = self.combo.itemData(at)
        self.code.setVisible(data == OTHER)
        if data == OTHER:
            self.tell(None)  # what was said is about another system
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
