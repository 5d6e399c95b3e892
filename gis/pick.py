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
from layers.column import ObjectArray
from layers.layer import Layer
from layers.style import SCREEN_PX_PER_MM, Marker, Part
from layers.table import FloatArray, numbers

BoxMode = Literal["inside", "touching"]
Box = tuple[float, float, float, float]

TOLERANCE_PX: Final = 5.0
_PINS: Final = frozenset({"drop", "diamond"})


def features_at(
    layers: Iterable[Layer], x: float, y: float, metres_per_px: float, tolerance_px: float = TOLERANCE_PX
) -> tuple[Key, ...]:
    """Return the features at a point, what one means first.

    Points go before lines, lines before areas (roads and trees drawn in their
    true size are areas here); within each, the upper layer first and there the
    smaller area.
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
    tolerance_m = tolerance_px * metres_per_px
    pin_m, radius_m = (size * SCREEN_PX_PER_MM * metres_per_px for size in marker_mm(layer))
    true_m = true_radius_m(layer)
    widest = float(true_m.max(initial=0.0)) if true_m is not None else 0.0
    rows = rows_near(layer.table, x, y, max(tolerance_m, radius_m + pin_m) + widest)
    if not len(rows):
        return []
    shapes = layer.table.geometry[rows]
    outline_only = layer.kind.role == "boundary"
    dimension = shapely.get_dimensions(shapes)
    distance = shapely.distance(shapely.boundary(shapes) if outline_only else shapes, shapely.Point(x, y))
    reach = np.where((dimension == 2) & (not outline_only), 0.0, tolerance_m)
    rank = np.where(dimension == 0, 0, np.where(dimension == 1, 1, 2))
    if true_m is not None:
        # What is drawn in its true size is met over all of it, like an area.
        reach = np.where(dimension < 2, np.maximum(reach, true_m[rows]), reach)
        rank = np.full(len(rows), 2)
    if radius_m:
        hit = _on_marker(layer, shapes, x, y - pin_m, max(tolerance_m, radius_m))
        rank[hit], distance[hit] = 0, 0.0
        distance[(dimension == 0) & ~hit] = np.inf
    area = shapely.area(shapes)
    return [
        (
            (int(rank[i]), -order, float(area[i]), float(distance[i])),
            (layer.id, str(layer.table.uids[rows[i]])),
        )
        for i in np.flatnonzero(distance <= reach)
    ]


def _on_marker(layer: Layer, shapes: ObjectArray, x: float, y: float, reach_m: float) -> NDArray[np.bool_]:
    """Return which features carry a marker there; for pins, which stand on their tip, `y` is lowered."""
    marked = np.ones(len(shapes), dtype=bool) if marks_all(layer) else shapely.get_dimensions(shapes) == 0
    place = anchors(shapes)
    hit: NDArray[np.bool_] = marked & (np.hypot(place[:, 0] - x, place[:, 1] - y) <= reach_m)
    return hit


def features_in_box(layers: Iterable[Layer], box: Box, mode: BoxMode) -> tuple[Key, ...]:
    """Return the features that lie wholly inside a box, or that touch it.

    The site boundary touches with its outline only.
    """
    found: list[Key] = []
    for layer in layers:
        if len(layer.table):
            found += [(layer.id, str(uid)) for uid in layer.table.uids[_rows_in_box(layer, box, mode)]]
    return tuple(found)


def features_in_area(layers: Iterable[Layer], area: shapely.Polygon, mode: BoxMode) -> tuple[Key, ...]:
    """Return the features inside or touching an area, such as the box drawn on a turned map.

    The site boundary touches with its outline only.
    """
    found: list[Key] = []
    for layer in layers:
        if not len(layer.table):
            continue
        rows = _rows_in_box(layer, area.bounds, "touching")
        shapes = layer.table.geometry[rows]
        if mode == "inside":
            hit = shapely.covers(area, shapes)
        else:
            hit = shapely.intersects(
                area, shapely.boundary(shapes) if layer.kind.role == "boundary" else shapes
            )
        found += [(layer.id, str(uid)) for uid in layer.table.uids[rows[hit]]]
    return tuple(found)


def _rows_in_box(layer: Layer, box: Box, mode: BoxMode) -> NDArray[np.intp]:
    near = layer.table.bounds.meeting(box)
    b = layer.table.bounds[near]
    # A box holds a shape exactly when it holds the shape's box.
    inside = (b[:, 0] >= box[0]) & (b[:, 1] >= box[1]) & (b[:, 2] <= box[2]) & (b[:, 3] <= box[3])
    if mode == "inside":
        return near[inside]
    rows = near[~inside]
    shapes = layer.table.geometry[rows]
    if layer.kind.role == "boundary":
        shapes = shapely.boundary(shapes)
    touching = rows[shapely.intersects(shapes, shapely.box(*box))]
    return np.union1d(near[inside], touching)


def marker_mm(layer: Layer) -> tuple[float, float]:
    """Return how far above its place a layer's largest marker has its middle, and its radius, in mm."""
    lift = radius = 0.0
    for part in _parts(layer):
        if isinstance(part, Marker) and part.size_field is None:
            half = part.size_mm / 2.0
            radius = max(radius, half)
            lift = max(lift, half if part.shape in _PINS else 0.0)
    return lift, radius


def marks_all(layer: Layer) -> bool:
    """Tell whether lines and areas of a layer carry a marker too."""
    return any(part.on_all for part in _parts(layer) if isinstance(part, Marker))


def true_radius_m(layer: Layer) -> FloatArray | None:
    """Return half the true size of lines and markers in metres, shape (n,); None if they have paper size."""
    fields = [
        field
        for part in _parts(layer)
        if (field := getattr(part, "width_field", None) or getattr(part, "size_field", None))
    ]
    if not fields or fields[0] not in layer.table.columns:
        return None
    return numbers(layer.table.columns[fields[0]], missing=0.0) / 2.0


def _parts(layer: Layer) -> list[Part]:
    return [part for rule in layer.style.rules for part in rule.symbol]
