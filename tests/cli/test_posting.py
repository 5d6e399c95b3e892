"""``posting``: where a posting hangs, and whether it still holds."""

import csv

import pytest

from gis.project import Project
from layers.posting import Posting

PHOTO = b"\xff\xd8\xff\xe0 a board"


@pytest.fixture
def posted(project):
    with Project.open(project) as open_project:
        for n, label in enumerate(("R1", "R2"), 1):
            record = Posting(
                label, None, "public", f"{label}.html", f"{n}" * 64, f"2020-0{n}-01T09:00:00+08:00"
            )
            open_project.record_posting(record)
    return project


def test_place_days_and_photo_of_a_board_are_noted_and_set_anew(run, posted, tmp_path):
    photo = tmp_path / "board.jpg"
    photo.write_bytes(PHOTO)
    noted = run("posting", posted, 1, "--place", "东门", "--from", "2020-01-02", "--photo", photo, "--json")
    assert noted.code == 0
    board = noted.json["postings"][0]["boards"][0]
    assert (board["place"], board["since"], board["until"], len(board["photos"])) == (
        *("东门", "2020-01-02", "", 1),
    )
    run("posting", posted, 1, "--place", "东门", "--to", "2020-01-09", "--note", "已撤下")
    again = run("revisions", posted, "--json").json["postings"][0]["boards"]
    assert again == [{**board, "until": "2020-01-09", "note": "已撤下", "hangs": False, "outdated": False}]
    run("posting", posted, 1, "--place", "东门", "--remove")
    assert run("posting", posted, "--json").json["postings"][0]["boards"] == []


def test_what_still_hangs_though_something_newer_replaced_it_is_told(run, posted):
    run("posting", posted, 1, "--place", "东门", "--from", "2020-01-02")
    run("posting", posted, 2, "--place", "西门", "--from", "2020-02-02")
    words = run("posting", posted, "--language", "en")
    assert "“东门” still shows R1, superseded by R2." in words.out
    assert "“西门” still" not in words.out
    (east,) = [line for line in words.out.splitlines() if "东门" in line and "since" in line]
    (west,) = [line for line in words.out.splitlines() if "西门" in line and "since" in line]
    assert "still up, replace it" in east
    assert west.split()[-1] == "up"
    boards = [p["boards"][0] for p in run("posting", posted, "--json").json["postings"]]
    assert [(b["hangs"], b["outdated"]) for b in boards] == [(True, True), (True, False)]
    assert [p["superseded_by"] for p in run("posting", posted, "--json").json["postings"]] == ["R2", None]
    run("posting", posted, 1, "--place", "东门", "--to", "2020-02-02")
    assert "仍挂着" not in run("revisions", posted).out
    assert "down" in run("posting", posted, "--language", "en").out
    run("posting", posted, 2, "--place", "西门", "--from", "2999-02-02")
    assert "尚未张贴" in run("posting", posted).out


def test_the_record_can_be_written_as_a_table(run, posted, tmp_path):
    run("posting", posted, 2, "--place", "=1+1", "--from", "2020-02-02")
    out = tmp_path / "record.csv"
    assert run("posting", posted, "-o", out).code == 0
    rows = list(csv.reader(out.open(encoding="utf-8-sig")))
    assert [row[1] for row in rows[1:]] == ["R1", "R2"]
    assert rows[2][6:8] == ["'=1+1", "2020-02-02"]
    assert run("posting", posted, "-o", tmp_path / "record.xlsx").code == 0


def test_a_file_is_identified_by_its_hash(run, project, tmp_path):
    page = tmp_path / "page.html"
    run("publish", project, "--revision", "R2", "-o", page)
    found = run("posting", project, "--identify", page, "--json")
    assert (found.code, found.json["standing"]["zh"]) == (0, "现行")
    page.write_bytes(page.read_bytes() + b" ")
    assert run("posting", project, "--identify", page).code == 40


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["1"], 2),
        (["--place", "东门"], 2),
        (["1", "--place", "东门", "-o", "a.csv"], 2),
        (["3", "--place", "东门"], 40),
        (["1", "--place", "东门", "--remove"], 40),
        (["1", "--place", "东门", "--from", "gestern"], 20),
        (["1", "--place", "东门", "--photo", "nowhere.jpg"], 40),
    ],
)
def test_what_cannot_be_noted_is_refused_and_nothing_is_kept(run, posted, words, code):
    assert run("posting", posted, *words).code == code
    assert all(not p["boards"] for p in run("posting", posted, "--json").json["postings"])
