"""A DXF drawing in a local grid, brought onto the ground by control points."""

from __future__ import annotations

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


def drawing_read_as(drawing: Drawing, reading: Reading) -> Drawing:
    """Return a drawing whose coordinates were read another way: axes exchanged, in another unit."""
    if reading == PLAIN:
        return drawing
    places = [
        None if m is None else tuple(v * reading.unit_m for v in (m[::-1] if reading.swapped else m))
        for m in drawing.sparse("middle")
    ]
    return replace(
        drawing,
        geometry=read_as(drawing.geometry, reading),
        columns={**drawing.columns, "middle": places},
    )


def box_in_file(drawing: Drawing) -> Bounds | None:
    """Return the box around a drawing in the unit of its file, or None if it is empty."""
    box = bounds_of(drawing.geometry[~are_strays(drawing.geometry)])
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

    middles = drawing.sparse("middle")
    places = [None if m is None else tuple(moved(np.array([m]))[0].tolist()) for m in middles]
    return replace(
        drawing,
        crs=ground.crs,
        geometry=shapely.transform(drawing.geometry, moved),
        columns={**drawing.columns, "middle": places},
        findings=(*fit_findings(ground.fit), *drawing.findings),
    )
