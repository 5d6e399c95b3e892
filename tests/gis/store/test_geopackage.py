"""The file is a GeoPackage to everybody else: GDAL reads it and keeps to its index."""

import json
import re
import subprocess

import apsw
import pytest
import shapely

from gis.project import Project
from gis.store.blobs import from_blobs, to_blobs
from gis.store.connection import connect
from gis.store.doctor import examine
from gis.store.layer_writer import LayerWriter
from layers.changes import Change, ChangeSet
from layers.errors import StorageError
from layers.feature import Feature
from layers.kinds import standard_kinds
from tests.gis.store.plans import E0, EDIT, N0, box, content, drop, house, put, reopened, watch_trigger


def gdal(*arguments):
    done = subprocess.run(
        ["ogrinfo", "-ro", *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    # An older GDAL says that it knows no 1.4; nothing else may be wrong.
    wrong = [line for line in done.stderr.splitlines() if line.strip() and "user_version" not in line]
    assert wrong == []
    return done.stdout


@pytest.fixture
def filled(project):
    put(project, house("a"), house("b", 20), house("c", 40))
    put(
        project,
        Feature(
            "p",
            shapely.Point(E0, N0),
            {"code": "D01", "severity": 5, "depth_m": 0.3, "rain_date": "2020-07-25"},
        ),
        Feature("l", shapely.LineString([(E0, N0), (E0 + 5, N0)]), {"code": "D02"}),
        Feature("n", None, {"code": "D03"}),
        layer="drainage_spot",
    )
    put(project, Feature("tree", shapely.Point(E0, N0), {}), layer="tree")
    drop(project, "c")
    project.freeze("一稿", "说明")
    return project


def test_ogrinfo_lists_every_layer_with_its_shape_and_the_revisions_and_no_other_table(filled):
    filled.close()
    listed = dict(re.findall(r"^\d+: (\w+)(?: \((.+)\))?$", gdal(str(filled.path)), re.MULTILINE))
    assert set(listed) == {*standard_kinds(), "pb_revision"}
    assert (listed["building"], listed["tree"], listed["road"]) == ("Polygon", "Point", "Line String")
    assert listed["drainage_spot"] == ""
    assert listed["pb_revision"] == "None"


def test_ogrinfo_counts_and_reads_the_features_of_every_layer(filled):
    filled.close()
    for name, layer in filled.snapshot.layers.items():
        said = gdal("-so", str(filled.path), name)
        assert f"Feature Count: {len(layer.table)}" in said
        assert 'ID["EPSG",4548]' in said
    said = gdal(str(filled.path), "drainage_spot")
    for line in (
        "code (String) = D01",
        "severity (Integer64) = 5",
        "depth_m (Real) = 0.3",
        "rain_date (Date) = 2020/07/25",
    ):
        assert line in said
    assert "title (String) = 一稿" in gdal(str(filled.path), "pb_revision")


def test_the_extent_in_the_contents_is_that_of_the_features_after_closing(filled):
    put(filled, house("far", 5000))
    drop(filled, "far")
    filled.close()
    said = gdal("-so", str(filled.path), "building")
    assert f"Extent: ({E0:.6f}, {N0:.6f}) - ({E0 + 30:.6f}, {N0 + 10:.6f})" in said


def removal(project, first, last):
    """Return the change that takes many buildings away in one step."""
    table = project.snapshot.layers["building"].table
    return ChangeSet.of(Change("building", table.get(f"many{i}"), None) for i in range(first, last))


@pytest.mark.parametrize(("total", "gone"), [(1200, 1200), (2500, 1100), (2500, 1400)])
def test_many_rows_that_go_at_once_leave_index_and_watch_as_they_should_be(filled, total, gone):
    put(filled, *(house(f"many{i}", i * 12) for i in range(total)))
    before = content(filled.snapshot)
    filled.apply(removal(filled, total - gone, total), EDIT)
    after = content(filled.snapshot)
    assert len(after["features"]) == len(before["features"]) - gone
    for expected in (before, after, before):
        (filled.undo if expected is before else filled.redo)()
        assert content(filled.snapshot) == expected
    filled.redo()
    put(filled, house("one more", 77_000))
    path = filled.path
    assert content(reopened(filled).snapshot)["features"].keys() == after["features"].keys() | {
        ("building", "one more")
    }
    check_index(path, "building")


def test_a_large_removal_that_fails_leaves_index_and_watch_untouched(filled, monkeypatch):
    put(filled, *(house(f"many{i}", i * 12) for i in range(1200)))
    before = content(filled.snapshot)
    with monkeypatch.context() as patched:
        patched.setattr(LayerWriter, "_note", lambda *_: (_ for _ in ()).throw(apsw.FullError("full")))
        with pytest.raises(StorageError):
            filled.apply(removal(filled, 0, 1200), EDIT)
    path = filled.path
    with reopened(filled) as again:
        assert content(again.snapshot) == before
    check_index(path, "building")


def check_index(path, *tables):
    """Check that indexes hold the boxes of the rows, and that all triggers are there."""
    db = apsw.Connection(str(path))
    for table in tables:
        boxes = {row[0]: row[1:] for row in db.execute(f"SELECT * FROM rtree_{table}_geom")}
        rows = db.execute(f"SELECT fid, geom FROM {table} WHERE geom NOT NULL").fetchall()
        assert set(boxes) == {fid for fid, _ in rows}
        for (fid, _), shape in zip(rows, from_blobs([blob for _, blob in rows]), strict=True):
            west, south, east, north = shape.bounds
            assert boxes[fid] == pytest.approx((west, east, south, north), abs=0.6)  # single precision
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    db.close()
    for table in tables:
        assert {f"rtree_{table}_geom_insert", f"rtree_{table}_geom_delete"} <= there
        assert {watch_trigger(path, table, verb) for verb in ("insert", "delete")} <= there


def test_the_index_finds_what_the_table_holds_after_every_kind_of_edit(filled):
    put(filled, house("a", 100))
    filled.undo()
    put(
        filled,
        Feature("l", None, {"code": "D02"}),
        Feature("n", shapely.Point(E0 + 9, N0), {"code": "D03"}),
        layer="drainage_spot",
    )
    put(filled, *(house(f"many{i}", i * 12) for i in range(1200)))
    put(filled, house("many7", 90_000))
    filled.close()
    check_index(filled.path, "building", "drainage_spot", "tree")


def test_the_declared_shape_stays_true_when_a_multi_or_a_height_comes(project):
    put(project, Feature("m", shapely.MultiPolygon([box(), box(20)]), {}))
    put(project, Feature("z", shapely.Point(1, 2, 3), {}), layer="tree")
    project.close()
    db = apsw.Connection(str(project.path))
    declared = {
        r[0]: r[1:]
        for r in db.execute("SELECT table_name, geometry_type_name, z, m FROM gpkg_geometry_columns")
    }
    db.close()
    assert declared["building"] == ("GEOMETRY", 0, 0)
    assert declared["tree"] == ("POINT", 2, 0)
    assert declared["road"] == ("LINESTRING", 0, 0)


def test_programs_on_gdal_open_a_layer_of_several_shapes_without_a_warning(filled):
    parts = shapely.MultiPolygon([box(0), box(20)])
    put(filled, Feature("g", parts, {}), layer="green")
    put(filled, Feature("m", shapely.MultiLineString([[(E0, N0), (E0 + 1, N0)]]), {}), layer="road")
    filled.close()
    gdal("-al", "-so", str(filled.path))


def test_a_file_of_an_earlier_program_that_gdal_warned_about_is_mended_when_it_is_opened(filled):
    filled.close()
    db = connect(filled.path)
    db.execute(
        "UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY' WHERE table_name = 'building'"
    )
    db.close()
    with Project.open(filled.path) as project:
        before = content(project.snapshot)
    gdal("-al", "-so", str(filled.path))
    assert examine(filled.path).findings == ()
    with Project.open(filled.path) as project:
        assert content(project.snapshot) == before


def test_gdal_gives_the_same_features_as_we_do(filled, tmp_path):
    filled.close()
    out = tmp_path / "out.json"
    subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", str(out), str(filled.path), "building",
         "-lco", "COORDINATE_PRECISION=9"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    found = {
        f["properties"]["uid"]: f["properties"]["number"] for f in json.loads(out.read_text())["features"]
    }
    assert found == {"a": "a", "b": "b"}


def test_the_header_follows_the_specification(filled):
    filled.close()
    db = apsw.Connection(str(filled.path))
    assert db.pragma("application_id") == 0x47504B47
    assert db.pragma("user_version") == 10300
    assert db.pragma("journal_mode") == "delete"
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    assert {row[0] for row in db.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")} == {-1, 0, 4326, 4548}
    changes = db.execute("SELECT last_change FROM gpkg_contents WHERE table_name = 'building'").get
    db.close()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", changes)


def test_a_crs_without_a_code_gets_a_number_of_its_own(tmp_path):
    from gis.project import Project

    wkt = (
        'PROJCS["独立坐标系",GEOGCS["CGCS2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],'
        'PARAMETER["central_meridian",118.3],PARAMETER["scale_factor",1],PARAMETER["false_easting",50000],'
        'PARAMETER["false_northing",-4000000],UNIT["metre",1]]'
    )
    with Project.create(tmp_path / "p.gpkg", "t", wkt) as project:
        put(project, house("a"))
    with Project.open(tmp_path / "p.gpkg") as project:
        assert project.snapshot.crs == wkt
        assert len(content(project.snapshot)["features"]) == 1
    assert "独立坐标系" in gdal("-so", str(tmp_path / "p.gpkg"), "building")


def test_blobs_of_other_writers_are_read():
    shape = shapely.box(0, 0, 2, 1)
    for head in ("47500001e6100000", "47500000000010e6"):  # without envelope, little and big endian
        blob = bytes.fromhex(head) + shape.wkb
        assert from_blobs([blob, None])[0].equals(shape)
        assert from_blobs([blob, None])[1] is None
    (own,), bounds = to_blobs([shape], 4548)
    assert own[3] == 3
    assert bounds.tolist() == [[0, 0, 2, 1]]


def test_a_copy_is_a_whole_project_of_its_own(filled, tmp_path):
    from gis.project import Project

    target = tmp_path / "副本.gpkg"
    filled.save_copy(target)
    with Project.open(target) as copy:
        assert content(copy.snapshot) == content(filled.snapshot)
        assert copy.revisions == filled.revisions
        assert copy.history == filled.history
        put(copy, house("only here", 900))
    assert "only here" not in filled.snapshot.layers["building"].table
