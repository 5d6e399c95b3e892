"""Which coordinate systems are offered for numbers that name none."""

import pytest

from gis.crs import transform_bounds
from gis.crs_candidates import PLAIN, Reading, crs_candidates

PLAN = "EPSG:4548"
EXTENT = (616400.0, 4077800.0, 616900.0, 4078200.0)


METRIC = ("EPSG:4548", "EPSG:4549", "EPSG:4527", "EPSG:4528", "EPSG:4498", "EPSG:32650", "EPSG:3857")
IN_METRES = (PLAIN, Reading(swapped=True))


@pytest.mark.parametrize(
    ("crs", "reading"),
    [
        *((crs, reading) for crs in (*METRIC, "EPSG:4326") for reading in IN_METRES),
        *(
            (crs, Reading(swapped, unit))
            for crs in METRIC
            for unit in (0.001, 1000.0)
            for swapped in (False, True)
        ),  # nobody writes degrees in millimetres
    ],
)
def test_numbers_of_the_estate_lead_back_to_their_system(crs, reading):
    there = transform_bounds(EXTENT, PLAN, crs)
    given = (
        tuple(v / reading.unit_m for v in (there[1], there[0], there[3], there[2]))
        if reading.swapped
        else tuple(v / reading.unit_m for v in there)
    )
    first = crs_candidates(given, PLAN, EXTENT)[0]
    assert first.is_here
    assert (first.crs, first.reading.swapped) == (crs, reading.swapped)
    assert first.reading.unit_m == reading.unit_m


def test_shifted_systems_are_offered_beside_degrees():
    there = transform_bounds(EXTENT, PLAN, "EPSG:4326")
    offered = [c.crs for c in crs_candidates(there, PLAN, EXTENT)]
    assert {"EPSG:4326", "GCJ-02", "BD-09"} <= set(offered)


def test_what_the_file_says_comes_first_if_it_lies_at_the_plan():
    there = transform_bounds(EXTENT, PLAN, "EPSG:4326")
    assert crs_candidates(there, PLAN, EXTENT, "GCJ-02")[0].crs == "GCJ-02"


@pytest.mark.parametrize("box", [(0.0, 0.0, 5000.0, 400.0), (480.0, 3900.0, 990.0, 4300.0)])
def test_a_local_grid_has_no_candidate(box):
    assert crs_candidates(box, PLAN, EXTENT) == ()


def test_numbers_that_are_no_numbers_have_none():
    assert crs_candidates((0.0, 0.0, float("nan"), 4.0), PLAN, EXTENT) == ()


def test_an_empty_plan_still_gets_offers():
    assert crs_candidates(EXTENT, PLAN, None)[0].crs == PLAN
