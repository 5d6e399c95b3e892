"""A colleague's copy: what both did comes together, and both ways end equal."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.project import Project
from gis.revisions.merge import all_to
from gis.store.connection import connect
from layers.changes import ChangeSet, SettingChange
from layers.errors import (
    BadInputError,
    ConflictError,
    NotAProjectError,
    NotFoundError,
    ReadOnlyError,
    RefusedError,
)
from layers.posting import Posting
from layers.revision import MAIN
from tests.gis.store.plans import EDIT, content, drop, house, put, reopened

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
def theirs(project, tmp_path):
    """Return a copy of the project as a colleague opens it."""
    put(project, house("a"), house("b", 20), house("c", 40))
    project.freeze("一稿")
    put(project, house("a", floors=7))
    other = Project.open(copied(project, tmp_path / "同事.gpkg"))
    yield other
    other.close()


def copied(project, path):
    project.save_copy(path)
    return path


def plan(project):
    return content(project.snapshot)


def merge(project, other, side="ours", *, close=True):
    if close:
        other.close()
    planned = project.plan_merge(other.path)
    project.apply_merge(planned, all_to(side, planned.conflicts))
    planned.close()
    return planned


def test_what_a_colleague_did_becomes_one_step_unfrozen_work_included(project, theirs):
    put(project, house("b", 25))
    put(theirs, house("c", 45), house("d", 60))
    drop(theirs, "a")
    before = plan(project)
    planned = merge(project, theirs)
    assert (planned.base_label, planned.conflicts, planned.findings) == ("R1", (), ())
    assert set(project.snapshot.layers["building"].table.uids) == {"b", "c", "d"}
    assert project.snapshot.feature(("building", "b")) == house("b", 25)
    assert project.snapshot.feature(("building", "c")) == house("c", 45)
    assert project.history.done[-1].label.zh == "合并“同事.gpkg”"
    after = plan(project)
    project.undo()
    assert plan(project) == before
    project.redo()
    with reopened(project) as again:
        assert plan(again) == after


def test_planning_reads_both_files_and_changes_neither(project, theirs):
    put(theirs, house("d", 60))
    theirs.close()
    data, before = theirs.path.read_bytes(), plan(project)
    planned = project.plan_merge(theirs.path)
    assert planned.theirs.unfrozen == 2
    assert set(planned.their_state().layers["building"].table.uids) == {"a", "b", "c", "d"}
    planned.close()
    assert theirs.path.read_bytes() == data
    assert plan(project) == before
    assert not Path(f"{theirs.path}.lock").exists()


def test_a_copy_that_its_owner_has_open_is_merged_as_it_is_on_disk(project, theirs):
    put(theirs, house("d", 60))
    merge(project, theirs, close=False)
    assert "d" in project.snapshot.layers["building"].table
    put(theirs, house("e", 80))
    assert not theirs.read_only


def test_the_same_cell_changed_on_both_sides_waits_for_a_decision(project, theirs):
    put(project, house("b", floors=3))
    put(theirs, house("b", floors=4, name="乙"))
    theirs.close()
    planned = project.plan_merge(theirs.path)
    assert [(c.cell, c.base, c.ours, c.theirs) for c in planned.conflicts] == [("floors", 6, 3, 4)]
    before = plan(project)
    with pytest.raises(ConflictError):
        project.apply_merge(planned)
    assert plan(project) == before
    project.apply_merge(planned, {planned.conflicts[0].id: "theirs"})
    assert project.snapshot.feature(("building", "b")) == house("b", floors=4, name="乙")
    db = connect(project.path, read_only=True)
    assert db.execute("SELECT layer, uid, cell, side FROM pb_decision").fetchall() == [
        ("building", "b", "floors", "theirs")
    ]
    db.close()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_what_was_decided_once_is_not_asked_again_whatever_was_chosen(project, theirs, side):
    put(project, house("b", floors=3))
    put(theirs, house("b", floors=4), house("d", 60))
    merge(project, theirs, side)
    put(project, house("b", floors=9))
    planned = merge(project, theirs, side)
    assert (planned.conflicts, set(planned.plan.changes.features)) == ((), set())
    assert project.snapshot.feature(("building", "b")).attributes["floors"] == 9


def test_a_merge_that_kept_everything_as_it_was_remembers_that_too(project, theirs):
    put(project, house("b", floors=3))
    put(theirs, house("b", floors=4))
    steps = len(project.history.done)
    assert len(merge(project, theirs).conflicts) == 1
    assert len(project.history.done) == steps
    assert merge(project, theirs).conflicts == ()


def test_another_value_of_theirs_is_asked_about_and_so_is_a_merge_that_was_undone(project, theirs):
    put(project, house("b", floors=3))
    put(theirs, house("b", floors=4), house("d", 60))
    merge(project, theirs)
    project.undo()
    assert len(merge(project, theirs).conflicts) == 1
    with Project.open(theirs.path) as other:
        put(other, house("b", floors=5))
    assert [c.theirs for c in merge(project, other).conflicts] == [5]


def test_revisions_come_along_verified_and_renamed_where_labels_clash(project, theirs):
    put(theirs, house("d", 60))
    theirs.freeze("同事的二稿")
    put(theirs, house("e", 80))
    theirs.freeze("同事的三稿")
    put(project, house("f", 100))
    project.freeze("我们的二稿")
    states = {label: content(theirs.state(label)) for label in ("R2", "R3")}
    planned = merge(project, theirs)
    assert planned.theirs.revisions == 2
    assert [f.code for f in planned.findings] == ["merge.label"]
    labels = [r.label for r in project.revisions]
    assert labels == ["R1", "R2", "R2b", "R3"]
    assert content(project.state("R2b")) == states["R2"]
    assert content(project.state("R3")) == states["R3"]
    assert project.revisions[3].parent == "R2b"
    assert project.revisions[2].title == "同事的二稿"
    merged = project.freeze("合并")
    assert (merged.label, merged.parent, merged.merge_parent) == ("R4", "R2", "R3")
    with reopened(project) as again:
        assert content(again.state("R3")) == states["R3"]
        reached = again.state("R3").apply(again.changes_between("R3", "R4"))
        assert content(reached) == content(again.state("R4"))


def test_a_second_merge_takes_only_what_is_new(project, theirs):
    put(theirs, house("d", 60))
    theirs.freeze("甲")
    merge(project, theirs)
    put(project, house("d", 66))
    project.freeze("合并")
    with Project.open(theirs.path) as other:
        put(other, house("e", 80))
        other.freeze("乙")
    planned = merge(project, other)
    assert planned.base_label == "R2"
    assert planned.conflicts == ()
    assert set(planned.plan.changes.features) == {("building", "e")}
    assert planned.theirs.revisions == 1


def test_photos_and_postings_come_along_once(project, theirs):
    photo = theirs.add_photo(PNG, "积水.png")
    theirs.freeze("二稿")
    theirs.record_posting(Posting("R2", "R1", "public", "R2.html", "ab" * 32, "2020-07-25T09:00:00+08:00"))
    project.freeze("我们的")
    for _ in range(2):
        planned = merge(project, theirs)
    assert (planned.theirs.photos, planned.theirs.postings) == (0, 0)
    assert project.photo(photo).data == PNG
    assert [(p.revision, p.compared_with) for p in project.postings] == [("R2b", "R1")]


def test_edits_made_in_qgis_in_the_copy_are_merged_too(project, theirs):
    theirs.close()
    db = connect(theirs.path)
    db.execute("UPDATE building SET floors = 11 WHERE uid = 'b'")
    db.close()
    planned = merge(project, theirs)
    assert project.snapshot.feature(("building", "b")).attributes["floors"] == 11
    assert [f.code for f in planned.findings] == ["outside.changes"]


def test_a_copy_made_before_the_first_revision_shares_the_steps_until_then(project, tmp_path):
    put(project, house("a"), house("b", 20))
    with Project.open(copied(project, tmp_path / "c.gpkg")) as other:
        put(project, house("a", 5))
        put(other, house("b", 25))
    planned = merge(project, other)
    assert (planned.base_label, planned.conflicts) == (None, ())
    assert project.snapshot.feature(("building", "a")) == house("a", 5)
    assert project.snapshot.feature(("building", "b")) == house("b", 25)


def test_alternatives_of_the_copy_come_along_with_their_unfrozen_work(project, theirs):
    theirs.create_branch("方案A", "R1")
    theirs.switch_branch("方案A")
    put(theirs, house("x", 100))
    theirs.freeze("甲")
    put(theirs, house("y", 120))
    theirs.switch_branch(MAIN)
    put(theirs, house("z", 140))
    seen = content(theirs.branch_state("方案A"))
    merge(project, theirs)
    assert "z" in project.snapshot.layers["building"].table
    assert project.branches[1].head == "A-R2"
    found = content(project.branch_state("方案A"))
    assert found == seen
    project.switch_branch("方案A")
    assert plan(project)["features"] == seen["features"]
    assert project.freeze("乙").label == "A-R3"


def test_the_branch_of_the_same_name_is_merged_and_others_are_named(project, theirs):
    theirs.close()
    project.create_branch("方案A", "R1")
    with Project.open(copied(project, theirs.path)) as other:
        other.switch_branch("方案A")
        put(other, house("x", 100))
        other.freeze("甲")
        other.switch_branch(MAIN)
        put(other, house("z", 140))
    planned = merge(project, other)
    assert set(planned.plan.changes.features) == {("building", "z")}
    assert [f.code for f in planned.findings] == ["merge.branch"]
    project.switch_branch("方案A")
    planned = merge(project, other)
    assert set(planned.plan.changes.features) == {("building", "x")}


def test_another_project_is_refused(project, tmp_path):
    with Project.create(tmp_path / "x.gpkg", "金茵小区", "EPSG:4548") as other:
        put(other, house("a"))
    before = plan(project)
    with pytest.raises(RefusedError) as refused:
        project.plan_merge(other.path)
    assert refused.value.code == "merge.other-project"
    assert plan(project) == before


def test_the_project_itself_and_what_is_no_project_are_refused(project, tmp_path):
    (tmp_path / "link.gpkg").symlink_to(project.path)
    (tmp_path / "text.gpkg").write_text("hello")
    other = connect(tmp_path / "plain.gpkg", create=True)
    other.execute("CREATE TABLE gpkg_contents(x)")
    other.close()
    for name, error in (
        ("金茵小区.gpkg", RefusedError),
        ("link.gpkg", RefusedError),
        ("text.gpkg", BadInputError),
        ("plain.gpkg", NotAProjectError),
        ("none.gpkg", NotFoundError),
    ):
        with pytest.raises(error):
            project.plan_merge(tmp_path / name)


def test_a_read_only_project_takes_nothing_in(project, theirs):
    put(theirs, house("d", 60))
    theirs.close()
    project.close()
    with Project.open(project.path, read_only=True) as seen:
        planned = seen.plan_merge(theirs.path)
        with pytest.raises(ReadOnlyError):
            seen.apply_merge(planned)


def test_a_copy_removed_before_it_was_merged_leaves_no_folder_behind(project, theirs, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    theirs.close()
    planned = project.plan_merge(theirs.path)
    assert list(tmp_path.glob("planboard-*"))
    del planned
    assert not list(tmp_path.glob("planboard-*"))


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abcde"), st.integers(0, 3), st.sampled_from([5, 6])),
        st.tuples(st.just("drop"), st.sampled_from("abc")),
        st.tuples(st.just("note"), st.sampled_from(["甲", "乙", None])),
        st.tuples(st.sampled_from(["undo", "freeze", "reopen"])),
    ),
    max_size=6,
)


def edited(project, edits):
    for what, *data in edits:
        if what == "put":
            put(project, house(data[0], data[1], floors=data[2]))
        elif what == "drop" and data[0] in project.snapshot.layers["building"].table:
            drop(project, data[0])
        elif what == "note":
            before = project.snapshot.settings.get("project.note")
            project.apply(ChangeSet.of((), {"project.note": SettingChange(before, data[0])}), EDIT)
        elif what == "undo":
            project.undo()
        elif what == "freeze":
            project.freeze("x")
        elif what == "reopen":
            project = reopened(project)
    return project


@settings(max_examples=25, deadline=None)
@given(EDITS, EDITS, EDITS, st.booleans())
def test_two_copies_edited_apart_and_merged_both_ways_end_equal(common, ours, others, in_turn):
    with tempfile.TemporaryDirectory() as folder:
        one = Project.create(Path(folder, "1.gpkg"), "t", "EPSG:4548")
        put(one, house("a"), house("b", 20), house("c", 40))
        one = edited(one, common)
        two = edited(Project.open(copied(one, Path(folder, "2.gpkg"))), others)
        one = edited(one, ours)
        shutil.copy(copied(one, Path(folder, "1b.gpkg")), Path(folder, "1c.gpkg"))
        forth = one.plan_merge(two.path)
        one.apply_merge(forth, all_to("ours", forth.conflicts))
        if in_turn:
            one.freeze("合并")
        back = two.plan_merge(one.path if in_turn else Path(folder, "1c.gpkg"))
        two.apply_merge(back, all_to("theirs", back.conflicts))
        assert one.freeze("一").digest == two.freeze("二").digest
        again = one.plan_merge(two.path)
        assert not again.plan.changes
        for project in (one, two):
            for revision in project.revisions:
                project.state(revision.label)
            while project.undo() is not None:
                pass
            project.close()


def test_a_merge_of_a_file_in_use_by_another_process_leaves_that_process_its_lock(project, theirs):
    theirs.close()
    hold = (
        "import sys; sys.path.insert(0, sys.argv[2]); from gis.project import Project;"
        "p = Project.open(sys.argv[1]); print(p.read_only, flush=True); sys.stdin.readline(); p.close()"
    )
    root = str(Path(__file__).resolve().parents[3])
    child = subprocess.Popen(
        [sys.executable, "-c", hold, str(theirs.path), root],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "False"
    project.plan_merge(theirs.path).close()
    with Project.open(theirs.path) as second:
        assert second.read_only
    child.communicate("\n", timeout=30)


def test_what_a_colleague_did_not_freeze_on_another_alternative_is_named_once_it_is_merged_no_more(
    project, theirs
):
    theirs.close()
    project.create_branch("方案A", "R1")
    with Project.open(copied(project, theirs.path)) as other:
        other.switch_branch("方案A")
        put(other, house("x", 100))
    assert [f.code for f in merge(project, other).findings] == ["merge.branch"]
    project.switch_branch("方案A")
    merge(project, other)
    project.switch_branch(MAIN)
    assert merge(project, other).findings == ()


def test_a_plan_of_another_name_is_not_taken_in_without_a_word(project, theirs):
    put(theirs, house("z", 140))
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    (found,) = merge(project, theirs).findings
    assert (found.code, found.message.zh) == (
        "merge.otherplan",
        "对方副本里没有“方案A”，并入的是对方的“主方案”。",
    )


def test_photos_that_both_took_of_one_spot_are_all_kept(project, tmp_path):
    put(project, house("a", photos="one"))
    with Project.open(copied(project, tmp_path / "c.gpkg")) as other:
        put(project, house("a", photos="one,ours"))
        put(other, house("a", photos="theirs,one"))
    planned = merge(project, other)
    assert planned.conflicts == ()
    assert project.snapshot.feature(("building", "a")).attributes["photos"] == "one,ours,theirs"
