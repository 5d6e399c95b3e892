"""What the acts of the edit menu do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent

from gis.edit.transform import copy_features, shift
from layers.changes import ChangeSet, Key
from layers.snapshot import Snapshot
from layers.text import Text
from ui.actions.shape import ShapeActions
from ui.tools.copying import tell_copies

if TYPE_CHECKING:
    from ui.workplace import Workplace

_OFFSET_M = 3.0
SHARED: Final = Text("公共边界一起移动：已开启。再按 J 关闭。", "Shared borders move together. J ends it.")
ALONE: Final = Text("公共边界一起移动：已关闭。", "Each object moves alone again.")


class EditActions(QObject):
    """Undo, delete, duplicate, select.

    Signals
    -------
    table_pasted()
        What is to be pasted are cells of a spreadsheet.
    """

    table_pasted = pyqtSignal()

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self._shapes = ShapeActions(window)
        self._shapes.table_pasted.connect(self.table_pasted)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        session = self._window.session
        return {
            "edit.undo": self.undo,
            "edit.redo": session.redo,
            "edit.delete": self.delete,
            "edit.duplicate": self.duplicate,
            "edit.select_layer": self.select_layer,
            "edit.deselect": lambda: session.select(()),
            "edit.shared_borders": self.share_borders,
            "edit.draw_existing": self.draw_existing,
            "edit.find": lambda: self._window.header.search.begin(),
            **self._shapes.handlers(),
        }

    def undo(self) -> None:
        """Take back the last place of what is half drawn; otherwise the last step of the plan."""
        if not self._window.canvas.tool.take_back():
            self._window.session.undo()

    def delete(self) -> None:
        """Give the tool in hand the key first: it may mean a vertex."""
        canvas = self._window.canvas
        pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
        if not canvas.tool.key(pressed):
            canvas.delete_selection()

    def share_borders(self) -> None:
        """Let vertices that features share move together from now on, or each alone."""
        window = self._window
        on = window.actions_.qt["edit.shared_borders"].isChecked()
        window.session.shared_borders = on
        window.session.tell(SHARED if on else ALONE)
        window.canvas.tool.refresh()

    def draw_existing(self) -> None:
        """Take what is drawn from now on as there already, or as planned; until the window closes."""
        window = self._window
        window.session.draws_existing = window.actions_.qt["edit.draw_existing"].isChecked()
        window.session.tell(
            Text("从现在起，新画的对象为“现状保留”。", "What is drawn from now on is “Existing”.")
            if window.session.draws_existing
            else Text("从现在起，新画的对象为“新建”。", "What is drawn from now on is “New”.")
        )

    def duplicate(self) -> None:
        """Add copies a little to the south-east, and select them."""
        session = self._window.session
        keys, existing = sorted(session.selection), session.draws_existing
        made: list[Key] = []

        def edit(snapshot: Snapshot) -> ChangeSet:
            changes = copy_features(snapshot, keys, [shift(_OFFSET_M, -_OFFSET_M)], existing=existing)
            made.extend(changes.features)
            return changes

        def done() -> None:
            session.select(made)
            tell_copies(session, keys)

        label = Text("复制 {n} 个对象", "Duplicate {n} objects").format(n=len(keys))
        session.run(label, edit, done)

    def select_layer(self) -> None:
        """Select everything in the layer that is drawn on."""
        session, name = self._window.session, self._window.layers.active_layer
        snapshot = session.snapshot
        if snapshot is not None and name in snapshot.layers:
            self._window.canvas.choosing.select_layer(snapshot.layers[name])
