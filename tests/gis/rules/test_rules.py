"""Each rule on the smallest plan that breaks it, and on one that does not."""

import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from gis.progress import Progress
from gis.rules.registry import all_rules, check
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table

SITE = box(0, 0, 200, 100)


def plan(**features):
    layers = {}
    for name, kind in standard_kinds().items():
        given = [Feature(f"{name}{i}", g, values) for i, (g, values) in enumerate(features.get(name, []))]
        layers[name] = Layer.of(kind, Table.from_features(given, [f.name for f in kind.fields]))
    return Snapshot("x", "EPSG:4548", layers)


def found(snapshot, code):
    return [f.uid for f in check(snapshot) if f.code == f"rules.{code}"]


def spot(code, status="reported"):
    return {"code": code, "title": "x", "category": "dead-end", "severity": 3, "status": status}


def road(*points, **values):
    return LineString(points), {"class": "lane", "width_m": 4.0, **values}


def test_an_empty_plan_breaks_no_rule():
    assert check(plan()) == ()


def test_new_work_outside_the_boundary_is_found_and_what_merely_exists_there_is_not():
    outside = box(190, 10, 210, 20)
    rows = [
        (outside, {"state": "new"}),
        (outside, {"state": "existing"}),
        (box(1, 1, 2, 2), {"state": "new"}),
    ]
    assert found(plan(boundary=[(SITE, {})], green=rows), "outside-boundary") == ["green0"]


def test_work_along_the_boundary_is_inside():
    edge = box(0, 0, 200.02, 10)
    assert found(plan(boundary=[(SITE, {})], green=[(edge, {"state": "new"})]), "outside-boundary") == []


def test_without_a_boundary_nothing_is_outside():
    assert found(plan(green=[(box(0, 0, 1, 1), {"state": "new"})]), "outside-boundary") == []


def test_buildings_that_overlap_are_found_once():
    rows = [(box(0, 0, 10, 10), {}), (box(9, 0, 20, 10), {}), (box(20, 0, 30, 10), {})]
    assert found(plan(building=rows), "buildings-overlap") == ["building0"]


def test_a_new_building_may_take_the_place_of_a_demolished_one():
    rows = [(box(0, 0, 10, 10), {"state": "demolish"}), (box(0, 0, 10, 10), {"state": "new"})]
    assert found(plan(building=rows), "buildings-overlap") == []


def test_a_shared_wall_drawn_twice_is_no_overlap():
    rows = [(box(0, 0, 10, 10), {}), (box(9.96, 0, 20, 10), {})]
    assert found(plan(building=rows), "buildings-overlap") == []


def test_an_open_spot_is_found_until_something_answers_it():
    spots = [
        (Point(1, 1), spot("T01")),
        (Point(2, 2), spot("T02")),
        (Point(3, 3), spot("T03", "not-adopted")),
    ]
    answered = [(box(0, 0, 5, 5), {"answers": "T02, T09"})]
    assert found(plan(traffic_spot=spots, green=answered), "spot-unanswered") == ["traffic_spot0"]


def test_an_answer_to_a_spot_that_does_not_exist_is_an_error():
    snapshot = plan(
        traffic_spot=[(Point(1, 1), spot("T01"))], green=[(box(0, 0, 5, 5), {"answers": "T01,T99"})]
    )
    (finding,) = [f for f in check(snapshot) if f.code == "rules.answer-unknown"]
    assert (finding.uid, finding.severity) == ("green0", "error")
    assert "T99" in finding.message.en


def test_a_spot_called_answered_needs_a_feature_that_answers_it():
    spots = [(Point(1, 1), spot("T01", "answered")), (Point(2, 2), spot("T02", "answered"))]
    snapshot = plan(traffic_spot=spots, green=[(box(0, 0, 5, 5), {"answers": "T01"})])
    assert found(snapshot, "spot-not-backed") == ["traffic_spot1"]


def test_missing_and_crossing_shapes_are_found():
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    rows = [(bow, {}), (None, {}), (Polygon(), {}), (box(5, 5, 6, 6), {})]
    assert found(plan(building=rows), "geometry") == ["building0", "building1", "building2"]


def test_empty_required_fields_are_found_by_name():
    snapshot = plan(road=[(LineString([(0, 0), (1, 1)]), {"class": "lane"})])
    (finding,) = [f for f in check(snapshot) if f.code == "rules.required"]
    assert (finding.uid, finding.field) == ("road0", "width_m")


def test_values_that_their_field_does_not_allow_are_found():
    assert (
        found(plan(building=[(box(0, 0, 1, 1), {"floors": 999, "use": "castle"})]), "value")
        == ["building0"] * 2
    )


def test_a_dead_end_is_found_and_junctions_are_not():
    roads = [
        road((-20, 50), (100, 50)),  # comes in from outside
        road((100, 50), (100, 90)),  # leads nowhere
        road((60, 50), (60, 20), (100.3, 49.8)),  # a loop from the middle of the first road
    ]
    assert found(plan(boundary=[(SITE, {})], road=roads), "dead-end") == ["road1"]


def test_a_road_that_stops_before_the_wall_is_a_dead_end():
    roads = [road((-20, 50), (100, 50)), road((100, 50), (100, 97))]
    assert found(plan(boundary=[(SITE, {})], road=roads), "dead-end") == ["road1"]


def test_a_road_to_a_gate_is_no_dead_end():
    snapshot = plan(
        boundary=[(SITE, {})],
        road=[road((-20, 50), (100, 50)), road((100, 50), (100, 80))],
        barrier=[(LineString([(98, 81), (102, 81)]), {"type": "gate"})],
    )
    assert found(snapshot, "dead-end") == []


def test_footways_and_demolished_roads_end_where_they_like():
    roads = [
        road((10, 50), (50, 50), **{"class": "footway"}),
        road((10, 60), (50, 60), state="demolish"),
    ]
    assert found(plan(boundary=[(SITE, {})], road=roads), "dead-end") == []


def test_a_road_that_only_meets_a_demolished_one_is_a_dead_end():
    roads = [road((-20, 50), (50, 50)), road((50, 50), (220, 50), state="demolish")]
    assert found(plan(boundary=[(SITE, {})], road=roads), "dead-end") == ["road0"]


def test_a_roundabout_alone_has_no_ends():
    ring = shapely.Point(50, 50).buffer(10).exterior
    assert found(plan(road=[(LineString(ring.coords), {"class": "lane", "width_m": 4.0})]), "dead-end") == []


def test_every_rule_has_a_code_of_its_own_and_two_words():
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len(rules) >= 9
    assert all(rule.title.zh and rule.title.en for rule in rules)


def test_errors_come_before_warnings_and_progress_is_told():
    heard = []
    snapshot = plan(traffic_spot=[(Point(1, 1), spot("T01"))], green=[(box(0, 0, 1, 1), {"answers": "T9"})])
    findings = check(snapshot, Progress(lambda fraction, _: heard.append(fraction)))
    assert [f.severity for f in findings] == ["error", "warning"]
    assert heard == sorted(heard)
    assert heard


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("请联系 13812345678", "phone number"),
        ("３－２－５０１漏水", "room number"),
        ("110105199003078888", "identity-card number"),
    ],
)
def test_personal_data_in_words_for_the_public_are_found_with_their_field(words, what):
    place = Point(0, 0)
    public, private = {"code": "D01", "title": words}, {"code": "D02", "title": "积水", "description": words}
    snapshot = plan(drainage_spot=[(place, public), (place, private)])
    found = [f for f in check(snapshot) if f.code == "rules.private-words"]
    assert [(f.layer, f.uid, f.field) for f in found] == [("drainage_spot", "drainage_spot0", "title")]
    assert what in found[0].message.en
    assert words not in found[0].message.en
