"""Which views were looked at, to go back and forward."""

from __future__ import annotations

from typing import Final

from gis.render.viewport import Viewport

LONGEST: Final = 100


class ViewHistory:
    """A line of views with a place in it; visiting a new one drops those ahead."""

    def __init__(self) -> None:
        self._views: list[Viewport] = []
        self._place = -1

    def visit(self, view: Viewport) -> None:
        """Note a view, unless it is the one at the present place."""
        if self._views and _same_place(self._views[self._place], view):
            return
        self._views = [*self._views[: self._place + 1], view][-LONGEST:]
        self._place = len(self._views) - 1

    def back(self) -> Viewport | None:
        """Return the view before, or None at the beginning."""
        return self._step(-1)

    def forward(self) -> Viewport | None:
        """Return the view after, or None at the end."""
        return self._step(1)

    def _step(self, by: int) -> Viewport | None:
        if not 0 <= self._place + by < len(self._views):
            return None
        self._place += by
        return self._views[self._place]


def _same_place(a: Viewport, b: Viewport) -> bool:
    first, second = ((v.centre_x, v.centre_y, v.metres_per_px, v.turn_deg) for v in (a, b))
    return first == second
