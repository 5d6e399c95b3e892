"""The note of a circle or an arc says what it is now."""

import pytest
import shapely

from gis.circles import circle_note, circle_of
from gis.edit.arc_notes import with_arc_notes
from gis.edit.construct import arc, circle
from gis.edit.features import set_geometry
from gis.edit.transform import copy_features, rotation, scaling, shift, transform_features
from tests.gis.edit.plan import all_keys, plan

E0, N0 = 616_650.0, 4_077_999.0
ROUND = circle((E0, N0), 6.0)
BEND = arc((E0, N0), (E0 + 5, N0 + 5), (E0 + 10, N0))


def note_after(before, changes, layer="green", row=0):
    return before.apply(with_arc_notes(changes)).layers[layer].table.at(row).attributes.get("note")


@pytest.fixture
def before():
    return plan(
        green=[(ROUND, {"note": circle_note((E0, N0), 6.0)})],
        barrier=[(BEND, {"note": circle_note((E0 + 5, N0), 5.0)})],
    )


@pytest.mark.parametrize(
    ("matrix", "now"),
    [
        (shift(100, -20), circle_note((E0 + 100, N0 - 20), 6.0)),
        (scaling((E0, N0), 2.0), circle_note((E0, N0), 12.0)),
        (rotation((E0, N0), 33.0), circle_note((E0, N0), 6.0)),
    ],
)
def test_it_goes_with_the_circle(before, matrix, now):
    assert note_after(before, transform_features(before, [("green", "green0")], matrix)) == now


def test_it_goes_with_an_arc_and_with_copies(before):
    key = [("barrier", "barrier0")]
    moved = circle_note((E0 + 15, N0), 5.0)
    assert note_after(before, transform_features(before, key, shift(10, 0)), "barrier") == moved
    assert note_after(before, copy_features(before, key, [shift(10, 0)]), "barrier", 1) == moved


def test_it_goes_when_the_shape_is_no_longer_round(before):
    xy = shapely.get_coordinates(ROUND)
    xy[5] += (1.0, 0.0)
    assert note_after(before, set_geometry(before, ("green", "green0"), shapely.polygons(xy))) is None
    half = shapely.intersection(ROUND, shapely.box(E0 - 10, N0, E0 + 10, N0 + 10))
    assert note_after(before, set_geometry(before, ("green", "green0"), half)) is None


def test_words_that_somebody_wrote_stay_and_nothing_else_is_touched(before):
    plan_ = plan(green=[(ROUND, {"note": "R=6 的花坛"})])
    changes = transform_features(plan_, all_keys(plan_), shift(5, 5))
    assert with_arc_notes(changes) == changes
    unmoved = set_geometry(before, ("green", "green0"), shapely.reverse(ROUND))
    assert with_arc_notes(unmoved) == unmoved


def test_a_rectangle_is_no_circle_though_its_corners_lie_on_one():
    assert circle_of(shapely.box(0, 0, 5, 3)) is None
    assert circle_of(shapely.LineString([(0, 0), (1, 0)])) is None
