"""Notes and dimensions of the drawing."""

from __future__ import annotations

from shapely import Point

from sample_data.draft import Draft
from sample_data.drainage import ground
from sample_data.grid import XY, line
from sample_data.streets import LANES, MIDDLE, NORTH_ROAD, NURSERY_LANE, SPINE


def draw_notes(board: Draft) -> None:
    """Draw group names, dimensions and levels."""
    for text, x, y in (("南 区", 123.0, 118.5), ("北 区", 123.0, 266.5)):
        board.add("note", text, Point(x, y), text=text)
    for name, start, end in _dimensions():
        length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
        board.add("note", name, line(start, end), text=f"{length:.1f}", type="dimension")
    for i, (x, y) in enumerate(
        (
            (SPINE, 8.0),
            (SPINE, 86.0),
            (SPINE, MIDDLE),
            (SPINE, LANES["n7"]),
            (SPINE, NORTH_ROAD),
            (128.0, NORTH_ROAD),
            (48.0, 250.0),
        ),
        1,
    ):
        board.add("note", f"标高 {i}", Point(x, y), text=f"{ground(x, y):.2f}", type="level")


def _dimensions() -> tuple[tuple[str, XY, XY], ...]:
    return (
        ("楼间距 1", (184.0, 108.9), (184.0, 123.7)),
        ("楼间距 2", (292.0, 52.9), (292.0, 67.7)),
        ("育才巷宽", (NURSERY_LANE - 2.0, 162.0), (NURSERY_LANE + 2.0, 162.0)),
    )
