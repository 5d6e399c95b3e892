"""What reading codes promises."""

import pytest

from layers.codes import split_codes


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
