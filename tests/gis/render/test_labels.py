import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from gis.render.labels import paint_labels, place
from gis.render.scene import blank_image, render_image
from layers.style import Fill, Label, Marker, Stroke
from tests.gis.render.maps import dark, layer_of, metre_view, pixels, snapshot_of, styled

VIEW = metre_view(400, 300)


def _texts(*layers, view=VIEW, **options):
    return [label.text for label in place(layers, view, **options).labels]


def _points(*labels, **places):
    features = [(Point(x, y), {"name": name}) for name, (x, y) in places.items()]
    return layer_of(styled(Marker("circle", 1.0), labels=labels), *features)


placements = st.sampled_from(["centre", "right", "below", "along", "upper-right"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.text("楼D05北 ", max_size=9)), max_size=60),
    placements,
    st.booleans(),
)
def test_no_two_labels_overlap_and_none_leaves_the_map(points, placement, areas):
    shapes = [(box(x, y, x + 40, y + 15) if areas else Point(x, y), {"name": name}) for x, y, name in points]
    layer = layer_of(styled(Fill("#FFFFFF"), labels=[Label("{name}", placement=placement)]), *shapes)
    boxes = [box(*b) for label in place([layer], VIEW).labels for b in label.boxes[:1]]
    for number, one in enumerate(boxes):
        assert box(0, 0, 400, 300).buffer(1e-6).contains(one)
        assert not any(one.intersection(other).area > 1e-9 for other in boxes[number + 1 :])


def test_where_two_labels_want_one_place_the_more_important_stands():
    label = {"placement": "upper-right"}
    low = layer_of(
        styled(labels=[Label("{name}", priority=1, **label)]), (box(100, 100, 200, 150), {"name": "low"})
    )
    high = layer_of(
        styled(labels=[Label("{name}", priority=5, **label)]), (box(100, 100, 200, 150), {"name": "high"})
    )
    assert _texts(low, high) == ["high"]
    assert _texts(high, low) == ["high"]


def test_a_label_moves_beside_its_place_before_it_gives_way():
    layer = _points(Label("{name}", placement="right"), a=(200, 150), b=(201, 150))
    assert sorted(_texts(layer)) == ["a", "b"]


def test_a_label_keeps_clear_of_obstacles():
    layer = _points(Label("{name}", placement="centre"), a=(200, 150))
    placed = place([layer], VIEW, obstacles=[(195, 147, 205, 153)]).labels
    assert placed[0].boxes[0][1] >= 153 or placed[0].boxes[0][3] <= 147


def test_a_feature_whose_fields_are_empty_has_no_label():
    layer = layer_of(styled(labels=[Label("DN{name}")]), Point(50, 50), (Point(90, 90), {"name": ""}))
    assert _texts(layer) == []


def test_a_value_that_tells_nobody_anything_gets_no_label():
    label = Label("P {severity}", hide_when=(("severity", 1),))
    bays = [(Point(60 * (i + 1), 100), {"severity": n}) for i, n in enumerate((1, 2, None, 1, 6))]
    assert sorted(_texts(layer_of(styled(labels=[label]), *bays))) == ["P 2", "P 6"]


def test_a_label_is_left_out_beyond_its_scale():
    layer = _points(Label("{name}", max_scale=1000), a=(200, 150))
    assert _texts(layer, view=VIEW.at_scale(1000)) == ["a"]
    assert _texts(layer, view=VIEW.at_scale(1100)) == []


def test_a_label_may_tell_area_and_length():
    layer = layer_of(styled(labels=[Label("{area_m2} m²")]), box(100, 100, 200, 150))
    assert _texts(layer) == ["5,000 m²"]


def test_letters_are_enlarged_to_the_smallest_size_allowed():
    layer = _points(Label("{name}", size_mm=2.0), a=(200, 150))
    small, large = place([layer], VIEW).labels[0], place([layer], VIEW, minimum_text_mm=4.0).labels[0]
    assert large.size_px == pytest.approx(2 * small.size_px, abs=1)


@pytest.mark.parametrize("line", [[(50, 100), (350, 250)], [(350, 250), (50, 100)], [(200, 20), (200, 280)]])
def test_a_name_along_a_line_follows_it_and_never_stands_on_its_head(line):
    layer = layer_of(
        styled(Stroke("#000000"), labels=[Label("{name}", placement="along")]),
        (LineString(line), {"name": "和平路"}),
    )
    (label,) = place([layer], VIEW).labels
    assert -90 <= label.angle_deg <= 90
    (x1, y1), (x2, y2) = line
    slope = np.degrees(np.arctan2(y1 - y2, x2 - x1))
    assert (label.angle_deg - slope) % 180 == pytest.approx(0, abs=0.5) or (
        slope - label.angle_deg
    ) % 180 < 0.5


def test_a_line_too_short_or_crooked_for_its_name_has_none():
    zigzag = [(100 + i * 8, 100 + (i % 2) * 12) for i in range(20)]
    label = [Label("{name}", placement="along")]
    layer = layer_of(
        styled(Stroke("#000000"), labels=label),
        (LineString([(10, 10), (30, 10)]), {"name": "很长的路名"}),
        (LineString(zigzag), {"name": "弯路弯路"}),
    )
    assert _texts(layer) == []


def test_a_name_along_a_street_in_pieces_is_said_once_nearby():
    label = [Label("{name}", placement="along")]
    pieces = [(LineString([(x, 100), (x + 90, 100)]), {"name": "和平路"}) for x in (0, 90, 180)]
    assert _texts(layer_of(styled(Stroke("#000000"), labels=label), *pieces)) == ["和平路"]


def test_a_word_on_a_narrow_tall_area_is_turned():
    layer = layer_of(
        styled(Fill("#DDDDDD"), labels=[Label("{name}")]), (box(100, 50, 118, 250), {"name": "沿街商铺"})
    )
    assert place([layer], VIEW).labels[0].angle_deg == pytest.approx(-90)


def test_a_word_much_larger_than_its_area_is_left_out():
    layer = layer_of(
        styled(Fill("#DDDDDD"), labels=[Label("{name}")]), (box(100, 50, 112, 60), {"name": "很长的名字"})
    )
    assert _texts(layer) == []


def test_the_part_of_a_large_area_in_view_carries_its_label():
    layer = layer_of(
        styled(Fill("#DDDDDD"), labels=[Label("{name}")]), (box(300, 200, 2000, 2000), {"name": "北区"})
    )
    (label,) = place([layer], VIEW).labels
    assert 300 < label.x < 400


def test_a_code_is_worded_in_the_language_asked_for():
    from layers.kinds import standard_kinds
    from layers.layer import Layer
    from layers.table import Table

    kind = standard_kinds()["note"]
    assert kind.field("type").word("level").in_language("en") == "Level"
    layer = layer_of(styled(labels=[Label("{name}")]), (Point(200, 150), {"name": "x"}))
    assert isinstance(Layer.of(kind, Table.empty([])), Layer)
    assert _texts(layer, language="en") == ["x"]


def test_letters_stand_on_a_white_halo():
    layer = layer_of(
        styled(Fill("#000000"), labels=[Label("{name}", 6.0, "#FF0000")]),
        (box(0, 0, 400, 300), {"name": "回"}),
    )
    grid = pixels(render_image(snapshot_of(layer), VIEW, veil=False))
    assert (grid.min(axis=2) > 200).sum() > 30
    assert ((grid[:, :, 0] > 200) & (grid[:, :, 1] < 80)).sum() > 30


def test_a_hundred_thousand_labels_are_placed_quickly_enough():
    from time import perf_counter

    random = np.random.default_rng(5)
    where = random.uniform(0, 400, (100_000, 2))
    from shapely import points

    from layers.layer import Layer
    from layers.table import Table

    sample = layer_of(styled(labels=[Label("{name}")]))
    columns = {n: np.full(100_000, None, dtype=object) for n in sample.table.columns}
    columns["name"] = np.array([f"{i}" for i in range(100_000)], dtype=object)
    uids = np.array([f"{i:032x}" for i in range(100_000)], dtype=object)
    layer = Layer.of(sample.kind, Table(uids, points(where), columns))
    begin = perf_counter()
    placed = place([layer], VIEW)
    assert 0 < len(placed.labels) < 1000
    assert perf_counter() - begin < 5


def test_painting_labels_leaves_ink_where_they_were_placed():
    placed = place([_points(Label("{name}", 4.0, "#000000", halo=False), 楼=(200, 150))], VIEW)
    image = blank_image(VIEW)
    image.fill(0xFFFFFFFF)
    from PyQt6.QtGui import QPainter

    painter = QPainter(image)
    paint_labels(painter, placed)
    painter.end()
    ink = dark(pixels(image))
    left, top, right, bottom = (round(v) for v in placed.labels[0].boxes[0])
    assert ink[top : bottom + 4, left:right].sum() > 0.9 * ink.sum() > 0


def _road_name(coords, name="环小区北路东段", view=VIEW):
    layer = layer_of(
        styled(Stroke("#000000"), labels=[Label("{name}", placement="along")]),
        (LineString(coords), {"name": name}),
    )
    return place([layer], view).labels


def test_a_name_goes_around_a_bend_letter_by_letter_and_each_stands_on_the_line():
    turn = np.radians(np.linspace(180, 0, 40))
    arc = np.c_[200 + 70 * np.cos(turn), 60 + 70 * np.sin(turn)]
    (label,) = _road_name(arc)
    assert "".join(letter for letter, *_ in label.letters) == "环小区北路东段"
    middles = [((left + right) / 2, 300 - (top + bottom) / 2) for left, top, right, bottom in label.boxes]
    assert max(LineString(arc).distance(Point(middle)) for middle in middles) < 2.0
    angles = [angle for *_, angle in label.letters]
    assert angles == sorted(angles)
    assert angles[-1] - angles[0] > 30


def test_a_name_prefers_the_straight_piece_of_a_bent_road():
    (label,) = _road_name([(40, 40), (60, 90), (100, 120), (330, 120)])
    assert not label.letters
    assert label.angle_deg == pytest.approx(0)
    assert label.x > 100


def test_a_name_does_not_turn_a_sharp_corner():
    assert _road_name([(200, 200), (200, 150), (250, 150)], "一条很长的路") == ()


@pytest.mark.parametrize("turn", [0.0, 30.0, 90.0, 200.0])
def test_a_word_on_a_narrow_area_lies_along_it_in_a_view_turned_any_way(turn):
    from dataclasses import replace

    shape = box(-9, -80, 9, 80)
    layer = layer_of(styled(Fill("#DDDDDD"), labels=[Label("{name}")]), (shape, {"name": "沿街商铺"}))
    view = replace(VIEW, centre_x=0.0, centre_y=0.0, turn_deg=turn)
    (label,) = place([layer], view).labels
    along = np.diff(np.array([view.to_px(0.0, 0.0), view.to_px(0.0, 10.0)]), axis=0)[0]
    slope = np.degrees(np.arctan2(along[1], along[0]))
    assert (label.angle_deg - slope + 1) % 180 == pytest.approx(1, abs=0.5)
    assert -90 <= label.angle_deg <= 90


def test_a_word_on_a_slanting_building_lies_along_it_where_it_does_not_fit_across():
    from shapely import affinity

    shape = affinity.rotate(box(120, 140, 280, 156), 40)
    layer = layer_of(styled(Fill("#DDDDDD"), labels=[Label("{name}")]), (shape, {"name": "沿街商铺"}))
    assert place([layer], VIEW).labels[0].angle_deg == pytest.approx(-40, abs=0.5)


@pytest.mark.parametrize(("tip", "end", "hand"), [((180, 135), (200, 150), 1), ((220, 135), (200, 150), -1)])
def test_the_words_of_a_leader_stand_level_beside_its_end_and_not_over_its_line(tip, end, hand):
    from layers.feature import Feature
    from layers.kinds import standard_kinds
    from layers.layer import Layer
    from layers.table import Table

    kind, view = standard_kinds()["note"], VIEW.at_scale(500)
    leader = Feature("0" * 32, LineString([tip, end]), {"text": "外墙保温改造", "type": "leader"})
    layer = Layer.of(kind, Table.from_features([leader], [field.name for field in kind.fields]))
    (label,) = place([layer], view).labels
    left, _, right, _ = label.boxes[0]
    at = view.to_px(*end)[0]
    assert label.angle_deg == 0
    assert (left > at) if hand > 0 else (right < at)


@pytest.mark.parametrize(
    "line", [[(100, 100), (300, 100)], [(300, 100), (100, 100)], [(150, 60), (250, 200)]]
)
def test_the_words_of_a_dimension_stand_above_its_line_and_leave_it_free(line):
    layer = layer_of(
        styled(Stroke("#000000"), labels=[Label("{name}", placement="above")]),
        (LineString(line), {"name": "26.19 m"}),
    )
    (label,) = place([layer], VIEW).labels
    shown = LineString([(x, 300 - y) for x, y in line])
    middles = [Point((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in label.boxes]
    away = [shown.distance(middle) for middle in middles]
    assert max(away) - min(away) < 0.5
    letter_px = label.size_px * 0.7
    assert min(away) > letter_px * 0.8
    assert all(m.y < shown.interpolate(shown.project(m)).y for m in middles)


@pytest.mark.parametrize("lean", [-2, 0, 2])
def test_nearly_upright_words_all_read_upwards(lean):
    (label,) = _road_name([(200, 20), (200 + lean, 280)], "和平路")
    assert label.angle_deg == pytest.approx(-90, abs=1)


@pytest.mark.parametrize("turn", [0.0, 15.0, 90.0])
def test_a_word_at_the_upper_right_stands_on_a_house_whose_bays_leave_its_box(turn):
    from dataclasses import replace

    house = Polygon([(-60, -20), (60, -20), (60, 15), (40, 15), (40, 30), (20, 30), (20, 15), (-60, 15)])
    look = styled(Fill("#DDDDDD"), labels=[Label("{name}", size_mm=2.0, placement="upper-right")])
    view = replace(VIEW, centre_x=0.0, centre_y=0.0, turn_deg=turn)
    (placed,) = place([layer_of(look, (house, {"name": "6F"}))], view).labels
    ((left, top, right, bottom),) = placed.boxes
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    assert house.buffer(2.0).contains(Polygon([view.to_world(x, y) for x, y in corners]))
