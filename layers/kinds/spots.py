"""Drainage problem spots and traffic chokepoints 排水问题点、交通堵点."""

from __future__ import annotations

from layers import palette
from layers.kind import Kind, Role, register
from layers.kinds._shared import IMPORTED, PHOTOS, PROBLEMS
from layers.schema import Choice, Field, choices
from layers.style import Arrows, Fill, Hatch, Label, Marker, MarkerShape, Rule, Stroke, Style, Symbol
from layers.text import Text

STATUSES = choices(
    reported=("已上报", "Reported"),
    verified=("已核实", "Verified"),
    in_design=("设计中", "In design"),
    answered=("方案已回应", "Answered by the plan"),
    done=("已完成", "Done"),
    not_adopted=("未采纳", "Not adopted"),
)
CLOSED = ("answered", "done", "not-adopted")

SOURCES = choices(
    survey=("现场踏勘", "Site survey"),
    meeting=("居民会议", "Residents' meeting"),
    notice_board=("宣传栏意见", "Notice-board comment"),
    site_office=("指挥部来访", "Site-office visit"),
    phone=("电话", "Phone"),
    group=("业主群", "Owners' group"),
    door=("入户走访", "Door-to-door visit"),
)
WEEKDAYS = choices(
    mon=("周一", "Mon"),
    tue=("周二", "Tue"),
    wed=("周三", "Wed"),
    thu=("周四", "Thu"),
    fri=("周五", "Fri"),
    sat=("周六", "Sat"),
    sun=("周日", "Sun"),
)
DRAINAGE_CATEGORIES = choices(
    ponding=("积水", "Ponding"),
    undersized=("管径不足", "Undersized pipe"),
    blocked=("管道淤堵", "Blocked drain"),
    backflow=("污水返溢", "Backflow"),
    missing_inlet=("缺雨水口", "Missing inlet"),
    low_entrance=("单元门口低洼", "Low entrance"),
    mixed=("雨污混接", "Mixed connection"),
)
TRAFFIC_CATEGORIES = choices(
    drop_off=("接送拥堵", "Drop-off congestion"),
    narrow=("道路狭窄", "Narrow lane"),
    dead_end=("断头路", "Dead-end road"),
    illegal_parking=("乱停车", "Illegal parking"),
    fire_lane=("消防通道受阻", "Blocked fire lane"),
    conflict=("人车混行", "Pedestrian conflict"),
    sight=("视距不良", "Poor sight"),
    parking_shortage=("车位不足", "Too few bays"),
)


def _fields(categories: tuple[Choice, ...], when: tuple[Field, ...]) -> tuple[Field, ...]:
    return (
        Field("code", Text("编号", "Code"), public=True, codes="one"),
        Field("title", Text("问题", "Problem"), required=True, public=True),
        Field(
            "category",
            Text("类别", "Category"),
            "choice",
            domain=categories,
            default=categories[0].code,
            required=True,
            public=True,
        ),
        Field(
            "severity",
            Text("严重程度", "Severity"),
            "integer",
            minimum=1,
            maximum=5,
            default=3,
            required=True,
            public=True,
        ),
        Field(
            "status",
            Text("状态", "Status"),
            "choice",
            domain=STATUSES,
            default="reported",
            required=True,
            public=True,
        ),
        *when,
        Field("source", Text("来源", "Source"), "choice", domain=SOURCES),
        Field("reported_on", Text("上报日期", "Reported on"), "date"),
        Field("description", Text("描述", "Description"), "long_text"),
        PHOTOS,
        Field("answer", Text("答复", "Answer"), "long_text", public=True),
        IMPORTED,
    )


def _style(color: str, line: str, text: str, shape: MarkerShape, extent: Symbol) -> Style:
    pin = {"shape": shape, "size_mm": 4.6, "casing": "#FFFFFF", "severity_field": "severity", "on_all": True}
    solid = Marker(**pin, fill=color, line=line, text_field="code", text_color=text)  # type: ignore[arg-type]
    hollow = Marker(**pin, fill="#FFFFFF", line=color, line_mm=0.5, tick=True)  # type: ignore[arg-type]
    return Style(
        (
            Rule(Text("已回应", "Answered"), (*extent, hollow), {"status": CLOSED}),
            Rule(Text("待解决", "Open"), (*extent, solid)),
        ),
        labels=(
            Label("{code}", 2.2, TEXT_OF[color], bold=True, placement="below", priority=11, max_scale=2500),
        ),
    )


TEXT_OF = {palette.DRAINAGE_SPOT: palette.DRAINAGE_SPOT, palette.TRAFFIC_SPOT: "#8A5F00"}


def _kind(name: str, title: Text, role: Role, fields: tuple[Field, ...], style: Style, order: int) -> Kind:
    return register(
        Kind(
            name,
            title,
            role,
            ("point", "line", "polygon"),
            fields,
            style,
            order,
            PROBLEMS,
            "{code} {title}",
            "code",
        )
    )


DRAINAGE_SPOTS = _kind(
    "drainage_spot",
    Text("排水问题点", "Drainage problem spots"),
    "drainage-spot",
    _fields(
        DRAINAGE_CATEGORIES,
        (
            Field("rain_date", Text("降雨日期", "Rain date"), "date", public=True),
            Field("depth_m", Text("积水深度", "Water depth"), "real", "m", minimum=0, maximum=5, public=True),
            Field(
                "duration_h",
                Text("退水时间", "Time to drain"),
                "real",
                "h",
                minimum=0,
                maximum=240,
                public=True,
            ),
        ),
    ),
    _style(
        palette.DRAINAGE_SPOT,
        "#FFFFFF",
        "#FFFFFF",
        "drop",
        (
            Fill(palette.DRAINAGE_SPOT, opacity=0.12),
            Hatch("wave", palette.DRAINAGE_SPOT, spacing_mm=2.2, width_mm=0.22, angle_deg=0),
            Stroke(palette.DRAINAGE_SPOT, 0.4, dash=(2.0, 1.0)),
        ),
    ),
    90,
)

TRAFFIC_SPOTS = _kind(
    "traffic_spot",
    Text("交通堵点", "Traffic chokepoints"),
    "traffic-spot",
    _fields(
        TRAFFIC_CATEGORIES,
        (
            Field("weekdays", Text("发生日", "Days"), "choices", domain=WEEKDAYS, public=True),
            Field("hours", Text("时段", "Hours"), "text", public=True),
        ),
    ),
    _style(
        palette.TRAFFIC_SPOT,
        "#1E1E1E",
        "#1E1E1E",
        "diamond",
        (
            Fill(palette.TRAFFIC_SPOT, opacity=0.15),
            Stroke(palette.TRAFFIC_SPOT, 1.6, opacity=0.75, outline_mm=0.6),
            Arrows("#6B4A00", 1.6, 6.0, chevron=True),
        ),
    ),
    91,
)
