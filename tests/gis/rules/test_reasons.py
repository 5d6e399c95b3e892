"""Lint before posting: reasons, answers and comments, on the smallest plans that lack them."""

from shapely import LineString, Point, box

from gis.rules.registry import all_rules, check
from gis.rules.since import ChangedGroup, Since
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import same

HERE = Point(0, 0)


def plan(**features):
    layers = {}
    for name, kind in standard_kinds().items():
        given = [Feature(f"{name}{i}", g, values) for i, (g, values) in enumerate(features.get(name, []))]
        layers[name] = Layer.of(kind, Table.from_features(given, [f.name for f in kind.fields]))
    return Snapshot("x", "EPSG:4548", layers)


def findings(snapshot, code, since=None):
    return [f for f in check(snapshot, since=since) if f.code == f"rules.{code}"]


def uids(snapshot, code, since=None):
    return [f.uid for f in findings(snapshot, code, since)]


def comment(code, outcome="open", **values):
    return None, {"code": code, "gist": "g", "outcome": outcome, **values}


def spot(code, status="reported", place=HERE):
    return place, {"code": code, "title": "x", "category": "dead-end", "severity": 3, "status": status}


def group(*keys, codes=(), reasoned=True, place=None, label="R2-1"):
    return ChangedGroup(label, same("t"), keys or (("green", "green0"),), tuple(codes), reasoned, place)


def since(*groups):
    return Since("R1", tuple(groups))


def test_a_change_without_a_reason_is_found_at_a_feature_that_is_still_there():
    snapshot = plan(green=[(box(0, 0, 1, 1), {})])
    groups = since(group(("green", "gone"), ("green", "green0"), reasoned=False), group(label="R2-2"))
    (finding,) = findings(snapshot, "change-unexplained", groups)
    assert (finding.layer, finding.uid, finding.severity) == ("green", "green0", "warning")
    assert "R2-1" in finding.message.zh
    assert "R1" in finding.message.en


def test_a_change_of_what_is_gone_names_what_is_gone():
    (finding,) = findings(
        plan(), "change-unexplained", since(group(("tree", "gone"), reasoned=False, label=""))
    )
    assert (finding.layer, finding.uid) == ("tree", "gone")
    assert not finding.message.zh.startswith(" ")


def test_without_a_state_before_nothing_is_said_about_changes():
    assert findings(plan(green=[(box(0, 0, 1, 1), {})]), "change-unexplained") == []


def test_a_spot_begun_earlier_and_left_alone_is_found_until_it_is_named_touched_or_closed():
    answer = (box(0, 0, 5, 5), {"answers": "T01,T02"})
    snapshot = plan(traffic_spot=[spot("T01"), spot("T02", "answered")], green=[answer])
    assert uids(snapshot, "spot-untouched", since()) == ["traffic_spot0"]
    assert uids(snapshot, "spot-untouched", since(group(codes=["T01"]))) == []
    assert uids(snapshot, "spot-untouched", since(group(place=box(4, 0, 9, 9)))) == []
    assert uids(snapshot, "spot-untouched", since(group(place=box(6, 0, 9, 9)))) == ["traffic_spot0"]


def test_a_spot_that_nothing_ever_answered_is_told_once():
    codes = {f.code for f in check(plan(traffic_spot=[spot("T01")]), since=since())}
    assert codes == {"rules.spot-unanswered"}


def test_work_at_an_open_spot_that_does_not_name_it_is_noted():
    line = LineString([(0, 0), (50, 0)])
    work = since(group(place=box(20, 3, 30, 9), label="R2-7"), group(place=box(20, 30, 30, 39)))
    snapshot = plan(traffic_spot=[spot("T01", place=line), spot("T02", "done", line)])
    (finding,) = findings(snapshot, "spot-near-work", work)
    assert (finding.uid, finding.severity) == ("traffic_spot0", "info")
    assert "R2-7" in finding.message.zh
    named = plan(traffic_spot=[spot("T01", place=line)], green=[(box(0, 0, 1, 1), {"answers": "T01"})])
    assert findings(named, "spot-near-work", work) == []


def test_a_spot_without_a_place_is_never_touched():
    assert findings(plan(traffic_spot=[spot("T01", place=None)]), "spot-near-work", since(group())) == []


def test_an_open_comment_is_found_and_an_answered_one_is_not():
    snapshot = plan(
        comment=[comment("C01"), comment("C02", "out-of-scope", reply="另行办理"), comment("C03", None)]
    )
    assert uids(snapshot, "comment-open") == ["comment0", "comment2"]


def test_a_refusal_without_a_reason_is_an_error_and_a_promise_without_words_a_warning():
    snapshot = plan(
        comment=[
            comment("C01", "not-adopted"),
            comment("C02", "out-of-scope", reply="  "),
            comment("C03", "adopted"),
            comment("C04", "not-adopted", reply="会影响消防"),
            comment("C05"),
        ],
        green=[(box(0, 0, 1, 1), {"answers": "C03"})],
    )
    found = {f.uid: f.severity for f in findings(snapshot, "comment-without-reply")}
    assert found == {"comment0": "error", "comment1": "error", "comment2": "warning"}


def test_a_comment_taken_up_needs_a_change_that_names_it():
    snapshot = plan(
        comment=[
            comment(c, o, reply="好") for c, o in (("C01", "adopted"), ("C02", "partly"), ("C03", "adopted"))
        ],
        green=[(box(0, 0, 1, 1), {"answers": "T01、C01"})],
    )
    assert uids(snapshot, "comment-not-backed") == ["comment1", "comment2"]


def test_a_comment_may_be_about_spots_comments_and_numbers_of_changes():
    snapshot = plan(
        comment=[comment("C01", about="T01，C02 、R2-3"), comment("C02", about="T9")],
        traffic_spot=[spot("T01")],
    )
    (finding,) = findings(snapshot, "comment-about-unknown")
    assert finding.uid == "comment1"
    assert "T9" in finding.message.en


def test_a_feature_may_answer_a_comment():
    snapshot = plan(comment=[comment("C01")], green=[(box(0, 0, 1, 1), {"answers": "C01,C02"})])
    (finding,) = findings(snapshot, "answer-unknown")
    assert "C02" in finding.message.en


def test_a_number_used_twice_is_an_error_on_both():
    snapshot = plan(
        comment=[comment("C01"), comment("C01"), comment("C02"), comment(""), comment("")],
        traffic_spot=[spot("T01")],
        drainage_spot=[(Point(9, 9), {"code": "T01"})],
    )
    assert sorted(uids(snapshot, "code-doubled")) == [
        "comment0",
        "comment1",
        "drainage_spot0",
        "traffic_spot0",
    ]


def test_a_comment_needs_no_place_and_an_empty_one_is_found():
    snapshot = plan(comment=[comment("C01"), (Point(), {"code": "C02", "gist": "g", "outcome": "open"})])
    assert uids(snapshot, "geometry") == ["comment1"]


def test_bays_that_overlap_buildings_or_each_other_are_found_once():
    bays = [(box(x, 0, x + 2.5, 5), {}) for x in (0, 2.45, 10, 20)]
    snapshot = plan(
        parking=[*bays, (box(0, 1, 2.5, 5), {"state": "demolish"})], building=[(box(11, 0, 15, 9), {})]
    )
    assert uids(snapshot, "bays-overlap") == ["parking2"]
    crowded = plan(parking=[(box(0, 0, 2.5, 5), {}), (box(1, 0, 3.5, 5), {})])
    assert uids(crowded, "bays-overlap") == ["parking0"]


def test_a_plan_without_parking_has_no_overlapping_bays():
    assert uids(plan(building=[(box(0, 0, 9, 9), {})]), "bays-overlap") == []


def test_every_finding_about_reasons_leads_to_a_feature():
    snapshot = plan(
        comment=[comment("C01", "adopted", about="X"), comment("C02")], traffic_spot=[spot("T01")]
    )
    found = check(snapshot, since=since(group(reasoned=False, place=box(0, 0, 1, 1))))
    assert len(found) >= 5
    assert all(f.layer in snapshot.layers and f.uid for f in found)


def test_rules_about_changes_are_listed_with_all_others():
    codes = {rule.code for rule in all_rules()}
    assert {"rules.change-unexplained", "rules.spot-untouched", "rules.comment-open"} <= codes
