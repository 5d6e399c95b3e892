"""Turning, scaling, mirroring, copying."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit.transform import (
    applied,
    copy_features,
    grid_shifts,
    path_shifts,
    reflection,
    rotation,
    scaling,
    shift,
    transform_features,
    transformed,
)
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan, shapes_after

SHAPE = shapely.Polygon([(0, 0), (4, 0), (4, 1), (0, 3)])
PLACES = st.tuples(st.floats(-100, 100), st.floats(-100, 100))


def same(a, b):
    return a.equals_exact(b, 1e-6)


@given(PLACES, st.floats(-360, 360))
def test_turning_there_and_back_changes_nothing(centre, angle):
    there = transformed(SHAPE, rotation(centre, angle))
    assert there.area == pytest.approx(SHAPE.area)
    assert same(transformed(there, rotation(centre, -angle)), SHAPE)


@given(PLACES, PLACES)
def test_mirroring_twice_changes_nothing(a, b):
    if abs(a[0] - b[0]) + abs(a[1] - b[1]) < 0.01:
        return
    mirrored = transformed(SHAPE, reflection(a, b))
    assert mirrored.area == pytest.approx(SHAPE.area)
    assert same(transformed(mirrored, reflection(a, b)), SHAPE)


@given(PLACES, st.floats(0.1, 10))
def test_scaling_changes_areas_by_the_square(centre, factor):
    assert transformed(SHAPE, scaling(centre, factor)).area == pytest.approx(SHAPE.area * factor**2)


def test_a_right_angle_is_turned_exactly_at_plan_coordinates():
    corner = transformed(shapely.Point(616_660, 4_077_999), rotation((616_650, 4_077_999), 90))
    assert (corner.x, corner.y) == (616_650, 4_077_989)


@pytest.mark.parametrize("factor", [0, -1, float("nan"), float("inf")])
def test_a_senseless_factor_is_refused(factor):
    with pytest.raises(RefusedError):
        scaling((0, 0), factor)


def test_an_axis_without_length_is_refused():
    with pytest.raises(RefusedError):
        reflection((1, 1), (1, 1))


def test_a_transform_and_its_inverse_leave_the_stored_shape():
    before = plan(building=[SHAPE], road=[shapely.LineString([(0, 0), (5, 5)])])
    changes = transform_features(before, all_keys(before), rotation((1, 1), 30))
    after = before.apply(changes)
    assert after.layers["building"].table.at(0).uid == "building0"
    assert after.apply(changes.inverse()).layers["building"].table.at(0) == before.layers[
        "building"
    ].table.at(0)


def test_copies_have_ids_of_their_own_and_no_number():
    before = plan(building=[(SHAPE, {"number": "7", "floors": 5})])
    after = before.apply(copy_features(before, all_keys(before), [shift(10, 0), shift(20, 0)]))
    features = list(after.layers["building"].table)
    assert len({f.uid for f in features}) == 3
    assert [f.attributes["number"] for f in features] == ["7", None, None]
    assert [f.geometry.bounds[0] for f in features] == [0, 10, 20]
    assert shapes_after(before, copy_features(before, all_keys(before), []), "building") == [SHAPE]


def test_a_grid_counts_the_original():
    moved = [applied(m, (0, 0)) for m in grid_shifts(2, 3, (5, 0), (0, 7))]
    assert moved == [(5, 0), (10, 0), (0, 7), (5, 7), (10, 7)]


def test_copies_along_a_line_stand_evenly_and_may_turn():
    path = shapely.LineString([(0, 0), (10, 0), (10, 10)])
    plain = [applied(m, (0, 0)) for m in path_shifts(path, 3)]
    assert plain == [(0, 0), (10, 0), (10, 10)]
    turned = path_shifts(path, 5, turning=True)
    assert applied(turned[4], (0, 1)) == pytest.approx((9, 10))
