"""Which layers of a drawing usually hold what: 南方CASS codes and the names offices give their layers.

Data, tried from the top; the first rule whose pattern is found in the layer's
name (NFKC, upper case) wins. Kinds are tried in order, by what geometry they take.
"""

from __future__ import annotations

from typing import Final

from gis.exchange.dxf.aims import Aim, LayerRule

_UNSURE: Final = {"diameter_mm": None}


def _rule(pattern: str, *aims: Aim | str) -> LayerRule:
    return LayerRule(pattern, tuple(Aim(a) if isinstance(a, str) else a for a in aims))


CASS: Final = (
    _rule(r"^JMD", "building"),
    _rule(r"^DLSS", Aim("road", {"width_m": None})),
    _rule(r"^GXYZ", Aim("pipe", {"system": None, **_UNSURE})),
    _rule(r"^ZBTZ", "green", "tree"),
    _rule(r"^SXSS", Aim("green", {"cover": "water"})),
    _rule(r"^YZH", "barrier"),
    _rule(r"^(KZD|GCD|DLDW|JJ|JZD|JZP|DGX|DSX|DMTZ|TK|TKMC|ZDH|ZJ|ASSIST|KWD|JSX|QTDL)(_|-|\d|$)"),
)
"""Layer codes of 南方CASS survey drawings; those without a kind stay reference."""

COMMON: Final = (
    _rule(
        r"标注|尺寸|标高|高程|等高|轴线|轴网|轴号|图框|图签|图例|表格|文字|注记|说明|DIM|AXIS|TEXT|控制点|坐标"
    ),
    _rule(r"给水|自来水|燃气|煤气|热力|供热|供暖|电力|强电|弱电|通信|电信|网络|路灯线"),
    _rule(r"用地红线|红线|用地界|用地范围|小区范围|改造范围|BOUNDARY", "boundary"),
    _rule(r"雨水口|雨水篦|雨篦|雨水箅|雨箅", Aim("drain_node", {"type": "inlet", "system": "storm"})),
    _rule(r"污水井", Aim("drain_node", {"type": "manhole", "system": "foul"})),
    _rule(r"雨水井", Aim("drain_node", {"type": "manhole", "system": "storm"})),
    _rule(r"化粪池", Aim("drain_node", {"type": "septic", "system": "foul"})),
    _rule(r"出水口|排放口", Aim("drain_node", {"type": "outfall"})),
    _rule(r"检查井|窨井|MANHOLE", "drain_node"),
    _rule(r"合流", Aim("pipe", {"system": "combined", **_UNSURE}), Aim("drain_node", {"system": "combined"})),
    _rule(
        r"雨水|^YS(_|-|$)|STORM",
        Aim("pipe", {"system": "storm", **_UNSURE}),
        Aim("drain_node", {"system": "storm"}),
    ),
    _rule(
        r"污水|排污|^WS(_|-|$)|SEWER",
        Aim("pipe", {"system": "foul", **_UNSURE}),
        Aim("drain_node", {"system": "foul"}),
    ),
    _rule(r"排水|管线|管道", Aim("pipe", {"system": None, **_UNSURE}), "drain_node"),
    _rule(r"非机动车|自行车|电动车棚|车棚", Aim("parking", {"use": "bicycle"})),
    _rule(r"无障碍车位", Aim("parking", {"use": "accessible"})),
    _rule(r"充电车位", Aim("parking", {"use": "charging"})),
    _rule(r"停车|车位|泊位|PARKING", "parking"),
    _rule(r"充电桩", Aim("facility", {"type": "charging"})),
    _rule(r"路灯|LAMP", Aim("facility", {"type": "lamp"})),
    _rule(r"座椅|坐凳|BENCH", Aim("facility", {"type": "bench"})),
    _rule(r"垃圾", Aim("facility", {"type": "bins"})),
    _rule(r"宣传栏|公告栏", Aim("facility", {"type": "notice-board"})),
    _rule(r"快递柜", Aim("facility", {"type": "parcel-locker"})),
    _rule(r"大门|门卫道闸|道闸", Aim("barrier", {"type": "gate"})),
    _rule(r"围栏|栅栏|护栏|FENCE", Aim("barrier", {"type": "fence"})),
    _rule(r"围墙", Aim("barrier", {"type": "wall"})),
    _rule(r"广场|铺装|PLAZA", Aim("green", {"cover": "plaza"})),
    _rule(r"健身|运动场|篮球", Aim("green", {"cover": "sports"})),
    _rule(r"水面|水体|水系|水池|景观水", Aim("green", {"cover": "water"})),
    _rule(r"灌木", Aim("green", {"cover": "shrub"}), "tree"),
    _rule(r"乔木|行道树|树木|树池|^树|TREE", "tree", "green"),
    _rule(r"绿化|绿地|草坪|草地|植被|种植|花坛|GREEN", "green", "tree"),
    _rule(r"人行道|步道|园路|FOOTWAY", Aim("road", {"class": "footway", "width_m": None})),
    _rule(r"道路|路缘|路沿|路边|车行|ROAD", Aim("road", {"width_m": None})),
    _rule(r"建筑|房屋|住宅|楼栋|^楼|BUILDING|HOUSE", "building"),
)
"""Names that design institutes and offices give their layers."""

STATES: Final = (
    (r"拆除|拆迁|DEMOL", "demolish"),
    (r"新建|拟建|新增|新设|规划|NEW", "new"),
    (r"改造|整治|修缮|改建", "renovated"),
    (r"预留|远期", "reserved"),
)
"""Words in a layer's name that tell the plan state of what is on it."""
