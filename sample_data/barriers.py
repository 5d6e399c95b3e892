"""The site boundary, its walls and gates, and the old yard wall that cuts the loop road."""

from __future__ import annotations

from shapely import Polygon

from sample_data.draft import Draft
from sample_data.grid import XY, line
from sample_data.streets import MIDDLE, SLANT, SPINE

SOUTH_EAST: XY = (424.0, 0.0)
TOP = 318.0
YARD_WEST, YARD_SOUTH = 360.0, 246.0
"""Two sides of the former coal yard in the north-east corner."""


def site() -> Polygon:
    """Return the site boundary."""
    return Polygon([(10, 0), (416, 0), (424, 8), (424, TOP), (SLANT * TOP, TOP), (SLANT * 10, 10)])


def coal_yard() -> Polygon:
    """Return the ground of the former coal yard."""
    return Polygon([(YARD_WEST, YARD_SOUTH), (424, YARD_SOUTH), (424, TOP), (YARD_WEST, TOP)])


def draw_barriers(board: Draft) -> None:
    """Draw boundary, walls and gates."""
    board.add("boundary", "site", site(), name="金茵小区用地红线", note="示例数据:虚构")
    for i, points in enumerate(_walls(), 1):
        board.add("barrier", f"围墙 {i}", line(*points), type="wall", height_m=2.4)
    for name, points in _gate_lines().items():
        board.add("barrier", name, line(*points), type="gate", height_m=2.0)
    for name, points in _yard_walls().items():
        board.add("barrier", name, line(*points), type="wall", height_m=2.2, note="原煤场围墙")


def _west(y: float, inset: float = 0.4) -> XY:
    return (round(SLANT * y + inset, 3), y)


def _walls() -> list[list[XY]]:
    south = 0.4
    return [
        [(206.0, south), (200.0, south), (200.0, 2.0)],
        [(222.0, south), (228.0, south), (228.0, 2.0)],
        [(82.0, south + 1.6), (88.0, south + 1.6)],
        [(142.0, 2.0), (148.0, 2.0)],
        [(286.0, 2.0), (292.0, 2.0)],
        [(346.0, 2.0), (352.0, 2.0)],
        [(404.0, 2.0), (404.0, south), (415.8, south), (423.6, 8.2), (423.6, 144.0)],
        [(423.6, 148.0), (423.6, TOP - 0.4), (YARD_WEST, TOP - 0.4)],
        [(YARD_WEST, TOP - 0.4), _west(TOP - 0.4), _west(212.0), (round(SLANT * 212 + 2, 3), 212.0)],
        [(round(SLANT * 160 + 2, 3), 160.0), _west(160.0), _west(151.0)],
        [_west(141.0), _west(132.0), (round(SLANT * 132 + 2, 3), 132.0)],
        [(round(SLANT * 86 + 2, 3), 86.0), (round(SLANT * 80 + 2, 3), 80.0)],
        [
            (round(SLANT * 28 + 2, 3), 28.0),
            _west(28.0),
            _west(10.2),
            (10.2, south),
            (22.0, south),
            (22.0, 2.0),
        ],
    ]


def _gate_lines() -> dict[str, list[XY]]:
    return {
        "南大门": [(SPINE - 8.0, 0.4), (SPINE + 8.0, 0.4)],
        "西大门": [_west(MIDDLE - 5.0), _west(MIDDLE + 5.0)],
        "东侧门": [(423.6, MIDDLE - 2.0), (423.6, MIDDLE + 2.0)],
    }


def _yard_walls() -> dict[str, list[XY]]:
    return {
        "煤场围墙 南1": [(YARD_WEST, YARD_SOUTH), (396.0, YARD_SOUTH)],
        "煤场围墙 南2": [(396.0, YARD_SOUTH), (408.0, YARD_SOUTH)],
        "煤场围墙 南3": [(408.0, YARD_SOUTH), (423.6, YARD_SOUTH)],
        "煤场围墙 西1": [(YARD_WEST, YARD_SOUTH), (YARD_WEST, 284.0)],
        "煤场围墙 西2": [(YARD_WEST, 284.0), (YARD_WEST, 297.0)],
        "煤场围墙 西3": [(YARD_WEST, 297.0), (YARD_WEST, TOP - 0.4)],
    }
