"""The exported map lies where it says, read back by GDAL and by hand; it is whole or it is not there."""

import math

import numpy as np
import pytest
import shapely
from PIL import Image

from gis.progress import Progress
from gis.raster.reference import reference
from gis.render.map_export import map_viewport, write_map
from layers.background import GridBackground, RasterBackground, add_background
from layers.errors import CancelledError, PublishError, StorageError, UsageError
from layers.style import Fill
from layers.text import Text
from tests.gis.raster.pictures import NORTH, WEST, quarters, write
from tests.gis.render.maps import layer_of, snapshot_of, styled

SQUARE = shapely.box(WEST + 10, NORTH - 20, WEST + 20, NORTH - 10)
EXTENT = (WEST, NORTH - 40, WEST + 40, NORTH)


def plan(*backgrounds):
    from dataclasses import replace

    layer = layer_of(styled(Fill("#FF0000")), SQUARE)
    snapshot = replace(snapshot_of(layer), crs="EPSG:4548")
    for background in backgrounds:
        changes = add_background(snapshot.settings, background)
        settings = {**snapshot.settings, **{n: c.after for n, c in changes.settings.items()}}
        snapshot = replace(snapshot, settings=settings)
    return snapshot


def red_box(array, transform):
    """Return the ground that is red in an array (rows, columns, 3)."""
    rows, columns = np.nonzero((array[..., 0] > 200) & (array[..., 1] < 60) & (array[..., 2] < 60))
    a, _, c, _, e, f = transform
    return c + a * columns.min(), f + e * (rows.max() + 1), c + a * (columns.max() + 1), f + e * rows.min()


@pytest.mark.parametrize(("scale", "dpi"), [(200, 96), (500, 150), (500, 300)])
def test_gdal_finds_the_plan_in_a_geotiff_where_it_is(tmp_path, scale, dpi):
    import rasterio

    made = write_map(plan(), map_viewport(EXTENT, scale, dpi), tmp_path / "map.tif")
    assert made.files == (tmp_path / "map.tif",)
    with rasterio.open(made.files[0]) as data:
        assert data.crs.to_epsg() == 4548
        assert data.bounds.left == pytest.approx(EXTENT[0], abs=1e-6)
        assert data.bounds.top == pytest.approx(EXTENT[3], abs=1e-6)
        assert data.res[0] == pytest.approx(scale * 0.0254 / dpi)
        array = np.moveaxis(data.read(), 0, 2)
        step = data.res[0]
        transform = tuple(data.transform)[:6]
    assert red_box(array, transform) == pytest.approx(SQUARE.bounds, abs=step)


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp"])
def test_a_picture_and_its_world_file_say_the_same(tmp_path, ending):
    made = write_map(plan(), map_viewport(EXTENT, 200, 150), tmp_path / f"地图.{ending}")
    picture, world, prj = made.files
    numbers = [float(line) for line in world.read_text().split()]
    a, d, b, e, c, f = numbers
    assert (d, b) == (0.0, 0.0)
    transform = (a, 0, c - a / 2, 0, e, f - e / 2)
    array = np.asarray(Image.open(picture).convert("RGB"))
    assert red_box(array, transform) == pytest.approx(SQUARE.bounds, abs=2 * a)
    assert "CGCS2000" in prj.read_text()
    assert Image.open(picture).size == (made.viewport.width_px, made.viewport.height_px)


def test_without_a_world_file_there_is_only_the_picture(tmp_path):
    write_map(plan(), map_viewport(EXTENT, 500, 96), tmp_path / "map.png", world_file=False)
    assert [p.name for p in tmp_path.iterdir()] == ["map.png"]


def test_a_background_lies_below_the_plan_and_a_lost_one_is_told(tmp_path):
    photo = reference(write(tmp_path / "photo.tif", quarters()), tmp_path / "plan.gpkg")
    lost = RasterBackground("x", "old", path="gone.tif")
    snapshot = plan(photo, lost)
    made = write_map(
        snapshot, map_viewport(EXTENT, 200, 96), tmp_path / "a.png", project=tmp_path / "plan.gpkg"
    )
    assert [f.code for f in made.findings] == ["background.raster.missing"]
    array = np.asarray(Image.open(tmp_path / "a.png").convert("RGB"))
    rows, columns = array.shape[:2]
    assert array[rows // 8, columns * 7 // 8].tolist() == [0, 255, 0]
    assert array[rows * 3 // 8, columns * 3 // 8].tolist() == [255, 0, 0]
    write_map(snapshot, map_viewport(EXTENT, 200, 96), tmp_path / "b.png")
    plain = np.asarray(Image.open(tmp_path / "b.png").convert("RGB"))
    assert plain[rows // 8, columns * 7 // 8].tolist() != [0, 255, 0]


def test_a_grid_is_part_of_an_export_that_asks_for_the_background(tmp_path):
    snapshot = plan(GridBackground("g", "Grid", step_m=4.0))
    view = map_viewport(EXTENT, 200, 96)
    write_map(snapshot, view, tmp_path / "a.png", project=tmp_path / "plan.gpkg", world_file=False)
    write_map(snapshot, view, tmp_path / "b.png", world_file=False)
    with_grid, plain = (np.asarray(Image.open(tmp_path / f"{n}.png").convert("RGB")) for n in "ab")
    west, south, east, north = SQUARE.bounds
    line_x = math.ceil((west + 1) / 4.0) * 4.0
    assert west < line_x < east, "a line of the grid crosses the square"
    x, y = view.to_px(line_x, (south + north) / 2 + 2 / 3)
    rows, columns = slice(int(y) - 5, int(y) + 5), slice(int(x) - 1, int(x) + 2)
    assert (with_grid[rows, columns] != plain[rows, columns]).any(axis=(1, 2)).all()
    far = (slice(None), slice(int(x) + 3, int(x) + 8))
    assert (with_grid[far][int(y) - 5 : int(y) + 5] == plain[far][int(y) - 5 : int(y) + 5]).all()


def test_more_than_a_hundred_megapixels_is_refused_with_advice():
    with pytest.raises(PublishError) as refused:
        map_viewport((0, 0, 10_000, 10_000), 200, 300)
    assert refused.value.code == "map.too-large"
    assert refused.value.advice is not None


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(UsageError):
        write_map(plan(), map_viewport(EXTENT, 500, 96), tmp_path / "map.xyz")


def test_an_older_file_stays_when_the_work_is_cancelled_or_refused(tmp_path):
    (tmp_path / "map.png").write_bytes(b"older")
    calls = iter([False] * 3 + [True] * 50)
    with pytest.raises(CancelledError):
        write_map(
            plan(), map_viewport(EXTENT, 500, 96), tmp_path / "map.png",
            progress=Progress(cancelled=lambda: next(calls, True)),
        )  # fmt: skip
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("map.png", b"older")]
    with pytest.raises(StorageError):
        write_map(plan(), map_viewport(EXTENT, 500, 96), tmp_path / "gone" / "map.png")


def test_the_resolution_is_in_the_file(tmp_path):
    write_map(plan(), map_viewport(EXTENT, 500, 150), tmp_path / "map.png", world_file=False)
    assert Image.open(tmp_path / "map.png").info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_the_site_is_a_line_over_a_background(tmp_path):
    from dataclasses import replace

    photo = reference(write(tmp_path / "photo.tif", quarters()), tmp_path / "plan.gpkg")
    site = layer_of(styled(Fill("#123456")), shapely.box(*EXTENT), role="boundary")
    snapshot = replace(plan(photo), layers={site.id: site})
    write_map(snapshot, map_viewport(EXTENT, 200, 96), tmp_path / "a.png", project=tmp_path / "plan.gpkg")
    array = np.asarray(Image.open(tmp_path / "a.png").convert("RGB"))
    assert array[array.shape[0] // 8, array.shape[1] * 7 // 8].tolist() == [0, 255, 0]


def test_words_of_errors_are_in_both_languages():
    with pytest.raises(PublishError) as refused:
        map_viewport((0, 0, 10_000, 10_000), 200, 300)
    assert isinstance(refused.value.message, Text)
    assert refused.value.message.zh != refused.value.message.en


def test_whose_map_it_is_stands_on_the_export_over_the_plan(tmp_path, monkeypatch):
    from gis.raster.tiles.keys import Access, save_access
    from layers.background import TileBackground
    from tests.gis.raster.tiles.server import running

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    view = map_viewport(EXTENT, 200, 96)
    with running(monkeypatch) as server:
        save_access(Access({}, frozenset({server.template.split("/")[2]})))
        pictures = []
        for owner in ("", "© Somebody"):
            map_ = TileBackground("t", "Map", template=server.template, attribution=owner)
            made = write_map(plan(map_), view, tmp_path / "a.png", project=tmp_path / "plan.gpkg")
            assert made.findings == ()
            pictures.append(np.asarray(Image.open(tmp_path / "a.png").convert("RGB")).astype(int))
    rows, columns = np.nonzero(np.abs(pictures[0] - pictures[1]).sum(axis=2))
    assert len(rows)
    assert rows.min() > pictures[0].shape[0] * 0.8
    assert columns.max() > pictures[0].shape[1] * 0.9
