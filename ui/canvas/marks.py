"""Marks over the map: selection, hover, previews, snapping."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gis.pick import Box, marker_mm, marks_all, true_radius_m
from gis.render.prepare import Check, nothing
from gis.render.shapes import anchors_of
from gis.render.viewport import Viewport
from gis.snap import SnapKind
from layers import palette
from layers.changes import Key
from layers.layer import Layer
from layers.snapshot import Snapshot
from ui.canvas.paths import outline_path, pixels

HIGHLIGHT: Final = QColor(palette.SELECTION)
CASING: Final = QColor(palette.HALO)
WRONG: Final = QColor("#B3261E")
HOVER_MM: Final = 0.4
CASING_MM: Final = 0.37
RING_GAP_MM: Final = 0.7


def chosen_layers(snapshot: Snapshot, keys: Iterable[Key]) -> list[Layer]:
    """Return layers that hold only the features of `keys` that exist and have a shape."""
    chosen: dict[str, list[str]] = {}
    for layer_id, uid in keys:
        chosen.setdefault(layer_id, []).append(uid)
    layers = ((snapshot.layers[name], uids) for name, uids in chosen.items() if name in snapshot.layers)
    found = ((layer, layer.table.indices_of(uids)) for layer, uids in layers)
    return [_only(layer, rows) for layer, rows in found if len(rows)]


def extent_of(layers: Iterable[Layer]) -> Box | None:
    """Return the box around all features of some layers, or None if there are none."""
    boxes = [box for layer in layers if (box := layer.table.extent())]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _only(layer: Layer, rows: NDArray[np.intp]) -> Layer:
    shaped = rows[~shapely.is_missing(layer.table.geometry[rows])]
    return layer.with_table(layer.table.where(shaped))


def paint_hovered(painter: QPainter, layer: Layer, view: Viewport) -> None:
    """Mark the few features of a layer: a line with a white casing, a ring around markers."""
    outline = outline_path(np.asarray(layer.table.geometry), view)
    for color, width_px in casing_and_line(HOVER_MM, view):
        painter.setPen(pen(color, width_px))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
    paint_rings(painter, layer, view, HOVER_MM)


def paint_rings(
    painter: QPainter, layer: Layer, view: Viewport, width_mm: float, check: Check = nothing
) -> None:
    """Draw a ring around each marker of a layer that is seen."""
    rings = _rings(layer, view)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width_px in casing_and_line(width_mm, view):
        painter.setPen(pen(color, width_px))
        for centre, radius in rings:
            check()
            painter.drawEllipse(centre, radius, radius)


def casing_and_line(width_mm: float, view: Viewport) -> tuple[tuple[QColor, float], tuple[QColor, float]]:
    """Return colours and widths in pixels of the two lines that make a mark, the lower first."""
    width_px = width_mm * view.px_per_mm
    return (CASING, width_px + 2 * CASING_MM * view.px_per_mm), (HIGHLIGHT, width_px)


def _rings(layer: Layer, view: Viewport) -> list[tuple[QPointF, float]]:
    """Return where the markers in view stand, and how large they are, in pixels."""
    table = layer.table
    marked = np.ones(len(table), dtype=bool)
    if not marks_all(layer):
        marked = shapely.get_dimensions(table.geometry) == 0
    if not marked.any():
        return []
    places = pixels(anchors_of(table)[marked], view)
    lift, paper = (size * view.px_per_mm for size in marker_mm(layer))
    radius = np.full(len(places), paper + RING_GAP_MM * view.px_per_mm)
    true_m = true_radius_m(layer)
    if true_m is not None:
        radius = np.maximum(radius, true_m[marked] / view.metres_per_px)
    seen = (places > -radius[:, None] - lift).all(axis=1)
    seen &= (places < np.array([view.width_px, view.height_px]) + radius[:, None] + lift).all(axis=1)
    middles = [QPointF(x, y - lift) for x, y in places[seen].tolist()]
    return list(zip(middles, radius[seen].tolist(), strict=True))


def pen(color: QColor, width_px: float, *dash: float) -> QPen:
    """Return a round pen; `dash` in multiples of the width."""
    result = QPen(color, width_px)
    result.setCapStyle(Qt.PenCapStyle.RoundCap)
    result.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash:
        result.setCapStyle(Qt.PenCapStyle.FlatCap)
        result.setDashPattern(list(dash))
    return result


def faint(color: QColor, share: float) -> QColor:
    """Return a colour that lets `1 - share` of the ground through."""
    result = QColor(color)
    result.setAlphaF(share)
    return result


def paint_snap_mark(painter: QPainter, at: QPointF, kind: SnapKind, size_px: float = 6.0) -> None:
    """Mark where the pointer snaps: square, cross, triangle and hourglass as in other CAD programs."""
    shape = _snap_shape(at, kind, size_px)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((CASING, 4.0), (HIGHLIGHT, 1.8)):
        painter.setPen(pen(color, width))
        painter.drawPath(shape)


def _snap_shape(at: QPointF, kind: SnapKind, r: float) -> QPainterPath:
    path = QPainterPath()
    if kind == "vertex":
        path.addRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
    elif kind == "intersection":
        for dy in (-r, r):
            path.moveTo(at.x() - r, at.y() + dy)
            path.lineTo(at.x() + r, at.y() - dy)
    elif kind == "midpoint":
        path.addPolygon(_around(at, (0, -r), (r, r * 0.8), (-r, r * 0.8), (0, -r)))
    elif kind == "perpendicular":
        path.addPolygon(_around(at, (-r, -r), (-r, r), (r, r)))
        path.addPolygon(_around(at, (-r, 0), (0, 0), (0, r)))
    elif kind == "centre":
        path.addEllipse(at, r, r)
        path.addPolygon(_around(at, (-r / 3, 0), (r / 3, 0)))
        path.addPolygon(_around(at, (0, -r / 3), (0, r / 3)))
    elif kind == "extension":
        for dx in (-r, 0.0, r):
            path.addEllipse(at + QPointF(dx, 0), 0.8, 0.8)
    else:
        path.addPolygon(_around(at, (-r, -r), (r, -r), (-r, r), (r, r), (-r, -r)))
    return path


def _around(at: QPointF, *offsets: tuple[float, float]) -> QPolygonF:
    return QPolygonF([at + QPointF(dx, dy) for dx, dy in offsets])
