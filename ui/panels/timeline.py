"""The revision timeline over the map: see, compare and play revisions, begin and switch alternatives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QMenu, QScrollArea, QWidget

from gis.i18n import tr
from layers.revision import MAIN, WORKING, Branch
from layers.text import Text
from ui.models.branch_graph import BranchGraph, Stop, graph_of, line_to, short_branch
from ui.models.words import state_title
from ui.panels.parts import Wording, button, icon_button, row, set_property
from ui.panels.timeline_track import HEIGHT, LANE_PX, MOST_LANES, TimelineTrack
from ui.session import Session
from ui.theme.icons import icon
from ui.theme.tokens import theme

_WORDS_PX, _FREEZE_PX, _COMPARE_PX = 560, 470, 420
"""Where the strip is narrower, buttons whose icon says it all have no words."""
_LEAST_PX = 350


class Timeline(QWidget):
    """The strip over the map: track, alternatives, compare, play, freeze.

    Signals
    -------
    view_requested(str), compare_requested(str, str), freeze_requested(), compare_stopped()
    branch_requested(str)
        Begin an alternative at a revision, or at the plan as it is now.
    switch_requested(str), adopt_requested(str)
        Go to an alternative; take it over into the plan being edited.
    rename_requested(str), removal_requested(str), return_requested(str)
        Give an alternative another name; remove it; bring back one that was removed.
    play_requested()
        Play through the revisions, or pause.
    """

    view_requested = pyqtSignal(str)
    compare_requested = pyqtSignal(str, str)
    freeze_requested = pyqtSignal()
    compare_stopped = pyqtSignal()
    branch_requested = pyqtSignal(str)
    switch_requested = pyqtSignal(str)
    adopt_requested = pyqtSignal(str)
    rename_requested = pyqtSignal(str)
    removal_requested = pyqtSignal(str)
    return_requested = pyqtSignal(str)
    play_requested = pyqtSignal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("Strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._words = Wording(session, self)
        self.track = TimelineTrack()
        self.track.view_requested.connect(self.view_requested)
        self.track.compare_requested.connect(self.compare_requested)
        self.track.menu_requested.connect(lambda stop, where: self.menu_of(stop).popup(where))
        self._build()
        for signal in (
            session.project_opened,
            session.viewed,
            session.revisions_changed,
            session.branches_changed,
            session.language_changed,
        ):
            signal.connect(self.reload)
        self.reload()

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The alternatives of the project in front."""
        project = self._session.project
        return project.branches if project is not None else ()

    def reload(self) -> None:
        """Show the revisions and alternatives of the project in front."""
        project, comparison = self._session.project, self._session.comparison
        revisions = project.revisions if project is not None else ()
        pair = (comparison.before, comparison.after) if comparison is not None else None
        graph = graph_of(revisions, self.branches) if project is not None else BranchGraph()
        self.track.show_graph(graph, self._session.view, pair)
        self._scroll.setFixedHeight(min(self.track.height(), max(HEIGHT, MOST_LANES * LANE_PX)))
        self._compare.setEnabled(len(graph.stops) > 1)
        self._play.setVisible(len(revisions) > 1)
        self._freeze.setEnabled(self._session.editable)
        self._name_branch()
        self._name_acts()
        set_property(self._compare, "role", "primary" if pair is not None else "")
        self._compare.setIcon(icon("git-diff", theme().on_accent if pair is not None else None))
        self._stop.setVisible(pair is not None)

    def menu_of(self, stop: Stop) -> QMenu:
        """Return what can be done with a state."""
        project, view = self._session.project, self._session.view
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        acts: list[tuple[Text, Callable[[], None], bool]] = [
            (Text("查看", "View"), lambda: self.view_requested.emit(stop.label), stop.label != view)
        ]
        at, seen = self.track.graph.index(stop.label), self.track.graph.index(view)
        if seen >= 0 and seen != at:
            words = Text("与“{l}”比较", "Compare with “{l}”").format(l=state_title(view))
            acts.append((words, lambda: self.compare_requested.emit(*self.track.ordered(seen, at)), True))
        writable = project is not None and not project.read_only
        if not stop.is_open or stop.label == WORKING:
            words = Text("从这里新建比选方案…", "Begin an alternative here…")
            acts.append((words, lambda: self.branch_requested.emit(stop.label), writable))
        else:
            acts.append((_SWITCH, lambda: self.switch_requested.emit(stop.label), writable))
            acts.append((_ADOPT, lambda: self.adopt_requested.emit(stop.label), writable))
        for words, do, possible in acts:
            self._add_act(menu, tr(words), do, possible)
        branch = next((b for b in self.branches if b.name == stop.branch and b.name != MAIN), None)
        if branch is not None:
            menu.addSeparator()
            self._add_naming(menu, branch, writable)
        return menu

    def _add_naming(self, menu: QMenu, branch: Branch, writable: bool) -> None:
        """Add what concerns the name of an alternative: another one, or none any more."""
        words = tr("给“{b}”改名…", "Rename “{b}”…", b=branch.title)
        self._add_act(menu, words, partial(self.rename_requested.emit, branch.name), writable)
        words = tr("删除“{b}”…", "Remove “{b}”…", b=branch.title)
        if branch.current:
            words = tr(
                "删除“{b}”（请先切换到其他方案）",
                "Remove “{b}” (switch to another plan first)",
                b=branch.title,
            )
        removable = writable and not branch.current
        self._add_act(menu, words, partial(self.removal_requested.emit, branch.name), removable)

    def _add_managing(self, menu: QMenu, writable: bool) -> None:
        """Add a menu of renaming, removing and bringing back, if there is anything to it."""
        project = self._session.project
        named = [branch for branch in self.branches if branch.name != MAIN]
        removed = project.removed_branches if project is not None else ()
        inner = (
            menu.addMenu(tr("改名、删除、取回", "Rename, remove, bring back")) if named or removed else None
        )
        if inner is None:
            return
        for branch in named:
            self._add_naming(inner, branch, writable)
        if named and removed:
            inner.addSeparator()
        for name in removed:
            words = tr("取回已删除的“{b}”", "Bring back “{b}”", b=name)
            self._add_act(inner, words, partial(self.return_requested.emit, name), writable)

    def branch_menu(self) -> QMenu:
        """Return the menu of alternatives: which one is edited, a new one, comparing, taking over."""
        project = self._session.project
        writable = project is not None and not project.read_only
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for branch in self.branches:
            act = menu.addAction(tr(branch.title))
            if act is not None:
                act.setCheckable(True)
                act.setChecked(branch.current)
                act.setEnabled(writable or branch.current)
                act.triggered.connect(lambda _=False, name=branch.name: self.switch_requested.emit(name))
        if len(self.branches) > 1:
            words = tr("意见和问题点各方案共用", "Comments and spots are common to all")
            self._add_act(menu, words, lambda: None, possible=False)
        menu.addSeparator()
        new = menu.addAction(icon("git-branch"), tr("新建比选方案…", "New alternative…"))
        if new is not None:
            new.setEnabled(writable)
            new.triggered.connect(lambda: self.branch_requested.emit(self._start()))
        others = [branch for branch in self.branches if not branch.current]
        if others:
            menu.addSeparator()
        for branch in others:
            words = tr("与“{b}”比较", "Compare with “{b}”", b=branch.title)
            self._add_act(menu, words, partial(self.compare_requested.emit, WORKING, branch.name))
        for branch in others:
            words = tr("采纳“{b}”…", "Adopt “{b}”…", b=branch.title)
            self._add_act(menu, words, partial(self.adopt_requested.emit, branch.name), writable)
        self._add_managing(menu, writable)
        return menu

    def _add_act(self, menu: QMenu, words: str, do: Callable[[], None], possible: bool = True) -> None:
        act = menu.addAction(words)
        if act is not None:
            act.setEnabled(possible)
            act.triggered.connect(lambda: do())

    def _start(self) -> str:
        """Return where a new alternative begins if nobody says otherwise: at the revision on screen."""
        project, view = self._session.project, self._session.view
        frozen = {revision.label for revision in project.revisions} if project is not None else set()
        return view if view in frozen else WORKING

    def _name_branch(self) -> None:
        several = len(self.branches) > 1
        current = next((branch for branch in self.branches if branch.current), None)
        title = tr(current.title) if current is not None else ""
        words = self._branch.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, 84)
        self._branch.setText(words if several and self.width() >= _WORDS_PX else "")
        self._branch.setEnabled(current is not None)
        tip = tr(
            "比选方案：切换、新建、比较、采纳、改名、删除",
            "Alternatives: switch, begin, compare, adopt, rename, remove",
        )
        self._branch.setToolTip(f"{title}\n{tip}" if several else tip)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_PX, self._scroll.height() + 1)

    def resizeEvent(self, a0: object) -> None:
        """Keep words only where there is room for them."""
        self._name_branch()
        self._name_acts()

    def _name_acts(self) -> None:
        comparison = self._session.comparison
        room = self.width()
        self._freeze.setText(tr("冻结为版次", "Freeze") if room >= _FREEZE_PX else "")
        if comparison is not None:
            words = " ⇄ ".join(_short(label) for label in (comparison.before, comparison.after))
        else:
            words = tr("对比", "Compare")
        self._compare.setText(words if room >= _COMPARE_PX else "")

    def _build(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setObjectName("TrackScroll")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumWidth(self.track.minimumSizeHint().width())
        self._scroll.setWidget(self.track)
        self._play = icon_button("play")
        self._play.setCheckable(True)
        self._play.clicked.connect(self.play_requested)
        self._words.bind(self._play.setToolTip, Text("依次播放各版 (F3)", "Play through the revisions (F3)"))
        self._branch = button("", glyph="git-branch")
        self._branch.clicked.connect(lambda: self._popup(self.branch_menu(), self._branch))
        self._compare = button("", glyph="git-diff")
        self._words.bind(self._compare.setToolTip, Text("选择与哪一版比较", "Choose what to compare with"))
        self._compare.clicked.connect(lambda: self._popup(self.compare_menu(), self._compare))
        self._stop = icon_button("x")
        self._words.bind(self._stop.setToolTip, Text("结束比较", "Stop comparing"))
        self._stop.clicked.connect(self.compare_stopped)
        self._freeze = button("", glyph="snowflake")
        self._words.bind(
            self._freeze.setToolTip,
            Text("把当前方案冻结为新版次 (Ctrl+R)", "Freeze the working plan as a revision (Ctrl+R)"),
        )
        self._freeze.clicked.connect(self.freeze_requested)
        line = row(margins=(6, 0, 10, 1), spacing=6)
        line.addWidget(self._scroll, 1)
        for item in (self._play, self._branch, self._compare, self._stop, self._freeze):
            line.addWidget(item, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)

    def _popup(self, menu: QMenu, below: QWidget) -> None:
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 2)))

    def compare_menu(self) -> QMenu:
        """Return what can be compared: alternatives as they are now, then the states along the line."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heads = [stop for stop in self.track.stops if stop.is_open]
        for at, first in enumerate(heads):
            for second in heads[at + 1 :]:
                self._add_pair(menu, first, second)
        if len(heads) > 1:
            menu.addSeparator()
        line = self._line()
        for later in reversed(range(1, len(line))):
            for earlier in reversed(range(later)):
                self._add_pair(menu, line[earlier], line[later])
            if later > 1:
                menu.addSeparator()
        return menu

    def _line(self) -> list[Stop]:
        """Return the states that lead to the plan being edited, oldest first."""
        project, graph = self._session.project, self.track.graph
        line = line_to(project.revisions, self.branches, WORKING) if project is not None else ()
        return [graph.stops[at] for at in map(graph.index, line) if at >= 0]

    def _add_pair(self, menu: QMenu, before: Stop, after: Stop) -> None:
        words = f"{tr(before.name)}  →  {tr(after.name)}"
        self._add_act(menu, words, lambda: self.compare_requested.emit(before.label, after.label))

    def show_playing(self, playing: bool) -> None:
        """Show whether the revisions are being played through."""
        self._play.setChecked(playing)
        self._play.setIcon(icon("pause" if playing else "play"))


def _short(label: str) -> str:
    return tr("当前", "now") if label == WORKING else tr(short_branch(label))


_SWITCH = Text("切换到此方案", "Switch to this alternative")
_ADOPT = Text("采纳此方案…", "Adopt this alternative…")
