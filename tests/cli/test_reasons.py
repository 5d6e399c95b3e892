"""The verbs about reasons: diff -o, ledger, check."""

import csv
import json
from pathlib import Path

import openpyxl
import pytest


@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson"])
def test_diff_writes_a_table(run, project, tmp_path, ending):
    out = tmp_path / f"变更.{ending}"
    outcome = run("diff", project, "R1", "R2", "-o", out, "--json")
    assert outcome.code == 0
    assert outcome.json["paths"][0] == str(out)
    assert outcome.json["groups"]
    if ending == "xlsx":
        assert openpyxl.load_workbook(out).worksheets[0].max_row == 2
    elif ending == "csv":
        assert len(list(csv.reader(out.open(encoding="utf-8-sig")))) == 2
    else:
        assert {f["properties"]["what"] for f in json.loads(out.read_text("utf-8"))["features"]} == {
            "change",
            "cloud",
        }


@pytest.mark.parametrize("verb", [["diff", "R1"], ["ledger"]])
def test_a_table_of_another_kind_or_over_the_project_is_refused(run, project, tmp_path, verb):
    before = project.read_bytes()
    name, *rest = verb
    assert run(name, project, *rest, "-o", tmp_path / "a.pdf").code == 2
    assert run(name, project, *rest, "-o", project).code == 2
    assert run(name, project, *rest, "-o", tmp_path / "no" / "a.xlsx").code == 40
    assert project.read_bytes() == before


def test_the_ledger_tells_what_answers_a_spot(run, project):
    outcome = run("ledger", project, "--json")
    assert outcome.json["chapters"] == ["R1", "R2", "working"]
    (entry,) = outcome.json["entries"]
    assert (entry["code"], [d["change"] for d in entry["deeds"]]) == ("T01", ["R2-1"])
    assert outcome.json["unexplained"] == ["working-1"]
    words = run("ledger", project, "--revision", "R2", "--language", "zh").out
    assert "T01" in words
    assert "R2-1" in words
    assert "working" not in words


def test_the_ledger_is_written_as_a_table(run, project, tmp_path):
    out = tmp_path / "台账.xlsx"
    assert run("ledger", project, "-o", out, "--language", "zh").code == 0
    assert openpyxl.load_workbook(out).sheetnames == ["你提了什么，我们改了什么", "每处修改的理由"]
    outcome = run("ledger", project, "-o", tmp_path / "l.csv", "--json", "--language", "en")
    tables = [Path(p).read_text("utf-8-sig").splitlines() for p in outcome.json["paths"]]
    assert [len(list(csv.reader(lines))) for lines in tables] == [2, 3]


def test_a_ledger_of_a_revision_that_is_not_there_is_said(run, project):
    assert run("ledger", project, "--revision", "R7").code == 40


def test_check_compares_with_the_revision_before(run, project):
    outcome = run("check", project, "--json")
    assert outcome.json["compared_with"] == "R2"
    assert "rules.change-unexplained" in {f["code"] for f in outcome.json["findings"]}
    first = run("check", project, "--revision", "R1", "--json")
    assert first.json["compared_with"] is None
    assert "rules.change-unexplained" not in {f["code"] for f in first.json["findings"]}


def test_a_change_gets_its_reason_by_its_number_and_the_check_is_content(run, project):
    assert run("reason", project, "--json").json["unexplained"] == [1]
    outcome = run(
        "reason", project, "--of", "working-1", "--answers", "ｔ01", "--because", "会议 决定", "--json"
    )
    assert (outcome.code, outcome.json["answers"], outcome.json["because"]) == (0, ["T01"], ["会议 决定"])
    listed = run("reason", project, "--json").json
    assert listed["unexplained"] == []
    assert all(c["answers"] == ["T01"] for c in listed["changes"])
    found = run("check", project, "--json").json
    assert "rules.change-unexplained" not in {f["code"] for f in found["findings"]}
    assert run("reason", project, "--of", "1", "--clear").code == 0
    assert run("reason", project, "--json").json["unexplained"] == [1]


def test_one_object_of_a_change_is_named_by_its_layer_and_id(run, project):
    (change,) = run("reason", project, "--json").json["changes"]
    word = f"{change['layer']}:{change['uid'][:8]}"
    assert run("reason", project, "--of", word, "--because", "x").code == 0
    assert run("diff", project, "R2", "--json").json["changes"][0]["because"] == ["x"]
    assert run("reason", project, "--of", "tree:123456", "--because", "x").code == 40


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--of", "9", "--because", "x"], "reason.unknown"),
        (["--of", "R7-1", "--because", "x"], "reason.unknown"),
        (["--of", "r2-1", "--because", "x"], "reason.sealed"),
        (["--of", "1", "--answers", "T99"], "reason.code"),
        (["--of", "1"], "usage.reason"),
        (["--of", "1", "--because", "x", "--clear"], "usage.reason"),
        (["--because", "x"], "usage.reason"),
    ],
)
def test_a_reason_that_cannot_be_given_is_said_and_nothing_is_written(run, project, words, code):
    before = run("info", project, "--json").json
    outcome = run("reason", project, *words, "--json")
    assert outcome.code
    assert outcome.json["error"]["code"] == code
    assert run("info", project, "--json").json == before


TOLD = "东门 13912345678 张建国"


@pytest.fixture
def telling(project):
    """The same project with a phone number and a name of its roster in words for the public."""
    from gis.edit.features import set_attributes
    from gis.edit.looks import set_settings
    from gis.project import Project
    from gis.roster import NAMES
    from layers.text import same

    opened = Project.open(project)
    try:
        spot = next(iter(opened.snapshot.layers["traffic_spot"].table)).uid
        changes = set_attributes(opened.snapshot, [("traffic_spot", spot)], {"title": TOLD})
        opened.apply(changes, same("said"))
        opened.apply(set_settings(opened.snapshot, {NAMES: ["张建国"]}), same("roster"))
    finally:
        opened.close()
    return project


@pytest.mark.parametrize("verb", [["diff", "R2"], ["ledger"]])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_table_is_masked_with_the_roster_of_the_project_unless_it_is_said_to_be_internal(
    run, telling, tmp_path, verb, ending
):
    name, *rest = verb
    out = tmp_path / f"a.{ending}"
    outcome = run(name, telling, *rest, "-o", out, "--language", "zh", "--json")
    assert outcome.json["masked"] >= 1
    assert not {"13912345678", "张建国"} & told_in(outcome.json["paths"])
    words = run(name, telling, *rest, "-o", out, "--language", "zh").out
    assert "已遮蔽" in words
    inside = run(name, telling, *rest, "-o", out, "--internal", "--language", "zh", "--json")
    assert inside.json["masked"] is None
    assert told_in(inside.json["paths"]) == {"13912345678", "张建国", "内部资料 不得张贴"}


def told_in(paths):
    """Return which of the telling words stand in some tables."""
    words = ""
    for path in map(Path, paths):
        if path.suffix == ".csv":
            words += path.read_text("utf-8-sig")
        else:
            tabs = openpyxl.load_workbook(path).worksheets
            words += "".join(str(cell.value) for tab in tabs for row in tab.iter_rows() for cell in row)
    return {word for word in ("13912345678", "张建国", "内部资料 不得张贴") if word in words}


def test_what_the_terminal_shows_are_the_words_of_the_office(run, telling):
    assert "13912345678" in run("ledger", telling, "--language", "zh").out


def test_an_unreadable_roster_keeps_a_table_from_being_given_away(run, telling, tmp_path):
    from gis.edit.looks import set_settings
    from gis.project import Project
    from gis.roster import NAMES_FILE
    from layers.text import same

    opened = Project.open(telling)
    try:
        opened.apply(set_settings(opened.snapshot, {NAMES_FILE: "gone.csv"}), same("roster"))
    finally:
        opened.close()
    out = tmp_path / "a.xlsx"
    assert run("ledger", telling, "-o", out).code != 0
    assert not out.exists()
    assert run("ledger", telling, "-o", out, "--internal").code == 0


def test_internal_without_a_table_to_mask_is_refused(run, project, tmp_path):
    assert run("export", project, tmp_path / "a.gpkg", "--internal").code == 2
