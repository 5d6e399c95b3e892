"""What was told is common to all alternatives, whatever is switched, undone, adopted or merged."""

import shutil
import tempfile

import pytest
import shapely
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gis.project import Project
from gis.revisions.chapters import compare_states
from gis.revisions.merge import all_to
from gis.store.doctor import examine
from gis.store.salvage import salvage
from layers.changes import Change, ChangeSet, SettingChange
from layers.feature import Feature
from layers.revision import MAIN
from layers.told import holds_reports
from tests.gis.store.plans import E0, EDIT, N0, comment, content, drop, emptied, house, put, reopened, whole

A = "方案A"


def spot(uid, title="北区积水"):
    return Feature(uid, shapely.Point(E0, N0), {"code": uid.upper(), "title": title})


def told(snapshot):
    """Return the reports of a state by id."""
    layers = [layer for layer in snapshot.layers.values() if holds_reports(layer.kind)]
    return {f.uid: f for layer in layers for f in layer.table}


def gists(snapshot):
    return {uid: f.attributes.get("gist") for uid, f in told(snapshot).items()}


def plan(snapshot):
    """Return what of a state is plan, by layer and id."""
    return {
        (name, f.uid): f
        for name, layer in snapshot.layers.items()
        if not holds_reports(layer.kind)
        for f in layer.table
    }


def tell(project, *reports):
    put(project, *reports, layer="comment")


def set_to(project, name, value):
    before = project.snapshot.settings.get(name)
    project.apply(ChangeSet({}, {name: SettingChange(before, value)}), EDIT)


@pytest.fixture
def two(project):
    """R1 with a house and a comment, and an alternative that began there."""
    put(project, house("a"))
    tell(project, comment("c1"))
    project.freeze("一稿")
    put(project, house("b", 20))
    project.create_branch(A, "R1")
    return project


def test_what_is_told_in_one_alternative_is_told_in_all(two):
    tell(two, comment("c2"))
    put(two, spot("d1"), layer="drainage_spot")
    assert told(two.branch_state(A)).keys() == {"c1", "c2", "d1"}
    two.switch_branch(A)
    assert told(two.snapshot).keys() == {"c1", "c2", "d1"}
    tell(two, comment("c3"), comment("c1", "改过的话"))
    drop(two, "d1", layer="drainage_spot")
    assert gists(two.branch_state(MAIN)) == {"c1": "改过的话", "c2": "加车位", "c3": "加车位"}
    with reopened(two) as again:
        again.switch_branch(MAIN)
        assert gists(again.snapshot) == {"c1": "改过的话", "c2": "加车位", "c3": "加车位"}
        assert plan(again.snapshot).keys() == {("building", "a"), ("building", "b")}


def test_a_switch_changes_nothing_that_was_told_and_nothing_settled_for_publishing(two):
    tell(two, comment("c2"))
    set_to(two, "publish.contact", "甲")
    set_to(two, "project.note", "主")
    changes = two.switch_branch(A)
    assert set(changes.features) == {("building", "b")}
    assert set(changes.settings) == {"project.note"}
    set_to(two, "publish.contact", "乙")
    assert two.branch_state(MAIN).settings["publish.contact"] == "乙"
    two.switch_branch(MAIN)
    assert two.snapshot.settings["publish.contact"] == "乙"
    assert two.snapshot.settings["project.note"] == "主"


def test_an_alternative_begun_from_an_old_revision_knows_what_was_told_since(two):
    tell(two, comment("c2"))
    two.freeze("二稿")
    two.create_branch("方案B", "R1")
    assert told(two.branch_state("方案B")).keys() == {"c1", "c2"}
    assert told(two.state("R1")).keys() == {"c1"}


def test_two_alternatives_compared_never_differ_in_what_was_told(two):
    two.switch_branch(A)
    put(two, house("x", 60))
    tell(two, comment("c2"), comment("c1", "另一句"))
    for pair in ((MAIN, A), (A, MAIN), ("working", MAIN)):
        compared = compare_states(two, *pair)
        assert compared.spot_changes == ()
        assert {change.key[1] for change in compared.changes} == {"b", "x"}
    since = compare_states(two, "R1", MAIN)
    assert {change.key[1] for change in since.spot_changes} == {"c1", "c2"}


def test_a_revision_keeps_what_had_been_told_when_it_was_frozen(two):
    tell(two, comment("c2"))
    two.switch_branch(A)
    put(two, house("x", 60))
    two.freeze("甲")
    tell(two, comment("c3"))
    two.switch_branch(MAIN)
    drop(two, "c1", layer="comment")
    two.freeze("二稿")
    kept = {"R1": {"c1"}, "A-R2": {"c1", "c2"}, "R2": {"c2", "c3"}}
    for opened in (lambda: two, lambda: reopened(two)):
        seen = opened()
        assert {label: set(told(seen.state(label))) for label in kept} == kept
        assert set(told(seen.branch_state(A))) == {"c2", "c3"}
        between = seen.changes_between("A-R2", "R2")
        assert content(seen.state("A-R2").apply(between))["features"] == content(seen.state("R2"))["features"]
    seen.close()
    assert examine(two.path).findings == ()


def test_undo_never_takes_away_what_was_told_with_another_alternative_in_front(two):
    staying = []
    two.told_stays.connect(staying.append)
    before = content(two.snapshot)
    put(two, house("z", 90))
    tell(two, comment("c2"))
    two.switch_branch(A)
    tell(two, comment("c2", "又补充"), comment("c3"))
    two.switch_branch(MAIN)
    assert two.undo() == ChangeSet()
    assert [set(changes.features) for changes in staying] == [{("comment", "c2")}]
    assert gists(two.snapshot) == {"c1": "加车位", "c2": "又补充", "c3": "加车位"}
    two.undo()
    assert plan(two.snapshot) == {
        key: f for key, (f, _) in before["features"].items() if key[0] == "building"
    }
    two.redo()
    two.redo()
    assert gists(two.snapshot)["c2"] == "又补充"
    assert len(staying) == 2
    two.switch_branch(A)
    two.undo()
    assert gists(two.snapshot) == {"c1": "加车位", "c2": "加车位"}
    two.switch_branch(MAIN)
    two.undo()
    two.undo()
    assert content(two.snapshot) == before


def test_undo_of_a_step_that_mixes_plan_and_report_takes_back_the_plan(two):
    table = two.snapshot.layers["comment"].table
    both = [
        Change("building", None, house("z", 90)),
        Change("comment", table.get("c1"), comment("c1", "一")),
    ]
    two.apply(ChangeSet.of(both), EDIT)
    two.switch_branch(A)
    tell(two, comment("c1", "二"))
    two.switch_branch(MAIN)
    two.undo()
    assert ("building", "z") not in plan(two.snapshot)
    assert gists(two.snapshot)["c1"] == "二"


def test_undo_does_not_bring_back_what_was_settled_for_publishing_before_another_alternative(two):
    set_to(two, "publish.contact", "甲")
    two.switch_branch(A)
    set_to(two, "publish.contact", "乙")
    two.switch_branch(MAIN)
    two.undo()
    assert two.snapshot.settings["publish.contact"] == "乙"


def test_adopting_an_alternative_is_about_the_plan_alone(two):
    two.switch_branch(A)
    put(two, house("x", 60))
    tell(two, comment("c2"), comment("c1", "甲说"))
    two.switch_branch(MAIN)
    tell(two, comment("c1", "主说"))
    merge = two.plan_adopt(A)
    assert (merge.conflicts, set(merge.plan.changes.features)) == ((), {("building", "x")})
    assert merge.theirs.unfrozen == 1
    two.apply_merge(merge)
    assert gists(two.snapshot) == {"c1": "主说", "c2": "加车位"}


def test_removing_an_alternative_takes_no_report_away_and_counts_none(two):
    two.switch_branch(A)
    put(two, house("x", 60))
    tell(two, comment("c2"))
    two.switch_branch(MAIN)
    assert two.plan_removal(A).unfrozen == 1
    two.remove_branch(A)
    tell(two, comment("c3"))
    two.bring_back_branch(A)
    assert set(told(two.branch_state(A))) == {"c1", "c2", "c3"}


def copied(project, path):
    project.close()
    shutil.copy(project.path, path)
    return Project.open(project.path), Project.open(path)


def test_what_was_told_here_on_one_alternative_and_there_on_another_is_all_there_after_a_merge(two, tmp_path):
    two.switch_branch(A)
    tell(two, comment("c2"))
    ours, theirs = copied(two, tmp_path / "同事.gpkg")
    with ours, theirs:
        drop(ours, "c2", layer="comment")
        ours.switch_branch(MAIN)
        tell(ours, comment("c3"))
        tell(theirs, comment("c4"))
        theirs.close()
        merge = ours.plan_merge(theirs.path)
        assert merge.conflicts == ()
        assert [f.code for f in merge.findings] == []
        ours.apply_merge(merge)
        assert set(told(ours.snapshot)) == set(told(ours.branch_state(A))) == {"c1", "c3", "c4"}


def test_a_report_altered_here_and_there_is_decided_whatever_was_in_front(two, tmp_path):
    ours, theirs = copied(two, tmp_path / "同事.gpkg")
    with ours, theirs:
        tell(ours, comment("c1", "我方"))
        theirs.switch_branch(A)
        tell(theirs, comment("c1", "对方"))
        theirs.close()
        merge = ours.plan_merge(theirs.path)
        assert [(c.ours, c.theirs) for c in merge.conflicts] == [("我方", "对方")]
        ours.apply_merge(merge, all_to("theirs", merge.conflicts))
        assert gists(ours.branch_state(A)) == {"c1": "对方"}


def test_a_lost_record_of_what_revisions_changed_is_made_again_with_what_was_told_elsewhere(two, tmp_path):
    tell(two, comment("c2"))
    two.switch_branch(A)
    put(two, house("x", 60))
    two.freeze("甲")
    two.close()
    before = whole(two.path)
    emptied(two.path, "pb_delta")
    out = tmp_path / "rest.gpkg"
    assert salvage(two.path, out).revisions == 2
    assert whole(out) == before


@pytest.fixture
def apart(path, monkeypatch):
    """A file of format 6: each alternative holds reports of its own."""
    with monkeypatch.context() as past:
        past.setattr("gis.store.told.told_features", lambda db: set())
        past.setattr("gis.store.told.is_told", lambda name: False)
        with Project.create(path, "旧", "EPSG:4548") as project:
            put(project, house("a"))
            tell(project, comment("c1"), comment("c2"), comment("c3"))
            project.freeze("一稿")
            project.create_branch(A, "R1")
            project.create_branch("旧案", "R1")
            project.switch_branch(A)
            tell(project, comment("c1", "甲先"), comment("only-a"))
            put(project, house("x", 60))
            project.freeze("甲")
            drop(project, "c3", layer="comment")
            set_to(project, "publish.contact", "甲")
            project.switch_branch("旧案")
            tell(project, comment("only-old"))
            project.switch_branch(MAIN)
            project.remove_branch("旧案")
            tell(project, comment("c1", "主后"), comment("only-main"))
            project._store.db.execute("UPDATE pb_meta SET value = '6' WHERE key = 'format_version'")
    return path


ALL = {"c1": "主后", "c2": "加车位", "c3": "加车位"} | dict.fromkeys(
    ("only-a", "only-old", "only-main"), "加车位"
)


def test_an_older_file_tells_on_every_alternative_what_any_of_them_was_told(apart):
    with Project.open(apart) as project:
        assert gists(project.snapshot) == gists(project.branch_state(A)) == ALL
        assert project.snapshot.settings["publish.contact"] == "甲"
        assert project.history.done[-1].label.zh == "各方案的意见和问题点合为一份（3 处）"
        assert set(plan(project.branch_state(A))) == {("building", "a"), ("building", "x")}
        assert set(told(project.state("A-R2"))) == {"c1", "c2", "c3", "only-a"}
        project.switch_branch(A)
        assert gists(project.snapshot) == ALL
        steps = len(project.history.done)
    with Project.open(apart) as again:
        assert gists(again.snapshot) == ALL
        assert len(again.history.done) == steps
    assert examine(apart).findings == ()
    assert apart.with_name(apart.name + ".bak").exists()


def test_of_a_report_altered_on_both_sides_of_an_older_file_the_latest_counts(apart):
    with Project.open(apart) as project:
        assert gists(project.snapshot)["c1"] == "主后"


def test_an_older_file_that_may_not_be_written_is_seen_the_same_way(apart):
    data = apart.read_bytes()
    with Project.open(apart, read_only=True) as seen:
        assert gists(seen.snapshot) == gists(seen.branch_state(A)) == ALL
    assert apart.read_bytes() == data


def test_an_older_file_without_alternatives_gains_no_step(path):
    with Project.create(path, "旧", "EPSG:4548") as project:
        tell(project, comment("c1"))
        project._store.db.execute("UPDATE pb_meta SET value = '6' WHERE key = 'format_version'")
        history = project.history
    with Project.open(path) as project:
        assert project.history == history


class ToldMachine(RuleBasedStateMachine):
    """Plans apart, reports in common: any order of edits, reports, switches, undo, freezing and reopening."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(self.folder.name + "/p.gpkg", "t", "EPSG:4548")
        self.plans = {MAIN: {}}
        self.told = {}
        self.labels = {}
        self.writers = {}
        self.count = 0

    @rule(uid=st.sampled_from("abc"), x=st.integers(0, 3))
    def edit(self, uid, x):
        put(self.project, house(uid, x))
        self.plans[self.project.branch] = plan(self.project.snapshot)

    @rule(uid=st.sampled_from(["c1", "c2", "c3"]))
    def tell(self, uid):
        self.count += 1
        self.writers[str(self.count)] = self.project.branch
        tell(self.project, comment(uid, str(self.count)))
        self.told = told(self.project.snapshot)
        assert uid in self.told

    @rule(data=st.data())
    def withdraw(self, data):
        if self.told:
            drop(self.project, data.draw(st.sampled_from(sorted(self.told))), layer="comment")
            self.told = told(self.project.snapshot)

    @rule()
    def undo(self):
        self.project.undo()
        now = told(self.project.snapshot)
        for uid, before in self.told.items():
            if now.get(uid) != before:
                assert self.writers[before.attributes["gist"]] == self.project.branch
        self.told, self.plans[self.project.branch] = now, plan(self.project.snapshot)

    @rule()
    def redo(self):
        self.project.redo()
        now = told(self.project.snapshot)
        for uid, after in now.items():
            if self.told.get(uid) != after:
                assert self.writers[after.attributes["gist"]] == self.project.branch
        self.told, self.plans[self.project.branch] = now, plan(self.project.snapshot)

    @rule()
    def freeze(self):
        if len(self.labels) < 6:
            self.labels[self.project.freeze("x").label] = content(self.project.snapshot)["features"]

    @rule(data=st.data(), name=st.sampled_from([A, "方案B"]))
    def begin(self, data, name):
        if name not in self.plans:
            label = data.draw(st.sampled_from([None, *sorted(self.labels)]))
            self.project.create_branch(name, label)
            self.plans[name] = plan(self.project.snapshot if label is None else self.project.state(label))

    @rule(data=st.data())
    def switch_to_and_fro(self, data):
        before, here = content(self.project.snapshot), self.project.branch
        self.project.switch_branch(data.draw(st.sampled_from(sorted(self.plans))))
        self.project.switch_branch(here)
        assert content(self.project.snapshot) == before

    @rule(data=st.data())
    def switch(self, data):
        changes = self.project.switch_branch(data.draw(st.sampled_from(sorted(self.plans))))
        assert not [key for key in changes.features if key[0] == "comment"]

    @rule(data=st.data())
    def adopt(self, data):
        others = sorted(set(self.plans) - {self.project.branch})
        if others:
            merge = self.project.plan_adopt(data.draw(st.sampled_from(others)))
            self.project.apply_merge(merge, all_to("theirs", merge.conflicts))
            self.plans[self.project.branch] = plan(self.project.snapshot)

    @rule()
    def reopen(self):
        self.project = reopened(self.project)

    @invariant()
    def reports_are_one_and_plans_are_apart(self):
        for name, expected in self.plans.items():
            state = self.project.branch_state(name)
            assert plan(state) == expected
            assert told(state) == self.told

    def teardown(self):
        if hasattr(self, "project"):
            for label, expected in self.labels.items():
                assert content(self.project.state(label))["features"] == expected
            self.project.close()
            assert examine(self.project.path).findings == ()
            self.folder.cleanup()


ToldMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
TestTold = ToldMachine.TestCase
