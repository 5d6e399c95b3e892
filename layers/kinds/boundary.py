"""Site boundary 用地红线."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import BASE, IMPORTED, NOTE
from layers.schema import Field
from layers.style import Fill, Rule, Stroke, Style
from layers.text import Text

BOUNDARY = register(
    Kind(
        name="boundary",
        title=Text("用地红线", "Site boundary"),
        role="boundary",
        geometry=("polygon",),
        fields=(Field("name", Text("名称", "Name"), public=True), NOTE, IMPORTED),
        style=Style(
            (
                Rule(
                    Text("用地红线", "Site boundary"),
                    (
                        Fill(palette.GROUND),
                        Stroke(palette.BOUNDARY, 0.7, dash=(8.0, 1.6, 0.7, 1.6, 0.7, 1.6)),
                    ),
                ),
            )
        ),
        order=0,
        group=BASE,
        name_template="{name}",
    )
)
