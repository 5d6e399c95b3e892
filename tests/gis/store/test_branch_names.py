"""Alternatives get another name, go and come back, and stay the same in every copy."""

import sqlite3

import pytest

from gis.project import Project
from gis.store.doctor import examine
from layers.errors import NotFoundError, ReadOnlyError, RefusedError
from layers.revision import MAIN
from tests.gis.store.plans import content, house, put, reopened


@pytest.fixture
def two(project):
    """R1; from it 方案A with A-R2 and one unfrozen house, left for the main plan."""
    put(project, house("a"), house("b", 20))
    project.freeze("一稿")
    project.create_branch("方案A", "R1")
    project.switch_branch("方案A")
    put(project, house("x", 60))
    project.freeze("甲")
    put(project, house("y", 80))
    project.switch_branch(MAIN)
    put(project, house("c", 40))
    return project


def said(project):
    """Everything a project says but the names of alternatives."""
    states = [content(project.state(r.label)) for r in project.revisions]
    plans = [dict(content(project.branch_state(b.name))) for b in project.branches]
    revisions = [(r.label, r.uuid, r.parent, r.digest, r.title, r.created) for r in project.revisions]
    lines = [(b.head, b.parent, b.current) for b in project.branches]
    return states, plans, revisions, lines, project.history, project.postings


def names(project):
    return [branch.name for branch in project.branches]


@pytest.mark.parametrize("inside", [False, True])
def test_a_new_name_changes_nothing_else(two, inside):
    if inside:
        two.switch_branch("方案A")
    before = said(two)
    assert two.rename_branch("方案A", " 南线 ").name == "南线"
    assert (names(two), said(two)) == ([MAIN, "南线"], before)
    assert [r.branch for r in two.revisions] == [MAIN, "南线"]
    with reopened(two) as again:
        assert (names(again), said(again)) == ([MAIN, "南线"], before)
        assert again.branch == ("南线" if inside else MAIN)
        if not inside:
            again.switch_branch("南线")
        assert again.undo() is not None
        assert again.freeze("乙").label == "南线-R3"


def test_a_former_name_is_free_again_and_means_the_new_one(two):
    two.rename_branch("方案A", "南线")
    two.create_branch("方案A", "R1")
    two.switch_branch("方案A")
    assert two.history.done == ()
    put(two, house("z", 100))
    two.freeze("新")
    assert [(r.label, r.branch) for r in two.revisions][1:] == [("A-R2", "南线"), ("A-R3", "方案A")]
    two.rename_branch("方案A", "北线")
    assert [r.branch for r in two.revisions][1:] == ["南线", "北线"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "branch.name"),
        ("方案A", "branch.same"),
        ("主方案", "branch.exists"),
        ("Main plan", "branch.exists"),
        ("main", "branch.exists"),
        ("R1", "branch.exists"),
        ("working", "branch.name"),
        ("a/b", "branch.name"),
    ],
)
def test_a_name_that_cannot_be_had_is_refused_and_nothing_changes(two, name, code):
    before = said(two)
    with pytest.raises(RefusedError) as refused:
        two.rename_branch("方案A", name)
    assert refused.value.code == code
    assert (names(two), said(two)) == ([MAIN, "方案A"], before)


def test_a_name_may_be_written_in_other_letters(two):
    two.rename_branch("方案A", "Plan a")
    assert two.rename_branch("Plan a", "Plan A").name == "Plan A"


def test_the_main_plan_keeps_its_name_and_stays(two):
    for act in (lambda: two.rename_branch(MAIN, "x"), lambda: two.remove_branch(MAIN)):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == "branch.main"


def test_what_is_being_edited_is_not_removed(two):
    two.switch_branch("方案A")
    with pytest.raises(RefusedError) as refused:
        two.remove_branch("方案A")
    assert refused.value.code == "branch.current"
    assert "方案A" in names(two)


def test_a_removal_says_what_goes_and_leaves_every_revision(two):
    frozen = content(two.state("A-R2"))
    removal = two.plan_removal("方案A")
    assert (removal.name, removal.unfrozen, removal.revisions) == ("方案A", 1, ("A-R2",))
    assert two.remove_branch("方案A") == removal
    assert (names(two), two.removed_branches) == ([MAIN], ("方案A",))
    with pytest.raises(NotFoundError):
        two.branch_state("方案A")
    with reopened(two) as again:
        assert content(again.state("A-R2")) == frozen
        assert again.changes_between("R1", "A-R2").features.keys() == {("building", "x")}
        again.restore("A-R2")
    assert examine(two.path).findings == ()


def test_a_removed_alternative_comes_back_with_its_unfrozen_work_and_its_undo(two):
    before = said(two)
    two.remove_branch("方案A")
    with reopened(two) as again:
        again.bring_back_branch("方案A")
        assert (names(again), again.removed_branches, said(again)) == ([MAIN, "方案A"], (), before)
        again.switch_branch("方案A")
        again.undo()
        assert "y" not in again.snapshot.layers["building"].table


def test_a_name_in_use_again_keeps_the_removed_one_where_it_is(two):
    two.remove_branch("方案A")
    two.create_branch("方案A", "R1")
    assert set(two.branch_state("方案A").layers["building"].table.uids) == {"a", "b"}
    with pytest.raises(RefusedError):
        two.bring_back_branch("方案A")
    two.rename_branch("方案A", "方案B")
    two.bring_back_branch("方案A")
    assert set(two.branch_state("方案A").layers["building"].table.uids) == {"a", "b", "x", "y"}
    with pytest.raises(NotFoundError):
        two.bring_back_branch("方案A")


def test_a_read_only_project_names_and_removes_nothing(two):
    two.close()
    with Project.open(two.path, read_only=True) as seen:
        acts = (
            lambda: seen.rename_branch("方案A", "南线"),
            lambda: seen.remove_branch("方案A"),
            lambda: seen.bring_back_branch("方案A"),
        )
        for act in acts:
            with pytest.raises(ReadOnlyError):
                act()


@pytest.fixture
def copy(two, tmp_path):
    two.save_copy(tmp_path / "同事.gpkg")
    return tmp_path / "同事.gpkg"


def went_on(path, name="方案A"):
    """Let the colleague freeze something in an alternative."""
    with Project.open(path) as other:
        other.switch_branch(name)
        put(other, house("z", 100))
        other.freeze("同事")
        other.switch_branch(MAIN)


def merged(project, path):
    planned = project.plan_merge(path)
    project.apply_merge(planned)
    planned.close()
    return [finding.code for finding in planned.findings]


@pytest.mark.parametrize("renamed", ["here", "there"])
def test_an_alternative_is_the_same_in_a_copy_whatever_it_is_called(two, copy, renamed):
    if renamed == "here":
        went_on(copy)
        two.rename_branch("方案A", "南线")
    else:
        with Project.open(copy) as other:
            other.rename_branch("方案A", "南线")
        went_on(copy, "南线")
    here = names(two)
    two.switch_branch(here[1])
    assert merged(two, copy) == ["merge.name"]
    assert names(two) == here
    assert "z" in two.snapshot.layers["building"].table
    assert two.revisions[-1].branch == here[1]


def test_a_removed_alternative_stays_removed_until_the_colleague_goes_on_with_it(two, copy):
    two.remove_branch("方案A")
    assert merged(two, copy) == []
    assert names(two) == [MAIN]
    went_on(copy)
    assert merged(two, copy) == ["merge.returned"]
    assert names(two) == [MAIN, "方案A"]
    assert {"x", "y", "z"} <= set(two.branch_state("方案A").layers["building"].table.uids)
    assert {r.branch for r in two.revisions[1:]} == {"方案A"}
    assert merged(two, copy) == []


def test_what_a_colleague_removed_stays_here(two, copy):
    with Project.open(copy) as other:
        other.remove_branch("方案A")
    before = said(two)
    merged(two, copy)
    assert (names(two), said(two)[1]) == ([MAIN, "方案A"], before[1])


def test_copies_brought_to_this_format_apart_know_their_alternatives_as_the_same(two, copy):
    two.close()
    for path in (two.path, copy):
        db = sqlite3.connect(path)
        db.execute("DROP TABLE pb_branch_revision")
        for column in ("uid", "removed"):
            db.execute(f"ALTER TABLE pb_branch DROP COLUMN {column}")
        db.execute("UPDATE pb_meta SET value = '5' WHERE key = 'format_version'")
        db.commit()
        db.close()
    went_on(copy)
    with Project.open(two.path) as project:
        project.rename_branch("方案A", "南线")
        merged(project, copy)
        assert names(project) == [MAIN, "南线"]
