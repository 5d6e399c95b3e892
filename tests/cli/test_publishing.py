"""``publish``: one page, a site, or only what would be public."""

import json
import shutil

import pytest


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
