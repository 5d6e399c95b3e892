"""Tables that are given away pass the masks; those that keep everything say so."""

import csv
import json
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import PurePath

import openpyxl
import pytest
from shapely import LineString, box

from gis.exchange.import_records import ImportRecord
from gis.import_sheets import import_sheets
from gis.privacy import Masks
from gis.revisions.change_table import write_changes
from gis.revisions.compare import compare
from gis.revisions.ledger import ledger_of
from gis.revisions.ledger_table import ledger_sheets
from gis.revisions.posting_table import posting_sheet
from gis.revisions.sheet_masking import INTERNAL, sheet_for
from gis.revisions.sheet_writing import safe_cell, write_sheets
from gis.revisions.sheets import Column, Sheet
from layers.errors import Finding
from layers.posting import Board, Posting
from layers.snapshot import Snapshot
from layers.text import Text, same
from tests.gis.revisions.reasons import Plan, empty

ROSTER = ("张建国", "Li Hua")
SECRETS = {
    "phone": "13912345678",
    "spelled": "一三九一二三四五六七八",
    "full-width": "１３９１２３４５６７９",
    "dotted": "139.1234.5670",
    "id": "370303195001011234",
    "card": "6222021234567890123",
    "room": "5-2-601",
    "wechat": "微信：zjg_1950",
    "name": "张建国",
    "latin": "li hua",
}
TELLING = {name: words.partition("：")[2] or words for name, words in SECRETS.items()}
ALL = "；".join(SECRETS.values())


def words_in(paths):
    """Return everything that somebody who opens the files could read."""
    told = []
    for path in paths:
        if PurePath(path).suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                told += [unescape(book.read(name).decode("utf-8", "replace")) for name in book.namelist()]
        else:
            told.append(path.read_text("utf-8-sig"))
    return "\n".join(told)


def leaked(paths):
    text = words_in(paths).lower()
    return {name for name, secret in TELLING.items() if secret.lower() in text}


def attacked(label="R2"):
    """A plan that holds personal data wherever words can be typed; its last state is called `label`."""
    plan = Plan()
    plan.spot("T01", title=ALL)
    plan.comment("C01", gist=ALL, reply=ALL, outcome="adopted", answered_on="2020-06-01")
    house = plan.add("building", box(0, 0, 40, 12), number=ALL, floors=6)
    plan.freeze()
    plan.set(house, floors=5, name=ALL, photos="IMG_13912345678.jpg")
    plan.add("plan_element", box(200, 0, 210, 5), name=ALL, answers="T01,C01", because=ALL)
    plan.set(("traffic_spot", next(iter(plan.now.layers["traffic_spot"].table)).uid), title=f"新 {ALL}")
    first = plan.frozen[0]
    plan.freeze()
    layers = {name: replace(layer, title=same(f"{ALL} {name}")) for name, layer in plan.now.layers.items()}
    after = Snapshot(plan.now.title, plan.now.crs, layers, plan.now.settings, label)
    before = Snapshot(first.title, first.crs, first.layers, first.settings, f"{label}-0")
    return plan, compare(before, after), after


@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_change_table_that_is_given_away_tells_no_personal_data_wherever_it_was_typed(
    tmp_path, ending, language
):
    _, comparison, after = attacked(label=f"方案 {ALL}")
    masks = Masks(ROSTER)
    paths = write_changes(comparison, after, tmp_path / f"a.{ending}", language, masks)
    assert not leaked(paths)
    assert masks.places > 5
    kept = write_changes(comparison, after, tmp_path / f"b.{ending}", language, None)
    assert leaked(kept) >= {"phone", "id", "card", "name"}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_ledger_that_is_given_away_tells_no_personal_data(tmp_path, ending):
    plan, _, _ = attacked()
    sheets, masks = ledger_sheets(ledger_of(plan.chapters())), Masks(ROSTER)
    assert not leaked(write_sheets(sheets, tmp_path / f"a.{ending}", "zh", masks))
    assert masks.places >= 4
    assert leaked(write_sheets(sheets, tmp_path / f"b.{ending}", "zh", None)) == set(TELLING)


def test_the_ledger_itself_keeps_the_words_of_the_office():
    plan, _, _ = attacked()
    assert ledger_of(plan.chapters()).entry("C01").reply == ALL


def test_a_posting_record_that_is_given_away_tells_no_personal_data_and_keeps_its_hashes(tmp_path):
    digest = "13912345678" + "a" * 42 + "13912345670"
    board = Board("1" * 32, f"东门 {ALL}", "2026-11-01", "", (), ALL)
    posting = Posting(f"R1 {ALL}", None, ALL, f"{ALL}.html", digest, "2026-11-01T08:00:00+08:00", (board,))
    sheet = posting_sheet([posting], [])
    (path,) = write_sheets([sheet], tmp_path / "a.csv", "zh", Masks(ROSTER))
    rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
    assert rows[1][-1] == digest
    path.write_text(words_in([path]).replace(digest, ""), "utf-8")
    assert not leaked([path])
    forged = replace(posting, sha256="13912345678")
    assert not leaked(write_sheets([posting_sheet([forged], [])], tmp_path / "b.csv", "zh", Masks(ROSTER)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_that_keeps_personal_data_is_headed_so_on_every_sheet(tmp_path, language):
    _, comparison, after = attacked()
    head = INTERNAL.in_language(language)
    (path,) = write_changes(comparison, after, tmp_path / "a.xlsx", language, None)
    for tab in openpyxl.load_workbook(path).worksheets:
        assert tab["A1"].value == head
        assert tab["A1"].font.bold
        assert tab.freeze_panes == "A3"
        assert tab.auto_filter.ref.startswith("A2:")
        assert tab.print_title_rows == "$1:$2"
    for path in write_changes(comparison, after, tmp_path / "a.csv", language, None):
        assert next(csv.reader(path.open(encoding="utf-8-sig", newline=""))) == [head]
    (path,) = write_changes(comparison, after, tmp_path / "a.geojson", language, None)
    assert json.loads(path.read_text("utf-8"))["notice"] == head


def test_a_change_table_that_is_given_away_counts_private_fields_and_does_not_tell_them(tmp_path):
    plan = Plan()
    comment = plan.comment("C01")
    house = plan.add("building", box(0, 0, 40, 12), number="3号楼", floors=6)
    plan.freeze()
    plan.set(house, floors=5, note="只给单位看")
    plan.set(comment, text="另一段原话")
    plan.freeze()
    comparison = plan.chapters()[1].comparison
    shared = words_in(write_changes(comparison, empty(), tmp_path / "a.csv", "zh", Masks()))
    assert "层数：6 → 5；另有 1 项不公开" in shared
    assert "只给单位看" not in shared
    inside = words_in(write_changes(comparison, empty(), tmp_path / "b.csv", "zh", None))
    assert "只给单位看" in inside
    assert "另一段原话" not in inside


def test_a_change_table_that_is_given_away_tells_what_is_measured_of_private_fields(tmp_path):
    plan = Plan()
    pipe = plan.add("pipe", LineString([(0, 0), (50, 0)]), system="storm", diameter_mm=300)
    plan.freeze()
    plan.set(pipe, diameter_mm=600, note="张建国家门口")
    plan.freeze()
    paths = write_changes(plan.chapters()[1].comparison, empty(), tmp_path / "a.csv", "en", Masks())
    assert "300 → 600; 1 private" in words_in(paths)
    assert "张建国" not in words_in(paths)


def test_a_record_of_imports_that_is_given_away_tells_no_personal_data(tmp_path):
    found = Finding("import.x", same(ALL), file=f"{ALL}.xlsx", record=ALL, field=ALL, layer=ALL)
    record = ImportRecord(
        f"{ALL}.csv", "csv", "", "2026-11-01T08:00:00+08:00", (ALL,), {"read": 3}, (found,), 2
    )
    for ending in ("xlsx", "csv"):
        sheets = import_sheets([record], empty())
        assert not leaked(write_sheets(sheets, tmp_path / f"a.{ending}", "zh", Masks(ROSTER)))
        assert leaked(write_sheets(sheets, tmp_path / f"b.{ending}", "zh", None)) == set(TELLING)


def test_a_harmless_table_comes_through_the_masks_as_it_was():
    sheet = Sheet(
        "x", Text("甲", "A"), (Column(same("R1")), Column(same("n"), 3, "number")), (("移位 3.5 m", 1.5),)
    )
    masks = Masks(ROSTER)
    assert sheet_for(sheet, masks) == sheet
    assert masks.places == 0


def test_a_place_counts_once_in_two_languages_and_twice_in_two_cells():
    cells = (Text("电话 13912345678", "tel 13912345678"), "张建国", "无")
    sheet = Sheet("x", same("x"), tuple(Column(same(c)) for c in "abc"), (cells,))
    masks = Masks(ROSTER)
    sheet_for(sheet, masks)
    assert masks.places == 2


@pytest.mark.parametrize("label", ['=HYPERLINK("http://x")', "+1", "@a", "＝1+1", "\x00=1+1", "  =1+1"])
def test_the_label_of_a_revision_starts_no_formula_in_the_head_of_a_column(tmp_path, label):
    after = Snapshot("t", "EPSG:4548", empty().layers, {}, label)
    comparison = compare(Snapshot("t", "EPSG:4548", empty().layers, {}, f"{label}0"), after)
    for path in write_changes(comparison, empty(), tmp_path / "a.csv", "zh", Masks()):
        rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
        assert all(cell == safe_cell(cell) for row in rows for cell in row)
    _, quantities = write_changes(comparison, empty(), tmp_path / "b.csv", "zh", None)
    assert f"'{label}" in next(
        r for r in csv.reader(quantities.open(encoding="utf-8-sig", newline="")) if len(r) > 1
    )
