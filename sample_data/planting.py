"""Greens between the slabs and in courts, and the pavements of the streets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import shapely
from shapely import Geometry, Point, Polygon

from sample_data.barriers import TOP, coal_yard, site
from sample_data.commons import central_block
from sample_data.draft import Draft
from sample_data.grid import rect
from sample_data.housing import slabs
from sample_data.kindergarten import yard
from sample_data.streets import (
    EAST_RING,
    MIDDLE,
    NORTH_ROAD,
    NURSERY_LANE,
    PLAZA_EAST,
    SLANT,
    SOUTH_RING,
    west_ring,
)

APRON_M = 1.1
"""Paved strip round buildings."""


def draw_planting(board: Draft) -> None:
    """Draw greens on what the hard ground leaves, and the pavements outside."""
    _greens(board)
    _pavements(board)


def hard_ground(board: Draft) -> Geometry:
    """Return everything that no lawn may cover."""
    roads = [
        s.buffer(float(board.feature("road", n).attributes["width_m"]) / 2 + 0.3, cap_style="flat")  # type: ignore[arg-type]
        for n, s in board.named("road")
    ]
    joints = [Point(c).buffer(2.6) for _, s in board.named("road") for c in s.coords]
    bays = [s.buffer(0.3, join_style="mitre") for _, s in board.named("parking")]
    houses = [s.buffer(APRON_M, join_style="mitre") for _, s in board.named("building")]
    squares = [s for _, s in board.named("green")]
    return shapely.union_all([*roads, *joints, *bays, *houses, *squares, *_paths()])


def _paths() -> Iterator[Polygon]:
    """Yield the paved ways to the doors, round the gables, and between neighbouring slabs."""
    for slab in slabs():
        for x, y in slab.doors:
            yield rect(x - 1.3, y - 1.0, x + 1.3, slab.y + 17.0)
    for slab in slabs():
        for west, east in ((slab.x - 14.0, slab.x), (slab.x + slab.length_m, slab.x + slab.length_m + 14.0)):
            yield rect(west, slab.y + 5.2, east, slab.y + 6.4)
    for left, right in pairwise(slabs()):
        if left.row == right.row:
            west, east = left.x + left.length_m, right.x
            for x in ((west + east) / 2,) if east - west < 25 else (west + 4.0, east - 4.0):
                yield rect(x - 1.1, left.y - 7.2, x + 1.1, left.y + 17.0)
    yield from _breaks()


def _breaks() -> Iterator[Polygon]:
    """Yield the short paths that divide the long greens along the edges of the site."""
    yield rect(PLAZA_EAST, 185.6, NURSERY_LANE, 187.4)
    yield rect(274.4, MIDDLE, 275.6, 186.0)
    for x in (49.0, 114.0, 150.0, 212.0, 254.0, 297.0, 331.0):
        yield rect(x - 0.7, NORTH_ROAD, x + 0.7, TOP)
    for y in (56.0, 96.0, 164.0, 198.0, 222.0, 256.0):
        yield rect(SLANT * y, y - 0.7, west_ring(y), y + 0.7)
    for y in (50.0, 88.0, 118.0, 181.0, 200.0, 229.0):
        yield rect(EAST_RING, y - 0.7, 424.0, y + 0.7)
    for x in (52.0, 145.0, 190.0, 289.0, 349.0):
        yield rect(x - 0.7, 0.0, x + 0.7, SOUTH_RING)
    yield rect(351.0, 233.0, 352.4, 290.0)


def _greens(board: Draft) -> None:
    hard = hard_ground(board)
    court = site().buffer(-0.8, join_style="mitre")
    open_ground = court.difference(shapely.union_all([yard().buffer(0.5), central_block(), coal_yard()]))
    for name, ground in (
        ("宅间绿地", open_ground),
        ("中心花园", central_block()),
        ("幼儿园绿地", yard().buffer(-0.8)),
    ):
        for i, piece in enumerate(_soft(ground.difference(hard)), 1):
            board.add("green", f"{name} {i}", piece, cover="lawn")
    _hedges(board)


def _soft(ground: Geometry) -> list[Polygon]:
    """Return the pieces with rounded corners, those of no use left out, ordered from the north-west."""
    soft = ground.buffer(-0.9, quad_segs=3).buffer(0.9, quad_segs=3).simplify(0.02)
    pieces = [p for p in shapely.get_parts(soft) if p.area > 14.0]
    return sorted(pieces, key=lambda p: (-round(p.centroid.y / 14), p.centroid.x))


def _hedges(board: Draft) -> None:
    """Draw shrub beds in the group greens."""
    for i, (west, south, east, north) in enumerate(
        (
            (92.0, 93.5, 104.0, 97.0),
            (92.0, 106.0, 104.0, 109.5),
            (142.0, 93.5, 154.0, 97.0),
            (142.0, 106.0, 154.0, 109.5),
        ),
        1,
    ):
        board.add(
            "green",
            f"南区组团花境 {i}",
            rect(west, south, east, north).buffer(-1.0).buffer(1.0),
            cover="shrub",
        )


def _pavements(board: Draft) -> None:
    """Draw the pavements of the city streets."""
    west = [(SLANT * y - 7.0, y) for y in (-2.0, 141.5)], [(SLANT * y - 7.0, y) for y in (150.5, 332.0)]
    for i, ((x0, y0), (x1, y1)) in enumerate(west, 1):
        shape = Polygon([(x0, y0), (x0 + 6.6, y0), (x1 + 6.6, y1), (x1, y1)])
        board.add("green", f"鹿苑路人行道 {i}", shape, cover="plaza")
    for i, (x0, x1) in enumerate(((-0.5, 209.5), (218.5, 424.5)), 1):
        board.add("green", f"稷苑街人行道 {i}", rect(x0, -6.0, x1, -0.4), cover="plaza")
    for i, (y0, y1) in enumerate(((-0.4, 144.0), (148.0, 332.0)), 1):
        board.add("green", f"兰芷路人行道 {i}", rect(424.5, y0, 430.0, y1), cover="plaza")
