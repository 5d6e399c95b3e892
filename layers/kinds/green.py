"""Green space, water and paved squares 绿地、水面、铺装."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import AREA_STATES, BASE, plan_fields
from layers.schema import Field, choices
from layers.style import Fill, Hatch, Label, Rule, Stroke, Style
from layers.text import Text

COVERS = choices(
    lawn=("草坪", "Lawn"),
    shrub=("灌木", "Shrubs"),
    garden=("花园", "Garden"),
    plaza=("广场铺装", "Paved square"),
    sports=("健身场地", "Fitness ground"),
    water=("水面", "Water"),
)

GREEN = register(
    Kind(
        name="green",
        title=Text("绿地与广场", "Green and squares"),
        role="green",
        geometry=("polygon",),
        fields=(
            Field("name", Text("名称", "Name"), public=True),
            Field("cover", Text("类型", "Cover"), "choice", domain=COVERS, default="lawn", public=True),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("广场铺装", "Paved square"),
                    (Fill(palette.PAVING), Stroke(palette.ROAD_CASING, 0.18)),
                    {"cover": ("plaza",)},
                ),
                Rule(
                    Text("健身场地", "Fitness ground"),
                    (Fill("#E6DDE6"), Stroke(palette.ROAD_CASING, 0.18)),
                    {"cover": ("sports",)},
                ),
                Rule(
                    Text("水面", "Water"),
                    (Fill(palette.WATER), Stroke(palette.WATER_LINE, 0.18)),
                    {"cover": ("water",)},
                ),
                Rule(
                    Text("灌木、花园", "Shrubs, garden"),
                    (Fill(palette.GREEN), Hatch("dots", palette.TREE, spacing_mm=1.8, width_mm=0.35)),
                    {"cover": ("shrub", "garden")},
                ),
                Rule(Text("绿地", "Green"), (Fill(palette.GREEN),)),
            ),
            overlays=AREA_STATES,
            labels=(Label("{name}", 2.2, palette.TEXT_SOFT, priority=3, max_scale=2500),),
        ),
        order=10,
        group=BASE,
        name_template="{name} {cover}",
    )
)
