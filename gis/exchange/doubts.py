"""What a file holds that is probably a mistake of its maker, though it can be imported: told, not dropped."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.raw import RawTable
from layers.errors import Finding
from layers.text import Text

_SLIVER_M: Final = 0.05
_SMALL_M2: Final = 0.01
_M_PER_DEGREE: Final = 111_320.0
_MOST: Final = 2000
_WEIGHTS: Final = np.array([1.0, 0.618033988749895, 0.414213562373095, 0.302775637731995])
_TWICE: Final = Text("与第 {n} 条的图形和属性完全相同", "it equals record {n} in shape and attributes")
_SAME_SHAPE: Final = Text("与第 {n} 条的图形完全重合", "its shape equals that of record {n}")
_SLIVER: Final = Text(
    "面很窄或很小（{a:.3f} m²，宽约 {w:.3f} m），可能是碎面",
    "a sliver: {a:.3f} m², about {w:.3f} m wide",
)


def doubts_of(geometry: NDArray[np.object_], table: RawTable, in_degrees: bool) -> list[Finding]:
    """Return findings about duplicates and slivers of one layer; what they concern still comes in.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
        In metres, or in degrees if `in_degrees`.
    table : RawTable
    """
    if not table.shaped or not len(geometry):
        return []
    return [*_duplicates(geometry, table), *_slivers(geometry, table, in_degrees)]


def _duplicates(geometry: NDArray[np.object_], table: RawTable) -> list[Finding]:
    shaped = np.flatnonzero(~shapely.is_missing(geometry))
    # One number a box: equal boxes give equal numbers, and sorting numbers is quick.
    boxes = shapely.bounds(geometry[shaped]) @ _WEIGHTS
    _, group, count = np.unique(boxes, return_inverse=True, return_counts=True)
    suspects = shaped[count[group] > 1]
    if not len(suspects):
        return []
    first: dict[bytes, list[int]] = defaultdict(list)
    found: list[Finding] = []
    for i, blob in zip(suspects, shapely.to_wkb(shapely.normalize(geometry[suspects])), strict=True):
        twins = first[blob]
        if twins and len(found) < _MOST:
            same = next((j for j in twins if _row(table, j) == _row(table, int(i))), None)
            words = _SAME_SHAPE if same is None else _TWICE
            message = words.format(n=table.records[twins[0] if same is None else same])
            found.append(Finding("import.duplicate", message, "warning", record=table.records[int(i)]))
        twins.append(int(i))
    return found


def _row(table: RawTable, i: int) -> tuple[object, ...]:
    return tuple(values[i] for name, values in table.columns.items() if name.lower() not in ("fid", "uid"))


def _slivers(geometry: NDArray[np.object_], table: RawTable, in_degrees: bool) -> list[Finding]:
    areas, lengths = shapely.area(geometry), shapely.length(geometry)
    if in_degrees:
        middle = np.radians((shapely.bounds(geometry)[:, 1] + shapely.bounds(geometry)[:, 3]) / 2)
        areas = areas * _M_PER_DEGREE**2 * np.cos(middle)
        lengths = lengths * _M_PER_DEGREE
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * areas / lengths
        narrow = (shapely.get_dimensions(geometry) == 2) & ((width < _SLIVER_M) | (areas < _SMALL_M2))
    return [
        Finding(
            "import.sliver",
            _SLIVER.format(a=float(areas[i]), w=float(width[i])),
            "warning",
            record=table.records[int(i)],
        )
        for i in np.flatnonzero(narrow)[:_MOST]
    ]
