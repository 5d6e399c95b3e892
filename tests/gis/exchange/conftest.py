"""A tiny plan to import into, and the real files."""

from pathlib import Path

import pytest
import shapely

from gis.exchange.child import read
from gis.exchange.packed_shapes import PackedShapes
from gis.exchange.source import Near, Source, Unplaced
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table

DATA = Path(__file__).parents[2] / "data" / "exchange"


@pytest.fixture
def data():
    return DATA


def plan(crs="EPSG:4548", **features):
    layers = {}
    for name, kind in standard_kinds().items():
        names = [f.name for f in kind.fields]
        layers[name] = Layer.of(kind, Table.from_features(features.get(name, []), names))
    return Snapshot("试验小区", crs, layers)


def read_in_this_process(path: Path, near: Near, layer: str | None = None) -> Source:
    """Read a file as `read_source` does, without the process of its own, which other tests go through."""
    table = read(path, layer, None, ())
    return Unplaced(path, table, PackedShapes.of(table.wkb).unpacked()).placed(near=near)


@pytest.fixture
def empty_plan():
    return plan()


@pytest.fixture
def shanghai_plan():
    """An empty plan whose CRS suits Shanghai."""
    return plan("EPSG:4549")


@pytest.fixture
def small_plan():
    """Two buildings, a road, a spot with an area and one without."""
    west, south = 616600.0, 4078000.0
    house = shapely.box(west, south, west + 40, south + 12)
    return plan(
        building=[
            Feature(
                "a" * 32, house, {"number": "1号楼", "floors": 6, "use": "housing", "imported": '{"x": 1}'}
            ),
            Feature(
                "b" * 32,
                shapely.affinity.translate(house, 0, 30),
                {"number": "", "note": "=1+1", "year": 1998},
            ),
        ],
        road=[
            Feature(
                "c" * 32,
                shapely.LineString([(west, south - 5), (west + 90, south - 5)]),
                {"name": "环南路", "class": "main", "width_m": 7.0, "oneway": True},
            )
        ],
        traffic_spot=[
            Feature(
                "d" * 32, shapely.Point(west, south), {"code": "T01", "title": "拥堵", "weekdays": "mon,fri"}
            ),
            Feature(
                "e" * 32,
                shapely.box(west, south, west + 5, south + 5),
                {"code": "T02", "description": "长" * 200},
            ),
        ],
    )
