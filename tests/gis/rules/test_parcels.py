"""Parcels of ground: overlaps and slits between them."""

import pytest
from shapely import box

from gis.rules.parcels import overlapping_parcels
from gis.rules.slits import slits
from tests.gis.edit.plan import plan


@pytest.mark.parametrize("layer", ["boundary", "green"])
def test_parcels_that_overlap_are_found_with_the_ground_they_share(layer):
    state = plan(**{layer: [box(0, 0, 10, 10), box(8, 0, 20, 10), box(20, 0, 30, 10)]})
    (finding,) = overlapping_parcels(state)
    assert "20.0 平方米" in finding.message.zh
    assert finding.uid == f"{layer}0"


def test_a_bed_inside_a_lawn_and_a_plan_over_what_exists_are_meant():
    state = plan(
        green=[box(0, 0, 10, 10), box(2, 2, 5, 5), (box(8, 0, 14, 4), {"state": "new"})],
        boundary=[box(0, 0, 40, 40)],
    )
    assert list(overlapping_parcels(state)) == []
    both = plan(green=[(box(0, 0, 10, 4), {"state": "new"}), (box(8, 0, 14, 4), {"state": "new"})])
    assert len(list(overlapping_parcels(both))) == 1


def test_a_gap_between_parcels_is_found_with_its_width():
    (finding,) = slits(plan(boundary=[box(0, 0, 10, 10), box(10.03, 0, 20, 10)]))
    assert "3.0 厘米" in finding.message.zh
