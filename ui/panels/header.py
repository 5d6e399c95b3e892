"""The top of the window: project, menus, search, publish and draw."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QMenu, QMenuBar, QSizePolicy, QToolButton, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import Wording, button, row
from ui.panels.search_box import SearchBox
from ui.session import Session
from ui.theme.icons import icon

_HEIGHT = 46
_NAME_WIDTH = 180
_BAR_HEIGHT = 30
_LEAST_BAR = 120


class Header(QWidget):
    """Emits `publish_requested` and `draw_requested`; the menu of the project is filled by the window."""

    publish_requested = pyqtSignal()
    draw_requested = pyqtSignal()

    def __init__(self, session: Session, search: SearchBox) -> None:
        super().__init__()
        self.setObjectName("Header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(_HEIGHT)
        self._session = session
        words = Wording(session, self)
        self.name = QToolButton()
        self.name.setObjectName("ProjectName")
        self.name.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.name.setIcon(icon("map-trifold", None))
        self.name.setMaximumWidth(_NAME_WIDTH)
        self.menu = QMenu(self)
        self.name.clicked.connect(
            lambda: self.menu.popup(self.name.mapToGlobal(QPoint(0, self.name.height() + 4)))
        )
        self.bar = QMenuBar()
        self.bar.setNativeMenuBar(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.search = search
        search.setMinimumWidth(130)
        search.setMaximumWidth(420)
        search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.draw = button("", glyph="printer")
        self.publish = button("", "primary", "globe-simple")
        words.bind(self.draw.setText, Text("出图", "Draw"))
        words.bind(self.draw.setToolTip, Text("公示栏图纸 (Ctrl+P)", "Notice-board sheet (Ctrl+P)"))
        words.bind(self.publish.setText, Text("发布", "Publish"))
        words.bind(self.publish.setToolTip, Text("离线网页 (Ctrl+Shift+P)", "Offline page (Ctrl+Shift+P)"))
        self.draw.clicked.connect(self.draw_requested)
        self.publish.clicked.connect(self.publish_requested)
        self.bar.setFixedHeight(_BAR_HEIGHT)
        self.bar.setMinimumWidth(_LEAST_BAR)
        line = row(self.name, margins=(8, 0, 12, 0), spacing=8)
        line.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        line.addWidget(search, 4)
        line.addStretch(1)
        line.addWidget(self.draw)
        line.addWidget(self.publish)
        self.setLayout(line)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self.reload)
        session.changed.connect(lambda changes: self.reload() if changes.settings else None)
        self.reload()

    def reload(self) -> None:
        """Show the name of the project in front."""
        project = self._session.project
        title = project.snapshot.title if project is not None else tr("小区改造图板", "Planboard")
        room = _NAME_WIDTH - 56
        self.name.setText(
            self.name.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room) + "  ▾"
        )
        self.name.setToolTip(f"{title}\n{project.path}" if project is not None else title)
        for act in (self.draw, self.publish):
            act.setEnabled(project is not None)
