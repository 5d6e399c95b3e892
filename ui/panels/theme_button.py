"""The button of the themes: named sets of layers and styles, switched by one act."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import QPoint, QSize, Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QInputDialog, QMenu, QSizePolicy, QToolButton

from gis.edit.themes import current_theme, drop_theme, keep_theme, rename_theme, switch_theme, themes_of
from gis.i18n import tr
from layers.text import Text
from ui.session import Session
from ui.theme.icons import icon

_MOST_KEYS = 9
_LONGEST_PX = 130


class ThemeButton(QToolButton):
    """Shows which theme the map looks like, and offers the others."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setIcon(icon("swatches"))
        self.setIconSize(QSize(16, 16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.offer)
        for signal in (session.project_opened, session.viewed, session.language_changed):
            signal.connect(self._show)
        session.changed.connect(lambda changes: self._show() if changes.settings else None)
        for number in range(1, _MOST_KEYS + 1):
            keys = QShortcut(QKeySequence(f"Ctrl+Alt+{number}"), self)
            keys.activated.connect(partial(self.switch_number, number))
        self._show()

    def switch_number(self, number: int) -> None:
        """Show the theme of that place in the list, from 1."""
        snapshot = self._session.snapshot
        themes = themes_of(snapshot) if snapshot is not None else ()
        if number <= len(themes):
            self.switch(themes[number - 1].name)

    def switch_next(self) -> None:
        """Show the theme after the present one."""
        snapshot = self._session.snapshot
        names = [theme.name for theme in themes_of(snapshot)] if snapshot is not None else []
        if not names:
            self._session.tell(
                Text("还没有主题。", "There are no themes yet."),
                advice=Text("在图层面板左上角保存一个。", "Keep one with the button above the layers."),
            )
            return
        assert snapshot is not None
        now = current_theme(snapshot)
        self.switch(names[(names.index(now) + 1) % len(names) if now in names else 0])

    def switch(self, name: str) -> None:
        """Show a theme, as a step that can be undone."""
        self._session.run(
            Text("切换到主题“{n}”", "Switch to theme “{n}”").format(n=name), lambda s: switch_theme(s, name)
        )

    def keep(self, name: str) -> None:
        """Keep what is shown now under a name."""
        self._session.run(
            Text("保存主题“{n}”", "Keep theme “{n}”").format(n=name), lambda s: keep_theme(s, name)
        )

    def ask_and_keep(self) -> None:
        """Ask for a name and keep what is shown now."""
        name, ok = QInputDialog.getText(
            self,
            tr("保存主题", "Keep theme"),
            tr("主题名称（记住显示的图层和样式）", "Name (keeps which layers show, and their styles)"),
        )
        if ok:
            self.keep(name)

    def offer(self) -> None:
        """Open the menu below the button."""
        self.menu_now().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu_now(self) -> QMenu:
        """Return the menu of the themes there are."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        snapshot = self._session.snapshot
        names = [theme.name for theme in themes_of(snapshot)] if snapshot is not None else []
        now = current_theme(snapshot) if snapshot is not None else ""
        for number, name in enumerate(names, 1):
            act = menu.addAction(name.replace("&", "&&"))
            assert act is not None
            act.setCheckable(True)
            act.setChecked(name == now)
            if number <= _MOST_KEYS:
                act.setText(f"{act.text()}\tCtrl+Alt+{number}")
            act.triggered.connect(partial(self._switch_chosen, name))
        if names:
            menu.addSeparator()
        save = menu.addAction(tr("把当前显示保存为主题…", "Keep what is shown as a theme…"))
        assert save is not None
        save.triggered.connect(lambda: self.ask_and_keep())
        if names:
            self._add_changes(menu, names)
        menu.setEnabled(self._session.editable)
        return menu

    def _add_changes(self, menu: QMenu, names: list[str]) -> None:
        for words, do in (
            (Text("更新主题", "Update theme"), self.keep),
            (Text("重命名主题", "Rename theme"), self._rename),
            (Text("删除主题", "Delete theme"), self._drop),
        ):
            inner = menu.addMenu(tr(words))
            assert inner is not None
            for name in names:
                act = inner.addAction(name.replace("&", "&&"))
                assert act is not None
                act.triggered.connect(lambda _=False, d=do, n=name: d(n))

    def _switch_chosen(self, name: str, _checked: bool = False) -> None:
        self.switch(name)

    def _rename(self, name: str) -> None:
        new, ok = QInputDialog.getText(
            self, tr("重命名主题", "Rename theme"), tr("主题名称", "Name of the theme"), text=name
        )
        if ok:
            self._session.run(
                Text("重命名主题“{n}”", "Rename theme “{n}”").format(n=name),
                lambda s: rename_theme(s, name, new),
            )

    def _drop(self, name: str) -> None:
        self._session.run(
            Text("删除主题“{n}”", "Delete theme “{n}”").format(n=name), lambda s: drop_theme(s, name)
        )

    def _show(self) -> None:
        snapshot = self._session.snapshot
        name = (current_theme(snapshot) if snapshot is not None else "") or tr("主题", "Theme")
        self.setText(" " + self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _LONGEST_PX))
        self.setToolTip(tr("主题：显示哪些图层、什么样式", "Themes: which layers show, and how"))
