"""What the acts of the layer menu do: the editor of looks, styles in the clipboard, themes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint

from layers.changes import ChangeSet
from layers.snapshot import Snapshot
from layers.text import Text
from ui.panels.look_editor import Look, LookEditor

if TYPE_CHECKING:
    from ui.workplace import Workplace

_GAP_PX = 12


class LookActions(QObject):
    """Holds the editor of looks, of which there is one at most."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self.editor: LookEditor | None = None
        for signal in (window.session.project_opened, window.session.viewed):
            signal.connect(self.leave)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        layers = self._window.layers
        return {
            "layer.show_all": layers.show_all,
            "layer.solo": layers.solo,
            "layer.up": partial(layers.shift, True),
            "layer.down": partial(layers.shift, False),
            "layer.rename": layers.rename,
            "layer.group": layers.make_group,
            "layer.zoom": layers.zoom,
            "layer.style": layers.edit_look,
            "layer.labels": partial(layers.edit_look, "label"),
            "layer.filter": partial(layers.edit_look, "shown"),
            "layer.copy_style": layers.copy_style,
            "layer.paste_style": layers.paste_style,
            "layer.reset_style": layers.reset_style,
            "theme.next": layers.themes.switch_next,
            "theme.keep": layers.themes.ask_and_keep,
        }

    def open(self, layer_id: str, page: str) -> None:
        """Edit the look of a layer; what was being edited of another one is kept as a step."""
        snapshot = self._window.session.snapshot
        if self.editor is not None and self.editor.layer.id == layer_id:
            self.editor.open_page(page)
            self.editor.raise_()
            return
        if self.editor is not None:
            self.editor.accept()
            snapshot = self._window.session.snapshot
        if snapshot is None or layer_id not in snapshot.layers:
            return
        editor = LookEditor(self._window, snapshot.layers[layer_id], self._window.tasks, page)
        editor.tried.connect(self._try)
        editor.applied.connect(self._apply)
        editor.finished.connect(lambda _: self._forget(editor))
        self.editor = editor
        editor.move(self._place(editor))
        editor.show()
        editor.activateWindow()  # it has the keyboard: some desktops leave it with the map

    def leave(self) -> None:
        """Close the editor without keeping anything: another state is on screen."""
        if self.editor is not None:
            self.editor.reject()

    def _place(self, editor: LookEditor) -> QPoint:
        """Return a place at the right of the window, so that the layers and most of the map stay seen."""
        canvas, window = self._window.canvas, self._window
        across = window.mapToGlobal(QPoint(window.width() - editor.width() - _GAP_PX, 0))
        corner = QPoint(across.x(), canvas.mapToGlobal(QPoint(0, 0)).y())
        screen = self._window.screen()
        if screen is None:
            return corner
        room = screen.availableGeometry()
        x = min(max(corner.x(), room.left()), room.right() - editor.width())
        return QPoint(
            x, min(max(corner.y(), room.top()), max(room.top(), room.bottom() - editor.height() - 32))
        )

    def _forget(self, editor: LookEditor) -> None:
        if self.editor is editor:
            self.editor = None
        self._show_trial(None)

    def _try(self, layer_id: str, look: Look | None) -> None:
        if look is None:
            self._show_trial(None)
            return

        def tried(snapshot: Snapshot) -> Snapshot:
            layer = snapshot.layers.get(layer_id)
            if layer is None:
                return snapshot
            return replace(snapshot, layers={**snapshot.layers, layer_id: look.on(layer)})

        self._show_trial(tried)

    def _show_trial(self, trial: Callable[[Snapshot], Snapshot] | None) -> None:
        canvas = self._window.canvas
        canvas.pictures.try_out(trial)
        canvas.pictures.order(canvas.viewport, canvas.devicePixelRatioF())

    def _apply(self, layer_id: str, look: Look) -> None:
        session = self._window.session
        if session.snapshot is None:
            return

        def edit(now: Snapshot) -> ChangeSet:
            return look.edit(now, layer_id)

        title = session.snapshot.layers[layer_id].title
        session.run(Text("图层 {n} 的样式", "Style of layer {n}").format(n=title), edit)
