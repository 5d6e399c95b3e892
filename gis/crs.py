"""Coordinate systems: what a project may use, checking by numbers, and converting.

A project is always metric. Whatever comes in keeps its own system until it is
converted here, once, with longitude or easting first.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from gis import gcj
from gis.crs_names import BD09, GCJ02, WGS84, crs_title, known_crs, parse_crs
from gis.crs_words import coded_words
from layers.errors import CrsError
from layers.text import Text

if TYPE_CHECKING:
    from pyproj import Transformer

Bounds: TypeAlias = tuple[float, float, float, float]

_AT_ONCE: Final = 4_096
_SHIFTED: Final[dict[str, Callable[[gcj.LonLat], gcj.LonLat]]] = {
    GCJ02: gcj.gcj02_to_wgs84,
    BD09: gcj.bd09_to_wgs84,
}
_OLD_DATUMS: Final = ("Xian 1980", "Beijing 1954", "New Beijing")
_MODERN: Final = (
    "World Geodetic System 1984",
    "China 2000",
    "SWEREF99",
    "New Zealand Geodetic Datum 2000",
    "North American Datum 1983",
    "European Terrestrial",
    "International Terrestrial",
    "Popular Visualisation",
)


def metric_crs(name: str) -> str:
    """Return the canonical name of a system that a project may use.

    Raises
    ------
    CrsError
        If it is unknown, in degrees or feet, or distorts lengths (Web Mercator).
    """
    canonical = parse_crs(name)
    if problem := _metric_problem(canonical):
        raise CrsError(
            problem,
            Text(
                "请用以米为单位的投影坐标系，例如 EPSG:4548（CGCS2000，中央子午线 117°E）。",
                "Use a projected system in metres, such as EPSG:4548 (CGCS2000, central meridian 117°E).",
            ),
            code="crs.not-metric",
        )
    return canonical


def check_conversion(source: str, target: str) -> Text | None:
    """Check that coordinates can be converted; return a word of caution, or None.

    Raises
    ------
    CrsError
        For Xian 1980 and Beijing 1954: PROJ would silently shift nothing and be
        wrong by tens of metres; such data need control points (code ``crs.control-points``).
    """
    start, end = (WGS84 if name in _SHIFTED else name for name in (source, target))
    old, new = _datum(start), _datum(end)
    if old == new:
        return None
    for datum in (old, new):
        if datum.startswith(_OLD_DATUMS):
            raise CrsError(
                Text(
                    "“{a}”没有公开的转换参数，直接套用会偏移几十到一百多米，已拒绝。",
                    "Refused: no public parameters lead from or to “{a}”; "
                    "without them places would be off by tens of metres.",
                ).format(a=coded_words(source if datum == old else target)),
                Text(
                    "请让数据提供者转换到 CGCS2000，或用控制点配准后再导入。",
                    "Ask for the data in CGCS2000, or georeference them with control points first.",
                ),
                code="crs.control-points",
            )
    if not (old.startswith(_MODERN) and new.startswith(_MODERN)) and _is_ballpark(start, end):
        return Text(
            "“{a}”到“{b}”只有近似转换，位置可能偏差数米到百余米",
            "“{a}” to “{b}” converts only roughly; places may be off by metres to a hundred metres",
        ).format(a=coded_words(source), b=coded_words(target))
    return None


def transform(geometry: NDArray[np.object_], source: str, target: str) -> NDArray[np.object_]:
    """Return geometries in another system; longitude or easting comes first in both.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
    source, target : str
        Canonical names (`parse_crs`); `source` may be GCJ-02 or BD-09.

    Raises
    ------
    CrsError
        If the conversion would be guesswork (`check_conversion`).

    Notes
    -----
    Coordinates that have no place in the target come out infinite; the caller
    looks for them.
    """
    if source == target:
        return geometry
    check_conversion(source, target)
    start = source
    if source in _SHIFTED:
        geometry = _moved(geometry, _SHIFTED[source])
        start = WGS84
    if target in (GCJ02, BD09):
        shift = gcj.wgs84_to_gcj02 if target == GCJ02 else gcj.wgs84_to_bd09
        return _moved(transform(geometry, start, WGS84), shift)
    if start == target:
        return geometry
    transformer = _transformer(start, target)

    def projected(xy: gcj.LonLat) -> gcj.LonLat:
        return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))

    return _moved(geometry, projected)


def transform_bounds(bounds: Bounds, source: str, target: str) -> Bounds:
    """Return the box around a box in another system (21 points an edge)."""
    return _box(transform(_one(_edge(bounds)), source, target)[0])


def _edge(bounds: Bounds) -> shapely.MultiPoint:
    west, south, east, north = bounds
    along = np.linspace(0.0, 1.0, 21)
    x, y = west + along * (east - west), south + along * (north - south)
    sides = [(x, 0 * x + south), (x, 0 * x + north), (0 * y + west, y), (0 * y + east, y)]
    edge: shapely.MultiPoint = shapely.multipoints(np.concatenate([np.column_stack(side) for side in sides]))
    return edge


def _box(shape: shapely.Geometry) -> Bounds:
    x_min, y_min, x_max, y_max = (float(v) for v in shape.bounds)
    return x_min, y_min, x_max, y_max


def distance_from_area_deg(target: str, bounds: Bounds, source: str) -> float:
    """Return how far, in degrees, a box lies outside the area a system is made for; 0 inside it."""
    check_conversion(source, WGS84)
    degrees = None if source in _SHIFTED else _own_degrees(source)
    if degrees is None:
        lonlat = transform_bounds(bounds, source, WGS84)
    else:  # where the datums differ by metres is no matter here, and PROJ looks a tenth of a second for it
        lonlat = _box(shapely.transform(_edge(bounds), degrees.transform, interleaved=False))
    area = known_crs(target).area_of_use
    if area is None or not all(map(math.isfinite, lonlat)):
        return 0.0 if area is None else math.inf
    x, y = (lonlat[0] + lonlat[2]) / 2, (lonlat[1] + lonlat[3]) / 2
    west, east = area.west, area.east if area.east >= area.west else area.east + 360.0
    x = x + 360.0 if x < west - 180.0 else x
    return max(west - x, x - east, area.south - y, y - area.north, 0.0)


def _one(geometry: shapely.Geometry) -> NDArray[np.object_]:
    array = np.empty(1, dtype=object)
    array[0] = geometry
    return array


def _moved(geometry: NDArray[np.object_], move: Callable[[gcj.LonLat], gcj.LonLat]) -> NDArray[np.object_]:
    moved = np.empty(len(geometry), dtype=object)
    for start in range(0, len(geometry), _AT_ONCE):  # other threads wait while shapes are made
        moved[start : start + _AT_ONCE] = shapely.transform(geometry[start : start + _AT_ONCE], move)
    return moved


def _metric_problem(name: str) -> Text | None:
    if name in _SHIFTED or known_crs(name).is_geographic:
        return Text("“{crs}”以度为单位。", "“{crs}” is in degrees.").format(crs=crs_title(name))
    crs = known_crs(name)
    if not crs.is_projected:
        return Text("“{crs}”不是平面投影坐标系。", "“{crs}” is no projected system.").format(
            crs=crs_title(name)
        )
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        return Text("“{crs}”不以米为单位。", "“{crs}” is not in metres.").format(crs=crs_title(name))
    operation = crs.coordinate_operation
    if "Mercator" in crs.name and (operation is None or "Transverse" not in operation.method_name):
        return Text("“{crs}”的长度和面积严重失真。", "“{crs}” distorts lengths and areas.").format(
            crs=crs_title(name)
        )
    return None


def _datum(name: str) -> str:
    geodetic = known_crs(name).geodetic_crs
    return str(geodetic.datum.name) if geodetic is not None and geodetic.datum is not None else ""


def _is_ballpark(source: str, target: str) -> bool:
    from pyproj.transformer import TransformerGroup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that finer grids exist on the net is no news to an offline program
        found = TransformerGroup(source, target, always_xy=True).transformers
    return bool(found) and "Ballpark" in found[0].description


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(known_crs(source), known_crs(target), always_xy=True)


@lru_cache(maxsize=32)
def _own_degrees(source: str) -> Transformer | None:
    """Return the way from metres to degrees of the same datum, or None where that is not so simple."""
    from pyproj import Transformer

    crs = known_crs(source)
    base = crs.geodetic_crs
    if not crs.is_projected or base is None or base.axis_info[0].unit_name != "degree":
        return None
    return Transformer.from_crs(crs, base, always_xy=True)
