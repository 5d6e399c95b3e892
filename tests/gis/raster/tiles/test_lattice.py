"""Tiles lie where pyproj says, and those of shifted maps are moved back."""

import numpy as np
import pytest

from gis.crs_names import GCJ02, WGS84
from gis.raster.tiles.lattice import MOST_TILES, lattice

E, N = 616650.295, 4077999.006
"""The reference point: 118.3075 E, 36.8260 N in EPSG:4548."""


def around(half_m):
    sides = ((-1, 1), (1, 1), (1, -1), (-1, -1))
    return np.array([(E + i * half_m, N + j * half_m) for i, j in sides])


def test_corners_of_tiles_are_where_web_mercator_says():
    from pyproj import Transformer

    found = lattice(around(200), 0.5, "EPSG:4548", WGS84, 18)
    assert found.zoom == 18
    to_plan = Transformer.from_crs(3857, 4548, always_xy=True)
    size = 40075016.685578488 / 2**18
    for (_, column, row), corners in found.tiles():
        x, y = column * size - 20037508.342789244, 20037508.342789244 - row * size
        expected = [
            to_plan.transform(x + i * size, y - j * size) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))
        ]
        assert corners == pytest.approx(np.array(expected), abs=0.01)


def test_the_view_is_covered():
    found = lattice(around(300), 0.5, "EPSG:4548", WGS84, 18)
    edge = found.corners
    assert edge[..., 0].min() < E - 300
    assert edge[..., 0].max() > E + 300
    assert edge[..., 1].min() < N - 300
    assert edge[..., 1].max() > N + 300


def test_a_shifted_map_is_moved_back_to_its_true_place():
    """The tile that a GCJ-02 service shows for the shifted coordinate must cover the true place."""
    import shapely

    from gis.crs import transform

    found = lattice(around(10), 0.5, "EPSG:4548", GCJ02, 18)
    (_, column, row), _ = next(
        (tile, c) for tile, c in found.tiles() if shapely.Polygon(c).contains(shapely.Point(E, N))
    )
    lon, lat = 118.3133527447, 36.8264502432  # the GCJ-02 coordinate of the reference point
    size = 2**18
    assert column == int((lon + 180) / 360 * size)
    assert row == int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * size)
    there = np.array([shapely.Point(lon, lat)], dtype=object)
    back = transform(there, GCJ02, "EPSG:4548")[0]
    assert (back.x, back.y) == pytest.approx((E, N), abs=0.02)
    plain = lattice(around(10), 0.5, "EPSG:4548", WGS84, 18)
    assert abs(plain.west - found.west) >= 3  # half a kilometre apart


@pytest.mark.parametrize("metres_per_px", [0.01, 0.5, 20.0, 5000.0])
def test_no_view_asks_for_more_tiles_than_it_may(metres_per_px):
    found = lattice(around(metres_per_px * 4000), metres_per_px, "EPSG:4548", WGS84, 20)
    if found is not None:
        rows, columns = found.corners.shape[:2]
        assert (rows - 1) * (columns - 1) <= MOST_TILES


def test_the_middle_comes_first():
    found = lattice(around(600), 0.5, "EPSG:4548", WGS84, 18)
    first = found.tiles()[0][1].mean(axis=0)
    assert np.hypot(*(first - (E, N))) < 150
