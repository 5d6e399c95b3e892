"""What the acts of turning, bookmarks and the overview do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtWidgets import QInputDialog, QMenu

from gis.edit.bookmarks import Bookmark, bookmarks_of, drop_bookmark, keep_bookmark, rename_bookmark
from gis.i18n import tr
from gis.render.viewport import Viewport
from layers.text import Text
from ui.canvas.overview import OverviewMap

if TYPE_CHECKING:
    from ui.workplace import Workplace

STEP_DEG: Final = 15.0
_MOST_DIGITS: Final = 9


class SightActions(QObject):
    """Turns the map, goes to bookmarks, shows the overview."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self.overview: OverviewMap | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {
            "view.turn_left": partial(self._turn_by, -STEP_DEG),
            "view.turn_right": partial(self._turn_by, STEP_DEG),
            "view.turn_selection": self.turn_selection,
            "view.north_up": lambda: self._window.canvas.navigator.turn_to(0.0),
            "view.overview": self._toggle_overview,
            "view.bookmark": self.ask_and_keep,
            "view.bookmarks": self.offer,
        }

    def turn_selection(self) -> None:
        """Turn the map so that the longest side of what is selected lies level."""
        session = self._window.session
        features = [session.snapshot.feature(key) for key in session.selection] if session.snapshot else []
        shapes = [f.geometry for f in features if f is not None and f.geometry is not None]
        angle = longest_side_deg(shapes)
        if angle is not None:
            self._window.canvas.navigator.turn_to(angle)

    def keep(self, name: str) -> None:
        """Keep the view on screen under a name."""
        view = self._window.canvas.viewport
        mark = Bookmark(name, view.centre_x, view.centre_y, view.scale_denominator, view.turn_deg)
        self._window.session.run(
            Text("书签“{n}”", "Bookmark “{n}”").format(n=name.strip()), lambda s: keep_bookmark(s, mark)
        )

    def ask_and_keep(self) -> None:
        """Ask for a name and keep the view on screen."""
        name, ok = QInputDialog.getText(
            self._window, tr("书签", "Bookmark"), tr("给这个视图起个名称", "A name for this view")
        )
        if ok:
            self.keep(name)

    def go(self, mark: Bookmark) -> None:
        """Show a bookmark."""
        now = self._window.canvas.viewport
        view = Viewport(
            mark.x, mark.y, 1.0, now.width_px, now.height_px, now.px_per_mm, mark.turn_deg
        ).at_scale(mark.scale)
        self._window.canvas.navigator.show_view(view)

    def offer(self) -> None:
        """Show the list of bookmarks over the map."""
        canvas = self._window.canvas
        self.menu().popup(canvas.mapToGlobal(QPoint(16, 16)))

    def menu(self) -> QMenu:
        """Return the menu of the bookmarks there are."""
        menu = QMenu(self._window)
        snapshot, session = self._window.session.snapshot, self._window.session
        marks = bookmarks_of(snapshot) if snapshot is not None else ()
        for number, mark in enumerate(marks, 1):
            digit = (
                f"&{number}  " if number <= _MOST_DIGITS else ""
            )  # with the list open, the digit goes there
            act = menu.addAction(digit + f"{mark.name}\t1:{mark.scale:,.0f}".replace("&", "&&"))
            assert act is not None
            act.triggered.connect(lambda _=False, m=mark: self.go(m))
        if not marks:
            none = menu.addAction(tr("还没有书签", "No bookmarks yet"))
            assert none is not None
            none.setEnabled(False)
        menu.addSeparator()
        new = menu.addAction(tr("把此视图存为书签…\tCtrl+B", "Bookmark this view…\tCtrl+B"))
        assert new is not None
        new.setEnabled(session.editable)
        new.triggered.connect(lambda: self.ask_and_keep())
        if marks:
            self._add_changes(menu, [mark.name for mark in marks])
        return menu

    def _add_changes(self, menu: QMenu, names: list[str]) -> None:
        for words, do in (
            (Text("改存为此视图", "Set to this view"), self.keep),
            (Text("重命名书签", "Rename bookmark"), self._ask_and_rename),
            (Text("删除书签", "Delete bookmark"), self._drop),
        ):
            inner = menu.addMenu(tr(words))
            assert inner is not None
            inner.setEnabled(self._window.session.editable)
            for name in names:
                act = inner.addAction(name.replace("&", "&&"))
                assert act is not None
                act.triggered.connect(lambda _=False, d=do, n=name: d(n))

    def rename(self, name: str, new: str) -> None:
        """Give a bookmark another name."""
        self._window.session.run(
            Text("重命名书签“{n}”", "Rename bookmark “{n}”").format(n=name),
            lambda s: rename_bookmark(s, name, new),
        )

    def _ask_and_rename(self, name: str) -> None:
        new, ok = QInputDialog.getText(
            self._window, tr("重命名书签", "Rename bookmark"), tr("名称", "Name"), text=name
        )
        if ok:
            self.rename(name, new)

    def _drop(self, name: str) -> None:
        self._window.session.run(
            Text("删除书签“{n}”", "Delete bookmark “{n}”").format(n=name), lambda s: drop_bookmark(s, name)
        )

    def _turn_by(self, by_deg: float) -> None:
        navigator = self._window.canvas.navigator
        navigator.turn_to(round((navigator.viewport.turn_deg + by_deg) / STEP_DEG) * STEP_DEG)

    def _toggle_overview(self) -> None:
        shown = self._window.actions_.qt["view.overview"].isChecked()
        if self.overview is None and shown:
            self.overview = OverviewMap(self._window.canvas)
        if self.overview is not None:
            self.overview.setVisible(shown)


def longest_side_deg(shapes: list[shapely.Geometry]) -> float | None:
    """Return by how much a map must be turned for the longest side of some shapes to lie level.

    Between -90 and 90; None where there is no side. The straight sides of the
    smallest box around each shape stand for it, so a jagged outline does not mislead.

    Examples
    --------
    >>> longest_side_deg([shapely.LineString([(0, 0), (10, 10)])])
    45.0
    """
    best, length = None, 0.0
    for shape in shapes:
        around = shapely.minimum_rotated_rectangle(shape)
        sides = np.diff(shapely.get_coordinates(around), axis=0)
        sizes = np.hypot(sides[:, 0], sides[:, 1]) if len(sides) else np.zeros(0)
        if len(sizes) and sizes.max() > length:
            length, best = float(sizes.max()), sides[int(np.argmax(sizes))]
    if best is None:
        return None
    angle = float(np.degrees(np.arctan2(best[1], best[0])))
    return round((angle + 90.0) % 180.0 - 90.0, 6)
