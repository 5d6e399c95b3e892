"""Records far from all others of their file are set aside one by one."""

import sqlite3

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.exchange.plan import plan_import
from gis.exchange.source import read_source, read_unplaced
from gis.exchange.strays import are_strays

HOUSES = [shapely.box(616400 + 20 * i, 4078000, 616410 + 20 * i, 4078010) for i in range(20)]
ZERO = shapely.box(0.5, 0.5, 1, 1)


def written(path, shapes):
    gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs="EPSG:4548").to_file(path)
    return path


def test_one_record_at_zero_costs_only_itself_and_is_told_with_its_place(empty_plan, tmp_path):
    source = read_source(written(tmp_path / "a.gpkg", [*HOUSES, ZERO]))
    plan = plan_import(empty_plan, source, "building")
    counts = plan.counts
    assert (counts.read, counts.added, counts.set_aside) == (21, 20, 1)
    (told,) = [f for f in plan.findings if f.severity == "error"]
    assert (told.code, told.record) == ("import.stray", 21)
    assert "0.8" in told.message.zh


def test_the_system_of_a_file_is_found_in_spite_of_a_stray(tmp_path):
    west, south, *_ = read_unplaced(written(tmp_path / "a.gpkg", [*HOUSES, ZERO])).bounds
    assert (west, south) == (616400, 4078000)


@pytest.mark.parametrize(
    "shapes",
    [
        [*HOUSES[:2], ZERO],  # too few to say who strays
        [*HOUSES[:4], *(shapely.affinity.translate(h, 0, 9e5) for h in HOUSES[:4])],  # two places
        [shapely.Point(0, 0), shapely.Point(3000, 0), shapely.Point(9000, 500), shapely.Point(2e5, 0)],
        [None, HOUSES[0], HOUSES[0], HOUSES[0], ZERO],  # all in one place
    ],
)
def test_nothing_strays_from_a_few_or_from_what_lies_wide(shapes):
    assert not are_strays(np.array(shapes, dtype=object)).any()


def test_records_that_a_geopackage_does_not_count_come_in(empty_plan, tmp_path):
    path = written(tmp_path / "a.gpkg", [*HOUSES, shapely.GeometryCollection([HOUSES[0], ZERO])])
    with sqlite3.connect(path) as store:
        store.execute("UPDATE gpkg_ogr_contents SET feature_count = 7")
    assert len(read_unplaced(path).table.records) == 21
    with sqlite3.connect(path) as store:
        store.execute("UPDATE gpkg_ogr_contents SET feature_count = 0")
    assert len(read_unplaced(path).table.records) == 21
