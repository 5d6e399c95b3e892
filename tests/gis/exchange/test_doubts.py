"""Duplicates and slivers are told, and still come in."""

import geopandas as gpd
import pytest
from shapely import box

from gis.crs_candidates import Reading
from gis.exchange.source import read_source, read_unplaced

EAST, NORTH = 616650.0, 4077999.0


def written(tmp_path, shapes, **columns):
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4548").to_file(path)
    return path


def test_a_record_that_stands_twice_is_told_with_its_twin(tmp_path):
    house = box(EAST, NORTH, EAST + 20, NORTH + 10)
    other = box(EAST + 50, NORTH, EAST + 70, NORTH + 10)
    source = read_source(written(tmp_path, [house, other, house, house], n=["1", "2", "1", "9"]))
    told = {f.record: f.message.en for f in source.findings if f.code == "import.duplicate"}
    assert set(told) == {3, 4}
    assert "record 1 in shape and attributes" in told[3]
    assert told[4].startswith("its shape equals")
    assert source.counts.usable == 4


def test_the_same_outline_begun_at_another_corner_is_a_duplicate(tmp_path):
    house = box(EAST, NORTH, EAST + 20, NORTH + 10)
    turned = box(EAST, NORTH, EAST + 20, NORTH + 10, ccw=False)
    source = read_source(written(tmp_path, [house, turned], n=["1", "1"]))
    assert [f.record for f in source.findings if f.code == "import.duplicate"] == [2]


@pytest.mark.parametrize(("width", "told"), [(0.01, True), (2.0, False)])
def test_slivers_are_told_and_narrow_strips_are_not(tmp_path, width, told):
    strip = box(EAST, NORTH, EAST + 20, NORTH + width)
    source = read_source(written(tmp_path, [strip, box(EAST, NORTH + 5, EAST + 9, NORTH + 9)], n=["1", "2"]))
    assert any(f.code == "import.sliver" and f.record == 1 for f in source.findings) is told


def test_slivers_are_measured_in_metres_in_degrees_too(tmp_path):
    path = tmp_path / "a.gpkg"
    house = box(118.31, 36.83, 118.3102, 36.8301)
    gpd.GeoDataFrame({"n": ["1"]}, geometry=[house], crs="EPSG:4326").to_file(path)
    assert [f for f in read_source(path).findings if f.code == "import.sliver"] == []


def test_axes_and_unit_can_be_read_another_way(tmp_path):
    shape = box(NORTH * 1000, EAST * 1000, (NORTH + 10) * 1000, (EAST + 20) * 1000)
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"n": ["1"]}, geometry=[shape]).to_file(path)
    unplaced = read_unplaced(path)
    assert unplaced.declared is None
    source = unplaced.placed("EPSG:4548", reading=Reading(swapped=True, unit_m=0.001))
    assert source.geometry[0].bounds == pytest.approx((EAST, NORTH, EAST + 20, NORTH + 10))
