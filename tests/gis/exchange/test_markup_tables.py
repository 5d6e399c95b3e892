"""Tables that are pages or XML under the name of a workbook, and what is no table at all."""

import zipfile
from contextlib import suppress

import openpyxl
import pytest
import shapely

from gis.exchange.child import layers_of, read
from layers.errors import BadInputError, PlanboardError

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>{meta}<style>td{{a:b}}</style></head>
<body><table><tr><th colspan=3>金茵小区房屋台账</th></tr>
<tr><td>楼号</td><td>总层数</td><td>备注</td></tr>
<tr><td rowspan=2>1号楼</td><td>6</td><td>砖混&amp;框架&nbsp;</td></tr>
<tr><td>007</td><td>二单元<br>漏水</td></tr>
<tr><td>2号楼<td>5.5<td>未闭合
<tr><td>3号楼</td><td>370305199801011234</td><td><script>alert(1)</script>=1+1<b>粗</b></td></tr></table>"""
SHEETS = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="楼栋"><Table>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">楼栋表</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">楼号</Data></Cell><Cell><Data ss:Type="String">总层数</Data></Cell>
<Cell><Data ss:Type="String">竣工年份</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="String">1号楼</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">1998</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="Number">5</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-03-02T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">6</Data></Cell></Row>
</Table></Worksheet><Worksheet ss:Name="户数">
<Table><Row><Cell><Data ss:Type="String">单元</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">二单元</Data></Cell></Row></Table></Worksheet></Workbook>"""


def columns(table):
    return {name: list(values) for name, values in table.columns.items()}


@pytest.mark.parametrize(
    ("codec", "meta"),
    [("utf-8", "<meta charset=utf-8>"), ("gb18030", "<meta content='text/html; charset=gb2312'>"),
     ("gb18030", ""), ("utf-16", "")],
)  # fmt: skip
def test_a_page_that_is_called_a_workbook_is_read_as_its_table(tmp_path, codec, meta):
    path = tmp_path / "台账.xls"
    path.write_bytes(PAGE.format(meta=meta).encode(codec))
    table = read(path, None, None, ())
    assert table.format == "HTML"
    assert columns(table) == {
        "楼号": ["1号楼", "1号楼", "2号楼", "3号楼"],
        "总层数": [6, "007", 5.5, "370305199801011234"],
        "备注": ["砖混&框架", "二单元\n漏水", "未闭合", "=1+1粗"],
    }
    assert {"import.table-page", "import.above-titles"} <= {f.code for f in table.findings}


def test_each_table_of_a_page_is_a_layer_also_one_inside_a_cell(tmp_path):
    inner = "<table><tr><td>楼号</td><td>户数</td></tr><tr><td>1号楼</td><td>36</td></tr></table>"
    other = inner.replace("36", "40").replace("1号楼", "2号楼")
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><table><tr><td>{inner}</td></tr></table>{other}", "utf-8")
    layers = layers_of(path)
    assert [layer.features for layer in layers] == [1, 1]
    assert columns(read(path, layers[1].name, None, ()))["户数"] == [40]


def test_a_page_packed_as_one_file_is_read_too(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
        'Content-Transfer-Encoding: quoted-printable\nContent-Type: text/html; charset="utf-8"\n\n'
        "<table><tr><td>=E6=A5=BC=E5=8F=B7</td><td>=E5=B1=82</td></tr><tr><td>1=E5=8F=B7</td><td>6</td></tr>"
        "</table>\n--x--\n",
        "ascii",
    )
    assert columns(read(path, None, None, ())) == {"楼号": ["1号"], "层": [6]}


def test_an_xml_workbook_keeps_sheets_gaps_merged_cells_and_dates(tmp_path):
    path = tmp_path / "导出.xls"
    path.write_text(SHEETS, "utf-8")
    assert [layer.name for layer in layers_of(path)] == ["楼栋", "户数"]
    table = read(path, "楼栋", None, ())
    assert columns(table) == {
        "楼号": ["1号楼", "1号楼", "2026-03-02"],
        "总层数": [None, 5, 6],
        "竣工年份": [1998, None, None],
    }
    assert table.records == [4, 5, 6]
    assert "import.date-eaten" in {f.code for f in table.findings}


def test_text_that_is_called_a_workbook_is_read_as_text(tmp_path):
    path = tmp_path / "导出.xls"
    path.write_bytes("楼号\t总层数\r\n1号楼\t6\r\n".encode("gbk"))
    assert columns(read(path, None, None, ())) == {"楼号": ["1号楼"], "总层数": ["6"]}


@pytest.mark.parametrize("name", ["a.xls", "a.geojson", "a.csv"])
def test_a_page_without_a_table_is_refused_with_a_word_on_logins(tmp_path, name):
    path = tmp_path / name
    path.write_text("<!DOCTYPE html><html><body><form>请先登录</form></body></html>", "utf-8")
    with pytest.raises(BadInputError) as refused:
        read(path, None, None, ())
    assert refused.value.code == "import.no-table"
    assert "登录" in refused.value.advice.zh


def test_entities_in_an_xml_workbook_are_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(SHEETS.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook', 1), "utf-8")
    with pytest.raises(BadInputError) as refused:
        read(path, None, None, ())
    assert refused.value.code == "import.entities"


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td colspan=99999999 rowspan=99999999>楼号</table>",
        "<table><tr>" + "<td>1" * 3000 + "</table>",
        "<table>" + "<table><tr><td>" * 3000,
        "<table><tr><td>" + "<!--" * 50_000,
        "<table><tr><td>" + "<a " * 20_000,
        "<table><tr><td>" + "<!" * 50_000,
        "<table><tr><td>" + "</" * 20_000,
        "<table><tr><td>" + "<script>" * 20_000,
        "<table><tr><td>" + "&" * 100_000,
        "<table><tr><td a='" + "<td a='" * 20_000,
        "<table><tr><td rowspan=-1 colspan=x>楼号<td rowspan=²>层<tr><td>1<td>2",
        "<html><table></html>",
        "<table><tr><td>" + "&#x110000;&bogus;" * 10 + "\x00",
    ],
)
def test_hostile_pages_are_read_or_refused_and_end(tmp_path, page):
    path = tmp_path / "a.xls"
    path.write_text(page, "utf-8")
    with suppress(PlanboardError):
        assert read(path, None, None, ()).read >= 0


def test_survey_points_without_titles_are_found_by_their_size(tmp_path):
    path = tmp_path / "点.dat"
    path.write_text("1,,39616650.295,4077999.006,21.5\n2,K,39616660.295,4078009.006,21.6\n", "utf-8")
    table = read(path, None, None, ())
    assert shapely.from_wkb(table.wkb[0]).coords[0] == (39616650.295, 4077999.006)
    assert "import.coordinates-found" in {f.code for f in table.findings}


def test_sums_of_money_in_titled_columns_are_no_coordinates(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("楼号,造价,总价\n1号楼,616650,4077999\n2号楼,616660,4078009\n", "utf-8")
    assert not read(path, None, None, ()).shaped


def container(stream):
    """What the container of old Office files looks like to one who searches for a stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(600)


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("密.xlsx", container("EncryptedPackage"), "密码"),
        ("文.doc", container("WordDocument"), "Word"),
        ("汇.ppt", container("PowerPoint Document"), "PPT"),
        ("公告.pdf", b"%PDF-1.4\n", "PDF"),
        ("空.xls", b"", "空"),
        ("白.csv", b"\n \n", "空"),
    ],
)
def test_what_is_no_table_is_named(tmp_path, name, data, word):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInputError) as refused:
        read(path, None, None, ())
    assert word in refused.value.message.zh
    assert refused.value.advice


@pytest.mark.parametrize(
    ("member", "word"),
    [("word/document.xml", "Word"), ("ppt/presentation.xml", "PPT"), ("content.xml", "Open")],
)
def test_other_documents_that_are_archives_are_named(tmp_path, member, word):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "<x/>")
    with pytest.raises(BadInputError) as refused:
        read(path, None, None, ())
    assert word in refused.value.message.zh


def test_a_workbook_with_macros_is_read_as_any(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["楼号", "总层数"])
    book.active.append(["1号楼", 6])
    book.save(tmp_path / "a.xlsm")
    assert columns(read(tmp_path / "a.xlsm", None, None, ())) == {"楼号": ["1号楼"], "总层数": [6]}


def test_the_description_of_a_placemark_is_read_without_its_markup(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(
        "<kml><Placemark><name>3号楼</name><description><![CDATA[<html><style>b{}</style><table>"
        "<tr><td>楼号</td><td>3&amp;4</td></tr><tr><td>层数</td><td>6</td></tr></table>漏水<br>三处]]>"
        "</description><Point><coordinates>118.3,36.8</coordinates></Point></Placemark></kml>",
        "utf-8",
    )
    assert columns(read(path, None, None, ()))["description"] == ["楼号 3&4\n层数 6\n漏水\n三处"]
