"""Which coordinate systems a file's numbers may be in, by where they would put it; the likeliest first."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from gis.crs import (
    BD09,
    GCJ02,
    WGS84,
    Bounds,
    check_conversion,
    crs_title,
    is_geographic,
    transform_bounds,
)
from gis.crs_numbers import check_numbers, guess_crs
from layers.errors import CrsError
from layers.text import Text

HERE_M: Final = 3_000.0
"""Data within this distance of the plan are taken to belong to it."""

_NEAR_M: Final = 300_000.0
_MERIDIANS: Final = range(75, 136, 3)
_FIRST_CM: Final = 4534
_ZONE_3: Final = range(25, 46)
_CGCS2000: Final = "EPSG:4490"
_SWAPPED: Final = Text("横纵坐标互换", "axes swapped")
_MM: Final = Text("毫米", "millimetres")


class Reading(NamedTuple):
    """How the numbers of a file become coordinates of its system.

    Parameters
    ----------
    swapped : bool
        Whether each pair is north first, as Chinese survey tables write them.
    unit_m : float
        Metres of one unit; 0.001 for a file in millimetres.
    """

    swapped: bool = False
    unit_m: float = 1.0

    def box(self, bounds: Bounds) -> Bounds:
        """Return a bounding box read this way."""
        west, south, east, north = (v * self.unit_m for v in bounds)
        return (south, west, north, east) if self.swapped else (west, south, east, north)


PLAIN: Final = Reading()


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
    reading: Reading
    away_m: float

    @property
    def is_here(self) -> bool:
        """Whether the data would lie at the plan."""
        return self.away_m <= HERE_M

    @property
    def title(self) -> Text:
        """What people call it."""
        words = crs_words(self.crs)
        for is_so, what in ((self.reading.swapped, _SWAPPED), (self.reading.unit_m != 1.0, _MM)):
            if is_so:
                words = Text("{a}，{b}", "{a}, {b}").format(a=words, b=what)
        return words


def crs_candidates(
    bounds: Bounds, plan_crs: str, plan_extent: Bounds | None, declared: str | None = None
) -> tuple[Candidate, ...]:
    """Return the ways to understand a file's coordinates, the likeliest first.

    Each is tried: exchanged axes and millimetres too. What the numbers
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
    for reading in (PLAIN, Reading(swapped=True), Reading(unit_m=0.001), Reading(True, 0.001)):
        box = reading.box(bounds)
        for crs in dict.fromkeys([*([declared] if declared else []), *_codes(box, plan_crs, plan_extent)]):
            away_m = _away_m(box, crs, reading, plan_crs, plan_extent)
            said = crs == declared and reading == PLAIN
            if away_m is not None and (said or away_m <= _NEAR_M):
                found[crs, reading] = Candidate(crs, reading, away_m)
    ranked = sorted(found.values(), key=lambda c: (not c.is_here, c.crs != declared, c.reading != PLAIN))
    return tuple(ranked)


def crs_words(crs: str) -> Text:
    """Return what office people call a coordinate system, with its code."""
    if crs in (GCJ02, BD09):
        made_by = Text("高德、腾讯", "Amap, Tencent") if crs == GCJ02 else Text("百度", "Baidu")
        return Text("{c}（{m}）", "{c} ({m})").format(c=crs, m=made_by)
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
        _CGCS2000: Text("CGCS2000 经纬度（EPSG:4490）", "CGCS2000 degrees (EPSG:4490)"),
        WGS84: Text("WGS 84 经纬度（EPSG:4326）", "WGS 84 degrees (EPSG:4326)"),
        "EPSG:3857": Text("Web 墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"),
    }
    title = crs_title(crs)
    return names.get(crs, Text(title, title))


def _codes(box: Bounds, plan_crs: str, plan_extent: Bounds | None) -> list[str]:
    """Return the systems worth a try for numbers of such a size."""
    if max(map(abs, box)) <= 360.0:
        return [WGS84, _CGCS2000, GCJ02, BD09]
    guess = guess_crs(box).crs
    codes = [guess] if guess and not is_geographic(guess) else []
    codes.append(plan_crs)
    if box[0] < 1e6:
        codes += [f"EPSG:{_FIRST_CM + i}" for i in _meridians_near(plan_crs, plan_extent)]
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
