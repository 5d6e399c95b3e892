"""Shared borders that move together."""

import pytest
from shapely import LineString, box

from gis.edit.topology import insert_shared_vertex, shared_shapes, shift_shared_vertices
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
