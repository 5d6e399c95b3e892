"""Slits between areas, and ends that almost meet."""

import shapely

from gis.rules.slits import loose_ends, slits
from tests.gis.edit.plan import plan


def bay(west, **values):
    return shapely.box(west, 0, west + 2.5, 5), values


def test_a_slit_between_bays_is_found_with_its_width():
    (finding,) = slits(plan(parking=[bay(0), bay(2.54), bay(8)]))
    assert "4.0 厘米" in finding.message.zh
    assert finding.uid == "parking0"


def test_bays_that_touch_and_those_apart_are_fine():
    assert list(slits(plan(parking=[bay(0), bay(2.5), bay(5.0000001), bay(7.8)]))) == []


def test_what_will_be_gone_makes_no_slit():
    assert list(slits(plan(parking=[bay(0), bay(2.54, state="demolish")]))) == []


def test_corners_that_nearly_touch_are_no_slit():
    assert list(slits(plan(building=[shapely.box(0, 0, 5, 5), shapely.box(5.03, 5.03, 9, 9)]))) == []


def test_an_end_that_falls_short_is_found_once():
    road = shapely.LineString([(0, 0), (10, 0)])
    short = shapely.LineString([(5, 0.2), (5, 9)])
    (finding,) = loose_ends(plan(road=[road, short]))
    assert finding.uid == "road1"
    assert "20 厘米" in finding.message.zh


def test_ends_that_meet_or_are_far_apart_are_fine():
    road = shapely.LineString([(0, 0), (10, 0)])
    meets, ends, far = [(5, 0), (5, 9)], [(10, 0), (15, 0)], [(2, 1), (2, 9)]
    assert list(loose_ends(plan(road=[road, *map(shapely.LineString, (meets, ends, far))]))) == []
