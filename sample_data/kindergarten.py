"""The kindergarten: a U of class rooms round a playground, its yard, fence and gate on a narrow lane."""

from __future__ import annotations

from shapely import Polygon

from sample_data.draft import Draft
from sample_data.grid import XY, disc, line, rect, smooth

WEST, SOUTH, EAST, NORTH = 309.0, 153.0, 395.0, 200.0
"""The yard."""
GATE: XY = (WEST, 172.0)
# fmt: off
OUTLINE: tuple[XY, ...] = (
    (322, 162), (334, 162), (334, 184), (341, 184), (341, 182.6), (347, 182.6), (347, 184), (353, 184),
    (353, 182.6), (359, 182.6), (359, 184), (365, 184), (365, 182.6), (371, 182.6), (371, 184), (378, 184),
    (378, 170), (389, 170), (389, 196.5), (322, 196.5), (322, 182), (320, 182), (320, 176), (322, 176),
)
# fmt: on


def yard() -> Polygon:
    """Return the ground inside the fence."""
    return rect(WEST, SOUTH, EAST, NORTH)


def draw_kindergarten(board: Draft) -> None:
    """Draw buildings, playground, fence and gate."""
    board.add(
        "building",
        "kindergarten",
        Polygon(OUTLINE),
        name="幼儿园",
        use="kindergarten",
        floors=2,
        year=1999,
        structure="frame",
        units=1,
    )
    board.add(
        "green",
        "幼儿园活动场",
        smooth([(337, 157), (374, 157), (375, 180), (337, 181)], 3),
        name="幼儿活动场地",
        cover="sports",
    )
    board.add("green", "幼儿园沙池", disc(383.5, 161.5, 4.2), name="沙池", cover="plaza")
    board.add("green", "幼儿园种植园", rect(312, 187, 319.5, 197), name="种植园", cover="garden")
    board.add(
        "green",
        "幼儿园门前铺装",
        Polygon([(309.4, 167), (321.8, 167), (321.8, 181.5), (319.6, 181.5), (319.6, 177), (309.4, 177)]),
        name="入园广场",
        cover="plaza",
    )
    _fence(board)
    board.add(
        "facility", "幼儿园大门", line(GATE, GATE).centroid, name="幼儿园大门", type="kindergarten-gate"
    )


def _fence(board: Draft) -> None:
    south_gap, north_gap = (WEST, GATE[1] - 3.0), (WEST, GATE[1] + 3.0)
    fence = line(north_gap, (WEST, NORTH), (EAST, NORTH), (EAST, SOUTH), (WEST, SOUTH), south_gap)
    board.add("barrier", "幼儿园围栏", fence, type="fence", height_m=2.0)
    board.add("barrier", "幼儿园门", line(south_gap, north_gap), type="gate", height_m=2.0)
