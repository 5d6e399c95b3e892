"""Districts: where so many changes lie close together that paper tells them under one letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, Point

from gis.revisions.clouds import group_title
from gis.revisions.comparison import ChangeGroup, Comparison
from layers.text import Text

MOST: Final = 20
"""Changes in one district, and so many that none is made of all together; more where there are hundreds."""

_LEAST: Final = 6
_MOST_LETTERS: Final = 26
_CROWDED: Final = 0.115
"""Part of the ground that signs may cover before a reader no longer sees the plan for them."""

_SIGN_AREA: Final = 1.2
"""What a triangle and the sign beside it cover, in squares of the triangle's side."""

_LARGE: Final = 8.0
"""A cloud of more signs across than this stands for itself: no district holds it."""

_APART: Final = 0.12
"""Half the space between two districts, in signs."""

_Cell: TypeAlias = tuple[float, float, float, float]
_Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class District(ChangeGroup):
    """Many neighbouring groups under one letter; each keeps its number.

    Parameters
    ----------
    letter : str
        ``A``, ``B`` ... from north to south; ``A2`` after ``Z``.
    members : tuple of ChangeGroup
        By number.
    """

    letter: str = ""
    members: tuple[ChangeGroup, ...] = ()

    @property
    def mark(self) -> str:
        """The letter."""
        return self.letter

    @property
    def parts(self) -> tuple[ChangeGroup, ...]:
        """The groups it stands for."""
        return self.members

    @property
    def numbers(self) -> Text:
        """The numbers of its members, as ``1–4、18``."""
        return number_ranges(member.number for member in self.members)


def in_districts(groups: Sequence[ChangeGroup], sign_m: float) -> tuple[ChangeGroup, ...]:
    """Put groups into districts where their signs would crowd.

    Parameters
    ----------
    groups : sequence of ChangeGroup
    sign_m : float
        Side of a sign on the ground: what it measures on paper times the scale, metres.

    Returns
    -------
    tuple of ChangeGroup
        Districts, and groups that stand for themselves, by their first numbers. Few groups come back as
        they are.
    """
    ordered = sorted(groups, key=lambda group: group.number)
    small = [group for group in ordered if _across(group.cloud) <= _LARGE * sign_m]
    if len(small) <= MOST:
        return tuple(groups)
    most = max(MOST, -(-len(small) // (_MOST_LETTERS - 2)))
    at = np.array([shapely.get_coordinates(shapely.centroid(shapely.envelope(g.cloud)))[0] for g in small])
    crowded = [
        (np.sort(rows), cell)
        for rows, cell in _cells(at, np.arange(len(at)), (-np.inf, -np.inf, np.inf, np.inf), most)
        if len(rows) >= _LEAST and _share(at[rows], sign_m) > _CROWDED
    ]
    crowded.sort(key=lambda one: small[one[0][0]].number)
    made = [
        _district(_letter(i), [small[row] for row in rows], cell, sign_m)
        for i, (rows, cell) in enumerate(crowded)
    ]
    told = {member.number for district in made for member in district.members}
    alone = (group for group in groups if group.number not in told)
    return tuple(sorted((*made, *alone), key=lambda group: group.parts[0].number))


def gathered(comparison: Comparison | None, sign_m: float) -> Comparison | None:
    """Return a comparison whose signs leave the plan visible: what crowds is in districts."""
    groups = in_districts(comparison.groups, sign_m) if comparison is not None else ()
    return (
        comparison
        if comparison is None or groups == comparison.groups
        else replace(comparison, groups=groups)
    )


def number_ranges(numbers: Iterable[int]) -> Text:
    """Write numbers in the order of the plan: ``1–4、18``."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ]
    words = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return Text("、".join(words), ", ".join(words))


def _across(cloud: Geometry) -> float:
    west, south, east, north = cloud.bounds
    return float(max(east - west, north - south))


def _share(at: _Floats, sign_m: float) -> float:
    # n places in rows stand one step less wide than the ground they take
    wide, high = np.maximum(np.ptp(at, axis=0) * (1 + len(at) ** -0.5), sign_m)
    return float(len(at) * _SIGN_AREA * sign_m**2 / (wide * high))


def _cells(
    at: _Floats, rows: NDArray[np.intp], cell: _Cell, most: int
) -> Iterator[tuple[NDArray[np.intp], _Cell]]:
    """Halve the ground along the widest gap near the middle until no part holds more than `most`."""
    if len(rows) <= most:
        yield rows, cell
        return
    axis = int(np.argmax(np.ptp(at[rows], axis=0)))
    ordered = rows[np.argsort(at[rows, axis], kind="stable")]
    along = at[ordered, axis]
    first, last = len(rows) * 2 // 5, len(rows) * 3 // 5 + 1
    cut = first + int(np.argmax(np.diff(along[first : last + 1]))) + 1
    border = float(along[cut - 1] + along[cut]) / 2
    low, high = list(cell), list(cell)
    low[axis + 2] = high[axis] = border
    yield from _cells(at, ordered[:cut], (low[0], low[1], low[2], low[3]), most)
    yield from _cells(at, ordered[cut:], (high[0], high[1], high[2], high[3]), most)


def _district(letter: str, members: Sequence[ChangeGroup], cell: _Cell, sign_m: float) -> District:
    clouds = np.array([member.cloud for member in members], dtype=object)
    whole = shapely.convex_hull(shapely.buffer(shapely.union_all(clouds), sign_m * _APART))
    west, south, east, north = whole.bounds
    inner = sign_m * _APART
    window = shapely.box(
        max(west, cell[0] + inner),
        max(south, cell[1] + inner),
        min(east, cell[2] - inner),
        min(north, cell[3] - inner),
    )
    cloud = shapely.intersection(whole, window)
    changes = tuple(change for member in members for change in member.changes)
    corner = max(shapely.get_coordinates(cloud), key=lambda p: p[0] + p[1])
    reasons = tuple(dict.fromkeys(reason for member in members for reason in member.reasons))
    return District(
        number=members[0].number,
        label=members[0].label,
        title=group_title(changes),
        changes=changes,
        cloud=cloud,
        anchor=Point(corner),
        answers=tuple(dict.fromkeys(code for member in members for code in member.answers)),
        reasons=reasons,
        sign="",
        because=tuple(dict.fromkeys(words for member in members for words in member.because)),
        letter=letter,
        members=tuple(members),
    )


def _letter(i: int) -> str:
    round_, place = divmod(i, _MOST_LETTERS)
    return chr(ord("A") + place) + (str(round_ + 1) if round_ else "")
