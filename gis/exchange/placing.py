"""Bringing shapes into the project: its coordinate system, and what a layer can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import check_conversion, distance_from_area_deg, transform
from gis.crs_words import coded_words
from gis.exchange.shapes import joined, mend, parts_of_dimension
from gis.exchange.source import Source, bounds_of
from layers.column import Column
from layers.errors import CrsError, Finding
from layers.layer import Layer
from layers.schema import GeometryType
from layers.snapshot import Snapshot
from layers.text import Text, same

_FAR_DEG: Final = 8.0
_COLLECTION: Final = 7
_AWAY_M: Final = 20_000.0
_DIMENSIONS: Final[Mapping[GeometryType, int]] = {"point": 0, "line": 1, "polygon": 2}
_SHAPES: Final = {
    "Point": Text("点", "point"),
    "LineString": Text("线", "line"),
    "Polygon": Text("面", "area"),
    "GeometryCollection": Text("几种图形的组合", "a collection of several kinds"),
}
_CLOSED: Final = Text("闭合线已作为面导入", "a closed line came in as an area")
_PARTS: Final = Text("只导入了图形中该图层接受的部分", "only the parts that the layer takes came in")
_ZERO: Final = Text("线段长度为零，未导入", "its line has no length; left out")


@dataclass
class FindingList:
    """Findings of one import, each with its file and layer."""

    file: str
    layer: str
    found: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        words: Text,
        severity: Literal["error", "warning", "info"],
        record: int | None = None,
        column: str | None = None,
    ) -> None:
        """Note one thing."""
        self.found.append(Finding(code, words, severity, self.file, record, column, layer=self.layer))


def place(source: Source, snapshot: Snapshot, layer: Layer, findings: FindingList) -> Column:
    """Return the shapes of a source as a layer of the project takes them.

    Returns
    -------
    Column of shapely.Geometry or None, shape (n,)
        In the CRS of the project, valid, of a shape the layer takes; None
        where a finding of severity error says why.

    Raises
    ------
    CrsError
        If they cannot be converted, or lie on another part of the earth.
    """
    _check_crs(source, snapshot.crs, findings)
    first = 0

    def placed(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        nonlocal first
        records = source.records[first : first + len(shapes)]
        first += len(shapes)
        return _placed(transform(shapes, source.crs, snapshot.crs), records, layer, findings)

    found = source.geometry.remade(placed)
    _tell_distance(found, snapshot, findings)
    return found


def _check_crs(source: Source, target: str, findings: FindingList) -> None:
    if caution := check_conversion(source.crs, target):
        findings.add("import.crs-rough", caution, "warning")
    bounds = bounds_of(source.geometry)
    if bounds and distance_from_area_deg(target, bounds, source.crs) > _FAR_DEG:
        raise _elsewhere(source, target)


def _placed(
    moved: NDArray[np.object_], records: Sequence[int], layer: Layer, findings: FindingList
) -> NDArray[np.object_]:
    """Return shapes in the CRS of the project as a layer takes them."""
    whole = _whole(moved, records, findings)
    placed = whole.copy()
    for i in np.flatnonzero(~shapely.is_missing(whole) & ~_fit_as_they_are(whole, layer)).tolist():
        placed[i] = _fitting(whole[i], layer, records[i], findings)
    return placed


def _whole(moved: NDArray[np.object_], records: Sequence[int], findings: FindingList) -> NDArray[np.object_]:
    """Return shapes that are valid: what was valid need not be once it is converted."""
    there = np.flatnonzero(~shapely.is_missing(moved))
    again = mend(moved[there], [records[i] for i in there.tolist()], np.zeros(len(there), dtype=bool))
    for finding in again.findings:
        findings.add(finding.code, finding.message, finding.severity, int(finding.record or 0))
    result = np.full(len(moved), None, dtype=object)
    result[there] = again.geometry
    return result


def _fit_as_they_are(geometry: NDArray[np.object_], layer: Layer) -> NDArray[np.bool_]:
    """Tell which shapes the layer takes without a question, for all of them at once."""
    dimension = shapely.get_dimensions(geometry)
    taken = np.isin(dimension, [_DIMENSIONS[kind] for kind in layer.kind.geometry])
    pointless = (dimension == 1) & (shapely.length(geometry) == 0)
    fit: NDArray[np.bool_] = taken & ~pointless & (shapely.get_type_id(geometry) != _COLLECTION)
    return fit


def _fitting(
    shape: shapely.Geometry, layer: Layer, record: int, findings: FindingList
) -> shapely.Geometry | None:
    """Return what of a shape the layer takes, with a finding if that is not all of it."""
    dimension = int(shapely.get_dimensions(shape))
    allowed = {_DIMENSIONS[kind] for kind in layer.kind.geometry}
    if shape.geom_type != "GeometryCollection" and dimension in allowed:
        if dimension == 1 and shape.length == 0:
            findings.add("import.zero-length", _ZERO, "error", record)
            return None
        return shape
    if shape.geom_type == "LineString" and allowed == {2} and shape.is_ring:
        findings.add("import.closed-line", _CLOSED, "info", record)
        return shapely.Polygon(shape)
    parts = [joined(parts_of_dimension(shape, d)) for d in sorted(allowed, reverse=True)]
    usable = next((p for p in parts if p is not None), None)
    if usable is not None:
        findings.add("import.shape-parts", _PARTS, "warning", record)
        return usable
    words = Text(
        "图层“{layer}”不接受此类图形（{type}），未导入",
        "layer “{layer}” takes no such shape ({type}); left out",
    ).format(
        layer=layer.title, type=_SHAPES.get(shape.geom_type.removeprefix("Multi"), same(shape.geom_type))
    )
    findings.add("import.shape-kind", words, "error", record)
    return None


def _tell_distance(geometry: Column, snapshot: Snapshot, findings: FindingList) -> None:
    there, here = bounds_of(geometry), snapshot.extent()
    if there is None or here is None:
        return
    gap_m = float(shapely.distance(shapely.box(*there), shapely.box(*here)))
    if gap_m > _AWAY_M:
        words = Text(
            "导入的图形距本项目 {km:,.0f} 公里，请确认坐标系",
            "the shapes lie {km:,.0f} km from this project; check the CRS",
        )
        findings.add("import.far-away", words.format(km=gap_m / 1000), "warning")


def _elsewhere(source: Source, target: str) -> CrsError:
    return CrsError(
        Text(
            "{file} 的位置远离本项目坐标系“{crs}”的适用范围，未导入。",
            "{file} lies far outside the area of the project's CRS “{crs}”; nothing was imported.",
        ).format(file=source.path.name, crs=coded_words(target)),
        Text(
            "请核对：是不是本小区的文件，坐标系（读作“{crs}”）对不对。命令行用 --crs 指定坐标系。",
            "Is it a file of this estate, and is its CRS right (read as “{crs}”)?"
            " On the command line, --crs names another.",
        ).format(crs=coded_words(source.crs)),
        code="crs.elsewhere",
    )
