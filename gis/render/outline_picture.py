"""A plain picture of shapes in any coordinates, to point at while they have no place yet."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from gis.render.marks import Frame, Paths
from gis.render.qpaths import batches
from gis.render.scene import blank_image
from gis.render.shapes import Runs, flatten
from gis.render.viewport import Viewport
from layers.background import Affine

_LINE: Final = QColor("#1F2328")
_DOT_PX: Final = 2.0
_MARGIN: Final = 0.03


def picture_of(geometry: NDArray[Any], most_px: int = 2400) -> tuple[QImage, Affine] | None:
    """Return shapes as lines on clear ground.

    Parameters
    ----------
    geometry : array of shapely.Geometry or None, shape (n,)
        In any coordinates, y upwards.
    most_px : int
        The longer side of the picture.

    Returns
    -------
    (QImage, Affine) or None
        The picture, and from its pixels to the coordinates; None if there is nothing to see.
    """
    there = np.asarray([g for g in geometry if g is not None and not g.is_empty], dtype=object)
    if not len(there):
        return None
    west, south, east, north = (float(v) for v in shapely.total_bounds(there))
    width, height = max(east - west, 1e-9), max(north - south, 1e-9)
    scale = most_px / max(width, height)
    view = Viewport.fitted(
        (west, south, east, north), max(64, round(width * scale)), max(64, round(height * scale)), _MARGIN
    )
    image = blank_image(view)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(_LINE, 1.6))
    shapes = flatten(there)
    for runs in (shapes.areas, shapes.lines):
        _draw(painter, runs, view)
    points = there[shapely.get_type_id(there) == 0]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_LINE)
    for x, y in zip(*view.to_px(shapely.get_x(points), shapely.get_y(points)), strict=True):
        painter.drawEllipse(QPointF(float(x), float(y)), _DOT_PX, _DOT_PX)
    painter.end()
    left, top = view.to_world(0.0, 0.0)
    step = view.metres_per_px
    return image, (step, 0.0, float(left), 0.0, -step, float(top))


def _draw(painter: QPainter, runs: Runs, view: Viewport) -> None:
    if len(runs):
        paths = Paths.of_runs(runs.with_coords(Frame.of(view).to_px(runs.coords)))
        for path in batches(paths):
            painter.drawPath(path)
