"""Control points whose ground is given in another system than the plan: finding it, converting them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gis.crs import Bounds, transform
from gis.crs_candidates import PLAIN, Candidate, crs_candidates
from gis.georeference import ControlPoint


def system_of_points(
    points: Sequence[ControlPoint], plan_crs: str, plan_extent: Bounds | None
) -> Candidate | None:
    """Return the system in which the ground of points lies at the plan, if it is another than the plan's.

    Surveys of the same estate come in neighbouring zones, and with or without the number of the zone.

    Parameters
    ----------
    points : sequence of ControlPoint
        East and north as they were given.
    plan_crs : str
    plan_extent : tuple of float, optional
        The box around the plan; an empty plan tells nothing.

    Examples
    --------
    >>> point = ControlPoint("K", 0, 0, 348998.9, 4078538.2)
    >>> system_of_points([point], "EPSG:4548", (616400.0, 4077800.0, 616900.0, 4078200.0)).crs
    'EPSG:4549'
    """
    if not points or plan_extent is None:
        return None
    ground = np.array([(point.east, point.north) for point in points])
    (west, south), (east, north) = ground.min(axis=0).tolist(), ground.max(axis=0).tolist()
    found = crs_candidates((west, south, east, north), plan_crs, plan_extent)
    best = next((way for way in found if way.reading == PLAIN and way.is_here), None)
    return best if best is not None and best.crs != plan_crs else None


def converted(points: Sequence[ControlPoint], source: str, target: str) -> list[ControlPoint]:
    """Return points with their ground in another system."""
    given = np.array([*(shapely.Point(p.east, p.north) for p in points), None], dtype=object)
    moved = transform(given, source, target)[:-1]
    return [p._replace(east=m.x, north=m.y) for p, m in zip(points, moved, strict=True)]
