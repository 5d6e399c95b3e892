"""Newer data of the same things: matched by uid, number or shape; what is gone stays unless told."""

import openpyxl
import pytest
import shapely

from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from layers.errors import UsageError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan
from tests.gis.exchange.test_plan import source

BOX = shapely.box(616600, 4078000, 616640, 4078012)
AWAY = shapely.affinity.translate(BOX, 0, 60)


def town(*numbers):
    houses = [
        Feature(f"{i:032x}", shapely.affinity.translate(BOX, 0, 30 * i), {"number": number, "floors": 6})
        for i, number in enumerate(numbers)
    ]
    return plan(building=houses)


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return read_source(path)


def by_code(made):
    return {f.code: f for f in made.findings}


@pytest.mark.parametrize("written", ["3号楼", "3#", "３", "三号楼", "3", 3, "第3栋", "03#楼"])
def test_a_table_with_building_numbers_updates_the_buildings(tmp_path, written):
    made = plan_import(
        town("1号楼", "3号楼"), sheet(tmp_path / "a.xlsx", ["楼号", "户数"], [written, 36]), "building"
    )
    (change,) = made.changes
    assert change.uid == f"{1:032x}"
    assert (change.after.attributes["number"], change.after.attributes["households"]) == ("3号楼", 36)
    assert change.after.geometry is change.before.geometry
    assert made.counts[:5] == (1, 0, 1, 0, 0)


def test_rows_without_a_building_and_doubtful_ones_are_told_and_left_out(tmp_path):
    rows = [["楼号", "户数"], ["1", 36], ["9", 1], ["2", 2], ["2#", 3], ["3", 4], [None, 5]]
    made = plan_import(town("1号楼", "2号楼", "3号楼", "3#"), sheet(tmp_path / "a.xlsx", *rows), "building")
    errors = {f.record: f.code for f in made.findings if f.severity == "error"}
    assert errors == {
        3: "import.match-missing",
        4: "import.match-ambiguous",
        5: "import.match-ambiguous",
        6: "import.match-ambiguous",
        7: "import.match-missing",
    }
    assert made.counts == (6, 0, 1, 0, 5, 0)


@pytest.mark.parametrize("written", ["1-1", "1栋1", "1号楼-1", "1.1"])
def test_a_stairwell_is_no_building_of_two_digits(tmp_path, written):
    made = plan_import(
        town("1号楼", "11号楼"), sheet(tmp_path / "a.xlsx", ["楼号", "户数"], [written, 36]), "building"
    )
    assert not made.changes
    assert "import.match-missing" in by_code(made)


def test_a_number_in_other_words_is_told_with_the_building_it_is_like(tmp_path):
    rows = [["楼号", "户数"], ["3号搂", 36], ["9号楼", 1]]
    made = plan_import(town("1号楼", "3号楼"), sheet(tmp_path / "a.xlsx", *rows), "building")
    told = [f.message.zh for f in made.findings if f.code == "import.match-missing"]
    assert ["3号楼" in words for words in told] == [True, False]


def test_a_building_that_the_table_names_twice_is_not_gone(tmp_path):
    rows = [["楼号", "户数"], ["1号楼", 36], ["1#", 40], ["2", 3]]
    made = plan_import(town("1号楼", "2号楼", "3号楼"), sheet(tmp_path / "a.xlsx", *rows), "building")
    assert made.gone == (f"{2:032x}",)


def test_buildings_that_the_table_does_not_name_are_told_and_kept(tmp_path):
    made = plan_import(town("1", "2"), sheet(tmp_path / "a.xlsx", ["楼号", "户数"], ["1", 36]), "building")
    assert made.gone == (f"{1:032x}",)
    assert all(change.after is not None for change in made.changes)


def test_columns_without_a_field_are_kept_with_the_building(tmp_path):
    made = plan_import(town("1"), sheet(tmp_path / "a.xlsx", ["楼号", "网格员"], ["1", "王珺"]), "building")
    (change,) = made.changes
    assert '"网格员": "王珺"' in change.after.attributes["imported"]


def test_a_quarter_in_front_of_the_number_is_part_of_it(tmp_path):
    made = plan_import(
        town("北区3号楼", "南区3号楼"),
        sheet(tmp_path / "a.xlsx", ["楼号", "户数"], ["北区3#", 36]),
        "building",
    )
    assert [change.uid for change in made.changes] == [f"{0:032x}"]


def test_a_table_of_comments_needs_no_place(tmp_path):
    rows = sheet(tmp_path / "a.xlsx", ["编号", "意见"], ["C01", "增加车位"], ["C02", "修路灯"])
    made = plan_import(plan(), rows, "comment")
    assert (made.counts.added, made.counts.set_aside) == (2, 0)
    assert all(change.after.geometry is None for change in made.changes)


def test_a_table_without_numbers_is_refused_for_buildings(tmp_path):
    with pytest.raises(UsageError):
        plan_import(town("1"), sheet(tmp_path / "a.xlsx", ["户主", "电话"], ["王珺", "1"]), "building")


def test_a_newer_survey_is_matched_by_number(small_plan):
    newer = source(BOX, AWAY, 楼号=["1#", "7#"], 层数=[7, 5])
    made = plan_import(small_plan, newer, "building", match="number")
    assert made.counts[:5] == (2, 1, 1, 0, 0)
    updated = next(c for c in made.changes if c.before)
    assert (updated.uid, updated.after.attributes["floors"]) == ("a" * 32, 7)
    assert made.gone == ("b" * 32,)
    assert not any(c.after is None for c in made.changes)


def test_what_is_gone_is_removed_only_when_told(small_plan):
    newer = source(BOX, 楼号=["1号楼"])
    made = plan_import(small_plan, newer, "building", match="number", remove_missing=True)
    assert [c.uid for c in made.changes if c.after is None] == ["b" * 32]
    with pytest.raises(UsageError):
        plan_import(small_plan, newer, "building", remove_missing=True)


def test_a_newer_survey_is_matched_by_shape(small_plan):
    moved = shapely.affinity.translate(BOX, 1.5, 0.5)
    far = shapely.affinity.translate(BOX, 15, 0)
    made = plan_import(small_plan, source(moved, far), "building", match="shape")
    updated = [c for c in made.changes if c.before]
    assert [c.uid for c in updated] == ["a" * 32]
    assert updated[0].after.geometry.equals(moved)
    assert (made.counts.added, made.gone) == (1, ("b" * 32,))


def test_each_feature_is_matched_by_one_shape_the_likest(small_plan):
    near = shapely.affinity.translate(BOX, 1.0, 0)
    made = plan_import(small_plan, source(near, BOX), "building", match="shape")
    assert (made.counts.added, made.counts.unchanged) == (1, 1)


def test_points_and_lines_are_matched_within_a_metre():
    tree = Feature("a" * 32, shapely.Point(616600, 4078000), {"species": "国槐"})
    road = Feature("b" * 32, shapely.LineString([(616600, 4078000), (616700, 4078000)]), {"name": "环路"})
    before = plan(tree=[tree], road=[road])
    made = plan_import(before, source(shapely.Point(616600.6, 4078000)), "tree", match="shape")
    assert made.counts.updated == 1
    assert (
        plan_import(before, source(shapely.Point(616602, 4078000)), "tree", match="shape").counts.added == 1
    )
    across = shapely.LineString([(616650, 4077950), (616650, 4078050)])
    assert plan_import(before, source(across), "road", match="shape").counts.added == 1


def test_a_field_the_layer_or_the_file_does_not_have_is_refused(small_plan):
    with pytest.raises(UsageError):
        plan_import(small_plan, source(BOX), "building", match="colour")
    with pytest.raises(UsageError):
        plan_import(small_plan, source(BOX), "building", match="number")


def test_the_same_data_again_changes_nothing(small_plan):
    newer = source(BOX, AWAY, 楼号=["1号楼", "7号楼"], 层数=[6, 5])
    first = plan_import(small_plan, newer, "building", match="number")
    again = plan_import(small_plan.apply(first.changes), newer, "building", match="number")
    assert again.counts[:5] == (2, 0, 0, 2, 0)
    assert not again.changes


def test_what_does_not_fit_and_empty_cells_leave_the_building_as_it_is(tmp_path):
    rows = [["楼号", "层数", "户数"], ["1", "许多", 36], ["2", None, 48], ["3", "七层", 50]]
    made = plan_import(town("1", "2", "3"), sheet(tmp_path / "a.xlsx", *rows), "building")
    after = {c.after.attributes["number"]: c.after.attributes for c in made.changes}
    assert [after[n]["floors"] for n in "123"] == [6, 6, 7]
    assert '"层数": "许多"' in after["1"]["imported"]


def test_sheds_without_a_number_are_matched_by_shape_when_houses_are_matched_by_number():
    houses = town("1", None, None)
    shifted = shapely.affinity.translate(BOX, 0, 30)
    made = plan_import(
        houses,
        source(BOX, shifted, AWAY, number=["1", None, None], floors=[6, 7, 6]),
        "building",
        match="number",
    )
    assert made.counts[:5] == (3, 0, 1, 2, 0)
    assert made.gone == ()


def test_shapes_that_are_there_already_are_told_when_they_would_be_added_twice():
    made = plan_import(town("1", "2"), source(BOX, AWAY, number=["1", "9"]), "building")
    assert "1 shapes lie" in by_code(made)["import.there-already"].message.en
    again = plan_import(town("1"), source(BOX, number=["1"]), "building", match="shape")
    assert "import.there-already" not in by_code(again)
