"""Notes and dimensions 注记与尺寸标注."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import IMPORTED, PLAN
from layers.schema import Field, choices
from layers.style import Label, Marker, Rule, Stroke, Style
from layers.text import Text

TYPES = choices(
    note=("文字", "Note"),
    dimension=("尺寸", "Dimension"),
    radius=("半径", "Radius"),
    area=("面积", "Area"),
    leader=("引线", "Leader"),
    level=("标高", "Level"),
)
_NOT_LEADERS = ("note", "dimension", "radius", "area", "level")

NOTES = register(
    Kind(
        name="note",
        title=Text("注记与尺寸", "Notes and dimensions"),
        role="annotation",
        geometry=("point", "line"),
        fields=(
            Field("text", Text("文字", "Text"), public=True),
            Field("type", Text("类型", "Type"), "choice", domain=TYPES, default="note", public=True),
            IMPORTED,
        ),
        style=Style(
            (
                Rule(
                    Text("尺寸线", "Dimension line"),
                    (Stroke(palette.TEXT, 0.18),),
                    {"type": ("dimension", "radius", "leader")},
                ),
                Rule(Text("注记", "Note"), (Marker("circle", 0.6, fill=palette.TEXT, line=palette.TEXT),)),
            ),
            labels=(
                Label(
                    "{text}",
                    2.2,
                    palette.TEXT,
                    placement="above",
                    priority=5,
                    max_scale=1500,
                    hide_when=(("type", "leader"),),
                ),
                Label(
                    "{text}",
                    2.2,
                    palette.TEXT,
                    placement="end",
                    priority=5,
                    max_scale=1500,
                    hide_when=tuple(("type", code) for code in _NOT_LEADERS),
                ),
            ),
        ),
        order=80,
        group=PLAN,
        name_template="{text}",
    )
)
