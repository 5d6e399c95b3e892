"""Tables whose first line is a record already."""

import pytest

from gis.exchange.source import read_unplaced
from gis.exchange.tables.untitled import column_title


def columns(path, *lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {name: list(values) for name, values in read_unplaced(path).table.columns.items()}


def test_a_first_line_of_one_cast_with_those_below_is_a_record_and_is_kept(tmp_path):
    found = columns(tmp_path / "a.csv", "3号楼,7,老旧", "4号楼,6,一般", "5号楼,6,好")
    assert list(found) == ["列1", "列2", "列3"]
    assert found["列1"] == ["3号楼", "4号楼", "5号楼"]


@pytest.mark.parametrize("titles", ["楼号,1季度,2季度", "number,x1,x2"])
def test_numbers_in_titles_do_not_make_them_records(tmp_path, titles):
    found = columns(tmp_path / "a.csv", titles, "3号楼,7,8", "4号楼,6,9", "5号楼,6,9")
    assert list(found) == titles.split(",")


def test_columns_without_a_title_are_numbered_in_both_languages():
    assert column_title("列12").en == "Column 12"
    assert column_title("列12").zh == "列12"
    assert column_title("楼号").en == "楼号"
