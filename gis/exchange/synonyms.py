"""What other people call our fields and codes.

Field names are looked up here whatever the layer, so a user's own layer kind
with a field of that name is served too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "answers": ("回应", "answers_to", "spots"),
    "answer": ("答复意见", "回复", "reply", "response"),
    "bays": ("泊位数", "车位", "capacity", "spaces"),
    "category": ("问题类别", "类型", "type", "cat"),
    "class": ("道路等级", "等级", "highway", "road_class", "fclass", "roadclass"),
    "code": ("问题编号", "序号", "no", "id", "ref"),
    "cover": ("绿地类型", "landuse", "natural", "leisure"),
    "crown_m": ("冠幅", "crown", "diameter_crown"),
    "depth_m": ("水深", "积水深", "depth"),
    "description": ("说明", "描述", "情况说明", "desc", "remarks"),
    "diameter_mm": ("管径", "dn", "diameter", "diam", "pipe_size"),
    "duration_h": ("退水", "积水时长", "duration"),
    "floors": ("楼层", "楼层数", "地上层数", "总层数", "levels", "building:levels", "num_floors", "storeys",
               "stories", "floor", "floor_num", "nfloors"),
    "ground_m": ("地面高程", "井面高程", "ground", "elevation", "rim"),
    "height_m": ("高", "height"),
    "hours": ("时间段", "高峰时段", "time"),
    "households": ("总户数", "住户数", "户", "hh", "dwellings", "flats", "building:flats"),
    "invert_m": ("井底高程", "invert"),
    "invert_down_m": ("下游管底高程", "终点管底标高", "invert_down", "downstream_invert"),
    "invert_up_m": ("上游管底高程", "起点管底标高", "invert_up", "upstream_invert"),
    "material": ("材质", "管道材质", "pipe_material"),
    "name": ("名字", "全称", "建筑名称", "建筑名", "道路名称", "title", "label", "nam"),
    "note": ("说明", "remark", "remarks", "comment", "notes"),
    "number": ("楼栋号", "栋号", "幢号", "楼幢号", "编号", "井号", "no", "num", "bldg_no", "building_no",
               "addr:housenumber", "housenumber", "ref"),
    "oneway": ("单向", "单行道", "one_way"),
    "rain_date": ("日期", "降雨时间", "date"),
    "reported_on": ("日期", "上报时间", "登记日期", "date"),
    "severity": ("程度", "等级", "级别", "level", "grade"),
    "source": ("问题来源", "反映渠道", "channel"),
    "species": ("树名", "品种", "genus", "taxon"),
    "state": ("改造状态", "方案状态", "plan_state", "status"),
    "status": ("处理状态", "进度", "progress"),
    "structure": ("结构类型", "建筑结构", "structure_type"),
    "surface": ("路面类型", "路面材料", "pavement"),
    "system": ("管线类型", "排水体制", "管网类型", "pipe_type"),
    "text": ("注记", "内容", "标注", "label", "name"),
    "title": ("问题名称", "问题描述", "标题", "name", "subject"),
    "type": ("类别", "种类", "amenity", "barrier", "kind"),
    "units": ("单元", "单元数量", "entrances", "stairwells"),
    "use": ("建筑用途", "使用功能", "房屋用途", "功能", "building", "usage", "function"),
    "weekdays": ("星期", "日期类型", "days"),
    "width_m": ("路宽", "路幅宽", "width"),
    "year": ("建成年代", "建造年代", "建设年代", "竣工年份", "建成时间", "year_built", "built", "start_date",
             "construction_year"),
}  # fmt: skip
"""Field name to other names, the likeliest first. Compared as `plain_name`."""

CODES: Final[dict[str, tuple[str, ...]]] = {
    "housing": ("居住", "住宅楼", "residential", "apartments", "house", "yes", "dormitory"),
    "shop": ("商业", "门头房", "底商", "retail", "commercial", "store"),
    "kindergarten": ("school",),
    "office": ("公共", "行政", "public", "civic", "government"),
    "service": ("附属", "物业", "garage", "garages", "shed", "roof"),
    "brick": ("混合", "混", "砖", "砖混结构", "brick_concrete"),
    "frame": ("钢混", "砼", "框架结构", "钢筋混凝土", "concrete_frame"),
    "shear": ("剪力墙结构",),
    "simple": ("简", "简易结构", "棚"),
    "street": ("primary", "secondary", "tertiary", "trunk", "major_road", "市政道路"),
    "main": ("residential", "主路", "小区道路", "minor_road"),
    "lane": ("service", "living_street", "unclassified", "支路"),
    "footway": ("footway", "path", "pedestrian", "steps", "cycleway", "步行道"),
    "storm": ("雨水管", "雨", "ys", "rain", "stormwater"),
    "foul": ("污水管", "污", "ws", "sewer", "sanitary", "wastewater"),
    "combined": ("雨污合流", "合流管", "hs"),
    "concrete": ("砼", "钢筋混凝土", "水泥管"),
    "manhole": ("检查井", "雨水井", "污水井", "窨井"),
    "inlet": ("雨水篦子", "雨篦", "gully", "catch_basin"),
    "outfall": ("排放口", "排出口", "outlet"),
    "lawn": ("绿地", "草地", "grass", "park"),
    "shrub": ("灌木丛", "scrub", "hedge"),
    "garden": ("绿化", "flowerbed"),
    "plaza": ("广场", "铺装", "square", "pedestrian"),
    "sports": ("健身", "运动场", "pitch", "playground", "fitness_station"),
    "water": ("水体", "水系", "池塘", "pond"),
    "existing": ("现状", "保留", "原有", "keep", "old"),
    "renovated": ("整修", "改建", "修缮", "整治", "renovate", "refurbished"),
    "new": ("新增", "拟建", "规划", "proposed", "planned"),
    "demolish": ("拆", "拆迁", "demolished", "remove", "removed"),
    "reserved": ("远期", "预留用地", "future"),
}
"""Code to other words for it, for whichever field has that code."""


UNITS: Final = frozenset(
    ("m", "mm", "cm", "km", "m2", "m²", "㎡", "米", "毫米", "厘米", "公里", "平方米", "平米", "户", "层",
     "个", "栋", "幢", "年", "度", "°", "元", "万元", "人", "套", "座", "处", "辆", "个车位", "小时",
     "h", "%")
)  # fmt: skip
"""What a column is counted in, in a row of its own or behind its title."""

SCALED: Final = {
    "mm": "mm", "毫米": "mm", "cm": "cm", "厘米": "cm", "km": "km", "公里": "km", "万元": "万元",
}  # fmt: skip
"""Units in which the number is not what it would be without: they must be those of the field."""

_BRACKETED: Final = re.compile(
    r"^(.+?)\s*[(（\[【/]\s*(?:单位\s*[:：]\s*)?([^()（）\[\]【】/]{1,8}?)"
    r"\s*[)）\]】]?$"
)


def cut_unit(title: str) -> tuple[str, str]:
    """Return a title without the unit behind it, and that unit, empty if there is none.

    Examples
    --------
    >>> cut_unit("层数（层）"), cut_unit("面积(单位：m²)"), cut_unit("楼号（栋号）"), cut_unit("管径/mm")
    (('层数', '层'), ('面积', 'm²'), ('楼号（栋号）', ''), ('管径', 'mm'))
    """
    found = _BRACKETED.match(title.strip())
    if found is None or found[2].casefold() not in UNITS:
        return title, ""
    return found[1], found[2].casefold()


def plain_name(name: str) -> str:
    """Return a name without case, width, spaces and punctuation, so that like names meet.

    Examples
    --------
    >>> plain_name("Building No."), plain_name("building_no"), plain_name("楼号（栋）")
    ('buildingno', 'buildingno', '楼号栋')
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())
