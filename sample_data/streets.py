"""City streets, the estate's loop, its lanes and footways as one connected network.

Every piece runs from junction to junction and ends exactly where the next
begins. Pieces that end in nothing are the estate's dead ends.
"""

from __future__ import annotations

from itertools import pairwise

from sample_data.draft import Draft
from sample_data.grid import XY, bend, line

SPINE = 214.0
EAST_RING = 402.0
SOUTH_RING, MIDDLE, NORTH_ROAD = 27.0, 146.0, 290.5
LANES = {"s1": 58.0, "s2": 86.0, "s3": 114.0, "c5": 177.0, "c6": 205.0, "n7": 233.0, "n8": 261.0}
NURSERY_LANE = 304.0
PLAZA_WEST, PLAZA_EAST = 171.0, 259.0
SOUTH_STREET, EAST_STREET = -14.0, 436.0
SLANT = 0.04
"""The western street leans east by this much a metre: the site narrows to the north."""

DEAD_ENDS: dict[str, XY] = {
    "环东路北端": (EAST_RING, 242.0),
    "环北路东端": (354.0, NORTH_ROAD),
    "南二巷东端": (380.0, 86.0),
    "中一巷东端": (164.0, 177.0),
    "北三巷西端": (62.0, 261.0),
    "北三巷东端": (354.0, 261.0),
}


def west_ring(y: float) -> float:
    """Return where the centre line of the western loop road lies at a local y."""
    return 29.0 + SLANT * y


def west_street(y: float) -> float:
    """Return where the centre line of the western street lies at a local y."""
    return SLANT * y - 16.0


def draw_streets(board: Draft) -> None:
    """Draw all roads as they are before the renovation."""
    _city(board)
    _loop(board)
    _middle(board)
    _spine(board)
    _lanes(board)
    _footways(board)


def _road(board: Draft, name: str, kind: str, width_m: float, *points: XY, label: str | None = None) -> None:
    surface = {"street": "asphalt", "main": "asphalt", "lane": "concrete", "footway": "brick"}[kind]
    board.add("road", name, line(*points), name=label, **{"class": kind}, width_m=width_m, surface=surface)


def _chain(board: Draft, label: str, kind: str, width_m: float, nodes: list[XY]) -> None:
    for i, (start, end) in enumerate(pairwise(nodes), 1):
        _road(board, f"{label} {i}", kind, width_m, start, end, label=label)


def _city(board: Draft) -> None:
    def west(y: float) -> XY:
        return (round(west_street(y), 3), y)

    _chain(board, "鹿苑路", "street", 18.0, [west(-32), west(SOUTH_STREET), west(MIDDLE), west(334)])
    _chain(
        board,
        "稷苑街",
        "street",
        16.0,
        [
            (-31.0, SOUTH_STREET),
            west(SOUTH_STREET),
            (SPINE, SOUTH_STREET),
            (EAST_STREET, SOUTH_STREET),
            (455.0, SOUTH_STREET),
        ],
    )
    _chain(board, "兰芷路", "street", 12.0, [(EAST_STREET, y) for y in (-32.0, SOUTH_STREET, MIDDLE, 334.0)])


def _loop(board: Draft) -> None:
    def west(y: float) -> XY:
        return (round(west_ring(y), 3), y)

    corner = west(SOUTH_RING)
    curve = bend((corner[0] + 14, SOUTH_RING), corner, west(41.0))
    _road(board, "环南路 1", "main", 6.0, (SPINE, SOUTH_RING), *curve, label="环南路")
    curve = bend((EAST_RING - 14, SOUTH_RING), (EAST_RING, SOUTH_RING), (EAST_RING, 41.0))
    _road(board, "环南路 2", "main", 6.0, (SPINE, SOUTH_RING), *curve, label="环南路")
    ys = [
        41.0,
        *(LANES[k] for k in ("s1", "s2", "s3")),
        MIDDLE,
        *(LANES[k] for k in ("c5", "c6", "n7")),
        276.0,
    ]
    _chain(board, "环西路", "main", 6.0, [west(y) for y in ys])
    corner = west(NORTH_ROAD)
    curve = bend(west(276.0), corner, (corner[0] + 14, NORTH_ROAD))
    _road(board, "环北路 1", "main", 6.0, *curve, (SPINE, NORTH_ROAD), label="环北路")
    _road(board, "环北路 2", "main", 6.0, (SPINE, NORTH_ROAD), DEAD_ENDS["环北路东端"], label="环北路")
    ys = [41.0, LANES["s1"], LANES["s3"], MIDDLE, LANES["c6"], LANES["n7"], 242.0]
    _chain(board, "环东路", "main", 6.0, [(EAST_RING, y) for y in ys])


def _middle(board: Draft) -> None:
    xs = [west_street(MIDDLE), west_ring(MIDDLE), PLAZA_WEST, SPINE, PLAZA_EAST, NURSERY_LANE, EAST_RING]
    _chain(board, "中心路", "main", 7.0, [(round(x, 3), MIDDLE) for x in xs])


def _spine(board: Draft) -> None:
    ys = [SOUTH_STREET, SOUTH_RING, LANES["s1"], LANES["s2"], LANES["s3"], MIDDLE]
    _chain(board, "金茵路", "main", 7.0, [(SPINE, y) for y in ys])
    ys = [LANES["c6"], LANES["n7"], LANES["n8"], NORTH_ROAD]
    _chain(board, "金茵北巷", "lane", 4.5, [(SPINE, y) for y in ys])


def _lanes(board: Draft) -> None:
    def start(key: str) -> XY:
        return (round(west_ring(LANES[key]), 3), LANES[key])

    def at(x: float, key: str) -> XY:
        return (x, LANES[key])

    _chain(board, "南一巷", "lane", 4.0, [start("s1"), at(SPINE, "s1"), at(EAST_RING, "s1")])
    _chain(
        board, "南二巷", "lane", 4.0, [start("s2"), at(123.0, "s2"), at(SPINE, "s2"), DEAD_ENDS["南二巷东端"]]
    )
    _chain(board, "南三巷", "lane", 4.0, [start("s3"), at(123.0, "s3"), at(SPINE, "s3"), at(EAST_RING, "s3")])
    _chain(board, "中一巷", "lane", 4.0, [start("c5"), DEAD_ENDS["中一巷东端"]])
    xs = (PLAZA_WEST, SPINE, PLAZA_EAST, NURSERY_LANE, EAST_RING)
    _chain(board, "北一巷", "lane", 4.5, [start("c6"), *(at(x, "c6") for x in xs)])
    _chain(board, "北二巷", "lane", 4.0, [start("n7"), at(SPINE, "n7"), at(EAST_RING, "n7")])
    _chain(board, "北三巷", "lane", 4.0, [DEAD_ENDS["北三巷西端"], at(SPINE, "n8"), DEAD_ENDS["北三巷东端"]])
    _chain(board, "育才巷", "lane", 4.0, [(NURSERY_LANE, MIDDLE), (NURSERY_LANE, LANES["c6"])])


def _footways(board: Draft) -> None:
    _road(board, "东侧门步道", "footway", 3.0, (EAST_RING, MIDDLE), (EAST_STREET, MIDDLE))
    _road(board, "广场西步道", "footway", 2.5, (PLAZA_WEST, MIDDLE), (PLAZA_WEST, LANES["c6"]))
    _road(board, "广场东步道", "footway", 2.5, (PLAZA_EAST, MIDDLE), (PLAZA_EAST, LANES["c6"]))
    _road(board, "组团步道", "footway", 2.0, (123.0, LANES["s2"]), (123.0, LANES["s3"]))
    _road(board, "广场北步道", "footway", 3.0, (SPINE, 196.0), (SPINE, LANES["c6"]))
