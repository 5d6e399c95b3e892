"""Crowds of changes under one letter."""

import pytest
import shapely
from shapely import Point

from gis.revisions.comparison import ChangeGroup
from gis.revisions.districts import District, in_districts, number_ranges
from layers.text import Text, same


def group(number, x, y, wide=4.0):
    return ChangeGroup(
        number=number,
        label=f"R2-{number}",
        title=Text("新建停车位 1", "New parking 1"),
        changes=(),
        cloud=shapely.box(x, y, x + wide, y + 4),
        anchor=Point(x + wide, y + 4),
        answers=(),
        reasons=(same(f"T{number % 3}"),),
        sign="+",
    )


def field(columns, rows, step):
    """Return groups in rows from north to south."""
    return tuple(
        group(row * columns + column + 1, column * step, -row * step)
        for row in range(rows)
        for column in range(columns)
    )


def numbers(groups):
    return sorted(part.number for one in groups for part in one.parts)


def test_few_changes_stand_for_themselves_however_close_they_lie():
    few = field(5, 4, 5.0)
    assert in_districts(few, 10.0) == few


def test_many_that_leave_the_plan_visible_stand_for_themselves():
    spread = field(10, 10, 100.0)
    assert in_districts(spread, 10.0) == spread


def test_in_a_crowd_every_change_is_in_one_district_and_keeps_its_number():
    crowd = field(20, 15, 20.0)
    made = in_districts(crowd, 9.0)
    assert all(isinstance(one, District) for one in made)
    assert numbers(made) == list(range(1, 301))
    assert max(len(one.parts) for one in made) <= 20
    letters = [one.mark for one in made]
    assert letters == sorted(letters)
    assert letters[0] == "A"
    firsts = [one.parts[0].number for one in made]
    assert firsts == sorted(firsts)


def test_the_clouds_of_districts_do_not_lie_over_one_another():
    made = in_districts(field(20, 15, 20.0), 9.0)
    clouds = [one.cloud for one in made]
    assert all(not a.intersects(b) for i, a in enumerate(clouds) for b in clouds[i + 1 :])
    for one in made:
        assert all(one.cloud.intersects(part.cloud) for part in one.parts)


def test_a_crowd_in_a_corner_leaves_those_elsewhere_alone():
    corner, far = field(6, 5, 8.0), [group(100 + i, 1000.0 + 300 * i, -2000.0) for i in range(12)]
    made = in_districts((*corner, *far), 9.0)
    assert numbers(made) == sorted([*range(1, 31), *range(100, 112)])
    assert [one.number for one in made if not isinstance(one, District)] == list(range(100, 112))


def test_a_cloud_as_long_as_a_street_stands_for_itself():
    street = group(500, -50.0, 10.0, wide=400.0)
    made = in_districts((*field(20, 15, 20.0), street), 9.0)
    assert street in made


def test_hundreds_of_changes_need_no_more_letters_than_there_are():
    made = in_districts(field(50, 40, 10.0), 9.0)
    assert numbers(made) == list(range(1, 2001))
    assert len({one.mark for one in made}) == len(made) <= 60


def test_the_order_of_the_input_does_not_matter():
    crowd = field(20, 15, 20.0)
    assert in_districts(crowd, 9.0) == in_districts(tuple(reversed(crowd)), 9.0)


def test_changes_at_one_place_make_one_district():
    made = in_districts(tuple(group(i, 0.0, 0.0) for i in range(1, 41)), 9.0)
    assert numbers(made) == list(range(1, 41))
    assert all(not one.cloud.is_empty and one.cloud.area > 0 for one in made)


@pytest.mark.parametrize(
    ("given", "zh"), [((1, 2, 3, 4, 18), "1–4、18"), ((7,), "7"), ((3, 1), "1、3"), ((5, 6), "5–6")]
)
def test_numbers_are_written_as_ranges(given, zh):
    assert number_ranges(given).zh == zh
