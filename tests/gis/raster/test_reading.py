"""What a view shows of a picture lies where it should, in the right colours, from the size that fits."""

import math
from pathlib import Path

import numpy as np
import pytest

from gis.progress import Progress
from gis.raster.copies import copy_factor, copy_path, make_copy, make_room, usable_levels
from gis.raster.opening import read_raster
from gis.raster.placing import ground_extent, likely_crs, place
from gis.raster.reading import Placed, View, levels_of, read_view, read_whole
from layers.background import RasterBackground
from layers.errors import CancelledError, CrsError
from layers.text import Text
from tests.gis.raster.pictures import NORTH, WEST, quarters, write

DATA = Path(__file__).parents[2] / "data" / "raster"
RED, GREEN, BLUE, WHITE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (255, 255, 255, 255)


def placed(path, **values):
    raster = read_raster(path)
    return place(raster, RasterBackground("u", "t", **values), "EPSG:4548")


def large(values, dtype):
    return np.array([values], dtype=dtype).repeat(8, 1).repeat(8, 2)


def seen(where, view, levels=None):
    return read_view(where, view, levels or levels_of(where.raster)).pixels


def whole(where, pixels=40, crs="EPSG:4548"):
    west, south, east, north = ground_extent(where, crs)
    step = (east - west) / pixels
    return View(pixels, math.ceil((north - south) / step), (step, 0.0, west, 0.0, -step, north), crs)


def test_each_quarter_lies_in_its_place(tmp_path):
    pixels = seen(*_whole(write(tmp_path / "a.tif", quarters())))
    corners = [tuple(pixels[y, x]) for y, x in ((5, 5), (5, 35), (35, 5), (35, 35))]
    assert corners == [RED, GREEN, BLUE, WHITE]


def _whole(path):
    where = placed(path)
    return where, whole(where)


def test_beyond_the_edge_nothing_is_drawn(tmp_path):
    where = placed(write(tmp_path / "a.tif", quarters()))
    view = View(40, 40, (1.0, 0.0, WEST - 20, 0.0, -1.0, NORTH + 20), "EPSG:4548")
    pixels = seen(where, view)
    assert pixels[5, 5, 3] == 0
    assert tuple(pixels[30, 30]) == RED


def test_a_turned_view_shows_the_same_ground(tmp_path):
    where = placed(write(tmp_path / "a.tif", quarters()))
    # east is down, north is right
    quarter = View(40, 40, (0.0, 1.0, WEST, 1.0, 0.0, NORTH - 40), "EPSG:4548")
    pixels = seen(where, quarter)
    assert tuple(pixels[5, 35]) == RED
    assert tuple(pixels[35, 35]) == GREEN


def test_a_picture_in_degrees_is_warped_to_where_pyproj_says(tmp_path):
    from pyproj import Transformer

    lon, lat = Transformer.from_crs(4548, 4490, always_xy=True).transform(WEST + 20, NORTH - 20)
    values, size = quarters(100), 1e-5
    import rasterio

    path = write(
        tmp_path / "a.tif", values, crs="EPSG:4490",
        transform=rasterio.transform.from_origin(lon - 50 * size, lat + 50 * size, size, size), place=False,
    )  # fmt: skip
    where = placed(path)
    view = View(41, 41, (0.1, 0.0, WEST + 20 - 2.05, 0.0, -0.1, NORTH - 20 + 2.05), "EPSG:4548")
    pixels = seen(where, view)
    assert tuple(pixels[10, 10]) == RED
    assert tuple(pixels[30, 30]) == WHITE
    cross = np.argwhere((pixels[..., :3] == WHITE[:3]).all(axis=2)).min(axis=0)
    assert abs(cross - 20).max() <= 6  # the corner of the white quarter, within half a source pixel (0.5 m)


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        (large([[0, 1], [1, 0]], np.uint8), {"nbits": 1}, {(0, 0, 0), (255, 255, 255)}),
        (large([[7, 9]], np.uint8),
         {"colormap": {7: (10, 20, 30, 255), 9: (40, 50, 60, 255)}}, {(10, 20, 30), (40, 50, 60)}),
        (large([[1000, 3000]], np.uint16), {}, {(0, 0, 0), (255, 255, 255)}),
    ],
    ids=["one bit", "palette", "sixteen bits"],
)  # fmt: skip
def test_every_kind_of_value_becomes_colours(tmp_path, values, options, expected):
    where = placed(write(tmp_path / "a.tif", values, **options))
    view = whole(where, values.shape[2])
    pixels = seen(where, view)
    assert {tuple(int(v) for v in p[:3]) for p in pixels.reshape(-1, 4)} == expected
    assert (pixels[..., 3] == 255).all()


def test_nodata_and_not_a_number_are_clear(tmp_path):
    values = np.full((1, 8, 8), 5.0, dtype=np.float32)
    values[0, :4], values[0, 4:, :4] = -9999, np.nan
    values[0, 7, 7] = 6.0
    where = placed(write(tmp_path / "a.tif", values, nodata=-9999))
    opacity = seen(where, whole(where, 8))[..., 3]
    assert opacity[1, 1] == opacity[6, 1] == 0
    assert opacity[6, 6] == 255


def test_an_alpha_band_is_kept(tmp_path):
    values = np.concatenate([quarters(), np.full((1, 40, 40), 255, np.uint8)])
    values[3, :, :20] = 0
    where = placed(write(tmp_path / "a.tif", values, photometric="RGB", alpha="yes"))
    pixels = seen(where, whole(where))
    assert pixels[5, 5, 3] == 0
    assert tuple(pixels[5, 35]) == GREEN


def test_a_damaged_strip_is_left_out_and_told(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (3, 1200, 64), dtype=np.uint8)
    path = write(tmp_path / "a.tif", noise, compress="deflate", blockysize=16)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    where = placed(path)
    shown = read_view(where, whole(where, 64), levels_of(where.raster))
    assert shown.damaged
    assert shown.pixels[10, 10, 3] == 255


def test_the_coarsest_sharp_size_is_read(tmp_path, monkeypatch):
    path = write(tmp_path / "a.tif", quarters(1024), tiled=True, blockxsize=256, blockysize=256)
    import rasterio
    from rasterio.enums import Resampling

    with rasterio.open(path, "r+") as data:
        data.build_overviews([2, 4, 8], Resampling.average)
    where, taken = placed(path), []
    from gis.raster import reading

    opened = reading.opened
    monkeypatch.setattr(reading, "opened", lambda p, **o: (taken.append(o), opened(p, **o))[1])
    for pixels, level in ((1024, None), (300, 0), (128, 2), (16, 2)):
        taken.clear()
        seen(where, whole(where, pixels))
        assert taken[-1].get("overview_level") == level


def test_reading_stops_when_nobody_waits(tmp_path):
    where = placed(write(tmp_path / "a.tif", quarters()))

    def stale():
        raise CancelledError(Text("停", "stop"))

    with pytest.raises(CancelledError):
        read_view(where, whole(where), levels_of(where.raster), stale)


def test_the_whole_picture_for_pointing_is_as_it_lies_in_the_file(tmp_path):
    pixels = read_whole(read_raster(write(tmp_path / "a.tif", quarters(400))), 100)
    assert pixels.shape == (100, 100, 4)
    assert tuple(pixels[10, 90]) == GREEN


# Reduced copies


def test_a_small_picture_needs_no_copy_and_a_large_one_without_overviews_does(tmp_path):
    assert copy_factor(read_raster(write(tmp_path / "a.tif", quarters()))) == 0
    large = np.zeros((1, 4200, 4200), dtype=np.uint8)
    raster = read_raster(write(tmp_path / "b.tif", large, compress="deflate"))
    assert copy_factor(raster) == 4
    assert usable_levels(raster) is None


def test_a_copy_shows_the_same_ground(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    table = {0: (255, 0, 0, 255), 1: (0, 0, 255, 255)}
    values = np.zeros((1, 600, 700), dtype=np.uint8)
    values[0, 300:] = 1
    raster = read_raster(write(tmp_path / "a.tif", values, colormap=table))
    before = raster.path.read_bytes()
    make_copy(raster, Progress())
    where = Placed(raster, "EPSG:4548", raster.transform)
    levels = usable_levels(raster)
    assert [level.factor for level in levels] == [1.0, 2.0]
    pixels = read_view(where, whole(where, 350), levels).pixels
    assert tuple(pixels[100, 100]) == RED
    assert tuple(pixels[200, 100]) == BLUE
    assert raster.path.read_bytes() == before


@pytest.mark.parametrize(("rows", "columns"), [(4100, 4103), (4101, 4100), (4099, 4097)])
def test_the_last_rows_and_columns_of_a_copy_lie_where_they_do_in_the_picture(
    tmp_path, monkeypatch, rows, columns
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    values = np.zeros((1, rows, columns), dtype=np.uint8)
    values[0, -40:], values[0, :, -40:] = 255, 255
    raster = read_raster(write(tmp_path / "a.tif", values, step=0.1, compress="deflate"))
    make_copy(raster, Progress())
    where = Placed(raster, "EPSG:4548", raster.transform)
    east, south = WEST + columns * 0.1, NORTH - rows * 0.1
    view = View(40, 40, (0.4, 0.0, east - 16.0, 0.0, -0.4, south + 16.0), "EPSG:4548")
    for levels in (levels_of(raster), usable_levels(raster)[1:]):
        pixels = read_view(where, view, levels).pixels
        assert pixels[10, 28, 0] < 100 < pixels[10, 31, 0]  # the light begins 4 m from the edge: column 30
        assert pixels[28, 10, 0] < 100 < pixels[31, 10, 0]


def test_a_cancelled_copy_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    raster = read_raster(write(tmp_path / "a.tif", quarters(2000)))
    with pytest.raises(CancelledError):
        make_copy(raster, Progress(cancelled=lambda: True))
    assert not list(copy_path(raster).parent.glob("*"))


def test_another_content_gets_another_copy(tmp_path):
    path = write(tmp_path / "a.tif", quarters())
    first = copy_path(read_raster(path))
    write(path, quarters(60))
    assert copy_path(read_raster(path)) != first


def test_room_is_made_by_removing_the_longest_unused(tmp_path):
    import os

    for age, name in enumerate("abc"):
        (tmp_path / name).write_bytes(b"x" * 100)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    make_room(tmp_path, 150)
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


# Where it lies


def test_a_picture_without_a_crs_that_lies_at_the_project_is_in_the_projects(tmp_path):
    raster = read_raster(write(tmp_path / "a.tif", quarters(), crs=None))
    with pytest.raises(CrsError) as unnamed:
        place(raster, RasterBackground("u", "t"), "EPSG:4548")
    assert unnamed.value.code == "raster.no-crs"
    assert likely_crs(raster, "EPSG:4548", (616000, 4077000, 617000, 4079000)) == "EPSG:4548"
    assert likely_crs(raster, "EPSG:4548", (416000, 3077000, 417000, 3079000)) is None


def test_old_datums_are_refused_without_control_points(tmp_path):
    raster = read_raster(write(tmp_path / "a.tif", quarters(), crs="EPSG:2384"))
    with pytest.raises(CrsError) as refused:
        place(raster, RasterBackground("u", "t"), "EPSG:4548")
    assert refused.value.code == "crs.control-points"


def test_a_named_crs_that_the_numbers_contradict_is_refused(tmp_path):
    raster = read_raster(write(tmp_path / "a.tif", quarters(), crs=None))
    with pytest.raises(CrsError) as refused:
        place(raster, RasterBackground("u", "t", crs="EPSG:4326"), "EPSG:4548")
    assert refused.value.code == "crs.contradiction"


def test_control_points_are_believed_before_the_file(tmp_path):
    path = write(tmp_path / "a.tif", quarters(), crs="EPSG:2384")
    where = placed(path, crs="EPSG:4548", transform=(2.0, 0.0, WEST, 0.0, -2.0, NORTH))
    assert ground_extent(where, "EPSG:4548") == (WEST, NORTH - 80, WEST + 80, NORTH)


@pytest.mark.parametrize("name", ["rasterio_red.tif", "kart_EK.tif", "rasterio_rgb-byte-tenth.tif"])
def test_real_pictures_are_read_in_their_own_system(name):
    raster = read_raster(DATA / name)
    where = Placed(raster, raster.crs, raster.transform)
    pixels = read_view(where, whole(where, 64, raster.crs), levels_of(raster)).pixels
    assert pixels[..., 3].any()
    assert len(np.unique(pixels[..., 0])) > 1 or name == "rasterio_red.tif"


@pytest.mark.parametrize("turn", [0.0, 30.0])
def test_inside_a_picture_and_across_its_edge_the_same_pixels_are_read(tmp_path, turn):
    rows, columns = np.mgrid[:400, :400]
    values = np.stack([columns // 2, rows // 2, (rows + columns) // 4]).astype(np.uint8)
    where = placed(write(tmp_path / "a.tif", values, crs="EPSG:4549", step=0.5))
    west, south, east, north = ground_extent(where, "EPSG:4548")
    cos, sin = (0.4 * f(math.radians(turn)) for f in (math.cos, math.sin))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def view(width, height):
        across, down = width / 2, height / 2
        x, y = middle_x - cos * across - sin * down, middle_y - sin * across + cos * down
        return View(width, height, (cos, sin, x, sin, -cos, y), "EPSG:4548")

    inside, across = seen(where, view(100, 100)).astype(int), seen(where, view(900, 900)).astype(int)
    assert (inside[..., 3] == 255).all()
    assert set(across[..., 3].ravel()) == {0, 255}
    assert np.abs(inside - across[400:500, 400:500]).max() <= 2
