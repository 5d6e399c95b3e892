"""``publish``: one page, a site, or only what would be public."""

import json
import shutil

import pytest

from gis.project import Project
from layers.changes import ChangeSet, SettingChange
from layers.text import same


def test_a_site_of_two_projects_has_one_index(run, project, tmp_path):
    other = shutil.copy(project, tmp_path / "other.gpkg")
    outcome = run("publish", project, other, "--site", tmp_path / "site", "--json")
    assert outcome.code == 0
    assert [len(e["revisions"]) for e in outcome.json["estates"]] == [2]  # a copy is the same estate
    files = {p.name for p in (tmp_path / "site").iterdir()}
    assert files == {"index.html", *(r[2] for r in outcome.json["estates"][0]["revisions"])}
    again = run("publish", project, "--site", tmp_path / "site", "--json")
    assert again.json["written"] == []


def test_a_review_says_what_would_be_public_and_writes_nothing(run, project, tmp_path):
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    outcome = run("publish", project, "--revision", "R2", "--review", "--json")
    layers = {one["id"]: one for one in outcome.json["layers"]}
    numbers = next(f for f in layers["building"]["fields"] if f["name"] == "number")
    assert numbers["samples"][0]["zh"] == "1号楼"
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    words = run("publish", project, "--revision", "R2", "--review", "--language", "zh").out
    assert "将公开" in words
    assert "1号楼" in words


def test_every_profile_makes_a_page(run, project, tmp_path):
    sizes = {}
    for name in ("public", "brochure", "internal"):
        outcome = run(
            "publish",
            project,
            "--revision",
            "R2",
            "--profile",
            name,
            "-o",
            tmp_path / f"{name}.html",
            "--json",
        )
        assert outcome.code == 0
        sizes[name] = json.dumps(outcome.json["counts"])
    assert len(sizes) == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["{p}"], 2),
        (["{p}", "-o", "{d}/a.html", "--site", "{d}/site"], 2),
        (["{p}", "{p}", "-o", "{d}/a.html"], 2),
        (["{p}", "--site", "{d}/site", "--revision", "R1"], 2),
        (["{d}/none.gpkg", "--site", "{d}/site"], 40),
        (["{p}", "--profile", "all", "-o", "{d}/a.html"], 40),
        (["{p}", "-o", "{d}/a.html", "--background", "{d}/none.png", "--attribution", "x"], 40),
        (["{p}", "-o", "{d}/a.html", "--background", "{d}/none.png"], 10),
        (["{p}", "--site", "{d}/none/site"], 50),
    ],
)
def test_a_wrong_wish_gets_its_code_and_leaves_no_file(run, project, tmp_path, arguments, code):
    before = sorted(p.name for p in tmp_path.iterdir())
    assert run("publish", *(word.format(p=project, d=tmp_path) for word in arguments)).code == code
    assert sorted(p.name for p in tmp_path.iterdir()) == before


@pytest.mark.parametrize("word", ["working", "主方案", "Main plan", "当前方案"])
def test_page_and_sheet_know_the_working_plan_by_the_names_people_read(run, project, tmp_path, word):
    page = run("publish", project, "--revision", word, "-o", tmp_path / "a.html", "--json")
    assert (page.code, page.json["revision"], page.json["compare"]) == (0, "working", "R2")
    sheet = run("draw", project, "--revision", word, "--sheet", "A4", "-o", tmp_path / "a.svg", "--json")
    assert (sheet.code, sheet.json["revision"], sheet.json["compare"]) == (0, "working", "R2")


def test_a_sheet_lists_the_changes_since_the_revision_before_unless_told_not_to(run, project, tmp_path):
    asked = ("draw", project, "--revision", "R2", "--sheet", "A4", "-o", tmp_path / "a.svg")
    usual = run(*asked, "--json")
    assert usual.json["compare"] == "R1"
    assert usual.json["changes"] > 0
    bare = run(*asked, "--compare", "none", "--json")
    assert (bare.json["compare"], bare.json["changes"]) == (None, 0)
    assert "对比" in run(*asked, "--language", "zh").out
    first = run("draw", project, "--revision", "R1", "--sheet", "A4", "-o", tmp_path / "b.svg", "--json")
    assert (first.code, first.json["compare"]) == (0, None)


def test_a_page_says_on_the_command_line_what_it_was_compared_with(run, project, tmp_path):
    outcome = run("publish", project, "--revision", "R2", "-o", tmp_path / "a.html", "--json")
    assert outcome.json["compare"] == "R1"


def test_a_site_can_tell_all_changes_since_one_revision(run, project, tmp_path):
    assert run("freeze", project, "--title", "三").code == 0
    folder = tmp_path / "site"
    usual = run("publish", project, "--site", folder, "--language", "en").out
    since = run("publish", project, "--site", folder, "--compare", "R1", "--language", "en").out
    assert [line.split()[3] for line in usual.splitlines() if "-R3.html" in line] == ["R2"]
    assert [line.split()[3] for line in since.splitlines() if "-R3.html" in line] == ["R1"]
    refused = run("publish", project, "--site", folder, "--compare", "R9")
    assert refused.code != 0
    assert "R9" in refused.err


def test_who_publishes_with_a_period_that_is_over_is_told(run, project, tmp_path):
    with Project.open(project) as opened:
        period = {"publish.comment_until": SettingChange(None, "2020-07-17")}
        opened.apply(ChangeSet({}, period), same("x"))
    out = run("publish", project, "--revision", "R2", "-o", tmp_path / "a.html", "--language", "zh").out
    assert "公示期已在 2020年7月17日 截止" in out
    older = run("publish", project, "--revision", "R1", "-o", tmp_path / "b.html", "--language", "zh").out
    assert "截止" not in older
