"""Parking: single bays and bay areas 停车位."""

from layers import palette
from layers.kind import Kind, register
from layers.kinds._shared import AREA_STATES, BASE, plan_fields
from layers.schema import Field, choices
from layers.style import Fill, Label, Rule, Stroke, Style
from layers.text import Text

USES = choices(
    car=("小汽车", "Car"),
    accessible=("无障碍", "Accessible"),
    drop_off=("接送临停", "Drop-off"),
    charging=("充电", "Charging"),
    bicycle=("非机动车", "Bicycle"),
)

PARKING = register(
    Kind(
        name="parking",
        title=Text("停车位", "Parking"),
        role="parking",
        geometry=("polygon",),
        fields=(
            Field("use", Text("用途", "Use"), "choice", domain=USES, default="car", public=True),
            Field(
                "bays",
                Text("车位数", "Bays"),
                "integer",
                minimum=0,
                maximum=5000,
                default=1,
                public=True,
                summed=True,
            ),
            *plan_fields(),
        ),
        style=Style(
            (
                Rule(
                    Text("非机动车棚", "Bicycle shed"),
                    (Fill("#E3E5DC"), Stroke(palette.PARKING_LINE, 0.18)),
                    {"use": ("bicycle",)},
                ),
                Rule(
                    Text("接送临停车位", "Drop-off bay"),
                    (Fill("#F3E7C8"), Stroke(palette.PARKING_LINE, 0.13)),
                    {"use": ("drop-off",)},
                ),
                Rule(
                    Text("停车位", "Parking bay"), (Fill(palette.PARKING), Stroke(palette.PARKING_LINE, 0.13))
                ),
            ),
            overlays=AREA_STATES,
            labels=(
                Label(
                    "P {bays}", 2.0, palette.TEXT_SOFT, priority=1, max_scale=300, hide_when=(("bays", 1),)
                ),
            ),
        ),
        order=30,
        group=BASE,
        name_template="{use} {bays}",
    )
)
