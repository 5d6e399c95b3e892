"""How sure it is that a coordinate system puts a file where it belongs."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.crs import transform
from gis.crs_candidates import Candidate, crs_candidates, needs_points
from gis.crs_names import GCJ02, WGS84
from gis.exchange.joint_plan import settled
from gis.exchange.source import read_unplaced
from gis.exchange.standing import Standing, standing_of, standings, verdict_of, verdict_on, verdict_without
from sample_data.estate import content, empty_snapshot

PLAN = "EPSG:4548"


@pytest.fixture(scope="module")
def plan():
    made = content()
    return empty_snapshot(made.title, PLAN).apply(made.base)


@pytest.fixture(scope="module")
def houses(plan):
    return plan.layers["building"].table.geometry[:12]


def by(shapes, east, north):
    return shapely.transform(shapes, lambda xy: xy + np.array([east, north]))


def taken(tmp_path, shapes, crs):
    path = tmp_path / "楼.geojson"
    gpd.GeoSeries(list(shapes), crs=crs).to_file(path)
    return read_unplaced(path)


def verdict(plan, unplaced, crs):
    ways = crs_candidates(unplaced.bounds, plan.crs, plan.extent(), unplaced.declared)
    others = standings(unplaced, ways, plan)
    return verdict_of(unplaced, Candidate(crs), plan, others, named=True)


def test_what_meets_the_plan_is_said_to_be_right(plan, houses, tmp_path):
    found = verdict(plan, taken(tmp_path, transform(houses, PLAN, WGS84), WGS84), WGS84)
    assert not found.doubtful
    assert found.better is None


def test_points_of_an_online_map_that_say_wgs_84_are_offered_as_what_they_are(plan, houses, tmp_path):
    unplaced = taken(tmp_path, transform(houses, PLAN, GCJ02), WGS84)
    found = verdict(plan, unplaced, WGS84)
    assert found.doubtful
    assert found.better.crs == GCJ02
    assert not verdict(plan, unplaced, GCJ02).doubtful
    told = [f.code for f in settled(unplaced, plan).findings]
    assert told.count("import.better-crs") == 1


def test_what_lies_beside_the_estate_in_every_system_is_doubtful_and_nothing_better_is_made_up(
    plan, houses, tmp_path
):
    moved = by(houses, -900.0, 700.0)
    found = verdict(plan, taken(tmp_path, transform(moved, PLAN, WGS84), WGS84), WGS84)
    assert found.doubtful
    assert found.better is None


def test_shapes_in_the_estate_that_meet_nothing_are_left_to_the_eye(plan, tmp_path):
    west, south, east, north = plan.extent()
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    lonely = [middle.buffer(31.0), middle.buffer(17.5)]
    found = verdict(plan, taken(tmp_path, transform(lonely_array(lonely), PLAN, WGS84), WGS84), WGS84)
    assert not found.doubtful
    assert "重合的可供核对" in found.words.zh


def lonely_array(shapes):
    return shapely.from_wkb([shape.wkb for shape in shapes])


@pytest.mark.parametrize("crs", ["EPSG:2384", "EPSG:2436", "EPSG:4610"])
def test_old_datums_need_control_points_and_have_no_standing(plan, houses, crs):
    assert needs_points(crs, PLAN)
    assert standing_of(houses, Candidate(crs), plan) is None


def test_a_label_that_cannot_be_taken_is_doubted_only_if_another_reading_meets_the_plan(plan, houses):
    same = standing_of(houses, Candidate(PLAN), plan)
    assert verdict_without([same], named=True).better.crs == PLAN
    moved = by(houses, 63.0, -41.0)
    assert verdict_without([standing_of(moved, Candidate(PLAN), plan)], named=True) is None


def test_shapes_of_which_few_lie_in_the_estate_are_counted_and_not_measured():
    chosen = Standing(Candidate("EPSG:4548"), looked_at=40, meets=0, inside=0.1, away_m=0.0)
    words = verdict_on(chosen, [chosen], named=True).words
    assert words.en.startswith("Read so, only 4 of 40 shapes looked at lie in the estate.")
    assert "0 米" not in words.zh
