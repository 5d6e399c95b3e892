"""Cells from the clipboard are a file like any other, in the form that says most of them."""

import pytest

from gis.exchange import pasted_table as pasting
from gis.exchange.child import read
from gis.exchange.pasted_table import are_cells, pasted_table
from layers.errors import BadInputError

TEXT = "楼号\t层数\t同意率\n1号楼\t6\t93.5%\n2号楼\t3,456.50\t90%\n"
PAGE = (
    '<html><head><meta charset="gb2312"></head><body><table><tr><td>楼号</td><td>层数</td><td>同意率</td>'
    '<td>日期</td></tr><tr><td>1号楼</td><td sdval="6" sdnum="1033;">6</td><td x:num="0.9349">93%</td>'
    '<td sdval="35916" sdnum="1033;0;YYYY-MM-DD">1998-05-01</td></tr>'
    '<tr><td>2号楼</td><td sdval="3456.5">3,456.50</td><td sdval="x">=1+1</td><td></td></tr></table></body>'
)
SHEET = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="1"><Table>'
    '<Row><Cell><Data ss:Type="String">楼号</Data></Cell>'
    '<Cell><Data ss:Type="String">层数</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">1号楼</Data></Cell>'
    '<Cell><Data ss:Type="Number">6.25</Data></Cell></Row>'
    "</Table></Worksheet></Workbook>"
)


def columns(table, tmp_path):
    found = read(table.write(tmp_path, "剪贴板"), None, None, ())
    return {name: list(values) for name, values in found.columns.items()}


def test_text_with_tabs_is_a_table(tmp_path):
    table = pasted_table(TEXT, "", bytes)
    assert columns(table, tmp_path)["楼号"] == ["1号楼", "2号楼"]


def test_a_page_tells_more_than_text_and_the_numbers_behind_what_is_shown(tmp_path):
    found = columns(pasted_table(TEXT, PAGE, bytes), tmp_path)
    assert found["层数"] == [6, 3456.5]
    assert found["同意率"] == [0.9349, "=1+1"]
    assert found["日期"] == ["1998-05-01", None]


def test_the_cells_of_excel_themselves_tell_most(tmp_path):
    found = columns(pasted_table(TEXT, PAGE, lambda: SHEET.encode() + b"\x00"), tmp_path)
    assert found == {"楼号": ["1号楼"], "层数": [6.25]}


@pytest.mark.parametrize(
    "text",
    ["", "3号楼", "POINT (1 2)", '{\n\t"a": 1,\n\t"b": 2\n}', "两行\n文字", "\t缩进\n字\n字\n字"],
)
def test_other_text_is_no_table(text):
    assert not are_cells(text)
    assert pasted_table(text, PAGE, bytes) is None


def test_a_table_beyond_bounds_is_refused(monkeypatch):
    monkeypatch.setattr(pasting, "MOST_CHARACTERS", 10)
    with pytest.raises(BadInputError, match="太大"):
        pasted_table(TEXT, "", bytes)


def test_nothing_is_told_of_a_page_that_says_it_is_one(tmp_path):
    table = read(pasted_table(TEXT, PAGE, bytes).write(tmp_path, "剪贴板"), None, None, ())
    assert not [f for f in table.findings if f.code == "import.table-page"]
