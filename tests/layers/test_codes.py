"""What reading codes promises."""

import pytest

from layers.codes import split_codes
from layers.kinds import standard_kinds


@pytest.mark.parametrize(
    "text",
    [
        "T03,D05",
        "T03, D05",
        "T03，D05",
        "T03、D05",
        "T03 D05,T03",
        "T03;D05",
        "T03； D05",
        "T03\nD05",
        "T03\u3000D05",
    ],
)
def test_codes_are_read_whatever_stands_between_them(text):
    assert split_codes(text) == ("T03", "D05")


def test_fields_of_codes_keep_one_spelling_whoever_writes_them_and_others_keep_what_is_written():
    tree, spot = (next(k for k in standard_kinds().values() if k.role == r) for r in ("tree", "traffic-spot"))
    written = {"answers": " t13、Ｄ05，t13", "reason": "t13 会议", "species": "oak"}
    assert tree.kept(written) == {**written, "answers": "T13,D05"}
    assert spot.kept({"code": "ｔ１３ ", "title": "t13"}) == {"code": "T13", "title": "t13"}
    assert tree.kept({"answers": "  ", "species": None}) == {"answers": None, "species": None}


def test_codes_that_an_earlier_program_kept_as_they_were_typed_say_the_same():
    answers = next(k for k in standard_kinds().values() if k.role == "tree").field("answers")
    assert answers.is_same("t13; D05", "T13,D05")
    assert not answers.is_same("T13", "T13,D05")
    assert not answers.is_same(None, "T13")
