"""The acts of turning the map, of bookmarks and of the overview, and the menu they are in."""

from __future__ import annotations

from typing import Final

from layers.text import Text
from ui.acts.act import Action, Menu

SIGHT_ACTS: Final = (
    Action(
        "view.turn_left",
        Text("视图逆时针转 15°", "Turn the view left by 15°"),
        "arrow-counter-clockwise",
        ("Ctrl+[",),
        "project",
        Text("Alt+滚轮也可旋转", "Alt and the wheel turn it too"),
    ),
    Action(
        "view.turn_right",
        Text("视图顺时针转 15°", "Turn the view right by 15°"),
        "arrow-clockwise",
        ("Ctrl+]",),
        "project",
    ),
    Action(
        "view.turn_selection",
        Text("转正所选对象", "Turn the selected object level"),
        "align-bottom",
        ("Ctrl+Alt+R",),
        "selection",
        Text("让它最长的边水平", "Its longest side lies level"),
    ),
    Action(
        "view.north_up",
        Text("北向上", "North up"),
        "compass",
        ("Ctrl+Alt+N",),
        "project",
        Text("单击指北针也可以", "A click on the north arrow does it too"),
    ),
    Action(
        "view.overview", Text("鹰眼图", "Overview map"), "map-trifold", ("Ctrl+5",), "project", checkable=True
    ),
    Action(
        "view.bookmark",
        Text("把此视图存为书签…", "Bookmark this view…"),
        "bookmark-simple",
        ("Ctrl+B",),
        "editable",
    ),
    Action("view.bookmarks", Text("书签…", "Bookmarks…"), "bookmarks", ("Ctrl+Alt+B",), "project"),
)

SIGHT_MENU: Final = Menu(
    Text("旋转视图", "Turn the view"),
    ("view.turn_left", "view.turn_right", "view.turn_selection", "-", "view.north_up"),
)
SIGHT_ITEMS: Final = (SIGHT_MENU, "view.overview", "view.bookmark", "view.bookmarks")
