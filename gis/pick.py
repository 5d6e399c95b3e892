"""Which features lie under the pointer or in a box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.render.shapes import anchors
from gis.snap import rows_near
from layers.changes import Key
from layers.layer import Layer
from layers.style import SCREEN_PX_PER_MM, Marker, Stroke
from layers.table import FloatArray, numbers

BoxMode = Literal["inside", "touching"]
Box = tuple[float, float, float, float]

TOLERANCE_PX: Final = 5.0
_PINS: Final = frozenset({"drop", "diamond"})


def features_at(
    layers: Iterable[Layer], x: float, y: float, metres_per_px: float, tolerance_px: float = TOLERANCE_PX
) -> tuple[Key, ...]:
    """Return the features at a point, what one means first.

    Points go before lines, lines before areas (roads drawn in their true width
    are areas here); within each, the upper layer first and there the smaller area.
    The site boundary is met on its outline only.

    Parameters
    ----------
    layers : iterable of Layer
        Bottom to top.
    x, y : float
        Metres.
    metres_per_px : float
        Size of a pixel on the ground.
    """
    ranked: list[tuple[tuple[float, ...], Key]] = []
    for order, layer in enumerate(layers):
        ranked += _hits(layer, order, x, y, metres_per_px, tolerance_px)
    return tuple(key for _, key in sorted(ranked))


def _hits(
    layer: Layer, order: int, x: float, y: float, metres_per_px: float, tolerance_px: float
) -> list[tuple[tuple[float, ...], Key]]:
    pin_m, radius_m = (size * SCREEN_PX_PER_MM * metres_per_px for size in marker_mm(layer))
    widths = _half_widths(layer)
    widest = float(widths.max()) if widths is not None and len(widths) else 0.0
    tolerance_m = tolerance_px * metres_per_px
    rows = rows_near(layer.table, x, y, max(tolerance_m, radius_m + pin_m) + widest)
    if not len(rows):
        return []
    shapes = layer.table.geometry[rows]
    solid = shapely.boundary(shapes) if layer.kind.role == "boundary" else shapes
    dimension = shapely.get_dimensions(shapes)
    distance = shapely.distance(solid, shapely.Point(x, y))
    reach = np.full(len(rows), tolerance_m)
    reach[dimension == 2] = tolerance_m if layer.kind.role == "boundary" else 0.0
    if widths is not None:
        reach = np.maximum(reach, np.where(dimension == 1, widths[rows], 0.0))
    points = dimension == 0
    if radius_m:
        # A pin stands on its tip: what one clicks on is above the place.
        marked = np.ones(len(rows), dtype=bool) if _marks_all(layer) else points
        place = anchors(shapes[marked])
        away = np.hypot(place[:, 0] - x, place[:, 1] + pin_m - y)
        hit = away <= max(tolerance_m, radius_m)
        points = points.copy()
        points[np.flatnonzero(marked)[hit]] = True
        distance[marked] = np.where(hit, 0.0, np.where(dimension[marked] == 0, np.inf, distance[marked]))
    rank = np.where(points, 0, np.where((dimension == 1) & (widths is None), 1, 2))
    area = shapely.area(shapes)
    return [
        (
            (int(rank[i]), -order, float(area[i]), float(distance[i])),
            (layer.id, str(layer.table.uids[rows[i]])),
        )
        for i in np.flatnonzero(distance <= reach)
    ]


def features_in_box(layers: Iterable[Layer], box: Box, mode: BoxMode) -> tuple[Key, ...]:
    """Return the features that lie wholly inside a box, or that touch it.

    The site boundary touches with its outline only.
    """
    found: list[Key] = []
    for layer in layers:
        if len(layer.table):
            found += [(layer.id, str(uid)) for uid in layer.table.uids[_rows_in_box(layer, box, mode)]]
    return tuple(found)


def _rows_in_box(layer: Layer, box: Box, mode: BoxMode) -> NDArray[np.intp]:
    b = layer.table.bounds
    # A box holds a shape exactly when it holds the shape's box.
    inside = (b[:, 0] >= box[0]) & (b[:, 1] >= box[1]) & (b[:, 2] <= box[2]) & (b[:, 3] <= box[3])
    if mode == "inside":
        return np.flatnonzero(inside)
    near = (b[:, 0] <= box[2]) & (b[:, 1] <= box[3]) & (b[:, 2] >= box[0]) & (b[:, 3] >= box[1]) & ~inside
    rows = np.flatnonzero(near)
    shapes = layer.table.geometry[rows]
    if layer.kind.role == "boundary":
        shapes = shapely.boundary(shapes)
    touching = rows[shapely.intersects(shapes, shapely.box(*box))]
    return np.union1d(np.flatnonzero(inside), touching)


def marker_mm(layer: Layer) -> tuple[float, float]:
    """Return how far above its place a layer's largest marker has its middle, and its radius, in mm."""
    lift = radius = 0.0
    for rule in layer.style.rules:
        for part in rule.symbol:
            if isinstance(part, Marker) and part.size_field is None:
                half = part.size_mm / 2.0
                radius = max(radius, half)
                lift = max(lift, half if part.shape in _PINS else 0.0)
    return lift, radius


def _marks_all(layer: Layer) -> bool:
    """Tell whether lines and areas of a layer carry a marker too."""
    return any(isinstance(part, Marker) and part.on_all for rule in layer.style.rules for part in rule.symbol)


def _half_widths(layer: Layer) -> FloatArray | None:
    """Return half the true width of every feature in metres, or None if lines are drawn by paper width."""
    fields = [
        part.width_field
        for rule in layer.style.rules
        for part in rule.symbol
        if isinstance(part, Stroke) and part.width_field
    ]
    if not fields or fields[0] not in layer.table.columns:
        return None
    return numbers(layer.table.columns[fields[0]], missing=0.0) / 2.0
