"""Which pixels of the map are taken by words."""

from __future__ import annotations

from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_CELL_PX = 64


class Room:
    """Free and taken boxes of a viewport, in a grid so that looking up is quick."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self._size = (width_px, height_px)
        self._cells: dict[tuple[int, int], list[Box]] = {}
        self._said: dict[str, list[tuple[float, float, float]]] = {}

    def is_free(self, boxes: tuple[Box, ...]) -> bool:
        """Tell whether boxes lie inside the viewport and over nothing taken."""
        width, height = self._size
        for box in boxes:
            if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
                return False
            for cell in _cells(box):
                if any(_overlap(box, other) for other in self._cells.get(cell, ())):
                    return False
        return True

    def take(self, boxes: tuple[Box, ...], text: str = "", alone_px: float = 0.0) -> None:
        """Mark boxes as taken; the same `text` is not wanted again within `alone_px`."""
        for box in boxes:
            for cell in _cells(box):
                self._cells.setdefault(cell, []).append(box)
        if text:
            x, y = (boxes[0][0] + boxes[-1][2]) / 2, (boxes[0][1] + boxes[-1][3]) / 2
            self._said.setdefault(text, []).append((x, y, alone_px))

    def repeats(self, text: str, x: float, y: float) -> bool:
        """Tell whether the same text already stands near a place."""
        return any((x - sx) ** 2 + (y - sy) ** 2 < alone**2 for sx, sy, alone in self._said.get(text, ()))


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _cells(box: Box) -> list[tuple[int, int]]:
    left, top, right, bottom = (int(value // _CELL_PX) for value in box)
    return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]
