"""Problem spots of both kinds in one list, with filter, status and counts."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtWidgets import QMenu, QWidget

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.kinds.spots import STATUSES
from layers.revision import WORKING
from layers.text import Text, date_words
from ui.acts.catalogue import ACTIONS
from ui.models.spots import SPOT_ROLES, Reading, Spot, SpotFilter, rain_dates, reading, rereading
from ui.panels.batches import Batches
from ui.panels.code_list import CodeList, popup
from ui.panels.filter_bar import FilterBar
from ui.panels.parts import EmptyState, Wording, button, column, dress_panel
from ui.panels.spot_list import SPOT_LOOK
from ui.session import Session
from ui.theme.icons import icon

_KINDS = (
    ("", Text("全部", "All")),
    ("drainage-spot", Text("排水", "Drainage")),
    ("traffic-spot", Text("交通", "Traffic")),
)
_STATUS, _SEVERITY, _TIME = range(3)
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
        self._add = button("", "link", "plus")
        self._words.bind(self._add.setText, Text("添加", "Add"))
        self._words.bind(
            self._add.setToolTip,
            Text("在地图上添加问题点（D 排水，T 交通）", "Add a spot on the map (D drainage, T traffic)"),
        )
        self._add.clicked.connect(self._offer_kinds)
        self.bar = FilterBar(self._words, _KINDS, 3, [self._add])
        self.bar.changed.connect(self._apply)
        self.list = self._build_list()
        self.list.chip_pressed.connect(lambda spot, where: popup(self.status_menu(spot), where))
        self.setLayout(column(self.bar, self.list, spacing=0))
        self._reading = Batches(self)
        for signal in (session.project_opened, session.viewed):
            signal.connect(self._reload_other)
        session.changed.connect(self._on_changed)
        session.language_changed.connect(self._reword)
        self._reword()

    @property
    def shown(self) -> tuple[Spot, ...]:
        """The spots in the list."""
        return self.list.shown

    @property
    def filter(self) -> SpotFilter:
        """What the list is asked for."""
        bar = self.bar
        return SpotFilter(
            bar.chosen,
            bar.choice(_STATUS) or "",
            bar.choice(_SEVERITY) or 1,
            bar.choice(_TIME) or "",
            bar.text,
        )

    def reload(self) -> None:
        """Read the spots of the state on screen again; many of them while the window goes on."""
        snapshot = self._session.snapshot
        if snapshot is None:
            self._reading.cancel()
            self._show(())
        else:
            self._reading.begin(self._read(reading(snapshot)))

    def next_open(self) -> None:
        """Choose the next open spot after the one selected."""
        open_ones = [spot for spot in self.shown if not spot.closed]
        if not open_ones:
            self._session.tell(Text("没有待解决的问题点。", "No problem spot is open."))
            return
        keys = [spot.key for spot in open_ones]
        at = next((i for i, key in enumerate(keys) if key in self._session.selection), -1)
        self.list.choose(open_ones[(at + 1) % len(open_ones)])

    def set_status(self, spot: Spot, status: str) -> None:
        """Give a spot (or, if it is selected, all selected spots) another status."""
        keys = self.list.meant_with(spot)
        words = next(choice.title for choice in STATUSES if choice.code == status)
        title = Text("{code} 状态改为{status}", "{code} set to {status}").format(code=spot.code, status=words)
        self._session.run(title, lambda snapshot: set_attributes(snapshot, keys, {"status": status}))

    def status_menu(self, spot: Spot) -> QMenu:
        """Return the statuses to choose from."""
        return self.list.choice_menu(STATUSES, spot.status, lambda code: self.set_status(spot, code))

    def _build_list(self) -> CodeList[Spot]:
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
        filtered.chosen.connect(self.bar.clear)
        return CodeList(self._session, SPOT_LOOK, nothing, filtered)

    def _reword(self) -> None:
        self.bar.refill(
            _STATUS,
            [
                ("", Text("状态", "Status")),
                ("open", Text("待解决", "Open")),
                ("closed", Text("已了结", "Closed")),
                *((c.code, c.title) for c in STATUSES),
            ],
        )
        levels = [(n, Text(f"≥ {n} 级", f"≥ {n}")) for n in range(2, 6)]
        self.bar.refill(_SEVERITY, [(1, Text("严重程度", "Severity")), *levels])
        self.reload()

    def _reload_other(self) -> None:
        self.reload()
        if self._reading.under_way:
            self._all = ()
            self.list.wait()
            self.bar.say(tr("正在读取…", "Reading…"))

    def _read(self, steps: Reading) -> Iterator[None]:
        spots = yield from steps
        dates = rain_dates(spots)
        yield
        self._show(spots, dates)

    def _show(self, spots: tuple[Spot, ...], dates: tuple[str, ...] = ()) -> None:
        self._all = spots
        rains = [(f"rain:{d}", Text("{d}降雨", "Rain of {d}").format(d=date_words(d))) for d in dates]
        self.bar.refill(_TIME, [*_TIMES, *rains])
        self._apply()

    def _apply(self) -> None:
        wanted = self.filter
        self.list.show_entries(self._all, None if wanted == SpotFilter() else wanted.keeps)
        open_count, total = bisect(self._all, False, key=lambda spot: spot.closed), len(self._all)
        shown = len(self.shown)
        words = tr("待解决 {o} · 已了结 {c}", "{o} open · {c} closed", o=open_count, c=total - open_count)
        if shown != total:
            words = tr("显示 {s}/{t}", "{s} of {t} shown", s=shown, t=total) + " · " + words
        self.bar.say(words)
        self.count_changed.emit(open_count)
        self._add.setEnabled(self._session.editable)

    def _on_changed(self, changes: ChangeSet) -> None:
        snapshot = self._session.snapshot
        spots = {layer.id for layer in snapshot.with_role(*SPOT_ROLES)} if snapshot else set()
        if snapshot is None or spots.isdisjoint(changes.by_layer):
            return
        if self._reading.under_way or self._session.view != WORKING:
            self.reload()
        else:
            self._reading.begin(self._read(rereading(self._all, changes, snapshot)))

    def _offer_kinds(self) -> None:
        menu = QMenu(self)
        for name in ("tool.add-drainage-spot", "tool.add-traffic-spot"):
            action = ACTIONS[name]
            act = menu.addAction(icon(action.icon), f"{tr(action.title)}\t{action.keys[0]}")
            if act is not None:
                act.triggered.connect(lambda _=False, tool=action.tool: self.add_requested.emit(tool))
        popup(menu, self._add.mapToGlobal(QPoint(0, self._add.height())))
