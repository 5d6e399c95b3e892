"""Alternatives: each a plan of its own in one file, exact on every return."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gis.project import Project
from gis.revisions.merge import all_to
from layers.changes import ChangeSet, SettingChange
from layers.errors import ConflictError, NotFoundError, ReadOnlyError, RefusedError
from layers.revision import MAIN
from layers.text import Text
from tests.gis.store.plans import EDIT, content, drop, house, put, reopened


def plan(project):
    """What a branch keeps: features, and settings that are part of the plan."""
    found = content(project if not isinstance(project, Project) else project.snapshot)
    kept = {n: v for n, v in found["settings"].items() if not n.startswith(("layer.", "layers.", "view."))}
    return {**found, "settings": kept}


@pytest.fixture
def frozen(project):
    """R1 with two houses, then one more that is not frozen."""
    put(project, house("a"), house("b", 20))
    project.freeze("一稿")
    put(project, house("c", 40))
    return project


def note(project, text):
    before = project.snapshot.settings.get("project.note")
    project.apply(ChangeSet({}, {"project.note": SettingChange(before, text)}), EDIT)


def test_a_project_begins_with_the_main_plan(project):
    (main,) = project.branches
    assert (main.name, main.head, main.parent, main.current) == (MAIN, None, None, True)
    assert main.title == Text("主方案", "Main plan")
    assert project.branch == MAIN


def test_a_branch_begins_at_a_revision_or_with_the_plan_as_it_is(frozen):
    before = plan(frozen)
    a = frozen.create_branch("方案A", "R1")
    b = frozen.create_branch("方案B")
    assert (a.head, a.parent, a.current) == ("R1", "R1", False)
    assert b.head == "R1"
    assert plan(frozen) == before
    assert set(frozen.branch_state("方案A").layers["building"].table.uids) == {"a", "b"}
    assert set(frozen.branch_state("方案B").layers["building"].table.uids) == {"a", "b", "c"}
    assert frozen.branch_state("方案A").revision == "方案A"
    assert frozen.branch_state(MAIN) is frozen.snapshot
    with reopened(frozen) as again:
        assert [branch.name for branch in again.branches] == [MAIN, "方案A", "方案B"]
        assert plan(again.state("方案B")) == plan(again)


def test_unfrozen_work_stays_with_its_branch_and_comes_back_exactly(frozen):
    note(frozen, "主")
    main = plan(frozen)
    frozen.create_branch("方案A", "R1")
    sent = []
    frozen.changed.connect(sent.append)
    changes = frozen.switch_branch("方案A")
    assert sent == [changes]
    assert frozen.branch == "方案A"
    assert plan(frozen) == plan(frozen.state("R1"))
    put(frozen, house("a", 7, floors=18))
    drop(frozen, "b")
    alternative = plan(frozen)
    frozen.switch_branch(MAIN)
    assert plan(frozen) == main
    assert plan(frozen.branch_state("方案A")) == alternative
    with reopened(frozen) as again:
        assert plan(again) == main
        again.switch_branch("方案A")
        assert plan(again) == alternative
        with reopened(again) as last:
            assert (last.branch, plan(last)) == ("方案A", alternative)


def test_each_branch_has_its_own_undo_list(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.undo()
    main = frozen.history
    frozen.switch_branch("方案A")
    assert frozen.history.done == frozen.history.undone == ()
    assert frozen.undo() is None
    put(frozen, house("x", 60))
    put(frozen, house("y", 80))
    frozen.undo()
    here = frozen.history
    frozen.switch_branch(MAIN)
    assert frozen.history == main
    frozen.redo()
    assert "c" in frozen.snapshot.layers["building"].table
    while frozen.undo():
        pass
    assert len(frozen.snapshot.layers["building"].table) == 0
    frozen.switch_branch("方案A")
    assert frozen.history == here
    frozen.redo()
    assert set(frozen.snapshot.layers["building"].table.uids) == {"a", "b", "x", "y"}


def test_the_display_is_not_switched_and_undo_of_it_still_works(frozen):
    hide = ChangeSet({}, {"layer.tree.visible": SettingChange(None, False)})
    show = ChangeSet({}, {"layer.tree.visible": SettingChange(False, True)})
    frozen.create_branch("方案A")
    frozen.switch_branch("方案A")
    frozen.apply(hide, EDIT)
    frozen.switch_branch(MAIN)
    assert not frozen.snapshot.layers["tree"].visible
    frozen.apply(show, EDIT)
    frozen.switch_branch("方案A")
    assert frozen.snapshot.layers["tree"].visible
    assert frozen.undo() is not None
    assert frozen.history.done == ()
    assert frozen.snapshot.layers["tree"].visible


def test_revisions_on_a_branch_carry_its_short_name(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("x", 60))
    first, second = frozen.freeze("甲"), frozen.freeze("乙")
    assert (first.label, first.branch, first.parent) == ("A-R2", "方案A", "R1")
    assert (second.label, second.parent) == ("A-R3", "A-R2")
    frozen.switch_branch(MAIN)
    third = frozen.freeze("丙")
    assert (third.label, third.branch, third.parent) == ("R2", MAIN, "R1")
    frozen.create_branch("plan B", "A-R3")
    frozen.switch_branch("plan B")
    assert frozen.freeze("x").label == "B-R4"
    assert frozen.branches[1].head == "A-R3"
    with reopened(frozen) as again:
        assert plan(again.state("A-R2"))["features"].keys() == {("building", u) for u in "abx"}
        between = again.changes_between("R2", "A-R3")
        assert plan(again.state("R2").apply(between)) == plan(again.state("A-R3"))


def test_a_branch_state_is_what_switching_there_brings(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("a", 3))
    frozen.freeze("x")
    put(frozen, house("b", 33))
    frozen.switch_branch(MAIN)
    seen = plan(frozen.branch_state("方案A"))
    between = frozen.changes_between("working", "方案A")
    assert plan(frozen.snapshot.apply(between)) == seen
    frozen.switch_branch("方案A")
    assert plan(frozen) == seen


@pytest.mark.parametrize("name", ["", "  ", "working", "R1", "main", "方案A", "x" * 41, "a\nb"])
def test_a_name_that_is_taken_or_unfit_is_refused(frozen, name):
    frozen.create_branch("方案A")
    known = frozen.branches
    with pytest.raises(RefusedError):
        frozen.create_branch(name)
    assert frozen.branches == known


def test_a_revision_is_never_called_like_a_branch(frozen):
    frozen.create_branch("R9")
    with pytest.raises(RefusedError):
        frozen.freeze("x", label="R9")


def test_unknown_branches_and_revisions_are_named(frozen):
    frozen.create_branch("方案A")
    for act in (
        lambda: frozen.switch_branch("方案Z"),
        lambda: frozen.branch_state("方案Z"),
        lambda: frozen.plan_adopt("方案Z"),
    ):
        with pytest.raises(NotFoundError) as missing:
            act()
        assert missing.value.advice.en == "There are: main, 方案A"
    with pytest.raises(NotFoundError) as missing:
        frozen.create_branch("方案B", "R7")
    assert missing.value.advice.en == "There are: R1, main, 方案A, working"


def test_switching_to_where_one_is_does_nothing(frozen):
    before = frozen.history
    assert not frozen.switch_branch(MAIN)
    assert frozen.history == before


def test_a_read_only_project_shows_branches_and_switches_to_none(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.close()
    with Project.open(frozen.path, read_only=True) as seen:
        assert len(seen.branch_state("方案A").layers["building"].table) == 2
        for act in (lambda: seen.switch_branch("方案A"), lambda: seen.create_branch("方案B")):
            with pytest.raises(ReadOnlyError):
                act()


def test_adopting_the_main_plan_is_named_by_its_title(frozen):
    frozen.create_branch("方案A", "R1")
    put(frozen, house("x", 60))
    frozen.switch_branch("方案A")
    label = frozen.plan_adopt(MAIN).label
    assert (label.zh, label.en) == ("采纳“主方案”", "Adopt “Main plan”")


def test_adopting_a_branch_is_one_step_and_the_next_revision_has_two_parents(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("a", 5), house("x", 60))
    frozen.freeze("甲")
    put(frozen, house("y", 80))
    frozen.switch_branch(MAIN)
    before = plan(frozen)
    merge = frozen.plan_adopt("方案A")
    assert (merge.base_label, merge.conflicts) == ("R1", ())
    assert (merge.theirs.head, merge.theirs.unfrozen) == ("A-R2", 1)
    assert plan(frozen) == before
    frozen.apply_merge(merge)
    assert set(frozen.snapshot.layers["building"].table.uids) == {"a", "b", "c", "x", "y"}
    assert frozen.snapshot.feature(("building", "a")) == house("a", 5)
    assert (frozen.history.done[-1].kind, frozen.history.done[-1].label.zh) == ("merge", "采纳“方案A”")
    after = plan(frozen)
    frozen.undo()
    assert plan(frozen) == before
    assert frozen.freeze("没有合并").merge_parent is None
    frozen.redo()
    assert plan(frozen) == after
    revision = frozen.freeze("合并")
    assert (revision.parent, revision.merge_parent) == ("R2", "A-R2")
    assert frozen.freeze("之后").merge_parent is None


def test_after_a_merge_only_what_is_new_on_the_branch_is_merged_again(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("a", 5))
    frozen.freeze("甲")
    frozen.switch_branch(MAIN)
    frozen.apply_merge(frozen.plan_adopt("方案A"))
    put(frozen, house("a", 9))
    frozen.freeze("合并")
    frozen.switch_branch("方案A")
    put(frozen, house("b", 25))
    frozen.freeze("乙")
    frozen.switch_branch(MAIN)
    merge = frozen.plan_adopt("方案A")
    assert merge.base_label == "A-R2"
    assert set(merge.plan.changes.features) == {("building", "b")}
    assert merge.conflicts == ()


def test_part_of_a_branch_can_be_adopted(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("a", 5), house("b", 25))
    note(frozen, "甲")
    frozen.freeze("甲")
    frozen.switch_branch(MAIN)
    changes = frozen.apply_merge(frozen.plan_adopt("方案A", [("building", "b")]))
    assert set(changes.features) == {("building", "b")}
    assert not changes.settings
    assert frozen.freeze("x").merge_parent is None


def test_a_branch_from_unfrozen_work_is_compared_with_the_plan_as_it_was_then(project):
    put(project, house("a"), house("b", 20))
    project.create_branch("方案A")
    put(project, house("a", 5))
    project.switch_branch("方案A")
    put(project, house("b", 25))
    for _ in range(2):
        merge = project.plan_adopt(MAIN if project.branch == "方案A" else "方案A")
        assert merge.base_label is None
        assert merge.conflicts == ()
        assert len(merge.plan.changes) == 1
        project.switch_branch(MAIN)


def test_conflicts_are_listed_and_nothing_happens_until_each_is_decided(frozen):
    frozen.create_branch("方案A", "R1")
    put(frozen, house("a", floors=7))
    frozen.switch_branch("方案A")
    put(frozen, house("a", floors=8))
    before = plan(frozen)
    merge = frozen.plan_adopt(MAIN)
    (conflict,) = merge.conflicts
    assert (conflict.cell, conflict.base, conflict.ours, conflict.theirs) == ("floors", 6, 8, 7)
    with pytest.raises(ConflictError) as undecided:
        frozen.apply_merge(merge)
    assert undecided.value.code == "merge.undecided"
    assert [f.uid for f in undecided.value.findings] == ["a"]
    assert plan(frozen) == before
    frozen.apply_merge(merge, all_to("theirs", merge.conflicts))
    assert frozen.snapshot.feature(("building", "a")).attributes["floors"] == 7
    assert merge.their_state().revision == MAIN


def test_a_merge_planned_before_another_edit_is_a_conflict(frozen):
    frozen.create_branch("方案A", "R1")
    frozen.switch_branch("方案A")
    put(frozen, house("a", 5))
    frozen.switch_branch(MAIN)
    merge = frozen.plan_adopt("方案A")
    put(frozen, house("a", 9))
    before = plan(frozen)
    with pytest.raises(ConflictError):
        frozen.apply_merge(merge)
    assert plan(frozen) == before


def test_the_branch_being_edited_cannot_be_adopted(frozen):
    with pytest.raises(RefusedError):
        frozen.plan_adopt(MAIN)


class BranchMachine(RuleBasedStateMachine):
    """Edits, undo, freezing and switching in any order: every branch is a model of its own."""

    @initialize()
    def start(self):
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(self.folder.name + "/p.gpkg", "t", "EPSG:4548")
        self.plans = {MAIN: plan(self.project)}
        self.histories = {MAIN: self.project.history}
        self.labels = {}

    def noted(self):
        self.plans[self.project.branch] = plan(self.project)
        self.histories[self.project.branch] = self.project.history

    @rule(uid=st.sampled_from("abc"), x=st.integers(0, 3))
    def edit(self, uid, x):
        put(self.project, house(uid, x))
        self.noted()

    @rule(uid=st.sampled_from("abc"))
    def remove(self, uid):
        if uid in self.project.snapshot.layers["building"].table:
            drop(self.project, uid)
            self.noted()

    @rule()
    def undo(self):
        self.project.undo()
        self.noted()

    @rule()
    def redo(self):
        self.project.redo()
        self.noted()

    @rule()
    def freeze(self):
        if len(self.labels) < 6:
            self.labels[self.project.freeze("x").label] = plan(self.project)
            self.noted()

    @rule(data=st.data(), name=st.sampled_from(["方案A", "方案B"]))
    def branch(self, data, name):
        if name not in self.plans:
            label = data.draw(st.sampled_from([None, *sorted(self.labels)]))
            self.project.create_branch(name, label)
            self.plans[name] = plan(self.project) if label is None else self.labels[label]
            self.histories[name] = type(self.project.history)()

    @rule(data=st.data())
    def switch(self, data):
        self.project.switch_branch(data.draw(st.sampled_from(sorted(self.plans))))

    @rule(data=st.data(), new=st.sampled_from(["方案C", "方案A", "方案B"]))
    def rename(self, data, new):
        others = sorted(set(self.plans) - {MAIN})
        if others and new not in self.plans:
            old = data.draw(st.sampled_from(others))
            self.project.rename_branch(old, new)
            self.plans[new], self.histories[new] = self.plans.pop(old), self.histories.pop(old)

    @rule(data=st.data())
    def take_away_and_bring_back(self, data):
        others = sorted(set(self.plans) - {MAIN, self.project.branch})
        if others:
            name = data.draw(st.sampled_from(others))
            self.project.remove_branch(name)
            assert name not in {branch.name for branch in self.project.branches}
            if data.draw(st.booleans()):
                self.project.bring_back_branch(name)
            else:
                del self.plans[name], self.histories[name]

    @rule(data=st.data())
    def adopt(self, data):
        others = sorted(set(self.plans) - {self.project.branch})
        if others:
            merge = self.project.plan_adopt(data.draw(st.sampled_from(others)))
            side = data.draw(st.sampled_from(["ours", "theirs"]))
            self.project.apply_merge(merge, all_to(side, merge.conflicts))
            self.noted()

    @rule()
    def reopen(self):
        self.project = reopened(self.project)
        assert self.project.findings == ()

    @invariant()
    def every_branch_is_as_it_was_left(self):
        here = self.project.branch
        assert plan(self.project) == self.plans[here]
        assert self.project.history == self.histories[here]
        for name, expected in self.plans.items():
            assert plan(self.project.branch_state(name)) == expected

    def teardown(self):
        if hasattr(self, "project"):
            for label, expected in self.labels.items():
                assert plan(self.project.state(label)) == expected
            self.project.close()
            self.folder.cleanup()


BranchMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestBranches = BranchMachine.TestCase
