"""The window: builds its parts, binds them, and does nothing else."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QByteArray, QSize, Qt
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QMainWindow, QToolBar, QWidget

from gis.i18n import language, tr
from gis.settings import Settings, save_settings
from layers.text import Text
from ui.actions.background import BackgroundActions
from ui.actions.bookmarks import SightActions
from ui.actions.branches import BranchActions
from ui.actions.comments import CommentActions
from ui.actions.compare import CompareActions
from ui.actions.edit import EditActions
from ui.actions.file import FileActions
from ui.actions.help import HelpActions
from ui.actions.look import LookActions
from ui.actions.postings import PostingActions
from ui.actions.reasons import ReasonActions
from ui.actions.revisions import RevisionActions
from ui.actions.search import SearchActions
from ui.actions.view import ViewActions
from ui.acts.bound import BoundActions
from ui.canvas.canvas import MapCanvas
from ui.canvas.map_pair import MapPair
from ui.connections import connect_parts
from ui.dropping import Dropping
from ui.habits import habits_of, take_up
from ui.panels.attributes_panel import AttributesPanel
from ui.panels.backgrounds_panel import BackgroundsPanel
from ui.panels.changes_panel import ChangesPanel
from ui.panels.comments_panel import CommentsPanel
from ui.panels.docks import DRAWER_PX, Drawer, PanelDock
from ui.panels.findings_panel import FindingsPanel
from ui.panels.header import Header
from ui.panels.history_panel import HistoryPanel
from ui.panels.layers_panel import LayersPanel
from ui.panels.ledger_panel import LedgerPanel
from ui.panels.merge_panel import MergePanel
from ui.panels.message_bar import MessageBar
from ui.panels.parts import column, stacked
from ui.panels.play_bar import PlayBar
from ui.panels.postings_panel import PostingsPanel
from ui.panels.search_box import SearchBox
from ui.panels.spots_panel import SpotsPanel
from ui.panels.status_bar import StatusBar
from ui.panels.table_panel import TablePanel
from ui.panels.timeline import Timeline
from ui.panels.view_bar import ViewBar
from ui.place_picker import PlacePicker
from ui.plan_check import PlanCheck
from ui.playing import Player
from ui.recent import WindowMemory, save_memory
from ui.session import Session
from ui.tasks import Tasks
from ui.watch import Watch

LAYERS_PX, ATTRIBUTES_PX = 256, 320
LEAST_LAYERS_PX, LEAST_ATTRIBUTES_PX = 160, 300
_FIRST_SIZE = (1440, 900)
_FRAME = (8, 40)
_STATE_VERSION = 1


class Window(QMainWindow):
    """The main window of one project."""

    def __init__(self, session: Session, settings: Settings, memory: WindowMemory) -> None:
        super().__init__()
        self.session, self.settings, self.memory = session, settings, memory
        self.tasks = Tasks(session)
        self._build_parts()
        self._place_parts()
        self._bind_acts()
        connect_parts(self)
        self.name_window()
        self._remember_layout()
        self.watch, self.dropping = Watch(self), Dropping(self)

    def _build_parts(self) -> None:
        session = self.session
        self.actions_ = BoundActions(session, self)
        self.canvas = MapCanvas(session)
        self.maps = MapPair(session, self.canvas)
        self.picker = PlacePicker(self.canvas)
        self.layers = LayersPanel(session)
        self.backgrounds = BackgroundsPanel(session, self.canvas.pictures.backdrop)
        self.attributes = AttributesPanel(session)
        self.spots = SpotsPanel(session)
        self.changes = ChangesPanel(session)
        self.history = HistoryPanel(session)
        self.check = PlanCheck(session, self.tasks)
        self.findings = FindingsPanel(session, self.check)
        self.comments = CommentsPanel(session)
        self.ledger = LedgerPanel(session)
        self.postings = PostingsPanel(session, self.tasks)
        self.merge = MergePanel(session)
        self.table = TablePanel(session)
        self.timeline = Timeline(session)
        self.view_bar = ViewBar(session)
        self.status = StatusBar(session)
        self.messages = MessageBar(session, self.tasks, self.maps)
        self.player = Player(session, self.tasks)
        self.play_bar = PlayBar(session, self.player, self.maps)
        self.file_actions = FileActions(self)
        self.edit_actions = EditActions(self)
        self.view_actions = ViewActions(self)
        self.look_actions = LookActions(self)
        self.sight_actions = SightActions(self)
        self.revision_actions = RevisionActions(self)
        self.branch_actions = BranchActions(self)
        self.compare_actions = CompareActions(self)
        self.comment_actions = CommentActions(self)
        self.reason_actions = ReasonActions(self)
        self.background_actions = BackgroundActions(self)
        self.posting_actions = PostingActions(self)
        self.help_actions = HelpActions(self)
        self.search_actions = SearchActions(self)
        self.header = Header(session, SearchBox(session, self.search_actions.find))

    def _place_parts(self) -> None:
        self.setMenuWidget(self.header)
        middle = QWidget()
        middle.setLayout(column(self.timeline, self.view_bar, self.maps, spacing=0))
        middle.layout().setStretch(2, 1)  # type: ignore[union-attr]
        self.setCentralWidget(middle)
        self.strip = QToolBar()
        self.strip.setObjectName("Tools")
        self.strip.setMovable(False)
        self.strip.setOrientation(Qt.Orientation.Vertical)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.strip)
        self.layers_dock = PanelDock(
            self.session,
            "layers",
            Text("图层", "Layers"),
            stacked(self.layers, self.backgrounds),
            LEAST_LAYERS_PX,
        )
        self.attributes_dock = PanelDock(
            self.session, "attributes", Text("属性", "Properties"), self.attributes, LEAST_ATTRIBUTES_PX
        )
        self.drawer = Drawer(self.session)
        for name, title, page in (
            ("spots", Text("问题点", "Problem spots"), self.spots),
            ("comments", Text("居民意见", "Comments"), self.comments),
            ("changes", Text("变更", "Changes"), self.changes),
            ("findings", Text("检查", "Findings"), self.findings),
            ("table", Text("属性表", "Table"), self.table),
            ("history", Text("历史", "History"), self.history),
            ("ledger", Text("台账", "Ledger"), self.ledger),
            ("postings", Text("公示记录", "Postings"), self.postings),
            ("merge", Text("合并", "Merge"), self.merge),
        ):
            self.drawer.add_page(name, title, page)
        self.drawer.set_page_shown("merge", False)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.layers_dock)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.attributes_dock)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.drawer)
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            self.setCorner(corner, area)
        bar = self.statusBar()
        assert bar is not None
        bar.setSizeGripEnabled(False)
        bar.setStyleSheet("QStatusBar::item { border: 0; } QStatusBar { padding: 0; }")
        bar.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        bar.addWidget(self.status, 1)

    def _bind_acts(self) -> None:
        for group in (
            self.file_actions,
            self.edit_actions,
            self.view_actions,
            self.look_actions,
            self.sight_actions,
            self.revision_actions,
            self.branch_actions,
            self.compare_actions,
            self.comment_actions,
            self.reason_actions,
            self.background_actions,
            self.posting_actions,
            self.help_actions,
        ):
            self.actions_.bind(group.handlers())
        self.actions_.fill(self.header.bar, self.file_actions.fill_recent)
        self.actions_.fill_strip(self.strip)
        self.file_actions.fill_project_menu(self.header.menu)
        self.status.snap.setDefaultAction(self.actions_.qt["tool.snapping"])
        self.status.snap.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def on_project_opened(self) -> None:
        """Show another project."""
        self.name_window()
        self.attributes.drop_draft()
        self.on_active_layer(self.layers.active_layer)

    def on_active_layer(self, layer_id: str) -> None:
        """Draw into another layer, and list it in the table."""
        self.canvas.active_layer = layer_id or None
        self.table.follow(layer_id)

    def on_layer_chosen(self, layer_id: str | None) -> None:
        """Show in the panel which layer the map draws into, if it was chosen there."""
        if layer_id and layer_id != self.layers.active_layer:
            self.layers.set_active(layer_id)

    def on_spot_placed(self, layer_id: str, geometry: object) -> None:
        """Ask for the details of a problem spot just placed on the map."""
        self.attributes_dock.show()
        self.attributes.begin_spot(layer_id, geometry)
        self.canvas.set_tool("select")

    def name_window(self) -> None:
        """Put the project's name into the title of the window."""
        project = self.session.project
        name = tr("小区改造图板", "Planboard")
        self.setWindowTitle(f"{project.snapshot.title} - {name}" if project is not None else name)

    def reset_layout(self) -> None:
        """Put every panel where it was at first."""
        for dock, area in (
            (self.layers_dock, Qt.DockWidgetArea.LeftDockWidgetArea),
            (self.attributes_dock, Qt.DockWidgetArea.RightDockWidgetArea),
            (self.drawer, Qt.DockWidgetArea.BottomDockWidgetArea),
        ):
            dock.setFloating(False)
            self.addDockWidget(area, dock)
            dock.show()
        self.timeline.show()
        self.resizeDocks(
            [self.layers_dock, self.attributes_dock], [LAYERS_PX, ATTRIBUTES_PX], Qt.Orientation.Horizontal
        )
        self.resizeDocks([self.drawer], [DRAWER_PX], Qt.Orientation.Vertical)
        self.drawer.set_open(False)

    def fit_screen(self) -> None:
        """Be no larger than the screen, frame and all, at the first start."""
        screen = self.screen()
        if screen is not None and not self.memory.geometry:
            self.resize(self.size().boundedTo(screen.availableSize() - QSize(*_FRAME)))

    def _remember_layout(self) -> None:
        memory = self.memory
        self.resize(*_FIRST_SIZE)
        if memory.geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(memory.geometry)))
        self.reset_layout()
        if memory.state:
            self.restoreState(QByteArray(base64.b64decode(memory.state)), _STATE_VERSION)
        take_up(self, memory)

    def remember(self) -> None:
        """Keep the layout and the user's choices for the next start."""
        save_memory(
            replace(
                habits_of(self),
                geometry=base64.b64encode(self.saveGeometry().data()).decode("ascii"),
                state=base64.b64encode(self.saveState(_STATE_VERSION).data()).decode("ascii"),
            )
        )
        save_settings(replace(self.settings, language=language()))

    def closeEvent(self, a0: QCloseEvent | None) -> None:
        self.file_actions.end_import()  # it stands in the place of a panel, which is to be remembered
        self.remember()
        self.watch.stop()
        self.tasks.stop_all()
        project = self.session.project
        self.session.set_project(None)
        if project is not None:
            project.close()
        super().closeEvent(a0)


def run_window(path: Path | None = None) -> int:
    """Open the window on a project, the last one, or the sample estate; return the exit code."""
    from ui.start import start

    return start(path)
