"""A revision seen before it is proven: the same as what is proven, and nothing but seen."""

import apsw
import pytest
from shapely import Point

from gis.project import Project
from gis.store.connection import connect
from layers.changes import ChangeSet, SettingChange
from layers.errors import StorageError
from layers.feature import Feature
from layers.text import same
from tests.gis.store.plans import content, drop, house, put

MANY = 24


@pytest.fixture
def revised(project):
    """R1 of many houses; R2 differs in one each of added, changed, removed, and in a setting; R3 in all."""
    put(project, *(house(str(n), n * 20, name=f"{n}号") for n in range(MANY)))
    put(project, Feature("t", Point(616650, 4077999), {}), layer="tree")
    project.freeze("一稿")
    put(project, house("0", 5, floors=7), house("new", -30).with_ancestors("0", "1"))
    drop(project, "3")
    project.apply(ChangeSet.of((), {"project.note": SettingChange(None, "注")}), same("x"))
    project.freeze("二稿")
    put(project, *(house(str(n), n * 20, floors=9) for n in range(MANY)))
    project.freeze("三稿")
    put(project, house("2", 44))
    return project


def damage(project: Project, statement: str) -> Project:
    """Change the file behind the back of the program, as a bad disk does, and open it again."""
    path = project.path
    project.close()
    db = apsw.Connection(str(path))
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f'DROP TRIGGER "{name}"')
    db.execute(statement)
    for _, text in triggers:  # a disk takes none away: where some are missing, a program was at work
        db.execute(text)
    db.close()
    return Project.open(path, read_only=True)


@pytest.mark.parametrize("label", ["R1", "R2", "R3"])
def test_what_is_seen_at_once_is_what_is_proven_afterwards(revised, label):
    look = revised.look(label)
    assert not look.proven
    assert look.snapshot.revision == label
    assert content(look.snapshot) == content(revised.state(label))


@pytest.mark.parametrize("label", ["R1", "R2", "R3"])
def test_what_was_seen_stays_when_it_is_proven_and_is_known_from_then_on(revised, label):
    look = revised.look(label)
    assert revised.prove(label, look) is look.snapshot
    assert revised.state(label) is look.snapshot
    assert revised.look(label) == type(look)(look.snapshot, proven=True)


def test_a_revision_near_the_plan_is_seen_without_reading_what_they_share(revised):
    same_tree = revised.look("R3").snapshot.layers["tree"].table
    assert same_tree is revised.snapshot.layers["tree"].table


def test_a_state_that_nobody_has_proven_is_never_taken_for_one(revised):
    look = revised.look("R1")
    assert revised.state("R1") is not look.snapshot


@pytest.mark.parametrize("label", ["R1", "R3"])
def test_a_damaged_revision_may_be_seen_but_nothing_comes_of_it(revised, label):
    other = "replace(replace(attrs, '9', '8'), '号', '屋')"
    again = damage(revised, f"UPDATE pb_row SET attrs = {other} WHERE row_id IN (5, 35)")
    with again:
        look = again.look(label)
        for asks in (lambda: again.prove(label, look), lambda: again.state(label)):
            with pytest.raises(StorageError) as broken:
                asks()
            assert broken.value.code == "revision.digest"


def test_nothing_is_restored_from_a_damaged_revision_and_nothing_begins_there(revised):
    before = content(revised.snapshot)
    db = connect(revised.path)
    for name in ("pb_row_update_seal", "pb_revision_update_seal"):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE pb_revision SET digest = 'x' WHERE label = 'R1'")
    db.close()
    for asks in (lambda: revised.restore("R1"), lambda: revised.create_branch("方案A", "R1")):
        with pytest.raises(StorageError) as broken:
            asks()
        assert broken.value.code == "revision.digest"
    assert content(revised.snapshot) == before
    assert len(revised.branches) == 1


def test_what_is_damaged_in_the_plan_on_screen_is_not_taken_for_the_revision(revised):
    again = damage(revised, "UPDATE building SET name = '坏' WHERE uid = '7'")
    with again:
        look = again.look("R3")
        assert look.snapshot.feature(("building", "7")).attributes["name"] == "坏"
        state = again.prove("R3", look)
        assert state is not look.snapshot
        assert state.feature(("building", "7")).attributes.get("name") != "坏"
        assert again.state("R3") is state


def test_a_plan_that_somebody_else_has_changed_meanwhile_is_not_patched(revised):
    with Project.open(revised.path, read_only=True) as reader:
        put(revised, house("5", 500), house("6", 600))
        assert content(reader.look("R3").snapshot) == content(revised.state("R3"))


def test_a_revision_that_cannot_even_be_seen_says_why(revised):
    with damage(revised, "UPDATE pb_row SET attrs = '[1,' WHERE row_id = 5") as again:
        with pytest.raises(StorageError) as broken:
            again.look("R1")
        assert broken.value.code == "revision.digest"


@pytest.mark.parametrize("value", ['[""]', '{"a":1}'])
def test_a_value_that_no_field_can_hold_is_not_even_seen(revised, value):
    statement = f"UPDATE pb_row SET attrs = replace(attrs, '6', '{value}') WHERE row_id = 5"
    with damage(revised, statement) as again:
        with pytest.raises(StorageError) as broken:
            again.look("R1")
        assert broken.value.code == "revision.digest"


@pytest.mark.parametrize("value", ["'x'", "'1,2'", "1.5", "x'00'"])
def test_a_damaged_list_of_changes_is_told_and_never_guessed(revised, value):
    again = damage(revised, f"UPDATE pb_delta SET old_row = {value} WHERE rev_id = 3 AND feat_id = 4")
    with again:
        for asks in (lambda: again.look("R2"), lambda: again.state("R2")):
            with pytest.raises(StorageError):
                asks()
