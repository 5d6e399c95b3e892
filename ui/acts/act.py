"""What an act of the window and a menu are, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from layers.text import Text, same

Need = Literal[
    "",
    "project",
    "editable",
    "writable",
    "selection",
    "edit-selection",
    "undo",
    "redo",
    "revision",
    "comparison",
    "branches",
    "adoptable",
    "adopt-selection",
]
"""When an act can be chosen."""


@dataclass(frozen=True)
class Action:
    """One act.

    Parameters
    ----------
    id : str
        Stable identifier, ``group.verb``; those of map tools are ``tool.<tool id>``.
    title : Text
        What menus and search show; ``…`` where a form follows.
    icon : str
        Name in the icon family, or empty.
    keys : tuple of str
        Shortcuts, the first one is shown.
    need : Need
    hint : Text
        One line more, for the tool tip.
    checkable : bool
    takes_view : bool
        Whether it makes something of what is on screen: not while that is still being checked.
    """

    id: str
    title: Text
    icon: str = ""
    keys: tuple[str, ...] = ()
    need: Need = ""
    hint: Text = same("")
    checkable: bool = False
    takes_view: bool = False

    @property
    def tool(self) -> str:
        """The id of the map tool it takes up, or empty."""
        return self.id.removeprefix("tool.") if self.id.startswith("tool.") else ""


@dataclass(frozen=True)
class Menu:
    """A menu: ids, ``-`` for a line, nested menus; ``*recent`` is filled when shown."""

    title: Text
    items: tuple[str | Menu, ...]


MenuItem: TypeAlias = str | Menu
