"""Where a feature comes from: kept through the file, undo, revisions, other programs and merging."""

import pytest
import shapely

from gis.edit.join import merge_features
from gis.edit.split import split_features
from gis.project import Project
from gis.revisions.compare import compare
from gis.revisions.difference import difference
from gis.revisions.merge import all_to
from gis.store.connection import connect
from gis.store.doctor import examine
from layers.feature import Feature
from layers.text import Text
from tests.gis.store.plans import E0, EDIT, N0, content, house, put, reopened

CUT = shapely.LineString([(E0 + 4, N0 - 5), (E0 + 4, N0 + 20)])


@pytest.fixture
def split(project):
    """R1 holds house a; now it is two: the larger keeps its id."""
    put(project, house("a", name="甲"), house("n", 10, name="乙"))
    project.freeze("一稿")
    project.apply(split_features(project.snapshot, [("building", "a")], CUT), EDIT)
    return project


def child_of(project, uid="a"):
    return next(f for f in project.snapshot.layers["building"].table if f.ancestors == (uid,))


def whole(project):
    found = {f.uid: (f, f.ancestors) for f in project.snapshot.layers["building"].table}
    return found, content(project.snapshot)


def test_a_part_that_is_split_off_knows_what_it_was_split_from(split):
    child = child_of(split)
    assert child.geometry.area == pytest.approx(40)
    assert split.snapshot.feature(("building", "a")).ancestors == ()
    before = whole(split)
    with reopened(split) as again:
        assert whole(again) == before
        again.undo()
        assert set(again.snapshot.layers["building"].table.uids) == {"a", "n"}
        again.redo()
        assert whole(again) == before
        again.freeze("二稿")
        put(again, child.with_geometry(house("x", 500).geometry))
        assert child_of(again).uid == child.uid
        assert next(f for f in again.state("R2").layers["building"].table if f.ancestors).ancestors == ("a",)
        assert not again.state("R1").layers["building"].table.ancestors
        assert examine_closed(again) == ()


def examine_closed(project):
    project.close()
    return examine(project.path).findings


def test_what_was_merged_in_becomes_an_ancestor_and_undo_takes_that_back(split):
    child = child_of(split)
    keys = [("building", "a"), ("building", "n")]
    split.apply(merge_features(split.snapshot, keys), EDIT)
    survivor = next(f for f in split.snapshot.layers["building"].table if f.uid in ("a", "n"))
    gone = {"a", "n"} - {survivor.uid}
    assert set(survivor.ancestors) == gone
    both = [("building", survivor.uid), ("building", child.uid)]
    split.apply(merge_features(split.snapshot, both), EDIT)
    (last,) = split.snapshot.layers["building"].table
    assert set(last.ancestors) == {"a", "n", child.uid} - {last.uid}
    before = whole(split)
    with reopened(split) as again:
        assert whole(again) == before
        again.undo()
        again.undo()
        assert not again.snapshot.feature(("building", "a")).ancestors
        again.redo()
        again.redo()
        assert whole(again) == before


def test_a_comparison_says_what_a_part_was_split_from(split):
    before = split.state("R1")
    comparison = compare(before, split.snapshot, split.changes_between("R1", "working"))
    (part,) = (c for c in comparison.changes if c.kind == "added")
    assert part.made_from == ("a",)
    assert part.origins == (before.name_of(("building", "a")),)
    assert part.origins[0] != Text("", "")
    others = [c for c in comparison.changes if c.kind != "added"]
    assert [c.origins for c in others] == [()]
    split.apply(merge_features(split.snapshot, [("building", "a"), ("building", "n")]), EDIT)
    merged = compare(before, split.snapshot)
    survivor = next(c for c in merged.changes if c.kind == "reshaped")
    assert len(survivor.origins) == 1


def test_equality_and_difference_see_ancestors(split):
    child = child_of(split)
    orphan = Feature(child.uid, child.geometry, child.attributes)
    assert orphan != child
    assert child.with_ancestors("a", child.uid, "b").ancestors == ("a", "b")
    layers = dict(split.snapshot.layers)
    table = layers["building"].table
    layers["building"] = layers["building"].with_table(table.with_features({child.uid: orphan}))
    other = type(split.snapshot)(split.snapshot.title, split.snapshot.crs, layers, split.snapshot.settings)
    found = difference(split.snapshot, other)
    assert list(found.features) == [("building", child.uid)]
    assert difference(other, split.snapshot) == found.inverse()


def test_an_edit_in_another_program_keeps_the_ancestors(split):
    child = child_of(split)
    split.close()
    db = connect(split.path)
    db.execute("UPDATE building SET floors = 9 WHERE uid = ?", (child.uid,))
    db.close()
    with Project.open(split.path) as again:
        found = again.snapshot.feature(("building", child.uid))
        assert (found.attributes["floors"], found.ancestors) == (9, ("a",))
        again.undo()
        assert again.snapshot.feature(("building", child.uid)) == child


def test_ancestors_travel_with_a_colleagues_copy_and_a_branch(split, tmp_path):
    split.undo()
    split.save_copy(tmp_path / "c.gpkg")
    with Project.open(tmp_path / "c.gpkg") as other:
        other.apply(split_features(other.snapshot, [("building", "a")], CUT), EDIT)
        other.freeze("二稿")
        child = child_of(other)
    merge = split.plan_merge(tmp_path / "c.gpkg")
    split.apply_merge(merge)
    assert split.snapshot.feature(("building", child.uid)) == child
    assert split.state("R2").feature(("building", child.uid)) == child
    split.create_branch("方案A", "R1")
    split.switch_branch("方案A")
    assert not split.snapshot.layers["building"].table.ancestors
    split.switch_branch("main")
    assert split.snapshot.feature(("building", child.uid)) == child


def test_two_sides_that_merged_different_features_keep_all_ancestors(project, tmp_path):
    put(project, *(house(uid, 10 * i) for i, uid in enumerate("abc")))
    project.save_copy(tmp_path / "c.gpkg")
    b = project.snapshot.feature(("building", "b"))
    put(project, b.with_ancestors("x"))
    with Project.open(tmp_path / "c.gpkg") as other:
        put(other, b.with_ancestors("y"))
    merge = project.plan_merge(tmp_path / "c.gpkg")
    assert not merge.conflicts
    project.apply_merge(merge, all_to("ours", merge.conflicts))
    assert project.snapshot.feature(("building", "b")).ancestors == ("x", "y")


def test_damaged_ancestors_are_found(split):
    child = child_of(split)
    split.freeze("二稿")
    split.close()
    db = connect(split.path)
    db.execute("DROP TRIGGER pb_row_update_seal")
    db.execute("UPDATE pb_row SET ancestors = '[\"z\"]' WHERE ancestors IS NOT NULL")
    db.close()
    codes = {f.code for f in examine(split.path).findings}
    assert codes == {"doctor.value", "doctor.revision", "doctor.seal"}
    assert child.uid in {f.uid for f in examine(split.path).findings}
