"""Edits made by other programs become one step that can be undone."""

import struct
import subprocess

import apsw
import pytest
import shapely

from gis.progress import Progress
from gis.project import Project
from gis.store.connection import connect
from gis.store.doctor import examine
from layers.errors import CancelledError, ConflictError
from layers.feature import Feature
from tests.gis.store.plans import box, content, house, put, reopened, watch_trigger


def outside(path, *statements):
    """Edit the file as QGIS would: through SQL that knows the functions of the spatial index."""
    db = connect(path)
    for statement in statements:
        db.execute(statement)
    db.close()


@pytest.fixture
def edited(project):
    put(project, house("a"), house("b", 20), house("c", 40, floors="six", note="0.30000000000000004"))
    project.freeze("一稿")
    project.close()
    return project.path, content(project.snapshot)


def test_added_changed_and_removed_rows_are_one_named_step_and_undo_takes_it_back(edited):
    path, before = edited
    outside(
        path,
        "UPDATE building SET name = '外面改的', floors = 9 WHERE uid = 'a'",
        "DELETE FROM building WHERE uid = 'b'",
        "INSERT INTO building(geom, uid, number) SELECT geom, NULL, '9' FROM building WHERE uid = 'a'",
    )
    with Project.open(path) as project:
        table = project.snapshot.layers["building"].table
        assert table.get("a").attributes["name"] == "外面改的"
        assert "b" not in table
        assert sum(f.attributes["number"] == "9" for f in table) == 1
        assert all(isinstance(uid, str) and uid for uid in table.uids)
        step = project.history.done[-1]
        assert (step.kind, step.label.en) == ("outside", "3 changes made by another program")
        assert project.findings[0].code == "outside.changes"
        assert "1 added, 1 changed, 1 removed" in project.findings[0].message.en
        assert len(project.changes_between("R1", "working")) == 3
        project.undo()
        assert content(project.snapshot) == before
    with Project.open(path) as project:
        assert project.findings == ()
        assert content(project.snapshot) == before


def test_a_field_named_as_one_of_the_database_is_adopted_like_any_other(project):
    spot = Feature("f", shapely.Point(1, 2), {"type": "lamp", "name": "一"})
    put(project, spot, layer="facility")
    project.close()
    outside(project.path, "UPDATE facility SET name = '二' WHERE uid = 'f'")
    with Project.open(project.path) as again:
        assert again.snapshot.layers["facility"].table.get("f").attributes["name"] == "二"


def test_a_project_nobody_touched_has_nothing_to_report(edited):
    path, before = edited
    with Project.open(path) as project:
        assert project.findings == ()
        assert [s.kind for s in project.history.done] == ["edit"]
        assert content(project.snapshot) == before


def test_an_edit_that_another_program_took_back_is_no_step(edited):
    path, before = edited
    outside(
        path,
        "UPDATE building SET floors = 99 WHERE uid = 'a'",
        "UPDATE building SET floors = 6 WHERE uid = 'a'",
    )
    with Project.open(path) as project:
        assert [s.kind for s in project.history.done] == ["edit"]
        assert content(project.snapshot) == before


def test_exact_values_survive_an_edit_of_another_field_outside(edited):
    path, _ = edited
    outside(path, "UPDATE building SET name = 'x' WHERE uid = 'c'")
    with Project.open(path) as project:
        found = project.snapshot.feature(("building", "c")).attributes
        assert (found["floors"], found["note"], found["name"]) == ("six", "0.30000000000000004", "x")


def test_a_copy_with_a_doubled_id_becomes_a_feature_of_its_own(edited):
    path, before = edited
    outside(
        path, "INSERT INTO building(geom, uid, number) SELECT geom, uid, number FROM building WHERE uid = 'a'"
    )
    with Project.open(path) as project:
        table = project.snapshot.layers["building"].table
        assert len(set(table.uids)) == len(table) == 4
        assert table.get("a") == before["features"][("building", "a")][0]
        assert [f.code for f in project.findings] == ["outside.changes", "outside.uid"]


def test_renumbered_rows_are_the_same_features_and_no_change(edited):
    path, before = edited
    outside(path, "UPDATE building SET fid = fid + 1000")
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        assert [s.kind for s in project.history.done] == ["edit"]
        put(project, house("a", 7))
        with reopened(project) as again:
            assert again.snapshot.feature(("building", "a")) == house("a", 7)


def test_a_removed_field_comes_back_with_its_values(edited):
    path, before = edited
    outside(path, "ALTER TABLE building DROP COLUMN number")
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        assert [f.code for f in project.findings] == ["outside.field"]


def test_a_removed_id_column_is_filled_again(edited):
    path, before = edited
    outside(path, "DROP INDEX pb_uid_building", "ALTER TABLE building DROP COLUMN uid")
    with Project.open(path) as project:
        assert content(project.snapshot) == before


def test_a_dropped_table_comes_back_empty_and_undo_brings_its_features(edited):
    path, before = edited
    outside(path, "DROP TABLE building")
    with Project.open(path) as project:
        assert len(project.snapshot.layers["building"].table) == 0
        assert project.findings[0].code == "outside.table"
        project.undo()
        assert content(project.snapshot) == before


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE building", "DELETE FROM gpkg_geometry_columns WHERE table_name = 'building'"),
        ("UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'building'",),
    ],
    ids=["dropped as GDAL does", "another system"],
)
def test_shapes_are_written_in_the_system_of_the_project_whatever_became_of_the_layer(edited, statements):
    path, _ = edited
    outside(path, *statements)
    with Project.open(path) as project:
        put(project, house("new", 300))
    db = connect(path)
    shape = db.execute("SELECT geom FROM building WHERE uid = 'new'").get
    assert struct.unpack_from("<i", shape, 4) == (4548,)
    db.close()
    assert examine(path).findings == ()


def test_lost_triggers_lead_to_a_comparison_of_every_row(edited):
    path, _ = edited
    lost = watch_trigger(path, "building", "update")
    outside(path, f"DROP TRIGGER {lost}", "UPDATE building SET floors = 1 WHERE uid = 'b'")
    with Project.open(path) as project:
        assert project.snapshot.feature(("building", "b")).attributes["floors"] == 1
        assert project.history.done[-1].kind == "outside"


def test_a_renamed_table_is_followed(edited):
    path, before = edited
    outside(
        path, "ALTER TABLE building RENAME TO 楼", "ALTER TABLE rtree_building_geom RENAME TO rtree_楼_geom",
        *(f"UPDATE {t} SET table_name = '楼' WHERE table_name = 'building'"
          for t in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions")),
    )  # fmt: skip
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        put(project, house("d", 60))
        with reopened(project) as again:
            assert again.snapshot.feature(("building", "d")) == house("d", 60)


@pytest.mark.parametrize(
    "act",
    [
        "ALTER TABLE building RENAME TO 楼",
        "DELETE FROM gpkg_geometry_columns WHERE table_name = 'building'",
        "DELETE FROM gpkg_contents WHERE table_name = 'building'",
    ],
)
def test_a_layer_that_another_program_left_out_of_the_register_is_entered_again(edited, act):
    path, before = edited
    outside(path, "UPDATE building SET floors = 9 WHERE uid = 'a'", act)
    with Project.open(path) as project:
        put(project, Feature("m", shapely.MultiPolygon([box(60), box(80)]), {}))
        project.undo()
        project.undo()
        assert content(project.snapshot) == before
    assert examine(path).findings == ()
    listed = subprocess.run(["ogrinfo", "-ro", str(path)], capture_output=True, text=True, check=True)
    assert listed.stdout.count("(Polygon)") >= 2
    assert listed.stderr == ""
    with Project.open(path) as again:
        assert again.findings == ()


def test_a_changed_crs_of_a_layer_is_put_right(edited):
    path, _ = edited
    outside(path, "UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'building'")
    with Project.open(path) as project:
        assert [f.code for f in project.findings] == ["outside.crs"]
    with Project.open(path) as project:
        assert project.findings == ()


def test_a_shape_that_cannot_be_read_does_not_replace_a_good_one(edited):
    path, before = edited
    db = connect(path)
    curve = bytes.fromhex("4750000104c41100000108000000030000") + b"\0" * 60
    db.execute("UPDATE building SET geom = ? WHERE uid = 'a'", (curve,))
    db.close()
    with Project.open(path) as project:
        assert content(project.snapshot) == before
        assert [f.code for f in project.findings] == ["outside.geometry"]
    with Project.open(path) as project:
        assert content(project.snapshot) == before


def test_values_no_field_should_hold_are_taken_as_they_are_or_left_empty(edited):
    path, _ = edited
    outside(path, "UPDATE building SET floors = 'viele', year = 9e999, name = x'e794b2' WHERE uid = 'a'")
    with Project.open(path) as project:
        found = project.snapshot.feature(("building", "a")).attributes
        assert (found["floors"], found["year"], found["name"]) == ("viele", None, "甲")
    assert examine(path).sound


def test_an_edit_of_what_was_changed_outside_meanwhile_is_a_conflict(project):
    put(project, house("a"), house("b", 20))
    outside(project.path, "UPDATE building SET floors = 99 WHERE uid = 'a'")
    with pytest.raises(ConflictError):
        put(project, house("a", 5))
    put(project, house("b", 25))
    with reopened(project) as again:
        assert again.snapshot.feature(("building", "a")).attributes["floors"] == 99
        assert again.snapshot.feature(("building", "b")) == house("b", 25)


def test_redo_is_dropped_by_an_edit_made_outside(project):
    put(project, house("a"))
    put(project, house("b", 20))
    project.undo()
    project.close()
    outside(project.path, "UPDATE building SET floors = 99 WHERE uid = 'a'")
    with Project.open(project.path) as again:
        assert again.history.undone == ()


def test_edits_made_by_gdal_are_taken_over(edited):
    path, before = edited
    for sql in (
        "UPDATE building SET name = 'GDAL' WHERE uid = 'a'",
        "DELETE FROM building WHERE uid = 'b'",
        "INSERT INTO tree(geom) SELECT ST_Centroid(geom) FROM building WHERE uid = 'a'",
    ):
        subprocess.run(["ogrinfo", str(path), "-sql", sql], check=True, capture_output=True, timeout=60)
    with Project.open(path) as project:
        table = project.snapshot.layers["building"].table
        assert set(table.uids) == {"a", "c"}
        assert table.get("a").attributes["name"] == "GDAL"
        assert len(project.snapshot.layers["tree"].table) == 1
        project.undo()
        assert content(project.snapshot) == before


def test_a_layer_overwritten_by_gdal_keeps_the_identity_of_its_features(edited, tmp_path):
    path, _ = edited
    with Project.open(path) as project:
        project.save_copy(tmp_path / "copy.gpkg")
    outside(tmp_path / "copy.gpkg", "UPDATE building SET floors = 3 WHERE uid = 'a'")
    subprocess.run(
        ["ogr2ogr", "-f", "GPKG", "-update", "-overwrite", str(path),
         str(tmp_path / "copy.gpkg"), "building"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    with Project.open(path) as project:
        assert set(project.snapshot.layers["building"].table.uids) == {"a", "b", "c"}
        assert project.snapshot.feature(("building", "a")).attributes["floors"] == 3
        assert project.snapshot.feature(("building", "c")).attributes["floors"] == "six"
        put(project, Feature("d", shapely.box(0, 0, 1, 1), {}))
        assert project.undo() is not None
        project.undo()
        assert project.snapshot.feature(("building", "a")) == house("a")


def test_reading_a_file_with_untaken_edits_gives_every_row_an_id(edited):
    path, _ = edited
    outside(
        path,
        "INSERT INTO building(geom, uid) SELECT geom, uid FROM building",
        "UPDATE building SET uid = NULL WHERE uid = 'b'",
    )
    with Project.open(path, read_only=True) as project:
        table = project.snapshot.layers["building"].table
        assert len(set(table.uids)) == len(table) == 6
        assert all(isinstance(uid, str) for uid in table.uids)
    db = apsw.Connection(str(path))
    assert db.execute("SELECT count(*) FROM building WHERE uid IS NULL").get == 2
    db.close()


def test_refreshing_takes_over_what_was_edited_outside_while_the_project_is_open(project):
    put(project, house("a"), house("b", 20))
    seen = []
    project.changed.connect(seen.append)
    assert project.refresh() is None
    outside(
        project.path,
        "UPDATE building SET floors = 99 WHERE uid = 'a'",
        "DELETE FROM building WHERE uid = 'b'",
    )
    put(project, house("c", 40))
    seen.clear()
    changes = project.refresh()
    assert seen == [changes]
    assert {c.action for c in changes} == {"modify", "remove"}
    assert project.snapshot.feature(("building", "a")).attributes["floors"] == 99
    assert project.history.done[-1].kind == "outside"
    assert project.refresh() is None
    project.undo()
    assert project.snapshot.feature(("building", "a")) == house("a")
    seen = content(project.snapshot)
    with reopened(project) as again:
        assert content(again.snapshot) == seen


def test_no_edit_is_written_while_the_triggers_are_gone(project):
    put(project, house("a"))
    lost = watch_trigger(project.path, "building", "update")
    outside(project.path, f"DROP TRIGGER {lost}", "UPDATE building SET floors = 99 WHERE uid = 'a'")
    for _ in range(2):
        with pytest.raises(ConflictError):
            put(project, house("a", 5))
    with reopened(project) as again:
        assert again.snapshot.feature(("building", "a")).attributes["floors"] == 99


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("x'ff'", "楼"),
        ("x'00'", "楼"),
        ("CAST(x'ff41' AS TEXT)", "楼"),
        ("x'd6d0cec4'", "中文"),
        ("CAST(x'd6d0cec4' AS TEXT)", "中文"),
        ("x'e4b8ade69687'", "中文"),
    ],
)
def test_a_cell_that_is_no_value_is_named_and_gives_way_to_what_was_there(project, cell, name):
    put(project, house("a", name="楼"), house("b", 20))
    before = content(project.snapshot)
    project.freeze("一稿")
    project.close()
    outside(project.path, f"UPDATE building SET name = {cell}, floors = 9 WHERE uid = 'a'")
    with Project.open(project.path, read_only=True) as seen:
        assert all(value is None or isinstance(value, str) for value in column(seen, "name"))
        assert [f.code for f in seen.findings] == ["outside.waiting", "outside.value"]
        assert (column(seen, "name")[0], column(seen, "floors")[0]) == (name, 9)
    with Project.open(project.path) as mended:
        assert column(mended, "name")[0] == name
        assert column(mended, "floors")[0] == 9
        found = [f for f in mended.findings if f.code == "outside.value"]
        assert [(f.layer, f.uid, f.field) for f in found] == [("building", "a", "name")]
        mended.undo()
        assert content(mended.snapshot) == before
        mended.redo()
    assert examine(project.path).sound
    with Project.open(project.path) as again:
        assert again.findings == ()
        assert column(again, "name")[0] == name


def column(project, name):
    return project.snapshot.layers["building"].table.columns[name].tolist()


def test_a_number_without_end_and_bytes_among_the_numbers_are_left_out(project):
    put(project, house("a", floors=6), house("b", 20, floors=5))
    project.close()
    outside(
        project.path,
        "UPDATE building SET floors = x'ff' WHERE uid = 'a'",
        "INSERT INTO building(geom, floors, year) SELECT geom, x'00', 9e999 FROM building LIMIT 1",
    )
    with Project.open(project.path) as mended:
        assert column(mended, "floors") == [6, 5, None]
        assert column(mended, "year")[2] is None
        assert len([f for f in mended.findings if f.code == "outside.value"]) == 3
    assert examine(project.path).sound


def test_lost_triggers_cost_no_step_for_rows_that_are_as_they_were(project):
    put(project, *(house(f"{i:032x}", i * 20.0, floors=i, note="0.1") for i in range(30)))
    put(project, house("f" * 32, 900.0, floors="six"))
    before = content(project.snapshot)
    project.close()
    triggers = [watch_trigger(project.path, "building", verb) for verb in ("insert", "update", "delete")]
    outside(
        project.path,
        *(f'DROP TRIGGER "{name}"' for name in triggers),
        f"UPDATE building SET floors = 99 WHERE uid = '{5:032x}'",
    )
    with Project.open(project.path) as again:
        assert len(again.changes_between("working", "working")) == 0
        assert "0 added, 1 changed, 0 removed" in again.findings[0].message.en
        again.undo()
        assert content(again.snapshot) == before


def test_taking_over_many_edits_tells_how_far_it_is_and_can_be_cancelled(edited):
    path, _ = edited
    outside(path, "UPDATE building SET floors = 9")
    data = path.read_bytes()
    told = []
    with pytest.raises(CancelledError):
        Project.open(path, progress=Progress(None, lambda: True))
    assert path.read_bytes() == data
    with Project.open(path, progress=Progress(lambda fraction, _: told.append(fraction))):
        assert told == sorted(told)
        assert 0 <= told[0] < told[-1] <= 1
