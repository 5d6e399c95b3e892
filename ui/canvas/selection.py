"""The picture of what is selected, painted like a layer of its own: quick for a hundred thousand features."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PyQt6.QtGui import QImage, QPainter

from gis.pick import Box
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.viewport import Viewport
from layers import palette
from layers.changes import Key
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Fill, Rule, Stroke, Style
from layers.text import Text
from ui.canvas.frame import Picture
from ui.canvas.marks import CASING_MM, chosen_layers, extent_of, paint_rings
from ui.canvas.newest_job import Check

SELECTED_MM: Final = 0.6
SELECTED: Final = Style(
    (
        Rule(
            Text("选中", "Selected"),
            (
                Fill(palette.SELECTION, opacity=0.2),
                Stroke(palette.HALO, SELECTED_MM + 2 * CASING_MM),
                Stroke(palette.SELECTION, SELECTED_MM),
            ),
        ),
    )
)


@dataclass(frozen=True)
class SelectionOrder:
    """Which features to mark, as they were in one state, and on what ground."""

    snapshot: Snapshot
    keys: frozenset[Key]
    viewport: Viewport


@dataclass(frozen=True)
class SelectionPicture:
    """The marks of a selection, what was asked for, and the ground that all of it covers."""

    order: SelectionOrder
    picture: Picture
    extent: Box | None


class SelectionPainter:
    """Paints selections, and keeps the features of the last one. Used from one worker thread only."""

    def __init__(self) -> None:
        self._order: SelectionOrder | None = None
        self._layers: list[Layer] = []

    def paint(self, order: SelectionOrder, check: Check) -> SelectionPicture:
        """Return the marks of the selected features on a transparent picture."""
        view = order.viewport
        image = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for layer in self._selected(order):
                paint_layer(painter, prepare_layer(replace(layer, style=SELECTED), view, check), check)
                paint_rings(painter, layer, view, SELECTED_MM, check)
        finally:
            painter.end()
        return SelectionPicture(order, Picture(image, view), extent_of(self._layers))

    def _selected(self, order: SelectionOrder) -> list[Layer]:
        last = self._order
        if last is None or last.snapshot is not order.snapshot or last.keys is not order.keys:
            self._layers = chosen_layers(order.snapshot, order.keys)
            self._order = order
        return self._layers
