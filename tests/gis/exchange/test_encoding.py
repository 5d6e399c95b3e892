"""Text encodings are told by the bytes."""

import pytest

from gis.exchange.encoding import chinese_share, decode, decode_document, detect, label_codec, ldid_codec

NAMES = ["上海国际会议中心", "3号楼", "幼儿园", "金茵小区北区"]


@pytest.mark.parametrize("label", [None, "UTF-8", "ISO-8859-1", "GBK", "ANSI 936"])
def test_gbk_bytes_are_chinese_whatever_the_label_says(label):
    found = detect([name.encode("gbk") for name in NAMES], label)
    assert found.name == "GB18030"
    assert found.contradicts == (label in ("UTF-8", "ISO-8859-1"))


@pytest.mark.parametrize("ldid", [0x00, 0x57, 0x4D])
def test_utf8_bytes_are_utf8_whatever_the_header_says(ldid):
    found = detect([name.encode() for name in NAMES], None, ldid)
    assert found.name == "UTF-8"
    assert found.contradicts == (ldid == 0x4D)


def test_a_label_that_fits_is_believed():
    assert detect(["地籍圖".encode("big5")], "BIG5").name == "BIG5"
    assert detect(["Привет".encode("cp1251")], "1251").name == "CP1251"


def test_where_the_bytes_could_be_either_a_label_of_gbk_decides():
    either = "一".encode("gbk")
    assert either.decode("utf-8") == "һ"
    assert detect([either], "GBK").name == "GB18030"
    assert detect(["乜".encode("gbk")], "GBK").name == "GB18030"
    assert detect([either]).name == "UTF-8"
    assert detect(["一号楼".encode(), either], "GBK").name == "UTF-8"


@pytest.mark.parametrize(("written", "seen"), [("猸乀", "⭁T"), ("飑乀", "쩁T")])
def test_a_letter_that_no_chinese_uses_does_not_outweigh_a_label_of_gbk(written, seen):
    rare = written.encode("gbk")
    assert rare.decode("utf-8") == seen
    assert detect([rare], "GBK").name == "GB18030"
    assert detect([rare]).name == "UTF-8"
    assert detect(["℃".encode()], "GBK").name == "UTF-8"


def test_western_text_is_not_taken_for_chinese():
    words = ["Ñandú", "Île de Bréhat", "Größe", "Málaga"]
    assert detect([w.encode("latin-1") for w in words]).name == "CP1252"
    assert chinese_share([w.encode("latin-1") for w in words]) < 0.5


def test_ascii_alone_says_nothing_against_the_label():
    assert not detect([b"abc"], "UTF-8").contradicts


def test_a_character_cut_at_the_end_of_a_field_costs_only_itself():
    stored = ("长" * 85).encode()[:254]
    text, fault = decode(stored, "UTF-8", full_width=True)
    assert text == "长" * 84
    assert fault is not None


def test_one_value_in_another_encoding_is_read_and_told():
    text, fault = decode("楼号".encode("gbk"), "UTF-8")
    assert text == "楼号"
    assert fault is not None


def test_rare_names_survive_in_gb18030():
    assert decode("㛃𬍛䶮".encode("gb18030"), "GB18030").text == "㛃𬍛䶮"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("楼".encode("utf-8-sig"), "UTF-8"),
        ("楼".encode("utf-16"), "UTF-16"),
        ("上海国际会议中心".encode("gbk"), "GB18030"),
    ],
)
def test_documents_are_read_by_mark_or_content(data, name):
    text, found = decode_document(data)
    assert text[0] in "楼上"
    assert found.name == name


def test_labels_without_meaning_are_ignored():
    assert label_codec("nonsense") is None
    assert ldid_codec(0x57) is None
    assert ldid_codec(0x4D) == "gb18030"
