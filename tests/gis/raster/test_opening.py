"""A picture is told by its first bytes and header; what cannot be shown is refused unread."""

from pathlib import Path

import pytest
from PIL import Image

from gis.raster.opening import read_raster
from layers.errors import BadInputError, NotFoundError, RefusedError
from tests.gis.raster.pictures import quarters, write

DATA = Path(__file__).parents[2] / "data" / "raster"


@pytest.mark.parametrize(
    ("name", "look", "bands", "crs"),
    [
        ("rasterio_rotated.tif", "grey", (1,), None),
        ("rasterio_float_nan.tif", "measured", (1,), None),
        ("rasterio_all-nodata.tif", "colour", (3, 2, 1), "EPSG:32628"),
        ("rasterio_red.tif", "colour", (1, 2, 3), "EPSG:4326"),
        ("kart_EK.tif", "measured", (1,), "EPSG:2193"),
    ],
)
def test_real_files_are_what_an_independent_reader_says(name, look, bands, crs):
    raster = read_raster(DATA / name)
    assert (raster.look, raster.bands, raster.crs) == (look, bands, crs)


def test_a_turned_picture_keeps_its_turn():
    transform = read_raster(DATA / "rasterio_rotated.tif").transform
    assert transform == pytest.approx((17.3205, 5.0, 100.0, 10.0, -8.66025, 200.0), rel=1e-5)


def test_a_picture_without_a_place_says_so(tmp_path):
    Image.new("RGB", (30, 20)).save(tmp_path / "scan.png")
    raster = read_raster(tmp_path / "scan.png")
    assert (raster.transform, raster.crs, raster.bounds()) == (None, None, None)


def test_a_world_file_and_a_prj_beside_a_jpeg_are_read(tmp_path):
    Image.new("RGB", (30, 20)).save(tmp_path / "photo.jpg")
    (tmp_path / "photo.jgw").write_text("0.5\n0\n0\n-0.5\n616600.25\n4078039.75\n")
    from pyproj import CRS

    (tmp_path / "photo.prj").write_text(CRS.from_epsg(4548).to_wkt("WKT1_ESRI"))
    raster = read_raster(tmp_path / "photo.jpg")
    assert raster.bounds() == (616600.0, 4078030.0, 616615.0, 4078040.0)
    assert raster.crs == "EPSG:4548"


def test_the_ending_does_not_matter(tmp_path):
    write(tmp_path / "a.tif", quarters())
    (tmp_path / "a.tif").rename(tmp_path / "a.jpg")
    assert read_raster(tmp_path / "a.jpg").driver == "GTiff"


@pytest.mark.parametrize(
    "content",
    [b"", b"II*\x00", b"<html>not found</html>", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"\xff\xd8\xff" * 9],
)
def test_what_is_no_picture_is_refused_with_advice(tmp_path, content):
    (tmp_path / "broken.tif").write_bytes(content)
    with pytest.raises(BadInputError) as refused:
        read_raster(tmp_path / "broken.tif")
    assert refused.value.code == "raster.unreadable"
    assert refused.value.advice is not None


def test_a_grid_no_reader_opens_is_refused():
    with pytest.raises(BadInputError):
        read_raster(DATA / "inasafe_bad_ascii_format.asc")


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(NotFoundError) as gone:
        read_raster(tmp_path / "gone.tif")
    assert gone.value.code == "raster.missing"


def test_a_picture_that_claims_to_be_enormous_is_refused_unread(tmp_path):
    path = _sparse(tmp_path / "bomb.tif")
    assert path.stat().st_size < 20_000_000
    with pytest.raises(BadInputError) as refused:
        read_raster(path)
    assert refused.value.code == "raster.too-large"


def _sparse(path):
    import rasterio

    with rasterio.open(
        path, "w", driver="GTiff", width=200_000, height=200_000, count=1, dtype="uint8",
        tiled=True, blockxsize=4096, blockysize=4096, sparse_ok=True, BIGTIFF="YES",
    ):  # fmt: skip
        pass
    return path


def test_the_open_project_is_never_given_to_gdal(tmp_path):
    from gis.project import Project

    with Project.create(tmp_path / "plan.tif", "Estate", "EPSG:4548"), pytest.raises(RefusedError):
        read_raster(tmp_path / "plan.tif")
