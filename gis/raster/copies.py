"""Reduced copies of pictures that cannot be shown quickly as they are.

A large picture without overviews, a JPEG or PNG that can only be unpacked from
its top, a scan in two colours: each gets a tiled copy with overviews in the
user's cache folder. The picture itself is never touched.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np

from gis.disk_words import disk_words
from gis.progress import Progress
from gis.raster.colours import Scale, colour_scale, coloured
from gis.raster.opening import ENOUGH_PX, Raster, gdal_errors, opened, unreadable
from gis.raster.reading import Level, levels_of
from gis.settings import cache_folder
from layers.errors import StorageError
from layers.text import Text

MOST_CACHE_BYTES: Final = 2_000_000_000
"""What the copies of all pictures may take together; the longest unused go first."""
_SEQUENTIAL: Final = frozenset({"JPEG", "PNG", "GIF", "WEBP"})
_SMALL_PIXELS: Final = 16_000_000
_TILE: Final = 256
_ROWS: Final = 512
_DOING: Final = Text("正在准备底图“{name}”", "Preparing the background “{name}”")


def copy_factor(raster: Raster) -> int:
    """Return by how much the copy of a picture is smaller at its finest; 0 if it needs none."""
    mixed = raster.look in ("palette", "bits")
    if raster.driver in _SEQUENTIAL and raster.pixels > _SMALL_PIXELS:
        return 1
    coarsest = max(raster.factors, default=1.0)
    if mixed and max(raster.width, raster.height) > _TILE:
        return 2
    if raster.pixels > _SMALL_PIXELS and max(raster.width, raster.height) / coarsest > ENOUGH_PX:
        return 4
    return 0


def usable_levels(raster: Raster) -> tuple[Level, ...] | None:
    """Return the sizes a picture can be read in now; None while its copy is still to be made."""
    factor = copy_factor(raster)
    if not factor:
        return levels_of(raster)
    copy = copy_path(raster)
    if not copy.is_file():
        return None
    with suppress(OSError):
        os.utime(copy)  # lately used: kept when room is made
    with opened(copy) as data:
        smaller = tuple(
            Level(copy, n, f * factor, factor, copied=True) for n, f in enumerate(data.overviews(1))
        )
    own = () if factor == 1 else (Level(raster.path, None, 1.0),)
    return (*own, Level(copy, None, float(factor), factor, copied=True), *smaller)


def copy_path(raster: Raster) -> Path:
    """Return where the copy of a picture lies; another if the picture changes."""
    found = raster.path.stat()
    words = f"{raster.path.absolute()}|{found.st_size}|{found.st_mtime_ns}|{raster.look}"
    return cache_folder() / "pictures" / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.tif"


def make_copy(raster: Raster, progress: Progress) -> Path:
    """Make the reduced copy of a picture, reading it once from top to bottom.

    Raises
    ------
    BadInputError
        If nothing of the picture can be read.
    StorageError
        If the cache folder cannot be written.
    CancelledError
        Leaves nothing behind.
    """
    target, factor = copy_path(raster), max(1, copy_factor(raster))
    temporary = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".tif", prefix=".new-", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        _write(raster, factor, temporary, progress)
        os.replace(temporary, target)
        temporary = None
    except OSError as error:
        raise StorageError(
            Text("无法准备底图：{why}", "The background cannot be prepared: {why}").format(
                why=disk_words(error)
            ),
            Text("请检查磁盘空间。原图未改动。", "Check the free space. The picture is as it was."),
            code="raster.cache",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    make_room(target.parent, MOST_CACHE_BYTES, keep=(target,))
    return target


def make_room(folder: Path, most_bytes: int, keep: Sequence[Path] = ()) -> None:
    """Remove the longest unused files of a folder until the rest takes no more than it may."""
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file():
                state = path.stat()
                found.append((state.st_mtime_ns, state.st_size, path))
    taken = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if taken <= most_bytes:
            return
        if path not in keep:
            with suppress(OSError):
                path.unlink()
                taken -= size


def _write(raster: Raster, factor: int, out: Path, progress: Progress) -> None:
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    width, height = -(-raster.width // factor), -(-raster.height // factor)
    opaque = not raster.masked and not raster.alpha and raster.look != "palette"
    doing = _DOING.format(name=raster.path.name)
    bands = (1, 2, 3) if opaque else (1, 2, 3, 4)
    read = 0
    with opened(raster.path) as data:
        scale = colour_scale(data, raster)
        with rasterio.open(out, "w", **_profile(raster, width, height, len(bands))) as copy:
            for top in range(0, height, _ROWS // factor):
                progress.step(0.9 * top / height, doing)
                rows = min(_ROWS // factor, height - top)
                tall = min(rows * factor, raster.height - top * factor)
                try:
                    smaller = _reduced_strip(data, raster, scale, (top * factor, tall, factor))
                except gdal_errors():
                    continue  # a damaged strip stays empty; the others are shown
                read += 1
                copy.write(smaller[: len(bands)], bands, window=Window(0, top, width, rows))
        if not read:
            raise unreadable(raster.path, "no strip can be read")
        progress.step(0.9, doing)
        with rasterio.open(out, "r+") as copy:
            factors = [2**n for n in range(1, 12) if max(width, height) / 2 ** (n - 1) > _TILE * 2]
            copy.build_overviews(factors, Resampling.average)


def _profile(raster: Raster, width: int, height: int, bands: int) -> dict[str, Any]:
    photo = {"compress": "jpeg", "jpeg_quality": 88, "photometric": "ycbcr", "interleave": "pixel"}
    plain = {"compress": "deflate", "zlevel": 3, "interleave": "pixel"}
    return {
        "driver": "GTiff", "width": width, "height": height, "count": bands, "dtype": "uint8",
        "tiled": True, "blockxsize": _TILE, "blockysize": _TILE, "bigtiff": "if_safer",
        **(photo if bands == 3 and raster.driver == "JPEG" else plain),
        **({} if bands == 3 else {"photometric": "rgb", "alpha": "yes"}),
    }  # fmt: skip


def _reduced_strip(data: Any, raster: Raster, scale: Scale, strip: tuple[int, int, int]) -> Any:
    """Return a strip (top, rows, factor) in colours, each square of pixels one, bands first.

    Where every pixel is opaque and values may be mixed, GDAL does most of it: a hundred times less memory.
    """
    from rasterio.enums import Resampling
    from rasterio.windows import Window

    top, tall, factor = strip
    whole = raster.width // factor
    mixes = raster.look in ("colour", "grey") and not raster.masked and not raster.alpha
    if factor == 1 or not mixes or tall % factor or not whole:
        return _reduced(_strip(data, raster, scale, Window(0, top, raster.width, tall)), factor)
    shape = (len(raster.bands), tall // factor, whole)
    window = Window(0, top, whole * factor, tall)
    values = data.read(raster.bands, window=window, out_shape=shape, resampling=Resampling.average)
    pixels = np.moveaxis(coloured(values, None, raster, scale), 2, 0)
    if whole * factor == raster.width:
        return pixels
    rest = Window(whole * factor, top, raster.width - whole * factor, tall)
    return np.concatenate([pixels, _reduced(_strip(data, raster, scale, rest), factor)], axis=2)


def _strip(data: Any, raster: Raster, scale: Scale, window: Any) -> Any:
    values = data.read(raster.bands, window=window)
    opacity = data.dataset_mask(window=window) if raster.masked or raster.alpha else None
    return coloured(values, opacity, raster, scale)


def _reduced(pixels: Any, factor: int) -> Any:
    """Return the mean of each square of pixels, bands first; what is transparent counts for nothing."""
    if factor == 1:
        return np.moveaxis(pixels, 2, 0)
    rows, width = (-(-side // factor) for side in pixels.shape[:2])
    short = (rows * factor - pixels.shape[0], width * factor - pixels.shape[1])
    padded = np.pad(pixels, ((0, short[0]), (0, short[1]), (0, 0)), mode="edge")
    squares = padded.reshape(rows, factor, width, factor, 4)
    weight = squares[..., 3:].astype(np.uint32)
    total = weight.sum(axis=(1, 3))
    mixed = (squares[..., :3] * weight).sum(axis=(1, 3)) // np.maximum(total, 1)
    return np.moveaxis(np.concatenate([mixed, total // factor**2], axis=2).astype(np.uint8), 2, 0)
