"""Control points being collected, and the fit they make so far."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gis.georeference import (
    ControlPoint,
    Fit,
    Method,
    fewest_points,
    fit_control_points,
    how_it_lies,
    with_drawing_east_first,
    with_east_first,
)
from gis.pick import Box
from layers.errors import PlanboardError
from layers.text import Text, same

WORST_RMS_M: Final = 20.0
"""A fit that misses by more cannot be accepted."""
MIRRORED: Final = "georeference.mirrored"
_AWAY: Final = Text(
    "点“{p}”（东 {e:.3f}，北 {n:.3f}）远在本项目坐标系（{c}）之外。",
    "Point “{p}” (east {e:.3f}, north {n:.3f}) is far outside the project's CRS ({c}).",
)
_LOOK_AT_IT: Final = Text(
    "请核对数字：是否多了带号，或属于另一个坐标系。",
    "Check the numbers: a zone prefix too many, or another system.",
)


@dataclass(frozen=True)
class PointRow:
    """One line of the table; what is not known yet is None.

    Parameters
    ----------
    name : str
    x, y : float or None
        In the drawing. Of a picture: column, and row counted upwards (negative).
    east, north : float or None
    used : bool
    exchanged : bool
        Whether east and north were given the other way round.
    """

    name: str
    x: float | None = None
    y: float | None = None
    east: float | None = None
    north: float | None = None
    used: bool = True
    exchanged: bool = False

    @property
    def point(self) -> ControlPoint | None:
        """The control point, once it is whole."""
        if self.x is None or self.y is None or self.east is None or self.north is None:
            return None
        return ControlPoint(self.name, self.x, self.y, self.east, self.north, self.exchanged)

    def east_first(self, crs: str) -> PointRow:
        """Return it with east and north exchanged if they can only be meant so."""
        if self.east is None or self.north is None:
            return self
        put = with_east_first(ControlPoint(self.name, 0.0, 0.0, self.east, self.north, self.exchanged), crs)
        return replace(self, east=put.east, north=put.north, exchanged=put.exchanged)

    def drawing_east_first(self, box: Box) -> PointRow:
        """Return it with x and y exchanged if only so it lies in the drawing: surveyors put north first."""
        if self.x is None or self.y is None:
            return self
        put = with_drawing_east_first(ControlPoint(self.name, self.x, self.y, 0.0, 0.0), box)
        return replace(self, x=put.x, y=put.y)


def pasted_rows(words: str, rows: Sequence[PointRow]) -> list[PointRow]:
    r"""Return the points in a piece of a table: name, x, y, east, north; or no name; or only east and north.

    Lines without such numbers, such as titles, are left out.

    Examples
    --------
    >>> [(r.name, r.x, r.north) for r in pasted_rows("点\tx\ty\t东\t北\nK1\t1\t2\t3\t4", [])]
    [('K1', 1.0, 4.0)]
    """
    found: list[PointRow] = []
    for line in words.splitlines():
        cells = [cell.strip() for cell in re.split(r"[\t;；]|[,，]\s*|\s{2,}| (?=[-+\d])", line.strip())]
        numbers = [_number_in(cell) for cell in cells]
        count = next((n for n in (4, 2) if len(cells) >= n and None not in numbers[-n:]), 0)
        if not count:
            continue
        name = cells[0] if len(cells) > count and cells[0] else next_name([*rows, *found])
        x, y = numbers[-4:-2] if count == 4 else (None, None)
        found.append(PointRow(name, x, y, numbers[-2], numbers[-1]))
    return found


def _number_in(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Solution:
    """What the points make.

    Parameters
    ----------
    fit : Fit or None
    residuals_m : tuple of float or None
        By row; of points that are switched off too, so that one sees whether they would fit.
    problem, advice : Text
        Why there is no fit, or why it cannot be accepted; empty if all is well.
    offer_swap : bool
        Whether exchanging the axes would mend it.
    """

    fit: Fit | None
    residuals_m: tuple[float | None, ...]
    problem: Text = same("")
    advice: Text = same("")
    offer_swap: bool = False

    @property
    def acceptable(self) -> bool:
        """Whether the fit may be used."""
        return self.fit is not None and self.fit.rms_m <= WORST_RMS_M


def solve(
    rows: Sequence[PointRow], method: Method, *, swapped: bool, picture: bool, crs: str | None = None
) -> Solution:
    """Fit the points that are whole and switched on; none of them may lie far outside a CRS, if it is given.

    Examples
    --------
    >>> rows = [PointRow("1", 0, 0, 100, 200), PointRow("2", 10, 0, 110, 200)]
    >>> round(solve(rows, "similarity", swapped=False, picture=True).fit.scale, 6)
    1.0
    """
    points = [row.point for row in rows if row.used and row.point is not None]
    nothing = tuple(None for _ in rows)
    lost = next((p for p in points if crs and how_it_lies(p.east, p.north, crs) == "away"), None)
    if lost is not None:
        words = _AWAY.format(p=lost.name, e=lost.east, n=lost.north, c=crs)
        return Solution(None, nothing, words, _LOOK_AT_IT)
    missing = fewest_points(method) - len(points)
    if missing > 0:
        words = Text("还需要 {n} 个控制点。", "{n} more control points are needed.").format(n=missing)
        return Solution(None, nothing, words)
    try:
        fit = fit_control_points(points, method, swapped=swapped, picture=picture, worst_rms_m=math.inf)
    except PlanboardError as error:
        return Solution(
            None, nothing, error.message, error.advice or same(""), offer_swap=error.code == MIRRORED
        )
    residuals = tuple(_miss(fit, row) for row in rows)
    if fit.rms_m > WORST_RMS_M:
        worst = fit.names[int(fit.distances_m.argmax())]
        words = Text(
            "控制点互相矛盾（中误差 {r:.1f} m）。", "The points contradict each other (RMS {r:.1f} m)."
        )
        advice = Text("请核对误差最大的点：{p}。", "Check the point that is furthest off: {p}.")
        return Solution(fit, residuals, words.format(r=fit.rms_m), advice.format(p=worst))
    return Solution(fit, residuals)


def next_name(rows: Sequence[PointRow]) -> str:
    """Return the name of the next point: the smallest number not taken."""
    taken = {row.name for row in rows}
    return next(str(n) for n in range(1, len(rows) + 2) if str(n) not in taken)


def number_words(value: float | None, digits: int) -> str:
    """Return a number as the table shows it; nothing where there is none.

    Examples
    --------
    >>> number_words(1.25, 3), number_words(None, 3)
    ('1.250', '')
    """
    return "" if value is None else f"{value:.{digits}f}"


def numbers_in(words: str) -> list[float]:
    """Return the numbers in what was typed or pasted; none if there is anything else.

    Examples
    --------
    >>> numbers_in("616650.3，4077999"), numbers_in("about 5")
    ([616650.3, 4077999.0], [])
    """
    parts = words.replace("，", ",").replace(";", ",").replace("\t", ",").replace(" ", ",").split(",")
    try:
        return [float(part) for part in parts if part]
    except ValueError:
        return []


def _miss(fit: Fit, row: PointRow) -> float | None:
    point = row.point
    if point is None:
        return None
    east, north = fit.apply([[point.x, point.y]])[0]  # type: ignore[arg-type]
    return math.hypot(east - point.east, north - point.north)
