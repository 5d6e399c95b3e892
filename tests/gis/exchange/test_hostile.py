"""Files that are no good: refused fast, with a clear word, and nothing else happens."""

import json
import os
import re
import threading
import time
import zipfile

import pytest

from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from layers.errors import BadInputError, NotFoundError
from tests.gis.exchange.conftest import plan

POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [118.31, 36.83]}}
GOOD = json.dumps({"type": "FeatureCollection", "features": [POINT]})
KML = (
    '<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
)
PLACE = "<Placemark><name>{name}</name><Point><coordinates>118.31,36.83</coordinates></Point></Placemark>"
BOMB_BYTES = 650 * 1024**2


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in members.items():
            archive.writestr(name.replace("__", "."), words)
    return path


def refused(path, code):
    with pytest.raises(BadInputError) as caught:
        read_source(path)
    assert caught.value.code == code
    assert caught.value.message.zh
    return caught.value


def test_an_archive_that_unpacks_without_end_is_stopped(tmp_path):
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.geojson", "w", force_zip64=True) as member,
    ):
        for _ in range(BOMB_BYTES // 2**20):
            member.write(b" " * 2**20)
    assert path.stat().st_size < 2**20
    refused(path, "import.too-large")


def test_an_archive_with_several_files_asks_which(tmp_path):
    error = refused(packed(tmp_path / "a.zip", a__geojson=GOOD, b__geojson=GOOD), "import.which-layer")
    assert "a.geojson, b.geojson" in error.advice.en


def test_an_archive_in_an_archive_is_not_opened(tmp_path):
    inner = packed(tmp_path / "inner.zip", a__geojson=GOOD).read_bytes()
    refused(packed(tmp_path / "outer.zip", inner__zip=inner), "import.archive")


def test_a_member_with_a_path_stays_in_its_folder(tmp_path):
    home = tmp_path / "deep" / "home"
    home.mkdir(parents=True)
    with zipfile.ZipFile(home / "a.zip", "w") as archive:
        archive.writestr("../../evil.geojson", GOOD)
    assert read_source(home / "a.zip").counts.read == 1
    assert not (tmp_path / "evil.geojson").exists()


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE k [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE k [<!ENTITY y "yyyyyyyyyy"><!ENTITY x "&y;&y;&y;&y;&y;&y;&y;&y;">]>',
    ],
)
def test_xml_with_entities_is_not_read(tmp_path, head):
    (tmp_path / "a.kml").write_text(KML.format(head=head, body=PLACE.format(name="&x;")), "utf-8")
    refused(tmp_path / "a.kml", "import.entities")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.geojson", '{"type":"FeatureCollection","features":[' + "[" * 100_000 + "]" * 100_000 + "]}"),
        ("a.kml", KML.format(head="", body="<Folder>" * 20_000 + "</Folder>" * 20_000)),
    ],
)
def test_deep_nesting_is_refused(tmp_path, name, words):
    (tmp_path / name).write_text(words, "utf-8")
    with pytest.raises(BadInputError):
        read_source(tmp_path / name)


def test_why_a_file_is_refused_is_said_in_chinese_not_in_the_words_of_a_library(tmp_path):
    nested, cut = tmp_path / "a.geojson", tmp_path / "a.shp"
    nested.write_text('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "utf-8")
    cut.write_bytes(b"\0" * 40)
    for path in (nested, cut):
        said = refused(path, "import.unreadable").advice.zh
        assert not re.search("[a-z]{4}", said.replace("Shapefile", ""))


def test_a_million_columns_are_refused(tmp_path):
    heads = ",".join(f"c{i}" for i in range(1_000_000))
    (tmp_path / "a.csv").write_text(f"{heads}\n{'1,' * 999_999}1\n", "utf-8")
    refused(tmp_path / "a.csv", "import.too-large")


def test_as_many_names_in_json_are_refused(tmp_path):
    feature = {**POINT, "properties": {f"k{i}": i for i in range(3000)}}
    (tmp_path / "a.geojson").write_text(json.dumps(feature), "utf-8")
    refused(tmp_path / "a.geojson", "import.too-large")


def test_coordinates_that_are_no_numbers_cost_only_their_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("编号,lon,lat\n1,NaN,36.83\n2,inf,36.83\n3,118.311,36.831\n4,1e308,36.8\n", "utf-8")
    source = read_source(path)
    assert (source.counts.usable, source.counts.set_aside) == (1, 3)
    assert sorted(f.record for f in source.findings if f.severity == "error") == [2, 3, 5]


def test_a_formula_stays_the_text_or_value_that_it_is(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("名称,lon,lat\n\"=cmd|' /C calc'!A0\",118.311,36.831\n", "utf-8")
    made = plan_import(plan(), read_source(path), "facility")
    (change,) = made.changes
    assert change.after.attributes["name"] == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.shp", b""),
        ("a.shp", b"<html><body>404</body></html>"),
        ("a.geojson", b"\0" * 5000),
        ("a.gpkg", b"SQLite format 3\0" + b"\xff" * 400),
        ("a.xlsx", b"PK\x03\x04 cut"),
        ("a.csv", b""),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInputError):
        read_source(tmp_path / name)


def test_a_link_that_leads_back_to_itself_is_told(tmp_path):
    (tmp_path / "a.geojson").symlink_to(tmp_path / "b.geojson")
    (tmp_path / "b.geojson").symlink_to(tmp_path / "a.geojson")
    with pytest.raises(NotFoundError) as caught:
        read_source(tmp_path / "a.geojson")
    assert "back to itself" in caught.value.message.en


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.geojson")
    refused(tmp_path / "a.geojson", "file.kind")


def test_a_path_in_chinese_with_spaces_is_a_path(tmp_path):
    folder = tmp_path / "旧改 项目（2020）"
    folder.mkdir()
    (folder / "建 筑.geojson").write_text(GOOD, "utf-8")
    assert read_source(folder / "建 筑.geojson").counts.usable == 1


def test_a_file_that_another_program_is_writing_is_not_taken_by_halves(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(GOOD, "utf-8")
    stop = threading.Event()

    def write():
        while not stop.is_set():
            os.utime(path)
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        refused(path, "import.changing")
    finally:
        stop.set()
        writer.join()
