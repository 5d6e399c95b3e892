"""Edits stay on the ground of the coordinate system."""

import pytest
from shapely import Point, box

from gis.edit.features import add_feature, move_features, set_attributes
from gis.edit.place import check_place
from layers.errors import RefusedError
from tests.gis.edit.plan import all_keys, plan

HERE = box(616650, 4077999, 616670, 4078009)


def test_an_edit_in_the_plan_is_fine_and_so_is_the_first_one_in_the_area():
    check_place(plan(building=[HERE]), add_feature(plan(building=[HERE]), "building", HERE))
    check_place(plan(building=[]), add_feature(plan(building=[]), "building", HERE))


def test_a_place_outside_the_area_of_the_system_is_refused_with_its_coordinate():
    state = plan(building=[HERE], tree=[])
    with pytest.raises(RefusedError) as refused:
        check_place(state, add_feature(state, "tree", Point(616650, 40)))
    assert "N 40" in refused.value.message.zh
    with pytest.raises(RefusedError):
        check_place(state, move_features(state, all_keys(state), 5_000_000, 0))


def test_a_plan_that_lies_elsewhere_already_can_be_edited_where_it_is():
    state = plan(building=[box(0, 0, 20, 10)])
    check_place(state, move_features(state, all_keys(state), 3, 3))
    check_place(state, set_attributes(state, all_keys(state), {"floors": 3}))
