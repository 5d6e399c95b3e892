"""Walls, fences and gates across roads 围墙、围栏、大门."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import BASE, LINE_STATES, plan_fields
from layers.schema import Field, choices
from layers.style import Rule, Stroke, Style
from layers.text import Text

TYPES = choices(
    wall=("围墙", "Wall"), fence=("围栏", "Fence"), gate=("大门", "Gate"), bollards=("挡车桩", "Bollards")
)

BARRIERS = register(
    Kind(
        name="barrier",
        title=Text("围墙与大门", "Walls and gates"),
        role="barrier",
        geometry=("line",),
        fields=(
            Field("type", Text("类型", "Type"), "choice", domain=TYPES, default="wall", public=True),
            Field("height_m", Text("高度", "Height"), "real", "m", minimum=0, maximum=20),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(Text("大门", "Gate"), (Stroke(palette.BOUNDARY, 0.9),), {"type": ("gate",)}),
                Rule(
                    Text("围栏", "Fence"),
                    (Stroke(palette.WALL, 0.25, dash=(2.0, 0.8)),),
                    {"type": ("fence", "bollards")},
                ),
                Rule(Text("围墙", "Wall"), (Stroke(palette.WALL, 0.45),)),
            ),
            overlays=LINE_STATES,
        ),
        order=35,
        group=BASE,
        name_template="{type}",
    )
)
