"""The map as a picture file that knows where it lies: GeoTIFF, or PNG and JPEG with a world file."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QImage

from gis.disk_words import disk_words
from gis.progress import Progress
from gis.raster.world_file import write_world_file
from gis.render.application import ensure_application
from gis.render.backdrop import view_of
from gis.render.scene import render_image
from gis.render.underlay import ProjectUnderlay
from gis.render.viewport import Extent, Viewport
from gis.revisions.comparison import Comparison
from layers.errors import Finding, PublishError, StorageError, UsageError
from layers.snapshot import Snapshot
from layers.text import Language, Text

MOST_PIXELS: Final = 100_000_000
PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
TIFFS: Final = (".tif", ".tiff")
ENDINGS: Final = (*PICTURES, *TIFFS)
_MM_PER_INCH: Final = 25.4
_LEAST_PX: Final = 16


@dataclass(frozen=True)
class MapFile:
    """What was written.

    Parameters
    ----------
    files : tuple of Path
        The picture first, then its world file and ``.prj``.
    viewport : Viewport
        What it shows.
    findings : tuple of Finding
        Backgrounds that could not be shown, or not whole.
    """

    files: tuple[Path, ...]
    viewport: Viewport
    findings: tuple[Finding, ...] = ()


def map_viewport(extent: Extent, scale: float, dpi: float) -> Viewport:
    """Return the view of an extent at a scale, with so many dots an inch.

    Raises
    ------
    PublishError
        If that is more than a hundred megapixels.

    Examples
    --------
    >>> view = map_viewport((0.0, 0.0, 127.0, 63.5), 500, 200)
    >>> view.width_px, view.height_px, round(view.scale_denominator)
    (2000, 1000, 500)
    """
    west, south, east, north = extent
    metres_per_px = scale * _MM_PER_INCH / 1000.0 / dpi
    width = max(_LEAST_PX, math.ceil((east - west) / metres_per_px - 1e-6))
    height = max(_LEAST_PX, math.ceil((north - south) / metres_per_px - 1e-6))
    if width * height > MOST_PIXELS:
        raise PublishError(
            Text(
                "图片将有 {n} 兆像素（{w}×{h}），超出上限 {m}。",
                "The picture would have {n} megapixels ({w} × {h}); the most is {m}.",
            ).format(n=width * height // 1_000_000, w=width, h=height, m=MOST_PIXELS // 1_000_000),
            Text("请降低分辨率、缩小范围或用更小的比例。", "Lower the resolution, the extent or the scale."),
            code="map.too-large",
        )
    # the picture is not one pixel larger than asked for: its upper left corner is the extent's
    centre = west + width * metres_per_px / 2, north - height * metres_per_px / 2
    return Viewport(*centre, metres_per_px, width, height, dpi / _MM_PER_INCH)


def write_map(
    snapshot: Snapshot,
    viewport: Viewport,
    out: Path,
    *,
    project: Path | None = None,
    comparison: Comparison | None = None,
    language: Language | None = None,
    world_file: bool = True,
    progress: Progress | None = None,
) -> MapFile:
    """Draw the map into a picture file.

    Parameters
    ----------
    snapshot : Snapshot
    viewport : Viewport
        What is shown and how large (`map_viewport`).
    out : Path
        ``.tif`` (GeoTIFF: place and CRS inside), ``.png``, ``.jpg``, ``.webp`` or ``.bmp``.
        Replaced only when the new file is complete.
    project : Path, optional
        Draw the project's visible backgrounds too; relative files lie beside it.
    comparison : Comparison, optional
    language : {"zh", "en"}, optional
    world_file : bool
        Write a world file and ``.prj`` beside a picture that is no TIFF.
    progress : Progress, optional

    Raises
    ------
    UsageError
        If the ending is unknown.
    StorageError
        If the disk refuses; an older file is as it was.
    CancelledError
    """
    told, ending = progress or Progress(), check_picture_ending(out)
    ensure_application()
    told.step(0.05, Text("绘制地图", "Drawing the map"))
    findings: tuple[Finding, ...] = ()
    if project is not None:
        below = ProjectUnderlay(project, snapshot, progress=told.part(0.1, 0.4))
        image = _drawn(snapshot, viewport, comparison, language, told, below or None)
        findings = below.findings
    else:
        image = _drawn(snapshot, viewport, comparison, language, told, None)
    told.step(0.7, Text("写文件", "Writing the file"))
    _whole(out, lambda path: _write(image, viewport, snapshot.crs, path, ending), told)
    files: tuple[Path, ...] = (out,)
    if world_file and ending not in TIFFS:
        files = (out, *write_world_file(out, view_of(viewport, snapshot.crs).transform, snapshot.crs))
    return MapFile(files, viewport, findings)


def check_picture_ending(out: Path) -> str:
    """Return the ending of a picture file, in small letters.

    Raises
    ------
    UsageError
        If it is none of `ENDINGS`.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            Text("不能写成“{end}”格式的图片。", "“{end}” is no picture that can be written.").format(
                end=ending or out.name
            ),
            Text("可用：{ends}", "There are {ends}").format(ends=" ".join(ENDINGS)),
            code="map.ending",
        )
    return ending


def _drawn(
    snapshot: Snapshot,
    viewport: Viewport,
    comparison: Comparison | None,
    language: Language | None,
    told: Progress,
    below: ProjectUnderlay | None,
) -> QImage:
    return render_image(
        snapshot, viewport, comparison=comparison, language=language, underlay=below, check=told.check
    )


def _write(image: QImage, viewport: Viewport, crs: str, path: Path, ending: str) -> bool:
    if ending in TIFFS:
        write_geotiff(image, viewport, crs, path)
        return True
    solid = image.convertToFormat(QImage.Format.Format_RGB32)  # a photograph format has no clear ground
    solid.setDotsPerMeterX(image.dotsPerMeterX())
    solid.setDotsPerMeterY(image.dotsPerMeterY())
    return solid.save(str(path), quality=92 if ending in (".jpg", ".jpeg", ".webp") else -1)


def write_geotiff(image: QImage, viewport: Viewport, crs: str, path: Path) -> None:
    """Write an image as a tiled GeoTIFF with overviews, its place and CRS inside.

    Raises
    ------
    OSError
    """
    import rasterio  # late
    from rasterio.enums import Resampling

    pixels = pixels_of(image)
    rows, columns, _ = pixels.shape
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": 3, "dtype": "uint8",
        "crs": rasterio.CRS.from_user_input(crs),
        "transform": rasterio.Affine(*view_of(viewport, crs).transform),
        "tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate", "photometric": "rgb",
        "interleave": "pixel",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as data:
        data.write(np.moveaxis(pixels, 2, 0))
        dots = str(round(viewport.px_per_mm * _MM_PER_INCH, 3))
        data.update_tags(TIFFTAG_XRESOLUTION=dots, TIFFTAG_YRESOLUTION=dots, TIFFTAG_RESOLUTIONUNIT="2")
        data.update_tags(TIFFTAG_SOFTWARE="Planboard")
        factors = [2**n for n in range(1, 8) if max(rows, columns) / 2 ** (n - 1) > 512]
        if factors:
            data.build_overviews(factors, Resampling.average)


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return red, green, blue of an image, shape (rows, columns, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    memory = plain.constBits()
    assert memory is not None, "an image has memory"
    memory.setsize(plain.sizeInBytes())
    content: bytes = memory.asstring()  # one copy, which the array keeps
    lines = np.frombuffer(content, dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    pixels: NDArray[np.uint8] = lines[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3)
    return pixels


def _whole(out: Path, write: Callable[[Path], Any], told: Progress) -> None:
    """Write beside the target and move it there: whole or not at all."""
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{out.stem[:40]}-", suffix=out.suffix, dir=out.absolute().parent
        )
        os.close(handle)
        beside = Path(name)
        try:
            if not write(beside):
                raise OSError("not written")
            told.check()
            os.replace(beside, out)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            Text("无法写入 {path}：{why}", "{path} cannot be written: {why}").format(
                path=out.name, why=disk_words(error)
            ),
            Text(
                "原有文件未改动。请检查文件夹和磁盘空间。",
                "An older file is as it was. Check the disk.",
            ),
            code="map.unwritable",
        ) from error
