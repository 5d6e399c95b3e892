import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from shapely import LineString, Point, box

from gis.render.legend import legend_entries, paint_swatch, swatch_image
from gis.render.scene import blank_image
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Fill, Marker, Stroke
from layers.table import Table
from tests.gis.render.maps import metre_view, pixels, rgb


def _snapshot(**features) -> Snapshot:
    layers = {}
    for name, rows in features.items():
        kind = standard_kinds()[name]
        made = [Feature(f"{i:032x}", g, {**kind.defaults(), **values}) for i, (g, values) in enumerate(rows)]
        layers[name] = Layer.of(kind, Table.from_features(made, [f.name for f in kind.fields]))
    ordered = dict(sorted(layers.items(), key=lambda item: item[1].kind.order))
    return Snapshot("t", "EPSG:4548", ordered)


ESTATE = _snapshot(
    building=[
        (box(0, 0, 10, 10), {"use": "housing", "state": "new"}),
        (box(100, 0, 110, 10), {"use": "kindergarten", "state": "existing"}),
    ],
    road=[(LineString([(0, 20), (50, 20)]), {"state": "new"})],
    drainage_spot=[(Point(5, 5), {"status": "reported"}), (Point(105, 5), {"status": "answered"})],
    tree=[],
)


def _titles(entries) -> list[str]:
    return [entry.title.zh for entry in entries]


def test_a_legend_lists_only_what_occurs_on_the_map():
    assert _titles(legend_entries(ESTATE, (-1, -1, 60, 60))) == [
        "排水问题点：待解决",
        "新建",
        "住宅楼",
        "道路",
    ]
    assert _titles(legend_entries(ESTATE, (90, -1, 120, 30))) == ["排水问题点：已回应", "公共建筑"]


def test_a_legend_of_everything_runs_from_top_to_bottom():
    titles = _titles(legend_entries(ESTATE))
    assert titles == ["排水问题点：已回应", "排水问题点：待解决", "新建", "公共建筑", "住宅楼", "道路"]


def test_a_state_that_several_layers_share_is_one_line_by_its_clearest_sign():
    (state,) = [entry for entry in legend_entries(ESTATE) if entry.state]
    assert (state.title.en, state.geometry) == ("New", "polygon")


def test_the_plan_states_stand_together():
    plan = _snapshot(
        building=[(box(0, 0, 10, 10), {"state": "demolish"}), (box(20, 0, 30, 10), {"state": "renovated"})],
        road=[(LineString([(0, 20), (50, 20)]), {"state": "reserved"})],
        parking=[(box(0, 40, 10, 50), {"state": "new"})],
    )
    titles = _titles(legend_entries(plan))
    assert titles == ["改造", "新建", "拆除", "预留", "住宅楼", "停车位", "道路"]


def test_entries_of_two_layers_that_would_read_alike_name_their_layer():
    plan = _snapshot(
        facility=[(Point(5, 5), {"type": "estate-gate"})],
        barrier=[(LineString([(0, 20), (50, 20)]), {"type": "gate"})],
        road=[(LineString([(0, 30), (50, 30)]), {})],
    )
    titles = _titles(legend_entries(plan))
    assert titles == ["大门（设施）", "大门（围墙与大门）", "道路"]


def test_an_invisible_layer_is_not_in_the_legend():
    from dataclasses import replace

    hidden = {name: replace(layer, visible=name != "road") for name, layer in ESTATE.layers.items()}
    assert "道路" not in _titles(legend_entries(replace(ESTATE, layers=hidden)))


def test_what_a_small_scale_leaves_out_is_not_in_its_legend():
    drains = _snapshot(drain_node=[(Point(5, 5), {"type": "inlet"})])
    assert _titles(legend_entries(drains, denominator=500)) == ["雨水口"]
    assert _titles(legend_entries(drains, denominator=5000)) == []


def test_the_extent_counts_shapes_and_not_their_boxes():
    around = _snapshot(road=[(LineString([(0, 0), (0, 100), (100, 100)]), {})])
    assert legend_entries(around, (50, 10, 90, 50)) == ()


@pytest.mark.parametrize(
    ("symbol", "geometry", "color"),
    [
        ((Fill("#FF0000"), Stroke("#0000FF", 0.3)), "polygon", "#FF0000"),
        ((Stroke("#00AA00", 1.0),), "line", "#00AA00"),
        (
            (Stroke("#333333", 0.2, width_field="width_m"), Stroke("#FFCC00", 0.0, width_field="width_m")),
            "line",
            "#FFCC00",
        ),
        ((Marker("circle", 30.0, fill="#884400"),), "point", "#884400"),
    ],
)
def test_a_swatch_shows_the_symbol_in_its_middle_and_stays_inside(symbol, geometry, color):
    from PyQt6.QtGui import QPainter

    image = blank_image(metre_view(60, 40))
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    paint_swatch(painter, QRectF(10, 10, 40, 20), symbol, geometry)
    painter.end()
    grid = pixels(image)
    assert grid[20, 30].tolist() == rgb(color)
    outside = np.ones((40, 60), dtype=bool)
    outside[10:30, 10:50] = False
    assert (grid[outside] == 255).all()


def test_every_symbol_of_every_kind_has_a_swatch_with_ink():
    for kind in standard_kinds().values():
        for rule in (*kind.style.rules, *kind.style.overlays):
            shapes = {shape: swatch_image(rule.symbol, shape, 36, 22) for shape in kind.geometry}
            inked = [
                s
                for s, image in shapes.items()
                if np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8).any()
            ]
            assert inked, f"{kind.name}: {rule.title.en}"


def test_a_swatch_image_is_sharp_on_a_fine_screen():
    image = swatch_image((Fill("#FF0000"),), "polygon", 36, 22, ratio=2.0)
    assert (image.width(), image.height(), image.devicePixelRatio()) == (72, 44, 2.0)
