"""Exact places from what somebody typed: distances, angles, relative and absolute coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

from gis.edit.coordinate import Extent, away_m, plain_text, read_plane
from gis.measure import XY, heading_deg
from layers.errors import BadInputError
from layers.text import Text

FARTHEST_M: Final = 50_000.0
"""A typed place farther from the plan than this is a slip: a relative coordinate without its @."""
_LARGEST: Final = 1e9
_NO_NUMBER: Final = "typed.number"
_METRES: Final = ("米", "m", "M")


@dataclass(frozen=True)
class Polar:
    """A distance in metres, an angle in degrees clockwise from grid north, or both."""

    length_m: float | None = None
    angle_deg: float | None = None


@dataclass(frozen=True)
class Relative:
    """Metres east and north of the last point."""

    dx_m: float
    dy_m: float


@dataclass(frozen=True)
class Absolute:
    """A coordinate in the CRS of the project, metres."""

    x: float
    y: float


Typed: TypeAlias = Polar | Relative | Absolute


def read_typed(text: str) -> Typed:
    """Read a distance, ``distance<angle``, ``<angle``, ``@dx,dy`` or ``E,N``.

    Full-width digits and signs count as the plain ones; a blank may stand for
    the comma. Coordinates may be written as `read_plane` reads them.

    Raises
    ------
    BadInputError
        If it is none of these; says what can be typed.

    Examples
    --------
    >>> read_typed("12.5<90")
    Polar(length_m=12.5, angle_deg=90.0)
    >>> read_typed("＠3，-4")
    Relative(dx_m=3.0, dy_m=-4.0)
    """
    plain = plain_text(text)
    for unit in _METRES:
        plain = plain.replace(f" {unit}", unit)
    try:
        return _read_way(plain, text)
    except BadInputError as error:
        raise (_nonsense(text) if error.code == _NO_NUMBER else error) from None


def _read_way(plain: str, text: str) -> Typed:
    if (place := read_plane(plain)) is not None:
        return Absolute(*(_sound(number, text) for number in place))
    if "<" in plain:
        length, _, angle = plain.partition("<")
        return Polar(_length(length) if length.strip() else None, read_number(angle))
    relative = plain.startswith("@")
    parts = plain.removeprefix("@").replace(",", " ").replace(";", " ").split()
    if relative and len(parts) == 2:
        return Relative(read_number(parts[0]), read_number(parts[1]))
    if relative or len(parts) != 1:
        raise _nonsense(text)
    return Polar(_length(parts[0]))


def read_number(text: str) -> float:
    """Read a number as people type it: full-width digits, a unit or a degree sign after it.

    Raises
    ------
    BadInputError
        If it is no number, or none that a plan can hold.

    Examples
    --------
    >>> read_number("４５°"), read_number("2.4 m")
    (45.0, 2.4)
    """
    plain = plain_text(text)
    for unit in (*_METRES, "度", "°"):
        plain = plain.removesuffix(unit).rstrip()
    try:
        number = float(plain)
    except ValueError:
        raise _no_number(text) from None
    if "_" in plain:
        raise _no_number(text)
    return _sound(number, text)


def _sound(number: float, text: str) -> float:
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise _no_number(text)
    return number


def placed(typed: Typed, origin: XY | None, pointer: XY) -> XY:
    """Return the place that typed words mean.

    A distance alone goes from `origin` towards the pointer; an angle alone
    holds the pointer to a line through `origin`.

    Raises
    ------
    BadInputError
        If a first point is needed and there is none, or the direction is not known.

    Examples
    --------
    >>> placed(Polar(10.0), (0.0, 0.0), (3.0, 0.0))
    (10.0, 0.0)
    """
    if isinstance(typed, Absolute):
        return typed.x, typed.y
    if origin is None:
        raise BadInputError(
            Text("还没有起点：请先单击，或输入坐标 E,N。", "No first point yet: click one, or type E,N."),
            code="typed.no-origin",
        )
    if isinstance(typed, Relative):
        return origin[0] + typed.dx_m, origin[1] + typed.dy_m
    if typed.angle_deg is None and pointer == origin:
        raise BadInputError(
            Text(
                "方向未定：把指针移向所要的方向，或输入角度。",
                "Which way? Move the pointer, or type an angle.",
            ),
            code="typed.no-direction",
        )
    heading = heading_deg(origin, pointer) if typed.angle_deg is None else typed.angle_deg
    east, north = _direction(heading)
    length = typed.length_m
    if length is None:
        length = (pointer[0] - origin[0]) * east + (pointer[1] - origin[1]) * north
    return origin[0] + length * east, origin[1] + length * north


def away_from(start: XY, end: XY, beside: XY, away_m: float) -> XY:
    """Return the place so far from the line through two points, square to `end`, on the side of a third.

    A place on the line itself counts as one to the left.

    Examples
    --------
    >>> away_from((0.0, 0.0), (0.0, 8.0), (3.0, 1.0), 5.0)
    (5.0, 8.0)
    """
    east, north = _direction(heading_deg(start, end))
    left = east * (beside[1] - start[1]) - north * (beside[0] - start[0]) >= 0
    far = away_m if left else -away_m
    return end[0] - north * far, end[1] + east * far


def check_near(place: XY, extent: Extent | None) -> None:
    """Raise `BadInputError` if a typed place lies absurdly far from everything in the plan.

    If it would be near with north and east exchanged, that is told, and how each order is written.
    """
    away = away_m(place, extent)
    if away <= FARTHEST_M:
        return
    if away_m((place[1], place[0]), extent) <= FARTHEST_M:
        raise BadInputError(
            Text(
                "东、北好像写反了。先写东：{e:.10g},{n:.10g}；先写北要带字母：X={n:.10g} Y={e:.10g}",
                "North and east seem exchanged. East first: {e:.10g},{n:.10g}; "
                "north first needs letters: X={n:.10g} Y={e:.10g}",
            ).format(e=place[1], n=place[0]),
            code="typed.swapped",
        )
    raise BadInputError(
        Text(
            "这个坐标离小区 {km:,.0f} km。相对坐标请写 @dx,dy。",
            "That is {km:,.0f} km from the plan. Relative coordinates begin with @.",
        ).format(km=away / 1000),
        code="typed.far",
    )


def _length(text: str) -> float:
    length = read_number(text)
    if length == 0:
        raise BadInputError(Text("距离不能为零。", "The distance cannot be zero."), code="typed.zero")
    return length


def _direction(heading: float) -> XY:
    angle = math.radians(heading % 360.0)
    parts = math.sin(angle), math.cos(angle)
    # sin(180°) is 1e-16 in floats, and would move a wall by a nanometre off its axis.
    east, north = (0.0 if abs(part) < 1e-12 else part for part in parts)
    return east, north


def _no_number(text: str) -> BadInputError:
    return BadInputError(
        Text("“{text}”不是数字。", "“{text}” is no number.").format(text=_shown(text)), code=_NO_NUMBER
    )


def _shown(text: str) -> str:
    return text.strip() if len(text.strip()) <= 20 else text.strip()[:19] + "…"


def _nonsense(text: str) -> BadInputError:
    return BadInputError(
        Text(
            "看不懂“{text}”。可输入：12.5　12.5<90　<90　@3,4　E,N",
            "“{text}” means nothing here. Type 12.5, 12.5<90, <90, @3,4 or E,N",
        ).format(text=_shown(text)),
        code="typed.nonsense",
    )
