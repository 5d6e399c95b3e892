"""Plan elements 方案要素: what the plan adds beyond the things that exist already."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import AREA_STATES, PLAN, plan_fields
from layers.schema import Field, choices
from layers.style import Label, Marker, Rule, Stroke, Style
from layers.text import Text

CATEGORIES = choices(
    traffic=("交通组织", "Traffic"),
    drainage=("排水", "Drainage"),
    parking=("停车", "Parking"),
    green=("绿化", "Planting"),
    building=("建筑整治", "Building works"),
    public=("公共空间", "Public space"),
    access=("无障碍", "Barrier-free"),
    other=("其他", "Other"),
)

PLAN_ELEMENTS = register(
    Kind(
        name="plan_element",
        title=Text("方案要素", "Plan elements"),
        role="plan-element",
        geometry=("polygon", "line", "point"),
        fields=(
            Field("name", Text("名称", "Name"), required=True, public=True),
            Field(
                "category",
                Text("类别", "Category"),
                "choice",
                domain=CATEGORIES,
                default="other",
                public=True,
            ),
            Field("description", Text("说明", "Description"), "long_text", public=True),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("方案要素", "Plan element"),
                    (
                        Stroke(palette.RESERVED, 0.25),
                        Marker("circle", 1.8, fill=palette.NEW, line="#FFFFFF"),
                    ),
                ),
            ),
            overlays=AREA_STATES,
            labels=(Label("{name}", 2.4, palette.TEXT, priority=7, max_scale=2500),),
        ),
        order=75,
        group=PLAN,
        name_template="{name}",
    )
)
