"""Docks with calm title bars, and the drawer below the map whose title bar is its tabs."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from gis.i18n import tr
from layers.text import Text
from ui.panels.parts import Wording, icon_button, label, later, row
from ui.session import Session
from ui.theme.icons import icon

_TITLE_PX = 36
_BAR_PX = 34
_LEAST_PX = 360
_BAR_EDGES = 20
DRAWER_PX = 264
_ANY_PX = 16_777_215


class PanelDock(QDockWidget):
    """A dock with a heading and a button that hides it."""

    def __init__(self, session: Session, name: str, title: Text, panel: QWidget, least_px: int) -> None:
        super().__init__()
        self.setObjectName(name)
        words = Wording(session, self)
        words.bind(self.setWindowTitle, title)
        heading = label()
        words.bind(heading.setText, title)
        close = icon_button("x", 14)
        words.bind(close.setToolTip, Text("隐藏面板", "Hide panel"))
        close.clicked.connect(self.hide)
        bar = QWidget()
        bar.setObjectName("DockTitle")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(_TITLE_PX)
        bar.setLayout(row(heading, None, close, margins=(14, 0, 8, 0)))
        self.setTitleBarWidget(bar)
        self.setWidget(panel)
        panel.setMinimumWidth(least_px)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )


class _TabBar(QWidget):
    """The tabs of the drawer; how many there are does not make the window wider."""

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_PX, _BAR_PX)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


class Drawer(QDockWidget):
    """The tabs below the map; a click on the open tab closes the drawer.

    Signals
    -------
    opened_changed(bool)
    """

    opened_changed = pyqtSignal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("drawer")
        self._words = Wording(session, self)
        self._words.bind(self.setWindowTitle, Text("底部抽屉", "Bottom drawer"))
        self._tabs: dict[str, QToolButton] = {}
        self._titles: dict[str, Text] = {}
        self._counts: dict[str, int] = {}
        self._stack = QStackedWidget()
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._stack.setMinimumWidth(_LEAST_PX)
        self._bar = _TabBar()
        self._bar.setObjectName("DrawerBar")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bar.setFixedHeight(_BAR_PX)
        self._fold = icon_button("caret-up", 16)
        self._words.bind(self._fold.setToolTip, Text("打开或收起 (Ctrl+3)", "Open or close (Ctrl+3)"))
        self._fold.clicked.connect(self.toggle)
        self._more = icon_button("caret-double-right", 16)
        self._more.clicked.connect(self._offer_more)
        self._words.bind(self._more.setToolTip, Text("更多标签页", "More tabs"))
        self._hidden: set[str] = set()
        self._before = ""
        self._shields = 0
        self._line = row(self._more, None, self._fold, margins=(6, 0, 8, 0), spacing=2)
        self._bar.setLayout(self._line)
        self.setTitleBarWidget(self._bar)
        self.setWidget(self._stack)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        self._open = True
        self._height = DRAWER_PX
        session.language_changed.connect(self._reword)

    def add_page(self, name: str, title: Text, page: QWidget) -> None:
        """Add a tab."""
        tab = QToolButton()
        tab.setCheckable(True)
        tab.setFixedHeight(_BAR_PX - 1)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.clicked.connect(lambda: self._on_tab(name))
        self._tabs[name], self._titles[name] = tab, title
        self._line.insertWidget(len(self._tabs) - 1, tab)
        self._stack.addWidget(page)
        self._reword()

    @property
    def current(self) -> str:
        """The name of the page in front."""
        return list(self._tabs)[self._stack.currentIndex()]

    @property
    def pages(self) -> tuple[str, ...]:
        """The names of the pages."""
        return tuple(self._tabs)

    @property
    def lasting_pages(self) -> tuple[str, ...]:
        """The names of the pages whose tabs are there now."""
        return tuple(name for name in self._tabs if name not in self._hidden)

    @property
    def is_open(self) -> bool:
        """Whether a page is seen, not only the tabs."""
        return self._open

    def show_count(self, name: str, count: int) -> None:
        """Show a number beside a tab's title; 0 shows none."""
        self._counts[name] = count
        self._reword()

    def open_page(self, name: str) -> None:
        """Show a page."""
        if name != self.current:
            self._before = self.current
            self._wait_out_a_double_click()
        self._stack.setCurrentIndex(list(self._tabs).index(name))
        self.set_open(True)
        self._fit_tabs()

    def _wait_out_a_double_click(self) -> None:
        """Take no press for a moment: the second one of a double click was not meant for what comes up."""
        stack, transparent = self._stack, Qt.WidgetAttribute.WA_TransparentForMouseEvents
        stack.setAttribute(transparent, True)
        self._shields += 1
        later(self, QApplication.doubleClickInterval(), self._lift)

    def _lift(self) -> None:
        self._shields -= 1
        if not self._shields:
            self._stack.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def set_page_shown(self, name: str, shown: bool) -> None:
        """Show or hide the tab of a page that is there only at times; then the page before is in front."""
        (self._hidden.discard if shown else self._hidden.add)(name)
        if not shown and name == self.current:
            self._wait_out_a_double_click()
            first = next(other for other in (self._before, *self._tabs) if other in self.lasting_pages)
            self._stack.setCurrentIndex(list(self._tabs).index(first))
            self._mark_tabs()
        self._fit_tabs()

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Put tabs that find no room behind a button."""
        super().resizeEvent(a0)
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Show as many tabs as there is room for, and always the one that is open."""
        there = [name for name in self._tabs if name not in self._hidden]
        widths = {name: self._tabs[name].sizeHint().width() + 2 for name in there}
        room = self.width() - self._fold.sizeHint().width() - _BAR_EDGES
        if sum(widths.values()) > room:
            room -= self._more.sizeHint().width() + 2
        shown = [self.current] if self._open and self.current in there else []
        room -= sum(widths[name] for name in shown)
        for name in there:
            if name in shown:
                continue
            room -= widths[name]
            if room < 0:
                break
            shown.append(name)
        for name, tab in self._tabs.items():
            tab.setVisible(name in shown)
        self._more.setVisible(len(shown) < len(there))

    def more_menu(self) -> QMenu:
        """Return the tabs that find no room."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, tab in self._tabs.items():
            act = menu.addAction(tab.text()) if name not in self._hidden and tab.isHidden() else None
            if act is not None:
                act.triggered.connect(lambda _=False, n=name: self.open_page(n))
        return menu

    def _offer_more(self) -> None:
        self.more_menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def toggle(self) -> None:
        """Open or close the drawer."""
        self.set_open(not self._open)

    def set_open(self, opened: bool) -> None:
        """Show the page in front, or only the tabs."""
        if opened == self._open and self._stack.maximumHeight() == (_ANY_PX if opened else 0):
            self._mark_tabs()
            return
        if self._open and not opened and self.isVisible() and self.height() > _BAR_PX:  # else never laid out
            self._height = self.height()
        self._open = opened
        self._stack.setEnabled(
            opened
        )  # what is not seen must not take the keyboard; hiding it narrows the bar
        self._stack.setMinimumHeight(120 if opened else 0)
        self._stack.setMaximumHeight(_ANY_PX if opened else 0)
        self.setMaximumHeight(_ANY_PX if opened else _BAR_PX)
        self.setMinimumHeight(_BAR_PX)
        self._fold.setIcon(icon("caret-down" if opened else "caret-up"))
        self._mark_tabs()
        window = self.parentWidget()
        if opened and isinstance(window, QMainWindow):
            window.resizeDocks([self], [self._height], Qt.Orientation.Vertical)
        self.opened_changed.emit(opened)

    def _mark_tabs(self) -> None:
        for name, tab in self._tabs.items():
            tab.setChecked(self._open and name == self.current)

    def _on_tab(self, name: str) -> None:
        if self._open and name == self.current:
            self.set_open(False)
        else:
            self.open_page(name)

    def _reword(self) -> None:
        for name, tab in self._tabs.items():
            count = self._counts.get(name, 0)
            tab.setText(tr(self._titles[name]) + (f"  {count}" if count else ""))
        self._fit_tabs()
