"""Buildings 建筑."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import AREA_STATES, BASE, PHOTOS, plan_fields
from layers.schema import Field, choices
from layers.style import Fill, Label, Rule, Stroke, Style
from layers.text import Text

USES = choices(
    housing=("住宅", "Housing"),
    shop=("商铺", "Shops"),
    kindergarten=("幼儿园", "Kindergarten"),
    office=("办公", "Office"),
    service=("配套用房", "Service"),
)
STRUCTURES = choices(
    brick=("砖混", "Brick-concrete"),
    frame=("框架", "Frame"),
    simple=("简易", "Light"),
    shear=("剪力墙", "Shear wall"),
)

BUILDINGS = register(
    Kind(
        name="building",
        title=Text("建筑", "Buildings"),
        role="footprint",
        geometry=("polygon",),
        fields=(
            Field("number", Text("楼号", "Building no."), public=True),
            Field("name", Text("名称", "Name"), public=True),
            Field("use", Text("用途", "Use"), "choice", domain=USES, default="housing", public=True),
            Field(
                "units",
                Text("单元数", "Stairwells"),
                "integer",
                minimum=0,
                maximum=40,
                public=True,
                summed=True,
            ),
            Field("floors", Text("层数", "Floors"), "integer", minimum=0, maximum=120, public=True),
            Field("year", Text("建成年份", "Year built"), "integer", minimum=1800, maximum=2200, public=True),
            Field(
                "households",
                Text("户数", "Households"),
                "integer",
                "户",
                minimum=0,
                maximum=5000,
                public=True,
                summed=True,
            ),
            Field("structure", Text("结构", "Structure"), "choice", domain=STRUCTURES, public=True),
            PHOTOS,
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("公共建筑", "Public building"),
                    (Fill(palette.PUBLIC_BUILDING, shadow=True), Stroke(palette.PUBLIC_BUILDING_LINE, 0.25)),
                    {"use": ("kindergarten", "office", "service")},
                ),
                Rule(
                    Text("沿街商铺", "Shops"),
                    (Fill(palette.SHOP, shadow=True), Stroke(palette.BUILDING_LINE, 0.25)),
                    {"use": ("shop",)},
                ),
                Rule(
                    Text("住宅楼", "Housing"),
                    (Fill(palette.BUILDING, shadow=True), Stroke(palette.BUILDING_LINE, 0.25)),
                ),
            ),
            overlays=AREA_STATES,
            labels=(
                Label("{name}", 2.5, palette.TEXT, priority=9, max_scale=4000),
                Label("{number}", 2.5, palette.TEXT, bold=True, priority=10, max_scale=5000),
                Label(
                    "{floors}F", 1.8, palette.TEXT_SOFT, placement="upper-right", priority=2, max_scale=1500
                ),
            ),
        ),
        order=40,
        group=BASE,
        name_template="{name} {number}",
        number_field="number",
        number_words=Text("{n}号楼", "No. {n}"),
    )
)
