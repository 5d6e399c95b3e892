"""The verbs about alternatives, merging and the health of the file."""

import shutil

import pytest
from shapely import box

from gis.project import Project
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.text import same
from tests.gis.store.plans import content


def working(path):
    with Project.open(path, read_only=True) as project:
        return content(project.snapshot)


def test_branches_are_listed_made_and_switched(run, project):
    listed = run("branch", project, "--json")
    assert listed.code == 0
    assert [b["name"] for b in listed.json["branches"]] == ["main"]
    made = run("branch", project, "方案A", "--from", "R1", "--json")
    assert made.code == 0
    assert made.json["branches"][1] == {
        "name": "方案A",
        "title": {"zh": "方案A", "en": "方案A"},
        "head": "R1",
        "parent": "R1",
        "current": False,
    }
    before = working(project)
    switched = run("branch", project, "--switch", "方案A", "--json")
    assert (switched.code, switched.json["current"]) == (0, "方案A")
    frozen = run("freeze", project, "--title", "甲", "--json")
    assert (frozen.json["label"], frozen.json["branch"], frozen.json["parent"]) == ("A-R2", "方案A", "R1")
    words = run("branch", project, "--list", "--language", "en")
    assert "● " in words.out
    assert "A-R2" in words.out
    run("branch", project, "--switch", "main")
    assert working(project) == before
    assert run("diff", project, "R1", "方案A", "--json").json["counts"]["added"] == 0


def test_switching_to_the_plan_in_front_says_so(run, project):
    words = run("branch", project, "--switch", "main", "--language", "zh")
    assert (words.code, words.out.splitlines()[0]) == (0, "“主方案”已经是当前方案。")


def test_freezing_what_did_not_change_says_so(run, project):
    run("freeze", project)
    again = run("freeze", project, "--language", "en")
    assert again.code == 0
    assert "nothing has changed since" in again.out


@pytest.mark.parametrize("word", ["主方案", "Main plan", "main plan", "main"])
def test_a_plan_can_be_called_by_the_title_that_lists_show(run, project, word):
    run("branch", project, "方案A", "--from", "R1")
    compared = run("diff", project, word, "方案A", "--json")
    assert compared.code == 0
    assert compared.json == run("diff", project, "main", "方案A", "--json").json
    run("branch", project, "--switch", "方案A")
    assert run("branch", project, "--switch", word, "--json").json["current"] == "main"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("working",), 20),
        (("R1",), 20),
        (("",), 20),
        (("  ",), 20),
        (("主方案",), 20),
        (("main plan",), 20),
        (("方案A", "--from", ""), 40),
        (("--switch", ""), 40),
        (("", "--list"), 2),
        (("--from", ""), 2),
        (("方案A", "--from", "R9"), 40),
        (("--switch", "方案Z"), 40),
        (("方案A", "--list"), 2),
        (("--from", "R1"), 2),
        (("--list", "--switch", "main"), 2),
    ],
)
def test_a_wrong_branch_command_changes_nothing(run, project, arguments, code):
    before = working(project)
    assert run("branch", project, *arguments, "--json").code == code
    assert working(project) == before
    assert len(run("branch", project, "--json").json["branches"]) == 1


@pytest.fixture
def copies(project, tmp_path):
    """Two copies edited apart: theirs changed the house's floors, ours too if `clash`."""
    other = tmp_path / "同事.gpkg"

    def apart(*, clash):
        shutil.copy(project, other)
        for path, floors in ((other, 9), (project, 11 if clash else None)):
            if floors is None:
                continue
            with Project.open(path) as opened:
                from gis.edit.features import set_attributes

                changes = set_attributes(opened.snapshot, [("building", "2" * 32)], {"floors": floors})
                opened.apply(changes, opened.history.done[0].label)
        return project, other

    return apart


def floors(path):
    with Project.open(path, read_only=True) as project:
        return project.snapshot.feature(("building", "2" * 32)).attributes["floors"]


def test_a_copy_is_merged(run, copies):
    ours, other = copies(clash=False)
    tried = run("merge", ours, other, "--dry-run", "--json")
    assert (tried.code, tried.json["counts"]["modify"], floors(ours)) == (0, 1, 5)
    done = run("merge", ours, other, "--json")
    assert (done.code, done.json["conflicts"], floors(ours)) == (0, [], 9)
    again = run("merge", ours, other, "--json")
    assert again.json["counts"] == {"add": 0, "modify": 0, "remove": 0}


def test_undecided_conflicts_are_listed_with_exit_code_30_and_nothing_is_changed(run, copies):
    ours, other = copies(clash=True)
    before = working(ours)
    refused = run("merge", ours, other, "--json")
    assert refused.code == 30
    (finding,) = refused.json["error"]["findings"]
    assert (finding["layer"], finding["uid"], finding["field"]) == ("building", "2" * 32, "floors")
    assert "11" in finding["message"]["zh"]
    assert working(ours) == before
    words = run("merge", ours, other, "--language", "en")
    assert (words.code, words.out) == (30, "")
    assert "choose" in words.err
    assert "field floors" not in words.err


def test_a_dry_run_names_the_object_the_field_and_both_values_of_a_conflict(run, copies):
    ours, other = copies(clash=True)
    told = run("merge", ours, other, "--dry-run")
    assert told.code == 0
    assert "1号楼的层数：本方 11，对方 9" in told.out
    assert "floors" not in told.out


@pytest.mark.parametrize(("side", "expected"), [("ours", 11), ("theirs", 9)])
def test_a_side_decides_all_conflicts(run, copies, side, expected):
    ours, other = copies(clash=True)
    done = run("merge", ours, other, "--take", side, "--json")
    assert (done.code, done.json["taken"], floors(ours)) == (0, side, expected)
    assert [(c["cell"], c["base"], c["ours"], c["theirs"]) for c in done.json["conflicts"]] == [
        ("floors", 5, 11, 9)
    ]


def test_another_project_or_file_is_not_merged(run, project, tmp_path):
    with Project.create(tmp_path / "x.gpkg", "t", "EPSG:4548"):
        pass
    (tmp_path / "t.gpkg").write_text("hello")
    assert run("merge", project, tmp_path / "x.gpkg").code == 20
    assert run("merge", project, project).code == 20
    assert run("merge", project, tmp_path / "t.gpkg").code == 10
    assert run("merge", project, tmp_path / "none.gpkg").code == 40


def test_a_sound_file_passes(run, project):
    before = project.read_bytes()
    found = run("doctor", project, "--json")
    assert (found.code, found.json) == (0, {"sound": True, "findings": []})
    assert run("doctor", project, "--repair", "--json").json["sound"]
    assert project.read_bytes() == before


def test_what_is_certain_is_repaired_in_place(run, project):
    import sqlite3

    db = sqlite3.connect(project)
    db.execute("DROP TRIGGER pb_row_update_seal")
    db.execute("DELETE FROM rtree_building_geom")
    db.commit()
    db.close()
    found = run("doctor", project, "--json")
    assert found.code == 3
    assert {f["code"] for f in found.json["findings"]} == {"doctor.seal", "doctor.index"}
    done = run("doctor", project, "--repair", "--json")
    assert done.code == 0
    assert [f["code"] for f in done.json["repaired"]] == ["repaired.copy", "repaired.seal", "repaired.index"]
    kept = project.with_name(done.json["repaired"][0]["file"])
    assert run("doctor", kept, "--json").json["findings"] == found.json["findings"]
    assert done.json["left"] == []
    assert run("doctor", project).code == 0


def test_the_readable_rest_of_a_damaged_file_is_saved_beside_and_the_original_left_alone(
    run, project, tmp_path
):
    project.write_bytes(project.read_bytes()[:-9000])
    before = project.read_bytes()
    found = run("doctor", project, "--json")
    assert (found.code, found.json["findings"][0]["code"]) == (3, "doctor.damaged")
    assert run("doctor", project, "--repair").code == 3
    out = tmp_path / "rest.gpkg"
    done = run("doctor", project, "--repair", out, "--json")
    assert (done.code, done.json["saved"]) == (0, str(out))
    assert done.json["salvage"]
    assert project.read_bytes() == before
    assert run("doctor", out).code == 0
    assert run("doctor", project, "--repair", out).code == 20


def test_the_words_of_the_doctor_say_what_was_done(run, project, tmp_path):
    good = run("doctor", project, "--language", "zh")
    assert good.out.startswith("项目文件完好")
    project.write_bytes(project.read_bytes()[:-9000])
    words = run("doctor", project, "--repair", tmp_path / "o.gpkg", "--language", "en")
    assert "damaged" in words.out
    assert "The readable rest is saved" in words.out


def test_what_is_no_project_has_no_doctor(run, tmp_path):
    (tmp_path / "t.gpkg").write_text("hello")
    assert run("doctor", tmp_path / "t.gpkg").code == 10
    assert run("doctor", tmp_path / "none.gpkg").code == 40


def test_an_alternative_is_adopted_whole_or_by_the_numbers_of_its_changes(run, project):
    run("branch", project, "方案A", "--from", "R2")
    run("branch", project, "--switch", "方案A")
    with Project.open(project) as plan:
        far = [("green", "a" * 32, 616605.0), ("green", "b" * 32, 616780.0)]
        shapes = [Change(n, None, Feature(u, box(x, 4078040, x + 5, 4078045), {})) for n, u, x in far]
        plan.apply(ChangeSet.of(shapes), same("草地"))
    run("branch", project, "--switch", "main")
    run("restore", project, "R2")
    groups = run("diff", project, "working", "方案A", "--json").json["groups"]
    assert len(groups) == 2
    (first,) = [g["number"] for g in groups if g["features"] == [["green", "a" * 32]]]
    part = run("merge", project, "--branch", "方案A", "--cloud", first, "--json")
    assert (part.code, part.json["counts"]["add"]) == (0, 1)
    with Project.open(project, read_only=True) as plan:
        assert list(plan.snapshot.layers["green"].table.uids) == ["a" * 32]
    assert run("merge", project, "--branch", "方案A", "--json").json["counts"]["add"] == 1
    with Project.open(project, read_only=True) as plan:
        assert set(plan.snapshot.layers["green"].table.uids) == {"a" * 32, "b" * 32}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--cloud", "1"], 2),
        (["other.gpkg", "--branch", "方案A"], 2),
        (["--branch", "方案X"], 40),
        (["--branch", "main"], 20),
    ],
)
def test_an_adoption_that_is_none_is_refused(run, project, words, code):
    before = working(project)
    assert run("merge", project, *words).code == code
    assert working(project) == before


def test_an_alternative_is_renamed_removed_and_brought_back(run, project):
    run("branch", project, "方案A", "--from", "R1")
    run("branch", project, "--switch", "方案A")
    run("freeze", project, "--title", "甲")
    run("branch", project, "--switch", "主方案")
    renamed = run("branch", project, "--rename", "方案A", "南线", "--json")
    assert (renamed.code, [b["name"] for b in renamed.json["branches"]]) == (0, ["main", "南线"])
    words = run("branch", project, "--remove", "南线", "--language", "zh")
    assert words.code == 0
    assert words.out.splitlines()[0] == "已删除比选方案“南线”。保留的版次：A-R2。可用 --restore 南线 取回。"
    listed = run("branch", project, "--json").json
    assert ([b["name"] for b in listed["branches"]], listed["removed"]) == (["main"], ["南线"])
    assert run("diff", project, "R1", "A-R2", "--json").code == 0
    back = run("branch", project, "--restore", "南线", "--json")
    assert ([b["head"] for b in back.json["branches"]][1], back.json["removed"]) == ("A-R2", [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--rename", "方案A", ""), 20),
        (("--rename", "方案A", "方案A"), 20),
        (("--rename", "方案A", "主方案"), 20),
        (("--rename", "方案Z", "x"), 40),
        (("--rename", "主方案", "x"), 20),
        (("--rename", "方案A"), 2),
        (("--remove", "方案Z"), 40),
        (("--remove", "主方案"), 20),
        (("--restore", "方案A"), 40),
        (("--remove", "方案A", "--list"), 2),
        (("x", "--remove", "方案A"), 2),
    ],
)
def test_a_wrong_renaming_or_removal_changes_nothing(run, project, arguments, code):
    run("branch", project, "方案A", "--from", "R1")
    before = project.read_bytes()
    assert run("branch", project, *arguments, "--json").code == code
    assert project.read_bytes() == before


def test_adopting_the_main_plan_calls_it_by_its_title(run, project):
    run("branch", project, "方案A", "--from", "R1")
    run("branch", project, "--switch", "方案A")
    words = run("merge", project, "--branch", "主方案", "--language", "zh")
    assert words.out.splitlines()[0] == "已合并：主方案"
