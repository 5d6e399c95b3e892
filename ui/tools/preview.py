"""What a tool would make, painted before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter
from shapely import Geometry

from gis.render.viewport import Viewport
from layers.changes import Key
from layers.snapshot import Snapshot
from ui.canvas.marks import CASING, HIGHLIGHT, WRONG, faint, pen
from ui.canvas.paths import outline_path, pixels

MOST_SHAPES: Final = 2000
"""More shapes than these are previewed by the box around them."""
DOT_PX: Final = 4.0


def shapes_of_selection(snapshot: Snapshot | None, keys: Sequence[Key]) -> list[Geometry]:
    """Return the shapes of features for a preview; one box instead of very many."""
    if snapshot is None:
        return []
    features = (snapshot.feature(key) for key in keys)
    shapes = [f.geometry for f in features if f is not None and f.geometry is not None]
    return shapes if len(shapes) <= MOST_SHAPES else [shapely.box(*shapely.total_bounds(shapes))]


def paint_shapes(
    painter: QPainter, shapes: Sequence[Geometry], view: Viewport, *, sound: bool = True, filled: bool = True
) -> None:
    """Paint shapes that are proposed: in the highlight colour, red where they cannot be."""
    color = HIGHLIGHT if sound else WRONG
    path = outline_path(shapes, view)
    if filled:
        areas = outline_path([s for s in shapes if shapely.get_dimensions(s) == 2], view)
        areas.setFillRule(Qt.FillRule.OddEvenFill)
        painter.fillPath(areas, faint(color, 0.16))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line_color, width in ((CASING, 4.0), (color, 1.8)):
        painter.setPen(pen(line_color, width))
        painter.drawPath(path)
    _paint_dots(painter, shapes, view, color)


def _paint_dots(painter: QPainter, shapes: Sequence[Geometry], view: Viewport, color: QColor) -> None:
    points = [s for s in shapes if shapely.get_dimensions(s) == 0]
    if not points:
        return
    painter.setPen(pen(CASING, 1.4))
    painter.setBrush(color)
    for x, y in pixels(shapely.get_coordinates(points), view).tolist():
        painter.drawEllipse(round(x - DOT_PX), round(y - DOT_PX), round(2 * DOT_PX), round(2 * DOT_PX))
