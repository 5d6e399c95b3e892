import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.publish.shapes import quantised

ZERO = (1000.0, 2000.0)


def one(geometry):
    return quantised(np.array([geometry], dtype=object), ZERO)[0]


def test_a_polygon_keeps_holes_and_loses_the_closing_vertex():
    ring = [(1000, 2000), (1010, 2000), (1010, 2010), (1000, 2010)]
    hole = [(1002, 2002), (1004, 2002), (1004, 2004)]
    shape = one(shapely.Polygon(ring, [hole]))
    assert (shape.kind, shape.parts, shape.counts) == (3, (2,), (4, 3))
    assert {tuple(p) for p in shape.xy[:4].tolist()} == {(0, 0), (1000, 0), (1000, 1000), (0, 1000)}


def test_parts_of_a_multipolygon_are_counted_apart():
    shape = one(
        shapely.MultiPolygon([shapely.box(1000, 2000, 1001, 2001), shapely.box(1005, 2000, 1006, 2001)])
    )
    assert (shape.parts, shape.counts) == ((1, 1), (4, 4))


def test_vertices_that_round_to_the_same_place_are_dropped():
    shape = one(shapely.LineString([(1000, 2000), (1000.001, 2000.001), (1003, 2000)]))
    assert shape.xy.tolist() == [[0, 0], [300, 0]]


def test_a_closed_line_keeps_its_last_vertex():
    assert len(one(shapely.LineString([(1000, 2000), (1001, 2000), (1001, 2001), (1000, 2000)])).xy) == 4


@pytest.mark.parametrize("nothing", [None, shapely.Point(), shapely.Polygon(), shapely.GeometryCollection()])
def test_nothing_stays_nothing(nothing):
    shape = one(nothing)
    assert (shape.kind, len(shape.xy)) == (0, 0)


def test_many_kinds_at_once_stay_in_their_rows():
    column = np.array(
        [
            shapely.Point(1001, 2001),
            None,
            shapely.box(1000, 2000, 1002, 2002),
            shapely.MultiPoint([(1000, 2000), (1003, 2000)]),
        ],
        dtype=object,
    )
    assert [(s.kind, s.parts, len(s.xy)) for s in quantised(column, ZERO)] == [
        (1, (1,), 1),
        (0, (), 0),
        (3, (1,), 4),
        (1, (1, 1), 2),
    ]


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=1, max_size=30))
def test_no_vertex_moves_more_than_half_a_centimetre(places):
    points = np.array([shapely.Point(1000 + x, 2000 + y) for x, y in places], dtype=object)
    for shape, (x, y) in zip(quantised(points, ZERO), places, strict=True):
        assert np.abs(shape.xy[0] / 100 - (x, y)).max() <= 0.0051
