"""Records far from all others of their file: a zero where a coordinate should be, a digit too many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.column import Column
from layers.errors import Finding
from layers.table import Values, boxes_of
from layers.text import Text

_TIMES: Final = 500.0
"""So many times as far from the middle as most records."""

_FAR_M: Final = 50_000.0
_M_PER_DEGREE: Final = 111_320.0
_FEWEST: Final = 3
_MOST_SHARE: Final = 0.1
_STRAY: Final = Text(
    "坐标（{x:.1f}，{y:.1f}）与其余图形相距 {k:,.0f} 公里，未导入",
    "its coordinates ({x:.1f}, {y:.1f}) are {k:,.0f} km from all others; left out",
)


def are_strays(geometry: Values) -> NDArray[np.bool_]:
    """Tell which shapes lie so far from the others, in whatever unit, that they cannot be meant.

    Parameters
    ----------
    geometry : Column or array of shapely.Geometry or None, shape (n,)
    """
    strays = np.zeros(len(geometry), dtype=bool)
    _, away = _middles(geometry)
    known = np.isfinite(away)
    if known.sum() < _FEWEST:
        return strays
    usual = float(np.median(away[known]))
    strays[known] = away[known] > _TIMES * usual
    return strays if usual > 0 and strays.sum() <= _MOST_SHARE * known.sum() else np.zeros_like(strays)


def without_strays(
    geometry: NDArray[np.object_], records: Sequence[int], in_degrees: bool, findings: list[Finding]
) -> NDArray[np.object_]:
    """Return shapes without those that stray over 50 km, each with a finding of severity error.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
        In metres, or in degrees if `in_degrees`.
    records : sequence of int, length n
    in_degrees : bool
    findings : list of Finding
        Takes what is left out.
    """
    middles, away = _middles(geometry)
    away_m = away * (_M_PER_DEGREE if in_degrees else 1.0)
    strays = np.flatnonzero(are_strays(geometry) & (away_m > _FAR_M))
    if not len(strays):
        return geometry
    kept = geometry.copy()
    kept[strays] = None
    for i in strays.tolist():
        x, y = (float(v) for v in middles[i])
        words = _STRAY.format(x=x, y=y, k=float(away_m[i]) / 1000)
        findings.append(Finding("import.stray", words, "error", record=records[i]))
    return kept


def _middles(geometry: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle of each shape, and how far it is from that of most; NaN where there is none."""
    boxes = np.asarray(boxes_of(geometry) if isinstance(geometry, Column) else shapely.bounds(geometry))
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    known = np.isfinite(middles).all(axis=1)
    centre = np.median(middles[known], axis=0) if known.any() else np.zeros(2)
    away: NDArray[np.float64] = np.hypot(*(middles - centre).T)
    return middles, away
