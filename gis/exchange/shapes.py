"""Making geometry usable: what can be repaired is repaired and said, what cannot is set aside and said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.invalid import why_invalid
from layers.errors import Finding
from layers.text import Text

MISSING: Final = "import.geometry-missing"
"""The code of the finding about a record without a geometry."""

_ABSURD: Final = 1e11
"""No coordinate of any system in use is that large, in millimetres and with a zone number."""

_NOT_READABLE: Final = Text("图形数据损坏，未导入", "its shape is damaged; left out")
_NONE: Final = Text("没有图形，未导入", "it has no shape; left out")
_EMPTY: Final = Text("图形为空，未导入", "its shape is empty; left out")
_ABSURD_WORDS: Final = Text("坐标不是有效数值，未导入", "its coordinates are no usable numbers; left out")
_HOPELESS: Final = Text("图形无效且无法修复，未导入", "its shape is invalid and cannot be repaired; left out")
_CLOSED: Final = Text("轮廓没有闭合，已闭合", "its outline was not closed; it is now")
_REPAIRED: Final = "import.geometry-repaired"


class Shapes(NamedTuple):
    """Geometries fit for use.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
        Valid, not empty, two-dimensional; None where a finding of severity error says why.
    repaired : array of bool, shape (n,)
    findings : list of Finding
    """

    geometry: NDArray[np.object_]
    repaired: NDArray[np.bool_]
    findings: list[Finding]


def mend(
    geometry: NDArray[np.object_],
    records: Sequence[int],
    damaged: NDArray[np.bool_],
    closed: NDArray[np.bool_] | None = None,
) -> Shapes:
    """Make geometries usable.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
    records : sequence of int, length n
        Record numbers for the findings.
    damaged : array of bool, shape (n,)
        Where the file holds something that is no geometry, so that None does not mean "none".
    closed : array of bool, shape (n,), optional
        Where the reader had to close an outline, which counts as repaired.
    """
    findings: list[Finding] = []
    kept = geometry.copy()

    def set_aside(which: NDArray[np.bool_], code: str, words: Text) -> None:
        findings.extend(_finding(code, words, records[int(i)], "error") for i in np.flatnonzero(which))
        kept[which] = None

    set_aside(damaged, "import.geometry-damaged", _NOT_READABLE)
    set_aside(shapely.is_missing(geometry) & ~damaged, MISSING, _NONE)
    set_aside(shapely.is_empty(kept), "import.geometry-empty", _EMPTY)
    invalid = ~(shapely.is_valid(kept) | shapely.is_missing(kept))
    absurd = _absurd(kept, invalid)
    set_aside(absurd, "import.coordinates", _ABSURD_WORDS)
    if (flat := _flattened(kept)) is not None:
        kept, finding = flat
        findings.append(finding)
    repaired = invalid & ~absurd
    _repair(kept, repaired, records, findings)
    hopeless = repaired & (shapely.is_missing(kept) | shapely.is_empty(kept))
    set_aside(hopeless, "import.geometry-hopeless", _HOPELESS)
    repaired &= ~hopeless
    if closed is not None:
        repaired |= _tell_closed(closed & ~repaired & ~shapely.is_missing(kept), records, findings)
    return Shapes(kept, repaired, findings)


def are_sound(geometry: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which geometries `mend` would leave as they are, without a word."""
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    high = shapely.has_z(geometry) | shapely.has_m(geometry)
    near = (np.abs(shapely.bounds(geometry)) < _ABSURD).all(axis=1)
    sound: NDArray[np.bool_] = near & ~empty & ~high & shapely.is_valid(geometry)
    return sound


def parts_of_dimension(geometry: shapely.Geometry, dimension: int) -> list[shapely.Geometry]:
    """Return the simple parts of one dimension (0 points, 1 lines, 2 areas), however deep they lie."""
    parts: list[shapely.Geometry] = []
    for part in shapely.get_parts([geometry]):
        if part.geom_type.startswith(("Multi", "GeometryCollection")):
            parts += parts_of_dimension(part, dimension)
        elif shapely.get_dimensions(part) == dimension and not part.is_empty:
            parts.append(part)
    return parts


def joined(parts: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    """Return parts of one dimension as one geometry: a simple one if there is one, else a Multi."""
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    makers = {0: shapely.MultiPoint, 1: shapely.MultiLineString, 2: shapely.MultiPolygon}
    return makers[int(shapely.get_dimensions(parts[0]))](list(parts))


def _absurd(geometry: NDArray[np.object_], invalid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which have coordinates that cannot be meant. One that is not a number makes a shape invalid."""
    bounds = shapely.bounds(geometry)
    suspects = np.flatnonzero(invalid | ~(np.abs(bounds) < _ABSURD).all(axis=1))
    coordinates, owner = shapely.get_coordinates(geometry[suspects], return_index=True)
    bad = ~(np.abs(coordinates) < _ABSURD).all(axis=1)
    result = np.zeros(len(geometry), dtype=bool)
    result[suspects[owner[bad]]] = True
    return result


def _flattened(geometry: NDArray[np.object_]) -> tuple[NDArray[np.object_], Finding] | None:
    high = shapely.has_z(geometry) | shapely.has_m(geometry)
    if not high.any():
        return None
    heights = shapely.get_coordinates(geometry[high], include_z=True)[:, 2]
    told = heights[np.isfinite(heights) & (heights != 0)]
    if len(told):
        words = Text(
            "{n} 个图形带高程（{low:.2f} 至 {high:.2f}），平面图不保留高程",
            "{n} shapes carry elevations ({low:.2f} to {high:.2f}); the plan keeps them flat",
        ).format(n=int(high.sum()), low=float(told.min()), high=float(told.max()))
        return shapely.force_2d(geometry), Finding("import.flattened", words, "warning")
    words = Text(
        "{n} 个图形的高程或测量值为空，已去掉", "{n} shapes had empty elevations or measures, dropped"
    )
    return shapely.force_2d(geometry), Finding("import.flattened", words.format(n=int(high.sum())), "info")


def _repair(
    geometry: NDArray[np.object_], broken: NDArray[np.bool_], records: Sequence[int], findings: list[Finding]
) -> None:
    for i in np.flatnonzero(broken):
        reason = why_invalid(geometry[i])
        dimension = int(shapely.get_dimensions(geometry[i]))
        mended = shapely.make_valid(geometry[i])
        geometry[i] = joined(parts_of_dimension(mended, dimension))
        if geometry[i] is not None:
            words = Text("图形无效，已修复：{why}", "its shape was invalid and is repaired: {why}")
            findings.append(_finding(_REPAIRED, words.format(why=reason), records[int(i)], "warning"))


def _tell_closed(
    closed: NDArray[np.bool_], records: Sequence[int], findings: list[Finding]
) -> NDArray[np.bool_]:
    findings.extend(
        _finding(_REPAIRED, _CLOSED, records[i], "warning") for i in np.flatnonzero(closed).tolist()
    )
    return closed


def _finding(code: str, words: Text, record: int, severity: str) -> Finding:
    return Finding(code, words, "error" if severity == "error" else "warning", record=record)
