"""A sheet on a printer: true to scale on its own paper, shrunk whole onto a smaller one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QMarginsF, QSizeF
from PyQt6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter

from gis.drawing.proof import Wish, pages_of
from gis.progress import Progress
from gis.render.application import ensure_application
from layers.changes import JsonValue
from layers.errors import StorageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project

_SAME = 0.995


def page_layout(wish: Wish) -> QPageLayout:
    """Return the page that a printer is asked for: the paper of the sheet, without margins."""
    paper = wish.paper
    short, long = sorted((paper.width_mm, paper.height_mm))
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    upright = paper.height_mm >= paper.width_mm
    way = QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape
    return QPageLayout(size, way, QMarginsF(0, 0, 0, 0))


def print_sheet(
    project: Project,
    wish: Wish,
    settings: Mapping[str, JsonValue] | None,
    printer: QPagedPaintDevice,
    progress: Progress | None = None,
) -> float:
    """Paint all pages of a sheet on a printer; for a worker thread.

    Returns
    -------
    float
        Size on paper: 1.0 if true to scale, less if the printer's paper is smaller.

    Raises
    ------
    StorageError
        If the printer does not take the job.
    """
    told = progress or Progress()
    ensure_application()
    painted = pages_of(project, wish, settings, told)
    page = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
    shrink = min(1.0, page.width() / wish.paper.width_mm, page.height() / wish.paper.height_mm)
    shrink = 1.0 if shrink > _SAME else shrink
    painter = QPainter()
    if not painter.begin(printer):
        raise _refused()
    px = printer.logicalDpiX() / 25.4
    painter.scale(shrink, shrink)
    painted.first(painter, px)
    for further in painted.further():
        told.step(0.8, Text("续页", "Further sheets"))
        if not printer.newPage():
            raise _refused()
        further(painter, px)
    if not painter.end():
        raise _refused()
    return shrink


def _refused() -> StorageError:
    return StorageError(
        Text("打印机没有接受任务。", "The printer did not take the job."),
        Text("请检查打印机是否开着，或先出 PDF 再打印。", "See that it is on, or draw a PDF and print that."),
        code="draw.printer",
    )
