"""Georeferencing a file by control points, for an import that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QFileDialog, QWidget

from gis.exchange.control_points import read_control_points
from gis.exchange.source import Ground
from gis.georeference import fit_control_points
from gis.i18n import tr
from layers.errors import CrsError, PlanboardError, UsageError
from ui.session import Session


def ask_for_ground(parent: QWidget, session: Session, take: Callable[[Ground], None]) -> None:
    """Ask for a table of control points and hand over the fit; say what is wrong with it otherwise."""
    project = session.project
    name, _ = QFileDialog.getOpenFileName(
        parent.window(),
        tr("控制点表：点名, x, y, 东坐标, 北坐标", "Control points: name, x, y, east, north"),
        "",
        tr("控制点表", "Control points") + " (*.csv *.txt *.dat)",
    )
    if not name or project is None:
        return
    try:
        take(ground_from(Path(name), project.snapshot.crs))
    except PlanboardError as error:
        session.tell_error(error)


def ground_from(path: Path, crs: str) -> Ground:
    """Return the fit of a table of control points; exchanged axes are put right where only that fits.

    Raises
    ------
    PlanboardError
        If the table cannot be read, or its points fit no similarity.
    """
    points = read_control_points(path, crs)
    try:
        return Ground(crs, fit_control_points(points))
    except CrsError as error:
        if error.code != "georeference.mirrored":
            raise
        try:
            return Ground(crs, fit_control_points(points, swapped=True))
        except UsageError:
            raise error from None
