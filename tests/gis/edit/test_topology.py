"""Shared borders that move together."""

import pytest
from shapely import LineString, box

from gis.edit.topology import insert_shared_vertex, reshape_shared, shared_shapes, shift_shared_vertices
from gis.edit.vertices import Vertex, vertex_table
from layers.errors import RefusedError
from tests.gis.edit.plan import plan

LEFT, RIGHT = ("parking", "parking0"), ("parking", "parking1")


def parcels():
    return plan(parking=[box(0, 0, 4, 5), box(4, 0, 8, 5)], road=[LineString([(4, 5), (4, 20)])])


def vertex(state, key, x, y):
    table = vertex_table(state.feature(key).geometry)
    return next(v for v, place in zip(table.vertices, table.xy.tolist(), strict=True) if place == [x, y])


def test_a_corner_that_neighbours_share_moves_in_all_of_them():
    state = parcels()
    changes = shift_shared_vertices(state, LEFT, [vertex(state, LEFT, 4, 5)], (1, 0), ["parking"])
    after = state.apply(changes)
    assert after.feature(LEFT).geometry.area == pytest.approx(22.5)
    assert after.feature(RIGHT).geometry.area == pytest.approx(17.5)
    assert not after.feature(LEFT).geometry.overlaps(after.feature(RIGHT).geometry)
    assert after.feature(("road", "road0")).geometry == state.feature(("road", "road0")).geometry


def test_other_layers_go_along_only_if_they_are_named():
    state = parcels()
    changes = shift_shared_vertices(state, LEFT, [vertex(state, LEFT, 4, 5)], (1, 0), ["parking", "road"])
    assert state.apply(changes).feature(("road", "road0")).geometry.coords[0] == (5, 5)


def test_a_whole_shared_edge_moves_together():
    state = parcels()
    both = [vertex(state, LEFT, 4, 5), vertex(state, LEFT, 4, 0)]
    after = state.apply(shift_shared_vertices(state, LEFT, both, (-1, 0), ["parking"]))
    assert after.feature(RIGHT).geometry.equals(box(3, 0, 8, 5))


def test_a_neighbour_that_would_cross_itself_is_named_and_nothing_moves():
    state = parcels()
    with pytest.raises(RefusedError) as refused:
        shift_shared_vertices(state, LEFT, [vertex(state, LEFT, 4, 5)], (6, -2), ["parking"])
    assert "都保持原样" in refused.value.message.zh


def test_a_vertex_inserted_in_a_shared_edge_comes_into_both():
    state = parcels()
    first = vertex(state, LEFT, 4, 0)
    table = vertex_table(state.feature(LEFT).geometry)
    edge = next(e for e in table.edges if {tuple(table.xy[i]) for i in e} == {(4.0, 0.0), (4.0, 5.0)})
    after = state.apply(insert_shared_vertex(state, LEFT, table.vertices[int(edge[0])], 4, 2, ["parking"]))
    for key in (LEFT, RIGHT):
        assert [4.0, 2.0] in vertex_table(after.feature(key).geometry).xy.tolist()
    assert isinstance(first, Vertex)


def test_the_preview_shows_the_neighbours():
    state = parcels()
    made = shared_shapes(state, LEFT, [vertex(state, LEFT, 4, 5)], (1, 0), ["parking"])
    assert [shape.area for shape in made] == [pytest.approx(17.5)]


BULGE = LineString([(4, 1), (5, 2), (4, 3)])


def test_neighbours_follow_an_edge_that_is_redrawn():
    state = parcels()
    after = state.apply(reshape_shared(state, [LEFT], BULGE, ["parking"]))
    left, right = (after.feature(key).geometry for key in (LEFT, RIGHT))
    assert (left.area, right.area) == pytest.approx((21, 19))
    assert left.union(right).area == pytest.approx(40)
    assert not left.overlaps(right)


def test_what_lies_around_and_lines_along_the_edge_follow_too():
    state = plan(parking=[box(0, 0, 4, 5)], green=[box(-9, 0, 4, 5)], road=[LineString([(4, -5), (4, 20)])])
    after = state.apply(reshape_shared(state, [("parking", "parking0")], BULGE, ["parking", "green", "road"]))
    assert after.feature(("green", "green0")).geometry.area == pytest.approx(66)
    road = after.feature(("road", "road0")).geometry
    assert list(road.coords) == [(4, -5), (4, 1), (5, 2), (4, 3), (4, 20)]


def test_a_hole_follows_what_fills_it():
    ring = box(-5, -5, 10, 10).difference(box(0, 0, 4, 5))
    state = plan(parking=[box(0, 0, 4, 5)], green=[ring])
    after = state.apply(reshape_shared(state, [("parking", "parking0")], BULGE, ["green"]))
    assert after.feature(("green", "green0")).geometry.area == pytest.approx(225 - 21)


def test_only_named_layers_follow_a_redrawn_edge():
    state = parcels()
    after = state.apply(reshape_shared(state, [LEFT], BULGE, ["road"]))
    assert after.feature(RIGHT).geometry == state.feature(RIGHT).geometry


def test_a_neighbour_with_a_corner_within_the_edge_is_named_and_nothing_changes():
    state = plan(parking=[box(0, 0, 4, 5), box(4, 0, 8, 2), box(4, 2, 8, 5)])
    with pytest.raises(RefusedError) as refused:
        reshape_shared(state, [LEFT], BULGE, ["parking"])
    assert refused.value.code == "topology.in-part"
