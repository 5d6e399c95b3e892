"""Where the records of a table are: which columns hold coordinates, in which order, of which kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.synonyms import plain_name
from gis.exchange.tables.angles import angle, names_latitude, pair
from gis.exchange.tables.untitled import is_untitled
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

WGS84: Final = "EPSG:4326"
_EAST: Final = (
    "经度", "东经", "lon", "lng", "long", "longitude", "经度坐标", "gps经度", "wgs84lon", "wgslng", "gcjlng",
    "bdlng", "东坐标", "东", "e", "east", "easting", "横坐标", "坐标东", "pointx", "xcoord", "longitude经度",
)  # fmt: skip
_NORTH: Final = (
    "纬度", "北纬", "lat", "latitude", "纬度坐标", "gps纬度", "wgs84lat", "wgslat", "gcjlat", "bdlat",
    "北坐标", "北", "n", "north", "northing", "纵坐标", "坐标北", "pointy", "ycoord", "latitude纬度",
)  # fmt: skip
_X: Final = ("x", "x坐标", "坐标x", "xm", "x米", "x值")
_Y: Final = ("y", "y坐标", "坐标y", "ym", "y米", "y值")
_PAIRED: Final = (
    "坐标", "经纬度", "位置", "location", "coordinate", "coordinates", "coord", "lonlat", "latlon", "lnglat",
    "latlng", "position", "gps", "gps坐标", "坐标点", "定位", "经纬度坐标", "xy",
)  # fmt: skip
_WKT: Final = re.compile(
    r"^\s*(?:SRID\s*=\s*(\d+)\s*;)?\s*"
    r"((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*[(E]",
    re.IGNORECASE,
)
_MOST: Final = 0.6
_NONE: Final = frozenset(("null", "none", "n/a", "#n/a", "#value!", "-", "—", "/", "无"))
_SHIFTED: Final = {"GCJ-02": ("gcj", "高德", "火星", "腾讯"), "BD-09": ("bd09", "百度", "baidu")}

_SWAPPED: Final = Text(
    "“{a}”和“{b}”两列的数值颠倒，已按数值交换",
    "the values of “{a}” and “{b}” are exchanged; they were taken by their size",
)
_NORTH_FIRST: Final = Text(
    "“{a}”列是北坐标，“{b}”列是东坐标（按数值判断）", "by their size “{a}” holds northings and “{b}” eastings"
)
_LATITUDE_FIRST: Final = Text("“{a}”列按“纬度,经度”读取", "“{a}” is read as latitude, longitude")
_FOUND: Final = Text(
    "没有坐标列标题；按数值取“{a}”“{b}”两列为经纬度",
    "no title names coordinates; by size “{a}” and “{b}” are degrees",
)
_FOUND_GRID: Final = Text(
    "没有列标题；按数值取“{a}”“{b}”两列为平面坐标，请看地图核对",
    "there are no titles; by size “{a}” and “{b}” are metres of a grid: check it on the map",
)
_DATUM: Final = Text(
    "表中未注明经纬度的坐标系，按 WGS 84 读取；若取自高德、腾讯或百度地图，请指定坐标系 GCJ-02 或 BD-09",
    "the table does not name the CRS of its degrees; read as WGS 84. "
    "If they were picked from an online map of China, name the CRS GCJ-02 or BD-09",
)
_HINT: Final = Text("列标题像 {crs}：“{a}”", "the title looks like {crs}: “{a}”")
_UNREADABLE: Final = Text("坐标“{v}”无法读取，未导入", "its coordinates “{v}” cannot be read; left out")
_ZERO: Final = Text("坐标为 0,0，视为没有坐标，未导入", "its coordinates are 0,0, which means none; left out")
_OUT: Final = Text("经纬度“{v}”超出范围，未导入", "its degrees “{v}” are out of range; left out")


class Places(NamedTuple):
    """The shapes of a table's records.

    Parameters
    ----------
    geometry : list of shapely.Geometry or None
    damaged : list of bool
        Where there is something that is no place (`findings` says what).
    crs : str or None
    columns : list of int
        Which columns they came from; empty if the table has none.
    findings : list of Finding
    """

    geometry: list[shapely.Geometry | None]
    damaged: list[bool]
    crs: str | None
    columns: list[int]
    findings: list[Finding]


CODES: Final = ("import.coordinates", "import.coordinates-found", "import.swapped", "import.latitude-first",
                "import.datum", "import.shifted")  # fmt: skip
"""What findings about the coordinates of a table are called."""


class _Axes(NamedTuple):
    """Two columns and what their titles say."""

    first: int
    second: int
    titled: Literal["east-north", "x-y", "found"]


def find_places(names: Sequence[str], columns: Sequence[Sequence[Value]], numbers: Sequence[int]) -> Places:
    """Find and read the coordinates of a table.

    Parameters
    ----------
    names : sequence of str
    columns : sequence of sequence of Value
    numbers : sequence of int
        Row numbers for findings.

    Returns
    -------
    Places
        From a column of WKT, from two columns, or from one with both
        coordinates; without any, every geometry is None and `columns` is empty.
    """
    plain = [plain_name(name) for name in names]
    shaped = next((c for c, column in enumerate(columns) if _mostly(column, _is_wkt)), None)
    if shaped is not None:
        return _from_wkt(shaped, columns[shaped])
    if (axes := _axes(plain, columns)) is not None:
        return _from_axes(axes, names, columns, numbers)
    named = (c for c, name in enumerate(plain) if name in _PAIRED)
    paired = next((c for c in named if _mostly(columns[c], lambda v: pair(v) is not None)), None)
    if paired is not None:
        return _from_pairs(paired, names, columns[paired], numbers)
    return Places([None] * len(numbers), [False] * len(numbers), None, [], [])


def places_in_columns(
    first: int,
    second: int,
    names: Sequence[str],
    columns: Sequence[Sequence[Value]],
    numbers: Sequence[int],
) -> Places:
    """Read the coordinates of a table from the columns that a user names; once if both stand in one.

    Parameters
    ----------
    first, second : int
        The columns of eastings or longitudes, and of northings or latitudes; twice the same for a column with
        both, or with WKT. Exchanged ones are told by their values where they can be.
    names, columns, numbers
        As for `find_places`.
    """
    if first != second:
        return _from_axes(_Axes(first, second, "x-y"), names, columns, numbers)
    if _mostly(columns[first], _is_wkt):
        return _from_wkt(first, columns[first])
    return _from_pairs(first, names, columns[first], numbers)


def told_once(findings: Sequence[Finding], places: Places) -> list[Finding]:
    """Return findings without the general word on coordinates that were told with their value."""
    told = {f.record for f in places.findings if f.severity == "error"}
    return [f for f in findings if f.code != "import.geometry-damaged" or f.record not in told]


def _mostly(column: Sequence[Value], fits: Callable[[Value], bool]) -> bool:
    given = [v for v in column if v is not None]
    return bool(given) and sum(map(fits, given)) >= _MOST * len(given)


def _axes(plain: Sequence[str], columns: Sequence[Sequence[Value]]) -> _Axes | None:
    def named(titles: tuple[str, ...]) -> int | None:
        exact = [c for t in titles for c, name in enumerate(plain) if name == t]
        near = [c for c, name in enumerate(plain) if name.endswith(titles[:5]) or name.startswith(titles[:2])]
        titled = (c for c in exact if _holds_nothing_else(columns[c]))
        return next(titled, next((c for c in [*exact, *near] if _holds_numbers(columns[c])), None))

    east, north = named(_EAST), named(_NORTH)
    if east is not None and north is not None and east != north:
        return _Axes(east, north, "east-north")
    x, y = named(_X), named(_Y)
    if x is not None and y is not None and x != y:
        return _Axes(x, y, "x-y")
    return _by_size(columns) or (_grid_by_size(columns) if all(map(is_untitled, plain)) else None)


def _grid_by_size(columns: Sequence[Sequence[Value]]) -> _Axes | None:
    """Find two neighbouring columns that can only be metres in a grid; asked where no column has a title."""
    for c in range(len(columns) - 1):
        here, there = columns[c], columns[c + 1]
        if _holds_numbers(here) and _holds_numbers(there):
            low, high = float(np.nanmedian(_numbers(here))), float(np.nanmedian(_numbers(there)))
            if _like_grid(low, high) or _like_grid(high, low):
                return _Axes(c, c + 1, "found")
    return None


def _by_size(columns: Sequence[Sequence[Value]]) -> _Axes | None:
    """Find two neighbouring columns that can only be degrees within China."""
    for c in range(len(columns) - 1):
        here, there = columns[c], columns[c + 1]
        if _fine_degrees(here) and _fine_degrees(there):
            low, high = np.nanmedian(_numbers(here)), np.nanmedian(_numbers(there))
            if 73.0 <= max(low, high) <= 136.0 and 3.0 <= min(low, high) <= 54.0:
                return _Axes(c, c + 1, "found") if low > high else _Axes(c + 1, c, "found")
    return None


def _fine_degrees(column: Sequence[Value]) -> bool:
    given = [v for v in column if v is not None]
    fine = sum(isinstance(v, (float, str)) and len(str(v).partition(".")[2]) >= 4 for v in given)
    return bool(given) and fine >= 0.9 * len(given) and _holds_numbers(column)


def _holds_numbers(column: Sequence[Value]) -> bool:
    return _mostly(column, lambda v: angle(v) is not None)


def _holds_nothing_else(column: Sequence[Value]) -> bool:
    """Tell whether a column has a coordinate, and words for none where it has no coordinate."""
    read = [(v, angle(v)) for v in column if v is not None]
    return any(a is not None for _, a in read) and all(
        a is not None or str(v).strip().casefold() in _NONE or _is_number(v) for v, a in read
    )


def _is_number(value: Value) -> bool:
    """Tell whether a value is a number though no coordinate, such as NaN or 1e308."""
    try:
        float(str(value))
    except ValueError:
        return False
    return True


def _numbers(column: Sequence[Value]) -> NDArray[np.float64]:
    return np.array([np.nan if (a := angle(v)) is None else a for v in column], dtype=float)


def _from_axes(
    axes: _Axes, names: Sequence[str], columns: Sequence[Sequence[Value]], numbers: Sequence[int]
) -> Places:
    a, b = names[axes.first], names[axes.second]
    xy = np.column_stack([_numbers(columns[axes.first]), _numbers(columns[axes.second])])
    findings = []
    if axes.titled == "found":
        words = _FOUND if _are_degrees(xy[np.isfinite(xy).all(axis=1)]) else _FOUND_GRID
        findings.append(Finding("import.coordinates-found", words.format(a=a, b=b), "warning"))
    if _is_north_first(xy):
        xy = xy[:, ::-1]
        words = _SWAPPED if axes.titled == "east-north" else _NORTH_FIRST
        severity: Literal["warning", "info"] = "warning" if axes.titled == "east-north" else "info"
        findings.append(Finding("import.swapped", words.format(a=a, b=b), severity, field=a))
    shown = partial(_shown, (columns[axes.first], columns[axes.second]))
    return _placed(xy, shown, numbers, [axes.first, axes.second], f"{a} {b}", findings)


def _from_pairs(column: int, names: Sequence[str], values: Sequence[Value], numbers: Sequence[int]) -> Places:
    read = [pair(v) for v in values]
    xy = np.array([(np.nan, np.nan) if p is None else p for p in read], dtype=float).reshape(-1, 2)
    told = [names_latitude(v) for v, p in zip(values, read, strict=True) if p is not None]
    plain = plain_name(names[column])
    by_title = plain.startswith(("lat", "纬"))
    findings = []
    if (
        told.count(True) > len(told) / 2
        or _is_north_first(xy)
        or (by_title and not _is_north_first(xy[:, ::-1]))
    ):
        xy = xy[:, ::-1]
        words = _LATITUDE_FIRST.format(a=names[column])
        findings.append(Finding("import.latitude-first", words, "info", field=names[column]))
    return _placed(xy, partial(_shown, (values,)), numbers, [column], names[column], findings)


def _is_north_first(xy: NDArray[np.float64]) -> bool:
    """Tell by size alone whether the first of two coordinates is the northern one."""
    known = xy[np.isfinite(xy).all(axis=1)]
    if not len(known):
        return False
    first, second = np.median(known, axis=0)
    if _are_degrees(known) or _are_degrees(known[:, ::-1]):
        far = np.abs(known) > 90.0
        if far.any():
            return bool(far[:, 1].sum() > far[:, 0].sum())
        return bool(3.0 <= first <= 54.0 and 73.0 <= second <= 136.0)
    return bool(_like_grid(second, first) and not _like_grid(first, second))


def _are_degrees(xy: NDArray[np.float64]) -> bool:
    inside = (np.abs(xy[:, 0]) <= 180.0) & (np.abs(xy[:, 1]) <= 90.0)
    return bool(inside.mean() >= _MOST)


def _like_grid(east: float, north: float) -> bool:
    return 1.5e6 <= north <= 6.2e6 and (1e5 <= east <= 9e5 or 13e6 <= east <= 46e6)


def _placed(
    xy: NDArray[np.float64],
    shown: Callable[[int], str],
    numbers: Sequence[int],
    columns: list[int],
    title: str,
    findings: list[Finding],
) -> Places:
    known = np.asarray(np.isfinite(xy).all(axis=1))
    degrees = _are_degrees(xy[known]) if known.any() else False
    sound = known & (xy != 0.0).any(axis=1)
    if degrees:
        sound &= (np.abs(xy) <= (180.0, 90.0)).all(axis=1)
    points = np.full(len(xy), None, dtype=object)
    points[sound] = shapely.points(xy[sound])
    damaged = [False] * len(xy)
    for i in np.flatnonzero(~sound).tolist():
        problem = _problem(xy[i, 0], xy[i, 1], shown(i), degrees)
        if problem is not None:
            findings.append(Finding("import.coordinates", problem, "error", record=numbers[i]))
            damaged[i] = True
    geometry: list[shapely.Geometry | None] = points.tolist()
    crs = None
    if degrees:
        crs = WGS84
        hint = next((n for n, words in _SHIFTED.items() if any(w in title.lower() for w in words)), None)
        findings.append(Finding("import.datum", _DATUM, "warning"))
        if hint:
            findings.append(Finding("import.shifted", _HINT.format(crs=hint, a=title), "warning"))
    return Places(geometry, damaged, crs, columns, findings)


def _problem(x: float, y: float, shown: str, degrees: bool) -> Text | None:
    if not (np.isfinite(x) and np.isfinite(y)):
        return _UNREADABLE.format(v=shown[:40]) if shown else None
    if x == 0.0 and y == 0.0:
        return _ZERO
    if degrees and (abs(x) > 180.0 or abs(y) > 90.0):
        return _OUT.format(v=shown[:40])
    return None


def _shown(columns: Sequence[Sequence[Value]], row: int) -> str:
    return ", ".join(str(column[row]) for column in columns if column[row] is not None)


def _is_wkt(value: Value) -> bool:
    return isinstance(value, str) and ("(" in value or value[-1:] in "yY") and bool(_WKT.match(value))


def _from_wkt(column: int, values: Sequence[Value]) -> Places:
    geometry: list[shapely.Geometry | None] = []
    damaged, codes = [], set()
    for value in values:
        match = _WKT.match(value) if isinstance(value, str) else None
        shape = None
        if match:
            codes.add(match.group(1))
            shape = shapely.from_wkt(
                str(value).partition(";")[2] if match.group(1) else value, on_invalid="ignore"
            )
        geometry.append(shape)
        damaged.append(shape is None and value is not None)
    findings = []
    told = {code for code in codes if code}
    crs = f"EPSG:{told.pop()}" if len(told) == 1 and len(codes) == 1 else None
    points = shapely.get_coordinates([g for g in geometry if g is not None])
    if crs is None and len(points) and _are_degrees(points):
        crs = WGS84
        findings.append(Finding("import.datum", _DATUM, "warning"))
    return Places(geometry, damaged, crs, [column], findings)
