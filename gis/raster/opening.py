"""Opening a picture file and telling what it is, without reading its pixels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from gis.crs import Bounds
from gis.crs_names import parse_crs
from gis.store.guard import refuse_if_live
from layers.background import Affine
from layers.errors import BadInputError, CrsError, NotFoundError
from layers.text import Text

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

_BEGINNINGS: Final = (
    (b"II*\x00", "GTiff"), (b"MM\x00*", "GTiff"), (b"II+\x00", "GTiff"), (b"MM\x00+", "GTiff"),
    (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n", "PNG"), (b"BM", "BMP"), (b"GIF8", "GIF"),
    (b"RIFF", "WEBP"), (b"\x00\x00\x00\x0cjP  ", "JP2OpenJPEG"), (b"\xff\x4f\xff\x51", "JP2OpenJPEG"),
    (b"EHFA_HEADER_TAG", "HFA"), (b"ncols", "AAIGrid"), (b"NCOLS", "AAIGrid"),
)  # fmt: skip
"""Formats that hold one picture and lead nowhere else (no VRT, no database, no network), known by
their first bytes: a wrong ending does not matter."""
ENDINGS: Final = (
    ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".jp2", ".asc", ".img",
)  # fmt: skip
CACHE_BYTES: Final = 64 * 2**20
"""What GDAL may keep of decoded blocks."""
MOST_BLOCK_BYTES: Final = 512 * 2**20
MOST_PIXELS: Final = 2_500_000_000
"""Without overviews a picture of more pixels than this is refused: making them would take an hour."""
ENOUGH_PX: Final = 2048
"""A level of at most so many pixels a side can be read whole for an overview."""

Look: TypeAlias = Literal["colour", "grey", "palette", "bits", "measured", "cmyk"]
"""How values become colours; ``measured`` are heights and other numbers, shown from dark to light."""

_NO_PICTURE: Final = Text("内容不是图片格式", "its content is no known picture format")
_EMPTY: Final = Text("文件是空的", "the file is empty")
_IDENTITY: Final[Affine] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_SMALL: Final = ("uint8", "int8")


@dataclass(frozen=True)
class Raster:
    """What a picture file says about itself.

    Parameters
    ----------
    path : Path
    driver : str
        GDAL's name of the format.
    width, height : int
        Pixels.
    bands : tuple of int
        The bands shown: one, or red, green, blue (or cyan, magenta, yellow, black).
    alpha : int
        The band that says what is transparent; 0 if there is none.
    dtype : str
    look : Look
    nodata : float or None
    masked : bool
        Whether some pixels may be no picture.
    factors : tuple of float
        By how much each overview is smaller, finest first.
    crs : str or None
        Canonical name; None if the file names none (or one that is no place on earth).
    transform : Affine or None
        None if the file says nothing of its place.
    """

    path: Path
    driver: str
    width: int
    height: int
    bands: tuple[int, ...]
    alpha: int
    dtype: str
    look: Look
    nodata: float | None
    masked: bool
    factors: tuple[float, ...]
    crs: str | None
    transform: Affine | None

    @property
    def pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    def bounds(self, transform: Affine | None = None) -> Bounds | None:
        """Return the box around the picture in its own coordinates, or None without a place."""
        a, b, c, d, e, f = transform or self.transform or (math.nan,) * 6
        corners = [(0, 0), (self.width, 0), (0, self.height), (self.width, self.height)]
        xs = [a * col + b * row + c for col, row in corners]
        ys = [d * col + e * row + f for col, row in corners]
        box = min(xs), min(ys), max(xs), max(ys)
        return box if all(map(math.isfinite, box)) else None


def read_raster(path: Path) -> Raster:
    """Return what a picture file says about itself.

    Raises
    ------
    NotFoundError
        If there is no such file.
    BadInputError
        If it is no picture, is damaged, or is built so that showing it would take all memory.
    """
    with opened(path) as data:
        factors = tuple(float(f) for f in data.overviews(1))
        look, bands, alpha = _look(data)
        _check_size(data, factors)
        place = None if _affine(data.transform) == _IDENTITY else _affine(data.transform)
        if place is None and data.gcps[0]:
            place = _from_gcps(data)
        nodata = data.nodatavals[bands[0] - 1]
        return Raster(
            path, str(data.driver), data.width, data.height, bands, alpha, str(data.dtypes[bands[0] - 1]),
            look, None if nodata is None else float(nodata), _masked(data), factors,
            _crs_of(data, path), place,
        )  # fmt: skip


@contextmanager
def opened(path: Path, **options: Any) -> Iterator[DatasetReader]:
    """Open a picture file with GDAL.

    Raises
    ------
    NotFoundError, BadInputError
        As `read_raster`; also if reading fails inside the block.
    """
    import warnings

    import rasterio  # late: a second on a cold start
    from rasterio.errors import NotGeoreferencedWarning

    if not path.is_file():
        raise NotFoundError(
            Text("找不到底图文件：{name}", "The background's file is missing: {name}").format(name=path.name),
            Text(
                "它不在 {folder}。若已移动，请重新指定。",
                "It is not in {folder}. Say where it is now.",
            ).format(folder=path.parent),
            code="raster.missing",
        )
    refuse_if_live(path)
    driver = _driver(path)
    try:
        with (
            warnings.catch_warnings(),
            rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES // 2**20, CPL_DEBUG=False),
        ):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver=driver, sharing=False, **options) as data:
                yield data
    except gdal_errors() as error:
        raise unreadable(path, str(error)) from error


def unreadable(path: Path, why: str | Text) -> BadInputError:
    """Return the error for a picture that cannot be read."""
    return BadInputError(
        Text("这张图无法读取：{name}", "This picture cannot be read: {name}").format(name=path.name),
        Text(
            "文件可能不完整、已损坏或不是图片。请重新拷贝，或另存为 TIFF、PNG、JPEG。（{why}）",
            "It may be incomplete, damaged or no picture. Copy it again, or save it as TIFF, PNG or JPEG."
            " ({why})",
        ).format(why=why if isinstance(why, Text) else why[:200].replace(str(path), path.name)),
        code="raster.unreadable",
    )


def _driver(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(32).lstrip()
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error
    found = next((driver for begin, driver in _BEGINNINGS if start.startswith(begin)), None)
    if found is None:
        raise unreadable(path, _NO_PICTURE if start else _EMPTY)
    return found


def gdal_errors() -> tuple[type[Exception], ...]:
    """Return what GDAL raises through rasterio; some of it is no error of rasterio's own."""
    from rasterio._err import CPLE_BaseError
    from rasterio.errors import RasterioError

    # names inside a damaged file may be no text
    return RasterioError, CPLE_BaseError, MemoryError, UnicodeDecodeError


def _affine(transform: Any) -> Affine:
    a, b, c, d, e, f = (float(v) for v in tuple(transform)[:6])
    return a, b, c, d, e, f


def _from_gcps(data: DatasetReader) -> Affine | None:
    from rasterio.transform import from_gcps

    points, _ = data.gcps
    return _affine(from_gcps(points)) if len(points) >= 3 else None


def _look(data: DatasetReader) -> tuple[Look, tuple[int, ...], int]:
    from rasterio.enums import ColorInterp

    meaning = {interp: band for band, interp in reversed(list(enumerate(data.colorinterp, 1)))}
    alpha = meaning.get(ColorInterp.alpha, 0)
    colours = [meaning.get(c, 0) for c in (ColorInterp.red, ColorInterp.green, ColorInterp.blue)]
    inks = [
        meaning.get(c, 0)
        for c in (ColorInterp.cyan, ColorInterp.magenta, ColorInterp.yellow, ColorInterp.black)
    ]
    first = next(band for band in (1, 2) if band != alpha)
    if all(colours):
        return "colour", tuple(colours), alpha
    if all(inks):
        return "cmyk", tuple(inks), alpha
    if data.colorinterp[first - 1] == ColorInterp.palette and data.dtypes[first - 1] in _SMALL:
        return "palette", (first,), alpha
    if data.tags(first, ns="IMAGE_STRUCTURE").get("NBITS") == "1":
        return "bits", (first,), alpha
    plain = [band for band in range(1, data.count + 1) if band != alpha]
    if len(plain) >= 3 and data.dtypes[0] in _SMALL:
        return "colour", tuple(plain[:3]), alpha
    return ("grey" if data.dtypes[first - 1] in _SMALL else "measured"), (first,), alpha


def _masked(data: DatasetReader) -> bool:
    from rasterio.enums import MaskFlags

    return any(MaskFlags.all_valid not in flags for flags in data.mask_flag_enums)


def _check_size(data: DatasetReader, factors: tuple[float, ...]) -> None:
    import numpy as np

    rows, columns = data.block_shapes[0]
    block = rows * columns * np.dtype(data.dtypes[0]).itemsize * (data.count if data.interleaving else 1)
    coarsest = max(factors, default=1.0)
    no_way = data.width * data.height > MOST_PIXELS and max(data.width, data.height) / coarsest > ENOUGH_PX
    if block <= MOST_BLOCK_BYTES and not no_way:
        return
    raise BadInputError(
        Text(
            "这张图太大，没有缩小图层，无法显示：{w}×{h} 像素。",
            "This picture is too large to be shown without overviews: {w} × {h} pixels.",
        ).format(w=f"{data.width:,}", h=f"{data.height:,}"),
        Text(
            "请让提供者导出带金字塔的 GeoTIFF（COG），或裁到小区范围。没有读取任何像素。",
            "Ask for a GeoTIFF with overviews (COG), or for a cut of the estate. No pixel was read.",
        ),
        code="raster.too-large",
    )


def _crs_of(data: DatasetReader, path: Path) -> str | None:
    given = data.crs or data.gcps[1]
    words = given.to_wkt() if given else _prj_beside(path)
    if not words or words.startswith(("LOCAL_CS", "ENGCRS")):
        return None
    try:
        return parse_crs(words)
    except CrsError:
        return None


def _prj_beside(path: Path) -> str:
    """Return what a ``.prj`` beside the picture says; GDAL looks for one only with some formats."""
    for beside in (path.with_suffix(".prj"), path.with_suffix(".PRJ")):
        try:
            return beside.read_bytes()[:20_000].decode("utf-8", "replace").strip()
        except OSError:
            continue
    return ""
