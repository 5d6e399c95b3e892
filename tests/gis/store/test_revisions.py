"""Revisions: frozen, sealed, compared, restored."""

import apsw
import pytest

from gis.project import Project
from layers.changes import ChangeSet, SettingChange
from layers.errors import NotFoundError, RefusedError, StorageError
from tests.gis.store.plans import EDIT, content, drop, house, put, reopened


def three_revisions(project):
    """R1: a, b. R2: a moved, b gone, c new. R3: a as in R1. Working: d new."""
    put(project, house("a"), house("b", 20))
    project.freeze("一稿", "初次公示", "设计院")
    put(project, house("a", 5), house("c", 40))
    drop(project, "b")
    project.freeze("二稿")
    put(project, house("a"))
    project.freeze("三稿", label="R3")
    put(project, house("d", 60))


def raw(path):
    """Open the file as another program would, which does not know our functions."""
    return apsw.Connection(str(path))


def test_a_revision_says_what_was_asked_and_what_it_was_made_from(project):
    sent = []
    project.revisions_changed.connect(lambda: sent.append(1))
    three_revisions(project)
    assert [(r.label, r.parent, r.title) for r in project.revisions] == [
        ("R1", None, "一稿"),
        ("R2", "R1", "二稿"),
        ("R3", "R2", "三稿"),
    ]
    assert (project.revisions[0].note, project.revisions[0].author) == ("初次公示", "设计院")
    assert len(sent) == 3
    revisions = project.revisions
    with reopened(project) as again:
        assert again.revisions == revisions


@pytest.mark.parametrize(
    "label", ["R4/..", "a\\b", "R:2", "R*", 'R"', "R<2>", "R|2", "R1,R2", "-R2", "..", "R2."]
)
def test_a_label_that_would_spoil_file_names_is_refused_and_told_why(project, label):
    for act in (lambda: project.freeze("x", label=label), lambda: project.create_branch(label)):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.advice is not None
        assert "file names" in refused.value.advice.en
    assert len(project.branches) == 1


@pytest.mark.parametrize("label", ["R1", "working", "", "  ", "x" * 41, "R\n2"])
def test_a_label_that_is_taken_or_unfit_is_refused_and_nothing_is_frozen(project, label):
    project.freeze("一稿")
    with pytest.raises(RefusedError):
        project.freeze("二稿", label=label)
    assert [r.label for r in project.revisions] == ["R1"]


def test_the_next_label_follows_the_highest_number(project):
    project.freeze("x", label="R7")
    project.freeze("x", label="方案A")
    assert project.freeze("x").label == "R8"


def test_a_state_is_what_the_plan_was(project):
    put(project, house("a"), house("b", 20))
    first = content(project.snapshot)
    project.freeze("一稿")
    put(project, house("a", 5))
    drop(project, "b")
    second = content(project.snapshot)
    project.freeze("二稿")
    put(project, house("z", 99))
    with reopened(project) as again:
        assert content(again.state("R1")) == first
        assert content(again.state("R2")) == second
        assert again.state("R1").revision == "R1"
        assert again.state("working") is again.snapshot
        assert again.state("R1") is again.state("R1")


def test_an_unknown_revision_lists_the_known_ones(project):
    three_revisions(project)
    for act in (
        lambda: project.state("R9"),
        lambda: project.changes_between("R1", "R9"),
        lambda: project.restore("R9"),
    ):
        with pytest.raises(NotFoundError) as missing:
            act()
        assert missing.value.advice.en == "There are: R1, R2, R3, working"


def test_changes_between_two_states_are_the_net_of_everything_between(project):
    three_revisions(project)
    between = project.changes_between("R1", "R3")
    assert {uid: change.action for (_, uid), change in between.features.items()} == {
        "b": "remove",
        "c": "add",
    }
    assert project.changes_between("R3", "R1") == between.inverse()
    assert set(project.changes_between("R3", "working").features) == {("building", "d")}
    assert not project.changes_between("R2", "R2")


def test_changes_lead_from_one_state_to_the_other(project):
    three_revisions(project)
    labels = ["R1", "R2", "R3", "working"]
    for before in labels:
        for after in labels:
            reached = project.state(before).apply(project.changes_between(before, after))
            assert content(reached) == content(project.state(after))


def test_restoring_is_one_step_that_can_be_undone_and_leaves_the_display_alone(project):
    three_revisions(project)
    hidden = ChangeSet(
        {}, {"layer.tree.visible": SettingChange(None, False), "project.note": SettingChange(None, "新")}
    )
    project.apply(hidden, EDIT)
    before = content(project.snapshot)
    project.restore("R1")
    assert content(project.snapshot)["features"] == content(project.state("R1"))["features"]
    assert not project.snapshot.layers["tree"].visible
    assert "project.note" not in project.snapshot.settings
    assert project.history.done[-1].kind == "restore"
    project.undo()
    assert content(project.snapshot) == before


def test_restoring_what_is_there_already_is_no_step(project):
    three_revisions(project)
    project.undo()
    steps = project.history.done
    assert not project.restore("R3")
    assert project.history.done == steps


def test_undoing_behind_a_revision_changes_the_plan_and_never_the_revision(project):
    put(project, house("a"))
    put(project, house("a", 5))
    frozen = content(project.snapshot)
    project.freeze("一稿")
    project.undo()
    assert content(project.state("R1")) == frozen
    assert project.snapshot.feature(("building", "a")) == house("a")
    between = project.changes_between("R1", "working")
    assert content(project.state("R1").apply(between)) == content(project.snapshot)


def test_a_second_freeze_without_changes_has_the_same_digest(project):
    put(project, house("a"))
    assert project.freeze("x").digest == project.freeze("y").digest


def test_display_settings_are_not_part_of_the_digest_and_the_title_is(project):
    first = project.freeze("x")
    project.apply(ChangeSet({}, {"layer.tree.visible": SettingChange(None, False)}), EDIT)
    second = project.freeze("y")
    project.apply(ChangeSet({}, {"project.title": SettingChange("金茵小区", "别名")}), EDIT)
    third = project.freeze("z")
    assert first.digest == second.digest != third.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pb_revision SET title = 'x'",
        "DELETE FROM pb_revision",
        "INSERT INTO pb_delta VALUES (1, 99, NULL, NULL)",
        "UPDATE pb_delta SET new_row = 1",
        "DELETE FROM pb_delta",
        "DELETE FROM pb_row",
        "UPDATE pb_row SET attrs = '[]'",
    ],
)
def test_nobody_can_change_a_frozen_revision(project, statement):
    put(project, house("a"))
    project.freeze("一稿")
    path = project.path
    project.close()
    db = raw(path)
    with pytest.raises(apsw.ConstraintError, match="never changes"):
        db.execute(statement)
    db.close()


@pytest.mark.parametrize("column", ["attrs = replace(attrs, '6', '7')", "geom = zeroblob(40)"])
def test_a_changed_value_inside_a_revision_is_found_by_its_digest(project, column):
    put(project, house("a"))
    project.freeze("一稿")
    put(project, house("a", 50))
    path = project.path
    project.close()
    db = raw(path)
    db.execute("DROP TRIGGER pb_row_update_seal")
    db.execute(f"UPDATE pb_row SET {column} WHERE row_id = 1")
    db.close()
    with Project.open(path) as again:
        assert again.snapshot.feature(("building", "a")) == house("a", 50)
        with pytest.raises(StorageError) as broken:
            again.state("R1")
        assert broken.value.code == "revision.digest"


def test_at_most_a_few_states_are_kept_in_memory(project):
    for i in range(6):
        put(project, house("a", i))
        project.freeze("x")
    for i in range(1, 7):
        project.state(f"R{i}")
    assert len(project._states) == 3


def test_a_revision_drawn_from_old_papers_carries_their_date(project):
    put(project, house("a"))
    revision = project.freeze("一稿", created="2020-04-20T09:00:00+08:00")
    assert revision.created == "2020-04-20T09:00:00+08:00"
    with reopened(project) as again:
        assert again.revisions == (revision,)
        for wrong in ("2020-04-20", "2020-04-20T09:00:00", "gestern"):
            with pytest.raises(RefusedError):
                again.freeze("二稿", created=wrong)
        assert again.revisions == (revision,)
