"""The offer to convert control points that were given in another system than that of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PyQt6.QtWidgets import QPushButton

from gis.crs_candidates import Candidate
from gis.i18n import tr
from gis.point_systems import converted, system_of_points
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.control_table import PointRow

_ELSEWHERE: Final = Text(
    "这些点远离本方案；若是“{s}”的坐标，则正在本方案处",
    "the points lie far from the plan; read as “{s}” they lie at it",
)


class SystemOffer(QPushButton):
    """Shown while the points lie far from the plan, but at it in another system; names that system."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.system: Candidate | None = None
        self.hide()

    def look_at(self, rows: Sequence[PointRow], snapshot: Snapshot | None) -> None:
        """Find out whether there is something to offer for rows."""
        points = [line.point for line in rows if line.used and line.point is not None]
        self.system = (
            system_of_points(points, snapshot.crs, snapshot.extent()) if snapshot is not None else None
        )
        if self.system is not None:
            self.setText(tr("按“{s}”换算", "Convert from “{s}”", s=tr(self.system.title)))
        self.setVisible(self.system is not None)

    @property
    def doubt(self) -> str:
        """What to say about it; empty if nothing is offered."""
        return tr(_ELSEWHERE, s=tr(self.system.title)) if self.system is not None else ""

    def converted(self, rows: Sequence[PointRow], crs: str) -> list[PointRow]:
        """Return rows with the ground of those that are whole in the system of the plan."""
        if self.system is None:
            return list(rows)
        points = iter(converted([p for line in rows if (p := line.point) is not None], self.system.crs, crs))
        return [line if line.point is None else _moved(line, *next(points)[3:5]) for line in rows]


def _moved(line: PointRow, east: float, north: float) -> PointRow:
    return replace(line, east=east, north=north)
