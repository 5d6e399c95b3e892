"""From a drawing to layers: nothing is lost, labels become attributes, our own things come back."""

import json

import numpy as np
import pytest
import shapely

from gis.exchange.dxf.aims import Aim, LayerRule
from gis.exchange.dxf.labels import building_values
from gis.exchange.dxf.mapping import DxfMapping
from gis.exchange.dxf.plan import plan_dxf_import
from layers.errors import CrsError, NotFoundError, UsageError
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import DATA, SOUTH, WEST, box, read, words

CRS = "EPSG:4548"


def planned(drawing, mapping=None, **options):
    """Plan an import into an empty plan; every row must be accounted for."""
    made = plan_dxf_import(plan(), drawing, mapping, **{"crs": CRS, **options})
    assert sum(made.counts[1:]) == made.counts.read == len(drawing)
    assert len(made.changes) == made.counts.features
    return made


def of(made, layer):
    return [c.after for c in made.changes if c.layer == layer]


def codes(made):
    return [f.code for f in made.findings]


def test_outlines_with_their_labels_become_buildings(made):
    def draw(_, space):
        box(space, 0, 0, 40, 12, "JMD")
        words(space, "砼6", 15, 4, "JMD")
        words(space, "3#", 25, 4, "ZJ")
        box(space, 0, 30, 40, 12, "JMD")
        words(space, "混5", 15, 34)
        box(space, 0, 60, 10, 10, "JMD")

    result = planned(made(draw))
    first, second, third = (f.attributes for f in of(result, "building"))
    assert (first["structure"], first["floors"], first["number"]) == ("frame", 6, "3号楼")
    assert (second["structure"], second["floors"], second["number"]) == ("brick", 5, None)
    assert (third["structure"], third["floors"]) == (None, None)
    assert result.counts.merged == 3
    assert not of(result, "reference")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("砼6", {"structure": "frame", "floors": 6}),
        ("混合5", {"structure": "brick", "floors": 5}),
        ("砖2", {"structure": "brick", "floors": 2}),
        ("砖", {"structure": "brick"}),
        ("简", {"structure": "simple", "use": "service"}),
        ("砼６-1", {"structure": "frame", "floors": 6}),
        ("6F", {"floors": 6}),
        ("6层", {"floors": 6}),
        ("3号楼", {"number": "3号楼"}),
        ("３＃", {"number": "3号楼"}),
        ("A12#楼", {"number": "A12号楼"}),
        ("12栋", {"number": "12栋"}),
        ("3号楼\n砼6", {"number": "3号楼", "structure": "frame", "floors": 6}),
        ("金茵幼儿园", {"name": "金茵幼儿园", "use": "kindergarten"}),
        ("框架6层", {"structure": "frame", "floors": 6}),
        ("砼(6)", {"structure": "frame", "floors": 6}),
        ("3#砼6", {"number": "3号楼", "structure": "frame", "floors": 6}),
        ("砼6 1号楼", {"structure": "frame", "floors": 6, "number": "1号楼"}),
        ("住宅楼 6层", {"use": "housing", "floors": 6}),
        ("石1", {"floors": 1}),
    ],
)
def test_a_label_says_what_surveyors_mean(text, values):
    assert building_values(text) == values


@pytest.mark.parametrize("text", ["DN300", "车位", "36.52", "6", "", "3号楼\n砼6\n砖2", "混5和砼6之间"])
def test_other_texts_say_nothing_about_a_building(text):
    assert building_values(text) is None


def test_a_text_belongs_to_the_smallest_outline_and_contradictions_stay_texts(made):
    def draw(_, space):
        box(space, 0, 0, 100, 100, "JMD")
        box(space, 10, 10, 30, 12, "JMD")
        words(space, "砼6", 20, 14, "JMD")
        words(space, "砖2", 26, 14, "JMD")

    result = planned(made(draw))
    large, small = of(result, "building")
    assert (large.attributes["floors"], small.attributes["floors"]) == (None, 6)
    assert [f.attributes["text"] for f in of(result, "reference")] == ["砖2"]


def test_outlines_open_by_less_than_five_centimetres_are_closed(made):
    def draw(_, space):
        box(space, 0, 0, 40, 12, "JMD", close=False)
        space.add_lwpolyline(
            [(WEST, SOUTH), (WEST + 9, SOUTH), (WEST + 9, SOUTH + 9)], dxfattribs={"layer": "JMD"}
        )

    result = planned(made(draw))
    (house,) = of(result, "building")
    assert house.geometry.area == pytest.approx(480, abs=1)
    assert len(of(result, "reference")) == 1
    assert {"dxf.closed", "dxf.not-taken"} <= set(codes(result))


def test_nothing_is_dropped_and_the_reference_says_where_things_come_from(made):
    def draw(document, space):
        document.layers.add("怪层", color=1)
        box(space, 0, 0, 5, 5, "怪层")
        words(space, "说明", 1, 1, "怪层")
        space.add_line((WEST, SOUTH), (WEST + 5, SOUTH), dxfattribs={"layer": "GCD"})

    result = planned(made(draw))
    kept = [f.attributes for f in of(result, "reference")]
    assert [k["source_layer"] for k in kept] == ["怪层", "怪层", "GCD"]
    assert [k["type"] for k in kept] == ["drawing", "text", "drawing"]
    assert (kept[0]["color"], kept[1]["text"]) == ("#ff0000", "说明")
    assert all(json.loads(k["imported"])["dxf_handle"] for k in kept)


def test_symbols_become_points_and_large_blocks_their_parts(made):
    def draw(document, space):
        tree = document.blocks.new("tree")
        tree.add_circle((0, 0), 1.5)
        tree.add_line((-1, 0), (1, 0))
        space.add_blockref("tree", (WEST, SOUTH), dxfattribs={"layer": "ZBTZ"})
        space.add_circle((WEST + 9, SOUTH), 2, dxfattribs={"layer": "行道树"})
        survey = document.blocks.new("survey")
        survey.add_lwpolyline([(0, 0), (50, 0), (50, 12), (0, 12)], close=True, dxfattribs={"layer": "JMD"})
        survey.add_text("砼6", height=2, dxfattribs={"layer": "JMD"}).set_placement((20, 5))
        space.add_blockref("survey", (WEST + 100, SOUTH))

    result = planned(made(draw))
    trees = of(result, "tree")
    assert [f.attributes["crown_m"] for f in trees] == [3.0, 4.0]
    assert np.allclose([(f.geometry.x, f.geometry.y) for f in trees], [(WEST, SOUTH), (WEST + 9, SOUTH)])
    (house,) = of(result, "building")
    assert house.attributes["floors"] == 6
    assert house.geometry.bounds[0] == WEST + 100
    assert (result.counts.dissolved, result.counts.merged) == (1, 3)


def test_a_fill_over_an_outline_is_one_feature(made):
    def draw(_, space):
        outline = box(space, 0, 0, 30, 20, "绿化")
        hatch = space.add_hatch(dxfattribs={"layer": "绿化"})
        hatch.paths.add_polyline_path(list(outline.vertices()))
        alone = space.add_hatch(dxfattribs={"layer": "绿化"})
        alone.paths.add_polyline_path([(WEST + 50, SOUTH), (WEST + 60, SOUTH), (WEST + 60, SOUTH + 9)])

    result = planned(made(draw))
    assert len(of(result, "green")) == 2
    assert "dxf.doubled" in codes(result)


def test_hidden_layers_stay_out_unless_asked_for(made):
    def draw(document, space):
        document.layers.add("停车位").off()
        box(space, 0, 0, 5, 2.5, "停车位")
        box(space, 0, 9, 5, 2.5, "停车位_新建")

    drawing = made(draw)
    assert planned(drawing).counts.hidden == 1
    both = of(planned(drawing, with_hidden=True), "parking")
    assert [f.attributes["state"] for f in both] == ["existing", "new"]


def test_a_stray_at_the_origin_is_set_aside(made):
    def draw(_, space):
        for i in range(6):
            box(space, 20 * i, 0, 12, 12, "JMD")
        space.add_point((0, 0))

    result = planned(made(draw))
    assert result.counts.set_aside == 1
    assert "dxf.stray" in codes(result)


@pytest.mark.parametrize(
    "name", [p.name for p in sorted(DATA.iterdir()) if p.name != "ezdxf_dxf_unicode.dxf"]
)
def test_every_row_of_a_real_drawing_is_accounted_for(name):
    drawing = read(DATA / name)
    shapes = drawing.geometry.remade(
        lambda some: shapely.transform(some, lambda xy: xy * 0.001 + (WEST, SOUTH))
    )
    moved = type(drawing)(**{**vars(drawing), "geometry": shapes})
    for mapping in (DxfMapping.standard(), DxfMapping.onto("plan_element")):
        for with_hidden in (False, True):
            planned(moved, mapping, with_hidden=with_hidden)


@pytest.mark.parametrize(
    ("place", "code", "word"),
    [((100, 200), "crs.local", "控制点"), ((WEST, SOUTH), "crs.missing", "EPSG:4548"),
     ((39_616_600, SOUTH), "crs.missing", "EPSG:4527")],
)  # fmt: skip
def test_a_drawing_without_a_named_crs_is_refused_with_advice(made, place, code, word):
    drawing = made(lambda d, s: s.add_line(place, (place[0] + 9, place[1] + 9)))
    with pytest.raises(CrsError) as caught:
        plan_dxf_import(plan(), drawing)
    assert caught.value.code == code
    assert word in caught.value.advice.zh


def test_a_named_crs_that_contradicts_the_numbers_is_refused(made):
    drawing = made(lambda d, s: s.add_line((39_616_600, SOUTH), (39_616_700, SOUTH)))
    with pytest.raises(CrsError, match="contradiction"):
        plan_dxf_import(plan(), drawing, crs=CRS)
    assert of(planned(drawing, crs="EPSG:4527"), "reference")[0].geometry.bounds[0] == pytest.approx(
        WEST, abs=1
    )


@pytest.mark.parametrize(
    ("name", "layer", "values"),
    [
        ("JMD", "building", {}),
        ("jmd", "building", {}),
        ("DLSS", "road", {"width_m": None}),
        ("ZBTZ", "green", {}),
        ("YZH", "barrier", {}),
        ("A-道路中心线", "road", {"width_m": None}),
        ("雨水口", "drain_node", {"type": "inlet", "system": "storm"}),
        ("污水", "pipe", {"system": "foul", "diameter_mm": None}),
        ("ＰＡＲＫＩＮＧ", "parking", {}),
        ("总图|用地红线", "boundary", {}),
        ("base$0$围墙", "barrier", {"type": "wall"}),
        ("水系", "green", {"cover": "water"}),
    ],
)
def test_layers_go_where_their_names_say(name, layer, values):
    first = DxfMapping.standard().target(name).aims[0]
    assert (first.layer, dict(first.values)) == (layer, values)


@pytest.mark.parametrize(
    "name", ["GCD", "KZD", "DGX", "TK", "0", "道路标注", "建筑轴线", "给水", "WALL", "图框"]
)
def test_layers_that_are_nothing_of_ours_stay_reference(name):
    assert DxfMapping.standard().target(name).aims == ()


@pytest.mark.parametrize(
    ("name", "state"),
    [("新建停车位", "new"), ("拆除建筑", "demolish"), ("改造道路", "renovated"), ("建筑", None)],
)
def test_a_layers_name_tells_the_plan_state(name, state):
    assert DxfMapping.standard().target(name).state == state


def test_what_the_user_says_about_a_layer_goes_before_the_rules(made):
    drawing = made(lambda d, s: box(s, 0, 0, 9, 9, "JMD"))
    mapping = DxfMapping.standard().with_layer("jmd", "green")
    assert [c.layer for c in planned(drawing, mapping).changes] == ["green"]
    reference = DxfMapping.standard().with_layer("JMD", "reference")
    assert [c.layer for c in planned(drawing, reference).changes] == ["reference"]
    with pytest.raises(NotFoundError):
        planned(drawing, mapping.with_layer("JMD", "quatsch"))


def test_a_mapping_is_kept_as_text():
    mapping = DxfMapping((LayerRule("^X", (Aim("road", {"width_m": 3.0}),)),), {"a": "green"})
    assert DxfMapping.from_text(mapping.to_text()) == mapping
    for broken in ("", "[]", '{"rules": [{"pattern": "(", "aims": []}], "said": {}}'):
        with pytest.raises(UsageError):
            DxfMapping.from_text(broken)


def test_the_preview_tells_where_each_layer_went(made):
    def draw(_, space):
        box(space, 0, 0, 9, 9, "JMD")
        box(space, 0, 20, 9, 9, "JMD")
        words(space, "x", 0, 0, "ZJ")

    lines = {line.name: line for line in planned(made(draw)).lines}
    assert dict(lines["JMD"].layers) == {"building": 2}
    assert dict(lines["ZJ"].layers) == {"reference": 1}


def test_a_whole_plan_in_one_block_at_the_origin_is_no_stray(made):
    def draw(document, space):
        block = document.blocks.new("全图")
        for i in range(4):
            box(block, 30 * i, 0, 20, 10, "JMD")
        space.add_blockref("全图", (0, 0))

    result = planned(made(draw))
    assert len(of(result, "building")) == 4
    assert (result.counts.dissolved, result.counts.set_aside, codes(result)) == (1, 0, [])


def test_many_strays_are_told_in_one_sentence(made):
    def draw(_, space):
        for i in range(40):
            box(space, 30 * i, 0, 20, 10, "JMD")
        for i in range(30):
            space.add_point((i, 0))

    result = planned(made(draw))
    (told,) = [f for f in result.findings if f.code == "dxf.stray"]
    assert told.message.zh.startswith("30 个图元")
    assert result.counts.set_aside == 30


def test_what_is_off_or_frozen_is_told_with_its_layers(made):
    def draw(document, space):
        document.layers.add("JMD").freeze()
        document.layers.add("DLSS").off()
        box(space, 0, 0, 20, 10, "JMD")
        space.add_line((WEST, SOUTH), (WEST + 9, SOUTH), dxfattribs={"layer": "DLSS"})
        space.add_point((WEST, SOUTH))

    (told,) = [f for f in planned(made(draw)).findings if f.code == "dxf.hidden"]
    assert told.message.zh.startswith("2 个图元")
    assert "JMD、DLSS" in told.message.zh


def test_a_circle_among_plants_is_a_tree_and_a_large_one_a_bed(made):
    def draw(_, space):
        space.add_circle((WEST, SOUTH), 1.5, dxfattribs={"layer": "ZBTZ"})
        space.add_circle((WEST + 90, SOUTH), 40, dxfattribs={"layer": "ZBTZ"})

    result = planned(made(draw))
    assert [f.attributes["crown_m"] for f in of(result, "tree")] == [3.0]
    assert len(of(result, "green")) == 1


def test_many_layers_with_one_story_are_told_in_one_sentence(made):
    def draw(_, space):
        for i in range(9):
            layer = f"道路-{i}"
            space.add_line((WEST, SOUTH + i), (WEST + 50, SOUTH + i), dxfattribs={"layer": layer})

    told = [f.message.zh for f in planned(made(draw)).findings if f.code == "dxf.width"]
    assert len(told) == 1
    assert "9 个图层" in told[0]
    assert "9 条线" in told[0]


def test_one_and_the_same_fault_of_many_entities_is_told_once(made):
    def draw(_, space):
        box(space, 0, 0, 20, 10, "JMD")
        for i in range(30):
            space.add_line((WEST + i, SOUTH), (WEST + i, SOUTH))

    result = planned(made(draw))
    (told,) = [f for f in result.findings if f.code == "dxf.no-length"]
    assert "共 30 个图元" in told.message.zh
    assert result.counts.set_aside == 30
