"""A few dozen damaged files of every format; `tests.bench.fuzz` takes thousands."""

import random
import time
import zipfile

import pytest

from gis.exchange.archive import archive_files
from gis.exchange.encoding import decode
from tests.gis.exchange.mutations import mutated, read_outcome, specimens

EACH = 5


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return specimens(tmp_path_factory.mktemp("good") / "files")


FORMATS = (
    "gpkg", "dxf", "dxf-gbk", "shp", "geojson", "kml", "xlsx", "FlatGeobuf", "GML", "MapInfo File", "csv",
    "gpx", "zip", "kmz", "dxf-binary", "photo", "xls",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_good_file_of_each_format_is_read(good, name):
    assert read_outcome(good[name]) == "read"


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_or_refused_and_never_crashes_or_hangs(good, name, tmp_path):
    for seed in range(EACH):
        victim = mutated(good[name], tmp_path / "bad", random.Random(seed))
        start = time.perf_counter()
        assert read_outcome(victim) in ("read", "refused"), seed
        assert time.perf_counter() - start < 10.0, seed


def test_text_whose_last_character_is_cut_is_read_in_the_encoding_that_the_rest_shows():
    found = decode("住宅楼三号院".encode()[:-1], "gb2312")
    assert found.text.startswith("住宅楼三号")
    assert found.fault is not None


def test_an_archive_with_a_member_without_a_name_is_read_as_if_it_were_not_there(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"?")
        archive.writestr("a.geojson", '{"type": "FeatureCollection", "features": []}')
    assert archive_files(tmp_path / "a.zip") == ["a.geojson"]


def test_a_layer_whose_name_is_no_text_is_refused_in_words(good, tmp_path):
    whole = good["FlatGeobuf"].read_bytes()
    at = whole.index(b"a\x00", 8)
    (tmp_path / "a.fgb").write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
    assert read_outcome(tmp_path / "a.fgb") == "refused"
