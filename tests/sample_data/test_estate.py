"""What the sample estate promises: believable, connected, in order, alike on every run."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely import Point

from gis.revisions.compare import compare
from layers.codes import split_codes
from layers.feature import Feature
from layers.snapshot import Snapshot
from layers.table import numbers
from sample_data.estate import EstateContent, content
from sample_data.grid import EAST, NORTH
from sample_data.streets import DEAD_ENDS

SHEETS = {("A0", 500): (577 - 85, 410), ("A1", 1000): (806 - 170, 574)}
"""Ground that a sheet shows at a scale beside the column of words, metres wide and high."""


def features(snapshot: Snapshot, layer: str, **wanted: object) -> list[Feature]:
    found = snapshot.layers[layer].table
    return [f for f in found if all(f.attributes[k] == v for k, v in wanted.items())]


def bands(snapshot: Snapshot) -> dict[str, shapely.Geometry]:
    """Carriageways as areas of their true width."""
    return {
        f.uid: f.geometry.buffer(f.attributes["width_m"] / 2, cap_style="flat")
        for f in features(snapshot, "road")
        if f.attributes["class"] != "footway"
    }


def overlaps(first: list[shapely.Geometry], second: list[shapely.Geometry]) -> list[tuple[int, int]]:
    """Pairs that share more than a sliver of 100 cm²."""
    tree = shapely.STRtree(second)
    left, right = tree.query(first, predicate="intersects")
    return [
        (int(a), int(b))
        for a, b in zip(left, right, strict=True)
        if first[a] is not second[b] and first[a].intersection(second[b]).area > 0.01
    ]


def test_two_runs_give_the_same_estate(estate: EstateContent) -> None:
    again = content()
    assert again == estate
    assert list(again.base.features) == list(estate.base.features)


def test_the_notes_say_that_the_estate_is_fictional(base: Snapshot) -> None:
    assert "虚构" in base.settings["project.note"]
    assert "示例" in base.title


def test_every_geometry_is_valid_and_on_the_millimetre(state: Snapshot) -> None:
    for layer in state.layers.values():
        missing = shapely.is_missing(layer.table.geometry)
        assert not missing.any() or not layer.kind.geometry_required, layer.id
        assert shapely.is_valid(layer.table.geometry[~missing]).all(), layer.id
        assert not shapely.is_empty(layer.table.geometry).any(), layer.id
        corners = shapely.get_coordinates(layer.table.geometry)
        assert np.abs(corners - np.round(corners, 3)).max(initial=0) < 1e-6, layer.id


def test_every_value_fits_its_field(state: Snapshot) -> None:
    for layer in state.layers.values():
        for feature in layer.table:
            for field in layer.fields:
                assert field.problem(feature.attributes[field.name]) is None, (layer.id, field.name, feature)


def test_ids_are_unique_and_look_like_ids(state: Snapshot) -> None:
    uids = [uid for layer in state.layers.values() for uid in layer.table.uids]
    assert len(set(uids)) == len(uids)
    assert all(len(uid) == 32 and int(uid, 16) for uid in uids)


def test_the_slabs_hold_1186_households(base: Snapshot) -> None:
    slabs = features(base, "building", use="housing")
    assert len(slabs) == 52
    assert sum(f.attributes["households"] for f in slabs) == 1186
    assert {f.attributes["floors"] for f in slabs} == {5, 6}
    assert {f.attributes["year"] for f in slabs} == {1997, 1998, 1999}


def test_households_are_two_a_landing_above_the_storerooms(base: Snapshot) -> None:
    for slab in features(base, "building", use="housing"):
        a = slab.attributes
        assert a["households"] == a["units"] * (a["floors"] - 1) * 2, a["number"]


def test_slabs_are_numbered_in_reading_order(base: Snapshot) -> None:
    slabs = features(base, "building", use="housing")
    assert [f.attributes["number"] for f in slabs] == [str(i) for i in range(1, 53)]
    tops = [round(f.geometry.bounds[1] / 14) for f in slabs]
    assert tops == sorted(tops, reverse=True)
    for left, right in pairwise(slabs):
        if left.geometry.centroid.y - right.geometry.centroid.y < 10:
            assert left.geometry.bounds[2] < right.geometry.bounds[0]


def test_there_are_some_seventy_buildings(base: Snapshot) -> None:
    assert len(base.layers["building"].table) == 72


def test_slabs_stand_far_enough_apart(base: Snapshot) -> None:
    slabs = [f.geometry for f in features(base, "building", use="housing")]
    tree = shapely.STRtree(slabs)
    a, b = tree.query(slabs, predicate="dwithin", distance=6.0)
    assert (a == b).all(), "less than the 6 m that fire separation asks for"


def test_buildings_do_not_overlap(state: Snapshot) -> None:
    houses = [f.geometry for f in features(state, "building")]
    assert overlaps(houses, houses) == []


def test_no_road_runs_through_a_building_that_stays(state: Snapshot) -> None:
    houses = [f.geometry for f in features(state, "building") if f.attributes["state"] != "demolish"]
    assert overlaps(houses, list(bands(state).values())) == []


def test_bays_lie_beside_roads_and_buildings_and_apart(state: Snapshot) -> None:
    bays = [f.geometry for f in features(state, "parking") if f.attributes["state"] != "demolish"]
    assert overlaps(bays, bays) == []
    assert overlaps(bays, [f.geometry for f in features(state, "building")]) == []
    assert overlaps(bays, list(bands(state).values())) == []


def test_bays_have_the_size_of_bays(state: Snapshot) -> None:
    for bay in features(state, "parking", bays=1):
        west, south, east, north = bay.geometry.bounds
        assert tuple(sorted((round(east - west, 3), round(north - south, 3)))) in {(2.5, 5.3), (2.5, 6.0)}


def test_everything_of_the_estate_lies_inside_the_boundary(state: Snapshot) -> None:
    site = features(state, "boundary")[0].geometry
    for layer in ("building", "parking", "plan_element", "drainage_spot", "traffic_spot"):
        outside = [f for f in features(state, layer) if not site.buffer(0.01).covers(f.geometry)]
        assert outside == [], layer


def test_trees_stand_clear_of_roads_bays_and_walls(state: Snapshot) -> None:
    trees = [f.geometry for f in features(state, "tree") if f.attributes["state"] != "demolish"]
    solid = shapely.union_all([
        *bands(state).values(),
        *(f.geometry for f in features(state, "building")),
        *(f.geometry for f in features(state, "parking") if f.attributes["state"] != "demolish"),
    ])  # fmt: skip
    shapely.prepare(solid)
    assert [t.wkt for t in trees if solid.distance(t) < 0.3] == []


def test_lawns_leave_room_for_buildings_roads_and_bays(state: Snapshot) -> None:
    lawns = [
        f.geometry for f in features(state, "green", cover="lawn") if f.attributes["state"] == "existing"
    ]
    hard = [
        *(f.geometry for f in features(state, "building")),
        *(f.geometry for f in features(state, "parking", state="existing")),
        *bands(state).values(),
    ]
    assert overlaps(lawns, hard) == []


def degrees(snapshot: Snapshot) -> Counter[tuple[float, float]]:
    ends: Counter[tuple[float, float]] = Counter()
    for road in features(snapshot, "road"):
        ends.update((road.geometry.coords[0], road.geometry.coords[-1]))
    return ends


def world(place: tuple[float, float]) -> tuple[float, float]:
    return round(place[0] + EAST, 3), round(place[1] + NORTH, 3)


def test_roads_meet_only_at_their_ends(state: Snapshot) -> None:
    roads = [f.geometry for f in features(state, "road")]
    tree = shapely.STRtree(roads)
    for a, b in tree.query(roads, predicate="intersects").T:
        if a < b:
            meeting = roads[a].intersection(roads[b])
            ends = {roads[a].coords[0], roads[a].coords[-1]} & {roads[b].coords[0], roads[b].coords[-1]}
            assert {(p.x, p.y) for p in shapely.get_parts(meeting)} == ends


def test_only_known_dead_ends_the_plaza_and_the_drawing_edge_end_in_nothing(base: Snapshot) -> None:
    loose = {place for place, count in degrees(base).items() if count == 1}
    dead_ends = {world(p) for p in DEAD_ENDS.values()}
    assert dead_ends <= loose
    site = features(base, "boundary")[0].geometry
    inside = {p for p in loose - dead_ends if site.buffer(1).contains(Point(p))}
    assert inside == {world((214.0, 196.0))}, "the footway that ends on the plaza"


def test_the_plan_joins_dead_ends_step_by_step(estate: EstateContent) -> None:
    def left(label: str) -> set[str]:
        ends = degrees(estate.snapshot(label))
        return {name for name, place in DEAD_ENDS.items() if ends[world(place)] == 1}

    assert left("R1") == set(DEAD_ENDS)
    assert left("R2") == {"中一巷东端", "北三巷西端", "北三巷东端"}
    assert left("R3") == left("R2")
    assert left("working") == {"中一巷东端", "北三巷东端"}


def test_the_whole_road_network_hangs_together(state: Snapshot) -> None:
    roads = features(state, "road")
    reached, waiting = set(), [roads[0].geometry.coords[0]]
    while waiting:
        place = waiting.pop()
        for road in roads:
            ends = (road.geometry.coords[0], road.geometry.coords[-1])
            if place in ends and road.uid not in reached:
                reached.add(road.uid)
                waiting.extend(ends)
    assert [f.attributes["name"] for f in roads if f.uid not in reached] == []


def test_pipes_fall_downstream(state: Snapshot) -> None:
    for pipe in features(state, "pipe"):
        up, down = pipe.attributes["invert_up_m"], pipe.attributes["invert_down_m"]
        slope = (up - down) / pipe.geometry.length
        assert 0.001 < slope < 0.06, (pipe.attributes, slope)


def test_pipes_join_at_manholes_and_never_climb_from_one_to_the_next(state: Snapshot) -> None:
    nodes = {(f.geometry.x, f.geometry.y): f.attributes for f in features(state, "drain_node")}
    for pipe in features(state, "pipe"):
        start, end = pipe.geometry.coords[0], pipe.geometry.coords[-1]
        assert pipe.attributes["invert_up_m"] >= nodes[start]["invert_m"] - 0.001
        assert pipe.attributes["invert_down_m"] >= nodes[end]["invert_m"] - 0.001
        assert pipe.geometry.length < 60


def test_drains_lie_below_ground(state: Snapshot) -> None:
    for node in features(state, "drain_node"):
        depth = node.attributes["ground_m"] - node.attributes["invert_m"]
        assert 0.5 < depth < 3.2, node.attributes


def test_all_storm_water_reaches_the_outfall(state: Snapshot) -> None:
    after = {p.geometry.coords[0]: p.geometry.coords[-1] for p in features(state, "pipe", system="storm")}
    outfall = features(state, "drain_node", type="outfall")[0].geometry.coords[0]
    for start in after:
        place, steps = start, 0
        while place in after and steps < 100:
            place, steps = after[place], steps + 1
        assert place == outfall


def test_the_north_is_low_and_its_drain_too_narrow_until_r2(estate: EstateContent) -> None:
    base = estate.snapshot("base")
    spots = features(base, "drainage_spot", category="ponding")
    assert sum(f.geometry.centroid.y > NORTH + 250 for f in spots) >= 2
    undersized = features(base, "drainage_spot", code="D03")[0].geometry

    def diameters(label: str) -> set[int]:
        near = [p for p in features(estate.snapshot(label), "pipe", system="storm")
                if p.geometry.length > 20 and undersized.buffer(0.5).covers(p.geometry)]  # fmt: skip
        return {p.attributes["diameter_mm"] for p in near}

    assert diameters("base") == diameters("R1") == {300}
    assert diameters("R2") == diameters("working") == {600}


def test_twenty_five_spots_of_both_kinds_some_answered_some_open_one_not_adopted(
    estate: EstateContent,
) -> None:
    last = estate.snapshot("working")
    assert [f.attributes["code"] for f in sorted_by_code(last, "drainage_spot")] == [
        f"D{i:02d}" for i in range(1, 13)
    ]
    assert [f.attributes["code"] for f in sorted_by_code(last, "traffic_spot")] == [
        f"T{i:02d}" for i in range(1, 14)
    ]
    statuses = Counter(
        f.attributes["status"] for n in ("drainage_spot", "traffic_spot") for f in features(last, n)
    )
    assert statuses["not-adopted"] == 1
    assert statuses["answered"] >= 12
    assert statuses["reported"] + statuses["verified"] + statuses["in-design"] >= 5


def sorted_by_code(snapshot: Snapshot, layer: str) -> list[Feature]:
    return sorted(features(snapshot, layer), key=lambda f: f.attributes["code"])


def test_spots_are_points_lines_and_areas(base: Snapshot) -> None:
    for layer in ("drainage_spot", "traffic_spot"):
        assert {f.geometry.geom_type for f in features(base, layer)} == {"Point", "LineString", "Polygon"}


def test_answered_spots_have_an_answer_and_open_ones_need_none(state: Snapshot) -> None:
    for layer in ("drainage_spot", "traffic_spot"):
        for spot in features(state, layer):
            if spot.attributes["status"] in ("answered", "done", "not-adopted"):
                assert spot.attributes["answer"], spot.attributes["code"]


def test_every_answered_code_is_a_spot_on_the_plan(state: Snapshot) -> None:
    asking = ("drainage_spot", "traffic_spot", "comment")
    codes = {f.attributes["code"] for n in asking for f in features(state, n)}
    for layer in state.layers.values():
        for feature in layer.table:
            answers = feature.attributes.get("answers")
            if answers is not None:
                assert answers.split(",") != [""], layer.id
                assert set(answers.split(",")) <= codes, (layer.id, answers)


def test_a_spot_answered_by_the_plan_is_named_by_something_in_the_plan(estate: EstateContent) -> None:
    last = estate.snapshot("working")
    named = {
        code
        for layer in last.layers.values()
        if "answers" in layer.table.columns
        for answers in layer.table.columns["answers"]
        for code in (answers or "").split(",")
    }
    answered = {
        f.attributes["code"]
        for n in ("drainage_spot", "traffic_spot")
        for f in features(last, n, status="answered")
    }
    assert answered <= named


@pytest.mark.parametrize(("label", "least"), [("R1", 30), ("R2", 60), ("R3", 30)])
def test_each_revision_changes_enough_to_be_worth_a_posting(
    estate: EstateContent, label: str, least: int
) -> None:
    revision = next(r for r in estate.revisions if r.label == label)
    assert len(revision.changes) >= least
    assert revision.title
    assert revision.note
    assert revision.author


def test_the_working_plan_differs_from_the_last_revision(estate: EstateContent) -> None:
    assert len(estate.working) >= 5


def test_revisions_follow_one_another_and_can_be_taken_back(estate: EstateContent) -> None:
    state = estate.snapshot("working")
    for changes in (estate.working, *(r.changes for r in reversed(estate.revisions)), estate.base):
        state = state.apply(changes.inverse())
    assert all(len(layer.table) == 0 for layer in state.layers.values())


def test_what_goes_stays_drawn_as_demolished(estate: EstateContent) -> None:
    last = estate.snapshot("R3")
    gone = {
        layer.id
        for layer in last.layers.values()
        for f in layer.table
        if f.attributes.get("state") == "demolish"
    }
    assert {"barrier", "tree", "parking"} <= gone
    everything = {f.attributes.get("state") for layer in last.layers.values() for f in layer.table}
    assert {"existing", "new", "renovated", "demolish", "reserved"} <= everything


def test_trees_are_as_many_and_as_large_as_an_estate_has(base: Snapshot) -> None:
    trees = base.layers["tree"].table
    assert 450 <= len(trees) <= 760
    crowns = numbers(trees.columns["crown_m"])
    assert crowns.min() >= 2.5
    assert crowns.max() <= 7.5


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: f"{s[0]} 1:{s[1]}")
def test_the_drawing_fits_the_sheets(state: Snapshot, sheet: tuple[str, int]) -> None:
    box = state.extent()
    assert box is not None
    width, height = SHEETS[sheet]
    assert box[2] - box[0] <= width
    assert box[3] - box[1] <= height


def test_the_site_lies_round_the_reference_point(base: Snapshot) -> None:
    box = base.extent("boundary")
    assert box is not None
    assert abs((box[0] + box[2]) / 2 - 616650) < 10
    assert abs((box[1] + box[3]) / 2 - 4077999) < 10


def test_no_public_text_holds_a_phone_number_a_room_or_a_name(estate: EstateContent) -> None:
    import re

    private = re.compile(r"\d{7,}|\d+室|\d+单元\d+|先生|女士|同志")
    for layer in estate.snapshot("working").layers.values():
        for feature in layer.table:
            for field in layer.fields:
                value = feature.attributes.get(field.name)
                if isinstance(value, str) and (layer.id, field.name) != ("comment", "text"):
                    assert not private.search(value), value


def test_comments_end_in_every_way_and_two_wait_for_an_answer(estate: EstateContent) -> None:
    outcomes = Counter(f.attributes["outcome"] for f in features(estate.snapshot("working"), "comment"))
    assert set(outcomes) == {"adopted", "partly", "not-adopted", "out-of-scope", "open"}
    assert outcomes["open"] == 2
    assert outcomes["not-adopted"] == outcomes["out-of-scope"] == 1
    assert sum(outcomes.values()) == 14


def test_a_comment_taken_up_is_named_by_a_change_and_every_decided_one_has_a_reply(
    estate: EstateContent,
) -> None:
    last = estate.snapshot("working")
    named = {
        code
        for layer in last.layers.values()
        for answers in layer.table.columns.get("answers", ())
        for code in (answers or "").split(",")
    }
    for comment in features(last, "comment"):
        values = comment.attributes
        if values["outcome"] in ("adopted", "partly"):
            assert values["code"] in named
        if values["outcome"] != "open":
            assert values["reply"]
            assert values["answered_on"] >= values["received_on"]


def test_what_residents_said_in_full_holds_what_must_never_get_out(estate: EstateContent) -> None:
    from gis.privacy import masked

    texts = [f.attributes["text"] for f in features(estate.snapshot("working"), "comment")]
    private = [text for text in texts if masked(text)[1]]
    assert len(private) >= 4
    assert all("虚构" in text for text in private)


def test_comments_are_hidden_until_somebody_asks_for_them(estate: EstateContent) -> None:
    assert not estate.snapshot("working").layers["comment"].visible


def test_gists_are_short_and_name_nobody(estate: EstateContent) -> None:
    for comment in features(estate.snapshot("working"), "comment"):
        assert len(comment.attributes["gist"]) <= 28


def test_what_a_comment_is_about_exists(estate: EstateContent) -> None:
    last = estate.snapshot("working")
    spots = {f.attributes["code"] for n in ("drainage_spot", "traffic_spot") for f in features(last, n)}
    numbers_ = {
        g.label for g in compare(estate.snapshot("R1"), replace(estate.snapshot("R2"), revision="R2")).groups
    }
    for comment in features(last, "comment"):
        assert set(split_codes(comment.attributes["about"])) <= spots | numbers_
