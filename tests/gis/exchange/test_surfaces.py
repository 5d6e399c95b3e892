"""MultiPatch and TIN: what a plan shows of surfaces in space."""

import struct

import pytest
import shapely

from gis.exchange.child import read
from gis.exchange.surfaces import footprint
from tests.gis.exchange.specimens import DATA


def ring(points, kind, order="<"):
    head = (b"\x01" if order == "<" else b"\x00") + struct.pack(f"{order}I", kind)
    numbers = [n for point in points for n in point]
    return head + struct.pack(f"{order}II", 1, len(points)) + struct.pack(f"{order}{len(numbers)}d", *numbers)


def many(parts, kind, order="<"):
    head = (b"\x01" if order == "<" else b"\x00") + struct.pack(f"{order}II", kind, len(parts))
    return head + b"".join(parts)


LOW = [(0, 0, 1), (4, 0, 1), (4, 4, 2), (0, 0, 1)]
HIGH = [(0, 0, 1), (4, 4, 2), (0, 4, 2), (0, 0, 1)]
WALL = [(0, 0, 0), (4, 0, 0), (4, 0, 3), (0, 0, 3), (0, 0, 0)]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_net_of_triangles_covers_what_its_triangles_cover(order):
    tin = many([ring(LOW, 1017, order), ring(HIGH, 1017, order)], 1016, order)
    covered = footprint(tin)
    assert covered.equals(shapely.box(0, 0, 4, 4))
    assert not covered.has_z


def test_walls_cover_nothing_and_roofs_do():
    shell = many([many([ring(WALL, 1003)], 1006), many([ring(LOW, 1017), ring(HIGH, 1017)], 1016)], 1007)
    assert footprint(shell).area == pytest.approx(16.0)
    assert footprint(many([ring(WALL, 1003)], 1015)) is None


def test_what_is_cut_nested_without_end_or_no_surface_has_no_footprint():
    tin = many([ring(LOW, 1017)], 1016)
    for length in range(len(tin)):
        assert footprint(tin[:length]) is None
    deep = tin
    for _ in range(12):
        deep = many([deep], 1007)
    assert footprint(deep) is None
    assert footprint(shapely.Point(1, 2).wkb) is None


def test_a_multipatch_shapefile_comes_in_as_its_footprint_and_says_so():
    table = read(DATA / "exchange" / "GDAL_multipatch.shp", None, None, ())
    shape = shapely.from_wkb(table.wkb[0])
    assert shape.is_valid
    assert shape.area > 0
    assert [f.code for f in table.findings if f.severity == "warning"] == ["import.surface"]
    assert table.read == 1
