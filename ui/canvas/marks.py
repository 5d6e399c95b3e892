"""Marks over the map: selection, hover, previews, snapping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from gis.pick import marker_mm, marks_all, true_radius_m
from gis.render.shapes import anchors
from gis.render.viewport import Viewport
from gis.snap import SnapKind
from layers import palette
from layers.changes import Key
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import SCREEN_PX_PER_MM
from layers.table import FloatArray, ObjectArray
from ui.canvas.frame import Picture
from ui.canvas.newest_job import Check
from ui.canvas.paths import area_path, outline_path, pixels

HIGHLIGHT: Final = QColor(palette.SELECTION)
CASING: Final = QColor(palette.HALO)
WRONG: Final = QColor("#B3261E")
FILL_SHARE: Final = 0.20
SELECTED_MM: Final = 0.6
HOVER_MM: Final = 0.4
CASING_PX: Final = 1.4
RING_GAP_MM: Final = 0.7
_BATCH: Final = 64


@dataclass(frozen=True)
class SelectionOrder:
    """Which features to mark, as they were in one state, and on what ground."""

    snapshot: Snapshot
    keys: frozenset[Key]
    viewport: Viewport


@dataclass(frozen=True)
class SelectionPicture:
    """The marks of a selection, and what was asked for."""

    order: SelectionOrder
    picture: Picture


def paint_selection(order: SelectionOrder, check: Check) -> SelectionPicture:
    """Return the marks of the selected features on a transparent picture. Runs in any thread."""
    view = order.viewport
    image = QImage(view.width_px, view.height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for chosen in chosen_features(order.snapshot, order.keys, view.extent):
            for start in range(0, len(chosen.shapes), _BATCH):
                check()
                paint_chosen(painter, chosen.part(start, start + _BATCH), view, SELECTED_MM, FILL_SHARE)
    finally:
        painter.end()
    return SelectionPicture(order, Picture(image, view))


@dataclass(frozen=True)
class Chosen:
    """Features of one layer to be marked.

    Parameters
    ----------
    layer : Layer
    shapes : array of shapely.Geometry, shape (n,)
    radius_m : array, shape (n,)
        True radius of what stands on points; 0 where it has a size on paper.
    """

    layer: Layer
    shapes: ObjectArray
    radius_m: FloatArray

    def part(self, start: int, end: int) -> Chosen:
        """Return some of them."""
        return Chosen(self.layer, self.shapes[start:end], self.radius_m[start:end])


def chosen_features(
    snapshot: Snapshot, keys: Iterable[Key], extent: tuple[float, float, float, float] | None = None
) -> list[Chosen]:
    """Return features by layer; those without a shape or outside `extent` are left out."""
    rows: dict[str, list[int]] = {}
    for layer_id, uid in keys:
        layer = snapshot.layers.get(layer_id)
        row = layer.table.index_of(uid) if layer else None
        if row is not None:
            rows.setdefault(layer_id, []).append(row)
    return [_chosen(snapshot.layers[name], np.array(found), extent) for name, found in rows.items()]


def _chosen(layer: Layer, rows: NDArray[np.intp], extent: tuple[float, float, float, float] | None) -> Chosen:
    if extent is not None:
        # A pin reaches above its place, so the box is taken a little larger.
        reach = 0.05 * max(extent[2] - extent[0], extent[3] - extent[1])
        b = layer.table.bounds[rows]
        near = (b[:, 0] <= extent[2] + reach) & (b[:, 2] >= extent[0] - reach)
        rows = rows[near & (b[:, 1] <= extent[3] + reach) & (b[:, 3] >= extent[1] - reach)]
    rows = rows[~shapely.is_missing(layer.table.geometry[rows])]
    true_m = true_radius_m(layer)
    return Chosen(layer, layer.table.geometry[rows], np.zeros(len(rows)) if true_m is None else true_m[rows])


def paint_chosen(
    painter: QPainter, chosen: Chosen, view: Viewport, width_mm: float, fill: float = 0.0
) -> None:
    """Mark features: a line with a white casing, a faint fill of areas, a ring around markers."""
    outline = outline_path(chosen.shapes, view)
    ratio = view.px_per_mm / SCREEN_PX_PER_MM
    width_px = width_mm * view.px_per_mm
    if fill:
        painter.fillPath(area_path(chosen.shapes, view), faint(HIGHLIGHT, fill))
    rings = _rings(chosen, view)
    for color, pen_px in ((CASING, width_px + 2 * CASING_PX * ratio), (HIGHLIGHT, width_px)):
        painter.setPen(pen(color, pen_px))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        for centre, radius in rings:
            painter.drawEllipse(centre, radius, radius)


def _rings(chosen: Chosen, view: Viewport) -> list[tuple[QPointF, float]]:
    """Return where the markers of features stand, and how large they are, in pixels."""
    marked = np.ones(len(chosen.shapes), dtype=bool)
    if not marks_all(chosen.layer):
        marked = shapely.get_dimensions(chosen.shapes) == 0
    if not marked.any():
        return []
    lift, paper = (size * view.px_per_mm for size in marker_mm(chosen.layer))
    radius = np.maximum(chosen.radius_m[marked] / view.metres_per_px, paper + RING_GAP_MM * view.px_per_mm)
    places = pixels(anchors(chosen.shapes[marked]), view)
    return [(QPointF(x, y - lift), float(r)) for (x, y), r in zip(places.tolist(), radius, strict=True)]


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
    else:
        path.addPolygon(_around(at, (-r, -r), (r, -r), (-r, r), (r, r), (-r, -r)))
    return path


def _around(at: QPointF, *offsets: tuple[float, float]) -> QPolygonF:
    return QPolygonF([at + QPointF(dx, dy) for dx, dy in offsets])
