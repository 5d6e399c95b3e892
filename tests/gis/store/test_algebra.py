"""Random edits, undo, redo, freezing and reopening keep to the algebra of changes."""

from tempfile import TemporaryDirectory

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gis.project import Project
from layers.changes import Change, ChangeSet, SettingChange
from layers.feature import Feature
from layers.snapshot import Snapshot
from tests.gis.store.plans import EDIT, content, drop, house, put

UIDS = st.sampled_from("abcde")
LAYERS = st.sampled_from(["building", "tree"])
VALUES = st.sampled_from([None, "", "甲", 1, 1.0, True, 0.1 + 0.2, 2**70])
SHAPES = st.sampled_from(
    [
        None,
        shapely.Point(1, 2),
        shapely.Point(1, 2, 3),
        shapely.Point(),
        shapely.box(0, 0, 1, 1),
        shapely.MultiPoint([(0, 0)]),
    ]
)


EDITS = st.lists(st.tuples(LAYERS, UIDS, st.none() | st.tuples(SHAPES, VALUES)), min_size=1, max_size=6)


def edited(project, edits):
    """Put or remove features, one step each; return how many steps there were."""
    steps = 0
    for layer, uid, wanted in edits:
        before = project.snapshot.feature((layer, uid))
        after = wanted and Feature(uid, wanted[0], {"note": wanted[1]})
        if before is not None or after is not None:
            changes = ChangeSet.of([Change(layer, before, after)])
            project.apply(changes, EDIT)
            steps += bool(changes)
    return steps


@given(EDITS, EDITS)
@settings(max_examples=20, deadline=None)
def test_restoring_is_exact_and_undone_exactly(before, later):
    with TemporaryDirectory() as folder:
        path = f"{folder}/p.gpkg"
        with Project.create(path, "t", "EPSG:4548") as project:
            edited(project, before)
            put(project, house("removed later", 50))
            project.freeze("一稿")
            frozen = content(project.snapshot)
            edited(project, later)
            put(project, house("added later", 90))
            drop(project, "removed later")
            left = content(project.snapshot)
            assert left != frozen
            assert len(project.restore("R1")) >= 2
            assert content(project.snapshot) == frozen
            assert project.freeze("二稿").digest == project.revisions[0].digest
        with Project.open(path) as project:
            assert content(project.snapshot) == frozen == content(project.state("R2"))
            assert not project.restore("R1")
            project.undo()
            assert content(project.snapshot) == left


class ProjectMachine(RuleBasedStateMachine):
    """The model is a list of snapshots: what undo must return to, bit by bit."""

    def __init__(self):
        super().__init__()
        self.done: list[Snapshot] = []
        self.undone: list[Snapshot] = []
        self.frozen: dict[str, Snapshot] = {}

    @initialize()
    def start(self):
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(self.folder.name + "/p.gpkg", "t", "EPSG:4548")
        self.done = [self.project.snapshot]

    def applied(self, changes):
        if not changes:
            return
        self.project.apply(changes, EDIT)
        self.done.append(self.project.snapshot)
        self.undone.clear()

    @rule(data=st.lists(st.tuples(LAYERS, UIDS, SHAPES, VALUES), min_size=1, max_size=4))
    def put_features(self, data):
        found = {(layer, uid): Feature(uid, shape, {"note": value}) for layer, uid, shape, value in data}
        state = self.project.snapshot
        self.applied(ChangeSet.of(Change(key[0], state.feature(key), f) for key, f in found.items()))

    @rule(keys=st.sets(st.tuples(LAYERS, UIDS), min_size=1, max_size=4))
    def remove_features(self, keys):
        state = self.project.snapshot
        self.applied(
            ChangeSet.of(Change(k[0], f, None) for k in sorted(keys) if (f := state.feature(k)) is not None)
        )

    @rule(
        name=st.sampled_from(["project.note", "layer.tree.visible"]),
        value=st.sampled_from([None, "x", False, [1, 2.5]]),
    )
    def set_setting(self, name, value):
        before = self.project.snapshot.settings.get(name)
        self.applied(ChangeSet.of((), {name: SettingChange(before, value)}))

    @rule()
    def undo(self):
        changes = self.project.undo()
        assert (changes is None) == (len(self.done) == 1)
        if changes is not None:
            self.undone.append(self.done.pop())

    @rule()
    def redo(self):
        changes = self.project.redo()
        assert (changes is None) == (not self.undone)
        if changes is not None:
            self.done.append(self.undone.pop())

    @rule()
    def freeze(self):
        if len(self.frozen) < 5:
            self.frozen[self.project.freeze("x").label] = self.project.snapshot

    @precondition(lambda self: self.frozen)
    @rule(data=st.data())
    def restore(self, data):
        label = data.draw(st.sampled_from(sorted(self.frozen)))
        if self.project.restore(label):
            self.done.append(self.project.snapshot)
            self.undone.clear()
        assert content(self.project.snapshot)["features"] == content(self.frozen[label])["features"]

    @precondition(lambda self: self.frozen)
    @rule(data=st.data())
    def compare(self, data):
        labels = [*sorted(self.frozen), "working"]
        before, after = data.draw(st.sampled_from(labels)), data.draw(st.sampled_from(labels))
        changes = self.project.changes_between(before, after)
        assert changes.inverse() == self.project.changes_between(after, before)
        states = {**self.frozen, "working": self.project.snapshot}
        assert content(states[before].apply(changes)) == content(states[after])

    @rule()
    def reopen(self):
        history = self.project.history
        self.project.close()
        self.project = Project.open(self.folder.name + "/p.gpkg")
        assert self.project.findings == ()
        assert self.project.history == history

    @invariant()
    def memory_is_the_model(self):
        assert content(self.project.snapshot) == content(self.done[-1])

    def teardown(self):
        if not hasattr(self, "project"):
            return
        self.reopen()
        for label, snapshot in self.frozen.items():
            assert content(self.project.state(label)) == content(snapshot)
        while self.project.undo() is not None:
            self.done.pop()
            assert content(self.project.snapshot) == content(self.done[-1])
        assert len(self.done) == 1
        self.project.close()
        self.folder.cleanup()


ProjectMachine.TestCase.settings = settings(max_examples=20, stateful_step_count=18, deadline=None)
TestProject = ProjectMachine.TestCase
