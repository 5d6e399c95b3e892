"""Which coordinate systems a file's numbers may be in, by where they would put it; the likeliest first."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from gis.crs import Bounds, check_conversion, transform_bounds
from gis.crs_names import BD09, GCJ02, WGS84, is_geographic
from gis.crs_numbers import check_numbers, guess_crs
from gis.crs_words import coded_words
from layers.errors import CrsError
from layers.text import Text

HERE_M: Final = 3_000.0
"""Data within this distance of the plan are taken to belong to it."""

_WIDEST_ESTATE_M: Final = 50_000.0
_NEAR_M: Final = 300_000.0
_MERIDIANS: Final = range(75, 136, 3)
_FIRST_CM: Final = 4534
_FIRST_UTM: Final = 32600
_ZONE_3: Final = range(25, 46)
_CGCS2000: Final = "EPSG:4490"
_SWAPPED: Final = Text("横纵坐标互换", "axes swapped")
_UNITS: Final = {0.001: Text("毫米", "millimetres"), 1000.0: Text("公里", "kilometres")}
_WIDEST_UTM_M: Final = (1.6e5, 8.4e5)
"""Eastings within a UTM zone."""


class Reading(NamedTuple):
    """How the numbers of a file become coordinates of its system.

    Parameters
    ----------
    swapped : bool
        Whether each pair is north first, as Chinese survey tables write them.
    unit_m : float
        Metres of one unit; 0.001 for a file in millimetres, 1000 for one in kilometres.
    """

    swapped: bool = False
    unit_m: float = 1.0

    def box(self, bounds: Bounds) -> Bounds:
        """Return a bounding box read this way."""
        west, south, east, north = (v * self.unit_m for v in bounds)
        return (south, west, north, east) if self.swapped else (west, south, east, north)


PLAIN: Final = Reading()
_READINGS: Final = tuple(Reading(swapped, unit) for unit in (1.0, 0.001, 1000.0) for swapped in (False, True))


class Candidate(NamedTuple):
    """One way to understand the coordinates of a file.

    Parameters
    ----------
    crs : str
    reading : Reading
    away_m : float
        How far from the plan the data would lie; 0 on it, and for an empty plan.
    """

    crs: str
    reading: Reading = PLAIN
    away_m: float = 0.0

    @property
    def is_here(self) -> bool:
        """Whether the data would lie at the plan."""
        return self.away_m <= HERE_M

    @property
    def title(self) -> Text:
        """What people call it."""
        words = candidate_words(self.crs)
        for what in (_SWAPPED if self.reading.swapped else None, _UNITS.get(self.reading.unit_m)):
            if what is not None:
                words = Text("{a}，{b}", "{a}, {b}").format(a=words, b=what)
        return words


def crs_candidates(
    bounds: Bounds, plan_crs: str, plan_extent: Bounds | None, declared: str | None = None
) -> tuple[Candidate, ...]:
    """Return the ways to understand a file's coordinates, the likeliest first.

    Each is tried: exchanged axes, millimetres and kilometres too. What the numbers
    contradict is left out, and what would lie over 300 km from the plan, unless the file says so itself.

    Parameters
    ----------
    bounds : tuple of float
        The box around the numbers of the file, as they stand there.
    plan_crs : str
    plan_extent : tuple of float, optional
        The box around the plan, if it has anything.
    declared : str, optional
        What the file says; first if the numbers allow it.

    Examples
    --------
    >>> found = crs_candidates((4077800.0, 616400.0, 4078200.0, 616900.0), "EPSG:4548",
    ...                        (616000.0, 4077000.0, 617000.0, 4079000.0))
    >>> found[0].crs, found[0].reading.swapped
    ('EPSG:4548', True)
    """
    if not all(map(math.isfinite, bounds)):
        return ()
    found: dict[tuple[str, Reading], Candidate] = {}
    for reading in _READINGS:
        box = reading.box(bounds)
        if reading.unit_m > 1.0 and max(box[2] - box[0], box[3] - box[1]) > _WIDEST_ESTATE_M:
            continue  # any local drawing is a country in kilometres
        for crs in dict.fromkeys([*([declared] if declared else []), *_codes(box, plan_crs, plan_extent)]):
            away_m = _away_m(box, crs, reading, plan_crs, plan_extent)
            said = crs == declared and reading == PLAIN
            if away_m is not None and (said or away_m <= _NEAR_M):
                found[crs, reading] = Candidate(crs, reading, away_m)
    return tuple(sorted(found.values(), key=lambda c: _rank(c, declared)))


def _rank(candidate: Candidate, declared: str | None) -> tuple[bool, bool, bool, float]:
    """Return what goes first: what lies here, is declared, is as it stands, and lies nearest."""
    near_m = round(candidate.away_m) if candidate.is_here else 0.0
    return not candidate.is_here, candidate.crs != declared, candidate.reading != PLAIN, near_m


def needs_points(crs: str, plan_crs: str) -> bool:
    """Tell whether only control points lead from a system to that of the plan: Xian 1980, Beijing 1954."""
    try:
        check_conversion(crs, plan_crs)
    except CrsError as error:
        return error.code == "crs.control-points"
    return False


def candidate_words(crs: str) -> Text:
    """Return what office people call a coordinate system, with its code."""
    code = int(crs[5:]) if crs.startswith("EPSG:") and crs[5:].isdigit() else 0
    at = code - _FIRST_CM
    if 0 <= at < len(_MERIDIANS):
        return Text("CGCS2000 三度带 {m}°E（{c}）", "CGCS2000 3-degree {m}°E ({c})").format(
            m=_MERIDIANS[at], c=crs
        )
    if code - 4488 in _ZONE_3:
        words = Text("CGCS2000 三度带 {z} 带，带带号（{c}）", "CGCS2000 3-degree zone {z} with prefix ({c})")
        return words.format(z=code - 4488, c=crs)
    names = {
        GCJ02: Text("高德、腾讯地图坐标（GCJ-02）", "Amap, Tencent (GCJ-02)"),
        BD09: Text("百度地图坐标（BD-09）", "Baidu (BD-09)"),
        _CGCS2000: Text("CGCS2000 经纬度（EPSG:4490）", "CGCS2000 degrees (EPSG:4490)"),
        WGS84: Text("WGS 84 经纬度（EPSG:4326）", "WGS 84 degrees (EPSG:4326)"),
        "EPSG:3857": Text("Web 墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"),
    }
    return names.get(crs) or coded_words(crs)


def _codes(box: Bounds, plan_crs: str, plan_extent: Bounds | None) -> list[str]:
    """Return the systems worth a try for numbers of such a size."""
    if max(map(abs, box)) <= 360.0:
        return [WGS84, _CGCS2000, GCJ02, BD09]
    guess = guess_crs(box).crs
    codes = [guess] if guess and not is_geographic(guess) else []
    codes.append(plan_crs)
    if box[0] < 1e6:
        meridians = _meridians_near(plan_crs, plan_extent)
        codes += [f"EPSG:{_FIRST_CM + i}" for i in meridians]
        if _WIDEST_UTM_M[0] <= box[0] and box[2] <= _WIDEST_UTM_M[1] and plan_extent is not None:
            zones = dict.fromkeys(_MERIDIANS[i] // 6 + 31 for i in meridians)
            codes += [f"EPSG:{_FIRST_UTM + zone}" for zone in zones]
    return codes


def _meridians_near(plan_crs: str, extent: Bounds | None) -> list[int]:
    """Return which 3-degree meridians lie at the plan: its own, then its neighbours."""
    if extent is None:
        return list(range(len(_MERIDIANS)))
    west, _, east, _ = transform_bounds(extent, plan_crs, WGS84)
    middle = round(((west + east) / 2 - _MERIDIANS[0]) / 3)
    return [at for at in (middle, middle + 1, middle - 1) if 0 <= at < len(_MERIDIANS)]


def _away_m(
    box: Bounds, crs: str, reading: Reading, plan_crs: str, plan_extent: Bounds | None
) -> float | None:
    """Return how far from the plan a box would lie; None if it cannot be in that system."""
    try:
        if is_geographic(crs) and reading.unit_m != 1.0:
            return None
        check_numbers(crs, box)
        check_conversion(crs, plan_crs)
        there = transform_bounds(box, crs, plan_crs)
    except CrsError:
        return None
    if not all(map(math.isfinite, there)):
        return None
    if plan_extent is None:
        return 0.0
    gap_x = max(plan_extent[0] - there[2], there[0] - plan_extent[2], 0.0)
    gap_y = max(plan_extent[1] - there[3], there[1] - plan_extent[3], 0.0)
    return math.hypot(gap_x, gap_y)
