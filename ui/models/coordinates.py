"""Coordinates and scales as people write and read them."""

from __future__ import annotations

import re
from functools import lru_cache

FORMATS = ("plane", "survey", "degrees")
SCALE_PRESETS = (200, 500, 1000, 2000, 5000, 10000)
_PLANE = re.compile(r"^\s*([+-]?\d+(?:[.,]\d+)?)\s*[,，;；\s]\s*([+-]?\d+(?:\.\d+)?)\s*$")


def written(x: float, y: float, crs: str, style: str = "plane") -> str:
    """Write a place of the plan.

    Parameters
    ----------
    x, y : float
        East and north in metres of `crs`.
    style : str
        ``plane`` (east, north), ``survey`` (X north, Y east, as surveyors in China write),
        or ``degrees`` (latitude, longitude).
    """
    if style == "degrees":
        longitude, latitude = _to_degrees(crs).transform(x, y)
        return f"{latitude:.6f}°N, {longitude:.6f}°E"
    if style == "survey":
        return f"X={y:.2f}  Y={x:.2f}"
    return f"{_spaced(x)}, {_spaced(y)}"


def _spaced(number: float) -> str:
    return f"{number:,.2f}".replace(",", " ")


def roomy(
    extent: tuple[float, float, float, float], least_m: float = 120.0
) -> tuple[float, float, float, float]:
    """Widen an extent so that what lies around is seen too; a point has no extent of its own."""
    west, south, east, north = extent
    wide, high = max(0.0, least_m - (east - west)) / 2, max(0.0, least_m - (north - south)) / 2
    return west - wide, south - high, east + wide, north + high


def read_place(words: str, crs: str) -> tuple[float, float] | None:
    """Understand a typed coordinate: east, north in metres, or latitude, longitude in degrees.

    Returns None if the words are no coordinate.
    """
    found = _PLANE.match(words.replace("°", "").replace("N", "").replace("E", "").strip())
    if not found:
        return None
    first, second = float(found[1].replace(",", ".")), float(found[2])
    if abs(first) <= 90 and abs(second) <= 180:
        x, y = _from_degrees(crs).transform(second, first)
        return float(x), float(y)
    return first, second


def read_scale(words: str) -> float | None:
    """Understand ``1:500``, ``500`` and ``1：500``; None if it is no scale."""
    plain = words.replace("：", ":").replace(",", "").replace(" ", "").removeprefix("1:")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if 1 <= value <= 1e7 else None


@lru_cache(maxsize=8)
def _to_degrees(crs: str):  # type: ignore[no-untyped-def]
    from pyproj import Transformer

    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


@lru_cache(maxsize=8)
def _from_degrees(crs: str):  # type: ignore[no-untyped-def]
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)
