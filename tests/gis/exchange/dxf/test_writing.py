"""Drawings written for CAD: every vertex, every id, and nothing that CAD would choke on."""

import ezdxf
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.exchange.dxf.model_text import ModelText
from gis.exchange.dxf.plan import plan_dxf_import
from gis.exchange.dxf.writing import DxfOptions, _Sheet, write_dxf
from gis.exchange.export import export
from gis.exchange.written import Told
from gis.progress import Progress
from layers.errors import CancelledError, UsageError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, read

SHELL = [(0, 0), (40, 0), (40, 12.000001), (0, 12)]
HOLE = [(10, 4), (20, 4), (20, 8)]


def at(points):
    return [(WEST + x, SOUTH + y) for x, y in points]


@pytest.fixture
def full_plan():
    """One feature of each sort of shape, with holes, parts and awkward words."""
    court = shapely.Polygon(at(SHELL), [at(HOLE)])
    twins = shapely.MultiPolygon([court, shapely.box(WEST + 60, SOUTH, WEST + 70, SOUTH + 9)])
    lines = shapely.MultiLineString([at([(0, -5), (90, -5)]), at([(0, -9), (50, -9.5), (90, -9)])])
    return plan(
        building=[
            Feature("a" * 32, court, {"number": "3号楼", "floors": 6, "state": "existing", "use": "housing"}),
            Feature("b" * 32, twins, {"name": "䶮\n0\nEOF%%d^I\\P", "state": "new"}),
        ],
        road=[Feature("c" * 32, lines, {"name": "环南路", "class": "main", "width_m": 7.0})],
        tree=[
            Feature("d" * 32, shapely.Point(WEST + 1 / 3, SOUTH), {"crown_m": 5.5}),
            Feature("e" * 32, shapely.MultiPoint(at([(5, 5), (9, 5)])), {"state": "demolish"}),
        ],
        reference=[Feature("f" * 32, shapely.Point(WEST, SOUTH + 50), {"type": "text", "text": "注"})],
        comment=[Feature("1" * 32, None, {"code": "C01", "gist": "没有位置"})],
    )


def written(snapshot, tmp_path, **options):
    path = tmp_path / "图纸.dxf"
    layers = [layer for layer in snapshot.layers.values() if len(layer.table)]
    return path, write_dxf(snapshot, layers, path, options=DxfOptions(**options))


@pytest.mark.parametrize("version", ["R2000", "R2004", "R2007", "R2010", "R2013", "R2018"])
def test_what_is_written_comes_back_as_it_was(full_plan, tmp_path, version):
    path, told = written(full_plan, tmp_path, version=version)
    document = ezdxf.readfile(path)
    auditor = document.audit()
    assert (auditor.errors, auditor.fixes) == ([], [])
    drawing = read(path)
    assert drawing.crs == full_plan.crs
    made = plan_dxf_import(full_plan, drawing)
    assert not made.changes
    assert sum(made.counts[1:]) == made.counts.read
    assert {k: c.unchanged for k, c in made.layers.items()} == {k: n for k, n in told.counts.items() if n}
    assert [f.code for f in told.findings] == ["export.no-shape"]


def test_every_vertex_is_kept_to_a_millionth_of_a_metre(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    empty = plan()
    back = empty.apply(plan_dxf_import(empty, read(path)).changes)
    for name in ("building", "road", "tree", "reference"):
        for feature in full_plan.layers[name].table:
            again = back.layers[name].table.get(feature.uid)
            assert shapely.equals_exact(again.geometry, feature.geometry, tolerance=1e-6)


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500)), min_size=3, max_size=9, unique=True))
def test_any_line_keeps_its_vertices(tmp_path, points):
    shape = shapely.LineString(at(points))
    snapshot = plan(road=[Feature("a" * 32, shape, {"width_m": 3.0})])
    path, _ = written(snapshot, tmp_path)
    drawing = read(path)
    mine = [
        g for g, own in zip(drawing.geometry, drawing.sparse("own"), strict=True) if own and "line" in own
    ]
    assert np.array_equal(shapely.get_coordinates(mine[0]), shapely.get_coordinates(shape))


def test_a_vertex_moved_in_cad_updates_the_feature_and_keeps_its_attributes(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    document = ezdxf.readfile(path)
    (road, *_) = [e for e in document.modelspace() if e.dxftype() == "LWPOLYLINE" and e.dxf.layer == "道路"]
    road.set_points([(WEST, SOUTH - 6), (WEST + 90, SOUTH - 5)], format="xy")
    document.saveas(path)
    (change,) = plan_dxf_import(full_plan, read(path)).changes
    assert (change.layer, change.uid, change.action) == ("road", "c" * 32, "modify")
    assert change.after.attributes["name"] == "环南路"
    assert change.after.geometry.geoms[0].coords[0] == (WEST, SOUTH - 6)


def test_a_copy_made_in_cad_is_a_new_feature(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    document = ezdxf.readfile(path)
    space = document.modelspace()
    (tree, *_) = [
        e for e in space if e.dxftype() == "INSERT" and e.get_xdata("PLANBOARD")[0].value == "d" * 32
    ]
    copy = tree.copy()
    space.add_entity(copy)
    copy.translate(10, 0, 0)
    document.saveas(path)
    made = plan_dxf_import(full_plan, read(path))
    (change,) = made.changes
    assert (change.layer, change.action) == ("tree", "add")
    assert change.uid != "d" * 32
    assert "import.uid-twice" in [f.code for f in made.findings]


def test_what_was_deleted_in_cad_is_told_and_offered_to_go(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    document = ezdxf.readfile(path)
    space = document.modelspace()
    for entity in list(space):
        if entity.has_xdata("PLANBOARD") and entity.get_xdata("PLANBOARD")[0].value == "a" * 32:
            space.delete_entity(entity)
    document.saveas(path)
    drawing = read(path)
    made = plan_dxf_import(full_plan, drawing)
    assert not made.changes
    assert [f.layer for f in made.findings if f.code == "dxf.unmet"] == ["building"]
    updated = plan_dxf_import(full_plan, drawing, updates=True)
    assert (updated.gone, bool(updated.changes)) == ((("building", "a" * 32),), False)


def test_something_drawn_beside_ours_comes_in_as_usual(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    document = ezdxf.readfile(path)
    document.modelspace().add_lwpolyline(
        at([(200, 0), (220, 0), (220, 9)]), close=True, dxfattribs={"layer": "建筑"}
    )
    document.saveas(path)
    (change,) = plan_dxf_import(full_plan, read(path)).changes
    assert (change.layer, change.action) == ("building", "add")


def test_layers_have_chinese_names_colours_line_types_and_states(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    document = ezdxf.readfile(path)
    names = {layer.dxf.name for layer in document.layers}
    assert {"建筑", "建筑_新建", "建筑_填充", "建筑_文字", "道路", "道路_边线", "树木", "树木_移除"} <= names
    assert document.layers.get("建筑_新建").rgb == (0xD5, 0x5E, 0x00)
    assert (document.header["$INSUNITS"], document.header["$ACADVER"]) == (6, "AC1024")
    fence = plan(boundary=[Feature("a" * 32, shapely.box(WEST, SOUTH, WEST + 9, SOUTH + 9), {})])
    path, _ = written(fence, tmp_path)
    layer = ezdxf.readfile(path).layers.get("用地红线")
    assert layer.dxf.linetype.startswith("PB_")
    assert layer.dxf.lineweight == 70


def test_words_of_the_plan_stay_words(full_plan, tmp_path):
    for version in ("R2010", "R2000"):
        path, _ = written(full_plan, tmp_path, version=version)
        drawing = read(path)
        texts = [
            t
            for t, k in zip(drawing.columns["text"].tolist(), drawing.columns["type"].tolist(), strict=True)
            if k == "TEXT"
        ]
        assert {"3号楼", "6F", "环南路", "注"} <= set(texts)
        assert any(t.startswith("䶮 0 EOF%%d") for t in texts)


@pytest.mark.parametrize(("version", "codec"), [("R2000", "gbk"), ("R2010", "utf-8")])
def test_the_bytes_are_in_the_encoding_that_the_version_wants(full_plan, tmp_path, version, codec):
    path, _ = written(full_plan, tmp_path, version=version)
    data = path.read_bytes()
    assert "环南路".encode(codec) in data
    assert b"ANSI_936" in data
    data.decode(codec)


def test_another_reader_finds_the_same_number_of_things(full_plan, tmp_path):
    path, _ = written(full_plan, tmp_path)
    pyogrio.set_gdal_config_options({"DXF_INLINE_BLOCKS": "YES", "DXF_ENCODING": "UTF-8"})
    try:
        frame = pyogrio.read_dataframe(path)
    finally:
        pyogrio.set_gdal_config_options({"DXF_INLINE_BLOCKS": None, "DXF_ENCODING": None})
    assert len(frame) == len(ezdxf.readfile(path).modelspace())
    assert "3号楼" in set(frame["Text"])
    houses = frame[frame["Layer"] == "建筑"]
    assert len(houses) == 2  # shell and hole
    assert sorted(len(g.coords) for g in houses.geometry) == [4, 5]


@pytest.mark.parametrize(
    ("version", "encoding"), [("R12", None), ("R2010", "gbk"), ("R2000", "utf-8"), ("quatsch", None)]
)
def test_what_cad_would_misread_is_refused(version, encoding):
    with pytest.raises(UsageError):
        DxfOptions(version, encoding).codec()


def test_the_ending_chooses_the_format(full_plan, tmp_path):
    result = export(full_plan, tmp_path / "a.dxf", ["building"])
    assert result.counts == {"building": 2}
    assert read(result.files[0]).columns["layer"].tolist().count("建筑") == 2


def test_what_ezdxf_draws_itself_lies_on_top_of_the_rest_with_a_handle_of_its_own(full_plan, tmp_path):
    layers = [full_plan.layers["building"]]
    sheet = _Sheet(full_plan, DxfOptions(), Told())
    with ModelText(sheet.document, tmp_path) as model:
        sheet.space.add_circle((WEST, SOUTH), 5)
        sheet.draw(layers, model)
        sheet.finish(tmp_path / "a.dxf")
    document = ezdxf.readfile(tmp_path / "a.dxf")
    entities = list(document.modelspace())
    assert entities[-1].dxftype() == "CIRCLE"
    assert len({e.dxf.handle for e in entities}) == len(entities)
    assert document.audit().errors == []


@pytest.mark.parametrize("at_share", [0.0, 0.45, 0.95])
def test_a_drawing_can_be_stopped_while_it_is_drawn_and_while_it_is_put_together(tmp_path, at_share):
    houses = [
        Feature(f"{i:032x}", shapely.box(WEST + 20 * i, SOUTH, WEST + 20 * i + 9, SOUTH + 9), {"floors": 6})
        for i in range(1, 1000)
    ]
    told = []

    def tell(share, _):
        told.append(share)

    progress = Progress(tell, lambda: bool(told) and told[-1] >= at_share)
    with pytest.raises(CancelledError):
        export(plan(building=houses), tmp_path / "a.dxf", progress=progress)
    assert list(tmp_path.iterdir()) == []
    assert told == sorted(told)
