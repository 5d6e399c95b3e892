"""Who may only read a file sees the plan with the edits that other programs made; the file stays as it is."""

import pytest

from gis.project import Project
from gis.store.doctor import examine
from layers.errors import ReadOnlyError
from tests.gis.store.plans import content, house, put
from tests.gis.store.test_adoption import outside

EDITS = (
    "UPDATE building SET floors = 9 WHERE uid = 'a'",
    "DELETE FROM building WHERE uid = 'b'",
    "INSERT INTO building(geom, uid, number) SELECT geom, 'new', '9' FROM building WHERE uid = 'a'",
)


@pytest.fixture
def frozen(project):
    put(project, house("a"), house("b", 20), house("c", 40))
    project.freeze("一稿")
    project.close()
    return project.path


def read(path):
    """Return the plan and what differs from R1, as one who may only read sees them."""
    with Project.open(path, read_only=True) as seen:
        changes = seen.changes_between("R1", "working").features
        return content(seen.snapshot), {uid for _, uid in changes}, [f.code for f in seen.findings]


def test_a_reader_compares_the_plan_with_the_edits_of_another_program(frozen):
    outside(frozen, *EDITS)
    before = frozen.read_bytes()
    plan, changed, codes = read(frozen)
    assert changed == {"a", "b", "new"}
    assert codes == ["outside.waiting"]
    assert frozen.read_bytes() == before
    assert sorted(p.name for p in frozen.parent.iterdir()) == [frozen.name]
    with Project.open(frozen) as writer:
        assert content(writer.snapshot) == plan
    assert read(frozen) == (plan, changed, [])


@pytest.mark.parametrize(
    "loss",
    [
        "ALTER TABLE building DROP COLUMN note",
        "ALTER TABLE building RENAME COLUMN floors TO etagen",
        "ALTER TABLE building RENAME TO haus",
        "DELETE FROM gpkg_geometry_columns WHERE table_name = 'building'",
        "DROP TABLE tree",
        "DROP TRIGGER pb_dirty_7_update",
    ],
)
def test_a_reader_sees_a_plan_whose_tables_another_program_changed_as_it_will_be_opened(frozen, loss):
    outside(frozen, "UPDATE building SET name = '楼' WHERE uid = 'c'", loss)
    before = frozen.read_bytes()
    plan, changed, _ = read(frozen)
    assert changed == {"c"}
    assert frozen.read_bytes() == before
    with Project.open(frozen) as writer:
        assert content(writer.snapshot) == plan


def test_edits_that_wait_cannot_be_frozen_or_undone_by_who_may_only_read(frozen):
    outside(frozen, *EDITS)
    with Project.open(frozen, read_only=True) as seen:
        for act in (seen.undo, lambda: seen.freeze("二稿"), lambda: seen.restore("R1")):
            with pytest.raises(ReadOnlyError):
                act()
        assert [r.label for r in seen.revisions] == ["R1"]


def test_the_doctor_says_how_many_edits_of_another_program_wait_and_calls_the_file_sound(frozen):
    outside(frozen, *EDITS, "UPDATE building SET note = note WHERE uid = 'c'")
    found = examine(frozen)
    assert found.sound
    assert [(f.code, f.severity, f.layer) for f in found.findings] == [("doctor.waiting", "info", "building")]
    assert found.findings[0].message.en.startswith("3 edits of layer “Buildings”")
    with Project.open(frozen):
        pass
    assert examine(frozen).findings == ()


def test_the_doctor_counts_edits_that_nobody_noted(frozen):
    outside(frozen, "DROP TRIGGER pb_dirty_7_update", EDITS[0])
    found = {f.code: f for f in examine(frozen).findings}
    assert found["doctor.waiting"].message.en.startswith("1 edits of layer")
