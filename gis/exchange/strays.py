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
    return _far_out(_away(_middles(geometry)))


def _far_out(away: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which distances from the middle of most are no distances within one file."""
    strays = np.zeros(len(away), dtype=bool)
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
    middles = _middles(geometry)
    away = _away(middles)
    far = _FAR_M / _M_PER_DEGREE if in_degrees else _FAR_M
    strays = np.flatnonzero(_far_out(away) & (away > far))
    if not len(strays):
        return geometry
    kept = geometry.copy()
    kept[strays] = None
    for i in strays.tolist():
        x, y = (float(v) for v in middles[i])
        km = float(away[i]) * (_M_PER_DEGREE if in_degrees else 1.0) / 1000
        words = _STRAY.format(x=x, y=y, k=km)
        findings.append(Finding("import.stray", words, "error", record=records[i]))
    return kept


def _middles(geometry: Values) -> NDArray[np.float64]:
    """Return the middle of each shape, shape (n, 2); NaN where there is none."""
    boxes = np.asarray(boxes_of(geometry) if isinstance(geometry, Column) else shapely.bounds(geometry))
    middles: NDArray[np.float64] = boxes[:, :2] + boxes[:, 2:]
    middles /= 2
    return middles


def _away(middles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each is from the middle of most."""
    known = middles[np.isfinite(middles).all(axis=1)]
    x, y = np.median(known, axis=0, overwrite_input=True) if len(known) else (0.0, 0.0)
    del known
    away: NDArray[np.float64] = np.hypot(middles[:, 0] - x, middles[:, 1] - y)
    return away
