"""Trees 树木."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import BASE, plan_fields
from layers.schema import Field
from layers.style import Marker, Rule, Style
from layers.text import Text

TREES = register(
    Kind(
        name="tree",
        title=Text("树木", "Trees"),
        role="tree",
        geometry=("point",),
        fields=(
            Field("species", Text("树种", "Species"), public=True),
            Field(
                "crown_m",
                Text("冠幅", "Crown"),
                "real",
                "m",
                minimum=0.5,
                maximum=40,
                default=4.0,
                public=True,
            ),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("树木", "Tree"),
                    (
                        Marker(
                            "tree",
                            2.4,
                            "crown_m",
                            fill=palette.TREE,
                            line=palette.TREE_LINE,
                            line_mm=0.13,
                            opacity=0.6,
                        ),
                    ),
                ),
            ),
            overlays=(
                Rule(
                    Text("新植", "New tree"),
                    (Marker("circle", 2.4, "crown_m", fill="", line=palette.NEW, line_mm=0.35),),
                    {"state": ("new",)},
                ),
                Rule(
                    Text("移除", "Tree to go"),
                    (Marker("cross", 1.8, line=palette.DEMOLISH, line_mm=0.3),),
                    {"state": ("demolish",)},
                ),
            ),
        ),
        order=60,
        group=BASE,
        name_template="{species}",
    )
)
