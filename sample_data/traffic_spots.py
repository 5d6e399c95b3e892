"""Traffic chokepoints of the sample: fictional complaints of the usual kind, no personal data."""

from __future__ import annotations

from shapely import Point

from layers.schema import Value
from sample_data.grid import line, smooth
from sample_data.spot import Spot
from sample_data.streets import DEAD_ENDS, LANES, MIDDLE, NURSERY_LANE, SPINE

SCHOOL_DAYS = "mon,tue,wed,thu,fri"
EVERY_DAY = f"{SCHOOL_DAYS},sat,sun"
SCHOOL: dict[str, Value] = {"weekdays": SCHOOL_DAYS, "hours": "07:30-08:10,16:20-17:00"}


def _end(name: str) -> Point:
    return Point(DEAD_ENDS[name])


# One block a spot: what and where, then what was said, by which way and when.
# fmt: off
TRAFFIC_SPOTS: tuple[Spot, ...] = (
    Spot("T01", line((NURSERY_LANE, MIDDLE + 3.5), (NURSERY_LANE, 200.0)),
     "育才巷接送时段堵死", "drop-off", 5, "verified", "survey", "2020-03-12",
     "巷宽4米，接送车辆对向相遇无法会车，早晚各堵约40分钟。", **SCHOOL),
    Spot("T02", smooth([(284, 141), (326, 141), (328, 146), (326, 151), (284, 151), (281, 146)], 3),
     "中心路口排队影响通行", "drop-off", 4, "verified", "meeting", "2020-03-20",
     "接送车辆在中心路排队，居民上班出不去。", **SCHOOL),
    Spot("T03", _end("环北路东端"),
     "环北路东端断头", "dead-end", 4, "verified", "meeting", "2020-03-20",
     "被原煤场围墙挡住，车辆只能倒出来，消防车无法掉头。"),
    Spot("T04", _end("环东路北端"),
     "环东路北端断头", "dead-end", 4, "verified", "meeting", "2020-03-20",
     "与环北路只隔一个废弃煤场，却要绕行整个小区。"),
    Spot("T05", _end("南二巷东端"),
     "南二巷东端断头", "dead-end", 3, "verified", "survey", "2020-03-13",
     "离环东路仅二十多米，中间是绿地，搬家车、救护车进得来出不去。"),
    Spot("T06", _end("中一巷东端"),
     "中一巷尽头无法掉头", "dead-end", 2, "reported", "notice-board", "2020-04-26",
     "希望打通到中心广场。"),
    Spot("T07", _end("北三巷西端"),
     "北三巷西端断头", "dead-end", 3, "reported", "notice-board", "2020-07-08",
     "8号楼居民希望与环西路接通。"),
    Spot("T08", line((222.0, LANES["n7"]), (300.0, LANES["n7"])),
     "北二巷会车困难", "narrow", 3, "reported", "group", "2020-06-30",
     "一侧停车后只剩一车道，晚归时段会车困难。", weekdays=SCHOOL_DAYS, hours="17:30-19:00"),
    Spot("T09", line((222.0, LANES["n8"]), (350.0, LANES["n8"])),
     "北三巷消防通道被占", "fire-lane", 5, "verified", "survey", "2020-03-12",
     "两侧随意停车，净宽不足3米，消防车无法通过。", weekdays=EVERY_DAY, hours="18:00-07:30"),
    Spot("T10", Point(132.0, LANES["n8"] - 1.0),
     "北区停车位不足", "parking-shortage", 4, "verified", "meeting", "2020-03-20",
     "8至12号楼没有划线车位，车辆停上绿地。", weekdays=EVERY_DAY, hours="18:00-08:00"),
    Spot("T11", Point(SPINE, MIDDLE),
     "广场前人车混行", "conflict", 3, "verified", "site-office", "2020-05-08",
     "老人和孩子横穿中心路去广场，车速偏快。", weekdays=EVERY_DAY, hours="18:30-20:30"),
    Spot("T12", Point(SPINE - 5.0, 7.0),
     "南大门出口视线受阻", "sight", 2, "reported", "phone", "2020-06-18",
     "商铺广告牌挡住出口左侧视线。"),
    Spot("T13", Point(250.0, 21.0),
     "便民市场日乱停车", "illegal-parking", 2, "in-design", "group", "2020-06-07",
     "周末早市车辆停在环南路上，公交微循环进不来。", weekdays="sat,sun", hours="06:30-10:00"),
)
