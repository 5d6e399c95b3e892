"""A step that takes thousands of features away is told from the plan and the numbers of versions."""

from __future__ import annotations

import apsw
import pytest

from gis.progress import Progress
from layers.errors import CancelledError, ConflictError
from tests.gis.store.plans import content, drop, house, put, reopened

MANY = 1100


@pytest.fixture
def imported(project):
    """A few houses, many more in one step, one of them split off another."""
    put(project, *(house(f"old{i}", i * 20.0) for i in range(3)))
    fresh = [house(f"h{i}", i * 12.0, floors=i % 7 or 6.0) for i in range(MANY)]
    put(project, *fresh[:-1], fresh[-1].with_ancestors("old1", "old2"))
    return project


def test_undo_and_redo_of_a_large_import_are_exact_and_stay_when_it_is_opened_again(imported):
    whole = content(imported.snapshot)
    for _ in range(2):
        imported.undo()
        assert set(imported.snapshot.layers["building"].table.uids) == {"old0", "old1", "old2"}
        assert not imported.snapshot.layers["building"].table.ancestors
        imported.redo()
        assert content(imported.snapshot) == whole
    imported.undo()
    few = content(imported.snapshot)
    with reopened(imported) as again:
        assert content(again.snapshot) == few
        again.redo()
        assert content(again.snapshot) == whole


def test_what_was_taken_away_is_told_with_its_features(imported):
    told = []
    before = imported.snapshot.layers["building"].table.get("h7")
    imported.changed.connect(told.append)
    imported.undo()
    (changes,) = told
    assert len(changes.features) == MANY
    assert (changes.features["building", "h7"].before, changes.features["building", "h7"].after) == (
        before,
        None,
    )


def test_places_of_what_stays_are_known_after_many_are_gone(imported):
    table = imported.snapshot.layers["building"].table
    assert len(table.bounds) == MANY + 3
    drop(imported, *(f"h{i}" for i in range(0, MANY - 50)))
    left = imported.snapshot.layers["building"].table
    assert [tuple(left.bounds[row]) for row in range(len(left))] == [f.geometry.bounds for f in left]


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_a_large_undo_or_redo_can_be_stopped_and_leaves_everything_as_it_was(imported, kind):
    if kind == "redo":
        imported.undo()
    before, steps = content(imported.snapshot), imported.history
    with pytest.raises(CancelledError):
        getattr(imported, kind)(Progress(lambda *_: None, lambda: True))
    assert (content(imported.snapshot), imported.history) == (before, steps)
    with reopened(imported) as again:
        assert content(again.snapshot) == before


def head_of(project, uid, alike):
    """Let the file hold another version of a feature: of the same content, or with another shape."""
    db = project._store.db
    db.execute(
        "INSERT INTO pb_row SELECT NULL, r.feat_id, schema_id,"
        " CASE WHEN ?2 THEN r.hash ELSE zeroblob(16) END, geom, attrs, ancestors"
        " FROM pb_row r JOIN pb_feature f ON f.feat_id = r.feat_id WHERE f.uid = ?1",
        (uid, alike),
    )
    number = db.last_insert_rowid()
    query = "UPDATE pb_head SET row_id = ? WHERE feat_id = (SELECT feat_id FROM pb_feature WHERE uid = ?)"
    db.execute(query, (number, uid))


def test_another_number_of_the_same_content_is_no_conflict(imported):
    head_of(imported, "h5", True)
    imported.undo()
    assert len(imported.snapshot.layers["building"].table) == 3


def test_another_version_in_the_file_is_never_taken_away(imported):
    before = content(imported.snapshot)
    head_of(imported, "h5", False)
    with pytest.raises(ConflictError):
        imported.undo()
    assert content(imported.snapshot) == before


def test_a_row_that_another_program_changed_is_never_taken_away(imported):
    with apsw.Connection(str(imported.path)) as db:
        db.execute("INSERT INTO pb_dirty SELECT layer_id, fid FROM pb_head WHERE feat_id = 9")
    before = content(imported.snapshot)
    with pytest.raises(ConflictError):
        imported.undo()
    assert content(imported.snapshot) == before
