"""What happened on the map, in ground coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt

from gis.measure import XY, constrained
from gis.snap import Snap

_NO_BUTTON = Qt.MouseButton.NoButton
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class MapEvent:
    """A press, move or release.

    Parameters
    ----------
    world : (x, y)
        The pointer in metres.
    snapped : (x, y)
        Where it snaps to; `world` rounded to the millimetre if it does not.
    snap : Snap or None
    pixel : (x, y)
        The pointer in the widget, logical pixels.
    button : Qt.MouseButton
        The one that caused the event.
    buttons : Qt.MouseButton
        Those held down.
    modifiers : Qt.KeyboardModifier
    held : bool
        Whether `snapped` follows from typed values; Shift turns it no further.
    """

    world: XY
    snapped: XY
    snap: Snap | None
    pixel: XY
    button: Qt.MouseButton = _NO_BUTTON
    buttons: Qt.MouseButton = _NO_BUTTON
    modifiers: Qt.KeyboardModifier = _NO_MODIFIER
    held: bool = False

    @property
    def shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def ctrl(self) -> bool:
        """Whether Ctrl is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    def aim(self, origin: XY | None) -> XY:
        """Return the place meant: the snapped one, on a multiple of 45° from `origin` while Shift is held."""
        if origin is None or self.held or not self.shift:
            return self.snapped
        x, y = constrained(origin, self.snapped)
        return round(x, 3), round(y, 3)
