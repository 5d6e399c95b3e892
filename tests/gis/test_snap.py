"""Where the pointer snaps to."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.snap import rows_near, snap
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.table import Table


def layer_of(kind: str, *shapes: shapely.Geometry) -> Layer:
    found = standard_kinds()[kind]
    features = [Feature(f"{kind}{i}", shape) for i, shape in enumerate(shapes)]
    return Layer.of(found, Table.from_features(features, [f.name for f in found.fields]))


SQUARE = layer_of("building", shapely.box(0, 0, 10, 10))


@pytest.mark.parametrize(
    ("pointer", "kind", "place"),
    [
        ((0.3, 0.2), "vertex", (0, 0)),
        ((5.2, 0.3), "midpoint", (5, 0)),
        ((2.5, 0.3), "edge", (2.5, 0)),
    ],
)
def test_corners_go_before_middles_and_middles_before_edges(pointer, kind, place):
    found = snap([SQUARE], *pointer, 1.0)
    assert (found.kind, (found.x, found.y), found.layer) == (kind, place, "building")


def test_nothing_is_found_outside_the_reach():
    assert snap([SQUARE], 3.0, 3.0, 1.0) is None
    assert snap([], 0.0, 0.0, 1.0) is None


def test_lines_of_two_layers_cross_in_an_intersection():
    road = layer_of("road", shapely.LineString([(0, 0), (20, 20)]))
    pipe = layer_of("pipe", shapely.LineString([(0, 14), (20, 2)]))
    crossing = shapely.intersection(road.table.geometry[0], pipe.table.geometry[0])
    found = snap([road, pipe], crossing.x + 0.2, crossing.y - 0.1, 0.5)
    assert found.kind == "intersection"
    assert (found.x, found.y) == pytest.approx((crossing.x, crossing.y))
    assert found.layer == "pipe"


def test_a_closing_segment_of_a_ring_can_be_met_and_two_features_are_not_joined():
    two = layer_of("road", shapely.LineString([(0, 0), (0, 10)]), shapely.LineString([(8, 10), (8, 0)]))
    assert snap([SQUARE], 0.1, 7.5, 0.5).kind == "edge"
    assert snap([two], 4.0, 10.0, 0.5) is None


def test_features_being_moved_do_not_attract():
    assert snap([SQUARE], 0.1, 0.1, 1.0, skip={("building", "building0")}) is None


def test_the_own_sketch_attracts_with_its_vertices_and_names_no_layer():
    found = snap([], 3.1, 4.0, 0.5, sketch=[(0.0, 0.0), (3.0, 4.0)])
    assert (found.kind, found.x, found.y, found.layer) == ("vertex", 3.0, 4.0, None)


def test_of_two_layers_at_one_place_the_upper_one_is_named():
    upper = layer_of("green", shapely.box(0, 0, 4, 4))
    assert snap([SQUARE, upper], 0.1, 0.1, 1.0).layer == "green"
    assert snap([upper, SQUARE], 0.1, 0.1, 1.0).layer == "building"


def test_single_points_and_features_without_shape_are_taken_as_they_are():
    nodes = layer_of("drain_node", shapely.Point(3, 3), None)
    assert snap([nodes], 3.2, 3.0, 0.5).kind == "vertex"
    assert list(rows_near(nodes.table, 3.0, 3.0, 1.0)) == [0]


coordinate = st.integers(-50, 50).map(float)
vertices = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=6, unique=True)


@given(vertices, st.tuples(coordinate, coordinate), st.floats(0.5, 20))
def test_a_snap_lies_on_the_geometry_and_within_reach(points, pointer, reach):
    line = shapely.LineString(points)
    found = snap([layer_of("road", line)], *pointer, reach)
    nearest = shapely.distance(line, shapely.Point(pointer))
    if found is None:
        assert nearest > reach - 1e-9
    else:
        assert np.hypot(found.x - pointer[0], found.y - pointer[1]) <= reach
        assert shapely.distance(line, shapely.Point(found.x, found.y)) < 1e-9


@given(vertices, st.sampled_from(range(6)), st.floats(0.5, 5))
def test_on_a_vertex_the_snap_is_exactly_that_vertex(points, number, reach):
    x, y = points[number % len(points)]
    found = snap([layer_of("road", shapely.LineString(points))], x, y, reach)
    assert (found.kind, found.x, found.y) == ("vertex", x, y)


def test_the_foot_of_the_perpendicular_is_found_from_the_last_point():
    wall = layer_of("road", shapely.LineString([(0, 0), (20, 0)]))
    found = snap([wall], 7.2, 0.1, 0.5, origin=(7.0, 9.0))
    assert (found.kind, found.x, found.y) == ("perpendicular", 7.0, 0.0)
    assert snap([wall], 7.2, 0.1, 0.5).kind == "edge"


def test_the_middle_of_an_area_is_found():
    found = snap([SQUARE], 5.1, 5.1, 0.5)
    assert (found.kind, found.x, found.y) == ("centre", 5.0, 5.0)


def test_an_edge_is_found_beyond_its_end_while_drawing():
    wall = layer_of("road", shapely.LineString([(0, 0), (20, 0)]))
    found = snap([wall], 22.0, 0.2, 0.5, origin=(22.0, 9.0))
    assert (found.kind, found.x, found.y) == ("extension", 22.0, 0.0)
    assert snap([wall], 22.0, 0.2, 0.5) is None
    assert snap([wall], 40.0, 0.2, 0.5, origin=(22.0, 9.0)) is None
