"""Parking bays of true size beside lanes, and bicycle sheds."""

from __future__ import annotations

from sample_data.draft import Draft
from sample_data.grid import quad, rect
from sample_data.housing import Slab, slabs
from sample_data.streets import EAST_RING, LANES, MIDDLE, NORTH_ROAD, SLANT, SOUTH_RING, SPINE

PARALLEL = (6.0, 2.5)
SQUARE = (2.5, 5.3)
"""Length along the road and depth, metres, of bays beside and across it."""

LANE_NORTH_OF = {"s1": "s1", "s2": "s2", "s3": "s3", "c5": "c5", "c6": "c6", "n7": "n7", "n8": "n8"}
WITHOUT_BAYS = {"n8w", "n8e", "s2e"}
"""Rows whose lane has no bays yet: too few bays is one of the estate's troubles."""


def draw_parking(board: Draft) -> None:
    """Draw the bays and sheds there are before the renovation."""
    for slab in slabs():
        key = slab.row[:2]
        if key in LANE_NORTH_OF and slab.row not in WITHOUT_BAYS:
            lane_bays(board, slab, LANES[key] + (2.25 if key == "c6" else 2.0))
    _behind_shops(board)
    _middle(board)
    _north_road(board)
    _sheds(board)


def lane_bays(board: Draft, slab: Slab, kerb_y: float, **attributes: str) -> None:
    """Draw a run of bays across the lane from a slab, centred on it."""
    count = {2: 4, 3: 6, 4: 8}[slab.stairs]
    start = round(slab.x + slab.length_m / 2 - count * PARALLEL[0] / 2, 1)
    run(board, f"{slab.number}号楼北", start, kerb_y, count, PARALLEL, **attributes)


def run(
    board: Draft, name: str, x: float, y: float, count: int, size: tuple[float, float], /, **attributes: str
) -> None:
    """Draw `count` bays side by side eastwards from (x, y)."""
    for i in range(count):
        west = x + i * size[0]
        board.add(
            "parking", f"{name} {i + 1}", rect(west, y, west + size[0], y + size[1]), bays=1, **attributes
        )


def column(
    board: Draft, name: str, x: float, y: float, count: int, size: tuple[float, float], /, **attributes: str
) -> None:
    """Draw `count` bays one above the other northwards from (x, y); `size` is depth and length."""
    for i in range(count):
        south = y + i * size[1]
        board.add(
            "parking", f"{name} {i + 1}", rect(x, south, x + size[0], south + size[1]), bays=1, **attributes
        )


def _behind_shops(board: Draft) -> None:
    y = SOUTH_RING - 3.0 - SQUARE[1]
    for name, x, count in (
        ("商铺后 1", 60.0, 8),
        ("商铺后 2", 90.0, 8),
        ("商铺后 3", 160.0, 8),
        ("商铺后 4", 246.0, 8),
        ("商铺后 5", 276.0, 8),
        ("商铺后 6", 346.0, 8),
    ):
        run(board, name, x, y, count, SQUARE)


def _middle(board: Draft) -> None:
    for name, x, count in (("中心路北 1", 52.0, 12), ("中心路北 2", 88.0, 12), ("中心路北 3", 124.0, 12)):
        run(board, name, x, MIDDLE + 3.5, count, SQUARE)


def _north_road(board: Draft) -> None:
    for name, x, count in (("环北路北 1", 92.0, 10), ("环北路北 2", 236.0, 10), ("环北路北 3", 268.0, 10)):
        run(board, name, x, NORTH_ROAD + 3.0, count, SQUARE)
    for name, y, count in (("环东路东 1", 62.0, 8), ("环东路东 2", 90.0, 8)):
        column(board, name, EAST_RING + 3.0, y, count, (SQUARE[1], SQUARE[0]))


def _sheds(board: Draft) -> None:
    for i, (y, length) in enumerate(((62.0, 20.0), (100.0, 24.0), (168.0, 24.0), (226.0, 24.0)), 1):
        board.add(
            "parking",
            f"西车棚 {i}",
            quad((SLANT * y + 19.0, y), (SLANT, 1.0), length, -5.0),
            use="bicycle",
            bays=int(length * 5 / 1.8),
            note="非机动车棚",
        )
    for name, west, south, east, north in (
        ("东车棚 1", 413.5, 62.0, 418.5, 84.0),
        ("东车棚 2", 413.5, 92.0, 418.5, 112.0),
        ("东车棚 3", 413.5, 156.0, 418.5, 178.0),
        ("东车棚 4", 413.5, 203.0, 418.5, 225.0),
        ("北车棚 1", 122.0, 307.0, 146.0, 312.0),
        ("北车棚 2", 176.0, 307.0, 200.0, 312.0),
        ("北车棚 3", 300.0, 307.0, 324.0, 312.0),
        ("中心车棚", 268.0, 189.0, 290.0, 194.0),
        ("南车棚", SPINE - 98.0, 18.6, SPINE - 74.0, 23.6),
    ):
        board.add(
            "parking",
            name,
            rect(west, south, east, north),
            use="bicycle",
            bays=int((east - west) * (north - south) / 1.8),
            note="非机动车棚",
        )
