"""How two states are shown together, and playing through the revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ui.canvas.map_pair import PairMode

if TYPE_CHECKING:
    from ui.actions.revisions import RevisionActions
    from ui.workplace import Workplace


class CompareActions(QObject):
    """Side by side, swiping, and what the player is asked for."""

    def __init__(self, window: Workplace, revisions: RevisionActions) -> None:
        super().__init__(window)
        self._window, self._revisions = window, revisions
        self._before_merge: PairMode = "one"

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "compare.split": lambda: self.toggle("split"),
            "compare.swipe": lambda: self.toggle("swipe"),
            "play.toggle": self._window.player.toggle,
            "play.back": lambda: self._window.player.step(-1),
            "play.forward": lambda: self._window.player.step(1),
            "play.faster": self._window.player.faster,
        }

    def toggle(self, mode: PairMode) -> None:
        """Show two states so, or one map again; without a comparison, begin one with the revision before."""
        maps = self._window.maps
        if maps.mode == mode and maps.paired:
            maps.set_mode("one")
        else:
            maps.set_mode(mode)
            if not maps.paired:
                self._revisions.compare_last()
        self.show_mode(maps.mode)

    def begin_merge(self) -> None:
        """Show both sides of a conflict: side by side, unless two states are seen together already."""
        self._before_merge = self._window.maps.mode
        if self._before_merge == "one":
            self._window.maps.set_mode("split")

    def end_merge(self) -> None:
        """Show states as before the merge."""
        self._window.maps.set_mode(self._before_merge)

    def show_mode(self, mode: str) -> None:
        """Mark in menus and in the bar over the map how two states are shown."""
        self._window.view_bar.show_mode(mode)
        for name in ("split", "swipe"):
            self._window.actions_.qt[f"compare.{name}"].setChecked(mode == name)
