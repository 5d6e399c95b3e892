"""Which layer is offered first for a foreign file."""

import pytest

from tests.gis.exchange.conftest import plan
from ui.models.import_choice import likely_layer

OSM = ("source", "id", "name", "kind", "name:en", "area", "sort_rank", "addr_street")


@pytest.mark.parametrize(
    ("name", "columns", "shape", "home"),
    [
        ("shanghai_buildings", OSM, "Polygon", "building"),
        ("osm polygons", OSM, "MultiPolygon", "building"),
        ("osm points", OSM, "Point", "facility"),
        ("现状道路", ("名称",), "LineString", "road"),
        ("导出", ("管径", "材质"), "LineString", "pipe"),
        ("导出", ("楼号", "总层数"), "Polygon", "building"),
        ("导出", ("冠幅", "树种"), "Point", "tree"),
        ("排查表", ("问题编号", "水深", "退水"), "Point", "drainage_spot"),
        ("road", (), "LineString", "road"),
        ("tracks", ("name", "gpx", "time"), "LineString", "reference"),
        ("waypoints", ("name", "time", "sym"), "Point", "facility"),
    ],
)
def test_a_file_is_offered_to_the_layer_it_speaks_of(name, columns, shape, home):
    assert likely_layer(plan(), name, columns, [shape]) == home


def test_a_table_without_places_is_offered_to_the_buildings():
    assert likely_layer(plan(), "楼栋汇总", ("楼号", "总户数", "备注"), []) == "building"
