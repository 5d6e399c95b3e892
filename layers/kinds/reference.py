"""Reference drawing 参考底图: what came from a drawing and belongs to no other layer.

Nothing of a survey or design drawing is dropped: what cannot be a building or
a road stays visible, thin and grey, as something to draw over.
"""

from layers.kind import Kind, register
from layers.kinds._shared import BASE, IMPORTED
from layers.schema import Field, choices
from layers.style import Fill, Label, Marker, Rule, Stroke, Style
from layers.text import Text

TYPES = choices(
    drawing=("图线", "Linework"),
    text=("文字", "Text"),
    symbol=("图块", "Symbol"),
    dimension=("尺寸", "Dimension"),
)
_LINE = "#B3AEA6"
_INK = "#8F8A82"

REFERENCE = register(
    Kind(
        name="reference",
        title=Text("参考底图", "Reference drawing"),
        role="reference",
        geometry=("point", "line", "polygon"),
        fields=(
            Field("source_layer", Text("原图层", "Source layer")),
            Field("type", Text("类型", "Type"), "choice", domain=TYPES, default="drawing"),
            Field("text", Text("文字", "Text")),
            Field("color", Text("原颜色", "Source colour")),
            IMPORTED,
        ),
        style=Style(
            (
                Rule(
                    Text("参考文字", "Reference text"),
                    (Marker("circle", 0.3, fill=_LINE, line=_LINE, line_mm=0.0, max_scale=1000),),
                    {"type": ("text",)},
                ),
                Rule(
                    Text("参考图线", "Reference linework"),
                    (
                        Fill(_LINE, opacity=0.18),
                        Stroke(_LINE, 0.1),
                        Marker("circle", 0.6, fill="", line=_LINE, line_mm=0.1, max_scale=2500),
                    ),
                ),
            ),
            labels=(Label("{text}", 1.5, _INK, placement="right", priority=0, max_scale=750),),
        ),
        order=5,
        group=BASE,
        name_template="{source_layer} {text}",
        public=False,
    )
)
