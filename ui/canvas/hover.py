"""What the pointer rests on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from gis.measure import XY
from gis.revisions.comparison import ChangeGroup
from layers.changes import Key

LOOK_MS: Final = 25
TIP_MS: Final = 450


class Hover(QObject):
    """Looks under the pointer once it slows down; tells the name once it rests.

    Signals
    -------
    changed()
        `target` or `tip` is another.

    Attributes
    ----------
    target : Key, ChangeGroup or None
        The feature or the numbered change under the pointer.
    tip : bool
        Whether the pointer has rested long enough to be told its name.
    place : (x, y)
        Where the pointer is, metres.
    """

    changed = pyqtSignal()

    def __init__(self, look: Callable[[XY], Key | ChangeGroup | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.target: Key | ChangeGroup | None = None
        self.tip = False
        self.place: XY = (0.0, 0.0)
        self._look = look
        self._soon = _single_shot(self, LOOK_MS)
        self._soon.timeout.connect(self._on_soon)
        self._rest = _single_shot(self, TIP_MS)
        self._rest.timeout.connect(self._on_rest)

    @property
    def key(self) -> Key | None:
        """The feature under the pointer, if it is one."""
        return self.target if isinstance(self.target, tuple) else None

    @property
    def group(self) -> ChangeGroup | None:
        """The numbered change under the pointer, if it is one."""
        return self.target if isinstance(self.target, ChangeGroup) else None

    def move(self, world: XY) -> None:
        """Note where the pointer is."""
        self.place = world
        if not self._soon.isActive():
            self._soon.start()
        self._rest.start()
        if self.tip:
            self.tip = False
            self.changed.emit()

    def stop(self) -> None:
        """Forget the feature: the pointer left, or something else goes on."""
        self._soon.stop()
        self._rest.stop()
        if self.target is not None or self.tip:
            self.target, self.tip = None, False
            self.changed.emit()

    def _on_soon(self) -> None:
        target = self._look(self.place)
        if target is not self.target and target != self.target:
            self.target = target
            self.changed.emit()

    def _on_rest(self) -> None:
        if self.target is not None:
            self.tip = True
            self.changed.emit()


def _single_shot(parent: QObject, milliseconds: int) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.setSingleShot(True)
    return timer
