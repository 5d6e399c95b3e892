"""Tables as offices make them: titles, merged cells, coordinates of all kinds, numbers that became dates."""

import csv
import datetime as dt
import zipfile

import numpy as np
import openpyxl
import pytest
import shapely

from gis.exchange.child import layers_of, read
from gis.exchange.source import Near, read_source
from layers.errors import BadInputError, CrsError


def codes(table):
    return {f.code for f in table.findings}


def places(table):
    return [None if b is None else shapely.from_wkb(b).coords[0] for b in table.wkb]


def text_table(path, *lines, encoding="utf-8", end="\n"):
    path.write_bytes(end.join(lines).encode(encoding))
    return path


def workbook(path, rows, merged=(), name="Sheet1", **more):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for title, other in more.items():
        for row in other:
            (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    book.save(path)
    return path


def told(data, name):
    """What Python's own reader finds: the independent count."""
    encoding = "gb18030" if "gbk" in name or "swapped" in name else "utf-8-sig"
    with (data / name).open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(
    "name", ["shanghai_poi_gbk.csv", "shanghai_poi_utf8bom.csv", "shanghai_poi_dms.csv", "shanghai_poi.xlsx"]
)
def test_one_table_in_every_dress_gives_the_same_points(data, name):
    known = told(data, "shanghai_poi_utf8bom.csv")
    table = read(data / name, None, None, ())
    assert table.columns["名称"] == [row["名称"].strip() for row in known]
    wanted = np.array([(float(row["经度"]), float(row["纬度"])) for row in known])
    assert np.abs(np.array(places(table)) - wanted).max() < (0.005 / 3600 if "dms" in name else 1e-12)
    assert table.crs == "EPSG:4326"
    assert "import.datum" in codes(table)


def test_swapped_titles_are_found_by_the_numbers(data):
    table = read(data / "shanghai_poi_swapped.csv", None, None, ())
    assert places(table) == places(read(data / "shanghai_poi_gbk.csv", None, None, ()))
    assert [f.severity for f in table.findings if f.code == "import.swapped"] == ["warning"]


def test_utf16_is_read(data):
    table = read(data / "mapshaper_utf16_le_bom.csv", None, None, ())
    assert (table.encoding, table.read, table.shaped) == ("UTF-16", 1, False)


def test_a_table_without_titles_keeps_its_first_record(data):
    table = read(data / "GDAL_allCountries.txt", None, None, ())
    assert (table.read, table.columns["列2"][0]) == (10, "Costa de Xurius")
    assert "import.no-titles" in codes(table)


def test_line_breaks_in_titles_become_spaces(data):
    assert (
        "Column with a line break" in read(data / "GDAL_header_with_line_break.csv", None, None, ()).columns
    )


def test_quotation_marks_inside_a_cell_are_seconds_of_arc(data):
    table = read(data / "GDAL_double_quotes_in_middle_of_field.csv", None, None, ())
    assert places(table)[0] == pytest.approx((116.701222, 50.768500), abs=1e-6)


def test_of_several_sheets_one_must_be_named(data):
    with pytest.raises(BadInputError) as caught:
        read(data / "GDAL_test.xlsx", None, None, ())
    assert caught.value.code == "import.which-layer"
    table = read(data / "GDAL_test.xlsx", "Feuille7", None, ())
    assert table.columns["Col1"] == ["val", "val2"]


def test_a_sheet_without_records_is_no_choice(data):
    assert read(data / "GDAL_row_without_r_attribute.xlsx", None, None, ()).layer == "Result 1"


def test_coordinates_that_cannot_be_read_are_told_by_row_and_value(tmp_path):
    path = text_table(
        tmp_path / "a.csv",
        "名称,经度,纬度",
        "甲,118.3075,36.826",
        "乙,东门,36.8",
        "丙,,",
        "丁,0,0",
        "戊,118.3,96",
    )
    table = read(path, None, None, ())
    assert [p is not None for p in places(table)] == [True, False, False, False, False]
    assert {f.record: f.code for f in table.findings if f.severity == "error"} == {
        3: "import.coordinates",
        4: "import.geometry-missing",
        5: "import.coordinates",
        6: "import.coordinates",
    }
    assert "东门" in next(f.message.zh for f in table.findings if f.record == 3)


@pytest.mark.parametrize(
    ("titles", "first", "second"),
    [
        ("经度,纬度", "118.3075", "36.826"),
        ("lon,lat", "118.3075", "36.826"),
        ("Longitude,Latitude", "１１８.３０７５", "３６.８２６"),
        ("经度,纬度", "118°18′27″E", "36°49′33.6″N"),
        ("经度,纬度", "东经118度18分27秒", "北纬36度49分33.6秒"),
        ("x,y", "118.3075", "36.826"),
        ("纬度,经度", "36.826", "118.3075"),
        ("Y,X", "36.826", "118.3075"),
        ("中心点经度,中心点纬度", "118.3075", "36.826"),
        ("甲,乙", "118.30750", "36.82600"),
    ],
)
def test_degrees_are_found_whatever_they_are_called_and_written_as(tmp_path, titles, first, second):
    table = read(
        text_table(tmp_path / "a.tsv", titles.replace(",", "\t"), f"{first}\t{second}"), None, None, ()
    )
    assert places(table)[0] == pytest.approx((118.3075, 36.826))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("坐标", "118.3075,36.826"),
        ("位置", "36.8260，118.3075"),
        ("latlon", "36.8260 118.3075"),
        ("经纬度", "(118.3075, 36.8260)"),
        ("location", "36°49′33.6″N 118°18′27″E"),
    ],
)
def test_both_coordinates_in_one_cell_are_read_in_either_order(tmp_path, title, cell):
    path = workbook(tmp_path / "a.xlsx", [["名称", title], ["甲", cell]])
    assert places(read(path, None, None, ()))[0] == pytest.approx((118.3075, 36.826))


@pytest.mark.parametrize(
    ("titles", "first", "second"),
    [
        ("东坐标,北坐标", 616650.295, 4077999.006),
        ("X,Y", 4077999.006, 616650.295),
        ("纵坐标,横坐标", 4077999.006, 616650.295),
        ("东坐标,北坐标", 4077999.006, 616650.295),
        ("x,y", 39616650.295, 4077999.006),
    ],
)
def test_survey_coordinates_are_told_by_size(tmp_path, titles, first, second):
    table = read(text_table(tmp_path / "a.csv", titles, f"{first},{second}"), None, None, ())
    east, north = places(table)[0]
    assert (east % 1_000_000, north) == pytest.approx((616650.295, 4077999.006))
    assert table.crs is None


def test_metres_without_a_crs_are_refused_unless_they_lie_at_the_project(tmp_path):
    path = text_table(tmp_path / "a.csv", "名称,X,Y", "甲,616650,4077999")
    with pytest.raises(CrsError) as caught:
        read_source(path)
    assert caught.value.code == "crs.missing"
    source = read_source(path, near=Near("EPSG:4548", (616500, 4077900, 616800, 4078200)))
    assert source.crs == "EPSG:4548"
    assert "import.crs-by-place" in {f.code for f in source.findings}
    with pytest.raises(CrsError):
        read_source(path, near=Near("EPSG:4548", (516500, 4077900, 516800, 4078200)))


def test_picked_points_are_converted_when_the_user_says_so(tmp_path):
    path = text_table(tmp_path / "a.csv", "名称,高德经度,高德纬度", "甲,118.3133527447,36.8264502432")
    source = read_source(path, crs="GCJ-02")
    assert source.crs == "GCJ-02"
    assert "import.shifted" in {f.code for f in source.findings}


def test_wkt_is_recognised_in_any_column(tmp_path, data):
    path = text_table(tmp_path / "a.csv", "号;范围", "1;SRID=4548;POINT (616650 4077999)")
    table = read(data / "GDAL_wkt.csv", None, None, ())
    assert [shapely.from_wkb(b).geom_type for b in table.wkb] == ["Polygon"] * 3
    path = workbook(
        tmp_path / "a.xlsx", [["号", "范围"], [1, "SRID=4548;POINT (616650 4077999)"], [2, "POINT (1"]]
    )
    table = read(path, None, None, ())
    assert table.crs is None
    assert places(table) == [(616650.0, 4077999.0), None]


ROSTER = [
    ["金茵小区花名册", None, None, None, None],
    ["填表日期：2020年7月", None, None, None, None],
    ["楼号", "单元", "房号", "户主", "面积"],
    [None, None, None, None, "㎡"],
    ["1号楼", "1单元", "0101", "张三", 80.5],
    [None, None, 102, "李四", 80],
    [None, "2单元", "0101", "王珺", 95],
    ["２号楼", "1单元", "0101", "赵六", 80],
    [None, None, "0102", "钱七", None],
    ["合计", None, None, None, 335.5],
    ["注：面积以房产证为准，未办证的按实测面积登记。", None, None, None, None],
]


@pytest.mark.parametrize("merged", [(), ("A1:E1", "A5:A7", "B5:B6", "A8:A9", "B8:B9")])
def test_a_roster_is_read_with_its_titles_units_and_merged_cells(tmp_path, merged):
    table = read(workbook(tmp_path / "花名册.xlsx", ROSTER, merged), None, None, ())
    assert list(table.columns) == ["楼号", "单元", "房号", "户主", "面积"]
    assert table.columns["楼号"] == ["1号楼"] * 3 + ["２号楼"] * 2
    assert table.columns["单元"] == ["1单元", "1单元", "2单元", "1单元", "1单元"]
    assert table.columns["房号"] == ["0101", 102, "0101", "0101", "0102"]
    assert table.records == [5, 6, 7, 8, 9]
    assert not table.shaped
    assert {"import.above-titles", "import.unit-row", "import.total-row", "import.remark-row"} <= codes(table)


def test_titles_over_two_rows_are_joined(tmp_path):
    rows = [["楼号", "位置", None, "户数"], [None, "经度", "纬度", None], ["1", 118.3075, 36.826, 36]]
    table = read(workbook(tmp_path / "a.xlsx", rows, ("A1:A2", "B1:C1", "D1:D2")), None, None, ())
    assert table.columns["户数"] == [36]
    assert places(table)[0] == (118.3075, 36.826)


def test_titles_printed_again_on_each_page_are_no_records(tmp_path):
    path = text_table(tmp_path / "a.csv", "楼号,户数", "1,36", "楼号,户数", "2,48")
    table = read(path, None, None, ())
    assert table.columns["户数"] == ["36", "48"]
    assert "import.titles-again" in codes(table)


def test_numbers_that_excel_made_dates_are_told_with_what_they_were(tmp_path):
    rows = [
        ["房号", "入户日期"],
        ["3-1-501", dt.datetime(2020, 7, 25)],
        [dt.datetime(2003, 2, 1), None],
        ["3-2-502", None],
    ]
    table = read(workbook(tmp_path / "a.xlsx", rows), None, None, ())
    (finding,) = [f for f in table.findings if f.code == "import.date-eaten"]
    assert (finding.record, finding.field) == (3, "房号")
    assert "3-2-1" in finding.message.zh
    text = text_table(tmp_path / "b.csv", "房号,户", "3-1-501,a", "3月2日,b", "3-2-502,c")
    assert [f.record for f in read(text, None, None, ()).findings if f.code == "import.date-eaten"] == [3]


def test_formulas_are_never_computed_and_their_absence_is_told(tmp_path):
    path = workbook(tmp_path / "a.xlsx", [["楼号", "户数"], ["1", "=1+1"], ["2", 36]])
    table = read(path, None, None, ())
    assert table.columns["户数"] == [None, 36]
    (finding,) = [f for f in table.findings if f.code == "import.formula"]
    assert "B2" in finding.message.zh


def test_a_formula_in_a_text_table_is_only_text(tmp_path):
    path = text_table(tmp_path / "a.csv", "楼号,备注", "1,\"=cmd|' /C calc'!A0\"", "2,'=1+1")
    assert read(path, None, None, ()).columns["备注"] == ["=cmd|' /C calc'!A0", "=1+1"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_separator_and_encoding_are_found(tmp_path, separator, encoding):
    lines = [
        separator.join(row)
        for row in (("楼号", "户主", "备注"), ("1号楼", "王珺", "东侧积水"), ("2号楼", "张㛃", ""))
    ]
    table = read(text_table(tmp_path / "表.csv", *lines, encoding=encoding, end="\r\n"), None, None, ())
    assert table.columns["户主"] == ["王珺", "张㛃"]


def test_a_quotation_mark_without_its_partner_does_not_eat_the_table(tmp_path):
    lines = ['1,"未闭合', *(f"{i},{i}" for i in range(2, 900))]
    assert read(text_table(tmp_path / "a.csv", "号,数", *lines), None, None, ()).read == 899


def test_an_encoding_the_user_names_is_used(tmp_path):
    path = text_table(tmp_path / "a.csv", "樓號,備註", "1,積水", encoding="big5")
    assert read(path, None, "big5", ()).columns["備註"] == ["積水"]


def test_a_million_columns_are_refused(tmp_path):
    with pytest.raises(BadInputError) as caught:
        read(text_table(tmp_path / "a.csv", ",".join(map(str, range(100_000))), "1"), None, None, ())
    assert caught.value.code == "import.too-large"


def test_an_empty_table_is_refused(tmp_path):
    with pytest.raises(BadInputError):
        read(text_table(tmp_path / "a.csv", "\n\n  \n"), None, None, ())
    with pytest.raises(BadInputError):
        read(workbook(tmp_path / "a.xlsx", []), None, None, ())


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_an_old_workbook_that_cannot_be_read_asks_for_xlsx(tmp_path, content):
    path = tmp_path / "a.et"
    path.write_bytes(content)
    with pytest.raises(BadInputError) as caught:
        read(path, None, None, ())
    assert "另存为 xlsx" in caught.value.advice.zh


def test_a_workbook_that_defines_entities_is_refused(tmp_path, data):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(data / "GDAL_inlineStr.xlsx") as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + content.partition(b"?>")[2]
            target.writestr(name, content)
    with pytest.raises(BadInputError) as caught:
        read(path, None, None, ())
    assert caught.value.code == "import.workbook"


def test_a_cut_workbook_is_refused(tmp_path, data):
    path = tmp_path / "a.xlsx"
    path.write_bytes((data / "shanghai_poi.xlsx").read_bytes()[:5000])
    with pytest.raises(BadInputError):
        read(path, None, None, ())


def test_the_sheets_of_a_workbook_are_listed_with_what_they_hold(tmp_path):
    rows = [["名称", "经度", "纬度"], ["甲", 118.3, 36.8]]
    path = workbook(tmp_path / "a.xlsx", rows, name="点位", 汇总=[["楼号", "户数"], ["1", 36]])
    assert [(s.name, s.geometry, s.features) for s in layers_of(path)] == [
        ("点位", "Point", 1),
        ("汇总", None, 1),
    ]


def test_an_old_workbook_is_read_like_a_new_one(data):
    table = read(data / "roster.xls", None, None, ())
    assert table.layer == "花名册"
    assert table.columns["楼号"] == ["1号楼"] * 3
    assert table.columns["房号"] == ["0101", 102, "2003-02-01"]
    assert table.columns["面积"] == [80.5, 80, 95]
    assert {"import.date-eaten", "import.total-row", "import.filled"} <= codes(table)


def test_a_sheet_with_titles_only_is_refused_by_that_reason(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active.append(["花名册"])
    sheet = book.create_sheet("住户")
    sheet.append(["楼号", "层数"])
    sheet.append(["3", 7])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(BadInputError) as error:
        read(tmp_path / "a.xlsx", "封面", None, ())
    assert error.value.code == "import.empty-sheet"
    assert "住户" in error.value.advice.zh


def test_what_a_form_tells_above_its_titles_is_no_row_of_titles(tmp_path):
    rows = [
        ["金茵小区楼栋情况汇总表"],
        ["填表单位：街道办事处", None, None, None, "日期：2026-3-1"],
        ["楼号", "户数", None, "竣工年份", "建筑面积"],
        [None, "总户数", "已同意", None, None],
        ["1#", 31, None, 1998, 2401.5],
        ["2栋", 32, None, 1998, 2402.5],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, ["A1:F1", "B3:C3", "A3:A4", "D3:D4"])
    table = read(path, None, None, ())
    assert list(table.columns) == ["楼号", "户数 总户数", "竣工年份", "建筑面积"]
    assert list(table.columns["楼号"]) == ["1#", "2栋"]


def test_a_second_table_on_a_sheet_is_told_and_not_mixed_in(tmp_path):
    path = tmp_path / "两张.csv"
    path.write_text("楼号,层数\n1,6\n2,6\n\n单元,房号\n一,101\n二,202\n", "utf-8")
    table = read(path, None, None, ())
    assert list(table.columns["楼号"]) == ["1", "2"]
    assert "第 5 行起是另一张表（标题：单元、房号），其 2 行没有导入" in str(
        [f.message.zh for f in table.findings]
    )


def test_records_and_the_same_titles_behind_an_empty_row_are_the_same_table(tmp_path):
    path = tmp_path / "分页.csv"
    path.write_text("楼号,层数\n1,6\n\n楼号,层数\n2,6\n\n三号,六层\n", "utf-8")
    assert list(read(path, None, None, ()).columns["楼号"]) == ["1", "2", "三号"]


def test_titles_with_their_units_fill_the_fields_whose_unit_it_is():
    from gis.exchange.mapping import automatic_mapping
    from layers.kinds.buildings import BUILDINGS
    from layers.kinds.drainage import PIPES

    titles = ["楼号", "层数（层）", "户数(户)", "建成年份（年）"]
    assert automatic_mapping(titles, BUILDINGS.fields)["层数（层）"] == "floors"
    assert len(automatic_mapping(titles, BUILDINGS.fields)) == 4
    diameter = next(f for f in PIPES.fields if f.unit == "mm")
    title = diameter.title.zh
    assert automatic_mapping([f"{title}(mm)"], PIPES.fields) == {f"{title}(mm)": diameter.name}
    assert not automatic_mapping([f"{title}(cm)"], PIPES.fields)
