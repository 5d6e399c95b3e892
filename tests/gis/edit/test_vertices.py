"""Single vertices of a feature."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.edit import vertices as v
from layers.errors import RefusedError

HOLED = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
SHAPES = {
    "point": shapely.Point(1, 2),
    "line": shapely.LineString([(0, 0), (5, 0), (5, 5)]),
    "area with a hole": HOLED,
    "several points": shapely.MultiPoint([(0, 0), (3, 3)]),
    "several lines": shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (6, 6), (7, 5)]]),
    "several areas": shapely.MultiPolygon([HOLED, shapely.box(20, 0, 25, 5)]),
    "line with heights": shapely.LineString([(0, 0, 7), (5, 0, 8), (5, 5, 9)]),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_moving_a_vertex_moves_that_one_and_nothing_else(shape):
    table = v.vertex_table(shape)
    for number, vertex in enumerate(table.vertices):
        moved = v.with_vertex_moved(shape, vertex, *(table.xy[number] + (0.25, 0.125)))
        difference = v.vertex_table(moved).xy - table.xy
        assert moved.geom_type == shape.geom_type
        assert moved.has_z == shape.has_z
        assert difference[number].tolist() == [0.25, 0.125]
        assert not np.delete(difference, number, axis=0).any()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_vertex_inserted_on_an_edge_and_removed_again_leaves_the_shape_as_it_was(shape):
    table = v.vertex_table(shape)
    for first, second in table.edges:
        x, y = (table.xy[first] + table.xy[second]) / 2
        after = table.vertices[first]
        more = v.with_vertex_inserted(shape, after, x, y)
        assert shapely.equals(more, shape)
        inserted = v.Vertex(after.part, after.path, after.index + 1)
        assert v.with_vertex_removed(more, inserted).equals_exact(shape, 0)


def test_rings_are_closed_by_an_edge_but_lines_are_not():
    assert len(v.vertex_table(HOLED).edges) == 8
    assert len(v.vertex_table(SHAPES["line"]).edges) == 2


def test_moving_the_first_vertex_of_a_ring_keeps_it_closed():
    moved = v.with_vertex_moved(shapely.box(0, 0, 4, 4), v.Vertex(0, 0, 0), 5, 1)
    assert moved.exterior.is_ring
    assert shapely.is_valid(moved)


@pytest.mark.parametrize(
    "shape",
    [shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon([(0, 0), (1, 0), (0, 1)]), shapely.Point(0, 0)],
)
def test_the_last_vertices_a_shape_needs_cannot_be_removed(shape):
    with pytest.raises(RefusedError) as refused:
        v.with_vertex_removed(shape, v.Vertex(0, 0, 0))
    assert refused.value.code == "geometry.too-few"


@given(st.integers(3, 9), st.data())
def test_removing_any_vertex_leaves_the_others_in_their_order(count, data):
    line = shapely.LineString([(i, i * i) for i in range(count)])
    gone = data.draw(st.integers(0, count - 1))
    left = v.vertex_table(v.with_vertex_removed(line, v.Vertex(0, 0, gone))).xy
    assert left[:, 0].tolist() == [i for i in range(count) if i != gone]


def test_a_reshaped_outline_may_not_cross_itself():
    from layers.feature import Feature
    from layers.kinds import standard_kinds
    from layers.layer import Layer
    from layers.snapshot import Snapshot
    from layers.table import Table

    kind = standard_kinds()["building"]
    table = Table.from_features([Feature("a", shapely.box(0, 0, 4, 4))], [f.name for f in kind.fields])
    plan = Snapshot("", "EPSG:4548", {kind.name: Layer.of(kind, table)})
    key = (kind.name, "a")
    corner = v.vertex_table(table.geometry[0]).vertices[0]
    with pytest.raises(RefusedError) as refused:
        v.move_vertex(plan, key, corner, -2, 2)
    assert refused.value.code == "geometry.invalid"
    changes = v.move_vertex(plan, key, corner, 5, 0)
    assert plan.apply(changes).feature(key).geometry.area == pytest.approx(18)
