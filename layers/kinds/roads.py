"""Roads, lanes and footways 道路 as centre lines with their true width."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import BAND_STATES, BASE, plan_fields
from layers.schema import Field, choices
from layers.style import Arrows, Label, Rule, Stroke, Style
from layers.text import Text

CLASSES = choices(
    street=("城市道路", "City street"),
    main=("小区主路", "Estate road"),
    lane=("宅前路", "Lane"),
    footway=("人行道", "Footway"),
)
SURFACES = choices(
    asphalt=("沥青", "Asphalt"), concrete=("水泥", "Concrete"), brick=("透水砖", "Permeable brick")
)


def _band(fill: str) -> tuple[Stroke, Stroke]:
    return (
        Stroke(palette.ROAD_CASING, 0.18, width_field="width_m"),
        Stroke(fill, 0.0, width_field="width_m"),
    )


ROADS = register(
    Kind(
        name="road",
        title=Text("道路", "Roads"),
        role="network-edge",
        geometry=("line",),
        fields=(
            Field("name", Text("路名", "Name"), public=True),
            Field(
                "class",
                Text("等级", "Class"),
                "choice",
                domain=CLASSES,
                default="lane",
                required=True,
                public=True,
            ),
            Field(
                "width_m",
                Text("宽度", "Width"),
                "real",
                "m",
                minimum=0.5,
                maximum=80,
                default=4.0,
                required=True,
                public=True,
            ),
            Field("oneway", Text("单行", "One-way"), "boolean", default=False, public=True),
            Field("surface", Text("路面", "Surface"), "choice", domain=SURFACES, public=True),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(Text("人行道", "Footway"), _band(palette.FOOTWAY), {"class": ("footway",)}),
                Rule(
                    Text("单行道路", "One-way road"),
                    (*_band(palette.ROAD), Arrows(palette.ROAD_NAME, 1.8, 22.0)),
                    {"oneway": (True,)},
                ),
                Rule(Text("道路", "Road"), _band(palette.ROAD)),
            ),
            overlays=BAND_STATES,
            labels=(Label("{name}", 2.2, palette.ROAD_NAME, placement="along", priority=6, max_scale=2500),),
        ),
        order=20,
        group=BASE,
        name_template="{name} {class}",
    )
)
