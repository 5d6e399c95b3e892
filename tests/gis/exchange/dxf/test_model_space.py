"""Entities one by one: what comes out is what ezdxf's own load of the whole drawing gives."""

import json
import random

import ezdxf
import pytest
from ezdxf.entities.mtext_columns import make_static_columns_r2000

from gis.exchange.dxf import codepage, fallback, model_space, reading
from gis.exchange.dxf.loading import load_streamed
from gis.exchange.dxf.sections import find_entities, without_entities
from gis.exchange.dxf.wording import line_of
from layers.errors import PlanboardError
from tests.gis.exchange.dxf.conftest import DATA, box, read, words

NAMES = sorted(path.name for path in DATA.glob("*.dxf"))
NO_RELEASE = "it names no release, and is not of the old kind that ezdxf would take it for"
AS_A_WHOLE = {
    "GDAL_attrib.dxf": NO_RELEASE,
    "GDAL_closed_polyline_with_bulge.dxf": NO_RELEASE,
    "GDAL_hatch.dxf": NO_RELEASE,
    "GDAL_insert-recursive-pair.dxf": NO_RELEASE,
    "ezdxf_empty_handles.dxf": "its layers have no handles",
    "ezdxf_recover01.dxf": "it has several sections of entities",
}
"""What cannot be streamed, and why."""


@pytest.fixture
def whole(monkeypatch):
    """Return a function that reads a drawing as a whole."""

    def whole(path):
        with monkeypatch.context() as patch:
            patch.setattr(reading, "load_streamed", lambda *_: None)
            return reading.read(path, None, None)

    return whole


def saved(tmp_path, draw, version="R2010", **how):
    """Save a drawing that somebody draws."""
    document = ezdxf.new(version)
    draw(document, document.modelspace())
    path = tmp_path / "a.dxf"
    document.saveas(path, **how)
    return path


def is_streamed(path):
    """Tell whether a drawing is read entity by entity, to its end."""
    data = path.read_bytes()
    loaded = load_streamed(path, data, codepage.find_encoding(data))
    try:
        return loaded is not None and len([e for batch in loaded.entities for e in batch]) >= 0
    except model_space.TornError:
        return False


def same(streamed, whole, *, has_handles=True):
    """Compare all but the handles that ezdxf makes up for entities without one."""
    (table, told), (other, other_told) = streamed, whole
    handles = zip(table.columns.pop("handle"), other.columns.pop("handle"), strict=True)
    assert not has_handles or all(mine in ("", theirs) for mine, theirs in handles)
    assert {k: list(v) for k, v in table.columns.items()} == {k: list(v) for k, v in other.columns.items()}
    assert list(table.wkb) == list(other.wkb)
    assert (table.findings, table.repaired) == (other.findings, other.repaired)
    assert json.dumps(told) == json.dumps(other_told)


@pytest.mark.parametrize("name", sorted({*NAMES} - {*AS_A_WHOLE}))
def test_streamed_and_whole_reading_give_the_same(name, whole):
    same(reading.read(DATA / name, None, None), whole(DATA / name), has_handles="_r9_" not in name)


@pytest.mark.parametrize("name", NAMES)
def test_every_sound_drawing_is_streamed(name):
    assert is_streamed(DATA / name) == (name not in AS_A_WHOLE)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("version", ["R12", "R2000", "R2018"])
@pytest.mark.parametrize("form", ["asc", "bin"])
def test_what_belongs_to_an_entity_is_with_it_wherever_a_batch_ends(
    tmp_path, monkeypatch, whole, size, version, form
):
    monkeypatch.setattr(model_space, "_BATCH", size)
    monkeypatch.setattr(reading, "ROWS", size)

    def draw(document, space):
        document.blocks.new("门牌").add_line((0, 0), (1, 0))
        for i in range(3):
            space.add_polyline2d([(i, 0), (i + 4, 0), (i + 4, 3, 0.5)], format="xyb", close=True)
            space.add_blockref("门牌", (i, 9)).add_attrib("号", f"{i}号楼", (i, 9))
            document.layout("Layout1").add_line((0, 0), (1, 1))

    path = saved(tmp_path, draw, version, fmt=form)
    assert is_streamed(path)
    table, told = reading.read(path, None, None)
    assert list(table.columns["text"]).count("2号楼") == 1
    assert (told["entities"], told["paper"]) == (6, 3)
    assert list(table.columns["parent"])[-2:] == [len(table.records) - 2] * 2
    same((table, told), whole(path))


def test_words_that_look_like_the_structure_are_words(tmp_path, whole):
    def draw(_, space):
        for text in ("ENTITIES", "SECTION", "ENDSEC", "EOF", "0"):
            words(space, text, 0, 0, layer=text)
            space.add_mtext(f"0\\P{text}", dxfattribs={"layer": text})

    path = saved(tmp_path, draw)
    assert is_streamed(path)
    table, told = reading.read(path, None, None)
    assert len(table.records) == 10
    same((table, told), whole(path))


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
def test_line_ends_of_both_sorts_are_understood(tmp_path, ending):
    path = saved(tmp_path, lambda _, space: box(space, 0, 0, 5, 5))
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", ending))
    assert is_streamed(path)
    assert len(read(path)) == 1


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b"  0\nENDSEC", b"  0\nENDSUC"),
        (b"AcDbLine\n 10\n", b"AcDbLine\nnoise\n 10\n"),
        (b"AcDbLine\n 10\n", b"AcDbLine\n 70\n0\nENDSEC\n 10\n"),
        (b" 20\n0.0\n", b" 20\nnowhere\n"),
        (b"  0\nLINE\n  5\n", b"  0\nLINE\n  5\nxyz"),
    ],
)
def test_where_the_entities_are_damaged_the_drawing_is_repaired_as_a_whole(tmp_path, found, instead):
    path = saved(tmp_path, lambda _, s: [s.add_line((i, 0), (i + 1, 7)) for i in range(9)])
    data = path.read_bytes().replace(b"\r\n", b"\n")
    at = data.index(found, data.index(b"\nENTITIES\n"))
    path.write_bytes(data[:at] + instead + data[at + len(found) :])
    assert not is_streamed(path)
    drawing = read(path)
    assert {"dxf.torn", "dxf.repaired", "dxf.fallback"} & {f.code for f in drawing.findings}
    assert len(drawing) >= 8


def test_two_sections_of_entities_are_left_to_ezdxf():
    section = b"  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n  0\nENDSEC\n"
    assert find_entities(section * 2) is None
    place = find_entities(b"  9\nx\n" + section)
    assert without_entities(b"  9\nx\n" + section, place) == b"  9\nx\n" + section.replace(
        b"  0\nLINE\n", b""
    )


def test_columns_of_a_text_are_all_there(tmp_path, whole):
    def draw(_, space):
        space.add_entity(make_static_columns_r2000(["第一栏", "第二栏", "第三栏"], 10, 1, 5))

    path = saved(tmp_path, draw, "R2000", encoding="utf8")
    for table, _ in (reading.read(path, None, None), whole(path)):
        assert [line_of(text) for text in table.columns["text"]] == ["第一栏", "第二栏", "第三栏"]


def test_if_the_first_entities_mislead_about_the_unit_all_are_drawn_again(tmp_path, monkeypatch, whole):
    monkeypatch.setattr(reading, "_FIRST", 2)

    def draw(document, space):
        document.header["$INSUNITS"] = 0
        for i in range(2):
            space.add_circle((i, i), 1)
        for i in range(30):
            space.add_circle((616_600_000 + i * 9000, 4_078_000_000), 5000)

    path = saved(tmp_path, draw)
    table, told = reading.read(path, None, None)
    assert (told["unit"], len(table.records)) == ("mm", 32)
    same((table, told), whole(path))


def test_the_reader_tells_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(model_space, "_BATCH", 50)
    monkeypatch.setattr(reading, "ROWS", 100)
    monkeypatch.setattr("gis.exchange.dxf.section_tags._BUFFER", 4096)
    path = saved(tmp_path, lambda _, s: [s.add_line((i, 0), (i + 1, 7)) for i in range(900)])
    told = []
    reading.read(path, None, None, told.append)
    assert told == sorted(told)
    assert told[0] < 0.3 < 0.8 < told[-1] <= 1.0
    assert len(set(told)) > 5


def test_lines_with_chinese_are_found_wherever_a_block_of_bytes_ends(monkeypatch):
    data = "图层\n砼6混3\n  0\nTEXT\n绿化\n".encode("gb18030") * 3
    expected = list(codepage._lines(data))
    assert len(expected) == 9
    for size in range(1, 20):
        monkeypatch.setattr(codepage, "_BLOCK", size)
        assert list(codepage._lines(data)) == expected


@pytest.mark.parametrize("name", ["ezdxf_ASCII_R12.dxf", "ezdxf_bin_dxf_r12.dxf", "GDAL_utf-8.dxf"])
def test_damage_gives_the_same_either_way(tmp_path, monkeypatch, whole, name):
    monkeypatch.setattr(fallback, "_MOST_S", 0.0)
    sound = (DATA / name).read_bytes()
    chance = random.Random(name)
    path = tmp_path / "a.dxf"
    for _ in range(6):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] = chance.randrange(32, 127)
        path.write_bytes(data)
        try:
            expected = whole(path)
        except PlanboardError as error:
            with pytest.raises(PlanboardError, match=error.code):
                reading.read(path, None, None)
        else:
            same(reading.read(path, None, None), expected)
