"""A few dozen damaged files of every format; `tests.bench.fuzz` takes thousands."""

import random
import time

import pytest

from tests.gis.exchange.mutations import mutated, read_outcome, specimens

EACH = 5


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return specimens(tmp_path_factory.mktemp("good") / "files")


FORMATS = (
    "gpkg", "dxf", "dxf-gbk", "shp", "geojson", "kml", "xlsx", "FlatGeobuf", "GML", "MapInfo File", "csv",
    "gpx", "zip",
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
