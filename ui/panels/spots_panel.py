"""Problem spots of both kinds in one list, with filter, status and counts."""

from __future__ import annotations

from PyQt6.QtCore import QItemSelectionModel, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QComboBox, QMenu, QStackedWidget, QWidget

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.kinds.spots import STATUSES
from layers.text import Text
from ui.actions import ACTIONS
from ui.models.coordinates import roomy
from ui.models.spots import SPOT_ROLES, Spot, SpotFilter, rain_dates, spots_of
from ui.models.words import date_words
from ui.panels.parts import Elided, EmptyState, Wording, button, column, dress_panel, find_line, row, segment
from ui.panels.spot_list import SpotDelegate, SpotListView, SpotModel
from ui.session import Session
from ui.theme.icons import icon

_KINDS = (
    ("", Text("全部", "All")),
    ("drainage-spot", Text("排水", "Drainage")),
    ("traffic-spot", Text("交通", "Traffic")),
)
_ONE_LINE_PX = 680
_TIMES = (
    ("", Text("时间", "Time")),
    ("workdays", Text("工作日", "Workdays")),
    ("weekend", Text("周末", "Weekend")),
    ("morning", Text("上午时段", "Mornings")),
    ("afternoon", Text("下午时段", "Afternoons")),
    ("rain", Text("降雨时", "When it rains")),
)


class SpotsPanel(QWidget):
    """The list of problem spots.

    Signals
    -------
    add_requested(str)
        A tool id: the user wants to add a spot on the map.
    count_changed(int)
        How many spots are open.
    """

    add_requested = pyqtSignal(str)
    count_changed = pyqtSignal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._all: tuple[Spot, ...] = ()
        self._model = SpotModel(self)
        self._build_filter()
        self._view = SpotListView()
        delegate = SpotDelegate(self._view)
        self._view.setModel(self._model)
        self._view.setItemDelegate(delegate)
        self._build_pages()
        delegate.status_pressed.connect(self._offer_statuses)
        self._view.chosen.connect(self._on_chosen)
        for signal in (session.project_opened, session.viewed):
            signal.connect(self.reload)
        session.changed.connect(self._on_changed)
        session.selection_changed.connect(self._mark_selection)
        session.language_changed.connect(self._reword)
        self._reword()

    @property
    def shown(self) -> tuple[Spot, ...]:
        """The spots in the list."""
        return self._model.spots

    @property
    def filter(self) -> SpotFilter:
        """What the list is asked for."""
        role = next((code for code, segment in self._kind.items() if segment.isChecked()), "")
        return SpotFilter(
            role,
            self._status.currentData() or "",
            self._severity.currentData() or 1,
            self._time.currentData() or "",
            self._text.text(),
        )

    def reload(self) -> None:
        """Read the spots of the state on screen again."""
        snapshot = self._session.snapshot
        self._all = spots_of(snapshot) if snapshot else ()
        self._fill_times()
        self._apply()

    def next_open(self) -> None:
        """Choose the next open spot after the one selected."""
        open_ones = [spot for spot in self._model.spots if not spot.closed]
        if not open_ones:
            self._session.tell(Text("没有待解决的问题点。", "No problem spot is open."))
            return
        keys = [spot.key for spot in open_ones]
        at = next((i for i, key in enumerate(keys) if key in self._session.selection), -1)
        self._on_chosen(open_ones[(at + 1) % len(open_ones)])

    def set_status(self, spot: Spot, status: str) -> None:
        """Give a spot (or, if it is selected, all selected spots) another status."""
        keys = {s.key for s in self._all} & self._session.selection
        keys = keys if spot.key in keys else {spot.key}
        words = next(choice.title for choice in STATUSES if choice.code == status)
        title = Text("{code} 状态改为{status}", "{code} set to {status}").format(code=spot.code, status=words)
        self._session.run(title, lambda snapshot: set_attributes(snapshot, sorted(keys), {"status": status}))

    def _build_filter(self) -> None:
        self._kind = {code: segment() for code, _ in _KINDS}
        for (code, words), chosen in zip(_KINDS, self._kind.values(), strict=True):
            self._words.bind(chosen.setText, words)
            chosen.setAutoExclusive(True)
            chosen.setChecked(code == "")
            chosen.toggled.connect(self._apply)
        self._status, self._severity, self._time = QComboBox(), QComboBox(), QComboBox()
        for combo in (self._status, self._severity, self._time):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(4)
            combo.setMaximumWidth(132)
            combo.activated.connect(self._apply)
        self._text = find_line()
        self._text.setMinimumWidth(110)
        self._words.bind(self._text.setPlaceholderText, Text("筛选", "Filter"))
        self._text.textChanged.connect(self._apply)
        self._count = Elided("soft")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._add = button("", "link", "plus")
        self._words.bind(self._add.setText, Text("添加", "Add"))
        self._words.bind(
            self._add.setToolTip,
            Text("在地图上添加问题点（D 排水，T 交通）", "Add a spot on the map (D drainage, T traffic)"),
        )
        self._add.clicked.connect(self._offer_kinds)

    def _build_pages(self) -> None:
        nothing = EmptyState(
            "map-pin",
            self._words,
            Text("还没有问题点", "No problem spots yet"),
            Text(
                "把踏勘、会议和宣传栏上收集到的问题标在地图上，方案才能逐条回应。",
                "Put what survey, meetings and notice board brought on the map; then the plan can answer it.",
            ),
            Text("添加第一个问题点", "Add the first one"),
        )
        filtered = EmptyState(
            "funnel",
            self._words,
            Text("没有符合条件的问题点", "No spot matches"),
            Text("放宽筛选条件即可看到其余问题点。", "Loosen the filter to see the others."),
            Text("清除筛选", "Clear the filter"),
        )
        nothing.chosen.connect(lambda: self.add_requested.emit("add-drainage-spot"))
        filtered.chosen.connect(self.clear_filter)
        self._pages = QStackedWidget()
        for page in (self._view, nothing, filtered):
            self._pages.addWidget(page)
        first = row(*self._kind.values(), 8, self._status, spacing=4)
        second = row(self._severity, self._time, spacing=8)
        second.addWidget(self._text, 1)
        second.addWidget(self._count, 1)
        second.addWidget(self._add)
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar.setContentsMargins(12, 6, 8, 6)
        self._bar.setSpacing(8)
        self._bar.addLayout(first)
        self._bar.addLayout(second, 1)
        whole = column(spacing=0)
        whole.addLayout(self._bar)
        whole.addWidget(self._pages, 1)
        self.setLayout(whole)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Put the filter into two lines where one is too short."""
        wide = self.width() >= _ONE_LINE_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._bar.setDirection(direction)
        super().resizeEvent(a0)

    def clear_filter(self) -> None:
        """Show every spot again."""
        self._kind[""].setChecked(True)
        for combo in (self._status, self._severity, self._time):
            combo.setCurrentIndex(0)
        self._text.clear()
        self._apply()

    def _reword(self) -> None:
        _refill(
            self._status,
            [
                ("", Text("状态", "Status")),
                ("open", Text("待解决", "Open")),
                ("closed", Text("已了结", "Closed")),
                *((c.code, c.title) for c in STATUSES),
            ],
        )
        levels = [(n, Text(f"≥ {n} 级", f"≥ {n}")) for n in range(2, 6)]
        _refill(self._severity, [(1, Text("严重程度", "Severity")), *levels])
        self.reload()

    def _fill_times(self) -> None:
        dates = [
            (f"rain:{d}", Text("{d}降雨", "Rain of {d}").format(d=date_words(d)))
            for d in rain_dates(self._all)
        ]
        _refill(self._time, [*_TIMES, *dates])

    def _apply(self) -> None:
        wanted = self.filter
        self._model.show([spot for spot in self._all if wanted.keeps(spot)])
        open_count = sum(not spot.closed for spot in self._all)
        total = len(self._all)
        shown = len(self._model.spots)
        words = tr("待解决 {o} · 已了结 {c}", "{o} open · {c} closed", o=open_count, c=total - open_count)
        if shown != total:
            words = tr("显示 {s}/{t}", "{s} of {t} shown", s=shown, t=total) + " · " + words
        self._count.setText(words)
        self._pages.setCurrentIndex(0 if shown else (2 if total else 1))
        self.count_changed.emit(open_count)
        self._add.setEnabled(self._session.editable)
        self._mark_selection()

    def _mark_selection(self) -> None:
        selection = self._view.selectionModel()
        if selection is None:
            return
        selection.clearSelection()
        chosen = self._session.selection
        rows = [at for at, spot in enumerate(self._model.spots) if spot.key in chosen]
        for at in rows:
            index = self._model.index(at)
            selection.select(index, QItemSelectionModel.SelectionFlag.Select)
        if len(rows) == 1:
            self._view.scrollTo(self._model.index(rows[0]))

    def _on_changed(self, changes: ChangeSet) -> None:
        snapshot = self._session.snapshot
        spots = {layer.id for layer in snapshot.with_role(*SPOT_ROLES)} if snapshot else set()
        if any(layer in spots for layer, _ in changes.features):
            self.reload()

    def _on_chosen(self, spot: Spot) -> None:
        snapshot = self._session.snapshot
        self._session.select([spot.key])
        feature = snapshot.feature(spot.key) if snapshot else None
        if feature is not None and feature.geometry is not None:
            self._session.zoom_requested.emit(roomy(feature.geometry.bounds))

    def _offer_kinds(self) -> None:
        menu = QMenu(self)
        for name in ("tool.add-drainage-spot", "tool.add-traffic-spot"):
            action = ACTIONS[name]
            act = menu.addAction(icon(action.icon), f"{tr(action.title)}\t{action.keys[0]}")
            if act is not None:
                act.triggered.connect(lambda _=False, tool=action.tool: self.add_requested.emit(tool))
        menu.popup(self._add.mapToGlobal(QPoint(0, self._add.height())))

    def _offer_statuses(self, spot: Spot, where: QPoint) -> None:
        menu = QMenu(self)
        for choice in STATUSES:
            act = menu.addAction(tr(choice.title))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(choice.code == spot.status)
                act.setEnabled(self._session.editable)
                act.triggered.connect(lambda _=False, code=choice.code: self.set_status(spot, code))
        menu.popup(where)


def _refill(combo: QComboBox, entries: list[tuple[object, Text]]) -> None:
    kept = combo.currentData()
    combo.blockSignals(True)
    combo.clear()
    for code, words in entries:
        combo.addItem(tr(words), code)
    combo.setCurrentIndex(max(0, combo.findData(kept)))
    combo.blockSignals(False)
