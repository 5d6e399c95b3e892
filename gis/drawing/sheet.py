"""Painting one sheet: map, frame, words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from gis.drawing.blocks import title_strip
from gis.drawing.content import SheetContent
from gis.drawing.continuation import FurtherSheet, further_sheets, paint_further
from gis.drawing.foot import foot_height, paint_foot
from gis.drawing.layout import Words, arrange, paint_words
from gis.drawing.paper import CLEAR_MM, Box, Paper
from gis.drawing.pen import INK, SOFT, Ink, Pen
from gis.render.furniture import paint_north_arrow, paint_scale_bar
from gis.render.legend import LegendEntry, legend_entries
from gis.render.scene import Underlay, paint_snapshot
from gis.render.viewport import Viewport
from gis.revisions.comparison import Comparison
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
    site : tuple of float
        West, south, east and north of the ground that the map shows whole, project CRS.
    underlay : Underlay, optional
        Paints what lies below the plan (`gis.render.underlay`).
    """

    paper: Paper
    scale: int
    content: SheetContent
    site: tuple[float, float, float, float]
    underlay: Underlay | None = None

    def viewport(self, px_per_mm: float) -> Viewport:
        """Return the view of the map box on a device.

        Symbols are enlarged by the paper's `symbol_scale`; the ground is not.
        """
        box, (west, south, east, north) = self.paper.map, self.site
        return Viewport(
            centre_x=(west + east) / 2,
            centre_y=(south + north) / 2,
            metres_per_px=self.scale / 1000.0 / px_per_mm,
            width_px=round(box.width * px_per_mm),
            height_px=round(box.height * px_per_mm),
            px_per_mm=px_per_mm * self.paper.symbol_scale,
        )

    @property
    def slack_mm(self) -> float:
        """By how much the map is wider than the site needs, or higher if the words stand below it."""
        (west, south, east, north), box = self.site, self.paper.map
        below = self.paper.below
        room, ground = (box.height, north - south) if below else (box.width, east - west)
        return room - ground / self.scale * 1000.0 - 2 * CLEAR_MM

    def entries(self) -> tuple[LegendEntry, ...]:
        """Return the legend of what lies on the map."""
        view = self.viewport(1.0)
        return legend_entries(self.content.snapshot, view.extent, view.scale_denominator)


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


def paint_page(
    painter: QPainter, px_per_mm: float, sheet: Sheet
) -> tuple[Sheet, Words, tuple[FurtherSheet, ...]]:
    """Paint the first sheet; the result says how it was laid out and what is left for further ones."""
    pen, content = Pen(painter, px_per_mm), sheet.content
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    sheet, entries, words = _laid_out(pen, sheet)
    paper = sheet.paper
    pen.box(paper.sheet, 0.0, INK, "#FFFFFF")
    _map(pen, sheet)
    plate = _plate(paper)
    for box in (paper.title, paper.words):
        pen.box(box, 0.0, INK, "#FFFFFF")
    if paper.below:
        left = title_strip(pen, paper.title, content, paper.type, plate.width)
        plate = replace(plate, x=left)
    _furniture(pen, sheet, plate)
    paint_words(pen, paper, content, entries, words)
    paint_foot(pen, paper, content, sheet.scale)
    _frame(pen, paper)
    _edges_of_the_map(pen, paper)
    return sheet, words, further_sheets(pen, paper, content, entries, words)


MOST_WIDER = 0.7
"""By how much of its width the column may grow into ground that the site leaves free."""


def _laid_out(pen: Pen, sheet: Sheet) -> tuple[Sheet, tuple[LegendEntry, ...], Words]:
    """Let the words grow into what the site leaves of the map before anything goes to a further sheet.

    Beside the map they shrink before they grow: a wide column is no better to read. Below it they grow first.
    """
    below, tried = sheet.paper.below, []
    for size in _sizes_below(pen, sheet) if below else _sizes_beside(sheet):
        wider = replace(sheet, paper=sheet.paper.with_words(size))
        entries = wider.entries()
        tried.append((wider, entries, arrange(pen, wider.paper, wider.content, entries)))
        if tried[-1][2].complete and (not below or tried[-1][2].type == sheet.paper.type):
            break
    return max(tried, key=lambda one: _goodness(one[2]))


def _sizes_beside(sheet: Sheet) -> list[float]:
    usual = sheet.paper.words_mm
    room = min(sheet.slack_mm, usual * MOST_WIDER)
    return [usual + room * step / 3 for step in range(4 if room > 1.0 else 1)]


def _sizes_below(pen: Pen, sheet: Sheet) -> list[float]:
    """Return heights from that of the foot to all that the site leaves: a short plan has a high map."""
    paper = sheet.paper
    least = min(paper.words_mm, foot_height(pen, paper, sheet.content) * 1.5)
    most = paper.words_mm + max(0.0, sheet.slack_mm)
    return [least + (most - least) * step / _STEPS_BELOW for step in range(_STEPS_BELOW + 1)]


_STEPS_BELOW = 8


def _goodness(words: Words) -> tuple[float, ...]:
    return words.complete, len(words.groups), len(words.tables), words.type.small


def paint_continuation(painter: QPainter, px_per_mm: float, sheet: Sheet, further: FurtherSheet) -> None:
    """Paint a further sheet with what did not fit, in columns."""
    pen, paper = Pen(painter, px_per_mm), sheet.paper
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    pen.box(paper.sheet, 0.0, INK, "#FFFFFF")
    paint_further(pen, paper, sheet.content, further)
    _frame(pen, paper)


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
        underlay=sheet.underlay,
        sign_mm=sheet.paper.sign_mm / sheet.paper.symbol_scale,
    )
    painter.restore()


def _clouds_of(comparison: Comparison | None) -> Comparison | None:
    """Return what paper needs of a comparison: clouds, and where things were.

    What is new or rebuilt shows by its plan state already; outlining it again
    would clutter a board that is read from two metres.
    """
    if comparison is None:
        return None
    return replace(comparison, changes=tuple(c for c in comparison.changes if c.kind in ("moved", "removed")))


def _plate(paper: Paper) -> Box:
    """Return where scale bar and north arrow stand: in the lower left corner of the map, or in the title."""
    size, map_, title = _furniture_mm(paper), paper.map, paper.title
    width, height = size * 33.0, size * 7.0
    if paper.below:
        return Box(title.x, title.y + (title.height - height) / 2, width, height)
    return Box(map_.x + size * 1.6, map_.bottom - size * 1.6 - height, width, height)


def _furniture_mm(paper: Paper) -> float:
    return max(paper.type.title / 6, paper.type.body * 0.75)


def _furniture(pen: Pen, sheet: Sheet, plate: Box) -> None:
    """Paint scale bar and north arrow on a plate."""
    size = _furniture_mm(sheet.paper)
    pen.box(plate, 0.0 if sheet.paper.below else 0.18, palette.ROAD_CASING, "#FFFFFF")
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


def _frame(pen: Pen, paper: Paper) -> None:
    pen.box(paper.sheet.inset(0.1), 0.2, SOFT)
    pen.box(paper.frame, 1.0 if paper.width_mm > 500 else 0.7, INK)


def _edges_of_the_map(pen: Pen, paper: Paper) -> None:
    """Draw the lines between the map and the words."""
    map_, frame = paper.map, paper.frame
    if paper.below:
        for y in (map_.y, map_.bottom):
            pen.line(frame.x, y, frame.right, y, 0.35, INK)
    else:
        pen.line(map_.right, frame.y, map_.right, frame.bottom, 0.35, INK)
