"""Comparisons and ledgers as files: read back, they say the same, and run nothing."""

import csv
import datetime as dt
import json
import os
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from gis.privacy import Masks
from gis.revisions.change_table import change_sheets, write_changes
from gis.revisions.compare import compare
from gis.revisions.comparison import Quantity
from gis.revisions.ledger import ledger_of
from gis.revisions.ledger_table import ledger_sheets
from gis.revisions.sheet_writing import safe_cell, write_sheets
from gis.revisions.sheets import Column, Sheet
from layers.errors import StorageError, UsageError
from layers.snapshot import Snapshot
from layers.text import Text, same
from tests.gis.revisions.reasons import SECRET, Plan, empty

FORMULA = '=HYPERLINK("http://x","点我")'
E0, N0 = 616650.0, 4077999.0


@pytest.fixture
def plan():
    """Three changes: one moved, one with a formula for a name, one without a reason."""
    plan = Plan()
    plan.spot("T01")
    plan.comment("C01")
    house = plan.add("building", box(E0, N0, E0 + 40, N0 + 12), number="3号楼", floors=6)
    plan.freeze()
    from gis.edit.features import move_features

    plan.now = plan.now.apply(move_features(plan.now, [house], 3.0, 4.0))
    plan.set(house, floors=5)
    plan.add("plan_element", box(E0 + 200, N0, E0 + 210, N0 + 5), name=FORMULA, answers="T01,C01")
    plan.add("green", box(E0 + 400, N0, E0 + 410, N0 + 5), name="+1", cover="lawn")
    plan.set(("comment", next(iter(plan.now.layers["comment"].table)).uid), outcome="adopted", text=SECRET)
    plan.freeze()
    return plan


@pytest.fixture
def comparison(plan):
    return plan.chapters()[1].comparison


def rows_of(tab):
    return [[cell.value for cell in row] for row in tab.iter_rows()]


def by_head(rows):
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_a_workbook_has_the_changes_and_the_quantities_and_their_real_numbers(comparison, tmp_path):
    (path,) = write_changes(comparison, empty(), tmp_path / "变更.xlsx", "zh", Masks())
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["变更 R1→R2", "数量对照"]
    rows = by_head(rows_of(book.worksheets[0]))
    assert len(rows) == len(comparison.changes) + len(comparison.spot_changes) == 4
    (moved,) = [r for r in rows if r["类型"] == "移位"]
    assert moved["移动距离 (m)"] == 5.0
    assert moved["移动方向 (°)"] == 37
    assert moved["属性变化"] == "层数：6 → 5"
    assert isinstance(moved["东 E (m)"], (int, float))
    assert {r["编号"] for r in rows} == {"R2-1", "R2-2", "R2-3", None}
    quantities = by_head(rows_of(book.worksheets[1]))
    (green,) = [r for r in quantities if r["数量"] == "绿地面积"]
    assert (green["R2"], green["增减"]) == (50, 50)


def test_heads_speak_the_language_and_stay_in_sight(comparison, tmp_path):
    heads = {}
    for language in ("zh", "en"):
        (path,) = write_changes(comparison, empty(), tmp_path / f"{language}.xlsx", language, Masks())
        for tab in openpyxl.load_workbook(path).worksheets:
            assert tab.freeze_panes == "A2"
            assert all(tab.column_dimensions[cell.column_letter].width >= 8 for cell in tab[1])
            heads.setdefault(language, []).append([cell.value for cell in tab[1]])
    assert heads["zh"][0][:3] == ["编号", "变更内容", "类型"]
    assert heads["en"][0][:3] == ["Number", "Change", "Kind"]


def test_what_somebody_typed_is_text_and_never_a_formula(comparison, tmp_path):
    (path,) = write_changes(comparison, empty(), tmp_path / "a.xlsx", "zh", Masks())
    cells = [c for tab in openpyxl.load_workbook(path).worksheets for row in tab.iter_rows() for c in row]
    assert any(c.value == FORMULA for c in cells)
    assert all(c.data_type != "f" for c in cells)
    with zipfile.ZipFile(path) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    paths = write_changes(comparison, empty(), tmp_path / "a.csv", "zh", Masks())
    texts = [cell for path in paths for row in csv.reader(path.open(encoding="utf-8-sig")) for cell in row]
    assert "'" + FORMULA in texts
    assert not [t for t in texts if t.startswith(("=", "+", "@", "\t", "\r"))]


def test_csv_opens_in_excel_with_its_chinese_and_its_numbers(comparison, tmp_path):
    changes, quantities = write_changes(comparison, empty(), tmp_path / "a.csv", "zh", Masks())
    assert (changes.name, quantities.name) == ("a.csv", "a_quantities.csv")
    assert changes.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(changes.open(encoding="utf-8-sig", newline="")))
    assert len(rows) == 4
    (moved,) = [r for r in rows if r["类型"] == "移位"]
    assert (moved["对象"], moved["移动距离 (m)"], moved["移动方向 (°)"]) == ("3号楼", "5", "37")


def test_geojson_holds_changes_and_clouds_in_wgs_84(comparison, tmp_path):
    (path,) = write_changes(comparison, empty(), tmp_path / "a.geojson", "en", Masks())
    features = json.loads(path.read_text("utf-8"))["features"]
    changes = [f for f in features if f["properties"]["what"] == "change"]
    clouds = [f for f in features if f["properties"]["what"] == "cloud"]
    assert (len(changes), len(clouds)) == (4, 3)
    for feature in features:
        if feature["geometry"] is not None:
            west, south, east, north = shapely.from_geojson(json.dumps(feature["geometry"])).bounds
            assert 118.30 < west <= east < 118.32
            assert 36.82 < south <= north < 36.84
    assert next(c for c in changes if c["geometry"] is None)["properties"]["layer"] == "comment"
    assert {c["properties"]["number"] for c in clouds} == {"R2-1", "R2-2", "R2-3"}


def test_what_a_sheet_says_of_a_quantity_adds_up(comparison):
    road = Quantity("road", Text("道路", "Roads"), Text("m", "m"), 4157.4, 4269.8, 0)
    _, quantities = change_sheets(replace(comparison, quantities=(road,)), internal=False)
    assert quantities.rows[0][2:] == (4157.4, 4269.8, 112.4)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson"])
def test_no_table_tells_what_a_resident_said_in_full(comparison, plan, tmp_path, ending):
    paths = [*write_changes(comparison, empty(), tmp_path / f"a.{ending}", "zh", Masks())]
    if ending != "geojson":
        paths += write_sheets(
            ledger_sheets(ledger_of(plan.chapters())), tmp_path / f"b.{ending}", "zh", Masks()
        )
    for path in paths:
        data = path.read_bytes()
        if ending == "xlsx":
            with zipfile.ZipFile(path) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        assert "302室".encode() not in data
        assert b"139-0000" not in data


def test_the_ledger_as_a_workbook_answers_in_real_dates(tmp_path):
    plan = Plan()
    plan.comment("C01", outcome="adopted", reply="已增设。", answered_on="2020-06-01")
    plan.comment("C02")
    plan.freeze()
    plan.bay(0, answers="C01")
    plan.bay(100)
    plan.freeze()
    (path,) = write_sheets(ledger_sheets(ledger_of(plan.chapters())), tmp_path / "l.xlsx", "zh", Masks())
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["你提了什么，我们改了什么", "每处修改的理由"]
    first, second = by_head(rows_of(book.worksheets[0]))
    assert (first["编号"], first["我们改了什么"], first["结果"]) == ("C01", "R2-1 新建停车位 1", "采纳")
    assert first["答复日期"] == dt.datetime(2020, 6, 1)
    assert (second["结果"], second["答复"]) == ("待答复", "尚无答复")
    assert [r["修改理由"] for r in by_head(rows_of(book.worksheets[1]))] == ["C01 意见C01", "未注明理由"]


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside(
    comparison, tmp_path, monkeypatch
):
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StorageError):
        write_changes(comparison, empty(), target, "zh", Masks())
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


def test_another_ending_is_refused_before_anything_is_written(comparison, tmp_path):
    with pytest.raises(UsageError):
        write_changes(comparison, empty(), tmp_path / "a.pdf", "zh", Masks())
    with pytest.raises(UsageError):
        write_sheets(change_sheets(comparison, internal=False), tmp_path / "a.geojson", "zh", Masks())
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_without_a_difference_is_an_empty_table(tmp_path):
    nothing = compare(empty(), empty())
    (path,) = write_changes(nothing, empty(), tmp_path / "a.xlsx", "zh", Masks())
    assert [tab.max_row for tab in openpyxl.load_workbook(path).worksheets] == [1, 1]
    (path,) = write_changes(nothing, empty(), tmp_path / "a.geojson", "zh", Masks())
    assert json.loads(path.read_text("utf-8"))["features"] == []


@pytest.mark.parametrize("label", ["R1/2", "[R1]", "a:b*c?", "'R1'", "R" * 40, "方案\\A"])
def test_any_label_of_a_revision_can_be_the_name_of_a_tab(tmp_path, label):
    after = Snapshot("t", "EPSG:4548", empty().layers, {}, label)
    (path,) = write_changes(compare(empty(), after), empty(), tmp_path / "a.xlsx", "zh", Masks())
    assert len(openpyxl.load_workbook(path).sheetnames) == 2


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="cells"):
        Sheet("x", same("x"), (Column(Text("甲", "A")), Column(Text("乙", "B"))), (("1",),))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_safe_cell_never_starts_a_formula_and_keeps_every_letter(words):
    safe = safe_cell(words)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe in (words, "'" + words)


@settings(max_examples=40, deadline=None)
@given(words=st.text(max_size=40))
def test_any_text_can_be_written_and_a_spreadsheet_gives_it_back(words, tmp_path_factory):
    sheet = Sheet("x", same("x"), (Column(same("a")),), ((words,), ("end",)))
    (path,) = write_sheets([sheet], tmp_path_factory.mktemp("x") / "a.xlsx", "en", None)
    found = rows_of(openpyxl.load_workbook(path).worksheets[0])
    kept = "".join(c for c in words if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    kept = kept.replace("\ufffe", "").replace("\uffff", "")
    read = found[2][0] or ""
    assert read.replace("\r\n", "\n").replace("\r", "\n") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert found[3][0] == "end"
