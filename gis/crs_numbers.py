"""What coordinates look like by their numbers, and whether that fits what they are said to be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from gis.crs import Bounds, distance_from_area_deg
from gis.crs_names import WGS84, is_geographic
from gis.crs_words import coded_words
from layers.errors import CrsError
from layers.text import Text

_FAR_DEG: Final = 6.0
_NORTH: Final = (1.5e6, 6.2e6)
"""Northings of China in metres."""


_WIDEST_KM: Final = 50.0
"""No estate is wider."""


class Guess(NamedTuple):
    """What coordinates look like: a code to try (or None), why, and what to do if there is no code."""

    crs: str | None
    why: Text
    ask: Text = Text(
        "请向数据提供者问明坐标系后再选（命令行 --crs EPSG:n）。",
        "Ask who made the data for its CRS, then choose it (on the command line --crs EPSG:n).",
    )


def guess_crs(bounds: Bounds) -> Guess:
    """Say what a bounding box looks like, from its numbers alone.

    Examples
    --------
    >>> guess_crs((39616400.0, 4077800.0, 39616900.0, 4078200.0)).crs
    'EPSG:4527'
    """
    if not all(map(math.isfinite, bounds)):
        return Guess(None, Text("不是有限数", "they are not finite"))
    for fits, guess in _SNIFFERS:
        if fits(bounds):
            return guess(bounds)
    return Guess(None, Text("不像任何常用坐标系", "they look like no system in use"))


def check_numbers(name: str, bounds: Bounds) -> None:
    """Refuse coordinates that cannot be in the system they are said to be in.

    Raises
    ------
    CrsError
        With what the numbers look like instead (code ``crs.contradiction``).
    """
    if not all(map(math.isfinite, bounds)):
        return
    problem = _degree_problem(bounds) if is_geographic(name) else _metre_problem(name, bounds)
    if problem is None:
        return
    guess = guess_crs(bounds)
    raise CrsError(
        Text(
            "坐标与坐标系“{crs}”矛盾：{problem}。", "The coordinates contradict the CRS “{crs}”: {problem}."
        ).format(crs=coded_words(name), problem=problem),
        guess_advice(guess),
        code="crs.contradiction",
    )


def guess_advice(guess: Guess) -> Text:
    """Say which ``--crs`` to pass."""
    if guess.crs:
        return Text(
            "坐标值{why}，多半是“{title}”。请选择这个坐标系，在地图上看位置对不对（命令行 --crs {crs}）。",
            "By the numbers {why}: most likely “{title}”. Choose that CRS and look at the map whether "
            "the place is right (on the command line --crs {crs}).",
        ).format(why=guess.why, title=coded_words(guess.crs), crs=guess.crs)
    return Text(
        "坐标值{why}。{ask}",
        "By the numbers {why}. {ask}",
    ).format(why=guess.why, ask=guess.ask)


def _degree_problem(bounds: Bounds) -> Text | None:
    slack = tuple(v / 1.00001 for v in bounds)
    west, south, east, north = slack
    if _like_degrees((west, south, east, north)):
        return None
    if _like_swapped_degrees(bounds):
        return Text("经度和纬度似乎颠倒", "longitude and latitude seem swapped")
    return Text("经纬度超出 ±180°、±90°", "degrees go beyond ±180 and ±90")


def _metre_problem(name: str, bounds: Bounds) -> Text | None:
    if _like_degrees(bounds):
        return Text("数值像经纬度而不是米", "the numbers look like degrees, not metres")
    if distance_from_area_deg(name, bounds, name) > _FAR_DEG:
        return Text("位置远在该坐标系适用范围之外", "they lie far outside the area that CRS is made for")
    return None


def _like_degrees(box: Bounds) -> bool:
    return max(abs(box[0]), abs(box[2])) <= 180.0 and max(abs(box[1]), abs(box[3])) <= 90.0


def _like_swapped_degrees(box: Bounds) -> bool:
    return _like_degrees(_swapped(box))


def _like_zone(box: Bounds) -> bool:
    west, _, east, _ = box
    return _between(box, (13e6, 46e6), _NORTH) and west // 1e6 == east // 1e6


def _like_swapped_gauss(box: Bounds) -> bool:
    turned = _swapped(box)
    return _like_zone(turned) or _like_gauss(turned)


def _like_web_mercator(box: Bounds) -> bool:
    return _between(box, (8.1e6, 1.51e7), (1.9e6, 7.1e6))


def _like_gauss(box: Bounds) -> bool:
    return _between(box, (1e5, 9e5), _NORTH)


def _like_millimetres(box: Bounds) -> bool:
    metres = (box[0] / 1000, box[1] / 1000, box[2] / 1000, box[3] / 1000)
    return _like_gauss(metres) or _like_zone(metres) or _like_swapped_gauss(metres)


def _like_kilometres(box: Bounds) -> bool:
    metres = (box[0] * 1000, box[1] * 1000, box[2] * 1000, box[3] * 1000)
    if max(box[2] - box[0], box[3] - box[1]) > _WIDEST_KM:
        return False
    return _like_gauss(metres) or _like_zone(metres) or _like_swapped_gauss(metres)


def _like_local(box: Bounds) -> bool:
    return max(map(abs, box)) < 1e5


def _between(box: Bounds, easting: tuple[float, float], northing: tuple[float, float]) -> bool:
    west, south, east, north = box
    return easting[0] <= west and east <= easting[1] and northing[0] <= south and north <= northing[1]


def _swapped(box: Bounds) -> Bounds:
    return box[1], box[0], box[3], box[2]


def _zone_guess(box: Bounds) -> Guess:
    zone = int(box[0] // 1_000_000)
    wide, first = (3, 4488) if zone >= 25 else (6, 4478)
    words = Text("的横坐标前有 {w}° 带带号 {z}", "the eastings carry {w}° zone number {z}")
    return Guess(f"EPSG:{first + zone}", words.format(w=wide, z=zone))


def _gauss_guess(box: Bounds) -> Guess:
    words = Text(
        "像不带带号的高斯-克吕格坐标（米）", "they look like Gauss-Krüger metres without a zone number"
    )
    if 4.0e6 <= box[1] <= 4.15e6 and 5.4e5 <= box[0] <= 6.8e5:
        return Guess("EPSG:4548", words)
    if 4.0e6 <= box[1] <= 4.15e6 and 3.2e5 <= box[0] <= 3.7e5:
        return Guess("EPSG:4549", words)
    return Guess(None, words)


_Test: TypeAlias = Callable[[Bounds], bool]
_Answer: TypeAlias = Callable[[Bounds], Guess]


_SWAP: Final = Text(
    "请选择“横纵坐标互换”（命令行 --swap-axes，并用 --crs 指定坐标系）。",
    "Choose “axes swapped” (on the command line --swap-axes, with --crs for the system).",
)
_MM: Final = Text(
    "请选择单位毫米（命令行 --units mm，并用 --crs 指定坐标系）。",
    "Choose millimetres (on the command line --units mm, with --crs for the system).",
)
_KM: Final = Text(
    "请选择单位公里（命令行 --units km，并用 --crs 指定坐标系）。",
    "Choose kilometres (on the command line --units km, with --crs for the system).",
)
_POINTS: Final = Text(
    "请向测绘单位要带国家坐标的文件，或用两个以上控制点配准（命令行 --control-points）。",
    "Ask the surveyor for national coordinates, or georeference it by two or more control points "
    "(on the command line --control-points).",
)


def _always(crs: str | None, zh: str, en: str, ask: Text | None = None) -> _Answer:
    guess = Guess(crs, Text(zh, en)) if ask is None else Guess(crs, Text(zh, en), ask)
    return lambda _: guess


_SNIFFERS: Final[tuple[tuple[_Test, _Answer], ...]] = (
    (_like_degrees, _always(WGS84, "像经纬度", "they look like degrees")),
    (
        _like_swapped_degrees,
        _always(
            None,
            "像纬度在前的经纬度",
            "they look like degrees with latitude first",
            _SWAP,
        ),
    ),
    # Web Mercator before zones: eastern China has 13-million eastings in both, but no 6° zone 13-14 estate
    (_like_web_mercator, _always("EPSG:3857", "像网络地图的 Web 墨卡托坐标", "they look like Web Mercator")),
    (_like_zone, _zone_guess),
    (_like_gauss, _gauss_guess),
    (
        _like_swapped_gauss,
        _always(
            None,
            "像北坐标在前的高斯坐标",
            "they look like Gauss-Krüger coordinates with north first",
            _SWAP,
        ),
    ),
    (
        _like_millimetres,
        _always(
            None,
            "像以毫米计的高斯坐标",
            "they look like grid coordinates in millimetres",
            _MM,
        ),
    ),
    (
        _like_kilometres,
        _always(None, "像以公里计的高斯坐标", "they look like grid coordinates in kilometres", _KM),
    ),
    (
        _like_local,
        _always(
            None,
            "像 CAD 的局部坐标，没有国家坐标",
            "they look like local CAD coordinates, not national ones",
            _POINTS,
        ),
    ),
)
