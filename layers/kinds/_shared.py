"""What several kinds share: groups, the five plan states, and common fields."""

from __future__ import annotations

from typing import Final

from layers import palette
from layers.schema import Field, choices
from layers.style import Crosses, Fill, Hatch, Rule, Stroke
from layers.text import Text

BASE: Final = Text("现状底图", "Base map")
UTILITIES: Final = Text("管线", "Utilities")
PLAN: Final = Text("改造方案", "Plan")
PROBLEMS: Final = Text("问题点", "Problem spots")

STATES: Final = choices(
    existing=("现状保留", "Existing"),
    renovated=("改造", "Renovated"),
    new=("新建", "New"),
    demolish=("拆除", "To be demolished"),
    reserved=("预留", "Reserved"),
)

STATE: Final = Field(
    "state",
    Text("状态", "State"),
    "choice",
    domain=STATES,
    default="existing",  # what a survey brings
    drawn="new",
    kept_in_copies=("new", "reserved"),
    public=True,
)
ANSWERS: Final = Field(
    "answers", Text("回应问题", "Answers spots"), public=True, of_change=True, codes="several"
)
REASON: Final = Field("reason", Text("修改理由", "Reason"), public=True, of_change=True)
NOTE: Final = Field("note", Text("备注", "Note"), "long_text")
PHOTOS: Final = Field("photos", Text("照片", "Photos"), "photos")
IMPORTED: Final = Field("imported", Text("导入的其他属性", "Other imported attributes"), "long_text")


def plan_fields() -> tuple[Field, ...]:
    """Return the fields that every kind a plan can change has."""
    return (STATE, ANSWERS, REASON, NOTE, IMPORTED)


AREA_STATES: Final = (
    Rule(
        Text("改造", "Renovated"),
        (
            Fill(palette.RENOVATED, opacity=0.18),
            Hatch("diagonal", palette.RENOVATED, spacing_mm=2.0, width_mm=0.18),
            Stroke(palette.RENOVATED, 0.5),
        ),
        {"state": ("renovated",)},
    ),
    Rule(
        Text("新建", "New"),
        (Fill(palette.NEW, opacity=0.22), Stroke(palette.NEW, 0.7)),
        {"state": ("new",)},
    ),
    Rule(
        Text("拆除", "To be demolished"),
        (
            Hatch("cross", palette.DEMOLISH, spacing_mm=2.4, width_mm=0.13),
            Stroke(palette.DEMOLISH, 0.35),
            Crosses(palette.DEMOLISH),
        ),
        {"state": ("demolish",)},
    ),
    Rule(
        Text("预留", "Reserved"),
        (Stroke(palette.RESERVED, 0.35, dash=(2.4, 1.2)),),
        {"state": ("reserved",)},
    ),
)
"""How areas and their outlines show a plan state, on top of their own symbol."""

LINE_STATES: Final = (
    Rule(
        Text("改造", "Renovated"),
        (Stroke(palette.RENOVATED, 0.7, dash=(4.0, 1.0)),),
        {"state": ("renovated",)},
    ),
    Rule(Text("新建", "New"), (Stroke(palette.NEW, 0.8),), {"state": ("new",)}),
    Rule(
        Text("拆除", "To be demolished"),
        (Stroke(palette.DEMOLISH, 0.35), Crosses(palette.DEMOLISH)),
        {"state": ("demolish",)},
    ),
    Rule(
        Text("预留", "Reserved"), (Stroke(palette.RESERVED, 0.35, dash=(2.4, 1.2)),), {"state": ("reserved",)}
    ),
)
"""The same for lines without ground width."""

BAND_STATES: Final = (
    Rule(
        Text("改造", "Renovated"),
        (
            Stroke(palette.RENOVATED, 0.35, width_field="width_m"),
            Stroke(palette.RENOVATED, 0.0, width_field="width_m", opacity=0.16),
            Hatch("diagonal", palette.RENOVATED, spacing_mm=2.0, width_mm=0.18, width_field="width_m"),
        ),
        {"state": ("renovated",)},
    ),
    Rule(
        Text("新建", "New"),
        (
            Stroke(palette.NEW, 0.55, width_field="width_m"),
            Stroke(palette.NEW, 0.0, width_field="width_m", opacity=0.22),
        ),
        {"state": ("new",)},
    ),
    Rule(
        Text("拆除", "To be demolished"),
        (
            Stroke(palette.DEMOLISH, 0.3, width_field="width_m"),
            Crosses(palette.DEMOLISH, size_mm=1.8),
        ),
        {"state": ("demolish",)},
    ),
    Rule(
        Text("预留", "Reserved"),
        (Stroke(palette.RESERVED, 0.35, dash=(2.4, 1.2), width_field="width_m", round=False),),
        {"state": ("reserved",)},
    ),
)
"""The same for roads, drawn as bands of their true width; their casings lie below all road surfaces."""
