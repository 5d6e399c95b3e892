"""A picture below the plan: an aerial photo or an old map, placed by its world file."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis.publish.content import Background
from gis.publish.photos import MOST_PIXELS, packed
from gis.publish.shapes import CENTIMETRES
from layers.errors import BadInputError, NotFoundError, PlanboardError
from layers.text import Text

BUDGET: Final = 1_500_000
"""Bytes of the picture in the file."""
MOST_PX: Final = 4096
_MARGIN: Final = 0.15
"""What is kept around the site, as part of its size; the rest is cut off."""
_ENDINGS: Final = {
    ".png": (".pgw", ".pngw", ".wld"),
    ".jpg": (".jgw", ".jpgw", ".wld"),
    ".jpeg": (".jgw", ".jpegw", ".wld"),
}


@dataclass(frozen=True)
class Picture:
    """A placed picture on the disk.

    Parameters
    ----------
    path : Path
        PNG or JPEG; its world file (``.pgw``, ``.jgw``, ``.wld``) lies beside it
        and counts in metres of the project's CRS.
    attribution : str
        Whose picture it is. Shown on the page, so it must not be empty.
    """

    path: Path
    attribution: str


def background(picture: Picture, extent: Sequence[int], origin: tuple[float, float]) -> Background:
    """Return a picture cut to the site, without metadata, within its budget of bytes.

    Parameters
    ----------
    picture : Picture
    extent : sequence of int
        West, south, east, north of what the page shows, centimetres from `origin`.
    origin : (float, float)
        East and north of the page's zero, metres.

    Raises
    ------
    NotFoundError
        If picture or world file are not there.
    BadInputError
        If one of them cannot be read, is turned, or lies elsewhere; or the attribution is empty.
    """
    from PIL import Image  # late

    if not picture.attribution.strip():
        raise _bad(
            "publish.background-attribution", "背景图必须注明来源。", "Say whose picture the background is."
        )
    step_x, step_y, west, north = _placed(picture.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(_read(picture.path)), formats=("PNG", "JPEG"))
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too large")
            colours = opened.convert("RGBA")
    except (
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise _bad(
            "publish.background", "背景图无法读取：{name}", "The background cannot be read: {name}", picture
        ) from error
    box = _wanted(extent, origin)
    left, right = _span((box[0] - west) / step_x, (box[2] - west) / step_x, opened.width)
    top, bottom = _span((north - box[3]) / step_y, (north - box[1]) / step_y, opened.height)
    if left >= right or top >= bottom:
        raise _bad(
            "publish.background-elsewhere",
            "背景图不在小区范围内：{name}",
            "The background lies elsewhere: {name}",
            picture,
        )
    ground = Image.new("RGB", colours.size, "#F4F2ED")
    ground.paste(colours, mask=colours.getchannel("A"))
    cut = ground.crop((left, top, right, bottom))
    cut.thumbnail((MOST_PX, MOST_PX), Image.Resampling.LANCZOS)
    corners = (west + left * step_x, north - bottom * step_y, west + right * step_x, north - top * step_y)
    return Background(
        packed(cut, BUDGET),
        "image/jpeg",
        _centimetres(corners, origin),
        " ".join(picture.attribution.split()),
    )


def _placed(path: Path) -> tuple[float, float, float, float]:
    """Return metres per pixel east and south, and east and north of the upper left corner."""
    endings = _ENDINGS.get(path.suffix.lower(), ())
    world = next(
        (p for e in endings for p in (path.with_suffix(e), path.with_suffix(e.upper())) if p.is_file()), None
    )
    if not endings or world is None:
        raise NotFoundError(
            Text("背景图须为 PNG 或 JPEG，并带坐标文件（.pgw、.jgw 或 .wld）：{name}",
                 "A background is PNG or JPEG with a world file (.pgw, .jgw or .wld): {name}",
            ).format(name=path.name),
            Text("在测绘或 GIS 软件中导出时勾选“世界文件”。", "Ask for a world file when exporting it."),
            code="publish.background-world",
        )  # fmt: skip
    try:
        step_x, turn_a, turn_b, step_y, x, y = (float(line) for line in world.read_text("ascii").split())
    except (OSError, ValueError) as error:
        raise _bad(
            "publish.background-world",
            "坐标文件无法读取：{name}",
            "The world file cannot be read: {name}",
            Picture(world, ""),
        ) from error
    if turn_a or turn_b or not (0 < step_x < 1e4 and -1e4 < step_y < 0):
        raise _bad(
            "publish.background-turned",
            "背景图须正北朝上：{name}",
            "The background must have north up: {name}",
            Picture(world, ""),
        )
    return step_x, -step_y, x - step_x / 2, y - step_y / 2


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(
            Text("找不到文件：{path}", "There is no such file: {path}").format(path=path.name),
            code="file.unknown",
        ) from error


def _wanted(extent: Sequence[int], origin: tuple[float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = (v / CENTIMETRES for v in extent)
    dx, dy = (east - west) * _MARGIN, (north - south) * _MARGIN
    return west - dx + origin[0], south - dy + origin[1], east + dx + origin[0], north + dy + origin[1]


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    return max(0, int(low)), min(size, int(high) + 1)


def _centimetres(corners: Sequence[float], origin: tuple[float, float]) -> tuple[int, int, int, int]:
    west, south, east, north = (round((v - origin[i % 2]) * CENTIMETRES) for i, v in enumerate(corners))
    return west, south, east, north


def _bad(code: str, zh: str, en: str, picture: Picture | None = None) -> PlanboardError:
    name = picture.path.name if picture else ""
    return BadInputError(Text(zh, en).format(name=name), code=code)
