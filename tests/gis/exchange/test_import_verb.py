"""``import`` on the command line: tables, photos, control points, matching; a dry run writes nothing."""

import json

import ezdxf
import pytest
from PIL import Image

from gis.cli.main import main
from gis.exchange.import_records import last_placed, records_of
from gis.exchange.raw import RawTable, read_table, write_table
from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import same
from tests.gis.exchange.test_matching import BOX

LOCAL = "编号;wkt\n7;POLYGON ((100 200, 140 200, 140 212, 100 212, 100 200))\n"
POINTS = "点名,x,y,E,N\nK1,100,200,616700,4078200\nK2,400,200,617000,4078200\nK3,100,500,616700,4078500\n"


@pytest.fixture
def town(tmp_path):
    path = tmp_path / "town.gpkg"
    house = Feature("a" * 32, BOX, {"number": "1号楼", "floors": 6})
    other = Feature("b" * 32, BOX, {"number": "2号楼"})
    with Project.create(path, "试验小区", "EPSG:4548") as project:
        project.apply(
            ChangeSet.of([Change("building", None, house), Change("building", None, other)]), same("x")
        )
    return path


@pytest.fixture
def run(capsys):
    def run(*words):
        code = main([str(w) for w in words])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in words and out else out

    return run


def buildings(path):
    with Project.open(path, read_only=True) as project:
        return {f.uid: f.attributes for f in project.snapshot.layers["building"].table}


def test_a_table_of_numbers_is_joined_and_shown_before(town, tmp_path, run):
    table = tmp_path / "户数.csv"
    table.write_text("楼号,户数\n1#,36\n9#,1\n", encoding="gb18030")
    code, told = run("import", town, table, "--layer", "building", "--dry-run", "--json")
    assert (code, told["counts"]["updated"], told["counts"]["set_aside"]) == (0, 1, 1)
    assert [entry["name"]["zh"] for entry in told["gone"]] == ["2号楼"]
    assert buildings(town)["a" * 32]["households"] is None
    code, words = run("import", town, table, "--layer", "building")
    assert "户数 – → 36" in words
    assert buildings(town)["a" * 32]["households"] == 36
    assert set(buildings(town)) == {"a" * 32, "b" * 32}


def test_what_is_missing_goes_only_when_told(town, tmp_path, run):
    table = tmp_path / "a.csv"
    table.write_text("楼号,户数\n1#,36\n", encoding="utf-8")
    assert run("import", town, table, "--layer", "building", "--remove-missing")[0] == 2
    run("import", town, table, "--layer", "building", "--match", "number", "--remove-missing")
    assert set(buildings(town)) == {"a" * 32}


def test_a_local_grid_needs_control_points(town, tmp_path, run):
    (tmp_path / "a.csv").write_text(LOCAL, encoding="utf-8")
    (tmp_path / "k.csv").write_text(POINTS, encoding="utf-8")
    assert run("import", town, tmp_path / "a.csv", "--layer", "building")[0] == 11
    words = (
        "import",
        town,
        tmp_path / "a.csv",
        "--layer",
        "building",
        "--control-points",
        tmp_path / "k.csv",
    )
    assert run(*words)[0] == 0
    assert run(*words, "--swap-axes")[0] == 11
    assert len(buildings(town)) == 3


def test_photos_become_spots_or_wait(town, tmp_path, run):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"")
    code, told = run("import", town, tmp_path / "*.jpg", "--layer", "traffic_spot", "--json")
    assert (code, told["waiting"], told["refused"]) == (0, ["a.jpg"], ["b.jpg"])
    with Project.open(town, read_only=True) as project:
        (entry,) = project.snapshot.settings["photos.unplaced"]
        assert project.photo(entry["id"]).name == "a.jpg"
        (record,) = records_of(project.snapshot)
    assert {finding.record for finding in record.findings} == {"a.jpg", "b.jpg"}
    assert (record.counts["waiting"], record.counts["refused"]) == (1, 1)


@pytest.mark.parametrize("kind", ["csv", "dxf"])
def test_control_points_that_put_north_first_in_the_drawing_place_it_and_are_kept(town, tmp_path, run, kind):
    corners = [(1100.0, 2200.0), (1140.0, 2200.0), (1140.0, 2212.0), (1100.0, 2212.0)]
    if kind == "csv":
        ring = ", ".join(f"{x} {y}" for x, y in [*corners, corners[0]])
        (tmp_path / "a.csv").write_text(f"编号;wkt\n7;POLYGON (({ring}))\n", encoding="utf-8")
    else:
        document = ezdxf.new("R2010")
        document.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": "JMD"})
        document.saveas(tmp_path / "a.dxf")
    points = "点名,x,y,E,N\n" + "".join(
        f"K{n},{y},{x},{x + 615600},{y + 4076000}\n" for n, (x, y) in enumerate(corners)
    )
    (tmp_path / "k.csv").write_text(points, encoding="utf-8")
    words = ["--layer", "building"] if kind == "csv" else []
    code, told = run(
        "import", town, tmp_path / f"a.{kind}", "--control-points", tmp_path / "k.csv", *words, "--json"
    )
    assert code == 0
    assert "georeference.drawing-north-first" in {finding["code"] for finding in told["findings"]}
    with Project.open(town, read_only=True) as project:
        kept = last_placed(project.snapshot)
        *_, house = project.snapshot.layers["building"].table
    assert house.geometry.bounds == pytest.approx((616700, 4078200, 616740, 4078212), abs=1e-3)
    assert kept.points[0] == ("K0", 1100.0, 2200.0, 616700.0, 4078200.0, False)


def test_a_folder_of_photos_comes_in_and_what_else_a_folder_holds_is_told(town, tmp_path, run):
    folder = tmp_path / "资料"
    folder.mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "a.jpg")
    assert run("import", town, folder, "--dry-run", "--json")[1]["waiting"] == ["a.jpg"]
    (folder / "户数.csv").write_text("楼号,户数\n1,36\n", encoding="utf-8")
    code, told = run("import", town, folder, "--layer", "building", "--dry-run", "--json")
    assert (code, told["counts"]["updated"]) == (0, 1)
    assert [name[-5:] for name in told["not_imported"]] == ["a.jpg"]


def test_files_of_several_kinds_are_refused_together_by_name(town, tmp_path, capsys):
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg")
    (tmp_path / "户数.csv").write_text("楼号,户数\n1,36\n", encoding="utf-8")
    assert main(["import", str(town), str(tmp_path / "a.jpg"), str(tmp_path / "户数.csv")]) == 2
    assert "数据或表格 1 份、照片 1 张" in capsys.readouterr().err


def test_several_files_are_for_photos_only(town, tmp_path, run):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("楼号\n1\n", encoding="utf-8")
    assert run("import", town, tmp_path / "a.csv", tmp_path / "b.csv", "--layer", "building")[0] == 2


def test_values_of_every_type_cross_between_processes_exactly(tmp_path):
    columns = {
        "text": ["a", "楼\x1e", "\ud800"],
        "plain": ["a", "", "=1"],
        "whole": [1, -(2**62), 3],
        "huge": [2**70, 1, 2],
        "real": [0.1, -1e300, 2.0],
        "truth": [True, False, True],
        "mixed": [None, 1, 1.0],
    }
    table = RawTable("a", "CSV", columns, [b"x", None, b""], [2, 3, 9], shaped=False)
    with (tmp_path / "t").open("wb") as out:
        write_table(table, out)
    back = read_table(tmp_path / "t")
    back.wkb = list(back.wkb)
    assert back == table
    assert [[type(v) for v in c] for c in back.columns.values()] == [
        [type(v) for v in c] for c in columns.values()
    ]
