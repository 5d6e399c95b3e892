"""Drawings whose bytes are unusual, or that end too early."""

import io
import re

import ezdxf
import pytest

from gis.exchange.dxf.tidying import completed, tidied
from tests.gis.exchange.dxf.conftest import SOUTH, WEST, box, read, words


def drawing(version="R12"):
    """Return a small drawing as bytes with plain line ends: two polylines, a text, a line."""
    document = ezdxf.new(version)
    if version < "R2007":
        document.encoding = "gbk"
    space = document.modelspace()
    for i in range(2):
        corners = [(WEST + 30 * i, SOUTH), (WEST + 30 * i + 20, SOUTH), (WEST + 30 * i + 20, SOUTH + 10)]
        space.add_polyline2d(corners, close=True, dxfattribs={"layer": "JMD"})
    words(space, "砼6", 14, 3, "JMD")
    space.add_line((WEST, SOUTH - 5), (WEST + 90, SOUTH - 5), dxfattribs={"layer": "DLSS"})
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().replace("\r\n", "\n").encode(document.output_encoding)


def in_small_letters(data):
    names = rb"\n(SECTION|HEADER|TABLES|ENTITIES|BLOCKS|CLASSES|OBJECTS|ENDSEC|EOF|LINE|POLYLINE)(?=\n)"
    return re.sub(names, lambda m: b"\n" + m.group(1).lower(), data)


ODD = {
    "old Mac": lambda data: data.replace(b"\n", b"\r"),
    "doubled": lambda data: data.replace(b"\n", b"\r\r\n"),
    "in part of Macs": lambda data: data[:900].replace(b"\n", b"\r") + data[900:].replace(b"\n", b"\r\n"),
    "padded": lambda data: data.replace(b"\n", b"   \n"),
    "marked": lambda data: b"\xef\xbb\xbf" + data,
    "empty lines": lambda data: b"\n \n" + data + b"\n\n  \n",
    "remarks": lambda data: (
        b"999\n\xc4\xcf\xb7\xbd\n" + data.replace(b"\n  0\nLINE", b"\n999\nhere\n  0\nLINE")
    ),
    "small letters": in_small_letters,
    "behind the end": lambda data: data + b"\x1a",
}


@pytest.mark.parametrize("version", ["R12", "R2010"])
@pytest.mark.parametrize("odd", ODD)
def test_unusual_bytes_hold_the_same_drawing(tmp_path, version, odd):
    path = tmp_path / "odd.dxf"
    path.write_bytes(ODD[odd](drawing(version)))
    found = read(path)
    assert (found.reader, found.entities) == ("ezdxf", 4)
    assert "砼6" in found.columns["text"].tolist()
    assert not [f.code for f in found.findings]


def test_sixteen_bit_text_is_read(tmp_path):
    path = tmp_path / "wide.dxf"
    path.write_bytes(drawing("R2010").decode().encode("utf-16"))
    assert read(path).entities == 4


def test_what_is_usual_is_not_copied():
    data = drawing()
    assert tidied(data) is data


def test_polylines_without_their_end_are_read(tmp_path):
    path = tmp_path / "endless.dxf"
    path.write_bytes(re.sub(rb"  0\nSEQEND\n(?:.*\n.*\n)*?(?=  0\n)", b"", drawing()))
    found = read(path)
    assert (found.entities, len(found.geometry[0].coords)) == (4, 4)
    assert [f.code for f in found.findings] == ["dxf.repaired"]


@pytest.mark.parametrize("version", ["R12", "R2000", "R2010"])
def test_a_drawing_cut_short_gives_what_is_whole(tmp_path, version):
    data = drawing(version)
    second = [m.start() for m in re.finditer(rb"  0\nPOLYLINE\n", data)][1]
    last_corner = data.index(b"VERTEX", second) + 60
    path = tmp_path / "cut.dxf"
    path.write_bytes(data[:last_corner])
    found = read(path)
    assert found.columns["type"].tolist() == ["POLYLINE"]  # half an outline would be another one
    assert [f.code for f in found.findings] == ["dxf.torn"]


def test_a_whole_drawing_is_complete():
    data = drawing()
    assert completed(data) == (data, 0, False)


def test_one_damaged_text_does_not_change_the_encoding_of_all(tmp_path, made):
    def draw(_, space):
        for i in range(8):
            words(space, f"{i}号楼东侧道路", 0, 3 * i)

    made(draw)
    path = tmp_path / "made.dxf"
    path.write_bytes(path.read_bytes().replace("7号楼".encode(), "7号楼".encode()[:-1], 1))
    found = read(path)
    assert found.encoding.codec == "utf-8"
    assert "3号楼东侧道路" in found.columns["text"].tolist()


def test_a_drawing_that_only_says_concrete_is_chinese(tmp_path):
    path = tmp_path / "bare.dxf"
    data = drawing()
    path.write_bytes(data[data.index(b"  0\nSECTION\n  2\nENTITIES") :])
    assert "砼6" in read(path).columns["text"].tolist()


def test_a_letter_that_two_lines_share_is_whole_again(made):
    text = "".join(f"第{i}条说明文字" for i in range(60))

    def draw(document, space):
        document.encoding = "gbk"
        space.add_mtext(text, dxfattribs={"insert": (WEST, SOUTH), "char_height": 2})
        box(space, 0, 0, 5, 5)

    assert text in made(draw, "R2000").columns["text"].tolist()


@pytest.mark.parametrize(
    ("found", "instead"),
    [(b"616600.0\n 20\n4077995.0", b"616600.0\n 20\n"), (b"\n  8\nDLSS\n 10\n", b"\n ? \nDLSS\n 10\n")],
)
def test_an_entity_that_makes_no_sense_costs_only_itself(tmp_path, found, instead):
    data = drawing()
    assert found in data
    path = tmp_path / "one.dxf"
    path.write_bytes(data.replace(found, instead))
    drawn = read(path)
    assert (drawn.reader, drawn.columns["type"].tolist()) == ("ezdxf", ["POLYLINE", "POLYLINE", "TEXT"])
    assert [f.code for f in drawn.findings] == ["dxf.torn"]


def test_a_polyline_whose_first_corner_lacks_its_place_stops_nothing(tmp_path):
    data = drawing()
    first = data.index(b"\nVERTEX\n")
    corner = data[first : data.index(b"\n  0\n", first + 8)]
    path = tmp_path / "placeless.dxf"
    path.write_bytes(data.replace(corner, b"\nVERTEX\n  8\nJMD", 1))
    assert read(path).columns["type"].tolist().count("LINE") == 1
