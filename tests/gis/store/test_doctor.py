"""The doctor finds what is wrong, mends what is certain, and leaves the rest alone."""

import errno
import json
import os
import shutil
import time

import apsw
import pytest

from gis.project import Project
from gis.store.connection import connect
from gis.store.doctor import examine
from gis.store.lock import lock_path
from gis.store.repairing import repair
from gis.store.salvage import salvage
from layers.errors import NotFoundError, ReadOnlyError, RefusedError, StorageError
from tests.gis.store.plans import content, damaged_through_sql, house, whole

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


def codes(found):
    return [f.code for f in found.findings]


def flips(path, needle, bit=0x01, at=2):
    """Yield copies of the file, each with one bit of one occurrence flipped, as a bad disk would.

    Some occurrences are what SQLite left behind in a page: a flip there harms nobody.
    """
    data, found = path.read_bytes(), -1
    number = 0
    while (found := data.find(needle, found + 1)) >= 0:
        other = path.with_name(f"flip-{number}.gpkg")
        other.write_bytes(data[: found + at] + bytes([data[found + at] ^ bit]) + data[found + at + 1 :])
        number += 1
        yield other


def found_flips(path, needle, **how):
    """Return copies with a flip that the doctor finds; any other flip must be without consequence."""
    before = whole(path)
    found = []
    for other in flips(path, needle, **how):
        result = examine(other)
        if result.sound:
            assert whole(other) == before
        else:
            found.append((other, result))
    return found


def test_a_sound_project_has_nothing_to_find_and_stays_as_it_is(made):
    path, _ = made
    before = path.read_bytes()
    found = examine(path)
    assert found.findings == ()
    assert found.sound
    assert path.read_bytes() == before


def test_a_flipped_byte_in_a_value_is_found_and_mended_from_its_double(made):
    path, before = made
    found = found_flips(path, "备注007结束".encode())
    assert len(found) == 2  # in the layer table, and in the version
    assert {code for _, result in found for code in codes(result)} == {
        "doctor.row",
        "doctor.value",
        "doctor.revision",
    }
    for other, result in found:
        assert {f.uid for f in result.findings if f.uid} == {"h007"}
        assert repair(other)[0].code == "repaired.copy"
        assert examine(other).findings == ()
        assert whole(other) == whole(path)
        with Project.open(other) as project:
            assert project.findings == ()
            assert content(project.snapshot) == before
            while project.undo() is not None:
                pass
            assert len(project.snapshot.layers["building"].table) == 0


def test_a_flipped_byte_in_a_coordinate_is_found_and_mended(made):
    path, _ = made
    found = found_flips(path, house("h009", 9 * 12).geometry.wkb[-48:-24], bit=0x10, at=3)
    assert len(found) == 2
    for other, result in found:
        assert {f.uid for f in result.findings if f.uid} == {"h009"}
        repair(other)
        assert examine(other).findings == ()
        assert whole(other) == whole(path)


def test_what_is_saved_beside_holds_no_wrong_coordinate_that_a_checksum_can_tell(made, tmp_path):
    path, before = made
    found = found_flips(path, house("h009", 9 * 12).geometry.wkb[-48:-24], bit=0x10, at=3)
    taken = []
    for number, (other, _) in enumerate(found):
        result = salvage(other, tmp_path / f"out{number}.gpkg")
        taken.append(result.from_record)
        with Project.open(tmp_path / f"out{number}.gpkg") as saved:
            assert content(saved.snapshot)["features"] == before["features"]
    assert sorted(taken) == [0, 1]  # the version damaged: the row is right; the row damaged: the version is


def test_what_another_program_wrote_is_not_taken_back_when_saved_beside(made, tmp_path):
    path, _ = made
    damaged_through_sql(path, "UPDATE building SET note = '外部' WHERE uid = 'h009'")
    assert salvage(path, tmp_path / "out.gpkg").from_record == 0
    with Project.open(tmp_path / "out.gpkg") as saved:
        assert saved.snapshot.feature(("building", "h009")).attributes["note"] == "外部"


def test_damage_in_an_earlier_version_is_named_with_its_revision_and_not_guessed_at(made):
    path, before = made
    ((other, found),) = found_flips(path, "备注001结束".encode())  # the layer table holds a later one
    assert codes(found) == ["doctor.value", "doctor.revision"]
    assert found.findings[0].uid == "h001"
    assert "earlier" in found.findings[0].message.en
    assert found.findings[1].record == "R1"
    assert repair(other) == ()
    assert codes(examine(other)) == ["doctor.value", "doctor.revision"]
    with Project.open(other) as project:
        assert content(project.snapshot) == before
        project.state("R2")
        with pytest.raises(StorageError):
            project.state("R1")


def test_a_value_damaged_in_both_places_is_beyond_repair_and_the_rest_is_saved_beside(made, tmp_path):
    path, before = made
    good, bad = "备注007结束".encode(), "备注".encode() + b"\xff\xff7" + "结束".encode()
    path.write_bytes(path.read_bytes().replace(good, bad))
    data = path.read_bytes()
    assert not examine(path).sound
    assert path.read_bytes() == data
    salvage(path, tmp_path / "out.gpkg")
    assert path.read_bytes() == data
    with Project.open(tmp_path / "out.gpkg") as saved:
        found = content(saved.snapshot)["features"]
        same = [key for key, value in before["features"].items() if found.get(key) == value]
        assert len(same) == len(before["features"]) - 1


FAULTS = {
    "watching trigger": ("DROP TRIGGER pb_dirty_{building}_update", "doctor.trigger"),
    "index trigger": ("DROP TRIGGER rtree_building_geom_update1", "doctor.trigger"),
    "seal": ("DROP TRIGGER pb_delta_update_seal", "doctor.seal"),
    "missing index entry": ("DELETE FROM rtree_building_geom WHERE id = 5", "doctor.index"),
    "left-over index entry": ("INSERT INTO rtree_building_geom VALUES (9999, 0, 1, 0, 1)", "doctor.index"),
    "wrong index entry": ("UPDATE rtree_building_geom SET maxx = minx WHERE id = 5", "doctor.index"),
    "no index": ("DROP TABLE rtree_building_geom", "doctor.index"),
    "extent": ("UPDATE gpkg_contents SET max_x = min_x WHERE table_name = 'building'", "doctor.extent"),
    "column": ("ALTER TABLE building DROP COLUMN year", "doctor.table"),
    "srs": ("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'tree'", "doctor.table"),
    "application id": ("PRAGMA application_id = 1", "doctor.header"),
    "step without content": (
        "INSERT INTO pb_action(uuid, time, user, kind, label_zh, label_en, state) VALUES"
        " ('u', '', '', 'edit', '编辑', 'Edit', 'done')",
        "doctor.step",
    ),
    "row that vanished": ("DELETE FROM building WHERE uid = 'h005'; DELETE FROM pb_dirty", "doctor.row"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_follows_from_the_rest_of_the_file_is_mended(made, fault):
    path, before = made
    statement, code = FAULTS[fault]
    with connect(path) as db:
        number = db.execute("SELECT layer_id FROM pb_layer WHERE name = 'building'").get
    damaged_through_sql(path, statement.format(building=number))
    assert code in codes(examine(path))
    repair(path)
    assert examine(path).findings == ()
    with Project.open(path) as project:
        assert content(project.snapshot) == before


def test_the_file_as_it_was_is_kept_beside_before_anything_is_repaired(made):
    path, _ = made
    damaged_through_sql(path, "DELETE FROM rtree_building_geom WHERE id = 5")
    before = path.read_bytes()
    kept = repair(path)[0]
    copy = path.with_name(str(kept.file))
    assert (kept.code, copy.name) == ("repaired.copy", "金茵小区.before-repair.gpkg")
    assert copy.name in kept.message.zh
    assert copy.name in kept.message.en
    assert copy.read_bytes() == before != path.read_bytes()
    damaged_through_sql(path, "DELETE FROM rtree_building_geom WHERE id = 6")
    assert repair(path)[0].file == "金茵小区.before-repair-2.gpkg"
    assert copy.read_bytes() == before


def test_a_crash_is_kept_with_its_journal_before_it_is_rolled_back(made, tmp_path):
    path, _ = made
    folder = tmp_path / "crash"
    folder.mkdir()
    crashed = folder / "c.gpkg"
    db = apsw.Connection(str(path))
    db.execute("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN")
    db.execute("DROP TRIGGER pb_row_update_seal; UPDATE pb_row SET attrs = attrs || ' '")
    for end in ("", "-journal"):
        shutil.copy(f"{path}{end}", f"{crashed}{end}")
    db.execute("ROLLBACK")
    db.close()
    assert (folder / "c.gpkg-journal").stat().st_size > 512
    before = crashed.read_bytes(), (folder / "c.gpkg-journal").read_bytes()
    kept = repair(crashed)[0]
    copy = folder / str(kept.file)
    assert (copy.read_bytes(), copy.with_name(copy.name + "-journal").read_bytes()) == before
    assert whole(crashed) == whole(path) == whole(copy)


def test_a_sound_project_is_not_copied_and_one_held_elsewhere_neither(made):
    path, _ = made
    assert repair(path) == ()
    with Project.open(path), pytest.raises((ReadOnlyError, RefusedError)):
        repair(path)
    path.chmod(0o444)
    with pytest.raises(ReadOnlyError):
        repair(path)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_without_room_for_the_copy_nothing_is_repaired(made, monkeypatch):
    path, _ = made
    damaged_through_sql(path, "DELETE FROM rtree_building_geom WHERE id = 5")
    before = path.read_bytes()

    def full(source, target):
        target.write_bytes(before[:5000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(StorageError) as refused:
        repair(path)
    assert refused.value.code == "store.full"
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == [path.name]


DAMAGE = {
    "journal": ("UPDATE pb_journal SET after_row = 1 WHERE seq = 43", "doctor.journal"),
    "setting": ("UPDATE pb_setting SET value = '{' WHERE name = 'project.title'", "doctor.setting"),
    "posting": (
        "INSERT INTO pb_posting VALUES (7, 'R1', NULL, 'public', 'f', x'ff', 't')",
        "doctor.posting",
    ),
    "board": (
        "INSERT INTO pb_board(uid, posting, place, since, until, photos, note, version, removed)"
        " VALUES ('u', 'p', '东门', '2020-01-01', '', '[', '', 1, 0)",
        "doctor.posting",
    ),
    "photo": ("UPDATE pb_photo SET data = zeroblob(10)", "doctor.photo"),
    "delta": ("DROP TRIGGER pb_delta_delete_seal; DELETE FROM pb_delta WHERE feat_id = 3", "doctor.revision"),
    "digest": (
        "DROP TRIGGER pb_revision_update_seal; UPDATE pb_revision SET digest = 'x' WHERE label = 'R2'",
        "doctor.revision",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_nothing_else_tells_is_reported_and_left_alone(made, damage):
    path, _ = made
    statement, code = DAMAGE[damage]
    damaged_through_sql(path, statement)
    assert code in codes(examine(path))
    if damage != "setting":
        repair(path)
        assert code in codes(examine(path))


@pytest.mark.parametrize("cut", [0.5, 0.9])
def test_a_truncated_file_is_damaged_and_never_written(made, cut):
    path, _ = made
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    before = path.read_bytes()
    found = examine(path)
    assert not found.readable
    assert codes(found) == ["doctor.damaged"]
    assert path.read_bytes() == before


def test_a_lock_that_nobody_holds_is_told_from_one_that_is_held(made):
    path, _ = made
    lock_path(path).write_text(
        json.dumps({"host": "", "user": "王", "pid": 1, "since": "2020-07-25T09:00:00+08:00"})
    )
    assert codes(examine(path)) == ["doctor.stale-lock"]
    assert [f.code for f in repair(path)] == ["repaired.copy", "repaired.stale-lock"]
    assert not lock_path(path).exists()
    lock_path(path).write_text(
        json.dumps({"host": "office-7", "user": "王", "pid": 1, "since": "2020-07-25T09:00:00+08:00"})
    )
    assert codes(examine(path)) == ["doctor.held"]
    with pytest.raises(ReadOnlyError):
        repair(path)
    old = time.time() - 300
    os.utime(lock_path(path), (old, old))
    assert codes(examine(path)) == ["doctor.stale-lock"]


def test_what_another_program_left_is_told_and_not_damage(made):
    path, _ = made
    db = apsw.Connection(str(path))
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("INSERT INTO pb_meta VALUES ('x', 'y')")
    crashed = path.with_name("crashed.gpkg")
    for end in ("", "-wal"):
        shutil.copy(path.with_name(path.name + end), crashed.with_name(crashed.name + end))
    db.close()
    found = examine(crashed)
    assert "doctor.leftover" in codes(found)
    assert found.sound


def test_edits_of_another_program_are_no_damage(made):
    path, _ = made
    damaged_through_sql(path, "UPDATE building SET floors = 9 WHERE uid = 'h004'")
    assert examine(path).sound


def test_an_open_project_and_a_missing_file_are_not_examined(made, tmp_path):
    path, _ = made
    with Project.open(path), pytest.raises(RefusedError):
        examine(path)
    with pytest.raises(NotFoundError):
        examine(tmp_path / "none.gpkg")


@pytest.mark.parametrize("text", ["'[{\"name\":'", "'[1]'", "NULL", "x'ff'", "'{}'"])
def test_a_damaged_list_of_columns_is_named_and_no_fault(made, tmp_path, text):
    path, _ = made
    db = apsw.Connection(str(path))
    db.execute("PRAGMA writable_schema = ON")
    missing = "replace(sql, 'columns TEXT NOT NULL', 'columns TEXT')"
    db.execute(f"UPDATE sqlite_master SET sql = {missing} WHERE name = 'pb_schema'")
    db.close()
    db = apsw.Connection(str(path))
    db.execute(f"UPDATE pb_schema SET columns = {text} WHERE schema_id = 2")
    db.close()
    data = path.read_bytes()
    assert "doctor.damaged" in [f.code for f in examine(path).findings]
    with pytest.raises(StorageError):
        Project.open(path)
    assert salvage(path, tmp_path / "rest.gpkg").features > 0
    assert path.read_bytes() == data


def test_a_version_that_is_gone_is_named_wherever_it_is_needed(made):
    path, _ = made
    db = apsw.Connection(str(path))
    db.execute("DROP TRIGGER pb_row_delete_seal")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("DELETE FROM pb_row WHERE row_id = 1")
    db.close()
    assert "doctor.version" in codes(examine(path))
    with Project.open(path) as project, pytest.raises(StorageError):
        project.state("R1")


def test_a_plan_that_names_a_version_which_was_never_written_is_found(made):
    path, before = made
    with connect(path) as db:
        db.execute("UPDATE pb_head SET row_id = 10000 WHERE feat_id = 9")
        db.execute("UPDATE pb_journal SET after_row = 10000 WHERE feat_id = 9")
    assert "doctor.version" in codes(examine(path))
    with Project.open(path) as project:
        assert content(project.snapshot) == before
