"""Facilities 设施: gates, notice board, site office, plaza, shops."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import PHOTOS, PLAN, plan_fields
from layers.schema import Field, choices
from layers.style import Label, Marker, Rule, Style
from layers.text import Text

TYPES = choices(
    kindergarten_gate=("幼儿园大门", "Kindergarten gate"),
    estate_gate=("小区大门", "Estate gate"),
    notice_board=("宣传栏", "Notice board"),
    site_office=("指挥部", "Site office"),
    plaza=("广场", "Plaza"),
    shop=("商铺", "Shop"),
    display_wall=("展示墙", "Display wall"),
    market=("便民市场", "Market"),
    parcel_locker=("快递柜", "Parcel locker"),
    charging=("充电桩", "Charging pile"),
    bins=("垃圾分类点", "Waste sorting point"),
    bench=("座椅", "Bench"),
    ramp=("无障碍坡道", "Ramp"),
    lamp=("路灯", "Street lamp"),
)

FACILITIES = register(
    Kind(
        name="facility",
        title=Text("设施", "Facilities"),
        role="facility",
        geometry=("point", "polygon"),
        fields=(
            Field("name", Text("名称", "Name"), public=True),
            Field(
                "type",
                Text("类型", "Type"),
                "choice",
                domain=TYPES,
                default="notice-board",
                required=True,
                public=True,
            ),
            PHOTOS,
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("大门", "Gate"),
                    (
                        Marker(
                            "gate", 3.4, fill=palette.BOUNDARY, line="#FFFFFF", casing="#FFFFFF", on_all=True
                        ),
                    ),
                    {"type": ("kindergarten-gate", "estate-gate")},
                ),
                Rule(
                    Text("宣传栏、展示墙", "Notice board"),
                    (Marker("board", 3.4, fill="#0B6E6E", line="#FFFFFF", casing="#FFFFFF", on_all=True),),
                    {"type": ("notice-board", "display-wall")},
                ),
                Rule(
                    Text("指挥部", "Site office"),
                    (Marker("flag", 3.6, fill="#0B6E6E", line="#FFFFFF", casing="#FFFFFF", on_all=True),),
                    {"type": ("site-office",)},
                ),
                Rule(
                    Text("其他设施", "Other facility"),
                    (Marker("circle", 2.0, fill="#7A6A3C", line="#FFFFFF", casing="#FFFFFF", on_all=True),),
                ),
            ),
            overlays=(
                Rule(
                    Text("改造", "Renovated"),
                    (Marker("circle", 4.4, fill="", line=palette.RENOVATED, line_mm=0.4, on_all=True),),
                    {"state": ("renovated",)},
                ),
                Rule(
                    Text("新建", "New"),
                    (Marker("circle", 4.4, fill="", line=palette.NEW, line_mm=0.5, on_all=True),),
                    {"state": ("new",)},
                ),
                Rule(
                    Text("拆除", "To be demolished"),
                    (Marker("cross", 3.0, line=palette.DEMOLISH, line_mm=0.35, on_all=True),),
                    {"state": ("demolish",)},
                ),
            ),
            labels=(Label("{name}", 2.2, palette.TEXT, placement="right", priority=8, max_scale=2500),),
        ),
        order=70,
        group=PLAN,
        name_template="{name} {type}",
    )
)
