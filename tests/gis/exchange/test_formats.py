"""KML, GPX, GML, FlatGeobuf, MapInfo and archives: what is whole comes in, what is harmful does not."""

import http.server
import threading
import time
import zipfile

import numpy as np
import pyogrio.raw
import pytest
import shapely

from gis.exchange.child import layers_of, read
from gis.exchange.formats import format_of
from gis.exchange.looking import list_source_layers
from gis.exchange.parts import data_files
from gis.exchange.source import read_source
from layers.errors import BadInputError, NotFoundError

POINTS = [shapely.Point(118.3 + i / 1000, 36.8) for i in range(20)]
NAMES = [f"{i}号楼" for i in range(20)]
LAUGHS = '<!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def shapes(table):
    return [None if blob is None else shapely.from_wkb(blob) for blob in table.wkb]


def kml(path, body, head=""):
    path.write_text(
        f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>',
        encoding="utf-8",
    )
    return path


def write(path, driver, **options):
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(POINTS, dtype=object)), [np.array(NAMES, dtype=object)], ["名称"],
        driver=driver, geometry_type="Point", crs="EPSG:4326", **options,
    )  # fmt: skip
    return path


@pytest.mark.parametrize(
    ("name", "records", "usable"),
    [
        # counts of an independent reader (GDAL); where it makes a point of a one-point line, so do we
        ("GDAL_geometries.kml", 25, 13),
        ("GDAL_gxtrack.kml", 1, 1),
        ("GDAL_tab_separated_coord_triplet.kml", 1, 1),
        ("togeojson_addresses.kml", 15, 7),
        ("togeojson_bad.kml", 3, 0),
        ("mapshaper_Albania.kmz", 63, 63),
        ("GDAL_test.gpx", 7, 4),
        ("togeojson_bad.gpx", 4, 0),
        ("gpxpy_unicode_with_bom.gpx", 1, 1),
        ("gpxpy_track-with-empty-segment.gpx", 1, 1),
        ("shpjs_zero-len-line.zip", 3, 2),
    ],
)
def test_every_record_of_a_real_file_is_read_or_told(data, name, records, usable):
    table = read(data / name, None, None, ())
    told = {f.record for f in table.findings if f.severity == "error"}
    assert table.read == records
    assert sum(blob is not None for blob in table.wkb) == usable
    assert len(told) == records - usable


def test_folders_of_one_name_stay_two(data):
    names = [layer.name for layer in layers_of(data / "GDAL_duplicate_folder_name.kml")]
    assert names == ["GDAL_duplicate_folder_name", "layer", "layer (2)"]
    table = read(data / "GDAL_duplicate_folder_name.kml", "layer (2)", None, ())
    assert (table.records, [s.x for s in shapes(table)]) == ([2], [3.0])


def test_a_folder_brings_its_subfolders(data):
    assert read(data / "GDAL_samples.kml", "Paths", None, ()).read == 6
    with pytest.raises(NotFoundError):
        read(data / "GDAL_samples.kml", "nowhere", None, ())


def test_a_cut_kml_gives_what_stands_before_the_cut(data, tmp_path):
    whole = (data / "GDAL_samples.kml").read_bytes()
    cut = tmp_path / "cut.kml"
    kept = whole[: whole.index(b"Absolute Extruded") + 40]
    cut.write_bytes(kept)
    table = read(cut, None, None, ())
    assert table.read == kept.count(b"</Placemark>") + 1 == 9
    assert sum(b is not None for b in table.wkb) == 7
    codes = [f.code for f in table.findings]
    assert "import.truncated" in codes
    assert "import.record-unreadable" in codes


def test_a_cut_track_keeps_the_points_before_the_cut(data, tmp_path):
    whole = (data / "gpxpy_track-with-empty-segment.gpx").read_bytes()
    cut = tmp_path / "cut.gpx"
    cut.write_bytes(whole[: whole.rindex(b"<trkpt") + 12])
    table = read(cut, None, None, ())
    assert len(shapes(table)[0].coords) == 8
    assert "import.truncated" in {f.code for f in table.findings}


def test_extended_data_and_times_become_columns(tmp_path):
    body = (
        '<Placemark id="p1"><name>积水点</name><TimeStamp><when>2020-07-25</when></TimeStamp><ExtendedData>'
        '<Data name="水深"><value>0.3</value></Data>'
        '<SchemaData><SimpleData name="来源">踏勘</SimpleData></SchemaData>'
        "</ExtendedData><Point><coordinates>118.3, 36.8 ,0</coordinates></Point></Placemark>"
    )
    table = read(kml(tmp_path / "a.kml", body), None, None, ())
    assert {n: c[0] for n, c in table.columns.items()} == {
        "name": "积水点", "time": "2020-07-25", "水深": "0.3", "来源": "踏勘", "id": "p1"
    }  # fmt: skip
    assert shapes(table)[0].coords[0] == (118.3, 36.8)


def test_a_feature_of_ours_that_another_program_handed_on_says_nothing_new(tmp_path):
    uid = "7f073a01233a50b0b1a0e39cc3cc385f"
    body = (
        '<Placemark id="p1"><name>1号楼</name><ExtendedData><SchemaData>'
        '<SimpleData name="tessellate">1</SimpleData><SimpleData name="visibility">-1</SimpleData>'
        f'<SimpleData name="uid">{uid}</SimpleData><SimpleData name="floors">6</SimpleData>'
        "</SchemaData></ExtendedData><Point><coordinates>118.3,36.8</coordinates></Point></Placemark>"
    )
    table = read(kml(tmp_path / "a.kml", body), None, None, ())
    assert {n: c[0] for n, c in table.columns.items()} | {"uid": uid} == {"uid": uid, "floors": "6"}


def test_a_network_link_is_told_and_never_followed(tmp_path):
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    link = f"http://127.0.0.1:{server.server_port}/x.kml"
    body = (
        f"<NetworkLink><Link><href>{link}</href></Link></NetworkLink>"
        "<Placemark><Point><coordinates>118.3,36.8</coordinates></Point></Placemark>"
    )
    source = read_source(kml(tmp_path / "a.kml", body))
    server.shutdown()
    assert "import.network-link" in {f.code for f in source.findings}
    assert not asked


@pytest.mark.parametrize("ending", ["kml", "gpx", "gml"])
def test_entities_are_refused_before_they_grow(tmp_path, ending):
    roots = {"kml": "kml", "gpx": "gpx", "gml": 'x xmlns:gml="http://www.opengis.net/gml"'}
    bomb = tmp_path / f"bomb.{ending}"
    bomb.write_text(f'<?xml version="1.0"?>{LAUGHS}<{roots[ending]}>&b;</{roots[ending].split()[0]}>')
    start = time.monotonic()
    with pytest.raises(BadInputError) as caught:
        read(bomb, None, None, ())
    assert caught.value.code == "import.entities"
    assert time.monotonic() - start < 2


def test_deep_nesting_is_refused(tmp_path):
    deep = kml(tmp_path / "deep.kml", "<Folder>" * 5000 + "</Folder>" * 5000)
    with pytest.raises(BadInputError) as caught:
        read(deep, None, None, ())
    assert caught.value.code == "import.nesting"


def test_chinese_kml_in_gbk_is_read(tmp_path):
    path = tmp_path / "a.kml"
    words = (
        '<?xml version="1.0" encoding="GBK"?><kml><Placemark><name>幼儿园门口</name>'
        "<Point><coordinates>118.3,36.8</coordinates></Point></Placemark></kml>"
    )
    path.write_bytes(words.encode("gb18030"))
    assert read(path, None, None, ()).columns["name"] == ["幼儿园门口"]


def test_junk_behind_the_end_is_ignored_and_told(tmp_path):
    path = kml(tmp_path / "a.kml", "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>")
    path.write_text(path.read_text() + "<junk", encoding="utf-8")
    table = read(path, None, None, ())
    assert table.read == 1
    assert {f.code for f in table.findings} == {"import.trailing"}


@pytest.mark.parametrize(
    ("ending", "driver", "options"),
    [
        ("fgb", "FlatGeobuf", {}),
        ("gml", "GML", {}),
        ("tab", "MapInfo File", {"encoding": "CP936"}),
        ("mif", "MapInfo File", {"encoding": "CP936"}),
        ("mif", "MapInfo File", {"encoding": "UTF-8"}),
    ],
)
def test_other_programs_formats_come_in_whole(tmp_path, ending, driver, options):
    path = write(tmp_path / f"图层.{ending}", driver, **options)
    before = sorted(p.name for p in tmp_path.iterdir())
    source = read_source(path)
    assert source.counts.usable == 20
    column = next(c for n, c in source.columns.items() if "号楼" in str(c[0]))
    assert sorted(column) == sorted(NAMES)
    found = shapely.get_coordinates(source.geometry)
    known = shapely.get_coordinates(POINTS)[[NAMES.index(name) for name in column]]
    assert np.abs(found - known).max() < 1e-6
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_the_numbers_that_gml_gives_anew_each_time_are_no_attributes(tmp_path):
    source = read_source(write(tmp_path / "a.gml", "GML"))
    assert not {"gml_id", "fid"} & set(source.columns)


def test_a_cut_flatgeobuf_gives_its_whole_part(tmp_path):
    path = write(tmp_path / "a.fgb", "FlatGeobuf", SPATIAL_INDEX="NO")
    path.write_bytes(path.read_bytes()[:-300])
    source = read_source(path)
    assert 0 < source.counts.usable < 20
    assert source.counts.usable + source.counts.set_aside == source.counts.read == 20


def test_gml_is_read_without_its_declared_encoding_fooling_the_parser(tmp_path):
    path = write(tmp_path / "a.gml", "GML")
    words = path.read_text(encoding="utf-8").replace('encoding="utf-8"', 'encoding="GBK"')
    path.write_bytes(words.encode("gb18030"))
    assert NAMES[3] in [v for c in read(path, None, None, ()).columns.values() for v in c]


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def test_an_archive_with_one_usable_file_is_read_through(tmp_path):
    inside = '{"type": "Point", "coordinates": [118.3, 36.8]}'
    path = zipped(tmp_path / "a.zip", 图层__geojson=inside, readme__txt="x")
    assert read_source(path).counts.usable == 1


def test_of_several_files_in_an_archive_one_must_be_named(tmp_path):
    inside = '{"type": "Point", "coordinates": [118.3, 36.8]}'
    path = zipped(tmp_path / "a.zip", a__geojson=inside, b__geojson=inside)
    assert [layer.name for layer in list_source_layers(path)] == ["a.geojson:a", "b.geojson:b"]
    with pytest.raises(BadInputError) as caught:
        read_source(path)
    assert caught.value.code == "import.which-layer"
    assert read_source(path, source_layer="b.geojson").layer == "b"


def test_a_zip_bomb_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("gis.exchange.archive._MOST_BYTES", 1_000_000)
    path = zipped(tmp_path / "a.zip", a__geojson=b" " * 30_000_000)
    with pytest.raises(BadInputError) as caught:
        read(path, None, None, ())
    assert caught.value.code == "import.too-large"


def test_names_that_climb_out_of_the_archive_stay_inside(tmp_path):
    path = tmp_path / "sub" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.geojson", '{"type": "Point", "coordinates": [118.3, 36.8]}')
    assert read(path, None, None, ()).read == 1
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("name", ["mapshaper_zip-in-zip.zip"])
def test_an_archive_in_an_archive_is_refused(data, name):
    with pytest.raises(BadInputError) as caught:
        read(data / name, None, None, ())
    assert caught.value.code == "import.archive"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"PAR1xx", "GeoParquet"),
        (b"Rar!", "RAR"),
        (b"<svg>", "HTML"),
        (b"", "empty"),
        (b"\0\1\2", "recognisable"),
    ],
)
def test_other_files_are_called_by_what_they_are(tmp_path, start, words):
    path = tmp_path / "a.bin"
    path.write_bytes(start)
    with pytest.raises(BadInputError) as caught:
        format_of(path)
    assert words in caught.value.message.en


def test_a_cut_geojson_gives_its_whole_features(tmp_path):
    feature = (
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [118.3, 36.8]}}'
    )
    cut = tmp_path / "cut.geojson"
    cut.write_text(f'{{"type": "FeatureCollection", "features": [{feature},\n{feature},\n{feature[:40]}')
    source = read_source(cut)
    assert (source.counts.read, source.counts.usable, source.counts.set_aside) == (3, 2, 1)
    assert "import.truncated" in {f.code for f in source.findings}


@pytest.mark.parametrize("radius_m", [5.0, 100.0, 800.0])
def test_arcs_become_chords_that_stay_within_a_centimetre(tmp_path, radius_m):
    east, north = 616700.0, 4078000.0
    places = [(north, east - radius_m), (north + radius_m, east), (north, east + radius_m)]
    words = " ".join(f"{n} {e}" for n, e in places)
    (tmp_path / "arc.gml").write_text(
        '<?xml version="1.0"?><o:FeatureCollection xmlns:o="http://ogr.maptools.org/" '
        'xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="a"><o:featureMember><o:arc gml:id="arc.0">'
        "<o:geom>"
        '<gml:Curve gml:id="g" srsName="urn:ogc:def:crs:EPSG::4548"><gml:segments><gml:ArcString '
        f'interpolation="circularArc3Points"><gml:posList>{words}</gml:posList></gml:ArcString></gml:segments>'
        "</gml:Curve></o:geom></o:arc></o:featureMember></o:FeatureCollection>",
        "utf-8",
    )
    (arc,) = read_source(tmp_path / "arc.gml").geometry
    corners = shapely.get_coordinates(arc)
    middles = (corners[1:] + corners[:-1]) / 2
    gap = radius_m - np.hypot(middles[:, 0] - east, middles[:, 1] - north)
    assert 0 <= gap.max() <= 0.01


@pytest.mark.parametrize(
    "start", [b'<?xml version="1.0"?>\n<osm version="0.6">', b"\0\0\0\r\n\tOSMHeader\x18R\x10"]
)
def test_raw_openstreetmap_data_are_named_and_the_way_on_told(tmp_path, start):
    (tmp_path / "town.osm").write_bytes(start)
    with pytest.raises(BadInputError, match="OpenStreetMap"):
        format_of(tmp_path / "town.osm")


@pytest.mark.parametrize("name", ["航片.ecw", "航片.SID", "国土.mdb", "桥.dgn"])
def test_files_of_other_programs_are_named_with_the_way_on(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x01\x02\x03msid" * 90)
    with pytest.raises(BadInputError) as refused:
        read_source(tmp_path / name)
    assert "无法辨认" not in refused.value.message.zh
    assert "存" in refused.value.advice.zh or "导出" in refused.value.advice.zh


def test_a_geodatabase_is_a_folder_that_is_named(tmp_path):
    (tmp_path / "国土.gdb").mkdir()
    with pytest.raises(BadInputError) as refused:
        data_files([tmp_path / "国土.gdb"])
    assert "ArcGIS" in refused.value.message.zh
    assert "GeoPackage" in refused.value.advice.zh
