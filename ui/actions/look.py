"""What the acts of the layer menu do: the editor of looks, styles in the clipboard, themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PyQt6.QtCore import QObject, QPoint

from layers.changes import ChangeSet
from layers.layer import Layer
from layers.snapshot import Snapshot
from ui.panels.look_editor import Look, LookEditor

if TYPE_CHECKING:
    from ui.workplace import Workplace

_GAP_PX = 12
_TITLE_PX = 40
_Trial: TypeAlias = Callable[[Layer], Layer]


class LookActions(QObject):
    """Holds the editor of looks, of which there is one at most."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self.editor: LookEditor | None = None
        self._tried: dict[str, tuple[str, _Trial]] = {}
        self._behind = False
        window.layers.opacity_tried.connect(self._try_opacity)
        window.canvas.pictures.landed.connect(self._catch_up)
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
        before = self.editor
        if before is not None:
            before.accept()
            if before.isVisible():  # it holds something that cannot be taken, and says so
                before.raise_()
                return
            snapshot = self._window.session.snapshot
        if snapshot is None or layer_id not in snapshot.layers:
            return
        editor = LookEditor(self._window, snapshot.layers[layer_id], self._window.tasks, page)
        editor.tried.connect(self._try)
        editor.applied.connect(self._apply)
        editor.finished.connect(lambda _: self._forget(editor))
        self.editor = editor
        screen = self._window.screen()
        if screen is not None:  # a small screen, or one with large letters: the buttons stay within reach
            height = screen.availableGeometry().height() - _TITLE_PX
            editor.resize(editor.width(), min(editor.height(), height))
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
            x, min(max(corner.y(), room.top()), max(room.top(), room.bottom() - editor.height() - _TITLE_PX))
        )

    def _forget(self, editor: LookEditor) -> None:
        if self.editor is editor:
            self.editor = None
        self._show_trial("look", editor.layer.id, None)

    def _try(self, layer_id: str, look: Look | None) -> None:
        self._show_trial("look", layer_id, None if look is None else look.on)

    def _try_opacity(self, layer_id: str, opacity: float | None) -> None:
        def faded(layer: Layer) -> Layer:
            assert opacity is not None
            return replace(layer, opacity=opacity)

        self._show_trial("opacity", layer_id, None if opacity is None else faded)

    def _show_trial(self, aspect: str, layer_id: str, trial: _Trial | None) -> None:
        """Draw a layer changed in one aspect until told otherwise; the other aspect stays as it is tried."""
        if trial is None and aspect not in self._tried:
            return
        self._tried.pop(aspect, None)
        if trial is not None:
            self._tried[aspect] = layer_id, trial
        canvas = self._window.canvas
        canvas.pictures.try_out(partial(_as_tried, tuple(self._tried.values())) if self._tried else None)
        # A picture under way is let land: while a slider is dragged there would never be one.
        self._behind = canvas.pictures.busy
        if not self._behind:
            canvas.pictures.order(canvas.viewport, canvas.devicePixelRatioF())

    def _catch_up(self) -> None:
        canvas = self._window.canvas
        if self._behind and not canvas.pictures.busy:
            self._behind = False
            canvas.pictures.order(canvas.viewport, canvas.devicePixelRatioF())

    def _apply(self, layer_id: str, look: Look) -> None:
        session = self._window.session
        if session.snapshot is None:
            return

        def edit(now: Snapshot) -> ChangeSet:
            return look.edit(now, layer_id)

        layer = session.snapshot.layers[layer_id]
        session.run(look.told(Look.of(layer)).format(n=layer.title), edit)


def _as_tried(trials: Sequence[tuple[str, _Trial]], snapshot: Snapshot) -> Snapshot:
    layers = dict(snapshot.layers)
    for layer_id, trial in trials:
        if layer_id in layers:
            layers[layer_id] = trial(layers[layer_id])
    return replace(snapshot, layers=layers)
