"""Several layers of files as one import: what is Planboard's own finds its way home."""

import json

import openpyxl
import pytest
import shapely

from gis.cli.main import main
from gis.exchange.export import export
from gis.exchange.folder_export import export_folder
from gis.exchange.joint_plan import plan_together
from gis.exchange.parts import data_files, list_parts, read_parts, recorded_layer
from gis.i18n import set_language
from gis.progress import Progress
from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.errors import BadInputError
from layers.text import same
from tests.gis.exchange.conftest import plan

FORMATS = ["gpkg", "geojson", "kml", "xlsx", "csv", "shp", "shp-gbk"]


def joint(snapshot, *paths):
    parts = list_parts(data_files(paths), Progress())
    targets = {part: home for part in parts if (home := recorded_layer(snapshot, part)) is not None}
    return parts, plan_together(snapshot, read_parts(list(targets), Progress()), targets)


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_exported_comes_back_whole_and_changes_nothing(small_plan, tmp_path, name):
    export_folder(small_plan, tmp_path / "out", [name])
    _, found = joint(small_plan, tmp_path / "out" / name)
    assert {share.target for share in found.shares} == {"building", "road", "traffic_spot"}
    assert (found.counts["read"], found.counts["unchanged"]) == (5, 5)
    assert not found.chosen(())
    assert found.gone == frozenset()


def test_folders_of_a_kml_are_known_by_their_titles_in_either_language(small_plan, tmp_path):
    set_language("en")
    export(small_plan, tmp_path / "a.kml")
    set_language("zh")
    _, found = joint(small_plan, tmp_path / "a.kml")
    assert found.counts["unchanged"] == 5


def test_a_gpx_of_ours_tells_its_layers(small_plan, tmp_path):
    export(small_plan, tmp_path / "a.gpx")
    _, found = joint(small_plan, tmp_path / "a.gpx")
    assert {share.target for share in found.shares} == {"road", "traffic_spot"}
    assert found.counts["unchanged"] == 2


def test_of_a_folder_in_several_formats_one_is_taken(small_plan, tmp_path):
    export_folder(small_plan, tmp_path / "out", ["xlsx", "gpkg", "kml"])
    assert [path.suffix for path in data_files([tmp_path / "out"])] == [".gpkg"]


def test_a_folder_without_data_says_so(tmp_path):
    (tmp_path / "readme.txt").write_text("x", "utf-8")
    with pytest.raises(BadInputError) as refused:
        data_files([tmp_path])
    assert refused.value.code == "file.folder"


def test_the_files_of_one_shapefile_are_one(tmp_path):
    names = [tmp_path / f"a{end}" for end in (".dbf", ".shp", ".shx", ".prj")]
    assert data_files(names) == [tmp_path / "a.shp"]


def test_layers_tell_what_is_new_changed_and_gone_each_for_itself(small_plan, tmp_path):
    out = export(small_plan, tmp_path / "a.gpkg").files[0]
    building = small_plan.layers["building"].table
    newer = small_plan.apply(
        ChangeSet.of(
            [
                Change("building", building.get("a" * 32), None),
                Change(
                    "road",
                    old := small_plan.layers["road"].table.get("c" * 32),
                    old.with_attributes(width_m=9.0),
                ),
            ]
        )
    )
    _, found = joint(newer, out)
    fates = {(row.fate, row.key[0]) for row in found.rows}
    assert fates == {("added", "building"), ("changed", "road")}
    _, found = joint(small_plan, export(newer, tmp_path / "b.gpkg").files[0])
    assert found.gone == {("building", "a" * 32)}
    assert [c.action for c in found.chosen(()) if c.layer == "building"] == ["remove"]
    assert "building" not in {c.layer for c in found.chosen(found.gone)}


def test_two_parts_of_one_layer_miss_only_what_neither_has(small_plan, tmp_path):
    parts = export(small_plan, tmp_path / "a.shp", ["traffic_spot"]).files
    shapes = [path for path in parts if path.suffix == ".shp"]
    assert len(shapes) == 2
    _, found = joint(small_plan, *shapes)
    assert found.gone == frozenset()


def test_what_two_files_bring_counts_once(small_plan, tmp_path):
    out = export(small_plan, tmp_path / "a.gpkg").files[0]
    table = export(small_plan, tmp_path / "b.geojson").files[0]
    _, found = joint(plan(), out, table)
    assert len(found.chosen(())) == 5
    assert found.counts["read"] == 10
    assert found.counts["added"] + found.counts["set_aside"] == 10
    assert "import.twice" in {finding.code for finding in found.findings}


def test_what_is_wrong_with_one_sheet_stops_no_other(small_plan, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "空表"
    good = book.create_sheet("建筑")
    good.append(["楼号", "层数"])
    good.append(["1号楼", 7])
    bad = book.create_sheet("道路")
    bad.append(["名称", "经度", "纬度"])
    bad.append(["环南路", 2.35, 48.85])
    book.save(tmp_path / "多表.xlsx")
    parts, found = joint(small_plan, tmp_path / "多表.xlsx")
    assert [(part.layer.name, part.is_empty) for part in parts] == [
        ("空表", True),
        ("建筑", False),
        ("道路", False),
    ]
    assert [share.problem is None for share in found.shares] == [True, False]
    assert [row.fate for row in found.rows if row.key[1] == "a" * 32] == ["changed"]


def test_a_layer_without_a_system_lies_where_its_numbers_put_it(small_plan, tmp_path):
    (tmp_path / "建筑.csv").write_text(
        "楼号,X,Y\n7号楼,4078010,39616620\n8号楼,4078020,39616640\n", encoding="utf-8-sig"
    )
    _, found = joint(small_plan, tmp_path / "建筑.csv")
    assert [share.problem for share in found.shares] == [None]
    assert "import.crs-by-numbers" in {finding.code for finding in found.findings}


def test_a_table_beside_shapefiles_comes_in_too_but_not_the_one_that_explains_their_fields(
    small_plan, tmp_path
):
    export(small_plan, tmp_path / "小区.shp")
    (tmp_path / "名册.csv").write_text("楼号,X,Y\n7号楼,616640,4078010\n", encoding="utf-8")
    names = {path.name for path in data_files([tmp_path])}
    assert "名册.csv" in names
    assert len(list(tmp_path.glob("*.csv"))) == 2
    assert {path.suffix for path in map(tmp_path.joinpath, names - {"名册.csv"})} == {".shp"}


@pytest.fixture
def town(tmp_path, small_plan):
    path = tmp_path / "town.gpkg"
    changes = [Change(name, None, f) for name, layer in small_plan.layers.items() for f in layer.table]
    with Project.create(path, "试验小区", "EPSG:4548") as project:
        project.apply(ChangeSet.of(changes), same("x"))
    return path


def test_the_command_line_takes_all_layers_at_once_and_a_dry_run_lists_them(
    town, tmp_path, capsys, small_plan
):
    out = export(small_plan, tmp_path / "a.gpkg").files[0]
    assert main(["import", str(town), str(out), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {entry["layer"] for entry in told["layers"]} == {"building", "road", "traffic_spot"}
    assert told["counts"]["unchanged"] == 5
    with Project.open(town) as project:
        road = project.snapshot.layers["road"].table.get("c" * 32)
        moved = ChangeSet.of([Change("road", road, road.with_attributes(width_m=9.0))])
        project.apply(moved, same("x"))
        building = project.snapshot.layers["building"].table.get("a" * 32)
        project.apply(ChangeSet.of([Change("building", building, None)]), same("x"))
    assert main(["import", str(town), str(out)]) == 0
    with Project.open(town) as project:
        assert project.snapshot.layers["road"].table.get("c" * 32).attributes["width_m"] == 7.0
        assert "a" * 32 in project.snapshot.layers["building"].table
        project.undo()
        assert "a" * 32 not in project.snapshot.layers["building"].table
        assert project.snapshot.layers["road"].table.get("c" * 32).attributes["width_m"] == 9.0


def test_the_command_line_guesses_no_layer(town, tmp_path, capsys):
    path = tmp_path / "some.geojson"
    shape = json.loads(shapely.to_geojson(shapely.Point(118.31, 36.83)))
    path.write_text(json.dumps({"type": "Feature", "geometry": shape, "properties": {}}), "utf-8")
    assert main(["import", str(town), str(path), "--dry-run"]) == 2
