import gzip

import pytest

from gis.privacy import masked, roster
from gis.publish.page import build_page
from gis.publish.page.payload import encode
from gis.publish.profile import PROFILES
from gis.publish.redaction import State, redact
from gis.roster import names_in_file, names_of
from layers.errors import BadInputError
from tests.gis.publish.plans import point, revision, snapshot

NAMES = ("王建国", "欧阳明", "John Smith", "李", "买买提·阿不都")


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("王建国家门口积水", "王**家门口积水"),
        ("欧阳明反映", "欧阳*反映"),
        ("told by john smith", "told by j*** *****"),
        ("Johnsmithson", "Johnsmithson"),
        ("买买提·阿不都", "买******"),
        ("李子树", "李子树"),
    ],
)
def test_names_of_the_roster_are_masked_and_others_stay(said, published):
    assert masked(said, roster(NAMES))[0] == published


def test_names_are_told_as_such_and_without_a_roster_they_stay():
    assert [k.en for k in masked("王建国", roster(NAMES))[1]] == ["name from the roster"]
    assert masked("王建国", roster(())) == ("王建国", ())


def test_neither_the_names_nor_the_roster_are_anywhere_in_the_page():
    spot = ("d1", point(60, 65), {"code": "D01", "title": "王建国家门口积水", "answer": "已答复欧阳明"})
    state = snapshot(drainage_spot=[spot], settings={"publish.names": list(NAMES)})
    result = redact(
        [State(revision("R1", "王建国稿", "欧阳明提议"), state)], [], PROFILES["public"], names=NAMES
    )
    text = build_page(result.content).decode() + gzip.decompress(encode(result.content)).decode(
        "utf-8", "replace"
    )
    assert not any(name in text for name in NAMES if len(name) > 1)
    assert len([f for f in result.removed if f.code == "publish.masked"]) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_of_names_is_read_as_any_editor_saves_it(tmp_path, encoding):
    (tmp_path / "名册.txt").write_bytes("张三\n李四光\n".encode(encoding))
    assert names_in_file(tmp_path / "名册.txt") == ("张三", "李四光")


def test_names_come_from_the_setting_and_from_a_file_beside_the_project(tmp_path):
    (tmp_path / "名册.txt").write_text("赵六\r\n\r\n钱七，孙八", "gb18030")
    state = snapshot(settings={"publish.names": "张三、李四\n王五", "publish.names_file": "名册.txt"})
    assert names_of(state, tmp_path / "p.gpkg") == ("张三", "李四", "王五", "赵六", "钱七", "孙八")


def test_a_roster_that_is_not_there_stops_the_publication(tmp_path):
    with pytest.raises(BadInputError):
        names_of(snapshot(settings={"publish.names_file": "x.txt"}), tmp_path / "p.gpkg")


def test_a_roster_from_the_office_gives_its_column_of_people(tmp_path):
    import openpyxl

    csv = tmp_path / "花名册.csv"
    rows = (
        "金茵小区住户花名册,,,\n序号,楼号,姓名,电话\n1,3-1-101,王建国,13812345678\n2,3-1-102,欧阳娜娜,139\n"
    )
    csv.write_bytes(rows.encode("gb18030"))
    assert names_in_file(csv) == ("王建国", "欧阳娜娜")
    book = openpyxl.Workbook()
    book.active.append(["楼号", "户主", "业主电话", "备注"])
    book.active.append(["3", "买买提·阿不都", 13812345678, "好"])
    more = book.create_sheet("南区")
    more.append(["业主", "户数"])
    more.append(["赵六", 3])
    book.save(tmp_path / "花名册.xlsx")
    state = snapshot(settings={"publish.names_file": "花名册.xlsx"})
    assert names_of(state, tmp_path / "p.gpkg") == ("买买提·阿不都", "赵六")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", "楼号,电话\n3,138\n".encode()])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_file_without_names_is_refused_rather_than_masking_nothing(tmp_path, content, ending):
    path = tmp_path / f"r{ending}"
    path.write_bytes(content)
    with pytest.raises(BadInputError):
        names_in_file(path)


def test_a_list_without_titles_is_read_as_one(tmp_path):
    (tmp_path / "a.csv").write_text("王建国,李四五\n")
    assert names_in_file(tmp_path / "a.csv") == ("王建国", "李四五")
