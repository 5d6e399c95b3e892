"""A project of an older program: it gains layers and fields, and loses nothing."""

import json
import sqlite3
from dataclasses import replace
from hashlib import sha256

import pytest
import shapely

import gis.store.layer_tables
import gis.store.migrations
import gis.store.store
from gis.project import Project
from gis.store.rows import encode
from layers.changes import Change, ChangeSet
from layers.errors import StorageError
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.posting import Board, Posting
from tests.gis.store.plans import EDIT, content, house, put

NEW_FIELD, NEW_LAYER = "reason", "comment"


def older_kinds():
    """The kinds as they were before comments and reasons."""
    return {
        name: replace(kind, fields=tuple(f for f in kind.fields if f.name != NEW_FIELD))
        for name, kind in standard_kinds().items()
        if name != NEW_LAYER
    }


@pytest.fixture
def older(path, monkeypatch):
    """A file with two revisions that an older program wrote, and its working plan."""
    with monkeypatch.context() as past:
        for module in (gis.store.layer_tables, gis.store.migrations, gis.store.store):
            past.setattr(module, "standard_kinds", older_kinds)
        with Project.create(path, "旧项目", "EPSG:4548") as project:
            put(project, house("a" * 32), house("b" * 32, 30.0, floors=5))
            project.freeze("第1版")
            put(project, house("b" * 32, 30.0, floors=4))
            project.freeze("第2版")
            put(project, house("c" * 32, 60.0))
            before = content(project.snapshot)
    assert NEW_LAYER not in tables(path)
    return path, before


def tables(path):
    db = sqlite3.connect(path)
    try:
        return {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        db.close()


def plan(snapshot):
    """What is in the plan, by layer and id; fields that nobody filled in do not count."""
    return {(name, f.uid): f for name, layer in snapshot.layers.items() for f in layer.table}


def test_an_older_project_gains_the_new_layer_and_field_and_keeps_everything(older):
    path, before = older
    with Project.open(path) as project:
        assert not project.read_only
        assert project.findings == ()
        assert NEW_LAYER in project.snapshot.layers
        assert all(f.attributes[NEW_FIELD] is None for f in project.snapshot.layers["building"].table)
        assert set(plan(project.snapshot)) == set(before["features"])
        assert {key: f.attributes["floors"] for key, f in plan(project.snapshot).items()} == {
            key: f.attributes["floors"] for key, (f, _) in before["features"].items()
        }


def test_frozen_revisions_of_an_older_project_pass_their_digest(older):
    path, _ = older
    with Project.open(path) as project:
        assert [r.label for r in project.revisions] == ["R1", "R2"]
        assert [f.attributes["floors"] for f in project.state("R1").layers["building"].table] == [6, 5]
        assert len(project.changes_between("R1", "R2")) == 1
        assert len(project.changes_between("R2", "working")) == 1


def test_gaining_a_field_is_no_change_of_the_plan(older):
    path, _ = older
    with Project.open(path) as project:
        steps = len(project.history.done)
        assert not project.history.undone
    with Project.open(path) as project:
        assert len(project.history.done) == steps
        assert project.findings == ()


def test_the_new_field_and_layer_can_be_filled_frozen_and_taken_back(older):
    path, _ = older
    comment = Feature("d" * 32, None, {"code": "C01", "gist": "加车位", "outcome": "open"})
    with Project.open(path) as project:
        house_b = project.snapshot.feature(("building", "b" * 32))
        changes = [
            Change("building", house_b, house_b.with_attributes(reason="4月28日业主会议")),
            Change(NEW_LAYER, None, comment),
        ]
        project.apply(ChangeSet.of(changes), EDIT)
        project.freeze("第3版")
    with Project.open(path) as project:
        state = project.state("R3")
        assert state.feature(("building", "b" * 32)).attributes["reason"] == "4月28日业主会议"
        assert state.feature((NEW_LAYER, "d" * 32)) == comment
        project.undo()
        assert project.snapshot.feature(("building", "b" * 32)).attributes["reason"] is None
        assert len(project.snapshot.layers[NEW_LAYER].table) == 0


def test_the_file_as_it_was_is_kept_beside(older):
    path, _ = older
    original = tables(path)
    Project.open(path).close()
    backup = path.with_name(path.name + ".bak")
    assert tables(backup) == original
    taken = backup.stat().st_mtime_ns
    Project.open(path).close()
    assert backup.stat().st_mtime_ns == taken, "a project that lacks nothing is not copied"


def test_without_room_for_the_copy_the_project_stays_as_it_was(older, monkeypatch):
    path, _ = older
    before = path.read_bytes()
    path.with_name(path.name + ".bak").mkdir()
    with pytest.raises(StorageError):
        Project.open(path)
    assert path.read_bytes() == before


def test_an_older_project_opened_read_only_is_read_and_left_alone(older):
    path, before = older
    data = path.read_bytes()
    with Project.open(path, read_only=True) as project:
        assert set(plan(project.snapshot)) == set(before["features"])
        assert project.snapshot.layers["building"].table.columns[NEW_FIELD].tolist() == [None] * 3
        assert len(project.state("R1").layers["building"].table) == 2
    assert path.read_bytes() == data
    assert not path.with_name(path.name + ".bak").exists()


def test_a_foreign_table_of_the_same_name_is_left_alone(older):
    path, _ = older
    db = sqlite3.connect(path)
    with db:
        db.execute("CREATE TABLE comment (mine TEXT)")
        db.execute("INSERT INTO comment VALUES ('kept')")
    db.close()
    with Project.open(path) as project:
        put(project, Feature("e" * 32, shapely.Point(616650, 4077999), {"code": "C01"}), layer=NEW_LAYER)
    with Project.open(path) as project:
        assert len(project.snapshot.layers[NEW_LAYER].table) == 1
    db = sqlite3.connect(path)
    assert db.execute("SELECT mine FROM comment").fetchall() == [("kept",)]
    db.close()


def test_comments_are_hidden_at_first_and_can_be_shown(older, tmp_path):
    path, _ = older
    with Project.create(tmp_path / "new.gpkg", "新", "EPSG:4548") as project:
        assert not project.snapshot.layers[NEW_LAYER].visible
        assert project.snapshot.layers["building"].visible
    with Project.open(path) as project:
        assert not project.snapshot.layers[NEW_LAYER].visible


def made_format_four(path):
    """Take away what formats 5 and 6 added, and seal the revisions as they were sealed then."""
    with Project.open(path, read_only=True) as project:
        seals = {r.label: first_digest(project, r.label) for r in project.revisions}
    db = sqlite3.connect(path)
    trigger = "SELECT sql FROM sqlite_master WHERE name = 'pb_revision_update_seal'"
    (seal,) = db.execute(trigger).fetchone()
    db.execute("DROP TRIGGER pb_revision_update_seal")
    db.executemany("UPDATE pb_revision SET digest = ?2 WHERE label = ?1", seals.items())
    db.execute("ALTER TABLE pb_revision DROP COLUMN content")
    db.execute("DROP TABLE pb_branch_revision")
    for column in ("uid", "removed"):
        db.execute(f"ALTER TABLE pb_branch DROP COLUMN {column}")
    db.execute(seal)
    db.execute("UPDATE pb_meta SET value = '4' WHERE key = 'format_version'")
    db.commit()
    db.close()


def first_digest(project, label):
    """Return the digest that formats up to 4 gave a state: lines of layer, id, hash; then settings."""
    tables, state = project._store.tables, project.state(label)
    lines = [
        f"{name}\t{feature.uid}\t{encode(tables[name], [feature]).hashes[0].hex()}"
        for name, layer in state.layers.items()
        for feature in layer.table
    ]
    kept = [
        f"{name}\t{json.dumps(value, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}"
        for name, value in state.settings.items()
        if not name.startswith(("layer.", "layers.", "view.", "import."))
    ]
    return sha256("\n".join(sorted(lines) + sorted(kept)).encode()).hexdigest()


def made_format_two(path):
    """Take away what later formats added, and declare the file to be what it was then."""
    made_format_four(path)
    db = sqlite3.connect(path)
    db.execute("DROP TABLE pb_settled")
    db.execute("DROP TABLE pb_board")
    db.execute("UPDATE pb_meta SET value = '2' WHERE key = 'format_version'")
    db.commit()
    db.close()


def test_a_project_of_the_second_format_keeps_its_postings_and_can_note_where_they_hang(first_state):
    path, before, posting = first_state
    made_format_two(path)
    with Project.open(path, read_only=True) as seen:
        assert seen.postings == (posting,)
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        project.set_board(posting.key, Board("东门", "2020-07-26"))
        assert [b.place for b in project.postings[0].boards] == ["东门"]


@pytest.fixture
def first_state(path):
    posting = Posting("R1", None, "public", "R1.html", "ab" * 32, "2020-07-25T09:00:00+08:00")
    with Project.create(path, "旧项目", "EPSG:4548") as project:
        put(project, house("a"))
        project.freeze("第1版")
        project.record_posting(posting)
        return path, content(project.snapshot), posting


def made_format_one(path):
    """Take away what later formats added, and declare the file to be what it was then."""
    made_format_two(path)
    db = sqlite3.connect(path)
    head = db.execute("SELECT label FROM pb_revision ORDER BY rev_id DESC LIMIT 1").fetchone()
    for table in ("pb_decision", "pb_branch_setting", "pb_branch_delta", "pb_branch"):
        db.execute(f"DROP TABLE {table}")
    for table, column in (("pb_action", "merge_parent"), ("pb_action", "branch"), ("pb_row", "ancestors")):
        db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("DROP TRIGGER rtree_building_geom_update1")
    db.execute(
        "CREATE TRIGGER rtree_building_geom_update6 AFTER UPDATE OF geom ON building BEGIN SELECT 1; END"
    )
    db.execute("INSERT INTO pb_meta VALUES ('head', ?)", head)
    db.execute("UPDATE pb_meta SET value = '1' WHERE key = 'format_version'")
    db.execute("PRAGMA user_version = 10400")
    db.commit()
    db.close()


@pytest.fixture
def first_format(path):
    with Project.create(path, "旧项目", "EPSG:4548") as project:
        put(project, house("a"))
        project.freeze("第1版")
        put(project, house("b", 30.0))
        before = content(project.snapshot), project.history, project.changes_between("R1", "working")
    made_format_one(path)
    return path, before


def test_a_project_of_the_first_format_keeps_its_revisions_and_steps_and_gains_branches(first_format):
    path, (before, history, since) = first_format
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        assert project.history == history
        assert project.changes_between("R1", "working") == since
        put(project, house("b", 90.0))
        assert project.freeze("第2版").parent == "R1"
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (10300,)
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert "rtree_building_geom_update1" in names
    assert "rtree_building_geom_update6" not in names
    box = db.execute("SELECT min(minx), max(maxx) FROM rtree_building_geom").fetchone()
    db.close()
    assert box[1] - box[0] == pytest.approx(100, abs=0.2)
    with Project.open(path.with_name(path.name + ".bak"), read_only=True) as backup:
        assert content(backup.snapshot) == before


def test_a_project_of_the_first_format_that_may_not_be_written_is_read_as_it_is(first_format):
    path, (before, _history, since) = first_format
    data = path.read_bytes()
    with Project.open(path, read_only=True) as project:
        assert content(project.snapshot) == before
        assert project.changes_between("R1", "working") == since
        assert content(project.state("R1"))["features"]
    assert path.read_bytes() == data
