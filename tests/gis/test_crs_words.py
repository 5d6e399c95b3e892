"""What a coordinate system is called on a drawing."""

import re

import pytest
from pyproj import CRS

from gis.crs_words import crs_words


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        (
            "EPSG:4548",
            "2000国家大地坐标系，3度带，中央经线117°",
            "CGCS2000, 3-degree zone, central meridian 117° E",
        ),
        (
            "EPSG:4526",
            "2000国家大地坐标系，3度带，38带，中央经线114°",
            "CGCS2000, 3-degree zone 38, central meridian 114° E",
        ),
        (
            "EPSG:2334",
            "1980西安坐标系，6度带，20带，中央经线117°",
            "Xian 1980, 6-degree zone 20, central meridian 117° E",
        ),
        (
            "EPSG:2437",
            "1954年北京坐标系，3度带，中央经线120°",
            "Beijing 1954, 3-degree zone, central meridian 120° E",
        ),
        ("EPSG:32650", "WGS 84，UTM 50N", "WGS 84, UTM zone 50N"),
        ("EPSG:27700", "OSGB36 / British National Grid", "OSGB36 / British National Grid"),
    ],
)
def test_a_coordinate_system_is_called_by_its_words(code, zh, en):
    assert crs_words(code) == (zh, en)


def test_a_system_without_a_name_is_called_by_its_meridian():
    nameless = CRS("EPSG:4548").to_wkt().replace("CGCS2000 / 3-degree Gauss-Kruger CM 117E", "unnamed")
    nameless = re.sub(r',ID\["EPSG",4548\]', "", nameless.replace("\n", "").replace("    ", ""))
    assert crs_words(nameless) == (
        "高斯投影，中央经线117°，CGCS2000 椭球",
        "transverse Mercator, central meridian 117°, CGCS2000",
    )
    assert crs_words(CRS("+proj=laea +lat_0=10 +lon_0=120").to_wkt()).zh == "未命名的坐标系"
