"""Drainage pipes, manholes and inlets 排水管、检查井、雨水口."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import LINE_STATES, UTILITIES, plan_fields
from layers.schema import Field, choices
from layers.style import Arrows, Label, Marker, Rule, Stroke, Style
from layers.text import Text

SYSTEMS = choices(storm=("雨水", "Storm"), foul=("污水", "Foul"), combined=("合流", "Combined"))
MATERIALS = choices(
    concrete=("混凝土", "Concrete"),
    hdpe=("HDPE", "HDPE"),
    pvc=("PVC", "PVC"),
    clay=("陶土", "Clay"),
    brick=("砖砌", "Brick"),
    ductile=("球墨铸铁", "Ductile iron"),
)
NODE_TYPES = choices(
    manhole=("检查井", "Manhole"),
    inlet=("雨水口", "Inlet"),
    outfall=("出水口", "Outfall"),
    septic=("化粪池", "Septic tank"),
)

PIPES = register(
    Kind(
        name="pipe",
        title=Text("排水管", "Drainage pipes"),
        role="drain-line",
        geometry=("line",),
        fields=(
            Field("system", Text("系统", "System"), "choice", domain=SYSTEMS, default="storm", required=True),
            Field(
                "diameter_mm",
                Text("管径", "Diameter"),
                "integer",
                "mm",
                minimum=50,
                maximum=4000,
                default=300,
            ),
            Field("material", Text("管材", "Material"), "choice", domain=MATERIALS),
            Field("invert_up_m", Text("上游管底标高", "Upstream invert"), "real", "m", end="first"),
            Field("invert_down_m", Text("下游管底标高", "Downstream invert"), "real", "m", end="last"),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("污水管", "Foul pipe"),
                    (
                        Stroke(palette.FOUL, 0.35, dash=(3.0, 1.2)),
                        Arrows(palette.FOUL, 1.3, 30.0, max_scale=1500),
                    ),
                    {"system": ("foul", "combined")},
                ),
                Rule(
                    Text("雨水管", "Storm pipe"),
                    (Stroke(palette.STORM, 0.35), Arrows(palette.STORM, 1.3, 30.0, max_scale=1500)),
                ),
            ),
            overlays=LINE_STATES,
            labels=(
                Label("DN{diameter_mm}", 1.8, palette.STORM, placement="along", priority=3, max_scale=800),
            ),
        ),
        order=50,
        group=UTILITIES,
        name_template="{system} DN{diameter_mm}",
        public=False,
    )
)

DRAIN_NODES = register(
    Kind(
        name="drain_node",
        title=Text("检查井与雨水口", "Manholes and inlets"),
        role="drain-node",
        geometry=("point",),
        fields=(
            Field("number", Text("编号", "Number")),
            Field(
                "type", Text("类型", "Type"), "choice", domain=NODE_TYPES, default="manhole", required=True
            ),
            Field("system", Text("系统", "System"), "choice", domain=SYSTEMS, default="storm"),
            Field("ground_m", Text("地面标高", "Ground level"), "real", "m"),
            Field("invert_m", Text("井底标高", "Invert level"), "real", "m"),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("雨水口", "Inlet"),
                    (Marker("square", 1.6, fill="#FFFFFF", line=palette.STORM, max_scale=1500),),
                    {"type": ("inlet",)},
                ),
                Rule(
                    Text("出水口", "Outfall"),
                    (Marker("triangle", 2.0, fill=palette.STORM, line=palette.STORM),),
                    {"type": ("outfall",)},
                ),
                Rule(
                    Text("污水井", "Foul manhole"),
                    (Marker("circle", 1.6, fill="#FFFFFF", line=palette.FOUL, max_scale=1500),),
                    {"system": ("foul", "combined")},
                ),
                Rule(
                    Text("雨水井", "Storm manhole"),
                    (Marker("circle", 1.6, fill="#FFFFFF", line=palette.STORM, max_scale=1500),),
                ),
            ),
            overlays=(
                Rule(
                    Text("改造", "Renovated"),
                    (Marker("circle", 2.4, fill="", line=palette.RENOVATED, line_mm=0.4),),
                    {"state": ("renovated",)},
                ),
                Rule(
                    Text("新建", "New"),
                    (Marker("square", 2.4, fill="", line=palette.NEW, line_mm=0.5),),
                    {"state": ("new",)},
                ),
                Rule(
                    Text("拆除", "To be demolished"),
                    (Marker("cross", 2.0, line=palette.DEMOLISH, line_mm=0.35),),
                    {"state": ("demolish",)},
                ),
            ),
        ),
        order=55,
        group=UTILITIES,
        name_template="{type} {number}",
        number_field="number",
        public=False,
    )
)
