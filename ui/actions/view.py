"""What the acts of the view, layer, spot and tool menus do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from PyQt6 import sip
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication

from gis.i18n import language
from layers.text import Language
from ui.acts.catalogue import ACTIONS
from ui.panels.field_editors import finish_typing
from ui.theme.appearance import apply_theme
from ui.theme.tokens import THEMES, theme

if TYPE_CHECKING:
    from ui.workplace import Workplace


class ViewActions(QObject):
    """Map, panels, language and tools."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        window = self._window
        canvas, layers = window.canvas, window.layers
        qt = window.actions_.qt
        tools: dict[str, Callable[[], object]] = {
            action.id: partial(self.take_tool, action.tool)
            for action in ACTIONS.values()
            if action.tool and action.id != "tool.snapping"
        }
        window.session.project_opened.connect(self._mark)
        window.session.language_changed.connect(self._mark)
        self._watch_docks()
        return {
            "view.zoom_in": canvas.zoom_in,
            "view.zoom_out": canvas.zoom_out,
            "view.full": canvas.zoom_full,
            "view.selection": canvas.zoom_to_selection,
            "view.back": canvas.view_back,
            "view.forward": canvas.view_forward,
            "view.menus": self._open_menus,
            "view.full_screen": self._full_screen,
            "view.layers": lambda: window.layers_dock.setVisible(qt["view.layers"].isChecked()),
            "view.attributes": lambda: window.attributes_dock.setVisible(qt["view.attributes"].isChecked()),
            "view.drawer": window.drawer.toggle,
            "view.timeline": lambda: window.timeline.setVisible(qt["view.timeline"].isChecked()),
            "view.reset": self._reset,
            "view.zh": partial(self._speak, "zh"),
            "view.en": partial(self._speak, "en"),
            "view.light": partial(self._dress, "light"),
            "view.dark": partial(self._dress, "dark"),
            "layer.table": lambda: self.show_table(layers.tree.chosen),
            "layer.replace": partial(self._rewrite, "replace"),
            "layer.calculate": partial(self._rewrite, "calculate"),
            "spots.show": partial(self._window.show_page, "spots"),
            "spots.next_open": window.spots.next_open,
            "revision.changes": partial(self._window.show_page, "changes"),
            "revision.history": partial(self._window.show_page, "history"),
            "tool.snapping": lambda: setattr(canvas, "snapping", qt["tool.snapping"].isChecked()),
            **tools,
        }

    def take_tool(self, tool: str) -> None:
        """Take up a map tool, and give the map the keyboard."""
        self._window.canvas.set_tool(tool)
        self._window.canvas.setFocus()

    def show_table(self, layer_id: str) -> None:
        """Open the attribute table of a layer."""
        self._window.table.follow(layer_id)
        self._window.show_page("table")
        self._window.table.begin()

    def _rewrite(self, strip: Literal["replace", "calculate"]) -> None:
        """Open the table of the layer in hand with a strip that rewrites rows."""
        self.show_table(self._window.layers.tree.chosen or self._window.layers.active_layer)
        self._window.table.open_strip(strip)

    def _watch_docks(self) -> None:
        window = self._window
        window.layers_dock.visibilityChanged.connect(self._mark)
        window.attributes_dock.visibilityChanged.connect(self._mark)
        window.drawer.opened_changed.connect(self._mark)

    def _mark(self) -> None:
        """Tick what is the case."""
        window = self._window
        if sip.isdeleted(window):  # its docks hide while it is taken down
            return
        states = {
            "view.layers": not window.layers_dock.isHidden(),
            "view.attributes": not window.attributes_dock.isHidden(),
            "view.drawer": window.drawer.is_open,
            "view.timeline": not window.timeline.isHidden(),
            "view.full_screen": window.isFullScreen(),
            f"view.{language()}": True,
            f"view.{theme().name}": True,
        }
        for name, state in states.items():
            window.actions_.qt[name].setChecked(state)

    def _open_menus(self) -> None:
        """Open the first menu, as F10 does in other programs; arrows and underlined letters go on."""
        bar = self._window.header.bar
        bar.setActiveAction(bar.actions()[0])

    def _full_screen(self) -> None:
        window = self._window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def _reset(self) -> None:
        self._window.reset_layout()
        self._mark()

    def _speak(self, chosen: Language) -> None:
        finish_typing(self._window)
        self._window.session.speak(chosen)
        self._mark()

    def _dress(self, name: str) -> None:
        finish_typing(self._window)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, THEMES[name])
            self._window.settings = replace(self._window.settings, theme=name)
            self._window.session.language_changed.emit()
