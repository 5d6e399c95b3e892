"""Which encoding a drawing's text is in: bytes before labels."""

import io

import ezdxf
import pytest

from gis.exchange.dxf.codepage import find_encoding
from gis.exchange.dxf.wording import safe_text, unescaped
from layers.errors import UsageError
from tests.gis.exchange.dxf.conftest import DATA, read

WORDS = "3号楼 车位"


def drawing(tmp_path, version, header, codec, text=WORDS):
    """Write a drawing whose bytes and labels are what a test wants."""
    document = ezdxf.new(version)
    document.layers.add("建筑")
    document.modelspace().add_text(text, dxfattribs={"layer": "建筑"})
    stream = io.StringIO()
    document.write(stream)
    path = tmp_path / "a.dxf"
    path.write_bytes(stream.getvalue().replace("ANSI_1252", header).encode(codec))
    return path


@pytest.mark.parametrize(
    ("version", "header", "codec", "found", "contradicts"),
    [
        ("R2000", "ANSI_936", "gbk", "gb18030", False),
        ("R2010", "ANSI_936", "utf-8", "utf-8", False),
        ("R2010", "ANSI_1252", "utf-8", "utf-8", False),
        ("R2000", "ANSI_1252", "gbk", "gb18030", True),
        ("R2000", "ANSI_936", "utf-8", "utf-8", True),
        ("R2004", "ANSI_1252", "utf-8", "utf-8", True),
        ("R2010", "ANSI_936", "gbk", "gb18030", True),
    ],
)
def test_chinese_is_read_whatever_the_header_says(tmp_path, version, header, codec, found, contradicts):
    path = drawing(tmp_path, version, header, codec)
    encoding = find_encoding(path.read_bytes())
    assert (encoding.codec, encoding.contradicts) == (found, contradicts)
    assert WORDS in encoding.samples
    read_back = read(path)
    assert list(read_back.columns["text"].tolist()) == [WORDS]
    assert list(read_back.columns["layer"].tolist()) == ["建筑"]
    assert bool([f for f in read_back.findings if f.code == "dxf.encoding"]) == contradicts


def test_gbk_bytes_that_happen_to_be_utf8_are_read_as_chinese(tmp_path):
    path = drawing(tmp_path, "R2000", "ANSI_936", "gbk", "联通")
    path.write_bytes(path.read_bytes().replace("建筑".encode("gbk"), b"A"))
    assert read(path).columns["text"].tolist() == ["联通"]


def test_what_the_user_says_goes_first(tmp_path):
    path = drawing(tmp_path, "R2000", "ANSI_936", "gbk")
    assert find_encoding(path.read_bytes(), "cp1252").codec == "cp1252"
    with pytest.raises(UsageError):
        find_encoding(path.read_bytes(), "quatsch")


@pytest.mark.parametrize("name", ["ezdxf_ASCII_R12.dxf", "ezdxf_bin_dxf_r2000.dxf"])
def test_western_text_is_not_taken_for_chinese(name):
    assert find_encoding((DATA / name).read_bytes()).codec == "cp1252"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"\U+0033\U+53F7\U+697C", "3号楼"),
        (r"\M+5BAC5\M+5C2A5", "号楼"),
        (r"\U+D842\U+DFB7", "𠮷"),
        (r"C:\Users\M", r"C:\Users\M"),
        (r"\M+9BAC5", r"\M+9BAC5"),
    ],
)
def test_escapes_become_the_characters_they_stand_for(text, meant):
    assert unescaped(text) == meant


def test_escapes_are_resolved_in_texts_and_layer_names(tmp_path):
    path = drawing(tmp_path, "R2000", "ANSI_1252", "gbk")
    data = path.read_bytes().replace("建筑".encode("gbk"), rb"\U+5EFA\U+7B51")
    path.write_bytes(data.replace(WORDS.encode("gbk"), rb"3\M+5BAC5\M+5C2A5"))
    found = read(path)
    assert (found.columns["text"].tolist(), found.columns["layer"].tolist()) == (["3号楼"], ["建筑"])
    assert "3号楼" in found.encoding.samples


@pytest.mark.parametrize("hostile", ["a\n0\nEOF", "a\r\n  0\r\nSECTION", "\x00\x1b[2J", "\ud800", r"\U+0041"])
def test_no_text_breaks_out_of_its_line(hostile):
    safe = safe_text(hostile)
    assert safe.isprintable()
    assert unescaped(safe) == safe
