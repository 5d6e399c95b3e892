"""What happened on the map, in ground coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt

from gis.measure import XY, constrained, heading_deg
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
    turn_deg : float
        How far the map is turned clockwise.
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
    turn_deg: float = 0.0
    held: bool = False

    @property
    def shift(self) -> bool:
        """Whether Shift is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)

    @property
    def ctrl(self) -> bool:
        """Whether Ctrl is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    def aim(self, origin: XY | None, before: XY | None = None) -> XY:
        """Return the place meant: the snapped one; while Shift is held, at a multiple of 45° from `origin`.

        Parameters
        ----------
        before : (x, y), optional
            Where the segment that ends in `origin` began: the angle is measured from it. Otherwise the
            directions are those of the screen, which is how a turned map is drawn on.
        """
        if origin is None or self.held or not self.shift:
            return self.snapped
        base = -self.turn_deg if before is None else heading_deg(before, origin)
        x, y = constrained(origin, self.snapped, base)
        return round(x, 3), round(y, 3)
