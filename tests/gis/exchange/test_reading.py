"""Real and broken files: what is whole comes in, what is not is told."""

import json
import shutil
import struct

import numpy as np
import pyogrio.raw
import pytest
import shapely

from gis.exchange import asking
from gis.exchange.child import read
from gis.exchange.looking import list_source_layers
from gis.exchange.source import read_source
from gis.progress import Progress
from layers.errors import BadInputError, CancelledError, CrsError, NotFoundError, PlanboardError


def codes(findings):
    return {finding.code for finding in findings}


def write_geojson(path, *geometries, crs=None, **properties):
    features = [
        {
            "type": "Feature",
            "geometry": g if isinstance(g, dict | None) else json.loads(shapely.to_geojson(g)),
            "properties": properties,
        }
        for g in geometries
    ]
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_lying_label_does_not_spoil_chinese_names(data):
    table = read_source(data / "shanghai_gbk_cpg_says_utf8.shp")
    assert table.encoding == "GB18030"
    assert list(table.columns) == ["编号", "名称", "类型", "高度"]
    assert table.columns["名称"][0] == "上海国际会议中心"
    assert "import.encoding" in codes(table.findings)
    assert table.counts.usable == 247


def test_field_names_cut_inside_a_character_keep_their_columns_and_rows(data):
    table = read(data / "shanghai_utf8_fieldname_cut.shp", None, None, ())
    assert list(table.columns) == ["编号", "建筑名", "类型", "建筑高"]
    assert table.columns["建筑名"][0] == "上海国际会议中心"
    assert len(table.records) == 247


def test_an_encoding_the_user_names_is_used(data):
    table = read(data / "mapshaper_cpg_big5.shp", None, "big5", ())
    assert table.encoding == "BIG5"
    with pytest.raises(BadInputError):
        read(data / "mapshaper_cpg_big5.shp", None, "klingon", ())


def test_western_names_are_read_without_any_side_file(data):
    table = read(data / "pyshp_latin1.shp", None, None, ())
    assert table.encoding == "CP1252"
    assert any("Ñ" in str(v) for column in table.columns.values() for v in column)
    assert not (data / "pyshp_latin1.shx").exists()


def test_a_cut_file_gives_its_whole_part_and_counts_the_rest(data):
    table = read_source(data / "shanghai_truncated.shp")
    assert (table.counts.read, table.counts.usable, table.counts.set_aside) == (247, 105, 142)
    assert {"import.truncated", "import.geometry-damaged"} <= codes(table.findings)
    assert sum(f.code == "import.geometry-damaged" for f in table.findings) == 142


def test_null_shapes_are_listed_by_record(data):
    table = read_source(data / "d3shp_null.shp")
    assert [f.record for f in table.findings] == [2, 4, 5, 8]
    assert table.counts.usable + table.counts.set_aside == table.counts.read == 9


def test_coordinates_that_are_no_numbers_are_set_aside(data):
    table = read_source(data / "GDAL_pointnan.shp", crs="EPSG:4326")
    assert (table.counts.usable, table.counts.set_aside) == (1, 1)
    assert "import.coordinates" in codes(table.findings) or "import.geometry-empty" in codes(table.findings)


def test_a_file_with_nothing_usable_says_so_record_by_record(data):
    with pytest.raises(BadInputError) as caught:
        read_source(data / "mapshaper_invalid_coordinates.shp")
    assert caught.value.code == "import.no-shapes"
    assert [f.record for f in caught.value.findings] == [1]


def test_degrees_under_a_projected_label_are_refused(data):
    with pytest.raises(CrsError) as caught:
        read_source(data / "mapshaper_gauss_kruger.shp")
    assert caught.value.code == "crs.contradiction"


def test_a_missing_crs_is_asked_for_with_a_guess(data):
    with pytest.raises(CrsError) as caught:
        read_source(data / "d3shp_polylinem.shp")
    assert caught.value.code == "crs.missing"
    assert "EPSG:4326" in caught.value.advice.en
    assert read_source(data / "d3shp_polylinem.shp", crs="4326").crs == "EPSG:4326"


def test_a_page_called_shp_is_refused(data):
    with pytest.raises(BadInputError) as caught:
        read_source(data / "shpjs_bad.shp")
    assert caught.value.code == "import.unreadable"


def test_several_layers_are_listed_and_one_is_chosen(data):
    path = data / "mapshaper_mixed_crs.gpkg"
    assert [layer.name for layer in list_source_layers(path)] == ["oregon_2269", "oregon_4326"]
    with pytest.raises(BadInputError) as caught:
        read_source(path)
    assert "oregon_2269" in caught.value.advice.en
    with pytest.raises(NotFoundError):
        read_source(path, source_layer="idaho")
    assert read_source(path, source_layer="oregon_2269").crs == "EPSG:2269"


def test_an_absurd_feature_count_costs_no_memory(data):
    table = read(data / "GDAL_huge_feature_count.gpkg", "test", None, ())
    assert table.read == 1


def test_an_undefined_crs_is_a_missing_one(data):
    assert read(data / "GDAL_first_geometry_null.gpkg", None, None, ()).crs is None


def test_heights_and_measures_are_flattened_and_told(data):
    table = read(data / "pyogrio_line_zm.gpkg", None, None, ())
    assert codes(table.findings) == {"import.flattened"}
    assert not shapely.has_z(shapely.from_wkb(table.wkb[0]))


def test_a_bow_tie_is_repaired_and_told(tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    table = read(write_geojson(tmp_path / "a.geojson", bow), None, None, ())
    assert table.repaired == [1]
    assert shapely.is_valid(shapely.from_wkb(table.wkb[0]))
    assert shapely.from_wkb(table.wkb[0]).area == pytest.approx(2.0)


def test_three_bad_features_cost_only_themselves(tmp_path):
    good = shapely.Point(118.3, 36.8)
    bad = [
        {"type": "Point", "coordinates": ["x", None]},
        {"type": "Ball"},
        {"type": "Polygon", "coordinates": 7},
    ]
    table = read_source(write_geojson(tmp_path / "a.geojson", good, *bad, shapely.Point(118.31, 36.8)))
    assert (table.counts.usable, table.counts.set_aside) == (2, 3)
    assert [f.record for f in table.findings] == [2, 3, 4]
    assert {f.code for f in table.findings} == {"import.geometry-damaged"}


def test_ragged_and_nested_attributes_are_kept(tmp_path):
    path = tmp_path / "a.geojson"
    point = {"type": "Point", "coordinates": [118.3, 36.8]}
    features = [
        {"type": "Feature", "geometry": point, "properties": {"a": 1, "tags": {"b": [1, "二"]}}},
        {"type": "Feature", "geometry": point, "properties": None},
        {"type": "Feature", "geometry": point, "properties": {"c": "x"}},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    columns = read_source(path).columns
    assert columns["a"] == [1, None, None]
    assert json.loads(columns["tags"][0]) == {"b": [1, "二"]}


def test_projected_geojson_keeps_its_declared_system(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson", shapely.Point(616650, 4077999), crs="urn:ogc:def:crs:EPSG::4548"
    )
    assert read_source(path).crs == "EPSG:4548"


def test_the_users_word_on_the_crs_wins_and_is_noted(tmp_path):
    path = write_geojson(tmp_path / "a.geojson", shapely.Point(118.3, 36.8))
    table = read_source(path, crs="GCJ-02")
    assert table.crs == "GCJ-02"
    assert "import.crs-overruled" in codes(table.findings)


def test_points_that_lie_where_an_online_map_draws_them_are_told(tmp_path):
    path = write_geojson(
        tmp_path / "a.geojson", shapely.Point(118.3133527, 36.8264502), lon=118.3075, lat=36.8260
    )
    assert "import.shifted" in codes(read_source(path).findings)
    true = write_geojson(tmp_path / "b.geojson", shapely.Point(118.3075, 36.8260), lon=118.3075, lat=36.8260)
    assert "import.shifted" not in codes(read_source(true).findings)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.geojson", b"", "import.format"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "import.unreadable"),
        ("a.geojson", b'{"type": "Topology"}', "import.not-geojson"),
        ("a.geojson", b"{" * 100_000, "import.unreadable"),
        ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "import.unreadable"),
        ("a.zip", b"PK\x03\x04", "import.archive"),
        ("a.kml", b"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>]>", "import.format"),
        ("a.dxf", b"  0\nSECTION\n", "import.format"),
        ("a.dbf", b"\x03", "import.unreadable"),
        ("a.prj", b"GEOGCS[]", "import.incomplete"),
        ("a.shp", struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50) + b"\x00" * 72, "import.no-shapes"),
        ("a.shp", struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50), "import.unreadable"),
    ],
)
def test_what_is_no_map_is_refused_with_a_reason(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PlanboardError) as caught:
        read_source(path)
    assert caught.value.code == code


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_damaged_side_file_costs_only_what_it_held(data, tmp_path, suffix):
    for end in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        shutil.copy(data / f"shanghai_utf8_fieldname_cut{end}", tmp_path)
    victim = tmp_path / f"shanghai_utf8_fieldname_cut{suffix}"
    victim.write_bytes(b"\x00" * len(victim.read_bytes()))
    table = read(victim.with_suffix(".shp"), None, None, ())
    assert sum(blob is not None for blob in table.wkb) == 247
    assert "import.incomplete" in codes(table.findings)
    assert len(table.columns) == (4 if suffix == ".shx" else 0)


def test_text_that_is_not_utf8_in_a_geopackage_is_read_and_told(data, tmp_path):
    """The format wants UTF-8; some programs write what they have."""
    path = tmp_path / "a.gpkg"
    point, text = shapely.Point(118.3, 36.8).wkb, np.array(["PLACEHOLDER"], dtype=object)
    pyogrio.raw.write(
        path,
        np.array([point], dtype=object),
        [text],
        ["楼号"],
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
    )
    path.write_bytes(path.read_bytes().replace(b"PLACEHOLDER", "上海1号楼".encode("gbk").ljust(11)))
    table = read(path, None, None, ())
    assert table.columns["楼号"][0].strip() == "上海1号楼"
    assert codes(table.findings) == {"import.text"}


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(NotFoundError):
        read_source(tmp_path / "nix.gpkg")
    with pytest.raises(BadInputError):
        read_source(tmp_path)


def test_cancelling_stops_the_reader(data):
    asked = iter([False] + [True] * 1000)
    with pytest.raises(CancelledError):
        read_source(data / "shanghai_truncated.shp", progress=Progress(cancelled=lambda: next(asked)))


def test_a_reader_that_dies_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr("gis.exchange.asking._start_words", lambda: "import os; os.abort()")
    path = write_geojson(tmp_path / "a.geojson", shapely.Point(118.3, 36.8))
    with pytest.raises(BadInputError) as caught:
        read_source(path)
    assert caught.value.code == "import.reader-stopped"


def test_a_reader_that_wants_too_much_memory_is_stopped(tmp_path, monkeypatch):
    path = tmp_path / "a.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": [' + b"0," * 20_000_000 + b"0]}")
    usual = asking._start_words().partition("; runpy")[0]
    little = "; import gis.exchange.child as c; c.MEMORY_BYTES = 600_000_000; sys.exit(c.main())"
    monkeypatch.setattr(asking, "_start_words", lambda: usual + little)
    with pytest.raises(BadInputError) as caught:
        read_source(path)
    assert caught.value.code in ("import.too-large", "import.reader-stopped")


def test_the_users_folder_is_never_written_to(data, tmp_path, monkeypatch):
    monkeypatch.setenv("SHAPE_RESTORE_SHX", "YES")

    shutil.copy(data / "d3shp_polylinem.shp", tmp_path)
    for end in (".shp", ".shx", ".dbf"):
        shutil.copy(data / f"shanghai_truncated{end}", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert read_source(tmp_path / "d3shp_polylinem.shp", crs="4326").counts.usable == 2
    assert read_source(tmp_path / "shanghai_truncated.shp", crs="4326").counts.usable == 105
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_geometry_reaches_the_program_unchanged(tmp_path):
    shape = shapely.Point(118.30750000000001, 36.826)
    table = read_source(write_geojson(tmp_path / "a.geojson", shape))
    assert np.array_equal(shapely.get_coordinates(table.geometry), [[118.30750000000001, 36.826]])
