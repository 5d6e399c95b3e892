"""What a view shows of a picture: warped into the project's CRS, from the overview that fits."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from gis.raster.colours import Pixels, Scale, colour_scale, coloured
from gis.raster.opening import Raster, gdal_errors, opened
from layers.background import Affine

if TYPE_CHECKING:
    from rasterio import Affine as Matrix
    from rasterio.crs import CRS
    from rasterio.io import DatasetReader
    from rasterio.windows import Window

_ROWS: Final = 256
"""Rows read between two checks whether anybody still waits."""
_WORK_MB: Final = 64
_LOOKS: Final = 9
"""So many places across and down tell whether a strip lies inside a picture."""


@dataclass(frozen=True)
class View:
    """The pixels that are wanted.

    Parameters
    ----------
    width, height : int
    transform : Affine
        From pixels to the ground, metres of `crs`; may be turned.
    crs : str
        Of the project.
    """

    width: int
    height: int
    transform: Affine
    crs: str


class Placed(NamedTuple):
    """A picture and where it lies: CRS and transformation as finally settled."""

    raster: Raster
    crs: str
    transform: Affine


class Level(NamedTuple):
    """One size a picture can be read in.

    Parameters
    ----------
    path : Path
    overview : int or None
        Number of the overview in that file.
    factor : float
        How many pixels of the picture one pixel here stands for.
    base : int
        By how much the finest size in that file is smaller; 1 for the picture itself.
    copied : bool
        Whether it is a reduced copy, in colours already.
    """

    path: Path
    overview: int | None
    factor: float
    base: int = 1
    copied: bool = False


class Shown(NamedTuple):
    """What was read, and whether a part of it could not be."""

    pixels: Pixels
    damaged: bool


def levels_of(raster: Raster) -> tuple[Level, ...]:
    """Return the sizes that are in the file itself, finest first."""
    return (Level(raster.path, None, 1.0), *(Level(raster.path, n, f) for n, f in enumerate(raster.factors)))


def read_view(
    placed: Placed, view: View, levels: tuple[Level, ...], check: Callable[[], None] = lambda: None
) -> Shown:
    """Return what a view shows of a picture; transparent where it shows none.

    Parameters
    ----------
    placed : Placed
    view : View
    levels : tuple of Level
        In which sizes it can be read; the coarsest that is still sharp is taken.
    check : callable
        Called between strips; raises to cancel.

    Returns
    -------
    Shown
        With ``damaged`` set if strips of the file could not be read; they stay transparent.

    Raises
    ------
    NotFoundError, BadInputError
        If the file is gone or cannot be opened.
    """
    from rasterio.crs import CRS

    check()
    source, target = CRS.from_user_input(placed.crs), CRS.from_user_input(view.crs)
    level = _level(levels, _reduction(placed, view, source, target))
    options = {} if level.overview is None else {"overview_level": level.overview}
    with opened(level.path, **options) as data:
        return _warped(data, placed, view, level, (source, target), check)


def _warped(
    data: DatasetReader,
    placed: Placed,
    view: View,
    level: Level,
    systems: tuple[CRS, CRS],
    check: Callable[[], None],
) -> Shown:
    from rasterio import Affine as Matrix
    from rasterio.vrt import WarpedVRT
    from rasterio.windows import Window

    raster = placed.raster
    bands, alpha, scale = _bands(data, raster, level)
    # a copy is rounded up to whole squares of pixels
    across = -(-raster.width // level.base) * level.base / data.width
    down = -(-raster.height // level.base) * level.base / data.height
    a, b, c, d, e, f = placed.transform
    place = Matrix(a * across, b * down, c, d * across, e * down, f)
    options: dict[str, Any] = {
        "src_crs": systems[0], "crs": systems[1], "src_transform": place,
        "transform": Matrix(*view.transform), "width": view.width, "height": view.height,
        "resampling": _resampling(scale), "warp_mem_limit": _WORK_MB,
    }  # fmt: skip
    edged = {} if alpha else {"add_alpha": True}
    opaque = not alpha and (level.copied or not raster.masked)
    pixels = np.zeros((view.height, view.width, 4), dtype=np.uint8)
    look, damaged = raster_as(raster, level), False
    with ExitStack() as stack:
        whole = stack.enter_context(WarpedVRT(data, **options, **edged))
        inner = stack.enter_context(WarpedVRT(data, **options)) if opaque else whole
        for top in range(0, view.height, _ROWS):
            check()
            rows = min(_ROWS, view.height - top)
            strip = Window(0, top, view.width, rows)
            filled = opaque and _is_filled(strip, view, systems, ~place, (data.width, data.height))
            try:
                if filled:
                    values, opacity = inner.read(bands, window=strip), None
                else:  # at once: what GDAL warps for one band it does not keep for another
                    read = whole.read((*bands, alpha or data.count + 1), window=strip)
                    values, opacity = read[:-1], _opacity(read[-1])
                if opacity is None or opacity.any():
                    pixels[top : top + rows] = coloured(values, opacity, look, scale)
            except gdal_errors():
                damaged = True
    return Shown(pixels, damaged)


def _is_filled(
    strip: Window, view: View, systems: tuple[CRS, CRS], to_pixels: Matrix, size: tuple[int, int]
) -> bool:
    """Tell whether a strip of the view lies inside the picture: there GDAL need not look what is opaque."""
    from rasterio.warp import transform

    across, down = np.meshgrid(
        np.linspace(0, view.width, _LOOKS), strip.row_off + np.linspace(0, strip.height, _LOOKS)
    )
    a, b, c, d, e, f = view.transform
    xs, ys = transform(
        systems[1], systems[0], (a * across + b * down + c).ravel(), (d * across + e * down + f).ravel()
    )[:2]
    a, b, c, d, e, f = tuple(to_pixels)[:6]
    columns, rows = (
        (a * np.asarray(xs) + b * np.asarray(ys) + c),
        (d * np.asarray(xs) + e * np.asarray(ys) + f),
    )
    return bool(
        (columns >= 1).all() and (columns <= size[0] - 1).all()
        and (rows >= 1).all() and (rows <= size[1] - 1).all()
    )  # fmt: skip


def raster_as(raster: Raster, level: Level) -> Raster:
    """Return how the values of a level are to be understood: a copy is in colours already."""
    return replace(raster, look="colour", dtype="uint8", bands=(1, 2, 3)) if level.copied else raster


def _bands(data: DatasetReader, raster: Raster, level: Level) -> tuple[tuple[int, ...], int, Scale]:
    if level.copied:
        return (1, 2, 3), 4 if data.count == 4 else 0, Scale(None, 0.0, 255.0)
    return raster.bands, raster.alpha, _scale_of(raster)


def _opacity(values: Any) -> Any:
    """Return opacity as 0-255; an alpha band of 16 bits says it in larger numbers."""
    if values.dtype == np.uint8:
        return values
    most = np.iinfo(values.dtype).max if values.dtype.kind in "iu" else max(1.0, float(values.max()))
    return (values.astype(np.float32) * (255.0 / most)).clip(0, 255).astype(np.uint8)


def _resampling(scale: Scale) -> Any:
    from rasterio.enums import Resampling

    # the numbers of a palette cannot be mixed
    return Resampling.nearest if scale.table is not None else Resampling.bilinear


_scales: dict[tuple[Path, int, int], Scale] = {}


def _scale_of(raster: Raster) -> Scale:
    """Return how values become colours; found once a file, so that all its parts look alike."""
    found = raster.path.stat()
    known = (raster.path, found.st_mtime_ns, found.st_size)
    if known not in _scales:
        with opened(raster.path) as data:
            _scales[known] = colour_scale(data, raster)
    return _scales[known]


def _level(levels: tuple[Level, ...], reduction: float) -> Level:
    """Return the coarsest level that still has a pixel for every pixel of the view."""
    sharp = [level for level in levels if level.factor <= max(reduction, 1.0) * 1.05]
    return max(sharp, key=lambda level: level.factor) if sharp else min(levels, key=lambda a: a.factor)


def _reduction(placed: Placed, view: View, source: CRS, target: CRS) -> float:
    """Return how many pixels of the picture lie under one pixel of the view."""
    from rasterio.warp import transform

    a, b, c, d, e, f = view.transform
    col, row = view.width / 2, view.height / 2
    at = [(col, row), (col + 1, row), (col, row + 1)]
    xs, ys = transform(
        target, source, [a * i + b * j + c for i, j in at], [d * i + e * j + f for i, j in at]
    )[:2]
    a, b, _, d, e, _ = placed.transform
    size = abs(a * e - b * d)
    area = abs((xs[1] - xs[0]) * (ys[2] - ys[0]) - (xs[2] - xs[0]) * (ys[1] - ys[0]))
    reduction = math.sqrt(area / size) if size else 1.0
    return reduction if math.isfinite(reduction) else math.inf  # the view lies where that CRS has no places


def read_whole(raster: Raster, most_px: int, check: Callable[[], None] = lambda: None) -> Pixels:
    """Return the whole picture as it lies in the file, with no side longer than `most_px`.

    Raises
    ------
    NotFoundError, BadInputError
    """
    factor = max(1.0, max(raster.width, raster.height) / most_px)
    rows, columns = max(1, round(raster.height / factor)), max(1, round(raster.width / factor))
    from rasterio.enums import Resampling

    with opened(raster.path) as data:
        check()
        scale = colour_scale(data, raster)
        kind = Resampling.nearest if scale.table is not None else Resampling.average
        shape = (len(raster.bands), rows, columns)
        values = data.read(raster.bands, out_shape=shape, resampling=kind)
        check()
        opacity = data.dataset_mask(out_shape=(rows, columns)) if raster.masked or raster.alpha else None
    return coloured(values, opacity, raster, scale)
