"""A few dozen damaged files of every format; `tests.bench.fuzz` takes thousands."""

import random
import shutil
import struct
import time
import zipfile

import pytest
import shapely

from gis.exchange.archive import archive_files
from gis.exchange.encoding import decode
from gis.exchange.source import read_source
from tests.gis.exchange.mutations import mutated, read_outcome
from tests.gis.exchange.specimens import specimens

EACH = 5
DRAWINGS = 3
"""A damaged drawing takes longest: ezdxf, its recovery and GDAL are tried one after the other."""


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return specimens(tmp_path_factory.mktemp("good") / "files")


FORMATS = (
    "gpkg", "dxf", "dxf-gbk", "dxf-binary", "shp", "shp-gbk", "geojson", "kml", "kmz", "gpx", "fgb", "gml",
    "tab", "mif", "csv", "dat", "xlsx", "xls", "et", "ods", "fods", "html-xls", "mhtml-xls", "xml-xls",
    "pasted-text", "pasted-page", "pasted-sheet", "zip", "photo", "geotiff", "world-file",
)  # fmt: skip


def test_every_format_is_tried(good):
    assert sorted(good) == sorted(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_good_file_of_each_format_is_read(good, name):
    assert read_outcome(good[name]) == "read"


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_or_refused_and_never_crashes_or_hangs(good, name, tmp_path):
    for seed in range(DRAWINGS if name.startswith("dxf") else EACH):
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
    whole = good["fgb"].read_bytes()
    at = whole.index(b"a\x00", 8)
    (tmp_path / "a.fgb").write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
    assert read_outcome(tmp_path / "a.fgb") == "refused"


def test_an_outline_that_is_not_closed_is_closed_and_told_and_costs_no_other_record(good, tmp_path):
    for part in good["shp"].parent.glob("*"):
        shutil.copyfile(part, tmp_path / f"a{part.suffix}")
    content = bytearray((tmp_path / "a.shp").read_bytes())
    last = 100 + 8 + 44 + 4 + 4 * 16  # behind the headers, box, counts and first four points
    content[last : last + 16] = struct.pack("<2d", 616_610.0, 4_078_006.0)
    (tmp_path / "a.shp").write_bytes(content)
    found = read_source(tmp_path / "a.shp", crs="EPSG:4548")
    assert (found.counts.usable, found.counts.repaired, found.counts.set_aside) == (6, 1, 0)
    assert [(f.code, f.record) for f in found.findings if f.record] == [("import.geometry-repaired", 1)]
    assert shapely.is_valid(found.geometry).all()


def test_a_complaint_that_is_no_text_ends_in_words(good, tmp_path):
    shutil.copyfile(good["mif"].with_suffix(".mid"), tmp_path / "a.mid")
    words = good["mif"].read_bytes().replace(b"Neutral", b"N\xffutral").replace(b"  5\n", b"", 1)
    (tmp_path / "a.mif").write_bytes(words)
    assert read_outcome(tmp_path / "a.mif", through_child=True) == "refused"
