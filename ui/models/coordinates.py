"""Coordinates and scales as people write and read them."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from gis.edit.coordinate import read_plane
from gis.measure import XY

FORMATS = ("plane", "survey", "degrees")
SCALE_PRESETS = (200, 500, 1000, 2000, 5000, 10000)
_DEGREES = re.compile(r"[°NSEW北纬南东西经]", re.IGNORECASE)


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


def read_places(words: str, crs: str) -> tuple[XY, ...]:
    """Return the places that a typed coordinate may mean, the likeliest first; none if it is no coordinate.

    It is understood as the status bar writes it: east, north in metres, or ``X=`` north ``Y=`` east, or
    latitude, longitude in degrees. People also write them the other way round; that comes last.
    """
    found = read_plane(words) or read_plane(_DEGREES.sub("", words).strip())
    if found is None:
        return ()
    first, second = found
    if words.strip()[0].isalpha():  # letters say which is which
        orders, angles = [found], [(second, first)]
    else:
        orders = angles = [found, (second, first)]
    to_plane = _from_degrees(crs).transform
    onto = [to_plane(lon, lat) for lat, lon in angles if abs(lat) <= 90 and abs(lon) <= 180]
    return (*((float(x), float(y)) for x, y in onto if math.isfinite(x)), *orders)


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
