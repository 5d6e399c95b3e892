"""Drawing into the active layer."""

import itertools

import pytest
import shapely
from PyQt6.QtCore import Qt

from gis import measure
from gis.edit.exact import Polar
from gis.edit.looks import set_filter, set_scales
from layers.condition import Compare, Constant, FieldValue
from layers.text import Text
from tests.ui.canvas.mapping import ALT, EAST, NORTH, SHIFT
from ui.models.layer_list import set_opacity, set_visible


def rows(project, layer):
    return len(project.snapshot.layers[layer].table)


def last(project, layer):
    table = project.snapshot.layers[layer].table
    return table.at(len(table) - 1)


@pytest.fixture
def draw(canvas):
    def begin(tool, layer):
        canvas.active_layer = layer
        canvas.set_tool(tool)
        canvas.snapping = False
        return canvas.tool

    return begin


@pytest.fixture
def offers(session):
    made = []
    session.offered.connect(made.append)
    return made


def test_a_point_goes_where_it_was_clicked_with_the_defaults_of_its_kind(hand, project, draw, session):
    draw("draw-point", "tree")
    hand.click(5, 5)
    tree = last(project, "tree")
    assert (tree.geometry.x - EAST, tree.geometry.y - NORTH) == pytest.approx((5, 5), abs=0.01)
    kind = project.snapshot.layers["tree"].kind
    defaults = {**kind.defaults(), **kind.drawn()}
    assert defaults
    assert {name: tree.attributes[name] for name in defaults} == defaults
    assert session.selection == {("tree", tree.uid)}


@pytest.mark.parametrize("ending", ["enter", "double-click", "right-click"])
def test_a_line_is_finished_by_enter_double_click_or_right_click(hand, project, draw, ending):
    draw("draw-line", "road")
    hand.click(-5, 15)
    hand.click(5, 15)
    if ending == "double-click":
        hand.double_click(5, 25)
    else:
        hand.click(5, 25)
        hand.key(Qt.Key.Key_Return) if ending == "enter" else hand.right_click(20, 25)
    line = last(project, "road").geometry
    assert rows(project, "road") == 2
    assert [(x - EAST, y - NORTH) for x, y in line.coords] == [
        pytest.approx(place, abs=0.01) for place in [(-5, 15), (5, 15), (5, 25)]
    ]


def test_the_tool_stays_active_for_the_next_shape(canvas, hand, project, draw):
    draw("draw-line", "road")
    for north in (12, 18):
        hand.click(-5, north)
        hand.click(5, north)
        hand.key(Qt.Key.Key_Return)
    assert rows(project, "road") == 3
    assert canvas.tool_id == "draw-line"


def test_backspace_takes_back_a_vertex_and_escape_all(hand, project, draw):
    tool = draw("draw-line", "road")
    for east in (-5, 0, 5):
        hand.click(east, 15)
    hand.key(Qt.Key.Key_Backspace)
    assert len(tool.points) == 2
    hand.key(Qt.Key.Key_Escape)
    assert tool.points == []
    assert rows(project, "road") == 1


def test_an_area_is_one_step(hand, project, draw):
    steps = len(project.history.done)
    draw("draw-polygon", "green")
    for place in [(-5, 15), (5, 15), (5, 25)]:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert last(project, "green").geometry.area == pytest.approx(50, abs=0.5)
    assert len(project.history.done) == steps + 1


def test_a_bow_tie_is_refused_with_a_word_why_and_stays_to_be_mended(hand, project, draw, messages):
    tool = draw("draw-polygon", "green")
    for place in [(-5, 15), (5, 25), (5, 15), (-5, 25)]:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert rows(project, "green") == 0
    assert messages[0][0] == "error"
    assert "自相交" in messages[0][1].zh
    assert len(tool.points) == 4
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    assert rows(project, "green") == 1


def test_a_layer_without_areas_refuses_one_at_the_first_click(hand, project, draw, offers):
    tool = draw("draw-polygon", "tree")
    hand.click(-5, 15)
    assert tool.points == []
    assert offers[0].level == "warning"
    assert project.snapshot.layers["tree"].title.zh in offers[0].what.zh
    assert project.snapshot.layers["building"].title in [title for title, _ in offers[0].acts]


def test_without_an_active_layer_the_user_is_offered_those_there_are(hand, draw, offers, project):
    draw("draw-point", None)
    hand.click(5, 5)
    assert offers[0].level == "warning"
    assert project.snapshot.layers["tree"].title in [title for title, _ in offers[0].acts]


def test_nothing_can_be_drawn_on_a_revision(hand, project, session, draw, messages):
    project.freeze("公示稿")
    session.show_state("R1", project.state("R1"))
    tool = draw("draw-line", "road")
    hand.click(-5, 15)
    assert tool.points == []
    assert messages[0][0] == "warning"


def test_two_clicks_or_one_drag_make_a_rectangle(hand, project, draw):
    draw("draw-rectangle", "building")
    hand.click(-5, 14)
    hand.click(5, 20)
    hand.drag((10, 14), (16, 20))
    areas = [g.area for g in project.snapshot.layers["building"].table.geometry[2:]]
    assert areas == [pytest.approx(60, abs=0.1), pytest.approx(36, abs=0.1)]


def test_shift_makes_the_rectangle_a_square(hand, project, draw):
    draw("draw-rectangle", "building")
    hand.click(-5, 14)
    hand.click(5, 20, SHIFT)
    west, south, east, north = last(project, "building").geometry.bounds
    assert east - west == pytest.approx(north - south, abs=1e-6)


def test_shift_holds_a_segment_to_an_eighth_of_the_circle(hand, project, draw):
    draw("draw-line", "road")
    hand.click(-5, 15)
    hand.click(5, 16, SHIFT)
    hand.key(Qt.Key.Key_Return)
    first, second = last(project, "road").geometry.coords
    assert second[1] == pytest.approx(first[1], abs=1e-6)


def test_a_vertex_near_a_corner_is_exactly_that_corner_unless_alt_is_held(canvas, hand, project, draw):
    draw("draw-line", "road")
    canvas.snapping = True
    hand.click(-29.0, 9.0)
    assert canvas.tool.points == [(EAST - 30, NORTH + 10)]
    hand.click(-11.0, 9.0, ALT)
    assert canvas.tool.points[1] == pytest.approx((EAST - 11, NORTH + 9), abs=0.01)


def test_the_key_s_switches_snapping(canvas, hand, qtbot, draw):
    draw("draw-line", "road")
    with qtbot.waitSignal(canvas.snapping_changed) as told:
        hand.key(Qt.Key.Key_S)
    assert told.args == [True]
    assert canvas.snapping


def test_a_shape_drawn_into_a_spot_layer_goes_to_its_form_instead_of_the_plan(
    canvas, hand, project, draw, qtbot
):
    draw("draw-line", "traffic_spot")
    hand.click(-5, 15)
    hand.click(5, 15)
    with qtbot.waitSignal(canvas.spot_placed) as told:
        hand.key(Qt.Key.Key_Return)
    assert told.args[0] == "traffic_spot"
    assert told.args[1].length == pytest.approx(10, abs=0.1)
    assert rows(project, "traffic_spot") == 0


@pytest.mark.parametrize(
    ("tool", "layer"), [("add-drainage-spot", "drainage_spot"), ("add-traffic-spot", "traffic_spot")]
)
def test_a_spot_is_asked_for_where_it_was_clicked(canvas, hand, tool, layer, qtbot):
    canvas.set_tool(tool)
    with qtbot.waitSignal(canvas.spot_placed) as told:
        hand.click(3, 4)
    assert told.args[0] == layer
    assert (told.args[1].x - EAST, told.args[1].y - NORTH) == pytest.approx((3, 4), abs=0.2)


def test_the_card_beside_the_pointer_tells_length_heading_and_area(hand, draw):
    tool = draw("draw-polygon", "green")
    hand.click(0, 15)
    hand.click(10, 15)
    hand.move(10, 20)
    words = [line.words for line in tool.lines()]
    assert words[0] == "5.00 m   方位 0.0°   夹角 90.0°"
    assert words[1:] == ["累计 15.00 m", "面积 25.0 m²"]


def test_each_tool_says_what_it_waits_for(canvas, hand, qtbot, draw):
    with qtbot.waitSignal(canvas.hint_changed) as told:
        draw("draw-line", "road")
    first = told.args[0]
    with qtbot.waitSignal(canvas.hint_changed) as told:
        hand.click(0, 15)
    assert told.args[0] != first


def test_shift_holds_the_next_segment_to_an_eighth_from_the_last_one(canvas, hand, project, draw):
    draw("draw-line", "road")
    hand.click(-5, 15)
    hand.click(5, 18)
    hand.click(3.5, 25, SHIFT)
    hand.key(Qt.Key.Key_Return)
    a, b, c = last(project, "road").geometry.coords
    assert measure.turn_deg(a, b, c) == pytest.approx(90, abs=0.05)
    assert measure.heading_deg(b, c) != pytest.approx(0, abs=1)


def test_in_a_turned_view_shift_and_the_rectangle_follow_the_screen(canvas, hand, project, draw):
    canvas.navigator.turn_to(30.0)
    draw("draw-line", "road")
    hand.click(-5, 15)
    hand.click(4, 20.5, SHIFT)
    hand.key(Qt.Key.Key_Return)
    start, end = (canvas.viewport.to_px(*place) for place in last(project, "road").geometry.coords)
    assert start[1] == pytest.approx(end[1], abs=0.1)
    draw("draw-rectangle", "building")
    hand.click(-5, 15)
    hand.click(6, 18)
    shape = last(project, "building").geometry
    x, y = canvas.viewport.to_px(*shapely.get_coordinates(shape).T)
    assert len({round(float(v), 2) for v in x}) == len({round(float(v), 2) for v in y}) == 2
    assert shape.is_valid


def test_sides_typed_in_a_turned_view_go_along_the_screen(canvas, hand, project, draw):
    canvas.navigator.turn_to(30.0)
    draw("draw-rectangle", "building")
    hand.click(-5, 15)
    hand.move(2, 20)
    canvas.tool.enter({"length": Polar(6.0), "height": 4.0})
    sides = sorted(measure.segment_length_m(*pair) for pair in _edges(last(project, "building").geometry))
    assert sides == [pytest.approx(4.0), pytest.approx(4.0), pytest.approx(6.0), pytest.approx(6.0)]


def _edges(shape):
    coords = list(shape.exterior.coords)
    return list(itertools.pairwise(coords))


def test_a_layer_that_does_not_take_the_shape_offers_those_that_do(canvas, hand, project, draw, offers):
    draw("draw-line", "building")
    hand.click(-5, 15)
    titles = [title.en for title, _ in offers[0].acts]
    assert "Roads" in titles
    assert "Buildings" not in titles
    offers[0].acts[titles.index("Roads")][1]()
    assert canvas.active_layer == "road"
    hand.click(-5, 15)
    hand.click(5, 15)
    hand.key(Qt.Key.Key_Return)
    assert rows(project, "road") == 2


TWO_POINTS = ((-20, 14), (-5, 20))
THREE_POINTS = ((-20, 14), (0, 14), (0, 25))


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize(
    ("tool", "layer", "places"),
    [
        ("draw-point", "tree", TWO_POINTS[:1]),
        ("draw-line", "road", TWO_POINTS),
        ("draw-polygon", "green", THREE_POINTS),
        ("draw-rectangle", "green", TWO_POINTS),
        ("draw-rectangle-3", "green", THREE_POINTS),
        ("draw-circle", "green", TWO_POINTS),
        ("draw-band", "green", TWO_POINTS),
        ("draw-building", "building", THREE_POINTS),
        ("draw-parking-row", "parking", THREE_POINTS),
    ],
)
def test_what_is_drawn_is_new_whatever_the_tool_unless_what_exists_is_traced(
    hand, project, draw, session, tool, layer, places, existing
):
    session.draws_existing = existing
    draw(tool, layer)
    for place in places:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    assert last(project, layer).attributes["state"] == ("existing" if existing else "new")


def test_problem_spots_and_notes_have_no_plan_state_to_be_given(project):
    kinds = [layer.kind for layer in project.snapshot.layers.values()]
    assert {k.role for k in kinds if not k.drawn()} >= {"drainage-spot", "traffic-spot"}
    assert all(k.field("state") is not None for k in kinds if k.drawn())


@pytest.mark.parametrize(("shape", "layer", "wrong"), [("line", "road", "tree"), ("point", "tree", "road")])
def test_choosing_a_layer_that_was_offered_goes_on_from_the_place_that_was_clicked(
    hand, canvas, project, draw, offers, shape, layer, wrong
):
    before = len(project.snapshot.layers[layer].table)
    draw(f"draw-{shape}", wrong)
    hand.click(-5, 20)
    title = project.snapshot.layers[layer].title
    next(do for what, do in offers[0].acts if what == title)()
    if shape == "line":
        hand.click(5, 20)
        hand.key(Qt.Key.Key_Return)
    assert len(project.snapshot.layers[layer].table) == before + 1


HIDES = {
    "没有显示": lambda state: set_visible(["road"], False)(state),
    "完全透明": lambda state: set_opacity("road", 0.0)(state),
    "这个比例尺不显示": lambda state: set_scales(state, "road", 1, 2),
    "筛选条件": lambda state: set_filter(state, "road", Compare(FieldValue("width_m"), ">", Constant(90))),
}


@pytest.mark.parametrize("why", [*HIDES, None])
def test_what_is_drawn_where_it_does_not_show_is_told(hand, project, draw, session, offers, why):
    if why is not None:
        project.apply(HIDES[why](project.snapshot), Text("样式", "look"))
    draw("draw-line", "road")
    for place in TWO_POINTS:
        hand.click(*place)
    hand.key(Qt.Key.Key_Return)
    told = [offer for offer in offers if "道路" in offer.what.zh]
    assert [why in offer.what.zh for offer in told] == ([True] if why else [])
    for offer in told:
        for _, act in offer.acts:
            act()
    assert project.snapshot.layers["road"].visible
