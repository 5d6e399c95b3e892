"""How long redraws take, against peers that draw the same polygons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

import shapely
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from gis.render.application import ensure_application
from gis.render.marks import Frame
from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.scene import blank_image, render_image
from gis.render.viewport import Viewport
from layers import palette
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import SCREEN_PX_PER_MM


@dataclass(frozen=True)
class RedrawTimes:
    """Times of redraws of a whole extent, in seconds.

    Parameters
    ----------
    features : int
        How many were on the map.
    first_s : float
        The first drawing, with everything that is worked out once.
    median_s : float
        Of the redraws after it.
    all_s : tuple of float
    works_s : tuple of float
        The same in processor time, which other programs do not lengthen.
    """

    features: int
    first_s: float
    median_s: float
    all_s: tuple[float, ...]
    works_s: tuple[float, ...]


def redraw_times(
    snapshot: Snapshot, width_px: int = 1600, height_px: int = 1000, rounds: int = 5
) -> RedrawTimes:
    """Time drawings of everything in a snapshot at its whole extent, antialiased, labels included.

    The viewport moves a little each time, as in panning: no picture is used twice.

    Raises
    ------
    ValueError
        If the snapshot has no geometry.
    """
    ensure_application()
    extent = snapshot.extent()
    if extent is None:
        raise ValueError("nothing to draw: the project has no geometry")
    view = Viewport.fitted(extent, width_px, height_px)
    count = sum(len(layer.table) for layer in snapshot.layers.values() if layer.visible)
    return _times(
        lambda number: render_image(snapshot, view.panned(number * 0.37, number * 0.21)), rounds, count
    )


def layer_redraw_times(
    layer: Layer, width_px: int = 1600, height_px: int = 1000, rounds: int = 5, share: float = 1.0
) -> RedrawTimes:
    """Time drawings of one layer, as `redraw_times` does, at a share of the area of its extent."""
    ensure_application()
    extent = layer.table.extent()
    if extent is None:
        raise ValueError("nothing to draw: the layer has no geometry")
    view = Viewport.fitted(extent, width_px, height_px)
    view = view.zoomed_at(width_px / 2, height_px / 2, share**-0.5)

    def draw(number: int) -> None:
        moved = view.panned(number * 0.37, number * 0.21)
        image = blank_image(moved)
        painter = QPainter(image)
        paint_layer(painter, prepare_layer(layer, moved))
        painter.end()

    return _times(draw, rounds, len(layer.table))


def draw_polygon_times(
    layer: Layer, width_px: int = 1600, height_px: int = 1000, rounds: int = 3
) -> RedrawTimes:
    """Time the plain way: one `drawPolygon` for each polygon, its Qt polygon made beforehand.

    The peer to compare with where QGIS is not installed.
    """
    ensure_application()
    view = Viewport.fitted(layer.table.extent() or (0.0, 0.0, 1.0, 1.0), width_px, height_px)
    to_px = Frame.of(view).to_px
    rings = shapely.get_exterior_ring(shapely.get_parts(layer.table.geometry))
    polygons = [
        QPolygonF([QPointF(x, y) for x, y in to_px(shapely.get_coordinates(ring)).tolist()]) for ring in rings
    ]

    def draw(_: int) -> None:
        image = blank_image(view)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.BUILDING_LINE), 0.25 * SCREEN_PX_PER_MM))
        painter.setBrush(QColor(palette.BUILDING))
        for polygon in polygons:
            painter.drawPolygon(polygon)
        painter.end()

    return _times(draw, rounds, len(polygons))


def _times(draw: Callable[[int], object], rounds: int, count: int) -> RedrawTimes:
    times, works = [], []
    for number in range(rounds + 1):
        begin, worked = perf_counter(), process_time()
        draw(number)
        times.append(perf_counter() - begin)
        works.append(process_time() - worked)
    return RedrawTimes(count, times[0], median(times[1:]), tuple(times[1:]), tuple(works[1:]))
