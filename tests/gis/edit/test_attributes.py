"""Calculating fields and replacing values."""

import pytest
from shapely import box

from gis.edit.attributes import calculate_field, replace_values
from gis.edit.construct import add_features
from layers.errors import BadInputError, RefusedError
from tests.gis.edit.plan import plan


def houses(*rows):
    """Return a plan of buildings and their keys."""
    state, keys = plan(building=[]), []
    for at, values in enumerate(rows):
        made = add_features(state, "building", [box(at * 20, 0, at * 20 + 10, 8)], values)
        keys += made.features
        state = state.apply(made)
    return state, keys


def values_of(state, keys, name, changes):
    after = state.apply(changes)
    return [after.feature(key).attributes.get(name) for key in keys]


def test_a_formula_reckons_with_the_fields_of_each_row():
    state, keys = houses({"floors": 6, "units": 3}, {"floors": 5, "units": 2})
    changes = calculate_field(state, keys, "households", "层数 * units * 2")
    assert values_of(state, keys, "households", changes) == [36, 20]


def test_the_shape_can_be_reckoned_with():
    state, keys = houses({"floors": 6})
    assert values_of(state, keys, "households", calculate_field(state, keys, "households", "面积 / 2")) == [
        40
    ]


def test_plus_joins_words_and_a_code_is_written_by_its_word():
    state, keys = houses({"number": "3", "floors": 6})
    changes = calculate_field(state, keys, "name", "number + '号楼'")
    assert values_of(state, keys, "name", changes) == ["3号楼"]
    changes = calculate_field(state, keys, "state", "'拆除'")
    assert values_of(state, keys, "state", changes) == ["demolish"]


def test_where_a_number_is_missing_or_zero_divides_the_result_is_empty():
    state, keys = houses({"floors": 6, "units": 0}, {"floors": 6})
    assert values_of(
        state, keys, "households", calculate_field(state, keys, "households", "floors / units")
    ) == [
        None,
        None,
    ]


@pytest.mark.parametrize("formula", ["9" * 1000 + " * floors", "1e308 * 1e308", "1e308 * 10"])
def test_a_number_larger_than_numbers_go_is_no_number_and_no_crash(formula):
    state, keys = houses({"floors": 6})
    try:
        changes = calculate_field(state, keys, "households", formula)
    except RefusedError:
        return
    assert values_of(state, keys, "households", changes) == [None]


def test_a_result_that_does_not_fit_names_the_row_and_changes_nothing():
    state, keys = houses({"number": "1", "floors": 6}, {"number": "2", "floors": 5})
    with pytest.raises(RefusedError) as refused:
        calculate_field(state, keys, "units", "floors / 2")
    assert "2号楼" in refused.value.message.zh
    assert "2.5" in refused.value.message.zh


@pytest.mark.parametrize(
    "formula", ["", "floors *", "nosuch + 1", "floors; drop", "__import__('os')", "floors > 3"]
)
def test_a_formula_that_means_nothing_is_refused_with_a_word_why(formula):
    state, keys = houses({"floors": 6})
    with pytest.raises(BadInputError):
        calculate_field(state, keys, "units", formula)


def test_text_is_found_inside_and_replaced_in_the_columns_named():
    state, keys = houses({"number": "2", "name": "旧2号"}, {"number": "12", "name": "新"})
    changes = replace_values(state, keys, ["name"], "旧", "老")
    assert values_of(state, keys, "name", changes) == ["老2号", "新"]
    assert values_of(state, keys, "number", changes) == ["2", "12"]


def test_a_whole_cell_must_be_equal_and_replacing_by_nothing_empties_it():
    state, keys = houses({"number": "2"}, {"number": "12"})
    changes = replace_values(state, keys, ["number"], "2", "", whole=True)
    assert values_of(state, keys, "number", changes) == [None, "12"]


def test_numbers_and_codes_are_replaced_as_a_whole_by_their_words():
    state, keys = houses({"floors": 6, "state": "new"}, {"floors": 16, "state": "existing"})
    assert values_of(state, keys, "floors", replace_values(state, keys, ["floors"], "6", "7")) == [7, 16]
    assert values_of(state, keys, "state", replace_values(state, keys, ["state"], "新建", "改造")) == [
        "renovated",
        "existing",
    ]


def test_a_replacement_that_does_not_fit_is_refused_and_so_is_finding_nothing():
    state, keys = houses({"floors": 6})
    for find, put in (("6", "six"), ("6", "6000"), ("99", "1"), ("", "1")):
        with pytest.raises(RefusedError):
            replace_values(state, keys, ["floors"], find, put)
