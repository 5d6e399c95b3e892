"""Painting one sheet: map, frame, column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from gis.drawing import blocks
from gis.drawing.content import SheetContent
from gis.drawing.layout import (
    ALL_TABLES,
    Column,
    arrange,
    inner,
    paint_changes,
    paint_column,
    paint_foot,
    paint_tables,
)
from gis.drawing.paper import Box, Paper
from gis.drawing.pen import INK, SOFT, Ink, Pen
from gis.render.furniture import paint_north_arrow, paint_scale_bar
from gis.render.legend import LegendEntry, legend_entries
from gis.render.scene import paint_snapshot
from gis.render.viewport import Viewport
from gis.revisions.comparison import ChangeGroup, Comparison
from layers import palette
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import values_equal

MAP_TEXT_MM = {"A0": 3.5, "A1": 2.8, "A2": 2.5, "A3": 2.0, "A4": 1.6}
"""Smallest label on the map, millimetres on the paper."""

PLANNED = ("renovated", "new", "demolish", "reserved")


@dataclass(frozen=True)
class Sheet:
    """A sheet ready to be painted on any device.

    Parameters
    ----------
    paper : Paper
    scale : int
        Denominator; the map is exactly 1:scale.
    content : SheetContent
    centre : tuple of float
        Ground point in the middle of the map, project CRS.
    """

    paper: Paper
    scale: int
    content: SheetContent
    centre: tuple[float, float]

    def viewport(self, px_per_mm: float) -> Viewport:
        """Return the view of the map box on a device.

        Symbols are enlarged by the paper's `symbol_scale`; the ground is not.
        """
        box = self.paper.map
        return Viewport(
            centre_x=self.centre[0],
            centre_y=self.centre[1],
            metres_per_px=self.scale / 1000.0 / px_per_mm,
            width_px=round(box.width * px_per_mm),
            height_px=round(box.height * px_per_mm),
            px_per_mm=px_per_mm * self.paper.symbol_scale,
        )

    def entries(self) -> tuple[LegendEntry, ...]:
        """Return the legend of what lies on the map."""
        return legend_entries(self.content.snapshot, self.viewport(1.0).extent)


def on_paper(snapshot: Snapshot) -> Snapshot:
    """Return what a notice board shows of a state.

    All layers that may be public, and of the others (buried pipes, manholes)
    only what the plan changes: residents read the plan, not the utility record.
    """
    layers = {
        name: layer if layer.kind.public else _planned(layer) for name, layer in snapshot.layers.items()
    }
    return replace(snapshot, layers=layers)


def _planned(layer: Layer) -> Layer:
    states = layer.table.columns.get("state")
    mask = values_equal(states, PLANNED) if states is not None else np.zeros(len(layer.table), dtype=bool)
    return layer.with_table(layer.table.where(mask))


def paint_page(painter: QPainter, px_per_mm: float, sheet: Sheet, entries: Sequence[LegendEntry]) -> Column:
    """Paint the sheet; the result says which changes are left for a further one."""
    pen = Pen(painter, px_per_mm)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    pen.box(sheet.paper.sheet, 0.0, INK, "#FFFFFF")
    _map(pen, sheet)
    column = arrange(pen, sheet.paper, sheet.content, entries)
    pen.box(sheet.paper.column, 0.0, INK, "#FFFFFF")
    paint_column(pen, sheet.paper, sheet.content, entries, column)
    paint_foot(pen, sheet.paper, sheet.content, sheet.scale)
    _frame(pen, sheet.paper)
    return column


def paint_continuation(painter: QPainter, px_per_mm: float, sheet: Sheet, column: Column) -> None:
    """Paint a further sheet with the changes that did not fit, in columns."""
    pen, paper, type_ = Pen(painter, px_per_mm), sheet.paper, column.type
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    pen.box(paper.sheet, 0.0, INK, "#FFFFFF")
    area = paper.frame.inset(type_.body * 2)
    title = sheet.content.word(
        "{name} {label}（续）",
        "{name} {label} (continued)",
        name=sheet.content.snapshot.title,
        label=sheet.content.label,
    )
    top = pen.text(area.x, area.y, area.width, title, Ink(type_.heading * 1.4, bold=True)) + type_.body
    width = inner(paper).width * 0.98
    step, x = width + type_.body * 3, area.x
    rest = list(column.overflow)
    while rest:
        here = _take(pen, rest, width, area.bottom - top - type_.heading * 3, sheet, column)
        paint_changes(pen, Box(x, top, width, 0), top, sheet.content, here, type_)
        x += step
    missing = ALL_TABLES - column.tables
    paint_tables(pen, Box(x, top, width, 0), top, sheet.content, missing, type_)
    _frame(pen, paper, column_line=False)


def _take(
    pen: Pen, rest: list[ChangeGroup], width: float, room: float, sheet: Sheet, column: Column
) -> list[ChangeGroup]:
    """Take as many changes off the list as one column holds, at least one."""
    taken: list[ChangeGroup] = []
    with pen.measuring():
        while rest:
            room -= blocks.change(pen, 0.0, 0.0, width, sheet.content, rest[0], column.type)
            if room < 0 and taken:
                break
            taken.append(rest.pop(0))
    return taken


def _map(pen: Pen, sheet: Sheet) -> None:
    box, painter = sheet.paper.map, pen.painter
    painter.save()
    painter.setClipRect(pen.rect(box), Qt.ClipOperation.ReplaceClip)
    painter.translate(box.x * pen.px, box.y * pen.px)
    paint_snapshot(
        painter,
        sheet.content.snapshot,
        sheet.viewport(pen.px),
        comparison=_clouds_of(sheet.content.comparison),
        language=sheet.content.language,
        minimum_text_mm=MAP_TEXT_MM[sheet.paper.name] / sheet.paper.symbol_scale,
    )
    painter.restore()
    _furniture(pen, sheet)


def _clouds_of(comparison: Comparison | None) -> Comparison | None:
    """Return what paper needs of a comparison: clouds, and where things were.

    What is new or rebuilt shows by its plan state already; outlining it again
    would clutter a board that is read from two metres.
    """
    if comparison is None:
        return None
    return replace(comparison, changes=tuple(c for c in comparison.changes if c.kind in ("moved", "removed")))


def _furniture(pen: Pen, sheet: Sheet) -> None:
    """Paint scale bar and north arrow on a plate in the lower left corner of the map."""
    box, size = sheet.paper.map, max(sheet.paper.type.title / 6, sheet.paper.type.body * 0.75)
    plate = Box(box.x + size * 1.6, box.bottom - size * 8.6, size * 33.0, size * 7.0)
    pen.box(plate, 0.18, palette.ROAD_CASING, "#FFFFFF")
    round_ = size * 3.9
    middle = QPointF((plate.x + size * 3.2) * pen.px, (plate.y + size * 4.2) * pen.px)
    paint_north_arrow(pen.painter, middle, round_ * pen.px, language=sheet.content.language)
    left = plate.x + size * 6.4
    room = plate.right - left - size * 1.2
    paint_scale_bar(
        pen.painter,
        left * pen.px,
        (plate.y + size * 0.9) * pen.px,
        sheet.scale / 1000.0 / pen.px,
        width_px=room * 0.92 * pen.px,
        px_per_mm=pen.px,
        text_mm=size * 0.75,
    )
    words = sheet.content.word(
        "比例 1:{scale}   指北针为坐标北", "Scale 1:{scale}   arrow shows grid north", scale=sheet.scale
    )
    ink = pen.fitted(words, Ink(size * 0.8, color=SOFT), room, size * 0.5)
    pen.text(left, plate.bottom - size * 1.7, room, words, ink)


def _frame(pen: Pen, paper: Paper, column_line: bool = True) -> None:
    pen.box(paper.sheet.inset(0.1), 0.2, SOFT)
    pen.box(paper.frame, 1.0 if paper.width_mm > 500 else 0.7, INK)
    if column_line:
        pen.line(paper.column.x, paper.frame.y, paper.column.x, paper.frame.bottom, 0.35, INK)
