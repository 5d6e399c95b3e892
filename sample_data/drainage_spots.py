"""Drainage problem spots of the sample: fictional complaints of the usual kind, no personal data."""

from __future__ import annotations

from shapely import Point

from sample_data.grid import line, smooth
from sample_data.spot import Spot, rain
from sample_data.streets import LANES, MIDDLE
from sample_data.streets import NORTH_ROAD as Y

# fmt: off
WEST_POND = smooth(
    [(84, Y - 4.6), (120, Y - 4.8), (170, Y - 4.6), (206, Y - 4), (206, Y + 5), (160, Y + 8), (110, Y + 9),
     (80, Y + 5)]
)
MIDDLE_POND = smooth(
    [(224, Y - 4), (270, Y - 4.2), (300, Y - 3.5), (302, Y + 4), (262, Y + 6.5), (226, Y + 5)]
)

# One block a spot: what and where, then what was said, by which way and when.
DRAINAGE_SPOTS: tuple[Spot, ...] = (
    Spot("D01", WEST_POND,
     "环北路西段大雨积水", "ponding", 5, "verified", "meeting", "2019-08-20",
     "每逢大雨环北路西段积水没过路沿，1至4号楼居民出行要绕行，退水很慢。", **rain("2019-08-11", 0.35, 9.0)),
    Spot("D02", MIDDLE_POND,
     "环北路中段路面积水", "ponding", 4, "verified", "survey", "2020-03-12",
     "踏勘时路面有明显水痕，5、6号楼北侧车位雨后不能停车。", **rain("2019-08-11", 0.22, 5.0)),
    Spot("D03", line((128, Y + 0.9), (354, Y + 0.9)),
     "北干管管径偏小", "undersized", 4, "verified", "survey", "2020-03-12",
     "上游DN400汇入下游DN300，管径倒置，是北区积水的主要原因。", **rain("2019-08-11", 0.35, 9.0)),
    Spot("D04", Point(105.5, 286.6),
     "2号楼单元门口进水", "low-entrance", 4, "reported", "door", "2019-08-13",
     "单元门口低于路面，大雨时雨水倒灌储藏室。", **rain("2019-08-11", 0.15, 6.0)),
    Spot("D05", smooth([(58, 257.5), (84, 257), (106, 258), (106, 264), (82, 265.5), (58, 264.5)], 3),
     "北三巷西端积水", "ponding", 3, "reported", "group", "2020-06-27",
     "断头处地势低，没有雨水口，积水要等自然蒸发。", **rain("2020-06-25", 0.18, 12.0)),
    Spot("D06", Point(286.0, LANES["n8"]),
     "北三巷东段没有雨水口", "missing-inlet", 3, "verified", "survey", "2020-03-12",
     "整段路只有检查井，没有雨水口，路面水无处可去。", **rain("2019-08-11", 0.10, 4.0)),
    Spot("D07", Point(58.0, 286.4),
     "1号楼化粪池返溢", "backflow", 4, "reported", "phone", "2020-04-02",
     "污水井冒水，夏天气味大，管道年久沉降。", **rain("2019-08-11", 0.05, 3.0)),
    Spot("D08", Point(298.0, LANES["s1"] + 0.6),
     "南一巷雨水井淤堵", "blocked", 2, "verified", "site-office", "2020-03-25",
     "井内淤泥过半，小雨也排不走。", **rain("2019-07-29", 0.06, 2.0)),
    Spot("D09", Point(118.0, 15.0),
     "沿街商铺污水接入雨水管", "mixed", 3, "reported", "survey", "2020-03-13",
     "疑有餐饮污水接入雨水管，需逐户排查。", **rain("2019-07-29", 0.04, 1.0)),
    Spot("D10", smooth([(299.5, 164), (308, 163.5), (309, 176), (306, 181), (299.5, 180)], 3),
     "幼儿园门前积水", "ponding", 3, "verified", "survey", "2020-03-12",
     "雨天接送要踩水，孩子容易滑倒。", **rain("2019-07-29", 0.10, 2.5)),
    Spot("D11", Point(20.0, MIDDLE),
     "西大门内侧缺雨水口", "missing-inlet", 2, "reported", "notice-board", "2020-07-06",
     "城市道路雨水倒流进大门。", **rain("2020-07-03", 0.08, 1.5)),
    Spot("D12", line((298.0, LANES["n7"] + 0.6), (372.0, LANES["n7"] + 0.6)),
     "北二巷东段管道淤积", "blocked", 3, "verified", "survey", "2020-03-12",
     "管内树根侵入，过水断面约剩一半。", **rain("2019-08-11", 0.12, 4.0)),
)
