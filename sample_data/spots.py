"""Problem spots of the sample: fictional complaints of the usual kind, without personal data."""

from __future__ import annotations

from typing import Any

from shapely import Geometry, Point

from sample_data.draft import Draft
from sample_data.grid import line, smooth
from sample_data.streets import DEAD_ENDS, LANES, MIDDLE, NORTH_ROAD, NURSERY_LANE, SPINE

SCHOOL_DAYS = "mon,tue,wed,thu,fri"
SCHOOL_HOURS = "07:30-08:10,16:20-17:00"

Row = tuple[str, Geometry, dict[str, Any]]


def draw_spots(board: Draft) -> None:
    """Draw all spots as they were reported, before any plan."""
    for layer, rows in (("drainage_spot", _drainage()), ("traffic_spot", _traffic())):
        for code, shape, attributes in rows:
            board.add(layer, code, shape, code=code, **attributes)


def answer(board: Draft, code: str, text: str, status: str = "answered") -> None:
    """Give a spot its answer and status."""
    board.edit("drainage_spot" if code.startswith("D") else "traffic_spot", code, status=status, answer=text)


def _spot(
    title: str, category: str, severity: int, status: str, source: str, on: str, text: str, **when: Any
) -> dict[str, Any]:
    return {
        "title": title,
        "category": category,
        "severity": severity,
        "status": status,
        "source": source,
        "reported_on": on,
        "description": text,
        **when,
    }


def _rain(date: str, depth_m: float, duration_h: float) -> dict[str, Any]:
    return {"rain_date": date, "depth_m": depth_m, "duration_h": duration_h}


def _drainage() -> list[Row]:
    y = NORTH_ROAD
    return [
        (
            "D01",
            smooth(
                [
                    (84, y - 5),
                    (120, y - 6.5),
                    (170, y - 5),
                    (206, y - 4),
                    (206, y + 5),
                    (160, y + 8),
                    (110, y + 9),
                    (80, y + 5),
                ],
                3,
            ),
            _spot(
                "环北路西段大雨积水",
                "ponding",
                5,
                "verified",
                "meeting",
                "2019-08-20",
                "每逢大雨环北路西段积水没过路沿，1至4号楼居民出行要绕行，退水很慢。",
                **_rain("2019-08-11", 0.35, 9.0),
            ),
        ),
        (
            "D02",
            smooth(
                [(224, y - 4), (270, y - 4.5), (300, y - 3.5), (302, y + 4), (262, y + 6.5), (226, y + 5)], 3
            ),
            _spot(
                "环北路中段路面积水",
                "ponding",
                4,
                "verified",
                "survey",
                "2020-03-12",
                "踏勘时路面有明显水痕，5、6号楼北侧车位雨后不能停车。",
                **_rain("2019-08-11", 0.22, 5.0),
            ),
        ),
        (
            "D03",
            line((128, y + 0.9), (354, y + 0.9)),
            _spot(
                "北干管管径偏小",
                "undersized",
                4,
                "verified",
                "survey",
                "2020-03-12",
                "上游DN400汇入下游DN300，管径倒置，是北区积水的主要原因。",
                **_rain("2019-08-11", 0.35, 9.0),
            ),
        ),
        (
            "D04",
            Point(105.5, 287.0),
            _spot(
                "2号楼单元门口进水",
                "low-entrance",
                4,
                "reported",
                "door",
                "2019-08-13",
                "单元门口低于路面，大雨时雨水倒灌储藏室。",
                **_rain("2019-08-11", 0.15, 6.0),
            ),
        ),
        (
            "D05",
            smooth([(58, 257.5), (84, 257), (106, 258), (106, 264), (82, 265.5), (58, 264.5)], 3),
            _spot(
                "北三巷西端积水",
                "ponding",
                3,
                "reported",
                "group",
                "2020-06-27",
                "断头处地势低，没有雨水口，积水要等自然蒸发。",
                **_rain("2020-06-25", 0.18, 12.0),
            ),
        ),
        (
            "D06",
            Point(286.0, LANES["n8"]),
            _spot(
                "北三巷东段没有雨水口",
                "missing-inlet",
                3,
                "verified",
                "survey",
                "2020-03-12",
                "整段路只有检查井，没有雨水口，路面水无处可去。",
                **_rain("2020-06-25", 0.10, 4.0),
            ),
        ),
        (
            "D07",
            Point(58.0, 284.5),
            _spot(
                "1号楼化粪池返溢",
                "backflow",
                4,
                "reported",
                "phone",
                "2020-04-02",
                "污水井冒水，夏天气味大，管道年久沉降。",
                **_rain("2020-06-25", 0.05, 3.0),
            ),
        ),
        (
            "D08",
            Point(298.0, LANES["s1"] + 0.6),
            _spot(
                "南一巷雨水井淤堵",
                "blocked",
                2,
                "verified",
                "site-office",
                "2020-03-25",
                "井内淤泥过半，小雨也排不走。",
                **_rain("2019-07-29", 0.06, 2.0),
            ),
        ),
        (
            "D09",
            Point(118.0, 15.0),
            _spot(
                "沿街商铺污水接入雨水管",
                "mixed",
                3,
                "reported",
                "survey",
                "2020-03-13",
                "疑有餐饮污水接入雨水管，需逐户排查。",
                **_rain("2020-05-17", 0.04, 1.0),
            ),
        ),
        (
            "D10",
            smooth([(299.5, 164), (308, 163.5), (309, 176), (306, 181), (299.5, 180)], 3),
            _spot(
                "幼儿园门前积水",
                "ponding",
                3,
                "verified",
                "notice-board",
                "2020-05-20",
                "雨天接送要踩水，孩子容易滑倒。",
                **_rain("2020-05-17", 0.10, 2.5),
            ),
        ),
        (
            "D11",
            Point(20.0, MIDDLE),
            _spot(
                "西大门内侧缺雨水口",
                "missing-inlet",
                2,
                "reported",
                "notice-board",
                "2020-07-06",
                "城市道路雨水倒流进大门。",
                **_rain("2020-07-03", 0.08, 1.5),
            ),
        ),
        (
            "D12",
            line((298.0, LANES["n7"] + 0.6), (372.0, LANES["n7"] + 0.6)),
            _spot(
                "北二巷东段管道淤积",
                "blocked",
                3,
                "verified",
                "survey",
                "2020-03-12",
                "管内树根侵入，过水断面约剩一半。",
                **_rain("2019-08-11", 0.12, 4.0),
            ),
        ),
    ]


def _traffic() -> list[Row]:
    return [*_school_traffic(), *_dead_ends(), *_other_traffic()]


def _school_traffic() -> list[Row]:
    when = {"weekdays": SCHOOL_DAYS, "hours": SCHOOL_HOURS}
    return [
        (
            "T01",
            line((NURSERY_LANE, MIDDLE + 3.5), (NURSERY_LANE, 200.0)),
            _spot(
                "育才巷接送时段堵死",
                "drop-off",
                5,
                "verified",
                "survey",
                "2020-03-12",
                "巷宽4米，接送车辆对向相遇无法会车，早晚各堵约40分钟。",
                **when,
            ),
        ),
        (
            "T02",
            smooth([(284, 141), (326, 141), (328, 146), (326, 151), (284, 151), (281, 146)], 3),
            _spot(
                "中心路口排队影响通行",
                "drop-off",
                4,
                "verified",
                "meeting",
                "2020-03-20",
                "接送车辆在中心路排队，居民上班出不去。",
                **when,
            ),
        ),
    ]


def _dead_ends() -> list[Row]:
    def end(name: str) -> Point:
        return Point(DEAD_ENDS[name])

    return [
        (
            "T03",
            end("环北路东端"),
            _spot(
                "环北路东端断头",
                "dead-end",
                4,
                "verified",
                "meeting",
                "2020-03-20",
                "被原煤场围墙挡住，车辆只能倒出来，消防车无法掉头。",
            ),
        ),
        (
            "T04",
            end("环东路北端"),
            _spot(
                "环东路北端断头",
                "dead-end",
                4,
                "verified",
                "meeting",
                "2020-03-20",
                "与环北路只隔一个废弃煤场，却要绕行整个小区。",
            ),
        ),
        (
            "T05",
            end("南二巷东端"),
            _spot(
                "南二巷东端断头",
                "dead-end",
                3,
                "verified",
                "survey",
                "2020-03-13",
                "离环东路仅二十多米，中间是绿地，搬家车、救护车进得来出不去。",
            ),
        ),
        (
            "T06",
            end("中一巷东端"),
            _spot(
                "中一巷尽头无法掉头",
                "dead-end",
                2,
                "reported",
                "notice-board",
                "2020-04-26",
                "希望打通到中心广场。",
            ),
        ),
        (
            "T07",
            end("北三巷西端"),
            _spot(
                "北三巷西端断头",
                "dead-end",
                3,
                "reported",
                "notice-board",
                "2020-07-08",
                "8号楼居民希望与环西路接通。",
            ),
        ),
    ]


def _other_traffic() -> list[Row]:
    return [
        (
            "T08",
            line((222.0, LANES["n7"]), (300.0, LANES["n7"])),
            _spot(
                "北二巷会车困难",
                "narrow",
                3,
                "reported",
                "group",
                "2020-06-30",
                "一侧停车后只剩一车道，晚归时段会车困难。",
                weekdays=SCHOOL_DAYS,
                hours="17:30-19:00",
            ),
        ),
        (
            "T09",
            line((222.0, LANES["n8"]), (350.0, LANES["n8"])),
            _spot(
                "北三巷消防通道被占",
                "fire-lane",
                5,
                "verified",
                "survey",
                "2020-03-12",
                "两侧随意停车，净宽不足3米，消防车无法通过。",
                weekdays=f"{SCHOOL_DAYS},sat,sun",
                hours="18:00-07:30",
            ),
        ),
        (
            "T10",
            Point(132.0, LANES["n8"] - 1.0),
            _spot(
                "北区停车位不足",
                "parking-shortage",
                4,
                "verified",
                "meeting",
                "2020-03-20",
                "8至12号楼没有划线车位，车辆停上绿地。",
                weekdays=f"{SCHOOL_DAYS},sat,sun",
                hours="18:00-08:00",
            ),
        ),
        (
            "T11",
            Point(SPINE, MIDDLE),
            _spot(
                "广场前人车混行",
                "conflict",
                3,
                "verified",
                "site-office",
                "2020-05-08",
                "老人和孩子横穿中心路去广场，车速偏快。",
                weekdays=f"{SCHOOL_DAYS},sat,sun",
                hours="18:30-20:30",
            ),
        ),
        (
            "T12",
            Point(SPINE - 5.0, 7.0),
            _spot(
                "南大门出口视线受阻",
                "sight",
                2,
                "reported",
                "phone",
                "2020-06-18",
                "商铺广告牌挡住出口左侧视线。",
            ),
        ),
        (
            "T13",
            Point(250.0, 21.0),
            _spot(
                "便民市场日乱停车",
                "illegal-parking",
                2,
                "in-design",
                "group",
                "2020-06-07",
                "周末早市车辆停在环南路上，公交微循环进不来。",
                weekdays="sat,sun",
                hours="06:30-10:00",
            ),
        ),
    ]
