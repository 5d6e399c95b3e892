"""How sure it is that a coordinate system puts a file where it belongs: by what of it meets the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import transform
from gis.crs_candidates import Candidate, crs_candidates
from gis.crs_names import is_geographic
from gis.exchange.matching import likely_pairs
from gis.exchange.source import Source, Unplaced, bounds_of, read_as
from layers.errors import CrsError, Finding
from layers.snapshot import Snapshot
from layers.table import Values
from layers.text import Text, sentences

_MOST: Final = 200
"""So many shapes are looked at, evenly over the file."""

_FEWEST: Final = 3
_MOST_OF: Final = 0.5
_CLEARLY: Final = 3
"""How many times as many must meet the plan for another system to be the better one."""

_CHOICES: Final = 6
_MEETS: Final = Text(
    "已核对：抽查的 {k} 个图形中有 {n} 个与图中已有对象重合，位置对得上。",
    "Checked: {n} of {k} shapes lie just where the plan has such; the place is right.",
)
_INSIDE: Final = Text(
    "图形落在小区里，但没有与图中对象重合的可供核对：请在地图上看一眼。",
    "The shapes lie in the estate, but none just where the plan has such: look at the map.",
)
_UNNAMED: Final = Text(
    "坐标系是按数值推断的。西安80、北京54 的数值看上去一样，会偏几十到一百多米："
    "请在地图上看紫色图形是否对齐，偏了就用控制点配准。",
    "The system is inferred from the numbers. Those of Xian 80 and Beijing 54 look alike and would be off by "
    "tens of metres: see on the map whether the violet shapes fit; if not, use control points.",
)
_OFF: Final = Text("这样读，图形在小区外 {d}。", "Read so, the shapes lie {d} outside the estate.")
_PARTLY: Final = Text(
    "这样读，抽查的 {k} 个图形中只有 {n} 个在小区范围内。",
    "Read so, only {n} of {k} shapes looked at lie in the estate.",
)
_FEW: Final = Text(
    "这样读，{k} 个图形中只有 {n} 个与图中对象重合。",
    "Read so, only {n} of {k} shapes lie just where the plan has such.",
)
_BETTER_MEETS: Final = Text(
    "按“{t}”读，有 {n} 个图形与图中对象重合。", "Read as “{t}”, {n} shapes lie just where the plan has such."
)
_BETTER_INSIDE: Final = Text("按“{t}”读，正好落在小区里。", "Read as “{t}”, they lie in it.")
_MISLABELLED: Final = Text("也许文件标注错了。", "The label of the file may be wrong.")
_ASK: Final = Text(
    "请在地图上看对不对：也许选错了坐标系；西安80、北京54 或假定坐标要用控制点配准。",
    "See on the map whether that is right: the system may be another; Xian 80, Beijing 54 and local grids "
    "need control points.",
)


class Standing(NamedTuple):
    """Where a way to read a file puts its shapes.

    Parameters
    ----------
    candidate : Candidate
    looked_at : int
        How many shapes were tried.
    meets : int
        Of those, how many lie where the plan has a shape just like it.
    inside : float
        Share of those that touch the box around the plan.
    away_m : float
        From the box around the plan to the nearest of them.
    """

    candidate: Candidate
    looked_at: int
    meets: int
    inside: float
    away_m: float

    @property
    def is_sure(self) -> bool:
        """Whether so much meets the plan that it can be no chance: houses in rows meet others if moved."""
        return self.meets >= max(_FEWEST, _MOST_OF * self.looked_at)


class Verdict(NamedTuple):
    """What is to be said about the chosen way to read a file.

    Parameters
    ----------
    words : Text
    doubtful : bool
        Whether people should look before they go on.
    better : Candidate, optional
        What fits clearly better.
    """

    words: Text
    doubtful: bool
    better: Candidate | None = None


def standing_of(geometry: Values, candidate: Candidate, snapshot: Snapshot) -> Standing | None:
    """Return where a way to read a file puts its shapes; None for an empty plan, or if it cannot be tried.

    Parameters
    ----------
    geometry : Column or array of shapely.Geometry or None, shape (n,)
        In the numbers of the file.
    candidate : Candidate
    snapshot : Snapshot
    """
    extent = snapshot.extent()
    there = np.flatnonzero(~shapely.is_missing(geometry))
    if extent is None or not len(there):
        return None
    some = geometry[there[np.linspace(0, len(there) - 1, min(_MOST, len(there))).astype(np.intp)]]
    try:
        moved = transform(read_as(some, candidate.reading), candidate.crs, snapshot.crs)
    except CrsError:
        return None
    apart = shapely.distance(moved, shapely.box(*extent))
    if not np.isfinite(apart).any():
        return None
    near = moved[apart == 0.0]
    return Standing(
        candidate, len(some), _meeting(near, snapshot), len(near) / len(some), float(np.nanmin(apart))
    )


def standings(
    unplaced: Unplaced, candidates: Sequence[Candidate], snapshot: Snapshot
) -> tuple[Standing, ...]:
    """Return how the likeliest ways to read a file stand."""
    found = (standing_of(unplaced.geometry, one, snapshot) for one in candidates[:_CHOICES] if one.is_here)
    return tuple(one for one in found if one is not None)


def verdict_on(chosen: Standing, others: Sequence[Standing], *, named: bool) -> Verdict:
    """Say how sure the chosen way is, and what would fit better.

    Parameters
    ----------
    chosen : Standing
    others : sequence of Standing
    named : bool
        Whether the file names its system, or the user chose it by hand.
    """
    best = max(others, key=lambda s: (s.meets, s.inside), default=chosen)
    if chosen.is_sure and best.meets < _CLEARLY * chosen.meets:
        return Verdict(_MEETS.format(n=chosen.meets, k=chosen.looked_at), doubtful=False)
    if best.is_sure and best.meets >= _CLEARLY * max(chosen.meets, 1):
        now = _now(chosen) if chosen.inside < 0.5 else _FEW.format(n=chosen.meets, k=chosen.looked_at)
        then = _BETTER_MEETS.format(t=best.candidate.title, n=best.meets)
        return Verdict(sentences(now, then), doubtful=True, better=best.candidate)
    if best.inside >= 0.9 and chosen.inside < 0.5:
        then = _BETTER_INSIDE.format(t=best.candidate.title)
        return Verdict(sentences(_now(chosen), then), doubtful=True, better=best.candidate)
    if chosen.inside < 0.5:
        return Verdict(sentences(_now(chosen), _ASK), doubtful=True)
    unsure = not named and not is_geographic(chosen.candidate.crs)
    return Verdict(_UNNAMED if unsure else _INSIDE, doubtful=unsure)


def verdict_of(
    unplaced: Unplaced, chosen: Candidate, snapshot: Snapshot, others: Sequence[Standing], *, named: bool
) -> Verdict | None:
    """Return what is to be said about a chosen way to read a file; None where the plan is empty."""
    standing = standing_of(unplaced.geometry, chosen, snapshot)
    return verdict_on(standing, others, named=named) if standing is not None else None


def verdict_without(others: Sequence[Standing], *, named: bool) -> Verdict | None:
    """Return what fits beyond doubt where the chosen way cannot be taken at all.

    Parameters
    ----------
    others : sequence of Standing
    named : bool
        Whether the file names the system that cannot be.
    """
    best = max(others, key=lambda s: s.meets, default=None)
    if best is None or not best.is_sure:
        return None
    words = _BETTER_MEETS.format(t=best.candidate.title, n=best.meets)
    return Verdict(sentences(words, _MISLABELLED) if named else words, doubtful=True, better=best.candidate)


def standing_findings(unplaced: Unplaced, source: Source, snapshot: Snapshot) -> list[Finding]:
    """Return a warning if another way to read a file fits the plan clearly better than the one taken."""
    bounds = unplaced.bounds
    if not source.shaped or bounds is None or bounds_of(source.geometry) is None:
        return []
    taken = standing_of(source.geometry, Candidate(source.crs, away_m=0.0), snapshot)
    if taken is None or taken.is_sure:
        return []
    ways = crs_candidates(bounds, snapshot.crs, snapshot.extent(), unplaced.declared)
    verdict = verdict_on(taken, standings(unplaced, ways, snapshot), named=True)
    if verdict.better is None:
        return []
    return [Finding("import.better-crs", verdict.words, "warning", source.path.name)]


def _meeting(shapes: NDArray[np.object_], snapshot: Snapshot) -> int:
    met: set[int] = set()
    for layer in snapshot.layers.values():
        met.update(i for score, i, _ in likely_pairs(layer, shapes) if score > 0)
    return len(met)


def _now(chosen: Standing) -> Text:
    far = chosen.away_m
    if far < 1.0:  # some lie in it: so many metres outside would say nothing
        inside = round(chosen.inside * chosen.looked_at)
        return _PARTLY.format(k=chosen.looked_at, n=inside)
    away = Text("{m:.0f} 米", "{m:.0f} m").format(m=far)
    if far >= 10_000.0:
        away = Text("{k:,.0f} 公里", "{k:,.0f} km").format(k=far / 1000)
    return _OFF.format(d=away)
