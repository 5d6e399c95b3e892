"""How a person leaves the window: switches, folds, the drawer; taken up again at the next start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ui.recent import WindowMemory

if TYPE_CHECKING:
    from ui.workplace import Workplace


def take_up(window: Workplace, memory: WindowMemory) -> None:
    """Set what is switched, folded and open as it was last time."""
    if memory.drawer_page in window.drawer.lasting_pages:
        window.drawer.open_page(memory.drawer_page)
    window.drawer.set_open(memory.drawer_open)
    window.status.set_style(memory.coordinate_style)
    window.canvas.snapping = memory.snapping
    window.actions_.qt["edit.shared_borders"].setChecked(memory.shared_borders)
    window.session.shared_borders = memory.shared_borders
    window.layers.tree.set_folds(memory.folded_groups, memory.open_legends)


def habits_of(window: Workplace) -> WindowMemory:
    """Return the memory of a window with its switches and folds as they are now."""
    groups, legends = window.layers.tree.folds
    return replace(
        window.memory,
        drawer_open=window.drawer.is_open,
        drawer_page=window.drawer.current,
        coordinate_style=window.status.coordinate_style,
        snapping=window.canvas.snapping,
        shared_borders=window.session.shared_borders,
        folded_groups=groups,
        open_legends=legends,
    )
