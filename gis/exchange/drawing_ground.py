"""A DXF drawing in a local grid, brought onto the ground by control points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely

from gis.crs import Bounds
from gis.crs_candidates import PLAIN, Reading
from gis.exchange.dxf.drawing import Drawing
from gis.exchange.dxf.units import METRES
from gis.exchange.source import Ground, bounds_of, read_as
from gis.exchange.strays import are_strays
from gis.georeference import Points, fit_findings
from layers.column import ObjectArray


def drawing_read_as(drawing: Drawing, reading: Reading) -> Drawing:
    """Return a drawing whose coordinates were read another way: axes exchanged, in another unit."""
    if reading == PLAIN:
        return drawing
    return _moved(drawing, lambda shapes: read_as(shapes, reading))


def box_in_file(drawing: Drawing) -> Bounds | None:
    """Return the box around a drawing in the unit of its file, or None if it is empty."""
    box = bounds_of(drawing.geometry.where(np.flatnonzero(~are_strays(drawing.geometry))))
    if box is None:
        return None
    west, south, east, north = (side / METRES[drawing.unit] for side in box)
    return west, south, east, north


def drawing_on_ground(drawing: Drawing, ground: Ground) -> Drawing:
    """Return a drawing in the CRS of the project.

    The control points are read off in the program that drew it, so they are in
    the unit of the file, while the shapes here are in metres already.
    """
    metres = METRES[drawing.unit]

    def moved(xy: Points) -> Points:
        return ground.fit.apply(np.asarray(xy) / metres)

    placed = _moved(drawing, lambda shapes: np.asarray(shapely.transform(shapes, moved)))
    return replace(placed, crs=ground.crs, findings=(*fit_findings(ground.fit), *drawing.findings))


def _moved(drawing: Drawing, to: Callable[[ObjectArray], ObjectArray]) -> Drawing:
    """Return a drawing with its shapes elsewhere, and the middles of its texts with them."""
    return replace(drawing, geometry=drawing.geometry.remade(to), middles=drawing.middles.remade(to))
