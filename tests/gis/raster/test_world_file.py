"""What is written beside a picture is read by GDAL as the place that was meant."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gis.raster.opening import read_raster
from gis.raster.reference import changed_since, path_of, reference, reference_to
from gis.raster.world_file import copy_with_world_file, write_world_file
from layers.errors import RefusedError
from tests.gis.raster.pictures import quarters, write

TURNED = (0.4, 0.3, 616600.0, 0.3, -0.4, 4078040.0)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "bmp"])
def test_gdal_reads_the_place_and_the_system_back(tmp_path, ending):
    import rasterio

    path = tmp_path / f"map.{ending}"
    Image.new("RGB", (40, 30)).save(path)
    write_world_file(path, TURNED, "EPSG:4548")
    with rasterio.open(path) as data:
        assert tuple(data.transform)[:6] == pytest.approx(TURNED)
    raster = read_raster(path)
    assert raster.transform == pytest.approx(TURNED)
    assert raster.crs == "EPSG:4548"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.floats(0.001, 50.0),
    st.floats(0.0, 359.0),
    st.booleans(),
    st.floats(400_000.0, 40_700_000.0),
    st.floats(2_000_000.0, 5_900_000.0),
    st.sampled_from(["png", "tif"]),
)
def test_any_place_comes_back_to_the_hundredth_of_a_millimetre(
    tmp_path, step, turn_deg, mirrored, east, north, ending
):
    cos, sin = (step * f(math.radians(turn_deg)) for f in (math.cos, math.sin))
    flip = -1.0 if mirrored else 1.0
    meant = (cos, flip * sin, east, sin, -flip * cos, north)
    raster = read_raster(write(tmp_path / "a.tif", quarters()))
    if ending == "tif":
        copy = copy_with_world_file(raster, tmp_path / "b", meant, "EPSG:4548")
    else:
        copy = tmp_path / "b.png"
        Image.new("RGB", (40, 30)).save(copy)
        write_world_file(copy, meant, "EPSG:4548")
    assert read_raster(copy).transform == pytest.approx(meant, rel=1e-12, abs=1e-5)


def test_a_placed_copy_of_a_geotiff_lies_where_the_points_say(tmp_path):
    raster = read_raster(write(tmp_path / "a.tif", quarters(), crs="EPSG:4326", step=1e-6))
    before = raster.path.read_bytes()
    copy = copy_with_world_file(raster, tmp_path / "b", TURNED, "EPSG:4548")
    found = read_raster(copy)
    assert found.transform == pytest.approx(TURNED)
    assert found.crs == "EPSG:4548"
    assert raster.path.read_bytes() == before


def test_the_picture_itself_is_never_the_copy(tmp_path):
    raster = read_raster(write(tmp_path / "a.tif", quarters()))
    with pytest.raises(RefusedError):
        copy_with_world_file(raster, raster.path, TURNED, "EPSG:4548")


def test_a_file_beside_the_project_is_named_by_its_relative_path(tmp_path):
    (tmp_path / "maps").mkdir()
    path = write(tmp_path / "maps" / "航片.tif", quarters())
    background = reference(path, tmp_path / "plan.gpkg")
    assert background.path == "maps/航片.tif"
    assert path_of(background, tmp_path / "plan.gpkg") == path
    assert reference_to(path, tmp_path / "other" / "plan.gpkg") == str(path)


def test_another_content_under_the_same_name_is_noticed(tmp_path):
    path = write(tmp_path / "a.tif", quarters())
    background = reference(path, tmp_path / "plan.gpkg")
    assert not changed_since(background, path)
    write(path, quarters()[:, ::-1])
    assert changed_since(background, path)
