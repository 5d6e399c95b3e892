"""Every verb, from words to exit code."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gis.cli.main import main
from gis.cli.report import width
from gis.cli.verbs import VERBS
from gis.project import Project

ROOT = Path(__file__).parents[2]
POINT = {"type": "Point", "coordinates": [118.3075, 36.8260]}


def geojson(path, *properties):
    features = [{"type": "Feature", "geometry": POINT, "properties": p} for p in properties]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_the_overview_lists_every_verb_in_both_languages(run):
    for language, words in (("zh", "用法"), ("en", "usage")):
        outcome = run("--help", "--language", language)
        assert outcome.code == 0
        assert words in outcome.out
        assert all(verb.name in outcome.out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
@pytest.mark.parametrize(("language", "word"), [("zh", "用法："), ("en", "usage: ")])
def test_every_verb_explains_itself_in_both_languages(run, verb, language, word):
    outcome = run(verb.name, "--help", "--language", language)
    assert outcome.code == 0
    assert outcome.out.startswith(word)
    assert "--json" in outcome.out
    if language == "en":
        assert not [c for c in outcome.out if "\u4e00" <= c <= "\u9fff"]


def test_chinese_help_stays_in_its_columns_and_breaks_no_word(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("export", "--help", "--language", "zh").out.splitlines()
    assert all(width(line) < 80 for line in lines)
    options = [line for line in lines if line.startswith("  -") and "  " in line.strip()]
    assert len({width(re.match(r"\s+\S.*?\s{2,}", line)[0]) for line in options}) == 1
    assert any("shp-gbk" in line for line in lines)
    assert not [line for line in lines if line.strip()[:1] in "，。；：、）" and line.strip()]


def test_new_makes_an_empty_project_with_all_layers(run, tmp_path):
    outcome = run("new", tmp_path / "a.gpkg", "--title", "新小区", "--json")
    assert outcome.code == 0
    assert outcome.json["crs"] == "EPSG:4548"
    assert "building" in run("info", tmp_path / "a.gpkg").out


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "GCJ-02", "EPSG:1", "Quatsch"])
def test_new_takes_no_crs_that_cannot_measure(run, tmp_path, crs):
    outcome = run("new", tmp_path / "a.gpkg", "--title", "x", "--crs", crs, "--json")
    assert outcome.code == 11
    assert outcome.json["exit_code"] == 11
    assert not list(tmp_path.iterdir())


def test_new_overwrites_nothing(run, project):
    before = project.read_bytes()
    assert run("new", project, "--title", "x").code == 20
    assert project.read_bytes() == before


def test_info_tells_layers_revisions_and_open_problems(run, project):
    outcome = run("info", project, "--json")
    counts = {layer["id"]: layer["features"] for layer in outcome.json["layers"]}
    assert (counts["building"], counts["road"], counts["tree"]) == (1, 1, 0)
    assert [r["label"] for r in outcome.json["revisions"]] == ["R1", "R2"]
    assert [p["code"] for p in outcome.json["open_problems"]] == ["T01"]
    words = run("info", project)
    assert words.code == 0
    assert "试验小区" in words.out
    assert "T01" in words.out


def test_json_goes_to_standard_output_alone(run, project):
    outcome = run("--json", "info", project)
    assert outcome.json["title"] == "试验小区"
    assert "试验小区" in outcome.err


def test_import_reports_and_applies_one_step(run, project, tmp_path):
    file = geojson(
        tmp_path / "树.geojson", {"树种": "国槐", "crown": "6m"}, {"树种": "银杏", "crown": "很大"}
    )
    outcome = run("import", project, file, "--layer", "tree", "--json")
    assert outcome.code == 0
    assert outcome.json["counts"] == {
        "read": 2, "added": 2, "updated": 0, "unchanged": 0, "set_aside": 0, "repaired": 0,
    }  # fmt: skip
    assert outcome.json["mapping"] == {"树种": "species", "crown": "crown_m"}
    opened = Project.open(project)
    assert len(opened.snapshot.layers["tree"].table) == 2
    opened.undo()
    assert len(opened.snapshot.layers["tree"].table) == 0
    opened.close()


def test_a_dry_run_changes_nothing(run, project, tmp_path):
    before = project.read_bytes()
    outcome = run("import", project, geojson(tmp_path / "a.geojson", {}), "--layer", "tree", "--dry-run")
    assert outcome.code == 0
    assert project.read_bytes() == before


def test_mappings_may_be_told(run, project, tmp_path):
    file = geojson(tmp_path / "a.geojson", {"a": "国槐", "name": "x"})
    outcome = run("import", project, file, "--layer", "tree", "--map", "a=树种", "--map", "name=", "--json")
    assert outcome.json["mapping"] == {"a": "species"}
    assert run("import", project, file, "--layer", "tree", "--map", "a").code == 2
    assert run("import", project, file, "--layer", "tree", "--map", "a=b").code == 2


def test_the_project_is_not_imported_into_itself(run, project):
    assert run("import", project, project, "--layer", "building").code == 20


def test_another_project_is_imported_with_its_identities(run, project, tmp_path):
    assert run("new", tmp_path / "b.gpkg", "--title", "b").code == 0
    assert (
        run("import", tmp_path / "b.gpkg", project, "--layer", "building", "--json").json["counts"]["added"]
        == 1
    )
    again = run("import", tmp_path / "b.gpkg", project, "--layer", "building", "--json").json["counts"]
    assert (again["added"], again["unchanged"]) == (0, 1)


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".csv"])
def test_export_writes_each_format(run, project, tmp_path, ending):
    outcome = run("export", project, tmp_path / f"out{ending}", "--layer", "building", "--json")
    assert outcome.code == 0
    assert outcome.json["counts"] == {"building": 1}
    assert all(Path(file).exists() for file in outcome.json["files"])


def test_export_of_a_revision_is_what_was_then(run, project, tmp_path):
    def floors(*revision):
        run("export", project, tmp_path / "out.csv", "--layer", "building", *revision)
        rows = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
        return next(csv.DictReader(rows))["层数"]

    assert floors("--revision", "R1") == "6"
    assert floors() == "5"


def test_export_never_overwrites_the_project(run, project):
    before = project.read_bytes()
    assert run("export", project, project).code == 2
    assert project.read_bytes() == before


def test_revisions_are_listed(run, project):
    assert [r["note"] for r in run("revisions", project, "--json").json["revisions"]] == [
        "首次公示",
        "打通断头路",
    ]
    assert "第2版" in run("revisions", project).out


def test_freeze_adds_the_next_revision(run, project):
    outcome = run("freeze", project, "--note", "五层", "--title", "第3版", "--json")
    assert (outcome.code, outcome.json["label"], outcome.json["note"]) == (0, "R3", "五层")


def test_diff_says_what_changed(run, project):
    data = run("diff", project, "R1", "R2", "--json").json
    assert data["counts"] == {"added": 0, "removed": 0, "moved": 0, "reshaped": 1, "changed": 0}
    assert data["groups"][0]["answers"] == ["T01"]
    words = run("diff", project, "R2")
    assert "层数: 6 → 5" in words.out


def test_restore_returns_to_a_revision(run, project):
    assert run("restore", project, "R1", "--json").json["features"] == 2
    assert "相同" in run("restore", project, "R1").out
    assert run("diff", project, "R1", "working", "--json").json["changes"] == []


def test_check_lists_findings_and_its_exit_code_tells_errors(run, project, tmp_path):
    before = run("check", project, "--revision", "R1", "--json")
    assert before.code == 0
    found = {f["code"] for f in before.json["findings"]}
    assert {"rules.dead-end", "rules.spot-unanswered"} <= found
    assert "rules.dead-end" not in {f["code"] for f in run("check", project, "--json").json["findings"]}
    run("import", project, geojson(tmp_path / "a.geojson", {"answers": "T77"}), "--layer", "tree")
    assert run("check", project).code == 3


def test_publish_writes_a_page(run, project, tmp_path):
    out = tmp_path / "page.html"
    outcome = run("publish", project, "--revision", "R2", "--compare", "R1", "-o", out, "--json")
    assert outcome.code == 0
    assert outcome.json["bytes"] == out.stat().st_size > 10_000
    assert run("revisions", project, "--json").json["postings"][0]["sha256"] == outcome.json["sha256"]


def test_draw_writes_a_sheet(run, project, tmp_path):
    out = tmp_path / "sheet.pdf"
    outcome = run(
        "draw", project, "--revision", "R2", "--compare", "R1", "--sheet", "A3", "-o", out, "--json"
    )
    assert outcome.code == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert outcome.json["sheet"] == "A3"


def test_render_writes_an_image_of_the_size_asked_for(run, project, tmp_path):
    out = tmp_path / "map.png"
    outcome = run(
        "render", project, "-o", out, "--size", "320x200", "--revision", "R2", "--compare", "R1", "--json"
    )
    assert outcome.code == 0
    assert outcome.json["size"] == [320, 200]
    width, height = (int.from_bytes(out.read_bytes()[i : i + 4]) for i in (16, 20))
    assert (width, height) == (320, 200)
    assert [p.name for p in tmp_path.glob("*map*")] == ["map.png"]


def test_bench_lists_and_times(run, project):
    assert "redraw" in run("bench", "--list").out
    outcome = run("bench", "redraw", project, "--size", "200x150", "--rounds", "2", "--json")
    assert len(outcome.json["seconds"]) == 2
    assert run("bench", "redraw").code == 2
    assert run("bench", "nix").code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["publsh"], 2),
        (["info"], 2),
        (["info", "{nix}"], 40),
        (["info", "{text}"], 10),
        (["info", "{gpkg}"], 13),
        (["info", "{project}", "--nix"], 2),
        (["info", "{project}", "--language", "fr"], 2),
        (["diff", "{project}", "R1", "R9"], 40),
        (["restore", "{project}", "R9"], 40),
        (["export", "{project}", "{dir}/a.dwg"], 2),
        (["export", "{project}", "{dir}/a.gpkg", "--revision", "R9"], 40),
        (["export", "{project}", "{dir}/nix/a.gpkg"], 40),
        (["import", "{project}", "{nix}", "--layer", "tree"], 40),
        (["import", "{project}", "{text}", "--layer", "tree"], 10),
        (["import", "{project}", "{shp}", "--layer", "nix"], 40),
        (["import", "{project}", "{degrees}", "--layer", "tree"], 11),
        (["import", "{project}", "{shp}", "--layer", "building", "--crs", "EPSG:4548"], 11),
        (["import", "{project}", "{shp}", "--layer", "building", "--crs", "x"], 11),
        (["publish", "{project}", "--revision", "R9", "-o", "{dir}/a.html"], 40),
        (["publish", "{project}", "-o", "{dir}/a.pdf"], 2),
        (["draw", "{project}", "--scale", "x", "-o", "{dir}/a.pdf"], 2),
        (["draw", "{project}", "--sheet", "A9", "-o", "{dir}/a.pdf"], 2),
        (["draw", "{project}", "--revision", "R9", "-o", "{dir}/a.pdf"], 40),
        (["render", "{project}", "-o", "{dir}/a.png", "--size", "9999999x2"], 2),
        (["render", "{project}", "-o", "{dir}/a.png", "--bbox", "1,2,3"], 2),
        (["render", "{project}", "-o", "{dir}/a.png", "--bbox", "a,b,c,d"], 2),
        (["render", "{project}", "-o", "{project}"], 2),
        (["freeze", "{project}", "--label", "R1"], 20),
    ],
)
def test_bad_input_gets_a_message_and_its_code_and_changes_nothing(run, project, tmp_path, arguments, code):
    data = ROOT / "tests" / "data" / "exchange"
    (tmp_path / "a.txt").write_text("no project", encoding="utf-8")
    places = {
        "project": project,
        "dir": tmp_path,
        "nix": tmp_path / "nix.gpkg",
        "text": tmp_path / "a.txt",
        "gpkg": data / "pyogrio_line_zm.gpkg",
        "shp": data / "shanghai_truncated.shp",
        "degrees": data / "mapshaper_gauss_kruger.shp",
    }
    words = [word.format(**places) for word in arguments]
    before = _files(tmp_path)
    outcome = run(*words)
    assert outcome.code == code
    assert outcome.err.strip()
    assert not outcome.out
    as_json = run(*words, "--json")
    assert as_json.json["exit_code"] == code
    assert as_json.json["error"]["message"]["en"]
    assert _files(tmp_path) == before


def _files(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_fault_of_the_program_goes_to_the_log_and_not_to_the_screen(run, project, monkeypatch, tmp_path):
    def broken(*_):
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr("gis.cli.verbs.info.summary_data", broken)
    outcome = run("info", project)
    assert outcome.code == 1
    assert "ZeroDivisionError" in outcome.err
    (log,) = Path(os.environ["XDG_STATE_HOME"]).rglob("planboard.log")
    assert "deep inside" in log.read_text("utf-8")


def test_interrupting_is_said_and_has_its_code(run, project, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("gis.cli.verbs.info.summary_data", interrupted)
    assert run("info", project).code == 70


def test_text_from_a_project_cannot_move_the_cursor(run, project, tmp_path):
    file = geojson(tmp_path / "a.geojson", {"code": "T9", "title": "x\x1b[2Jy\r\nz", "status": "reported"})
    run("import", project, file, "--layer", "traffic_spot")
    assert "\x1b" not in run("info", project).out


def test_the_language_comes_from_the_environment(run, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "usage" in run("--help").out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "用法" in run("--help").out


def started(*arguments, **more):
    command = [sys.executable, ROOT / "app.py", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, **more)


def test_the_program_runs_from_any_folder(project, tmp_path):
    outcome = started("info", project, "--json", cwd=tmp_path)
    assert json.loads(outcome.stdout)["title"] == "试验小区"
    assert outcome.returncode == 0


def test_the_program_speaks_utf8_into_a_pipe_whatever_the_locale(project):
    outcome = started("info", project, env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert "试验小区" in outcome.stdout
    assert outcome.returncode == 0


def test_a_reader_that_leaves_early_causes_no_complaint(project):
    command = f'"{sys.executable}" "{ROOT / "app.py"}" info "{project}" | true'
    outcome = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert outcome.stderr == ""


def test_help_loads_nothing_heavy():
    code = "import sys, app; app.main(['--help']);print(sorted(set(sys.modules) & {heavy}))"
    heavy = {
        "numpy",
        "shapely",
        "pandas",
        "geopandas",
        "pyproj",
        "pyogrio",
        "PyQt6",
        "apsw",
        "folium",
        "platformdirs",
    }
    outcome = subprocess.run(
        [sys.executable, "-c", code.replace("{heavy}", repr(heavy))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert outcome.stdout.strip().splitlines()[-1] == "[]"


def test_a_missing_package_is_said_before_anything_else(monkeypatch, tmp_path, capsys):
    import app

    monkeypatch.setattr(app, "HERE", tmp_path)
    assert app.main(["--help"]) == 1
    assert "layers, gis, ui" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "window"),
    [([], True), (["a.gpkg"], True), (["info", "a.gpkg"], False), (["--help"], False), (["x"], False)],
)
def test_no_words_or_one_project_ask_for_the_window(arguments, window):
    import app

    assert app.wants_window(arguments) is window


def test_the_sample_goes_through_the_whole_chain(run, tmp_path):
    path = tmp_path / "金茵 2020.gpkg"
    sample = run("sample", path, "--json")
    assert sample.code == 0
    assert [r["label"] for r in sample.json["revisions"]] == ["R1", "R2", "R3"]
    assert run("diff", path, "R1", "R2", "--json").json["groups"]
    assert run("check", path, "--revision", "R3").code == 0
    assert main(["sample", str(path)]) == 20


def test_a_geotiff_of_the_map_lies_where_the_plan_is(run, project, tmp_path):
    import rasterio

    outcome = run("render", project, "-o", tmp_path / "map.tif", "--scale", "500", "--dpi", "100", "--json")
    assert outcome.code == 0
    with rasterio.open(tmp_path / "map.tif") as data:
        assert data.crs.to_epsg() == 4548
        assert [data.width, data.height] == outcome.json["size"]
        assert list(data.bounds) == pytest.approx(outcome.json["extent"], abs=0.01)
        assert data.res[0] == pytest.approx(0.127)


def test_a_picture_of_the_map_may_have_a_world_file(run, project, tmp_path):
    outcome = run(
        "render", project, "-o", tmp_path / "map.png", "--size", "300x200", "--world-file", "--json"
    )
    assert outcome.code == 0
    assert [Path(p).name for p in outcome.json["files"]] == ["map.png", "map.pgw", "map.prj"]
    run("render", project, "-o", tmp_path / "plain.png")
    assert not (tmp_path / "plain.pgw").exists()


@pytest.mark.parametrize("words", [("--scale", "500", "--size", "300x200"), ("--dpi", "100")])
def test_words_about_the_size_that_contradict_each_other_are_refused(run, project, tmp_path, words):
    outcome = run("render", project, "-o", tmp_path / "map.png", *words)
    assert outcome.code == 2
    assert not (tmp_path / "map.png").exists()


def test_a_lost_background_is_told_and_the_map_is_drawn(run, project, tmp_path):
    from layers.background import RasterBackground, add_background
    from layers.text import Text

    with Project.open(project) as opened:
        lost = RasterBackground("x", "航片", path="gone.tif")
        opened.apply(add_background(opened.snapshot.settings, lost), Text("加", "add"))
    outcome = run("render", project, "-o", tmp_path / "map.png", "--background", "--json")
    assert outcome.code == 0
    assert [f["code"] for f in outcome.json["findings"]] == ["background.raster.missing"]
    outcome = run("draw", project, "-o", tmp_path / "map.pdf", "--sheet", "A4", "--background", "--json")
    assert outcome.code == 0
    assert "background.raster.missing" in [f["code"] for f in outcome.json["findings"]]
