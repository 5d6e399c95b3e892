"""A picture below the plan: an aerial photo or an old map that knows where it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gis.progress import Progress
from gis.publish.content import Background
from gis.publish.photos import packed
from gis.publish.shapes import CENTIMETRES
from layers.background import RasterBackground
from layers.errors import BadInputError, NotFoundError, PlanboardError
from layers.text import Text

if TYPE_CHECKING:
    from PIL import Image

    from gis.raster.reading import Level, Placed

BUDGET: Final = 1_500_000
"""Bytes of the picture in the file."""
MOST_PX: Final = 4096
_MARGIN: Final = 0.15
"""What is kept around the site, as part of its size; the rest is cut off."""
_GROUND: Final = "#F4F2ED"


@dataclass(frozen=True)
class Picture:
    """A placed picture on the disk.

    Parameters
    ----------
    path : Path
        A GeoTIFF, or a picture with a world file (``.pgw``, ``.jgw``, ``.tfw``, ``.wld``) beside it. If it
        names no coordinate system it counts in metres of the project's.
    attribution : str
        Whose picture it is. Shown on the page, so it must not be empty.
    placing : RasterBackground, optional
        Where the project says that it lies, such as by control points.
    """

    path: Path
    attribution: str
    placing: RasterBackground | None = None


def background(
    picture: Picture,
    extent: Sequence[int],
    origin: tuple[float, float],
    crs: str,
    progress: Progress | None = None,
) -> Background:
    """Return a picture cut to the site, without metadata, within its budget of bytes.

    Parameters
    ----------
    picture : Picture
    extent : sequence of int
        West, south, east, north of what the page shows, centimetres from `origin`.
    origin : (float, float)
        East and north of the page's zero, metres.
    crs : str
        Of the project.
    progress : Progress, optional

    Raises
    ------
    NotFoundError
        If the picture is not there.
    BadInputError
        If it cannot be read, does not say where it is, or lies elsewhere; or the attribution is empty.
    """
    from PIL import Image  # late

    if not picture.attribution.strip():
        raise _bad(
            "publish.background-attribution", "背景图必须注明来源。", "Say whose picture the background is."
        )
    told = progress or Progress()
    placed = _placed(picture, crs)
    west, south, east, north = box = _box(placed, extent, origin, crs, picture.path.name)
    size = _size(placed, box, crs)
    pixels = _pixels(placed, box, size, crs, told)
    ground = Image.new("RGB", size, _GROUND)
    ground.paste(pixels, mask=pixels.getchannel("A"))
    corners = _centimetres((west, south, east, north), origin)
    return Background(packed(ground, BUDGET), "image/jpeg", corners, " ".join(picture.attribution.split()))


def _placed(picture: Picture, crs: str) -> Placed:
    from gis.raster.opening import read_raster  # late: rasterio
    from gis.raster.placing import place

    try:
        raster = read_raster(picture.path)
    except NotFoundError as error:
        raise NotFoundError(
            Text("找不到文件：{path}", "There is no such file: {path}").format(path=picture.path.name),
            code="file.unknown",
        ) from error
    placing = picture.placing or RasterBackground("", picture.path.name)
    if placing.crs is None and raster.crs is None:
        placing = replace(placing, crs=crs)
    try:
        return place(raster, placing, crs)
    except PlanboardError as error:
        raise BadInputError(error.message, error.advice, code="publish.background-world") from error


def _box(
    placed: Placed, extent: Sequence[int], origin: tuple[float, float], crs: str, name: str
) -> tuple[float, float, float, float]:
    """Return the ground that is shown: the site with a margin, as far as the picture reaches, metres."""
    from gis.raster.placing import ground_extent

    wanted, there = _wanted(extent, origin), ground_extent(placed, crs)
    west, south = max(wanted[0], there[0]), max(wanted[1], there[1])
    east, north = min(wanted[2], there[2]), min(wanted[3], there[3])
    if west >= east or south >= north:
        raise BadInputError(
            Text("背景图不在小区范围内：{name}", "The background lies elsewhere: {name}").format(name=name),
            code="publish.background-elsewhere",
        )
    return west, south, east, north


def _size(placed: Placed, box: tuple[float, float, float, float], crs: str) -> tuple[int, int]:
    """Return how many pixels the picture itself has there, no side longer than `MOST_PX`."""
    from gis.raster.placing import ground_extent

    west, south, east, north = ground_extent(placed, crs)
    step = math.sqrt((east - west) * (north - south) / placed.raster.pixels)
    wide, high = (box[2] - box[0]) / step, (box[3] - box[1]) / step
    shrink = max(1.0, wide / MOST_PX, high / MOST_PX)
    return max(1, round(wide / shrink)), max(1, round(high / shrink))


def _pixels(
    placed: Placed, box: tuple[float, float, float, float], size: tuple[int, int], crs: str, told: Progress
) -> Image.Image:
    from PIL import Image

    from gis.raster.reading import View, read_view

    west, south, east, north = box
    step_x, step_y = (east - west) / size[0], (north - south) / size[1]
    view = View(*size, (step_x, 0.0, west, 0.0, -step_y, north), crs)
    shown = read_view(placed, view, _levels(placed, told), told.check)
    if shown.damaged:
        raise _bad(
            "publish.background",
            "背景图有一部分已损坏：{name}",
            "A part of the background is damaged: {name}",
            placed.raster.path.name,
        )
    return Image.fromarray(shown.pixels, "RGBA")


def _levels(placed: Placed, told: Progress) -> tuple[Level, ...]:
    """Return the sizes in which the picture can be read, of a huge one after making a reduced copy."""
    from gis.raster.copies import make_copy, usable_levels

    levels = usable_levels(placed.raster)
    if levels is None:
        make_copy(placed.raster, told)
        levels = usable_levels(placed.raster)
    assert levels is not None, "there is a copy now"
    return levels


def _wanted(extent: Sequence[int], origin: tuple[float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = (v / CENTIMETRES for v in extent)
    dx, dy = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - dx + origin[0], south - dy + origin[1], east + dx + origin[0], north + dy + origin[1]


def _centimetres(corners: Sequence[float], origin: tuple[float, float]) -> tuple[int, int, int, int]:
    west, south, east, north = (round((v - origin[i % 2]) * CENTIMETRES) for i, v in enumerate(corners))
    return west, south, east, north


def _bad(code: str, zh: str, en: str, name: str = "") -> PlanboardError:
    return BadInputError(Text(zh, en).format(name=name), code=code)
