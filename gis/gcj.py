"""GCJ-02 and BD-09: the shifted coordinates of Chinese online maps.

Points picked from 高德 (GCJ-02) or 百度 (BD-09) lie 300-700 m beside their
true place. The formulae are the ones in public circulation; they agree with
map providers to about a metre. The shift changes by metres across an estate, so
a constant offset does not do, and the inverse must be iterated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

LonLat: TypeAlias = NDArray[np.float64]
"""Longitude and latitude in degrees, shape (n, 2)."""

_A: Final = 6378245.0
_EE: Final = 0.00669342162296594323
_BD: Final = np.pi * 3000.0 / 180.0
_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS: Final = 10
_CLOSE_DEG: Final = 1e-10


def wgs84_to_gcj02(lonlat: LonLat) -> LonLat:
    """Return where an online map shows points; points outside China stay.

    Examples
    --------
    >>> import numpy as np
    >>> wgs84_to_gcj02(np.array([[116.404, 39.915]])).round(6).tolist()
    [[116.410244, 39.916404]]
    """
    given = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    moved = given + _shift(given)
    return np.where(_inside(given)[:, None], moved, given)


def gcj02_to_wgs84(lonlat: LonLat) -> LonLat:
    """Return the true place of points from 高德 and the like (exact inverse, to 1e-10 degrees)."""
    given = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    return np.where(_inside(given)[:, None], _inverse(wgs84_to_gcj02, given), given)


def gcj02_to_bd09(lonlat: LonLat) -> LonLat:
    """Return where 百度 shows points given in GCJ-02."""
    given = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    x, y = given[:, 0], given[:, 1]
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD)
    moved = np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
    return np.where(_inside(given)[:, None], moved, given)


def bd09_to_gcj02(lonlat: LonLat) -> LonLat:
    """Return the GCJ-02 place of points from 百度 (exact inverse)."""
    given = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    return np.where(_inside(given)[:, None], _inverse(gcj02_to_bd09, given), given)


def wgs84_to_bd09(lonlat: LonLat) -> LonLat:
    """Return where 百度 shows points."""
    return gcj02_to_bd09(wgs84_to_gcj02(lonlat))


def bd09_to_wgs84(lonlat: LonLat) -> LonLat:
    """Return the true place of points from 百度."""
    return gcj02_to_wgs84(bd09_to_gcj02(lonlat))


def _inside(lonlat: LonLat) -> NDArray[np.bool_]:
    west, south, east, north = _BOX
    x, y = lonlat[:, 0], lonlat[:, 1]
    result: NDArray[np.bool_] = (x > west) & (x < east) & (y > south) & (y < north)
    return result


def _inverse(forward: Callable[[LonLat], LonLat], shifted: LonLat) -> LonLat:
    guess = shifted.copy()
    for _ in range(_ROUNDS):
        miss = shifted - forward(guess)
        guess = guess + miss
        if not len(miss) or np.nanmax(np.abs(miss), initial=0.0) < _CLOSE_DEG:
            break
    return guess


def _shift(lonlat: LonLat) -> LonLat:
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(lonlat[:, 1])
    flat = 1.0 - _EE * np.sin(latitude) ** 2
    north_deg = np.degrees(north / (_A * (1.0 - _EE) / (flat * np.sqrt(flat))))
    east_deg = np.degrees(east / (_A / np.sqrt(flat) * np.cos(latitude)))
    return np.column_stack([east_deg, north_deg])
