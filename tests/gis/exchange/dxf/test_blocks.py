"""Blocks: what they hold is where CAD shows it, and no block can eat the machine."""

import math

import numpy as np
import pytest
import shapely

from tests.gis.exchange.dxf.conftest import DATA, SOUTH, WEST, box, read


def parts(drawing):
    """Return the shapes of what lies inside blocks."""
    parents = drawing.sparse("parent")
    return [g for g, parent in zip(drawing.geometry, parents, strict=True) if parent]


def test_a_nested_block_is_moved_turned_and_scaled_like_its_reference(made):
    def draw(document, space):
        inner = document.blocks.new("inner", base_point=(1, 0))
        inner.add_line((1, 0), (3, 0))
        document.blocks.new("outer").add_blockref("inner", (10, 0), dxfattribs={"xscale": 2, "yscale": 2})
        space.add_blockref("outer", (100, 200), dxfattribs={"rotation": 90})

    (line,) = parts(made(draw))
    assert np.allclose(shapely.get_coordinates(line), [(100, 210), (100, 214)])


def test_a_mirrored_plane_mirrors_what_lies_in_it(made):
    def draw(document, space):
        document.blocks.new("b").add_line((0, 0), (5, 1))
        space.add_blockref("b", (10, 0), dxfattribs={"extrusion": (0, 0, -1)})
        space.add_lwpolyline([(10, 0), (15, 1)], dxfattribs={"extrusion": (0, 0, -1)})

    drawing = made(draw)
    assert np.allclose(shapely.get_coordinates(parts(drawing)[0]), [(-10, 0), (-15, 1)])
    assert np.allclose(shapely.get_coordinates(drawing.geometry[2]), [(-10, 0), (-15, 1)])


@pytest.mark.parametrize(
    ("rows", "columns", "count"), [(3, 4, 12), (0, 3, 3), (2, 0, 2), (0, 0, 1), (1, 1, 1)]
)
def test_an_array_of_blocks_has_all_its_copies(made, rows, columns, count):
    def draw(document, space):
        document.blocks.new("b").add_point((0, 0))
        space.add_blockref(
            "b", (0, 0),
            dxfattribs={
                "row_count": rows, "column_count": columns, "row_spacing": 10, "column_spacing": 5,
                "rotation": 90,
            },
        )  # fmt: skip

    found = {(round(p.x), round(p.y)) for p in parts(made(draw))}
    assert found == {(-10 * r, 5 * c) for r in range(max(rows, 1)) for c in range(max(columns, 1))}
    assert len(found) == count


def test_attributes_are_texts_and_go_with_the_reference(made):
    def draw(document, space):
        document.blocks.new("井").add_circle((0, 0), 0.5)
        reference = space.add_blockref("井", (10, 20), dxfattribs={"layer": "雨水井"})
        reference.add_attrib("编号", "Y12", insert=(11, 20))

    drawing = made(draw)
    assert drawing.sparse("attributes")[0] == '{"编号": "Y12"}'
    assert drawing.columns["type"].tolist().count("ATTRIB") == 1
    assert "Y12" in drawing.columns["text"].tolist()


def test_layer_zero_and_colour_by_block_come_from_the_reference(made):
    def draw(document, space):
        document.layers.add("树", color=3)
        block = document.blocks.new("b")
        block.add_line((0, 0), (1, 0), dxfattribs={"layer": "0"})
        block.add_line((0, 0), (1, 0), dxfattribs={"layer": "X", "color": 0})
        space.add_blockref("b", (0, 0), dxfattribs={"layer": "树", "color": 1})

    drawing = made(draw)
    assert drawing.columns["layer"].tolist()[1:] == ["树", "X"]
    assert drawing.columns["color"].tolist()[1:] == ["#00ff00", "#ff0000"]


@pytest.mark.parametrize(("state", "hidden"), [("freeze", {"0", "X", "on"}), ("off", {"on"})])
def test_a_frozen_reference_hides_everything_a_switched_off_one_its_own(made, state, hidden):
    def draw(document, space):
        getattr(document.layers.add("on"), state)()
        block = document.blocks.new("b")
        block.add_line((0, 0), (1, 0), dxfattribs={"layer": "0"})
        block.add_line((0, 0), (1, 0), dxfattribs={"layer": "X"})
        space.add_blockref("b", (0, 0), dxfattribs={"layer": "on"})

    drawing = made(draw)
    rows = zip(drawing.columns["layer"].tolist(), drawing.sparse("status"), strict=True)
    assert {layer for layer, status in rows if status == "hidden"} == hidden - {"0"}


def test_blocks_that_insert_each_other_come_to_an_end():
    drawing = read(DATA / "GDAL_insert-recursive-pair.dxf")
    assert [f.code for f in drawing.findings] == ["dxf.block-recursive"]


def test_a_bomb_of_nested_blocks_is_defused(made):
    def draw(document, space):
        document.blocks.new("b0").add_line((0, 0), (1, 0))
        for level in range(1, 30):
            block = document.blocks.new(f"b{level}")
            for i in range(20):
                block.add_blockref(f"b{level - 1}", (i, level))
        space.add_blockref("b29", (0, 0))
        space.add_line((0, 0), (5, 5))

    drawing = made(draw)
    assert len(drawing) == 2
    assert {f.code for f in drawing.findings} <= {"dxf.block-too-many", "dxf.block-recursive"}
    assert drawing.findings


def test_blocks_that_all_insert_all_others_cost_no_more_than_each_once(made):
    def draw(document, space):
        blocks = [document.blocks.new(f"b{i}") for i in range(14)]
        for block in blocks:
            block.add_point((0, 0))
            for i in range(14):
                block.add_blockref(f"b{i}", (1, 1), dxfattribs={"xscale": 1 + i / 20})
        space.add_blockref("b0", (0, 0))

    assert len(made(draw)) < 500_000


def test_a_missing_and_an_external_block_are_told(made):
    def draw(document, space):
        document.add_xref_def("base.dwg", "base")
        space.add_blockref("base", (0, 0))
        space.add_blockref("none", (5, 5))

    drawing = made(draw)
    assert {f.code for f in drawing.findings} >= {"dxf.block-external", "dxf.block-missing"}
    assert len(drawing) == 2


def test_a_dimension_keeps_its_lines_and_its_measure(made):
    def draw(document, space):
        space.add_linear_dim(base=(0, 3), p1=(0, 0), p2=(7, 0), override={"dimtxt": 1}).render()

    drawing = made(draw)
    assert drawing.columns["type"].tolist() == ["DIMENSION"]
    assert drawing.geometry[0].geom_type == "MultiLineString"
    assert "7" in drawing.columns["text"].tolist()[0]


def test_a_dimension_has_no_lines_of_no_length(made):
    def draw(document, space):
        space.add_aligned_dim(p1=(0, 0), p2=(7, 0), distance=3, override={"dimtxt": 1}).render()
        block = document.blocks.get(space[0].dxf.geometry)
        block.add_line((7, 0), (7, 0))

    drawing = made(draw)
    assert not drawing.findings
    assert shapely.length(shapely.get_parts(drawing.geometry[0])).min() > 0


def test_a_block_at_the_origin_with_its_lines_in_national_coordinates_stands_at_its_lines(made):
    def draw(document, space):
        block = document.blocks.new("D1")
        block.add_line((WEST, SOUTH), (WEST + 10, SOUTH + 4))
        space.add_blockref("D1", (0, 0))
        box(space, 0, 0, 30, 10)

    drawing = made(draw)
    assert drawing.bounds == pytest.approx((WEST, SOUTH, WEST + 30, SOUTH + 10))


def test_a_dimension_without_its_picture_is_drawn_from_what_it_measures():
    drawing = read(DATA / "gh109_r2000_gbk.dxf")
    lines = [
        g for g, t in zip(drawing.geometry, drawing.columns["type"].tolist(), strict=True) if t == "DIMENSION"
    ]
    assert len(lines) == 14
    assert all(g.geom_type == "MultiLineString" and math.isfinite(g.length) for g in lines)


@pytest.mark.parametrize(("depth", "lines", "codes"), [(60, 1, []), (140, 0, ["dxf.block-too-deep"])])
def test_blocks_nest_deep_without_being_taken_for_a_loop(made, depth, lines, codes):
    def draw(document, space):
        document.blocks.new("B0").add_line((0, 0), (1, 0))
        for i in range(1, depth):
            document.blocks.new(f"B{i}").add_blockref(f"B{i - 1}", (0.1, 0))
        space.add_blockref(f"B{depth - 1}", (0, 0))

    found = made(draw)
    assert found.columns["type"].tolist().count("LINE") == lines
    assert [f.code for f in found.findings] == codes
