"""The window without its acts: map, panels and bars, where they stand, and how they are shown.

What the acts of the menus do is in `ui.actions`; they know this place, and it knows none of them.
"""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QMainWindow, QToolBar, QWidget

from gis.i18n import tr
from gis.settings import Settings
from layers.text import Text
from ui.acts.bound import BoundActions
from ui.canvas.canvas import MapCanvas
from ui.canvas.map_pair import MapPair
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
from ui.recent import WindowMemory, form_folder
from ui.searching import Searching
from ui.session import Session
from ui.tasks import Tasks

LAYERS_PX, ATTRIBUTES_PX = 256, 320
LEAST_LAYERS_PX, LEAST_ATTRIBUTES_PX = 160, 300
_FRAME = (8, 40)


class Workplace(QMainWindow):
    """The parts of the window of one project."""

    def __init__(self, session: Session, settings: Settings, memory: WindowMemory) -> None:
        super().__init__()
        self.session, self.settings, self.memory = session, settings, memory
        self.tasks = Tasks(session)
        self._build_parts()
        self._place_parts()

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
        self.search = Searching(session, self.actions_)
        self.header = Header(session, SearchBox(session, self.search.find))

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

    @property
    def folder(self) -> Path:
        """Where file forms begin."""
        return form_folder(self.settings)

    def show_page(self, name: str) -> None:
        """Open a page of the drawer."""
        self.drawer.show()
        self.drawer.open_page(name)
