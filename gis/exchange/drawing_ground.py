"""A DXF drawing in a local grid, brought onto the ground by control points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gis.exchange.dxf.drawing import Drawing
from gis.exchange.dxf.units import METRES
from gis.exchange.source import Ground
from gis.georeference import Points, fit_findings


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
