"""Trees along streets, lanes and edges, in courts and gardens."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely import Point

from sample_data.draft import Draft
from sample_data.grid import XY, chance, pick, steps
from sample_data.housing import Slab, slabs
from sample_data.streets import EAST_RING, MIDDLE, NORTH_ROAD, SLANT, SOUTH_RING, SPINE, west_ring

Tree = tuple[float, float, str, float]
"""Local x and y, species, crown in metres."""

REGULAR = {"法桐", "国槐", "银杏", "毛白杨"}
"""Avenue trees: planted in line; the others stand a little off it."""
MISSING = 0.14
"""Part of the courtyard trees that died and were not replaced."""


def draw_trees(board: Draft) -> None:
    """Plant trees where there is room: not on carriageways, bays or houses, not crown in crown."""
    solid = shapely.union_all(
        [
            *(s for _, s in board.named("building")),
            *(s for _, s in board.named("parking")),
            *(
                s
                for n, s in board.named("green")
                if board.feature("green", n).attributes["cover"] in ("sports", "water")
            ),
            *(
                s.buffer(float(board.feature("road", n).attributes["width_m"]) / 2 + 0.4, cap_style="flat")  # type: ignore[arg-type]
                for n, s in board.named("road")
            ),
        ]
    )
    walls = shapely.union_all([s for _, s in board.named("building")])
    shapely.prepare([solid, walls])
    planted: list[tuple[float, float, float]] = []
    for x, y, species, size in _wished():
        x, y, crown = _grown(x, y, species, size)
        here = Point(x, y)
        if solid.distance(here) < 0.4 or walls.distance(here) < crown / 2 - 0.2:
            continue
        if any((x - a) ** 2 + (y - b) ** 2 < (0.46 * (crown + c)) ** 2 for a, b, c in planted):
            continue
        planted.append((x, y, crown))
        board.add("tree", f"{len(planted)}", here, species=species, crown_m=crown)


def _wished() -> Iterator[Tree]:
    yield from _street_trees()
    yield from _avenue_trees()
    yield from _garden_trees()
    yield from _edge_trees()
    for tree in (*_court_trees(), *_door_trees()):
        if chance("missing", *tree[:2]) > MISSING:
            yield tree


def _grown(x: float, y: float, species: str, size: float) -> tuple[float, float, float]:
    """Return place and crown with the small irregularities of living trees."""
    crown = round(size * (0.88 + 0.24 * chance("crown", round(x, 1), round(y, 1))), 1)
    if species not in REGULAR:
        x += 0.7 * (chance("east", round(x, 1), round(y, 1)) - 0.5)
        y += 0.7 * (chance("north", round(x, 1), round(y, 1)) - 0.5)
    return round(x, 2), round(y, 2), crown


def _street_trees() -> Iterator[Tree]:
    for y in steps(2, 328, 10.5):
        yield SLANT * y - 5.4, y, "法桐", 6.6
    for x in steps(4, 420, 10.5):
        yield x, -4.4, "国槐", 6.0
    for y in steps(6, 328, 10.5):
        yield 428.2, y, "白蜡", 5.4


def _avenue_trees() -> Iterator[Tree]:
    for y in (*steps(33, 138, 8.0), *steps(210, 284, 8.0)):
        yield SPINE - 5.6, y, "银杏", 4.2
        yield SPINE + 5.6, y, "银杏", 4.2
    for x in steps(48, 394, 9.6):
        yield x, MIDDLE - 5.5, "国槐", 4.8


def _door_trees() -> Iterator[Tree]:
    """Yield small ones between the stairwell doors."""
    for slab in slabs():
        species = pick(("紫叶李", "海棠", "石榴"), "door", slab.row)
        for left, right in zip(slab.doors, slab.doors[1:], strict=False):
            yield (left[0] + right[0]) / 2, slab.y + 13.4, species, 3.0


def _court_trees() -> Iterator[Tree]:
    """Yield a row south of every slab, and one at each gable."""
    for slab in slabs():
        species = pick(("白蜡", "国槐", "柿树", "樱花"), "row", slab.row)
        for x in steps(slab.x + 1.0, slab.x + slab.length_m - 1.0, 9.4):
            yield x, slab.y - 4.1, species, 4.3
        yield from _gable_trees(slab)


def _gable_trees(slab: Slab) -> Iterator[Tree]:
    yield slab.x + slab.length_m + 3.3, slab.y + 3.0, "雪松", 3.8
    yield slab.x - 3.3, slab.y + 8.0, "雪松", 3.8


# fmt: off
PLAZA_PLACES: tuple[XY, ...] = (
    (176, 178), (188.5, 180), (175.5, 189), (192, 197), (200, 200), (228, 200), (236, 196), (239.5, 177),
    (245, 174.5), (254, 174), (240.5, 184), (255, 181.5), (255, 191.5), (240.5, 191), (247, 197.5),
    (254.5, 199.5), (180.5, 201),
)
EAST_PLACES: tuple[XY, ...] = (
    (264, 173), (272, 175), (266, 182), (275.5, 184), (264, 199.5), (274, 199), (296, 199), (287, 199.5),
    (266, 192), (292.5, 158), (292.5, 170), (293, 178.5), (296, 190), (282, 161), (281.5, 173),
)
NORTH_PLACES: tuple[XY, ...] = (
    (272, 246), (273, 255), (281, 258), (290, 258), (298, 246), (297, 255), (279, 241.5), (292, 241.5),
)
YARD_PLACES: tuple[XY, ...] = (
    (313, 157), (320, 157), (327.5, 157), (391, 157), (391, 167), (376.5, 167.5), (313, 183), (314, 163),
)
STRIP_PLACES: tuple[XY, ...] = (
    (54, 299.5), (54, 314), (88, 301.5), (90, 311), (216, 301), (250, 301), (216, 310),
    (250, 310), (100, 306), (111, 303), (156, 303), (164, 310), (262, 306), (276, 309), (290, 304),
    (336, 304), (348, 309), (26, 296),
    (17, 16), (24, 9), (18.5, 23), (31, 19), (413, 22), (412, 52), (29, 262), (22, 276), (24, 224),
)
COAL_YARD_PLACES: tuple[XY, ...] = (
    (371, 315.5), (398, 315), (417, 304), (416, 276), (413, 262), (397, 252), (372, 252),
)
# fmt: on


def _garden_trees() -> Iterator[Tree]:
    for places, species, crown in (
        (PLAZA_PLACES, ("樱花", "雪松", "垂柳", "合欢"), 4.8),
        (EAST_PLACES, ("白蜡", "合欢", "柿树"), 5.2),
        (NORTH_PLACES, ("白蜡", "合欢"), 4.6),
        (YARD_PLACES, ("樱花",), 4.0),
        (STRIP_PLACES, ("白蜡", "合欢", "柿树", "垂柳"), 5.0),
        (COAL_YARD_PLACES, ("臭椿",), 5.2),
    ):
        for x, y in places:
            yield x, y, pick(species, "garden", x, y), crown
    for x in (89, 97, 107, 139, 149, 157):
        for y in (91.5, 101.5, 111):
            yield float(x), y, pick(("白蜡", "合欢", "樱花"), "group", x, y), 4.6


def _edge_trees() -> Iterator[Tree]:
    for y in steps(50, 240, 9.5):
        yield 421.2, y, "毛白杨", 4.4
    for y in steps(48, 236, 9.5):
        yield EAST_RING + 5.4, y, "白蜡", 4.4
    for y in steps(46, 270, 9.5):
        yield west_ring(y) - 5.2, y, "白蜡", 4.6
    for x in steps(20, 352, 9.5):
        yield x, 315.2, "毛白杨", 4.8
        if x > 52:
            yield x, NORTH_ROAD + 5.6, "垂柳", 4.8
    for x in steps(40, 392, 9.6):
        yield x, SOUTH_RING + 5.7, "国槐", 4.6
    for x in steps(34, 396, 12.0):
        yield x, 16.3, "女贞", 3.2
