"""Coordinate systems: names, numbers, conversions."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import gcj
from gis.crs import check_conversion, metric_crs, transform, transform_bounds
from gis.crs_names import crs_title, is_geographic, parse_crs
from gis.crs_numbers import check_numbers, guess_crs
from layers.errors import CrsError

LINZI = np.array([shapely.Point(118.3075, 36.8260)], dtype=object)


def place(crs, source="EPSG:4326", points=LINZI):
    return shapely.get_coordinates(transform(points, source, crs))[0]


@pytest.mark.parametrize(
    ("crs", "east", "north"),
    [
        ("EPSG:4548", 616650.295, 4077999.006),
        ("EPSG:4527", 39616650.295, 4077999.006),
        ("EPSG:4549", 348998.919, 4078538.163),
        ("EPSG:32650", 616603.635, 4076367.807),
    ],
)
def test_a_known_point_projects_to_the_millimetre_with_easting_first(crs, east, north):
    assert place(crs) == pytest.approx((east, north), abs=0.001)


def test_data_of_the_neighbouring_zone_land_on_the_same_spot():
    there = transform(LINZI, "EPSG:4326", "EPSG:4549")
    assert place("EPSG:4548", "EPSG:4549", there) == pytest.approx(place("EPSG:4548"), abs=0.001)


@pytest.mark.parametrize(
    ("wgs", "gcj02"),
    [
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((118.3075, 36.8260), (118.3133527447, 36.8264502432)),
    ],
)
def test_published_pairs_of_gcj02_are_met(wgs, gcj02):
    assert gcj.wgs84_to_gcj02(np.array([wgs]))[0] == pytest.approx(gcj02, abs=1e-6)


def test_published_pairs_of_bd09_are_met():
    point = np.array([[116.404, 39.915]])
    assert gcj.gcj02_to_bd09(point)[0] == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    # the published inverse of this one is a single step; ours is exact
    assert gcj.bd09_to_gcj02(point)[0] == pytest.approx((116.39762729119315, 39.90865673957631), abs=3e-6)
    assert gcj.wgs84_to_bd09(np.array([[118.3075, 36.8260]]))[0] == pytest.approx(
        (118.3197364494, 36.8327800287), abs=1e-9
    )


def test_a_city_of_other_peoples_tables_is_met_within_a_metre():
    shifted = gcj.wgs84_to_gcj02(np.array([[118.0488554, 36.8129763]]))[0]
    assert shifted == pytest.approx((118.0549295, 36.8134923), abs=1e-5)


@given(
    st.floats(73.0, 135.0, allow_nan=False),
    st.floats(18.0, 53.5, allow_nan=False),
)
def test_every_shift_comes_back_to_where_it_began(lon, lat):
    point = np.array([[lon, lat]])
    assert gcj.gcj02_to_wgs84(gcj.wgs84_to_gcj02(point))[0] == pytest.approx(point[0], abs=1e-9)
    assert gcj.bd09_to_wgs84(gcj.wgs84_to_bd09(point))[0] == pytest.approx(point[0], abs=1e-9)


def test_points_outside_china_stay_where_they_are():
    london = np.array([[-0.1276, 51.5072]])
    assert (gcj.wgs84_to_gcj02(london) == london).all()
    assert (gcj.wgs84_to_bd09(london) == london).all()


def test_picked_points_land_on_the_estate():
    picked = np.array([shapely.Point(118.3133527447, 36.8264502432)], dtype=object)
    assert place("EPSG:4548", "GCJ-02", picked) == pytest.approx((616650.295, 4077999.006), abs=0.001)


@pytest.mark.parametrize("old", ["EPSG:4610", "EPSG:2384", "EPSG:4214", "EPSG:2436", "EPSG:4555"])
def test_xian_and_beijing_coordinates_are_refused_without_control_points(old):
    with pytest.raises(CrsError) as caught:
        transform(LINZI, old, "EPSG:4548")
    assert caught.value.code == "crs.control-points"


def test_within_one_old_datum_projecting_is_exact_and_allowed():
    assert check_conversion("EPSG:4610", "EPSG:2384") is None


def test_a_rough_conversion_says_that_it_is_rough():
    assert check_conversion("EPSG:27700", "EPSG:4548") is not None
    assert check_conversion("EPSG:4326", "EPSG:4548") is None


@pytest.mark.parametrize(
    ("box", "crs"),
    [
        ((39616400, 4077800, 39616900, 4078200), "EPSG:4527"),
        ((40348900, 4078500, 40349200, 4078600), "EPSG:4528"),
        ((20616400, 4077800, 20616900, 4078200), "EPSG:4498"),
        ((616400, 4077800, 616900, 4078200), "EPSG:4548"),
        ((348900, 4078500, 349200, 4078600), "EPSG:4549"),
        ((118.3, 36.8, 118.31, 36.83), "EPSG:4326"),
        ((13169000, 4400000, 13169500, 4400500), "EPSG:3857"),
        ((36.8, 118.3, 36.83, 118.31), None),
        ((4077800, 616400, 4078200, 616900), None),
        ((120, 80, 900, 700), None),
    ],
)
def test_numbers_tell_what_they_are(box, crs):
    assert guess_crs(box).crs == crs


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        ("EPSG:4548", (39616400, 4077800, 39616900, 4078200)),
        ("EPSG:4548", (118.3, 36.8, 118.31, 36.83)),
        ("EPSG:4326", (616400, 4077800, 616900, 4078200)),
        ("EPSG:4326", (36.8, 118.3, 36.83, 118.31)),
        ("GCJ-02", (616400, 4077800, 616900, 4078200)),
    ],
)
def test_numbers_that_contradict_their_system_are_refused_with_advice(crs, box):
    with pytest.raises(CrsError) as caught:
        check_numbers(crs, box)
    assert caught.value.code == "crs.contradiction"
    assert caught.value.advice is not None


def test_numbers_that_fit_pass():
    check_numbers("EPSG:4548", (616400, 4077800, 616900, 4078200))
    check_numbers("EPSG:4326", (-180.0, -90.0, 180.0, 83.6))
    check_numbers("EPSG:26918", (576007.9, 4491881.8, 580187.7, 4497047.1))


@pytest.mark.parametrize(
    "name", ["EPSG:4326", "EPSG:3857", "EPSG:2269", "GCJ-02", "EPSG:999999", "Unfug", ""]
)
def test_a_project_takes_no_degrees_no_feet_no_web_mercator_and_no_nonsense(name):
    with pytest.raises(CrsError):
        metric_crs(name)


@pytest.mark.parametrize(
    ("word", "name"), [("4548", "EPSG:4548"), ("epsg:4548", "EPSG:4548"), ("bd09", "BD-09")]
)
def test_names_are_understood_in_any_spelling(word, name):
    assert parse_crs(word) == name


def test_a_name_is_shown_with_its_code():
    assert crs_title("EPSG:4548").startswith("EPSG:4548 CGCS2000")
    assert is_geographic("GCJ-02")
    assert not is_geographic("EPSG:4548")


def test_a_box_is_converted_with_its_edges():
    west, south, east, north = transform_bounds((118.30, 36.82, 118.31, 36.83), "EPSG:4326", "EPSG:4548")
    assert 800 < east - west < 1000
    assert 1050 < north - south < 1200
