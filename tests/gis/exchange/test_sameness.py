"""What a file cannot say more exactly is no change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.crs import transform
from gis.exchange.plan import plan_import
from gis.exchange.sameness import rounding_m
from gis.exchange.source import Counts, Source
from layers.column import Column, objects
from layers.feature import Feature
from layers.text import same
from tests.gis.exchange.conftest import plan

UID = "a" * 32
HOUSE = shapely.box(616650.123, 4077999.456, 616670.789, 4078011.321)
WGS84 = "EPSG:4326"


def source(shape, crs, file_format="GeoJSON", uid=UID):
    return Source(
        path=Path("a.x"),
        format=file_format,
        layer="a",
        columns={},
        geometry=Column.of(objects([shape])),
        records=(1,),
        ids=(uid,),
        crs=crs,
        encoding="UTF-8",
        encoding_evidence=same(""),
        findings=(),
        counts=Counts(1, 1, 0, 0),
        repaired=frozenset(),
    )


def in_degrees(shape, decimals):
    moved = transform(objects([shape]), "EPSG:4548", WGS84)[0]
    return shapely.transform(moved, lambda xy: np.round(xy, decimals))


def counts(shape, crs, **how):
    made = plan_import(plan(building=[Feature(UID, HOUSE, {})]), source(shape, crs, **how), "building")
    return made.counts.unchanged, made.counts.updated


def test_degrees_with_seven_places_change_nothing():
    assert counts(in_degrees(HOUSE, 7), WGS84) == (1, 0)


def test_coordinates_in_whole_centimetres_change_nothing():
    assert counts(shapely.transform(HOUSE, lambda xy: np.round(xy, 2)), "EPSG:4548") == (1, 0)


def test_a_grid_of_mapinfo_changes_nothing():
    off = shapely.transform(HOUSE, lambda xy: xy + 0.0071)
    assert counts(off, "EPSG:4548", file_format="MapInfo") == (1, 0)
    assert counts(off, "EPSG:4548", file_format="GeoPackage") == (0, 1)


@pytest.mark.parametrize("moved_m", [0.02, 0.03, 0.5])
def test_what_was_moved_in_a_rounded_file_is_a_change(moved_m):
    moved = shapely.affinity.translate(HOUSE, moved_m)
    assert counts(in_degrees(moved, 7), WGS84) == (0, 1)


def test_in_an_exact_file_two_millimetres_are_a_change():
    assert counts(shapely.transform(HOUSE, lambda xy: xy + 0.002), "EPSG:4548") == (0, 1)


def test_a_coarser_file_gets_no_more_room_than_one_of_centimetres():
    rough = source(shapely.transform(HOUSE, lambda xy: np.round(xy, 0)), "EPSG:4548")
    assert rounding_m(rough) < 0.01
    assert rounding_m(replace(rough, geometry=Column.of(objects([in_degrees(HOUSE, 5)])), crs=WGS84)) < 0.01
