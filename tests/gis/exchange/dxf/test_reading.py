"""Every entity is accounted for, in made drawings and in real ones; what is no drawing is said to be none."""

import random

import ezdxf
import numpy as np
import openpyxl
import pytest
import shapely
from ezdxf import recover

from gis.exchange.dxf import fallback
from gis.exchange.dxf.drawing import read_drawing
from layers.errors import BadInputError, NotFoundError, PlanboardError
from layers.text import Text
from tests.gis.exchange.dxf.conftest import DATA, read

EMPTY = {"ezdxf_dxf_unicode.dxf"}
REAL = sorted(p.name for p in DATA.iterdir() if p.name not in EMPTY)


def shapes(drawing, kind):
    return [g for g, t in zip(drawing.geometry, drawing.columns["type"].tolist(), strict=True) if t == kind]


def peer(path):
    """Open a drawing with ezdxf alone."""
    try:
        return ezdxf.readfile(path)
    except (ezdxf.DXFStructureError, ValueError):
        return recover.readfile(path)[0]


@pytest.mark.parametrize("name", REAL)
def test_every_entity_of_a_real_drawing_is_a_row(name):
    drawing = read(DATA / name)
    if drawing.reader == "ezdxf":
        assert drawing.entities == len(peer(DATA / name).modelspace())
    inside = sum(parent is not None for parent in drawing.sparse("parent"))
    assert len(drawing) == drawing.entities + inside
    for shape, status in zip(drawing.geometry, drawing.sparse("status"), strict=True):
        assert (shape is None) == (status not in (None, "hidden"))
        assert shape is None or (shape.is_valid and not shape.has_z)


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("GDAL_LWPOLYLINE-OCS.dxf", (597867.678, 3139150.565, 611415.46, 3153107.77)),
        ("GDAL_entities_only.dxf", (672500.0, 242000.0, 672750.0, 242000.0)),
        ("ezdxf_bin_dxf_r12.dxf", (335.718, 304.27, 595.878, 439.771)),
        ("ezdxf_empty_handles.dxf", (0, 0, 165, 340)),
        ("GDAL_hatch.dxf", (-1, -1, 3.5, 1.5)),
    ],
)
def test_real_drawings_lie_where_another_reader_finds_them(name, bounds):
    assert np.allclose(read(DATA / name).bounds, bounds, atol=0.01)


def test_each_sort_of_entity_has_its_shape(made):
    def draw(_, space):
        space.add_circle((0, 0), 5)
        space.add_arc((0, 0), 5, 350, 10)
        space.add_ellipse((0, 0), (5, 0), 0.5)
        space.add_spline([(0, 0), (5, 5), (10, 0), (15, 5)])
        space.add_solid([(0, 0), (4, 0), (0, 4), (4, 4)])
        space.add_3dface([(0, 0, 1), (4, 0, 1), (4, 4, 2), (0, 4, 2)])
        space.add_point((1, 2))
        space.add_mtext("两行\\P文字", dxfattribs={"char_height": 1}).set_location((3, 3))
        space.add_polyline3d([(0, 0, 1), (3, 4, 2)])
        space.add_polyline2d([(0, 0), (4, 0), (4, 4)], close=True)
        space.add_mline([(0, 0), (10, 0)])
        space.add_leader([(0, 0), (3, 4)])

    drawing = made(draw)
    circle, arc = shapes(drawing, "CIRCLE")[0], shapes(drawing, "ARC")[0]
    assert circle.is_ring
    assert shapely.Polygon(circle).area == pytest.approx(78.54, rel=0.005)
    assert arc.length == pytest.approx(5 * np.radians(20), rel=0.01)
    assert shapely.Polygon(shapes(drawing, "ELLIPSE")[0]).area == pytest.approx(39.27, rel=0.005)
    assert shapes(drawing, "SPLINE")[0].distance(shapely.Point(5, 5)) < 0.02
    assert shapes(drawing, "SOLID")[0].area == shapes(drawing, "3DFACE")[0].area == 16
    assert "两行\n文字" in drawing.columns["text"].tolist()
    assert [g.length for g in shapes(drawing, "POLYLINE")] == [5, pytest.approx(8 + 32**0.5)]
    assert shapes(drawing, "MLINE")[0].length >= 20
    assert set(drawing.sparse("status")) == {None}


def test_a_hatch_has_its_holes_and_the_islands_in_them(made):
    def draw(_, space):
        hatch = space.add_hatch()
        for size in (10, 6, 2):
            half = size / 2
            hatch.paths.add_polyline_path([(-half, -half), (half, -half), (half, half), (-half, half)])

    assert made(draw).geometry[0].area == pytest.approx(100 - 36 + 4)


def test_what_has_no_extent_is_left_out_and_told(made):
    def draw(_, space):
        space.add_line((1, 1), (1, 1))
        space.add_circle((0, 0), 0)
        space.add_circle((0, 0), -1)
        space.add_point((float("nan"), 0))
        space.add_line((0, 0), (1e300, 5))
        space.add_line((0, 0), (5, 5))

    drawing = made(draw)
    assert drawing.sparse("status").tolist() == ["empty"] * 5 + [None]
    assert {f.code for f in drawing.findings} == {"dxf.no-length", "dxf.empty", "import.coordinates"}


def test_proxies_are_counted_by_class_and_the_sender_is_told_what_to_do():
    drawing = read(DATA / "libredwg_gh109_1.dxf")
    assert sum(drawing.proxies.values()) == 25
    assert drawing.proxies["TCH_WALL"] == 9
    (finding,) = [f for f in drawing.findings if f.code == "dxf.proxy"]
    assert "25" in finding.message.zh
    assert "T3" in finding.message.zh


def test_a_damaged_drawing_is_repaired_and_a_hopeless_one_read_another_way():
    assert "dxf.repaired" in {f.code for f in read(DATA / "ezdxf_recover01.dxf").findings}
    hopeless = read(DATA / "GDAL_hatch.dxf")
    assert (hopeless.reader, len(hopeless)) == ("GDAL", 3)
    assert hopeless.geometry[0].geom_type == "Polygon"


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"])
@pytest.mark.parametrize("form", ["asc", "bin"])
def test_every_release_is_read_as_text_and_as_binary(tmp_path, version, form):
    document = ezdxf.new(version)
    document.modelspace().add_line((0, 0), (3, 4), dxfattribs={"layer": "A"})
    path = tmp_path / "a.dxf"
    document.saveas(path, fmt=form)
    drawing = read(path)
    assert (drawing.release, drawing.geometry[0].length) == (version, 5)


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", "import.format", "空"),
        (b"AC1027\x00\x00", "import.dwg", "DWG"),
        (b"AC1.50\x00\x00", "import.dwg", "DWG"),
        (b"PK\x03\x04....", "import.format", "压缩"),
        (b"<html></html>", "import.format", "HTML"),
        (b"\x00" * 5000, "import.format", "无法辨认"),
        (b"hello\nworld\n", "import.format", "无法辨认"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00\x00", "import.format", "损坏"),
        (b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n", "import", ""),
    ],
)
def test_what_is_no_drawing_is_refused_with_a_way_on(tmp_path, content, code, word):
    path = tmp_path / "图 纸.dxf"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        read(path)
    assert caught.value.code.startswith(code)
    assert word in caught.value.message.zh


def test_a_drawing_without_anything_is_told():
    with pytest.raises(BadInputError, match=r"import\.no-shapes"):
        read(DATA / "ezdxf_dxf_unicode.dxf")


def test_the_child_process_reads_the_same(tmp_path):
    name = "libredwg_gh109_1.dxf"
    there, here = read_drawing(DATA / name), read(DATA / name)
    assert list(there.columns["text"].tolist()) == list(here.columns["text"].tolist())
    assert shapely.equals_exact(there.geometry, here.geometry).sum() == len(here) - 2
    assert isinstance(there.unit_evidence, Text)
    with pytest.raises(NotFoundError):
        read_drawing(tmp_path / "none.dxf")


def test_a_reader_that_runs_in_circles_is_stopped(monkeypatch):
    monkeypatch.setattr(fallback, "_MOST_S", 0.0)
    with pytest.raises(BadInputError, match=r"import\.format"):
        read(DATA / "GDAL_hatch.dxf")


def test_a_torn_drawing_gives_what_is_whole(tmp_path):
    path = tmp_path / "a.dxf"
    whole = (DATA / "libredwg_sample_2018.dxf").read_bytes()
    path.write_bytes(whole.replace(b"AcDbLine", b"AcDbLine\nnoise", 1))
    drawing = read(path)
    assert "dxf.torn" in {f.code for f in drawing.findings}
    assert drawing.columns["type"].tolist().count("LINE") >= 2


@pytest.mark.parametrize("name", ["libredwg_r9_entities.dxf", "ezdxf_bin_dxf_r12.dxf", "GDAL_attrib.dxf"])
def test_damaged_bytes_end_in_rows_or_in_a_clear_refusal(tmp_path, monkeypatch, name):
    monkeypatch.setattr(fallback, "_MOST_S", 0.0)  # the other reader has its own test and its own process
    whole = (DATA / name).read_bytes()
    chance = random.Random(name)
    for _ in range(15):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / "a.dxf"
        path.write_bytes(data[: chance.choice([len(data), chance.randrange(1, len(data))])])
        try:
            drawing = read(path)
        except PlanboardError as error:
            assert error.code.startswith("import.")  # noqa: PT017
        else:
            assert len(drawing) == len(drawing.columns["layer"].tolist())


@pytest.mark.parametrize(
    ("draw", "word"),
    [
        (lambda document: document.layout("Layout1").add_line((0, 0), (9, 9)), "CHSPACE"),
        (lambda document: document.blocks.new("树").add_circle((0, 0), 2), "1 个图块定义"),
        (lambda document: None, "发错了文件"),
    ],
)
def test_an_empty_model_space_says_where_the_things_may_be(made, draw, word):
    with pytest.raises(BadInputError) as caught:
        made(lambda document, _: draw(document))
    assert word in caught.value.advice.zh


def test_what_cannot_be_drawn_is_named_in_words_with_what_to_do(made):
    def draw(document, space):
        space.add_image(document.add_image_def("a.jpg", (9, 9)), (0, 0), (9, 9))
        space.add_xline((0, 0), (1, 0))
        space.add_line((0, 0), (9, 0))

    told = [f.message.zh for f in made(draw).findings if f.code == "dxf.unreadable"]
    assert any("光栅图像" in words and "请另要图像文件" in words for words in told)
    assert any("构造线" in words for words in told)
    assert not any("IMAGE" in words or "XLINE" in words for words in told)


def test_proxies_are_told_in_words():
    told = [f.message.zh for f in read(DATA / "libredwg_gh109_1.dxf").findings]
    assert any("代理对象" in words for words in told)
    assert not any("ACAD_PROXY" in words for words in told)


def test_a_mesh_is_drawn_by_its_faces(made):
    def draw(_, space):
        with space.add_mesh().edit_data() as data:
            data.vertices = [(0, 0, 0), (9, 0, 0), (9, 9, 1), (0, 9, 1)]
            data.faces = [(0, 1, 2, 3)]

    assert made(draw).geometry[0].length == pytest.approx(36)


def test_a_workbook_that_is_called_a_drawing_is_named_with_its_true_ending(tmp_path):
    openpyxl.Workbook().save(tmp_path / "花名册.xlsx")
    (tmp_path / "花名册.xlsx").rename(tmp_path / "花名册.dxf")
    with pytest.raises(BadInputError) as refused:
        read_drawing(tmp_path / "花名册.dxf")
    assert refused.value.message.zh == "花名册.dxf 不是 DXF 图纸，内容是 .xlsx 文件。"
    assert ".xlsx" in refused.value.advice.en
