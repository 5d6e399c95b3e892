"""Single entities far from everything else of a drawing: one at the origin would spoil the extent."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis.exchange.dxf.drawing import named_record
from gis.exchange.dxf.sorting import SET_ASIDE, Sorting
from layers.errors import Finding
from layers.text import Text

_STRAY_M: Final = 50_000.0
_STRAY: Final = Text(
    "距其余图形 {km:,.0f} 公里，疑为误点，未导入",
    "it lies {km:,.0f} km from everything else; left out as a stray",
)
_STRAYS: Final = Text(
    "{n} 个图元距其余图形 {km:,.0f} 公里以上，疑为误点或坐标原点附近的草图，未导入",
    "{n} entities lie {km:,.0f} km or more from everything else; left out as strays or drafts at the origin",
)
_MOST_STRAYS: Final = 20


def set_strays_aside(sorting: Sorting) -> list[Finding]:
    """Set aside what lies over 50 km from the middle of everything else; return what is said of it."""
    parents = sorting.drawing.sparse("parent")
    open_rows = sorting.open_rows()
    taken_apart = {int(parents[row]) - 1 for row in open_rows if parents[row]}
    # Where a block stands says nothing if its parts are there: whole plans are one block put at the origin.
    rows = np.array([row for row in open_rows if row not in taken_apart], dtype=int)
    if len(rows) < 3:
        return []
    boxes = sorting.boxes[rows]
    middle = np.median((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)
    gap = _gap_m(boxes, middle)
    far = gap > _STRAY_M
    if not far.any() or 2 * far.sum() >= len(rows):
        return []
    for row in rows[far]:
        sorting.fate[row] = SET_ASIDE
    return _about_strays(sorting, rows[far], gap[far])


def _about_strays(sorting: Sorting, rows: NDArray[np.intp], gap: NDArray[np.float64]) -> list[Finding]:
    """Return a finding for each of a few strays; of many, one that leads to the first."""
    handles, file = sorting.drawing.columns["handle"], sorting.drawing.path.name
    if len(rows) > _MOST_STRAYS:
        words = _STRAYS.format(n=len(rows), km=float(gap.min()) / 1000)
        return [Finding("dxf.stray", words, "error", file, named_record(int(rows[0]) + 1, handles))]
    return [
        Finding(
            "dxf.stray",
            _STRAY.format(km=float(away_m) / 1000),
            "error",
            file,
            named_record(int(row) + 1, handles),
        )
        for row, away_m in zip(rows, gap, strict=True)
    ]


def _gap_m(boxes: NDArray[np.float64], middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the nearest corner of each box is from a place, at least."""
    low, high = boxes[:, :2] - middle, boxes[:, 2:] - middle
    gap: NDArray[np.float64] = np.hypot(*np.maximum(np.abs(low), np.abs(high)).T)
    return gap
