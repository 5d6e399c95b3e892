"""Rows of a drawing packed as they come: a drawing of any size costs little more than its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.dxf.collecting import BROKEN, EMPTY, UNREADABLE, Rows
from gis.exchange.dxf.pieces import SPARSE
from gis.exchange.dxf.shaping import shapes_of
from gis.exchange.packed_column import PackedColumn, joined, pack
from gis.exchange.packed_shapes import PackedShapes
from gis.exchange.raw import RawTable
from gis.exchange.shapes import mend
from layers.errors import Finding
from layers.schema import Value
from layers.text import Text

_DENSE: Final = ("layer", "type", "color", "handle")
_STATES: Final = (UNREADABLE, BROKEN, EMPTY)
_ZERO: Final = Text("线段长度为零，未导入", "its line has no length; left out")


class Packing:
    """The table of a drawing in the making.

    Parameters
    ----------
    metres : float
        Metres of one drawing unit.
    """

    def __init__(self, metres: float) -> None:
        self._metres = metres
        self._shapes: list[PackedShapes] = []
        self._columns: dict[str, list[PackedColumn | int]] = {name: [] for name in (*_DENSE, *SPARSE)}
        self._findings: list[Finding] = []
        self._repaired: list[int] = []
        self._count = 0

    def add(self, rows: Rows) -> None:
        """Add some rows with usable geometries; what has none says why in a finding or its status."""
        if not len(rows):
            return
        self._count = rows.first + len(rows)
        geometry = shapes_of(rows.pieces, self._metres)
        self._leave_out_zero(geometry, rows.first)
        there = np.flatnonzero(~shapely.is_missing(geometry))
        records = (there + rows.first + 1).tolist()
        mended = mend(geometry[there], records, np.zeros(len(there), dtype=bool))
        geometry[there] = mended.geometry
        self._findings += mended.findings
        self._repaired += [records[i] for i in np.flatnonzero(mended.repaired)]
        for row in np.flatnonzero(shapely.is_missing(geometry)):
            if rows.sparse["status"].get(int(row)) not in _STATES:
                rows.sparse["status"][int(row)] = EMPTY
        self._shapes.append(PackedShapes.of(shapely.to_wkb(geometry)))
        self._pack_columns(rows)

    def table(self, name: str) -> RawTable:
        """Return the table of all rows."""
        columns: dict[str, Sequence[Value]] = {
            column: joined(parts)
            for column, parts in self._columns.items()
            if column in _DENSE or any(isinstance(part, PackedColumn) for part in parts)
        }
        self._columns.clear()
        return RawTable(
            layer=name,
            format="DXF",
            columns=columns,
            wkb=PackedShapes.joined(self._shapes),
            records=range(1, self._count + 1),
            read=self._count,
            repaired=self._repaired,
            findings=self._findings,
            ids=[None] * self._count,
        )

    def _leave_out_zero(self, geometry: NDArray[np.object_], first: int) -> None:
        gone = (shapely.get_dimensions(geometry) == 1) & ~(shapely.length(geometry) > 0)
        geometry[gone] = None
        self._findings += [
            Finding("dxf.no-length", _ZERO, "error", record=first + int(i) + 1) for i in np.flatnonzero(gone)
        ]

    def _pack_columns(self, rows: Rows) -> None:
        sparse, metres = rows.sparse, self._metres
        sparse["middle"] = {i: (x * metres, y * metres) for i, (x, y) in sparse["middle"].items()}
        sparse["z"] = {i: z * metres for i, z in sparse["z"].items()}
        for name in _DENSE:
            self._columns[name].append(pack(getattr(rows, name)))
        for name in SPARSE:
            found = sparse[name]
            values = [found.get(i) for i in range(len(rows))]
            self._columns[name].append(pack(values) if found else len(rows))
