"""A large picture below the plan: what a view costs, its reduced copy once, and a pan against a whole view.

Run ``python -m tests.bench.raster [side]``; the peer is GDAL warping the same view from the picture itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from gis.progress import Progress
from gis.raster import copies
from gis.raster.opening import read_raster
from gis.raster.reading import Placed, View, levels_of, read_view

WEST, NORTH, STEP = 616_400.0, 4_078_200.0, 0.05
VIEW = (1600, 1000)
ROUNDS = 5


def picture(path: Path, side: int) -> Path:
    """Write a picture of noise without overviews, strip by strip."""
    import rasterio
    from rasterio.transform import from_origin
    from rasterio.windows import Window

    chance = np.random.default_rng(7)
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=3, dtype="uint8", crs="EPSG:4549",
        transform=from_origin(WEST, NORTH, STEP, STEP), tiled=True, compress="jpeg", photometric="ycbcr",
        interleave="pixel",
    ) as data:  # fmt: skip
        for top in range(0, side, 512):
            rows = min(512, side - top)
            coarse = chance.integers(0, 255, (3, rows // 16 + 1, side // 16 + 1), dtype=np.uint8)
            strip = coarse.repeat(16, 1).repeat(16, 2)[:, :rows, :side]
            data.write(strip, window=Window(0, top, side, rows))
    return path


def view(side: int, share: float) -> View:
    """Return a view of a share of the picture, in the project's neighbouring zone."""
    from gis.crs import transform_bounds

    west, south, east, north = transform_bounds(
        (WEST, NORTH - side * STEP, WEST + side * STEP, NORTH), "EPSG:4549", "EPSG:4548"
    )
    step = (east - west) * share / VIEW[0]
    x, y = (west + east) / 2 - VIEW[0] / 2 * step, (south + north) / 2 + VIEW[1] / 2 * step
    return View(*VIEW, (step, 0.0, x, 0.0, -step, y), "EPSG:4548")


def timed(work) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def pan_ratio(path: Path, side: int) -> float:
    """Return what the picture after a pan of 60 pixels costs, as a share of a whole one."""
    from gis.raster.reference import reference
    from gis.render.backdrop import Backdrop
    from gis.render.viewport import Viewport
    from ui.canvas.backdrop_painting import BackdropOrder, paint_backdrop

    wanted = view(side, 1.0)
    step, _, x, _, _, y = wanted.transform
    seen = Viewport(x + VIEW[0] / 2 * step, y - VIEW[1] / 2 * step, step, *VIEW)
    backdrop, photo = Backdrop(path.with_name("plan.gpkg"), "EPSG:4548"), reference(path, path)
    order = BackdropOrder(backdrop, (photo,), seen)
    before = paint_backdrop(order, None, lambda: None)
    panned = BackdropOrder(backdrop, (photo,), seen.panned(60, 20))
    whole = median(timed(lambda: paint_backdrop(panned, None, lambda: None)) for _ in range(ROUNDS))
    moved = median(timed(lambda: paint_backdrop(panned, before, lambda: None)) for _ in range(ROUNDS))
    return moved / whole


def main(side: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        raster = read_raster(picture(Path(folder) / "large.tif", side))
        copies.cache_folder = lambda: Path(folder) / "cache"
        where = Placed(raster, "EPSG:4549", raster.transform)
        copy_s = timed(lambda: copies.make_copy(raster, Progress()))
        print(f"{side} x {side} pixels; reduced copy, once: {copy_s:.1f} s")
        worst = 0.0
        for name, share in (("whole extent", 1.0), ("3 % of it", 0.03)):
            wanted, ours, peers = view(side, share), [], []
            for _ in range(ROUNDS):
                ours.append(timed(lambda w=wanted: read_view(where, w, copies.usable_levels(raster))))
                peers.append(timed(lambda w=wanted: read_view(where, w, levels_of(raster))))
            ratio = median(ours) / median(peers)
            worst = max(worst, ratio)
            print(f"{name}: {median(ours) * 1000:.0f} ms, GDAL from the picture itself "
                  f"{median(peers) * 1000:.0f} ms: {ratio:.2f}")  # fmt: skip
        share = pan_ratio(raster.path, side)
        print(f"after a pan of 60 pixels: {share:.2f} of a whole picture")
    return 0 if worst <= 1.3 and share <= 0.6 else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 12_000))
