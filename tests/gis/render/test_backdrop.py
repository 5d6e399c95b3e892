"""Backgrounds are painted bottom to top; what cannot be shown is told and the rest is painted."""

import numpy as np
import pytest
from PyQt6.QtGui import QImage, QPainter

from gis.raster.reference import reference
from gis.render.backdrop import Backdrop, coarsened
from gis.render.grid import grid_step, paint_grid
from gis.render.scene import blank_image
from gis.render.tile_painting import TilePictures
from gis.render.viewport import Viewport
from layers.background import GridBackground, RasterBackground, TileBackground
from tests.gis.raster.pictures import NORTH, WEST, quarters, write
from tests.gis.raster.tiles.conftest import background, fetcher, server  # noqa: F401
from tests.gis.raster.tiles.server import colour_of

VIEW = Viewport(WEST + 20, NORTH - 20, 0.25, 160, 160)


def painted(backdrop, backgrounds, view=VIEW, **options):
    image = blank_image(view)
    painter = QPainter(image)
    done = backdrop.paint(painter, backgrounds, view, **options)
    painter.end()
    return image, done


def rgb(image, x, y):
    return image.pixelColor(x, y).getRgb()


@pytest.fixture
def project(tmp_path):
    return tmp_path / "plan.gpkg"


@pytest.fixture
def photo(tmp_path, project):
    return reference(write(tmp_path / "photo.tif", quarters()), project)


def test_a_picture_is_painted_where_it_lies(project, photo):
    image, done = painted(Backdrop(project, "EPSG:4548"), [photo])
    assert [rgb(image, x, y)[:3] for x, y in ((20, 20), (140, 20), (20, 140), (140, 140))] == [
        (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255),
    ]  # fmt: skip
    assert done.troubles == []


def test_opacity_and_visibility_are_kept(project, photo):
    from dataclasses import replace

    image, _ = painted(Backdrop(project, "EPSG:4548"), [replace(photo, opacity=0.5)])
    assert rgb(image, 20, 20)[3] in (127, 128)
    image, _ = painted(Backdrop(project, "EPSG:4548"), [replace(photo, visible=False)])
    assert rgb(image, 20, 20)[3] == 0


def test_one_that_is_lost_does_not_hide_the_others(project, photo):
    lost = RasterBackground("x", "lost", path="gone.tif")
    image, done = painted(Backdrop(project, "EPSG:4548"), [lost, photo])
    assert [(t.uid, t.code) for t in done.troubles] == [("x", "raster.missing")]
    assert rgb(image, 20, 20)[:3] == (255, 0, 0)


def test_a_picture_that_changed_is_looked_at_again(project, photo, tmp_path):
    backdrop = Backdrop(project, "EPSG:4548")
    painted(backdrop, [photo])
    write(tmp_path / "photo.tif", quarters(20), step=2.0, compress="deflate")
    image, done = painted(backdrop, [photo])
    assert done.troubles == []
    assert rgb(image, 140, 20)[:3] == (0, 255, 0)


def test_a_page_of_fine_dots_does_not_read_finer_than_a_picture_needs():
    page = Viewport(WEST, NORTH, 0.02, 20_000, 14_000, px_per_mm=600 / 25.4)
    coarse = coarsened(page)
    assert coarse.width_px * coarse.height_px < 40_000_000
    assert coarse.extent == pytest.approx(page.extent, abs=0.1)
    assert coarsened(VIEW) is VIEW


def test_the_painter_is_given_back_as_it_was(project, photo):
    image = QImage(100, 100, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setOpacity(0.5)
    painter.translate(3, 4)
    Backdrop(project, "EPSG:4548").paint(painter, [photo, GridBackground("g", "g")], VIEW)
    assert painter.opacity() == pytest.approx(0.5, abs=0.01)
    assert (painter.transform().dx(), painter.transform().dy()) == (3, 4)
    painter.end()


# The grid


@pytest.mark.parametrize(("metres_per_px", "step"), [(0.1, 10.0), (0.5, 50.0), (1.0, 100.0), (30.0, 5000.0)])
def test_grid_lines_lie_at_round_numbers(metres_per_px, step):
    assert grid_step(Viewport(0, 0, metres_per_px, 800, 600)) == step


def test_a_grid_line_runs_through_its_coordinate():
    view = Viewport(616650.0, 4078000.0, 0.5, 400, 300)
    image = blank_image(view)
    painter = QPainter(image)
    paint_grid(painter, view, 100.0)
    painter.end()
    x, _ = view.to_px(616700.0, 0.0)
    assert image.pixelColor(round(x), 150).alpha() > 60
    assert image.pixelColor(round(x) + 30, 130).alpha() == 0


# Tiles


def test_tiles_are_painted_where_their_ground_lies(project, server, background, fetcher):  # noqa: F811
    from gis.crs_names import WGS84
    from gis.raster.tiles.lattice import lattice

    view = Viewport(616650.0, 4078000.0, 0.5, 600, 400)
    backdrop = Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10))
    image, done = painted(backdrop, [background], view)
    assert done.credits == ["© Nobody"]
    assert done.troubles == []
    corners = np.array(
        [[float(v) for v in view.to_world(x, y)] for x, y in ((0, 0), (600, 0), (600, 400), (0, 400))]
    )
    seen = 0
    for (_, column, row), quad in lattice(corners, 0.5, "EPSG:4548", WGS84, 20).tiles():
        x, y = view.to_px(*quad.mean(axis=0))
        if 0 <= x < 600 and 0 <= y < 400:
            assert rgb(image, int(x), int(y))[:3] == colour_of(column, row)
            seen += 1
    assert seen > 2
    clear = [(x, y) for x in range(0, 600, 7) for y in range(0, 400, 7) if rgb(image, x, y)[3] < 255]
    assert clear == []  # no hairline between tiles


def test_while_tiles_are_missing_a_coarser_one_stands_in(project, server, background, fetcher):  # noqa: F811
    near = Viewport(616650.0, 4078000.0, 0.5, 300, 200)
    far = Viewport(616650.0, 4078000.0, 2.0, 300, 200)
    painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10)), [background], far)
    server.status = 404
    image, _ = painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10)), [background], near)
    assert rgb(image, 150, 100)[3] == 255


@pytest.mark.parametrize("seen_at", [0.02, 0.06, 0.12, 1.0, 4.0, 16.0, 60.0])
def test_out_of_reach_tiles_seen_at_other_scales_are_drawn_where_they_lie(
    project,
    server,  # noqa: F811
    background,  # noqa: F811
    fetcher,  # noqa: F811
    seen_at,
):
    middle = (616650.0, 4078000.0)
    view, earlier = (Viewport(*middle, scale, 64, 64) for scale in (0.25, seen_at))
    known, _ = painted(
        Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10)), [background], earlier
    )
    server.status = 503
    image, done = painted(
        Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10)), [background], view
    )
    assert [t.code for t in done.troubles] == ["tiles.failing"]
    assert rgb(image, 32, 32)[3] == 255
    wide = min(seen_at, 0.25) * 20  # metres to places of which both pictures know the colour
    for east, north in ((0, 0), (wide, 0), (-wide, 0), (0, wide), (0, -wide)):
        before, now = (
            rgb(shown, *(int(v) for v in frame.to_px(middle[0] + east, middle[1] + north)))
            for shown, frame in ((known, earlier), (image, view))
        )
        assert now == before


def test_a_service_that_lets_nobody_in_is_not_told_to_have_a_wrong_key(project, server, background, fetcher):  # noqa: F811
    server.status = 403
    _, done = painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=5)), [background])
    assert [t.code for t in done.troubles] == ["tiles.forbidden"]
    assert "核对" not in done.troubles[0].what.zh + done.troubles[0].advice.zh


def test_without_consent_nothing_is_asked_or_drawn_and_the_row_says_so(project, server, background, fetcher):  # noqa: F811
    from gis.raster.tiles.keys import Access

    fetcher.use(Access())
    image, done = painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=1)), [background])
    assert [t.code for t in done.troubles] == ["tiles.ask"]
    assert server.asked == []
    assert rgb(image, 80, 80)[3] == 0


def test_a_service_for_the_screen_only_is_left_out_of_exports(project, fetcher):  # noqa: F811
    amap = TileBackground("a", "高德", service="amap-map")
    _, done = painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=1, printing=True)), [amap])
    assert [t.code for t in done.troubles] == ["tiles.screen-only"]


@pytest.mark.parametrize("content", [b"\x89PNG broken", b"\xff\xd8\xff\x00"])
def test_a_broken_tile_in_the_cache_is_skipped(project, server, background, fetcher, content):  # noqa: F811
    from gis.raster.tiles.services import service_of

    for column in range(8):
        for row in range(8):
            fetcher.cache.write(service_of(background), (3, column, row), content)
    server.status = 404
    view = Viewport(616650.0, 4078000.0, 16_000.0, 64, 64)
    _, done = painted(Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=5)), [background], view)
    assert done.credits == []


def test_where_tiles_are_not_so_fine_coarser_ones_are_asked_for(project, server, background, fetcher):  # noqa: F811
    server.gone_from = 16
    view = Viewport(616650.0, 4078000.0, 0.2, 300, 200)
    backdrop = Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10))
    image, done = painted(backdrop, [background], view)
    assert rgb(image, 150, 100)[3] == 255
    assert done.troubles == []


def test_a_service_without_any_tile_here_says_so(project, server, background, fetcher):  # noqa: F811
    server.status = 404
    view = Viewport(616650.0, 4078000.0, 0.2, 300, 200)
    backdrop = Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10))
    _, done = painted(backdrop, [background], view)
    assert [trouble.code for trouble in done.troubles] == ["tiles.nothing"]


@pytest.mark.parametrize("broken", [b"\x89PNG\r\n\x1a\n" + b"x" * 900, b"\xff\xd8\xff" + b"\0" * 50])
def test_tiles_that_are_no_pictures_are_told_and_not_kept(project, server, background, fetcher, broken):  # noqa: F811
    server.body = broken
    view = Viewport(616650.0, 4078000.0, 0.5, 300, 200)
    backdrop = Backdrop(project, "EPSG:4548", TilePictures(fetcher, wait_s=10))
    for _ in range(2):
        _, done = painted(backdrop, [background], view)
    assert [trouble.code for trouble in done.troubles] == ["tiles.spoiled"]
    assert not [path for path in fetcher.cache.folder.rglob("*") if path.is_file()]
