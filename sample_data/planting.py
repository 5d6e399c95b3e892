"""Greens between the slabs, and trees along streets, lanes and in courts."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely import Geometry, Point, Polygon

from sample_data.barriers import coal_yard, site
from sample_data.commons import central_block
from sample_data.draft import Draft
from sample_data.grid import XY, chance, pick, rect, steps
from sample_data.housing import Slab, slabs
from sample_data.kindergarten import yard
from sample_data.streets import (
    EAST_RING, EAST_STREET, LANES, MIDDLE, NORTH_ROAD, SLANT, SOUTH_RING, SOUTH_STREET, SPINE, west_ring, west_street,
)

APRON_M = 1.1
"""Paved strip round buildings."""


def draw_planting(board: Draft) -> None:
    """Draw greens on what the hard ground leaves, then trees."""
    _greens(board)
    _pavements(board)
    _trees(board)


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
    """Yield the paved ways to the doors, and those between neighbouring slabs."""
    for slab in slabs():
        for x, y in slab.doors:
            yield rect(x - 1.3, y - 1.0, x + 1.3, slab.y + 17.0)
    for left, right in zip(slabs(), slabs()[1:], strict=False):
        if left.row == right.row and right.x - left.x - left.length_m < 25:
            x = (left.x + left.length_m + right.x) / 2
            yield rect(x - 1.1, left.y - 7.2, x + 1.1, left.y + 17.0)


def _greens(board: Draft) -> None:
    hard = hard_ground(board)
    court = site().buffer(-0.8, join_style="mitre")
    open_ground = court.difference(shapely.union_all([yard().buffer(0.5), central_block(), coal_yard()]))
    for name, ground in (("宅间绿地", open_ground), ("中心花园", central_block()), ("幼儿园绿地", yard().buffer(-0.8))):
        for i, piece in enumerate(_soft(ground.difference(hard)), 1):
            board.add("green", f"{name} {i}", piece, name=None if name == "宅间绿地" else name, cover="lawn")
    _hedges(board)


def _soft(ground: Geometry) -> list[Polygon]:
    """Return the pieces with rounded corners, those of no use left out, ordered from the north-west."""
    soft = ground.buffer(-0.9, quad_segs=3).buffer(0.9, quad_segs=3).simplify(0.02)
    pieces = [p for p in shapely.get_parts(soft) if p.area > 14.0]
    return sorted(pieces, key=lambda p: (-round(p.centroid.y / 14), p.centroid.x))


def _hedges(board: Draft) -> None:
    """Draw shrub beds in the group greens."""
    for i, (west, south, east, north) in enumerate(
        ((92.0, 93.5, 104.0, 97.0), (92.0, 106.0, 104.0, 109.5), (142.0, 93.5, 154.0, 97.0), (142.0, 106.0, 154.0, 109.5)), 1
    ):
        board.add("green", f"南区组团花境 {i}", rect(west, south, east, north).buffer(-1.0).buffer(1.0), name=None, cover="shrub")


def _pavements(board: Draft) -> None:
    """Draw the pavements of the city streets."""
    west = [(SLANT * y - 7.0, y) for y in (-2.0, 141.5)], [(SLANT * y - 7.0, y) for y in (150.5, 322.0)]
    for i, ((x0, y0), (x1, y1)) in enumerate(west, 1):
        shape = Polygon([(x0, y0), (x0 + 6.6, y0), (x1 + 6.6, y1), (x1, y1)])
        board.add("green", f"鹿苑路人行道 {i}", shape, cover="plaza")
    for i, (x0, x1) in enumerate(((-0.5, 209.5), (218.5, 424.5)), 1):
        board.add("green", f"稷苑街人行道 {i}", rect(x0, -6.0, x1, -0.4), cover="plaza")
    for i, (y0, y1) in enumerate(((-0.4, 144.0), (148.0, 322.0)), 1):
        board.add("green", f"兰芷路人行道 {i}", rect(424.5, y0, 430.0, y1), cover="plaza")


def _trees(board: Draft) -> None:
    planted: list[tuple[XY, float]] = []
    solid = shapely.union_all([
        *(s for _, s in board.named("building")), *(s for _, s in board.named("parking")),
        *(s.buffer(float(board.feature("road", n).attributes["width_m"]) / 2 + 0.4, cap_style="flat")  # type: ignore[arg-type]
          for n, s in board.named("road")),
    ])
    walls = shapely.union_all([s for _, s in board.named("building")])
    shapely.prepare([solid, walls])
    for x, y, species, crown in [*_street_trees(), *_avenue_trees(), *_lane_trees(), *_court_trees(), *_edge_trees()]:
        crown = round(crown * (0.9 + 0.2 * chance("crown", round(x, 1), round(y, 1))), 1)
        here = Point(x, y)
        if solid.distance(here) < 0.4 or walls.distance(here) < crown / 2 - 0.4:
            continue
        if any((x - a) ** 2 + (y - b) ** 2 < (0.42 * (crown + c)) ** 2 for (a, b), c in planted):
            continue
        planted.append(((x, y), crown))
        board.add("tree", f"{len(planted)}", Point(round(x, 2), round(y, 2)), species=species, crown_m=crown)


Tree = tuple[float, float, str, float]


def _street_trees() -> Iterator[Tree]:
    for y in steps(2, 316, 9.0):
        yield SLANT * y - 5.6, y, "法桐", 6.4
    for x in steps(4, 420, 9.0):
        yield x, -4.6, "国槐", 5.8
    for y in steps(6, 316, 9.0):
        yield 428.4, y, "白蜡", 5.2


def _avenue_trees() -> Iterator[Tree]:
    for y in steps(33, 138, 7.5):
        yield SPINE - 5.6, y, "银杏", 4.2
        yield SPINE + 5.6, y, "银杏", 4.2
    for y in steps(210, 284, 7.5):
        yield SPINE - 5.2, y, "银杏", 4.0
        yield SPINE + 5.2, y, "银杏", 4.0
    for x in steps(16, 392, 8.0):
        yield x, MIDDLE - 5.6, "国槐", 5.0


def _lane_trees() -> Iterator[Tree]:
    """Yield trees at both ends of the bays, and small ones between the stairwell doors."""
    for slab in slabs():
        for left, right in zip(slab.doors, slab.doors[1:], strict=False):
            yield (left[0] + right[0]) / 2, slab.y + 13.6, pick(("紫叶李", "海棠", "石榴"), "door", slab.number, left[0]), 3.0
        yield slab.x + 1.6, slab.y + 13.9, "女贞", 3.0
        yield slab.x + slab.length_m - 1.6, slab.y + 13.9, "女贞", 3.0


def _court_trees() -> Iterator[Tree]:
    """Yield a row south of every slab, and a pair beside each path between slabs."""
    for slab in slabs():
        species = pick(("白蜡", "国槐", "柿树", "樱花"), "row", slab.row)
        for i in range(slab.stairs * 2 + 1):
            yield slab.x + 0.3 + i * 7.2, slab.y - 4.1, species, 4.2
    for slab in slabs():
        yield from _gable_trees(slab)
    yield from _garden_trees()


def _gable_trees(slab: Slab) -> Iterator[Tree]:
    for y in (slab.y + 2.0, slab.y + 8.6):
        yield slab.x + slab.length_m + 3.2, y, "雪松", 3.8
        yield slab.x - 3.2, y, "雪松", 3.8


def _garden_trees() -> Iterator[Tree]:
    for x, y in ((176, 178), (191, 178.5), (176.5, 189), (192, 193), (200, 199.5), (228, 199.5), (236, 193.5), (238, 176),
                 (244, 175), (253, 175), (240.5, 181), (254.5, 181.5), (254.5, 190.5), (240.5, 190.5), (247, 196.5), (254, 198),
                 (187.5, 201), (178, 200.5)):
        yield float(x), float(y), pick(("樱花", "雪松", "垂柳", "银杏"), "garden", x, y), 4.6
    for x in (90, 98, 106, 140, 148, 156):
        for y in (91.5, 101.5, 111):
            yield float(x), y, pick(("国槐", "合欢", "樱花"), "group", x, y), 4.8
    for x, y in ((271, 246), (273, 255), (281, 257.5), (290, 257.5), (298, 246), (297, 255), (278, 242), (292, 242)):
        yield float(x), float(y), pick(("国槐", "合欢"), "north", x, y), 4.8
    for x, y in ((264, 172), (272, 174), (281, 172), (290, 175), (298, 170), (266, 180), (276, 182.5), (286, 182), (296, 184),
                 (277, 162), (286, 158), (295, 162), (283, 166), (296, 154), (279, 153.5), (264, 199), (274, 199.5), (296, 198)):
        yield float(x), float(y), pick(("法桐", "国槐", "白蜡"), "east", x, y), 5.4
    for x, y in ((312, 157), (319, 157), (326, 157), (391, 157), (391, 165.5), (331, 159.5), (376.5, 166), (313, 182), (316, 164)):
        yield float(x), float(y), "樱花", 4.0


def _edge_trees() -> Iterator[Tree]:
    for y in steps(46, 312, 7.5):
        yield 421.0, y, "毛白杨", 4.6
        yield EAST_RING + 5.2, y, "白蜡", 4.4
    for y in steps(46, 270, 8.0):
        yield west_ring(y) - 5.0, y, "白蜡", 4.4
        yield SLANT * y + 15.5, y, "国槐", 4.6
    for x in steps(20, 416, 7.5):
        yield x, 315.6, "毛白杨", 4.8
        yield x, NORTH_ROAD + 5.2, "垂柳", 4.6
    for x in steps(30, 396, 7.5):
        yield x, SOUTH_RING + 5.6, "国槐", 4.6
        yield x, 16.2, "女贞", 3.4
    for x in (402, 412, 420, 364.5, 364.5, 396, 396, 412):
        yield float(x), 300.0, "臭椿", 5.0
