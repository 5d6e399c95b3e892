"""What everybody shares: plaza and gardens, shops, site office, services, gates."""

from __future__ import annotations

import numpy as np
from shapely import Point, Polygon, affinity

from sample_data.draft import Draft
from sample_data.grid import XY, disc, quad, rect, smooth
from sample_data.streets import MIDDLE, SLANT, SPINE, west_ring

PLAZA_CENTRE: XY = (SPINE, 172.0)
PLAZA_RADIUS_M = 24.0


def central_block() -> Polygon:
    """Return the ground between the two plaza footways: plaza and garden."""
    return rect(172.25, 149.5, 257.75, 202.75)


def plaza() -> Polygon:
    """Return the paved plaza: a forecourt closed to the north by a half circle."""
    x, y = PLAZA_CENTRE
    angles = np.radians(np.linspace(0, 180, 37))
    arc = np.round(
        np.column_stack([x + PLAZA_RADIUS_M * np.cos(angles), y + PLAZA_RADIUS_M * np.sin(angles)]), 3
    )
    return Polygon([(x - PLAZA_RADIUS_M, 149.5), (x + PLAZA_RADIUS_M, 149.5), *map(tuple, arc.tolist())])


def draw_commons(board: Draft) -> None:
    """Draw everything shared but the kindergarten."""
    _plaza(board)
    _gardens(board)
    _shops(board)
    _services(board)
    _gates(board)


def _plaza(board: Draft) -> None:
    x, y = PLAZA_CENTRE
    bed = disc(x, y, 6.0)
    board.add("green", "中心广场", plaza().difference(disc(x, y, 6.0)), cover="plaza")
    board.add("green", "广场花坛", bed, cover="garden")
    board.add(
        "building",
        "site office",
        Polygon([(176, 154), (186, 154), (186, 172), (183, 172), (183, 174), (176, 174)]),
        name="社区用房",
        use="office",
        floors=2,
        year=1998,
        structure="brick",
        units=1,
    )
    board.add("facility", "指挥部", Point(181, 158), name="改造指挥部", type="site-office")
    board.add("facility", "宣传栏", Point(SPINE, 154.0), name="中心广场宣传栏", type="notice-board")
    board.add("facility", "展示墙", Point(188.5, 176.0), name="外墙保温工艺展示墙", type="display-wall")
    board.add("facility", "中心广场", Point(x, y), name="中心广场", type="plaza")
    for i, (bx, by) in enumerate(((x - 15, 181), (x - 8, 188.5), (x + 8, 188.5), (x + 15, 181)), 1):
        board.add("facility", f"座椅 {i}", Point(bx, by), type="bench")


def _gardens(board: Draft) -> None:
    pond = smooth([(177, 184), (186, 181), (190, 187), (186, 191), (188, 197), (180, 199), (176, 193)], 3)
    board.add("green", "水池", pond, name="水池", cover="water")
    court = smooth([(241, 154), (255, 154), (255, 170), (241, 170)], 3)
    board.add("green", "健身场地", court, name="健身场地", cover="sports")
    board.add("green", "中心花园", disc(247.0, 186.0, 6.5), name="中心花园", cover="garden")
    oval = affinity.scale(disc(123.0, 101.5, 9.0), 1.5, 0.75)
    board.add("green", "南区组团广场", oval, name="组团活动场", cover="plaza")
    board.add("green", "门球场", rect(222.0, 300.5, 244.0, 312.0), name="门球场", cover="sports")
    path = smooth([(62, 302), (80, 302), (84, 307), (80, 312), (62, 312), (58, 307)], 3)
    board.add("green", "晨练场", path, name="晨练场", cover="plaza")
    board.add(
        "green",
        "北区组团广场",
        affinity.scale(disc(285.2, 249.5, 7.0), 1.4, 0.85),
        name="组团活动场",
        cover="plaza",
    )


def _shops(board: Draft) -> None:
    for i, (west, east) in enumerate(
        ((22.0, 82.0), (88.0, 142.0), (148.0, 200.0), (228.0, 286.0), (292.0, 346.0), (352.0, 404.0)), 1
    ):
        board.add(
            "building",
            f"south shops {i}",
            _shop_front(west, east),
            name="沿街商铺",
            use="shop",
            floors=2,
            year=1998,
            structure="brick",
            units=int((east - west) // 6),
        )
    for i, (south, north) in enumerate(((28.0, 80.0), (86.0, 132.0), (160.0, 212.0)), 1):
        strip = quad((SLANT * south + 2.0, south), (SLANT, 1.0), north - south, 10.0)
        board.add(
            "building",
            f"west shops {i}",
            strip,
            name="沿街商铺",
            use="shop",
            floors=2 if i < 3 else 1,
            year=1998,
            structure="brick",
            units=int((north - south) // 6),
        )
    board.add("facility", "便民市场", Point(236.0, 20.5), name="便民市场", type="market")


def _shop_front(west: float, east: float) -> Polygon:
    """Return a row of shops 10 m deep, every second one with a shallow store room behind."""
    back = [(west, 12.0)]
    count = int((east - west) // 6)
    for i in range(count):
        x = west + i * (east - west) / count
        if i % 3 == 1:
            nxt = west + (i + 1) * (east - west) / count
            back += [(x, 12.0), (x, 13.2), (nxt, 13.2), (nxt, 12.0)]
    back.append((east, 12.0))
    points = [(west, 2.0), (east, 2.0), *reversed(back)]
    return Polygon([(round(a, 3), round(b, 3)) for a, b in points])


def _services(board: Draft) -> None:
    for name, label, shape, floors in (
        ("substation", "配电室", rect(413.0, 128.0, 421.0, 138.0), 1),
        ("heat exchange", "换热站", rect(411.0, 184.0, 421.0, 196.0), 1),
        ("waste", "垃圾站", rect(32.0, 304.0, 42.0, 312.0), 1),
        ("pump", "二次供水泵房", rect(412.0, 34.0, 421.0, 44.0), 1),
        (
            "boiler",
            "旧锅炉房",
            Polygon(
                [
                    (366, 266),
                    (388, 266),
                    (388, 282),
                    (380, 282),
                    (380, 285),
                    (372, 285),
                    (372, 282),
                    (366, 282),
                ]
            ),
            2,
        ),
        ("property", "物业用房", rect(262.0, 154.0, 272.0, 168.0), 1),
    ):
        use = "office" if name == "property" else "service"
        board.add(
            "building", name, shape, name=label, use=use, floors=floors, year=1998, structure="brick", units=1
        )
    board.add(
        "building",
        "chimney",
        disc(369.0, 284.5, 1.5, 6),
        use="service",
        floors=1,
        year=1998,
        structure="brick",
        units=0,
        note="旧锅炉房烟囱",
    )
    for i, (x, y) in enumerate(((46.5, 308.0), (222.0, 32.0), (406.5, 153.0), (210.0, 286.0)), 1):
        board.add("facility", f"分类点 {i}", Point(x, y), type="bins")
    board.add("facility", "快递柜", Point(206.0, 32.5), name="快递柜", type="parcel-locker")


def _gates(board: Draft) -> None:
    board.add("facility", "南大门", Point(SPINE, 0.0), name="南大门", type="estate-gate")
    board.add("facility", "西大门", Point(SLANT * MIDDLE, MIDDLE), name="西大门", type="estate-gate")
    board.add("facility", "东侧门", Point(424.0, MIDDLE), name="东侧门(人行)", type="estate-gate")
    board.add(
        "building",
        "guard south",
        rect(219.0, 2.0, 223.0, 6.5),
        use="service",
        floors=1,
        year=1998,
        structure="brick",
        units=1,
        note="门卫",
    )
    board.add(
        "building",
        "guard west",
        rect(west_ring(MIDDLE) - 26.0, 151.0, west_ring(MIDDLE) - 22.0, 155.0),
        use="service",
        floors=1,
        year=1998,
        structure="brick",
        units=1,
    )
