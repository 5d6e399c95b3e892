"""What is written beside a picture is read by GDAL as the place that was meant."""

import pytest
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
