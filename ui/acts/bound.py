"""The acts as Qt actions: worded, enabled when they can be chosen, bound to what they do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from gis.i18n import tr
from layers.text import Text
from ui.acts.catalogue import ACTIONS, MENUS, TOOL_STRIP, Action, Menu
from ui.session import Session
from ui.theme.icons import icon

_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
_SELECT_FIRST = Text("请先选中对象。", "select something first.")
_WANTED: Mapping[str, Text] = {
    "selection": _SELECT_FIRST,
    "edit-selection": _SELECT_FIRST,
    "adopt-selection": _SELECT_FIRST,
    "undo": Text("没有可撤销的步骤。", "there is nothing to undo."),
    "redo": Text("没有可重做的步骤。", "there is nothing to redo."),
    "revision": Text("还没有冻结过版次。", "no revision has been frozen yet."),
    "project": Text("请先打开一个项目。", "open a project first."),
    "editable": Text("现在显示的方案不能修改。", "what is on screen cannot be changed."),
}
_DONE_ALREADY = frozenset({"edit.deselect"})
"""With nothing selected it has nothing to add."""
_TOOL_COLORS = {"add-drainage-spot": "drainage", "add-traffic-spot": "traffic"}


def key_words(action: Action) -> str:
    """Return the shortcut as the system writes it, or an empty string."""
    if not action.keys:
        return ""
    keys = QKeySequence(action.keys[0])
    if sys.platform == "darwin":
        return keys.toString(QKeySequence.SequenceFormat.NativeText)
    words = keys.toString(QKeySequence.SequenceFormat.PortableText)
    for name, arrow in _ARROWS.items():
        words = words.replace(name, arrow)
    return words


def tip(action: Action) -> str:
    """Return a tool tip: name, shortcut, one line more."""
    keys = key_words(action)
    first = tr(action.title).rstrip("…") + (f"  ({keys})" if keys else "")
    return first + (f"\n{tr(action.hint)}" if action.hint.zh else "")


class BoundActions(QObject):
    """Holds one `QAction` per act and keeps words and states right."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._menus: list[tuple[QMenu, Menu]] = []
        self.qt = {action.id: self._made(action, parent) for action in ACTIONS.values()}
        self._group_tools(parent)
        for signal in (
            session.project_opened,
            session.viewed,
            session.proven,
            session.selection_changed,
            session.revisions_changed,
            session.branches_changed,
        ):
            signal.connect(self.refresh)
        session.changed.connect(lambda _: self.refresh())
        session.language_changed.connect(self.reword)
        self.reword()

    def bind(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Say what acts do.

        Raises
        ------
        KeyError
            If an id is unknown: a typing mistake.
        """
        for name, handler in handlers.items():
            self.qt[name].triggered.connect(lambda _=False, h=handler: h())

    def trigger(self, name: str) -> None:
        """Do an act, if it can be chosen now."""
        self.qt[name].trigger()

    def fill(self, bar: QMenuBar, recent: Callable[[QMenu], None]) -> None:
        """Build the menus; `recent` fills the menu of recent files when it opens."""
        for menu in MENUS:
            self._fill(_added(bar), menu, recent)
        self.reword()

    def fill_strip(self, strip: QToolBar) -> None:
        """Build the tool strip."""
        for name in TOOL_STRIP:
            if name == "-":
                strip.addSeparator()
            else:
                strip.addAction(self.qt[name])

    def show_tool(self, tool: str) -> None:
        """Mark the tool in hand."""
        found = self.qt.get(f"tool.{tool}")
        if found is not None:
            found.setChecked(True)

    def reword(self) -> None:
        """Use the language in force."""
        for action in ACTIONS.values():
            self.qt[action.id].setText(tr(action.title))
            self.qt[action.id].setToolTip(tip(action))
        for qmenu, menu in self._menus:
            qmenu.setTitle(tr(menu.title))
        self.refresh()

    def refresh(self) -> None:
        """Enable what can be chosen now."""
        facts = self._facts()
        for action in ACTIONS.values():
            waits = action.takes_view and self._session.checking
            self.qt[action.id].setEnabled(facts[action.need] and not waits)
        self._name_steps()

    def why_not(self, keys: QKeySequence) -> Text | None:
        """Return why the act of a shortcut cannot be chosen now; None if there is none, or it can."""
        for action in ACTIONS.values():
            made = self.qt[action.id]
            told = action.need in _WANTED and action.id not in _DONE_ALREADY
            if told and not made.isEnabled() and keys in made.shortcuts():
                return Text("{act}：{why}", "{act}: {why}").format(
                    act=Text(action.title.zh.rstrip("…"), action.title.en.rstrip("…")),
                    why=_WANTED[action.need],
                )
        return None

    def _facts(self) -> dict[str, bool]:
        session = self._session
        project = session.project
        history = project.history if project else None
        writable = project is not None and not project.read_only
        several = project is not None and len(project.branches) > 1
        return {
            "": True,
            "project": project is not None,
            "editable": session.editable,
            "writable": writable,
            "branches": several,
            "adoptable": several and writable,
            "adopt-selection": several and writable and bool(session.selection),
            "selection": bool(session.selection),
            "edit-selection": bool(session.selection) and session.editable,
            "undo": bool(history and history.done) and session.editable,
            "redo": bool(history and history.undone) and session.editable,
            "revision": bool(project and project.revisions),
            "comparison": session.comparison is not None,
        }

    def _name_steps(self) -> None:
        project = self._session.project
        for name, steps in (
            ("edit.undo", project.history.done[-1:] if project else ()),
            ("edit.redo", project.history.undone[:1] if project else ()),
        ):
            title = tr(ACTIONS[name].title)
            self.qt[name].setText(f"{title}  {tr(steps[0].label)}" if steps else title)
        restore = self.qt["revision.restore"]
        frozen = {revision.label for revision in project.revisions} if project else set()
        proven = self._session.view in frozen and not self._session.checking
        restore.setEnabled(project is not None and not project.read_only and proven)

    def _made(self, action: Action, parent: QWidget) -> QAction:
        made = QAction(parent)
        made.setObjectName(action.id)
        made.setCheckable(action.checkable or bool(action.tool))
        made.setShortcuts([QKeySequence(k) for k in action.keys])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setMenuRole(_role(action.id))
        if action.icon:
            made.setIcon(icon(action.icon, _TOOL_COLORS.get(action.tool), _TOOL_COLORS.get(action.tool)))
        parent.addAction(made)
        return made

    def _group_tools(self, parent: QWidget) -> None:
        for names in (
            [a.id for a in ACTIONS.values() if a.tool and a.id != "tool.snapping"],
            ["view.zh", "view.en"],
            ["view.light", "view.dark"],
        ):
            group = QActionGroup(parent)
            for name in names:
                group.addAction(self.qt[name])

    def _fill(self, qmenu: QMenu, menu: Menu, recent: Callable[[QMenu], None]) -> None:
        self._menus.append((qmenu, menu))
        for item in menu.items:
            if isinstance(item, Menu):
                self._fill(_added(qmenu), item, recent)
            elif item == "-":
                qmenu.addSeparator()
            elif item == "*recent":
                qmenu.aboutToShow.connect(lambda m=qmenu: recent(m))
            else:
                qmenu.addAction(self.qt[item])


def _added(owner: QMenuBar | QMenu) -> QMenu:
    made = owner.addMenu("")
    assert made is not None
    return made


def _role(name: str) -> QAction.MenuRole:
    roles = {"file.quit": QAction.MenuRole.QuitRole, "help.about": QAction.MenuRole.AboutRole}
    return roles.get(name, QAction.MenuRole.NoRole)
