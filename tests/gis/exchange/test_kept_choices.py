"""What was chosen for a file is kept for the next with the same columns, as far as it fits."""

import pytest
from shapely import box

from gis.crs_candidates import Reading
from gis.exchange import kept_choices as kept
from gis.exchange.kept_choices import Choices, keep_choices, offer_of, titles_of
from gis.exchange.source import read_unplaced
from gis.exchange.tables.chosen_places import PlaceColumns, place_columns, with_place_columns
from layers.feature import Feature
from tests.gis.exchange.conftest import plan

HOUSE = Feature("a" * 32, box(616600, 4078000, 616650, 4078020), {"number": "1", "floors": 6})


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "settings_file", lambda: tmp_path / "config" / "settings.json")


def table(tmp_path, text, name="a.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_unplaced(path)


def offered(choices, unplaced, guessed="building"):
    return offer_of(choices, unplaced, plan(building=[HOUSE]), guessed)


def test_choices_are_found_again_by_the_same_titles_in_any_order(tmp_path):
    first = titles_of(table(tmp_path, "楼号,层数,备注\n1,6,\n"))
    again = titles_of(table(tmp_path, "备注,层数,楼号\n好,5,1\n"))
    chosen = Choices(
        "building", {"备注": "name"}, ("层数",), "GCJ-02", Reading(True, 0.001), PlaceColumns("a", "b"), "uid"
    )
    keep_choices(first, chosen)
    assert kept.kept_choices(again) == chosen
    assert kept.kept_choices(titles_of(table(tmp_path, "楼号,层数\n1,6\n"))) is None


def test_a_column_without_content_this_time_does_not_make_another_file(tmp_path):
    full = titles_of(table(tmp_path, "楼号,层数,备注\n1,6,好\n"))
    assert titles_of(table(tmp_path, "楼号,层数,备注\n1,6,\n")) == full


def test_choices_that_say_nothing_are_forgotten(tmp_path):
    keep_choices(("a",), Choices(layer="road"))
    keep_choices(("a",), Choices())
    assert kept.kept_choices(("a",)) is None


@pytest.mark.parametrize("damage", ["", "[]", '{"files": 1}', '{"files": {"a": {"crs": 3}}}', "\x00\xff" * 9])
def test_a_damaged_file_of_choices_is_no_choice(tmp_path, damage):
    keep_choices(("a",), Choices(layer="road"))
    kept._path().write_text(damage, "utf-8")
    assert kept.kept_choices(("a",)) is None


def test_only_the_last_files_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_MOST_FILES", 2)
    for name in "abc":
        keep_choices((name,), Choices(layer="road"))
    assert [kept.kept_choices((name,)) is not None for name in "abc"] == [False, True, True]


def test_a_field_that_most_values_do_not_fit_is_not_filled_again_and_that_is_said(tmp_path):
    now = table(tmp_path, "楼号,甲,乙\n1,六层半,好\n")
    offer = offered(Choices(columns={"甲": "floors", "乙": "name"}), now)
    assert offer.choices.columns == {"乙": "name"}
    assert "1 个值中有 1 个不适合" in offer.refused[0].zh
    assert offer.unfit.columns == {"甲": "floors"}


def test_a_layer_and_a_field_that_are_gone_are_said_and_kept_for_another_project(tmp_path):
    now = table(tmp_path, "楼号,甲\n1,2\n")
    offer = offered(Choices(layer="nowhere", columns={"甲": "colour_of_roof"}), now)
    assert offer.choices == Choices()
    assert offer.unfit == Choices(layer="nowhere", columns={"甲": "colour_of_roof"})
    assert len(offer.refused) == 2


def test_a_system_that_would_put_the_file_elsewhere_is_not_taken_again(tmp_path):
    here = table(tmp_path, "名称,经度,纬度\n甲,118.3075,36.826\n")
    far = table(tmp_path, "名称,经度,纬度\n甲,121.5,31.2\n")
    chosen = Choices(crs="GCJ-02")
    assert offered(chosen, here).choices.crs == "GCJ-02"
    offer = offered(chosen, far)
    assert offer.choices.crs is None
    assert offer.unfit.crs == "GCJ-02"


def test_coordinates_may_stand_in_any_columns_that_hold_numbers(tmp_path):
    plain = table(tmp_path, "楼号,甲,乙\n1,616610,4078005\n2,616620,4078010\n")
    assert not plain.table.shaped
    moved = with_place_columns(plain, PlaceColumns("甲", "乙"))
    assert moved.bounds == (616610.0, 4078005.0, 616620.0, 4078010.0)
    assert list(moved.table.columns) == ["楼号"]
    assert place_columns(moved) == PlaceColumns("甲", "乙")
    back = with_place_columns(moved, PlaceColumns())
    assert list(back.table.columns) == ["楼号", "甲", "乙"]
    assert back.bounds is None


def test_coordinates_taken_from_the_wrong_columns_come_back_as_attributes(tmp_path):
    guessed = table(tmp_path, "楼号,经度,纬度\n1,118.3075,36.826\n2,118.3076,\n")
    assert guessed.table.shaped
    assert {f.code for f in guessed.table.findings} == {"import.datum", "import.coordinates"}
    without = with_place_columns(guessed, PlaceColumns())
    assert list(without.table.columns) == ["楼号", "经度", "纬度"]
    assert not without.table.findings
    again = with_place_columns(without, PlaceColumns("经度", "纬度"))
    assert again.bounds == guessed.bounds
    assert {f.code for f in again.table.findings} == {f.code for f in guessed.table.findings}


def test_columns_that_hold_no_coordinates_this_time_are_not_taken_again(tmp_path):
    now = table(tmp_path, "楼号,甲,乙\n1,好,坏\n2,好,坏\n")
    offer = offered(Choices(places=PlaceColumns("甲", "乙")), now)
    assert offer.choices.places is None
    assert offer.refused


def test_one_column_may_hold_both_coordinates(tmp_path):
    plain = table(tmp_path, "楼号,位于\n1,POINT (616610 4078005)\n")
    pair = table(tmp_path, '楼号,说的地方\n1,"118.3075,36.826"\n')
    assert place_columns(plain) == PlaceColumns("位于", "位于")
    assert with_place_columns(pair, PlaceColumns("说的地方", "说的地方")).bounds == (
        118.3075,
        36.826,
        118.3075,
        36.826,
    )
