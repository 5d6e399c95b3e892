"""Sheets of LibreOffice and WPS: read as the same sheet of Excel is, and no number in them is believed."""

import zipfile
from pathlib import Path

import pytest

from gis.exchange.child import layers_of, read
from gis.exchange.formats import format_of
from gis.exchange.tables.opendocument import read_opendocument
from layers.errors import BadInputError

REAL = Path(__file__).parents[2] / "data" / "exchange" / "libreoffice.ods"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def flat(tmp_path, rows, before=""):
    path = tmp_path / "a.fods"
    path.write_text(
        f'<?xml version="1.0"?>{before}<office:document {SPACES} office:mimetype="{MIME}"><office:body>'
        f'<office:spreadsheet><table:table table:name="楼">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document>",
        "utf-8",
    )
    return path


def row(*cells, **attributes):
    said = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f"<table:table-row{said}>{''.join(cells)}</table:table-row>"


def cell(words="", kind="string", **attributes):
    said = "".join(f' table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<table:table-cell office:value-type="{kind}"{said}><text:p>{words}</text:p></table:table-cell>'


TITLES = row(cell("楼号"), cell("层数"))


def test_a_sheet_of_libreoffice_has_its_values_dates_times_and_merged_cells():
    table = read(REAL, None, None, ())
    assert table.format == "OpenDocument"
    assert {name: list(values) for name, values in table.columns.items()} == {
        "楼号": ["１号楼", "１号楼", "2#", "2#"],
        "层数": [6, 5, "6层", "6层"],
        "建成时间": ["1998-05-01", "1999-01-01 08:30:00", "08:30:00", "08:30:00"],
        "同意率": [0.935, 0.5, 1, 1],
        "备注": ["顶楼  漏水\n已报", "0101", None, None],
        "合计": [12, None, 3456.5, 3456.5],
    }
    assert list(table.records) == [3, 4, 5, 6]


def test_what_is_hidden_noted_or_wrong_in_a_sheet_is_said():
    told = " ".join(f.message.zh for f in read(REAL, None, None, ()).findings)
    assert "错误值（如 F4）" in told
    assert "1 行是隐藏" in told
    assert "隐藏的列（D）" in told
    assert "1 个单元格带批注" in told
    assert "核对过" not in str(read(REAL, None, None, ()).columns)


def test_a_hidden_sheet_is_listed_as_such_and_not_taken_unless_it_is_asked_for():
    assert [(layer.name, layer.features, layer.hidden) for layer in layers_of(REAL)] == [
        ("花名册", 4, False), ("空表", 0, False), ("选项", 1, True),
    ]  # fmt: skip
    assert read(REAL, None, None, ()).layer == "花名册"
    assert list(read(REAL, "选项", None, ()).columns["楼号"]) == ["1"]


def test_the_format_is_known_by_what_the_file_says_of_itself(tmp_path):
    other = tmp_path / "表.xlsx"
    other.write_bytes(REAL.read_bytes())
    assert format_of(other) == "OpenDocument"
    assert format_of(flat(tmp_path, TITLES)) == "OpenDocument"
    words = tmp_path / "文.odt"
    with zipfile.ZipFile(words, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(BadInputError, match="OpenDocument"):
        format_of(words)


def test_an_empty_rest_of_a_sheet_takes_no_room(tmp_path):
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = TITLES + row(cell("1"), cell("6")) + row(empty, number_rows_repeated=1048573)
    assert len(read_opendocument(flat(tmp_path, rows))[0].rows) == 2


def test_a_value_and_a_row_that_are_repeated_stand_there_as_often(tmp_path):
    rows = TITLES + row(cell("1", number_columns_repeated=2), number_rows_repeated=3)
    assert read_opendocument(flat(tmp_path, rows))[0].rows[1:] == [["1", "1"]] * 3


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("1"), number_rows_repeated=999_999_999),
        row(cell("1", number_columns_repeated=999_999_999)),
        row(cell("1", number_columns_repeated=1999), number_rows_repeated=1_000_000),
        row('<table:table-cell table:number-columns-repeated="99999999"/>', cell("1")),
        row("<table:table-cell/>", number_rows_repeated=999_999_999) + row(cell("1")),
    ],
)
def test_numbers_that_would_fill_the_memory_are_refused(tmp_path, rows):
    with pytest.raises(BadInputError, match="太大"):
        read_opendocument(flat(tmp_path, rows))


def test_numbers_that_are_none_and_merged_areas_without_bounds_do_no_harm(tmp_path):
    wild = cell("1", number_columns_spanned=99999999, number_rows_spanned="99999999")
    grid = read_opendocument(flat(tmp_path, TITLES + row(wild, cell("6", number_columns_repeated="²"))))[0]
    assert grid.rows[1] == ["1", "6"]
    assert grid.merged[0].right < 2000


def test_entities_are_refused_and_a_cut_sheet_gives_its_whole_rows(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY x "y">]>'
    with pytest.raises(BadInputError, match="实体"):
        read_opendocument(flat(tmp_path, TITLES, bomb))
    path = flat(tmp_path, TITLES + row(cell("1"), cell("6")) + row(cell("2"), cell("5")))
    path.write_bytes(path.read_bytes()[: path.read_bytes().rindex(b"5</text")])
    table = read(path, None, None, ())
    assert list(table.columns["楼号"]) == ["1"]
    assert "import.truncated" in {f.code for f in table.findings}


def test_a_sheet_with_a_password_is_told_from_a_damaged_one(tmp_path):
    path = tmp_path / "密.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", "<m:manifest><m:encryption-data/></m:manifest>")
        archive.writestr("content.xml", b"\x00\xff")
    with pytest.raises(BadInputError, match="密码"):
        read(path, None, None, ())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", MIME)
    with pytest.raises(BadInputError, match="损坏"):
        read(path, None, None, ())


def test_deleted_rows_that_a_file_remembers_are_no_rows(tmp_path):
    path = flat(tmp_path, TITLES + row(cell("1"), cell("6")))
    gone = f'<table:table table:name="x">{row(cell("9"))}</table:table>'
    gone = f"<office:spreadsheet><table:tracked-changes>{gone}</table:tracked-changes>"
    path.write_text(path.read_text("utf-8").replace("<office:spreadsheet>", gone), "utf-8")
    assert [grid.name for grid in read_opendocument(path)] == ["楼"]


def test_the_name_of_an_error_in_a_text_table_is_no_value(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("楼号,备注\n1,#NAME?\n2,#1 楼\n3,Err:502\n", "utf-8")
    table = read(path, None, None, ())
    assert list(table.columns["备注"]) == [None, "#1 楼", None]
    assert "B2, B4" in str(table.findings)
