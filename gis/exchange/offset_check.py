"""Coordinates that claim to be true but lie where an online map would draw them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from gis import gcj
from gis.exchange.raw import RawTable
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

_LON = ("lon", "lng", "long", "longitude", "wgs84_lon", "wgslng", "经度", "x")
_LAT = ("lat", "latitude", "wgs84_lat", "wgslat", "纬度", "y")
_CLOSE_DEG = 2e-5
_APART_DEG = 5e-4


def offset_finding(table: RawTable, geometry: NDArray[np.object_]) -> Finding | None:
    """Return a warning if points lie where GCJ-02 or BD-09 puts their own longitude and latitude columns.

    Nothing is converted: the user decides (``--crs GCJ-02``).
    """
    lower = {name.lower(): name for name in table.columns}
    lon = next((lower[n] for n in _LON if n in lower), None)
    lat = next((lower[n] for n in _LAT if n in lower), None)
    if lon is None or lat is None:
        return None
    told = np.column_stack([_numbers(table.columns[lon]), _numbers(table.columns[lat])])
    drawn = shapely.get_coordinates(shapely.centroid(geometry))
    told = told[~shapely.is_missing(geometry)]
    known = np.isfinite(told).all(axis=1)
    if not known.any():
        return None
    told, drawn = told[known], drawn[known]
    if np.median(np.abs(told - drawn)) < _APART_DEG / 5:
        return None
    for name, shift in (("GCJ-02", gcj.wgs84_to_gcj02), ("BD-09", gcj.wgs84_to_bd09)):
        if np.median(np.abs(shift(told) - drawn)) < _CLOSE_DEG:
            metres = float(np.median(np.hypot(*((told - drawn) * (90_000.0, 111_000.0)).T)))
            words = Text(
                "坐标与其“{lon}”“{lat}”字段相差约 {m:.0f} 米，正好是 {name} 偏移；"
                "若属实请用坐标系 {name} 重新导入",
                "shapes lie about {m:.0f} m from their own “{lon}”, “{lat}” fields, just the {name} shift; "
                "if so, import again with the CRS {name}",
            )
            return Finding("import.shifted", words.format(lon=lon, lat=lat, m=metres, name=name), "warning")
    return None


def _numbers(column: Sequence[Value]) -> NDArray[np.float64]:
    return np.array([_number(v) for v in column], dtype=float)


def _number(value: Value) -> float:
    try:
        return float(value) if value is not None else float("nan")
    except ValueError:
        return float("nan")
